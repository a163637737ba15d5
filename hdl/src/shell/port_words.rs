//! The words of one port of the reader of board memory: its FIFO, the takes, its stripe of the lines, its CRC.
//!
//! Every port holds its own copy of what moves words, so that no enable spans a line: a take comes as pulses, is
//! registered here, and pops the port's FIFO in the next clock. Nobody asks the FIFO then: [`board_read`] takes only
//! lines that it has counted at every port. The clock of this block stands while no word comes and none is taken.
//!
//! Ports: `r_valid`, `r_ready`, `r_data`; `holds` (words are in the FIFO); `take` (pulse) with `take_line` (it is covered
//! by the CRC; `take_first`, `take_last` of its request), `take_core` (it goes to the core), `take_crc` (it is the CRC);
//! `constant` (level: words are `word` instead); `push` (pulse) with `line`: for the core; `crc_done` (pulse), `wrong`
//! (the CRC made differs from the one read, two clocks after the later of them).
//!
//! [`board_read`]: super::board_read

use crate::cells::counters::valid_delay;
use crate::cells::{crc32c, fifo};
use crate::netlist::{Builder, Module, NetlistError, RamStyle, address_bits};
use std::sync::Arc;

use super::port_lines::GROUP;

/// Entries of the FIFO of words that came: they join ports that answer at different times.
///
/// With [`LINES`](super::port_lines::LINES) there is room for more than 70 lines, the 60 + 10 clocks in which HBM answers at the latest: one port
/// may be silent for so long while the core goes on with a line a clock.
pub const WORDS: usize = 64;
/// Clocks from a take of the reader to the end of the clock in which its words are in the port's register.
pub const TAKE_LATENCY: usize = 3;
/// Clocks from a take or a word that came to the end of all that follows: pop and word's register, the CRC of `words`
/// words, its comparison.
pub fn run_out(words: usize) -> usize {
    TAKE_LATENCY + crc32c::latency(words) + 4
}

/// Builds the block for a port of `port_words` words of 64 bits.
///
/// # Errors
/// None but those of the netlist.
pub fn port_words(port_words: usize) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "shell_port_words",
        "The words of one port of the reader of board memory: FIFO, takes, CRC.",
    );
    // A take: popped one clock after it came, in the registers two.
    let pulse = |name: &str| valid_delay(&b, name, b.input(name, 1), 1);
    let pop = pulse("take");
    b.output("push", valid_delay(&b, "push", pulse("take_core"), 1));
    let covered = valid_delay(&b, "covered", pulse("take_line"), 1);
    let is_crc = valid_delay(&b, "is_crc", pulse("take_crc"), 1);
    let first = b.delay(b.input("take_first", 1), 2);
    let last = b.delay(b.input("take_last", 1), 2);
    let constant = b.input("constant", 1);
    let word = b.reg(b.input("word", 64));
    let r_valid = b.input("r_valid", 1);

    let mut line = Vec::new();
    let words = fifo(
        "shell_port_fifo",
        WORDS,
        GROUP.min(port_words),
        64,
        RamStyle::Auto,
    )?;
    let data = b.input_words("r_data", port_words, 64);
    for (i, part) in data.chunks(GROUP).enumerate() {
        let came = b.instance_words(
            &words,
            &format!("u_words_{i}"),
            &[
                ("in_valid", vec![r_valid]),
                ("in_data", part.to_vec()),
                ("out_ready", vec![pop]),
            ],
        );
        let instead = b.state(&format!("constant_{i}"), 1, 0);
        b.drive(instead, constant);
        line.extend(
            came.words("out_data")
                .iter()
                .map(|&head| b.reg(b.mux(instead, word, head))),
        );
        if i == 0 {
            // All groups are in step: the first speaks for all.
            b.output("r_ready", came.get("in_ready"));
            b.output("holds", came.get("out_valid"));
        }
    }
    b.output_words("line", &line);

    // The check.
    let mut inputs = vec![
        ("in_valid", vec![covered]),
        ("in_first", vec![first]),
        ("in_last", vec![last]),
        ("in_data", line.clone()),
    ];
    if port_words > 1 {
        inputs.push(("in_words", vec![b.lit(0, address_bits(port_words))]));
    }
    let crc = crc32c("crc32c_board_read", port_words)?;
    let unit = b.instance_words(&crc, "u_crc32c", &inputs);
    let done = unit.get("crc_valid");
    let made = b.reg_en(unit.get("crc"), done);
    let stored = b.reg_en(line[0].slice(0, 32), is_crc);
    b.output("crc_done", done);
    b.output("wrong", b.reg(made.ne(stored)));
    b.finish()
}
