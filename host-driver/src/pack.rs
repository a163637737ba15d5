//! Keys and lookup tables in the order of board memory, from their natural order.
//!
//! Natural order: a GGSW in the transform's domain is `[level, deepest first][row][column][point]`, points by ascending
//! exponent, prepared (times 1/N) modulo p; a column of the key-switching key is `[coefficient][level, deepest first]`;
//! a GLWE is its polynomials one after another. The permutations are those of [`goldilane_abi::layout`].

use crate::{Error, Result};
use goldilane_abi::layout::{self, bsk_layout, glwe_layout, ksk_layout, row_order};
use goldilane_abi::{KeyShape, PieceKind, Shape};

/// The Goldilocks prime p = 2^64 - 2^32 + 1.
const PRIME: u128 = 0xffff_ffff_0000_0001;

/// The permutations for the pieces of one key.
pub struct KeyPacker {
    shape: Shape,
    key: KeyShape,
    ggsw: Vec<u32>,
    column: Vec<u32>,
    scale: u64,
}

impl KeyPacker {
    /// For keys of this shape; the key's ranges must have been checked.
    pub fn new(shape: &Shape, key: &KeyShape) -> Self {
        let polynomials = shape.glwe_dimension + 1;
        let ggsw = bsk_layout(shape, key.pbs_levels.into())
            .map(|word| {
                let matrix = word.level * polynomials + word.row;
                (matrix * polynomials + word.output) * shape.polynomial_size + word.point()
            })
            .collect();
        let levels = u32::from(key.ks_levels);
        let column = ksk_layout(shape, levels)
            .map(|word| word.coefficient * levels + word.level)
            .collect();
        // 2^-s = 2^(192 - s), because 2 has order 192.
        let shift = layout::digit_shift(shape, key.pbs_base_log.into());
        let scale = (0..(192 - shift) % 192).fold(1, |power, _| multiply(power, 2));
        Self {
            shape: *shape,
            key: *key,
            ggsw,
            column,
            scale,
        }
    }

    /// Words of a GGSW in natural order.
    pub fn ggsw_words(&self) -> usize {
        self.ggsw.len()
    }

    /// Words of a column in natural order.
    pub fn column_words(&self) -> usize {
        self.column.len()
    }

    /// The transfer of a GGSW.
    pub fn pack_ggsw(&self, natural: &[u64]) -> Result<Vec<u8>> {
        check("GGSW", natural.len(), self.ggsw.len())?;
        let word = |&place: &u32| match self.scale {
            1 => natural[place as usize].to_le_bytes(),
            scale => multiply(natural[place as usize], scale).to_le_bytes(),
        };
        let bytes = self.ggsw.iter().flat_map(word).collect();
        Ok(self.pad(bytes, PieceKind::Ggsw))
    }

    /// The transfer of a column of the key-switching key.
    pub fn pack_column(&self, natural: &[u32]) -> Result<Vec<u8>> {
        check(
            "column of the key-switching key",
            natural.len(),
            self.column.len(),
        )?;
        let bytes = self
            .column
            .iter()
            .flat_map(|&place| natural[place as usize].to_le_bytes())
            .collect();
        Ok(self.pad(bytes, PieceKind::KskColumn))
    }

    fn pad(&self, mut bytes: Vec<u8>, kind: PieceKind) -> Vec<u8> {
        bytes.resize(layout::piece_bytes(&self.shape, &self.key, kind), 0);
        bytes
    }
}

fn multiply(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % PRIME) as u64
}

fn check(object: &str, found: usize, expected: usize) -> Result<()> {
    if found == expected {
        Ok(())
    } else {
        Err(Error::WrongSize {
            object: object.into(),
            expected,
            found,
        })
    }
}

/// The transfer of a GLWE, mask included.
pub fn pack_glwe(shape: &Shape, natural: &[u64]) -> Result<Vec<u8>> {
    check("lookup table (GLWE)", natural.len(), shape.glwe_words())?;
    let size = shape.polynomial_size;
    let place = |word: layout::GlweWord| (word.polynomial * size + word.coefficient) as usize;
    Ok(glwe_layout(shape)
        .flat_map(|word| natural[place(word)].to_le_bytes())
        .collect())
}

/// The transfer of a plain lookup table: its body polynomial.
pub fn pack_body(shape: &Shape, natural: &[u64]) -> Result<Vec<u8>> {
    check(
        "lookup table (body)",
        natural.len(),
        shape.polynomial_size as usize,
    )?;
    Ok(row_order(*shape)
        .flat_map(|coefficient| natural[coefficient as usize].to_le_bytes())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use goldilane_abi::{ModulusSwitch, ntt_exponent};

    #[test]
    fn pieces_follow_the_layout() {
        let shape = Shape::SIM;
        let key = KeyShape {
            lwe_dimension: 3,
            pbs_base_log: 22,
            pbs_levels: 1,
            ks_base_log: 4,
            ks_levels: 3,
            modulus_switch: ModulusSwitch::Centered,
        };
        let packer = KeyPacker::new(&shape, &key);
        let natural: Vec<u64> = (0..packer.ggsw_words() as u64)
            .map(|word| 2 * word)
            .collect();
        let bytes = packer.pack_ggsw(&natural).unwrap();
        // Base 2^22 on a board of 2^23: halved. The first word is row 0, output 0, the point of tau 0, lane 0.
        let point = u64::from(ntt_exponent(&shape, 0, 0) / 2);
        assert_eq!(bytes[..8], point.to_le_bytes());
        let lane_7_output_1 = 2048 + u64::from(ntt_exponent(&shape, 0, 7) / 2);
        assert_eq!(bytes[15 * 8..16 * 8], lane_7_output_1.to_le_bytes());
        assert!(packer.pack_ggsw(&natural[1..]).is_err());

        let natural: Vec<u32> = (0..packer.column_words() as u32).collect();
        let bytes = packer.pack_column(&natural).unwrap();
        // Second group, last level, first coefficient.
        let offset = (32 * 3 + 2 * 32) * 4;
        assert_eq!(bytes[offset..offset + 4], (32_u32 * 3 + 2).to_le_bytes());
    }

    #[test]
    fn tables_follow_the_rows() {
        let natural: Vec<u64> = (0..512).collect();
        let bytes = pack_glwe(&Shape::TOY, &natural).unwrap();
        assert_eq!(
            bytes[256 * 8 + 8..256 * 8 + 16],
            (256_u64 + 64).to_le_bytes()
        );
        assert_eq!(
            pack_body(&Shape::TOY, &natural[256..]).unwrap(),
            bytes[256 * 8..]
        );
        assert!(matches!(
            pack_body(&Shape::TOY, &natural),
            Err(Error::WrongSize {
                expected: 256,
                found: 512,
                ..
            })
        ));
    }
}
