//! Rows: wired pieces of words side by side, one operand of a sum.

use super::word::{Clock, Word, ones};
use crate::netlist::Sig;

/// Bits `lo .. lo + width` of a word, possibly complemented, at column `column`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'b> {
    /// Where the bits come from.
    pub word: Word<'b>,
    /// Lowest bit taken.
    pub lo: u32,
    /// Number of bits taken.
    pub width: u32,
    /// Column of the lowest bit.
    pub column: u32,
    /// True if the complement is taken.
    pub inverted: bool,
}

impl Piece<'_> {
    /// The largest value of the piece, column included.
    fn max(&self) -> u128 {
        let all = ones(self.width);
        let max = if self.inverted {
            all
        } else {
            (self.word.max() >> self.lo).min(all)
        };
        max << self.column
    }
}

/// Pieces in columns of their own, and constant ones in columns that no piece covers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row<'b> {
    pieces: Vec<Piece<'b>>,
    ones: u128,
}

impl<'b> Row<'b> {
    /// A row of one piece.
    pub fn of(piece: Piece<'b>) -> Self {
        Self {
            pieces: vec![piece],
            ones: 0,
        }
    }

    /// The whole of one word at column 0.
    pub fn whole(word: Word<'b>) -> Self {
        Self::of(Piece {
            word,
            lo: 0,
            width: word.width(),
            column: 0,
            inverted: false,
        })
    }

    /// Columns covered by pieces.
    pub fn columns(&self) -> u128 {
        self.pieces
            .iter()
            .fold(0, |c, p| c | ones(p.width) << p.column)
    }

    /// Adds a piece if its columns are free.
    pub fn try_push(&mut self, piece: Piece<'b>) -> bool {
        let free = self.columns() & (ones(piece.width) << piece.column) == 0;
        if free {
            self.pieces.push(piece);
        }
        free
    }

    /// Sets constant ones in free columns.
    pub fn set_ones(&mut self, ones: u128) {
        debug_assert_eq!(self.columns() & ones, 0, "a constant over a piece");
        self.ones |= ones;
    }

    /// The largest value.
    pub fn max(&self) -> u128 {
        self.pieces.iter().map(Piece::max).sum::<u128>() + self.ones
    }

    /// Words that the row is made of.
    pub fn words(&self) -> impl Iterator<Item = Word<'b>> {
        self.pieces.iter().map(|p| p.word)
    }

    /// The row as a signal of `width` bits, its words delayed by `delay` to `clock`.
    /// Columns from `width` on are known to be zero and are cut off.
    pub fn signal(
        &self,
        builder: &'b crate::netlist::Builder,
        width: u32,
        clock: Clock,
        delay: impl Fn(Word<'b>, Clock) -> Word<'b>,
    ) -> Sig<'b> {
        let mut pieces = self.pieces.clone();
        pieces.sort_by_key(|p| p.column);
        let mut parts = Vec::new();
        let mut at = 0;
        let constant = |from: u32, to: u32, parts: &mut Vec<Sig<'b>>| {
            if to > from {
                let bits = self.ones >> from & ones(to - from);
                parts.push(builder.lit(bits, to - from));
            }
        };
        for p in pieces {
            if p.column >= width {
                break;
            }
            constant(at, p.column, &mut parts);
            let take = p.width.min(width - p.column);
            let bits = delay(p.word, clock).sig().slice(p.lo, take);
            parts.push(if p.inverted { !bits } else { bits });
            at = p.column + take;
        }
        constant(at, width, &mut parts);
        builder.cat(&parts)
    }
}

/// Packs pieces into as few rows as possible (left edge first).
pub fn pack<'b>(mut pieces: Vec<Piece<'b>>) -> Vec<Row<'b>> {
    pieces.sort_by_key(|p| p.column);
    let mut rows: Vec<Row<'b>> = Vec::new();
    for piece in pieces {
        if !rows.iter_mut().any(|r| r.try_push(piece)) {
            rows.push(Row::of(piece));
        }
    }
    rows
}
