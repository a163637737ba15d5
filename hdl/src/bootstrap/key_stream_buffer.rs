//! Double buffer for key rows, a parity bit a word, checked at every read.
//!
//! A piece (GGSW or key-switch column) is written in chunks ([`key_write`]), a row is read whole. One bank is read while
//! the other is written. Fan-out is kept low by groups of [`group_words`] with registers of their own.
//!
//! Ports: `write_valid` `write_words` (a chunk) `write_last` (of its piece), a clock behind `write_next`; `write_room` (the
//! bank to be written is free); `loaded` (pulse: one more piece can be read); `read_valid` `read_row` `read_last`, a clock behind `read_soon`,
//! (the piece's last read: its bank becomes free) -> `words` [`READ_LATENCY`] clocks later;
//! `parity_error` (pulse, some clocks behind the words); `parity_fault` stores words with the wrong
//! parity, for the self-test; `clear`, held until `clear_busy` has fallen.

use super::key_stream_write::{self, group_words, key_write};
use crate::cells::counters::{counter, length, linger, or_tree, run, valid_delay};
use crate::cells::walk;
use crate::netlist::{Builder, LOAD_LIMIT, Module, NetlistError, RamStyle, address_bits};
use std::sync::Arc;

/// Clocks from the number of a row to its words.
pub const READ_LATENCY: usize = 3;
/// Clocks from the last chunk of a piece to the clock in which its rows may be asked for.
pub const WRITE_LATENCY: usize = key_stream_write::LATENCY + 1;
/// Clocks from the number of a row to the verdict on its parity; a word is written in fewer.
const CHECK_LATENCY: usize = READ_LATENCY + 2;

/// Shape of a double buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowBuffer {
    /// Words of 64 bits that are written in a clock.
    pub chunk_words: usize,
    /// Chunks of a row.
    pub chunks: usize,
    /// Most rows of a piece.
    pub rows: usize,
}

impl RowBuffer {
    /// Width of a row number.
    pub fn row_bits(&self) -> u32 {
        address_bits(self.rows)
    }
}

/// Words of a few columns.
fn group(words: usize, depth: usize) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        &format!("key_words_{words}x{depth}"),
        "Columns of a key buffer: words with parity.",
    );
    let bits = address_bits(depth);
    let (write, at) = (b.input("write", 1), b.input("write_at", bits));
    let read_at = b.reg(b.input("read_at", bits));
    // A memory of their own for the parity bits: a word of 64 bits is the widest that a simulation moves at once.
    // It is narrow, so it is made of LUTs, unless its address would have too many of them.
    let style = match RamStyle::Lut.luts(depth, words as u32) > LOAD_LIMIT {
        true => RamStyle::Block,
        false => RamStyle::Lut,
    };
    let parity = b.ram("parity", depth, words as u32, style);
    b.ram_write(&parity, write, at, b.input("write_parity", words as u32));
    let stored = b.delay(b.ram_read(&parity, read_at), 2);
    let mut out = Vec::new();
    let mut made = Vec::new();
    for (i, word) in b.input_words("write_words", words, 64).iter().enumerate() {
        let ram = b.ram(&format!("column_{i}"), depth, 64, RamStyle::Auto);
        b.ram_write(&ram, write, at, *word);
        let read = b.reg(b.ram_read(&ram, read_at));
        out.push(read);
        made.push(b.reg(read.parity()));
    }
    b.output_words("words", &out);
    b.output("wrong", b.reg((b.cat(&made) ^ stored).any()));
    b.finish()
}

