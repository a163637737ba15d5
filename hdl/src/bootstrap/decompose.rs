//! From a turned row and the plain row to digits: difference, rounding, signed decomposition.
//!
//! Two forms of a lane. With one level built in ([`single_lane`]) the digit leaves top-aligned, d 2^(b_max - b), so no
//! shifter is needed (the prepared key carries the factor's inverse) and it takes two clocks:
//!
//! ```text
//! 1  z = +-x - y + 2^(63-b)         (x after the last 2:1 multiplexer of the rotation, if one is left)
//! 2  digit = top b bits of z, signed; B/2 stays positive when z had been rounded down to it
//! ```
//!
//! Rounding adds a bit just below the kept ones, so that bit of z is 1 exactly where the word was rounded down, and
//! the tie needs nothing but z. With more levels see [`super::decompose_levels`].
//!
//! Ports: `turned`, `plain` (P words of 64), `negative` (P bits), with an odd log2 P `half_select` one clock before
//! them; `base_log` (6) and `levels` (4), stable three clocks before the first row; with more than one level
//! `place` of the digit (4; 0 the highest) two clocks before the row. `digit` (P words of b_max + 1 bits, two's complement)
//! after [`latency`]. Source of the arithmetic: contract, item 1.

use super::decompose_levels;
use super::decompose_table::{BASE_ADDRESS_BITS, Decomposition};
use super::geometry::{Geometry, copies};
use super::rotate;
use crate::netlist::{Builder, Module, NetlistError, Sig};
use std::sync::Arc;

/// Lanes that one copy of the static constants serves.
const LANES_PER_COPY: usize = 64;

/// Clocks from a row to its digits.
pub const fn latency(geometry: &Geometry) -> usize {
    if geometry.shape.max_pbs_levels == 1 {
        2
    } else {
        decompose_levels::LATENCY
    }
}

/// The turned word of a lane with its sign applied but for the carry, which comes second (1 bit).
///
/// Declares the inputs `near_word`, `near_negative` and, where the rotation leaves a multiplexer, `far_word`, `far_negative` and
/// `half_select`.
pub(super) fn turned_word<'b>(b: &'b Builder, geometry: &Geometry) -> (Sig<'b>, Sig<'b>) {
    let signed = |word: &str, negative: &str| {
        let (word, negative) = (b.input(word, 64), b.input(negative, 1));
        (word ^ negative.sext(64), negative)
    };
    let near = signed("near_word", "near_negative");
    if !rotate::leaves_half(geometry) {
        return near;
    }
    let far = signed("far_word", "far_negative");
    let select = b.reg(b.input("half_select", 1));
    (b.mux(select, far.0, near.0), b.mux(select, far.1, near.1))
}

/// Whether any bit of `word` meets one of `mask`, two LUT levels deep; the parts are to be joined by OR.
fn masked_any<'b>(word: Sig<'b>, mask: Sig<'b>) -> Vec<Sig<'b>> {
    let both = word & mask;
    let bits: Vec<Sig> = (0..both.width()).map(|i| both.bit(i)).collect();
    let groups: Vec<Sig> = bits.chunks(3).map(or_all).collect();
    let b = word.builder();
    groups.chunks(6).map(|six| b.cat(six).any()).collect()
}

/// OR of single bits.
fn or_all<'b>(bits: &[Sig<'b>]) -> Sig<'b> {
    bits[1..].iter().fold(bits[0], |sum, bit| sum | *bit)
}

/// One lane for one level: two clocks, digits top-aligned.
///
/// # Errors
/// None but errors of the generator itself.
pub fn single_lane(geometry: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let digit_bits = geometry.shape.max_pbs_base_log;
    let b = Builder::new(
        "decompose_lane",
        "Turned word minus plain word, rounded to one signed digit, top-aligned.",
    );
    b.one_lane();
    let (word, negative) = turned_word(&b, geometry);
    let plain = b.input("plain", 64);
    let half = b.input("half", digit_bits);
    let kept = b.input("kept", digit_bits);
    // -y is ~y + 1, and a negated word wants one more 1.
    let low = 63 - digit_bits;
    let constant = b.cat(&[!negative, negative, b.lit(0, low - 2), half]);
    let z = b.reg(b.sum(&[word, !plain, constant], 64).from_bit(low));
    let top = z.bit(digit_bits);
    let others = masked_any(z.slice(1, digit_bits - 1), kept.slice(0, digit_bits - 1));
    let rounded_down = masked_any(z.slice(0, digit_bits), half);
    let stays_positive = !or_all(&others) & or_all(&rounded_down);
    let digit = z.slice(1, digit_bits) & kept;
    b.output("digit", b.reg(b.cat(&[digit, top & !stays_positive])));
    b.finish()
}

