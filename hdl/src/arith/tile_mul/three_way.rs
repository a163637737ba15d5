//! Karatsuba of three limbs: 6 products.
//!
//! With `s = 2^22`, `x = x0 + x1 s + x2 s^2` as it comes, `f` cut alike,
//!
//! ```text
//! x f = (p0 + p1 s + p2 s^2) (1 + s + s^2) + (d01 + d02 s + d12 s^2) s
//! p_i = x_i f_i      d_ij = (x_i - x_j) (f_j - f_i)
//! ```
//!
//! | clock | what |
//! |---|---|
//! | 1 | products `p` and differences |
//! | + registers | |
//! | ... 1 | `p = p0 + p1 s + p2 s^2` |
//! | ... 2 | `p (1 + s + s^2)`; `d01 + d02 s + d12 s^2` |
//! | ... 3 | their sum |
//!
//! Limbs of 24 bits and digits of 22 bits: differences of 25 and 23 bits with their signs.

use super::operands::{Multipliers, Signed, cut, last_sum, sum};
use crate::pipeline::block::BuildError;
use crate::pipeline::value::{TWO_LIMBS, Value};
use crate::pipeline::word::Word;

/// Columns from limb to limb.
const S: u32 = 22;

/// The product.
///
/// # Errors
/// None that occur: the block is fixed.
pub fn product<'b>(
    m: &Multipliers<'_, 'b>,
    x: &Value<'b>,
    factor: Word<'b>,
) -> Result<Value<'b>, BuildError> {
    let pipe = m.pipe;
    let f = cut(factor, S);
    let same = |i: usize| m.value(x.limbs[i].0, f.limbs[i].0);
    let crossed = |i: usize, j: usize| {
        let x = Signed::difference(pipe, x.limbs[i].0, x.limbs[j].0);
        let f = Signed::difference(pipe, f.limbs[j].0, f.limbs[i].0);
        m.signed(x, f)
    };
    let [p0, p1, p2] = [0, 1, 2].map(same);
    let [d01, d02, d12] = [(0, 1), (0, 2), (1, 2)].map(|(i, j)| crossed(i, j));
    let p = sum(pipe, &[(&p0, 0), (&p1, S), (&p2, 2 * S)], &[0])?;
    let all = sum(pipe, &[(&p, 0), (&p, S), (&p, 2 * S)], &TWO_LIMBS)?;
    let d = sum(pipe, &[(&d01, 0), (&d02, S), (&d12, 2 * S)], &[0])?;
    last_sum(pipe, &[(&all, 0), (&d, S)])
}
