//! How a Verilated board is surrounded.

use std::path::PathBuf;

use crate::axi::Timing;
use crate::verilator::Start;

/// A window of clocks that is written to an FST file. The trace build is two to three times slower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wave {
    /// First clock.
    pub from: u64,
    /// Clock behind the last.
    pub to: u64,
    /// The file.
    pub path: PathBuf,
    /// Hierarchical name of the block to trace, from `top` on; none: everything.
    pub scope: Option<String>,
    /// Levels of hierarchy from there down; 0: all.
    pub levels: u16,
}

/// What stands around the hardware. The default: host memory as behind PCIe, board memory as one channel of DDR4 a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RtlOptions {
    /// Of all random delays.
    pub seed: u64,
    /// Host memory in time.
    pub host: Timing,
    /// Board memory in time; the same for every port.
    pub memory: Timing,
    /// Writes to host memory are posted: their faults vanish.
    pub posted: bool,
    /// Chance in 256 that a channel of the register bus waits a clock.
    pub register_gap: u8,
    /// Clocks after which a register access counts as not answered.
    pub register_time_limit: u64,
    /// The input `build_stamp`.
    pub build_stamp: u32,
    /// What registers without reset and memories hold at power-up.
    pub start: Start,
    /// A trace.
    pub wave: Option<Wave>,
}

impl Default for RtlOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            host: Timing::PCIE,
            memory: Timing::DDR4,
            posted: false,
            register_gap: 0,
            register_time_limit: 2 * goldilane_abi::RESET_CLOCKS,
            build_stamp: 0,
            start: Start::Zeros,
            wave: None,
        }
    }
}

impl RtlOptions {
    /// Everything at random, from this seed: for tests.
    pub fn hostile(seed: u64) -> Self {
        Self {
            seed,
            host: Timing::HOSTILE,
            memory: Timing {
                reorder: false,
                ..Timing::HOSTILE
            },
            register_gap: 100,
            start: Start::Random(seed as u32),
            ..Self::default()
        }
    }
}
