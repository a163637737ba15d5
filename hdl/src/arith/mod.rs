//! Arithmetic modulo the Goldilocks prime `p = 2^64 - 2^32 + 1`: constants in the generator and
//! the arithmetic leaves of the datapath.

pub mod field;
pub mod normalise;
pub mod tile_mul;
