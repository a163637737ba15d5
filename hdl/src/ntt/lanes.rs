//! The engine of a pass: values in lanes, and the clocked steps that lead from one set to the next.
//!
//! A pass evaluates polynomials `u + v X^h` at the roots of `X^2h = 2^e`: the result bit 0 stands
//! for `X^h = 2^(e/2)`, the result bit 1 for `X^h = 2^(e/2 + 96)`, so a butterfly is
//! `u +- 2^(e/2) v`. The exponent depends on the earlier result bits alone: those in the lanes give
//! wired shifts, those in time choose between them. The inverse direction uses `2^-(e/2)`.

use super::layout::{Place, Step};
use super::odd_root::column;
use crate::arith::field;
use crate::pipeline::block::BuildError;
use crate::pipeline::fold;
use crate::pipeline::goal::{Goal, settle};
use crate::pipeline::plan::{SumPlan, Terms};
use crate::pipeline::split::Wrap;
use crate::pipeline::value::{THREE_LIMBS, TWO_LIMBS, Value};
use crate::pipeline::word::Word;
use crate::pipeline::{Clock, Pipe};

/// Values in lanes.
pub struct Lanes<'p, 'b> {
    pub(super) pipe: &'p Pipe<'b>,
    /// By lane.
    pub values: Vec<Value<'b>>,
    /// The row number (as many low bits as the pass needs), if bits stand in time.
    row: Option<Word<'b>>,
    /// A multiplexer that the next step takes along: lane bits and the select bit of each.
    pending: Vec<(u32, Word<'b>)>,
    /// Places of the result bits so far, lowest first.
    pub(super) path: Vec<Place>,
    /// Exponent of the root node: 96 for `X^n + 1`, 0 for `X^n - 1`.
    start: u32,
    pub(super) inverse: bool,
}

impl<'p, 'b> Lanes<'p, 'b> {
    /// Lanes at the beginning of a pass.
    pub fn new(
        pipe: &'p Pipe<'b>,
        values: Vec<Value<'b>>,
        row: Option<Word<'b>>,
        start: u32,
        inverse: bool,
    ) -> Self {
        Self {
            pipe,
            values,
            row,
            pending: Vec::new(),
            path: Vec::new(),
            start,
            inverse,
        }
    }

