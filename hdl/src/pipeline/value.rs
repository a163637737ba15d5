//! Field elements as limbs.

use super::word::{Word, ones, width_of};
use crate::arith::field;

/// Columns of the two limbs in which levels are computed.
pub const TWO_LIMBS: [u32; 2] = [0, 48];
/// Columns of the three limbs of a lazily reduced word.
pub const THREE_LIMBS: [u32; 3] = [0, 22, 44];

/// A number modulo `p`: the sum of `limb * 2^column`, plus a constant.
#[derive(Clone, Debug)]
pub struct Value<'b> {
    /// Limbs, lowest column first.
    pub limbs: Vec<(Word<'b>, u32)>,
    /// The constant, modulo `p`.
    pub offset: u64,
}

/// A word at a column (modulo 192), counted positive or negative.
#[derive(Clone, Copy, Debug)]
pub struct Term<'b> {
    /// The word.
    pub word: Word<'b>,
    /// Its column; `2^96 = -1`.
    pub column: u32,
    /// True if it is subtracted.
    pub negative: bool,
}

/// Shape of a value at a port: what the receiver must know to compute on it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Format {
    /// Column and largest value of each limb.
    pub limbs: Vec<(u32, u128)>,
    /// The constant offset.
    pub offset: u64,
}

impl<'b> Value<'b> {
    /// A value without offset.
    pub fn new(words: &[Word<'b>], columns: &[u32]) -> Self {
        Self {
            limbs: words.iter().copied().zip(columns.iter().copied()).collect(),
            offset: 0,
        }
    }

    /// A two's complement word of any width.
    pub fn signed(word: Word<'b>) -> Self {
        let top = word.width() - 1;
        // The sign bit counts -2^top: complemented it counts 1 - sign, and the 1 is an offset.
        let sig = word.sig();
        let flipped = sig.builder().cat(&[sig.slice(0, top), !sig.bit(top)]);
        let flipped = Word::new(flipped, ones(top + 1), word.clock());
        Self {
            limbs: vec![(flipped, 0)],
            offset: field::neg(field::shifted(1, top)),
        }
    }

    /// The terms of `self * 2^shift`, or of its negative, and the offset that goes with them.
    pub fn shifted(&self, shift: u32, negative: bool) -> (Vec<Term<'b>>, u64) {
        let terms = self.limbs.iter().map(|&(word, column)| Term {
            word,
            column: (column + shift) % 192,
            negative,
        });
        let offset = field::shifted(u128::from(self.offset), shift);
        let offset = if negative { field::neg(offset) } else { offset };
        (terms.collect(), offset)
    }

    /// Columns of the limbs.
    pub fn columns(&self) -> Vec<u32> {
        self.limbs.iter().map(|l| l.1).collect()
    }

    /// The shape.
    pub fn format(&self) -> Format {
        Format {
            limbs: self.limbs.iter().map(|(w, c)| (*c, w.max())).collect(),
            offset: self.offset,
        }
    }

    /// The latest clock of a limb.
    pub fn clock(&self) -> super::Clock {
        self.limbs.iter().map(|l| l.0.clock()).max().unwrap_or(0)
    }
}

impl Format {
    /// Widths in bits, limb by limb.
    pub fn widths(&self) -> Vec<u32> {
        self.limbs.iter().map(|l| width_of(l.1)).collect()
    }

    /// Columns of the limbs.
    pub fn columns(&self) -> Vec<u32> {
        self.limbs.iter().map(|l| l.0).collect()
    }
}
