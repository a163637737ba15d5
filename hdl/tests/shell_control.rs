//! The shell without a core: registers, queues, loopback, faults, interrupts, reset; natively, on `toy` and `sim`.

mod shell_bench;

use goldilane_abi::registers::{self as reg, Counter, queue_status, status};
use goldilane_abi::shape::CONFIGURATION_NAMES;
use goldilane_abi::{Code, Descriptor, Opcode, Shape, crc32c, flags};
use goldilane_hdl::config::Configuration;
use goldilane_hdl::netlist::Module;
use goldilane_hdl::top::{Options, board, goldilane};
use shell_bench::{Bench, HOST_BASE, Manners, RING};
use std::sync::Arc;

const CALM: Manners = Manners {
    reorder: false,
    stalls: false,
    least: 3,
    latency: 40,
};
const WILD: Manners = Manners {
    reorder: true,
    stalls: true,
    least: 3,
    latency: 40,
};

fn toy() -> (Arc<Module>, Shape) {
    let module = board("toy", &Shape::TOY, &Options::default()).unwrap();
    (module, Shape::TOY)
}

fn bench(manners: Manners, seed: u64) -> Bench {
    let (module, shape) = toy();
    Bench::new(&module, &shape, manners, seed)
}

fn no_op(ticket: u16) -> Descriptor {
    Descriptor {
        ticket,
        ..Descriptor::new(Opcode::NoOp)
    }
}

fn pattern(bytes: usize, seed: u8) -> Vec<u8> {
    (0..bytes).map(|i| (i * 7 + i / 251) as u8 ^ seed).collect()
}

#[test]
fn the_depth_rule_holds() {
    for name in CONFIGURATION_NAMES {
        let configuration = Configuration::find(name).unwrap();
        assert_eq!(goldilane(&configuration).unwrap().depth_violations(), []);
    }
}

#[test]
fn registers_read_as_the_table_says() {
    let mut b = bench(CALM, 1);
    for register in reg::GLOBAL {
        let wanted = register.initial(&Shape::TOY, 0xb111_d000);
        assert_eq!(b.read(register.offset), wanted, "{}", register.name);
    }
    for offset in [0x4c, 0x3fc, 0x494, 0x7fc, 0x1000, 0x1ffc] {
        assert_eq!(b.read(offset), 0, "{offset:#x}");
    }
    // Reserved bits are not kept; a read-only register stays.
    b.write_queue(1, &reg::SQ_BASE_LO, 0xffff_ffff);
    assert_eq!(b.read_queue(1, &reg::SQ_BASE_LO), 0xffff_ffc0);
    assert_eq!(b.read(reg::ERROR_COUNT.offset), 0);
    b.write(reg::LANES.offset, 99);
    assert_eq!(b.read(reg::LANES.offset), 4);
    let entry = b.read(reg::ERROR_ENTRY.offset);
    assert_eq!(
        entry,
        Code::RegisterIgnored as u32 | 255 << 8 | reg::LANES.offset << 16
    );
    // The log keeps the last sixteen.
    for _ in 0..17 {
        b.write_queue(0, &reg::SQ_HEAD, 1);
    }
    assert_eq!(b.read(reg::ERROR_COUNT.offset), 18);
    let entry = Code::RegisterIgnored as u32 | reg::SQ_HEAD.of(0) << 16;
    assert_eq!(b.read(reg::ERROR_ENTRY.offset), entry);
    for left in (0..16).rev() {
        b.write(reg::ERROR_ENTRY.offset, 0);
        let wanted = if left == 0 { 0 } else { entry };
        assert_eq!(b.read(reg::ERROR_ENTRY.offset), wanted);
    }
    b.write(reg::ERROR_COUNT.offset, 0);
    assert_eq!(b.read(reg::ERROR_COUNT.offset), 0);
}

