//! The Goldilocks field: integers modulo `p = 2^64 - 2^32 + 1`.
//!
//! An element is a `u64`. *Canonical* means less than `p`; the functions take any `u64` and
//! return canonical words, unless their name ends in `_lazy`.
//!
//! What makes this prime convenient: `2^64 = 2^32 - 1` and `2^96 = -1` modulo `p`, so a product of
//! two words is reduced by a few additions, 2 is a root of unity of order 192, and
//! `2^24 - 2^72` is a square root of 2.

/// The prime `p = 2^64 - 2^32 + 1`.
pub const MODULUS: u64 = 0xffff_ffff_0000_0001;
/// `2^64 mod p = 2^32 - 1`.
pub const EPSILON: u64 = 0xffff_ffff;
/// A generator of the multiplicative group.
pub const GENERATOR: u64 = 7;
/// The multiplicative order of 2.
pub const ORDER_OF_TWO: u32 = 192;
/// A square root of 2: `2^24 - 2^72 mod p`.
pub const SQRT_TWO: u64 = 0xffff_feff_0100_0101;

/// `2^64 mod p` or 0, without a branch: carries of random words cannot be foreseen.
#[inline(always)]
fn epsilon_if(carry: bool) -> u64 {
    std::hint::select_unpredictable(carry, EPSILON, 0)
}

/// The representative less than `p`.
#[inline(always)]
pub fn canonical(a: u64) -> u64 {
    // a >= p exactly when adding 2^64 - p = 2^32 - 1 carries
    let (reduced, above) = a.overflowing_add(EPSILON);
    std::hint::select_unpredictable(above, reduced, a)
}

/// A number of 128 bits modulo `p`, as some word (not necessarily canonical).
///
/// With `x = lo + 2^64 * (mid + 2^32 * top)`: `x = lo + mid * (2^32 - 1) - top`.
#[inline(always)]
pub fn reduce_lazy(x: u128) -> u64 {
    let lo = x as u64;
    let hi = (x >> 64) as u64;
    let top = hi >> 32;
    let mid = hi & EPSILON;
    let (low, borrow) = lo.overflowing_sub(top);
    // after a borrow low >= 2^64 - 2^32, so that this does not wrap again
    let low = low.wrapping_sub(epsilon_if(borrow));
    let (sum, carry) = low.overflowing_add((mid << 32) - mid);
    // after a carry sum <= (2^32 - 1)^2 - 1, so that this does not wrap again
    sum.wrapping_add(epsilon_if(carry))
}

/// A number of 128 bits modulo `p`, canonical.
#[inline(always)]
pub fn reduce(x: u128) -> u64 {
    canonical(reduce_lazy(x))
}

/// `a + b` where `b` is canonical and `a` any word; the sum is some word.
#[inline(always)]
pub fn add_lazy(a: u64, b: u64) -> u64 {
    let (sum, carry) = a.overflowing_add(b);
    sum.wrapping_add(epsilon_if(carry))
}

/// `a - b` where `b` is canonical and `a` any word; the difference is some word.
#[inline(always)]
pub fn sub_lazy(a: u64, b: u64) -> u64 {
    let (difference, borrow) = a.overflowing_sub(b);
    difference.wrapping_sub(epsilon_if(borrow))
}

/// `a * b` as some word.
#[inline(always)]
pub fn mul_lazy(a: u64, b: u64) -> u64 {
    reduce_lazy(u128::from(a) * u128::from(b))
}

/// `a + b`.
#[inline(always)]
pub fn add(a: u64, b: u64) -> u64 {
    canonical(add_lazy(a, canonical(b)))
}

/// `a - b`.
#[inline(always)]
pub fn sub(a: u64, b: u64) -> u64 {
    canonical(sub_lazy(a, canonical(b)))
}

/// `-a`.
#[inline(always)]
pub fn neg(a: u64) -> u64 {
    sub(0, a)
}

/// `a * b`.
#[inline(always)]
pub fn mul(a: u64, b: u64) -> u64 {
    canonical(mul_lazy(a, b))
}

/// `base^exponent`.
pub fn pow(base: u64, mut exponent: u64) -> u64 {
    let mut square = canonical(base);
    let mut result = 1;
    while exponent != 0 {
        if exponent & 1 == 1 {
            result = mul(result, square);
        }
        square = mul(square, square);
        exponent >>= 1;
    }
    result
}

