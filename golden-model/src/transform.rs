//! What a negacyclic transform is.
//!
//! The forward transform evaluates a polynomial of degree less than `N` at the odd powers of a
//! root `psi_N` of order `2N` ([`evaluation_root`](crate::roots::evaluation_root)). A product of
//! values is then a product of polynomials modulo `X^N + 1`.
//!
//! All implementations compute the same map, each in an order of its own
//! ([`Transform::evaluation_exponent`]); natural order has exponent `2 * index + 1`:
//!
//! | transform | sizes | use |
//! |---|---|---|
//! | [`ReferenceTransform`] | all | the definition, `N^2` products |
//! | [`OneBarrierTransform`] | 2 to 4096 | the structure of the hardware, value by value |
//! | [`FastTransform`] | 256 to 2048 | the same structure, quick |
//! | [`DecimatedTransform`] | all | two transforms of half the size, down to a quick one or to single coefficients |

use crate::decimated::DecimatedTransform;
use crate::error::{Result, check_len};
use crate::fast::FastTransform;
use crate::one_barrier::OneBarrierTransform;
pub use crate::passes::Scratch;
pub use crate::products::Products;
use crate::products::add_products_one_by_one;
use crate::reference_transform::ReferenceTransform;
use crate::simd::Simd;

/// A negacyclic transform of one size.
pub trait Transform: Send + Sync {
    /// The number of coefficients `N`.
    fn polynomial_size(&self) -> usize;

    /// Replaces coefficients (any words) by the values of the polynomial (canonical):
    /// `values[index] = polynomial(psi_N^evaluation_exponent(index))`.
    fn forward(&self, values: &mut [u64]) -> Result<()>;

    /// Replaces values (any words) by `N` times the coefficients (canonical).
    fn inverse_unscaled(&self, values: &mut [u64]) -> Result<()>;

    /// The exponent, odd and less than `2N`, of the point whose value stands at `index`.
    fn evaluation_exponent(&self, index: usize) -> usize;

    /// The instruction set with which the steps around the transform are done.
    fn simd(&self) -> Simd {
        Simd::BASELINE
    }

    /// Adds sums of products: transforms the digits, multiplies by the key, transforms the sums back
    /// (unscaled, the key carries `1/N`) and takes them from the field to modulus `2^64`.
    fn add_products(&self, products: Products<'_>, _scratch: &mut Scratch) -> Result<()> {
        add_products_one_by_one(self, products)
    }

    /// `Err` unless the slice holds one polynomial.
    fn check(&self, values: &[u64]) -> Result<()> {
        check_len("polynomial", values.len(), self.polynomial_size())
    }
}

/// Which transform to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransformKind {
    /// The definition.
    Reference,
    /// Two passes of shifts, one barrier of multiplications.
    OneBarrier,
    /// The quick one, in the vectors of this machine.
    Fast,
    /// The quick one, word by word: for comparison.
    FastScalar,
}

impl TransformKind {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Reference,
        Self::OneBarrier,
        Self::Fast,
        Self::FastScalar,
    ];

    /// Builds the transform for polynomials of `size` coefficients.
    pub fn build(self, size: usize) -> Result<Box<dyn Transform>> {
        Ok(match self {
            Self::Reference => Box::new(ReferenceTransform::new(size)?),
            Self::OneBarrier => Box::new(OneBarrierTransform::new(size)?),
            Self::Fast => build_fast(size, Simd::detect())?,
            Self::FastScalar => build_fast(size, Simd::BASELINE)?,
        })
    }
}

/// The quickest transform of any size.
fn build_fast(size: usize, simd: Simd) -> Result<Box<dyn Transform>> {
    if (FastTransform::MIN_SIZE..=FastTransform::MAX_SIZE).contains(&size) {
        Ok(Box::new(FastTransform::new(size, simd)?))
    } else {
        Ok(Box::new(DecimatedTransform::new(size, simd)?))
    }
}

/// The exponent at `index` in natural order.
pub fn natural_evaluation_exponent(index: usize) -> usize {
    2 * index + 1
}

/// Brings values from the order of `transform` into natural order.
pub fn reorder_to_natural(transform: &dyn Transform, values: &[u64]) -> Result<Vec<u64>> {
    transform.check(values)?;
    let mut natural = vec![0; values.len()];
    for (index, value) in values.iter().enumerate() {
        natural[transform.evaluation_exponent(index) / 2] = *value;
    }
    Ok(natural)
}

