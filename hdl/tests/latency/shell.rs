//! Controller, registers, data movers.

use crate::{after_reset, clocks_until, pulse};
use goldilane_abi::Shape;
use goldilane_hdl::netlist::{Builder, Sim};
use goldilane_hdl::shell::board_read::{self, board_read};
use goldilane_hdl::shell::board_write::{self, board_write};
use goldilane_hdl::shell::burst::{self, BurstControl, bursts};
use goldilane_hdl::shell::controller::{CLOCKS, IO_ADDRESSES, IO_LATENCY, controller};
use goldilane_hdl::shell::csr::{self, csr};
use goldilane_hdl::shell::host_read::{self, Destination, host_read};
use goldilane_hdl::shell::host_write::{self, host_write};
use goldilane_hdl::shell::instruction::{Assembler, port};
use goldilane_hdl::shell::io::io;
use goldilane_hdl::shell::{Widths, ports};

#[test]
fn an_instruction_takes_its_clocks() {
    let mut p = Assembler::new();
    let (v, again) = (p.variable(), p.label());
    p.output(port(1), v);
    p.output(port(2), v);
    p.bind(again);
    p.add(v, v, 1);
    p.output(port(3), v);
    p.jump(again);
    let module = controller(&p.words(), 16).expect("builds");
    let mut sim = after_reset(&module);
    clocks_until(&mut sim, "write_valid");
    for (wanted, instructions) in [(2, 1), (3, 2), (3, 3), (3, 3)] {
        sim.clock();
        let found = 1 + clocks_until(&mut sim, "write_valid");
        assert_eq!(sim.get("write_port"), wanted);
        assert_eq!(found, CLOCKS * instructions);
    }
}

#[test]
fn a_port_is_read_in_the_latency_that_the_controller_expects() {
    let module = io(&Shape::TOY).expect("builds");
    let mut sim = after_reset(&module);
    sim.set("build_stamp", 77);
    (0..8).for_each(|_| sim.clock());
    assert_ne!(sim.get("io_data"), 77);
    sim.set_words("io_address", &[ports::STAMP.number().into(); IO_ADDRESSES]);
    for clock in 0..=IO_LATENCY {
        let there = clock == IO_LATENCY;
        assert_eq!(sim.get("io_data") == 77, there, "clock {clock}");
        sim.clock();
    }
    // A write is a pulse and a register a clock later.
    sim.set("write_port", ports::READ_START.number().into());
    sim.set("write_data", 5);
    pulse(&mut sim, "write_valid");
    assert_eq!((sim.get("read_start"), sim.get("command")), (1, 5));
    sim.clock();
    assert_eq!(sim.get("read_start"), 0);
}

#[test]
fn registers_answer_in_their_latencies() {
    let mut sim = after_reset(&csr(2).expect("builds"));
    sim.set("registers_open", 1);
    sim.set("s_axil_rready", 1);
    sim.set("s_axil_bready", 1);
    (0..4).for_each(|_| sim.clock());
    assert_eq!(sim.get("s_axil_arready"), 1);
    pulse(&mut sim, "s_axil_arvalid");
    let found = 1 + clocks_until(&mut sim, "s_axil_rvalid");
    assert_eq!(found, csr::READ_LATENCY);
    pulse(&mut sim, "s_axil_awvalid");
    (0..4).for_each(|_| sim.clock());
    pulse(&mut sim, "s_axil_wvalid");
    let mut clocks = 1;
    while sim.get("mail") >> 63 == 0 {
        sim.clock();
        clocks += 1;
        assert!(clocks < 20);
    }
    assert_eq!(clocks, csr::MAIL_LATENCY);
    pulse(&mut sim, "mail_done");
    let found = 1 + clocks_until(&mut sim, "s_axil_bvalid");
    assert_eq!(found, csr::RESPONSE_LATENCY);
}

#[test]
fn bursts_come_at_their_interval() {
    let b = Builder::new("cutter", "Bursts.");
    let cut = bursts(
        &b,
        "issue",
        16,
        &BurstControl {
            start: b.input("start", 1),
            address: b.input("address", 32),
            count: b.input("count", 24),
            room: b.lit(1, 1),
            taken: b.lit(1, 1),
            abort: b.input("abort", 1),
        },
    );
    b.output("valid", cut.valid);
    b.output("last", cut.last);
    let mut sim = after_reset(&b.finish().expect("builds"));
    sim.set("address", 3);
    sim.set("count", 40);
    pulse(&mut sim, "start");
    assert_eq!(1 + clocks_until(&mut sim, "valid"), burst::FIRST);
    for _ in 0..2 {
        assert_eq!(sim.get("last"), 0);
        sim.clock();
        assert_eq!(1 + clocks_until(&mut sim, "valid"), burst::NEXT);
    }
    assert_eq!(sim.get("last"), 1);
}

