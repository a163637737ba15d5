//! A small bench for the shell: registers over AXI4-Lite, host memory and board memory behind AXI4, native simulation.
//!
//! The host memory answers reads out of order across ids, after a random time; writes take effect when their response
//! is given. Violations of the protocol panic.

use goldilane_abi::registers::{self as reg, Register};
use goldilane_abi::{Completion, Descriptor, Shape};
use goldilane_hdl::netlist::{Module, Sim};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Where host memory begins, as the board sees it.
pub const HOST_BASE: u64 = 0x7_4000_0000;
/// Entries of both rings.
pub const RING: u64 = 8;

/// The ports that a memory looks at in every clock.
const PORTS: &[&str] = &[
    "arready", "awready", "wready", "rvalid", "rid", "rlast", "rresp", "bvalid", "bid", "bresp",
    "arvalid", "rready", "awvalid", "wvalid", "wlast",
];

/// A small generator, so that every run is the same.
pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 20) % n
    }
}

struct Burst {
    id: u128,
    address: u64,
    beats: u64,
    size: u64,
    seen: u64,
    ready_at: u64,
    data: Vec<(u64, u8)>,
}

impl Burst {
    /// The address of the beat that comes next.
    fn next(&self) -> u64 {
        self.address + self.seen * self.size
    }
}

/// How a memory behaves.
#[derive(Clone, Copy)]
pub struct Manners {
    /// Bursts of different ids overtake one another.
    pub reorder: bool,
    /// Channels are not always ready, data has gaps.
    pub stalls: bool,
    /// Clocks that an answer takes at least.
    pub least: u64,
    /// So many different times there are.
    pub latency: u64,
}

/// One AXI4 memory.
pub struct Memory {
    prefix: String,
    names: HashMap<&'static str, String>,
    beat_bytes: u64,
    base: u64,
    pub bytes: Vec<u8>,
    /// Reads and writes at or beyond this offset fault.
    pub limit: u64,
    /// Nothing moves.
    pub frozen: bool,
    /// Addresses of the reads so far.
    pub asked: Vec<u64>,
    pub manners: Manners,
    reads: Vec<Burst>,
    current: Option<usize>,
    offered: bool,
    ready: [bool; 3],
    writes: VecDeque<Burst>,
    responses: Vec<Burst>,
}

impl Memory {
    fn new(prefix: &str, bits: u32, base: u64, bytes: usize, manners: Manners) -> Self {
        Self {
            prefix: prefix.to_owned(),
            names: PORTS
                .iter()
                .map(|p| (*p, format!("{prefix}_{p}")))
                .collect(),
            beat_bytes: u64::from(bits) / 8,
            base,
            bytes: vec![0; bytes],
            limit: bytes as u64,
            frozen: false,
            asked: Vec::new(),
            manners,
            reads: Vec::new(),
            current: None,
            offered: false,
            ready: [false; 3],
            writes: VecDeque::new(),
            responses: Vec::new(),
        }
    }

    fn offset(&self, address: u64) -> Option<usize> {
        let offset = address.checked_sub(self.base)?;
        (offset < self.limit).then_some(offset as usize)
    }

    fn get(&self, sim: &mut Sim, port: &str) -> u128 {
        sim.get(&self.names[port])
    }

    fn set(&self, sim: &mut Sim, port: &str, value: u128) {
        sim.set(&self.names[port], value);
    }

    /// Nothing under way.
    pub fn is_quiet(&self) -> bool {
        self.reads.is_empty() && self.writes.is_empty() && self.responses.is_empty()
    }

