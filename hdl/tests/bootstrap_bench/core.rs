//! The shell around the core: lines of board memory, input words, results.

use goldilane_abi::layout::{bsk_layout, digit_shift, glwe_layout, ksk_layout};
use goldilane_abi::{MemoryMap, PieceKind, Shape};
use goldilane_golden_model::field::{inverse, mul, pow};
use goldilane_golden_model::toy::ToyRandom;
use goldilane_golden_model::{
    Decomposition, Job, Key, KeySwitchKey, KeySwitchWidth, ModulusSwitchKind, Parameters, Stage,
    bootstrap_until,
};
use goldilane_hdl::netlist::{Module, Sim};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// A key and what lies in board memory of it.
pub struct Loaded {
    pub key: Key,
    pub lines: HashMap<u64, Vec<u64>>,
}

/// Run-time numbers of a key: n, (b, l) of the bootstrap, (b, l) of the key switch.
pub type Numbers = (usize, (usize, usize), (usize, usize));

pub fn store(shape: &Shape, lines: &mut HashMap<u64, Vec<u64>>, first: u64, words: &[u64]) {
    let width = shape.line_bytes() / 8;
    for (i, line) in words.chunks(width).enumerate() {
        let mut line = line.to_vec();
        line.resize(width, 0);
        lines.insert(first + i as u64, line);
    }
}

/// A random key in key slot 1.
pub fn load_key(shape: &Shape, numbers: Numbers, random: &mut ToyRandom) -> Loaded {
    let (n, pbs, ks) = numbers;
    let parameters = Parameters {
        lwe_dimension: n,
        glwe_dimension: shape.glwe_dimension as usize,
        polynomial_size: shape.polynomial_size as usize,
        pbs: Decomposition::new(pbs.0, pbs.1).unwrap(),
        key_switch: Decomposition::new(ks.0, ks.1).unwrap(),
        key_switch_width: KeySwitchWidth::Bits32,
        modulus_switch: ModulusSwitchKind::Centered,
    };
    let mut words = |count: usize| (0..count).map(|_| random.word()).collect::<Vec<u64>>();
    let bsk = words(parameters.bsk_size());
    let ksk: Vec<u32> = words(parameters.ksk_size())
        .into_iter()
        .map(|w| w as u32)
        .collect();
    let map = MemoryMap::new(shape);
    let mut lines = HashMap::new();
    for column in 0..=n {
        let halves: Vec<u64> = ksk_layout(shape, ks.1 as u32)
            .map(|w| {
                let row = w.coefficient as usize * ks.1 + w.level as usize;
                ksk[row * (n + 1) + column].into()
            })
            .collect();
        let words: Vec<u64> = halves.chunks(2).map(|w| w[0] | w[1] << 32).collect();
        let first = map.piece_line(1, PieceKind::KskColumn, column as u32);
        store(shape, &mut lines, first, &words);
    }
    let key = Key::new(parameters, &bsk, KeySwitchKey::Bits32(ksk)).unwrap();
    let scale = inverse(pow(2, digit_shift(shape, pbs.0 as u32).into()));
    let (count, size) = (shape.glwe_dimension + 1, shape.polynomial_size);
    for index in 0..n {
        let natural = key.ggsw_natural(index).unwrap();
        let words: Vec<u64> = bsk_layout(shape, pbs.1 as u32)
            .map(|w| {
                let at = ((w.level * count + w.row) * count + w.output) * size + w.point();
                mul(natural[at as usize], scale)
            })
            .collect();
        let first = map.piece_line(1, PieceKind::Ggsw, index as u32);
        store(shape, &mut lines, first, &words);
    }
    Loaded { key, lines }
}

pub fn load_table(shape: &Shape, loaded: &mut Loaded, slot: u32, lut: &[u64]) {
    let words: Vec<u64> = glwe_layout(shape)
        .map(|w| lut[(w.polynomial * shape.polynomial_size + w.coefficient) as usize])
        .collect();
    let first = MemoryMap::new(shape).lut_line(slot);
    store(shape, &mut loaded.lines, first, &words);
}

/// One ciphertext of a batch.
pub struct Entry {
    pub lwe: Vec<u64>,
    pub lut: Vec<u64>,
    pub lut_slot: u32,
}

