//! Reads host memory: AXI4 bursts of at most [`BURST_BYTES`] bytes on up to [`IDS`] ids, put back in order.
//!
//! Transfers queue, [`COMMANDS`] of them: their bursts are issued one after another without a pause, so that only the
//! first waits for the host's latency. Each id has one burst in flight; its beats land in the id's part of a reorder
//! memory, and are handed on when the burst is complete and all before it are gone. The stream goes to the destination
//! of its command; its CRC-32C is made on the way. Of short transfers one is under way at a time. A transfer to board
//! memory stays in the reorder memory until the filler is told to take lines from the host: it may be asked for before
//! it is certain that it is wanted.
//!
//! Ports, host side: `ar_*` and `r_*` as in AXI4. Commands: `address` (64), `start` (pulse), `command` (64: bytes
//! [31:0], destination [33:32], one narrow beat of 32 bytes [34], bank [40], slot [55:48]); `fill_start` (pulse, the
//! filler's, `command` its): the next transfer to board memory may go; `drop` (pulse): it goes nowhere; `abort` (level):
//! nothing more is issued, what is outstanding is taken in and dropped. `status` (64: busy [0], read error [1], busy with
//! a short transfer [2], read error of the last of these [3], CRC [63:32]); error and CRC without names are those of the
//! last transfer that was not short. `control_words` (8 words): the last short transfer. Streams: `mem_*`, `loop_*`
//! (valid/ready, one beat), `lwe_*` (valid, bank, slot, number of the first word, data); `own_lwe_*`: beats of one
//! repeated word that the controller writes into slot 0 while nothing is read.
//!
//! A host bus of 1024 bits is used half a beat at a time; the beat here has at most 512 bits.

use super::board_write::FROM_HOST_BIT;
use super::burst::{self, BurstControl, bursts};
use super::{Widths, flag, one_hot};
use crate::cells::{crc32c, fifo};
use crate::netlist::{Builder, Module, NetlistError, RamStyle, Sig, address_bits};
use std::sync::Arc;

/// Most bytes of a burst, and its alignment. With [`IDS`] bursts in flight, 16 KiB: a beat of 512 bits a clock over a
/// latency of 250 clocks, as behind PCIe.
pub const BURST_BYTES: usize = 1024;
/// Bursts in flight.
pub const IDS: usize = 16;

/// Commands under way: one that streams and those behind it.
pub const COMMANDS: usize = QUEUE - fifo::SLACK;
/// Entries of the queues of commands.
const QUEUE: usize = 8;

/// Clocks from `start` to the first burst's address: command's register, queue, decision, cutter.
pub const ISSUE_LATENCY: usize = 1 + fifo::LATENCY + 1 + burst::FIRST;
/// Clocks from the last beat of a burst on the bus to its first one in the stream.
pub const STREAM_LATENCY: usize = 4;

/// Bits of the number of a beat within a ciphertext.
const BEAT_BITS: u32 = 13;

/// Destination of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Destination {
    /// `control_words`.
    Control = 0,
    /// Board memory.
    Memory = 1,
    /// Input of the core.
    Lwe = 2,
    /// Back to host memory.
    Loopback = 3,
}

/// Commands in their order. Returns whether one waits, and its fields.
fn commands<'b>(
    b: &'b Builder,
    name: &str,
    push: Sig<'b>,
    fields: &[Sig<'b>],
    pop: Sig<'b>,
) -> Result<(Sig<'b>, Sig<'b>), NetlistError> {
    let word = b.cat(fields);
    let name = format!("{name}_command_fifo");
    let cell = fifo(
        &format!("shell_{name}"),
        QUEUE,
        1,
        word.width(),
        RamStyle::Lut,
    )?;
    let inputs = [("in_valid", push), ("in_data", word), ("out_ready", pop)];
    let queue = b.instance(&cell, &format!("u_{name}"), &inputs);
    Ok((queue.get("out_valid"), queue.get("out_data")))
}

