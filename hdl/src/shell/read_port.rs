//! One port of the reader of board memory: its open bursts, the words that came, its stripe of the lines, its CRC.
//!
//! Every port holds its own copy of what moves words, so that no enable spans a line: a take comes as pulses, is
//! registered here, and pops the port's FIFO in the next clock. Nobody asks the FIFO then: [`board_read`] takes only
//! lines that it has counted at every port. What is for the core goes through a second FIFO, whose room the reader
//! counts, and which all ports empty in the same clock.
//!
//! Ports: `issued` (pulse: a burst is asked for), `ar_ready`, `ar_valid`; `r_valid`, `r_ready`, `r_data`, `r_resp`,
//! `r_last`; `arrived` (pulse: one more word is in the FIFO); `open` (bursts under way), `crowded` (too many for one
//! more), `fault` (pulse: a read error), `holds` (words are in the FIFO); `take` (pulse) with `take_line` (it is covered
//! by the CRC; `take_first`, `take_last` of its request), `take_core` (it goes to the core), `take_crc` (it is the CRC);
//! `constant` (level: words are `word` instead); `line_valid`, `line_ready`, `line_data`; `crc_done` (pulse), `wrong`
//! (the CRC made differs from the one read, two clocks after the later of them).
//!
//! [`board_read`]: super::board_read

use crate::cells::counters::valid_delay;
use crate::cells::{crc32c, fifo};
use crate::netlist::{Builder, Module, NetlistError, RamStyle, address_bits};
use std::sync::Arc;

/// Entries of the FIFO of words that came: they join ports that answer at different times.
///
/// With [`LINES`] there is room for more than 70 lines, the 60 + 10 clocks in which HBM answers at the latest: one port
/// may be silent for so long while the core goes on with a line a clock.
pub const WORDS: usize = 64;
/// Entries of the FIFO of lines towards the core.
pub const LINES: usize = 16;
/// Lines on their way to the core at which no more are taken; further ones may be under way in the two clocks until
/// that is seen.
pub const LINES_CLOSE: usize = 12;
/// Clocks from a take of the reader to the end of the clock in which its words are in the port's register.
pub const TAKE_LATENCY: usize = 3;
/// Bits of the count of open bursts.
const OPEN_BITS: u32 = 5;
/// Words that share the controls of a FIFO: 64 loads each and a few of their own.
const GROUP: usize = 2;

const _: () = assert!(LINES_CLOSE + 2 <= LINES);

/// Builds the block for a port of `port_words` words of 64 bits.
///
/// # Errors
/// None but those of the netlist.
pub fn read_port(port_words: usize) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "shell_read_port",
        "One port of the reader of board memory: bursts, words, lines, CRC.",
    );

    // Addresses and what is open.
    let issued = b.input("issued", 1);
    let pending = b.state("ar_pending", 1, 0);
    b.drive(pending, issued | (pending & !b.input("ar_ready", 1)));
    b.output("ar_valid", pending);
    let r_valid = b.input("r_valid", 1);
    let in_ready = b.wire("in_ready", 1);
    let came = r_valid & in_ready;
    let ended = b.state("burst_ended", 1, 0);
    b.drive(ended, came & b.input("r_last", 1));
    let waiting = b.state("open_bursts", OPEN_BITS + 1, 0);
    let change = b.cat(&[b.lit(1, 1), ended.sext(OPEN_BITS)]);
    b.drive_en(waiting, waiting + change, issued ^ ended);
    b.output("open", b.reg(waiting.any()));
    b.output("crowded", waiting.bit(OPEN_BITS));
    b.output("fault", b.reg(r_valid & b.input("r_resp", 2).bit(1)));
    b.output("arrived", valid_delay(&b, "arrived", came, 1));

    // A take: popped one clock after it came, in the registers two.
    let pulse = |name: &str| valid_delay(&b, name, b.input(name, 1), 1);
    let pop = pulse("take");
    let to_core = valid_delay(&b, "push", pulse("take_core"), 1);
    let covered = valid_delay(&b, "covered", pulse("take_line"), 1);
    let is_crc = valid_delay(&b, "is_crc", pulse("take_crc"), 1);
    let first = b.delay(b.input("take_first", 1), 2);
    let last = b.delay(b.input("take_last", 1), 2);
    let constant = b.input("constant", 1);
    let word = b.reg(b.input("word", 64));
    let line_ready = b.input("line_ready", 1);

    let mut line = Vec::new();
    let mut line_data = Vec::new();
    let words = fifo(
        "shell_port_fifo",
        WORDS,
        GROUP.min(port_words),
        64,
        RamStyle::Auto,
    )?;
    let lines = fifo(
        "shell_line_fifo",
        LINES,
        GROUP.min(port_words),
        64,
        RamStyle::Lut,
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
        let part: Vec<_> = (came.words("out_data").iter())
            .map(|&head| b.reg(b.mux(instead, word, head)))
            .collect();
        let queue = b.instance_words(
            &lines,
            &format!("u_lines_{i}"),
            &[
                ("in_valid", vec![to_core]),
                ("in_data", part.clone()),
                ("out_ready", vec![line_ready]),
            ],
        );
        line.extend(part);
        line_data.extend(queue.words("out_data"));
        if i == 0 {
            // All groups are in step: the first speaks for all.
            b.drive(in_ready, came.get("in_ready"));
            b.output("holds", came.get("out_valid"));
            b.output("line_valid", queue.get("out_valid"));
        }
    }
    b.output("r_ready", in_ready);
    b.output_words("line_data", &line_data);

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