    /// Reads lane `L` from lane `L ^ select` (select bit `i` counts at the lane bit given with
    /// it): all but the last two select bits in clocks of their own, those in the next step.
    ///
    /// # Errors
    /// As for every step: more rows than one clock can add, or no constant fits.
    pub fn unskew(&mut self, mut select: Vec<(u32, Word<'b>)>) -> Result<(), BuildError> {
        while select.len() > 2 {
            let rest = select.split_off(2);
            self.pending = select;
            self.pass_through()?;
            select = rest;
        }
        self.pending = select;
        Ok(())
    }

    /// One clock that brings all lanes into two limbs of one format.
    ///
    /// # Errors
    /// See [`Lanes::unskew`].
    pub fn to_two_limbs(&mut self) -> Result<(), BuildError> {
        self.step(Goal::Free, &[], |this, lane| {
            let options = this.options(lane);
            let terms: Vec<Terms<'b>> = options.iter().map(|v| v.shifted(0, false)).collect();
            let none = (Vec::new(), 0);
            SumPlan::new("two limbs", &none, &terms, &TWO_LIMBS, Wrap::At96)
        })
    }

    /// The first levels at once, in one clock: `lanes` are the lane bits of the index, highest
    /// first. Digits stand at columns that are multiples of `96 / 2^levels`, so two rows hold
    /// digits of 24 bits.
    ///
    /// # Errors
    /// See [`Lanes::unskew`].
    pub fn radix(&mut self, lanes: &[u32], goal: Goal) -> Result<(), BuildError> {
        let path: Vec<Place> = lanes.iter().map(|a| Place::Lane(*a)).collect();
        let start = self.start;
        let plan = |this: &Self, lane: usize| {
            let node = |e: u32, p: &Place| e / 2 + 96 * p.value(lane as u32, 0);
            let exponent = path.iter().fold(start, node);
            let cleared = lanes.iter().fold(lane, |l, a| l & !(1 << a));
            let mut terms: Terms<'b> = (Vec::new(), 0);
            for index in 0..1usize << lanes.len() {
                let bit = |(i, a): (usize, &u32)| (index >> (lanes.len() - 1 - i) & 1) << a;
                let source = cleared | lanes.iter().enumerate().map(bit).sum::<usize>();
                let shift = exponent * index as u32 % 192;
                let (more, offset) = this.values[source].shifted(shift, false);
                terms.0.extend(more);
                terms.1 = field::add(terms.1, offset);
            }
            SumPlan::new("radix", &(Vec::new(), 0), &[terms], &TWO_LIMBS, Wrap::At96)
        };
        self.step(goal, &[], plan)?;
        self.path = path;
        Ok(())
    }

    /// Runs `steps`; the last level ends with `goal`.
    ///
    /// # Errors
    /// See [`Lanes::unskew`].
    pub fn run(&mut self, steps: &[Step], goal: Goal) -> Result<(), BuildError> {
        for (i, step) in steps.iter().enumerate() {
            let rest = &steps[i + 1..];
            let mixed = rest.iter().any(|s| matches!(s, Step::Exchange { .. }));
            match *step {
                Step::Exchange { lane, time } => self.exchange(lane, time)?,
                Step::Level { lane } if rest.is_empty() => self.level(lane, goal)?,
                Step::Level { lane } if mixed => self.level(lane, Goal::Common)?,
                Step::Level { lane } => self.level(lane, Goal::Free)?,
            }
        }
        Ok(())
    }

    /// Folds all lanes to lazily reduced words of one format.
    ///
    /// # Errors
    /// See [`Lanes::unskew`].
    pub fn fold(&mut self) -> Result<(), BuildError> {
        self.step(Goal::Common, &[], |this, lane| {
            fold::plan(std::slice::from_ref(&this.values[lane]))
        })
    }

    /// Butterflies between the lanes that differ in bit `lane_bit`.
    fn level(&mut self, lane_bit: u32, goal: Goal) -> Result<(), BuildError> {
        let bits = self.time_bits();
        let goal = match goal {
            Goal::Free if !bits.is_empty() => Goal::Common,
            goal => goal,
        };
        self.step(goal, &bits.clone(), |this, lane| {
            let negative = lane >> lane_bit & 1 == 1;
            let low = lane & !(1 << lane_bit);
            let us = this.options(low);
            let vs = this.options(low | 1 << lane_bit);
            let shift = |tau: u32| this.shift(lane as u32 & !(1 << lane_bit), tau);
            let three = us[0].columns() == THREE_LIMBS && vs[0].columns() == THREE_LIMBS;
            let bounds: &[u32] = if three && bits.is_empty() && shift(0) == 0 {
                &THREE_LIMBS
            } else {
                &TWO_LIMBS
            };
            if this.pending.is_empty() {
                let fixed = us[0].shifted(0, false);
                let options: Vec<Terms<'b>> = times(&bits)
                    .map(|tau| vs[0].shifted(shift(tau), negative))
                    .collect();
                return SumPlan::new("level", &fixed, &options, bounds, Wrap::At96);
            }
            let both = |(u, v): (&Value<'b>, &Value<'b>)| {
                let (mut terms, offset) = u.shifted(0, false);
                let (more, other) = v.shifted(shift(0), negative);
                terms.extend(more);
                (terms, field::add(offset, other))
            };
            let options: Vec<Terms<'b>> = us.iter().zip(&vs).map(both).collect();
            SumPlan::new("level", &(Vec::new(), 0), &options, bounds, Wrap::At96)
        })?;
        self.path.push(Place::Lane(lane_bit));
        Ok(())
    }

    /// Exchanges lane bit `lane_bit` with time bit `time`: with `D = 2^time` rows, the upper lane
    /// is delayed `D`, the pair is crossed where the row's bit is 1, the lower lane is delayed `D`.
    fn exchange(&mut self, lane_bit: u32, time: u32) -> Result<(), BuildError> {
        let pipe = self.pipe;
        let clock = pipe.align(&mut self.values);
        let rows = 1 << time;
        for low in (0..self.values.len()).filter(|l| l >> lane_bit & 1 == 0) {
            let high = low | 1 << lane_bit;
            let (x, y) = (self.values[low].clone(), self.values[high].clone());
            if x.format() != y.format() {
                return Err(BuildError::NoConstant { what: "exchange" });
            }
            let early = self.row_bits(&[time], clock);
            let late = self.row_bits(&[time], clock + rows);
            for (i, (&(x, _), &(y, _))) in x.limbs.iter().zip(&y.limbs).enumerate() {
                let y_late = pipe.delay(y, clock + rows);
                let first = pipe.select(&[x, y_late.relabelled(clock)], &early);
                let second = pipe.select(&[x.relabelled(clock + rows), y_late], &late);
                self.values[low].limbs[i].0 = pipe.delay(first, clock + rows + 1);
                self.values[high].limbs[i].0 = second;
            }
        }
        for p in &mut self.path {
            if *p == Place::Lane(lane_bit) {
                *p = Place::Time(time);
            }
        }
        Ok(())
    }

    /// One clock without arithmetic: just the pending multiplexer.
    fn pass_through(&mut self) -> Result<(), BuildError> {
        let clock = self.pipe.align(&mut self.values);
        let mut next = Vec::new();
        for lane in 0..self.values.len() {
            let select = self.pending_bits(clock);
            let options = self.options(lane);
            let mut value = options[0].clone();
            for (i, limb) in value.limbs.iter_mut().enumerate() {
                let words: Vec<Word<'b>> = options.iter().map(|o| o.limbs[i].0).collect();
                limb.0 = self.pipe.select(&words, &select);
            }
            next.push(value);
        }
        self.values = next;
        self.pending.clear();
        Ok(())
    }

    /// One step: plans all lanes, meets the goal, emits; `bits` are the time bits that choose.
    pub(super) fn step(
        &mut self,
        goal: Goal,
        bits: &[u32],
        plan: impl Fn(&Self, usize) -> Result<SumPlan<'b>, BuildError>,
    ) -> Result<(), BuildError> {
        let clock = self.pipe.align(&mut self.values);
        let this = &*self;
        let settled = settle(goal, this.values.len(), &|lane| plan(this, lane))?;
        let mut next = Vec::new();
        for (plan, format) in &settled {
            let select = if bits.is_empty() {
                this.pending_bits(clock)
            } else {
                this.row_bits(bits, clock)
            };
            next.push(plan.emit(this.pipe, &select, format));
        }
        self.values = next;
        self.pending.clear();
        Ok(())
    }

    /// Bits of the row number in `clock`.
    fn row_bits(&self, bits: &[u32], clock: Clock) -> Vec<Word<'b>> {
        let row = self.row.iter();
        row.flat_map(|row| bits.iter().map(|b| self.pipe.delay(row.bit(*b), clock)))
            .collect()
    }