    /// Drives the board's inputs for this clock.
    fn drive(&mut self, sim: &mut Sim, noise: &mut Noise, now: u64) {
        for (i, port) in ["arready", "awready", "wready"].into_iter().enumerate() {
            self.ready[i] = !self.frozen && (!self.manners.stalls || noise.below(3) != 0);
            self.set(sim, port, self.ready[i].into());
        }
        if self.current.is_none() {
            let first_of_id = |i: usize| self.reads[..i].iter().all(|r| r.id != self.reads[i].id);
            let due: Vec<usize> = (0..self.reads.len())
                .filter(|&i| self.reads[i].ready_at <= now && first_of_id(i))
                .filter(|&i| self.manners.reorder || i == 0)
                .collect();
            if !due.is_empty() {
                self.current = Some(due[noise.below(due.len() as u64) as usize]);
            }
        }
        let gap = !self.offered && (self.frozen || self.manners.stalls && noise.below(4) == 0);
        self.offered = self.current.is_some() && !gap;
        self.set(sim, "rvalid", self.offered.into());
        if let Some(burst) = self
            .current
            .filter(|_| self.offered)
            .map(|i| &self.reads[i])
        {
            let address = burst.next();
            let beat = address & !(self.beat_bytes - 1);
            let byte = |at: u64| self.offset(at).map_or(0, |o| u128::from(self.bytes[o]));
            let word = |w: u64| (0..8).map(|k| byte(beat + 8 * w + k) << (8 * k)).sum();
            let words: Vec<u128> = (0..self.beat_bytes / 8).map(word).collect();
            let fault = self.offset(address).is_none();
            let (id, last) = (burst.id, burst.seen + 1 == burst.beats);
            sim.set_words(&format!("{}_rdata", self.prefix), &words);
            self.set(sim, "rid", id);
            self.set(sim, "rlast", last.into());
            self.set(sim, "rresp", if fault { 2 } else { 0 });
        }
        let due = (0..self.responses.len())
            .filter(|&i| self.manners.reorder || i == 0)
            .find(|&i| !self.frozen && self.responses[i].ready_at <= now);
        self.set(sim, "bvalid", due.is_some().into());
        if let Some(i) = due {
            // The board always takes responses.
            let burst = self.responses.remove(i);
            let mut fault = false;
            for (address, value) in burst.data {
                match self.offset(address) {
                    Some(o) => self.bytes[o] = value,
                    None => fault = true,
                }
            }
            self.set(sim, "bid", burst.id);
            self.set(sim, "bresp", if fault { 2 } else { 0 });
        }
    }

    fn burst(&self, sim: &mut Sim, channel: &str, ready_at: u64) -> Burst {
        let mut get = |what: &str| sim.get(&format!("{}_{channel}{what}", self.prefix));
        let burst = Burst {
            id: get("id"),
            address: get("addr") as u64,
            beats: get("len") as u64 + 1,
            size: 1 << get("size"),
            seen: 0,
            ready_at,
            data: Vec::new(),
        };
        assert_eq!(get("burst"), 1, "INCR");
        assert_eq!(burst.address % burst.size, 0, "{channel}: alignment");
        assert!(burst.size <= self.beat_bytes);
        let last = burst.address + burst.beats * burst.size - 1;
        assert_eq!(burst.address >> 12, last >> 12, "{channel}: across 4 KiB");
        burst
    }

    /// Looks at the handshakes of this clock.
    fn observe(&mut self, sim: &mut Sim, noise: &mut Noise, now: u64) {
        let later = now + self.manners.least + noise.below(self.manners.latency);
        if self.ready[0] && self.get(sim, "arvalid") == 1 {
            let burst = self.burst(sim, "ar", later);
            self.asked.push(burst.address);
            self.reads.push(burst);
        }
        if self.offered && self.get(sim, "rready") == 1 {
            self.offered = false;
            let i = self.current.expect("a burst is offered");
            self.reads[i].seen += 1;
            if self.reads[i].seen == self.reads[i].beats {
                self.reads.remove(i);
                self.current = None;
            }
        }
        if self.ready[1] && self.get(sim, "awvalid") == 1 {
            let burst = self.burst(sim, "aw", later);
            self.writes.push_back(burst);
        }
        if self.ready[2] && self.get(sim, "wvalid") == 1 {
            let data = sim.get_words(&format!("{}_wdata", self.prefix));
            let strobe = sim.get_words(&format!("{}_wstrb", self.prefix));
            let last = self.get(sim, "wlast") == 1;
            let per_word = self.beat_bytes / strobe.len() as u64;
            let burst = self.writes.front_mut().expect("data without an address");
            let address = burst.next();
            let beat = address & !(self.beat_bytes - 1);
            for i in 0..self.beat_bytes {
                if strobe[(i / per_word) as usize] >> (i % per_word) & 1 == 1 {
                    let inside = address..address + burst.size;
                    assert!(inside.contains(&(beat + i)), "a strobe outside the beat");
                    let value = data[(i / 8) as usize] >> (8 * (i % 8));
                    burst.data.push((beat + i, value as u8));
                }
            }
            burst.seen += 1;
            assert_eq!(last, burst.seen == burst.beats, "WLAST at the wrong beat");
            if last {
                let mut burst = self.writes.pop_front().expect("still there");
                burst.ready_at = later;
                self.responses.push(burst);
            }
        }
    }
}

