//! Key switch: from the big key (dimension `k*N`, modulo `2^64`) to the small key (dimension `n`,
//! modulo `2^w` with `w` = 32 or 64).
//!
//! ```text
//! out = (0, .., 0, b') - sum over i and level of digit(a_i, level) * KSK[i][level]   mod 2^w
//! ```
//!
//! `b' = b` for `w = 64`; for `w = 32` it is `b` rounded half up to its upper 32 bits.
//! Output coefficient `j` needs column `j` of the key alone: [`key_switch_column`] makes one. The hardware
//! makes them one after another, each just before blind rotation needs it.
//! Key layout: `[input coefficient][level, deepest first][n + 1]`.

use crate::decompose::{Decomposition, decompose};
use crate::error::{Result, check_len, check_range};
use crate::parameters::KeySwitchWidth;
use crate::simd::{Simd, Vector, Work};

mod sealed {
    pub trait Sealed {}
    impl Sealed for u32 {}
    impl Sealed for u64 {}
}

/// A key-switching word: `u32` or `u64`.
pub trait Word: Copy + Default + Send + Sync + sealed::Sealed + Into<u64> {
    /// The width.
    const WIDTH: KeySwitchWidth;
    /// `b'`: the body of the input in this width.
    fn from_body(body: u64) -> Self;
    /// `self - digit * key` modulo `2^w`.
    fn subtract_product(self, digit: i64, key: Self) -> Self;
}

impl Word for u32 {
    const WIDTH: KeySwitchWidth = KeySwitchWidth::Bits32;

    fn from_body(body: u64) -> Self {
        round_to_32(body)
    }

    #[inline(always)]
    fn subtract_product(self, digit: i64, key: Self) -> Self {
        self.wrapping_sub((digit as u32).wrapping_mul(key))
    }
}

impl Word for u64 {
    const WIDTH: KeySwitchWidth = KeySwitchWidth::Bits64;

    fn from_body(body: u64) -> Self {
        body
    }

    #[inline(always)]
    fn subtract_product(self, digit: i64, key: Self) -> Self {
        self.wrapping_sub((digit as u64).wrapping_mul(key))
    }
}

/// A word modulo `2^64` rounded half up to its upper 32 bits, modulo `2^32`.
#[inline(always)]
pub fn round_to_32(x: u64) -> u32 {
    (x.wrapping_add(1 << 31) >> 32) as u32
}

/// A 64-bit key-switching key rounded to 32 bits, as at import.
pub fn round_ksk_to_32(ksk: &[u64]) -> Vec<u32> {
    ksk.iter().copied().map(round_to_32).collect()
}

/// The digits of a mask, `[coefficient][level, deepest first]`.
pub fn decompose_mask(mask: &[u64], decomposition: Decomposition) -> Vec<i64> {
    mask.iter()
        .flat_map(|word| decompose(*word, decomposition))
        .collect()
}

fn check_key<W>(
    lwe: &[u64],
    ksk: &[W],
    decomposition: Decomposition,
    lwe_dimension: usize,
) -> Result<()> {
    check_range("LWE dimension", lwe_dimension, 1, usize::MAX / 2)?;
    check_range("words of the big LWE", lwe.len(), 2, usize::MAX)?;
    let expected = (lwe.len() - 1)
        .saturating_mul(decomposition.levels())
        .saturating_mul(lwe_dimension + 1);
    check_len("key-switching key", ksk.len(), expected)
}

/// The whole key switch: `n + 1` words.
pub fn key_switch<W: Word>(
    lwe: &[u64],
    ksk: &[W],
    decomposition: Decomposition,
    lwe_dimension: usize,
) -> Result<Vec<W>> {
    check_key(lwe, ksk, decomposition, lwe_dimension)?;
    let (mask, body) = lwe.split_at(lwe.len() - 1);
    let mut output = vec![W::default(); lwe_dimension + 1];
    output[lwe_dimension] = W::from_body(body[0]);
    Simd::detect().run(SubtractRows {
        output: &mut output,
        digits: &decompose_mask(mask, decomposition),
        ksk,
    });
    Ok(output)
}

/// `output -= sum of digit * row of the key`.
struct SubtractRows<'a, W> {
    output: &'a mut [W],
    digits: &'a [i64],
    ksk: &'a [W],
}

impl<W: Word> Work for SubtractRows<'_, W> {
    #[inline(always)]
    fn run<V: Vector>(self) {
        let size = self.output.len();
        // four rows at a time: the output is loaded and stored a quarter as often
        let (digits, rest) = self.digits.as_chunks::<4>();
        let (rows, last_rows) = self.ksk.split_at(4 * size * digits.len());
        for (digits, rows) in digits.iter().zip(rows.chunks_exact(4 * size)) {
            let (low, high) = rows.split_at(2 * size);
            let ((a, b), (c, d)) = (low.split_at(size), high.split_at(size));
            let keys = a.iter().zip(b).zip(c).zip(d);
            for (word, (((a, b), c), d)) in self.output.iter_mut().zip(keys) {
                *word = word
                    .subtract_product(digits[0], *a)
                    .subtract_product(digits[1], *b)
                    .subtract_product(digits[2], *c)
                    .subtract_product(digits[3], *d);
            }
        }
        for (digit, row) in rest.iter().zip(last_rows.chunks_exact(size)) {
            for (word, key) in self.output.iter_mut().zip(row) {
                *word = word.subtract_product(*digit, *key);
            }
        }
    }
}

