//! What goes into the quick inverse transform and what becomes of its results: words as they are, or
//! the sums of products of the external product, and the way back to the accumulator.

use crate::limbs::Limbs;
use crate::passes::{Pair, load, store};
use crate::simd::{Row, Vector};

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
    /// The limbs, below `2^50`, of the rows from `start` on.
    #[inline(always)]
    pub fn fill<V: Vector>(self, start: usize, pairs: &mut [Pair]) {
        match self {
            Self::Words(words) => {
                for (pair, word) in pairs.iter_mut().zip(&words[start..]) {
                    for index in 0..V::PER_ROW {
                        store(pair, index, Limbs::from_word(V::load(word, index)));
                    }
                }
            }
            Self::Products {
                values,
                key,
                rows,
                columns,
                column,
            } => {
                let keys = key.chunks(2 * columns * rows);
                for (number, (values, key)) in values.chunks(2 * rows).zip(keys).enumerate() {
                    let key = &key[column * rows..];
                    let first = [&values[start..], &key[start..]];
                    if values.len() == rows {
                        sum_of_one::<V>(first, pairs, number == 0);
                    } else {
                        let second = [&values[rows + start..], &key[columns * rows + start..]];
                        sum_of_two::<V>(first, second, pairs, number == 0);
                    }
                }
            }
        }
    }
}

/// Two factors, row by row.
type Factors<'a> = [&'a [Row]; 2];

/// Products, put into the pairs if they are the first, added otherwise.
#[inline(always)]
fn sum_of_one<V: Vector>(factors: Factors<'_>, pairs: &mut [Pair], first: bool) {
    for ((pair, a), b) in pairs.iter_mut().zip(factors[0]).zip(factors[1]) {
        for index in 0..V::PER_ROW {
            let product = Product::of(V::load(a, index), V::load(b, index));
            put_sum(pair, index, product.limbs(), first);
        }
    }
}

/// Sums of two products, put into the pairs if they are the first, added otherwise.
#[inline(always)]
fn sum_of_two<V: Vector>(
    factors: Factors<'_>,
    others: Factors<'_>,
    pairs: &mut [Pair],
    first: bool,
) {
    let factors = factors[0].iter().zip(factors[1]);
    let others = others[0].iter().zip(others[1]);
    for ((pair, (a, b)), (c, d)) in pairs.iter_mut().zip(factors).zip(others) {
        for index in 0..V::PER_ROW {
            let product = Product::of(V::load(a, index), V::load(b, index));
            let other = Product::of(V::load(c, index), V::load(d, index));
            put_sum(pair, index, product.add(other).limbs(), first);
        }
    }
}

#[inline(always)]
fn put_sum<V: Vector>(pair: &mut Pair, index: usize, limbs: Limbs<V>, first: bool) {
    if first {
        store(pair, index, limbs);
    } else {
        store(pair, index, load::<V>(pair, index).add(limbs).carry());
    }
}

/// A full product of words, or a sum of two, by the 32-bit halves of the factors: lower with lower,
/// lower with upper either way, upper with upper.
///
/// The sums of 64-bit products are kept modulo `2^64`, and beside them those of their upper halves.
/// Together they say how much the lower halves were.
#[derive(Clone, Copy, Debug)]
struct Product<V> {
    wrapped: [V; 3],
    upper: [V; 3],
}

impl<V: Vector> Product<V> {
    #[inline(always)]
    fn of(a: V, b: V) -> Self {
        let (a_upper, b_upper) = (a.shr(32), b.shr(32));
        let (lower, upper) = (a.mul(b), a_upper.mul(b_upper));
        let (one, other) = (a.mul(b_upper), a_upper.mul(b));
        Self {
            wrapped: [lower, one.add(other), upper],
            upper: [lower.shr(32), one.shr(32).add(other.shr(32)), upper.shr(32)],
        }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        let ([a, b, c], [d, e, f]) = (self.wrapped, other.wrapped);
        let ([g, h, i], [j, k, l]) = (self.upper, other.upper);
        Self {
            wrapped: [a.add(d), b.add(e), c.add(f)],
            upper: [g.add(j), h.add(k), i.add(l)],
        }
    }

    /// Modulo `2^96 + 1`, limbs below `2^49`.
    #[inline(always)]
    fn limbs(self) -> Limbs<V> {
        let Self { wrapped, upper } = self;
        // the sums of the lower halves; weights 1, 2^32, 2^64 and 2^96 = -1
        let first = wrapped[0].sub(upper[0].shl(32)).sub(upper[2]);
        let second = wrapped[1].sub(upper[1].shl(32)).add(upper[0]);
        let third = wrapped[2].sub(upper[2].shl(32)).add(upper[1]);
        let (low_bits, half) = (V::splat(0xffff), V::splat(0xffff_ffff));
        Limbs {
            low: first.add(second.and(low_bits).shl(32)).sub(third.shr(32)),
            high: second.shr(16).add(third.and(half).shl(16)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{MODULUS, add, mul};
    use crate::limbs::tests::{magnitude, value};
    use crate::simd::LANES;
    use crate::toy::ToyRandom;

    /// As many polynomials as a key may have, of extreme and of random words.
    #[test]
    fn sums_of_products_are_those_of_the_field_and_small() {
        let mut random = ToyRandom::new(9);
        let (rows, columns) = (3, 2);
        for count in [1, 2, 3, 4, 5, 40, 567] {
            for word in [
                None,
                Some(u64::MAX),
                Some(MODULUS - 1),
                Some(0xffff_ffff),
                Some(0),
            ] {
                let mut draw = |rows: usize| -> Vec<Row> {
                    let mut row = || std::array::from_fn(|_| word.unwrap_or_else(|| random.word()));
                    (0..rows).map(|_| row()).collect()
                };
                let values = draw(count * rows);
                let key = draw(count * columns * rows);
                for column in 0..columns {
                    let input = Input::Products {
                        values: &values,
                        key: &key,
                        rows,
                        columns,
                        column,
                    };
                    // whatever stood there before
                    let mut pairs = [[[7; LANES]; 2]; 2];
                    input.fill::<u64>(1, &mut pairs);
                    for (row, pair) in pairs.iter().enumerate() {
                        for lane in 0..LANES {
                            let limbs = load::<u64>(pair, lane);
                            let expected = (0..count).fold(0, |sum, i| {
                                let a = values[i * rows + row + 1][lane];
                                let b = key[(i * columns + column) * rows + row + 1][lane];
                                add(sum, mul(a, b))
                            });
                            assert_eq!(value(limbs), expected, "{count} {column} {row}");
                            assert!(magnitude(limbs) < 1 << 50, "{count}");
                        }
                    }
                }
            }
        }
    }
}