/// Builds the reader.
///
/// # Errors
/// None but those of the netlist.
pub fn host_read(w: &Widths) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "shell_host_read",
        "Reads host memory: bursts on several ids, put back in order, with their CRC.",
    );
    let crc = crc32c("crc32c_host_read", w.words)?;
    let beats = BURST_BYTES / (8 * w.words);
    let beat_bits = beats.trailing_zeros();
    let byte_bits = (8 * w.words).trailing_zeros();
    let id_bits = IDS.trailing_zeros();
    let abort = b.input("abort", 1);

    // The commands: a queue of them for the issue, one for the stream.
    let start = b.input("start", 1);
    let address = b.reg(b.input("address", 64));
    let command = b.input("command", 64);
    let bytes = command.slice(0, 32);
    let round_up = b.lit(8 * w.words as u128 - 1, 33);
    let count = b.reg(bytes.zext(33) + round_up).from_bit(byte_bits);
    let count_bits = count.width();
    let part = |low: u32, width: u32| b.reg(command.slice(low, width));
    let push = b.state("push", 1, 0);
    b.drive(push, start & !abort);

    // Issue.
    let begin = b.state("begin", 1, 0);
    let to_issue = [count, address, part(34, 1)];
    let (waits, head) = commands(&b, "issue", push, &to_issue, begin | abort)?;
    let at = head.slice(count_bits, 64);
    let (room, taken) = (b.wire("room", 1), b.wire("taken", 1));
    let cut = bursts(
        &b,
        "issue",
        beats,
        &BurstControl {
            start: begin,
            address: at.from_bit(byte_bits),
            count: head.slice(0, count_bits),
            room,
            taken,
            abort,
        },
    );
    b.drive(taken, b.input("ar_ready", 1));
    b.drive(begin, waits & !cut.active & !begin & !abort);
    let issued = cut.valid & taken;
    let issue_id = b.state("issue_id", id_bits, 0);
    let flush = b.wire("flush", 1);
    let keep = !flush;
    let step = b.sum(&[issue_id & keep.sext(id_bits), issued & keep], id_bits);
    b.drive(issue_id, step);
    b.output("ar_valid", cut.valid);
    b.output("ar_id", issue_id);
    let low = b.lit(0, byte_bits);
    // A narrow beat keeps the half of the bus that the address names.
    let narrow = b.reg_en(head.bit(count_bits + 64), begin);
    let fine = b.reg_en(at.slice(0, byte_bits), begin);
    let low = b.mux(narrow, fine, low);
    b.output("ar_address", b.cat(&[low, cut.address]));
    b.output("ar_len", cut.length.zext(8));
    let full = b.lit(byte_bits.into(), 3);
    b.output("ar_size", b.mux(narrow, b.lit(5, 3), full));

    // Responses, by id, into the reorder memory.
    let r_valid = b.state("r_valid_reg", 1, 0);
    b.drive(r_valid, b.input("r_valid", 1));
    let r_id = b.reg(b.input("r_id", id_bits));
    let r_last = b.reg(b.input("r_last", 1));
    let r_error = b.reg(b.input("r_resp", 2)).bit(1);
    let r_data = b.input_words("r_data", w.bus_words, 64);
    let hits: Vec<Sig> = one_hot(r_id, IDS)
        .into_iter()
        .map(|h| h & r_valid)
        .collect();
    let landing: Vec<Sig> = hits
        .iter()
        .enumerate()
        .map(|(i, &hit)| {
            let at = b.state(&format!("landing_{i}"), beat_bits, 0);
            let next = b.sum(&[at & (!r_last).sext(at.width()), !r_last], at.width());
            b.drive_en(at, next, hit);
            at
        })
        .collect();
    let land_at = b.cat(&[b.select(r_id, &landing), r_id]);

    // The next transfer of the stream, when the one before is through; one to board memory when it may go.
    let load = b.state("load", 1, 0);
    let last_words = byte_bits.max(4) - 3;
    let first_at = address.slice(byte_bits, beat_bits);
    let to_stream = [
        count,
        first_at,
        count.eq_lit(1),
        part(32, 2),
        part(40, 1),
        part(48, 8),
        part(3, last_words),
    ];
    let (waits, head) = commands(&b, "stream", push, &to_stream, load | abort)?;
    let mut low = 0;
    let mut field = |width: u32| {
        low += width;
        head.slice(low - width, width)
    };
    let (count, first_position, alone) = (field(count_bits), field(beat_bits), field(1));
    let (to, to_bank, to_slot, rest) = (field(2), field(1), field(8), field(last_words));
    let (summed, serving) = (b.wire("summed", 1), b.state("serving", 1, 0));
    b.drive(serving, (serving | load) & !summed & !flush);
    let to_memory = to.eq_lit(Destination::Memory as u128);
    let dropped = b.input("drop", 1);
    let released = b.input("fill_start", 1) & command.bit(FROM_HOST_BIT);
    let loads_memory = load & to_memory;
    let may_go = b.state("may_go", 1, 0);
    b.drive(
        may_go,
        ((may_go & !loads_memory) | released | dropped) & !flush,
    );
    let goes_nowhere = b.state("goes_nowhere", 1, 0);
    b.drive(
        goes_nowhere,
        ((goes_nowhere & !loads_memory) | dropped) & !flush,
    );
    let free = !serving & !load & !abort;
    b.drive(load, waits & free & (may_go | !to_memory));
    let nowhere = goes_nowhere & to_memory;
    let destination = b.reg_en(to & (!nowhere).sext(2), load);
    let to_control = b.reg_en(to.is_zero(), load);
    let bank = b.reg_en(to_bank, load);
    let slot = b.reg_en(to_slot, load);
    let words_in_last = b.reg_en(rest, load);

    // Consumption: burst after burst, beat after beat; `load` sets the counters, well before the first beat.
    let keep_on = !load;
    let run = b.state("run", 1, 0);
    let left = b.state("beats_left", count_bits, 0);
    let is_last = b.state("beat_is_last", 1, 0);
    let is_first = b.state("beat_is_first", 1, 0);
    let boundary = b.state("beat_ends_burst", 1, 0);
    let position = b.state("position", beat_bits, 0);
    let beat = b.state("beat", beat_bits, 0);
    let beat_next = b.state("beat_next", beat_bits, 1);
    let id = b.state("id", id_bits, 0);
    let id_next = b.state("id_next", id_bits, 1);
    let is = one_hot(destination, 4);
    let ready = b.select(
        destination,
        &[
            b.lit(1, 1),
            b.input("mem_ready", 1),
            b.lit(1, 1),
            b.input("loop_ready", 1),
        ],
    );
    let live = run & !abort;
    let pop = live & ready;
    let burst_end = pop & boundary;
    let ended = b.state("burst_ended", 1, 0);
    b.drive(ended, burst_end);
    let past = b.reg(id);
    let complete: Vec<Sig> = one_hot(past, IDS)
        .into_iter()
        .enumerate()
        .map(|(i, gone)| {
            let flag = b.state(&format!("complete_{i}"), 1, 0);
            let set = hits[i] & r_last;
            b.drive(flag, (flag & !(gone & ended) & !flush) | set);
            flag
        })
        .collect();
    let spoilt: Vec<Sig> = one_hot(past, IDS)
        .into_iter()
        .enumerate()
        .map(|(i, gone)| {
            let flag = b.state(&format!("spoilt_{i}"), 1, 0);
            b.drive(
                flag,
                (flag & !(gone & ended) & !flush) | (hits[i] & r_error),
            );
            flag
        })
        .collect();
    // Whether the burst of this id and of the next is there; a clock old, so stale just after a step.
    let here = b.reg(b.select(id, &complete)) & !ended;
    let ahead = b.reg(b.select(id_next, &complete)) & !ended;
    let finish = pop & is_last;
    let streams = b.state("streams", 1, 0);
    b.drive(streams, (streams | load) & !finish & !flush);
    let stay = b.mux(burst_end, ahead & !is_last, b.lit(1, 1));
    b.drive(run, b.mux(run, stay, here & streams) & !abort);
    let step_id = burst_end | flush;
    b.drive_en(id, id_next & keep.sext(id_bits), step_id);
    b.drive_en(
        id_next,
        b.sum(&[id_next & keep.sext(id_bits), b.lit(1, id_bits)], id_bits),
        step_id,
    );
    let restart = boundary | flush;
    let moved = pop | flush;
    let (zero, one) = (b.lit(0, beat_bits), b.lit(1, beat_bits));
    b.drive_en(beat, b.mux(restart, zero, beat_next), moved);
    let follow = b.sum(&[beat_next & (!restart).sext(beat_bits), one], beat_bits);
    b.drive_en(beat_next, follow, moved);
    let renew = load | pop;
    let position_from = b.mux(load, first_position, position);
    b.drive_en(position, b.sum(&[position_from, keep_on], beat_bits), renew);
    let left_from = b.mux(load, count, left);
    b.drive_en(left, left_from - keep_on.zext(count_bits), renew);
    let second_last = left.eq_lit(2);
    b.drive_en(is_last, b.mux(load, alone, second_last), renew);
    b.drive_en(is_first, load, renew);
    let fills = b.mux(
        load,
        first_position.all() | alone,
        position.eq_lit(beats as u128 - 2) | second_last,
    );
    b.drive_en(boundary, fills, renew);

    let onward = b.mux(boundary, b.cat(&[zero, id_next]), b.cat(&[beat_next, id]));
    let read_at = b.mux(pop, onward, b.cat(&[beat, id]));
    let halves: Vec<Sig> = r_data
        .iter()
        .enumerate()
        .map(|(i, &word)| {
            let ram = b.ram(&format!("reorder_{i}"), IDS * beats, 64, RamStyle::Auto);
            b.ram_write(&ram, r_valid, land_at, b.reg(word));
            b.ram_read(&ram, read_at)
        })
        .collect();
    let data: Vec<Sig> = (0..w.words)
        .map(|i| match w.bus_words / w.words {
            1 => halves[i],
            _ => b.mux(position.bit(0), halves[i + w.words], halves[i]),
        })
        .collect();

    // What is still on its way.
    let open = b.state("open_reads", id_bits + 1, 0);
    let arrived = r_valid & r_last;
    let change = b.cat(&[b.lit(1, 1), arrived.sext(id_bits)]);
    b.drive_en(open, open + change, issued ^ arrived);
    let held = b.state("ids_held", id_bits + 1, 0);
    let change = b.cat(&[keep, (ended & keep).sext(id_bits)]);
    b.drive_en(
        held,
        (held & keep.sext(id_bits + 1)) + change,
        flush | (issued ^ ended),
    );
    b.drive(room, !held.bit(id_bits));
    b.drive(flush, b.reg(abort & !cut.active & !open.any() & !r_valid));

    // CRC and the end.
    let sum = b.instance_words(
        &crc,
        "u_crc32c",
        &[
            ("in_valid", vec![pop]),
            ("in_first", vec![is_first]),
            ("in_last", vec![is_last]),
            ("in_data", data.clone()),
            ("in_words", vec![words_in_last]),
        ],
    );
    b.drive(summed, sum.get("crc_valid"));
    let pending = b.state("pending", 3, 0);
    let change = b.cat(&[keep, (summed & keep).sext(2)]);
    let counts = flush | (start ^ summed);
    b.drive_en(pending, (pending & keep.sext(3)) + change, counts);
    let starts_short = start & command.slice(32, 2).is_zero();
    let ends_short = (summed & to_control) | flush;
    let short_busy = flag(&b, "short_busy", starts_short, ends_short);
    // The last burst's flag is here three clocks behind its last beat, the CRC five.
    let spoils = b.reg(ended & b.select(past, &spoilt));
    let error = b.state("error", 1, 0);
    b.drive(error, (error | spoils) & !load);
    let short_error = b.reg_en(error, summed & to_control);
    let long_end = summed & !to_control;
    let long_error = b.reg_en(error, long_end);
    let value = b.reg_en(sum.get("crc"), long_end);
    let status = [
        pending.any(),
        long_error,
        short_busy,
        short_error,
        b.lit(0, 28),
        value,
    ];
    b.output("status", b.cat(&status));

    // Where it goes.
    let serial = b.state("beat_number", BEAT_BITS, 0);
    let number = b.sum(&[serial & keep_on.sext(BEAT_BITS), keep_on], BEAT_BITS);
    b.drive_en(serial, number, renew);
    let control_beats = 8usize.div_ceil(w.words);
    let mut words = Vec::new();
    for beat in 0..control_beats {
        let hit = match control_beats {
            1 => b.lit(1, 1),
            _ => serial
                .slice(0, address_bits(control_beats))
                .eq_lit(beat as u128),
        };
        for (i, pair) in data.chunks(2).enumerate() {
            let take = b.state(&format!("control_{beat}_{i}"), 1, 0);
            b.drive(take, pop & to_control & hit);
            words.extend(pair.iter().map(|&d| b.reg_en(b.reg(d), take)));
        }
    }
    b.output_words("control_words", &words[..8]);
    b.output("mem_valid", live & is[1]);
    b.output_words("mem_data", &data);
    b.output("loop_valid", live & is[3]);
    b.output_words("loop_data", &data);
    // The board's own words come a clock later: what chooses them stands beside its loads.
    let own = |name: &str, width: u32| b.reg(b.input(name, width));
    let own_valid = own("own_lwe_valid", 1);
    let lwe_valid = b.state("lwe_valid_reg", 1, 0);
    b.drive(lwe_valid, (pop & is[2]) | own_valid);
    b.output("lwe_valid", lwe_valid);
    let own_data = own("own_lwe_data", 64);
    let own_number = own("own_lwe_beat", BEAT_BITS);
    let own_bank = own("own_lwe_bank", 1);
    b.output("lwe_bank", b.reg(b.mux(own_valid, own_bank, bank)));
    b.output("lwe_to_slot", b.reg(b.mux(own_valid, b.lit(0, 8), slot)));
    // A bus of two beats: the first goes out with anything above it, the second brings both.
    let lwe: Vec<Sig> = data
        .iter()
        .map(|&d| b.reg(b.mux(own_valid, own_data, d)))
        .collect();
    let number = b.mux(own_valid, own_number, serial);
    let word = b.reg(b.cat(&[b.lit(0, (w.words as u32).trailing_zeros()), number]));
    if w.bus_words == w.words {
        b.output("lwe_word", word);
        b.output_words("lwe_data", &lwe);
    } else {
        let double = (w.bus_words as u32).trailing_zeros();
        let odd = word.bit(double - 1);
        b.output(
            "lwe_word",
            b.cat(&[b.lit(0, double), word.from_bit(double)]),
        );
        let low = lwe.iter().map(|&d| {
            let before = b.reg_en(d, lwe_valid);
            b.mux(odd, before, d)
        });
        let both: Vec<Sig> = low.chain(lwe.iter().copied()).collect();
        b.output_words("lwe_data", &both);
    }
    b.finish()
}
