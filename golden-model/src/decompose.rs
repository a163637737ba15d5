//! Signed decomposition of a word modulo `2^64` in base `B = 2^b` with `l` levels.
//!
//! The word is rounded to the closest multiple of `2^(64 - b*l)` and folded to a signed number;
//! digits then come out deepest (least significant) level first and lie in `-B/2 ..= B/2`, where both
//! ends occur. The ties are part of the contract: see [`round_and_fold`] and [`next_digit`].
//!
//! Source: contract, item 1; the decomposition is that of eprint 2021/1161 with balanced ties.

use crate::error::{Result, check_range};

/// Base and levels of a decomposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decomposition {
    base_log: u32,
    levels: u32,
}

impl Decomposition {
    /// Base `2^base_log` with `levels` levels; `1 <= base_log * levels <= 63`.
    pub fn new(base_log: usize, levels: usize) -> Result<Self> {
        check_range("decomposition base log", base_log, 1, 63)?;
        check_range("decomposition levels", levels, 1, 63)?;
        check_range(
            "decomposition bits (base log * levels)",
            base_log * levels,
            1,
            63,
        )?;
        Ok(Self {
            base_log: base_log as u32,
            levels: levels as u32,
        })
    }

    /// `b`.
    pub fn base_log(self) -> usize {
        self.base_log as usize
    }

    /// `l`.
    pub fn levels(self) -> usize {
        self.levels as usize
    }

    /// `b * l`, the bits that are kept.
    pub fn bits(self) -> usize {
        (self.base_log * self.levels) as usize
    }
}

/// Rounds `x` to `b*l` bits and folds it to a signed number of magnitude at most `B^l / 2`.
///
/// `B^l / 2` itself stays positive when `x` was rounded down to it and becomes negative when `x` was
/// rounded up.
#[inline(always)]
pub fn round_and_fold(x: u64, decomposition: Decomposition) -> i64 {
    let bits = decomposition.base_log.wrapping_mul(decomposition.levels);
    let kept = x.wrapping_shr(63_u32.wrapping_sub(bits));
    let rounded_up = kept & 1;
    let half = 1_u64.wrapping_shl(bits.wrapping_sub(1));
    let rounded = (kept.wrapping_add(1) >> 1) & half.wrapping_mul(2).wrapping_sub(1);
    // more than half, or half that was rounded up: the sum reaches B^l
    let reached = rounded
        .wrapping_add(rounded_up)
        .wrapping_add(half.wrapping_sub(1));
    let negative = reached.wrapping_shr(bits);
    rounded.wrapping_sub(negative.wrapping_shl(bits)) as i64
}

/// Takes the lowest digit off `state` and leaves the rest.
///
/// A digit above `B/2` borrows from the next; so does `B/2` itself when the next digit, before any
/// carry, is `B/2` or more.
#[inline(always)]
pub fn next_digit(state: &mut i64, base_log: usize) -> i64 {
    let base_log = base_log as u32;
    let half = 1_u64.wrapping_shl(base_log.wrapping_sub(1));
    let digit = *state as u64 & half.wrapping_mul(2).wrapping_sub(1);
    *state = state.wrapping_shr(base_log);
    let next_high = state.wrapping_shr(base_log.wrapping_sub(1)) as u64 & 1;
    // more than half, or half under a set bit: the sum reaches B
    let reached = digit
        .wrapping_add(next_high)
        .wrapping_add(half.wrapping_sub(1));
    let carry = reached.wrapping_shr(base_log);
    *state = state.wrapping_add(carry as i64);
    // b = 63 needs the wrap: 2^63 is not an i64
    digit.wrapping_sub(carry.wrapping_shl(base_log)) as i64
}

/// The `l` digits of `x`, deepest level first.
pub fn decompose(x: u64, decomposition: Decomposition) -> impl Iterator<Item = i64> {
    let mut state = round_and_fold(x, decomposition);
    (0..decomposition.levels).map(move |_| next_digit(&mut state, decomposition.base_log as usize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The contract's sentences, one by one, in wide integers.
    fn by_definition(x: u64, b: u32, l: u32) -> Vec<i64> {
        let base = 1_i128 << b;
        let all = 1_i128 << (b * l);
        let y = i128::from(x) >> (63 - b * l);
        let t = y % 2;
        let r = ((y + 1) >> 1) % all;
        let mut s = if 2 * r > all || (2 * r == all && t == 1) {
            r - all
        } else {
            r
        };
        (0..l)
            .map(|_| {
                let d = s.rem_euclid(base);
                s = s.div_euclid(base);
                let next_has_high_bit = (s.rem_euclid(base)) >= base / 2;
                let carry = 2 * d > base || (2 * d == base && next_has_high_bit);
                s += i128::from(carry);
                (d - if carry { base } else { 0 }) as i64
            })
            .collect()
    }

    fn check(x: u64, b: usize, l: usize) {
        let decomposition = Decomposition::new(b, l).unwrap();
        let digits: Vec<i64> = decompose(x, decomposition).collect();
        assert_eq!(
            digits,
            by_definition(x, b as u32, l as u32),
            "{x:#x} {b} {l}"
        );
        let half = 1_i64 << (b - 1);
        assert!(digits.iter().all(|d| (-half..=half).contains(d)));
        // the digits stand for the closest multiple of 2^(64 - b*l)
        let unit = 64 - b * l;
        let recomposed = digits
            .iter()
            .enumerate()
            .fold(0_u64, |sum, (level, digit)| {
                sum.wrapping_add((*digit as u64) << (unit + b * level))
            });
        let distance = recomposed.wrapping_sub(x) as i64;
        assert!(distance.unsigned_abs() <= 1 << (unit - 1), "{x:#x} {b} {l}");
    }

    const SHAPES: [(usize, usize); 12] = [
        (23, 1),
        (4, 4),
        (3, 5),
        (4, 8),
        (1, 1),
        (1, 63),
        (63, 1),
        (21, 3),
        (15, 2),
        (2, 5),
        (7, 9),
        (31, 2),
    ];

    #[test]
    fn is_the_definition_at_every_boundary() {
        for (b, l) in SHAPES {
            let mut centres = vec![0, 1 << 63, 1 << 31, 1 << 32, u64::MAX];
            for bit in 0..64 {
                centres.push(1 << bit);
                centres.push((1_u64 << bit).wrapping_neg());
                centres.push((1 << 63) | (1 << bit));
            }
            for centre in centres {
                for offset in -3..=3 {
                    check(centre.wrapping_add_signed(offset), b, l);
                }
            }
        }
    }

    #[test]
    fn both_ends_of_the_digit_range_occur() {
        let decomposition = Decomposition::new(23, 1).unwrap();
        let exact = 1_u64 << 63; // B/2 without rounding
        assert_eq!(decompose(exact, decomposition).next(), Some(1 << 22));
        assert_eq!(decompose(exact - 1, decomposition).next(), Some(-(1 << 22)));
    }

    #[test]
    fn refuses_shapes_out_of_range() {
        for (b, l) in [(0, 1), (1, 0), (64, 1), (32, 2), (8, 8)] {
            assert!(Decomposition::new(b, l).is_err());
        }
    }

    proptest! {
        #[test]
        fn is_the_definition(x: u64, shape in 0..SHAPES.len()) {
            check(x, SHAPES[shape].0, SHAPES[shape].1);
        }
    }
}
