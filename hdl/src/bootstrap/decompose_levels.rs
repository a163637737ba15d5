//! Lane of the decomposer where several levels are built in: any digit of the word, ten clocks.
//!
//! The carries between digits are those of one addition. Let r be the rounded, kept bits with their sign, and h_m the
//! highest bit of the digit above place m (the sign for m = 0). The digit at m sends a carry up exactly when it exceeds
//! B/2, or equals B/2 and h_m is 1: that is when it overflows on adding K_m = B/2 - 1 + h_m. So with K the word of
//! all K_m (the digit's highest bit is h_m, its other bits ~h_m), digit m of r is digit m of the sum r + K, minus K_m.
//!
//! ```text
//! 1  d = +-x - y                       5  K from the h_m
//! 2  z = d + 2^(63-bl)                 6  r + K
//! 3  kept bits; ties, h_m in parts     7, 8, 9  shifted right, two bits of the shift a clock
//! 4  sign, h_m                         10 digit minus K_m
//! ```
//!
//! Every row passes once a level; `shift` and `place` say which digit is wanted. Source: contract, item 1 (ties).

use super::decompose::turned_word;
use super::decompose_table::{BASE_ADDRESS_BITS, Decomposition};
use super::geometry::{Geometry, count_bits};
use crate::netlist::{Builder, Module, NetlistError, Sig};
use std::sync::Arc;

/// Clocks from a row to its digits.
pub const LATENCY: usize = 10;

/// Bits of a word that one OR tree takes together.
const CHUNK: u32 = 16;

/// A ROM word as a function of base and levels.
pub(super) type ConstantWord = Box<dyn Fn(Decomposition) -> u128>;

fn place_bits(geometry: &Geometry) -> u32 {
    count_bits(geometry.shape.max_pbs_levels)
}

/// Name, width and content of the static constants of a lane.
pub(super) fn constants(geometry: &Geometry) -> Vec<(String, u32, ConstantWord)> {
    let width = geometry.digit_bits();
    let mut all: Vec<(String, u32, ConstantWord)> = vec![
        ("half".into(), 64, Box::new(Decomposition::half)),
        ("kept".into(), 64, Box::new(Decomposition::kept)),
        ("tops".into(), 64, Box::new(Decomposition::tops)),
        (
            "digit_mask".into(),
            width - 1,
            Box::new(Decomposition::digit),
        ),
        (
            "minus_half_base".into(),
            width,
            Box::new(move |d| d.minus_half_base(width)),
        ),
    ];
    for number in 0..place_bits(geometry) {
        let word: ConstantWord = Box::new(move |d| d.place_bit(number));
        all.push((format!("place_bit_{number}"), 64, word));
    }
    for place in 1..geometry.shape.max_pbs_levels - 1 {
        let word: ConstantWord = Box::new(move |d| d.top(place));
        all.push((format!("top_{place}"), 64, word));
    }
    all
}

/// Shift and place of the wanted digit, one clock after `place`.
pub(super) fn position<'b>(
    b: &'b Builder,
    geometry: &Geometry,
    base: Sig<'b>,
    place: Sig<'b>,
) -> (Sig<'b>, Sig<'b>) {
    let bits = place_bits(geometry);
    let place = place.slice(0, bits);
    let values: Vec<u128> = (0..1 << bits)
        .flat_map(|place| (0..1 << BASE_ADDRESS_BITS).map(move |base_log| (base_log, place)))
        .map(|(base_log, place)| {
            let any_levels = Decomposition {
                base_log,
                levels: 1,
            };
            u128::from(any_levels.shift(place) & 63)
        })
        .collect();
    let shift = b.rom("shift_of_place", 6, &values, b.cat(&[base, place]));
    (shift, b.reg(place))
}

/// Whether any bit of `word` meets one of `mask`: a register a chunk, to be joined.
fn masked_any<'b>(b: &'b Builder, word: Sig<'b>, mask: Sig<'b>) -> Sig<'b> {
    let both = word & mask;
    let chunks: Vec<Sig> = (0..both.width())
        .step_by(CHUNK as usize)
        .map(|lo| both.slice(lo, CHUNK.min(both.width() - lo)).any())
        .collect();
    b.reg(b.cat(&chunks))
}

