//! Lazy reduction: limbs of 48 and some columns to three limbs of 22 columns and two spare bits.
//!
//! Bits at columns 64 to 95 are added 32 columns lower and subtracted 64 columns lower; bits
//! from 96 on are subtracted 96 columns lower. No limb gets more than three rows, so a fold takes
//! one clock and leaves no carry between limbs. The complements leave a constant behind that
//! depends on the widths only: the sum in front of the fold provides it ([`offset_before`]).
//! Result: below `2^24`, `2^24`, `3 * 2^20` at columns 0, 22, 44, offset 0.

use super::block::BuildError;
use super::plan::SumPlan;
use super::split::{Wrap, split};
use super::value::{Format, THREE_LIMBS, Term, Value};
use super::word::{Word, ones};
use crate::arith::field;
use crate::netlist::Builder;

/// What a lazily reduced word looks like at every port.
pub fn lazy_format() -> Format {
    let maxes = [3 * ones(22), 3 * ones(22), 3 * ones(20)];
    Format {
        limbs: THREE_LIMBS.into_iter().zip(maxes).collect(),
        offset: 0,
    }
}

/// The offset that a value must have so that its fold over `bounds` has the offset `after`.
/// `limbs` are its columns and widths in bits.
pub fn offset_before(limbs: &[(u32, u32)], bounds: &[u32], after: u64) -> u64 {
    // Only widths matter: stand-ins in a netlist of their own.
    let scratch = Builder::new("widths", "");
    let term = |(i, (column, width)): (usize, &(u32, u32))| Term {
        word: Word::new(scratch.input(&format!("x{i}"), *width), ones(*width), 0),
        column: *column,
        negative: false,
    };
    let terms: Vec<Term<'_>> = limbs.iter().enumerate().map(term).collect();
    field::sub(after, split(&terms, bounds, Wrap::At64).offset)
}

/// The offset that a value must have in front of its fold to a lazily reduced word.
pub fn offset_before_lazy(limbs: &[(u32, u32)]) -> u64 {
    offset_before(limbs, &THREE_LIMBS, 0)
}

/// Limbs of a format as columns and widths in bits.
pub fn widths(format: &Format) -> Vec<(u32, u32)> {
    format.columns().into_iter().zip(format.widths()).collect()
}

/// Plans the fold of one of several values of the same format (the select bits choose).
///
/// # Errors
/// The offset is not the one that the fold needs, or more than three rows.
pub fn plan<'b>(options: &[Value<'b>]) -> Result<SumPlan<'b>, BuildError> {
    let terms: Vec<_> = options.iter().map(|v| v.shifted(0, false)).collect();
    let none = (Vec::new(), 0);
    let plan = SumPlan::new("fold", &none, &terms, &THREE_LIMBS, Wrap::At64)?;
    if plan.offset()? != 0 {
        return Err(BuildError::NoConstant { what: "fold" });
    }
    Ok(plan)
}
