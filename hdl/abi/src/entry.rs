//! What a bootstrap descriptor points to: 32-byte entries and 16-byte result records.

use crate::field::{fields, to_bytes, to_words};
use crate::{Code, Handle};

/// Where the fields of an entry lie.
pub mod entry_fields {
    super::fields! {
        INPUT = 0 [63:0] "IOVA of the input ciphertext: kN + 1 words, natural order.";
        OUTPUT = 1 [63:0] "IOVA of the output.";
        CAPACITY = 2 [31:0] "Bytes of the output buffer.";
        LUT_SLOT = 2 [47:32] "Lookup table: slot.";
        LUT_GENERATION = 2 [63:48] "Lookup table: generation.";
        DEGREES = 3 [15:0] "Extraction degrees, 1 to 16: i times stride for i = 0, 1, ..";
        STRIDE = 3 [31:16] "Distance of the degrees, below N.";
        CRC = 3 [63:32] "CRC-32C of the input's bytes.";
    }
}

/// Where the fields of a result record lie.
pub mod record_fields {
    super::fields! {
        STATUS = 0 [31:0] "Code of the entry.";
        LENGTH = 0 [63:32] "Bytes of the output without the gaps; for capacity_too_small the capacity needed.";
        CRC = 1 [31:0] "CRC-32C of these bytes (flag crc), else 0.";
        RESERVED = 1 [63:32] "0.";
    }
}

/// One ciphertext of a bootstrap descriptor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each field is documented in the table `entry_fields`"
)]
pub struct Entry {
    pub input: u64,
    pub output: u64,
    pub capacity: u32,
    pub lut: Handle,
    pub degrees: u16,
    pub stride: u16,
    pub crc: u32,
}

impl Entry {
    /// Bytes on the wire.
    pub const BYTES: usize = 32;
    /// Words on the wire.
    pub const WORDS: usize = 4;

    /// The 32 bytes.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        use entry_fields::*;
        let mut words = [0; Self::WORDS];
        INPUT.set(&mut words, self.input);
        OUTPUT.set(&mut words, self.output);
        CAPACITY.set(&mut words, self.capacity.into());
        LUT_SLOT.set(&mut words, self.lut.slot.into());
        LUT_GENERATION.set(&mut words, self.lut.generation.into());
        DEGREES.set(&mut words, self.degrees.into());
        STRIDE.set(&mut words, self.stride.into());
        CRC.set(&mut words, self.crc.into());
        to_bytes(&words)
    }

    /// From the 32 bytes.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        use entry_fields::*;
        let words: [u64; Self::WORDS] = to_words(bytes);
        Self {
            input: INPUT.get(&words),
            output: OUTPUT.get(&words),
            capacity: CAPACITY.get(&words) as u32,
            lut: Handle {
                slot: LUT_SLOT.get(&words) as u16,
                generation: LUT_GENERATION.get(&words) as u16,
            },
            degrees: DEGREES.get(&words) as u16,
            stride: STRIDE.get(&words) as u16,
            crc: CRC.get(&words) as u32,
        }
    }
}

const _: () = assert!(Entry::BYTES == Entry::WORDS * 8 && Entry::BYTES == 32);

/// What became of one entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResultRecord {
    /// Number of the [`Code`].
    pub status: u32,
    /// Bytes of the output without the gaps.
    pub length: u32,
    /// CRC-32C of these bytes.
    pub crc: u32,
}

impl ResultRecord {
    /// Bytes on the wire.
    pub const BYTES: usize = 16;
    /// Words on the wire.
    pub const WORDS: usize = 2;
    /// What a driver writes beforehand, so that a record that never came shows: no code has this number.
    pub const MISSING: ResultRecord = ResultRecord {
        status: u32::MAX,
        length: 0,
        crc: 0,
    };

    /// The status as a code.
    pub fn code(&self) -> Option<Code> {
        u8::try_from(self.status).ok().and_then(Code::from_number)
    }

    /// The 16 bytes.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        use record_fields::*;
        let mut words = [0; Self::WORDS];
        STATUS.set(&mut words, self.status.into());
        LENGTH.set(&mut words, self.length.into());
        CRC.set(&mut words, self.crc.into());
        to_bytes(&words)
    }

    /// From the 16 bytes.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        use record_fields::*;
        let words: [u64; Self::WORDS] = to_words(bytes);
        Self {
            status: STATUS.get(&words) as u32,
            length: LENGTH.get(&words) as u32,
            crc: CRC.get(&words) as u32,
        }
    }
}

const _: () = assert!(ResultRecord::BYTES == ResultRecord::WORDS * 8 && ResultRecord::BYTES == 16);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_and_back() {
        let bytes: [u8; 32] = core::array::from_fn(|index| (index * 29 + 3) as u8);
        assert_eq!(Entry::from_bytes(&bytes).to_bytes(), bytes);
        let bytes: [u8; 16] = core::array::from_fn(|index| {
            if index < 12 {
                (index * 31 + 5) as u8
            } else {
                0
            }
        });
        assert_eq!(ResultRecord::from_bytes(&bytes).to_bytes(), bytes);
        assert_eq!(ResultRecord::MISSING.code(), None);
    }
}
