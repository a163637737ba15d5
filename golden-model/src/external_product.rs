//! External product: `acc += diff x GGSW`, exact modulo `p`, back to modulo `2^64`.
//!
//! ```text
//! decompose diff             l * (k + 1) digit polynomials, deepest level first
//! forward transform          D[level][row]
//! out_c = sum over level and row of D[level][row] * BSK[level][row][c]   mod p
//! unscaled inverse transform; 1/N lies in the prepared key
//! acc_c += switch_from_prime(out_c)                                      mod 2^64
//! ```
//!
//! A prepared GGSW is `[level, deepest first][row][column][N]`, canonical words, values in the order
//! of the transform that prepared it.

use crate::aligned::AlignedWords;
use crate::decompose::{Decomposition, next_digit, round_and_fold};
use crate::error::{Result, check_len, check_range};
use crate::field::mul;
use crate::roots::inverse_of_size;
use crate::simd::{Vector, Work};
use crate::torus::switch_to_prime;
use crate::transform::{Products, Scratch, Transform};

/// Buffers of one external product, to be used again and again.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The rotated accumulator less the accumulator.
    pub(crate) difference: AlignedWords,
    states: Vec<i64>,
    digits: AlignedWords,
    transform: Scratch,
}

/// The decomposition of all words of a GLWE: `[level, deepest first][word]`, in two's complement.
struct Decompose<'a> {
    words: &'a [u64],
    states: &'a mut [i64],
    digits: &'a mut [u64],
    decomposition: Decomposition,
}

impl Work for Decompose<'_> {
    #[inline(always)]
    fn run<V: Vector>(self) {
        let Self {
            words,
            states,
            digits,
            decomposition,
        } = self;
        for (state, word) in states.iter_mut().zip(words) {
            *state = round_and_fold(*word, decomposition);
        }
        let (lower, last) = digits.split_at_mut(digits.len() - words.len());
        for level in lower.chunks_exact_mut(words.len()) {
            for (digit, state) in level.iter_mut().zip(states.iter_mut()) {
                *digit = next_digit(state, decomposition.base_log()) as u64;
            }
        }
        // what is left is the last digit
        for (digit, state) in last.iter_mut().zip(states) {
            *digit = *state as u64;
        }
    }
}

/// Prepares one polynomial of the key in place: into the field, transformed, times `1/N`.
pub fn prepare_polynomial(transform: &dyn Transform, polynomial: &mut [u64]) -> Result<()> {
    for word in polynomial.iter_mut() {
        *word = switch_to_prime(*word);
    }
    transform.forward(polynomial)?;
    let scale = inverse_of_size(transform.polynomial_size());
    for word in polynomial {
        *word = mul(*word, scale);
    }
    Ok(())
}

