//! A key ready for use: the bootstrapping key prepared for a transform, and the key-switching key.
//!
//! Preparation of the bootstrapping key (the host does it once): every word goes to
//! `round(word * p / 2^64)`, every polynomial through the forward transform, every value times
//! `1/N`. [`prepare_bsk_natural`] gives the values in natural order of the evaluation exponents
//! (`2 * index + 1`), whence a board's layout is a permutation.

use crate::aligned::AlignedWords;
use crate::error::{Error, Result, check_len, check_range};
use crate::external_product::prepare_polynomial;
use crate::key_switch::{self, Word, round_ksk_to_32};
use crate::parameters::{KeySwitchWidth, Parameters};
use crate::stage::StageWords;
use crate::transform::{Transform, TransformKind, reorder_from_natural, reorder_to_natural};
use rayon::prelude::*;

/// The words of a key-switching key, `[input coefficient][level, deepest first][n + 1]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySwitchKey {
    /// Words modulo `2^32`.
    Bits32(Vec<u32>),
    /// Words modulo `2^64`.
    Bits64(Vec<u64>),
}

impl KeySwitchKey {
    /// Takes 64-bit words at `width`: rounded half up to 32 bits, or as they are.
    pub fn import(words: &[u64], width: KeySwitchWidth) -> Self {
        match width {
            KeySwitchWidth::Bits32 => Self::Bits32(round_ksk_to_32(words)),
            KeySwitchWidth::Bits64 => Self::Bits64(words.to_vec()),
        }
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        match self {
            Self::Bits32(words) => words.len(),
            Self::Bits64(words) => words.len(),
        }
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The width of the words.
    pub fn width(&self) -> KeySwitchWidth {
        match self {
            Self::Bits32(_) => u32::WIDTH,
            Self::Bits64(_) => u64::WIDTH,
        }
    }

    fn check(&self, parameters: &Parameters) -> Result<()> {
        if self.width() != parameters.key_switch_width {
            return Err(Error::KeySwitchWidth {
                expected: parameters.key_switch_width.bits(),
                found: self.width().bits(),
            });
        }
        check_len("key-switching key", self.len(), parameters.ksk_size())
    }
}

/// Prepares a standard-domain bootstrapping key, values in the order of `transform`.
pub fn prepare_bsk(
    parameters: &Parameters,
    bsk: &[u64],
    transform: &dyn Transform,
) -> Result<Vec<u64>> {
    parameters.check()?;
    check_len("bootstrapping key", bsk.len(), parameters.bsk_size())?;
    check_len(
        "polynomial of the transform",
        transform.polynomial_size(),
        parameters.polynomial_size,
    )?;
    let mut prepared = bsk.to_vec();
    prepared
        .par_chunks_exact_mut(parameters.polynomial_size)
        .try_for_each(|polynomial| prepare_polynomial(transform, polynomial))?;
    Ok(prepared)
}

/// Prepares a standard-domain bootstrapping key, values in natural order: word `index` of a
/// polynomial is its value at `psi_N^(2 * index + 1)`, times `1/N`.
pub fn prepare_bsk_natural(parameters: &Parameters, bsk: &[u64]) -> Result<Vec<u64>> {
    parameters.check()?;
    let transform = TransformKind::Fast.build(parameters.polynomial_size)?;
    let prepared = prepare_bsk(parameters, bsk, transform.as_ref())?;
    map_polynomials(parameters, &prepared, |polynomial| {
        reorder_to_natural(transform.as_ref(), polynomial)
    })
}

/// Applies `map` to each polynomial of a prepared key.
fn map_polynomials(
    parameters: &Parameters,
    prepared: &[u64],
    map: impl Fn(&[u64]) -> Result<Vec<u64>>,
) -> Result<Vec<u64>> {
    let mut out = Vec::with_capacity(prepared.len());
    for polynomial in prepared.chunks_exact(parameters.polynomial_size) {
        out.extend(map(polynomial)?);
    }
    Ok(out)
}

/// A key ready for use.
pub struct Key {
    parameters: Parameters,
    transform: Box<dyn Transform>,
    /// In the order of the transform.
    bsk: AlignedWords,
    ksk: KeySwitchKey,
}

impl Key {
    /// Prepares a standard-domain bootstrapping key for the quick transform.
    pub fn new(parameters: Parameters, bsk: &[u64], ksk: KeySwitchKey) -> Result<Self> {
        Self::with_transform(parameters, bsk, ksk, TransformKind::Fast)
    }

    /// Prepares a standard-domain bootstrapping key for the transform of choice.
    pub fn with_transform(
        parameters: Parameters,
        bsk: &[u64],
        ksk: KeySwitchKey,
        kind: TransformKind,
    ) -> Result<Self> {
        parameters.check()?;
        ksk.check(&parameters)?;
        let transform = kind.build(parameters.polynomial_size)?;
        let bsk = prepare_bsk(&parameters, bsk, transform.as_ref())?;
        Ok(Self {
            parameters,
            transform,
            bsk: AlignedWords::from(&bsk[..]),
            ksk,
        })
    }

