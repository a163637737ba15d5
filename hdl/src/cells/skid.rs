//! Skid buffer: cuts all paths of a valid/ready stream, in both directions, at full rate.
//!
//! Ports: `in_valid`, `in_ready`, `in_data` (words); `out_valid`, `out_ready`, `out_data` (words).
//! Latency 1 clock; every output is a register. Cost: two registers of the payload, which stand while none comes. What
//! moves the payload stands in a copy for every [`GROUP_BITS`] of it.

use crate::netlist::{Builder, Module, NetlistError};
use std::sync::Arc;

/// Clocks from a payload at the input to the same payload at the output of an empty buffer.
pub const LATENCY: usize = 1;
/// Bits of the payload under one copy of the controls, rounded up to words.
const GROUP_BITS: u32 = 192;

/// Builds the skid buffer `name` for a payload of `words` words of `width` bits.
///
/// # Errors
/// None but those of the netlist.
pub fn skid(name: &str, words: usize, width: u32) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        name,
        &format!("Skid buffer of {words} words of {width} bits: all outputs are registers."),
    );
    let in_valid = b.input("in_valid", 1);
    let data = b.input_words("in_data", words, width);
    let out_ready = b.input("out_ready", 1);
    let valid = b.state("out_valid_reg", 1, 0);
    // Open while the side register is free; closed during reset, when nothing is kept.
    let open = b.state("in_ready_reg", 1, 0);
    let used = b.wire("side_used", 1);
    let accept = in_valid & open;
    let take = out_ready | !valid;
    let used_next = !take & (used | accept);
    b.drive(open, !used_next);
    b.drive(valid, !take | used | accept);
    let mut out = Vec::with_capacity(words);
    for (i, group) in data.chunks(GROUP_BITS.div_ceil(width) as usize).enumerate() {
        let side_open = b.state(&format!("side_open_{i}"), 1, 0);
        let side_used = b.state(&format!("side_used_{i}"), 1, 0);
        b.drive(side_open, !used_next);
        b.drive(side_used, used_next);
        if i == 0 {
            b.drive(used, side_used);
        }
        let to_side = in_valid & side_open;
        let to_out = take & (side_used | in_valid);
        out.extend(group.iter().map(|&word| {
            let side = b.reg_en(word, to_side);
            b.reg_en(b.mux(side_used, side, word), to_out)
        }));
    }
    b.output("in_ready", open);
    b.output("out_valid", valid);
    b.output_words("out_data", &out);
    b.finish()
}
