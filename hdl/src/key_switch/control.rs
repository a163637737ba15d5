//! The key switch as a whole: order of the work, adder tree, accumulation.
//!
//! Columns j = 0 ..= n, within a column slots 0 .. fill, within a slot rows of Q coefficients, within a row
//! levels, deepest first: one (row, level) a clock. Everything downstream is a pipeline without stalls.
//!
//! Ports besides those of the input buffer and the store: held for a batch `fill` `lwe_dimension`
//! `ks_base_log` `ks_levels` `batch_bank`, pulses `batch_start` `batch_done`; from the column buffer
//! `column_loaded` (pulse: one more column stands) and `key_words` ([`KEY_ROW_LATENCY`] clocks after
//! `key_read` with `key_row`, which `key_soon` announces a clock ahead; `key_last` marks the last read of a column, after which it may be
//! overwritten). `count_switch_busy`: a clock in which a (row, level) is issued. `clear` drops all work; it is held until `clear_busy` has fallen.

use super::digits::{self, digits as digit_block, sum_tree};
use super::geometry::{COLUMN_BITS, GROUP, Geometry};
use super::lwe_buffer::{self, lwe_buffer};
use super::mod_switch::{self, mod_switch};
use super::switch_store::switch_store;
use crate::cells::counters::{counter, length, run, valid_delay};
use crate::netlist::{Builder, Module, NetlistError, Sig, address_bits};
use std::sync::Arc;

/// Clocks from the number of a key row to its words.
pub const KEY_ROW_LATENCY: usize = 3;

/// Clocks from the issue of a row to its `place` at the digit blocks.
const POSITION_AT: usize = lwe_buffer::READ_LATENCY - 1;

/// Clocks from the issue of a (row, level) to its part of the sum.
fn sum_at(g: &Geometry) -> usize {
    let group = GROUP.min(g.products);
    POSITION_AT + digits::latency(group) + digits::sum_latency(g.products / group)
}

/// Clocks from the last issue of a column to its rotation in the store, ready to be asked for.
pub fn latency(g: &Geometry) -> usize {
    sum_at(g) + 2 + mod_switch::LATENCY + 2
}

/// What is issued in a clock.
struct Issue<'b> {
    /// Something is.
    valid: Sig<'b>,
    /// Something may be in the next clock.
    soon: Sig<'b>,
    slot: Sig<'b>,
    group: Sig<'b>,
    /// The level counted from the top, less one.
    position: Sig<'b>,
    deepest: Sig<'b>,
    top: Sig<'b>,
    slot_end: Sig<'b>,
    column_end: Sig<'b>,
}

/// Numbers of the batch, held.
struct Batch<'b> {
    fill: Sig<'b>,
    columns: Sig<'b>,
    levels: Sig<'b>,
    /// After these and what follows from them stand.
    start: Sig<'b>,
}

fn issue<'b>(
    b: &'b Builder,
    g: &Geometry,
    batch: &Batch<'b>,
    loaded: Sig<'b>,
    clear: Sig<'b>,
) -> Issue<'b> {
    let running = b.state("running", 1, 0);
    let level_go = running;
    let level = run(b, "level", length(b, batch.levels), level_go, batch.start);
    let group_go = level_go & level.last;
    let groups = b.lit(g.groups as u128, address_bits(g.groups + 1));
    let group = run(b, "group", length(b, groups), group_go, batch.start);
    let slot_go = group_go & group.last;
    let slot = run(b, "slot", length(b, batch.fill), slot_go, batch.start);
    let column_end = (slot_go & slot.last).named("column_end");

    // Columns that stand and are not begun: none, one (bit 0) or two (both).
    let one = b.state("column_stands", 1, 0);
    let two = b.state("two_columns_stand", 1, 0);
    let begin = (one & (!running | column_end)).named("column_begin");
    b.drive(one, b.mux(loaded ^ begin, loaded | two, one) & !clear);
    b.drive(two, b.mux(loaded ^ begin, loaded & one, two) & !clear);
    b.drive(running, (begin | (running & !column_end)) & !clear);

    let deepest_at = b.reg(batch.levels.sub_lit(1)).slice(0, 3);
    let position = b.state("position", 3, 0);
    let anew = level.last | batch.start;
    let from = b.mux(anew, deepest_at, position);
    b.drive_en(position, from - (!anew).zext(3), level_go | batch.start);
    let deepest = b.state("deepest", 1, 0);
    b.drive_en(deepest, anew, level_go | batch.start);
    Issue {
        valid: running,
        soon: one | running,
        slot: slot.value.resize(g.slot_bits),
        group: group.value.resize(g.group_bits),
        position,
        deepest,
        top: level.last,
        slot_end: slot_go,
        column_end,
    }
}

