//! CRC-32C of a stream, one beat of D bits a clock.
//!
//! The CRC is linear: the state after a beat is `A * state ^ B * data` over GF(2). `B * data` has no
//! feedback and is pipelined; only `A * state`, 32 x 32 bits, stands in the loop (three levels).
//! A last beat with fewer words is taken as if zeros followed, and the zeros are then taken out
//! again, one word of 64 bits a clock (the step of a zero bit is invertible), on the final 32 bits.
//!
//! Ports: `in_valid`, `in_first`, `in_last`, `in_data` (D/64 words, the first byte lowest), and with
//! more than one word a beat `in_words`: words that count in a last beat, 0 meaning all.
//! Output: `crc_valid` (one clock a stream) and `crc`, complemented as on the wire.
//! All inputs are expected from registers. No stalls; the ends of two streams must lie D/64 clocks
//! apart unless the last beat of the first is full.
//! Mathematics: polynomial 0x1EDC6F41, reflected (RFC 3720, appendix B.4).

use super::counters::flag;
use crate::netlist::{Builder, Module, NetlistError, Sig, address_bits};
use std::sync::Arc;

const POLYNOMIAL: u32 = 0x82f6_3b78;
/// Halves of words that share an enable.
const HALVES: usize = 4;

/// Clocks from a full last beat to `crc_valid`.
pub fn latency(words: usize) -> usize {
    5 + usize::from(words > 1)
}

fn forward(state: u32, bits: usize) -> u32 {
    (0..bits).fold(state, |s, _| {
        (s >> 1) ^ (POLYNOMIAL & (s & 1).wrapping_neg())
    })
}

fn backward(state: u32, bits: usize) -> u32 {
    (0..bits).fold(state, |s, _| {
        let carry = s >> 31;
        ((s ^ (POLYNOMIAL & carry.wrapping_neg())) << 1) | carry
    })
}

/// `map(x) ^ plus` for a linear map of 32 bits, three levels of logic. Tables of four bits each, because that is both a
/// level of LUTs and, in simulation, a load.
///
/// `instead`: where that bit is 1, each nibble of `x` is taken for the given one.
fn apply<'b>(
    b: &'b Builder,
    map: impl Fn(u32) -> u32,
    x: Sig<'b>,
    instead: Option<(Sig<'b>, u32)>,
    plus: Option<Sig<'b>>,
) -> Sig<'b> {
    let parts: Vec<_> = (0..8)
        .map(|i| {
            let value = |nibble: u32| b.lit(map(nibble << (4 * i)).into(), 32);
            let mut table: Vec<_> = (0..16).map(value).collect();
            let mut select = vec![x.slice(4 * i, 4)];
            if let Some((condition, nibble)) = instead {
                table.resize(32, value(nibble));
                select.push(condition);
            }
            b.select(b.cat(&select), &table)
        })
        .chain(plus)
        .collect();
    xor_all(&parts)
}

/// XOR of up to 36 words in two levels of logic.
fn xor_all<'b>(words: &[Sig<'b>]) -> Sig<'b> {
    let six = |w: &[Sig<'b>]| w[1..].iter().fold(w[0], |x, y| x ^ *y);
    let groups: Vec<_> = words.chunks(6).map(six).collect();
    six(&groups)
}

