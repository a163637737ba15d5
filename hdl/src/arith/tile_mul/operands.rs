//! What the forms of the multiplier are made of: words cut into digits, differences, products, sums of values.

use crate::arith::field;
use crate::netlist::Sig;
use crate::pipeline::block::BuildError;
use crate::pipeline::goal::{Goal, settle};
use crate::pipeline::plan::{SumPlan, Terms};
use crate::pipeline::row::{Piece, Row};
use crate::pipeline::split::Wrap;
use crate::pipeline::value::{TWO_LIMBS, Value};
use crate::pipeline::word::{Word, ones};
use crate::pipeline::{Clock, Pipe, fold};

/// A lazily reduced word as one binary number, below `2^66`: one carry chain of 44 bits.
pub fn binary<'b>(pipe: &Pipe<'b>, x: &Value<'b>) -> Word<'b> {
    let piece = |limb: usize| Piece {
        word: x.limbs[limb].0,
        lo: 0,
        width: x.limbs[limb].0.width(),
        column: x.limbs[limb].1,
        inverted: false,
    };
    let mut outer = Row::of(piece(0));
    let apart = outer.try_push(piece(2));
    debug_assert!(apart, "limbs 0 and 2 overlap");
    pipe.sum_rows(&[outer, Row::of(piece(1))])
}

/// Digits of `step` bits of a binary number; the last one has what is left.
pub fn cut<'b>(word: Word<'b>, step: u32) -> Value<'b> {
    let digit = |lo: u32| (word.bits(lo, step.min(word.width() - lo)), lo);
    Value {
        limbs: (0..word.width())
            .step_by(step as usize)
            .map(digit)
            .collect(),
        offset: 0,
    }
}

/// A two's complement word, registered: it is never the most negative number of its width.
#[derive(Clone, Copy)]
pub struct Signed<'b>(Word<'b>);

impl<'b> Signed<'b> {
    /// A word without sign.
    pub fn of(word: Word<'b>) -> Self {
        let wider = word.sig().resize(word.width() + 1);
        Self(Word::new(wider, word.max(), word.clock()))
    }

    /// `self - other` in `width` bits, a clock later.
    fn minus(self, other: Self, pipe: &Pipe<'b>, width: u32) -> Self {
        let clock = self.0.clock().max(other.0.clock());
        let sig = |w: Word<'b>| pipe.delay(w, clock).sig().sext(width);
        let difference = pipe.builder().reg(sig(self.0) - sig(other.0));
        Self(Word::new(difference, ones(width), clock + 1))
    }

    /// `a - b` of words without sign.
    pub fn difference(pipe: &Pipe<'b>, a: Word<'b>, b: Word<'b>) -> Self {
        let width = a.width().max(b.width()) + 1;
        Self::of(a).minus(Self::of(b), pipe, width)
    }

    /// `a - b` of words with sign.
    pub fn difference_signed(pipe: &Pipe<'b>, a: Self, b: Self) -> Self {
        a.minus(b, pipe, a.0.width().max(b.0.width()) + 1)
    }
}

/// Products with their registers.
pub struct Multipliers<'p, 'b> {
    /// The pipeline.
    pub pipe: &'p Pipe<'b>,
    /// Registers behind a product.
    pub registers: u32,
}

impl<'b> Multipliers<'_, 'b> {
    fn registered(&self, mut product: Sig<'b>) -> Sig<'b> {
        for _ in 0..self.registers {
            product = self.pipe.builder().reg(product);
        }
        product
    }

    /// `a * b` of words of one clock.
    pub fn unsigned(&self, a: Word<'b>, b: Word<'b>) -> Word<'b> {
        let clock = a.clock().max(b.clock());
        let (x, y) = (self.pipe.delay(a, clock), self.pipe.delay(b, clock));
        let product = self.registered(self.pipe.builder().mul(x.sig(), y.sig()));
        let max = a.max() * b.max();
        Word::new(product, max, clock + self.registers as Clock)
    }

    /// The same as a value at column 0.
    pub fn value(&self, a: Word<'b>, b: Word<'b>) -> Value<'b> {
        Value::new(&[self.unsigned(a, b)], &[0])
    }

    /// `a * b` with sign. No factor is the most negative number, so the product needs a bit less than both have.
    pub fn signed(&self, a: Signed<'b>, b: Signed<'b>) -> Value<'b> {
        let clock = a.0.clock().max(b.0.clock());
        let (x, y) = (self.pipe.delay(a.0, clock), self.pipe.delay(b.0, clock));
        let width = x.width() + y.width() - 1;
        let product = self.pipe.builder().mul_signed(x.sig(), y.sig(), width);
        let clock = clock + self.registers as Clock;
        Value::signed(Word::new(self.registered(product), ones(width), clock))
    }
}

/// Values with the columns by which they are shifted.
pub type Shifted<'a, 'b> = [(&'a Value<'b>, u32)];

fn terms<'b>(values: &Shifted<'_, 'b>) -> Terms<'b> {
    let mut all: Terms<'b> = (Vec::new(), 0);
    for (value, column) in values {
        let (terms, offset) = value.shifted(*column, false);
        all.0.extend(terms);
        all.1 = field::add(all.1, offset);
    }
    all
}

fn plan<'b>(values: &Shifted<'_, 'b>, bounds: &[u32]) -> Result<SumPlan<'b>, BuildError> {
    let none = (Vec::new(), 0);
    SumPlan::new("mul_lane", &none, &[terms(values)], bounds, Wrap::At96)
}

/// The sum in one clock, over limbs at the columns `bounds`.
///
/// # Errors
/// More than three rows in a limb.
pub fn sum<'b>(
    pipe: &Pipe<'b>,
    values: &Shifted<'_, 'b>,
    bounds: &[u32],
) -> Result<Value<'b>, BuildError> {
    let plan = plan(values, bounds)?;
    Ok(plan.emit(pipe, &[], &plan.format()?))
}

/// The sum in one clock, in two limbs with the offset that the fold behind it needs.
///
/// # Errors
/// More than three rows in a limb; no constant fits.
pub fn last_sum<'b>(pipe: &Pipe<'b>, values: &Shifted<'_, 'b>) -> Result<Value<'b>, BuildError> {
    let goal = Goal::EachFor(fold::offset_before_lazy);
    let settled = settle(goal, 1, &|_| plan(values, &TWO_LIMBS))?;
    let (plan, format) = &settled[0];
    Ok(plan.emit(pipe, &[], format))
}
