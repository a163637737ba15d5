//! The register map of BAR0: one table from which decoder, accessors and documentation come.
//!
//! 32-bit aligned accesses only. Queue registers repeat per pair from [`QUEUE_BASE`] at distance [`QUEUE_STRIDE`];
//! doorbells lie in a page of their own from [`DOORBELL_BASE`], one 32-bit word a pair.

use crate::{
    ABI_MAJOR, ABI_MINOR, KEY_LAYOUT_ID, MAGIC as MAGIC_VALUE, MAX_ENTRIES, MAX_RING_LOG2, Shape,
};

/// Offset of the queue registers of pair 0.
pub const QUEUE_BASE: u32 = 0x400;
/// Distance between the queue registers of two pairs.
pub const QUEUE_STRIDE: u32 = 0x40;
/// Offset of the doorbell of pair 0.
pub const DOORBELL_BASE: u32 = 0x1000;
/// Distance between two doorbells.
pub const DOORBELL_STRIDE: u32 = 4;
/// Offset of the low half of performance counter 0; counters are 64 bits wide and 8 bytes apart.
pub const COUNTER_BASE: u32 = 0x100;

/// How a register takes accesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reads; a write is ignored and logged.
    ReadOnly,
    /// Reads and writes.
    ReadWrite,
    /// Reads and writes; while the pair is enabled a write is ignored and logged.
    ReadWriteDisabled,
    /// Reads; a one clears the bit.
    WriteOneToClear,
    /// A write is an action; reads as documented.
    Action,
}

impl Access {
    /// Short form for tables.
    pub const fn short(self) -> &'static str {
        match self {
            Access::ReadOnly => "RO",
            Access::ReadWrite => "RW",
            Access::ReadWriteDisabled => "RW, locked while enabled",
            Access::WriteOneToClear => "W1C",
            Access::Action => "action",
        }
    }
}

/// What a register reads after reset.
#[derive(Clone, Copy, Debug)]
pub enum Reset {
    /// A constant.
    Value(u32),
    /// A number of the configuration.
    Shape(fn(&Shape) -> u32),
    /// The build stamp: an input of the board top.
    BuildStamp,
    /// Survives register reset and FLR; this after power-up.
    Kept(u32),
}

/// One register.
#[derive(Clone, Copy, Debug)]
pub struct Register {
    /// Name in the documentation and the C header.
    pub name: &'static str,
    /// Offset in BAR0, or within the pair's block.
    pub offset: u32,
    /// How it takes accesses.
    pub access: Access,
    /// Writable bits (for [`Access::Action`]: bits that mean something).
    pub mask: u32,
    /// Value after reset.
    pub reset: Reset,
    /// What it is.
    pub text: &'static str,
}

impl Register {
    /// Offset in BAR0 of this queue register for pair `queue`.
    pub const fn of(&self, queue: u32) -> u32 {
        QUEUE_BASE + queue * QUEUE_STRIDE + self.offset
    }

    /// The value after power-up.
    pub fn initial(&self, shape: &Shape, build_stamp: u32) -> u32 {
        match self.reset {
            Reset::Value(value) | Reset::Kept(value) => value,
            Reset::Shape(number) => number(shape),
            Reset::BuildStamp => build_stamp,
        }
    }
}

/// Offset of the doorbell of pair `queue`.
pub const fn doorbell(queue: u32) -> u32 {
    DOORBELL_BASE + queue * DOORBELL_STRIDE
}

const _: () = assert!(QUEUE_BASE + 16 * QUEUE_STRIDE <= DOORBELL_BASE);

macro_rules! registers {
    ($table:ident: $($name:ident = $offset:literal, $access:ident, $mask:expr, $reset:expr, $text:literal;)*) => {
        $(
            #[doc = $text]
            pub const $name: Register = Register {
                name: stringify!($name),
                offset: $offset,
                access: Access::$access,
                mask: $mask,
                reset: $reset,
                text: $text,
            };
        )*
        /// The registers of this part of the map, in the order of their offsets.
        pub const $table: &[Register] = &[$($name),*];
    };
}

