//! Result streams in RTL against the golden model's sample extract and the documented formats.

use goldilane_abi::Shape;
use goldilane_golden_model::extract::extract;
use goldilane_golden_model::toy::ToyRandom;
use goldilane_hdl::bootstrap::Geometry;
use goldilane_hdl::bootstrap::output_store::{ENTRY_LATENCY, output_store};
use goldilane_hdl::netlist::Sim;
use std::collections::VecDeque;

/// What the key switch's store answers: words and rotations by slot, the body last.
struct Entries {
    words: Vec<Vec<u32>>,
    rotations: Vec<Vec<u16>>,
    asked: VecDeque<(usize, usize, usize)>,
}

impl Entries {
    fn clock(&mut self, sim: &mut Sim) {
        let asked = ["entry_slot", "entry_step", "result_slot"].map(|name| sim.get(name) as usize);
        sim.clock();
        self.asked.push_back((asked[0], asked[1], asked[2]));
        while self.asked.len() > ENTRY_LATENCY {
            self.asked.pop_front();
        }
        let (slot, step, body) = self.asked[0];
        let at = |all: &[u32], i: usize| all.get(i).copied().unwrap_or(0xdead_beef);
        let word = self.words.get(slot).map_or(0, |w| at(w, step));
        sim.set("entry_word", word.into());
        let rotation = self.rotations.get(slot).and_then(|r| r.get(step));
        sim.set("entry_rotation", rotation.copied().unwrap_or(77).into());
        let last = |w: &Vec<u32>| *w.last().unwrap();
        sim.set("body_word", self.words.get(body).map_or(0, last).into());
        let last = |r: &Vec<u16>| *r.last().unwrap();
        sim.set(
            "body_rotation",
            self.rotations.get(body).map_or(0, last).into(),
        );
    }
}

struct Bench {
    sim: Sim,
    geometry: Geometry,
    random: ToyRandom,
    entries: Entries,
    accumulators: Vec<Vec<u64>>,
}

impl Bench {
    fn new(shape: &Shape) -> Self {
        let geometry = Geometry::new(*shape);
        let module = output_store(&geometry).unwrap();
        assert_eq!(module.depth_violations(), []);
        let mut sim = Sim::new(&module);
        sim.set("rst", 1);
        sim.clock();
        sim.set("rst", 0);
        let entries = Entries {
            words: Vec::new(),
            rotations: Vec::new(),
            asked: VecDeque::from(vec![(0, 0, 0); ENTRY_LATENCY]),
        };
        let random = ToyRandom::new(2);
        Self {
            sim,
            geometry,
            random,
            entries,
            accumulators: Vec::new(),
        }
    }

    fn clock(&mut self) {
        self.entries.clock(&mut self.sim);
    }

    /// Dumps new accumulators of all slots, rows in a scrambled order, with or without gaps between them, and ends a
    /// batch of dimension `n`.
    fn batch(&mut self, n: usize, gaps: bool) {
        let shape = self.geometry.shape;
        let (size, rows) = (shape.polynomial_size as usize, shape.rows() as usize);
        let polynomials = self.geometry.polynomials() as usize;
        self.accumulators.clear();
        self.entries.words.clear();
        self.entries.rotations.clear();
        for slot in 0..shape.slots as usize {
            let words: Vec<u64> = (0..polynomials * size)
                .map(|i| {
                    if i % 5 == 0 {
                        [0, 1, u64::MAX, 1 << 63][i % 4]
                    } else {
                        self.random.word()
                    }
                })
                .collect();
            for position in 0..polynomials * rows {
                let position = (position * 7 + 3) % (polynomials * rows);
                let (polynomial, row) = (position / rows, position % rows);
                let lanes: Vec<u128> = (0..shape.lanes as usize)
                    .map(|lane| words[polynomial * size + row + rows * lane].into())
                    .collect();
                while gaps && self.random.below(3) == 0 {
                    self.sim.set("dump_valid", 0);
                    self.clock();
                }
                self.sim.set("dump_valid", 1);
                self.sim.set("dump_slot", slot as u128);
                self.sim.set("dump_poly", polynomial as u128);
                self.sim.set("dump_row", row as u128);
                self.sim.set_words("dump_row_words", &lanes);
                self.clock();
            }
            self.accumulators.push(words);
            self.entries
                .words
                .push((0..=n).map(|_| self.random.word() as u32).collect());
            let order = 2 * size as u64;
            let rotations = (0..=n).map(|_| self.random.below(order) as u16).collect();
            self.entries.rotations.push(rotations);
        }
        self.sim.set("dump_valid", 0);
        self.sim.set("lwe_dimension", n as u128);
        self.sim.set("batch_done", 1);
        self.clock();
        self.sim.set("batch_done", 0);
        self.sim.set("lwe_dimension", 1000);
    }

