//! Writes host memory: AXI4 bursts of at most 512 bytes, with strobes for the last bytes.
//!
//! One transfer at a time, over when every write response has come. Ids go round, burst by burst. Sources: two words
//! of the controller (one narrow beat of 16 bytes: records, completion entries), the reader's stream (loopback), the
//! core's results (words of 64 bits, packed into beats).
//!
//! Ports, host side: `aw_*`, `w_*`, `b_*` as in AXI4. Commands: `address` (64), `start` (pulse), `command` (64: bytes
//! [31:0], source [33:32], first [34]: begin the CRC of the results anew); `word_0`, `word_1` (64); `abort` (level):
//! nothing more is issued, a burst begun is finished without strobes. `status` (64: busy [0], write error [1],
//! CRC of the results, as if their last word were whole, [63:32]). Streams in: `loop_*` (beats), `result_*` (words,
//! `result_last`).

use super::burst::{self, BurstControl, bursts};
use super::{Widths, flag, one_hot};
use crate::cells::{crc32c, skid};
use crate::netlist::{Builder, Module, NetlistError, Sig};
use std::sync::Arc;

/// Most bytes of a burst, and its alignment.
pub const BURST_BYTES: usize = 512;

/// Clocks from `start` to the first burst's address.
pub const ISSUE_LATENCY: usize = 1 + burst::FIRST;
/// Clocks from a burst's address, taken, to its first beat, if that stands.
pub const DATA_LATENCY: usize = 1 + skid::LATENCY;

/// Bits of an id; as many writes may wait for their responses.
const ID_BITS: u32 = 4;

/// Bits of a lane of the skid buffer: a word, its strobes, the mark of the last beat.
const LANE: u32 = 64 + 8 + 1;

/// Source of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Source {
    /// Two words of the controller.
    Control = 0,
    /// The reader's stream.
    Loopback = 1,
    /// The core's results.
    Results = 2,
    /// The core's results, looked at and thrown away: only their CRC is made.
    Checked = 3,
}

/// Collects words into beats. Returns beat valid, its words; `take` frees it.
fn pack<'b>(
    b: &'b Builder,
    words: usize,
    valid: Sig<'b>,
    last: Sig<'b>,
    data: Sig<'b>,
    take: Sig<'b>,
    clear: Sig<'b>,
) -> (Sig<'b>, Sig<'b>, Vec<Sig<'b>>) {
    let full = b.state("beat_full", 1, 0);
    let ready = !full;
    let push = valid & ready;
    // The place of the next word, one-hot: no counter, no comparison.
    let places: Vec<Sig> = (0..words)
        .map(|i| b.state(&format!("place_{i}"), 1, u128::from(i == 0)))
        .collect();
    let end = last | places[words - 1];
    for i in 0..words {
        let next = match i {
            0 => end | clear,
            _ => places[i - 1] & !end & !clear,
        };
        b.drive_en(places[i], next, push | clear);
    }
    b.drive(full, b.mux(full, !take, push & end) & !clear);
    let beat = places
        .iter()
        .map(|&place| b.reg_en(data, push & place))
        .collect();
    (ready, full, beat)
}

