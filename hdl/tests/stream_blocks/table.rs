//! The table that every stream and DMA block is run through: {idle gaps} x {back-pressure} x {an error at no beat, at
//! the first, at a middle one, at the last}.

use goldilane_hdl::netlist::{Module, Sim};
use std::sync::Arc;

/// Where an error falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    First,
    Middle,
    Last,
}

impl Fault {
    /// The places where an error falls.
    pub const PLACES: [Fault; 3] = [Fault::First, Fault::Middle, Fault::Last];

    /// The number of the beat among `count`.
    pub fn beat(self, count: usize) -> Option<usize> {
        match self {
            Fault::None => None,
            Fault::First => Some(0),
            Fault::Middle => Some(count / 2),
            Fault::Last => Some(count - 1),
        }
    }

    pub fn hits(self, beat: usize, count: usize) -> bool {
        self.beat(count) == Some(beat)
    }
}

/// How the neighbours of a block behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// What comes in has gaps, and answers take their time and overtake one another.
    pub gaps: bool,
    /// What goes out is not always taken.
    pub stalls: bool,
}

/// All four paces.
pub fn paces() -> impl Iterator<Item = Pace> {
    [(false, false), (true, false), (false, true), (true, true)]
        .into_iter()
        .map(|(gaps, stalls)| Pace { gaps, stalls })
}

/// Runs a block through the table, each cell followed by a transfer without an error.
pub fn every_cell(block: &str, mut transfer: impl FnMut(Pace, Fault)) {
    for pace in paces() {
        for fault in Fault::PLACES {
            for fault in [Fault::None, fault, Fault::None] {
                // Shown when the cell fails.
                println!("{block}: {pace:?}, error at {fault:?}");
                transfer(pace, fault);
            }
        }
    }
}

/// A small generator, so that every run is the same.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn word(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, n: u64) -> u64 {
        (self.word() >> 20) % n
    }

    /// Whether the sender has something in this clock.
    pub fn offers(&mut self, pace: Pace) -> bool {
        !pace.gaps || self.below(5) >= 2
    }

    /// Whether the receiver takes something in this clock.
    pub fn takes(&mut self, pace: Pace) -> bool {
        !pace.stalls || self.below(5) >= 2
    }

    /// Clocks that an answer takes.
    pub fn latency(&mut self, pace: Pace) -> u64 {
        if pace.gaps { self.below(60) } else { 4 }
    }
}

/// What lies at a place of a memory.
pub fn content(place: u64) -> u64 {
    let z = place.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) ^ z >> 31
}

/// CRC-32C of words as they lie in memory.
pub fn crc_of(words: &[u64]) -> u32 {
    let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
    goldilane_abi::crc32c(&bytes)
}

/// The other side of a valid/ready pair: valid, once there, stays with its payload until it is taken.
#[derive(Default)]
pub struct Held(Option<Vec<u128>>);

impl Held {
    /// This clock's look; true if the payload is taken now.
    pub fn look(&mut self, what: &str, valid: bool, ready: bool, payload: &[u128]) -> bool {
        if let Some(before) = self.0.take() {
            assert!(valid, "{what}: valid fell before it was taken");
            assert_eq!(payload, before, "{what}: the payload moved while it waited");
        }
        if valid && !ready {
            self.0 = Some(payload.to_vec());
        }
        valid && ready
    }

    /// A level outside the handshake has emptied the pair.
    pub fn forget(&mut self) {
        self.0 = None;
    }
}

/// A simulation after reset, and its module's promise about depth.
pub fn after_reset(module: &Arc<Module>) -> Sim {
    assert_eq!(module.depth_violations(), []);
    let mut sim = Sim::new(module);
    sim.set("rst", 1);
    for _ in 0..3 {
        sim.clock();
    }
    sim.set("rst", 0);
    sim.clock();
    sim
}
