//! Asks for the lines of a batch: all lookup tables, then key-switch column 0, then GGSW i and column
//! i + 1 in turn for the steps to do, then the columns that are left up to n.
//!
//! Requests run ahead of the lines; what a request is for goes into a queue of [`AHEAD`] pieces for the
//! distributor. Addresses follow [`goldilane_abi::MemoryMap`]: pieces lie a constant stride apart, a lookup
//! table's CRC line follows from the number of its slot.
//!
//! Ports: held for a batch `fill` `steps` `lwe_dimension` `ks_levels` `pbs_levels` `bsk_line`
//! `ksk_line` `bsk_crc_line` `ksk_crc_line` `lut_line` (a word a slot); `batch_start`; `clear`;
//! `line_req_valid` `line_req_ready` `line_req_line` `line_req_count` `line_req_crc_line`;
//! `piece_valid` `piece_ready` `piece_kind`; `line_check_valid` `line_check_error`;
//! `stream_done` (all asked for and checked), `stream_error` (sticky in a batch).

use super::key_stream::{Piece, Sizes};
use crate::cells::counters::{flag, valid_delay};
use crate::cells::fifo;
use crate::key_switch::COLUMN_BITS;
use crate::netlist::{Builder, Module, NetlistError, RamStyle, Sig, address_bits};
use goldilane_abi::MemoryMap;
use std::sync::Arc;

/// Entries of the queue of pieces.
pub const AHEAD: usize = 16;

/// Clocks in which a request is made ready after the one before.
const PREPARE: usize = 7;

/// Clocks from `batch_start` to the first request.
pub const FIRST: usize = 2 + INTERVAL;
/// Clocks from a request that is accepted to the next one.
pub const INTERVAL: usize = PREPARE + 2;

/// A number that starts at `from` and grows by `step` on `go`.
fn walk_by<'b>(
    b: &'b Builder,
    name: &str,
    from: Sig<'b>,
    step: u64,
    start: Sig<'b>,
    go: Sig<'b>,
) -> Sig<'b> {
    let width = from.width();
    let at = b.state(name, width, 0);
    let base = b.mux(start, from, at);
    let add = b.lit(step.into(), width) & (!start).sext(width);
    b.drive_en(at, base + add, start | go);
    at
}