#[test]
fn no_ops_go_round_the_rings() {
    for manners in [CALM, WILD] {
        let mut b = bench(manners, 2);
        b.enable(0);
        b.enable(1);
        let mut ticket = 0;
        for round in 0..7 {
            for queue in 0..2 {
                let jobs: Vec<_> = (0..=(round % 3)).map(|i| no_op(100 + ticket + i)).collect();
                b.submit(queue, &jobs);
                for job in &jobs {
                    let c = b.wait(queue);
                    assert_eq!((c.ticket, c.code), (job.ticket, Code::Success as u8));
                    assert_eq!(c.queue, queue as u16);
                }
                ticket += 3;
            }
        }
        b.run(2000);
        assert_eq!(b.read(reg::STATUS.offset), status::IDLE);
        assert!(b.host.is_quiet());
        assert!(b.interrupts.is_empty(), "nothing was armed");
        b.write(reg::COUNTER_CONTROL.offset, 1);
        assert_eq!(b.read(Counter::Descriptors.offset()), 26);
        assert!(b.read(Counter::Clocks.offset()) > 10_000);
    }
}

#[test]
fn loopback_moves_bytes_of_every_length() {
    for (name, manners) in [("toy", CALM), ("toy", WILD), ("sim", WILD), ("wide", WILD)] {
        let shape = Shape::named(name).unwrap_or(Shape {
            host_bus_bits: 1024,
            memory_port_bits: 512,
            ..Shape::TOY
        });
        let module = board(name, &shape, &Options::default()).unwrap();
        let mut b = Bench::new(&module, &shape, manners, 3);
        b.enable(0);
        for (i, bytes) in [8usize, 16, 24, 64, 72, 504, 512, 520, 4096, 5000]
            .into_iter()
            .enumerate()
        {
            let data = pattern(bytes, i as u8);
            let (from, to) = (b.alloc(bytes + 64) + 64, b.alloc(bytes + 128));
            b.put(from, &data);
            b.put(to, &vec![0xee; bytes + 64]);
            let good = Descriptor {
                source: from,
                destination: to,
                length: bytes as u32,
                crc: crc32c(&data),
                ..Descriptor::new(Opcode::Loopback)
            };
            b.submit(0, &[good]);
            let c = b.wait(0);
            assert_eq!(
                (c.code, c.info),
                (0, crc32c(&data)),
                "{name}, {bytes} bytes"
            );
            assert!(b.take(to, bytes) == data, "{name}, {bytes} bytes");
            assert_eq!(b.take(to + bytes as u64, 64), [0xee; 64]);
        }
    }
}

