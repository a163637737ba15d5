//! What can go wrong, always with the operation and the object.

use crate::Iova;
use crate::queue_pair::Ticket;
use goldilane_abi::{CapabilityError, Code, KeyLimit};
use std::time::Duration;
use thiserror::Error;

/// Result of a driver operation.
pub type Result<T> = std::result::Result<T, Error>;

/// A failed driver operation.
#[derive(Debug, Error)]
pub enum Error {
    /// The device or what leads to it failed.
    #[error("{operation} {object}: {reason}")]
    Device {
        /// What was tried.
        operation: &'static str,
        /// On what.
        object: String,
        /// Why it failed.
        reason: String,
    },
    /// The device is no board that this driver can use.
    #[error("open {device}: {reason}")]
    Unsupported {
        /// The device.
        device: String,
        /// Why not.
        reason: CapabilityError,
    },
    /// Registers read all ones: nobody answers.
    #[error(
        "{operation} {object}: all ones: the link is down, the device was removed, or it waits for a reset after a fatal error"
    )]
    LinkDown {
        /// What was tried.
        operation: &'static str,
        /// On what.
        object: String,
    },
    /// An access outside of a DMA buffer.
    #[error("access {bytes} bytes at {offset} of the DMA buffer of {size} bytes at {iova}")]
    OutOfBuffer {
        /// Start of the access.
        offset: usize,
        /// Its length.
        bytes: usize,
        /// Bytes of the buffer.
        size: usize,
        /// Where the buffer lies.
        iova: Iova,
    },
    /// An object has another size than the board takes.
    #[error("{object}: {found} words where {expected} are needed")]
    WrongSize {
        /// The object.
        object: String,
        /// Words needed.
        expected: usize,
        /// Words given.
        found: usize,
    },
    /// The key lies outside of the board's ranges.
    #[error("load key: {0}")]
    KeyRefused(#[from] KeyLimit),
    /// The source of a key failed: a torn file, a key of another kind.
    #[error("load key: {piece}: {reason}")]
    KeySource {
        /// The piece that was wanted.
        piece: String,
        /// Why it did not come.
        reason: String,
    },
    /// The board answered a job with an error.
    #[error("{operation} {object}: {code} ({}; info {info})", code.text())]
    Board {
        /// What was asked.
        operation: &'static str,
        /// Of what.
        object: String,
        /// The board's code.
        code: Code,
        /// What it adds.
        info: u32,
    },
    /// The board answered with a number that this driver does not know.
    #[error("{operation} {object}: unknown code {number}")]
    UnknownCode {
        /// What was asked.
        operation: &'static str,
        /// Of what.
        object: String,
        /// The number.
        number: u32,
    },
    /// The completion came but the record of an entry did not: a posted write was lost.
    #[error("bootstrap entry {entry}: its result record is missing")]
    RecordMissing {
        /// Index of the entry.
        entry: usize,
    },
    /// A result does not fit the CRC of its record: a posted write was lost or damaged.
    #[error("bootstrap entry {entry}: the result does not fit its CRC")]
    ResultDamaged {
        /// Index of the entry.
        entry: usize,
    },
    /// What came back of a loopback does not fit its CRC: a posted write was lost or damaged.
    #[error("loop back {bytes} bytes: what came back does not fit its CRC")]
    CopyDamaged {
        /// Bytes of the copy.
        bytes: usize,
    },
    /// A completion entry makes no sense: it was damaged on its way, or the board is. Nothing of the pair can be trusted
    /// before a reset, which brings its jobs back.
    #[error("queue pair {pair}: completion entry {position}: {reason}; reset the board")]
    CompletionDamaged {
        /// The pair.
        pair: u16,
        /// Position in the completion ring.
        position: u16,
        /// What is wrong with it.
        reason: String,
    },
    /// The board has gone past a completion entry that never came: a posted write was lost. A reset brings the jobs back.
    #[error(
        "queue pair {pair}: completion entry {position}: the board has written it and it never came; reset the board"
    )]
    CompletionMissing {
        /// The pair.
        pair: u16,
        /// Position in the completion ring.
        position: u16,
    },
    /// Time ran out. Jobs stay owned by the queue pair.
    #[error("{operation} {object}: not done after {limit:?}")]
    TimedOut {
        /// What was waited for.
        operation: &'static str,
        /// On what.
        object: String,
        /// The limit.
        limit: Duration,
    },
    /// The ticket names no job in flight of this pair.
    #[error("wait for {ticket} on queue pair {pair}: no such job")]
    UnknownTicket {
        /// The ticket.
        ticket: Ticket,
        /// The pair.
        pair: u16,
    },
    /// The pair's status register reports an error of the pair itself.
    #[error("queue pair {pair}: {code} ({})", code.text())]
    Pair {
        /// The pair.
        pair: u16,
        /// What it reports.
        code: Code,
    },
    /// The board has no room left; nothing is evicted silently.
    #[error("load {object}: all {slots} slots are taken; free one first")]
    NoFreeSlot {
        /// What was to be loaded.
        object: &'static str,
        /// Slots of the board.
        slots: u32,
    },
}

impl Error {
    /// The board's code, when the board refused.
    pub fn code(&self) -> Option<Code> {
        match self {
            Error::Board { code, .. } | Error::Pair { code, .. } => Some(*code),
            Error::KeyRefused(limit) => Some(limit.code),
            _ => None,
        }
    }
}
