//! The writer of host memory: all sources, responses in any order, a write error at any burst, an abort at any beat.

use crate::table::{Fault, Held, Pace, Random, after_reset, content, crc_of, every_cell, paces};
use goldilane_hdl::netlist::Sim;
use goldilane_hdl::shell::Widths;
use goldilane_hdl::shell::host_write::{BURST_BYTES, Source, host_write};
use std::collections::{BTreeMap, VecDeque};

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
/// Writes that may wait for their responses.
const OPEN: usize = 16;

struct Burst {
    id: usize,
    address: u64,
    beats: u64,
    size: u64,
    seen: u64,
    ready_at: u64,
    number: usize,
}

/// One transfer.
#[derive(Clone, Copy)]
struct Job {
    source: Source,
    address: u64,
    bytes: u64,
    /// The CRC of the results begins anew.
    first: bool,
    /// The transfer is aborted when so many beats have gone out.
    abort_at: Option<usize>,
}

impl Job {
    fn bursts(&self, beat: u64) -> usize {
        if self.source == Source::Checked {
            return 0;
        }
        let burst = BURST_BYTES as u64;
        let end = (self.address + self.bytes).next_multiple_of(beat);
        (end.div_ceil(burst) - self.address / burst) as usize
    }
}

struct Bench {
    sim: Sim,
    w: Widths,
    random: Random,
    writes: VecDeque<Burst>,
    responses: Vec<Burst>,
    address: Held,
    data: Held,
    memory: BTreeMap<u64, u8>,
    clock: u64,
    error_was: bool,
    errors: usize,
    issued: usize,
    sent: usize,
    /// What the source has given, and whether it offers more.
    given: usize,
    offered: bool,
    place: u64,
    /// The results since the CRC began.
    results: Vec<u64>,
}

impl Bench {
    fn new(w: Widths) -> Self {
        let module = host_write(&w, true).expect("builds");
        Self {
            sim: after_reset(&module),
            w,
            random: Random::new(13),
            writes: VecDeque::new(),
            responses: Vec::new(),
            address: Held::default(),
            data: Held::default(),
            memory: BTreeMap::new(),
            clock: 0,
            error_was: false,
            errors: 0,
            issued: 0,
            sent: 0,
            given: 0,
            offered: false,
            place: 0,
            results: Vec::new(),
        }
    }

    fn beat_bytes(&self) -> u64 {
        8 * self.w.words as u64
    }

    /// Word `i` of this transfer.
    fn word(&self, i: usize) -> u64 {
        content(self.place + i as u64)
    }

    fn respond(&mut self, pace: Pace, fault: Fault, job: &Job) {
        let due = (0..self.responses.len())
            .filter(|&i| self.responses[i].ready_at <= self.clock)
            .find(|&i| pace.gaps || i == 0)
            .filter(|_| self.random.offers(pace));
        self.sim.set("b_valid", due.is_some().into());
        // What stands on the bus without valid must not matter.
        let mut resp = self.random.below(4);
        if let Some(i) = due {
            let burst = self.responses.remove(i);
            let hit = fault.hits(burst.number, job.bursts(self.beat_bytes()));
            resp = if hit { 2 + self.random.below(2) } else { 0 };
        }
        self.sim.set("b_resp", resp.into());
    }

    /// The source's side of this clock; true if its item is taken.
    fn give(&mut self, pace: Pace, job: &Job) -> bool {
        let words = self.w.words;
        let total = match job.source {
            Source::Control => 0,
            Source::Loopback => job.bytes.div_ceil(self.beat_bytes()) as usize,
            _ => job.bytes.div_ceil(8) as usize,
        };
        self.offered = self.offered || (self.given < total && self.random.offers(pace));
        let of_loop = job.source == Source::Loopback;
        self.sim.set("loop_valid", (self.offered && of_loop).into());
        self.sim
            .set("result_valid", (self.offered && !of_loop).into());
        let at = if of_loop {
            self.given * words
        } else {
            self.given
        };
        let offered = self.offered;
        let item = |i| if offered { self.word(at + i) } else { 0xbad };
        let beat: Vec<u128> = (0..words).map(|i| item(i).into()).collect();
        let one = item(0);
        self.sim.set_words("loop_data", &beat);
        self.sim.set("result_data", one.into());
        self.sim
            .set("result_last", (self.given + 1 == total).into());
        let port = if of_loop {
            "loop_ready"
        } else {
            "result_ready"
        };
        self.offered && self.sim.get(port) == 1
    }

