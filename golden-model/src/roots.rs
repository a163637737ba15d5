//! The roots of unity at which polynomials are evaluated.
//!
//! For `N = 2048` the root is `psi = 10974926054405199669`, of order `2N = 4096`, with
//! `psi^64 = 8`. Smaller sizes use `psi^(2048 / N)`. Larger sizes use the smaller of the two square
//! roots, again and again: `psi_4096^2 = psi_2048`.

use crate::error::{Error, Result, check_range};
use crate::field::{GENERATOR, MODULUS, inverse, mul, pow};

/// The 4096th root of unity of the contract: `PSI_2048^64 = 8`.
pub const PSI_2048: u64 = 10_974_926_054_405_199_669;
/// The smallest polynomial size.
pub const MIN_POLYNOMIAL_SIZE: usize = 2;
/// The largest polynomial size; exponents modulo `2N` then fit 16 bits.
pub const MAX_POLYNOMIAL_SIZE: usize = 1 << 14;

/// `Err` unless `size` is a power of two in the range of the golden model.
pub fn check_polynomial_size(size: usize) -> Result<()> {
    check_range(
        "polynomial size",
        size,
        MIN_POLYNOMIAL_SIZE,
        MAX_POLYNOMIAL_SIZE,
    )?;
    if size.is_power_of_two() {
        Ok(())
    } else {
        Err(Error::NotPowerOfTwo {
            what: "polynomial size",
            value: size,
        })
    }
}

/// The root of order `2 * size` whose odd powers are the points of evaluation.
pub fn evaluation_root(size: usize) -> Result<u64> {
    check_polynomial_size(size)?;
    if size <= 2048 {
        return Ok(pow(PSI_2048, (2048 / size) as u64));
    }
    let mut root = PSI_2048;
    let mut reached = 2048;
    while reached < size {
        root = smaller_square_root(root, 2 * reached);
        reached *= 2;
    }
    Ok(root)
}

/// The smaller square root of a root of unity of order `order`, a power of two.
fn smaller_square_root(root: u64, order: usize) -> u64 {
    // `wide` has order 2 * order; its square generates the group in which `root` lies
    let wide = pow(GENERATOR, (MODULUS - 1) / (2 * order) as u64);
    let square = mul(wide, wide);
    let mut power = square;
    let mut candidate = wide;
    while power != root {
        power = mul(power, square);
        candidate = mul(candidate, wide);
    }
    candidate.min(MODULUS - candidate)
}

/// `root^0, root^1, .., root^(count - 1)`.
pub fn powers(root: u64, count: usize) -> Vec<u64> {
    std::iter::successors(Some(1), |power| Some(mul(*power, root)))
        .take(count)
        .collect()
}

/// `1 / size` in the field: the factor that the prepared key carries.
pub fn inverse_of_size(size: usize) -> u64 {
    inverse(size as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_have_order_twice_the_size_and_form_one_chain() {
        let mut size = MAX_POLYNOMIAL_SIZE;
        while size >= MIN_POLYNOMIAL_SIZE {
            let root = evaluation_root(size).unwrap();
            assert_eq!(pow(root, size as u64), MODULUS - 1, "size {size}");
            if size > MIN_POLYNOMIAL_SIZE {
                assert_eq!(mul(root, root), evaluation_root(size / 2).unwrap());
            }
            size /= 2;
        }
        assert_eq!(evaluation_root(2048).unwrap(), PSI_2048);
        assert_eq!(evaluation_root(32).unwrap(), 8);
    }

    #[test]
    fn refuses_other_sizes() {
        assert!(evaluation_root(0).is_err());
        assert!(evaluation_root(96).is_err());
        assert!(evaluation_root(2 * MAX_POLYNOMIAL_SIZE).is_err());
    }
}