/// The low bits of the ROM word, which are the bits `lo ..` of the constant.
fn table_of<'b>(
    b: &'b Builder,
    geometry: &Geometry,
    name: &str,
    address: Sig<'b>,
    (lo, width): (u32, u32),
    word: impl Fn(Decomposition) -> u128,
) -> Vec<Sig<'b>> {
    let values: Vec<u128> = Decomposition::table(geometry.shape.max_pbs_levels)
        .map(|d| (word(d) >> lo) & ((1 << width) - 1))
        .collect();
    let read = b.rom(name, width, &values, address);
    copies(b, name, read, geometry.lanes().div_ceil(LANES_PER_COPY))
}

/// Builds the block.
///
/// # Errors
/// None but errors of the generator itself.
pub fn decompose(geometry: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let (lanes, shape) = (geometry.lanes(), &geometry.shape);
    let levels = shape.max_pbs_levels;
    let b = Builder::new(
        &format!("decompose_p{lanes}"),
        "Difference of the turned and the plain row, and its signed digits.",
    );
    let turned = b.input_words("turned", lanes, 64);
    let negative = b.input_words("negative", lanes, 1);
    let plain = b.input_words("plain", lanes, 64);
    let base_log = b.input("base_log", Geometry::BASE_LOG_BITS);
    let level_count = b.input("levels", Geometry::LEVEL_BITS);
    let base_address = base_log.slice(0, BASE_ADDRESS_BITS);
    let level_bits = levels.next_power_of_two().ilog2();
    let address = match level_bits {
        0 => base_address,
        bits => b.cat(&[base_address, level_count.sub_lit(1).slice(0, bits)]),
    };
    let address = b.reg(address);

    let mut shared: Vec<(String, Vec<Sig>)> = Vec::new();
    let lane_module = if levels == 1 {
        let bits = shape.max_pbs_base_log;
        let table = |name, lo, word: fn(Decomposition) -> u128| {
            table_of(&b, geometry, name, address, (lo, bits), word)
        };
        shared.push(("half".into(), table("half", 63 - bits, Decomposition::half)));
        shared.push(("kept".into(), table("kept", 64 - bits, Decomposition::kept)));
        single_lane(geometry)?
    } else {
        for (name, width, word) in decompose_levels::constants(geometry) {
            let copies = table_of(&b, geometry, &name, address, (0, width), word);
            shared.push((name, copies));
        }
        let place = b.input("place", Geometry::LEVEL_BITS);
        let (shift, place) = decompose_levels::position(&b, geometry, base_address, place);
        shared.push((
            "shift".into(),
            copies(&b, "shift", shift, lanes.div_ceil(LANES_PER_COPY)),
        ));
        shared.push((
            "place".into(),
            copies(&b, "place", place, lanes.div_ceil(LANES_PER_COPY)),
        ));
        decompose_levels::lane(geometry)?
    };
    let half_select = rotate::leaves_half(geometry).then(|| b.input("half_select", 1));

    let digits: Vec<Sig> = (0..lanes)
        .map(|lane| {
            let mut inputs: Vec<(&str, Sig)> = vec![
                ("near_word", turned[lane]),
                ("near_negative", negative[lane]),
                ("plain", plain[lane]),
            ];
            if let Some(select) = half_select {
                let (from, wraps) = rotate::source(lanes, lane, lanes / 2);
                let sign = if wraps {
                    !negative[from]
                } else {
                    negative[from]
                };
                inputs.push(("far_word", turned[from]));
                inputs.push(("far_negative", sign));
                inputs.push(("half_select", select));
            }
            for (name, copies) in &shared {
                inputs.push((name, copies[lane / LANES_PER_COPY]));
            }
            let lane = b.instance(&lane_module, &format!("u_lane_{lane}"), &inputs);
            lane.get("digit")
        })
        .collect();
    b.output_words("digit", &digits);
    b.finish()
}
