//! The transform of any size out of transforms of half the size.
//!
//! `a(X) = e(X^2) + X o(X^2)`, and the squares of the points of size `N` are the points of size
//! `N/2`: if these have value `i` at the exponent `x`, value `i` is `e_i + psi_N^x o_i` at `x`, and value
//! `i + N/2` is `e_i - psi_N^x o_i` at `x + N`.
//! Halving goes on down to [`FastTransform`]'s largest size, or to single coefficients for
//! sizes that have no quick transform. This is decimation in time, after Cooley and Tukey.

use crate::error::Result;
use crate::fast::FastTransform;
use crate::field::{add, canonical, inverse, mul, sub};
use crate::roots::{evaluation_root, powers};
use crate::simd::Simd;
use crate::transform::Transform;

/// A transform of any size by halving.
#[derive(Clone, Debug)]
pub struct DecimatedTransform {
    /// `psi_N^e`, `e < N`.
    powers: Vec<u64>,
    /// `psi_N^-e`.
    inverse_powers: Vec<u64>,
    /// Where halving ends, unless with single coefficients.
    base: Option<FastTransform>,
}

impl DecimatedTransform {
    /// The transform of polynomials of `size` coefficients.
    pub fn new(size: usize, simd: Simd) -> Result<Self> {
        let root = evaluation_root(size)?;
        let base = if size > FastTransform::MAX_SIZE {
            Some(FastTransform::new(FastTransform::MAX_SIZE, simd)?)
        } else {
            None
        };
        Ok(Self {
            powers: powers(root, size),
            inverse_powers: powers(inverse(root), size),
            base,
        })
    }

    /// Whether halving has ended, and if so the transform of these values.
    fn ends(
        &self,
        values: &mut [u64],
        step: impl Fn(&FastTransform, &mut [u64]) -> Result<()>,
    ) -> Result<bool> {
        match &self.base {
            Some(base) if values.len() == base.polynomial_size() => step(base, values)?,
            _ if values.len() == 1 => values[0] = canonical(values[0]),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The exponent of value `index`, the same for all sizes that have so many values.
    fn exponent(&self, index: usize) -> usize {
        match &self.base {
            Some(base) => {
                let place = index % base.polynomial_size();
                base.evaluation_exponent(place) + 2 * (index - place)
            }
            None => 2 * index + 1,
        }
    }

    /// The place of that power of `psi_size = psi_N^(N / size)` among the powers of `psi_N`.
    fn power(&self, index: usize, size: usize) -> usize {
        self.exponent(index) * (self.powers.len() / size)
    }

    fn split(&self, values: &mut [u64]) -> Result<()> {
        if self.ends(values, Transform::forward)? {
            return Ok(());
        }
        let size = values.len();
        let odd: Vec<u64> = values.iter().skip(1).step_by(2).copied().collect();
        for index in 0..size / 2 {
            values[index] = values[2 * index];
        }
        let (low, high) = values.split_at_mut(size / 2);
        high.copy_from_slice(&odd);
        self.split(low)?;
        self.split(high)?;
        for (index, (u, v)) in low.iter_mut().zip(high).enumerate() {
            let moved = mul(*v, self.powers[self.power(index, size)]);
            (*u, *v) = (add(*u, moved), sub(*u, moved));
        }
        Ok(())
    }

    fn join(&self, values: &mut [u64]) -> Result<()> {
        if self.ends(values, Transform::inverse_unscaled)? {
            return Ok(());
        }
        let size = values.len();
        let (low, high) = values.split_at_mut(size / 2);
        for (index, (u, v)) in low.iter_mut().zip(high.iter_mut()).enumerate() {
            let back = self.inverse_powers[self.power(index, size)];
            (*u, *v) = (add(*u, *v), mul(sub(*u, *v), back));
        }
        self.join(low)?;
        self.join(high)?;
        let halves = values.to_vec();
        let (even, odd) = halves.split_at(size / 2);
        for (pair, (even, odd)) in values.chunks_exact_mut(2).zip(even.iter().zip(odd)) {
            pair.copy_from_slice(&[*even, *odd]);
        }
        Ok(())
    }
}

impl Transform for DecimatedTransform {
    fn polynomial_size(&self) -> usize {
        self.powers.len()
    }

    fn forward(&self, values: &mut [u64]) -> Result<()> {
        self.check(values)?;
        self.split(values)
    }

    fn inverse_unscaled(&self, values: &mut [u64]) -> Result<()> {
        self.check(values)?;
        self.join(values)
    }

    fn evaluation_exponent(&self, index: usize) -> usize {
        self.exponent(index)
    }

    fn simd(&self) -> Simd {
        self.base.as_ref().map_or(Simd::BASELINE, Transform::simd)
    }
}
