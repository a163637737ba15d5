//! The reader of host memory with several commands: what is asked for ahead, what waits, what goes nowhere, whose an
//! error is.

use crate::table::{after_reset, content, crc_of};
use goldilane_hdl::netlist::Sim;
use goldilane_hdl::shell::Widths;
use goldilane_hdl::shell::board_write::FROM_HOST_BIT;
use goldilane_hdl::shell::host_read::{COMMANDS, Destination, IDS, host_read};
use std::collections::VecDeque;

const WIDTHS: [Widths; 3] = [
    Widths {
        words: 2,
        bus_words: 2,
    },
    Widths {
        words: 8,
        bus_words: 8,
    },
    Widths {
        words: 8,
        bus_words: 16,
    },
];
const BASE: u64 = 0x7_4000_0000;
/// Clocks to host memory.
const FAR: u64 = 100;

struct Read {
    id: u128,
    /// Address and bytes of the beats that are left.
    beats: VecDeque<(u64, u64)>,
    ready_at: u64,
}

/// A reader before a memory that answers in order.
struct Bench {
    sim: Sim,
    bus_words: u64,
    reads: VecDeque<Read>,
    /// A beat with this address fails.
    bad: Option<u64>,
    clock: u64,
    /// Words for board memory, and the clocks in which they came.
    memory: Vec<u64>,
    came: Vec<u64>,
}

impl Bench {
    fn new(w: &Widths) -> Self {
        let mut sim = after_reset(&host_read(w).expect("builds"));
        for port in ["ar_ready", "mem_ready", "loop_ready"] {
            sim.set(port, 1);
        }
        Self {
            sim,
            bus_words: w.bus_words as u64,
            reads: VecDeque::new(),
            bad: None,
            clock: 0,
            memory: Vec::new(),
            came: Vec::new(),
        }
    }

    fn step(&mut self) {
        let now = self.clock;
        let due = self.reads.front_mut().filter(|read| read.ready_at <= now);
        self.sim.set("r_valid", due.is_some().into());
        if let Some(read) = due {
            let (at, size) = read.beats.pop_front().expect("a read has beats");
            let low = at & !(8 * self.bus_words - 1);
            let words: Vec<u128> = (0..self.bus_words)
                .map(|i| low + 8 * i)
                .map(|place| match (at..at + size).contains(&place) {
                    true => content(place / 8).into(),
                    false => 0xdead,
                })
                .collect();
            self.sim.set_words("r_data", &words);
            self.sim.set("r_id", read.id);
            self.sim.set("r_last", read.beats.is_empty().into());
            self.sim
                .set("r_resp", if self.bad == Some(at) { 2 } else { 0 });
            if read.beats.is_empty() {
                self.reads.pop_front();
            }
        }
        if self.sim.get("ar_valid") == 1 {
            let size = 1 << self.sim.get("ar_size");
            let at = self.sim.get("ar_address") as u64;
            let beats = self.sim.get("ar_len") as u64 + 1;
            self.reads.push_back(Read {
                id: self.sim.get("ar_id"),
                beats: (0..beats).map(|i| (at + i * size, size)).collect(),
                ready_at: now + FAR,
            });
            assert!(self.reads.len() <= IDS);
        }
        if self.sim.get("mem_valid") == 1 {
            let words = self.sim.get_words("mem_data");
            self.memory.extend(words.iter().map(|w| *w as u64));
            self.came.push(now);
        }
        self.sim.clock();
        self.clock += 1;
    }

    fn run(&mut self, clocks: u64) {
        (0..clocks).for_each(|_| self.step());
    }

    fn pulse(&mut self, port: &str) {
        self.sim.set(port, 1);
        self.step();
        self.sim.set(port, 0);
    }

    fn start(&mut self, destination: Destination, address: u64, bytes: u64) {
        self.sim.set("address", address.into());
        let command = u128::from(bytes) | (destination as u128) << 32;
        self.sim.set("command", command);
        self.pulse("start");
        // The address stands for as long as an instruction takes.
        self.run(5);
    }

    fn release(&mut self) {
        self.sim.set("command", 1 << FROM_HOST_BIT);
        self.pulse("fill_start");
    }

    /// Bit of the status.
    fn status(&mut self, bit: u32) -> bool {
        self.sim.get("status") >> bit & 1 == 1
    }

    fn until(&mut self, bit: u32) {
        let limit = self.clock + 5000;
        while self.status(bit) {
            self.step();
            assert!(self.clock < limit, "status bit {bit} stays");
        }
    }

    fn expect_words(&mut self, address: u64) {
        let words = self.sim.get_words("control_words");
        for (i, word) in words.iter().enumerate() {
            assert_eq!(*word as u64, content(address / 8 + i as u64));
        }
    }

    fn expect_memory(&mut self, address: u64, bytes: u64) {
        let wanted: Vec<u64> = (0..bytes / 8).map(|i| content(address / 8 + i)).collect();
        assert!(self.memory == wanted, "other words");
        let crc = (self.sim.get("status") >> 32) as u32;
        assert_eq!(crc, crc_of(&wanted));
        self.memory.clear();
        self.came.clear();
    }
}

