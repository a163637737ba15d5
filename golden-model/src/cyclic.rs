//! Transforms of up to eight points, of which the steps of both passes consist.
//!
//! Their roots are powers of `2^24`: a limb moved, or a shift by 24 bits for two of eight points. They come from
//! the transforms of the even and of the odd points, after Cooley and Tukey.

use crate::limbs::{Limbs, WIDE};
use crate::simd::Vector;

/// The cyclic transform of 1, 2, 4 or 8 points at the powers of `2^(192 / R)`, of the inverse root
/// when `INVERSE`; natural order on both sides.
///
/// Limbs grow by the factor `R`; then the results are made positive as by [`Limbs::unsigned`]. It is
/// enough to do that to the first input, which goes into every result as it is.
#[inline(always)]
pub fn cyclic<V: Vector, const R: usize, const INVERSE: bool>(
    mut x: [Limbs<V>; R],
    bound: u32,
) -> [Limbs<V>; R] {
    x[0] = x[0].unsigned(bound);
    let mut y = x;
    match R {
        1 => {}
        2 => (y[0], y[1]) = (x[0].add(x[1]), x[0].sub(x[1])),
        4 => [y[0], y[1], y[2], y[3]] = four::<V, INVERSE>([x[0], x[1], x[2], x[3]]),
        _ => {
            let even = four::<V, INVERSE>([x[0], x[2], x[4], x[6]]);
            let odd = four::<V, INVERSE>([x[1], x[3], x[5], x[7]]);
            // the root is 2^24, its cube 2^48 * 2^24; the inverse root is -2^48 * 2^24, its cube -2^24
            let first = odd[1].unsigned(WIDE).shift(24);
            let third = odd[3].unsigned(WIDE).shift(24);
            (y[0], y[4]) = (even[0].add(odd[0]), even[0].sub(odd[0]));
            if INVERSE {
                (y[1], y[5]) = (even[1].sub_turned(first), even[1].add_turned(first));
                (y[2], y[6]) = (even[2].sub_turned(odd[2]), even[2].add_turned(odd[2]));
                (y[3], y[7]) = (even[3].sub(third), even[3].add(third));
            } else {
                (y[1], y[5]) = (even[1].add(first), even[1].sub(first));
                (y[2], y[6]) = (even[2].add_turned(odd[2]), even[2].sub_turned(odd[2]));
                (y[3], y[7]) = (even[3].add_turned(third), even[3].sub_turned(third));
            }
        }
    }
    y
}

/// The cyclic transform of four points at the powers of `2^48`, or of `-2^48` when `INVERSE`.
#[inline(always)]
fn four<V: Vector, const INVERSE: bool>(x: [Limbs<V>; 4]) -> [Limbs<V>; 4] {
    let (a, b) = (x[0].add(x[2]), x[0].sub(x[2]));
    let (c, d) = (x[1].add(x[3]), x[1].sub(x[3]));
    let (plus, minus) = (b.add_turned(d), b.sub_turned(d));
    if INVERSE {
        [a.add(c), minus, a.sub(c), plus]
    } else {
        [a.add(c), plus, a.sub(c), minus]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{add, shift};
    use crate::limbs::tests::{limbs, value};
    use crate::toy::ToyRandom;

    fn check_cyclic<const R: usize, const INVERSE: bool>() {
        let mut random = ToyRandom::new(R as u64);
        let bound = 1 << 54;
        for pattern in 0..40 {
            let x: [Limbs<u64>; R] = std::array::from_fn(|_| {
                let mut draw = || match (pattern, random.word() % 2) {
                    (0, _) | (2..20, 0) => bound,
                    (1, _) | (2..20, _) => -bound,
                    (_, word) => random.word() as i64 % bound + word as i64,
                };
                limbs(draw(), draw())
            });
            for (k, y) in cyclic::<u64, R, INVERSE>(x, WIDE).iter().enumerate() {
                let sum = (0..R).fold(0, |sum, t| {
                    let exponent = (192 / R * k * t % 192) as u32;
                    let exponent = if INVERSE { 192 - exponent } else { exponent };
                    add(sum, shift(value(x[t]), exponent))
                });
                assert_eq!(value(*y), sum, "{R} {k}");
                for limb in [y.low, y.high] {
                    assert!((1 << 58..(1 << 59) + (1 << 58)).contains(&limb));
                }
            }
        }
    }

    #[test]
    fn short_transforms_are_their_definition_and_positive() {
        check_cyclic::<1, false>();
        check_cyclic::<2, false>();
        check_cyclic::<4, false>();
        check_cyclic::<8, false>();
        check_cyclic::<1, true>();
        check_cyclic::<2, true>();
        check_cyclic::<4, true>();
        check_cyclic::<8, true>();
    }
}
