//! One port of the reader of board memory: its addresses and its open bursts. The words themselves are the affair of
//! [`port_words`], those for the core of [`port_lines`].
//!
//! Ports: `issued` (pulse: a burst is asked for), `ar_ready`, `ar_valid`; `r_valid`, `r_ready` (input: the words' FIFO
//! has room), `r_resp`, `r_last`; `arrived` (pulse: one more word is in the FIFO); `open` (bursts under way), `crowded`
//! (too many for one more), `comes` (a word may come at any time), `fault` (pulse: a read error).
//!
//! [`port_lines`]: super::port_lines
//! [`port_words`]: super::port_words

use crate::cells::counters::valid_delay;
use crate::netlist::{Builder, Module, NetlistError};
use std::sync::Arc;

/// Bits of the count of open bursts.
const OPEN_BITS: u32 = 5;
/// Builds the block.
///
/// # Errors
/// None but those of the netlist.
pub fn read_port() -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "shell_read_port",
        "One port of the reader of board memory: its bursts.",
    );
    let issued = b.input("issued", 1);
    let pending = b.state("ar_pending", 1, 0);
    b.drive(pending, issued | (pending & !b.input("ar_ready", 1)));
    b.output("ar_valid", pending);
    let r_valid = b.input("r_valid", 1);
    let r_ready = b.input("r_ready", 1);
    let came = r_valid & r_ready;
    let ended = b.state("burst_ended", 1, 0);
    b.drive(ended, came & b.input("r_last", 1));
    let waiting = b.state("open_bursts", OPEN_BITS + 1, 0);
    let change = b.cat(&[b.lit(1, 1), ended.sext(OPEN_BITS)]);
    b.drive_en(waiting, waiting + change, issued ^ ended);
    b.output("open", b.reg(waiting.any()));
    b.output("comes", b.reg(waiting.any() & r_ready));
    b.output("crowded", waiting.bit(OPEN_BITS));
    b.output("fault", b.reg(r_valid & b.input("r_resp", 2).bit(1)));
    b.output("arrived", valid_delay(&b, "arrived", came, 1));
    b.finish()
}
