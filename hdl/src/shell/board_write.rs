//! Fills board memory, all ports in lockstep: lines from the host or zeros, then a line with each port's CRC.
//!
//! A line is one word of every port. Its CRCs (one a port, CRC-32C over the port's words) go into the low 32 bits of
//! the port's word of the CRC line, the rest of which is 0.
//!
//! Ports: `start` (pulse), `lines` (64: first line [31:0], CRC line [63:32]), `command` (64: lines [23:0], from the host
//! [24], the CRCs begin anew [25], the CRC line is written at the end [26], a pattern in the place of zeros [27]), `abort` (level), `status` (2: busy, write
//! error); `mem_*` (beats of the host); towards the ports one bit or word a port: `aw_valid`, `aw_ready`, `w_valid`,
//! `w_ready`, `w_data`, `b_valid`, `b_resp`; shared by all: `aw_line` (32), `aw_len`, `w_last`, `w_enable`.
//! A line takes at least two clocks.

use super::burst::{self, BurstControl, bursts};
use super::{Widths, flag};
use crate::cells::crc32c;
use crate::netlist::{Builder, Module, NetlistError, Sig};
use goldilane_abi::Shape;
use std::sync::Arc;

/// Bit of the command: lines come from the host.
pub const FROM_HOST_BIT: u32 = 24;

/// Bits of the count of bursts that wait for their responses.
const OPEN_BITS: u32 = 4;

/// Clocks from `start` to the first burst's address.
pub const ISSUE_LATENCY: usize = 1 + burst::FIRST + 1;
/// Clocks from a burst's address to its first line, if that stands.
pub const DATA_LATENCY: usize = 1;
/// Clocks from line to line.
pub const LINE_CLOCKS: usize = 2;

/// Lines of the largest burst: 4 KiB of a port, at most 256.
pub fn burst_lines(shape: &Shape) -> usize {
    (4096 / shape.port_bytes()).min(256)
}

