//! The reader of board memory: requests of the core and of the self-test, ports that answer at different times; a read
//! error, a damaged word and a wrong CRC at any beat of any request, a clear at any line.

use crate::table::{Fault, Held, Pace, Random, after_reset, content, crc_of, every_cell, paces};
use goldilane_abi::{MemoryMap, Shape};
use goldilane_hdl::netlist::Sim;
use goldilane_hdl::shell::board_read::{COLUMN_BIT, END_OF_BATCH, board_read};
use goldilane_hdl::shell::board_write::burst_lines;
use std::collections::{HashMap, VecDeque};

/// One port; two wide ones; many of one word.
fn shapes() -> [Shape; 3] {
    let many = Shape {
        memory_ports: 8,
        memory_port_bits: 64,
        ..Shape::TOY
    };
    [Shape::TOY, Shape::SIM, many]
}

#[derive(Clone, Copy, Debug)]
struct Request {
    line: u64,
    count: u64,
    crc_line: u64,
}

/// What is wrong with a beat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Damage {
    /// Board memory answers with an error.
    Response,
    /// A bit of a line has turned.
    Data,
    /// A bit of the CRC has turned.
    Crc,
}

/// The damage of a batch: which request, which of its beats (the CRC line is the last), which port.
#[derive(Clone, Copy, Debug)]
struct Damaged {
    what: Damage,
    request: usize,
    beat: u64,
    port: usize,
}

#[derive(Default)]
struct Port {
    address: Held,
    /// Lines to be answered, the mark of the burst's last, and when.
    answers: VecDeque<(u64, bool, u64)>,
    offered: bool,
    /// Lines asked for in all.
    asked: u64,
}

struct Bench {
    sim: Sim,
    shape: Shape,
    random: Random,
    ports: Vec<Port>,
    lines: Held,
    clock: u64,
    /// CRC lines: the CRC of each port.
    crcs: HashMap<u64, Vec<u32>>,
    damaged: Option<(Damaged, Request)>,
    given: usize,
    received: Vec<Vec<u64>>,
    checks: Vec<bool>,
}

impl Bench {
    fn new(shape: Shape) -> Self {
        let module = board_read(&shape).expect("builds");
        Self {
            sim: after_reset(&module),
            shape,
            random: Random::new(19),
            ports: (0..shape.memory_ports).map(|_| Port::default()).collect(),
            lines: Held::default(),
            clock: 0,
            crcs: HashMap::new(),
            damaged: None,
            given: 0,
            received: Vec::new(),
            checks: Vec::new(),
        }
    }

    fn width(&self) -> usize {
        self.shape.port_bytes() / 8
    }

    /// What port `p` holds at `line`.
    fn words(&self, line: u64, p: usize) -> Vec<u64> {
        let word = |w: usize| content(line * 1024 + (p * self.width() + w) as u64);
        let mut words: Vec<u64> = (0..self.width()).map(word).collect();
        // The rest of a CRC line may be anything.
        if let Some(crcs) = self.crcs.get(&line) {
            words[0] = words[0] << 32 | u64::from(crcs[p]);
        }
        if let Some((d, request)) = &self.damaged {
            let of_crc = line == request.crc_line && d.what == Damage::Crc;
            let of_data = line == request.line + d.beat && d.what == Damage::Data;
            if p == d.port && (of_crc || of_data) {
                words[0] ^= 1 << 31;
            }
        }
        words
    }

    fn is_refused(&self, line: u64, p: usize) -> bool {
        self.damaged.is_some_and(|(d, request)| {
            let at = match d.beat == request.count {
                true => request.crc_line,
                false => request.line + d.beat,
            };
            d.what == Damage::Response && p == d.port && line == at
        })
    }