registers! { GLOBAL:
    MAGIC = 0x000, ReadOnly, 0, Reset::Value(MAGIC_VALUE), "Reads the bytes GDLN.";
    VERSION = 0x004, ReadOnly, 0, Reset::Value((ABI_MAJOR as u32) << 16 | ABI_MINOR as u32), "Interface version: major [31:16], minor [15:0].";
    BUILD_STAMP = 0x008, ReadOnly, 0, Reset::BuildStamp, "Stamp tied by whoever builds the board; refuses nothing.";
    KEY_LAYOUT = 0x00c, ReadOnly, 0, Reset::Value(KEY_LAYOUT_ID), "Names the order of keys and lookup tables in board memory.";
    LANES = 0x010, ReadOnly, 0, Reset::Shape(|s| s.lanes), "Lanes P: coefficients per clock.";
    POLYNOMIAL_SIZE = 0x014, ReadOnly, 0, Reset::Shape(|s| s.polynomial_size), "N.";
    GLWE_DIMENSION = 0x018, ReadOnly, 0, Reset::Shape(|s| s.glwe_dimension), "k.";
    MAX_PBS_LEVELS = 0x01c, ReadOnly, 0, Reset::Shape(|s| s.max_pbs_levels), "Largest l.";
    MAX_PBS_BASE_LOG = 0x020, ReadOnly, 0, Reset::Shape(|s| s.max_pbs_base_log), "Largest b of the base 2^b.";
    SLOTS = 0x024, ReadOnly, 0, Reset::Shape(|s| s.slots), "Ciphertext slots: bootstraps in flight together.";
    MAX_LWE_DIMENSION = 0x028, ReadOnly, 0, Reset::Shape(|s| s.max_lwe_dimension), "Largest n.";
    KEY_SWITCH_PRODUCTS = 0x02c, ReadOnly, 0, Reset::Shape(|s| s.key_switch_products), "Digit products of the key switch per clock.";
    KEY_SLOTS = 0x030, ReadOnly, 0, Reset::Shape(|s| s.key_slots), "Key slots.";
    LUT_SLOTS = 0x034, ReadOnly, 0, Reset::Shape(|s| s.lut_slots), "Lookup-table slots.";
    QUEUE_PAIRS = 0x038, ReadOnly, 0, Reset::Shape(|s| s.queue_pairs), "Queue pairs.";
    HOST_BUS_BITS = 0x03c, ReadOnly, 0, Reset::Shape(|s| s.host_bus_bits), "Width of the bus towards the host.";
    MEMORY_PORTS = 0x040, ReadOnly, 0, Reset::Shape(|s| s.memory_ports), "Ports towards board memory.";
    MEMORY_PORT_BITS = 0x044, ReadOnly, 0, Reset::Shape(|s| s.memory_port_bits), "Width of one of these ports.";
    LIMITS = 0x048, ReadOnly, 0, Reset::Value(MAX_ENTRIES as u32 | (MAX_RING_LOG2 as u32) << 16), "Most entries of a descriptor [15:0], log2 of the largest ring [23:16].";
    CONTROL = 0x080, Action, 1, Reset::Value(0), "Bit 0: register reset. Reads 0.";
    STATUS = 0x084, ReadOnly, 0, Reset::Value(1), "Bit 0 idle, 1 resetting, 2 clearing memory, 3 the last reset's drain ran out of time.";
    ERROR_COUNT = 0x088, Action, 0xffff_ffff, Reset::Kept(0), "Errors since the log was cleared, saturating; any write clears log and count.";
    ERROR_ENTRY = 0x08c, Action, 0xffff_ffff, Reset::Kept(0), "Oldest entry of the log: code [7:0], pair [15:8] (255: none), ticket or register offset [31:16]; 0 when empty; any write takes it out.";
    COUNTER_CONTROL = 0x0a0, Action, 3, Reset::Value(0), "Bit 0: copy all counters to the registers that are read. Bit 1: clear them. Reads 0.";
}