/// Right shift by the two bits of `digit`, each worth `step`; `keep` bits of the result.
fn shift_right<'b>(b: &'b Builder, word: Sig<'b>, digit: Sig<'b>, step: u32, keep: u32) -> Sig<'b> {
    let option = |by: u32| {
        let lo = (by * step).min(word.width() - 1);
        let width = keep.min(word.width() - lo);
        word.slice(lo, width).zext(keep)
    };
    b.reg(b.select(digit, &[option(0), option(1), option(2), option(3)]))
}

/// One lane.
///
/// # Errors
/// None but errors of the generator itself.
pub fn lane(geometry: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let width = geometry.digit_bits();
    let bits = width - 1;
    let max_levels = geometry.shape.max_pbs_levels;
    let b = Builder::new(
        &format!("decompose_levels_lane_l{max_levels}"),
        "Turned word minus plain word, rounded; one signed digit of it.",
    );
    b.one_lane();
    let (word, negative) = turned_word(&b, geometry);
    let plain = b.input("plain", 64);
    let constants: Vec<(String, Sig)> = constants(geometry)
        .into_iter()
        .map(|(name, width, _)| {
            let input = b.input(&name, width);
            (name, input)
        })
        .collect();
    let constant = |name: &str| {
        let found = constants.iter().find(|(n, _)| n == name);
        found.expect("a constant of this lane").1
    };
    let shift = b.input("shift", 6);
    let place = b.input("place", place_bits(geometry));

    // 1, 2: -y is ~y + 1, and a negated word wants one more 1.
    let carries = b.cat(&[!negative, negative]);
    let difference = b.reg(b.sum(&[word, !plain, carries], 64));
    let rounded = b.reg(difference + constant("half"));
    // 3, 4
    let kept = b.reg(rounded & constant("kept"));
    let below_top = (rounded & constant("kept")).slice(0, 63);
    let rest = masked_any(&b, below_top, b.lit((1 << 63) - 1, 63));
    let rounded_down = masked_any(&b, rounded, constant("half"));
    let positive_tie = rest.is_zero() & rounded_down.any();
    let sign = b.reg(kept.bit(63) & !positive_tie);
    let mut above = vec![sign, b.reg(kept.bit(63))];
    for place in 1..max_levels - 1 {
        let top = masked_any(&b, rounded, constant(&format!("top_{place}")));
        above.push(b.reg(top.any()));
    }
    let kept = b.reg(kept);
    // 5, 6
    let place_of = |i: u32| {
        let numbers: Vec<Sig> = (0..place_bits(geometry))
            .map(|number| constant(&format!("place_bit_{number}")).bit(i))
            .collect();
        b.cat(&numbers)
    };
    let carry_bits: Vec<Sig> = (0..64)
        .map(|i| {
            let above = b.select(place_of(i), &above);
            (above ^ !constant("tops").bit(i)) & constant("kept").bit(i)
        })
        .collect();
    let carries = b.reg(b.cat(&carry_bits));
    let own_above = b.reg(b.select(b.delay(place, 4), &above));
    let sum = b.reg(b.reg(kept) + carries);
    // 7, 8, 9
    let shifted = shift_right(&b, sum, b.delay(shift.slice(4, 2), 6), 16, bits + 15);
    let shifted = shift_right(&b, shifted, b.delay(shift.slice(2, 2), 7), 4, bits + 3);
    let shifted = shift_right(&b, shifted, b.delay(shift.slice(0, 2), 8), 1, bits);
    // 10: minus K_m is minus B/2, plus 1 where h_m is 0
    let digit = shifted & constant("digit_mask");
    let one = !b.delay(own_above, 4);
    let rows = [digit, constant("minus_half_base"), one];
    b.output("digit", b.reg(b.sum(&rows, width)));
    b.finish()
}
