//! The 16 bytes before every message: id u16, command u16, size u32 (of the whole message), flags u32, errno u32, all
//! little-endian.

use crate::{MAX_MESSAGE, WireError};

/// Bytes of a header.
pub const HEADER_BYTES: usize = 16;

const TYPE_MASK: u32 = 0xf;
const TYPE_REPLY: u32 = 1;
const NO_REPLY: u32 = 1 << 4;
const ERROR: u32 = 1 << 5;

/// The commands of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Command {
    /// Negotiation, always first.
    Version = 1,
    /// Memory that the board may use.
    DmaMap = 2,
    /// The end of that.
    DmaUnmap = 3,
    /// Number of regions and interrupt indices.
    DeviceInfo = 4,
    /// Size and flags of a region.
    RegionInfo = 5,
    /// File descriptors of a region for eventfd-like accesses.
    RegionIoFds = 6,
    /// Number and flags of the vectors of an interrupt index.
    IrqInfo = 7,
    /// Event descriptors of vectors.
    SetIrqs = 8,
    /// Read of a region.
    RegionRead = 9,
    /// Write to a region.
    RegionWrite = 10,
    /// Read of client memory, by the board.
    DmaRead = 11,
    /// Write to client memory, by the board.
    DmaWrite = 12,
    /// Function level reset.
    DeviceReset = 13,
}

impl Command {
    const ALL: [Command; 13] = [
        Command::Version,
        Command::DmaMap,
        Command::DmaUnmap,
        Command::DeviceInfo,
        Command::RegionInfo,
        Command::RegionIoFds,
        Command::IrqInfo,
        Command::SetIrqs,
        Command::RegionRead,
        Command::RegionWrite,
        Command::DmaRead,
        Command::DmaWrite,
        Command::DeviceReset,
    ];

    /// The command of a number, if this version has it.
    pub fn from_number(number: u16) -> Option<Self> {
        let index = usize::from(number).checked_sub(1)?;
        Self::ALL.get(index).copied()
    }

    /// As it stands in messages for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Version => "VERSION",
            Self::DmaMap => "DMA_MAP",
            Self::DmaUnmap => "DMA_UNMAP",
            Self::DeviceInfo => "DEVICE_GET_INFO",
            Self::RegionInfo => "DEVICE_GET_REGION_INFO",
            Self::RegionIoFds => "DEVICE_GET_REGION_IO_FDS",
            Self::IrqInfo => "DEVICE_GET_IRQ_INFO",
            Self::SetIrqs => "DEVICE_SET_IRQS",
            Self::RegionRead => "REGION_READ",
            Self::RegionWrite => "REGION_WRITE",
            Self::DmaRead => "DMA_READ",
            Self::DmaWrite => "DMA_WRITE",
            Self::DeviceReset => "DEVICE_RESET",
        }
    }
}

/// A header that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Chosen by whoever asks, repeated in the reply.
    pub id: u16,
    /// Number of the command; see [`Command::from_number`].
    pub command: u16,
    /// Bytes of the whole message.
    pub size: u32,
    /// A reply, not a command.
    pub reply: bool,
    /// A command that wants no reply.
    pub no_reply: bool,
    /// The errno of a failed command.
    pub error: Option<u32>,
}

impl Header {
    /// A command with this many bytes of payload.
    pub fn command(id: u16, command: Command, payload: usize) -> Self {
        Self {
            id,
            command: command as u16,
            size: (HEADER_BYTES + payload) as u32,
            reply: false,
            no_reply: false,
            error: None,
        }
    }

    /// The reply to a command: what it asked for, or why not.
    pub fn reply_to(self, payload: usize, error: Option<u32>) -> Self {
        Self {
            size: (HEADER_BYTES + payload) as u32,
            reply: true,
            no_reply: false,
            error,
            ..self
        }
    }

    /// Bytes behind the header.
    pub fn payload(&self) -> usize {
        (self.size as usize).saturating_sub(HEADER_BYTES)
    }

    /// Reads a header.
    ///
    /// # Errors
    /// A size that no message has, flags of no known type.
    pub fn parse(bytes: &[u8; HEADER_BYTES]) -> Result<Self, WireError> {
        let short = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let word = |at: usize| u32::from(short(at)) | u32::from(short(at + 2)) << 16;
        let (size, flags) = (word(4), word(8));
        if size < HEADER_BYTES as u32 || size > MAX_MESSAGE {
            return Err(WireError::Size { size });
        }
        let reply = match flags & TYPE_MASK {
            0 => false,
            TYPE_REPLY => true,
            _ => return Err(WireError::Type { flags }),
        };
        Ok(Self {
            id: short(0),
            command: short(2),
            size,
            reply,
            no_reply: flags & NO_REPLY != 0,
            error: (flags & ERROR != 0).then_some(word(12)),
        })
    }

    /// The 16 bytes.
    pub fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let bit = |condition: bool, bit: u32| if condition { bit } else { 0 };
        let flags = bit(self.reply, TYPE_REPLY)
            | bit(self.no_reply, NO_REPLY)
            | bit(self.error.is_some(), ERROR);
        let mut bytes = [0; HEADER_BYTES];
        bytes[..2].copy_from_slice(&self.id.to_le_bytes());
        bytes[2..4].copy_from_slice(&self.command.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.size.to_le_bytes());
        bytes[8..12].copy_from_slice(&flags.to_le_bytes());
        bytes[12..].copy_from_slice(&self.error.unwrap_or(0).to_le_bytes());
        bytes
    }

    /// The id and the command of a header whatever else is wrong with it: to answer it.
    pub fn answerable(bytes: &[u8; HEADER_BYTES]) -> Self {
        Self {
            id: u16::from_le_bytes([bytes[0], bytes[1]]),
            command: u16::from_le_bytes([bytes[2], bytes[3]]),
            size: HEADER_BYTES as u32,
            reply: false,
            no_reply: false,
            error: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_bytes() {
        let header = Header {
            no_reply: true,
            ..Header::command(0x0102, Command::RegionWrite, 20)
        };
        let bytes = [2, 1, 10, 0, 36, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(header.to_bytes(), bytes);
        assert_eq!(Header::parse(&bytes), Ok(header));
        let failed = header.reply_to(0, Some(22));
        let bytes = [2, 1, 10, 0, 16, 0, 0, 0, 0x21, 0, 0, 0, 22, 0, 0, 0];
        assert_eq!(failed.to_bytes(), bytes);
    }

    #[test]
    fn numbers_lead_to_commands_and_back() {
        for number in 0..=u16::MAX {
            match Command::from_number(number) {
                Some(command) => assert_eq!(command as u16, number),
                None => assert!(number == 0 || number > 13),
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_parse_or_are_refused(bytes: [u8; HEADER_BYTES]) {
            if let Ok(header) = Header::parse(&bytes) {
                prop_assert!((HEADER_BYTES as u32..=MAX_MESSAGE).contains(&header.size));
                prop_assert_eq!(Header::parse(&header.to_bytes()), Ok(header));
            }
            Header::answerable(&bytes);
        }
    }
}
