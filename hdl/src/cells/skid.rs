//! Skid buffer: cuts all paths of a valid/ready stream, in both directions, at full rate.
//!
//! Ports: `in_valid`, `in_ready`, `in_data` (words); `out_valid`, `out_ready`, `out_data` (words).
//! Latency 1 clock; every output is a register. Cost: two registers of the payload.

use crate::netlist::{Builder, Module, NetlistError};
use std::sync::Arc;

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
    let used = b.state("side_used", 1, 0);
    let accept = in_valid & open;
    let take = out_ready | !valid;
    let used_next = !take & (used | accept);
    b.drive(used, used_next);
    b.drive(open, !used_next);
    b.drive(valid, !take | used | accept);
    let out: Vec<_> = data
        .iter()
        .map(|&word| {
            let side = b.reg_en(word, open);
            b.reg_en(b.mux(used, side, word), take)
        })
        .collect();
    b.output("in_ready", open);
    b.output("out_valid", valid);
    b.output_words("out_data", &out);
    b.finish()
}
