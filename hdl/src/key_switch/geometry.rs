//! Numbers that the blocks of the key switch share.

use crate::netlist::address_bits;
use goldilane_abi::Shape;

/// Bits of a mask word that the key switch looks at: 32 for the digits, one to round.
pub const COEFFICIENT_BITS: u32 = 33;
/// Coefficients that one digit block serves.
pub const GROUP: usize = 8;
/// Width of the counts of columns: 0 ..= 1024.
pub const COLUMN_BITS: u32 = 11;

/// Sizes of a key switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Ciphertext slots S.
    pub slots: usize,
    /// Bits of a slot number.
    pub slot_bits: u32,
    /// Mask words kN of a large ciphertext.
    pub mask_words: usize,
    /// Coefficients per clock Q.
    pub products: usize,
    /// Rows of Q coefficients in a mask.
    pub groups: usize,
    /// Bits of a row number.
    pub group_bits: u32,
    /// Words of an input beat.
    pub beat_words: usize,
    /// log2(2N).
    pub rotation_bits: u32,
    /// Largest small dimension n.
    pub max_dimension: usize,
}

impl Geometry {
    /// The sizes for a board.
    pub fn new(shape: &Shape) -> Self {
        let slots = shape.slots as usize;
        let mask_words = (shape.glwe_dimension * shape.polynomial_size) as usize;
        let products = shape.key_switch_products as usize;
        let groups = mask_words / products;
        Self {
            slots,
            slot_bits: address_bits(slots),
            mask_words,
            products,
            groups,
            group_bits: address_bits(groups),
            beat_words: (shape.host_bus_bits / 64) as usize,
            rotation_bits: shape.polynomial_size.trailing_zeros() + 1,
            max_dimension: shape.max_lwe_dimension as usize,
        }
    }

    /// Width of a word number of a large ciphertext.
    pub fn index_bits(&self) -> u32 {
        address_bits(self.mask_words + 1)
    }

    /// Width of a row number within a column of 8 levels.
    pub fn row_bits(&self) -> u32 {
        address_bits(self.groups * usize::from(goldilane_abi::MAX_KS_LEVELS))
    }

    /// Width of a mask column's number in the stores.
    pub fn step_bits(&self) -> u32 {
        address_bits(self.max_dimension)
    }
}