/// Builds the writer. `wait` is what it does at the end of a transfer: wait for all responses, or not (a planted
/// fault, for the test that shows that the bus model finds it).
///
/// # Errors
/// None but those of the netlist.
pub fn host_write(w: &Widths, wait: bool) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "shell_host_write",
        "Writes host memory: bursts with strobes, over when every response has come.",
    );
    let crc = crc32c("crc32c_results", 1)?;
    let bytes_of_beat = 8 * w.words;
    let beats = BURST_BYTES / bytes_of_beat;
    let byte_bits = bytes_of_beat.trailing_zeros();
    let abort = b.input("abort", 1);

    // The command.
    let start = b.input("start", 1);
    let address = b.input("address", 64);
    let command = b.input("command", 64);
    let begin = b.state("begin", 1, 0);
    let checked_only = command.slice(32, 2).eq_lit(Source::Checked as u128);
    b.drive(begin, start & !abort & !checked_only);
    let sink = b.state("sink", 1, 0);
    let bytes = command.slice(0, 32);
    let round_up = b.lit(bytes_of_beat as u128 - 1, 33);
    let count = b.reg(bytes.zext(33) + round_up).from_bit(byte_bits);
    let source = b.reg_en(command.slice(32, 2), start);
    let is = one_hot(source, 4);
    let (control, loopback, results) = (is[0], is[1], is[2]);

    // Strobes: all but in the last beat; a narrow beat's by its place.
    let rest = b.reg_en(bytes.slice(0, byte_bits), start);
    let end_strobe: Vec<Sig> = (0..bytes_of_beat as u128)
        .map(|i| {
            let used: Vec<Sig> = (0..bytes_of_beat as u128)
                .map(|r| b.lit(u128::from(r == 0 || i < r), 1))
                .collect();
            b.reg_en(b.select(rest, &used), begin)
        })
        .collect();
    let fine = b.reg_en(address.slice(0, byte_bits), start);
    let pairs = one_hot(fine.from_bit(4.min(byte_bits - 1)), w.words / 2);
    let narrow_strobe: Vec<Sig> = (0..bytes_of_beat)
        .map(|i| match w.words {
            2 => b.lit(1, 1),
            _ => pairs[i / 16],
        })
        .collect();

    // Addresses: the next burst is prepared when this one's data is through.
    let (busy_data, aw_ready) = (b.state("data_busy", 1, 0), b.input("aw_ready", 1));
    let open = b.state("open_writes", ID_BITS + 1, 0);
    let cut = bursts(
        &b,
        "issue",
        beats,
        &BurstControl {
            start: begin,
            address: address.from_bit(byte_bits),
            count,
            room: !busy_data & !open.bit(ID_BITS),
            taken: aw_ready,
            abort,
        },
    );
    let issued = cut.valid & aw_ready;
    let id = b.state("id", ID_BITS, 0);
    b.drive_en(id, id.add_lit(1), issued);
    let low = b.mux(control, fine, b.lit(0, byte_bits));
    b.output("aw_valid", cut.valid);
    b.output("aw_id", id);
    b.output("aw_address", b.cat(&[low, cut.address]));
    b.output("aw_len", cut.length.zext(8));
    let full_size = b.lit(byte_bits.into(), 3);
    b.output("aw_size", b.mux(control, b.lit(4, 3), full_size));

    // Data: a skid buffer towards the bus, so that nothing in here waits for the bus in the same clock.
    let out = skid("shell_write_skid", w.bus_words, LANE)?;
    let (take, free) = (b.wire("take", 1), b.wire("free", 1));
    let (result_valid, result_last) = (b.input("result_valid", 1), b.input("result_last", 1));
    let result_data = b.input("result_data", 64);
    let (result_ready, packed, beat) = pack(
        &b,
        w.words,
        result_valid & !sink,
        result_last,
        result_data,
        take & results,
        start,
    );
    let result_ready = result_ready | sink;
    let ends = result_valid & result_last;
    b.drive(sink, b.mux(start, checked_only, sink & !ends) & !abort);
    let loop_valid = b.input("loop_valid", 1);
    let loop_data = b.input_words("loop_data", w.words, 64);
    let there = (loopback & loop_valid) | (results & packed) | control | abort;
    b.drive(take, busy_data & free & there);
    let left = b.state("beats_left", cut.length.width(), 0);
    let ends_burst = b.state("beat_ends_burst", 1, 0);
    let ends_all = b.reg_en(cut.last, issued);
    let down = !issued;
    let from = b.mux(issued, cut.length, left);
    b.drive_en(left, from - down.zext(left.width()), issued | take);
    b.drive_en(
        ends_burst,
        b.mux(issued, cut.length.is_zero(), left.eq_lit(1)),
        issued | take,
    );
    b.drive(busy_data, b.mux(busy_data, !(take & ends_burst), issued));
    let words = [b.input("word_0", 64), b.input("word_1", 64)];
    let data: Vec<Sig> = (0..w.words)
        .map(|i| {
            let options = [words[i % 2], loop_data[i], beat[i], beat[i]];
            b.select(source, &options)
        })
        .collect();
    let ends = ends_burst & ends_all;
    let half = b.state("beat_half", 1, 0);
    b.drive_en(
        half,
        b.mux(issued, cut.address.bit(0), !half),
        issued | take,
    );
    let strobe: Vec<Sig> = (0..w.bus_words / w.words)
        .flat_map(|side| (0..bytes_of_beat).map(move |i| (side, i)))
        .map(|(side, i)| {
            let ordinary = b.mux(control, narrow_strobe[i], end_strobe[i] | !ends);
            let here = match w.bus_words / w.words {
                1 => b.lit(1, 1),
                _ => half.eq_lit(side as u128),
            };
            ordinary & !abort & here
        })
        .collect();
    let lanes: Vec<Sig> = (0..w.bus_words)
        .map(|i| {
            let enabled = b.cat(&strobe[8 * i..8 * i + 8]);
            b.cat(&[data[i % w.words], enabled, ends_burst])
        })
        .collect();
    let out = b.instance_words(
        &out,
        "u_skid",
        &[
            ("in_valid", vec![take]),
            ("in_data", lanes),
            ("out_ready", vec![b.input("w_ready", 1)]),
        ],
    );
    b.drive(free, out.get("in_ready"));
    let w_valid = out.get("out_valid");
    let lanes = out.words("out_data");
    b.output("w_valid", w_valid);
    let part = |lo, width| {
        lanes
            .iter()
            .map(move |l| l.slice(lo, width))
            .collect::<Vec<_>>()
    };
    b.output_words("w_data", &part(0, 64));
    b.output_words("w_strobe", &part(64, 8));
    b.output("w_last", lanes[0].bit(72));
    // Independent of what the reader offers: the two are joined by another skid buffer, which an abort empties.
    b.output("loop_ready", (busy_data & free & loopback) | abort);
    b.output("result_ready", result_ready);

    // Responses.
    let b_valid = b.state("b_valid_reg", 1, 0);
    b.drive(b_valid, b.input("b_valid", 1));
    let b_error = b.reg(b.input("b_resp", 2)).bit(1);
    let change = b.cat(&[b.lit(1, 1), b_valid.sext(ID_BITS)]);
    b.drive_en(open, open + change, issued ^ b_valid);
    let error = b.state("error", 1, 0);
    b.drive(error, (error | (b_valid & b_error)) & !start);
    let waiting = if wait { open.any() } else { b.lit(0, 1) };
    let active = b.cat(&[start, begin, cut.active, busy_data, w_valid, waiting, sink]);
    let quiet = b.reg(!active.any());
    let busy = b.state("busy", 1, 0);
    b.drive(busy, start | (busy & !quiet));

    let push = result_valid & result_ready;
    let fresh = flag(&b, "crc_is_fresh", start & command.bit(34), push & !start);
    let sum = b.instance(
        &crc,
        "u_crc32c",
        &[
            ("in_valid", push),
            ("in_first", fresh),
            ("in_last", result_last),
            ("in_data", result_data),
        ],
    );
    let status = [busy, error, b.lit(0, 30), sum.get("crc")];
    b.output("status", b.cat(&status));
    b.finish()
}
