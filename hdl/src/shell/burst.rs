//! Cuts a transfer into bursts: whole beats, at most `burst_beats` of them, never across a multiple of a burst's size.
//!
//! A helper over signals, shared by the data movers: five clocks a burst, so that every step keeps the depth rule.

use crate::netlist::{Builder, Sig};

/// Clocks from `start` to the first burst.
pub const FIRST: usize = 4;
/// Clocks from a burst that is taken to the next one.
pub const NEXT: usize = 5;

/// The bursts of a running transfer.
pub struct Bursts<'b> {
    /// A burst waits to be issued; `address` and `length` stand.
    pub valid: Sig<'b>,
    /// Address of its first unit.
    pub address: Sig<'b>,
    /// Units in it, less one.
    pub length: Sig<'b>,
    /// It is the last of the transfer.
    pub last: Sig<'b>,
    /// Transfer under way (bursts still to be issued).
    pub active: Sig<'b>,
}

/// What starts and moves the bursts.
pub struct BurstControl<'b> {
    /// Pulse: take `address` and `count`.
    pub start: Sig<'b>,
    /// First unit's address, in units.
    pub address: Sig<'b>,
    /// Units in all, at least 1.
    pub count: Sig<'b>,
    /// A further burst may be prepared.
    pub room: Sig<'b>,
    /// The burst that waits is taken.
    pub taken: Sig<'b>,
    /// Stop; a burst that waits already stays until it is taken.
    pub abort: Sig<'b>,
}

/// Builds the cutter; `units` (a power of two) is the largest burst and its alignment.
pub fn bursts<'b>(
    b: &'b Builder,
    name: &str,
    units: usize,
    control: &BurstControl<'b>,
) -> Bursts<'b> {
    let bits = units.trailing_zeros();
    let c = control;
    let named = |what: &str| format!("{name}_{what}");
    let flag = |what: &str| b.state(&named(what), 1, 0);
    let (measure, compare, pick, send, advance) = (
        flag("measure"),
        flag("compare"),
        flag("pick"),
        flag("send"),
        flag("advance"),
    );
    let go = !c.abort;
    let more = b.wire(&named("more"), 1);
    let left = b.state(&named("left"), c.count.width(), 0);
    let address = b.state(&named("address"), c.address.width(), 0);
    let measured = measure & c.room;
    let sent = send & c.taken;
    b.drive(measure, go & (c.start | (measure & !c.room) | more));
    b.drive(compare, go & measured);
    b.drive(pick, go & compare);
    b.drive(send, (go & pick) | (send & !c.taken));
    b.drive(advance, sent);

    // Units up to the next boundary, and which is less: these or all that is left.
    let wide = left.width().max(bits + 1);
    let reach = b.lit(units as u128, bits + 1);
    let reach = b.reg(match bits {
        0 => reach,
        _ => reach - address.slice(0, bits).zext(bits + 1),
    });
    let (all, some) = (left.resize(wide), reach.resize(wide));
    let short = b.reg(all.lt(some));
    let same = b.reg(all.eq(some));
    let chosen = b.mux(short, all.slice(0, bits + 1), reach);
    let size = b.reg_en(chosen, pick);
    let length = b.reg_en(chosen.sub_lit(1), pick);
    let last = b.reg_en(short | same, pick).named(&named("is_last"));
    let remaining = b.reg(left - size.resize(left.width()));
    let further = b.reg(address + size.resize(address.width()));
    let update = c.start | advance;
    b.drive_en(left, b.mux(c.start, c.count, remaining), update);
    b.drive_en(address, b.mux(c.start, c.address, further), update);
    b.drive(more, advance & !last);
    Bursts {
        valid: send,
        address,
        length,
        last,
        active: b.cat(&[measure, compare, pick, send, advance]).any(),
    }
}
