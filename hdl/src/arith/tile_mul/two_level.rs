//! Karatsuba in two levels: 9 products.
//!
//! With `s = 2^16`, `t = 2^32`, `x = (x0 + x1 s) + (x2 + x3 s) t` and `f` likewise,
//!
//! ```text
//! x f = (((a + b s) + (d + e s) t) (1 + s) + (c + g t) s) (1 + t) + ((h + i s) (1 + s) + j s) t
//! a = x0 f0              b = x1 f1              c = (x0 - x1) (f1 - f0)
//! d = x2 f2              e = x3 f3              g = (x2 - x3) (f3 - f2)
//! h = (x0 - x2) (f2 - f0)   i = (x1 - x3) (f3 - f1)   j = ((x0 - x2) - (x1 - x3)) ((f3 - f1) - (f2 - f0))
//! ```
//!
//! The factors (1 + s) and (1 + t) are taken out, so that four sums do what 25 shifted products would ask of them.
//!
//! | clock | what |
//! |---|---|
//! | 1 | `x` as one binary number |
//! | 2 | differences; products `a b d e` begin |
//! | 3 | differences of differences; products `c g h i` begin |
//! | 4 | product `j` begins |
//! | + registers | |
//! | ... 3 | `r = (a + b s) + (d + e s) t` |
//! | ... 4 | `v = r (1 + s) + (c + g t) s`; before it `c + g t` |
//! | ... 5 | `w = u (1 + s) + j s`, before it `u = h + i s`; `z = v + w` in the next |
//! | ... 6 | `v + z t` |
//!
//! A difference of 16-bit digits has 17 bits with its sign, one of differences 18: no factor is wider than 18, none of
//! the other side than 20.

use super::operands::{Multipliers, Signed, binary, cut, last_sum, sum};
use crate::pipeline::block::BuildError;
use crate::pipeline::value::{TWO_LIMBS, Value};
use crate::pipeline::word::Word;

/// Bits of a digit.
const S: u32 = 16;
const T: u32 = 2 * S;

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
    let whole = binary(pipe, x);
    // Digits 0 .. 2 and a top digit that takes the bits above column 64.
    let x = [
        whole.bits(0, S),
        whole.bits(S, S),
        whole.bits(T, S),
        whole.bits(T + S, whole.width() - T - S),
    ];
    let factor = cut(pipe.delay(factor, whole.clock()), S);
    let f: Vec<Word<'b>> = factor.limbs.iter().map(|l| l.0).collect();
    let same = |i: usize| m.value(x[i], f[i]);
    let minus = |w: &[Word<'b>], i: usize, j: usize| Signed::difference(pipe, w[i], w[j]);
    let crossed = |i: usize, j: usize| (minus(&x, i, j), minus(&f, j, i));
    let (hx, hf) = crossed(0, 2);
    let (ix, jf) = crossed(1, 3);
    let jx = Signed::difference_signed(pipe, hx, ix);
    let jff = Signed::difference_signed(pipe, jf, hf);
    let of = |(x, f): (Signed<'b>, Signed<'b>)| m.signed(x, f);

    let (a, b, d, e) = (same(0), same(1), same(2), same(3));
    let (c, g) = (of(crossed(0, 1)), of(crossed(2, 3)));
    let (h, i, j) = (m.signed(hx, hf), m.signed(ix, jf), m.signed(jx, jff));
    let r = sum(pipe, &[(&a, 0), (&b, S), (&d, T), (&e, T + S)], &[0])?;
    let cg = sum(pipe, &[(&c, 0), (&g, T)], &[0])?;
    let v = sum(pipe, &[(&r, 0), (&r, S), (&cg, S)], &TWO_LIMBS)?;
    let u = sum(pipe, &[(&h, 0), (&i, S)], &[0])?;
    let w = sum(pipe, &[(&u, 0), (&u, S), (&j, S)], &[0])?;
    let z = sum(pipe, &[(&v, 0), (&w, 0)], &TWO_LIMBS)?;
    last_sum(pipe, &[(&v, 0), (&z, T)])
}
