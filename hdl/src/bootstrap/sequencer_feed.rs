//! Reads the rows of one external product: addresses, rotation amounts, places of the digits.
//!
//! On `start` it runs once through all digit polynomials without a gap: for each polynomial of the accumulator, for each
//! level (deepest first), all rows in feeding order. Row r of X^a A comes from row r - a_row (mod R); the lanes are turned
//! by a_lane, and by one more where the subtraction borrows ([`super::rotate`]).
//!
//! ```text
//! clock  s       s+1    s+2                              s+2+m
//!        start   row    turned_address, amount           plain_address     m: latency of the rotation
//! ```
//!
//! so that the plain row meets the turned one at the subtraction. `place` (of the digit: 0 the highest) comes with the row
//! (s+1), and so does `digits_begin` with the first row of each digit polynomial, `digits_first` and `digits_last` with the
//! first and the last one; `feeding` is 1 while rows run. `start` may come again (k+1) l R clocks later; `nearly_done` says so in time.

use super::accumulator_write::next_count;
use super::geometry::Geometry;
use super::rotate;
use crate::netlist::{Builder, Module, NetlistError, Sig};
use std::sync::Arc;

/// Clocks from `start` to the words of the first turned row (the memory's register included).
pub const ROW_LATENCY: usize = 3;

/// Rows from the one that raises `nearly_done` (a clock later) to the last one: the sequencer's clocks, so that the next
/// `start` can come just after the last row.
const DONE_LEAD: u32 = 3;

/// Builds the block.
///
/// # Errors
/// None but errors of the generator itself.
pub fn sequencer_feed(geometry: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let (row_bits, lane_bits) = (geometry.row_bits(), geometry.lane_bits());
    let k = u128::from(geometry.shape.glwe_dimension);
    let b = Builder::new(
        "sequencer_feed",
        "Row addresses, rotation amounts and digit places of one external product after another.",
    );
    let start = b.input("start", 1);
    let stop = b.input("clear", 1);
    let slot = b.reg_en(b.input("slot", geometry.slot_bits()), start);
    let rotation = b.reg_en(b.input("rotation", geometry.rotation_bits()), start);
    let level_count = b.input("levels", Geometry::LEVEL_BITS);

    let active = b.state("active", 1, 0);
    let restart = start | stop;
    let tau = b.state("tau", row_bits, 0);
    b.drive(tau, next_count(tau, restart | !active));
    let last_row = tau.all();
    let (place, last_place) = place_counter(&b, geometry, level_count, last_row, restart);
    let polynomial_done = last_row & last_place;
    let polynomial = b.state("polynomial", geometry.polynomial_bits(), 0);
    let following: Vec<Sig> = (0..1 << polynomial.width())
        .map(|p| b.lit(if p < k { p + 1 } else { 0 }, polynomial.width()))
        .collect();
    let next = b.select(polynomial, &following) & (!restart).sext(polynomial.width());
    b.drive_en(polynomial, next, polynomial_done | restart);
    let last_digit = polynomial.eq_lit(k) & last_place;
    b.drive(active, !stop & (start | active & !(last_row & last_digit)));
    let nearly = tau.eq_lit(u128::from(geometry.shape.rows() - 1 - DONE_LEAD));
    b.output("nearly_done", b.reg(nearly & last_digit & active));
    b.output("digits_begin", active & tau.is_zero());
    b.output("digits_first", b.reg(start));
    b.output("digits_last", last_digit);

    let row = geometry.feed_row_of(&b, tau);
    let offset = rotation.slice(0, row_bits);
    let turned_row = b.reg(row - offset);
    let borrow = b.reg(row.lt(offset));
    let lanes = rotation.slice(row_bits, lane_bits + 1);
    let amount = b.mux(borrow, b.reg(lanes.add_lit(1)), b.reg(lanes));
    let (slot_then, polynomial_then) = (b.reg(slot), b.reg(polynomial));
    b.output(
        "turned_address",
        geometry.address(&b, slot_then, polynomial_then, turned_row),
    );
    b.output("amount", amount);
    let plain = geometry.address(&b, slot, polynomial, row);
    b.output(
        "plain_address",
        b.delay(plain, 1 + rotate::latency(geometry)),
    );
    b.output("place", place);
    b.output("feeding", active);
    b.finish()
}

/// The place of the digit (0 the highest, the deepest level first), and whether it is the last.
fn place_counter<'b>(
    b: &'b Builder,
    geometry: &Geometry,
    level_count: Sig<'b>,
    last_row: Sig<'b>,
    restart: Sig<'b>,
) -> (Sig<'b>, Sig<'b>) {
    let width = Geometry::LEVEL_BITS;
    if geometry.shape.max_pbs_levels == 1 {
        return (b.lit(0, width), b.lit(1, 1));
    }
    let place = b.state("place", width, 0);
    let deepest = b.reg(level_count.sub_lit(1));
    let following = b.reg(place.sub_lit(1));
    let is_last = place.is_zero();
    b.drive_en(
        place,
        b.mux(is_last | restart, deepest, following),
        last_row | restart,
    );
    (place, is_last)
}