/// Builds the CRC of a stream of beats of `words` (a power of two up to 16) words of 64 bits.
///
/// # Errors
/// None but those of the netlist.
pub fn crc32c(name: &str, words: usize) -> Result<Arc<Module>, NetlistError> {
    assert!(
        words.is_power_of_two() && words <= 16,
        "{name}: {words} words"
    );
    let b = Builder::new(
        name,
        &format!("CRC-32C of a stream, {} bits a clock.", 64 * words),
    );
    let valid = b.state("beat_valid", 1, 0);
    b.drive(valid, b.input("in_valid", 1));
    let first = b.reg(b.input("in_first", 1));
    let in_last = b.input("in_last", 1);
    let last = b.reg(in_last);
    let data = b.input_words("in_data", words, 64);
    let index_bits = address_bits(words);
    let in_count = (words > 1).then(|| b.input("in_words", index_bits));
    let count = in_count.map(|count| b.reg(count));

    // Words behind the end are 0.
    let kept: Vec<_> = data
        .iter()
        .enumerate()
        .map(|(i, &word)| {
            let word = b.reg(word);
            let Some(count) = in_count else {
                return b.reg(word);
            };
            let keep: Vec<_> = (0..words)
                .map(|m| b.lit(u128::from(m == 0 || i < m), 1))
                .collect();
            let keep = b.reg(b.select(count, &keep) | !in_last);
            b.reg(word & keep.sext(64))
        })
        .collect();
    // Words of zeros to take out behind the end: (words - count) mod words.
    let behind = count.map(|count| {
        let options: Vec<_> = (0..words)
            .map(|m| b.lit(((words - m) % words) as u128, index_bits))
            .collect();
        b.reg(b.select(count, &options))
    });

    // Nothing moves without a beat: that saves power, and in simulation time. An enable drives at most 128 registers.
    let kept_valid: Vec<_> = (0..words.div_ceil(HALVES / 2))
        .map(|i| {
            let copy = b.state(&format!("kept_valid_{i}"), 1, 0);
            b.drive(copy, valid);
            copy
        })
        .collect();
    let halves_valid = b.state("halves_valid", 1, 0);
    b.drive(halves_valid, kept_valid[0]);

    let halves: Vec<_> = kept
        .iter()
        .flat_map(|w| [w.slice(0, 32), w.slice(32, 32)])
        .enumerate()
        .map(|(h, half)| {
            let map = |x| forward(x, 64 * words - 32 * h);
            b.reg_en(apply(&b, map, half, None, None), kept_valid[h / HALVES])
        })
        .collect();
    let contribution = b.reg_en(xor_all(&halves), halves_valid);
    // From `valid` to `contribution`.
    let clocks = 3;

    let mut at_valid = valid;
    for i in 0..clocks {
        let next = b.state(&format!("valid_{i}"), 1, 0);
        b.drive(next, at_valid);
        at_valid = next;
    }
    let (at_first, at_last) = (b.delay(first, clocks), b.delay(last, clocks));
    let state = b.state("state", 32, 0);
    let map = |x| forward(x, 64 * words);
    let next = apply(&b, map, state, Some((at_first, 0xf)), Some(contribution));
    b.drive_en(state, next, at_valid);

    let ended = b.state("ended", 1, 0);
    b.drive(ended, at_valid & at_last);
    let crc = match behind {
        None => {
            b.output("crc_valid", ended);
            state
        }
        Some(behind) => {
            let left = b.state("left", index_bits, 0);
            let behind = b.delay(behind, clocks);
            let more = b.state("more", 1, 0);
            let again = more & !left.eq_lit(1);
            b.drive(more, b.mux(ended, behind.any(), again));
            let busy = b.wire("busy", 1);
            b.drive(busy, flag(&b, "tail_busy", ended, !more));
            let down = (more & !ended).zext(index_bits);
            b.drive(left, b.mux(ended, behind, left) - down);
            let tail = b.state("tail", 32, 0);
            // Load and step in one sum, so that no multiplexer stands behind it.
            let map = |x| backward(x, 64);
            let load = state & ended.sext(32);
            // A register of its own for the tables: they are as many loads as one may have.
            let loading = b.state("loading", 1, 0);
            b.drive(loading, at_valid & at_last);
            let back = apply(&b, map, tail, Some((loading, 0)), Some(load));
            b.drive_en(tail, back, ended | more);
            b.output("crc_valid", busy & !more);
            tail
        }
    };
    b.output("crc", !crc);
    b.finish()
}
