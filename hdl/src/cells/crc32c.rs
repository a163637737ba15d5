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

/// Row masks of a linear map on 32 bits: bit `o` of the result is the parity of `x & rows[o]`.
fn rows(map: impl Fn(u32) -> u32) -> [u32; 32] {
    let mut rows = [0; 32];
    for i in 0..32 {
        let column = map(1 << i);
        for (o, row) in rows.iter_mut().enumerate() {
            *row |= (column >> o & 1) << i;
        }
    }
    rows
}

/// `map * x ^ plus`, two levels of logic and one for `x`'s own.
fn apply<'b>(b: &'b Builder, rows: &[u32; 32], x: Sig<'b>, plus: Option<Sig<'b>>) -> Sig<'b> {
    let bits: Vec<_> = (0..32)
        .map(|o| {
            let masked = x & b.lit(rows[o as usize].into(), 32);
            match plus {
                Some(p) => b.cat(&[masked, p.bit(o)]).parity(),
                None => masked.parity(),
            }
        })
        .collect();
    b.cat(&bits)
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

    let halves: Vec<_> = kept
        .iter()
        .flat_map(|w| [w.slice(0, 32), w.slice(32, 32)])
        .enumerate()
        .map(|(h, half)| {
            let map = rows(|x| forward(x, 64 * words - 32 * h));
            b.reg(apply(&b, &map, half, None))
        })
        .collect();
    let contribution = b.reg(xor_all(&halves));
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
    let before = state | at_first.sext(32);
    let map = rows(|x| forward(x, 64 * words));
    b.drive_en(state, apply(&b, &map, before, Some(contribution)), at_valid);

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
            let map = rows(|x| backward(x, 64));
            // Load and step in one parity, so that no multiplexer stands behind it.
            let back = apply(
                &b,
                &map,
                tail & !ended.sext(32),
                Some(state & ended.sext(32)),
            );
            b.drive_en(tail, back, ended | more);
            b.output("crc_valid", busy & !more);
            tail
        }
    };
    b.output("crc", !crc);
    b.finish()
}