/// `1 / a`, and 0 for 0.
pub fn inverse(a: u64) -> u64 {
    pow(a, MODULUS - 2)
}

/// `a * 2^exponent` by shifts and additions alone (any exponent; 2 has order 192).
#[inline(always)]
pub fn shift(a: u64, exponent: u32) -> u64 {
    let exponent = exponent % ORDER_OF_TWO;
    // 2^96 = -1
    let (count, negative) = if exponent >= 96 {
        (exponent - 96, true)
    } else {
        (exponent, false)
    };
    // a * 2^count, count < 96: at most 64 bits are shifted by at most 63 in one go
    let value = if count < 64 {
        reduce(u128::from(a) << count)
    } else {
        // 2^64 = 2^32 - 1
        let moved = u128::from(a) << (count - 64);
        let folded = reduce(moved);
        sub(reduce(u128::from(folded) << 32), folded)
    };
    if negative { neg(value) } else { value }
}

/// `a * sqrt(2)^half_exponent` by shifts and additions alone, with `sqrt(2) = 2^24 - 2^72`.
#[inline(always)]
pub fn shift_by_halves(a: u64, half_exponent: u32) -> u64 {
    let whole = half_exponent / 2;
    if half_exponent.is_multiple_of(2) {
        shift(a, whole)
    } else {
        sub(shift(a, whole + 24), shift(a, whole + 72))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const P: u128 = MODULUS as u128;

    /// Words at which carries, borrows and comparisons change.
    const EDGES: [u64; 22] = [
        0,
        1,
        2,
        (1 << 31) - 1,
        1 << 31,
        (1 << 31) + 1,
        (1 << 32) - 2,
        (1 << 32) - 1,
        1 << 32,
        (1 << 32) + 1,
        (1 << 63) - 2,
        (1 << 63) - 1,
        1 << 63,
        (1 << 63) + 1,
        MODULUS - 2,
        MODULUS - 1,
        MODULUS,
        MODULUS + 1,
        MODULUS + 2,
        u64::MAX - 1,
        u64::MAX,
        0x5555_5555_5555_5555,
    ];

    fn check_pair(a: u64, b: u64) {
        let (wide_a, wide_b) = (u128::from(a) % P, u128::from(b) % P);
        assert_eq!(u128::from(add(a, b)), (wide_a + wide_b) % P);
        assert_eq!(u128::from(sub(a, b)), (wide_a + P - wide_b) % P);
        assert_eq!(u128::from(mul(a, b)), wide_a * wide_b % P);
        assert_eq!(u128::from(canonical(a)), wide_a);
        assert_eq!(u128::from(neg(a)), (P - wide_a) % P);
        let all = (u128::from(a) << 64) | u128::from(b);
        assert_eq!(u128::from(reduce(all)), all % P);
        let lazy = canonical(b);
        assert_eq!(u128::from(add_lazy(a, lazy)) % P, (wide_a + wide_b) % P);
        assert_eq!(u128::from(sub_lazy(a, lazy)) % P, (wide_a + P - wide_b) % P);
    }

    #[test]
    fn agrees_with_wide_integers_on_the_edges() {
        for a in EDGES {
            for b in EDGES {
                check_pair(a, b);
            }
        }
    }

    #[test]
    fn shifts_multiply_by_powers_of_two_and_of_its_root() {
        assert_eq!(pow(2, 96), MODULUS - 1);
        assert_eq!(mul(SQRT_TWO, SQRT_TWO), 2);
        for a in EDGES {
            for exponent in 0..2 * ORDER_OF_TWO {
                assert_eq!(shift(a, exponent), mul(a, pow(2, u64::from(exponent))));
                assert_eq!(
                    shift_by_halves(a, exponent),
                    mul(a, pow(SQRT_TWO, u64::from(exponent)))
                );
            }
        }
    }

    #[test]
    fn inverts() {
        assert_eq!(inverse(0), 0);
        for a in EDGES.into_iter().filter(|a| canonical(*a) != 0) {
            assert_eq!(mul(a, inverse(a)), 1);
        }
    }

    proptest! {
        #[test]
        fn agrees_with_wide_integers(a: u64, b: u64) {
            check_pair(a, b);
        }
    }
}
