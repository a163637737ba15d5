//! Results of a batch: accumulators as they were dumped, read out as streams of words.
//!
//! The last write-back of a slot is also written here, row by row in any order. Reading gives natural
//! order: coefficient i is row i mod R of lane i / R. Four kinds of result:
//!
//! | kind | words |
//! |---|---|
//! | 0 extract (contract 7) | `A_c[h - j]` for j in 0..N, for each mask polynomial c, then `B[h]`; h = body rotation + `read_offset`, negated where the exponent is N or more |
//! | 1 key switch | n + 1 words of 32 bits, two a word, the last word filled with zeros |
//! | 2 modulus switch | n + 1 words of 16 bits, four a word |
//! | 3 accumulator | all (k + 1) N coefficients |
//!
//! Ports: `dump_valid` `dump_slot` `dump_poly` `dump_row` `dump_row_words`; `batch_done` with
//! `lwe_dimension` (n of the results); `read_valid` `read_ready` `read_slot` `read_kind` `read_offset`;
//! `result_valid` `result_ready` `result_data` `result_last`; `entry_slot` `entry_step` `result_slot`
//! -> `entry_word` `entry_rotation` `body_word` `body_rotation`, [`ENTRY_LATENCY`] clocks later;
//! `clear` -> `clear_busy`. A word a clock for kinds 0 and 3, an entry a clock for the others.

use super::geometry::Geometry;
use super::output_store_lanes::{self, output_lanes};
use super::output_store_pack::{Entry, pack};
use super::output_store_walk::{Walker, walker};
use crate::cells::counters::{flag, valid_delay};
use crate::cells::{fifo, walk};
use crate::key_switch::COLUMN_BITS;
use crate::netlist::{Builder, Module, NetlistError, RamStyle};
use std::sync::Arc;

/// Clocks from the number of an entry or a slot to the words of the key switch's store.
pub const ENTRY_LATENCY: usize = 2;

/// Width of `read_offset`.
pub const OFFSET_BITS: u32 = 13;

/// Clocks in which a command is made ready.
const PREPARE: usize = 8;
/// Entries of the queue in front of the result's stream.
const QUEUE: usize = 32;
/// Words that may be under way: less than the queue takes.
const CREDITS: u128 = 24;

/// Clocks from the issue of a word to its place in the queue.
pub fn latency(g: &Geometry) -> usize {
    output_store_lanes::latency(g.lanes()) + 1
}

/// Clocks from a command to the first word of its result at `result_data`, of kinds 0 and 3.
pub fn first_word(g: &Geometry) -> usize {
    PREPARE + 1 + latency(g) + fifo::LATENCY
}