    fn take_address(&mut self, ready: bool, job: &Job) {
        let fields = ["aw_id", "aw_address", "aw_len", "aw_size"].map(|p| self.sim.get(p));
        let valid = self.sim.get("aw_valid") == 1;
        if !self.address.look("aw", valid, ready, &fields) {
            return;
        }
        let [id, address, len, size] = fields;
        let burst = Burst {
            id: id as usize,
            address: address as u64,
            beats: len as u64 + 1,
            size: 1 << size,
            seen: 0,
            ready_at: 0,
            number: self.issued,
        };
        let narrow = job.source == Source::Control;
        assert_eq!(burst.size, if narrow { 16 } else { self.beat_bytes() });
        assert_eq!(burst.address % burst.size, 0, "alignment");
        let end = burst.address + burst.beats * burst.size;
        let part = |address: u64| address / BURST_BYTES as u64;
        assert_eq!(part(burst.address), part(end - 1), "across a boundary");
        let open = self.writes.iter().chain(&self.responses);
        assert!(open.clone().all(|r| r.id != burst.id), "an id twice");
        assert!(open.count() < OPEN);
        self.issued += 1;
        self.writes.push_back(burst);
    }

    fn take_data(&mut self, ready: bool, pace: Pace) {
        let valid = self.sim.get("w_valid") == 1;
        let data = self.sim.get_words("w_data");
        let strobe = self.sim.get_words("w_strobe");
        let last = self.sim.get("w_last");
        let payload = [&data[..], &strobe[..], &[last]].concat();
        if !self.data.look("w", valid, ready, &payload) {
            return;
        }
        self.sent += 1;
        let burst = self.writes.front_mut().expect("data without an address");
        let at = burst.address + burst.seen * burst.size;
        let bus = at & !(8 * self.w.bus_words as u64 - 1);
        for i in (0..8 * self.w.bus_words).filter(|i| strobe[i / 8] >> (i % 8) & 1 == 1) {
            let place = bus + i as u64;
            assert!(
                (at..at + burst.size).contains(&place),
                "a strobe outside the beat"
            );
            let byte = (data[i / 8] >> (8 * (i % 8))) as u8;
            assert_eq!(
                self.memory.insert(place, byte),
                None,
                "a byte written twice"
            );
        }
        burst.seen += 1;
        assert_eq!(last == 1, burst.seen == burst.beats, "the last beat's mark");
        if last == 1 {
            let mut burst = self.writes.pop_front().expect("just seen");
            burst.ready_at = self.clock + 1 + self.random.latency(pace);
            self.responses.push(burst);
        }
    }