#[test]
fn commands_queue_and_only_the_first_waits_for_the_host() {
    for w in &WIDTHS {
        let mut b = Bench::new(w);
        let beat = 8 * w.words as u64;
        let bytes = 20 * 1024;
        let (first, second) = (BASE + 4096, BASE + 0x1_0000);
        // One that streams and three behind it; one short transfer at a time.
        const { assert!(COMMANDS == 4) };
        b.start(Destination::Loopback, BASE + 512, 64);
        b.start(Destination::Control, BASE, 64);
        b.start(Destination::Memory, first, bytes);
        b.until(2);
        b.start(Destination::Control, BASE + 64, 64);
        b.start(Destination::Memory, second, bytes);
        b.run(2 * FAR);
        assert!(b.memory.is_empty(), "nobody has released it");
        b.expect_words(BASE);
        b.release();
        while b.memory.len() < bytes as usize / 8 {
            b.step();
        }
        let stream = 16 * 1024 / beat;
        b.run(2 * FAR + stream);
        // The words behind it came on its heels; the second one still waits, with all that the ids hold.
        b.expect_words(BASE + 64);
        b.expect_memory(first, bytes);
        assert!(b.status(0) && !b.status(2));
        assert!(b.reads.is_empty());
        b.release();
        let released = b.clock;
        b.until(0);
        let (begin, end) = (b.came[0], b.came[b.came.len() - 1]);
        assert!(begin < released + 10, "it was there");
        // 16 KiB were, the rest is asked for as they go.
        assert_eq!(b.came[stream as usize - 1] - begin, stream - 1);
        assert!(end < released + bytes / beat + FAR + 60);
        b.expect_memory(second, bytes);
    }
}

#[test]
fn what_is_dropped_goes_nowhere_and_what_is_behind_it_comes() {
    for w in &WIDTHS {
        let mut b = Bench::new(w);
        b.start(Destination::Memory, BASE, 20 * 1024);
        b.start(Destination::Control, BASE + 64, 64);
        b.run(2 * FAR);
        assert!(b.status(0) && b.status(2));
        b.pulse("drop");
        b.until(0);
        assert!(b.memory.is_empty());
        b.expect_words(BASE + 64);
        b.start(Destination::Memory, BASE + 4096, 3 * 1024);
        b.run(2 * FAR);
        assert!(b.memory.is_empty(), "the drop was the other's");
        b.release();
        b.until(0);
        b.expect_memory(BASE + 4096, 3 * 1024);
    }
}

#[test]
fn an_error_is_that_of_its_own_transfer() {
    let places = [
        (BASE, Destination::Control, 64),
        (BASE + 4096, Destination::Memory, 3 * 1024),
        (BASE + 0x4000, Destination::Control, 64),
        (BASE + 0x8000, Destination::Memory, 1024),
    ];
    for w in &WIDTHS {
        let beat = 8 * w.words as u64;
        for (spoilt, (address, _, bytes)) in places.iter().enumerate() {
            for at in [*address, address + bytes - beat] {
                let mut b = Bench::new(w);
                b.bad = Some(at);
                for (i, (address, destination, bytes)) in places.into_iter().enumerate() {
                    b.start(destination, address, bytes);
                    if i == 0 {
                        b.until(2);
                        assert_eq!(b.status(3), spoilt == 0, "first words, {at:#x}");
                    }
                }
                b.release();
                b.until(2);
                assert_eq!(b.status(1), spoilt == 1, "first memory, {at:#x}");
                assert_eq!(b.status(3), spoilt == 2, "second words, {at:#x}");
                b.release();
                b.until(0);
                assert_eq!(b.status(1), spoilt == 3, "second memory, {at:#x}");
                assert_eq!(b.status(3), spoilt == 2, "second words, {at:#x}");
            }
        }
    }
}

#[test]
fn an_abort_takes_all_commands() {
    for w in &WIDTHS {
        for clocks in [0, 3, 10, 60, 150, 400] {
            let mut b = Bench::new(w);
            b.start(Destination::Memory, BASE, 20 * 1024);
            b.start(Destination::Control, BASE + 64, 64);
            b.start(Destination::Memory, BASE, 4096);
            b.release();
            b.run(clocks);
            b.sim.set("abort", 1);
            b.run(3);
            b.until(0);
            assert!(b.reads.is_empty(), "something is still open");
            b.run(10);
            b.sim.set("abort", 0);
            b.memory.clear();
            b.run(2 * FAR);
            assert!(b.memory.is_empty() && !b.status(0) && !b.status(2));
            b.start(Destination::Control, BASE + 128, 64);
            b.start(Destination::Memory, BASE + 4096, 2048);
            b.run(3 * FAR);
            b.expect_words(BASE + 128);
            assert!(b.memory.is_empty(), "released before the abort");
            b.release();
            b.until(0);
            b.expect_memory(BASE + 4096, 2048);
        }
    }
}
