//! Key switch and modulus switch in RTL against the golden model.

use goldilane_abi::Shape;
use goldilane_golden_model::key_switch::key_switch as golden_key_switch;
use goldilane_golden_model::mod_switch::mod_switch as golden_mod_switch;
use goldilane_golden_model::toy::ToyRandom;
use goldilane_golden_model::{Decomposition, ModulusSwitchKind};
use goldilane_hdl::key_switch::{Geometry, KEY_ROW_LATENCY, key_switch, mod_switch};
use goldilane_hdl::netlist::Sim;
use std::collections::VecDeque;

/// Words at and around every boundary of the decomposition.
fn adversarial(random: &mut ToyRandom) -> u64 {
    let bit = random.below(64);
    let around = match random.below(6) {
        0 => 1 << bit,
        1 => (1_u64 << bit).wrapping_neg(),
        2 => (1 << 63) | (1 << bit),
        3 => u64::MAX << bit,
        4 => 0x8888_8888_8888_8888 >> (bit % 8),
        _ => random.word(),
    };
    around.wrapping_add(random.below(5)).wrapping_sub(2)
}

struct Bench {
    sim: Sim,
    geometry: Geometry,
    random: ToyRandom,
}

struct Batch {
    fill: usize,
    n: usize,
    base_log: usize,
    levels: usize,
    bank: u128,
}

impl Bench {
    fn new(shape: &Shape) -> Self {
        let geometry = Geometry::new(shape);
        let module = key_switch(&geometry).unwrap();
        assert_eq!(module.depth_violations(), []);
        let mut sim = Sim::new(&module);
        sim.set("rst", 1);
        sim.clock();
        sim.set("rst", 0);
        Self {
            sim,
            geometry,
            random: ToyRandom::new(11),
        }
    }

    fn load(&mut self, bank: u128, slot: usize, lwe: &[u64]) {
        let beat = self.geometry.beat_words;
        for (i, words) in lwe.chunks(beat).enumerate() {
            self.sim.set("lwe_valid", 1);
            self.sim.set("lwe_bank", bank);
            self.sim.set("lwe_slot", slot as u128);
            self.sim.set("lwe_index", (i * beat) as u128);
            let mut words: Vec<u128> = words.iter().map(|w| u128::from(*w)).collect();
            words.resize(beat, 0x1234);
            self.sim.set_words("lwe_data", &words);
            self.sim.clock();
            self.sim.set("lwe_valid", 0);
            if self.random.below(4) == 0 {
                self.sim.clock();
            }
        }
    }

    /// Runs a batch; returns the clocks from the first to the last read of a key row.
    fn run(&mut self, batch: &Batch, ciphertexts: &[Vec<u64>], key: &[u32], idle: bool) -> usize {
        let g = self.geometry;
        let (n, levels, q) = (batch.n, batch.levels, g.products);
        let row_words = |column: usize, row: usize| -> Vec<u128> {
            let (group, level) = (row / levels, row % levels);
            let word = |i: usize| {
                let coefficient = group * q + i;
                u128::from(key[(coefficient * levels + level) * (n + 1) + column])
            };
            (0..q / 2)
                .map(|i| word(2 * i) | word(2 * i + 1) << 32)
                .collect()
        };
        let sim = &mut self.sim;
        sim.set("fill", batch.fill as u128);
        sim.set("lwe_dimension", n as u128);
        sim.set("ks_base_log", batch.base_log as u128);
        sim.set("ks_levels", levels as u128);
        sim.set("batch_bank", batch.bank);
        sim.clock();
        sim.set("batch_start", 1);
        sim.clock();
        sim.set("batch_start", 0);
        for _ in 0..3 {
            sim.clock();
        }
        assert_eq!(sim.get("switch_done"), 0);
        assert_eq!(sim.get("rotation_valid"), 0);
        let (mut loaded, mut read, mut rows) = (0, 0, 0);
        let mut pending: VecDeque<Vec<u128>> =
            VecDeque::from(vec![vec![0; q / 2]; KEY_ROW_LATENCY]);
        let (mut first, mut last) = (None, 0);
        let mut clock = 0;
        let mut announced = false;
        while sim.get("switch_done") == 0 {
            let load = loaded <= n && loaded < read + 2 && (!idle || self.random.below(40) == 0);
            sim.set("column_loaded", load.into());
            loaded += usize::from(load);
            let words = if sim.get("key_read") == 1 {
                assert!(announced, "a row is read that was not announced");
                first.get_or_insert(clock);
                last = clock;
                assert!(read < loaded, "a column is read before it stands");
                assert_eq!(sim.get("key_row"), (rows % (g.groups * levels)) as u128);
                let words = row_words(read, rows % (g.groups * levels));
                rows += 1;
                let end = rows == g.groups * levels * batch.fill;
                assert_eq!(sim.get("key_last"), end.into());
                if end {
                    rows = 0;
                    read += 1;
                }
                words
            } else {
                vec![0x5555_aaaa_5555; q / 2]
            };
            pending.push_back(words);
            announced = sim.get("key_soon") == 1;
            sim.clock();
            pending.pop_front();
            sim.set_words("key_words", &pending[0]);
            clock += 1;
            assert!(clock < 1_000_000, "the key switch hangs");
        }
        sim.set("column_loaded", 0);
        assert_eq!(read, n + 1);
        sim.set("batch_done", 1);
        sim.clock();
        sim.set("batch_done", 0);
        self.check(batch, ciphertexts, key);
        last + 1 - first.unwrap()
    }

