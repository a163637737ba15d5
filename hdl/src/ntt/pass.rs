//! The four passes: `ntt_forward_pass1`, `ntt_forward_pass2`, `ntt_inverse_pass2`,
//! `ntt_inverse_pass1`. Each is built once for one group of lanes and instantiated for every
//! group: lanes whose numbers differ in the pass's own bits form a group.
//!
//! Pass 1 is a transform of `M = N/64` points over `m` (negacyclic: nodes of `Y^M + 1`), pass 2 one
//! of 64 points over `t` (cyclic). Both consist of shifts and adds. One level takes one clock, the
//! first two or three levels of the forward pass 1 together take one, a level with eight or
//! sixteen twiddles in time takes two, an exchange of `D` rows takes `D + 1`. At `M = 64` the odd
//! powers of a square root of 2 take one more in each direction ([`odd_root`](super::odd_root)).
//!
//! Ports: `x{lane}` or `x{lane}_{limb}` with row 0 in clock 0; `row` (low bits of the row's number)
//! in clock 0 where bits stand in time; `select_{i}` one clock ahead where a skew is undone;
//! `y{lane}_{limb}`.

use super::config::TransformConfig;
use super::lanes::Lanes;
use super::layout::{Place, Step, Swap, pass};
use crate::arith::normalise;
use crate::pipeline::block::{BuildError, build};
use crate::pipeline::fold;
use crate::pipeline::goal::Goal;
use crate::pipeline::value::{Format, Value};
use crate::pipeline::word::{Word, ones};
use crate::pipeline::{Block, Pipe};

/// Most levels that the first clock of the forward pass 1 takes at once.
pub(super) const RADIX_LEVELS: usize = 3;

/// A pass as a block, with what is needed to connect it.
pub struct PassBlock {
    /// The block.
    pub block: Block,
    /// Format of the outputs.
    pub format: Format,
    /// Global lane bits that the pass runs over, by local lane bit.
    pub lane_bits: Vec<u32>,
    /// Low bits of the row number that the port `row` takes; 0 if there is none.
    pub row_bits: u32,
}

impl PassBlock {
    /// The global lanes of the group that contains lane `first`, by local lane.
    pub fn group(&self, first: usize) -> Vec<usize> {
        let lane = |local: usize| {
            let bit = |(i, b): (usize, &u32)| (local >> i & 1) << b;
            first | self.lane_bits.iter().enumerate().map(bit).sum::<usize>()
        };
        (0..1 << self.lane_bits.len()).map(lane).collect()
    }

    /// First lane of each group.
    pub fn groups(&self, lanes: usize) -> Vec<usize> {
        let mask: usize = self.lane_bits.iter().map(|b| 1 << b).sum();
        (0..lanes).filter(|l| l & mask == 0).collect()
    }
}

/// A pass in the lane numbers of one group.
struct Local {
    lane_bits: Vec<u32>,
    row_bits: u32,
    steps: Vec<Step>,
    bits: Vec<Place>,
}

impl Local {
    fn new(bits: &[Place]) -> Self {
        let mut lane_bits: Vec<u32> = bits
            .iter()
            .filter_map(|p| match p {
                Place::Lane(a) => Some(*a),
                Place::Time(_) => None,
            })
            .collect();
        lane_bits.sort_unstable();
        let local = |p: &Place| match p {
            Place::Lane(a) => Place::Lane(lane_bits.iter().filter(|b| *b < a).count() as u32),
            time => *time,
        };
        let bits: Vec<Place> = bits.iter().map(local).collect();
        let time = |p: &Place| match p {
            Place::Time(b) => b + 1,
            Place::Lane(_) => 0,
        };
        Self {
            row_bits: bits.iter().map(time).max().unwrap_or(0),
            steps: pass(&bits).0,
            bits,
            lane_bits,
        }
    }

    fn lanes(&self) -> usize {
        1 << self.lane_bits.len()
    }

    fn row<'b>(&self, pipe: &Pipe<'b>) -> Option<Word<'b>> {
        (self.row_bits > 0).then(|| pipe.input("row", ones(self.row_bits), 0))
    }

    fn inputs<'b>(&self, pipe: &Pipe<'b>, x: &Format) -> Vec<Value<'b>> {
        (0..self.lanes())
            .map(|lane| pipe.input_value(&format!("x{lane}"), x, 0))
            .collect()
    }

    /// The ports that undo the skew, by local lane bit.
    fn selects<'b>(&self, pipe: &Pipe<'b>, swaps: &[Swap]) -> Vec<(u32, Word<'b>)> {
        let select = |(i, swap): (usize, &Swap)| {
            let local = self.lane_bits.iter().filter(|b| **b < swap.lane).count();
            (local as u32, pipe.input(&format!("select_{i}"), 1, -1))
        };
        swaps.iter().enumerate().map(select).collect()
    }

    fn finish(self, (block, format): (Block, Format)) -> PassBlock {
        PassBlock {
            block,
            format,
            lane_bits: self.lane_bits,
            row_bits: self.row_bits,
        }
    }
}

