//! The submission entry: 64 bytes, eight little-endian words.
//!
//! A [`Descriptor`] holds raw numbers, so that a wrong one can be written down too; the board answers it with a code.

use crate::field::{fields, to_bytes, to_words};
use crate::{KeyShape, ModulusSwitch};

/// Where the fields lie.
pub mod fields {
    super::fields! {
        OPCODE = 0 [7:0] "Operation.";
        FLAGS = 0 [15:8] "Flags; bits 3 to 7 are reserved.";
        TICKET = 0 [31:16] "Comes back in the completion entry.";
        COUNT = 0 [47:32] "Entries of a bootstrap; else ignored.";
        CHECKPOINT = 0 [51:48] "Stage checkpoint of a bootstrap: 0 none, 1 key switch, 2 modulus switch, 3 accumulator.";
        RESERVED_0 = 0 [63:52] "Reserved, 0.";
        SOURCE = 1 [63:0] "IOVA of the entries, the key piece, the lookup table, the loopback source.";
        DESTINATION = 2 [63:0] "IOVA of the result records, the loopback destination.";
        LENGTH = 3 [31:0] "Bytes of a load or loopback.";
        CRC = 3 [63:32] "CRC-32C of these bytes.";
        KEY_SLOT = 4 [15:0] "Key handle of a bootstrap: slot.";
        KEY_GENERATION = 4 [31:16] "Key handle of a bootstrap: generation.";
        OBJECT_SLOT = 4 [47:32] "Slot to load, commit or free.";
        OBJECT_GENERATION = 4 [63:48] "Generation of the object to free.";
        LWE_DIMENSION = 5 [15:0] "n of the key (load piece, commit).";
        PBS_BASE_LOG = 5 [23:16] "b of the bootstrap base 2^b.";
        PBS_LEVELS = 5 [31:24] "Bootstrap levels.";
        KS_BASE_LOG = 5 [39:32] "Key-switch base as a power of two.";
        KS_LEVELS = 5 [47:40] "Key-switch levels.";
        PIECE_KIND = 5 [51:48] "0 GGSW, 1 column of the key-switching key.";
        MODULUS_SWITCH = 5 [55:52] "0 plain (refused), 1 centered.";
        RESERVED_5 = 5 [63:56] "Reserved, 0.";
        STEP = 6 [31:0] "Steps of blind rotation before the accumulator checkpoint.";
        PIECE_INDEX = 6 [63:32] "Index of the key piece.";
        RESERVED_7 = 7 [63:0] "Reserved, 0.";
    }
}

/// Operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Opcode {
    /// Completes, nothing else.
    NoOp = 0,
    /// Host memory to host memory through the board.
    Loopback = 1,
    /// One whole piece of a key: a GGSW or a column of the key-switching key.
    LoadKeyPiece = 2,
    /// Makes a completely loaded key usable.
    CommitKey = 3,
    /// A lookup table, plain or an encrypted GLWE.
    LoadLut = 4,
    /// A list of bootstraps.
    Bootstrap = 5,
    /// Forgets a key and zeroises its memory.
    FreeKey = 6,
    /// Forgets a lookup table and zeroises its memory.
    FreeLut = 7,
    /// Memories and a known answer.
    SelfTest = 8,
}

impl Opcode {
    /// All of them with a line each.
    pub const ALL: &'static [(Opcode, &'static str, &'static str)] = &[
        (Opcode::NoOp, "no_op", "Completes, nothing else."),
        (
            Opcode::Loopback,
            "loopback",
            "Copies `length` bytes from source to destination; info is their CRC.",
        ),
        (
            Opcode::LoadKeyPiece,
            "load_key_piece",
            "Takes one whole piece into key slot `object`; info is the slot's generation.",
        ),
        (
            Opcode::CommitKey,
            "commit_key",
            "Makes the completely loaded key of slot `object` usable; info is its generation.",
        ),
        (
            Opcode::LoadLut,
            "load_lut",
            "Takes a GLWE, or with flag plain_lut its body alone, into LUT slot `object`; info is its generation.",
        ),
        (
            Opcode::Bootstrap,
            "bootstrap",
            "Bootstraps `count` entries with the key; info is the index of the first that failed.",
        ),
        (
            Opcode::FreeKey,
            "free_key",
            "Forgets the key, loaded or half loaded, and zeroises its memory.",
        ),
        (
            Opcode::FreeLut,
            "free_lut",
            "Forgets the lookup table and zeroises its memory.",
        ),
        (
            Opcode::SelfTest,
            "self_test",
            "Memories, unused board memory, one known answer; info has a bit for each part that failed.",
        ),
    ];

    /// The operation with this number.
    pub fn from_number(number: u8) -> Option<Opcode> {
        Self::ALL
            .iter()
            .map(|row| row.0)
            .find(|&opcode| opcode as u8 == number)
    }

    /// Its name in logs and documentation.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// Flags of a descriptor.