/// Brings values from natural order into the order of `transform`.
pub fn reorder_from_natural(transform: &dyn Transform, natural: &[u64]) -> Result<Vec<u64>> {
    transform.check(natural)?;
    Ok((0..natural.len())
        .map(|index| natural[transform.evaluation_exponent(index) / 2])
        .collect())
}

#[cfg(test)]
mod tests {
    //! One set of axioms for all transforms.

    use super::*;
    use crate::field::{MODULUS, add, canonical, mul, pow};
    use crate::roots::evaluation_root;
    use crate::toy::ToyRandom;

    const EDGES: [u64; 16] = [
        0,
        1,
        1 << 31,
        (1 << 32) - 1,
        1 << 32,
        (1 << 32) + 1,
        (1 << 63) - 1,
        1 << 63,
        (1 << 63) + 1,
        MODULUS - 2,
        MODULUS - 1,
        MODULUS,
        MODULUS + 1,
        u64::MAX,
        1 << 22,
        MODULUS - (1 << 22),
    ];

    /// Polynomials on which a lazy reduction that is too lazy shows.
    fn polynomials(size: usize) -> Vec<Vec<u64>> {
        let mut random = ToyRandom::new(size as u64);
        let mut all: Vec<Vec<u64>> = EDGES.iter().map(|edge| vec![*edge; size]).collect();
        for (first, second) in EDGES.iter().zip(EDGES.iter().rev()) {
            all.push(
                (0..size)
                    .map(|i| if i % 2 == 0 { *first } else { *second })
                    .collect(),
            );
        }
        all.push(
            (0..size)
                .map(|_| EDGES[random.below(EDGES.len() as u64) as usize])
                .collect(),
        );
        all.push((0..size).map(|_| random.word()).collect());
        for position in [0, size / 2, size - 1] {
            let mut single = vec![0; size];
            single[position] = u64::MAX;
            all.push(single);
        }
        all
    }

    fn sizes(kind: TransformKind) -> Vec<usize> {
        let largest = match kind {
            TransformKind::Reference => 64,
            TransformKind::OneBarrier => 4096,
            TransformKind::Fast | TransformKind::FastScalar => 8192,
        };
        (1..=13)
            .map(|log| 1 << log)
            .filter(|size| *size <= largest)
            .collect()
    }

    fn product_by_definition(a: &[u64], b: &[u64]) -> Vec<u64> {
        let size = a.len();
        let mut product = vec![0; size];
        for (i, x) in a.iter().enumerate() {
            for (j, y) in b.iter().enumerate() {
                let term = mul(*x, *y);
                let (place, sign) = if i + j < size {
                    (i + j, 1)
                } else {
                    (i + j - size, MODULUS - 1)
                };
                product[place] = add(product[place], mul(sign, term));
            }
        }
        product
    }

