//! Plans of sums: which rows meet in which limb, before any hardware exists.
//!
//! A plan can be examined (ranges, free columns, offset) and completed by constants before it is
//! emitted, so that several lanes can agree on a common format first.

use super::block::BuildError;
use super::constant::find_constant;
use super::pipe::{Choice, Pipe};
use super::row::{Row, pack};
use super::split::{Split, Wrap, split};
use super::value::{Format, Term, Value};
use super::word::{Word, ones};
use crate::arith::field;

/// Rows that one clock can add.
const ROWS: usize = 3;

/// Terms with the constant offset that goes with them.
pub type Terms<'b> = (Vec<Term<'b>>, u64);

struct LimbPlan<'b> {
    column: u32,
    /// Columns in which constants may be put.
    span: u32,
    fixed: Vec<Row<'b>>,
    /// By option: rows.
    options: Vec<Vec<Row<'b>>>,
}

/// A sum of terms that are always there and of terms chosen by select bits.
pub struct SumPlan<'b> {
    what: &'static str,
    limbs: Vec<LimbPlan<'b>>,
    /// By option.
    offsets: Vec<u64>,
}

impl<'b> SumPlan<'b> {
    /// Plans `fixed + options[select]` over limbs at the columns `bounds`.
    ///
    /// # Errors
    /// More than three rows in a limb.
    pub fn new(
        what: &'static str,
        fixed: &Terms<'b>,
        options: &[Terms<'b>],
        bounds: &[u32],
        wrap: Wrap,
    ) -> Result<Self, BuildError> {
        // Without a choice everything packs together; with one, the fixed rows need no multiplexer.
        let joined: Vec<Terms<'b>>;
        let none = (Vec::new(), 0);
        let (fixed, options) = if let [only] = options {
            let terms = fixed.0.iter().chain(&only.0).copied().collect();
            joined = vec![(terms, field::add(fixed.1, only.1))];
            (&none, joined.as_slice())
        } else {
            (fixed, options)
        };
        let always = split(&fixed.0, bounds, wrap);
        let chosen: Vec<Split<'b>> = options.iter().map(|o| split(&o.0, bounds, wrap)).collect();
        let offset = |(o, s): (&Terms<'b>, &Split<'b>)| {
            let sum = field::add(fixed.1, o.1);
            field::add(sum, field::add(always.offset, s.offset))
        };
        let offsets = options.iter().zip(&chosen).map(offset).collect();
        let mut limbs = Vec::new();
        for (i, &column) in bounds.iter().enumerate() {
            let fixed = pack(always.limbs[i].clone());
            let options: Vec<_> = chosen.iter().map(|s| pack(s.limbs[i].clone())).collect();
            let most = options.iter().map(Vec::len).max().unwrap_or(0);
            if fixed.len() + most > ROWS {
                let rows = fixed.len() + most;
                return Err(BuildError::TooManyRows { what, rows });
            }
            limbs.push(LimbPlan {
                column,
                span: span(bounds, i),
                fixed,
                options,
            });
        }
        Ok(Self {
            what,
            limbs,
            offsets,
        })
    }

    /// A plan of ready rows, limb by limb, without choice.
    pub fn of_rows(what: &'static str, bounds: &[u32], rows: &[Vec<Row<'b>>], offset: u64) -> Self {
        let limb = |(i, rows): (usize, &Vec<Row<'b>>)| LimbPlan {
            column: bounds[i],
            span: span(bounds, i),
            fixed: Vec::new(),
            options: vec![rows.clone()],
        };
        Self {
            what,
            limbs: rows.iter().enumerate().map(limb).collect(),
            offsets: vec![offset],
        }
    }

    /// Puts constants into free columns so that the result has the offset `target`, whatever the
    /// option.
    ///
    /// # Errors
    /// No constant fits.
    pub fn absorb(&mut self, target: u64) -> Result<(), BuildError> {
        for (o, offset) in self.offsets.iter_mut().enumerate() {
            if *offset == target {
                continue;
            }
            let wanted = field::sub(*offset, target);
            *offset = target;
            let mut free = 0;
            for limb in &mut self.limbs {
                let slots = ROWS - limb.fixed.len();
                limb.options[o].resize(slots, Row::default());
                let full = limb.options[o]
                    .iter()
                    .fold(ones(limb.span), |f, r| f & r.columns());
                let room = ones(limb.span) & if slots == 0 { 0 } else { !full };
                free |= room << limb.column;
            }
            let what = self.what;
            let found = find_constant(wanted, free).ok_or(BuildError::NoConstant { what })?;
            for limb in &mut self.limbs {
                let mut left = found >> limb.column & ones(limb.span);
                for row in limb.options[o].iter_mut().rev() {
                    let here = left & !row.columns();
                    row.set_ones(here);
                    left &= !here;
                }
            }
        }
        Ok(())
    }

