//! The pace of the reader of board memory: a line a clock at any number of ports, and a port that is silent as long as HBM
//! may be.

use crate::table::{Random, after_reset};
use goldilane_abi::Shape;
use goldilane_hdl::netlist::Sim;
use goldilane_hdl::shell::board_read::board_read;
use std::collections::VecDeque;

/// Clocks in which HBM answers, and how many may be added.
const LATENCY: (u64, u64) = (60, 10);
/// Clocks between two requests without a line: the CRC line and two that are free.
const BETWEEN: usize = 3;

struct Bench {
    sim: Sim,
    random: Random,
    /// By port: lines that will be given, the mark of the burst's last, and from when.
    answers: Vec<VecDeque<(u64, bool, u64)>>,
    /// This port gives nothing before this clock.
    silent: (usize, u64),
    clock: u64,
    asked: u64,
    /// What the core took: clock and number of the line.
    taken: Vec<(u64, u64)>,
}

impl Bench {
    fn new(ports: u32) -> Self {
        let shape = Shape {
            memory_ports: ports,
            memory_port_bits: 64,
            ..Shape::TOY
        };
        Self {
            sim: after_reset(&board_read(&shape).expect("builds")),
            random: Random::new(5),
            answers: vec![VecDeque::new(); ports as usize],
            silent: (0, 0),
            clock: 0,
            asked: 0,
            taken: Vec::new(),
        }
    }

    /// One clock. The core asks for `lines(request)` lines as soon as it may; the true answer: all ports' FIFOs are full.
    fn step(&mut self, lines: impl Fn(u64) -> u64, takes: bool) -> bool {
        self.sim.set("line_req_valid", 1);
        self.sim.set("line_req_line", (1024 * self.asked).into());
        self.sim.set("line_req_count", lines(self.asked).into());
        self.sim.set("line_req_crc_line", 0xff_ffff);
        self.sim.set("line_ready", takes.into());
        self.sim
            .set("ar_ready", u128::MAX >> (128 - self.answers.len()));
        let (mut valid, mut last, mut data) = (0u128, 0u128, Vec::new());
        for (p, answers) in self.answers.iter().enumerate() {
            let may = self.silent.0 != p || self.silent.1 <= self.clock;
            let due = answers
                .front()
                .filter(|(_, _, at)| may && *at <= self.clock);
            valid |= u128::from(due.is_some()) << p;
            last |= u128::from(due.is_some_and(|(_, ends, _)| *ends)) << p;
            data.push(due.map_or(0, |(line, _, _)| u128::from(*line)));
        }
        self.sim.set("r_valid", valid);
        self.sim.set("r_last", last);
        self.sim.set_words("r_data", &data);
        let [ready, asks, line, length] =
            ["r_ready", "ar_valid", "ar_line", "ar_len"].map(|name| self.sim.get(name));
        for (p, answers) in self.answers.iter_mut().enumerate() {
            if (valid & ready) >> p & 1 == 1 {
                answers.pop_front();
            }
            if asks >> p & 1 == 1 {
                let at = self.clock + LATENCY.0 + self.random.below(LATENCY.1 + 1);
                let of = |i| (line as u64 + i, i == length as u64, at);
                answers.extend((0..=length as u64).map(of));
            }
        }
        if takes && self.sim.get("line_valid") == 1 {
            let line = self.sim.get_words("line_data");
            assert!(line.iter().all(|word| *word == line[0]), "one line");
            self.taken.push((self.clock, line[0] as u64));
        }
        self.asked += u64::from(self.sim.get("line_req_ready") == 1);
        self.sim.clock();
        self.clock += 1;
        ready == 0
    }
}

#[test]
fn a_line_a_clock_at_any_number_of_ports() {
    for ports in [1, 4, 8, 32] {
        let mut bench = Bench::new(ports);
        // A key of 128 lanes in turn with its column.
        let lines = |request| if request % 2 == 0 { 64 } else { 32 };
        let requests = 24;
        let total: u64 = (0..requests).map(lines).sum();
        while (bench.taken.len() as u64) < total {
            bench.step(lines, true);
            assert!(bench.clock < 20_000, "{ports} ports: the lines hang");
        }
        let expected = (0..requests).flat_map(|r| (0..lines(r)).map(move |i| 1024 * r + i));
        let expected: Vec<u64> = expected.collect();
        let taken: Vec<u64> = bench.taken.iter().map(|(_, line)| *line).collect();
        assert_eq!(taken, expected, "{ports} ports");
        let clocks = (bench.taken[total as usize - 1].0 - bench.taken[0].0) as usize + 1;
        let most = total as usize + BETWEEN * (requests as usize - 1) + LATENCY.1 as usize;
        assert!(clocks <= most, "{ports} ports: {clocks} clocks, not {most}");
    }
}

#[test]
fn a_port_may_be_silent_for_the_latency_of_hbm() {
    let (mut bench, port) = (Bench::new(32), 17);
    let lines = |_| 1000;
    while !bench.step(lines, false) {
        assert!(bench.clock < 1000, "the FIFOs do not fill");
    }
    let begun = bench.clock;
    let clocks = LATENCY.0 + LATENCY.1;
    bench.silent = (port, begun + clocks);
    for _ in 0..clocks {
        bench.step(lines, true);
    }
    let gap = bench.taken.iter().zip(begun..).find(|((at, _), c)| at != c);
    assert_eq!((gap, bench.taken.len() as u64), (None, clocks));
}
