//! In which order words travel to the board and lie in its memory.
//!
//! P lanes, R = N/P rows: row r, lane L holds coefficient r + R L. A piece starts on a line of board memory and fills
//! lines from the lowest word on; its transfer is padded with zeros to whole lines.
//!
//! - GLWE (lookup table): for c in 0..=k (mask polynomials, then the body): rows 0..R: P words of 64 bits.
//! - GGSW: for each digit polynomial d: rows tau in the order in which the forward transform emits them: for output c
//!   in 0..=k: P words of 64 bits. Digit polynomial d is level d mod l, deepest first, of row polynomial d / l:
//!   the order in which the core feeds them (polynomial 1 of a lone ciphertext stands later than polynomial 0).
//!   The words carry a factor 2^-digit_shift, see [`digit_shift`].
//! - Column of the key-switching key: for each group of Q mask coefficients (natural order, Q the key-switch products
//!   per clock): for each level, deepest first: Q words of 32 bits.

use crate::descriptor::CheckpointKind;
use crate::{KeyShape, PieceKind, Shape, ntt_exponent};

/// Coefficient that row `row`, lane `lane` holds.
pub const fn row_coefficient(shape: &Shape, row: u32, lane: u32) -> u32 {
    row + shape.rows() * lane
}

/// Where a word of a transferred GLWE comes from: polynomial c and its coefficient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlweWord {
    /// Polynomial; k is the body.
    pub polynomial: u32,
    /// Coefficient.
    pub coefficient: u32,
}

/// The words of a GLWE in the order of board memory.
pub fn glwe_layout(shape: &Shape) -> impl Iterator<Item = GlweWord> + use<> {
    let shape = *shape;
    (0..=shape.glwe_dimension).flat_map(move |polynomial| {
        row_order(shape).map(move |coefficient| GlweWord {
            polynomial,
            coefficient,
        })
    })
}

/// The coefficients of one polynomial in row order.
pub fn row_order(shape: Shape) -> impl Iterator<Item = u32> {
    (0..shape.rows())
        .flat_map(move |row| (0..shape.lanes).map(move |lane| row_coefficient(&shape, row, lane)))
}

/// Where a word of a GGSW comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BskWord {
    /// Level, 0 the deepest.
    pub level: u32,
    /// Row polynomial of the GGSW, 0 ..= k.
    pub row: u32,
    /// Output polynomial, 0 ..= k.
    pub output: u32,
    /// Odd exponent e of the evaluation point psi^e.
    pub exponent: u32,
}

impl BskWord {
    /// Index of the evaluation point when points are sorted by exponent.
    pub const fn point(&self) -> u32 {
        self.exponent / 2
    }
}

/// The words of a GGSW with `levels` levels in the order of board memory.
pub fn bsk_layout(shape: &Shape, levels: u32) -> impl Iterator<Item = BskWord> + use<> {
    let shape = *shape;
    let outputs = shape.glwe_dimension + 1;
    (0..levels * outputs).flat_map(move |digit| {
        let (level, row) = (digit % levels, digit / levels);
        (0..shape.rows()).flat_map(move |tau| {
            (0..outputs).flat_map(move |output| {
                (0..shape.lanes).map(move |lane| BskWord {
                    level,
                    row,
                    output,
                    exponent: ntt_exponent(&shape, tau, lane),
                })
            })
        })
    })
}

/// Binary exponent of the factor by which the core's digits are too large, for keys of base 2^`pbs_base_log`.
///
/// With one built-in level the decomposer leaves a digit at the top of its b_max bits instead of shifting it down, which
/// saves a shifter in the loop; the host multiplies the prepared key by 2^-shift modulo p. The product is the same.
pub const fn digit_shift(shape: &Shape, pbs_base_log: u32) -> u32 {
    if shape.max_pbs_levels == 1 {
        shape.max_pbs_base_log.saturating_sub(pbs_base_log)
    } else {
        0
    }
}

/// Where a word of a column of the key-switching key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KskWord {
    /// Mask coefficient of the large LWE, 0 .. kN.
    pub coefficient: u32,
    /// Level, 0 the deepest.
    pub level: u32,
}

/// The words of a column with `levels` levels in the order of board memory.
pub fn ksk_layout(shape: &Shape, levels: u32) -> impl Iterator<Item = KskWord> + use<> {
    let group = shape.key_switch_products;
    let groups = shape.glwe_dimension * shape.polynomial_size / group;
    (0..groups).flat_map(move |index| {
        (0..levels).flat_map(move |level| {
            (0..group).map(move |offset| KskWord {
                coefficient: index * group + offset,
                level,
            })
        })
    })
}

/// Bytes of one GGSW without padding.
pub const fn ggsw_bytes(shape: &Shape, levels: u32) -> usize {
    let outputs = shape.glwe_dimension as usize + 1;
    outputs * outputs * levels as usize * shape.polynomial_size as usize * 8
}

/// Bytes of one column of the key-switching key without padding.
pub const fn ksk_column_bytes(shape: &Shape, levels: u32) -> usize {
    (shape.glwe_dimension * shape.polynomial_size * levels) as usize * 4
}

/// Bytes of the transfer of one key piece: whole lines.
pub fn piece_bytes(shape: &Shape, key: &KeyShape, kind: PieceKind) -> usize {
    match kind {
        PieceKind::Ggsw => ggsw_bytes(shape, key.pbs_levels.into()),
        PieceKind::KskColumn => ksk_column_bytes(shape, key.ks_levels.into()),
    }
    .next_multiple_of(shape.line_bytes())
}

