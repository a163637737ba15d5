//! `mul_lane`: one full product modulo `p` a clock, of tiles: the limbs of one factor by slices of the other.
//!
//! Ports: `x_0 .. x_2` (a lazily reduced word, limbs at columns 0, 22, 44), `factor` (64 bits, any
//! value), both with row 0 in clock 0; `y_0`, `y_1` (limbs at columns 0 and 48, redundant, with an
//! offset that suits the fold behind it).
//! Latency: [`latency`], in every form ([`Multiplier`]). The partial product of limb `i` and slice `j` of `t` bits stands
//! at column `22 i + t j` of a number modulo `2^96 + 1`. With tiles of 24 x 17 bits there are 9 rows a limb, in three
//! 3:2 compressors and chains, then one more.

use crate::pipeline::block::{BuildError, build};
use crate::pipeline::fold;
use crate::pipeline::pipe::Choice;
use crate::pipeline::plan::SumPlan;
use crate::pipeline::row::{Row, pack};
use crate::pipeline::split::{Wrap, split};
use crate::pipeline::value::{Format, THREE_LIMBS, TWO_LIMBS, Term, Value};
use crate::pipeline::word::{Word, ones};
use crate::pipeline::{Block, Clock, Pipe};

/// The forms of the multiplier: the same function and latency, for different means.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Multiplier {
    /// 12 tiles of 24 x 17 bits: each fits a DSP48E1 and DSP48E2 (24 x 17 unsigned).
    #[default]
    Tiles,
    /// 6 products of 24 x 32 bits, left to the tool: for simulation, where a product is one instruction.
    Plain,
}

impl Multiplier {
    /// Bits of a slice of the factor.
    fn slice(self) -> u32 {
        match self {
            Self::Tiles => 17,
            Self::Plain => 32,
        }
    }

    /// As a configuration file has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tiles => "tiles",
            Self::Plain => "plain",
        }
    }

    fn doc(self) -> &'static str {
        match self {
            Self::Tiles => "12 tiles of 24 x 17 bits.",
            Self::Plain => "6 products of 24 x 32 bits.",
        }
    }
}

/// Clocks from `x` to `y`.
pub fn latency(tile_registers: u32) -> Clock {
    tile_registers as Clock + 2
}

/// Builds the multiplier. `tile_registers` is the number of registers behind a tile's product (1,
/// or 2 for a tile with both product and output register).
///
/// # Errors
/// None that occur: the block is fixed.
pub fn mul_lane(form: Multiplier, tile_registers: u32) -> Result<(Block, Format), BuildError> {
    let doc = format!(
        "Full product modulo p: lazily reduced word times 64-bit factor, {}",
        form.doc()
    );
    build("mul_lane", &doc, |pipe| {
        pipe.builder().keep_hierarchy();
        let x = pipe.input_value("x", &fold::lazy_format(), 0);
        let factor = pipe.input("factor", ones(64), 0);
        let y = product(pipe, &x, factor, form, tile_registers)?;
        pipe.output_value("y", &y);
        Ok(y.format())
    })
}

fn product<'b>(
    pipe: &Pipe<'b>,
    x: &Value<'b>,
    factor: Word<'b>,
    form: Multiplier,
    tile_registers: u32,
) -> Result<Value<'b>, BuildError> {
    let b = pipe.builder();
    let mut terms = Vec::new();
    for &(limb, column) in &x.limbs {
        for lo in (0..64).step_by(form.slice() as usize) {
            let tile = factor.bits(lo, form.slice().min(64 - lo));
            let mut product = b.mul(limb.sig(), tile.sig());
            for _ in 0..tile_registers {
                product = b.reg(product);
            }
            let max = limb.max() * tile.max();
            terms.push(Term {
                word: Word::new(product, max, tile_registers as Clock),
                column: column + lo,
                negative: false,
            });
        }
    }
    // Groups of three rows, each one compressor and one chain.
    let cut = split(&terms, &TWO_LIMBS, Wrap::At96);
    let (mut offset, mut width) = (cut.offset, 0);
    let mut rows: Vec<Vec<Row<'b>>> = cut.limbs.into_iter().map(pack).collect();
    let groups = rows.iter().map(|r| r.len().div_ceil(3)).max().unwrap_or(0);
    let mut sums: Vec<Vec<Word<'b>>> = Vec::new();
    for group in 0..groups {
        let parts: Vec<Vec<Row<'b>>> = rows
            .iter_mut()
            .map(|r| r.drain(..r.len().min(3)).collect())
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
        let wanted = fold::offset_before(&limbs, &THREE_LIMBS, 0);
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
