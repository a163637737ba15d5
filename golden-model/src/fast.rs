//! The quick exact transform and the products between its two directions, for 256 to 2048 coefficients.
//!
//! The structure is that of the hardware, two passes of shifts and one barrier of products: see
//! [`passes`](crate::passes). Digits of the decomposition go in as signed numbers, whose first
//! shifts cost almost nothing; sums of products are reduced once, on their way into the inverse.
//! The order of the values is that of pass 2, see there.

use crate::aligned::AlignedWords;
use crate::error::{Result, check_range};
use crate::field::inverse as inverse_in_field;
use crate::limbs::multiplier;
use crate::passes::{POINTS, forward, inverse};
use crate::roots::{check_polynomial_size, evaluation_root, powers};
use crate::simd::{LANES, Row, Simd, Vector, Work};
use crate::spectrum::{Input, Output};
use crate::torus::digit_to_field;
use crate::transform::{Products, Scratch, Transform, natural_evaluation_exponent};

/// Bits of the largest base whose digits, `-B/2 ..= B/2`, take the short way through pass 1.
const MAX_SMALL_BASE_LOG: usize = 23;

/// The quick transform.
#[derive(Clone, Debug)]
pub struct FastTransform {
    size: usize,
    simd: Simd,
    /// `[block of t][i][s]`, columns along `t`.
    multipliers: AlignedWords,
    /// `[i][t0][t']`, columns along `s`.
    inverse_multipliers: AlignedWords,
}

/// The multipliers `root^((2j + 1) t)`, where `place(row, lane)` is `(j, t)`.
fn multiplier_rows(
    size: usize,
    root: u64,
    place: impl Fn(usize, usize) -> (usize, usize),
) -> AlignedWords {
    let powers = powers(root, 2 * size);
    let mut words = AlignedWords::zeros(4 * size);
    for (index, row) in words.chunks_exact_mut(4 * LANES).enumerate() {
        for lane in 0..LANES {
            let (j, t) = place(index, lane);
            let constant = multiplier(powers[(2 * j + 1) * t % powers.len()]);
            for (piece, word) in constant.into_iter().enumerate() {
                row[LANES * piece + lane] = word;
            }
        }
    }
    words
}

impl FastTransform {
    /// The smallest size.
    pub const MIN_SIZE: usize = 256;
    /// The largest size.
    pub const MAX_SIZE: usize = 2048;

    /// The transform of polynomials of `size` coefficients, in the vectors of `simd`.
    pub fn new(size: usize, simd: Simd) -> Result<Self> {
        check_polynomial_size(size)?;
        check_range(
            "polynomial size of the quick transform",
            size,
            Self::MIN_SIZE,
            Self::MAX_SIZE,
        )?;
        let root = evaluation_root(size)?;
        let columns = size / POINTS;
        Ok(Self {
            size,
            simd,
            multipliers: multiplier_rows(size, root, |row, lane| {
                let (block, i, s) = (row / POINTS, row / 4 % 8, row % 4);
                (i + 8 * s, LANES * block + lane)
            }),
            inverse_multipliers: multiplier_rows(size, inverse_in_field(root), |row, lane| {
                let (i, t0, t) = (row / columns, row % columns / 8, row % 8);
                (i + 8 * lane, columns / 8 * t + t0)
            }),
        })
    }
}

/// One forward transform.
struct Forward<'a> {
    transform: &'a FastTransform,
    values: &'a mut [Row],
    small: bool,
    wanted_next: &'a [Row],
    scratch: &'a mut Scratch,
}

impl Work for Forward<'_> {
    #[inline(always)]
    fn run<V: Vector>(self) {
        let Self {
            transform,
            values,
            small,
            wanted_next: next,
            scratch,
        } = self;
        let multipliers = transform.multipliers.as_chunks().0.as_chunks().0;
        match transform.size {
            256 => forward::<V, 1>(values, small, next, multipliers, scratch),
            512 => forward::<V, 2>(values, small, next, multipliers, scratch),
            1024 => forward::<V, 4>(values, small, next, multipliers, scratch),
            _ => forward::<V, 8>(values, small, next, multipliers, scratch),
        }
    }
}

/// One inverse transform.
struct Inverse<'a> {
    transform: &'a FastTransform,
    input: Input<'a>,
    output: Output<'a>,
    scratch: &'a mut Scratch,
}

impl Work for Inverse<'_> {
    #[inline(always)]
    fn run<V: Vector>(self) {
        let Self {
            transform,
            input,
            output,
            scratch,
        } = self;
        let multipliers = transform.inverse_multipliers.as_chunks().0.as_chunks().0;
        match transform.size {
            256 => inverse::<V, 1>(input, output, multipliers, scratch),
            512 => inverse::<V, 2>(input, output, multipliers, scratch),
            1024 => inverse::<V, 4>(input, output, multipliers, scratch),
            _ => inverse::<V, 8>(input, output, multipliers, scratch),
        }
    }
}

impl FastTransform {
    fn run_forward(
        &self,
        values: &mut [u64],
        small: bool,
        wanted_next: &[u64],
        scratch: &mut Scratch,
    ) {
        self.simd.run(Forward {
            transform: self,
            values: values.as_chunks_mut().0,
            small,
            wanted_next: wanted_next.as_chunks().0,
            scratch,
        });
    }

    fn run_inverse(&self, input: Input<'_>, output: Output<'_>, scratch: &mut Scratch) {
        self.simd.run(Inverse {
            transform: self,
            input,
            output,
            scratch,
        });
    }
}

impl Transform for FastTransform {
    fn polynomial_size(&self) -> usize {
        self.size
    }

    fn forward(&self, values: &mut [u64]) -> Result<()> {
        self.check(values)?;
        self.run_forward(values, false, &[], &mut Scratch::default());
        Ok(())
    }

    fn inverse_unscaled(&self, values: &mut [u64]) -> Result<()> {
        self.check(values)?;
        let input = values.to_vec();
        self.run_inverse(
            Input::Words(input.as_chunks().0),
            Output::Words(values.as_chunks_mut().0),
            &mut Scratch::default(),
        );
        Ok(())
    }

    fn evaluation_exponent(&self, index: usize) -> usize {
        let (row, lane) = (index / LANES, index % LANES);
        let columns = self.size / POINTS;
        let (j, k) = (row / columns + 8 * lane, row % columns);
        natural_evaluation_exponent(j + POINTS * k)
    }

    fn simd(&self) -> Simd {
        self.simd
    }

    fn add_products(&self, products: Products<'_>, scratch: &mut Scratch) -> Result<()> {
        products.check(self.size)?;
        let Products {
            accumulator,
            digits,
            base_log,
            key,
        } = products;
        let small = base_log <= MAX_SMALL_BASE_LOG;
        let rows = key.chunks_exact(accumulator.len().max(1));
        for (polynomial, row) in digits.chunks_exact_mut(self.size).zip(rows) {
            if !small {
                for digit in polynomial.iter_mut() {
                    *digit = digit_to_field(*digit as i64);
                }
            }
            self.run_forward(polynomial, small, row, scratch);
        }
        let columns = accumulator.len() / self.size;
        for (column, polynomial) in accumulator.chunks_exact_mut(self.size).enumerate() {
            let input = Input::Products {
                values: digits.as_chunks().0,
                key: key.as_chunks().0,
                rows: self.size / LANES,
                columns,
                column,
            };
            let output = Output::Accumulator(polynomial.as_chunks_mut().0);
            self.run_inverse(input, output, scratch);
        }
        Ok(())
    }
}
