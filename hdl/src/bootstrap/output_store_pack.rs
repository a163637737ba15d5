//! Packs words of 32 or 16 bits into words of 64, the first one lowest, zeros behind the last.

use super::output_store::ENTRY_LATENCY;
use crate::netlist::{Builder, Sig};

/// What is packed: an entry of the key switch's store.
pub struct Entry<'b> {
    /// 1: words of 32 bits, 2: rotations in 16 bits; held.
    pub kind: Sig<'b>,
    /// Lower bits of the entry's number, when it is asked for.
    pub number: Sig<'b>,
    /// The body is to be taken, likewise.
    pub is_body: Sig<'b>,
    /// Word of the mask and of the body, [`ENTRY_LATENCY`] clocks later.
    pub word: [Sig<'b>; 2],
    /// Rotation of the mask and of the body, likewise.
    pub rotation: [Sig<'b>; 2],
}

/// The packed word, `latency` clocks after the number of the entry that completes it.
pub fn pack<'b>(b: &'b Builder, e: &Entry<'b>, latency: usize) -> Sig<'b> {
    let number = b.delay(e.number, ENTRY_LATENCY);
    let is_body = b.delay(e.is_body, ENTRY_LATENCY);
    let word = b.reg(b.mux(is_body, e.word[1], e.word[0]));
    let rotation = b.reg(b.mux(is_body, e.rotation[1], e.rotation[0])).zext(16);
    let halves = b.reg(e.kind.bit(1));
    let number = b.reg(number);
    let first = !number.bit(0) & (!halves | !number.bit(1));
    let fields: Vec<_> = (0..4_u32)
        .map(|f| {
            let field = b.wire(&format!("field_{f}"), 16);
            let half = word.slice(16 * (f % 2), 16);
            let value = b.mux(halves, rotation, half);
            let here = b.mux(
                halves,
                number.eq_lit(f.into()),
                number.bit(0).eq_lit((f / 2).into()),
            );
            // Behind the first entry of a word the others keep their place.
            let kept = field & (!first).sext(16);
            b.drive(field, b.reg(b.mux(here, value, kept)));
            field
        })
        .collect();
    b.delay(b.cat(&fields), latency - ENTRY_LATENCY - 2)
}