/// Builds the key switch.
///
/// # Errors
/// None but those of the netlist.
pub fn key_switch(g: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "key_switch",
        "Key switch column by column, straight into the centered modulus switch.",
    );
    let batch_start = b.input("batch_start", 1);
    let batch_done = b.input("batch_done", 1);
    let fill = b.input("fill", address_bits(g.slots + 1));
    let dimension = b.input("lwe_dimension", COLUMN_BITS);
    let base_log = b.input("ks_base_log", 3);
    let levels = b.input("ks_levels", 4);
    // It addresses every column: a register here has copies.
    let bank = b.reg(b.input("batch_bank", 1));
    let loaded = b.input("column_loaded", 1);
    let clear = b.input("clear", 1);
    let batch = Batch {
        fill,
        columns: b.reg(dimension.add_lit(1)),
        levels,
        start: valid_delay(&b, "start", batch_start, 4),
    };
    let issue = issue(&b, g, &batch, loaded, clear);

    let mut lwe_inputs = vec![
        ("clear", vec![clear]),
        ("read_soon", vec![issue.soon]),
        ("read_bank", vec![bank]),
        ("read_slot", vec![issue.slot]),
        ("read_group", vec![issue.group]),
        ("body_bank", vec![bank]),
    ];
    for (name, words, width) in [
        ("lwe_valid", 1, 1),
        ("lwe_bank", 1, 1),
        ("lwe_slot", 1, g.slot_bits),
        ("lwe_index", 1, g.index_bits()),
        ("lwe_data", g.beat_words, 64),
    ] {
        lwe_inputs.push((name, b.input_words(name, words, width)));
    }
    let body_slot = b.wire("body_slot", g.slot_bits);
    lwe_inputs.push(("body_slot", vec![body_slot]));
    let lwe = b.instance_words(&lwe_buffer(g)?, "u_lwe_buffer", &lwe_inputs);
    let coefficients = lwe.words("coefficients");

    // Key rows, asked for so that they meet their digits.
    let key_at = POSITION_AT + digits::KEY_AT - KEY_ROW_LATENCY;
    let key_soon = valid_delay(&b, "key_read_soon", issue.valid, key_at - 1);
    b.output("key_soon", key_soon);
    b.output("count_switch_busy", issue.valid);
    let key_read = valid_delay(&b, "key_read_valid", key_soon, 1);
    let key_slot_end = b.delay(issue.slot_end, key_at);
    let key_row = counter(
        &b,
        "key_row_count",
        g.row_bits(),
        key_read | clear,
        key_slot_end | clear,
    );
    b.output("key_read", key_read);
    b.output("key_row", key_row);
    b.output("key_last", b.delay(issue.column_end, key_at));
    let key_words = b.input_words("key_words", g.products / 2, 64);
    let keys: Vec<_> = key_words
        .iter()
        .flat_map(|w| [w.slice(0, 32), w.slice(32, 32)])
        .collect();

    let group = GROUP.min(g.products);
    let module = digit_block(group)?;
    let base = b.reg(base_log.sub_lit(1)).slice(0, 2);
    let position = b.delay(issue.position, POSITION_AT - 1);
    let place = b.reg(digits::place(&b, base, position));
    let deepest = b.delay(issue.deepest, POSITION_AT);
    let top = b.delay(issue.top, POSITION_AT);
    // The clock of the digit blocks ticks while something is in them.
    let under_way = b.state("issues_under_way", sum_at(g) as u32, 0);
    let older = under_way.slice(0, under_way.width() - 1);
    b.drive(under_way, b.cat(&[issue.valid, older]));
    let digits_run = b.state("digits_run", 1, 1);
    b.drive(digits_run, issue.valid | under_way.any());
    let parts: Vec<_> = (0..g.products / group)
        .map(|i| {
            let here = i * group..(i + 1) * group;
            let block = b.instance_words(
                &module,
                &format!("u_digits_{i}"),
                &[
                    ("base", vec![base]),
                    ("place", vec![place]),
                    ("first", vec![deepest]),
                    ("last", vec![top]),
                    ("coefficients", coefficients[here.clone()].to_vec()),
                    ("keys", keys[here].to_vec()),
                ],
            );
            b.gate(&block, digits_run);
            block.get("sum")
        })
        .collect();
    let part = sum_tree(&b, &parts);

    // Accumulation over the rows and levels of a slot.
    let at = sum_at(g);
    let part_valid = valid_delay(&b, "part_valid", issue.valid, at);
    let slot_end = valid_delay(&b, "slot_end", issue.slot_end, at - 1);
    let part_end = valid_delay(&b, "part_end", slot_end, 1);
    let fresh = b.state("sum_fresh", 1, 1);
    b.drive_en(fresh, part_end | batch.start, part_valid | batch.start);
    let sum = b.state("sum", 32, 0);
    b.drive_en(sum, b.sum(&[sum & (!fresh).sext(32), part], 32), part_valid);

    // Number of the word that ends: two clocks before its sum stands.
    let slot = run(&b, "sum_slot", length(&b, fill), slot_end, batch.start);
    let last_of_column = slot_end & slot.last;
    let column = run(
        &b,
        "sum_column",
        length(&b, batch.columns),
        last_of_column,
        batch.start,
    );
    b.drive(body_slot, slot.value.resize(g.slot_bits));
    let is_body = b.reg(column.last);
    let first = b.reg(column.value.is_zero());
    let body = b.reg(lwe.get("body") & is_body.sext(32));
    let word = b.reg(b.sum(&[sum, body], 32));
    let switch = b.instance(
        &mod_switch(g)?,
        "u_mod_switch",
        &[
            ("in_valid", valid_delay(&b, "word_valid", part_end, 2)),
            ("in_word", word),
            ("in_slot", b.delay(slot.value.resize(g.slot_bits), 3)),
            ("in_step", b.delay(column.value, 3)),
            ("in_first", b.delay(first, 2)),
            ("in_body", b.delay(is_body, 2)),
        ],
    );

    let store_in = |name: &str| switch.get(name);
    let entry = ("entry_step", b.input("entry_step", COLUMN_BITS));
    let store = b.instance(
        &switch_store(g)?,
        "u_switch_store",
        &[
            ("batch_start", batch_start),
            ("batch_done", batch_done),
            ("fill", fill),
            ("clear", clear),
            ("in_valid", store_in("out_valid")),
            ("in_slot", store_in("out_slot")),
            ("in_step", store_in("out_step")),
            ("in_body", store_in("out_body")),
            ("in_word", store_in("out_word")),
            ("in_rotation", store_in("out_rotation")),
            ("rotation_slot", b.input("rotation_slot", g.slot_bits)),
            ("rotation_step", b.input("rotation_step", COLUMN_BITS)),
            ("entry_slot", b.input("entry_slot", g.slot_bits)),
            entry,
            ("body_slot", b.input("result_slot", g.slot_bits)),
        ],
    );
    for name in [
        "rotation_valid",
        "rotation",
        "switch_done",
        "entry_word",
        "entry_rotation",
        "body_word",
        "body_rotation",
    ] {
        b.output(name, store.get(name));
    }
    b.output(
        "clear_busy",
        store.get("clear_busy") | lwe.get("clear_busy"),
    );
    b.finish()
}
