//! Figures of the shell.

use crate::figure::{Bench, at};
use goldilane_abi::Shape;
use goldilane_hdl::netlist::Builder;
use goldilane_hdl::shell::board_read::board_read;
use goldilane_hdl::shell::board_write::{FROM_HOST_BIT, board_write};
use goldilane_hdl::shell::burst::{BurstControl, bursts};
use goldilane_hdl::shell::controller::controller;
use goldilane_hdl::shell::csr::csr;
use goldilane_hdl::shell::host_read::{Destination, host_read};
use goldilane_hdl::shell::host_write::{Source, host_write};
use goldilane_hdl::shell::instruction::{Assembler, port};
use goldilane_hdl::shell::io::io;
use goldilane_hdl::shell::{Widths, ports};

pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("csr_read", register_read()),
        ("csr_write", register_write()),
        ("controller", instructions()),
        ("io", port_access()),
        ("host_read", reader()),
        ("host_write", writer()),
        ("board_write", filler()),
        ("board_read", lines()),
        ("bursts", burst_cutter()),
    ]
}

fn register_read() -> String {
    let mut bench = Bench::new(&csr(2).expect("builds"));
    bench.set_all(&[
        ("registers_open", 1),
        ("register_write", 1),
        ("register_data", 77),
    ]);
    bench.run(1);
    bench.set("register_write", 0);
    bench.run(3);
    let shown = [
        "s_axil_arvalid",
        "s_axil_arready",
        "s_axil_rvalid",
        "s_axil_rready",
        "s_axil_rdata",
    ];
    bench.figure(9, &shown, |b, clock| {
        b.set("s_axil_arvalid", at(clock, 0..1, 1));
        b.set("s_axil_rready", at(clock, 5..6, 1));
    })
}

fn register_write() -> String {
    let mut bench = Bench::new(&csr(2).expect("builds"));
    bench.set("registers_open", 1);
    bench.run(4);
    let shown = [
        "s_axil_awvalid",
        "s_axil_awready",
        "s_axil_wvalid",
        "s_axil_wready",
        "mail@63",
        "mail_done",
        "s_axil_bvalid",
        "s_axil_bready",
        "s_axil_arready",
    ];
    bench.figure(14, &shown, |b, clock| {
        b.set("s_axil_awvalid", at(clock, 0..1, 1));
        b.set("s_axil_wvalid", at(clock, 2..3, 1));
        b.set("mail_done", at(clock, 8..9, 1));
        b.set("s_axil_bready", at(clock, 10..11, 1));
    })
}

/// `v = port 3; port 1 = v` and again.
fn instructions() -> String {
    let mut p = Assembler::new();
    let v = p.variable();
    let again = p.here();
    p.input(v, port(3));
    p.output(port(1), v);
    p.jump(again);
    let mut bench = Bench::new(&controller(&p.words(), 16).expect("builds"));
    bench.run_until("write_valid");
    // The next turn of the loop: the jump, the input, the output.
    bench.run(5);
    let shown = [
        "io_address",
        "io_data",
        "write_valid",
        "write_port",
        "write_data",
    ];
    bench.figure(15, &shown, |b, clock| {
        // What answers to an address three clocks old.
        b.set("io_data", at(clock, 5..99, 77));
    })
}

fn port_access() -> String {
    let mut bench = Bench::new(&io(&Shape::TOY).expect("builds"));
    bench.set("build_stamp", 77);
    bench.run(4);
    let shown = [
        "io_address",
        "io_data",
        "write_valid",
        "write_port",
        "write_data",
        "read_start",
        "command",
    ];
    bench.figure(8, &shown, |b, clock| {
        b.set("io_address", at(clock, 1..4, ports::STAMP.number().into()));
        b.set("write_valid", at(clock, 4..5, 1));
        b.set(
            "write_port",
            at(clock, 4..5, ports::READ_START.number().into()),
        );
        b.set("write_data", at(clock, 4..5, 5));
    })
}

