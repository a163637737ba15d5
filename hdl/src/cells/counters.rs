//! Counters and flags whose multiplexers stand in front of the carry chain, as the depth rule asks.

use crate::netlist::{Builder, Sig, address_bits};

/// A counter from 0 that counts on `enable` and starts anew when `last` is 1 with it.
pub fn counter<'b>(
    b: &'b Builder,
    name: &str,
    width: u32,
    enable: Sig<'b>,
    last: Sig<'b>,
) -> Sig<'b> {
    let count = b.state(name, width, 0);
    let keep = !last;
    let next = b.sum(&[count & keep.sext(width), keep], width);
    b.drive_en(count, next, enable);
    count
}

/// A counter that goes to 0 on `clear` and otherwise counts on `enable`.
pub fn counter_clear<'b>(
    b: &'b Builder,
    name: &str,
    width: u32,
    enable: Sig<'b>,
    clear: Sig<'b>,
) -> Sig<'b> {
    let count = b.state(name, width, 0);
    let keep = !clear;
    let next = b.sum(&[count & keep.sext(width), keep & enable], width);
    b.drive(count, next);
    count
}

/// A counter over `0 .. count` that counts on `enable`, with a registered mark on its last value.
pub fn ring<'b>(b: &'b Builder, name: &str, count: usize, enable: Sig<'b>) -> (Sig<'b>, Sig<'b>) {
    let bits = address_bits(count);
    let last = b.state(&format!("{name}_last"), 1, u128::from(count == 1));
    let value = counter(b, name, bits, enable, last);
    let next_is_last = match count {
        1 => b.lit(1, 1),
        _ => value.eq_lit(count as u128 - 2) & !last,
    };
    b.drive_en(last, next_is_last, enable);
    (value, last)
}

/// A flag that `set` raises and `clear` lowers; `set` wins.
pub fn flag<'b>(b: &'b Builder, name: &str, set: Sig<'b>, clear: Sig<'b>) -> Sig<'b> {
    let flag = b.state(name, 1, 0);
    b.drive(flag, set | (flag & !clear));
    flag
}

/// A register that is 1 from the clock behind `on` until `clocks` + 1 clocks behind the last one: the enable of a clock gate
/// whose instance needs as many clocks, at least 2, to run out. It starts at 1.
pub fn linger<'b>(b: &'b Builder, name: &str, on: Sig<'b>, clocks: usize) -> Sig<'b> {
    let width = address_bits(clocks + 1);
    let seen = b.state(&format!("{name}_seen"), 1, 1);
    b.drive(seen, on);
    let left = b.state(&format!("{name}_left"), width, 0);
    let some = left.any();
    let from = b.mux(seen, b.lit(clocks as u128, width), left);
    b.drive_en(left, from.sub_lit(1), seen | some);
    let run = b.state(name, 1, 1);
    b.drive(run, on | seen | some);
    run
}

/// 1 in the clock in which `level` is 1 and was 0 in the clock before.
pub fn rise<'b>(b: &'b Builder, name: &str, level: Sig<'b>) -> Sig<'b> {
    let before = b.state(name, 1, 0);
    b.drive(before, level);
    level & !before
}

/// OR of many bits, registered every three levels of logic: the OR and its delay in clocks.
pub fn or_tree<'b>(b: &'b Builder, bits: &[Sig<'b>]) -> (Sig<'b>, usize) {
    let mut layer = bits.to_vec();
    let mut clocks = 0;
    while layer.len() > 1 || clocks == 0 {
        layer = layer.chunks(36).map(|c| b.reg(b.cat(c).any())).collect();
        clocks += 1;
    }
    (layer[0], clocks)
}

/// A count whose length is known at run time only.
#[derive(Clone, Copy, Debug)]
pub struct Run<'b> {
    /// The count, from 0.
    pub value: Sig<'b>,
    /// A register: 1 while `value` is the last one.
    pub last: Sig<'b>,
}

/// The length of a [`run`], made ready for its comparisons; two clocks after `count`.
#[derive(Clone, Copy, Debug)]
pub struct Length<'b> {
    single: Sig<'b>,
    less_two: Sig<'b>,
}

/// A length of 1 or more from a signal that holds still for at least two clocks before it is used.
pub fn length<'b>(b: &'b Builder, count: Sig<'b>) -> Length<'b> {
    let count = b.reg(count);
    Length {
        single: b.reg(count.eq_lit(1)),
        less_two: b.reg(count.sub_lit(2)),
    }
}

/// A counter over `0 .. length`: counts on `enable`, wraps after the last, starts anew on `restart`.
pub fn run<'b>(
    b: &'b Builder,
    name: &str,
    length: Length<'b>,
    enable: Sig<'b>,
    restart: Sig<'b>,
) -> Run<'b> {
    let width = length.less_two.width();
    let value = b.state(name, width, 0);
    let last = b.state(&format!("{name}_last"), 1, 0);
    let zero = last | restart;
    let go = enable | restart;
    let keep = !zero;
    b.drive_en(value, b.sum(&[value & keep.sext(width), keep], width), go);
    let near = value.eq(length.less_two);
    b.drive_en(last, b.mux(zero, length.single, near), go);
    Run { value, last }
}

/// `valid` after `clocks` registers that a reset clears.
pub fn valid_delay<'b>(b: &'b Builder, name: &str, valid: Sig<'b>, clocks: usize) -> Sig<'b> {
    (0..clocks).fold(valid, |from, i| {
        let next = b.state(&format!("{name}_{i}"), 1, 0);
        b.drive(next, from);
        next
    })
}