pub mod flags {
    /// Check the CRC of what is read, make the CRC of what is written.
    pub const CRC: u8 = 1 << 0;
    /// The completion counts for the pair's interrupt.
    pub const INTERRUPT: u8 = 1 << 1;
    /// Load LUT: only the body polynomial is sent, the mask is zero.
    pub const PLAIN_LUT: u8 = 1 << 2;
    /// Every flag there is.
    pub const KNOWN: u8 = CRC | INTERRUPT | PLAIN_LUT;
    /// Names for the documentation.
    pub const ALL: &[(u8, &str, &str)] = &[
        (
            CRC,
            "crc",
            "Check the CRC of what is read, make the CRC of what is written.",
        ),
        (
            INTERRUPT,
            "interrupt",
            "The completion counts for the pair's interrupt.",
        ),
        (
            PLAIN_LUT,
            "plain_lut",
            "Load LUT: only the body polynomial is sent, the mask is zero.",
        ),
    ];
}

/// Kind of a key piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum PieceKind {
    /// GGSW i of the bootstrapping key, in the transform's domain.
    Ggsw = 0,
    /// Column j of the key-switching key.
    KskColumn = 1,
}

/// Which stage a bootstrap writes out instead of its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum CheckpointKind {
    /// The extracted ciphertext: no checkpoint.
    None = 0,
    /// `u32[n+1]` after key switch.
    KeySwitch = 1,
    /// `u16[n+1]` after modulus switch.
    ModSwitch = 2,
    /// `u64[(k+1)N]` in natural order after some steps of blind rotation.
    Accumulator = 3,
}

impl CheckpointKind {
    /// The kind with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        [
            Self::None,
            Self::KeySwitch,
            Self::ModSwitch,
            Self::Accumulator,
        ]
        .get(usize::from(number))
        .copied()
    }
}

/// Slot and generation: what names a key or a lookup table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Handle {
    /// Slot in board memory.
    pub slot: u16,
    /// Counts how often the slot was freed.
    pub generation: u16,
}

/// A submission entry. Raw numbers; see [`fields`] for what they mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each field is documented in the table `fields`"
)]
pub struct Descriptor {
    pub opcode: u8,
    pub flags: u8,
    pub ticket: u16,
    pub count: u16,
    pub checkpoint: u8,
    pub source: u64,
    pub destination: u64,
    pub length: u32,
    pub crc: u32,
    pub key: Handle,
    pub object: Handle,
    pub lwe_dimension: u16,
    pub pbs_base_log: u8,
    pub pbs_levels: u8,
    pub ks_base_log: u8,
    pub ks_levels: u8,
    pub piece_kind: u8,
    pub modulus_switch: u8,
    pub step: u32,
    pub piece_index: u32,
    /// The reserved bits of words 0 (bits 0 to 11), 5 (bits 12 to 19) and 7 (folded: any set bit sets bit 20).
    pub reserved: u32,
}

impl Descriptor {
    /// Bytes on the wire.
    pub const BYTES: usize = 64;
    /// Words on the wire.
    pub const WORDS: usize = 8;

    /// A descriptor of this operation, flags `crc` and `interrupt`, everything else 0.
    pub fn new(opcode: Opcode) -> Self {
        Self {
            opcode: opcode as u8,
            flags: flags::CRC | flags::INTERRUPT,
            ..Self::default()
        }
    }

    /// Puts a key's numbers in.
    pub fn with_key_shape(mut self, key: &KeyShape) -> Self {
        self.lwe_dimension = key.lwe_dimension;
        self.pbs_base_log = key.pbs_base_log;
        self.pbs_levels = key.pbs_levels;
        self.ks_base_log = key.ks_base_log;
        self.ks_levels = key.ks_levels;
        self.modulus_switch = key.modulus_switch as u8;
        self
    }

    /// The key's numbers; `None` for a modulus switch of an unknown kind.
    pub fn key_shape(&self) -> Option<KeyShape> {
        Some(KeyShape {
            lwe_dimension: self.lwe_dimension,
            pbs_base_log: self.pbs_base_log,
            pbs_levels: self.pbs_levels,
            ks_base_log: self.ks_base_log,
            ks_levels: self.ks_levels,
            modulus_switch: match self.modulus_switch {
                0 => ModulusSwitch::Plain,
                1 => ModulusSwitch::Centered,
                _ => return None,
            },
        })
    }

    /// The eight words.
    pub fn to_words(&self) -> [u64; Self::WORDS] {
        let mut words = [0; Self::WORDS];
        for (field, value) in self.values() {
            field.set(&mut words, value);
        }
        words
    }

