//! Who writes which accumulator row when: results, lookup-table rows, zeros.
//!
//! Neither results nor lookup-table rows wait; they never meet, because no external product starts before all tables of
//! the batch stand. `lut_ready` is a level that lets a batch's tables come. Results come as the external products were
//! started: for each step, for each slot, for each polynomial, rows in feeding order; rows of a table come slot by slot,
//! polynomial by polynomial, in natural order. So nothing but `result_valid` and `lut_valid` is needed to know every
//! address.
//!
//! The rows of the last step (of the tables themselves if there is no step) are marked for the output store
//! (`dump_*`; `dump_next` a clock ahead) in the clock in which they are written, see the timing of [`super::accumulator`].
//!
//! - `slot_free`: pulse [`FREE_LEAD`] - 1 clocks ahead of the last row of polynomial 0 of a result.
//! - `tables_done`: all tables stand; `results_done`: all steps and tables of the batch are written.
//! - `clear` (level): writes zeros everywhere and waits until no result of before can come any more;
//!   `clear_busy` meanwhile. Results that come while `clear` is 1 are ignored.

use super::geometry::{Geometry, count_bits};
use crate::netlist::{Builder, Module, NetlistError, Sig};
use std::sync::Arc;

/// Rows from the one that raises `slot_free` (a clock later) to the last row of polynomial 0: the sequencer's clocks, so
/// that the first read of the next step comes just after the last write.
pub const FREE_LEAD: u32 = 3;

/// A register that counts `increment`, back to 0 on `restart`; one LUT level and one chain.
pub(super) fn counter<'b>(
    b: &'b Builder,
    name: &str,
    width: u32,
    restart: Sig<'b>,
    increment: Sig<'b>,
) -> Sig<'b> {
    let count = b.state(name, width, 0);
    let next = next_count(count, restart);
    b.drive_en(count, next, increment | restart);
    count
}

/// One more, or 0 on `restart`.
pub(super) fn next_count<'b>(count: Sig<'b>, restart: Sig<'b>) -> Sig<'b> {
    let b = count.builder();
    let kept = count & (!restart).sext(count.width());
    b.sum(&[kept, !restart], count.width())
}

/// A register that runs through `0 ..= last` (constants), back to 0 on `restart`.
fn cycle<'b>(
    b: &'b Builder,
    name: &str,
    (width, last): (u32, u32),
    restart: Sig<'b>,
    increment: Sig<'b>,
) -> Sig<'b> {
    let count = b.state(name, width, 0);
    let following: Vec<Sig> = (0..1 << width)
        .map(|i| b.lit(if i < last { i as u128 + 1 } else { 0 }, width))
        .collect();
    let next = b.select(count, &following) & (!restart).sext(width);
    b.drive_en(count, next, increment | restart);
    count
}

/// A register that runs through `0 .. fill`, its steps at least three clocks apart; with it a flag: it is at the end.
pub(super) fn slot_cycle<'b>(
    b: &'b Builder,
    name: &str,
    fill_minus_1: Sig<'b>,
    restart: Sig<'b>,
    increment: Sig<'b>,
) -> (Sig<'b>, Sig<'b>) {
    let width = fill_minus_1.width();
    let slot = b.state(name, width, 0);
    let at_end = b.reg(slot.eq(fill_minus_1));
    let following = b.reg(slot.add_lit(1));
    let back = at_end | restart;
    b.drive_en(slot, following & (!back).sext(width), increment | restart);
    (slot, at_end)
}

/// Row, polynomial and slot of what is written next, and the event that a slot is complete.
struct Position<'b> {
    row: Sig<'b>,
    polynomial: Sig<'b>,
    glwe_done: Sig<'b>,
}

fn position<'b>(
    b: &'b Builder,
    geometry: &Geometry,
    name: &str,
    restart: Sig<'b>,
    valid: Sig<'b>,
) -> Position<'b> {
    let k = geometry.shape.glwe_dimension;
    let row = counter(
        b,
        &format!("{name}_row"),
        geometry.row_bits(),
        restart,
        valid,
    );
    let polynomial_done = row.all() & valid;
    let size = (geometry.polynomial_bits(), k);
    let name = format!("{name}_polynomial");
    let polynomial = cycle(b, &name, size, restart, polynomial_done);
    let glwe_done = polynomial_done & polynomial.eq_lit(k.into());
    Position {
        row,
        polynomial,
        glwe_done,
    }
}