#[test]
fn the_reader_of_host_memory_takes_its_clocks() {
    for shape in [Shape::TOY, Shape::SIM, Shape::V80] {
        let w = Widths::of(&shape);
        let mut sim = after_reset(&host_read(&w).expect("builds"));
        sim.set("command", (Destination::Memory as u128) << 32 | 64);
        sim.set("ar_ready", 1);
        sim.set("mem_ready", 1);
        sim.clock();
        pulse(&mut sim, "start");
        sim.set("command", 1 << board_write::FROM_HOST_BIT);
        sim.set("fill_start", 1);
        let found = 1 + clocks_until(&mut sim, "ar_valid");
        assert_eq!(found, host_read::ISSUE_LATENCY);
        let beats = sim.get("ar_len") as usize + 1;
        (0..10).for_each(|_| sim.clock());
        // A wide bus carries two beats of the stream in one of its own.
        for beat in 0..beats {
            assert_eq!(sim.get("mem_valid"), 0);
            sim.set("r_valid", 1);
            sim.set("r_last", (beat + 1 == beats).into());
            sim.clock();
        }
        sim.set("r_valid", 0);
        let found = 1 + clocks_until(&mut sim, "mem_valid");
        assert_eq!(found, host_read::STREAM_LATENCY);
    }
}

#[test]
fn the_writer_of_host_memory_takes_its_clocks() {
    for shape in [Shape::TOY, Shape::SIM, Shape::V80] {
        let mut sim = after_reset(&host_write(&Widths::of(&shape), true).expect("builds"));
        sim.set("command", 16);
        sim.set("w_ready", 1);
        (0..3).for_each(|_| sim.clock());
        pulse(&mut sim, "start");
        let found = 1 + clocks_until(&mut sim, "aw_valid");
        assert_eq!(found, host_write::ISSUE_LATENCY);
        pulse(&mut sim, "aw_ready");
        let found = 1 + clocks_until(&mut sim, "w_valid");
        assert_eq!(found, host_write::DATA_LATENCY);
    }
}

#[test]
fn board_memory_is_filled_in_its_clocks() {
    for shape in [Shape::TOY, Shape::SIM] {
        let ports = shape.memory_ports;
        let all = (1 << ports) - 1;
        let mut sim = after_reset(&board_write(&shape).expect("builds"));
        sim.set("command", 3);
        sim.set("aw_ready", all);
        sim.set("w_ready", all);
        (0..3).for_each(|_| sim.clock());
        pulse(&mut sim, "start");
        let first = |sim: &mut Sim, name: &str| {
            let mut clocks = 0;
            while sim.get(name) != all {
                sim.clock();
                clocks += 1;
                assert!(clocks < 50);
            }
            clocks
        };
        assert_eq!(1 + first(&mut sim, "aw_valid"), board_write::ISSUE_LATENCY);
        assert_eq!(first(&mut sim, "w_valid"), board_write::DATA_LATENCY);
        for line in 1..3 {
            sim.clock();
            let found = 1 + first(&mut sim, "w_valid");
            assert_eq!(found, board_write::LINE_CLOCKS, "line {line}");
        }
    }
}

/// A board with one port, with two, and with 32: the joins have 0, 1 and 2 layers.
#[test]
fn lines_of_board_memory_come_in_the_clocks_of_the_formulas() {
    for shape in [Shape::TOY, Shape::SIM, Shape::U280] {
        let ports = shape.memory_ports as usize;
        let all = (1 << ports) - 1;
        let mut sim = after_reset(&board_read(&shape).expect("builds"));
        sim.set("ar_ready", all);
        sim.set("line_ready", 1);
        (0..8).for_each(|_| sim.clock());
        sim.set("line_req_count", 1);
        sim.set("line_req_crc_line", 100);
        assert_eq!(sim.get("line_req_ready"), 1);
        pulse(&mut sim, "line_req_valid");
        let mut clocks = 1;
        while sim.get("ar_valid") == 0 {
            sim.clock();
            clocks += 1;
            assert!(clocks < 50);
        }
        assert_eq!(clocks, board_read::ISSUE_LATENCY);
        (0..20).for_each(|_| sim.clock());
        // One port is later than all others.
        sim.set("r_last", all);
        sim.set("r_valid", all & !1);
        sim.clock();
        sim.set("r_valid", 0);
        (0..20).for_each(|_| {
            assert_eq!(sim.get("line_valid"), 0);
            sim.clock();
        });
        pulse(&mut sim, "r_valid");
        let found = 1 + clocks_until(&mut sim, "line_valid");
        assert_eq!(found, board_read::line_latency(ports), "{ports} ports");
    }
}
