//! Cuts terms into pieces, column by column.
//!
//! Two rings are used. In the ring of `2^96 + 1`, a bit at column 96 or above comes back 96
//! columns lower with the opposite sign. In the fold to 64 columns, a bit at columns 64 to 95
//! counts `2^(c-32) - 2^(c-64)`, because `2^64 = 2^32 - 1` modulo `p`.

use super::row::Piece;
use super::value::Term;
use super::word::{Word, ones};
use crate::arith::field;

/// Where bits beyond the columns go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrap {
    /// Modulo `2^96 + 1`.
    At96,
    /// Modulo `p`, into 64 columns.
    At64,
}

/// Pieces by limb, and the constant that the complements left behind: the terms equal the sum of
/// the pieces (at their limb's column) plus `offset`.
#[derive(Clone, Debug)]
pub struct Split<'b> {
    /// Pieces with columns relative to their limb.
    pub limbs: Vec<Vec<Piece<'b>>>,
    /// Constant modulo `p`.
    pub offset: u64,
}

/// A whole limb may reach over the next one by this many columns before it is cut.
const LONGEST_WHOLE_LIMB: u32 = 64;

impl<'b> Split<'b> {
    fn push(&mut self, limb: usize, base: u32, piece: Piece<'b>) {
        if piece.inverted {
            let left = field::shifted(ones(piece.width), piece.column + base);
            self.offset = field::sub(self.offset, left);
        }
        self.limbs[limb].push(piece);
    }
}

/// Splits `terms` over limbs that begin at the columns `bounds`.
///
/// In the ring of `2^96 + 1` a term that begins exactly at a limb stays whole: limbs are
/// redundant at their boundaries.
pub fn split<'b>(terms: &[Term<'b>], bounds: &[u32], wrap: Wrap) -> Split<'b> {
    let mut out = Split {
        limbs: vec![Vec::new(); bounds.len()],
        offset: 0,
    };
    for term in terms {
        let column = term.column % 192;
        let (column, negative) = if column >= 96 {
            (column - 96, !term.negative)
        } else {
            (column, term.negative)
        };
        let limb = bounds.iter().position(|b| *b == column);
        let width = term.word.width();
        match limb {
            Some(limb) if wrap == Wrap::At96 && width <= LONGEST_WHOLE_LIMB => {
                let piece = Piece {
                    word: term.word,
                    lo: 0,
                    width,
                    column: 0,
                    inverted: negative,
                };
                out.push(limb, column, piece);
            }
            _ => cut(&mut out, term.word, column, negative, bounds, wrap),
        }
    }
    out
}

fn cut<'b>(
    out: &mut Split<'b>,
    word: Word<'b>,
    column: u32,
    negative: bool,
    bounds: &[u32],
    wrap: Wrap,
) {
    let mut work = vec![(0, word.width(), column, negative)];
    while let Some((lo, width, column, negative)) = work.pop() {
        let mut again = |first: u32| {
            work.push((lo, first, column, negative));
            work.push((lo + first, width - first, column + first, negative));
        };
        if column >= 96 {
            work.push((lo, width, column - 96, !negative));
        } else if column + width > 96 {
            again(96 - column);
        } else if wrap == Wrap::At64 && column >= 64 {
            work.push((lo, width, column - 32, negative));
            work.push((lo, width, column - 64, !negative));
        } else if wrap == Wrap::At64 && column + width > 64 {
            again(64 - column);
        } else {
            let limb = bounds.iter().rposition(|b| *b <= column).unwrap_or(0);
            let end = bounds.get(limb + 1).copied().unwrap_or(96);
            if column + width > end {
                again(end - column);
            } else {
                let piece = Piece {
                    word,
                    lo,
                    width,
                    column: column - bounds[limb],
                    inverted: negative,
                };
                out.push(limb, bounds[limb], piece);
            }
        }
    }
}
