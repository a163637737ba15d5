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
//! Timing, from the clock of `place`: `coefficients` one clock later, `keys` [`KEY_AT`] clocks later,
//! `sum` [`latency`] clocks later. `first` and `last` (deepest and top level) come with `place`, where the level's
//! window begins ([`place`]). The levels of a coefficient come without a gap.

use super::geometry::COEFFICIENT_BITS;
use crate::netlist::{Builder, Module, NetlistError, Sig};
use std::sync::Arc;

/// Clocks from `place` to the key words.
pub const KEY_AT: usize = 6;

/// Clocks from `place` to the sum.
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

/// Bits of a coefficient with zeros above, so that every window lies inside.
const PADDED_BITS: u32 = 40;
/// A level's window: rounding bit, digit of up to 4 bits, next level's up to its top bit.
const WINDOW_BITS: u32 = 9;

/// Controls of a digit, held in the block's registers.
struct Control<'b> {
    /// The base is 2^(base + 1).
    base: Sig<'b>,
    /// Where the level's window begins, in units of 8 bits.
    coarse: Sig<'b>,
    /// Where it begins within that; a clock after `coarse`.
    fine: Sig<'b>,
    /// Deepest level; three clocks after `coarse`.
    first: Sig<'b>,
    /// Top level; three clocks after `coarse`.
    last: Sig<'b>,
    /// Bits of a digit of four bits that the base does not have.
    beyond: Sig<'b>,
}

/// Where the window of a level begins: at its rounding bit. Of the word of 64 bits the upper 33 are kept. `position` is
/// the level counted from the top, less one; the base is 2^(`base` + 1).
pub fn place<'b>(b: &'b Builder, base: Sig<'b>, position: Sig<'b>) -> Sig<'b> {
    let places: Vec<_> = (0..32)
        .map(|i| {
            let (base, level) = (i % 4 + 1, i / 4 + 1);
            // Levels below the lowest bit are not asked for.
            b.lit(
                u128::from((COEFFICIENT_BITS - 1).saturating_sub(base * level)),
                5,
            )
        })
        .collect();
    b.select(b.cat(&[base, position]), &places)
}

/// The level's window, two clocks later.
fn window<'b>(b: &'b Builder, x: Sig<'b>, c: &Control<'b>) -> Sig<'b> {
    let padded = x.zext(PADDED_BITS);
    let shifted = |x: Sig<'b>, count: u32, stride: u32, width: u32, by: Sig<'b>| {
        let options: Vec<_> = (0..count).map(|i| x.slice(i * stride, width)).collect();
        b.reg(b.select(by, &options))
    };
    let coarse = shifted(padded, 4, 8, 16, c.coarse);
    shifted(coarse, 8, 1, WINDOW_BITS, c.fine)
}

/// What the rules ask of a digit, a clock later: whether it is at least half the base, more than half, half, one less
/// than half, all ones, anything but 0.
fn facts<'b>(b: &'b Builder, digit: Sig<'b>, base: Sig<'b>) -> Sig<'b> {
    let answers: Vec<_> = (0..64_u32)
        .map(|i| {
            let half = 1 << (i >> 4);
            let x = i & (2 * half - 1);
            let facts = [
                x >= half,
                x > half,
                x == half,
                x == half - 1,
                x == 2 * half - 1,
                x != 0,
            ];
            b.lit(bits(facts), 6)
        })
        .collect();
    b.reg(b.select(b.cat(&[digit, base]), &answers))
}

/// A word of bits, lowest first.
fn bits(bits: [bool; 6]) -> u128 {
    bits.iter()
        .rev()
        .fold(0, |word, &bit| word << 1 | u128::from(bit))
}

/// Recoded digit, negated: twice (negative, one, two), for the weights 1 and 4. Of `X` with the bits that its carry
/// sets above the base, its carry and the carry that it takes.
fn recode(x: u32) -> u128 {
    let bit = |i: u32| x >> i & 1 == 1;
    let (carry, carry_in) = (bit(4), bit(5));
    // +8 and -8 have no third digit: the sign is the carry, and bit 3 against it makes the magnitude 2.
    let against = bit(3) != carry;
    let twice = |top: bool, low: bool, lower: bool| match top {
        true => !(low || lower),
        false => low && lower,
    };
    bits([
        !bit(1),
        bit(0) != carry_in,
        twice(bit(1), bit(0), carry_in),
        !carry,
        bit(1) != bit(2) && !against,
        against || twice(bit(3), bit(1), bit(2)),
    ])
}

/// The recoded digit of a coefficient, see [`recode`].
fn recoded<'b>(b: &'b Builder, x: Sig<'b>, c: &Control<'b>) -> [[Sig<'b>; 3]; 2] {
    let window = window(b, x, c);
    let (round, raw) = (b.reg(window.bit(0)), window.slice(1, 4));
    let tops: Vec<_> = (1..=4).map(|base| window.bit(2 * base)).collect();
    let next = b.reg(b.select(c.base, &tops));
    let facts = facts(b, raw, c.base);
    let [top, above, at_half, below_half, ones, something] =
        [0, 1, 2, 3, 4, 5].map(|i| facts.bit(i));
    let digit = b.reg(raw & !c.beyond);
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
    let signed = digit | (carry.sext(4) & c.beyond);
    let table: Vec<_> = (0..64).map(|x| b.lit(recode(x), 6)).collect();
    let recoded = b.reg(b.select(b.cat(&[signed, carry, carry_in]), &table));
    [[0, 1, 2], [3, 4, 5]].map(|part| part.map(|i| recoded.bit(i)))
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
    let place = b.reg(b.input("place", 5));
    let control = [
        ("base", base),
        ("coarse", place.slice(3, 2)),
        ("fine", b.reg(place.slice(0, 3))),
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
    b.one_lane();
    let control = Control {
        base: b.input("base", 2),
        coarse: b.input("coarse", 2),
        fine: b.input("fine", 3),
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
