//! The contract between the hardware and whoever talks to it.
//!
//! One source for both sides: register map, descriptors, completion and record codes, capabilities, the order in
//! which keys and lookup tables lie in board memory, CRC. The RTL decoder, the driver's accessors, the page
//! `docs/host_interface.md`, the C header and the test vectors all come from the tables in this crate.
//! Everything on the wire is little-endian. Nothing here does input or output, holds state or panics on bad input.

#![no_std]

extern crate alloc;

pub mod capabilities;
pub mod codes;
pub mod completion;
pub mod crc32c;
pub mod descriptor;
pub mod document;
pub mod entry;
pub mod exponent;
pub mod field;
pub mod key_shape;
pub mod layout;
pub mod memory_map;
pub mod registers;
pub mod shape;

pub use capabilities::{Capabilities, CapabilityError};
pub use codes::Code;
pub use completion::Completion;
pub use crc32c::{Crc32c, crc32c};
pub use descriptor::{CheckpointKind, Descriptor, Handle, Opcode, PieceKind, flags};
pub use entry::{Entry, ResultRecord};
pub use exponent::ntt_exponent;
pub use key_shape::{KeyLimit, KeyShape, ModulusSwitch};
pub use layout::{Checkpoint, bsk_layout, glwe_layout, ksk_layout};
pub use memory_map::MemoryMap;
pub use shape::{Shape, ShapeError};

/// Interface major version: another major is refused.
pub const ABI_MAJOR: u16 = 0;
/// Interface minor version: both sides use the lower.
pub const ABI_MINOR: u16 = 1;
/// What the magic register reads: the bytes `GDLN`.
pub const MAGIC: u32 = u32::from_le_bytes(*b"GDLN");
/// PCI vendor id. Not assigned by the PCI-SIG: for laboratories, to be replaced by whoever sells a board.
pub const PCI_VENDOR: u16 = 0x60d1;
/// PCI device id.
pub const PCI_DEVICE: u16 = 0x1a4e;
/// PCI class code: processing accelerator.
pub const PCI_CLASS: u32 = 0x12_0000;
/// PCI revision id.
pub const PCI_REVISION: u8 = 1;
/// Bytes of BAR0: registers in the first page, doorbells in the second.
pub const BAR0_BYTES: u32 = 0x2000;
/// Alignment of every address in host memory that the board is given.
pub const ALIGNMENT: u64 = 64;
/// Most entries of one bootstrap descriptor.
pub const MAX_ENTRIES: u16 = 4096;
/// Most extraction degrees of one entry.
pub const MAX_DEGREES: u16 = 16;
/// Smallest ring, as a power of two.
pub const MIN_RING_LOG2: u8 = 1;
/// Largest ring, as a power of two.
pub const MAX_RING_LOG2: u8 = 12;
/// Entries that the error log holds; the oldest gives way.
pub const ERROR_LOG_DEPTH: usize = 16;
/// Clocks of one unit of the coalescing time.
pub const COALESCE_CLOCKS: u64 = 1024;
/// Clocks within which a reset reports idle: less than 100 ms at 250 MHz.
pub const RESET_CLOCKS: u64 = 1 << 20;
/// Largest key-switch base, as a power of two.
pub const MAX_KS_BASE_LOG: u8 = 4;
/// Most key-switch levels.
pub const MAX_KS_LEVELS: u8 = 8;
/// Name of the order in which this version lays keys out in board memory (see [`layout`]).
pub const KEY_LAYOUT_ID: u32 = 1;
