//! Small shared cells: queues, checks, counters.
//!
//! Each cell is a module of its own that is built once and instantiated many times; what is too
//! small for a module is a function over signals.

pub mod counters;
pub mod crc32c;
pub mod fifo;
pub mod join;
pub mod skid;
pub mod walker;

pub use crc32c::crc32c;
pub use fifo::fifo;
pub use skid::skid;
pub use walker::{Walk, walk};