/// 64 bytes in beats of 128 bits, a bus that answers after two clocks, a filler that waits already.
fn reader() -> String {
    let mut bench = Bench::new(&host_read(&Widths::of(&Shape::TOY)).expect("builds"));
    let command = (Destination::Memory as u128) << 32 | 64;
    bench.set_all(&[("ar_ready", 1), ("mem_ready", 1)]);
    bench.run(2);
    let shown = [
        "start",
        "fill_start",
        "ar_valid",
        "ar_len",
        "r_valid",
        "r_last",
        "r_data.0",
        "mem_valid",
        "mem_data.0",
        "status@0",
    ];
    bench.figure(31, &shown, |b, clock| {
        b.set("start", at(clock, 0..1, 1));
        b.set("fill_start", at(clock, 3..4, 1));
        b.set(
            "command",
            at(clock, 0..1, command) | at(clock, 3..4, 1 << FROM_HOST_BIT),
        );
        b.set("r_valid", at(clock, 10..14, 1));
        b.set("r_last", at(clock, 13..14, 1));
        b.set("r_data", at(clock, 10..14, clock as u128));
    })
}

/// A completion entry: one narrow beat, its response five clocks behind the beat.
fn writer() -> String {
    let mut bench = Bench::new(&host_write(&Widths::of(&Shape::TOY), true).expect("builds"));
    bench.set("command", (Source::Control as u128) << 32 | 16);
    bench.set_all(&[("aw_ready", 1), ("w_ready", 1)]);
    bench.set_all(&[("word_0", 8), ("word_1", 9)]);
    bench.run(2);
    let shown = [
        "start", "aw_valid", "w_valid", "w_last", "w_data.0", "w_data.1", "b_valid", "status@0",
    ];
    bench.figure(18, &shown, |b, clock| {
        b.set("start", at(clock, 0..1, 1));
        b.set("b_valid", at(clock, 12..13, 1));
    })
}

/// Three lines of zeros, no CRC line.
fn filler() -> String {
    let mut bench = Bench::new(&board_write(&Shape::TOY).expect("builds"));
    bench.set_all(&[
        ("aw_ready", 1),
        ("w_ready", 1),
        ("command", 3),
        ("lines", 50),
    ]);
    bench.run(2);
    let shown = [
        "start", "aw_valid", "aw_line", "aw_len", "w_valid", "w_last", "b_valid", "status@0",
    ];
    bench.figure(24, &shown, |b, clock| {
        b.set("start", at(clock, 0..1, 1));
        b.set("b_valid", at(clock, 14..15, 1));
    })
}

/// A request of one line and its CRC line, one port, a memory that answers after six clocks.
fn lines() -> String {
    let mut bench = Bench::new(&board_read(&Shape::TOY).expect("builds"));
    bench.set_all(&[
        ("ar_ready", 1),
        ("line_ready", 1),
        ("line_req_line", 50),
        ("line_req_count", 1),
        ("line_req_crc_line", 90),
    ]);
    bench.run(4);
    let shown = [
        "line_req_valid",
        "line_req_ready",
        "ar_valid",
        "ar_line",
        "r_valid",
        "r_last",
        "line_valid",
        "line_check_valid",
        "line_check_error",
    ];
    bench.figure(38, &shown, |b, clock| {
        b.set("line_req_valid", at(clock, 0..1, 1));
        b.set("r_valid", u128::from(clock == 16 || clock == 24));
        b.set("r_last", u128::from(clock == 16 || clock == 24));
        // The CRC of a line of zeros of 256 bits.
        let crc = goldilane_abi::crc32c(&[0; 32]);
        b.set_words("r_data", &[at(clock, 24..25, crc.into()), 0, 0, 0]);
    })
}

/// 20 units from 3 on, bursts of at most 8: 5, 8 and 7.
fn burst_cutter() -> String {
    let b = Builder::new("bursts", "The cutter of transfers.");
    let cut = bursts(
        &b,
        "issue",
        8,
        &BurstControl {
            start: b.input("start", 1),
            address: b.input("address", 8),
            count: b.input("count", 8),
            room: b.lit(1, 1),
            taken: b.input("taken", 1),
            abort: b.input("abort", 1),
        },
    );
    b.output("valid", cut.valid);
    b.output("burst_address", cut.address);
    b.output("length", cut.length);
    b.output("last", cut.last);
    b.output("active", cut.active);
    let mut bench = Bench::new(&b.finish().expect("builds"));
    let shown = [
        "start",
        "address",
        "count",
        "taken",
        "valid",
        "burst_address",
        "length",
        "last",
        "active",
    ];
    bench.figure(18, &shown, |b, clock| {
        b.set("start", at(clock, 0..1, 1));
        b.set("address", at(clock, 0..1, 3));
        b.set("count", at(clock, 0..1, 20));
        b.set("taken", u128::from(clock != 9));
    })
}