/// Builds the requester.
///
/// # Errors
/// None but those of the netlist.
pub fn line_requests(sizes: &Sizes) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "line_requests",
        "Asks for the lines of lookup tables, GGSWs and key-switch columns in the order of use.",
    );
    let shape = &sizes.shape;
    let map = MemoryMap::new(shape);
    let batch_start = b.input("batch_start", 1);
    let clear = b.input("clear", 1);
    let fill = b.input("fill", address_bits(shape.slots as usize + 1));
    let steps = b.input("steps", COLUMN_BITS);
    let dimension = b.input("lwe_dimension", COLUMN_BITS);
    let noticed = valid_delay(&b, "noticed", batch_start, 1);
    let start = valid_delay(&b, "start", noticed, 1);

    // One request after the other: accepted, counted, compared, chosen, addressed.
    let accepted = b.wire("accepted", 1);
    let active = b.state("active", 1, 0);
    let again = (start | (accepted & active)) & !clear;
    let ready = valid_delay(&b, "prepare", again, 3);
    let kind = b.state("kind", 2, Piece::Lut as u128);
    let of = |piece: Piece| accepted & kind.eq_lit(piece as u128);
    let fill_bits = fill.width();
    let slot = walk_by(&b, "slot", b.lit(0, fill_bits), 1, start, of(Piece::Lut));
    let step = walk_by(&b, "step", b.lit(0, COLUMN_BITS), 1, start, of(Piece::Ggsw));
    let column = walk_by(
        &b,
        "column",
        b.lit(0, COLUMN_BITS),
        1,
        start,
        of(Piece::Column),
    );
    let luts_left = b.reg(!slot.eq(fill));
    let step_due = b.reg(step.lt(steps));
    let step_next = b.reg(step.lt(column));
    let columns_left = b.reg(!dimension.lt(column));
    let ggsw = step_due & step_next & !luts_left;
    let choice = b.cat(&[!luts_left & !ggsw, ggsw]);
    b.drive_en(kind, choice, ready);
    let more = luts_left | ggsw | columns_left;
    b.drive(active, ((active & !(ready & !more)) | start) & !clear);
    let choose = valid_delay(&b, "chosen", ready & more & !clear, PREPARE - 3);

    // Addresses.
    let here = |name: &str, from, stride, go| walk_by(&b, name, from, stride, start, go);
    let input = |name: &str| b.input(name, 32);
    let ksk = here(
        "ksk_at",
        input("ksk_line"),
        map.ksk_stride,
        of(Piece::Column),
    );
    let ksk_crc = here("ksk_crc_at", input("ksk_crc_line"), 1, of(Piece::Column));
    let bsk = here(
        "bsk_at",
        input("bsk_line"),
        map.ggsw_stride,
        of(Piece::Ggsw),
    );
    let bsk_crc = here("bsk_crc_at", input("bsk_crc_line"), 1, of(Piece::Ggsw));
    let lut_lines = b.input_words("lut_line", shape.slots as usize, 32);
    let slot_bits = address_bits(shape.slots as usize);
    let lut = match lut_lines.len() {
        1 => b.reg(lut_lines[0]),
        _ => b.reg(b.select(slot.resize(slot_bits), &lut_lines)),
    };
    let number = b.reg(lut.sub_lit(map.lut_base.into()));
    let number = number.from_bit(map.lut_stride.trailing_zeros()).zext(32);
    let lut_crc = b.reg(number.add_lit(map.lut_crc_base.into()));
    let count = |levels, lines: &[usize]| {
        let options: Vec<_> = lines.iter().map(|n| b.lit(*n as u128, 16)).collect();
        b.reg(b.select(levels, &options))
    };
    let lut_count = b.lit(sizes.lines(Piece::Lut, 1) as u128, 16);
    let ksk_count = count(
        b.input("ks_levels", 4),
        &by_levels(|l| sizes.lines(Piece::Column, l)),
    );
    let bsk_count = count(
        b.input("pbs_levels", 4),
        &by_levels(|l| sizes.lines(Piece::Ggsw, l)),
    );

    // The request itself, raised only when the piece can be noted too.
    let valid = b.state("line_req_valid_reg", 1, 0);
    let note = b.wire("note_ready", 1);
    let pending = b.state("pending", 1, 0);
    let raise = pending & note & !valid;
    b.drive(pending, (choose | (pending & !raise)) & !clear);
    b.drive(valid, (raise | (valid & !accepted)) & !clear);
    b.drive(accepted, valid & b.input("line_req_ready", 1));
    let by_kind = |l, c, g| b.reg_en(b.select(kind, &[l, c, g]), raise);
    b.output("line_req_valid", valid);
    b.output("line_req_line", by_kind(lut, ksk, bsk));
    b.output("line_req_crc_line", by_kind(lut_crc, ksk_crc, bsk_crc));
    b.output("line_req_count", by_kind(lut_count, ksk_count, bsk_count));

    let notes = fifo("piece_queue", AHEAD, 1, 2, RamStyle::Lut)?;
    let notes = b.instance(
        &notes,
        "u_pieces",
        &[
            ("in_valid", raise),
            ("in_data", kind),
            ("out_ready", b.input("piece_ready", 1) | clear),
        ],
    );
    b.drive(note, notes.get("in_ready"));
    b.output("piece_valid", notes.get("out_valid"));
    b.output("piece_kind", notes.get("out_data"));

    // What is under way, and what came of it.
    let checked = b.input("line_check_valid", 1);
    let outstanding = b.state("outstanding", 8, 0);
    let keep = (!clear).sext(8);
    let more = valid_delay(&b, "one_more", accepted, 1);
    let less = valid_delay(&b, "one_less", checked, 1);
    let change = b.cat(&[b.lit(1, 1), (!more).sext(7)]);
    b.drive_en(
        outstanding,
        (outstanding & keep) + (change & keep),
        (more ^ less) | clear,
    );
    let started = flag(&b, "started", batch_start, clear);
    let idle = b.state("nothing_left", 1, 0);
    let waiting = batch_start | noticed | start;
    b.drive(idle, !waiting & !active & !valid & !pending);
    // The count follows the last request by two clocks.
    let quiet = valid_delay(&b, "quiet", started & idle, 3);
    let done = b.state("stream_done_reg", 1, 0);
    b.drive(done, quiet & idle & outstanding.is_zero() & !batch_start);
    b.output("stream_done", done);
    let wrong = b.input("line_check_error", 1) & checked;
    b.output(
        "stream_error",
        flag(&b, "stream_error_flag", wrong, batch_start),
    );
    b.finish()
}

/// A figure for 0 ..= 15 levels.
fn by_levels(figure: impl Fn(usize) -> usize) -> Vec<usize> {
    (0..16).map(|l| figure(l.clamp(1, 8))).collect()
}