registers! { QUEUE:
    SQ_BASE_LO = 0x00, ReadWriteDisabled, 0xffff_ffc0, Reset::Value(0), "IOVA of the submission ring, low half.";
    SQ_BASE_HI = 0x04, ReadWriteDisabled, 0xffff_ffff, Reset::Value(0), "IOVA of the submission ring, high half.";
    CQ_BASE_LO = 0x08, ReadWriteDisabled, 0xffff_ffc0, Reset::Value(0), "IOVA of the completion ring, low half.";
    CQ_BASE_HI = 0x0c, ReadWriteDisabled, 0xffff_ffff, Reset::Value(0), "IOVA of the completion ring, high half.";
    RING_SIZES = 0x10, ReadWriteDisabled, 0x0000_1f1f, Reset::Value(0), "log2 of the submission ring [4:0], of the completion ring [12:8].";
    QUEUE_CONTROL = 0x14, ReadWrite, 1, Reset::Value(0), "Bit 0: enable. A change to 1 sets positions to 0 and the phase to 1; 0 stops fetching, fetched jobs complete.";
    QUEUE_STATUS = 0x18, WriteOneToClear, 0x1f, Reset::Value(0), "Bit 0 doorbell_out_of_ring, 1 doorbell_overrun, 2 fetch_fault (halted until disabled), 3 completion_fault, 4 bad_queue_setup; bit 31, read-only: jobs in flight.";
    SQ_HEAD = 0x1c, ReadOnly, 0, Reset::Value(0), "Position up to which descriptors have been fetched.";
    SQ_TAIL = 0x20, ReadOnly, 0, Reset::Value(0), "Last accepted doorbell.";
    CQ_TAIL = 0x24, ReadOnly, 0, Reset::Value(0), "Position of the next completion entry.";
    INTERRUPT_ARM = 0x28, Action, 0x8000_ffff, Reset::Value(0), "Write: completions seen up to position [15:0]; with bit 31 arm. If the board's position differs, the interrupt fires at once. Reads bit 31: armed.";
    INTERRUPT_COALESCE = 0x2c, ReadWrite, 0xffff_ffff, Reset::Value(0), "An armed interrupt fires after [15:0] flagged completions (0 and 1: each), or when the first has waited [31:16] times 1024 clocks (0: no time limit).";
}

/// Bits of `STATUS`.
pub mod status {
    /// No job in flight, no reset under way.
    pub const IDLE: u32 = 1 << 0;
    /// A reset drains.
    pub const RESETTING: u32 = 1 << 1;
    /// Memory is being cleared.
    pub const CLEARING: u32 = 1 << 2;
    /// The last reset's drain ran out of time.
    pub const DRAIN_TIMEOUT: u32 = 1 << 3;
}

/// Bits of `QUEUE_STATUS`.
pub mod queue_status {
    /// A doorbell beyond the ring.
    pub const DOORBELL_OUT_OF_RING: u32 = 1 << 0;
    /// A doorbell beyond the free entries.
    pub const DOORBELL_OVERRUN: u32 = 1 << 1;
    /// A descriptor could not be read; the pair is halted.
    pub const FETCH_FAULT: u32 = 1 << 2;
    /// A completion entry or record could not be written.
    pub const COMPLETION_FAULT: u32 = 1 << 3;
    /// The pair could not be enabled.
    pub const BAD_SETUP: u32 = 1 << 4;
    /// Jobs are in flight.
    pub const BUSY: u32 = 1 << 31;
}

/// Performance counters, in the order of their offsets from [`COUNTER_BASE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "documented in the table `Counter::ALL`")]
pub enum Counter {
    Clocks,
    Bootstraps,
    ExternalProducts,
    MultiplierBusy,
    KeyWait,
    HostReadBytes,
    HostWriteBytes,
    InputStall,
    OutputStall,
    Batches,
    BatchFill,
    Descriptors,
    KeySwitchBusy,
}