/// Builds the block.
///
/// # Errors
/// None but those of the netlist.
pub fn board_write(shape: &Shape) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "shell_board_write",
        "Fills board memory: lines from the host or zeros, then the line of CRCs.",
    );
    let w = Widths::of(shape);
    let ports = shape.memory_ports as usize;
    let port_words = shape.port_bytes() / 8;
    let line_words = ports * port_words;
    let parts = line_words / w.words;
    let crc = crc32c("crc32c_board_write", port_words)?;
    let abort = b.input("abort", 1);
    let go = !abort;

    // The command: its lines, then perhaps its CRC line.
    let start = b.input("start", 1);
    let lines = b.input("lines", 64);
    let command = b.input("command", 64);
    let count = b.reg_en(command.slice(0, 24), start);
    let with_crc = b.reg_en(command.bit(26), start);
    let begin = b.state("begin", 1, 0);
    b.drive(begin, start & go);
    let begin_crc = b.state("begin_crc_line", 1, 0);
    let from_host = b.reg_en(command.bit(FROM_HOST_BIT), start);
    let patterned = b.reg_en(command.bit(27), start);
    let in_crc = b.state("in_crc_line", 1, 0);
    b.drive(in_crc, (in_crc | begin_crc) & !begin);

    let (data_busy, ports_free) = (b.state("data_busy", 1, 0), b.state("ports_free", 1, 1));
    let crowded = b.state("crowded", 1, 0);
    let cut = bursts(
        &b,
        "issue",
        burst_lines(shape),
        &BurstControl {
            start: begin | begin_crc,
            address: b.mux(begin_crc, lines.slice(32, 32), lines.slice(0, 32)),
            count: b.mux(begin_crc, b.lit(1, 24), count),
            room: !data_busy & !crowded,
            taken: ports_free,
            abort,
        },
    );
    let issued = cut.valid & ports_free;
    let aw_ready = b.input("aw_ready", ports as u32);
    let aw_valid: Vec<Sig> = (0..ports)
        .map(|p| {
            let pending = b.state(&format!("aw_pending_{p}"), 1, 0);
            b.drive(pending, issued | (pending & !aw_ready.bit(p as u32)));
            pending
        })
        .collect();
    let aw_pending = b.cat(&aw_valid).any();
    // A clock old: the next burst is further away than that.
    b.drive(ports_free, !aw_pending);
    b.output("aw_valid", b.cat(&aw_valid));
    b.output("aw_line", b.reg_en(cut.address, issued));
    b.output("aw_len", b.reg_en(cut.length, issued).resize(8));

    // The line that gathers from the host's beats.
    let take = b.wire("take", 1);
    let full = b.state("line_full", 1, 0);
    let mem_valid = b.input("mem_valid", 1);
    let mem_data = b.input_words("mem_data", w.words, 64);
    // A full line makes room when it is taken: one level of logic, so not from `take` itself.
    let moves = b.wire("line_moves", 1);
    let mem_ready = !full | moves;
    let push = mem_valid & mem_ready;
    let places: Vec<Sig> = (0..parts)
        .map(|i| b.state(&format!("part_{i}"), 1, u128::from(i == 0)))
        .collect();
    for i in 0..parts {
        let before = places[(i + parts - 1) % parts];
        let fresh = b.lit(u128::from(i == 0), 1);
        b.drive_en(places[i], b.mux(start, fresh, before), push | start);
    }
    let fills = push & places[parts - 1];
    b.drive(full, (fills | (full & !take)) & !start);
    let gathered: Vec<Sig> = (0..line_words)
        .map(|i| b.reg_en(mem_data[i % w.words], push & places[i / w.words]))
        .collect();
    b.output("mem_ready", mem_ready);

    // Towards the ports: a line moves on when every port has taken the one before.
    let w_ready = b.input("w_ready", ports as u32);
    let w_valid: Vec<Sig> = (0..ports)
        .map(|p| {
            let pending = b.state(&format!("w_pending_{p}"), 1, 0);
            b.drive(pending, take | (pending & !w_ready.bit(p as u32)));
            pending
        })
        .collect();
    let w_pending = b.cat(&w_valid);
    let w_free = b.state("w_free", 1, 1);
    b.drive(w_free, !(w_pending & !w_ready).any());
    let taken = b.state("taken", 1, 0);
    b.drive(taken, take);
    let crc_there = b.state("crc_there", 1, 0);
    let there = full | !from_host | abort;
    let there = b.mux(in_crc, crc_there | abort, there);
    let free = data_busy & w_free & !taken;
    b.drive(moves, free & !in_crc);
    b.drive(take, free & there);
    let left = b.state("lines_left", cut.length.width(), 0);
    let ends_burst = b.state("line_ends_burst", 1, 0);
    let ends_all = b.reg_en(cut.last, issued);
    let move_on = issued | take;
    let from = b.mux(issued, cut.length, left);
    b.drive_en(left, from - (!issued).zext(left.width()), move_on);
    let at_end = b.mux(issued, cut.length.is_zero(), left.eq_lit(1));
    b.drive_en(ends_burst, at_end, move_on);
    b.drive(data_busy, b.mux(data_busy, !(take & ends_burst), issued));

    // CRCs, a port each.
    let fresh = flag(&b, "crc_is_fresh", start & command.bit(25), take & !start);
    let crc_valid_in = take & !in_crc;
    let last_line = ends_burst & ends_all & with_crc;
    let mut crcs = Vec::new();
    let mut crc_done = None;
    // The pattern: the line's number within the transfer, each word's another mask over it.
    let number = b.state("line_number", 32, 0);
    let further = b.sum(&[number & (!start).sext(32), (!start).zext(1)], 32);
    b.drive_en(number, further, start | take);
    let source: Vec<Sig> = gathered
        .iter()
        .enumerate()
        .map(|(i, &word)| {
            let mask = ((i as u128 + 1) * 0x9e37_79b9_7f4a_7c15) & u128::from(u64::MAX);
            let pattern = b.cat(&[number, number]) ^ b.lit(mask, 64);
            b.mux(from_host, word, pattern & patterned.sext(64))
        })
        .collect();
    for p in 0..ports {
        let mut inputs = vec![
            ("in_valid", vec![crc_valid_in]),
            ("in_first", vec![fresh]),
            ("in_last", vec![last_line]),
            (
                "in_data",
                source[p * port_words..(p + 1) * port_words].to_vec(),
            ),
        ];
        if port_words > 1 {
            let bits = crate::netlist::address_bits(port_words);
            inputs.push(("in_words", vec![b.lit(0, bits)]));
        }
        let unit = b.instance_words(&crc, &format!("u_crc32c_{p}"), &inputs);
        let valid = unit.get("crc_valid");
        crc_done.get_or_insert(valid);
        crcs.push(b.reg_en(unit.get("crc"), valid));
    }
    let crc_done = crc_done.expect("a board has ports");
    b.drive(crc_there, (crc_there | crc_done) & !start);
    let waits = flag(
        &b,
        "waits_for_crc",
        start & command.bit(26),
        begin_crc | abort,
    );
    let quiet_data = b.reg(!(data_busy | cut.active));
    b.drive(begin_crc, waits & crc_there & quiet_data & !begin_crc & go);

    let data: Vec<Sig> = (0..line_words)
        .map(|i| {
            let crc_word = match i % port_words {
                0 => crcs[i / port_words].zext(64),
                _ => b.lit(0, 64),
            };
            b.reg_en(b.mux(in_crc, crc_word, source[i]), take)
        })
        .collect();
    b.output("w_valid", w_pending);
    b.output_words("w_data", &data);
    b.output("w_last", b.reg_en(ends_burst, take));
    b.output("w_enable", b.reg_en(go, take));

    // Responses, counted port by port.
    let b_valid = b.input("b_valid", ports as u32);
    let b_resp = b.input("b_resp", 2 * ports as u32);
    let (mut open, mut tops, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for p in 0..ports as u32 {
        let answer = b.state(&format!("b_valid_{p}"), 1, 0);
        b.drive(answer, b_valid.bit(p));
        let waiting = b.state(&format!("open_{p}"), OPEN_BITS + 1, 0);
        let change = b.cat(&[b.lit(1, 1), answer.sext(OPEN_BITS)]);
        b.drive_en(waiting, waiting + change, issued ^ answer);
        open.push(b.reg(waiting.any()));
        tops.push(waiting.bit(OPEN_BITS));
        errors.push(b.reg(b_valid.bit(p) & b_resp.bit(2 * p + 1)));
    }
    b.drive(crowded, b.cat(&tops).any());
    let error = b.state("error", 1, 0);
    b.drive(error, (error | b.cat(&errors).any()) & !start);
    let active = [
        start,
        begin,
        begin_crc,
        waits,
        cut.active,
        data_busy,
        b.reg(aw_pending),
        b.reg(w_pending.any()),
        b.reg(b.cat(&open).any()),
    ];
    let still = b.reg(!b.cat(&active).any());
    // The flags above are up to three clocks old: quiet must have lasted.
    let lasted = b.cat(&[
        still,
        b.delay(still, 1),
        b.delay(still, 2),
        b.delay(still, 3),
    ]);
    let busy = b.state("busy", 1, 0);
    b.drive(busy, start | (busy & !lasted.all()));
    b.output("status", b.cat(&[busy, error]));
    b.finish()
}
