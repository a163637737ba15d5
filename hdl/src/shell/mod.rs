//! The shell: everything between the host, the core and board memory.

pub mod board_read;
pub mod board_write;
pub mod burst;
pub mod controller;
pub mod csr;
pub mod host_read;
pub mod host_write;
pub mod instruction;
pub mod io;
pub mod known_answer;
pub mod nets;
mod port_lines;
mod port_words;
pub mod ports;
pub mod program;
mod read_port;

use crate::netlist::{Builder, Sig};
use goldilane_abi::Shape;

/// Widths that the data movers share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Widths {
    /// 64-bit words of a beat inside the shell: the host bus, at most 512 bits.
    pub words: usize,
    /// 64-bit words of the host bus.
    pub bus_words: usize,
}

impl Widths {
    /// The widths of a shape.
    pub fn of(shape: &Shape) -> Self {
        let bus_words = shape.host_bus_bits as usize / 64;
        Self {
            words: bus_words.min(8),
            bus_words,
        }
    }
}

/// `count` flags: flag i is 1 where `select` is i.
pub(crate) fn one_hot(select: Sig<'_>, count: usize) -> Vec<Sig<'_>> {
    (0..count).map(|i| select.eq_lit(i as u128)).collect()
}

/// A flag that `set` raises and `clear` lowers; `clear` wins.
pub(crate) fn flag<'b>(b: &'b Builder, name: &str, set: Sig<'b>, clear: Sig<'b>) -> Sig<'b> {
    let flag = b.state(name, 1, 0);
    b.drive(flag, (flag | set) & !clear);
    flag
}
