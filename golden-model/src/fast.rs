//! The quick exact transform: in place, values in bit-reversed order, no separate twist.
//!
//! The forward direction splits `X^(2h) - s^2 = (X^h - s)(X^h + s)` level by level, with `s` a power
//! of the root; the inverse joins. Words between the levels are any representatives modulo `p`: only
//! the operand that is added or subtracted is brought below `p`, so that one correction of a carry
//! suffices. The powers are stored in the order in which the nodes use them.

use crate::error::Result;
use crate::field::{add_lazy, canonical, inverse, mul, mul_lazy, sub_lazy};
use crate::roots::{evaluation_root, powers};
use crate::transform::Transform;

/// The quick transform, values in bit-reversed order.
#[derive(Clone, Debug)]
pub struct FastTransform {
    /// `psi^reverse(i)`: node `i` of the level with `h` nodes uses entry `h + i`.
    twiddles: Vec<u64>,
    /// The inverses of the twiddles.
    inverse_twiddles: Vec<u64>,
}

/// The lowest `bits` bits of `index` in reverse order.
fn reverse(index: usize, bits: u32) -> usize {
    if bits == 0 {
        0
    } else {
        index.reverse_bits() >> (usize::BITS - bits)
    }
}

impl FastTransform {
    /// The transform of polynomials of `size` coefficients.
    pub fn new(size: usize) -> Result<Self> {
        let root = evaluation_root(size)?;
        let bits = size.ilog2();
        let order = |powers: Vec<u64>| (0..size).map(|i| powers[reverse(i, bits)]).collect();
        Ok(Self {
            twiddles: order(powers(root, size)),
            inverse_twiddles: order(powers(inverse(root), size)),
        })
    }
}

impl Transform for FastTransform {
    fn polynomial_size(&self) -> usize {
        self.twiddles.len()
    }

    fn forward(&self, values: &mut [u64]) -> Result<()> {
        self.check(values)?;
        let size = values.len();
        let mut nodes = 1;
        while nodes < size {
            let length = size / nodes;
            let twiddles = &self.twiddles[nodes..2 * nodes];
            for (node, twiddle) in values.chunks_exact_mut(length).zip(twiddles) {
                let (low, high) = node.split_at_mut(length / 2);
                for (u, v) in low.iter_mut().zip(high) {
                    let product = mul(*v, *twiddle);
                    (*u, *v) = (add_lazy(*u, product), sub_lazy(*u, product));
                }
            }
            nodes *= 2;
        }
        for value in values {
            *value = canonical(*value);
        }
        Ok(())
    }

    fn inverse_unscaled(&self, values: &mut [u64]) -> Result<()> {
        self.check(values)?;
        let size = values.len();
        let mut nodes = size / 2;
        while nodes > 0 {
            let length = size / nodes;
            let twiddles = &self.inverse_twiddles[nodes..2 * nodes];
            for (node, twiddle) in values.chunks_exact_mut(length).zip(twiddles) {
                let (low, high) = node.split_at_mut(length / 2);
                for (u, v) in low.iter_mut().zip(high) {
                    let other = canonical(*v);
                    let difference = sub_lazy(*u, other);
                    *u = add_lazy(*u, other);
                    *v = mul_lazy(difference, *twiddle);
                }
            }
            nodes /= 2;
        }
        for value in values {
            *value = canonical(*value);
        }
        Ok(())
    }

    fn evaluation_exponent(&self, index: usize) -> usize {
        2 * reverse(index, self.twiddles.len().ilog2()) + 1
    }
}
