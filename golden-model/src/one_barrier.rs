//! The transform of the hardware: two passes of shifts and additions, one barrier of full
//! multiplications between them.
//!
//! Write `N = M * C` with `C = min(64, N)`, `Y = X^C`, and index coefficients by `t + C*m`. For the
//! value at `psi^(2i + 1)` with `i = j + M*k`:
//!
//! ```text
//! pass 1    b[t][j]    = sum over m of a[t + C*m] * omega^((2j + 1) m)     omega = psi^C
//! barrier   c[t][j]    = b[t][j] * psi^((2j + 1) t)
//! pass 2    out[j+M*k] = sum over t of c[t][j] * eta^(k t)                eta = psi^(2M)
//! ```
//!
//! Pass 1 is a negacyclic transform of `M` points and pass 2 a cyclic one of `C` points. For
//! `N = 2048` both roots are powers of 8 (`psi^64 = 8`), so that the passes are shifts. For
//! `N = 4096` pass 1 has a 128th root of unity, `+-sqrt(8)`, and `sqrt(2) = 2^24 - 2^72` is two shifts.
//! The factorisation is that of Cooley and Tukey; that roots may be powers of two is Rader's
//! observation on Fermat and similar numbers.
//!
//! Values are in natural order, exponent `2 * index + 1`. Sizes: 2 to 4096.

use crate::error::{Result, check_range};
use crate::field::{SQRT_TWO, add, mul, shift_by_halves, sub};
use crate::roots::{check_polynomial_size, evaluation_root, powers};
use crate::transform::{Transform, natural_evaluation_exponent};

/// Exponents of `sqrt(2)`: it has order 384.
const HALVES: u32 = 384;
/// `-1` as a power of `sqrt(2)`.
const MINUS_ONE: u32 = 192;
/// Points of the cyclic pass.
const CYCLIC_POINTS: usize = 64;
/// The largest size whose passes are shifts.
const MAX_SIZE: usize = 4096;

/// A pass: evaluation of a polynomial of `points` coefficients by splitting
/// `Y^(2h) - s^2 = (Y^h - s)(Y^h + s)` down to linear factors, all `s` powers of `sqrt(2)`.
#[derive(Clone, Debug)]
struct ShiftPass {
    points: usize,
    /// Power of `sqrt(2)` that `Y^points` equals: 192 (that is -1) or 0.
    start: u32,
    /// `position[leaf]`: where the value of the leaf stands in the order of the pass.
    position: Vec<usize>,
}

impl ShiftPass {
    /// A pass whose value number `i` is the one at the point `point(i)`, all powers of `sqrt(2)`.
    fn new(points: usize, start: u32, point: impl Fn(usize) -> u64) -> Self {
        let table = powers(SQRT_TWO, HALVES as usize);
        let mut pass = Self {
            points,
            start,
            position: Vec::new(),
        };
        let wanted: Vec<u64> = (0..points).map(point).collect();
        pass.position = pass
            .leaf_exponents()
            .iter()
            .filter_map(|exponent| {
                let value = table[*exponent as usize];
                wanted.iter().position(|point| *point == value)
            })
            .collect();
        debug_assert_eq!(pass.position.len(), points);
        pass
    }

    /// The node exponents of one level: `level` splits have been made.
    fn exponents(&self, level: u32) -> Vec<u32> {
        (0..level).fold(vec![self.start], |nodes, _| {
            nodes
                .iter()
                .flat_map(|exponent| [exponent / 2, exponent / 2 + MINUS_ONE])
                .collect()
        })
    }

    fn leaf_exponents(&self) -> Vec<u32> {
        self.exponents(self.points.ilog2())
    }

    /// Values in the order of the pass.
    fn forward(&self, values: &mut [u64]) {
        for level in 0..self.points.ilog2() {
            let length = self.points >> level;
            for (node, exponent) in values.chunks_exact_mut(length).zip(self.exponents(level)) {
                let (low, high) = node.split_at_mut(length / 2);
                for (u, v) in low.iter_mut().zip(high) {
                    let moved = shift_by_halves(*v, exponent / 2);
                    (*u, *v) = (add(*u, moved), sub(*u, moved));
                }
            }
        }
        let leaves = values.to_vec();
        for (leaf, position) in leaves.iter().zip(&self.position) {
            values[*position] = *leaf;
        }
    }

    /// `points` times the coefficients.
    fn inverse(&self, values: &mut [u64]) {
        let ordered = values.to_vec();
        for (leaf, position) in values.iter_mut().zip(&self.position) {
            *leaf = ordered[*position];
        }
        for level in (0..self.points.ilog2()).rev() {
            let length = self.points >> level;
            for (node, exponent) in values.chunks_exact_mut(length).zip(self.exponents(level)) {
                let back = HALVES - exponent / 2;
                let (low, high) = node.split_at_mut(length / 2);
                for (u, v) in low.iter_mut().zip(high) {
                    (*u, *v) = (add(*u, *v), shift_by_halves(sub(*u, *v), back));
                }
            }
        }
    }
}