    fn expected(&self, slot: usize, kind: u128, offset: usize) -> Vec<u64> {
        match kind {
            0 => {
                let size = self.geometry.shape.polynomial_size as usize;
                let body = *self.entries.rotations[slot].last().unwrap();
                extract(&self.accumulators[slot], size, body, offset).unwrap()
            }
            1 => self.entries.words[slot]
                .chunks(2)
                .map(|pair| u64::from(pair[0]) | u64::from(*pair.get(1).unwrap_or(&0)) << 32)
                .collect(),
            2 => self.entries.rotations[slot]
                .chunks(4)
                .map(|four| {
                    four.iter()
                        .rev()
                        .fold(0, |word, r| word << 16 | u64::from(*r))
                })
                .collect(),
            _ => self.accumulators[slot].clone(),
        }
    }

    /// Reads a result; `stalls` of 4 clocks are not ready. Returns the clocks from the command on.
    fn read(&mut self, slot: usize, kind: u128, offset: usize, stalls: u64) -> usize {
        let expected = self.expected(slot, kind, offset);
        self.sim.set("read_valid", 1);
        self.sim.set("read_slot", slot as u128);
        self.sim.set("read_kind", kind);
        self.sim.set("read_offset", offset as u128);
        let mut waited = 0;
        while self.sim.get("read_ready") == 0 {
            self.clock();
            waited += 1;
            assert!(waited < 100, "no command is taken");
        }
        self.clock();
        self.sim.set("read_valid", 0);
        self.sim.set("read_slot", 0);
        self.sim.set("read_kind", 3 - kind);
        self.sim.set("read_offset", 1);
        let place = format!("slot {slot} kind {kind} offset {offset}");
        let (mut got, mut clocks) = (0, 0);
        while got < expected.len() {
            let ready = self.random.below(4) >= stalls;
            self.sim.set("result_ready", ready.into());
            if self.sim.get("result_valid") == 1 {
                assert_eq!(
                    self.sim.get("result_data"),
                    expected[got].into(),
                    "{place} word {got}"
                );
                let last = got + 1 == expected.len();
                assert_eq!(
                    self.sim.get("result_last"),
                    last.into(),
                    "{place} word {got}"
                );
                got += usize::from(ready);
            }
            self.clock();
            clocks += 1;
            assert!(clocks < 100 * expected.len() + 1000, "{place}: {got} words");
        }
        self.sim.set("result_ready", 1);
        for _ in 0..3 {
            assert_eq!(self.sim.get("result_valid"), 0, "{place}: a word too many");
            self.clock();
        }
        clocks
    }
}

fn sweep(shape: &Shape, dimensions: &[usize], offsets: &[usize]) {
    let mut bench = Bench::new(shape);
    for &n in dimensions {
        for (gaps, stalls) in [(false, 0), (true, 0), (false, 2), (true, 3)] {
            bench.batch(n, gaps);
            for slot in 0..shape.slots as usize {
                for kind in [1, 2, 3] {
                    bench.read(slot, kind, 0, stalls);
                }
                for &offset in offsets {
                    let clocks = bench.read(slot, 0, offset, stalls);
                    if stalls == 0 {
                        assert!(clocks <= shape.ciphertext_words() + 30, "{clocks} clocks");
                    }
                }
            }
        }
    }
}

#[test]
fn toy_shape() {
    let offsets = [0, 1, 63, 64, 255, 256, 257, 511];
    sweep(&Shape::TOY, &[1, 2, 3, 4, 5, 1024], &offsets);
}

#[test]
fn sim_and_wide_shapes() {
    sweep(&Shape::SIM, &[918], &[0, 2048, 2047]);
    let wide = Shape {
        slots: 1,
        ..Shape::U280
    };
    sweep(&wide, &[6], &[0, 4095]);
    let two_masks = Shape {
        lanes: 32,
        glwe_dimension: 2,
        slots: 2,
        ..Shape::TOY
    };
    sweep(&two_masks, &[7], &[0, 300]);
}

#[test]
fn every_rotation_of_a_body() {
    let mut bench = Bench::new(&Shape {
        polynomial_size: 128,
        slots: 1,
        ..Shape::TOY
    });
    bench.batch(1, false);
    for body in 0..256 {
        bench.entries.rotations[0][1] = body;
        bench.read(0, 0, usize::from(body) * 5 % 256, 0);
    }
}

#[test]
fn clear_drops_the_stream_and_the_words() {
    let mut bench = Bench::new(&Shape::TOY);
    bench.batch(3, true);
    bench.sim.set("read_valid", 1);
    bench.sim.set("result_ready", 0);
    for _ in 0..60 {
        bench.clock();
    }
    bench.sim.set("read_valid", 0);
    assert_eq!(bench.sim.get("result_valid"), 1);
    bench.sim.set("clear", 1);
    bench.clock();
    bench.clock();
    assert_eq!(bench.sim.get("clear_busy"), 1);
    for _ in 0..10_000 {
        if bench.sim.get("clear_busy") == 0 {
            break;
        }
        bench.clock();
    }
    assert_eq!(bench.sim.get("clear_busy"), 0);
    bench.sim.set("clear", 0);
    for accumulator in &mut bench.accumulators {
        accumulator.fill(0);
    }
    for slot in 0..3 {
        bench.read(slot, 3, 0, 0);
        bench.read(slot, 0, 5, 2);
    }
}
