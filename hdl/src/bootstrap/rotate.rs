//! Lane part of the multiplication of a row by X^a.
//!
//! Coefficient c of X^a A is +-A[c - a]. With a = a_row + R (a_lane + P a_sign), row r of the product
//! comes from row r - a_row (mod R), and with `amount` = (a_lane + P a_sign + [r < a_row]) mod 2P lane L
//! takes lane L - amount (mod P), negated when L < amount mod P, and once more when amount >= P.
//! The row offset is the reader's business; this block turns the lanes.
//!
//! Two bits of the amount a clock: a 4:1 multiplexer a level, steps 1, 4, 16, ... The sign rides
//! along as a bit of its own, it is applied where the plain row is subtracted. An odd bit that is left
//! (step P/2) is left to the subtraction too, which has room for a 2:1 multiplexer.
//!
//! Ports: `amount` (log2 P + 1 bits) one clock before `row` (P words of 64); `turned` (P words of 64) and
//! `negative` (P bits) after [`latency`]; with an odd log2 P also `half_select`, one clock before them:
//! 1 where lane L shall take lane L - P/2.
//!
//! Cost: log2(P)/2 levels of 65 P registers and 4:1 multiplexers; a select register drives two lanes.

use super::geometry::{Geometry, copies};
use crate::netlist::{Builder, Module, NetlistError, Sig};
use std::sync::Arc;

/// Lanes that one select register serves: 2 * 65 loads a bit.
const LANES_PER_SELECT: usize = 2;
/// Lanes that one register of the sign serves: one to four loads each.
const LANES_PER_SIGN: usize = 32;

/// Levels of 4:1 multiplexers.
pub const fn levels(geometry: &Geometry) -> u32 {
    geometry.lane_bits() / 2
}

/// Clocks from `row` to `turned`.
pub const fn latency(geometry: &Geometry) -> usize {
    levels(geometry) as usize
}

/// True if the highest bit of the amount is left to the subtraction.
pub const fn leaves_half(geometry: &Geometry) -> bool {
    geometry.lane_bits() % 2 == 1
}

/// The lane from which lane `lane` takes a word that moves up by `by`, and whether it wraps.
pub const fn source(lanes: usize, lane: usize, by: usize) -> (usize, bool) {
    ((lane + lanes - by) % lanes, lane < by)
}

/// Builds the block.
///
/// # Errors
/// None but errors of the generator itself.
pub fn rotate(geometry: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let lanes = geometry.lanes();
    let b = Builder::new(
        &format!("rotate_lanes_p{lanes}"),
        "Turns the lanes of a row by the amount, negating what wraps: two bits of the amount a clock.",
    );
    let amount = b.input("amount", geometry.lane_bits() + 1);
    let mut words = b.input_words("row", lanes, 64);
    let sign = amount.bit(geometry.lane_bits());
    let turned_over = copies(&b, "turned_over", sign, lanes.div_ceil(LANES_PER_SIGN));
    let mut negative: Vec<_> = (0..lanes)
        .map(|lane| turned_over[lane / LANES_PER_SIGN])
        .collect();
    for level in 0..levels(geometry) {
        let digit = b.delay(amount.slice(2 * level, 2), level as usize);
        let name = format!("level_{level}_select");
        let selects = copies(&b, &name, digit, lanes.div_ceil(LANES_PER_SELECT));
        let mut next = (Vec::new(), Vec::new());
        for lane in 0..lanes {
            let select = selects[lane / LANES_PER_SELECT];
            let sources: Vec<_> = (0..4)
                .map(|digit| source(lanes, lane, digit << (2 * level)))
                .collect();
            let options: Vec<Sig> = sources.iter().map(|(from, _)| words[*from]).collect();
            let signs: Vec<Sig> = sources
                .iter()
                .map(|&(from, wraps)| {
                    if wraps {
                        !negative[from]
                    } else {
                        negative[from]
                    }
                })
                .collect();
            next.0.push(b.reg(b.select(select, &options)));
            // A register a lane: most lanes never wrap in the first levels and would all share one.
            let sign = b.state(&format!("negative_{level}_{lane}"), 1, 0);
            b.drive(sign, b.select(select, &signs));
            next.1.push(sign);
        }
        (words, negative) = next;
    }
    b.output_words("turned", &words);
    b.output_words("negative", &negative);
    if leaves_half(geometry) {
        let bit = amount.bit(geometry.lane_bits() - 1);
        b.output("half_select", b.delay(bit, latency(geometry)));
    }
    b.finish()
}
