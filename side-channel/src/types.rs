//! What requests and replies are about.

use std::ops::Range;

/// Whether a board has anything left to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing to do until a register is written.
    Idle,
    /// More to do.
    Busy,
}

/// A fault that the self-test must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fault {
    /// A bit of an on-chip memory.
    OnChipMemory = 0,
    /// A bit of board memory.
    BoardMemory = 1,
    /// The arithmetic.
    Arithmetic = 2,
}

impl Fault {
    /// Every fault, at the index of its number.
    pub const ALL: [Fault; 3] = [Fault::OnChipMemory, Fault::BoardMemory, Fault::Arithmetic];
}

/// How host memory behaves beyond the ordinary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostBehaviour {
    /// Writes are posted: one that goes nowhere is answered as if it had arrived.
    pub posted: bool,
    /// Addresses whose writes get lost without a trace.
    pub lose_writes: Option<Range<u64>>,
}

impl HostBehaviour {
    /// Whether a write to this address gets lost.
    pub fn loses(&self, iova: u64) -> bool {
        self.lose_writes
            .as_ref()
            .is_some_and(|range| range.contains(&iova))
    }
}