/// Builds the double buffer of the pieces called `name`.
///
/// # Errors
/// None but those of the netlist.
pub fn row_buffer(name: &str, shape: &RowBuffer) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        &format!("{name}_buffer"),
        "Double buffer for key rows, written in chunks, parity checked at every read.",
    );
    let clear = b.input("clear", 1);
    let depth = 2 * shape.rows;
    let bits = address_bits(depth);
    let row_bits = shape.row_bits();
    let walk = walk(&b, clear, depth);
    let place = |bank, row| b.cat(&[bank, row]).resize(bits);

    // Writing: chunk, row, bank.
    let write = b.input("write_valid", 1);
    let last = b.input("write_last", 1);
    let end = write & last;
    let (chunk, row_done) = match shape.chunks {
        1 => (None, b.lit(1, 1)),
        n => {
            let count = length(&b, b.lit(n as u128, address_bits(n + 1)));
            let chunk = run(&b, "write_chunk", count, write, clear);
            (Some(chunk.value), chunk.last)
        }
    };
    let row = counter(
        &b,
        "write_row",
        row_bits,
        (write & row_done) | clear,
        end | clear,
    );
    let bank = b.state("write_bank", 1, 0);
    b.drive(bank, (bank ^ end) & !clear);
    let mine = |c: usize| match chunk {
        None => write,
        Some(chunk) => write & chunk.eq_lit(c as u128),
    };
    let places: Vec<_> = (0..shape.chunks).map(|c| mine(c) | walk.busy).collect();
    let way = b.instance_words(
        &key_write(name, shape.chunk_words, shape.chunks, depth)?,
        "u_write",
        &[
            ("write", vec![b.cat(&places)]),
            (
                "write_at",
                vec![b.mux(walk.busy, walk.address, place(bank, row))],
            ),
            ("zero", vec![walk.busy]),
            ("parity_fault", vec![b.input("parity_fault", 1)]),
            (
                "write_words",
                b.input_words("write_words", shape.chunk_words, 64),
            ),
        ],
    );
    // The clock of that way ticks from the chunk's own clock on.
    let comes = b.input("write_next", 1) | clear;
    b.gate(
        &way,
        linger(&b, "write_run", comes, key_stream_write::RUN_OUT),
    );
    b.output("loaded", valid_delay(&b, "loaded_at", end, WRITE_LATENCY));

    // Reading.
    let read = b.input("read_valid", 1);
    let release = read & b.input("read_last", 1);
    let read_bank = b.state("read_bank", 1, 0);
    b.drive(read_bank, (read_bank ^ release) & !clear);
    let read_at = place(read_bank, b.input("read_row", row_bits));

    // The memories' clock ticks while words are on their way into them or out of them.
    let used = b.input("read_soon", 1) | write | clear;
    let ticks = linger(&b, "words_run", used, CHECK_LATENCY);
    let [to_write, to_at, to_words] =
        ["group_write", "group_at", "group_words"].map(|port| way.words(port));
    let to_parity = way.words("group_parity");
    let mut words = Vec::new();
    let mut wrong = Vec::new();
    let row_words = to_words.chunks(shape.chunk_words);
    let group_words = group_words(shape.chunks * shape.chunk_words);
    let groups = row_words.flat_map(|chunk| chunk.chunks(group_words));
    for (i, part) in groups.enumerate() {
        let columns = b.instance_words(
            &group(part.len(), depth)?,
            &format!("u_words_{i}"),
            &[
                ("write", vec![to_write[i]]),
                ("write_at", vec![to_at[i]]),
                ("write_words", part.to_vec()),
                ("write_parity", vec![to_parity[i]]),
                ("read_at", vec![read_at]),
            ],
        );
        b.gate(&columns, ticks);
        words.extend(columns.words("words"));
        wrong.push(columns.get("wrong"));
    }
    b.output_words("words", &words);
    let read_seen = valid_delay(&b, "read_seen", read, CHECK_LATENCY);
    let (any_wrong, clocks) = or_tree(&b, &wrong);
    let read_seen = valid_delay(&b, "read_checked", read_seen, clocks);
    let error = b.state("parity_error_pulse", 1, 0);
    b.drive(error, any_wrong & read_seen);
    b.output("parity_error", error);

    // Which banks hold a piece.
    let filled = [end & !bank, end & bank];
    let freed = [release & !read_bank, release & read_bank];
    let full = [0, 1].map(|i| {
        let full = b.state(&format!("full_{i}"), 1, 0);
        b.drive(full, (filled[i] | (full & !freed[i])) & !clear);
        full
    });
    b.output("write_room", !b.mux(bank, full[1], full[0]));
    // Until the last zero is in the memories.
    let behind = b.state("clearing", 3, 0);
    b.drive(behind, b.cat(&[walk.busy, behind.slice(0, 2)]));
    b.output("clear_busy", walk.busy | behind.any());
    b.finish()
}
