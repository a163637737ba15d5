//! FIFO in a memory with one write and one read port.
//!
//! Ports: `in_valid`, `in_ready`, `in_data` (words); `out_valid`, `out_ready`, `out_data` (words).
//! All outputs are registers; the word at the head stands at the memory's output register.
//! The input closes [`SLACK`] words before the memory is full, so that its flag needs no chain:
//! a FIFO of `depth` words takes at least `depth - SLACK` words before it stalls the sender.
//! Cost: one memory of `depth` x width and about 4 log2(depth) flip-flops.

use crate::netlist::{Builder, Module, NetlistError, RamStyle};
use std::sync::Arc;

/// Clocks from a word at the input to the same word at the output of an empty FIFO.
pub const LATENCY: usize = 2;
/// Words that the input keeps in reserve.
pub const SLACK: usize = 4;

/// Builds the FIFO `name` of `depth` (a power of two, at least 8) entries of `words` words of
/// `width` bits.
///
/// # Errors
/// None but those of the netlist.
pub fn fifo(
    name: &str,
    depth: usize,
    words: usize,
    width: u32,
    style: RamStyle,
) -> Result<Arc<Module>, NetlistError> {
    assert!(depth.is_power_of_two() && depth >= 8, "{name}: depth");
    let b = Builder::new(
        name,
        &format!("FIFO of {depth} entries of {words} words of {width} bits."),
    );
    let bits = depth.trailing_zeros();
    let in_valid = b.input("in_valid", 1);
    let data = b.input_words("in_data", words, width);
    let out_ready = b.input("out_ready", 1);
    let in_ready = b.state("in_ready_reg", 1, 0);
    let out_valid = b.state("out_valid_reg", 1, 0);
    let push = in_valid & in_ready;
    let pop = out_valid & out_ready;

    let write_at = b.state("write_at", bits, 0);
    b.drive_en(write_at, write_at.add_lit(1), push);
    // The head and its successor, so that the memory's address has no chain behind `out_ready`.
    let read_at = b.state("read_at", bits, 0);
    let read_next = b.state("read_next", bits, 1);
    b.drive_en(read_at, read_next, pop);
    b.drive_en(read_next, read_next.add_lit(1), pop);
    let address = b.mux(pop, read_next, read_at);

    // Words that the read port can see: a write is seen one clock later.
    let landed = b.state("landed", 1, 0);
    b.drive(landed, push);
    let count = b.state("count", bits + 1, 0);
    let step = b.cat(&[b.lit(1, 1), (!landed).sext(bits)]);
    b.drive_en(count, count + step, landed ^ pop);
    let several = count.from_bit(1).any();
    b.drive(out_valid, landed | several | (count.bit(0) & !pop));
    // Full at depth - 4 seen words; up to three more may be on their way.
    let full = count.bit(bits) | count.slice(2, bits - 2).all();
    b.drive(in_ready, !full);

    let mut out = Vec::with_capacity(words);
    for (i, word) in data.iter().enumerate() {
        let ram = b.ram(&format!("entries_{i}"), depth, width, style);
        b.ram_write(&ram, push, write_at, *word);
        out.push(b.ram_read(&ram, address));
    }
    b.output("in_ready", in_ready);
    b.output("out_valid", out_valid);
    b.output_words("out_data", &out);
    b.finish()
}