/// The one-barrier transform, values in natural order.
#[derive(Clone, Debug)]
pub struct OneBarrierTransform {
    negacyclic: ShiftPass,
    cyclic: ShiftPass,
    /// `psi^e` for all `e` modulo `2N`.
    powers: Vec<u64>,
}

impl OneBarrierTransform {
    /// The transform of polynomials of `size` coefficients, 2 to 4096.
    pub fn new(size: usize) -> Result<Self> {
        check_polynomial_size(size)?;
        check_range(
            "polynomial size of the one-barrier transform",
            size,
            2,
            MAX_SIZE,
        )?;
        let powers = powers(evaluation_root(size)?, 2 * size);
        let columns = size.min(CYCLIC_POINTS);
        let rows = size / columns;
        Ok(Self {
            negacyclic: ShiftPass::new(rows, MINUS_ONE, |j| powers[columns * (2 * j + 1)]),
            cyclic: ShiftPass::new(columns, 0, |k| powers[2 * rows * k]),
            powers,
        })
    }

    /// `M`, the points of the negacyclic pass.
    pub fn rows(&self) -> usize {
        self.negacyclic.points
    }

    /// `C`, the points of the cyclic pass.
    pub fn columns(&self) -> usize {
        self.cyclic.points
    }

    /// The barrier's multiplier for value `j` of pass 1 and residue `t`: `psi^((2j + 1) t)`.
    pub fn barrier_constant(&self, j: usize, t: usize) -> u64 {
        self.powers[(2 * j + 1) * t % self.powers.len()]
    }

    /// The multiplier of the inverse's barrier: `psi^(-(2j + 1) t)`.
    pub fn inverse_barrier_constant(&self, j: usize, t: usize) -> u64 {
        let order = self.powers.len();
        self.powers[(order - (2 * j + 1) * t % order) % order]
    }
}

impl Transform for OneBarrierTransform {
    fn polynomial_size(&self) -> usize {
        self.powers.len() / 2
    }

    fn forward(&self, values: &mut [u64]) -> Result<()> {
        self.check(values)?;
        let (rows, columns) = (self.rows(), self.columns());
        let mut lines = vec![0; values.len()]; // [j][t]
        for t in 0..columns {
            let mut column: Vec<u64> = (0..rows).map(|m| values[t + columns * m]).collect();
            self.negacyclic.forward(&mut column);
            for (j, value) in column.iter().enumerate() {
                lines[j * columns + t] = mul(*value, self.barrier_constant(j, t));
            }
        }
        for (j, line) in lines.chunks_exact_mut(columns).enumerate() {
            self.cyclic.forward(line);
            for (k, value) in line.iter().enumerate() {
                values[j + rows * k] = *value;
            }
        }
        Ok(())
    }

    fn inverse_unscaled(&self, values: &mut [u64]) -> Result<()> {
        self.check(values)?;
        let (rows, columns) = (self.rows(), self.columns());
        let mut lines = vec![0; values.len()]; // [j][t]
        for (j, line) in lines.chunks_exact_mut(columns).enumerate() {
            for (k, value) in line.iter_mut().enumerate() {
                *value = values[j + rows * k];
            }
            self.cyclic.inverse(line);
            for (t, value) in line.iter_mut().enumerate() {
                *value = mul(*value, self.inverse_barrier_constant(j, t));
            }
        }
        for t in 0..columns {
            let mut column: Vec<u64> = (0..rows).map(|j| lines[j * columns + t]).collect();
            self.negacyclic.inverse(&mut column);
            for (m, value) in column.iter().enumerate() {
                values[t + columns * m] = *value;
            }
        }
        Ok(())
    }

    fn evaluation_exponent(&self, index: usize) -> usize {
        natural_evaluation_exponent(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_passes_of_the_contract_are_whole_shifts() {
        let transform = OneBarrierTransform::new(2048).unwrap();
        assert_eq!((transform.rows(), transform.columns()), (32, 64));
        for pass in [&transform.negacyclic, &transform.cyclic] {
            for level in 0..=pass.points.ilog2() {
                // node exponents are in halves, a butterfly shifts by half of the node's
                let even = pass.exponents(level).iter().all(|e| e % 2 == 0);
                assert!(even, "level {level}");
            }
        }
    }

    #[test]
    fn every_point_of_a_pass_has_a_place() {
        for log in 1..=12 {
            let transform = OneBarrierTransform::new(1 << log).unwrap();
            for pass in [&transform.negacyclic, &transform.cyclic] {
                let mut places = pass.position.clone();
                places.sort_unstable();
                assert_eq!(places, (0..pass.points).collect::<Vec<_>>(), "2^{log}");
            }
        }
        assert!(OneBarrierTransform::new(8192).is_err());
    }

    #[test]
    fn the_barrier_is_trivial_for_the_first_column_and_inverts() {
        let transform = OneBarrierTransform::new(2048).unwrap();
        for j in 0..32 {
            assert_eq!(transform.barrier_constant(j, 0), 1);
            for t in 0..64 {
                let product = mul(
                    transform.barrier_constant(j, t),
                    transform.inverse_barrier_constant(j, t),
                );
                assert_eq!(product, 1);
            }
        }
    }
}
