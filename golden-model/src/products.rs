//! Sums of products of polynomials: what stands between the decomposition and the accumulator.

use crate::error::{Result, check_len};
use crate::field::{add_lazy, canonical, mul_lazy};
use crate::torus::{digit_to_field, switch_from_prime};
use crate::transform::Transform;

/// Sums of products of polynomials, to be added to an accumulator modulo `2^64`:
/// `accumulator[column] += sum over i of digits[i] * key[i][column]`.
#[derive(Debug)]
pub struct Products<'a> {
    /// Polynomials modulo `2^64`.
    pub accumulator: &'a mut [u64],
    /// Polynomials of signed digits in two's complement. They are overwritten.
    pub digits: &'a mut [u64],
    /// The digits lie in `-2^(base_log - 1) ..= 2^(base_log - 1)`.
    pub base_log: usize,
    /// Prepared polynomials, `[digit polynomial][polynomial of the accumulator][N]`.
    pub key: &'a [u64],
}

impl Products<'_> {
    /// `Err` unless all are whole polynomials of `size` words, and as many as they must be.
    pub fn check(&self, size: usize) -> Result<()> {
        let (columns, rows) = (self.accumulator.len() / size, self.digits.len() / size);
        check_len("accumulator", self.accumulator.len(), columns * size)?;
        check_len("digit polynomials", self.digits.len(), rows * size)?;
        let expected = rows.saturating_mul(columns).saturating_mul(size);
        check_len("prepared key", self.key.len(), expected)
    }
}

/// Adds sums of products, word by word, with any transform.
pub fn add_products_one_by_one<T: Transform + ?Sized>(
    transform: &T,
    products: Products<'_>,
) -> Result<()> {
    let size = transform.polynomial_size();
    products.check(size)?;
    let Products {
        accumulator,
        digits,
        key,
        ..
    } = products;
    let mut sums = vec![0; accumulator.len()];
    for (values, row) in digits
        .chunks_exact_mut(size)
        .zip(key.chunks_exact(sums.len().max(1)))
    {
        for digit in values.iter_mut() {
            *digit = digit_to_field(*digit as i64);
        }
        transform.forward(values)?;
        for (sum, key) in sums.chunks_exact_mut(size).zip(row.chunks_exact(size)) {
            for ((sum, key), value) in sum.iter_mut().zip(key).zip(values.iter()) {
                *sum = add_lazy(*sum, canonical(mul_lazy(*key, *value)));
            }
        }
    }
    for (out, sum) in accumulator
        .chunks_exact_mut(size)
        .zip(sums.chunks_exact_mut(size))
    {
        transform.inverse_unscaled(sum)?;
        for (word, value) in out.iter_mut().zip(sum) {
            *word = word.wrapping_add(switch_from_prime(*value));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transform::{Scratch, TransformKind};

    #[test]
    fn refuses_products_that_do_not_fit() {
        for kind in TransformKind::ALL {
            let transform = kind.build(256).unwrap();
            let add = |accumulator: usize, digits: usize, key: usize| {
                let products = Products {
                    accumulator: &mut vec![0; accumulator],
                    digits: &mut vec![0; digits],
                    base_log: 4,
                    key: &vec![0; key],
                };
                transform.add_products(products, &mut Scratch::default())
            };
            assert!(add(512, 768, 6 * 256).is_ok(), "{kind:?}");
            assert!(add(0, 0, 0).is_ok());
            assert!(add(512, 768, 5 * 256).is_err());
            assert!(add(500, 768, 6 * 256).is_err());
            assert!(add(512, 700, 6 * 256).is_err());
        }
    }
}