/// Builds the output store.
///
/// # Errors
/// None but those of the netlist.
pub fn output_store(g: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "output_store",
        "Results of a batch: dumped accumulators, read out as streams of words.",
    );
    let clear = b.input("clear", 1);
    let depth = g.accumulator_depth();

    // The dump.
    let dump = walk(&b, clear, depth);
    let dump_at = g.address(
        &b,
        b.input("dump_slot", g.slot_bits()),
        b.input("dump_poly", g.polynomial_bits()),
        b.input("dump_row", g.row_bits()),
    );
    let write = b.state("write", 1, 0);
    b.drive(write, b.input("dump_valid", 1) | dump.busy);
    let write_at = b.reg(b.mux(dump.busy, dump.address, dump_at));
    let rows: Vec<_> = b
        .input_words("dump_row_words", g.lanes(), 64)
        .into_iter()
        .map(|w| b.reg(w))
        .collect();

    // A command is taken, made ready, walked through and left to run out.
    let idle = b.state("read_ready_reg", 1, 0);
    let take = b.input("read_valid", 1) & idle;
    let slot = b.reg_en(b.input("read_slot", g.slot_bits()), take);
    let kind = b.reg_en(b.input("read_kind", 2), take);
    let offset = b.reg_en(b.input("read_offset", OFFSET_BITS), take);
    let begin = valid_delay(&b, "begin", take, PREPARE);
    let credit = b.wire("credit", 1);
    let rotation = b.input("body_rotation", g.rotation_bits());
    let place = b.reg(rotation + offset.resize(g.rotation_bits()));
    let dimension = b.reg_en(
        b.input("lwe_dimension", COLUMN_BITS),
        b.input("batch_done", 1),
    );
    let steps = walker(
        &b,
        g,
        &Walker {
            kind,
            place,
            dimension,
            begin,
            go: credit,
            clear,
        },
    );
    let drained = valid_delay(&b, "drained", steps.last, latency(g) + 4);
    let working = flag(&b, "working", take, drained | clear);
    b.drive(idle, !working & !take & !clear);

    // Words of accumulators.
    let row_bits = g.row_bits();
    let exponent = steps.exponent;
    let lanes = b.instance_words(
        &output_lanes(g.lanes(), depth)?,
        "u_lanes",
        &[
            ("write", vec![write]),
            ("write_at", vec![write_at]),
            ("zero", vec![b.reg(dump.busy)]),
            ("words", rows),
            (
                "read_at",
                vec![g.address(&b, slot, steps.polynomial, exponent.slice(0, row_bits))],
            ),
            ("lane", vec![exponent.slice(row_bits, g.lane_bits())]),
        ],
    );
    let at = output_store_lanes::latency(g.lanes());
    let negate = b.delay(exponent.bit(g.rotation_bits() - 1), at);
    let word = lanes.get("word") ^ negate.sext(64);
    let word = b.reg(b.sum(&[word, negate], 64));

    // Words of entries.
    b.output("result_slot", slot);
    b.output("entry_slot", slot);
    b.output("entry_step", steps.entry);
    let packed = pack(
        &b,
        &Entry {
            kind,
            number: steps.entry.slice(0, 2),
            is_body: steps.entry_last,
            word: [b.input("entry_word", 32), b.input("body_word", 32)],
            rotation: [b.input("entry_rotation", g.rotation_bits()), rotation],
        },
        latency(g),
    );

    // The queue. Credits are taken where a word is issued and given back where it leaves.
    let valid = valid_delay(&b, "word_valid", steps.word, latency(g));
    let last = b.delay(steps.last, latency(g));
    let packs = b.reg(kind.bit(0) ^ kind.bit(1));
    let data = b.mux(packs, packed, word);
    let result_ready = b.input("result_ready", 1);
    let queue = b.instance_words(
        &fifo("result_queue", QUEUE, 1, 65, RamStyle::Lut)?,
        "u_queue",
        &[
            ("in_valid", vec![valid]),
            ("in_data", vec![b.cat(&[data, last])]),
            ("out_ready", vec![result_ready | clear]),
        ],
    );
    let leaves = valid_delay(&b, "leaves", queue.get("out_valid") & result_ready, 1);
    let issued = valid_delay(&b, "issued", steps.word, 1);
    let credits = b.state("credits", 6, CREDITS);
    let change = b.cat(&[b.lit(1, 1), issued.sext(5)]);
    let base = b.mux(clear, b.lit(CREDITS, 6), credits);
    b.drive_en(
        credits,
        base + (change & (!clear).sext(6)),
        (issued ^ leaves) | clear,
    );
    let some = b.state("credits_left", 1, 0);
    b.drive(some, credits.from_bit(2).any());
    b.drive(credit, some);

    b.output("read_ready", idle);
    b.output("result_valid", queue.get("out_valid"));
    let out = queue.get("out_data");
    b.output("result_data", out.slice(0, 64));
    b.output("result_last", out.bit(64));
    let behind = b.state("clearing", 2, 0);
    b.drive(behind, b.cat(&[dump.busy, behind.bit(0)]));
    b.output("clear_busy", dump.busy | behind.any());
    b.finish()
}