    #[test]
    fn values_are_those_of_the_polynomial_at_the_documented_points() {
        for kind in TransformKind::ALL {
            for size in sizes(kind) {
                let transform = kind.build(size).unwrap();
                let root = evaluation_root(size).unwrap();
                for polynomial in polynomials(size) {
                    let mut values = polynomial.clone();
                    transform.forward(&mut values).unwrap();
                    for index in [0, 1, size / 2, size - 1] {
                        let point = pow(root, transform.evaluation_exponent(index) as u64);
                        let expected = polynomial
                            .iter()
                            .rev()
                            .fold(0, |sum, coefficient| add(mul(sum, point), *coefficient));
                        assert_eq!(values[index], expected, "{kind:?} {size} {index}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_inverse_undoes_the_transform_up_to_the_size() {
        for kind in TransformKind::ALL {
            for size in sizes(kind) {
                let transform = kind.build(size).unwrap();
                for polynomial in polynomials(size) {
                    let mut values = polynomial.clone();
                    transform.forward(&mut values).unwrap();
                    transform.inverse_unscaled(&mut values).unwrap();
                    let expected: Vec<u64> = polynomial
                        .iter()
                        .map(|coefficient| mul(*coefficient, size as u64))
                        .collect();
                    assert_eq!(values, expected, "{kind:?} {size}");
                }
            }
        }
    }

    #[test]
    fn both_directions_take_any_words_and_give_canonical_ones() {
        for kind in TransformKind::ALL {
            for size in sizes(kind) {
                let transform = kind.build(size).unwrap();
                for words in polynomials(size) {
                    let reduced: Vec<u64> = words.iter().map(|word| canonical(*word)).collect();
                    let (mut a, mut b) = (words.clone(), reduced.clone());
                    transform.forward(&mut a).unwrap();
                    transform.forward(&mut b).unwrap();
                    assert_eq!(a, b, "{kind:?} {size} forward");
                    assert!(a.iter().all(|word| *word < MODULUS));
                    let (mut a, mut b) = (words, reduced);
                    transform.inverse_unscaled(&mut a).unwrap();
                    transform.inverse_unscaled(&mut b).unwrap();
                    assert_eq!(a, b, "{kind:?} {size} inverse");
                    assert!(a.iter().all(|word| *word < MODULUS));
                }
            }
        }
    }

    #[test]
    fn products_of_values_are_negacyclic_products() {
        for kind in TransformKind::ALL {
            for size in [2, 16, 32, 64, 128] {
                let transform = kind.build(size).unwrap();
                let all = polynomials(size);
                for (a, b) in all.iter().zip(all.iter().rev()) {
                    let (mut x, mut y) = (a.clone(), b.clone());
                    transform.forward(&mut x).unwrap();
                    transform.forward(&mut y).unwrap();
                    let mut product: Vec<u64> =
                        x.iter().zip(&y).map(|(x, y)| mul(*x, *y)).collect();
                    transform.inverse_unscaled(&mut product).unwrap();
                    let expected: Vec<u64> = product_by_definition(a, b)
                        .iter()
                        .map(|coefficient| mul(*coefficient, size as u64))
                        .collect();
                    assert_eq!(product, expected, "{kind:?} {size}");
                }
            }
        }
    }

    #[test]
    fn all_are_one_map() {
        for size in [2, 8, 32, 64, 256, 2048, 4096] {
            let definition = TransformKind::Reference.build(size).unwrap();
            let mut random = ToyRandom::new(size as u64);
            let polynomial: Vec<u64> = (0..size).map(|_| random.word()).collect();
            let mut expected = polynomial.clone();
            definition.forward(&mut expected).unwrap();
            for kind in TransformKind::ALL {
                let transform = kind.build(size).unwrap();
                let mut values = polynomial.clone();
                transform.forward(&mut values).unwrap();
                let natural = reorder_to_natural(transform.as_ref(), &values).unwrap();
                assert_eq!(natural, expected, "{kind:?} {size}");
                assert_eq!(
                    reorder_from_natural(transform.as_ref(), &natural).unwrap(),
                    values
                );
            }
        }
    }

    #[test]
    fn refuses_slices_and_sizes_that_do_not_fit() {
        for kind in TransformKind::ALL {
            let transform = kind.build(64).unwrap();
            assert!(transform.forward(&mut [0; 63]).is_err());
            assert!(transform.inverse_unscaled(&mut [0; 128]).is_err());
            assert!(kind.build(100).is_err());
            assert!(kind.build(0).is_err());
        }
    }

    /// Same order, same words: in the transforms and through whole sums of products.
    #[test]
    fn vectors_and_single_words_agree() {
        if Simd::detect() == Simd::BASELINE {
            println!("no AVX2 here: the quick transform has but one form");
        }
        for size in (8..=13).map(|log| 1 << log) {
            let [quick, scalar] = [TransformKind::Fast, TransformKind::FastScalar]
                .map(|kind| kind.build(size).unwrap());
            for index in 0..size {
                let exponent = quick.evaluation_exponent(index);
                assert_eq!(exponent, scalar.evaluation_exponent(index));
            }
            for polynomial in polynomials(size) {
                let (mut a, mut b) = (polynomial.clone(), polynomial.clone());
                quick.forward(&mut a).unwrap();
                scalar.forward(&mut b).unwrap();
                assert_eq!(a, b, "{size} forward");
                let (mut a, mut b) = (polynomial.clone(), polynomial);
                quick.inverse_unscaled(&mut a).unwrap();
                scalar.inverse_unscaled(&mut b).unwrap();
                assert_eq!(a, b, "{size} inverse");
            }
        }
    }
}