/// Output word `column` of the key switch (`0 .. n` the mask, `n` the body) from column `column` of
/// the key alone.
pub fn key_switch_column<W: Word>(
    lwe: &[u64],
    ksk: &[W],
    decomposition: Decomposition,
    lwe_dimension: usize,
    column: usize,
) -> Result<W> {
    check_key(lwe, ksk, decomposition, lwe_dimension)?;
    check_range("key-switch column", column, 0, lwe_dimension)?;
    let (mask, body) = lwe.split_at(lwe.len() - 1);
    let start = if column == lwe_dimension {
        W::from_body(body[0])
    } else {
        W::default()
    };
    let keys = ksk.iter().skip(column).step_by(lwe_dimension + 1);
    Ok(decompose_mask(mask, decomposition)
        .into_iter()
        .zip(keys)
        .fold(start, |word, (digit, key)| {
            word.subtract_product(digit, *key)
        }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy::ToyRandom;

    /// The formula in wide integers.
    fn by_definition(
        lwe: &[u64],
        ksk: &[u64],
        decomposition: Decomposition,
        n: usize,
        width: u32,
    ) -> Vec<u64> {
        let modulus = 1_i128 << width;
        let (mask, body) = lwe.split_at(lwe.len() - 1);
        let levels = decomposition.levels();
        (0..=n)
            .map(|j| {
                let mut sum = 0_i128;
                if j == n {
                    let unit = 1_i128 << (64 - width);
                    sum = (i128::from(body[0]) + unit / 2) / unit;
                }
                for (i, word) in mask.iter().enumerate() {
                    for (level, digit) in decompose(*word, decomposition).enumerate() {
                        let key = ksk[(i * levels + level) * (n + 1) + j];
                        sum -= i128::from(digit) * i128::from(key);
                    }
                }
                sum.rem_euclid(modulus) as u64
            })
            .collect()
    }

    #[test]
    fn is_the_formula_in_both_widths_and_by_columns() {
        let mut random = ToyRandom::new(3);
        for (base_log, levels) in [(4, 4), (3, 5), (4, 8), (1, 1), (8, 3)] {
            let decomposition = Decomposition::new(base_log, levels).unwrap();
            for n in [1, 2, 7] {
                // 13 coefficients: rows that are not a multiple of four
                let mut lwe: Vec<u64> = (0..14).map(|_| random.word()).collect();
                lwe[0] = u64::MAX;
                lwe[1] = 1 << 63;
                lwe[2] = (1 << 63) - 1;
                for body in [0, 1 << 31, (1 << 31) - 1, u64::MAX, u64::MAX << 31] {
                    lwe[13] = body;
                    let wide: Vec<u64> =
                        (0..13 * levels * (n + 1)).map(|_| random.word()).collect();
                    let narrow: Vec<u32> = wide.iter().map(|word| *word as u32).collect();
                    let low: Vec<u64> = narrow.iter().map(|word| u64::from(*word)).collect();

                    let out = key_switch(&lwe, &wide, decomposition, n).unwrap();
                    assert_eq!(out, by_definition(&lwe, &wide, decomposition, n, 64));
                    for (j, word) in out.iter().enumerate() {
                        let column = key_switch_column(&lwe, &wide, decomposition, n, j);
                        assert_eq!(column.unwrap(), *word);
                    }

                    let out = key_switch(&lwe, &narrow, decomposition, n).unwrap();
                    let wide_out: Vec<u64> = out.iter().map(|word| u64::from(*word)).collect();
                    assert_eq!(wide_out, by_definition(&lwe, &low, decomposition, n, 32));
                    for (j, word) in out.iter().enumerate() {
                        let column = key_switch_column(&lwe, &narrow, decomposition, n, j);
                        assert_eq!(column.unwrap(), *word);
                    }
                }
            }
        }
    }

    #[test]
    fn rounds_half_up_and_wraps() {
        assert_eq!(
            round_ksk_to_32(&[0, 0x7fff_ffff, 1 << 31, u64::MAX, 3 << 31, 5 << 32]),
            [0, 0, 1, 0, 2, 5]
        );
    }

    #[test]
    fn refuses_keys_and_columns_that_do_not_fit() {
        let decomposition = Decomposition::new(4, 2).unwrap();
        let ksk = [0_u32; 3 * 2 * 5];
        assert!(key_switch(&[0; 4], &ksk, decomposition, 4).is_ok());
        assert!(key_switch(&[0; 4], &ksk, decomposition, 3).is_err());
        assert!(key_switch(&[0; 5], &ksk, decomposition, 4).is_err());
        assert!(key_switch(&[], &ksk, decomposition, 4).is_err());
        assert!(key_switch_column(&[0; 4], &ksk, decomposition, 4, 4).is_ok());
        assert!(key_switch_column(&[0; 4], &ksk, decomposition, 4, 5).is_err());
    }
}
