//! The switches between modulus `2^64` (ciphertexts) and modulus `p` (inside the external product).

use crate::field::{EPSILON, MODULUS};
use crate::simd::Vector;

/// `round(x * p / 2^64)`, ties up: a word of the bootstrapping key enters the field. Canonical.
#[inline(always)]
pub fn switch_to_prime(x: u64) -> u64 {
    ((u128::from(x) * u128::from(MODULUS) + (1 << 63)) >> 64) as u64
}

/// `round(v * 2^64 / p) mod 2^64` for canonical `v`: a product leaves the field.
///
/// `2^64 / p = 1 + (2^32 - 1) / p`, so that the result is `v` plus `v / 2^32`, rounded where the
/// fraction passes one half. This equals the division exactly; a multiplication by a truncated
/// reciprocal does not.
#[inline(always)]
pub fn switch_from_prime(v: u64) -> u64 {
    switch_from_prime_lanes(v)
}

/// [`switch_from_prime`] in each lane.
#[inline(always)]
pub fn switch_from_prime_lanes<V: Vector>(v: V) -> V {
    // adding 2^31 - 1 carries exactly when the lower half is more than 2^31
    let half_passed = v
        .and(V::splat(EPSILON))
        .add(V::splat((1 << 31) - 1))
        .shr(32);
    v.add(v.shr(32)).add(half_passed)
}

/// A signed digit of the decomposition as a canonical field element: `d` or `d + p`.
#[inline(always)]
pub fn digit_to_field(digit: i64) -> u64 {
    if digit < 0 {
        (digit as u64).wrapping_add(MODULUS)
    } else {
        digit as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::canonical;
    use proptest::prelude::*;

    const P: u128 = MODULUS as u128;

    fn divide(v: u64) -> u64 {
        (((u128::from(v) << 64) + P / 2) / P) as u64
    }

    #[test]
    fn leaves_the_field_like_the_division_on_the_edges() {
        let centres: [u64; 8] = [
            0,
            1 << 31,
            1 << 32,
            3 << 31,
            1 << 63,
            (1 << 63) + (1 << 31),
            MODULUS - (1 << 32),
            MODULUS - (1 << 31),
        ];
        for centre in centres {
            for offset in -5_i64..=5 {
                let v = canonical(centre.wrapping_add_signed(offset));
                assert_eq!(switch_from_prime(v), divide(v), "v = {v:#x}");
            }
        }
        assert_eq!(switch_from_prime(MODULUS - 1), u64::MAX);
    }

    #[test]
    fn enters_the_field_canonically() {
        assert_eq!(switch_to_prime(0), 0);
        assert_eq!(switch_to_prime(u64::MAX), MODULUS - 1);
        assert_eq!(switch_to_prime(1 << 63), MODULUS.div_ceil(2));
    }

    #[test]
    fn digits_keep_their_value() {
        assert_eq!(digit_to_field(5), 5);
        assert_eq!(digit_to_field(-1), MODULUS - 1);
        assert_eq!(digit_to_field(-(1 << 22)), MODULUS - (1 << 22));
    }

    proptest! {
        #[test]
        fn leaves_the_field_like_the_division(v in 0..MODULUS) {
            prop_assert_eq!(switch_from_prime(v), divide(v));
        }

        #[test]
        fn enters_the_field_within_half(x: u64) {
            let v = switch_to_prime(x);
            prop_assert!(v < MODULUS);
            let exact = u128::from(x) * P;
            let back = u128::from(v) << 64;
            prop_assert!(back.abs_diff(exact) <= 1 << 63);
        }
    }
}