pub fn entries(
    shape: &Shape,
    loaded: &mut Loaded,
    fill: usize,
    random: &mut ToyRandom,
) -> Vec<Entry> {
    (0..fill)
        .map(|i| {
            let mut words = |count: usize| (0..count).map(|_| random.word()).collect::<Vec<u64>>();
            let entry = Entry {
                lwe: words(shape.ciphertext_words()),
                lut: words(shape.glwe_words()),
                // not in order, to see that each slot's own number is used
                lut_slot: (5 * i as u32 + 2) % shape.lut_slots,
            };
            load_table(shape, loaded, entry.lut_slot, &entry.lut);
            entry
        })
        .collect()
}

/// The core with a behavioural shell.
pub struct Bench {
    pub shape: Shape,
    pub sim: Sim,
    pub random: ToyRandom,
    /// Idle gaps and back-pressure on lines and results.
    pub gaps: bool,
    pub requests: VecDeque<(u64, u64)>,
    pub check_in: VecDeque<bool>,
    pub checks: usize,
    pub wrong_check: Option<usize>,
    pub clocks: usize,
    /// Clocks in which digits were read, and in which only keys were missing.
    pub busy: usize,
    pub key_wait: usize,
    /// Clocks in which the key switch had work.
    pub switch_busy: usize,
    pub done: Option<u128>,
}

impl Bench {
    pub fn new(shape: Shape, module: &Arc<Module>, gaps: bool) -> Self {
        let mut sim = Sim::new(module);
        sim.set("rst", 1);
        for _ in 0..8 {
            sim.clock();
        }
        sim.set("rst", 0);
        Self {
            shape,
            sim,
            random: ToyRandom::new(77),
            gaps,
            requests: VecDeque::new(),
            check_in: VecDeque::new(),
            checks: 0,
            wrong_check: None,
            clocks: 0,
            busy: 0,
            key_wait: 0,
            switch_busy: 0,
            done: None,
        }
    }

    pub fn chance(&mut self) -> bool {
        !self.gaps || self.random.below(3) != 0
    }

    pub fn tick(&mut self, loaded: &Loaded) {
        let offer = !self.requests.is_empty() && self.chance();
        self.sim.set("line_valid", offer.into());
        if offer {
            let line = self.requests[0].0;
            let words = loaded.lines.get(&line);
            let words = words.unwrap_or_else(|| panic!("line {line} is not of this key"));
            let words: Vec<u128> = words.iter().map(|w| u128::from(*w)).collect();
            self.sim.set_words("line_data", &words);
        }
        let check = self.check_in.pop_front().unwrap_or(false);
        self.sim.set("line_check_valid", check.into());
        let wrong = check && self.wrong_check == Some(self.checks);
        self.sim.set("line_check_error", wrong.into());
        self.checks += usize::from(check);
        let accept = self.requests.len() < 3 && self.chance();
        self.sim.set("line_req_ready", accept.into());
        if offer && self.sim.get("line_ready") == 1 {
            let (line, left) = self.requests[0];
            if left == 1 {
                self.requests.pop_front();
                // the comparison of checksums takes its time
                self.check_in.resize(6, false);
                self.check_in.push_back(true);
            } else {
                self.requests[0] = (line + 1, left - 1);
            }
        }
        if accept && self.sim.get("line_req_valid") == 1 {
            let count = self.sim.get("line_req_count") as u64;
            let line = self.sim.get("line_req_line") as u64;
            assert!(count > 0, "an empty request");
            self.requests.push_back((line, count));
        }
        self.busy += self.sim.get("count_product_busy") as usize;
        self.key_wait += self.sim.get("count_key_wait") as usize;
        self.switch_busy += self.sim.get("count_switch_busy") as usize;
        if self.sim.get("batch_done") == 1 {
            assert_eq!(self.done, None, "done twice");
            self.done = Some(self.sim.get("batch_error"));
        }
        self.sim.clock();
        self.clocks += 1;
    }