    fn check(&mut self, batch: &Batch, ciphertexts: &[Vec<u64>], key: &[u32]) {
        let decomposition = Decomposition::new(batch.base_log, batch.levels).unwrap();
        let sim = &mut self.sim;
        for (slot, lwe) in ciphertexts.iter().enumerate() {
            let words = golden_key_switch(lwe, key, decomposition, batch.n).unwrap();
            let bits = self.geometry.rotation_bits;
            let rotations = golden_mod_switch(&words, bits, ModulusSwitchKind::Centered).unwrap();
            for step in 0..=batch.n {
                sim.set("entry_slot", slot as u128);
                sim.set("entry_step", step as u128);
                sim.set("rotation_slot", slot as u128);
                sim.set("rotation_step", step as u128);
                sim.set("result_slot", slot as u128);
                sim.clock();
                sim.clock();
                let place = format!("slot {slot} word {step} of {}", batch.n);
                let is_body = step == batch.n;
                let names = match is_body {
                    true => ["body_word", "body_rotation"],
                    false => ["entry_word", "entry_rotation"],
                };
                assert_eq!(sim.get(names[0]), u128::from(words[step]), "{place}");
                assert_eq!(sim.get(names[1]), u128::from(rotations[step]), "{place}");
                assert_eq!(sim.get("rotation_valid"), u128::from(!is_body), "{place}");
                if !is_body {
                    assert_eq!(sim.get("rotation"), u128::from(rotations[step]));
                }
            }
        }
    }

    fn batch(&mut self, batch: &Batch, idle: bool) -> usize {
        let (g, n) = (self.geometry, batch.n);
        let ciphertexts: Vec<Vec<u64>> = (0..batch.fill)
            .map(|_| {
                (0..=g.mask_words)
                    .map(|_| adversarial(&mut self.random))
                    .collect()
            })
            .collect();
        let key: Vec<u32> = (0..g.mask_words * batch.levels * (n + 1))
            .map(|_| self.random.word() as u32)
            .collect();
        for (slot, lwe) in ciphertexts.iter().enumerate() {
            self.load(batch.bank, slot, lwe);
        }
        self.run(batch, &ciphertexts, &key, idle)
    }
}

fn sweep(shape: &Shape, cases: &[(usize, usize, usize, usize)]) {
    let mut bench = Bench::new(shape);
    for (i, &(base_log, levels, n, fill)) in cases.iter().enumerate() {
        for idle in [false, true] {
            let batch = Batch {
                fill,
                n,
                base_log,
                levels,
                bank: (i as u128 + u128::from(idle)) % 2,
            };
            let clocks = bench.batch(&batch, idle);
            if !idle {
                let work = (n + 1) * fill * bench.geometry.groups * levels;
                // Shorter columns wait for the double buffer of the bench.
                let short = work < 16 * (n + 1);
                assert!(short || clocks == work, "a gap while columns stand");
            }
        }
    }
}

#[test]
fn toy_shape_with_every_base_and_level() {
    let cases: Vec<_> = (1..=4)
        .flat_map(|base_log| (1..=8).map(move |levels| (base_log, levels)))
        .enumerate()
        .map(|(i, (base_log, levels))| (base_log, levels, 1 + i % 5, 1 + i % 3))
        .collect();
    sweep(&Shape::TOY, &cases);
}

