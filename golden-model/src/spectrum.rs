//! What goes into the quick inverse transform and what becomes of its results: words as they are, or
//! the sums of products of the external product, and the way back to the accumulator.

use crate::limbs::Limbs;
use crate::simd::{Row, Vector};
use crate::torus::switch_from_prime_lanes;

/// What is transformed back: rows of words, or of sums of products.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// Any words.
    Words(&'a [Row]),
    /// `sum over i of values[i] * key[i][column]`.
    Products {
        /// The values of polynomials, one after another.
        values: &'a [Row],
        /// For each of these the prepared key's polynomials, one for each column.
        key: &'a [Row],
        /// Rows of a polynomial.
        rows: usize,
        /// Number of columns.
        columns: usize,
        /// The column wanted.
        column: usize,
    },
}

impl Input<'_> {
    /// Vector `index` of row `row`, limbs below `2^50`.
    #[inline(always)]
    pub fn limbs<V: Vector>(self, row: usize, index: usize) -> Limbs<V> {
        match self {
            Self::Words(words) => Limbs::from_word(V::load(&words[row], index)),
            Self::Products {
                values,
                key,
                rows,
                columns,
                column,
            } => {
                let mut sum = SumOfProducts::zero();
                let mut places = (row, row + column * rows);
                while places.0 < values.len() {
                    let value = V::load(&values[places.0], index);
                    sum.add(value, V::load(&key[places.1], index));
                    places = (places.0 + rows, places.1 + columns * rows);
                }
                sum.limbs()
            }
        }
    }
}

/// A sum of full products of words, by the 32-bit halves of the factors: lower with lower, lower with
/// upper either way, upper with upper.
///
/// Each sum of 64-bit products is kept modulo `2^64`, and beside it that of their upper halves. Together
/// they say how much the lower halves were: exact for `2^30` products.
#[derive(Clone, Copy, Debug)]
struct SumOfProducts<V> {
    wrapped: [V; 3],
    upper: [V; 3],
}

impl<V: Vector> SumOfProducts<V> {
    #[inline(always)]
    fn zero() -> Self {
        let zero = V::splat(0);
        Self {
            wrapped: [zero; 3],
            upper: [zero; 3],
        }
    }

    /// Adds `a * b`.
    #[inline(always)]
    fn add(&mut self, a: V, b: V) {
        let (a_upper, b_upper) = (a.shr(32), b.shr(32));
        self.add_at(0, a.mul(b));
        self.add_at(1, a.mul(b_upper));
        self.add_at(1, a_upper.mul(b));
        self.add_at(2, a_upper.mul(b_upper));
    }

    #[inline(always)]
    fn add_at(&mut self, place: usize, product: V) {
        self.wrapped[place] = self.wrapped[place].add(product);
        self.upper[place] = self.upper[place].add(product.shr(32));
    }

    /// The sum modulo `2^96 + 1`, limbs below `2^50` for less than `2^14` products.
    #[inline(always)]
    fn limbs(self) -> Limbs<V> {
        let Self { wrapped, upper } = self;
        let [first, second, third] = [
            wrapped[0].sub(upper[0].shl(32)),
            wrapped[1].sub(upper[1].shl(32)),
            wrapped[2].sub(upper[2].shl(32)),
        ];
        // weights 1, 2^32, 2^64 and 2^96 = -1
        let first = first.sub(upper[2]);
        let second = second.add(upper[0]);
        let third = third.add(upper[1]);
        Limbs {
            low: first
                .add(second.and(V::splat(0xffff)).shl(32))
                .sub(third.shr(32)),
            high: second.shr(16).add(third.and(V::splat(0xffff_ffff)).shl(16)),
        }
    }
}

/// Where results go: canonical words.
#[derive(Debug)]
pub enum Output<'a> {
    /// They are what is wanted.
    Words(&'a mut [Row]),
    /// They leave the field and are added to the accumulator, modulo `2^64`.
    Accumulator(&'a mut [Row]),
}

impl Output<'_> {
    /// Takes vector `index` of row `row`.
    #[inline(always)]
    pub fn put<V: Vector>(&mut self, row: usize, index: usize, word: V) {
        match self {
            Self::Words(words) => word.store(&mut words[row], index),
            Self::Accumulator(words) => {
                let row = &mut words[row];
                let sum = V::load(row, index).add(switch_from_prime_lanes(word));
                sum.store(row, index);
            }
        }
    }
}