#[test]
fn every_bad_descriptor_has_its_code() {
    let mut b = bench(WILD, 4);
    b.enable(0);
    let (from, to) = (b.alloc(8192), b.alloc(8192));
    let data = pattern(4096, 9);
    b.put(from, &data);
    let good = Descriptor {
        source: from,
        destination: to,
        length: 4096,
        crc: crc32c(&data),
        ..Descriptor::new(Opcode::Loopback)
    };
    let end = HOST_BASE + b.host.limit;
    let cases = [
        (Descriptor { opcode: 9, ..good }, Code::UnknownOpcode, 0),
        (
            Descriptor {
                opcode: 200,
                ..good
            },
            Code::UnknownOpcode,
            0,
        ),
        (
            Descriptor {
                reserved: 1,
                ..good
            },
            Code::BadDescriptor,
            0,
        ),
        (
            Descriptor {
                reserved: 1 << 12,
                ..good
            },
            Code::BadDescriptor,
            0,
        ),
        (
            Descriptor {
                reserved: 1 << 20,
                ..good
            },
            Code::BadDescriptor,
            0,
        ),
        (
            Descriptor {
                flags: 0x83,
                ..good
            },
            Code::BadDescriptor,
            0,
        ),
        (
            Descriptor {
                source: from + 32,
                ..good
            },
            Code::Misaligned,
            0,
        ),
        (
            Descriptor {
                destination: to + 8,
                ..good
            },
            Code::Misaligned,
            0,
        ),
        (Descriptor { length: 4, ..good }, Code::Misaligned, 0),
        (Descriptor { length: 0, ..good }, Code::WrongLength, 8),
        (Descriptor { crc: 1, ..good }, Code::CrcMismatch, good.crc),
        // Faults at the first, a middle and the last beat.
        (
            Descriptor {
                source: end,
                ..good
            },
            Code::ReadFault,
            0,
        ),
        (
            Descriptor {
                source: end - 2048,
                ..good
            },
            Code::ReadFault,
            0,
        ),
        (
            Descriptor {
                source: end - 4032,
                ..good
            },
            Code::ReadFault,
            0,
        ),
        (
            Descriptor {
                destination: end,
                ..good
            },
            Code::WriteFault,
            0,
        ),
        (
            Descriptor {
                destination: end - 2048,
                ..good
            },
            Code::WriteFault,
            0,
        ),
        (
            Descriptor {
                destination: end - 4032,
                ..good
            },
            Code::WriteFault,
            0,
        ),
    ];
    for (i, (job, code, info)) in cases.iter().enumerate() {
        b.write(reg::ERROR_COUNT.offset, 0);
        b.submit(0, &[*job, no_op(7)]);
        let c = b.wait(0);
        assert_eq!((c.code(), c.info), (Some(*code), *info), "case {i}");
        let entry = b.read(reg::ERROR_ENTRY.offset);
        assert_eq!(entry, *code as u32, "case {i} in the log");
        let c = b.wait(0);
        assert_eq!((c.code, c.ticket), (0, 7), "the next job is fine");
    }
    let unchecked = Descriptor {
        crc: 1,
        flags: 0,
        ..good
    };
    b.submit(0, &[unchecked]);
    let c = b.wait(0);
    assert_eq!((c.code, c.info), (0, 0));
}

#[test]
fn bad_doorbells_and_setups_leave_the_pair_as_it_is() {
    let mut b = bench(CALM, 5);
    b.write_queue(0, &reg::RING_SIZES, 3 | 2 << 8);
    b.write_queue(0, &reg::QUEUE_CONTROL, 1);
    assert_eq!(b.read_queue(0, &reg::QUEUE_CONTROL), 0);
    assert_eq!(b.read_queue(0, &reg::QUEUE_STATUS), queue_status::BAD_SETUP);
    assert_eq!(b.interrupts, [0]);
    b.enable(0);
    b.write_queue(0, &reg::QUEUE_STATUS, queue_status::BAD_SETUP);
    assert_eq!(b.read_queue(0, &reg::QUEUE_STATUS), 0);
    b.write(reg::doorbell(0), RING as u32);
    assert_eq!(
        b.read_queue(0, &reg::QUEUE_STATUS),
        queue_status::DOORBELL_OUT_OF_RING
    );
    // A ring register of an enabled pair is locked, a doorbell of a disabled one ignored.
    b.write_queue(0, &reg::SQ_BASE_LO, 0);
    assert_ne!(b.read_queue(0, &reg::SQ_BASE_LO), 0);
    b.write(reg::doorbell(1), 1);
    b.write(reg::doorbell(2), 1);
    let mut log = Vec::new();
    loop {
        let entry = b.read(reg::ERROR_ENTRY.offset);
        if entry == 0 {
            break;
        }
        log.push(entry);
        b.write(reg::ERROR_ENTRY.offset, 0);
    }
    let entry = |code: Code, pair: u32, at: u32| code as u32 | pair << 8 | at << 16;
    assert_eq!(
        log,
        [
            entry(Code::BadQueueSetup, 0, reg::QUEUE_CONTROL.of(0)),
            entry(Code::DoorbellOutOfRing, 0, 0x1000),
            entry(Code::RegisterIgnored, 0, reg::SQ_BASE_LO.of(0)),
            entry(Code::RegisterIgnored, 1, 0x1004),
            entry(Code::RegisterIgnored, 255, 0x1008),
        ]
    );
    b.submit(0, &[no_op(1)]);
    assert_eq!(b.wait(0).ticket, 1);
    // Seven entries are free; from 1 on the furthest tail is 0. Pair 1 is left alone meanwhile.
    b.write_queue(0, &reg::QUEUE_CONTROL, 0);
    b.enable(0);
    b.host.limit = 0;
    b.write(reg::doorbell(0), 4);
    b.run(3000);
    let faulted = b.read_queue(0, &reg::QUEUE_STATUS) & 0xff;
    assert_eq!(
        faulted,
        queue_status::FETCH_FAULT | queue_status::DOORBELL_OUT_OF_RING
    );
    assert_eq!(b.read_queue(0, &reg::SQ_HEAD), 0);
    b.write(reg::doorbell(0), 3);
    assert_eq!(b.read_queue(0, &reg::SQ_TAIL), 4, "backwards");
    assert_ne!(
        b.read_queue(0, &reg::QUEUE_STATUS) & queue_status::DOORBELL_OVERRUN,
        0
    );
    assert_eq!(b.interrupts, [0, 0, 0, 0]);
    // The halted pair does not hold the other.
    b.host.limit = b.host.bytes.len() as u64;
    b.enable(1);
    b.submit(1, &[no_op(5)]);
    assert_eq!(b.wait(1).ticket, 5);
}

