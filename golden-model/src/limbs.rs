//! Two limbs of 48 bits: the field in which a product by a power of two costs next to nothing.
//!
//! `p` divides `2^96 + 1`, so that a number modulo `p` may be kept as `low + 2^48 * high`, where
//! `2^48` behaves like the imaginary unit: its square is -1. The limbs are signed and redundant
//! (two's complement in a `u64`): sums need no reduction until some 63 bits are used up, a product
//! by a power of `2^48` exchanges and negates limbs, and any other power of two is one shift with the
//! bits above 48 carried into the other limb. No step compares or branches, so that the compiler
//! turns a loop over columns into vector instructions of whatever width the machine has.
//!
//! Signed numbers are shifted right as unsigned ones: a multiple of `2^96 + 1` with two large limbs
//! is added first. Every function says how large its limbs may be.

use crate::field::{EPSILON, ORDER_OF_TWO};
use crate::simd::Vector;

/// Bits of a limb.
const LIMB_BITS: u32 = 48;
/// The bits of a limb.
const LIMB: u64 = (1 << LIMB_BITS) - 1;
/// The bound, as an exponent of two, of what becomes a word or is multiplied: see [`Limbs::unsigned`].
pub const WIDE: u32 = 59;
/// The bound of what is shifted between two steps of a pass.
pub const NARROW: u32 = 54;
/// Where a limb is cut into two factors of at most 31 bits.
const PIECE_BITS: u32 = 29;

/// `low + 2^48 * high` modulo `2^96 + 1`, both limbs signed; one such number in each lane of `V`.
#[derive(Clone, Copy, Debug)]
pub struct Limbs<V> {
    /// Weight 1.
    pub low: V,
    /// Weight `2^48`.
    pub high: V,
}

/// A multiplier that is known beforehand: the lower and the upper half of `c`, then of `2^29 c`.
pub type Multiplier<V> = [V; 4];

/// The multiplier of a canonical word.
pub fn multiplier(word: u64) -> Multiplier<u64> {
    let moved = crate::field::shift(word, PIECE_BITS);
    [word & EPSILON, word >> 32, moved & EPSILON, moved >> 32]
}

impl<V: Vector> Limbs<V> {
    /// A word modulo `p`: limbs of 48 and 16 bits.
    #[inline(always)]
    pub fn from_word(word: V) -> Self {
        Self {
            low: word.and(V::splat(LIMB)),
            high: word.shr(LIMB_BITS),
        }
    }

    /// `self + other`.
    #[inline(always)]
    pub fn add(self, other: Self) -> Self {
        Self {
            low: self.low.add(other.low),
            high: self.high.add(other.high),
        }
    }

    /// `self - other`.
    #[inline(always)]
    pub fn sub(self, other: Self) -> Self {
        Self {
            low: self.low.sub(other.low),
            high: self.high.sub(other.high),
        }
    }

    /// `self + 2^48 * other`.
    #[inline(always)]
    pub fn add_turned(self, other: Self) -> Self {
        Self {
            low: self.low.sub(other.high),
            high: self.high.add(other.low),
        }
    }

    /// `self - 2^48 * other`.
    #[inline(always)]
    pub fn sub_turned(self, other: Self) -> Self {
        Self {
            low: self.low.add(other.high),
            high: self.high.sub(other.low),
        }
    }

    /// `self * 2^(48 turns)`.
    #[inline(always)]
    fn turn(self, turns: u32) -> Self {
        let zero = V::splat(0);
        let Self { low, high } = self;
        match turns % 4 {
            0 => self,
            1 => Self {
                low: zero.sub(high),
                high: low,
            },
            2 => Self {
                low: zero.sub(low),
                high: zero.sub(high),
            },
            _ => Self {
                low: high,
                high: zero.sub(low),
            },
        }
    }

    /// The same number with positive limbs: each grows by `2^bound`, give or take `2^(bound - 48)`, and must
    /// have been above the negative of that.
    ///
    /// `(2^b + 2^(b - 48)) + 2^48 (2^b - 2^(b - 48)) = 2^(b - 48) (2^96 + 1)` is added, nothing modulo `p`.
    #[inline(always)]
    pub fn unsigned(self, bound: u32) -> Self {
        let (large, small) = (1_u64 << bound, 1_u64 << (bound - LIMB_BITS));
        Self {
            low: self.low.add(V::splat(large + small)),
            high: self.high.add(V::splat(large - small)),
        }
    }

