//! Joins events of many senders: one event comes out for each that every sender has given.
//!
//! A tree of counts: six senders at a time are joined behind a register, so that any number of them keeps a clock an
//! event and the depth rule. Latency: a clock a layer of the tree.

use crate::netlist::{Builder, Sig};

/// Senders joined in one clock.
const AT_ONCE: usize = 6;

/// Clocks from the last sender's event to the joined one: the layers of the tree.
pub const fn latency(senders: usize) -> usize {
    let (mut left, mut clocks) = (senders, 0);
    while left > 1 {
        left = left.div_ceil(AT_ONCE);
        clocks += 1;
    }
    clocks
}

/// Counts events that have not been answered: 1 while there is one. `leave` may be 1 only then; at most 2^`bits` - 1.
pub fn waiting<'b>(
    b: &'b Builder,
    name: &str,
    bits: u32,
    arrive: Sig<'b>,
    leave: Sig<'b>,
) -> Sig<'b> {
    let count = b.state(&format!("{name}_count"), bits, 0);
    let there = b.state(&format!("{name}_there"), 1, 0);
    let step = b.cat(&[b.lit(1, 1), (!arrive).sext(bits - 1)]);
    b.drive_en(count, count + step, arrive ^ leave);
    let several = count.from_bit(1).any();
    b.drive(there, arrive | several | (count.bit(0) & !leave));
    there
}

/// 1 for a clock whenever each of `senders` has been 1 once more; each may be up to 2^`bits` - 1 events ahead.
pub fn join<'b>(b: &'b Builder, name: &str, bits: u32, senders: &[Sig<'b>]) -> Sig<'b> {
    let mut layer = senders.to_vec();
    let mut depth = 0;
    while layer.len() > 1 {
        let groups = layer.chunks(AT_ONCE).enumerate();
        let joined = |(g, group): (usize, &[Sig<'b>])| {
            let all = b.wire(&format!("{name}_{depth}_{g}"), 1);
            let each = group.iter().enumerate();
            let there: Vec<_> = each
                .map(|(i, &arrive)| {
                    waiting(b, &format!("{name}_{depth}_{g}_{i}"), bits, arrive, all)
                })
                .collect();
            b.drive(all, b.cat(&there).all());
            all
        };
        layer = groups.map(joined).collect();
        depth += 1;
    }
    layer[0]
}