impl Counter {
    /// All of them with their documentation.
    pub const ALL: &'static [(Counter, &'static str, &'static str)] = &[
        (Counter::Clocks, "clocks", "Clocks since cleared."),
        (Counter::Bootstraps, "bootstraps", "Bootstraps finished."),
        (
            Counter::ExternalProducts,
            "external_products",
            "External products finished.",
        ),
        (
            Counter::MultiplierBusy,
            "multiplier_busy",
            "Clocks in which the multipliers of the forward barrier had work.",
        ),
        (
            Counter::KeyWait,
            "key_wait",
            "Clocks in which a step waited for its key.",
        ),
        (
            Counter::HostReadBytes,
            "host_read_bytes",
            "Bytes read from host memory.",
        ),
        (
            Counter::HostWriteBytes,
            "host_write_bytes",
            "Bytes written to host memory.",
        ),
        (
            Counter::InputStall,
            "input_stall",
            "Clocks in which a free slot waited for its input.",
        ),
        (
            Counter::OutputStall,
            "output_stall",
            "Clocks in which a finished slot waited to be written out.",
        ),
        (Counter::Batches, "batches", "Batches started."),
        (
            Counter::BatchFill,
            "batch_fill",
            "Ciphertexts in these batches.",
        ),
        (
            Counter::Descriptors,
            "descriptors",
            "Descriptors completed.",
        ),
        (
            Counter::KeySwitchBusy,
            "key_switch_busy",
            "Clocks in which the key switch had work.",
        ),
    ];

    /// Offset in BAR0 of the low half; the high half follows.
    pub const fn offset(self) -> u32 {
        COUNTER_BASE + 8 * self as u32
    }
}

/// A register that an offset leads to.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// A global register.
    Global(&'static Register),
    /// A register of a pair.
    Queue(u32, &'static Register),
    /// Low or high half of a counter.
    Counter(Counter, bool),
    /// The doorbell of a pair.
    Doorbell(u32),
}

/// What lies at `offset` on a board with `queue_pairs` pairs.
pub fn find(offset: u32, queue_pairs: u32) -> Option<Target> {
    if !offset.is_multiple_of(4) {
        return None;
    }
    if offset >= DOORBELL_BASE {
        let queue = (offset - DOORBELL_BASE) / DOORBELL_STRIDE;
        return (queue < queue_pairs).then_some(Target::Doorbell(queue));
    }
    if offset >= QUEUE_BASE {
        let (queue, within) = (
            (offset - QUEUE_BASE) / QUEUE_STRIDE,
            (offset - QUEUE_BASE) % QUEUE_STRIDE,
        );
        let register = QUEUE.iter().find(|register| register.offset == within)?;
        return (queue < queue_pairs).then_some(Target::Queue(queue, register));
    }
    if offset >= COUNTER_BASE {
        let row = Counter::ALL.get(((offset - COUNTER_BASE) / 8) as usize)?;
        return Some(Target::Counter(row.0, offset & 4 != 0));
    }
    GLOBAL
        .iter()
        .find(|register| register.offset == offset)
        .map(Target::Global)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_ascend_and_stay_in_their_part() {
        for (table, end) in [(GLOBAL, COUNTER_BASE), (QUEUE, QUEUE_STRIDE)] {
            for pair in table.windows(2) {
                assert!(pair[0].offset < pair[1].offset, "{}", pair[1].name);
            }
            assert!(
                table
                    .iter()
                    .all(|register| register.offset % 4 == 0 && register.offset < end)
            );
        }
        assert!(COUNTER_BASE + 8 * Counter::ALL.len() as u32 <= QUEUE_BASE);
        for (index, row) in Counter::ALL.iter().enumerate() {
            assert_eq!(row.0 as usize, index);
        }
    }

    #[test]
    fn offsets_lead_to_registers() {
        assert!(
            matches!(find(0x14, 2), Some(Target::Global(register)) if register.name == "POLYNOMIAL_SIZE")
        );
        assert!(
            matches!(find(0x454, 2), Some(Target::Queue(1, register)) if register.name == "QUEUE_CONTROL")
        );
        assert!(find(0x494, 2).is_none());
        assert!(matches!(
            find(0x10c, 2),
            Some(Target::Counter(Counter::Bootstraps, true))
        ));
        assert!(matches!(find(0x1004, 2), Some(Target::Doorbell(1))));
        assert!(find(0x1008, 2).is_none() && find(0x15, 2).is_none() && find(0x4c, 2).is_none());
    }
}