    /// Writes the input words of all entries, then offers the batch until it is taken.
    pub fn submit(&mut self, loaded: &Loaded, entries: &[Entry], bank: u128, steps: usize) {
        let beat = (self.shape.host_bus_bits / 64) as usize;
        self.sim.set("lwe_bank", bank);
        for (slot, entry) in entries.iter().enumerate() {
            for (i, words) in entry.lwe.chunks(beat).enumerate() {
                let mut words: Vec<u128> = words.iter().map(|w| u128::from(*w)).collect();
                words.resize(beat, 0xbad);
                self.sim.set("lwe_valid", 1);
                self.sim.set("lwe_slot", slot as u128);
                self.sim.set("lwe_index", (i * beat) as u128);
                self.sim.set_words("lwe_data", &words);
                self.tick(loaded);
                self.sim.set("lwe_valid", 0);
            }
        }
        let parameters = loaded.key.parameters();
        let map = MemoryMap::new(&self.shape);
        let piece = |kind| u128::from(map.piece_line(1, kind, 0));
        let crc = |kind| u128::from(map.piece_crc_line(1, kind, 0));
        for (port, value) in [
            ("batch_bank", bank),
            ("batch_fill", entries.len() as u128),
            ("batch_steps", steps as u128),
            ("batch_n", parameters.lwe_dimension as u128),
            (
                "batch_ks_base_log",
                parameters.key_switch.base_log() as u128,
            ),
            ("batch_ks_levels", parameters.key_switch.levels() as u128),
            ("batch_pbs_base_log", parameters.pbs.base_log() as u128),
            ("batch_pbs_levels", parameters.pbs.levels() as u128),
            ("batch_bsk_line", piece(PieceKind::Ggsw)),
            ("batch_ksk_line", piece(PieceKind::KskColumn)),
            ("batch_bsk_crc_line", crc(PieceKind::Ggsw)),
            ("batch_ksk_crc_line", crc(PieceKind::KskColumn)),
            ("batch_valid", 1),
        ] {
            self.sim.set(port, value);
        }
        let mut tables = vec![0; self.shape.slots as usize];
        for (table, entry) in tables.iter_mut().zip(entries) {
            *table = map.lut_line(entry.lut_slot).into();
        }
        self.sim.set_words("batch_lut_line", &tables);
        let limit = self.clocks + 200_000;
        while self.sim.get("batch_ready") == 0 {
            self.tick(loaded);
            assert!(self.clocks < limit, "the batch is never taken");
        }
        self.tick(loaded);
        self.sim.set("batch_valid", 0);
    }

    pub fn wait(&mut self, loaded: &Loaded) -> u128 {
        let limit = self.clocks + 400_000;
        while self.done.is_none() {
            self.tick(loaded);
            assert!(self.clocks < limit, "the batch never ends");
        }
        self.done.take().unwrap()
    }

    /// A stream of results.
    pub fn read(&mut self, loaded: &Loaded, slot: usize, kind: u128, offset: u128) -> Vec<u64> {
        for (port, value) in [
            ("read_slot", slot as u128),
            ("read_kind", kind),
            ("read_offset", offset),
            ("read_valid", 1),
        ] {
            self.sim.set(port, value);
        }
        while self.sim.get("read_ready") == 0 {
            self.tick(loaded);
        }
        self.tick(loaded);
        self.sim.set("read_valid", 0);
        let mut words = Vec::new();
        let limit = self.clocks + 100_000;
        loop {
            let ready = self.chance();
            self.sim.set("result_ready", ready.into());
            let taken = ready && self.sim.get("result_valid") == 1;
            let last = self.sim.get("result_last") == 1;
            if taken {
                words.push(self.sim.get("result_data") as u64);
            }
            self.tick(loaded);
            assert!(self.clocks < limit, "the stream never ends");
            if taken && last {
                self.sim.set("result_ready", 0);
                return words;
            }
        }
    }

    pub fn release(&mut self, loaded: &Loaded) {
        self.sim.set("out_release", 1);
        self.tick(loaded);
        self.sim.set("out_release", 0);
    }

    /// Reads the results of a finished batch and compares them; `offsets` are extraction degrees.
    pub fn compare(&mut self, loaded: &Loaded, entries: &[Entry], stage: Stage, offsets: &[usize]) {
        for (slot, entry) in entries.iter().enumerate() {
            let kind = match stage {
                Stage::Extract => 0,
                Stage::KeySwitch => 1,
                Stage::ModSwitch => 2,
                _ => 3,
            };
            for offset in offsets {
                let job = Job {
                    lwe: &entry.lwe,
                    lut: &entry.lut,
                    degrees: &[*offset],
                };
                let golden = bootstrap_until(&loaded.key, job, stage).unwrap();
                let bytes = golden.to_le_bytes();
                let expected: Vec<u64> = bytes
                    .chunks(8)
                    .map(|bytes| {
                        let mut word = [0; 8];
                        word[..bytes.len()].copy_from_slice(bytes);
                        u64::from_le_bytes(word)
                    })
                    .collect();
                let found = self.read(loaded, slot, kind, *offset as u128);
                assert_eq!(found.len(), expected.len(), "{stage}: words");
                let wrong = found.iter().zip(&expected).position(|(f, e)| f != e);
                assert_eq!(
                    wrong, None,
                    "{stage}: slot {slot} offset {offset}: first wrong word"
                );
            }
        }
    }
}