    /// The ports' side of this clock; which of them take an address.
    fn drive(&mut self, pace: Pace) -> Vec<bool> {
        let (mut valid, mut last, mut resp) = (0u128, 0u128, 0u128);
        let mut data = Vec::new();
        for p in 0..self.ports.len() {
            let next = self.ports[p].answers.front().copied();
            let due = next.filter(|(_, _, at)| *at <= self.clock);
            let offers = self.random.offers(pace);
            let port = &mut self.ports[p];
            port.offered = due.is_some() && (port.offered || offers);
            let offered = due.filter(|_| port.offered);
            let mut answer = self.random.below(4);
            if let Some((line, ends, _)) = offered {
                data.extend(self.words(line, p));
                valid |= 1 << p;
                last |= u128::from(ends) << p;
                let refused = self.is_refused(line, p);
                answer = if refused { 2 + (line & 1) } else { 0 };
            } else {
                data.extend(vec![0xbad; self.width()]);
                last |= u128::from(self.random.below(2)) << p;
            }
            resp |= u128::from(answer) << (2 * p);
        }
        self.sim.set("r_valid", valid);
        self.sim.set("r_last", last);
        self.sim.set("r_resp", resp);
        let data: Vec<u128> = data.into_iter().map(u128::from).collect();
        self.sim.set_words("r_data", &data);
        let ready: Vec<bool> = (0..self.ports.len())
            .map(|_| self.random.takes(pace))
            .collect();
        let bits = ready.iter().rev().fold(0, |r, b| r << 1 | u128::from(*b));
        self.sim.set("ar_ready", bits);
        ready
    }

    fn observe(&mut self, ready: &[bool], pace: Pace) {
        let [line, len, valid, r_ready] =
            ["ar_line", "ar_len", "ar_valid", "r_ready"].map(|name| self.sim.get(name));
        let most = burst_lines(&self.shape) as u64;
        for (p, port) in self.ports.iter_mut().enumerate() {
            if port.offered && r_ready >> p & 1 == 1 {
                port.offered = false;
                port.answers.pop_front();
            }
            let valid = valid >> p & 1 == 1;
            if port.address.look("ar", valid, ready[p], &[line, len]) {
                let (line, count) = (line as u64, len as u64 + 1);
                assert_eq!(line / most, (line + count - 1) / most, "across 4 KiB");
                let at = self.clock + 1 + self.random.latency(pace);
                let of = |i| (line + i, i + 1 == count, at);
                port.answers.extend((0..count).map(of));
                port.asked += count;
            }
        }
    }

    /// One clock. The core is there unless the self-test has cut it off; it asks for `requests`.
    fn step(&mut self, pace: Pace, requests: &[Request], cleared: bool) {
        let ready = self.drive(pace);
        let request = requests.get(self.given);
        self.sim.set("line_req_valid", request.is_some().into());
        if let Some(r) = request {
            self.sim.set("line_req_line", r.line.into());
            self.sim.set("line_req_count", r.count.into());
            self.sim.set("line_req_crc_line", r.crc_line.into());
        }
        let accepted = request.is_some() && self.sim.get("line_req_ready") == 1;
        let takes = self.random.takes(pace);
        self.sim.set("line_ready", takes.into());
        let valid = self.sim.get("line_valid") == 1;
        let data = self.sim.get_words("line_data");
        if cleared {
            self.lines.forget();
        } else if self.lines.look("line", valid, takes, &data) {
            self.received.push(data.iter().map(|w| *w as u64).collect());
        }
        if self.sim.get("line_check_valid") == 1 {
            self.checks.push(self.sim.get("line_check_error") == 1);
        }
        self.observe(&ready, pace);
        self.sim.clock();
        self.clock += 1;
        self.given += usize::from(accepted);
    }

    fn pulse(&mut self, port: &str, pace: Pace) {
        self.sim.set(port, 1);
        self.step(pace, &[], false);
        self.sim.set(port, 0);
    }

    fn prepare(&mut self, requests: &[Request], damaged: Option<Damaged>) {
        self.damaged = None;
        self.crcs.clear();
        for r in requests {
            let crc = |p: usize| {
                let stripe: Vec<u64> = (0..r.count)
                    .flat_map(|i| self.words(r.line + i, p))
                    .collect();
                crc_of(&stripe)
            };
            let crcs = (0..self.ports.len()).map(crc).collect();
            self.crcs.insert(r.crc_line, crcs);
        }
        self.damaged = damaged.map(|d| (d, requests[d.request]));
        self.given = 0;
        self.received.clear();
        self.checks.clear();
    }

    fn is_lut(&self, request: &Request) -> bool {
        request.crc_line >= MemoryMap::new(&self.shape).lut_crc_base
    }