#[test]
fn interrupts_arm_coalesce_and_catch_up() {
    let mut b = bench(CALM, 6);
    b.enable(1);
    b.write_queue(1, &reg::INTERRUPT_ARM, 1 << 31);
    assert_eq!(b.read_queue(1, &reg::INTERRUPT_ARM), 1 << 31);
    b.submit(1, &[no_op(1)]);
    b.wait(1);
    b.run(300);
    assert_eq!(b.interrupts, [1]);
    assert_eq!(b.read_queue(1, &reg::INTERRUPT_ARM), 0);
    // One is unseen: arming with the old position fires at once.
    b.write_queue(1, &reg::INTERRUPT_ARM, 1 << 31);
    b.run(50);
    assert_eq!(b.interrupts, [1, 1]);
    // By count, jobs without the flag not counted.
    b.write_queue(1, &reg::INTERRUPT_COALESCE, 2 | 4 << 16);
    b.write_queue(1, &reg::INTERRUPT_ARM, 1 << 31 | 1);
    let silent = Descriptor {
        flags: flags::CRC,
        ..no_op(2)
    };
    b.submit(1, &[no_op(2), silent]);
    b.wait(1);
    b.wait(1);
    b.run(300);
    assert_eq!(b.interrupts, [1, 1]);
    b.submit(1, &[no_op(3)]);
    b.wait(1);
    b.run(300);
    assert_eq!(b.interrupts, [1, 1, 1]);
    // By time.
    b.write_queue(1, &reg::INTERRUPT_ARM, 1 << 31 | 4);
    b.submit(1, &[no_op(4)]);
    b.wait(1);
    b.run(3500);
    assert_eq!(b.interrupts.len(), 3);
    b.run(1500);
    assert_eq!(b.interrupts, [1, 1, 1, 1]);
}

#[test]
fn the_interrupt_comes_after_the_entry_whenever_it_is_armed() {
    let slow = Manners {
        latency: 1500,
        ..WILD
    };
    for clocks in (0..4000).step_by(400) {
        let mut b = bench(slow, 40 + clocks);
        b.enable(0);
        b.submit(0, &[no_op(1)]);
        b.run(clocks);
        b.write_queue(0, &reg::INTERRUPT_ARM, 1 << 31);
        while b.interrupts.is_empty() {
            b.step();
            assert!(b.clock < 50_000, "no interrupt");
        }
        assert!(b.poll(0).is_some(), "armed after {clocks} clocks");
    }
}

