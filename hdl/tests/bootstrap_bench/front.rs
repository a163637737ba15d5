//! The surroundings of the front: a behavioural external product, keys, rotations, tables.

use goldilane_abi::Shape;
use goldilane_golden_model::blind_rotate::blind_rotate;
use goldilane_golden_model::field::{add, mul, reduce};
use goldilane_golden_model::torus::{digit_to_field, switch_from_prime};
use goldilane_golden_model::toy::ToyRandom;
use goldilane_golden_model::{
    Decomposition, Key, KeySwitchKey, KeySwitchWidth, ModulusSwitchKind, Parameters,
};
use goldilane_hdl::bootstrap::{Geometry, core_front};
use goldilane_hdl::netlist::{Module, Sim};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// What one test runs.
#[derive(Clone, Copy)]
pub struct Setting {
    pub shape: Shape,
    pub base_log: u32,
    pub levels: u32,
    pub n: usize,
    /// Clocks from the last row of digits to the first `result_valid`.
    pub product_delay: usize,
    /// Late keys, rotations and table rows.
    pub gaps: bool,
}

/// One batch: tables and rotations by slot.
pub struct Batch {
    pub luts: Vec<Vec<u64>>,
    pub rotations: Vec<Vec<u16>>,
    pub steps: usize,
}

pub fn random_key(setting: &Setting, random: &mut ToyRandom) -> Key {
    let shape = &setting.shape;
    let parameters = Parameters {
        lwe_dimension: setting.n,
        glwe_dimension: shape.glwe_dimension as usize,
        polynomial_size: shape.polynomial_size as usize,
        pbs: Decomposition::new(setting.base_log as usize, setting.levels as usize).unwrap(),
        key_switch: Decomposition::new(1, 1).unwrap(),
        key_switch_width: KeySwitchWidth::Bits32,
        modulus_switch: ModulusSwitchKind::Centered,
    };
    let mut words = |count: usize| (0..count).map(|_| random.word()).collect::<Vec<u64>>();
    let bsk = words(parameters.bsk_size());
    let ksk = words(parameters.ksk_size());
    let ksk = KeySwitchKey::import(&ksk, KeySwitchWidth::Bits32);
    Key::new(parameters, &bsk, ksk).unwrap()
}

pub fn random_batch(setting: &Setting, fill: usize, steps: usize, random: &mut ToyRandom) -> Batch {
    let size = setting.shape.polynomial_size;
    let luts = (0..fill)
        .map(|_| {
            (0..setting.shape.glwe_words())
                .map(|_| random.word())
                .collect()
        })
        .collect();
    let corner = [0, 1, size - 1, size, size + 1, 2 * size - 1];
    let rotations = (0..fill)
        .map(|_| {
            (0..=setting.n)
                .map(|_| match random.below(3) {
                    0 => corner[random.below(6) as usize] as u16,
                    _ => random.below(2 * u64::from(size)) as u16,
                })
                .collect()
        })
        .collect();
    Batch {
        luts,
        rotations,
        steps,
    }
}

/// The module under test with its surroundings.
pub struct Bench<'a> {
    pub setting: Setting,
    pub geometry: Geometry,
    pub key: &'a Key,
    pub sim: Sim,
    pub clock: usize,
    pub random: ToyRandom,
    /// Digit rows of the product that is being fed.
    pub fed: Option<Vec<Vec<u128>>>,
    /// Number of products fed in the batch, and the clocks in which they began.
    pub starts: Vec<usize>,
    /// `result` rows by clock.
    pub results: BTreeMap<usize, Vec<u128>>,
    pub rotation_asked: VecDeque<(usize, usize)>,
    pub rotations_standing: usize,
    pub ggsws_sent: usize,
    pub lut_rows: VecDeque<Vec<u128>>,
    pub dumped: BTreeMap<(usize, usize, usize), Vec<u64>>,
    pub clearing: bool,
}

impl<'a> Bench<'a> {
    pub fn new(setting: Setting, module: &Arc<Module>, key: &'a Key) -> Self {
        let mut bench = Self {
            setting,
            geometry: Geometry::new(setting.shape),
            key,
            sim: Sim::new(module),
            clock: 0,
            random: ToyRandom::new(3),
            fed: None,
            starts: Vec::new(),
            results: BTreeMap::new(),
            rotation_asked: VecDeque::from([(0, 0); 2]),
            rotations_standing: 0,
            ggsws_sent: 0,
            lut_rows: VecDeque::new(),
            dumped: BTreeMap::new(),
            clearing: false,
        };
        bench.sim.set("rst", 1);
        bench.sim.clock();
        bench.sim.set("rst", 0);
        bench
    }

    pub fn rows(&self) -> usize {
        self.setting.shape.rows() as usize
    }

