//! Memories of the output store: rows in, one word out.
//!
//! A row of P words is written at once; a word is read by its lane and its row's address. The word's
//! multiplexer is a tree of 4:1 stages with controls of their own.
//!
//! Ports: `write` `write_at` `zero` (zeros instead of the words) `words`; `read_at` `lane` -> `word`
//! [`latency`] clocks later.

use crate::netlist::{Builder, Module, NetlistError, RamStyle, address_bits};
use std::sync::Arc;

/// Lanes of a leaf.
const LEAF: usize = 4;

/// Clocks from lane and address to the word.
pub fn latency(lanes: usize) -> usize {
    match lanes {
        LEAF => 3,
        _ => 1 + latency(lanes / children(lanes)),
    }
}

fn children(lanes: usize) -> usize {
    (lanes / LEAF).min(4)
}

fn leaf(depth: usize) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        &format!("output_lanes_{LEAF}x{depth}"),
        "Lanes of the output store: memories and the choice of a word.",
    );
    let bits = address_bits(depth);
    let write = b.reg(b.input("write", 1));
    let at = b.reg(b.input("write_at", bits));
    let zero = b.reg(b.input("zero", 1));
    let read_at = b.reg(b.input("read_at", bits));
    let lane = b.delay(b.input("lane", LEAF.trailing_zeros()), 2);
    let words = b.input_words("words", LEAF, 64);
    let read: Vec<_> = words
        .iter()
        .enumerate()
        .map(|(i, word)| {
            let ram = b.ram(&format!("lane_{i}"), depth, 64, RamStyle::Auto);
            b.ram_write(&ram, write, at, b.reg(*word) & (!zero).sext(64));
            b.ram_read(&ram, read_at)
        })
        .collect();
    b.output("word", b.reg(b.select(lane, &read)));
    b.finish()
}

/// Builds the memories of `lanes` lanes, a power of two and at least 4.
///
/// # Errors
/// None but those of the netlist.
pub fn output_lanes(lanes: usize, depth: usize) -> Result<Arc<Module>, NetlistError> {
    if lanes == LEAF {
        return leaf(depth);
    }
    let b = Builder::new(
        &format!("output_lanes_{lanes}x{depth}"),
        "Lanes of the output store: a stage of the choice of a word.",
    );
    let n = children(lanes);
    let module = output_lanes(lanes / n, depth)?;
    let low_bits = (lanes / n).trailing_zeros();
    let lane = b.input("lane", lanes.trailing_zeros());
    let shared = [
        ("write", b.input("write", 1)),
        ("write_at", b.input("write_at", address_bits(depth))),
        ("zero", b.input("zero", 1)),
        ("read_at", b.input("read_at", address_bits(depth))),
        ("lane", lane.slice(0, low_bits)),
    ];
    let words = b.input_words("words", lanes, 64);
    let read: Vec<_> = words
        .chunks(lanes / n)
        .enumerate()
        .map(|(i, part)| {
            let mut inputs: Vec<_> = shared.iter().map(|(n, s)| (*n, vec![*s])).collect();
            inputs.push(("words", part.to_vec()));
            b.instance_words(&module, &format!("u_part_{i}"), &inputs)
                .get("word")
        })
        .collect();
    let high = b.delay(lane.from_bit(low_bits), latency(lanes / n));
    b.output("word", b.reg(b.select(high, &read)));
    b.finish()
}