    fn step(&mut self, pace: Pace, fault: Fault, job: &Job) {
        self.respond(pace, fault, job);
        let ready = [self.random.takes(pace), self.random.takes(pace)];
        self.sim.set("aw_ready", ready[0].into());
        self.sim.set("w_ready", ready[1].into());
        let taken = self.give(pace, job);
        self.take_address(ready[0], job);
        self.take_data(ready[1], pace);
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

    fn run(&mut self, job: &Job, pace: Pace, fault: Fault) {
        self.place += 10_000;
        self.memory.clear();
        (self.errors, self.issued, self.sent, self.given) = (0, 0, 0, 0);
        self.offered = false;
        self.sim.set("address", job.address.into());
        let command =
            u128::from(job.bytes) | (job.source as u128) << 32 | u128::from(job.first) << 34;
        self.sim.set("command", command);
        self.sim.set("word_0", self.word(0).into());
        self.sim.set("word_1", self.word(1).into());
        self.sim.set("start", 1);
        self.sim.clock();
        self.sim.set("start", 0);
        assert_eq!(self.sim.get("status") & 3, 1, "busy, no error");
        self.error_was = false;
        let begun = self.clock;
        let mut aborted = false;
        while self.sim.get("status") & 1 == 1 {
            aborted = aborted || job.abort_at.is_some_and(|at| self.sent >= at);
            self.sim.set("abort", aborted.into());
            self.step(pace, fault, job);
            assert!(self.clock < begun + 30_000, "the transfer hangs");
        }
        assert!(
            self.writes.is_empty() && self.responses.is_empty(),
            "done before the last response"
        );
        // Nothing comes after, and nothing more is taken from the source.
        let (sent, given) = (self.sent, self.given);
        let quiet = Job { bytes: 0, ..*job };
        self.offered &= !aborted;
        for left in (0..20).rev() {
            self.step(pace, Fault::None, &quiet);
            self.sim.set("abort", (aborted && left > 10).into());
        }
        assert_eq!((self.sent, self.given), (sent, given));
        let status = self.sim.get("status");
        assert_eq!(status & 1, 0);
        self.check_memory(job);
        if job.abort_at.is_some() {
            return;
        }
        let bursts = job.bursts(self.beat_bytes());
        assert_eq!(self.issued, bursts);
        let wrong = usize::from(fault != Fault::None && bursts > 0);
        assert_eq!(self.errors, wrong, "errors reported");
        assert_eq!(status >> 1 & 1, wrong as u128);
        if matches!(job.source, Source::Results | Source::Checked) {
            if job.first {
                self.results.clear();
            }
            self.results
                .extend((0..given).map(|i| content(self.place + i as u64)));
            assert_eq!((status >> 32) as u32, crc_of(&self.results), "CRC");
        }
    }

    /// Every byte of the transfer and no other; after an abort, none but those.
    fn check_memory(&self, job: &Job) {
        let bytes = if job.source == Source::Checked {
            0
        } else {
            job.bytes
        };
        for (place, byte) in &self.memory {
            let at = place.wrapping_sub(job.address);
            assert!(at < bytes, "a byte at {at} of {bytes}");
            let word = self.word(at as usize / 8);
            assert_eq!(*byte, (word >> (8 * (at % 8))) as u8, "byte {at}");
        }
        if job.abort_at.is_none() {
            assert_eq!(self.memory.len() as u64, bytes, "bytes written");
        }
    }
}

fn job(source: Source, address: u64, bytes: u64) -> Job {
    Job {
        source,
        address,
        bytes,
        first: true,
        abort_at: None,
    }
}

#[test]
fn every_source() {
    for w in WIDTHS {
        let mut bench = Bench::new(w);
        let beat = bench.beat_bytes();
        let burst = BURST_BYTES as u64;
        let continued = Job {
            first: false,
            ..job(Source::Results, BASE + 7 * burst, burst + 24)
        };
        let jobs = [
            job(Source::Control, BASE + 16, 16),
            job(Source::Control, BASE + 4096 - 16, 16),
            job(Source::Loopback, BASE + 3 * beat, 3 * burst + 5),
            job(Source::Loopback, BASE + 4096 - beat, 20 * burst),
            job(Source::Loopback, BASE + beat, 1),
            job(Source::Results, BASE + beat, 2 * burst + 8),
            continued,
            job(Source::Results, BASE + 5 * beat, 2 * burst - 4),
            job(Source::Checked, BASE, 3 * burst),
            job(Source::Results, BASE, 8),
        ];
        every_cell(&format!("host_write {w:?}"), |pace, fault| {
            for job in &jobs {
                bench.run(job, pace, fault);
            }
        });
    }
}

#[test]
fn an_abort_at_any_beat_ends_the_burst_and_writes_no_more() {
    for w in WIDTHS {
        let mut bench = Bench::new(w);
        let beat = bench.beat_bytes();
        for pace in paces() {
            for source in [
                Source::Control,
                Source::Loopback,
                Source::Results,
                Source::Checked,
            ] {
                let bytes = match source {
                    Source::Control => 16,
                    _ => 3 * BURST_BYTES as u64,
                };
                let whole = job(source, BASE + beat, bytes);
                let beats = bytes.div_ceil(beat) as usize;
                for at in [0, 1, beats / 2, beats - 1] {
                    println!("host_write {w:?}: {pace:?}, abort of {source:?} at {at}");
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
