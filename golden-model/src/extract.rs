//! Sample extract: one LWE ciphertext out of the accumulator, with the rotation by the body merged in.
//!
//! At `h = (body + degree) mod 2N`, with `X^N = -1`: `mask[j] = A[h - j]` for each mask polynomial,
//! `body = B[h]`. Several degrees from one accumulator are several lookup tables in one bootstrap.

use crate::error::{Result, check_range};
use crate::roots::check_polynomial_size;

/// Coefficient `exponent` (modulo `2N`) of a polynomial, with `X^N = -1`.
fn coefficient(polynomial: &[u64], exponent: usize) -> u64 {
    let size = polynomial.len();
    let word = polynomial[exponent % size];
    if (exponent / size).is_multiple_of(2) {
        word
    } else {
        word.wrapping_neg()
    }
}

/// The big LWE ciphertext (`k*N + 1` words) of coefficient `degree` of `X^(-body) * accumulator`.
///
/// `body` and `degree` are exponents modulo `2N`.
pub fn extract(
    accumulator: &[u64],
    polynomial_size: usize,
    body: u16,
    degree: usize,
) -> Result<Vec<u64>> {
    check_polynomial_size(polynomial_size)?;
    let order = 2 * polynomial_size;
    let polynomials = accumulator.len() / polynomial_size;
    check_range("accumulator polynomials", polynomials, 2, usize::MAX)?;
    crate::error::check_len(
        "accumulator",
        accumulator.len(),
        polynomials * polynomial_size,
    )?;
    check_range("body exponent", usize::from(body), 0, order - 1)?;
    check_range("extraction degree", degree, 0, order - 1)?;
    let place = usize::from(body) + degree;
    let (mask, body_polynomial) = accumulator.split_at((polynomials - 1) * polynomial_size);
    let mut output = Vec::with_capacity(mask.len() + 1);
    for polynomial in mask.chunks_exact(polynomial_size) {
        output.extend((0..polynomial_size).map(|j| coefficient(polynomial, order + place - j)));
    }
    output.push(coefficient(body_polynomial, place));
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy::ToyRandom;

    /// `sum of mask[j] * s[j]` must be the coefficient of the product of polynomials.
    #[test]
    fn the_inner_product_is_the_coefficient_of_the_rotated_product() {
        let mut random = ToyRandom::new(4);
        let size = 8;
        let accumulator: Vec<u64> = (0..2 * size).map(|_| random.word()).collect();
        let secret: Vec<u64> = (0..size).map(|_| random.below(2)).collect();
        let mut product = vec![0_u64; size];
        for (i, word) in accumulator[..size].iter().enumerate() {
            for (j, bit) in secret.iter().enumerate() {
                let term = word.wrapping_mul(*bit);
                let at = (i + j) % size;
                product[at] = if i + j < size {
                    product[at].wrapping_add(term)
                } else {
                    product[at].wrapping_sub(term)
                };
            }
        }
        for body in 0..2 * size {
            for degree in 0..2 * size {
                let lwe = extract(&accumulator, size, body as u16, degree).unwrap();
                let inner = lwe[..size]
                    .iter()
                    .zip(&secret)
                    .fold(0_u64, |sum, (a, s)| sum.wrapping_add(a.wrapping_mul(*s)));
                assert_eq!(inner, coefficient(&product, body + degree));
                assert_eq!(lwe[size], coefficient(&accumulator[size..], body + degree));
            }
        }
    }

    #[test]
    fn refuses_what_does_not_fit() {
        assert!(extract(&[0; 16], 8, 0, 0).is_ok());
        assert!(extract(&[0; 15], 8, 0, 0).is_err());
        assert!(extract(&[0; 8], 8, 0, 0).is_err());
        assert!(extract(&[0; 16], 8, 16, 0).is_err());
        assert!(extract(&[0; 16], 8, 0, 16).is_err());
        assert!(extract(&[0; 16], 0, 0, 0).is_err());
    }
}
