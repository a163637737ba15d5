//! Reads lines of board memory for the core, all ports in lockstep, and checks every port's CRC.
//!
//! A request is a run of lines and the CRC line that belongs to it. Requests are served in order; after the last line
//! of one each port's CRC is compared and `line_check_valid` says whether it fits.
//!
//! A line is taken in a clock, however many ports there are: [`join`] counts the lines of which every port has its part,
//! and the take goes to the ports ([`port_words`], [`read_port`]) through registers. Between two requests two clocks are left free.
//!
//! Ports: `line_req_*`, `line_*`, `line_check_*` as the core has them; `clear` (level): requests are forgotten and what
//! is on its way is dropped, the core taking the last lines, until `lines_busy` is 0; `batch_done` (pulse) ends a batch: `line_faults` (3: key, lookup table,
//! memory error) says what was wrong in it, `lut_fault` (17: LUT slot [15:0], valid [16]) names the tables that did not
//! fit one after another, then [`END_OF_BATCH`]; `lut_fault_next` (pulse) goes on; `fault_clear` forgets;
//! `test_mode` (2): 1, the core is answered with constant lines and board memory is left alone (a known answer needs no
//! key in memory); 2, the core is cut off and `test_request` (pulse) has a run of lines checked, `test_check` (2: seen,
//! error) says what came of it. `test_words` (3 of 64): GGSW, column, lookup table of constant lines;
//! towards the ports one bit or word a port: `ar_valid`, `ar_ready`, `r_valid`, `r_ready`, `r_data`, `r_resp`,
//! `r_last`; shared: `ar_line` (32), `ar_len`.

use super::board_write::burst_lines;
use super::burst::{self, BurstControl, bursts};
use super::flag;
use super::port_lines::{LINES_CLOSE, port_lines};
use super::port_words::{self, TAKE_LATENCY, WORDS, run_out};
use super::read_port::read_port;
use crate::cells::counters::{linger, valid_delay};
use crate::cells::fifo;
use crate::cells::join::{self, join, waiting};
use crate::netlist::{Builder, Instance, Module, NetlistError, RamStyle, Sig, address_bits};
use goldilane_abi::{MemoryMap, Shape};
use std::sync::Arc;

/// Entries of the FIFO of requests.
const REQUESTS: usize = 16;
/// Bit of a line's number that tells a column from a GGSW where lines are constant.
pub const COLUMN_BIT: u32 = 20;
/// Clocks from a request to the address of its first burst: accepted, noted, through the FIFO, cut.
pub const ISSUE_LATENCY: usize = 2 + fifo::LATENCY + 1 + burst::FIRST + 1;
/// Ends the damaged tables of a batch.
pub const END_OF_BATCH: u16 = u16::MAX;

/// Clocks from the last word of a line at its port to the line at the core: counted at the port, joined, counted here,
/// taken, through the FIFO of lines.
pub fn line_latency(ports: usize) -> usize {
    1 + join::latency(ports) + 1 + TAKE_LATENCY + fifo::LATENCY
}

