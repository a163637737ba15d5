//! `normalise_lane`: from limbs to the canonical word below `p`, and on to the word modulo `2^64`
//! that is added to the accumulator.
//!
//! Ports: `x_0`, `x_1` (limbs at columns 0 and 48, with the offset of [`offset_for`]) in clock 0;
//! `y` (64 bits) in clock [`latency`]. Cost: six registers of at most 65 bits, five chains.
//!
//! | clock | what |
//! |---|---|
//! | 1 | fold to two limbs of 32 columns, value = `a + b 2^32 + 7` |
//! | 2 | carry of `a` into `b`; `t` = what stands above column 64 |
//! | 3 | `r = w + t 2^32 + (7 - t)`, below `2p`, because `2^64 = 2^32 - 1` |
//! | 4 | `s = r + 2^32 - 1`; `s >= 2^64` exactly when `r >= p`, then `s - 2^64 = r - p` |
//! | 5 | the canonical word `v`, and `u = 1` where `v mod 2^32 > 2^31` |
//! | 6 | `v + (v >> 32) + u` modulo `2^64` |
//!
//! The last line equals `round(v 2^64 / p)` (see the contract, back to `2^64`).

use crate::pipeline::block::{BuildError, build};
use crate::pipeline::fold;
use crate::pipeline::pipe::Choice;
use crate::pipeline::plan::SumPlan;
use crate::pipeline::row::{Piece, Row};
use crate::pipeline::split::Wrap;
use crate::pipeline::value::{Format, Value};
use crate::pipeline::word::{Word, ones};
use crate::pipeline::{Block, Clock, Pipe};

/// Columns of the two limbs of the first fold.
const WORD_LIMBS: [u32; 2] = [0, 32];
/// Bits above column 64 that step 3 can take; `2^3 - 1 = 7` is the offset that they need.
const TOP_BITS: u32 = 3;

/// Clocks from `x` to `y`.
pub fn latency() -> Clock {
    6
}

/// The offset that a value with these limbs (column, width) must bring along.
pub fn offset_for(limbs: &[(u32, u32)]) -> u64 {
    fold::offset_before(limbs, &WORD_LIMBS, (1 << TOP_BITS) - 1)
}

/// Builds the block for values of the format `x`.
///
/// # Errors
/// A format that does not fit.
pub fn normalise_lane(x: &Format) -> Result<Block, BuildError> {
    let doc = "Canonical word modulo p, then switched to modulo 2^64 with exact rounding.";
    let (block, ()) = build("normalise_lane", doc, |pipe| {
        pipe.builder().one_lane();
        let x = pipe.input_value("x", x, 0);
        let canonical = canonical(pipe, &x)?;
        pipe.output("y", switch(pipe, canonical));
        Ok(())
    })?;
    Ok(block)
}

/// The canonical word, and 1 where its low half exceeds `2^31`.
fn canonical<'b>(pipe: &Pipe<'b>, x: &Value<'b>) -> Result<(Word<'b>, Word<'b>), BuildError> {
    let what = "normalise_lane";
    let none = (Vec::new(), 0);
    let plan = SumPlan::new(what, &none, &[x.shifted(0, false)], &WORD_LIMBS, Wrap::At64)?;
    let folded = plan.emit(pipe, &[], &plan.format()?);
    let (a, b) = (folded.limbs[0].0, folded.limbs[1].0);
    let low = pipe.delay(a.bits(0, 32), a.clock() + 1);
    let high = pipe.sum_rows(&[Row::whole(b), Row::whole(a.bits(32, a.width() - 32))]);
    let top = high.bits(32, high.width() - 32);
    if top.width() > TOP_BITS {
        return Err(BuildError::NoConstant { what });
    }
    let piece = |word: Word<'b>, column: u32, inverted: bool| Piece {
        word,
        lo: 0,
        width: word.width(),
        column,
        inverted,
    };
    let mut word = Row::of(piece(low, 0, false));
    word.try_push(piece(high.bits(0, 32), 32, false));
    let mut excess = Row::of(piece(top, 0, true));
    excess.set_ones(ones(TOP_BITS) & !ones(top.width()));
    excess.try_push(piece(top, 32, false));
    let r = pipe.sum_rows(&[word, excess]);
    let mut epsilon = Row::default();
    epsilon.set_ones(ones(32));
    let s = pipe.sum_rows(&[Row::whole(r), epsilon]);
    let r_up = pipe.control(&[r], |r| r[0].bit(31) & r[0].slice(0, 31).any());
    let s_up = pipe.control(&[r], |r| {
        let above = r[0].bit(31) & r[0].slice(1, 30).any();
        above | r[0].slice(0, 32).is_zero()
    });
    let r = pipe.delay(r.bits(0, 64), s.clock());
    let reduced = [s.bit(64)];
    let v = pipe.select(&[r, s.bits(0, 64)], &reduced);
    let up = pipe.select(&[r_up, s_up], &reduced);
    Ok((v, up))
}

fn switch<'b>(pipe: &Pipe<'b>, (v, up): (Word<'b>, Word<'b>)) -> Word<'b> {
    let row = |w: Word<'b>| Choice {
        options: vec![Row::whole(w)],
    };
    let rows = [row(v), row(v.bits(32, 32)), row(up)];
    // The sum wraps modulo 2^64, as the torus does.
    pipe.sum(&rows, &[], ones(64))
}