fn outputs<'b>(pipe: &Pipe<'b>, lanes: &Lanes<'_, 'b>) -> Format {
    for (lane, value) in lanes.values.iter().enumerate() {
        pipe.output_value(&format!("y{lane}"), value);
    }
    lanes.values[0].format()
}

/// Digits to residues modulo the factors of `X^N + 1`, in two limbs that suit a fold.
///
/// # Errors
/// Those of the steps.
pub fn forward_pass1(config: &TransformConfig, bits: &[Place]) -> Result<PassBlock, BuildError> {
    let local = Local::new(bits);
    let at_once = local.lane_bits.len().min(RADIX_LEVELS);
    let highest: Vec<u32> = local
        .bits
        .iter()
        .rev()
        .filter_map(|p| match p {
            Place::Lane(a) => Some(*a),
            Place::Time(_) => None,
        })
        .take(at_once)
        .collect();
    let doc = format!(
        "Forward transform, pass 1: {} points over m, negacyclic, on digits.",
        1 << config.log_first()
    );
    let built = build("ntt_forward_pass1", &doc, |pipe| {
        pipe.builder().keep_hierarchy();
        let row = local.row(pipe);
        let digit = |lane: usize| {
            let word = pipe.input(&format!("x{lane}"), ones(config.digit_bits), 0);
            Value::signed(word)
        };
        let digits = (0..local.lanes()).map(digit).collect();
        let mut lanes = Lanes::new(pipe, digits, row, 96, false);
        let rest = &local.steps[at_once..];
        let goal = if rest.is_empty() {
            Goal::CommonFor(fold::offset_before_lazy)
        } else if local.row_bits > 0 {
            Goal::Common
        } else {
            Goal::Free
        };
        lanes.radix(&highest, goal)?;
        if config.has_odd_root() {
            lanes.odd_root(local.bits[0])?;
        }
        lanes.run(rest, Goal::CommonFor(fold::offset_before_lazy))?;
        Ok(outputs(pipe, &lanes))
    })?;
    Ok(local.finish(built))
}

/// The cyclic pass of 64 points; lazily reduced words in and out.
///
/// # Errors
/// Those of the steps.
pub fn forward_pass2(bits: &[Place], x: &Format, swaps: &[Swap]) -> Result<PassBlock, BuildError> {
    let local = Local::new(bits);
    let doc = "Forward transform, pass 2: 64 points over t, cyclic; undoes the skew, folds.";
    let built = build("ntt_forward_pass2", doc, |pipe| {
        pipe.builder().keep_hierarchy();
        let row = local.row(pipe);
        let mut lanes = Lanes::new(pipe, local.inputs(pipe, x), row, 0, false);
        lanes.unskew(local.selects(pipe, swaps))?;
        if local.row_bits > 0 {
            lanes.to_two_limbs()?;
        }
        lanes.run(&local.steps, Goal::EachFor(fold::offset_before_lazy))?;
        lanes.fold()?;
        Ok(outputs(pipe, &lanes))
    })?;
    Ok(local.finish(built))
}

/// The inverse of pass 2, unscaled: two limbs in, two limbs that suit a fold out.
///
/// # Errors
/// Those of the steps.
pub fn inverse_pass2(bits: &[Place], x: &Format) -> Result<PassBlock, BuildError> {
    let local = Local::new(bits);
    let doc = "Inverse transform, pass 2: 64 points over k, cyclic, unscaled.";
    let built = build("ntt_inverse_pass2", doc, |pipe| {
        pipe.builder().keep_hierarchy();
        let row = local.row(pipe);
        let mut lanes = Lanes::new(pipe, local.inputs(pipe, x), row, 0, true);
        lanes.run(&local.steps, Goal::CommonFor(fold::offset_before_lazy))?;
        Ok(outputs(pipe, &lanes))
    })?;
    Ok(local.finish(built))
}

/// The inverse of pass 1, unscaled: a cyclic transform over `j`, then the twist `2^(-96 m / M)`.
/// Lazily reduced words in, two limbs that suit the normalisation out.
///
/// # Errors
/// Those of the steps.
pub fn inverse_pass1(
    config: &TransformConfig,
    bits: &[Place],
    x: &Format,
    swaps: &[Swap],
) -> Result<PassBlock, BuildError> {
    let local = Local::new(bits);
    let doc = format!(
        "Inverse transform, pass 1: {} points over j, unscaled; undoes the skew, twists.",
        1 << config.log_first()
    );
    let built = build("ntt_inverse_pass1", &doc, |pipe| {
        pipe.builder().keep_hierarchy();
        let row = local.row(pipe);
        let mut lanes = Lanes::new(pipe, local.inputs(pipe, x), row, 0, true);
        lanes.unskew(local.selects(pipe, swaps))?;
        if local.row_bits > 0 {
            lanes.to_two_limbs()?;
        }
        lanes.run(&local.steps, Goal::Free)?;
        let halves = 192 >> config.log_first();
        lanes.twist(halves, Goal::CommonFor(normalise::offset_for))?;
        Ok(outputs(pipe, &lanes))
    })?;
    Ok(local.finish(built))
}
