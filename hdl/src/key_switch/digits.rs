//! Signed digits of coefficients times key words, a level a clock, by adders only.
//!
//! The decomposition of contract 1 is made digit by digit, deepest level first, out of the coefficient
//! itself. With `X` the b bits of the level and a carry `c` (at the deepest level: the bit below, which
//! rounds), the digit is `X + c - B * carry`, and
//!
//! ```text
//! carry = X + c > B/2, or X + c = B/2 and tie
//! tie   = top bit of the next level; at the top level: the rounded and folded number is negative, which is
//!         where X = B/2:     anything below is not zero, or the rounding bit is set
//!         where X = B/2 - 1: everything below is ones and the rounding bit is set (the rounding ripples up)
//! ```
//! The next carry is the digit's carry, so that the state of a coefficient is three bits.
//! `X` with its sign is recoded in radix 4 (digits -2 .. 2, `c` enters below the lowest bit), so that a
//! product is the sum of two selected and shifted key words: one compressor and one chain.
//! What comes out is `- sum of digit * key` modulo 2^32 over the coefficients of the block.
//!
//! Timing, from the clock of `position`: `coefficients` one clock later, `keys` [`KEY_AT`] clocks later,
//! `sum` [`latency`] clocks later. `first` and `last` (deepest and top level) come with `position`,
//! which is the level counted from the top, less one. The levels of a coefficient come without a gap.

use super::geometry::COEFFICIENT_BITS;
use crate::netlist::{Builder, Module, NetlistError, Sig};
use std::sync::Arc;

/// Clocks from `position` to the key words.
pub const KEY_AT: usize = 6;

/// Clocks from `position` to the sum.
pub fn latency(coefficients: usize) -> usize {
    KEY_AT + 1 + sum_latency(coefficients)
}

/// Clocks of a tree of three-input adders.
pub fn sum_latency(terms: usize) -> usize {
    let mut left = terms;
    let mut clocks = 0;
    while left > 1 {
        left = left.div_ceil(3);
        clocks += 1;
    }
    clocks
}

/// Sum of many words modulo 2^32, three to one a clock.
pub fn sum_tree<'b>(b: &'b Builder, terms: &[Sig<'b>]) -> Sig<'b> {
    let mut layer = terms.to_vec();
    while layer.len() > 1 {
        layer = layer.chunks(3).map(|c| b.reg(b.sum(c, 32))).collect();
    }
    layer[0]
}

/// Controls of a digit, held in the block's registers.
struct Control<'b> {
    /// The base is 2^(base + 1).
    base: Sig<'b>,
    /// The level counted from the top, less one.
    position: Sig<'b>,
    /// Deepest level; three clocks after `position`.
    first: Sig<'b>,
    /// Top level; three clocks after `position`.
    last: Sig<'b>,
    /// Bits of a digit of four bits that the base does not have.
    beyond: Sig<'b>,
}

/// The level's bits: (rounding bit, digit of 4 bits, top bit of the next level), two clocks later.
fn window<'b>(b: &'b Builder, x: Sig<'b>, c: &Control<'b>) -> (Sig<'b>, Sig<'b>, Sig<'b>) {
    let by_base: Vec<[Sig<'b>; 3]> = (1..=4_u32)
        .map(|base| {
            // Of the word of 64 bits the upper 33 are kept.
            let at = |level: u32| COEFFICIENT_BITS - base * level;
            let pick = |f: &dyn Fn(u32) -> Sig<'b>| {
                let options: Vec<_> = (1..=8).map(f).collect();
                b.reg(b.select(c.position, &options))
            };
            let round = pick(&|level| x.bit(at(level) - 1));
            let digit = pick(&|level| x.slice(at(level), base));
            let next = pick(&|level| match level {
                1 => b.lit(0, 1),
                _ => x.bit(at(level - 1) + base - 1),
            });
            [round, digit.zext(4), next]
        })
        .collect();
    let pick = |i: usize| {
        let options: Vec<_> = by_base.iter().map(|w| w[i]).collect();
        b.reg(b.select(c.base, &options))
    };
    (pick(0), pick(1), pick(2))
}

/// What the carry rule asks of a digit, by base.
fn judge<'b>(
    b: &'b Builder,
    digit: Sig<'b>,
    base: Sig<'b>,
    test: impl Fn(Sig<'b>, u32) -> Sig<'b>,
) -> Sig<'b> {
    let options: Vec<_> = (1..=4).map(|w| test(digit.slice(0, w), w)).collect();
    b.reg(b.select(base, &options))
}