    /// The offset of the result.
    ///
    /// # Errors
    /// The options have different offsets.
    pub fn offset(&self) -> Result<u64, BuildError> {
        let first = self.offsets[0];
        if self.offsets.iter().any(|o| *o != first) {
            return Err(BuildError::NoConstant { what: self.what });
        }
        Ok(first)
    }

    /// Column and largest value of each limb as they come out.
    pub fn ranges(&self) -> Vec<(u32, u128)> {
        let max = |limb: &LimbPlan<'b>| {
            let fixed: u128 = limb.fixed.iter().map(Row::max).sum();
            let option = |o: &Vec<Row<'b>>| o.iter().map(Row::max).sum::<u128>();
            fixed + limb.options.iter().map(option).max().unwrap_or(0)
        };
        self.limbs.iter().map(|l| (l.column, max(l))).collect()
    }

    /// The format of the result as it comes out by itself.
    ///
    /// # Errors
    /// The options have different offsets.
    pub fn format(&self) -> Result<Format, BuildError> {
        Ok(Format {
            limbs: self.ranges(),
            offset: self.offset()?,
        })
    }

    /// The operands of limb `index`, and the select bits that remain after pre-selection.
    ///
    /// Up to four options are one multiplexer in front of the adder; beyond that, groups of four
    /// are chosen and registered one clock earlier.
    fn operands(
        &self,
        pipe: &Pipe<'b>,
        index: usize,
        select: &[Word<'b>],
    ) -> (Vec<Choice<'b>>, Vec<Word<'b>>) {
        let limb = &self.limbs[index];
        let mut rows: Vec<Choice<'b>> = limb
            .fixed
            .iter()
            .map(|r| Choice {
                options: vec![r.clone()],
            })
            .collect();
        let slots = limb.options.iter().map(Vec::len).max().unwrap_or(0);
        let mut rest = select;
        for slot in 0..slots {
            let mut options: Vec<Row<'b>> = limb
                .options
                .iter()
                .map(|o| o.get(slot).cloned().unwrap_or_default())
                .collect();
            if options.iter().all(|r| *r == Row::default()) {
                continue;
            }
            rest = select;
            if options.len() > 4 {
                let early = &select[..2];
                rest = &select[2..];
                let group = |g: &[Row<'b>]| {
                    let max = g.iter().map(Row::max).max().unwrap_or(0);
                    let options = g.to_vec();
                    Row::whole(pipe.sum(&[Choice { options }], early, max))
                };
                options = options.chunks(4).map(group).collect();
            } else if options.iter().all(|r| *r == options[0]) {
                options.truncate(1);
            }
            rows.push(Choice { options });
        }
        (rows, rest.to_vec())
    }

    /// Emits the sums in front of their registers. `format` must hold the plan's own.
    pub fn emit_unregistered(
        &self,
        pipe: &Pipe<'b>,
        select: &[Word<'b>],
        format: &Format,
    ) -> Vec<super::pipe::Unregistered<'b>> {
        let limb = |(i, (_, max)): (usize, &(u32, u128))| {
            let (rows, rest) = self.operands(pipe, i, select);
            pipe.sum_unregistered(&rows, &rest, *max)
        };
        format.limbs.iter().enumerate().map(limb).collect()
    }

    /// Emits the registered sums with the ranges of `format`.
    pub fn emit(&self, pipe: &Pipe<'b>, select: &[Word<'b>], format: &Format) -> Value<'b> {
        let words = self.emit_unregistered(pipe, select, format);
        Value {
            limbs: words
                .into_iter()
                .zip(&self.limbs)
                .map(|(w, l)| (pipe.register(w), l.column))
                .collect(),
            offset: format.offset,
        }
    }
}

/// Columns from limb `i` to the next one; the last limb gets as many as the one before it.
fn span(bounds: &[u32], i: usize) -> u32 {
    match (bounds.get(i + 1), i) {
        (Some(next), _) => next - bounds[i],
        (None, 0) => 48,
        (None, _) => bounds[i] - bounds[i - 1],
    }
}

/// The smallest format that holds all plans.
///
/// # Errors
/// The plans have different offsets.
pub fn common_format(plans: &[SumPlan<'_>]) -> Result<Format, BuildError> {
    let mut common = plans[0].format()?;
    for plan in &plans[1..] {
        let other = plan.format()?;
        if other.offset != common.offset {
            return Err(BuildError::NoConstant { what: plan.what });
        }
        for (c, o) in common.limbs.iter_mut().zip(other.limbs) {
            c.1 = c.1.max(o.1);
        }
    }
    Ok(common)
}
