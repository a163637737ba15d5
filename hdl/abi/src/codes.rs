//! What can happen to a job: one enum for completions, result records, the error log.
//!
//! Numbers are stable: a code keeps its number for ever and a number is never used again.

use core::fmt;

macro_rules! codes {
    ($($name:ident = $number:literal $snake:literal $text:literal;)*) => {
        /// Outcome of a descriptor, an entry or a register access.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Code {
            $(#[doc = $text] $name = $number,)*
        }

        impl Code {
            /// Every code, in the order of the numbers.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The code with this number.
            pub const fn from_number(number: u8) -> Option<Code> {
                match number { $($number => Some(Code::$name),)* _ => None }
            }

            /// Name as it stands in logs, reports and the documentation.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$name => $snake,)* }
            }

            /// What it means, one sentence.
            pub const fn text(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }
        }
    };
}

codes! {
    Success = 0 "success" "The job is done.";
    UnknownOpcode = 1 "unknown_opcode" "The descriptor's opcode is none that this board knows.";
    BadDescriptor = 2 "bad_descriptor" "A reserved bit of the descriptor is set or a field holds no valid choice.";
    CountZero = 3 "count_zero" "A bootstrap descriptor without entries.";
    CountTooLarge = 4 "count_too_large" "A bootstrap descriptor with more entries than the board takes; info is the limit.";
    Misaligned = 5 "misaligned" "An address is not a multiple of 64 or a length not a multiple of 8.";
    WrongLength = 6 "wrong_length" "The length is not that of the object; info is the length expected.";
    ReadFault = 7 "read_fault" "Host memory could not be read at an address that the job gave.";
    WriteFault = 8 "write_fault" "Host memory refused a write at an address that the job gave.";
    CrcMismatch = 9 "crc_mismatch" "The bytes that arrived do not fit the CRC that the job gave.";
    CapacityTooSmall = 10 "capacity_too_small" "The output does not fit its buffer; the record's length is the capacity needed.";
    UnknownKey = 11 "unknown_key" "No committed key lies in this slot under this generation.";
    UnknownLut = 12 "unknown_lut" "No lookup table lies in this slot under this generation.";
    NoSuchSlot = 13 "no_such_slot" "The slot's number is too large; info is the number of slots.";
    SlotOccupied = 14 "slot_occupied" "The slot holds an object that was not freed.";
    InUse = 15 "in_use" "The object is used by a queued or running job.";
    Clearing = 16 "clearing" "The memory that the job needs is still being cleared.";
    KeyIncomplete = 17 "key_incomplete" "Commit before every piece of the key has come; info is the number of pieces present.";
    KeyShapeMismatch = 18 "key_shape_mismatch" "The piece or the commit names another shape than the key's first piece.";
    LweDimensionOutOfRange = 19 "lwe_dimension_out_of_range" "n is 0 or above the board's maximum; info is the maximum.";
    PbsBaseOutOfRange = 20 "pbs_base_out_of_range" "The bootstrap base is 0 or above the board's maximum; info is the maximum.";
    PbsLevelsOutOfRange = 21 "pbs_levels_out_of_range" "The bootstrap levels are 0 or above the board's maximum, or base times levels above 63; info is the maximum.";
    KsBaseOutOfRange = 22 "ks_base_out_of_range" "The key-switch base is 0 or above the maximum; info is the maximum.";
    KsLevelsOutOfRange = 23 "ks_levels_out_of_range" "The key-switch levels are 0 or above the maximum, or base times levels above 32; info is the maximum.";
    ModulusSwitchUnsupported = 24 "modulus_switch_unsupported" "The board does the centered modulus switch only.";
    PieceOutOfOrder = 25 "piece_out_of_order" "Pieces of each kind come in the order of their index; info is the index expected.";
    CheckpointOutOfRange = 26 "checkpoint_out_of_range" "The accumulator was asked for after more steps than the key has; info is n.";
    DegreesOutOfRange = 27 "degrees_out_of_range" "No or too many extraction degrees, or a stride of N or more.";
    KeyCorrupted = 28 "key_corrupted" "A piece of the key in board memory does not fit its CRC; nothing was written.";
    LutCorrupted = 29 "lut_corrupted" "A lookup table in board memory does not fit its CRC; nothing was written.";
    ParityError = 30 "parity_error" "A memory of the core gave a word of wrong parity; nothing was written.";
    EntriesFailed = 31 "entries_failed" "Some entries failed, each by its own record; info is the index of the first.";
    SelfTestFailed = 32 "self_test_failed" "The self-test found a fault; info has a bit for each part.";
    DoorbellOutOfRing = 33 "doorbell_out_of_ring" "A doorbell beyond the ring; the tail is unchanged.";
    DoorbellOverrun = 34 "doorbell_overrun" "A doorbell beyond the free entries or backwards; the tail is unchanged.";
    RegisterIgnored = 35 "register_ignored" "An access to a register that does not take it: read-only, locked, of another width, unknown.";
    FetchFault = 36 "fetch_fault" "A descriptor could not be read; the queue pair is halted.";
    CompletionFault = 37 "completion_fault" "A completion entry or a result record could not be written.";
    DrainTimeout = 38 "drain_timeout" "Transfers were still open when a reset's time limit was over.";
    BadQueueSetup = 39 "bad_queue_setup" "Enabling a pair with misaligned rings, a size out of range, or a completion ring shorter than the submission ring.";
    BoardMemoryFault = 40 "board_memory_fault" "Board memory answered with an error.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn numbers_are_dense_and_names_unique() {
        for (index, &code) in Code::ALL.iter().enumerate() {
            assert_eq!(code as usize, index);
            assert_eq!(Code::from_number(index as u8), Some(code));
            assert!(
                Code::ALL
                    .iter()
                    .filter(|other| other.name() == code.name())
                    .count()
                    == 1
            );
        }
        assert_eq!(Code::from_number(Code::ALL.len() as u8), None);
    }
}