    /// The 64 bytes.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        to_bytes(&self.to_words())
    }

    fn values(&self) -> [(crate::field::Field, u64); 25] {
        use fields::*;
        [
            (OPCODE, self.opcode.into()),
            (FLAGS, self.flags.into()),
            (TICKET, self.ticket.into()),
            (COUNT, self.count.into()),
            (CHECKPOINT, self.checkpoint.into()),
            (RESERVED_0, (self.reserved & 0xfff).into()),
            (SOURCE, self.source),
            (DESTINATION, self.destination),
            (LENGTH, self.length.into()),
            (CRC, self.crc.into()),
            (KEY_SLOT, self.key.slot.into()),
            (KEY_GENERATION, self.key.generation.into()),
            (OBJECT_SLOT, self.object.slot.into()),
            (OBJECT_GENERATION, self.object.generation.into()),
            (LWE_DIMENSION, self.lwe_dimension.into()),
            (PBS_BASE_LOG, self.pbs_base_log.into()),
            (PBS_LEVELS, self.pbs_levels.into()),
            (KS_BASE_LOG, self.ks_base_log.into()),
            (KS_LEVELS, self.ks_levels.into()),
            (PIECE_KIND, self.piece_kind.into()),
            (MODULUS_SWITCH, self.modulus_switch.into()),
            (RESERVED_5, (self.reserved >> 12 & 0xff).into()),
            (STEP, self.step.into()),
            (PIECE_INDEX, self.piece_index.into()),
            (RESERVED_7, (self.reserved >> 20 & 1).into()),
        ]
    }

    /// From the eight words.
    pub fn from_words(words: &[u64; Self::WORDS]) -> Self {
        use fields::*;
        let reserved_7 = u32::from(RESERVED_7.get(words) != 0);
        Self {
            opcode: OPCODE.get(words) as u8,
            flags: FLAGS.get(words) as u8,
            ticket: TICKET.get(words) as u16,
            count: COUNT.get(words) as u16,
            checkpoint: CHECKPOINT.get(words) as u8,
            source: SOURCE.get(words),
            destination: DESTINATION.get(words),
            length: LENGTH.get(words) as u32,
            crc: CRC.get(words) as u32,
            key: Handle {
                slot: KEY_SLOT.get(words) as u16,
                generation: KEY_GENERATION.get(words) as u16,
            },
            object: Handle {
                slot: OBJECT_SLOT.get(words) as u16,
                generation: OBJECT_GENERATION.get(words) as u16,
            },
            lwe_dimension: LWE_DIMENSION.get(words) as u16,
            pbs_base_log: PBS_BASE_LOG.get(words) as u8,
            pbs_levels: PBS_LEVELS.get(words) as u8,
            ks_base_log: KS_BASE_LOG.get(words) as u8,
            ks_levels: KS_LEVELS.get(words) as u8,
            piece_kind: PIECE_KIND.get(words) as u8,
            modulus_switch: MODULUS_SWITCH.get(words) as u8,
            step: STEP.get(words) as u32,
            piece_index: PIECE_INDEX.get(words) as u32,
            reserved: RESERVED_0.get(words) as u32
                | (RESERVED_5.get(words) as u32) << 12
                | reserved_7 << 20,
        }
    }

    /// From the 64 bytes.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        Self::from_words(&to_words(bytes))
    }
}

const _: () = assert!(Descriptor::BYTES == Descriptor::WORDS * 8 && Descriptor::BYTES == 64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_tile_the_words() {
        let mut seen = [0u64; Descriptor::WORDS];
        for field in fields::ALL {
            let mut mask = [0; Descriptor::WORDS];
            field.set(&mut mask, u64::MAX);
            assert_eq!(
                seen[field.word] & mask[field.word],
                0,
                "{} overlaps",
                field.name
            );
            seen[field.word] |= mask[field.word];
        }
        assert_eq!(seen, [u64::MAX; Descriptor::WORDS]);
    }

    #[test]
    fn every_field_survives_the_wire() {
        for field in fields::ALL {
            let mut words = [0; Descriptor::WORDS];
            field.set(&mut words, 1);
            assert_eq!(
                Descriptor::from_words(&words).to_words(),
                words,
                "{}",
                field.name
            );
        }
        let bytes: [u8; 64] = core::array::from_fn(|index| {
            if index < 56 {
                (index * 37 + 1) as u8
            } else {
                0
            }
        });
        assert_eq!(Descriptor::from_bytes(&bytes).to_bytes(), bytes);
    }

    #[test]
    fn opcodes_are_dense() {
        for (index, row) in Opcode::ALL.iter().enumerate() {
            assert_eq!(row.0 as usize, index);
            assert_eq!(row.0.name(), row.1);
        }
        assert_eq!(Opcode::from_number(9), None);
    }
}