#[test]
fn completions_come_after_the_data() {
    // With the wait taken out of the writer the completion overtakes the data on a bus that reorders.
    let early = |wait_for_responses: bool| {
        let options = Options {
            wait_for_responses,
            ..Options::default()
        };
        let module = board("toy", &Shape::TOY, &options).unwrap();
        (0..6).any(|seed| {
            let slow = Manners {
                latency: 2000,
                ..WILD
            };
            let mut b = Bench::new(&module, &Shape::TOY, slow, 20 + seed);
            b.enable(0);
            let data = pattern(640, seed as u8);
            let (from, to) = (b.alloc(1024), b.alloc(1024));
            b.put(from, &data);
            let job = Descriptor {
                source: from,
                destination: to,
                length: 640,
                crc: crc32c(&data),
                ..Descriptor::new(Opcode::Loopback)
            };
            b.submit(0, &[job]);
            b.wait(0);
            b.take(to, 640) != data
        })
    };
    assert!(!early(true));
    assert!(early(false), "the bench must notice a missing wait");
}

#[test]
fn reset_works_from_every_state() {
    let mut b = bench(WILD, 7);
    let data = pattern(8192, 3);
    for clocks in [0, 100, 333, 700, 950, 1200, 1234, 1500, 1800, 2500] {
        b.enable(0);
        let (from, to) = (HOST_BASE + 0x2_0000, HOST_BASE + 0x4_0000);
        b.put(from, &data);
        let job = Descriptor {
            source: from,
            destination: to,
            length: 8192,
            crc: crc32c(&data),
            ..Descriptor::new(Opcode::Loopback)
        };
        b.write(reg::LANES.offset, 0);
        b.submit(0, &[job, job]);
        b.run(clocks);
        let logged = b.read(reg::ERROR_COUNT.offset);
        b.write(reg::CONTROL.offset, 1);
        let mut polls = 0;
        while b.read(reg::STATUS.offset) & status::IDLE == 0 {
            polls += 1;
            assert!(polls < 1000, "the reset hangs");
        }
        assert!(b.host.is_quiet(), "something is still open");
        assert_eq!(b.read_queue(0, &reg::QUEUE_CONTROL), 0);
        assert_eq!(b.read(reg::ERROR_COUNT.offset), logged, "the log stays");
        b.enable(0);
        b.submit(0, &[job]);
        assert_eq!(b.wait(0).code, 0);
        assert!(b.take(to, 8192) == data, "after {clocks} clocks");
        b.write_queue(0, &reg::QUEUE_CONTROL, 0);
    }
}

#[test]
fn a_drain_that_never_ends_is_reported() {
    let mut b = bench(CALM, 8);
    b.enable(0);
    let job = Descriptor {
        source: HOST_BASE + 0x2_0000,
        destination: HOST_BASE + 0x4_0000,
        length: 8192,
        ..Descriptor::new(Opcode::Loopback)
    };
    b.submit(0, &[job]);
    b.run(500);
    while b.host.is_quiet() {
        b.step();
    }
    b.host.frozen = true;
    b.write(reg::CONTROL.offset, 1);
    assert_eq!(b.read(reg::STATUS.offset) & 3, status::RESETTING);
    let limit = goldilane_abi::RESET_CLOCKS;
    b.run(limit);
    let shown = b.read(reg::STATUS.offset);
    assert_eq!(
        shown & !status::CLEARING,
        status::IDLE | status::DRAIN_TIMEOUT
    );
    assert_eq!(
        b.read(reg::ERROR_ENTRY.offset),
        Code::DrainTimeout as u32 | 255 << 8
    );
    // The bus comes back: what was open is taken in, and the board works on.
    b.host.frozen = false;
    b.enable(0);
    b.submit(0, &[no_op(3)]);
    assert_eq!(b.wait(0).ticket, 3);
}
