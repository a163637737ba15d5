//! Centered modulus switch from 2^32 to 2N, a word at a time (contract 3).
//!
//! With `sh = 32 - log2(2N)` and `low` the lower sh bits of a word, signed, the rounding error is
//! `e = -low`. So per slot `T = sum of low` (modulo 2^33) and `c`, the odd `low > 0` less the odd `low < 0`,
//! are kept; the body, which comes last, becomes `(b - (T - g) / 2) >> sh`.
//!
//! Ports: `in_valid` `in_word` `in_slot` `in_step` `in_first` (first column: the sums start anew) `in_body`
//! -> the same [`LATENCY`] clocks later as `out_*`, with `out_rotation` (log2 2N bits). A word a clock.

use super::geometry::{COLUMN_BITS, Geometry};
use crate::cells::counters::valid_delay;
use crate::netlist::{Builder, Module, NetlistError, RamStyle};
use std::sync::Arc;

/// Clocks from a word to its rotation.
pub const LATENCY: usize = 5;

/// Width of the sum of errors: its half is needed modulo 2^32.
const SUM_BITS: u32 = 33;
/// Width of the balance of odd errors, -1024 ..= 1024.
const BALANCE_BITS: u32 = 12;

/// Builds the modulus switch.
///
/// # Errors
/// None but those of the netlist.
pub fn mod_switch(g: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "mod_switch",
        "Centered modulus switch: rotations of the mask words, the mean of their errors off the body.",
    );
    let sh = 32 - g.rotation_bits;
    let in_valid = b.input("in_valid", 1);
    let valid = valid_delay(&b, "valid", in_valid, 1);
    let in_slot = b.input("in_slot", g.slot_bits);
    let slot = b.reg(in_slot);
    let word_in = b.input("in_word", 32);
    let word = b.reg(word_in);
    let first = b.reg(b.input("in_first", 1));
    let body = b.reg(b.input("in_body", 1));
    let step = b.reg(b.input("in_step", COLUMN_BITS));

    // First stage: sums read, except where the word before was of the same slot.
    let again = b.reg(in_slot.eq(slot) & valid);
    let low = word.slice(0, sh).sext(SUM_BITS);
    let odd = word.bit(0);
    let sign = word.bit(sh - 1);
    let balance = b.cat(&[odd, (odd & sign).sext(BALANCE_BITS - 1)]);
    let sums = b.ram("sums", g.slots, SUM_BITS + BALANCE_BITS, RamStyle::Lut);
    let read = b.ram_read(&sums, in_slot);
    let before = b.wire("before", SUM_BITS + BALANCE_BITS);
    let start = b.mux(again, before, read) & (!first).sext(SUM_BITS + BALANCE_BITS);
    let sum = start.slice(0, SUM_BITS) + low;
    let odds = start.from_bit(SUM_BITS) + balance;
    let total = b.cat(&[sum, odds]);
    b.ram_write(&sums, valid, slot, total);
    b.drive(before, b.reg(total));

    // The body: half of the corrected sum off it.
    let mean = b.reg(start.slice(1, 32));
    let up = b.reg(start.bit(0)) & b.reg(start.bit(SUM_BITS + BALANCE_BITS - 1));
    let half = b.reg(b.sum(&[mean, up], 32));
    let centred = b.reg((b.delay(word, 2) - half).from_bit(sh));
    // The mask: rounded.
    let rounded = b.reg(b.sum(&[word.from_bit(sh), sign], g.rotation_bits));
    let rotation = b.mux(b.delay(body, 3), centred, b.delay(rounded, 2));

    b.output(
        "out_valid",
        valid_delay(&b, "out_valid", valid, LATENCY - 1),
    );
    b.output("out_rotation", b.reg(rotation));
    b.output("out_word", b.delay(word, LATENCY - 1));
    b.output("out_slot", b.delay(slot, LATENCY - 1));
    b.output("out_step", b.delay(step, LATENCY - 1));
    b.output("out_body", b.delay(body, LATENCY - 1));
    b.finish()
}