    /// A batch of the core: its lines, its checks, its end, its faults.
    fn run(&mut self, requests: &[Request], pace: Pace, damaged: Option<Damaged>) {
        self.prepare(requests, damaged);
        let begun = self.clock;
        while self.checks.len() < requests.len() {
            self.step(pace, requests, false);
            assert!(self.clock < begun + 20_000, "the lines hang");
        }
        self.pulse("batch_done", pace);
        let faults = self.sim.get("line_faults");
        let mut wait = 0;
        while self.sim.get("lines_busy") == 1 {
            self.step(pace, &[], false);
            wait += 1;
            assert!(wait < 50, "busy without end");
        }
        let expected: Vec<Vec<u64>> = requests
            .iter()
            .flat_map(|r| r.line..r.line + r.count)
            .map(|line| {
                (0..self.ports.len())
                    .flat_map(|p| self.words(line, p))
                    .collect()
            })
            .collect();
        assert!(self.received == expected, "the lines differ");
        assert_eq!(self.checks.len(), requests.len(), "one check a request");
        let mut tables = Vec::new();
        while self.sim.get("lut_fault") >> 16 == 1 {
            tables.push(self.sim.get("lut_fault") as u16);
            self.pulse("lut_fault_next", pace);
            for _ in 0..4 {
                self.step(pace, &[], false);
            }
        }
        let Some(d) = damaged else {
            assert_eq!((faults, tables.len()), (0, 0), "no fault");
            assert!(!self.checks.contains(&true), "a check failed");
            return;
        };
        assert!(self.checks[d.request], "the check of {d:?} is not seen");
        if d.what == Damage::Response {
            assert_eq!(faults >> 2, 1, "memory error of {d:?}");
            return;
        }
        let failed = self.checks.iter().filter(|c| **c).count();
        assert_eq!(failed, 1, "{d:?}: checks that failed");
        let request = &requests[d.request];
        if self.is_lut(request) {
            let slot = request.crc_line - MemoryMap::new(&self.shape).lut_crc_base;
            assert_eq!(faults, 2, "lookup table of {d:?}");
            assert_eq!(tables, [slot as u16, END_OF_BATCH], "{d:?}");
        } else {
            assert_eq!((faults, tables.len()), (1, 0), "key of {d:?}");
        }
    }

    /// A run of lines for the self-test: nothing reaches the core, one bit says what came of it.
    fn check(&mut self, request: Request, pace: Pace, damaged: Option<Damaged>) {
        self.prepare(&[request], damaged);
        self.sim.set("test_mode", 2);
        self.sim.set("test_line", request.line.into());
        self.sim.set("test_count", request.count.into());
        self.sim.set("test_crc_line", request.crc_line.into());
        for _ in 0..2 {
            self.step(pace, &[], false);
        }
        let begun = self.clock;
        self.pulse("test_request", pace);
        while self.sim.get("test_check") & 1 == 0 {
            // A core that asks meanwhile is not answered.
            self.step(pace, &[request], false);
            assert!(self.clock < begun + 20_000, "the check hangs");
        }
        let wrong = self.sim.get("test_check") >> 1 == 1;
        assert_eq!(wrong, damaged.is_some(), "{damaged:?}");
        assert!(self.received.is_empty() && self.checks.is_empty() && self.given == 0);
        for _ in 0..20 {
            self.step(pace, &[], false);
        }
        assert_eq!(self.sim.get("lines_busy"), 0);
        self.pulse("fault_clear", pace);
        self.sim.set("test_mode", 0);
        for _ in 0..2 {
            self.step(pace, &[], false);
        }
        // A damaged table has been noted; the program forgets it.
        while self.sim.get("lut_fault") >> 16 == 1 {
            self.pulse("lut_fault_next", pace);
            for _ in 0..4 {
                self.step(pace, &[], false);
            }
        }
    }
}

/// Lookup tables and pieces of keys: of one line, within a burst, across the end of one.
fn requests(shape: &Shape) -> Vec<Request> {
    let map = MemoryMap::new(shape);
    let most = burst_lines(shape) as u64;
    let request = |line, count, crc_line| Request {
        line,
        count,
        crc_line,
    };
    vec![
        request(map.lut_base, 6, map.lut_crc_base),
        request(map.lut_base + 10, 1, map.lut_crc_base + 2),
        request(most - 5, 11, map.ggsw_crc_offset),
        request(3 * most, 1, map.ggsw_crc_offset + 1),
        request(5 * most - 1, 2, map.ksk_crc_offset),
        request(6 * most + 1, 9, map.ksk_crc_offset + 7),
    ]
}

