//! The reader of host memory: all destinations, answers in any order, a read error at any beat, an abort at any beat.

use crate::table::{Fault, Held, Pace, Random, after_reset, content, crc_of, every_cell, paces};
use goldilane_hdl::netlist::Sim;
use goldilane_hdl::shell::Widths;
use goldilane_hdl::shell::board_write::FROM_HOST_BIT;
use goldilane_hdl::shell::host_read::{BURST_BYTES, Destination, IDS, host_read};

/// The widths of a toy board, of one with a wide bus, and of one whose beat is half of the bus.
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

struct Burst {
    id: usize,
    address: u64,
    beats: u64,
    size: u64,
    seen: u64,
    ready_at: u64,
}

/// One transfer.
#[derive(Clone, Copy)]
struct Job {
    destination: Destination,
    address: u64,
    /// A multiple of 8.
    bytes: u64,
    narrow: bool,
    /// The transfer is aborted when so many beats have come in.
    abort_at: Option<u64>,
}

struct Bench {
    sim: Sim,
    w: Widths,
    random: Random,
    reads: Vec<Burst>,
    issue: Held,
    stream: Held,
    clock: u64,
    /// Beats that came in.
    landed: u64,
    /// What came out: the stream, or the core's input memory.
    out: Vec<u64>,
    places: usize,
}

impl Bench {
    fn new(w: Widths) -> Self {
        let module = host_read(&w).expect("builds");
        Self {
            sim: after_reset(&module),
            w,
            random: Random::new(11),
            reads: Vec::new(),
            issue: Held::default(),
            stream: Held::default(),
            clock: 0,
            landed: 0,
            out: Vec::new(),
            places: 0,
        }
    }

    fn beat_bytes(&self) -> u64 {
        8 * self.w.words as u64
    }

    /// The bus's side of this clock: an answer, and whether addresses are taken.
    fn drive(&mut self, pace: Pace, fault: Fault, job: &Job) {
        let due: Vec<usize> = (0..self.reads.len())
            .filter(|&i| self.reads[i].ready_at <= self.clock)
            .filter(|&i| pace.gaps || i == 0)
            .collect();
        let offers = !due.is_empty() && self.random.offers(pace);
        self.sim.set("r_valid", offers.into());
        if !offers {
            // What stands on the bus without valid must not matter.
            self.sim.set("r_last", self.random.below(2).into());
            self.sim.set("r_resp", self.random.below(4).into());
            self.sim.set("r_id", self.random.below(16).into());
            return;
        }
        // Beats of different ids may come mixed.
        let i = due[self.random.below(due.len() as u64) as usize];
        let burst = &mut self.reads[i];
        let at = burst.address + burst.seen * burst.size;
        burst.seen += 1;
        let last = burst.seen == burst.beats;
        let count = job.bytes.div_ceil(burst.size) as usize;
        let beat = ((at - job.address) / burst.size) as usize;
        let resp = match fault.hits(beat, count) {
            true => 2 + self.random.below(2),
            false => 0,
        };
        // Lanes of the bus outside the beat carry anything.
        let bus_bytes = 8 * self.w.bus_words as u64;
        let words: Vec<u128> = (0..self.w.bus_words as u64)
            .map(|w| (at & !(bus_bytes - 1)) + 8 * w)
            .map(|place| match (at..at + burst.size).contains(&place) {
                true => content(place / 8).into(),
                false => 0xdead,
            })
            .collect();
        self.sim.set("r_id", burst.id as u128);
        self.sim.set("r_last", last.into());
        self.sim.set("r_resp", resp.into());
        self.sim.set_words("r_data", &words);
        if last {
            self.reads.remove(i);
        }
        self.landed += 1;
    }

