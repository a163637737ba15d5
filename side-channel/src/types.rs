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

/// Something that is wrong between a board and its host for as long as it is armed. Addresses are IOVAs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disturbance {
    /// The link is down: registers read all ones, and nothing that is written, moved or raised arrives.
    LinkDown,
    /// Reads of registers are not answered.
    HungReads,
    /// The board may not use the bus towards the host: its accesses are refused, its interrupts get lost.
    NoBusMaster,
    /// From this access of the board on none is answered.
    StalledDma {
        /// Accesses that are answered first.
        after: u64,
    },
    /// Writes are posted: one that goes nowhere is answered as if it had arrived.
    PostedWrites,
    /// Writes that begin at these addresses get lost without a trace.
    LostWrites(Range<u64>),
    /// A bit of every byte that is read from these addresses is flipped.
    DamagedReads(Range<u64>),
    /// A bit of every byte that is written to these addresses is flipped.
    DamagedWrites(Range<u64>),
    /// Behind every write that begins at these addresses so many bytes more are written.
    Overrun {
        /// Where writes begin.
        writes: Range<u64>,
        /// Bytes more.
        bytes: u64,
    },
    /// Interrupts get lost.
    LostInterrupts,
    /// Every interrupt comes twice: again with the board's next access.
    DoubledInterrupts,
    /// Mappings that are ended stay, and the answer says that nothing was ended.
    IgnoredUnmaps,
}

/// Something that happens once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incident {
    /// An interrupt vector is raised for no reason.
    Interrupt(u16),
    /// A fatal error of the bus is reported (AER): the board answers nothing before a function level reset.
    FatalError,
    /// The host asks for the device, to remove it in order.
    Removal,
    /// The board process dies, and another one takes its place: the connection ends, everything on the board is gone.
    Death,
}
