//! One port's part of the lines for the core: a FIFO whose room the reader counts, and which all ports empty in the same
//! clock.
//!
//! The clock of this block stands while no line is on its way to the core.
//!
//! Ports: `push` (pulse) with `line`; `line_valid`, `line_ready`, `line_data`.

use crate::cells::fifo;
use crate::netlist::{Builder, Module, NetlistError, RamStyle};
use std::sync::Arc;

/// Entries of the FIFO.
pub const LINES: usize = 16;
/// Lines on their way to the core at which no more are taken; further ones may be under way in the two clocks until
/// that is seen.
pub const LINES_CLOSE: usize = 12;
/// Words that share the controls of a FIFO: 64 loads each and a few of their own.
pub const GROUP: usize = 2;

const _: () = assert!(LINES_CLOSE + 2 <= LINES);

/// Builds the block for a port of `port_words` words of 64 bits.
///
/// # Errors
/// None but those of the netlist.
pub fn port_lines(port_words: usize) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "shell_port_lines",
        "One port's part of the lines of board memory for the core.",
    );
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
