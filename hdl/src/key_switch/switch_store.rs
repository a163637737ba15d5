//! What stands of key switch and modulus switch: words and rotations of all slots.
//!
//! Written by the modulus switch (`in_*`, as it puts them out). Two readers:
//!
//! - the sequencer: `rotation_slot` `rotation_step` -> `rotation` and `rotation_valid` (it stands), two
//!   clocks later. What stands is counted: words come step by step, within a step slot by slot.
//! - the serializer: `entry_slot` `entry_step` -> `entry_word` `entry_rotation`, and `body_slot` ->
//!   `body_word` `body_rotation`, two clocks later. Bodies are kept in two banks, one a batch in turn: those
//!   of the batch that ended last (`batch_done`) are read while the next batch runs.
//!
//! `batch_start` empties the count; `switch_done` rises when the last body of `fill` slots stands.
//! `clear` -> `clear_busy`.

use super::geometry::{COLUMN_BITS, Geometry};
use crate::cells::counters::{length, run, valid_delay};
use crate::cells::walk;
use crate::netlist::{Builder, Module, NetlistError, RamStyle, address_bits};
use std::sync::Arc;

/// Clocks from a slot and a step to what is asked for.
pub const READ_LATENCY: usize = 2;
/// Clocks from a rotation that comes to `rotation_valid`, if it is asked for: written, counted, compared.
pub const WRITE_LATENCY: usize = 5;

/// Builds the store.
///
/// # Errors
/// None but those of the netlist.
pub fn switch_store(g: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "switch_store",
        "Words after key switch and rotations after modulus switch of all slots.",
    );
    let start = b.input("batch_start", 1);
    let done = b.input("batch_done", 1);
    let fill = b.input("fill", address_bits(g.slots + 1));
    // Lengths of runs follow the batch's numbers by two clocks.
    let late = valid_delay(&b, "late", start, 3);
    let starting = b.state("starting", 1, 0);
    b.drive(starting, start | (starting & !late));
    let valid = b.input("in_valid", 1);
    let slot = b.input("in_slot", g.slot_bits);
    let step = b.input("in_step", COLUMN_BITS);
    let is_body = b.input("in_body", 1);
    let word = b.input("in_word", 32);
    let rotation = b.input("in_rotation", g.rotation_bits);
    let clear = b.input("clear", 1);

    let depth = g.slots << g.step_bits();
    let bits = address_bits(depth);
    let place = |step, slot| {
        let columns = b.cat(&[step, slot]);
        let low = columns.slice(0, g.step_bits());
        b.cat(&[low, columns.from_bit(COLUMN_BITS)]).resize(bits)
    };
    let walk = walk(&b, clear, depth);
    let open = !walk.busy;

    // One register stage in front of the memories.
    let write = b.state("write", 1, 0);
    b.drive(write, (valid & !is_body) | walk.busy);
    let at = b.reg(b.mux(walk.busy, walk.address, place(step, slot)));
    let kept_word = b.reg(word & open.sext(32));
    let kept_rotation = b.reg(rotation & open.sext(g.rotation_bits));
    let both = b.cat(&[kept_word, kept_rotation]);
    let rotations = b.ram("rotations", depth, g.rotation_bits, RamStyle::Auto);
    b.ram_write(&rotations, write, at, kept_rotation);
    let entries = b.ram("entries", depth, 32 + g.rotation_bits, RamStyle::Auto);
    b.ram_write(&entries, write, at, both);

    // Bodies in two banks.
    let bank = b.state("bank", 1, 0);
    b.drive(bank, bank ^ start);
    let read_bank = b.state("read_bank", 1, 0);
    b.drive_en(read_bank, bank, done);
    let body_depth = 2 * g.slots;
    let body_bits = address_bits(body_depth);
    let body_place = |bank, slot| b.cat(&[bank, slot]).resize(body_bits);
    let bodies = b.ram("bodies", body_depth, 32 + g.rotation_bits, RamStyle::Lut);
    let write_body = b.state("write_body", 1, 0);
    b.drive(write_body, (valid & is_body) | walk.busy);
    let cleared = walk.address.resize(body_bits);
    let body_at = b.reg(b.mux(walk.busy, cleared, body_place(bank, slot)));
    b.ram_write(&bodies, write_body, body_at, both);

    // What stands: the number of the next word that does not.
    let landed = b.state("landed", 1, 0);
    b.drive(landed, write & open);
    let body_landed = b.state("body_landed", 1, 0);
    b.drive(body_landed, write_body & open);
    let slots = run(&b, "next_slot", length(&b, fill), landed, late);
    let next_step = b.state("next_step", COLUMN_BITS, 0);
    let keep = !starting;
    b.drive(
        next_step,
        b.sum(
            &[
                next_step & keep.sext(COLUMN_BITS),
                landed & slots.last & keep,
            ],
            COLUMN_BITS,
        ),
    );
    let bodies_in = run(&b, "next_body", length(&b, fill), body_landed, late);
    let finished = b.state("switch_done_flag", 1, 0);
    b.drive(
        finished,
        (finished | (body_landed & bodies_in.last)) & !start & !starting & !clear,
    );
    b.output("switch_done", finished);

    let want_slot = b.input("rotation_slot", g.slot_bits);
    let want_step = b.input("rotation_step", COLUMN_BITS);
    let earlier = b.reg(want_step.lt(next_step));
    let same = b.reg(want_step.eq(next_step));
    let slot_earlier = b.reg(want_slot.lt(slots.value.resize(g.slot_bits)));
    let stands = b.state("rotation_stands", 1, 0);
    b.drive(
        stands,
        (earlier | (same & slot_earlier)) & !start & !starting,
    );
    b.output("rotation_valid", stands);
    b.output(
        "rotation",
        b.reg(b.ram_read(&rotations, place(want_step, want_slot))),
    );

    let entry = place(
        b.input("entry_step", COLUMN_BITS),
        b.input("entry_slot", g.slot_bits),
    );
    let entry = b.reg(b.ram_read(&entries, entry));
    b.output("entry_word", entry.slice(0, 32));
    b.output("entry_rotation", entry.from_bit(32));
    let body = body_place(read_bank, b.input("body_slot", g.slot_bits));
    let body = b.reg(b.ram_read(&bodies, body));
    b.output("body_word", body.slice(0, 32));
    b.output("body_rotation", body.from_bit(32));
    // One clock more for the register in front of the memories.
    let busy = b.state("clearing", 1, 0);
    b.drive(busy, walk.busy);
    b.output("clear_busy", walk.busy | busy);
    b.finish()
}
