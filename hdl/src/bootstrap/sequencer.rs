//! Which external product starts when; the life of a batch.
//!
//! A batch of `fill` slots and `steps` steps is `fill * steps` external products e = (step i, slot s), s fastest. One
//! starts as soon as
//! - the rows of the one before are all read (`spaced`): (k+1) l R clocks after its start,
//! - fewer than `fill` are outstanding (`room`), so that the slot's last result stands: a result stops counting when its
//!   polynomial 0 is written just before it is read; the other polynomials are written in time behind it,
//! - all lookup tables stand, the rotation (s, i) stands, GGSW i stands in the row buffer (both come after the tables, so
//!   waiting for all tables costs nothing),
//! - for the last step: the output store is free.
//!
//! All of these are registered flags; after a start they have (k+1) l R >= 8 clocks to settle.
//!
//! Ports:
//! - `batch_valid`, `batch_ready`; `batch_take` in the clock in which a batch is taken: the core then holds its numbers,
//!   which come back as `fill`, `steps`, `lwe_dimension`. `batch_start` two clocks later. `lut_ready` (level) lets tables in.
//! - `rotation_slot`, `rotation_step` name the next external product; `rotation_valid`, `rotation` answer within three clocks.
//! - `ggsw_loaded`, `slot_free`, `nearly_done` (of the feed), `out_release`: pulses. `tables_done`: level.
//! - `start`, `start_slot`, `start_rotation`: to the feed.
//! - `batch_done` (pulse), `batch_error` when `results_done`, `switch_done` and `stream_done`. The output store is taken from
//!   then to `out_release`; a batch with steps < n (a checkpoint) keeps the whole core until then, because its
//!   key-switch and rotation stores may be read too.
//! - `clear` (level) aborts whatever there is. `count_key_wait`: a clock in which only key material was missing.

use super::accumulator_write::{counter, slot_cycle};
use super::geometry::Geometry;
use crate::netlist::{Builder, LOAD_LIMIT, Module, NetlistError, Sig};
use std::sync::Arc;

/// Clocks from `batch_start` to the first possible start, for all flags to settle.
const SETTLE: usize = 8;

/// Clocks from `batch_take` to `batch_start`.
pub const BEGIN_LATENCY: usize = 2;
/// Clocks from `slot_free`, if nothing else is missing, to `start`.
pub const FREE_TO_START: usize = 3;
/// Clocks from `nearly_done`, likewise.
pub const DONE_TO_START: usize = 2;
/// Clocks from `ggsw_loaded`, likewise.
pub const LOADED_TO_START: usize = 3;

/// Width of the count of GGSWs that stand ahead of use.
const CREDIT_BITS: u32 = 4;

/// Up and down counter.
fn balance<'b>(
    b: &'b Builder,
    name: &str,
    width: u32,
    restart: Sig<'b>,
    (up, down): (Sig<'b>, Sig<'b>),
) -> Sig<'b> {
    let count = b.state(name, width, 0);
    let keep = !restart;
    let kept = count & keep.sext(width);
    // minus one is adding ones
    let only_down = (down & !up & keep).sext(width);
    b.drive(count, b.sum(&[kept, only_down, up & !down & keep], width));
    count
}

/// AND of single bits.
fn all<'b>(b: &'b Builder, bits: &[Sig<'b>]) -> Sig<'b> {
    b.cat(bits).all()
}

/// Builds the block.
///
/// # Errors
/// None but errors of the generator itself.
pub fn sequencer(geometry: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let step_bits = Geometry::STEP_BITS;
    let b = Builder::new(
        "sequencer",
        "Takes batches, starts the external products of all steps and slots, reports the end.",
    );
    let clear = b.input("clear", 1);
    let fill = b.input("fill", geometry.fill_bits());
    let steps = b.input("steps", step_bits);
    let lwe_dimension = b.input("lwe_dimension", step_bits);
    let out_release = b.input("out_release", 1);

    // the batch
    let running = b.state("running", 1, 0);
    let blocked = b.state("blocked", 1, 0);
    let ready = !(running | blocked | clear);
    let take = b.input("batch_valid", 1) & ready;
    let begin = b.delay(take, BEGIN_LATENCY);
    let restart = begin | clear;

    // the next external product
    let start = b.state("start", 1, 0);
    let fill_minus_1 = b.reg(fill.sub_lit(1)).slice(0, geometry.slot_bits());
    let (slot, last_slot) = slot_cycle(&b, "slot", fill_minus_1, restart, start);
    let step = counter(&b, "step", step_bits, restart, start & last_slot);

    // what it needs
    let set = b.delay(begin, SETTLE) | b.input("nearly_done", 1);
    let spaced = b.state("spaced", 1, 0);
    let slot_free = b.input("slot_free", 1);
    let width = geometry.fill_bits();
    let outstanding = balance(&b, "outstanding", width, restart, (start, slot_free));
    let room = b.reg(outstanding.lt(fill));
    let tables_stand = b.input("tables_done", 1);
    let first_slot = slot.is_zero();
    let loaded = b.input("ggsw_loaded", 1);
    let taken = b.reg(start & first_slot);
    let ggsws = balance(&b, "ggsws", CREDIT_BITS, restart, (loaded, taken));
    let ggsw_stands = b.reg(ggsws.any() | !first_slot);
    let rotation_stands = b.input("rotation_valid", 1);
    let more = b.reg(step.ne(steps));
    let is_last = b.reg(step.eq(b.reg(steps.sub_lit(1))));
    let store_full = b.state("store_full", 1, 0);
    let store_ready = !is_last | !store_full;

    let others = all(
        &b,
        &[running, spaced, room, tables_stand, more, store_ready],
    );
    let keys = ggsw_stands & rotation_stands;
    let decision = others & keys & !clear;
    b.drive(start, decision);
    b.drive(spaced, !(take | restart | decision) & (set | spaced));

    // the end
    let ends = ["results_done", "switch_done", "stream_done"].map(|name| b.input(name, 1));
    let finish = all(&b, &[running, spaced, !more, ends[0], ends[1], ends[2]]) & !clear;
    b.drive(running, !(clear | finish) & (take | running));
    let checkpoint = b.reg(steps.ne(lwe_dimension));
    let release = out_release | clear;
    b.drive(blocked, !release & (finish & checkpoint | blocked));
    b.drive(store_full, !release & (finish | store_full));
    let done = b.state("done", 1, 0);
    b.drive(done, finish);

    b.output("batch_ready", ready);
    b.output_words("batch_take", &vec![take; geometry.takes()]);
    b.expect_loads("batch_take", LOAD_LIMIT);
    b.output("batch_start", begin);
    let no_steps = b.reg(steps.is_zero());
    let tables_wait = no_steps & store_full;
    b.output("lut_ready", b.delay(running & !tables_wait, 3));
    b.output("rotation_slot", slot);
    b.output("rotation_step", step);
    b.output("start", start);
    b.output("start_slot", slot);
    let rotation = b.input("rotation", geometry.rotation_bits());
    b.output("start_rotation", b.reg(rotation));
    b.output("batch_done", done);
    let errors = [b.input("stream_error", 1), b.input("parity_error", 1)];
    b.output("batch_error", b.reg(b.cat(&errors)));
    b.output("idle", !running);
    let count = b.reg(fill) & done.sext(width);
    b.output("count_bootstraps", count);
    b.output("count_key_wait", b.reg(others & !keys));
    b.finish()
}
