//! Cycle-based models of the buses around the board: AXI4 memories, an AXI4-Lite master, protocol assertions.
//!
//! Nothing here knows Verilator: a model sees its bus through the trait [`Pins`] (or [`LitePins`]), so tests drive it
//! with plain Rust masters. One clock of a model is three calls:
//!
//! 1. `drive` sets what the model drives in this clock; it may depend on the model's state only;
//! 2. the caller lets the design's combinational outputs settle;
//! 3. `sample` reads the handshakes of this clock and takes over what was transferred; then the caller gives the edge.
//!
//! Memory effects happen apart from the pins, in [`MemorySlave::work`], so that host memory may be out of reach for some
//! clocks (register accesses) while the bus goes on.
//!
//! Units: addresses and sizes in bytes, times in clocks, probabilities in 1/256.

mod burst;
mod checker;
mod lite;
mod random;
mod slave;
mod store;
mod timing;

pub use checker::{Channel, MasterChecker, Rule, Violation, Violations};
pub use lite::{LiteMaster, LitePins, LiteResult};
pub use random::Random;
pub use slave::{Activity, MemorySlave, SlaveSettings};
pub use store::PageMemory;
pub use timing::Timing;

/// Widest data bus, in 64-bit words.
pub const MAX_BEAT_WORDS: usize = 16;

/// The data of one beat, lowest word first; words beyond the bus are 0.
pub type Beat = [u64; MAX_BEAT_WORDS];

/// What stands on an address channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// Transaction id.
    pub id: u32,
    /// First byte.
    pub address: u64,
    /// Beats minus 1, as on the bus.
    pub length: u8,
    /// log2 of the bytes of a beat.
    pub size: u8,
    /// Burst kind: 0 fixed, 1 incrementing, 2 wrapping.
    pub burst: u8,
}

impl Address {
    /// Beats of the burst.
    pub fn beats(&self) -> usize {
        usize::from(self.length) + 1
    }

    /// Bytes of one beat.
    pub fn beat_bytes(&self) -> usize {
        1 << (self.size & 7)
    }

    /// Bytes of the burst.
    pub fn bytes(&self) -> usize {
        self.beats() * self.beat_bytes()
    }
}

/// One beat of the write-data channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteBeat {
    /// Data.
    pub data: Beat,
    /// Byte enables, bit 0 for the lowest byte.
    pub strobe: u128,
    /// Last beat of the burst.
    pub last: bool,
}

/// One beat of the read-data channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadBeat {
    /// Transaction id.
    pub id: u32,
    /// Data.
    pub data: Beat,
    /// Outcome.
    pub response: Response,
    /// Last beat of the burst.
    pub last: bool,
}

/// Outcome of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// Done.
    Okay = 0,
    /// The slave could not do it.
    SlaveError = 2,
}

/// The wires of one AXI4 bus, seen from the slave's side.
///
/// Reading a payload is meant only while its valid is high.
pub trait Pins {
    /// AWVALID.
    fn aw_valid(&self) -> bool;
    /// The write-address channel's payload.
    fn aw(&self) -> Address;
    /// WVALID.
    fn w_valid(&self) -> bool;
    /// The write-data channel's payload.
    fn w(&self) -> WriteBeat;
    /// ARVALID.
    fn ar_valid(&self) -> bool;
    /// The read-address channel's payload.
    fn ar(&self) -> Address;
    /// BREADY.
    fn b_ready(&self) -> bool;
    /// RREADY.
    fn r_ready(&self) -> bool;
    /// Drives AWREADY.
    fn set_aw_ready(&mut self, ready: bool);
    /// Drives WREADY.
    fn set_w_ready(&mut self, ready: bool);
    /// Drives ARREADY.
    fn set_ar_ready(&mut self, ready: bool);
    /// Drives the write-response channel: id and outcome, or no valid.
    fn set_b(&mut self, response: Option<(u32, Response)>);
    /// Drives the read-data channel, or no valid.
    fn set_r(&mut self, beat: Option<&ReadBeat>);
}

/// An address that memory does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no memory answers at address {address:#x}")]
pub struct MemoryFault {
    /// The address.
    pub address: u64,
}

/// What lies behind an AXI4 slave.
pub trait Memory {
    /// Fills `data` from the bytes at `address`; nothing is defined about `data` after a fault.
    fn read(&mut self, address: u64, data: &mut [u8]) -> Result<(), MemoryFault>;
    /// Stores `data` at `address`: all of it or, with a fault, an unknown part.
    fn write(&mut self, address: u64, data: &[u8]) -> Result<(), MemoryFault>;
}
