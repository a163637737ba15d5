//! Walks once over all addresses of a memory, to clear it.
//!
//! While `clear` is 1 the walk runs through; `busy` is 1 from one clock after the rise of `clear`
//! until the last address is out. `write` says that `address` is to be written with zeros.

use super::counters::{flag, ring, rise};
use crate::netlist::{Builder, Sig};

/// A walk over addresses.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'b> {
    /// The address to clear.
    pub address: Sig<'b>,
    /// 1 while there is one; a register, and at the same time what `clear_busy` is made of.
    pub busy: Sig<'b>,
}

/// A walk over `0 .. depth` for every rise of `clear`.
pub fn walk<'b>(b: &'b Builder, clear: Sig<'b>, depth: usize) -> Walk<'b> {
    let end = b.wire("clear_end", 1);
    let start = rise(b, "clear_before", clear);
    let busy = flag(b, "clear_busy_flag", start, end);
    let (address, last) = ring(b, "clear_address", depth, busy);
    b.drive(end, last);
    Walk { address, busy }
}
