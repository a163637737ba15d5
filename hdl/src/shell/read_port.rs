//! One port of the reader of board memory: its open bursts, and its stripe of the lines for the core.
//!
//! What is for the core goes through a FIFO whose room the reader counts, and which all ports empty in the same clock.
//! The words themselves are the affair of [`port_words`].
//!
//! Ports: `issued` (pulse: a burst is asked for), `ar_ready`, `ar_valid`; `r_valid`, `r_ready` (input: the words' FIFO
//! has room), `r_resp`, `r_last`; `arrived` (pulse: one more word is in the FIFO); `open` (bursts under way), `crowded`
//! (too many for one more), `comes` (a word may come at any time), `fault` (pulse: a read error); `push` (pulse) with
//! `line`; `line_valid`, `line_ready`, `line_data`.
//!
//! [`port_words`]: super::port_words

use crate::cells::counters::valid_delay;
use crate::cells::fifo;
use crate::netlist::{Builder, Module, NetlistError, RamStyle};
use std::sync::Arc;

/// Entries of the FIFO of lines towards the core.
pub const LINES: usize = 16;
/// Lines on their way to the core at which no more are taken; further ones may be under way in the two clocks until
/// that is seen.
pub const LINES_CLOSE: usize = 12;
/// Bits of the count of open bursts.
const OPEN_BITS: u32 = 5;
/// Words that share the controls of a FIFO: 64 loads each and a few of their own.
pub const GROUP: usize = 2;

const _: () = assert!(LINES_CLOSE + 2 <= LINES);

/// Builds the block for a port of `port_words` words of 64 bits.
///
/// # Errors
/// None but those of the netlist.
pub fn read_port(port_words: usize) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "shell_read_port",
        "One port of the reader of board memory: bursts and lines.",
    );
    let issued = b.input("issued", 1);
    let pending = b.state("ar_pending", 1, 0);
    b.drive(pending, issued | (pending & !b.input("ar_ready", 1)));
    b.output("ar_valid", pending);
    let r_valid = b.input("r_valid", 1);
    let r_ready = b.input("r_ready", 1);
    let came = r_valid & r_ready;
    let ended = b.state("burst_ended", 1, 0);
    b.drive(ended, came & b.input("r_last", 1));
    let waiting = b.state("open_bursts", OPEN_BITS + 1, 0);
    let change = b.cat(&[b.lit(1, 1), ended.sext(OPEN_BITS)]);
    b.drive_en(waiting, waiting + change, issued ^ ended);
    b.output("open", b.reg(waiting.any()));
    b.output("comes", b.reg(waiting.any() & r_ready));
    b.output("crowded", waiting.bit(OPEN_BITS));
    b.output("fault", b.reg(r_valid & b.input("r_resp", 2).bit(1)));
    b.output("arrived", valid_delay(&b, "arrived", came, 1));

    let push = b.input("push", 1);
    let line_ready = b.input("line_ready", 1);
    let lines = fifo(
        "shell_line_fifo",
        LINES,
        GROUP.min(port_words),
        64,
        RamStyle::Lut,
    )?;
    let mut line_data = Vec::new();
    for (i, part) in b
        .input_words("line", port_words, 64)
        .chunks(GROUP)
        .enumerate()
    {
        let queue = b.instance_words(
            &lines,
            &format!("u_lines_{i}"),
            &[
                ("in_valid", vec![push]),
                ("in_data", part.to_vec()),
                ("out_ready", vec![line_ready]),
            ],
        );
        line_data.extend(queue.words("out_data"));
        if i == 0 {
            // All groups are in step: the first speaks for all.
            b.output("line_valid", queue.get("out_valid"));
        }
    }
    b.output_words("line_data", &line_data);
    b.finish()
}