    pub fn polynomials(&self) -> usize {
        self.geometry.polynomials() as usize
    }

    /// Row `row` of one polynomial, P words.
    pub fn row_of<T: Copy>(&self, polynomial: &[T], row: usize) -> Vec<T> {
        let rows = self.rows();
        polynomial[row..].iter().step_by(rows).copied().collect()
    }

    pub fn feed_row(&self, tau: usize) -> usize {
        self.geometry.feed_row(tau as u32) as usize
    }

    pub fn chance(&mut self) -> bool {
        !self.setting.gaps || self.random.below(4) == 0
    }

    /// The results of a whole external product.
    pub fn product(&self, step: usize, rows: &[Vec<u128>]) -> Vec<Vec<u64>> {
        let shape = &self.setting.shape;
        let (size, count) = (shape.polynomial_size as usize, self.polynomials());
        let levels = self.setting.levels as usize;
        let width = self.geometry.digit_bits();
        let top = if shape.max_pbs_levels == 1 {
            shape.max_pbs_base_log - self.setting.base_log
        } else {
            0
        };
        let transform = self.key.transform();
        let ggsw = self.key.ggsw(step).unwrap();
        let mut sums = vec![vec![0_u64; size]; count];
        for (index, rows) in rows.chunks(self.rows()).enumerate() {
            let (row, level) = (index / levels, index % levels);
            let mut digits = vec![0; size];
            for (tau, words) in rows.iter().enumerate() {
                for (lane, word) in words.iter().enumerate() {
                    let digit = (*word as i64) << (64 - width) >> (64 - width);
                    assert_eq!(digit % (1 << top), 0, "digits are top-aligned");
                    digits[self.feed_row(tau) + lane * self.rows()] = digit_to_field(digit >> top);
                }
            }
            transform.forward(&mut digits).unwrap();
            for (column, sum) in sums.iter_mut().enumerate() {
                let at = ((level * count + row) * count + column) * size;
                for (sum, (key, digit)) in sum.iter_mut().zip(ggsw[at..].iter().zip(&digits)) {
                    *sum = add(*sum, mul(reduce((*key).into()), reduce((*digit).into())));
                }
            }
        }
        for sum in &mut sums {
            transform.inverse_unscaled(sum).unwrap();
            sum.iter_mut().for_each(|v| *v = switch_from_prime(*v));
        }
        sums
    }

    /// One clock: everything around the module.
    pub fn tick(&mut self, batch: &Batch) {
        let fill = batch.luts.len();
        // results: control a clock ahead of the words
        let valid = self.results.contains_key(&self.clock);
        self.sim.set("result_valid", valid.into());
        let lanes = self.setting.shape.lanes as usize;
        let words = self
            .clock
            .checked_sub(1)
            .and_then(|at| self.results.remove(&at));
        let words = words.unwrap_or_else(|| vec![0xdead; lanes]);
        self.sim.set_words("result", &words);
        // lookup tables
        let offer = !self.lut_rows.is_empty() && self.sim.get("lut_ready") == 1 && self.chance();
        self.sim.set("lut_valid", offer.into());
        if offer {
            let row = self.lut_rows.pop_front().unwrap();
            self.sim.set_words("lut_row", &row);
        }
        // rotations: two clocks behind the question
        let asked = (
            self.sim.get("rotation_step") as usize,
            self.sim.get("rotation_slot") as usize,
        );
        self.rotation_asked.push_back(asked);
        let (step, slot) = self.rotation_asked.pop_front().unwrap();
        if self.rotations_standing < fill * batch.steps && self.chance() {
            self.rotations_standing += 1;
        }
        let stands = slot < fill && step * fill + slot < self.rotations_standing;
        self.sim.set("rotation_valid", stands.into());
        let value = if stands {
            batch.rotations[slot][step]
        } else {
            0
        };
        self.sim.set("rotation", value.into());
        // keys: two ahead of use
        let used = self.starts.len() / fill;
        let next = self.ggsws_sent < batch.steps && self.ggsws_sent < used + 2;
        let send = next && self.chance();
        self.ggsws_sent += usize::from(send);
        self.sim.set("ggsw_loaded", send.into());

        let polynomials = self.polynomials() * self.setting.levels as usize;
        let begins = self.sim.get("digit_start") == 1 && !self.clearing;
        let fed = self.fed.as_ref().map_or(0, Vec::len);
        if begins {
            let (first, last) = (self.sim.get("digit_first"), self.sim.get("digit_last"));
            assert_eq!(first == 1, fed == 0, "first polynomial");
            assert_eq!(
                last == 1,
                fed == (polynomials - 1) * self.rows(),
                "last polynomial"
            );
            if first == 1 {
                self.starts.push(self.clock);
                self.fed = Some(Vec::new());
            }
        }
        if let Some(mut rows) = self.fed.take() {
            assert_eq!(
                begins,
                rows.len() % self.rows() == 0,
                "start of a polynomial"
            );
            rows.push(self.sim.get_words("digit"));
            if rows.len() == polynomials * self.rows() {
                self.answer((self.starts.len() - 1) / fill, &rows);
            } else {
                self.fed = Some(rows);
            }
        }
        if self.sim.get("dump_valid") == 1 {
            let at = ["dump_slot", "dump_poly", "dump_row"].map(|p| self.sim.get(p) as usize);
            let words = self.sim.get_words("dump_row_words");
            let words = words.into_iter().map(|w| w as u64).collect();
            let twice = self.dumped.insert((at[0], at[1], at[2]), words);
            assert!(twice.is_none(), "row {at:?} dumped twice");
        }
        self.sim.clock();
        self.clock += 1;
    }