#[test]
fn sim_shape_with_the_bases_of_the_parameter_sets() {
    sweep(&Shape::SIM, &[(4, 4, 3, 4), (3, 5, 2, 1), (4, 8, 1, 2)]);
}

#[test]
fn wide_and_odd_shapes() {
    sweep(&Shape::U280, &[(4, 4, 2, 2), (4, 1, 3, 1)]);
    let two_masks = Shape {
        glwe_dimension: 2,
        slots: 1,
        ..Shape::TOY
    };
    sweep(&two_masks, &[(4, 4, 2, 1)]);
    let three_masks_one_row = Shape {
        lanes: 64,
        key_switch_products: 256,
        glwe_dimension: 3,
        slots: 5,
        host_bus_bits: 1024,
        ..Shape::TOY
    };
    sweep(&three_masks_one_row, &[(3, 1, 4, 1), (2, 7, 2, 5)]);
    let single_row = Shape {
        glwe_dimension: 1,
        ..three_masks_one_row
    };
    sweep(&single_row, &[(4, 1, 9, 1), (4, 2, 3, 3)]);
}

#[test]
fn modulus_switch_of_long_masks() {
    let geometry = Geometry::new(&Shape::SIM);
    let module = mod_switch::mod_switch(&geometry).unwrap();
    let mut sim = Sim::new(&module);
    let mut random = ToyRandom::new(5);
    let bits = geometry.rotation_bits;
    for (n, kind) in [(1024, 0), (1024, 1), (918, 2), (1, 2), (2, 2), (919, 3)] {
        let words: Vec<u32> = (0..=n)
            .map(|_| match kind {
                0 => 1 << (31 - bits),
                1 => (1 << (31 - bits)) - 1,
                2 => random.word() as u32,
                _ => (random.word() as u32) | 1,
            })
            .collect();
        let expected = golden_mod_switch(&words, bits, ModulusSwitchKind::Centered).unwrap();
        let mut got = Vec::new();
        for i in 0..=n + mod_switch::LATENCY {
            if let Some(word) = words.get(i) {
                sim.set("in_word", u128::from(*word));
            }
            sim.set("in_valid", (i <= n).into());
            sim.set("in_first", (i == 0).into());
            sim.set("in_body", (i == n).into());
            sim.set("in_step", (i % 2048) as u128);
            if sim.get("out_valid") == 1 {
                assert_eq!(sim.get("out_step"), got.len() as u128);
                got.push(sim.get("out_rotation") as u16);
            }
            sim.clock();
        }
        assert_eq!(got, expected, "{n} words of kind {kind}");
    }
}

#[test]
fn clear_drops_work_and_words() {
    let mut bench = Bench::new(&Shape::TOY);
    let batch = Batch {
        fill: 2,
        n: 3,
        base_log: 4,
        levels: 4,
        bank: 1,
    };
    bench.batch(&batch, false);
    let sim = &mut bench.sim;
    sim.set("batch_start", 1);
    sim.set("column_loaded", 1);
    sim.clock();
    sim.set("batch_start", 0);
    sim.clock();
    sim.set("column_loaded", 0);
    for _ in 0..10 {
        sim.clock();
    }
    assert_eq!(sim.get("key_read"), 1);
    sim.set("clear", 1);
    sim.clock();
    sim.clock();
    assert_eq!(sim.get("clear_busy"), 1);
    let mut clocks = 0;
    while sim.get("clear_busy") == 1 {
        sim.clock();
        clocks += 1;
        assert!(clocks < 10_000);
    }
    sim.set("clear", 0);
    sim.clock();
    assert_eq!(sim.get("key_read"), 0);
    for step in 0..4 {
        sim.set("entry_slot", 1);
        sim.set("entry_step", step);
        sim.set("result_slot", 1);
        sim.clock();
        sim.clock();
        for name in ["entry_word", "entry_rotation", "body_word", "body_rotation"] {
            assert_eq!(sim.get(name), 0, "{name}");
        }
    }
    // The input buffer too: an all-zero ciphertext gives the digits of zero.
    let zeros = vec![vec![0; bench.geometry.mask_words + 1]; 2];
    let key = vec![0x1234_5678; bench.geometry.mask_words * 4 * 4];
    bench.run(&batch, &zeros, &key, false);
}