/// Builds the block. `drain`: clocks after which no result of an earlier start can come.
///
/// # Errors
/// None but errors of the generator itself.
pub fn accumulator_write(geometry: &Geometry, drain: u32) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "accumulator_write",
        "Addresses and order of all writes to the accumulators: results, lookup tables, zeros.",
    );
    let clear = b.input("clear", 1);
    let restart = b.reg(b.input("batch_start", 1) | clear);
    let fill = b.input("fill", geometry.fill_bits());
    let steps = b.input("steps", Geometry::STEP_BITS);
    let result = b.input("result_valid", 1) & !clear;
    let load = b.input("lut_valid", 1) & !clear;
    let fill_minus_1 = b.reg(fill.sub_lit(1)).slice(0, geometry.slot_bits());

    // results
    let at = position(&b, geometry, "result", restart, result);
    let (slot, last_slot) = slot_cycle(&b, "result_slot", fill_minus_1, restart, at.glwe_done);
    let step_done = at.glwe_done & last_slot;
    let step = counter(&b, "result_step", Geometry::STEP_BITS, restart, step_done);
    let steps_minus_1 = b.reg(steps.sub_lit(1));
    let is_last = step.eq(steps_minus_1) & result;
    let result_row = geometry.feed_row_of(&b, at.row);
    let result_address = geometry.address(&b, slot, at.polynomial, result_row);
    let first_polynomial = at.polynomial.is_zero() & result;
    let ahead = u128::from(geometry.shape.rows() - 1 - FREE_LEAD);
    b.output("slot_free", b.reg(at.row.eq_lit(ahead) & first_polynomial));

    // lookup tables
    let table = position(&b, geometry, "table", restart, load);
    let loaded = counter(&b, "loaded", geometry.fill_bits(), restart, table.glwe_done);
    let table_slot = loaded.slice(0, geometry.slot_bits());
    let table_address = geometry.address(&b, table_slot, table.polynomial, table.row);
    let no_steps = b.reg(steps.is_zero());

    // zeros
    let all = 1_u32 << geometry.address_bits();
    let clocks = all.max(drain);
    let cleared = b.state("cleared", 1, 0);
    let clearing = clear & !cleared;
    let clear_count = b.state("clear_count", count_bits(clocks), 0);
    b.drive(clear_count, next_count(clear_count, !clearing));
    let end = b.reg(clear_count.eq_lit(u128::from(clocks - 1))) & clearing;
    b.drive(cleared, clear & (cleared | end));
    let clear_address = clear_count.slice(0, geometry.address_bits());

    let choice = b.cat(&[load, clearing]);
    let address = b.reg(b.select(choice, &[result_address, table_address, clear_address]));
    let write_enable = b.reg(result | load | clearing);
    for (port, signal) in [
        ("old_address", result_address),
        ("load_next", load | clearing),
        ("zero_next", clearing),
        ("write_enable_next", write_enable),
        ("write_address_next", address),
    ] {
        b.output(port, signal);
        b.expect_loads(port, geometry.lanes() as u32);
    }

    let dump_next = b.reg(is_last | load & no_steps);
    b.output("dump_next", dump_next);
    let dump = b.reg(dump_next);
    let dumped = b.reg(address);
    let (row_bits, polynomial_bits) = (geometry.row_bits(), geometry.polynomial_bits());
    b.output("dump_valid", dump);
    b.output("dump_row", dumped.slice(0, row_bits));
    b.output("dump_poly", dumped.slice(row_bits, polynomial_bits));
    let slot_at = row_bits + polynomial_bits;
    let dump_slot = if dumped.width() > slot_at {
        dumped.from_bit(slot_at)
    } else {
        b.lit(0, 1)
    };
    b.output("dump_slot", dump_slot);

    let tables_done = loaded.eq(fill);
    b.output("tables_done", b.reg(tables_done));
    let done = step.eq(steps) & tables_done;
    b.output("results_done", b.delay(done, 4));
    b.output("clear_busy", clearing);
    b.finish()
}