    pub fn answer(&mut self, step: usize, rows: &[Vec<u128>]) {
        let sums = self.product(step, rows);
        let mut at = self.clock + self.setting.product_delay;
        for sum in &sums {
            for tau in 0..self.rows() {
                let words = self.row_of(sum, self.feed_row(tau));
                let words = words.into_iter().map(u128::from).collect();
                assert!(self.results.insert(at, words).is_none(), "results overlap");
                at += 1;
            }
        }
    }

    /// Offers the batch and waits until it is taken.
    pub fn offer(&mut self, batch: &Batch) {
        self.starts.clear();
        self.dumped.clear();
        (self.rotations_standing, self.ggsws_sent) = (0, 0);
        let size = self.setting.shape.polynomial_size as usize;
        for lut in &batch.luts {
            for polynomial in lut.chunks(size) {
                for row in 0..self.rows() {
                    let words = self.row_of(polynomial, row);
                    self.lut_rows
                        .push_back(words.into_iter().map(u128::from).collect());
                }
            }
        }
        for end in ["switch_done", "stream_done"] {
            self.sim.set(end, 0);
        }
        self.sim.set("batch_valid", 1);
        assert_eq!(self.sim.get_words("batch_take")[0], 1);
        self.sim.clock();
        self.clock += 1;
        self.sim.set("batch_valid", 0);
        self.sim.set("fill", batch.luts.len() as u128);
        self.sim.set("steps", batch.steps as u128);
        self.sim.set("lwe_dimension", self.setting.n as u128);
        self.sim.set("pbs_base_log", self.setting.base_log.into());
        self.sim.set("pbs_levels", self.setting.levels.into());
        while self.sim.get("batch_start") == 0 {
            self.sim.clock();
            self.clock += 1;
        }
        self.sim.clock();
        self.clock += 1;
    }

    /// Runs a batch to its end and compares the accumulators with the golden model.
    pub fn run(&mut self, batch: &Batch) {
        self.offer(batch);
        let fill = batch.luts.len();
        let limit =
            self.clock + 40_000 + 8 * batch.steps * fill * self.rows() * self.setting.product_delay;
        loop {
            self.tick(batch);
            if self.starts.len() == batch.steps * fill && self.results.is_empty() && self.chance() {
                self.sim.set("switch_done", 1);
                self.sim.set("stream_done", 1);
            }
            if self.sim.get("batch_done") == 1 {
                break;
            }
            assert!(self.clock < limit, "the batch never ends");
        }
        assert_eq!(self.sim.get("batch_error"), 0);
        assert_eq!(self.sim.get("count_bootstraps"), fill as u128);
        assert_eq!(self.starts.len(), batch.steps * fill);
        let size = self.setting.shape.polynomial_size as usize;
        for (slot, lut) in batch.luts.iter().enumerate() {
            let golden = blind_rotate(self.key, lut, &batch.rotations[slot], batch.steps).unwrap();
            for (c, polynomial) in golden.chunks(size).enumerate() {
                for row in 0..self.rows() {
                    let expected = self.row_of(polynomial, row);
                    let found = self.dumped.remove(&(slot, c, row));
                    assert_eq!(
                        found,
                        Some(expected),
                        "slot {slot} polynomial {c} row {row}"
                    );
                }
            }
        }
        assert!(self.dumped.is_empty(), "rows of slots that there are not");
    }

    pub fn release(&mut self, batch: &Batch) {
        self.sim.set("out_release", 1);
        self.tick(batch);
        self.sim.set("out_release", 0);
        self.tick(batch);
    }
}

pub fn build(setting: &Setting) -> Arc<Module> {
    let module = core_front::core_front(&Geometry::new(setting.shape), 600).unwrap();
    assert_eq!(module.depth_violations(), []);
    module
}
