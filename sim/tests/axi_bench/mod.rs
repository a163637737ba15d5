//! A plain Rust master on plain Rust wires, for the tests of the memory slave.

use std::collections::VecDeque;

use goldilane_sim::axi::{
    Address, MAX_BEAT_WORDS, Memory, MemorySlave, PageMemory, Pins, ReadBeat, Response,
    SlaveSettings, Timing, WriteBeat,
};

pub const BUS_BYTES: usize = 32;

/// The wires.
#[derive(Default)]
pub struct Wires {
    pub aw: Option<Address>,
    pub w: Option<WriteBeat>,
    pub ar: Option<Address>,
    pub b_ready: bool,
    pub r_ready: bool,
    pub aw_ready: bool,
    pub w_ready: bool,
    pub ar_ready: bool,
    pub b: Option<(u32, Response)>,
    pub r: Option<ReadBeat>,
}

impl Pins for Wires {
    fn aw_valid(&self) -> bool {
        self.aw.is_some()
    }
    fn aw(&self) -> Address {
        self.aw.expect("valid")
    }
    fn w_valid(&self) -> bool {
        self.w.is_some()
    }
    fn w(&self) -> WriteBeat {
        self.w.expect("valid")
    }
    fn ar_valid(&self) -> bool {
        self.ar.is_some()
    }
    fn ar(&self) -> Address {
        self.ar.expect("valid")
    }
    fn b_ready(&self) -> bool {
        self.b_ready
    }
    fn r_ready(&self) -> bool {
        self.r_ready
    }
    fn set_aw_ready(&mut self, ready: bool) {
        self.aw_ready = ready;
    }
    fn set_w_ready(&mut self, ready: bool) {
        self.w_ready = ready;
    }
    fn set_ar_ready(&mut self, ready: bool) {
        self.ar_ready = ready;
    }
    fn set_b(&mut self, response: Option<(u32, Response)>) {
        self.b = response;
    }
    fn set_r(&mut self, beat: Option<&ReadBeat>) {
        self.r = beat.copied();
    }
}

/// A well-behaved master: presents what is queued, takes what comes.
pub struct Bench {
    pub wires: Wires,
    pub slave: MemorySlave,
    pub memory: PageMemory,
    pub clock: u64,
    pub reads: VecDeque<Address>,
    pub writes: VecDeque<Address>,
    pub data: VecDeque<WriteBeat>,
    /// What came back, with the clock.
    pub read_beats: Vec<(u64, ReadBeat)>,
    pub responses: Vec<(u64, u32, Response)>,
    /// The master's ready is low in these clocks of 4.
    pub lazy: u64,
}

pub fn settings(timing: Timing, posted: bool, seed: u64) -> SlaveSettings {
    SlaveSettings {
        bus: "m_axi_test".to_owned(),
        bus_bytes: BUS_BYTES,
        ids: 8,
        timing,
        posted,
        seed,
    }
}

pub fn burst(id: u32, address: u64, beats: usize) -> Address {
    Address {
        id,
        address,
        length: u8::try_from(beats - 1).expect("at most 256 beats"),
        size: 5,
        burst: 1,
    }
}

/// Beat `index` of data that depends on `seed`; all bytes enabled.
pub fn beat(seed: u64, index: usize, last: bool) -> WriteBeat {
    let mut data = [0; MAX_BEAT_WORDS];
    for (word, value) in data[..BUS_BYTES / 8].iter_mut().enumerate() {
        *value = (seed << 32 | (index as u64) << 8 | word as u64).wrapping_mul(0x9e37_79b9);
    }
    WriteBeat {
        data,
        strobe: (1 << BUS_BYTES) - 1,
        last,
    }
}

impl Bench {
    pub fn new(timing: Timing, posted: bool, seed: u64) -> Self {
        Self {
            wires: Wires::default(),
            slave: MemorySlave::new(settings(timing, posted, seed)),
            memory: PageMemory::new(1 << 24),
            clock: 0,
            reads: VecDeque::new(),
            writes: VecDeque::new(),
            data: VecDeque::new(),
            read_beats: Vec::new(),
            responses: Vec::new(),
            lazy: 0,
        }
    }

    pub fn write(&mut self, burst: Address, seed: u64) {
        for index in 0..burst.beats() {
            self.data
                .push_back(beat(seed, index, index + 1 == burst.beats()));
        }
        self.writes.push_back(burst);
    }

    /// One clock; `work` decides whether memory is within reach.
    pub fn step_with(&mut self, work: bool) {
        self.wires.ar = self.reads.front().copied();
        self.wires.aw = self.writes.front().copied();
        self.wires.w = self.data.front().copied();
        let lazy = self.clock % 4 < self.lazy;
        (self.wires.b_ready, self.wires.r_ready) = (!lazy, !lazy);
        self.slave.drive(&mut self.wires);
        self.slave.sample(&self.wires, self.clock);
        if self.wires.ar_ready {
            self.reads.pop_front();
        }
        if self.wires.aw_ready {
            self.writes.pop_front();
        }
        if self.wires.w_ready {
            self.data.pop_front();
        }
        if let Some(beat) = self.wires.r.filter(|_| !lazy) {
            self.read_beats.push((self.clock, beat));
        }
        if let Some((id, response)) = self.wires.b.filter(|_| !lazy) {
            self.responses.push((self.clock, id, response));
        }
        if work {
            self.slave.work(&mut self.memory, self.clock);
        }
        self.clock += 1;
    }

    pub fn step(&mut self) {
        self.step_with(true);
    }

    pub fn finish(&mut self) {
        for _ in 0..100_000 {
            self.step();
            let queued = self.reads.len() + self.writes.len() + self.data.len();
            if queued == 0 && self.slave.is_idle() {
                return;
            }
        }
        panic!("the slave does not come to rest");
    }

    pub fn rules(&mut self) -> Vec<String> {
        let all = self.slave.violations().take();
        all.iter().map(ToString::to_string).collect()
    }

    pub fn bytes(&mut self, address: u64, length: usize) -> Vec<u8> {
        let mut data = vec![0; length];
        self.memory.read(address, &mut data).expect("read");
        data
    }
}