    fn pending_bits(&self, clock: Clock) -> Vec<Word<'b>> {
        let late = |(_, w): &(u32, Word<'b>)| self.pipe.delay(*w, clock);
        self.pending.iter().map(late).collect()
    }

    /// The values that lane `lane` may stand for, by pending select.
    fn options(&self, lane: usize) -> Vec<Value<'b>> {
        let source = |o: usize| {
            let mask = |(i, (bit, _)): (usize, &(u32, Word<'b>))| (o >> i & 1) << bit;
            lane ^ self.pending.iter().enumerate().map(mask).sum::<usize>()
        };
        (0..1 << self.pending.len())
            .map(|o| self.values[source(o)].clone())
            .collect()
    }

    /// Half the exponent of the node above `lane` and `tau`, as a column. Of half an odd exponent
    /// [`Lanes::odd_root`] is the rest.
    fn shift(&self, lane: u32, tau: u32) -> u32 {
        let node = |e: u32, p: &Place| e / 2 + 96 * p.value(lane, tau);
        let half = column(self.path.iter().fold(self.start, node));
        if self.inverse {
            (192 - half) % 192
        } else {
            half
        }
    }

    /// Time bits on the path.
    pub(super) fn time_bits(&self) -> Vec<u32> {
        let time = |p: &Place| match p {
            Place::Time(b) => Some(*b),
            Place::Lane(_) => None,
        };
        let mut bits: Vec<u32> = self.path.iter().filter_map(time).collect();
        bits.sort_unstable();
        bits
    }
}

/// Row numbers with every setting of `bits`, the first bit counting fastest.
pub(super) fn times(bits: &[u32]) -> impl Iterator<Item = u32> {
    let scatter = move |o: u32| {
        let bit = |(i, b): (usize, &u32)| (o >> i & 1) << b;
        bits.iter().enumerate().map(bit).sum()
    };
    (0..1u32 << bits.len()).map(scatter)
}