/// The board, its memories, and a host that talks to it.
pub struct Bench {
    pub sim: Sim,
    pub host: Memory,
    pub board: Vec<Memory>,
    pub clock: u64,
    pub interrupts: Vec<u8>,
    noise: Noise,
    tails: Vec<u64>,
    completions: Vec<u64>,
    allocated: u64,
}

impl Bench {
    pub fn new(module: &Arc<Module>, shape: &Shape, manners: Manners, seed: u64) -> Self {
        let map = goldilane_abi::MemoryMap::new(shape);
        let port = u64::from(shape.memory_port_bits) / 8;
        let bytes = (map.total_lines * port) as usize;
        let orderly = Manners {
            reorder: false,
            ..manners
        };
        let mut bench = Self {
            sim: Sim::new(module),
            host: Memory::new(
                "m_axi_host",
                shape.host_bus_bits,
                HOST_BASE,
                1 << 20,
                manners,
            ),
            board: (0..shape.memory_ports)
                .map(|p| {
                    let prefix = format!("m_axi_mem{p}");
                    Memory::new(&prefix, shape.memory_port_bits, 0, bytes, orderly)
                })
                .collect(),
            clock: 0,
            interrupts: Vec::new(),
            noise: Noise::new(seed),
            tails: vec![0; shape.queue_pairs as usize],
            completions: vec![0; shape.queue_pairs as usize],
            allocated: 0,
        };
        bench.sim.set("build_stamp", 0xb111_d000);
        bench.sim.set("rst", 1);
        for _ in 0..3 {
            bench.sim.clock();
        }
        bench.sim.set("rst", 0);
        // The controller clears its memory and fills the register file.
        bench.run(6000);
        bench
    }

    /// One clock.
    pub fn step(&mut self) {
        let now = self.clock;
        for memory in std::iter::once(&mut self.host).chain(&mut self.board) {
            memory.drive(&mut self.sim, &mut self.noise, now);
        }
        for memory in std::iter::once(&mut self.host).chain(&mut self.board) {
            memory.observe(&mut self.sim, &mut self.noise, now);
        }
        if self.sim.get("irq_valid") == 1 {
            self.interrupts.push(self.sim.get("irq_vector") as u8);
        }
        self.sim.clock();
        self.clock += 1;
    }

    pub fn run(&mut self, clocks: u64) {
        for _ in 0..clocks {
            self.step();
        }
    }

    /// Writes a register, waits for the response.
    pub fn write(&mut self, offset: u32, value: u32) {
        self.sim.set("s_axil_awaddr", offset.into());
        self.sim.set("s_axil_awvalid", 1);
        self.sim.set("s_axil_wdata", value.into());
        self.sim.set("s_axil_wstrb", 15);
        self.sim.set("s_axil_wvalid", 1);
        self.sim.set("s_axil_bready", 1);
        for _ in 0..100_000 {
            let aw = self.sim.get("s_axil_awready") == 1;
            let w = self.sim.get("s_axil_wready") == 1;
            let b = self.sim.get("s_axil_bvalid") == 1;
            self.step();
            if aw {
                self.sim.set("s_axil_awvalid", 0);
            }
            if w {
                self.sim.set("s_axil_wvalid", 0);
            }
            if b {
                return;
            }
        }
        panic!("no response to the write of {offset:#x}");
    }