/// Builds the block.
///
/// # Errors
/// None but those of the netlist.
pub fn board_read(shape: &Shape) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "shell_board_read",
        "Reads lines of board memory for the core and checks every port's CRC.",
    );
    let ports = shape.memory_ports as usize;
    let port_words = shape.port_bytes() / 8;
    let map = MemoryMap::new(shape);
    let clear = b.input("clear", 1);
    let go = !clear;

    // Requests: one FIFO for the addresses, one for what comes back.
    let request = fifo("shell_request_fifo", REQUESTS, 1, 80, RamStyle::Lut)?;
    let order = fifo("shell_order_fifo", REQUESTS, 1, 34, RamStyle::Lut)?;
    let both = b.wire("both_ready", 1);
    let mode = b.input("test_mode", 2);
    let (constant, cut_off) = (b.reg(mode.bit(0)), b.reg(mode.bit(1)));
    let test_request = b.input("test_request", 1);
    let asked = b.state("test_asked", 1, 0);
    let core_asks = b.input("line_req_valid", 1);
    let accept = b.mux(cut_off, asked, core_asks) & both;
    b.drive(asked, (test_request | (asked & !both)) & go);
    let accepted = b.state("request_accepted", 1, 0);
    b.drive(accepted, accept & go);
    let [line, count, crc_line] =
        [("line", 32), ("count", 16), ("crc_line", 32)].map(|(name, width)| {
            let of_core = b.input(&format!("line_req_{name}"), width);
            let of_test = b.input(&format!("test_{name}"), width);
            b.reg_en(b.mux(cut_off, of_test, of_core), accept)
        });
    let valid = b.state("request_seen", 1, 0);
    b.drive(valid, accepted & go);
    let lut_base = b.lit(map.lut_crc_base.into(), 32);
    let is_lut = b.reg(crc_line.ge(lut_base));
    let lut_number = b.reg(crc_line - lut_base).slice(0, 16);
    let (next_request, next_order) = (b.wire("next_request", 1), b.wire("next_order", 1));
    let requests = b.instance(
        &request,
        "u_requests",
        &[
            ("in_valid", valid),
            ("in_data", b.cat(&[line, count, crc_line])),
            ("out_ready", next_request),
        ],
    );
    let orders = b.instance(
        &order,
        "u_order",
        &[
            ("in_valid", valid),
            (
                "in_data",
                b.cat(&[count, is_lut, lut_number, line.bit(COLUMN_BIT)]),
            ),
            ("out_ready", next_order),
        ],
    );
    // Until the FIFOs have counted a request there is no other.
    let landed = valid_delay(&b, "request_landed", valid, 1);
    let uncounted = b.state("request_uncounted", 1, 0);
    b.drive(uncounted, accepted | valid | landed);
    let ready = requests.get("in_ready") & orders.get("in_ready") & !(accepted | uncounted);
    b.drive(both, ready);
    b.output("line_req_ready", ready & !cut_off);

    // Addresses: the lines, then the CRC line.
    let asked = requests.get("out_data");
    let asked_valid = requests.get("out_valid");
    let idle = b.state("issue_idle", 1, 1);
    let begin = b.state("begin", 1, 0);
    let second = b.state("second_part", 1, 0);
    let crowded = b.state("crowded", 1, 0);
    let ports_free = b.state("ports_free", 1, 1);
    let cut = bursts(
        &b,
        "issue",
        burst_lines(shape),
        &BurstControl {
            start: begin,
            address: b.mux(second, asked.slice(48, 32), asked.slice(0, 32)),
            count: b.mux(second, b.lit(1, 16), asked.slice(32, 16)),
            room: !crowded,
            taken: ports_free,
            abort: clear,
        },
    );
    let issued = cut.valid & ports_free;
    let part_done = issued & cut.last;
    // In constant mode nothing is read: the addresses are dropped.
    let first_start = idle & asked_valid & !(begin | next_request | constant);
    let part_over = b.state("part_over", 1, 0);
    b.drive(part_over, part_done & go);
    let second_start = part_over & !second;
    b.drive(begin, (first_start | second_start) & go);
    b.drive(idle, clear | b.mux(idle, !first_start, part_over & second));
    b.drive(second, (second | second_start) & !(part_over & second) & go);
    // The request leaves its FIFO when both parts are issued.
    let request_over = b.state("request_leaves", 1, 0);
    b.drive(request_over, part_over & second & go);
    b.drive(next_request, request_over | clear | constant);
    b.output("ar_line", b.reg_en(cut.address, issued));
    b.output("ar_len", b.reg_en(cut.length, issued).resize(8));

    // Lines: those of a request, then its CRC line.
    let run = b.state("lines_run", 1, 0);
    let wants_crc = b.state("wants_crc_line", 1, 0);
    let left = b.state("lines_left", 16, 0);
    let is_last = b.state("line_is_last", 1, 0);
    let is_first = b.state("line_is_first", 1, 0);
    let load = b.state("load", 1, 0);
    let lut = b.state("request_is_lut", 1, 0);
    let lut_of = b.state("request_lut", 16, 0);
    let core_open = b.state("core_open", 1, 0);
    let compare_busy = b.state("have_crc_line", 1, 0);
    // Takes are of lines that every port has; constant ones are always there.
    let arrived: Vec<Sig> = (0..ports)
        .map(|p| b.wire(&format!("arrived_{p}"), 1))
        .collect();
    let count_bits = address_bits(2 * WORDS);
    let leaves = b.wire("line_leaves", 1);
    let whole = join(&b, "line", count_bits, &arrived);
    let there = waiting(&b, "line", count_bits, whole, leaves);
    let room = b.mux(wants_crc, !compare_busy, run & core_open) | clear;
    b.drive(leaves, there & room);
    let take = (there | constant) & room;
    let take_line = take & run & go;
    let take_crc = take & wants_crc & go;
    let ordered = orders.get("out_data");
    let free = !(run | wants_crc | load);
    let ordered_valid = orders.get("out_valid");
    let loads = free & ordered_valid & go;
    b.drive(load, loads);
    b.drive(next_order, load | clear);
    b.drive(run, (load | (run & !(take & is_last))) & go);
    b.drive(
        wants_crc,
        ((run & take & is_last) | (wants_crc & !take)) & go,
    );
    let counted = load | (take & run);
    let from = b.mux(load, ordered.slice(0, 16), left);
    b.drive_en(left, from - (!load).zext(16), counted);
    let alone = b.reg(ordered.slice(0, 16).eq_lit(1));
    b.drive_en(is_last, b.mux(load, alone, left.eq_lit(2)), counted);
    b.drive_en(is_first, load, counted);
    b.drive_en(lut, ordered.bit(16), load);
    b.drive_en(lut_of, ordered.slice(17, 16), load);
    // Towards the core: room is counted, from a take until the line has left.
    let out_ready = b.input("line_ready", 1);
    let out_valid = b.wire("out_valid", 1);
    let took = b.state("took", 1, 0);
    b.drive(took, take_line & !cut_off);
    let gone = b.state("gone", 1, 0);
    b.drive(gone, out_valid & out_ready);
    let count_bits = address_bits(LINES_CLOSE) + 1;
    let on_their_way = b.state("lines_on_their_way", count_bits, 0);
    let step = b.cat(&[b.lit(1, 1), gone.sext(count_bits - 1)]);
    b.drive_en(on_their_way, on_their_way + step, took ^ gone);
    b.drive(core_open, on_their_way.lt_lit(LINES_CLOSE as u128));
    b.output("line_valid", out_valid);
    let words = b.input_words("test_words", 3, 64);
    let is_column = b.state("request_is_column", 1, 0);
    b.drive_en(is_column, ordered.bit(33), load);
    let word = b.select(
        b.cat(&[is_column, lut]),
        &[words[0], words[1], words[2], words[2]],
    );

    // The ports: bursts of each; its words, whose clock ticks while some come or are taken; its lines for the core, whose
    // clock ticks while there are any.
    let unit = read_port()?;
    let words_unit = port_words::port_words(port_words)?;
    let lines_unit = port_lines(port_words)?;
    let of_port = |name: &str, width: u32| {
        let all = b.input(name, width * ports as u32);
        move |p: usize| all.slice(p as u32 * width, width)
    };
    let (ar_ready, r_valid) = (of_port("ar_ready", 1), of_port("r_valid", 1));
    let (r_last, r_resp) = (of_port("r_last", 1), of_port("r_resp", 2));
    let r_data = b.input_words("r_data", ports * port_words, 64);
    let registered = |name: &str, level| valid_delay(&b, name, level, 1);
    let shared = [
        ("take", registered("take_any", take)),
        ("take_line", registered("take_line", take_line)),
        ("take_core", took),
        ("take_crc", registered("take_crc", take_crc)),
        ("take_first", b.reg(is_first)),
        ("take_last", b.reg(is_last)),
        ("constant", constant),
        ("word", word),
    ];
    let comes = b.state("words_come", 1, 0);
    let used = take | issued | comes | clear;
    let words_run = linger(&b, "words_run", used, run_out(port_words));
    let words: Vec<Instance> = (0..ports)
        .map(|p| {
            let mut inputs: Vec<_> = shared.iter().map(|&(n, s)| (n, vec![s])).collect();
            let data = &r_data[p * port_words..(p + 1) * port_words];
            inputs.push(("r_valid", vec![r_valid(p)]));
            inputs.push(("r_data", data.to_vec()));
            let words = b.instance_words(&words_unit, &format!("u_words_{p}"), &inputs);
            b.gate(&words, words_run);
            words
        })
        .collect();
    let units: Vec<Instance> = (0..ports)
        .map(|p| {
            let inputs = [
                ("issued", vec![issued]),
                ("ar_ready", vec![ar_ready(p)]),
                ("r_valid", vec![r_valid(p)]),
                ("r_ready", vec![words[p].get("r_ready")]),
                ("r_last", vec![r_last(p)]),
                ("r_resp", vec![r_resp(p)]),
            ];
            let unit = b.instance_words(&unit, &format!("u_port_{p}"), &inputs);
            b.drive(arrived[p], unit.get("arrived"));
            unit
        })
        .collect();
    // A line is counted a clock before it is pushed, and for a clock behind the one in which it leaves.
    let lines_run = b.state("port_lines_run", 1, 1);
    b.drive(lines_run, on_their_way.any());
    let lines: Vec<Instance> = (0..ports)
        .map(|p| {
            let inputs = [
                ("push", vec![words[p].get("push")]),
                ("line", words[p].words("line")),
                ("line_ready", vec![out_ready]),
            ];
            let lines = b.instance_words(&lines_unit, &format!("u_lines_{p}"), &inputs);
            b.gate(&lines, lines_run);
            lines
        })
        .collect();
    let of_all = |name: &str| all(&b, &units, name);
    b.drive(comes, of_all("comes").any());
    let ar_pending = of_all("ar_valid").any();
    b.drive(ports_free, !ar_pending);
    b.drive(crowded, of_all("crowded").any());
    b.output("ar_valid", of_all("ar_valid"));
    b.output("r_ready", all(&b, &words, "r_ready"));
    let line: Vec<Sig> = lines.iter().flat_map(|l| l.words("line_data")).collect();
    b.output_words("line_data", &line);
    // All ports' lines move in step: the first speaks for all.
    b.drive(out_valid, lines[0].get("line_valid"));

    // The check.
    let crc_done = words[0].get("crc_done");
    let stored = valid_delay(&b, "crc_line_taken", take_crc, TAKE_LATENCY);
    let have_stored = b.state("have_stored", 1, 0);
    let compare = b.state("compare", 1, 0);
    let have_crc = b.state("have_crc", 1, 0);
    b.drive(have_crc, (have_crc | crc_done) & !compare & go);
    b.drive(compare_busy, (compare_busy | take_crc) & !compare & go);
    b.drive(have_stored, (have_stored | stored) & !compare & go);
    b.drive(compare, have_crc & have_stored & !compare & go);
    let first = b.state("compare_1", 1, 0);
    b.drive(first, compare & go);
    let check = b.state("check_valid", 1, 0);
    b.drive(check, first & go);
    let any_wrong = b.reg(all(&b, &words, "wrong").any());
    // Whose check it is: the next request's CRC line may come while this one's comparison is still on its way.
    let of_lut = b.reg_en(b.reg_en(lut, take_crc), compare);
    let number = b.reg_en(b.reg_en(lut_of, take_crc), compare);
    // Faults since the last batch ended; the next batch asks for nothing before.
    let batch_done = b.input("batch_done", 1);
    let forget = b.input("fault_clear", 1) | batch_done | clear;
    let memory_fault = flag(&b, "memory_fault", b.reg(of_all("fault").any()), forget);
    let bad = (any_wrong & !constant) | memory_fault;
    let failed = b.reg(check & bad);
    let of = b.reg(of_lut);
    let key_fault = flag(&b, "key_fault", failed & !of, forget);
    let lut_fault = flag(&b, "lut_fault", failed & of, forget);
    let found = [key_fault, lut_fault, memory_fault];
    b.output("line_faults", b.reg_en(b.cat(&found), batch_done));
    // Which tables: kept until the program has looked at all of them, those of a batch ended by a mark.
    let depth = (2 * shape.slots as usize + 8).next_power_of_two().max(16);
    let tables = fifo("shell_lut_fault_fifo", depth, 1, 16, RamStyle::Lut)?;
    let mark = b.state("batch_mark", 1, 0);
    b.drive(mark, batch_done & lut_fault & go);
    let number = b.reg(number);
    let ended = b.lit(END_OF_BATCH.into(), 16);
    let damaged = b.instance(
        &tables,
        "u_lut_faults",
        &[
            ("in_valid", (failed & of) | mark),
            ("in_data", b.mux(mark, ended, number)),
            ("out_ready", b.input("lut_fault_next", 1) | clear),
        ],
    );
    let (slot, valid_slot) = (damaged.get("out_data"), damaged.get("out_valid"));
    b.output("lut_fault", b.cat(&[slot, valid_slot]));
    b.output("line_check_valid", b.reg(check & go & !cut_off));
    let seen = b.state("test_check_seen", 1, 0);
    b.drive(seen, (seen | (b.reg(check) & cut_off)) & !test_request);
    let wrong = b.reg_en(failed, b.reg(check));
    b.output("test_check", b.cat(&[seen, wrong]));
    b.output("line_check_error", failed);
    let active = [
        accepted,
        valid,
        begin,
        cut.active,
        run,
        wants_crc,
        asked_valid,
        ordered_valid,
        b.reg(ar_pending),
        b.reg(of_all("open").any()),
        b.reg(all(&b, &words, "holds").any()),
        b.reg(on_their_way.any()),
    ];
    let still = b.reg(!b.cat(&active).any());
    let lasted = b.cat(&[
        still,
        b.delay(still, 1),
        b.delay(still, 2),
        b.delay(still, 3),
    ]);
    b.output("lines_busy", b.reg(!lasted.all()));
    b.finish()
}

/// The outputs `name` of all instances, the first lowest.
fn all<'b>(b: &'b Builder, of: &[Instance<'b>], name: &str) -> Sig<'b> {
    b.cat(&of.iter().map(|unit| unit.get(name)).collect::<Vec<_>>())
}
