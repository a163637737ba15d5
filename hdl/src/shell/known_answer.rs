//! The known answers of the self-test, worked out when the board is generated.
//!
//! The arithmetic: one external product of constant polynomials. Every word of the input ciphertext is 2^60, which the
//! key switch of one level in base 2^4 makes the digit 1, and every word of a column is the same; so the first rotation
//! is that of `-kN * column`. The lookup table is a constant G: rotated minus plain it is -2G where the rotation wraps
//! and 0 elsewhere. Every word of the GGSW is w = 2^40 / N mod p, the transform of the constant polynomial 2^40 / N; the
//! inverse transform multiplies by N. So each coefficient that wraps grows by 2^40 times the sum of the k+1 digits of
//! -2G, brought from p to 2^64 as the contract says.

use goldilane_abi::{Shape, crc32c};
use goldilane_golden_model::Decomposition;
use goldilane_golden_model::decompose::decompose;

/// p = 2^64 - 2^32 + 1.
const PRIME: u64 = 0xffff_ffff_0000_0001;
/// The word of the input ciphertext.
pub const INPUT: u64 = 1 << 60;
/// Key-switch base (as a power of two) and levels for which it is the digit 1.
pub const KS_BASE_LOG: u32 = 4;
/// See [`KS_BASE_LOG`].
pub const KS_LEVELS: u32 = 1;
/// The lookup table's word.
pub const TABLE: u64 = 0x1357_9bdf_0246_8ace;
/// Every 32-bit word of a column.
const COLUMN: u32 = 0xe533_32b1;
/// The patterns of the test of memories.
pub const PATTERNS: [u64; 2] = [0x5555_5555_5555_5555, 0xaaaa_aaaa_aaaa_aaaa];

/// The words that go in and the CRCs that come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownAnswer {
    /// Every word of the GGSW.
    pub ggsw: u64,
    /// Every word of a column, two of 32 bits.
    pub column: u64,
    /// CRC of the accumulator after one step.
    pub product_crc: u32,
    /// CRCs of accumulators that hold a pattern.
    pub pattern_crcs: [u32; 2],
}

/// CRC of a GLWE in natural order, coefficient by coefficient.
fn crc(shape: &Shape, word: impl Fn(u32) -> u64) -> u32 {
    let coefficients = (0..=shape.glwe_dimension).flat_map(|_| 0..shape.polynomial_size);
    let bytes: Vec<u8> = coefficients.flat_map(|j| word(j).to_le_bytes()).collect();
    crc32c(&bytes)
}

/// The rotation that the key switch and the modulus switch make.
fn rotation(shape: &Shape) -> u32 {
    let terms = shape.glwe_dimension * shape.polynomial_size;
    let switched = 0u32.wrapping_sub(terms.wrapping_mul(COLUMN));
    let shift = 32 - (2 * shape.polynomial_size).trailing_zeros();
    switched.wrapping_add(1 << (shift - 1)) >> shift
}

/// What each coefficient that wraps gains.
fn gain(shape: &Shape) -> u64 {
    let difference = TABLE.wrapping_mul(2).wrapping_neg();
    let base = shape.max_pbs_base_log as usize;
    // One level of at most 23 bits: always a decomposition.
    let digits: i128 = Decomposition::new(base, 1)
        .map(|d| decompose(difference, d).map(i128::from).sum())
        .unwrap_or(0);
    let sum = digits * i128::from(shape.glwe_dimension + 1);
    let value = (sum << 40).rem_euclid(i128::from(PRIME)) as u64;
    let half = u64::from(value & 0xffff_ffff > 1 << 31);
    value.wrapping_add(value >> 32).wrapping_add(half)
}

/// The answers of a board of this shape.
pub fn known_answer(shape: &Shape) -> KnownAnswer {
    let size = u64::from(shape.polynomial_size);
    let inverse = PRIME - (PRIME - 1) / size;
    let ggsw = (u128::from(inverse) << 40) % u128::from(PRIME);
    let (rotation, gain) = (rotation(shape), gain(shape));
    let wraps = |j: u32| (j < rotation) != (j + shape.polynomial_size < rotation);
    let product_crc = crc(shape, |j| match wraps(j) {
        true => TABLE.wrapping_add(gain),
        false => TABLE,
    });
    KnownAnswer {
        ggsw: ggsw as u64,
        column: u64::from(COLUMN) << 32 | u64::from(COLUMN),
        product_crc,
        pattern_crcs: PATTERNS.map(|pattern| crc(shape, |_| pattern)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_tells_something() {
        for name in goldilane_abi::shape::CONFIGURATION_NAMES {
            let shape = Shape::named(name).unwrap();
            let (r, n) = (rotation(&shape), shape.polynomial_size);
            assert!(r % n > n / 8 && r % n < n - n / 8, "{name}: rotation {r}");
            assert_ne!(gain(&shape), 0);
        }
    }
}
