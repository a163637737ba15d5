//! The filling of board memory: lines of the host, zeros, the pattern; ports that answer at different times; a write
//! error at any burst of any port, an abort at any line.

use crate::table::{Fault, Held, Pace, Random, after_reset, content, crc_of, every_cell, paces};
use goldilane_abi::Shape;
use goldilane_hdl::netlist::Sim;
use goldilane_hdl::shell::Widths;
use goldilane_hdl::shell::board_write::{board_write, burst_lines};
use std::collections::{BTreeMap, VecDeque};

/// One port; two wide ones; many of one word.
fn shapes() -> [Shape; 3] {
    let many = Shape {
        memory_ports: 8,
        memory_port_bits: 64,
        ..Shape::TOY
    };
    [Shape::TOY, Shape::SIM, many]
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum From {
    Host,
    Zeros,
    Pattern,
}

/// One transfer.
#[derive(Clone, Copy)]
struct Job {
    from: From,
    line: u64,
    count: u64,
    first: bool,
    /// The line of CRCs, written at the end.
    crc_line: Option<u64>,
    /// The transfer is aborted when so many lines have gone out of port 0.
    abort_at: Option<usize>,
}

#[derive(Default)]
struct Port {
    address: Held,
    data: Held,
    /// Bursts whose data is not complete: line and lines; data that came before its address.
    bursts: VecDeque<(u64, u64)>,
    beats: VecDeque<(Vec<u64>, bool, bool)>,
    /// Clocks at which responses are due.
    responses: VecDeque<u64>,
    seen: u64,
    memory: BTreeMap<u64, Vec<u64>>,
    issued: usize,
    sent: usize,
    responded: usize,
    /// What the CRC line's CRC is over.
    stripe: Vec<u64>,
}

struct Bench {
    sim: Sim,
    shape: Shape,
    random: Random,
    ports: Vec<Port>,
    clock: u64,
    given: usize,
    offered: bool,
    place: u64,
    errors: usize,
    error_was: bool,
}

impl Bench {
    fn new(shape: Shape) -> Self {
        let module = board_write(&shape).expect("builds");
        Self {
            sim: after_reset(&module),
            shape,
            random: Random::new(17),
            ports: (0..shape.memory_ports).map(|_| Port::default()).collect(),
            clock: 0,
            given: 0,
            offered: false,
            place: 0,
            errors: 0,
            error_was: false,
        }
    }

    fn port_words(&self) -> usize {
        self.shape.port_bytes() / 8
    }

    fn line_words(&self) -> usize {
        self.ports.len() * self.port_words()
    }

    /// Line `i` of the transfer.
    fn line(&self, job: &Job, i: u64) -> Vec<u64> {
        let words = self.line_words() as u64;
        let word = |w: u64| match job.from {
            From::Host => content(self.place + i * words + w),
            From::Zeros => 0,
            From::Pattern => (i << 32 | i) ^ (w + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        };
        (0..words).map(word).collect()
    }

    fn bursts(&self, job: &Job) -> usize {
        let most = burst_lines(&self.shape) as u64;
        let data = (job.line + job.count).div_ceil(most) - job.line / most;
        data as usize + usize::from(job.crc_line.is_some())
    }

    /// The ports' side of this clock. `at` is the port that answers with an error.
    fn drive(&mut self, pace: Pace, fault: Fault, at: usize, bursts: usize) -> [Vec<bool>; 2] {
        let ports = self.ports.len();
        let (mut valid, mut resp) = (0, 0);
        for (p, port) in self.ports.iter_mut().enumerate() {
            let due = port.responses.front().is_some_and(|at| *at <= self.clock);
            let mut answer = self.random.below(4);
            if due && self.random.offers(pace) {
                port.responses.pop_front();
                let hit = p == at && fault.hits(port.responded, bursts);
                port.responded += 1;
                valid |= 1 << p;
                answer = if hit { 2 + self.random.below(2) } else { 0 };
            }
            resp |= u128::from(answer) << (2 * p);
        }
        self.sim.set("b_valid", valid);
        self.sim.set("b_resp", resp);
        ["aw_ready", "w_ready"].map(|name| {
            let ready: Vec<bool> = (0..ports).map(|_| self.random.takes(pace)).collect();
            let bits = ready.iter().rev().fold(0, |r, b| r << 1 | u128::from(*b));
            self.sim.set(name, bits);
            ready
        })
    }

    /// The host's side of this clock; true if its beat is taken.
    fn give(&mut self, pace: Pace, job: &Job) -> bool {
        let words = Widths::of(&self.shape).words;
        let total = match job.from {
            From::Host => job.count as usize * self.line_words() / words,
            _ => 0,
        };
        self.offered = self.offered || (self.given < total && self.random.offers(pace));
        self.sim.set("mem_valid", self.offered.into());
        let at = self.place + (self.given * words) as u64;
        let beat: Vec<u128> = (0..words as u64)
            .map(|w| if self.offered { content(at + w) } else { 0xbad })
            .map(u128::from)
            .collect();
        self.sim.set_words("mem_data", &beat);
        self.offered && self.sim.get("mem_ready") == 1
    }

    fn take(&mut self, ready: &[Vec<bool>; 2], pace: Pace) {
        let width = self.port_words();
        let [line, len, last, enable, aw, w] = [
            "aw_line", "aw_len", "w_last", "w_enable", "aw_valid", "w_valid",
        ]
        .map(|name| self.sim.get(name));
        let data = self.sim.get_words("w_data");
        for (p, port) in self.ports.iter_mut().enumerate() {
            let valid = aw >> p & 1 == 1;
            if port.address.look("aw", valid, ready[0][p], &[line, len]) {
                let (line, lines) = (line as u64, len as u64 + 1);
                let most = burst_lines(&self.shape) as u64;
                assert_eq!(line / most, (line + lines - 1) / most, "across 4 KiB");
                port.bursts.push_back((line, lines));
                port.issued += 1;
            }
            let mine = &data[p * width..(p + 1) * width];
            let payload = [mine, &[last, enable]].concat();
            if port.data.look("w", w >> p & 1 == 1, ready[1][p], &payload) {
                let words = mine.iter().map(|w| *w as u64).collect();
                port.beats.push_back((words, last == 1, enable == 1));
                port.sent += 1;
            }
            // Data is joined with its address, whichever came first.
            while let (Some(&(line, lines)), false) = (port.bursts.front(), port.beats.is_empty()) {
                let (words, last, enabled) = port.beats.pop_front().expect("not empty");
                if enabled {
                    let before = port.memory.insert(line + port.seen, words);
                    assert_eq!(before, None, "a line written twice");
                }
                port.seen += 1;
                assert_eq!(last, port.seen == lines, "the last beat's mark");
                if last {
                    port.seen = 0;
                    port.bursts.pop_front();
                    let after = 1 + self.random.latency(pace);
                    port.responses.push_back(self.clock + after);
                }
            }
        }
    }

    fn step(&mut self, pace: Pace, fault: Fault, at: usize, job: &Job) {
        let ready = self.drive(pace, fault, at, self.bursts(job));
        let taken = self.give(pace, job);
        self.take(&ready, pace);
        let error = self.sim.get("status") >> 1 & 1 == 1;
        self.errors += usize::from(error && !self.error_was);
        self.error_was = error;
        self.sim.clock();
        self.clock += 1;
        if taken {
            self.given += 1;
            self.offered = false;
        }
    }

    fn start(&mut self, job: &Job) {
        self.place += 100_000;
        (self.given, self.offered, self.errors) = (0, false, 0);
        for port in &mut self.ports {
            port.memory.clear();
            (port.issued, port.sent, port.responded) = (0, 0, 0);
        }
        let crc_line = job.crc_line.unwrap_or(0x7777);
        let lines = u128::from(job.line) | u128::from(crc_line) << 32;
        self.sim.set("lines", lines);
        let flags = [
            job.from == From::Host,
            job.first,
            job.crc_line.is_some(),
            job.from == From::Pattern,
        ];
        let flags = flags.iter().rev().fold(0, |f, b| f << 1 | u128::from(*b));
        self.sim.set("command", u128::from(job.count) | flags << 24);
        self.sim.set("start", 1);
        self.sim.clock();
        self.sim.set("start", 0);
        assert_eq!(self.sim.get("status"), 1, "busy, no error");
        self.error_was = false;
    }

    /// Runs a transfer; an error falls on port `at`.
    fn run(&mut self, job: &Job, pace: Pace, fault: Fault, at: usize) {
        self.start(job);
        let begun = self.clock;
        let mut aborted = false;
        while self.sim.get("status") & 1 == 1 {
            aborted = aborted || job.abort_at.is_some_and(|at| self.ports[0].sent >= at);
            self.sim.set("abort", aborted.into());
            self.step(pace, fault, at, job);
            assert!(self.clock < begun + 30_000, "the transfer hangs");
        }
        for port in &self.ports {
            let quiet = port.bursts.is_empty() && port.responses.is_empty();
            assert!(quiet && port.beats.is_empty(), "done before the end");
        }
        let sent = self.ports[0].sent;
        let quiet = Job {
            from: From::Zeros,
            ..*job
        };
        self.offered &= !aborted;
        for left in (0..20).rev() {
            self.step(pace, Fault::None, at, &quiet);
            self.sim.set("abort", (aborted && left > 10).into());
        }
        assert_eq!(self.ports[0].sent, sent, "a line after the end");
        self.check(job, aborted);
        if !aborted {
            let bursts = self.bursts(job);
            assert!(self.ports.iter().all(|p| p.issued == bursts), "bursts");
            let wrong = usize::from(fault != Fault::None);
            assert_eq!(self.errors, wrong, "errors reported");
            assert_eq!(self.sim.get("status") >> 1, wrong as u128);
        }
    }

    /// Every line of the transfer in every port, and no other; after an abort, none but those.
    fn check(&mut self, job: &Job, aborted: bool) {
        let width = self.port_words();
        let lines: Vec<Vec<u64>> = (0..job.count).map(|i| self.line(job, i)).collect();
        for (p, port) in self.ports.iter_mut().enumerate() {
            let part = |line: &Vec<u64>| line[p * width..(p + 1) * width].to_vec();
            if job.first {
                port.stripe.clear();
            }
            port.stripe.extend(lines.iter().flat_map(part));
            let mut expected: BTreeMap<u64, Vec<u64>> = (job.line..)
                .zip(&lines)
                .map(|(at, line)| (at, part(line)))
                .collect();
            if let Some(at) = job.crc_line {
                let mut line = vec![0; width];
                line[0] = crc_of(&port.stripe).into();
                expected.insert(at, line);
            }
            if aborted {
                for (at, line) in &port.memory {
                    assert_eq!(expected.get(at), Some(line), "port {p} line {at}");
                }
            } else {
                assert_eq!(port.memory, expected, "port {p}");
            }
        }
    }
}

fn job(from: From, line: u64, count: u64) -> Job {
    Job {
        from,
        line,
        count,
        first: true,
        crc_line: Some(70_000),
        abort_at: None,
    }
}

#[test]
fn every_filling() {
    for shape in shapes() {
        let mut bench = Bench::new(shape);
        let most = burst_lines(&shape) as u64;
        let half = Job {
            crc_line: None,
            ..job(From::Host, most - 3, 5)
        };
        let other = Job {
            first: false,
            ..job(From::Host, most + 2, most / 2)
        };
        let jobs = [
            job(From::Host, 5, 1),
            // A piece that comes in two transfers has one CRC.
            half,
            other,
            job(From::Host, 3 * most - 1, most + 2),
            job(From::Zeros, 7, most + 9),
            job(From::Pattern, most - 1, 20),
        ];
        let name = format!("board_write, {} ports", shape.memory_ports);
        let mut at = 0;
        every_cell(&name, |pace, fault| {
            for job in &jobs {
                at = (at + 3) % shape.memory_ports as usize;
                bench.run(job, pace, fault, at);
            }
        });
    }
}

#[test]
fn an_abort_at_any_line_ends_the_burst_and_writes_no_more() {
    for shape in shapes() {
        let mut bench = Bench::new(shape);
        let most = burst_lines(&shape) as u64;
        for pace in paces() {
            for from in [From::Host, From::Zeros] {
                let whole = job(from, most - 10, 20);
                for at in [0, 1, 9, 10, 19, 20] {
                    println!("board_write: {pace:?}, abort of {from:?} at {at}");
                    let cut = Job {
                        abort_at: Some(at),
                        ..whole
                    };
                    bench.run(&cut, pace, Fault::None, 0);
                    bench.run(&whole, pace, Fault::None, 0);
                }
            }
        }
    }
}