    /// `self * 2^exponent` from limbs that are not negative.
    ///
    /// A multiple of 48 moves limbs and leaves their sizes. Otherwise, with `r` the remainder by 48,
    /// limbs below `2^b` become `|limb| <= 2^48 + 2^(b + r - 48)`, of either sign.
    #[inline(always)]
    pub fn shift(self, exponent: u32) -> Self {
        let exponent = exponent % ORDER_OF_TWO;
        let count = exponent % LIMB_BITS;
        let moved = if count == 0 {
            self
        } else {
            let (limb, rest) = (V::splat(LIMB), LIMB_BITS - count);
            Self {
                low: self.low.shl(count).and(limb).sub(self.high.shr(rest)),
                high: self.high.shl(count).and(limb).add(self.low.shr(rest)),
            }
        };
        moved.turn(exponent / LIMB_BITS)
    }

    /// The same number with `|limb| <= 2^48 + 2^11`, from `|limb| < 2^58`.
    #[inline(always)]
    pub fn carry(self) -> Self {
        let Self { low, high } = self.unsigned(WIDE);
        let limb = V::splat(LIMB);
        Self {
            low: low.and(limb).sub(high.shr(LIMB_BITS)),
            high: high.and(limb).add(low.shr(LIMB_BITS)),
        }
    }

    /// A signed number of at most 24 bits times `2^exponent`, a multiple of 12 below 96: limbs below
    /// `2^48`.
    #[inline(always)]
    pub fn shifted_digit(digit: V, exponent: u32) -> Self {
        let (count, zero) = (exponent % LIMB_BITS, V::splat(0));
        let moved = if count <= 24 {
            Self {
                low: digit.shl(count),
                high: zero,
            }
        } else {
            // arithmetic shift right by way of an unsigned one
            let (rest, offset) = (LIMB_BITS - count, 1_u64 << 32);
            let above = digit.add(V::splat(offset)).shr(rest);
            Self {
                low: digit.shl(count).and(V::splat(LIMB)),
                high: above.sub(V::splat(offset >> rest)),
            }
        };
        moved.turn(exponent / LIMB_BITS)
    }

    /// `self * multiplier` from limbs in `0 .. 2^60`, into `|limb| < 2^50`.
    ///
    /// Pieces of at most 31 bits meet the 32-bit halves of constants that carry the weights of the
    /// pieces, so that sums of two products stay below `2^64`.
    #[inline(always)]
    pub fn mul(self, multiplier: Multiplier<V>) -> Self {
        let low = Self::mul_limb(self.low, multiplier);
        let high = Self::mul_limb(self.high, multiplier);
        low.add_turned(high)
    }

    /// One limb times the multiplier.
    #[inline(always)]
    fn mul_limb(limb: V, multiplier: Multiplier<V>) -> Self {
        let first = limb.and(V::splat((1 << PIECE_BITS) - 1));
        let second = limb.shr(PIECE_BITS);
        let even = first.mul(multiplier[0]).add(second.mul(multiplier[2]));
        let odd = first.mul(multiplier[1]).add(second.mul(multiplier[3]));
        // even + 2^32 odd
        Self {
            low: even
                .and(V::splat(LIMB))
                .add(odd.and(V::splat(0xffff)).shl(32)),
            high: even.shr(LIMB_BITS).add(odd.shr(16)),
        }
    }

