//! The Goldilocks field, for the constants that the generator computes.
//!
//! `p = 2^64 - 2^32 + 1`, `2^96 = -1` modulo `p`, so 2 has order 192 and every power of two is a
//! root of unity. Nothing here is speed-critical and nothing of it becomes hardware.

/// The prime.
pub const MODULUS: u64 = 0xffff_ffff_0000_0001;

/// The root of unity of order 4096 at which `N = 2048` evaluates; `PSI_2048^64 = 8`.
pub const PSI_2048: u64 = 10_974_926_054_405_199_669;

/// The root of unity of order 8192 at which `N = 4096` evaluates: the smaller square root of
/// [`PSI_2048`]. `PSI_4096^64 = 2 r`, with `r = 2^72 + 2^120` a square root of 2.
pub const PSI_4096: u64 = 1_206_500_561_358_145_487;

/// `a + b`.
pub fn add(a: u64, b: u64) -> u64 {
    ((u128::from(a) + u128::from(b)) % u128::from(MODULUS)) as u64
}

/// `a - b`.
pub fn sub(a: u64, b: u64) -> u64 {
    add(a, MODULUS - b % MODULUS)
}

/// `-a`.
pub fn neg(a: u64) -> u64 {
    sub(0, a)
}

/// `a * b`.
pub fn mul(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(MODULUS)) as u64
}

/// `base^exponent`.
pub fn pow(base: u64, mut exponent: u64) -> u64 {
    let (mut base, mut result) = (base, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = mul(result, base);
        }
        base = mul(base, base);
        exponent >>= 1;
    }
    result
}

/// `x * 2^column` for any word `x`.
pub fn shifted(x: u128, column: u32) -> u64 {
    mul((x % u128::from(MODULUS)) as u64, pow(2, u64::from(column)))
}

/// The primitive `2N`-th root of unity at whose odd powers polynomials of `2^log_n` coefficients
/// (at most 4096) are evaluated.
pub fn evaluation_root(log_n: u32) -> u64 {
    pow(PSI_4096, 1 << (12 - log_n.min(12)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_has_order_192_and_the_root_splits_at_64() {
        assert_eq!(pow(2, 96), MODULUS - 1);
        assert_eq!(pow(PSI_2048, 64), 8);
        assert_eq!(pow(PSI_2048, 2048), MODULUS - 1);
        assert_eq!(evaluation_root(11), PSI_2048);
        for log_n in 8..=12 {
            let psi = evaluation_root(log_n);
            assert_eq!(pow(psi, 1 << log_n), MODULUS - 1);
            assert_eq!(
                Ok(psi),
                goldilane_golden_model::roots::evaluation_root(1 << log_n)
            );
            if log_n < 12 {
                assert_eq!(pow(psi, 64), pow(2, 96 >> (log_n - 6)));
            }
        }
        let root = add(shifted(1, 72), shifted(1, 120));
        assert_eq!(mul(root, root), 2);
        assert_eq!(pow(PSI_4096, 64), mul(2, root));
    }

    #[test]
    fn sums_and_shifts_wrap() {
        assert_eq!(add(MODULUS - 1, 1), 0);
        assert_eq!(sub(0, 1), MODULUS - 1);
        assert_eq!(neg(0), 0);
        assert_eq!(
            shifted(u128::MAX, 0),
            (u128::MAX % u128::from(MODULUS)) as u64
        );
        assert_eq!(shifted(1, 192), 1);
    }
}