/// Number of pieces of a kind in a key: n GGSWs, n + 1 columns (column n is the body's).
pub fn piece_count(key: &KeyShape, kind: PieceKind) -> u32 {
    match kind {
        PieceKind::Ggsw => key.lwe_dimension.into(),
        PieceKind::KskColumn => u32::from(key.lwe_dimension) + 1,
    }
}

/// Bytes of the transfer of a lookup table.
pub const fn lut_bytes(shape: &Shape, plain: bool) -> usize {
    if plain {
        shape.polynomial_size as usize * 8
    } else {
        shape.glwe_words() * 8
    }
}

/// What a bootstrap writes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Checkpoint {
    /// The extracted ciphertexts.
    #[default]
    None,
    /// `u32[n+1]`.
    KeySwitch,
    /// `u16[n+1]`.
    ModSwitch,
    /// `u64[(k+1)N]` after so many steps.
    Accumulator(u32),
}

impl Checkpoint {
    /// Kind for the descriptor.
    pub const fn kind(self) -> CheckpointKind {
        match self {
            Self::None => CheckpointKind::None,
            Self::KeySwitch => CheckpointKind::KeySwitch,
            Self::ModSwitch => CheckpointKind::ModSwitch,
            Self::Accumulator(_) => CheckpointKind::Accumulator,
        }
    }

    /// Steps for the descriptor.
    pub const fn step(self) -> u32 {
        match self {
            Self::Accumulator(steps) => steps,
            _ => 0,
        }
    }

    /// Bytes of the output without gaps: length and CRC of the result record cover these.
    pub const fn output_bytes(self, shape: &Shape, lwe_dimension: u32, degrees: u32) -> usize {
        match self {
            Self::None => shape.ciphertext_bytes() * degrees as usize,
            Self::KeySwitch => (lwe_dimension as usize + 1) * 4,
            Self::ModSwitch => (lwe_dimension as usize + 1) * 2,
            Self::Accumulator(_) => shape.glwe_words() * 8,
        }
    }

    /// Bytes of the buffer that the output needs, gaps included.
    pub const fn capacity(self, shape: &Shape, lwe_dimension: u32, degrees: u32) -> usize {
        match self {
            Self::None if degrees > 0 => {
                shape.ciphertext_stride() * (degrees as usize - 1) + shape.ciphertext_bytes()
            }
            _ => self.output_bytes(shape, lwe_dimension, degrees),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    #[test]
    fn layouts_are_permutations_of_the_right_size() {
        for shape in [
            Shape::TOY,
            Shape {
                glwe_dimension: 2,
                ..Shape::TOY
            },
            Shape::SIM,
        ] {
            let outputs = shape.glwe_dimension + 1;
            let glwe: Vec<_> = glwe_layout(&shape).collect();
            assert_eq!(glwe.len(), shape.glwe_words());
            let distinct: BTreeSet<_> = glwe
                .iter()
                .map(|word| (word.polynomial, word.coefficient))
                .collect();
            assert_eq!(distinct.len(), glwe.len());

            let levels = shape.max_pbs_levels;
            let bsk: Vec<_> = bsk_layout(&shape, levels).collect();
            assert_eq!(bsk.len() * 8, ggsw_bytes(&shape, levels));
            let distinct: BTreeSet<_> = bsk
                .iter()
                .map(|word| (word.level, word.row, word.output, word.point()))
                .collect();
            assert_eq!(
                distinct.len() as u32,
                levels * outputs * outputs * shape.polynomial_size
            );

            let ksk: Vec<_> = ksk_layout(&shape, 5).collect();
            assert_eq!(ksk.len() * 4, ksk_column_bytes(&shape, 5));
            let distinct: BTreeSet<_> = ksk
                .iter()
                .map(|word| (word.coefficient, word.level))
                .collect();
            assert_eq!(
                distinct.len() as u32,
                5 * shape.glwe_dimension * shape.polynomial_size
            );
        }
    }

    #[test]
    fn order_by_example() {
        let glwe: Vec<_> = glwe_layout(&Shape::TOY)
            .take(5)
            .map(|word| word.coefficient)
            .collect();
        assert_eq!(glwe, [0, 64, 128, 192, 1]);
        let ksk: Vec<_> = ksk_layout(&Shape::TOY, 2)
            .skip(14)
            .take(4)
            .map(|word| (word.coefficient, word.level))
            .collect();
        assert_eq!(ksk, [(14, 0), (15, 0), (0, 1), (1, 1)]);
        let bsk: Vec<_> = bsk_layout(&Shape::TOY, 1)
            .skip(3)
            .take(2)
            .map(|word| word.output)
            .collect();
        assert_eq!(bsk, [0, 1]);
    }

    #[test]
    fn output_sizes() {
        let shape = Shape::SIM;
        assert_eq!(Checkpoint::None.output_bytes(&shape, 918, 2), 2 * 16_392);
        assert_eq!(Checkpoint::None.capacity(&shape, 918, 2), 16_448 + 16_392);
        assert_eq!(Checkpoint::KeySwitch.capacity(&shape, 918, 1), 919 * 4);
        assert_eq!(Checkpoint::ModSwitch.capacity(&shape, 918, 1), 919 * 2);
        assert_eq!(Checkpoint::Accumulator(3).capacity(&shape, 918, 1), 32_768);
    }
}
