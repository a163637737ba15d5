//! What a simulated board is: something that answers register accesses and uses a bus towards host memory.
//!
//! Both boards (golden model and Verilated hardware) stand behind [`Board`]; every transport (in process, socket)
//! drives a board through it. The board calls the [`HostBus`] only from within [`Board::run`].

use goldilane_abi::Shape;
pub use goldilane_side_channel::{Fault, Incident, Progress};
use thiserror::Error;

/// An access that host memory refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("host memory refused {bytes} bytes at iova {iova:#x}")]
pub struct BusFault {
    /// Address of the access.
    pub iova: u64,
    /// Its length.
    pub bytes: usize,
}

/// Host memory and interrupts, as a board sees them.
pub trait HostBus {
    /// Reads host memory.
    fn read(&mut self, iova: u64, buffer: &mut [u8]) -> Result<(), BusFault>;
    /// Writes host memory; returns once the write is visible to the host.
    fn write(&mut self, iova: u64, data: &[u8]) -> Result<(), BusFault>;
    /// Raises an interrupt vector.
    fn interrupt(&mut self, vector: u16);
    /// Whether accesses are neither answered nor refused now: the board must not make any.
    fn stalled(&mut self) -> bool {
        false
    }
}

/// Kinds of reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetKind {
    /// By the control register.
    Register,
    /// Function level reset of PCI Express.
    FunctionLevel,
    /// Power-up: the error log, the counters and all memory too.
    PowerUp,
}

/// A simulated board.
pub trait Board: Send {
    /// What the board was generated for.
    fn shape(&self) -> Shape;
    /// Reads a 32-bit register.
    fn read_bar(&mut self, bar: u8, offset: u64) -> u32;
    /// Writes a 32-bit register.
    fn write_bar(&mut self, bar: u8, offset: u64, value: u32);
    /// Lets the board work for up to about `budget` clocks.
    fn run(&mut self, bus: &mut dyn HostBus, budget: u64) -> Progress;
    /// Resets the board; what is outstanding is drained in the following [`run`](Board::run).
    fn reset(&mut self, kind: ResetKind);
    /// Clocks since power-up (the model board: an estimate).
    fn clocks(&self) -> u64;
    /// The way around the registers that tests use.
    fn side_channel(&mut self) -> &mut dyn SideChannel;
}

/// What only a simulator can do: look into board memory (no operation of the board reads it back), spoil things.
pub trait SideChannel {
    /// The bytes of a line of board memory.
    fn read_line(&mut self, line: u64) -> Vec<u8>;
    /// Flips the bits of `mask` in byte `byte` of a line.
    fn flip_bits(&mut self, line: u64, byte: usize, mask: u8);
    /// Makes the self-test's part fail from now on, or heals it.
    fn inject(&mut self, fault: Fault, present: bool);
    /// Whether ciphertexts, keys or lookup tables of earlier jobs are still anywhere in the board.
    fn holds_secrets(&mut self) -> bool;
}