    /// Reads a register.
    pub fn read(&mut self, offset: u32) -> u32 {
        self.sim.set("s_axil_araddr", offset.into());
        self.sim.set("s_axil_arvalid", 1);
        self.sim.set("s_axil_rready", 1);
        for _ in 0..100_000 {
            let ar = self.sim.get("s_axil_arready") == 1;
            let r = self.sim.get("s_axil_rvalid") == 1;
            let data = self.sim.get("s_axil_rdata") as u32;
            self.step();
            if ar {
                self.sim.set("s_axil_arvalid", 0);
            }
            if r {
                return data;
            }
        }
        panic!("no data for the read of {offset:#x}");
    }

    /// Room in host memory, 64-byte aligned; its address.
    pub fn alloc(&mut self, bytes: usize) -> u64 {
        let at = HOST_BASE + 0x1_0000 + self.allocated;
        self.allocated += (bytes as u64).next_multiple_of(64);
        at
    }

    pub fn put(&mut self, address: u64, bytes: &[u8]) {
        let at = (address - HOST_BASE) as usize;
        self.host.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }

    pub fn take(&self, address: u64, bytes: usize) -> Vec<u8> {
        let at = (address - HOST_BASE) as usize;
        self.host.bytes[at..at + bytes].to_vec()
    }

    /// The pair's rings.
    pub fn rings(queue: u32) -> (u64, u64) {
        let base = HOST_BASE + u64::from(queue) * 0x1000;
        (base, base + 0x800)
    }

    /// Sets a pair up and enables it.
    pub fn enable(&mut self, queue: u32) {
        let (sq, cq) = Self::rings(queue);
        let log2 = RING.trailing_zeros();
        for (register, value) in [
            (&reg::SQ_BASE_LO, sq as u32),
            (&reg::SQ_BASE_HI, (sq >> 32) as u32),
            (&reg::CQ_BASE_LO, cq as u32),
            (&reg::CQ_BASE_HI, (cq >> 32) as u32),
            (&reg::RING_SIZES, log2 | log2 << 8),
            (&reg::QUEUE_CONTROL, 1),
        ] {
            self.write_queue(queue, register, value);
        }
        self.put(cq, &[0; 16 * RING as usize]);
        self.tails[queue as usize] = 0;
        self.completions[queue as usize] = 0;
    }

    pub fn write_queue(&mut self, queue: u32, register: &Register, value: u32) {
        self.write(register.of(queue), value);
    }

    pub fn read_queue(&mut self, queue: u32, register: &Register) -> u32 {
        self.read(register.of(queue))
    }

    /// Puts descriptors into the ring and rings the doorbell.
    pub fn submit(&mut self, queue: u32, descriptors: &[Descriptor]) {
        let (sq, _) = Self::rings(queue);
        for d in descriptors {
            let tail = self.tails[queue as usize];
            self.put(sq + 64 * tail, &d.to_bytes());
            self.tails[queue as usize] = (tail + 1) % RING;
        }
        let tail = self.tails[queue as usize];
        self.write(reg::doorbell(queue), tail as u32);
    }

    /// The next completion of the pair, if it is there.
    pub fn poll(&mut self, queue: u32) -> Option<Completion> {
        let (_, cq) = Self::rings(queue);
        let seen = self.completions[queue as usize];
        let bytes = self.take(cq + 16 * (seen % RING), 16);
        let completion = Completion::from_bytes(bytes[..].try_into().unwrap());
        let fresh = completion.phase == (seen / RING).is_multiple_of(2);
        fresh.then(|| {
            self.completions[queue as usize] += 1;
            completion
        })
    }

    /// Waits for the next completion of the pair.
    pub fn wait(&mut self, queue: u32) -> Completion {
        for _ in 0..400_000 {
            if let Some(completion) = self.poll(queue) {
                return completion;
            }
            self.step();
        }
        panic!("no completion");
    }
}