    /// Takes a bootstrapping key that is prepared already, in natural order (what a board receives).
    pub fn from_prepared_natural(
        parameters: Parameters,
        prepared: &[u64],
        ksk: KeySwitchKey,
    ) -> Result<Self> {
        parameters.check()?;
        ksk.check(&parameters)?;
        check_len(
            "prepared bootstrapping key",
            prepared.len(),
            parameters.bsk_size(),
        )?;
        let transform = TransformKind::Fast.build(parameters.polynomial_size)?;
        let bsk = map_polynomials(&parameters, prepared, |polynomial| {
            reorder_from_natural(transform.as_ref(), polynomial)
        })?;
        Ok(Self {
            parameters,
            transform,
            bsk: AlignedWords::from(&bsk[..]),
            ksk,
        })
    }

    /// The shape of the key.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The transform for which the key is prepared.
    pub fn transform(&self) -> &dyn Transform {
        self.transform.as_ref()
    }

    /// The key-switching key.
    pub fn key_switch_key(&self) -> &KeySwitchKey {
        &self.ksk
    }

    /// Prepared GGSW `index`, in the order of the transform.
    pub fn ggsw(&self, index: usize) -> Result<&[u64]> {
        check_range("GGSW index", index, 0, self.parameters.lwe_dimension - 1)?;
        let size = self.parameters.ggsw_size();
        Ok(&self.bsk[index * size..(index + 1) * size])
    }

    /// Prepared GGSW `index`, values in natural order.
    pub fn ggsw_natural(&self, index: usize) -> Result<Vec<u64>> {
        map_polynomials(&self.parameters, self.ggsw(index)?, |polynomial| {
            reorder_to_natural(self.transform(), polynomial)
        })
    }

    /// Key switch of a big LWE ciphertext: `u32[n + 1]` or `u64[n + 1]`.
    pub fn key_switch(&self, lwe: &[u64]) -> Result<StageWords> {
        check_len("big LWE", lwe.len(), self.parameters.big_lwe_size())?;
        let (decomposition, n) = (self.parameters.key_switch, self.parameters.lwe_dimension);
        Ok(match &self.ksk {
            KeySwitchKey::Bits32(ksk) => {
                StageWords::U32(key_switch::key_switch(lwe, ksk, decomposition, n)?)
            }
            KeySwitchKey::Bits64(ksk) => {
                StageWords::U64(key_switch::key_switch(lwe, ksk, decomposition, n)?)
            }
        })
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key")
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{add, inverse, mul, pow};
    use crate::roots::evaluation_root;
    use crate::torus::switch_to_prime;
    use crate::toy::{ToyKeys, toy_parameter_sets};

    #[test]
    fn natural_words_are_scaled_values_at_odd_powers() {
        let (_, parameters) = toy_parameter_sets()[0];
        let toy = ToyKeys::generate(parameters, 1).unwrap();
        let natural = prepare_bsk_natural(&parameters, toy.bsk()).unwrap();
        let size = parameters.polynomial_size;
        let root = evaluation_root(size).unwrap();
        let scale = inverse(size as u64);
        for (polynomial, words) in toy
            .bsk()
            .chunks_exact(size)
            .zip(natural.chunks_exact(size))
            .step_by(7)
        {
            for index in [0, 1, size - 1] {
                let point = pow(root, 2 * index as u64 + 1);
                let value = polynomial
                    .iter()
                    .rev()
                    .fold(0, |sum, word| add(mul(sum, point), switch_to_prime(*word)));
                assert_eq!(words[index], mul(value, scale));
            }
        }
    }

    #[test]
    fn prepared_and_standard_keys_meet() {
        let (_, parameters) = toy_parameter_sets()[0];
        let toy = ToyKeys::generate(parameters, 1).unwrap();
        let key = toy.key().unwrap();
        let natural = prepare_bsk_natural(&parameters, toy.bsk()).unwrap();
        let again =
            Key::from_prepared_natural(parameters, &natural, key.key_switch_key().clone()).unwrap();
        assert_eq!(*again.bsk, *key.bsk);
        let size = parameters.ggsw_size();
        assert_eq!(key.ggsw_natural(1).unwrap(), natural[size..2 * size]);
    }

    #[test]
    fn refuses_keys_that_do_not_fit() {
        let (_, parameters) = toy_parameter_sets()[0];
        let toy = ToyKeys::generate(parameters, 1).unwrap();
        let ksk = toy.key_switch_key().clone();
        let short = &toy.bsk()[1..];
        assert!(matches!(
            Key::new(parameters, short, ksk.clone()),
            Err(Error::Shape {
                what: "bootstrapping key",
                ..
            })
        ));
        assert!(matches!(
            Key::new(parameters, toy.bsk(), KeySwitchKey::Bits32(vec![0; 3])),
            Err(Error::Shape {
                what: "key-switching key",
                ..
            })
        ));
        let wide = KeySwitchKey::Bits64(vec![0; ksk.len()]);
        assert_eq!(
            Key::new(parameters, toy.bsk(), wide).unwrap_err(),
            Error::KeySwitchWidth {
                expected: 32,
                found: 64
            }
        );
        let key = Key::new(parameters, toy.bsk(), ksk).unwrap();
        assert!(key.ggsw(parameters.lwe_dimension).is_err());
        assert!(key.key_switch(&[0; 3]).is_err());
    }
}