/// `accumulator += difference x ggsw`.
///
/// `accumulator` and `difference` are GLWE ciphertexts of `(k + 1) * N` words modulo `2^64`, `ggsw` is
/// prepared for the same `transform`.
pub fn add_external_product(
    accumulator: &mut [u64],
    difference: &[u64],
    ggsw: &[u64],
    decomposition: Decomposition,
    transform: &dyn Transform,
    workspace: &mut Workspace,
) -> Result<()> {
    let size = transform.polynomial_size();
    let polynomials = difference.len() / size;
    check_range("GLWE polynomials", polynomials, 2, usize::MAX / size)?;
    check_len("GLWE difference", difference.len(), polynomials * size)?;
    check_len("accumulator", accumulator.len(), difference.len())?;
    let line = polynomials * size;
    check_len(
        "prepared GGSW",
        ggsw.len(),
        decomposition.levels() * polynomials * line,
    )?;

    let Workspace {
        states,
        digits,
        transform: scratch,
        ..
    } = workspace;
    states.resize(line, 0);
    digits.fit(decomposition.levels() * line);
    transform.simd().run(Decompose {
        words: difference,
        states,
        digits,
        decomposition,
    });
    let products = Products {
        accumulator,
        digits,
        base_log: decomposition.base_log(),
        key: ggsw,
    };
    transform.add_products(products, scratch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decompose::decompose;
    use crate::field::MODULUS;
    use crate::toy::ToyRandom;
    use crate::transform::TransformKind;

    const P: i128 = MODULUS as i128;

    /// The product by schoolbook sums of the digits and the switched key, without any transform.
    fn by_definition(
        accumulator: &[u64],
        difference: &[u64],
        ggsw: &[u64],
        decomposition: Decomposition,
        size: usize,
    ) -> Vec<u64> {
        let polynomials = difference.len() / size;
        let mut sums = vec![0_i128; difference.len()];
        for (place, word) in difference.iter().enumerate() {
            let (row, i) = (place / size, place % size);
            for (level, digit) in decompose(*word, decomposition).enumerate() {
                for column in 0..polynomials {
                    let base = ((level * polynomials + row) * polynomials + column) * size;
                    for j in 0..size {
                        let key = i128::from(switch_to_prime(ggsw[base + j]));
                        let term = i128::from(digit) * key % P;
                        let (at, sign) = if i + j < size {
                            (i + j, 1)
                        } else {
                            (i + j - size, -1)
                        };
                        let sum = &mut sums[column * size + at];
                        *sum = (*sum + sign * term).rem_euclid(P);
                    }
                }
            }
        }
        accumulator
            .iter()
            .zip(sums)
            .map(|(word, sum)| {
                let back = (((sum as u128) << 64) + P as u128 / 2) / P as u128;
                word.wrapping_add(back as u64)
            })
            .collect()
    }

    #[test]
    fn is_the_schoolbook_product_whatever_the_transform() {
        let mut random = ToyRandom::new(5);
        for (k, levels, base_log, size) in
            [(1, 1, 23, 64), (2, 3, 7, 16), (3, 2, 15, 8), (1, 5, 4, 32)]
        {
            let decomposition = Decomposition::new(base_log, levels).unwrap();
            let words = (k + 1) * size;
            for pattern in 0..4 {
                let mut draw = |extreme: u64| match pattern {
                    0 => random.word(),
                    1 => extreme,
                    2 => extreme.wrapping_sub(1),
                    _ => [0, u64::MAX, extreme][random.below(3) as usize],
                };
                let difference: Vec<u64> = (0..words).map(|_| draw(1 << 63)).collect();
                let ggsw: Vec<u64> = (0..levels * (k + 1) * words).map(|_| draw(0)).collect();
                let accumulator: Vec<u64> = (0..words).map(|_| draw(1 << 63)).collect();
                let expected = by_definition(&accumulator, &difference, &ggsw, decomposition, size);
                for kind in TransformKind::ALL {
                    let transform = kind.build(size).unwrap();
                    let mut prepared = ggsw.clone();
                    for polynomial in prepared.chunks_exact_mut(size) {
                        prepare_polynomial(transform.as_ref(), polynomial).unwrap();
                    }
                    let mut out = accumulator.clone();
                    add_external_product(
                        &mut out,
                        &difference,
                        &prepared,
                        decomposition,
                        transform.as_ref(),
                        &mut Workspace::default(),
                    )
                    .unwrap();
                    assert_eq!(out, expected, "{kind:?} k {k} l {levels} N {size}");
                }
            }
        }
    }

    /// Words whose digits in one level of base `2^23` are the ends `+-2^22`, zero, and what is near.
    const EDGES: [u64; 8] = [
        1 << 63,
        (1 << 63) - 1,
        0,
        1 << 41,
        u64::MAX << 41,
        u64::MAX,
        (1 << 63) + (1 << 40),
        (1 << 63) - (1 << 41),
    ];

    /// The quick ways against the hardware's structure, where the definition would take too long.
    #[test]
    fn all_transforms_agree_at_every_size_and_shape() {
        let mut random = ToyRandom::new(6);
        let shapes = [
            (1, 1, 23),
            (1, 1, 24),
            (2, 1, 23),
            (1, 2, 31),
            (1, 3, 12),
            (3, 5, 7),
            (1, 63, 1),
            (1, 1, 63),
        ];
        for size in (6..=12).map(|log| 1 << log) {
            for (k, levels, base_log) in shapes {
                if size > 512 && (k > 2 || levels > 3) {
                    continue;
                }
                let decomposition = Decomposition::new(base_log, levels).unwrap();
                let words = (k + 1) * size;
                for pattern in 0..5 {
                    let mut draw = |place: usize| match pattern {
                        0 => random.word(),
                        1 | 2 => EDGES[pattern - 1],
                        3 => EDGES[place % 2],
                        _ => EDGES[random.below(8) as usize],
                    };
                    let difference: Vec<u64> = (0..words).map(&mut draw).collect();
                    let accumulator: Vec<u64> = (0..words).map(&mut draw).collect();
                    // prepared words, the same at all points, so that they are prepared for all transforms
                    let constant = [random.word() >> 1, MODULUS - 1, u64::MAX, 1 << 32, 1];
                    let prepared = vec![constant[pattern]; levels * (k + 1) * words];
                    let outputs = [
                        TransformKind::OneBarrier,
                        TransformKind::Fast,
                        TransformKind::FastScalar,
                    ]
                    .map(|kind| {
                        let transform = kind.build(size).unwrap();
                        let mut out = accumulator.clone();
                        let mut workspace = Workspace::default();
                        add_external_product(
                            &mut out,
                            &difference,
                            &prepared,
                            decomposition,
                            transform.as_ref(),
                            &mut workspace,
                        )
                        .unwrap();
                        out
                    });
                    let what = format!("k {k} l {levels} b {base_log} N {size} pattern {pattern}");
                    assert!(outputs[0] == outputs[1], "vectors, {what}");
                    assert!(outputs[0] == outputs[2], "single words, {what}");
                }
            }
        }
    }

    #[test]
    fn refuses_slices_that_do_not_fit() {
        let transform = TransformKind::Fast.build(16).unwrap();
        let decomposition = Decomposition::new(8, 2).unwrap();
        let product = |acc: usize, difference: usize, ggsw: usize| {
            add_external_product(
                &mut vec![0; acc],
                &vec![0; difference],
                &vec![0; ggsw],
                decomposition,
                transform.as_ref(),
                &mut Workspace::default(),
            )
        };
        assert!(product(32, 32, 128).is_ok());
        assert!(product(48, 32, 128).is_err());
        assert!(product(32, 33, 128).is_err());
        assert!(product(32, 32, 64).is_err());
        assert!(product(0, 0, 0).is_err());
    }
}