    fn take_address(&mut self, ready: bool, pace: Pace, job: &Job) {
        let fields = ["ar_id", "ar_address", "ar_len", "ar_size"].map(|p| self.sim.get(p));
        let valid = self.sim.get("ar_valid") == 1;
        if !self.issue.look("ar", valid, ready, &fields) {
            return;
        }
        let [id, address, len, size] = fields;
        let burst = Burst {
            id: id as usize,
            address: address as u64,
            beats: len as u64 + 1,
            size: 1 << size,
            seen: 0,
            ready_at: self.clock + 1 + self.random.latency(pace),
        };
        let size = if job.narrow { 32 } else { self.beat_bytes() };
        assert_eq!(burst.size, size);
        assert_eq!(burst.address % size, 0, "alignment");
        let end = burst.address + burst.beats * size;
        let part = |address: u64| address / BURST_BYTES as u64;
        assert_eq!(part(burst.address), part(end - 1), "across a boundary");
        assert!(end <= (job.address + job.bytes).next_multiple_of(size));
        assert!(
            self.reads.iter().all(|r| r.id != burst.id),
            "an id is used twice"
        );
        self.reads.push(burst);
        assert!(self.reads.len() <= IDS);
    }

    /// The destination's side of this clock.
    fn take_data(&mut self, ready: bool, job: &Job, aborted: bool) {
        for (port, destination) in [
            ("mem", Destination::Memory),
            ("loop", Destination::Loopback),
        ] {
            let valid = self.sim.get(&format!("{port}_valid")) == 1;
            assert!(
                !valid || job.destination == destination,
                "a beat for {port}"
            );
            if job.destination == destination {
                let data = self.sim.get_words(&format!("{port}_data"));
                if aborted {
                    self.stream.forget();
                    assert!(!valid, "{port}: a beat after the abort");
                } else if self.stream.look(port, valid, ready, &data) {
                    self.out.extend(data.iter().map(|w| *w as u64));
                }
            }
        }
        if self.sim.get("lwe_valid") == 1 {
            assert_eq!(job.destination, Destination::Lwe);
            assert_eq!(self.sim.get("lwe_bank"), 1);
            assert_eq!(self.sim.get("lwe_to_slot"), 2);
            let at = self.sim.get("lwe_word") as usize;
            let data = self.sim.get_words("lwe_data");
            self.out.resize(self.out.len().max(at + data.len()), 0);
            for (to, from) in self.out[at..].iter_mut().zip(&data) {
                *to = *from as u64;
            }
            self.places += 1;
        }
    }

    fn step(&mut self, pace: Pace, fault: Fault, job: &Job, aborted: bool) {
        self.drive(pace, fault, job);
        let ready = [(); 3].map(|()| self.random.takes(pace));
        for (port, ready) in ["ar_ready", "mem_ready", "loop_ready"].iter().zip(ready) {
            self.sim.set(port, ready.into());
        }
        self.take_address(ready[0], pace, job);
        let of = match job.destination {
            Destination::Loopback => ready[2],
            _ => ready[1],
        };
        self.take_data(of, job, aborted);
        self.sim.clock();
        self.clock += 1;
    }

    fn start(&mut self, job: &Job) {
        self.out.clear();
        (self.landed, self.places) = (0, 0);
        self.sim.set("address", job.address.into());
        let command = u128::from(job.bytes)
            | (job.destination as u128) << 32
            | u128::from(job.narrow) << 34
            | 1 << 40
            | 2 << 48;
        self.sim.set("command", command);
        self.sim.set("start", 1);
        self.sim.clock();
        self.sim.set("start", 0);
        assert_eq!(self.sim.get("status") & 1, 1, "busy");
        if job.destination == Destination::Memory {
            self.sim.set("command", 1 << FROM_HOST_BIT);
            self.sim.set("fill_start", 1);
            self.sim.clock();
            self.sim.set("fill_start", 0);
        }
    }