/// Recoded digit, negated: twice (negative, one, two), for the weights 1 and 4.
fn recoded<'b>(b: &'b Builder, x: Sig<'b>, c: &Control<'b>) -> [[Sig<'b>; 3]; 2] {
    let (round, digit, next) = window(b, x, c);
    let half = |w: u32| 1_u128 << (w - 1);
    let top = judge(b, digit, c.base, |d, w| d.bit(w - 1));
    let above = judge(b, digit, c.base, |d, w| match w {
        1 => b.lit(0, 1),
        _ => d.bit(w - 1) & d.slice(0, w - 1).any(),
    });
    let at_half = judge(b, digit, c.base, |d, w| d.eq_lit(half(w)));
    let below_half = judge(b, digit, c.base, |d, w| d.eq_lit(half(w) - 1));
    let ones = judge(b, digit, c.base, |d, _| d.all());
    let (round, next) = (b.reg(round), b.reg(next));
    let something = b.reg(digit.any());
    let digit = b.reg(digit);
    let (first, last) = (c.first, c.last);

    // The loop: three bits of state.
    let carry = b.state("carry", 1, 0);
    let nonzero = b.state("nonzero", 1, 0);
    let ripple = b.state("ripple", 1, 0);
    let carry_in = b.mux(first, round, carry);
    let nonzero_in = b.mux(first, round, nonzero);
    let ripple_in = b.mux(first, round, ripple);
    let tie_up = b.mux(last, nonzero_in, next);
    let tie_ripple = b.mux(last, ripple_in, next);
    b.drive(
        carry,
        b.mux(
            carry_in,
            top | (below_half & tie_ripple),
            above | (at_half & tie_up),
        ),
    );
    b.drive(nonzero, nonzero_in | something);
    b.drive(ripple, ripple_in & ones);
    let (digit, carry_in) = (b.reg(digit), b.reg(carry_in));

    // Two's complement of X - B * carry, then radix 4; every sign turned.
    let y: Vec<_> = (0..4_u32)
        .map(|i| digit.bit(i) | (carry & c.beyond.bit(i)))
        .collect();
    let low = [
        b.reg(!y[1]),
        b.reg(y[0] ^ carry_in),
        b.reg(b.mux(y[1], !(y[0] | carry_in), y[0] & carry_in)),
    ];
    // +8 and -8 have no third digit: the sign is the carry, and bit 3 against it makes the magnitude 2.
    let against = y[3] ^ carry;
    let high = [
        b.reg(!carry),
        b.reg((y[1] ^ y[2]) & !against),
        b.reg(against | b.mux(y[3], !(y[1] | y[2]), y[1] & y[2])),
    ];
    [low, high]
}

/// `digit * key` for a recoded digit: a row whose complement still lacks its one.
fn row<'b>(b: &'b Builder, [negative, one, two]: [Sig<'b>; 3], key: Sig<'b>) -> Sig<'b> {
    let w = key.width();
    let double = b.cat(&[b.lit(0, 1), key.slice(0, w - 1)]);
    ((one.sext(w) & key) | (two.sext(w) & double)) ^ negative.sext(w)
}

/// Builds the block for `coefficients` coefficients.
///
/// # Errors
/// None but those of the netlist.
pub fn digits(coefficients: usize) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        &format!("key_switch_digits_{coefficients}"),
        &format!("Minus the sum of {coefficients} digit products modulo 2^32, a level a clock."),
    );
    let one = digit_product()?;
    let base = b.reg(b.input("base", 2));
    let beyond: Vec<_> = (1..=4).map(|w| b.lit(0xf << w & 0xf, 4)).collect();
    let control = [
        ("base", base),
        ("position", b.reg(b.input("position", 3))),
        ("first", b.delay(b.input("first", 1), 4)),
        ("last", b.delay(b.input("last", 1), 4)),
        ("beyond", b.reg(b.select(base, &beyond))),
    ];
    let x = b.input_words("coefficients", coefficients, COEFFICIENT_BITS);
    let keys = b.input_words("keys", coefficients, 32);
    let products: Vec<_> = x
        .iter()
        .zip(&keys)
        .enumerate()
        .map(|(i, (&x, &key))| {
            let mut inputs = control.to_vec();
            inputs.extend([("coefficient", x), ("key", key)]);
            b.instance(&one, &format!("u_product_{i}"), &inputs)
                .get("product")
        })
        .collect();
    b.output("sum", sum_tree(&b, &products));
    b.finish()
}

/// The product of one coefficient; controls come from registers, one clock after those of the block.
fn digit_product() -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "key_switch_digit",
        "Minus a signed digit of a coefficient times a key word modulo 2^32.",
    );
    let control = Control {
        base: b.input("base", 2),
        position: b.input("position", 3),
        first: b.input("first", 1),
        last: b.input("last", 1),
        beyond: b.input("beyond", 4),
    };
    let [low, high] = recoded(&b, b.input("coefficient", COEFFICIENT_BITS), &control);
    let key = b.input("key", 32);
    let low_row = row(&b, low, key);
    let high_row = row(&b, high, key.slice(0, 30));
    let ones = b.cat(&[low[0], b.lit(0, 1), high[0]]);
    b.output(
        "product",
        b.reg(b.sum(&[low_row, high_row.shl(2), ones], 32)),
    );
    b.finish()
}
