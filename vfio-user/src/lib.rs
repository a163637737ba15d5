//! The vfio-user wire format, version 0.0: what a board process and whoever drives its board say to each other.
//!
//! | module | what |
//! |---|---|
//! | [`header`] | the 16 bytes before every message |
//! | [`payload`] | the fixed parts of every command and reply |
//! | [`version`] | negotiation: numbers and capabilities |
//! | [`stream`] | whole messages with their file descriptors over a socket, bounded in size and in time |
//!
//! Nothing here trusts the other side: what does not parse is a [`WireError`] with the errno to answer it with, and no
//! size is believed before it is checked. What the messages mean is told by the boards (`sim`) and by the driver.

pub mod header;
pub mod payload;
pub mod stream;
pub mod version;

pub use header::{Command, HEADER_BYTES, Header};
pub use stream::{Message, Stream, StreamError};
pub use version::{Capabilities, Version};

use thiserror::Error;

/// Most bytes of data in one message.
pub const MAX_TRANSFER: u32 = 64 * 1024;
/// Most bytes of a message: data, and the largest fixed part and header around it.
pub const MAX_MESSAGE: u32 = MAX_TRANSFER + 64;
/// Most file descriptors of a message.
pub const MAX_FDS: usize = 16;
/// Most mappings that a board keeps for a client.
pub const MAX_MAPPINGS: usize = 65_535;
/// Alignment of mappings in bytes.
pub const PAGE_BYTES: u64 = 4096;

/// Numbers of errors, as Linux has them.
pub mod errno {
    /// Input or output error.
    pub const EIO: u32 = 5;
    /// Too large.
    pub const E2BIG: u32 = 7;
    /// Not permitted.
    pub const EACCES: u32 = 13;
    /// In use.
    pub const EBUSY: u32 = 16;
    /// Exists already.
    pub const EEXIST: u32 = 17;
    /// Argument that cannot be used.
    pub const EINVAL: u32 = 22;
    /// No room.
    pub const ENOSPC: u32 = 28;
    /// Not there.
    pub const ENOENT: u32 = 2;
    /// No such operation.
    pub const ENOTSUP: u32 = 95;
    /// Protocol violation.
    pub const EPROTO: u32 = 71;
}

/// A message that breaks the format.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WireError {
    /// The header's size is smaller than a header or larger than [`MAX_MESSAGE`].
    #[error(
        "message of {size} bytes (a header has {HEADER_BYTES}, a message at most {MAX_MESSAGE})"
    )]
    Size {
        /// The size in the header.
        size: u32,
    },
    /// Neither a command nor a reply.
    #[error("flags {flags:#x}: neither a command nor a reply")]
    Type {
        /// The header's flags.
        flags: u32,
    },
    /// The payload is too short for its command.
    #[error("{what} of {found} bytes where {needed} are needed")]
    Short {
        /// The payload.
        what: &'static str,
        /// Its bytes.
        found: usize,
        /// Bytes of the fixed part, or of the data that it announces.
        needed: usize,
    },
    /// The text of a version message is no JSON that ends with a zero byte.
    #[error("version: the capabilities are no text in JSON: {reason}")]
    Capabilities {
        /// What is wrong.
        reason: String,
    },
    /// More file descriptors than a message may carry.
    #[error("more than {MAX_FDS} file descriptors")]
    TooManyFds,
}

impl WireError {
    /// What to answer.
    pub fn errno(&self) -> u32 {
        match self {
            Self::Size { size } if *size > MAX_MESSAGE => errno::E2BIG,
            Self::TooManyFds => errno::E2BIG,
            _ => errno::EINVAL,
        }
    }
}
