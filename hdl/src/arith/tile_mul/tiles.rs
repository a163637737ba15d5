//! Tiles: every limb of one factor by every slice of the other.
//!
//! The partial product of limb `i` at column `c_i` and slice `j` of `t` bits stands at column `c_i + t j` of a number
//! modulo `2^96 + 1`. With 24 x 17 bits there are 9 rows a limb of the result, in three 3:2 compressors and chains, then
//! one more.

use super::operands::Multipliers;
use crate::pipeline::block::BuildError;
use crate::pipeline::pipe::Choice;
use crate::pipeline::plan::SumPlan;
use crate::pipeline::row::{Row, pack};
use crate::pipeline::split::{Wrap, split};
use crate::pipeline::value::{TWO_LIMBS, Term, Value};
use crate::pipeline::word::{Word, ones};
use crate::pipeline::{Pipe, fold};

/// Rows that one clock adds; as many such sums can be added in the next.
const ROWS: usize = 3;

/// The product, with slices of `slice` bits.
///
/// # Errors
/// More than nine rows in a limb; no constant fits.
pub fn product<'b>(
    m: &Multipliers<'_, 'b>,
    x: &Value<'b>,
    factor: Word<'b>,
    slice: u32,
) -> Result<Value<'b>, BuildError> {
    let pipe = m.pipe;
    let factor = pipe.delay(factor, x.clock());
    let mut terms = Vec::new();
    for &(limb, column) in &x.limbs {
        for lo in (0..64).step_by(slice as usize) {
            let tile = factor.bits(lo, slice.min(64 - lo));
            terms.push(Term {
                word: m.unsigned(limb, tile),
                column: column + lo,
                negative: false,
            });
        }
    }
    // Groups of three rows, each one compressor and one chain.
    let cut = split(&terms, &TWO_LIMBS, Wrap::At96);
    let (mut offset, mut width) = (cut.offset, 0);
    let mut rows: Vec<Vec<Row<'b>>> = cut.limbs.into_iter().map(pack).collect();
    let most = rows.iter().map(Vec::len).max().unwrap_or(0);
    let groups = most.div_ceil(ROWS);
    if groups > ROWS {
        let what = "mul_lane";
        return Err(BuildError::TooManyRows { what, rows: most });
    }
    let mut sums: Vec<Vec<Word<'b>>> = Vec::new();
    for group in 0..groups {
        let parts: Vec<Vec<Row<'b>>> = rows
            .iter_mut()
            .map(|r| r.drain(..r.len().min(ROWS)).collect())
            .collect();
        if group + 1 == groups {
            let last;
            (last, offset, width) = absorb_last(pipe, &sums, &parts, offset)?;
            sums.push(last);
        } else {
            sums.push(parts.iter().map(|p| pipe.sum_rows(p)).collect());
        }
    }
    let total = |limb: usize| {
        let rows = sums.iter().map(|s| Choice {
            options: vec![Row::whole(s[limb])],
        });
        let rows: Vec<Choice<'b>> = rows.collect();
        (pipe.sum(&rows, &[], ones(width)), TWO_LIMBS[limb])
    };
    Ok(Value {
        limbs: (0..TWO_LIMBS.len()).map(total).collect(),
        offset,
    })
}

/// The last group also takes the constant that gives the whole product the offset that the fold
/// behind it needs. That offset depends on the width of the total, so widths are tried upwards.
fn absorb_last<'b>(
    pipe: &Pipe<'b>,
    others: &[Vec<Word<'b>>],
    parts: &[Vec<Row<'b>>],
    offset: u64,
) -> Result<(Vec<Word<'b>>, u64, u32), BuildError> {
    let what = "mul_lane";
    for width in 49..60 {
        let limbs: Vec<(u32, u32)> = TWO_LIMBS.iter().map(|c| (*c, width)).collect();
        let wanted = fold::offset_before_lazy(&limbs);
        let mut plan = SumPlan::of_rows(what, &TWO_LIMBS, parts, offset);
        if plan.absorb(wanted).is_err() {
            continue;
        }
        let format = plan.format()?;
        let total = |limb: usize| -> u128 {
            others.iter().map(|s| s[limb].max()).sum::<u128>() + format.limbs[limb].1
        };
        if total(0).max(total(1)) <= ones(width) {
            let value = plan.emit(pipe, &[], &format);
            let words = value.limbs.iter().map(|l| l.0).collect();
            return Ok((words, wanted, width));
        }
    }
    Err(BuildError::NoConstant { what })
}
