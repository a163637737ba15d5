//! The completion entry: 16 bytes, with the phase bit in the first 32-bit word.

use crate::Code;
use crate::field::{fields, to_bytes, to_words};

/// Where the fields lie.
pub mod fields {
    super::fields! {
        TICKET = 0 [15:0] "Ticket of the descriptor.";
        CODE = 0 [23:16] "Code of the descriptor.";
        PHASE = 0 [24:24] "1 in the first pass through the ring, then 0, and so on.";
        RESERVED_0 = 0 [31:25] "0.";
        SUBMISSION_HEAD = 0 [47:32] "Position in the submission ring up to which descriptors have been fetched.";
        FAILED = 0 [63:48] "Entries of a bootstrap that failed.";
        INFO = 1 [31:0] "Depends on operation and code.";
        QUEUE = 1 [47:32] "Number of the pair.";
        RESERVED_1 = 1 [63:48] "0.";
    }
}

/// One completion entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each field is documented in the table `fields`"
)]
pub struct Completion {
    pub ticket: u16,
    pub code: u8,
    pub phase: bool,
    pub submission_head: u16,
    pub failed: u16,
    pub info: u32,
    pub queue: u16,
}

impl Completion {
    /// Bytes on the wire.
    pub const BYTES: usize = 16;
    /// Words on the wire.
    pub const WORDS: usize = 2;
    /// The phase bit within the first 32-bit word, the one to read first.
    pub const PHASE_MASK: u32 = 1 << 24;

    /// The code; `None` for a number that this version does not know.
    pub fn code(&self) -> Option<Code> {
        Code::from_number(self.code)
    }

    /// The 16 bytes.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        use fields::*;
        let mut words = [0; Self::WORDS];
        TICKET.set(&mut words, self.ticket.into());
        CODE.set(&mut words, self.code.into());
        PHASE.set(&mut words, self.phase.into());
        SUBMISSION_HEAD.set(&mut words, self.submission_head.into());
        FAILED.set(&mut words, self.failed.into());
        INFO.set(&mut words, self.info.into());
        QUEUE.set(&mut words, self.queue.into());
        to_bytes(&words)
    }

    /// From the 16 bytes.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        use fields::*;
        let words: [u64; Self::WORDS] = to_words(bytes);
        Self {
            ticket: TICKET.get(&words) as u16,
            code: CODE.get(&words) as u8,
            phase: PHASE.get(&words) == 1,
            submission_head: SUBMISSION_HEAD.get(&words) as u16,
            failed: FAILED.get(&words) as u16,
            info: INFO.get(&words) as u32,
            queue: QUEUE.get(&words) as u16,
        }
    }
}

const _: () = assert!(Completion::BYTES == Completion::WORDS * 8 && Completion::BYTES == 16);
const _: () = assert!(Completion::PHASE_MASK as u64 == fields::PHASE.mask() << fields::PHASE.low);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_and_back() {
        let entry = Completion {
            ticket: 0x1234,
            code: Code::EntriesFailed as u8,
            phase: true,
            submission_head: 0x5678,
            failed: 3,
            info: 0x9abc_def0,
            queue: 1,
        };
        let bytes = entry.to_bytes();
        assert_eq!(
            bytes,
            [
                0x34, 0x12, 31, 1, 0x78, 0x56, 3, 0, 0xf0, 0xde, 0xbc, 0x9a, 1, 0, 0, 0
            ]
        );
        assert_eq!(Completion::from_bytes(&bytes), entry);
        assert_eq!(entry.code(), Some(Code::EntriesFailed));
    }
}