#[test]
fn every_request() {
    for shape in shapes() {
        let mut bench = Bench::new(shape);
        let requests = requests(&shape);
        let name = format!("board_read, {} ports", shape.memory_ports);
        let mut turn = 0;
        every_cell(&name, |pace, fault| {
            if fault == Fault::None {
                bench.run(&requests, pace, None);
                bench.check(requests[2], pace, None);
                return;
            }
            for what in [Damage::Response, Damage::Data, Damage::Crc] {
                for place in Fault::PLACES {
                    turn += 1;
                    let of = |request: usize| {
                        let lines = requests[request].count as usize;
                        let beats = lines + usize::from(what == Damage::Response);
                        Damaged {
                            what,
                            request,
                            beat: fault.beat(beats).expect("a place") as u64,
                            port: turn % shape.memory_ports as usize,
                        }
                    };
                    let request = place.beat(requests.len()).expect("a place");
                    bench.run(&requests, pace, Some(of(request)));
                    let alone = Damaged {
                        request: 0,
                        ..of(request)
                    };
                    bench.check(requests[request], pace, Some(alone));
                }
            }
        });
    }
}

#[test]
fn a_clear_at_any_line_drops_the_rest() {
    for shape in shapes() {
        let mut bench = Bench::new(shape);
        let requests = requests(&shape);
        let total: u64 = requests.iter().map(|r| r.count).sum();
        for pace in paces() {
            for at in [0, 1, total / 2, total - 1, total] {
                println!("board_read: {pace:?}, clear at line {at}");
                bench.prepare(&requests, None);
                let begun = bench.clock;
                while (bench.received.len() as u64) < at || bench.given < 2 {
                    bench.step(pace, &requests, false);
                    assert!(bench.clock < begun + 20_000, "the lines hang");
                }
                bench.sim.set("clear", 1);
                bench.step(pace, &[], true);
                let checks = bench.checks.len();
                while bench.sim.get("lines_busy") == 1 {
                    bench.step(pace, &[], true);
                    assert!(bench.clock < begun + 20_000, "the clear hangs");
                }
                assert_eq!(bench.sim.get("line_valid"), 0, "a line after the clear");
                assert!(bench.ports.iter().all(|p| p.answers.is_empty()));
                assert!(bench.checks.len() <= checks + 1, "a check after the clear");
                bench.sim.set("clear", 0);
                bench.step(pace, &[], true);
                bench.run(&requests, pace, None);
            }
        }
    }
}

/// The known answer of the self-test needs no key in memory: lines are made of constants, by the kind of the request.
#[test]
fn constant_lines_leave_board_memory_alone() {
    for shape in shapes() {
        let mut bench = Bench::new(shape);
        let words = [0x1111, 0x2222, 0x3333];
        bench.sim.set_words("test_words", &words);
        let column = Request {
            line: 1 << COLUMN_BIT,
            ..requests(&shape)[2]
        };
        let kinds = [
            (requests(&shape)[0], 2),
            (column, 1),
            (requests(&shape)[4], 0),
        ];
        for pace in paces() {
            for _ in 0..2 {
                let all = kinds.map(|(request, _)| request);
                bench.prepare(&all, None);
                bench.sim.set("test_mode", 1);
                for _ in 0..2 {
                    bench.step(pace, &[], false);
                }
                let begun = bench.clock;
                let lines: u64 = all.iter().map(|r| r.count).sum();
                while bench.checks.len() < all.len() || (bench.received.len() as u64) < lines {
                    bench.step(pace, &all, false);
                    assert!(bench.clock < begun + 20_000, "the lines hang");
                }
                let width = bench.ports.len() * bench.width();
                let expected: Vec<Vec<u64>> = kinds
                    .iter()
                    .flat_map(|(r, kind)| vec![vec![words[*kind] as u64; width]; r.count as usize])
                    .collect();
                assert_eq!(bench.received, expected);
                assert!(!bench.checks.contains(&true), "a constant line is right");
                assert!(bench.ports.iter().all(|p| p.answers.is_empty()));
                bench.pulse("batch_done", pace);
                for _ in 0..30 {
                    bench.step(pace, &[], false);
                }
                assert_eq!(
                    (bench.sim.get("line_faults"), bench.sim.get("lines_busy")),
                    (0, 0)
                );
                // And then it reads again.
                bench.sim.set("test_mode", 0);
                for _ in 0..2 {
                    bench.step(pace, &[], false);
                }
                let asked: Vec<u64> = bench.ports.iter().map(|p| p.asked).collect();
                let all = requests(&shape);
                bench.run(&all, pace, None);
                let lines: u64 = all.iter().map(|r| r.count + 1).sum();
                for (port, asked) in bench.ports.iter().zip(asked) {
                    assert_eq!(port.asked, asked + lines, "lines asked for");
                }
            }
        }
    }
}
