//! The shape of a key: everything that the arithmetic must know besides the words.

use crate::decompose::Decomposition;
use crate::error::{Result, check_range};
use crate::roots::check_polynomial_size;

/// Bits of a key-switching word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeySwitchWidth {
    /// Modulo `2^32`: the board's.
    Bits32,
    /// Modulo `2^64`.
    Bits64,
}

impl KeySwitchWidth {
    /// `w`.
    pub fn bits(self) -> u32 {
        match self {
            Self::Bits32 => 32,
            Self::Bits64 => 64,
        }
    }
}

/// How the small ciphertext goes to modulus `2N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModulusSwitchKind {
    /// The mean of the rounding errors of the mask is taken out of the body first.
    Centered,
    /// Every word is rounded by itself.
    Plain,
}

/// The shape of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Parameters {
    /// `n`, dimension of the small LWE ciphertext.
    pub lwe_dimension: usize,
    /// `k`, number of mask polynomials of a GLWE ciphertext.
    pub glwe_dimension: usize,
    /// `N`, coefficients of a polynomial.
    pub polynomial_size: usize,
    /// Base and levels of the external product.
    pub pbs: Decomposition,
    /// Base and levels of the key switch.
    pub key_switch: Decomposition,
    /// Bits of a key-switching word.
    pub key_switch_width: KeySwitchWidth,
    /// Kind of the modulus switch.
    pub modulus_switch: ModulusSwitchKind,
}

impl Parameters {
    /// The largest `n`.
    pub const MAX_LWE_DIMENSION: usize = 4096;
    /// The largest `k`.
    pub const MAX_GLWE_DIMENSION: usize = 8;

    /// `Err` unless every quantity lies in the range of the golden model. (A board has narrower
    /// ranges of its own.)
    pub fn check(&self) -> Result<()> {
        check_range(
            "LWE dimension",
            self.lwe_dimension,
            1,
            Self::MAX_LWE_DIMENSION,
        )?;
        check_range(
            "GLWE dimension",
            self.glwe_dimension,
            1,
            Self::MAX_GLWE_DIMENSION,
        )?;
        check_polynomial_size(self.polynomial_size)?;
        // the key-switching word must hold the decomposed bits
        let word = self.key_switch_width.bits() as usize;
        check_range(
            "key-switch bits (base log * levels)",
            self.key_switch.bits(),
            1,
            word.min(63),
        )
    }

    /// `k * N`, dimension of the big LWE ciphertext.
    pub fn big_lwe_dimension(&self) -> usize {
        self.glwe_dimension * self.polynomial_size
    }

    /// Words of a big LWE ciphertext.
    pub fn big_lwe_size(&self) -> usize {
        self.big_lwe_dimension() + 1
    }

    /// Words of a small LWE ciphertext.
    pub fn small_lwe_size(&self) -> usize {
        self.lwe_dimension + 1
    }

    /// Words of a GLWE ciphertext, a LUT or an accumulator.
    pub fn glwe_size(&self) -> usize {
        (self.glwe_dimension + 1) * self.polynomial_size
    }

    /// Words of one GGSW ciphertext: `l * (k + 1)^2 * N`.
    pub fn ggsw_size(&self) -> usize {
        self.pbs.levels() * (self.glwe_dimension + 1) * self.glwe_size()
    }

    /// Words of the bootstrapping key.
    pub fn bsk_size(&self) -> usize {
        self.lwe_dimension * self.ggsw_size()
    }

    /// Words of the key-switching key.
    pub fn ksk_size(&self) -> usize {
        self.big_lwe_dimension() * self.key_switch.levels() * self.small_lwe_size()
    }

    /// `log2(2N)`.
    pub fn rotation_bits(&self) -> u32 {
        self.polynomial_size.ilog2() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn primary() -> Parameters {
        Parameters {
            lwe_dimension: 918,
            glwe_dimension: 1,
            polynomial_size: 2048,
            pbs: Decomposition::new(23, 1).unwrap(),
            key_switch: Decomposition::new(4, 4).unwrap(),
            key_switch_width: KeySwitchWidth::Bits32,
            modulus_switch: ModulusSwitchKind::Centered,
        }
    }

    #[test]
    fn sizes_of_the_primary_set() {
        let p = primary();
        p.check().unwrap();
        assert_eq!(p.big_lwe_size(), 2049);
        assert_eq!(p.ggsw_size() * 8, 64 << 10);
        assert_eq!(p.bsk_size(), 918 * 8192);
        assert_eq!(p.ksk_size(), 2048 * 4 * 919);
        assert_eq!(p.rotation_bits(), 12);
    }

    #[test]
    fn names_what_is_out_of_range() {
        let refused = |change: fn(&mut Parameters), what: &str| {
            let mut p = primary();
            change(&mut p);
            let message = p.check().unwrap_err().to_string();
            assert!(message.starts_with(what), "{message}");
        };
        refused(|p| p.lwe_dimension = 0, "LWE dimension: 0");
        refused(|p| p.lwe_dimension = 5000, "LWE dimension: 5000");
        refused(|p| p.glwe_dimension = 0, "GLWE dimension: 0");
        refused(|p| p.polynomial_size = 1000, "polynomial size: 1000");
        refused(|p| p.polynomial_size = 1 << 15, "polynomial size: 32768");
        refused(
            |p| p.key_switch = Decomposition::new(11, 3).unwrap(),
            "key-switch bits (base log * levels): 33",
        );
    }
}
