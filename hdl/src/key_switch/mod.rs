//! Key switch, column by column, straight into the centered modulus switch (contract 2 and 3).
//!
//! ```text
//!   input words -> lwe_buffer -> digits (Q coefficients of one level a clock) -> adder tree
//!                     | body            ^ key rows                                  |
//!                     +---------------------------------------------------> + -> mod_switch -> switch_store
//! ```
//! One column of the key and one slot make one word of the small ciphertext: N k / Q clocks a level.
//! Columns follow each other without a gap as long as the next one stands in the key buffer.

mod control;
pub mod digits;
mod geometry;
pub mod lwe_buffer;
pub mod mod_switch;
pub mod switch_store;

pub use control::{KEY_ROW_LATENCY, key_switch, latency};
pub use geometry::{COLUMN_BITS, Geometry};
