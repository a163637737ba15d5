//! The quick exact transform: in place, values in bit-reversed order, no separate twist.
//!
//! The forward direction splits `X^(2h) - s^2 = (X^h - s)(X^h + s)` level by level, with `s` a power
//! of the root; the inverse joins. Two levels are done at a time, so that a word is loaded and stored
//! half as often. Words between the levels are any representatives modulo `p`: only the operand that is added
//! or subtracted is brought below `p`, so that one correction of a carry suffices. The powers are
//! stored in the order in which the nodes use them.

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

/// One split: `(u + s v, u - s v)`.
#[inline(always)]
fn split(u: u64, v: u64, twiddle: u64) -> (u64, u64) {
    let product = mul(v, twiddle);
    (add_lazy(u, product), sub_lazy(u, product))
}

/// One join, twice the coefficients: `(x + y, (x - y) / s)`.
#[inline(always)]
fn join(x: u64, y: u64, inverse_twiddle: u64) -> (u64, u64) {
    let y = canonical(y);
    (add_lazy(x, y), mul_lazy(sub_lazy(x, y), inverse_twiddle))
}

/// The four quarters of a node, word by word.
#[inline(always)]
fn quarters(
    node: &mut [u64],
) -> impl Iterator<Item = (((&mut u64, &mut u64), &mut u64), &mut u64)> {
    let (low, high) = node.split_at_mut(node.len() / 2);
    let (a, b) = low.split_at_mut(low.len() / 2);
    let (c, d) = high.split_at_mut(high.len() / 2);
    a.iter_mut().zip(b).zip(c).zip(d)
}

/// Two levels of splitting: the node's twiddle, then those of its two children.
#[inline(always)]
fn split_twice(node: &mut [u64], parent: u64, children: &[u64; 2]) {
    for (((a, b), c), d) in quarters(node) {
        let (a1, c1) = split(*a, *c, parent);
        let (b1, d1) = split(*b, *d, parent);
        (*a, *b) = split(a1, b1, children[0]);
        (*c, *d) = split(c1, d1, children[1]);
    }
}

/// Two levels of joining.
#[inline(always)]
fn join_twice(node: &mut [u64], parent: u64, children: &[u64; 2]) {
    for (((a, b), c), d) in quarters(node) {
        let (a1, b1) = join(*a, *b, children[0]);
        let (c1, d1) = join(*c, *d, children[1]);
        (*a, *c) = join(a1, c1, parent);
        (*b, *d) = join(b1, d1, parent);
    }
}

/// Two levels of all `nodes` nodes. Short nodes get loops of known length.
#[inline(always)]
fn two_levels<const FORWARD: bool>(values: &mut [u64], nodes: usize, twiddles: &[u64]) {
    let step = |node: &mut [u64], parent: u64, children: &[u64; 2]| {
        if FORWARD {
            split_twice(node, parent, children)
        } else {
            join_twice(node, parent, children)
        }
    };
    let length = values.len() / nodes;
    let parents = &twiddles[nodes..2 * nodes];
    let children = twiddles[2 * nodes..4 * nodes].as_chunks::<2>().0;
    let twiddles = parents.iter().zip(children);
    match length {
        4 => {
            let nodes = values.as_chunks_mut::<4>().0.iter_mut();
            for (node, (parent, children)) in nodes.zip(twiddles) {
                step(node, *parent, children);
            }
        }
        16 => {
            let nodes = values.as_chunks_mut::<16>().0.iter_mut();
            for (node, (parent, children)) in nodes.zip(twiddles) {
                step(node, *parent, children);
            }
        }
        _ => {
            let nodes = values.chunks_exact_mut(length);
            for (node, (parent, children)) in nodes.zip(twiddles) {
                step(node, *parent, children);
            }
        }
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

    /// Whether the number of levels is odd: the first is then done alone.
    fn has_single_level(&self) -> bool {
        self.twiddles.len().ilog2() % 2 == 1
    }
}

impl Transform for FastTransform {
    fn polynomial_size(&self) -> usize {
        self.twiddles.len()
    }

    fn forward(&self, values: &mut [u64]) -> Result<()> {
        self.check(values)?;
        let mut nodes = 1;
        if self.has_single_level() {
            let (low, high) = values.split_at_mut(values.len() / 2);
            for (u, v) in low.iter_mut().zip(high) {
                (*u, *v) = split(*u, *v, self.twiddles[1]);
            }
            nodes = 2;
        }
        while nodes < values.len() {
            two_levels::<true>(values, nodes, &self.twiddles);
            nodes *= 4;
        }
        for value in values {
            *value = canonical(*value);
        }
        Ok(())
    }

    fn inverse_unscaled(&self, values: &mut [u64]) -> Result<()> {
        self.check(values)?;
        let last = if self.has_single_level() { 2 } else { 1 };
        let mut nodes = values.len();
        while nodes > last {
            nodes /= 4;
            two_levels::<false>(values, nodes, &self.inverse_twiddles);
        }
        if self.has_single_level() {
            let (low, high) = values.split_at_mut(values.len() / 2);
            for (x, y) in low.iter_mut().zip(high) {
                (*x, *y) = join(*x, *y, self.inverse_twiddles[1]);
            }
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