    fn run(&mut self, job: &Job, pace: Pace, fault: Fault) {
        self.start(job);
        let begun = self.clock;
        let mut aborted = false;
        while self.sim.get("status") & 1 == 1 {
            aborted = aborted || job.abort_at.is_some_and(|at| self.landed >= at);
            self.sim.set("abort", aborted.into());
            self.step(pace, fault, job, aborted);
            assert!(self.clock < begun + 20_000, "the transfer hangs");
        }
        assert!(self.reads.is_empty(), "done before all answers are in");
        let idle = Job {
            abort_at: None,
            ..*job
        };
        for _ in 0..4 {
            self.step(pace, Fault::None, &idle, aborted);
        }
        self.sim.set("abort", 0);
        for _ in 0..4 {
            self.step(pace, Fault::None, &idle, aborted);
        }
        let status = self.sim.get("status");
        assert_eq!(status & 1, 0);
        if job.abort_at.is_some() {
            return;
        }
        let error = match job.destination {
            Destination::Control => 3,
            _ => 1,
        };
        let bad = u128::from(fault != Fault::None);
        assert_eq!(status >> error & 1, bad, "errors reported");
        self.check(job, (status >> 32) as u32);
    }

    fn check(&mut self, job: &Job, crc: u32) {
        let beats = job.bytes.div_ceil(self.beat_bytes()) as usize;
        assert_eq!(self.landed, beats as u64);
        let first = match job.narrow {
            true => job.address & !(self.beat_bytes() - 1),
            false => job.address,
        };
        let expected: Vec<u64> = (0..(beats * self.w.words) as u64)
            .map(|i| content(first / 8 + i))
            .collect();
        match job.destination {
            Destination::Control => {
                let words = self.sim.get_words("control_words");
                let begin = (job.address - first) as usize / 8;
                for i in begin..begin + job.bytes as usize / 8 {
                    assert_eq!(words[i], expected[i].into(), "word {i}");
                }
            }
            Destination::Lwe => {
                assert_eq!(self.out[..expected.len()], expected);
                assert_eq!(self.places, beats, "as many writes as beats");
            }
            _ => assert_eq!(self.out, expected),
        }
        if job.destination != Destination::Control {
            assert_eq!(crc, crc_of(&expected[..job.bytes as usize / 8]), "CRC");
        }
    }
}

fn job(destination: Destination, address: u64, bytes: u64) -> Job {
    Job {
        destination,
        address,
        bytes,
        narrow: false,
        abort_at: None,
    }
}

#[test]
fn every_destination() {
    for w in WIDTHS {
        let mut bench = Bench::new(w);
        let beat = bench.beat_bytes();
        let burst = BURST_BYTES as u64;
        let mut jobs = vec![
            // Within a burst, across several with an odd end, and more bursts than there are ids.
            job(Destination::Memory, BASE + burst - 2 * beat, 3 * beat),
            job(Destination::Memory, BASE + 3 * beat, 3 * burst + 8),
            job(Destination::Loopback, BASE + 4096 - beat, 20 * burst),
            job(Destination::Loopback, BASE + beat, 2 * burst),
            job(Destination::Lwe, BASE + 5 * beat, 5 * burst - 8),
            job(Destination::Lwe, BASE, beat),
            job(Destination::Control, BASE + 1024, 64),
        ];
        if w.words == 8 {
            let of = |address| Job {
                narrow: true,
                ..job(Destination::Control, address, 32)
            };
            jobs.extend([of(BASE + 32), of(BASE + 64)]);
        }
        every_cell(&format!("host_read {w:?}"), |pace, fault| {
            for job in &jobs {
                bench.run(job, pace, fault);
            }
        });
    }
}

#[test]
fn an_abort_at_any_beat_drops_the_rest_and_no_more() {
    for w in WIDTHS {
        let mut bench = Bench::new(w);
        let beat = bench.beat_bytes();
        for pace in paces() {
            for destination in [
                Destination::Memory,
                Destination::Loopback,
                Destination::Lwe,
                Destination::Control,
            ] {
                let bytes = match destination {
                    Destination::Control => 64,
                    _ => 6 * BURST_BYTES as u64,
                };
                let whole = job(destination, BASE + 3 * beat, bytes);
                let beats = bytes / beat;
                for at in [0, 1, beats / 2, beats - 1, beats] {
                    println!("host_read {w:?}: {pace:?}, abort of {destination:?} at {at}");
                    let cut = Job {
                        abort_at: Some(at),
                        ..whole
                    };
                    bench.run(&cut, pace, Fault::None);
                    bench.run(&whole, pace, Fault::None);
                }
            }
        }
    }
}
