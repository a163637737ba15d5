//! The way of chunks into a key buffer: three registers, the second and third in a copy for [`group_words`] of a row each,
//! with the parity made on the way.
//!
//! The clock of this block stands while no chunk comes; [`RUN_OUT`] clocks behind the last one nothing moves any more.
//!
//! Ports: `write` (a bit for each place of a chunk in its row), `write_at`, `write_words` (a chunk), `zero` (zeros instead),
//! `parity_fault` (wrong parity); [`LATENCY`] clocks later at the memories, a group each: `group_write`, `group_at`, and
//! `group_words`, `group_parity` of the whole row.

use crate::netlist::{Builder, Module, NetlistError, address_bits};
use std::sync::Arc;

/// Most groups of a row: an address reaches each of them.
const GROUPS: usize = 240;
/// Clocks from a chunk to its words at the memories.
pub const LATENCY: usize = 3;
/// Clocks from a chunk to the end of the one in which the memories no longer write.
pub const RUN_OUT: usize = LATENCY;

/// Words of a row that share registers for their controls: three, so that an enable has 192 loads, but no more groups than
/// an address may drive.
pub fn group_words(row_words: usize) -> usize {
    3 * row_words.div_ceil(3 * GROUPS)
}

/// The last two registers of a group's words.
fn group(words: usize, depth: usize) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        &format!("key_write_words_{words}x{depth}"),
        "Words of a key row on their way into the memories, with their parity.",
    );
    let write = b.reg(b.input("write", 1));
    b.output("group_write", b.reg(write));
    let at = b.reg(b.input("write_at", address_bits(depth)));
    b.output("group_at", b.reg(at));
    let zero = b.reg(b.input("zero", 1));
    let fault = b.reg(b.reg(b.input("parity_fault", 1)));
    let kept = b.reg(!zero);
    let words = b.input_words("write_words", words, 64);
    let (words, parity): (Vec<_>, Vec<_>) = words
        .iter()
        .map(|&word| {
            let word = b.reg(word);
            let parity = b.reg(word.parity()) ^ fault;
            (b.reg(word & (!zero).sext(64)), parity & kept)
        })
        .unzip();
    b.output_words("group_words", &words);
    b.output("group_parity", b.cat(&parity));
    b.finish()
}

/// Builds the way into the buffer `name`: `chunks` chunks of `chunk_words` words make a row, `depth` rows fit.
///
/// # Errors
/// None but those of the netlist.
pub fn key_write(
    name: &str,
    chunk_words: usize,
    chunks: usize,
    depth: usize,
) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        &format!("key_write_{name}"),
        "The way of chunks into a key buffer.",
    );
    let write = b.input("write", chunks as u32);
    let at = b.reg(b.input("write_at", address_bits(depth)));
    let zero = b.reg(b.input("zero", 1));
    let fault = b.reg(b.input("parity_fault", 1));
    let data: Vec<_> = b
        .input_words("write_words", chunk_words, 64)
        .into_iter()
        .map(|word| b.reg(word))
        .collect();
    let mut groups = Vec::new();
    for c in 0..chunks {
        let here = b.state(&format!("write_{c}"), 1, 0);
        b.drive(here, write.bit(c as u32));
        for (i, part) in data.chunks(group_words(chunk_words * chunks)).enumerate() {
            groups.push(b.instance_words(
                &group(part.len(), depth)?,
                &format!("u_words_{c}_{i}"),
                &[
                    ("write", vec![here]),
                    ("write_at", vec![at]),
                    ("zero", vec![zero]),
                    ("parity_fault", vec![fault]),
                    ("write_words", part.to_vec()),
                ],
            ));
        }
    }
    for port in ["group_write", "group_at", "group_words", "group_parity"] {
        let of_all: Vec<_> = groups.iter().flat_map(|g| g.words(port)).collect();
        b.output_words(port, &of_all);
    }
    b.finish()
}