    /// The canonical word, from `2^58 <= limb < 2^62`.
    #[inline(always)]
    pub fn canonical_word(self) -> V {
        let half = V::splat(EPSILON);
        // 2^48 high = 2^32 * (16 bits << 16) + 2^64 * rest, and 2^64 = 2^32 - 1: now in units of 1 and
        // 2^32, low being large enough
        let rest = self.high.shr(16);
        let low = self.low.sub(rest);
        let lower = low.and(half);
        let upper = low.shr(32).add(self.high.shl(16).and(half)).add(rest);
        // the same once more for what upper, below 2^47, has above 32 bits. Lower becomes negative only
        // together with a positive upper.
        let above = upper.shr(32);
        let lower = lower.sub(above);
        let upper = upper.and(half).add(above);
        // less than 2^64 + 2^47: p or more exactly when adding 2^32 - 1 passes 2^64, and then
        // subtracting p is subtracting 2^64 and adding 2^32 - 1
        let passed = upper.add(lower.add(half).shr(32)).shr(32);
        upper.add(passed).shl(32).add(lower.sub(passed))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::field::{MODULUS, canonical, mul, pow, shift};
    use crate::toy::ToyRandom;

    /// The number modulo `p`.
    pub fn value(limbs: Limbs<u64>) -> u64 {
        let number = i128::from(limbs.low as i64) + (i128::from(limbs.high as i64) << 48);
        number.rem_euclid(i128::from(MODULUS)) as u64
    }

    /// The number of two signed limbs.
    pub fn limbs(low: i64, high: i64) -> Limbs<u64> {
        Limbs {
            low: low as u64,
            high: high as u64,
        }
    }

    /// Pairs of limbs of magnitude at most `bound`: the corners, what lies beside them, random ones.
    fn within(bound: i64) -> Vec<Limbs<u64>> {
        let mut random = ToyRandom::new(bound as u64);
        let mut edges = vec![-bound, 1 - bound, -1, 0, 1, bound - 1, bound];
        for bit in [12, 16, 29, 31, 32, 47, 48] {
            edges.extend([-1, 0, 1].map(|offset| ((1 << bit) + offset) % bound));
        }
        edges.extend((0..20).map(|_| random.word() as i64 % bound));
        let pair = |low: &i64| {
            edges
                .iter()
                .map(|high| limbs(*low, *high))
                .collect::<Vec<_>>()
        };
        edges.iter().flat_map(pair).collect()
    }

    /// The larger of the limbs' magnitudes.
    pub fn magnitude(limbs: Limbs<u64>) -> u64 {
        let [low, high] = [limbs.low, limbs.high].map(|limb| (limb as i64).unsigned_abs());
        low.max(high)
    }

    #[test]
    fn shifts_multiply_by_powers_of_two_within_the_bound() {
        for number in within(1 << 53) {
            let positive = number.unsigned(NARROW);
            assert!((positive.low as i64) > 0 && (positive.high as i64) > 0);
            assert_eq!(value(positive), value(number));
            for exponent in 0..=192 {
                let shifted = positive.shift(exponent);
                assert_eq!(value(shifted), shift(value(number), exponent));
                if exponent % 48 != 0 {
                    let carried = positive.low.max(positive.high) >> (48 - exponent % 48);
                    assert!(magnitude(shifted) <= (1 << 48) + carried);
                }
            }
            let carried = number.carry();
            assert_eq!(value(carried), value(number));
            assert!(magnitude(carried) <= (1 << 48) + (1 << 13));
        }
    }

    #[test]
    fn digits_are_shifted_whatever_their_sign() {
        for digit in [
            -(1 << 23),
            1 - (1 << 22),
            -4097,
            -1,
            0,
            1,
            4096,
            1 << 22,
            1 << 23,
        ] {
            for exponent in (0..96).step_by(12) {
                let shifted = Limbs::shifted_digit(digit as u64, exponent);
                assert_eq!(value(shifted), shift(value(limbs(digit, 0)), exponent));
                assert!(magnitude(shifted) < 1 << 48);
            }
        }
    }

    #[test]
    fn products_and_words_are_those_of_the_field() {
        let constants = [
            0,
            1,
            2,
            EPSILON,
            1 << 32,
            1 << 63,
            MODULUS - 2,
            MODULUS - 1,
            pow(7, 5),
        ];
        for number in within(1 << 58) {
            let positive = number.unsigned(WIDE);
            assert_eq!(positive.canonical_word(), value(number));
            // the largest that the inverse makes: limbs of the same kind turned round
            let turned = positive.shift(144).unsigned(WIDE + 1);
            assert_eq!(turned.canonical_word(), shift(value(number), 144));
            for constant in constants {
                let product = positive.mul(multiplier(constant));
                assert_eq!(value(product), mul(value(number), constant));
                assert!(magnitude(product) < 1 << 50);
            }
        }
        for word in [0, 1, EPSILON, MODULUS - 1, MODULUS, u64::MAX] {
            let limbs = Limbs::from_word(word).unsigned(WIDE);
            assert_eq!(limbs.canonical_word(), canonical(word));
        }
    }
}
