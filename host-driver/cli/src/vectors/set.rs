//! Parameter sets by name.
//!
//! ```text
//! V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128      and the other two of the contract: constants of tfhe
//! TOY_INSECURE_N256_K1_L1                                    a named toy set of the golden model
//! TOY_INSECURE_N2048_n4_PBS23x1_KS4x4                        N, n, base and levels of bootstrap and key switch
//! TOY_INSECURE_N128_K2_n6_PBS15x2_KS3x5                      with k
//! ```

use anyhow::Result;
use goldilane_golden_model::toy::toy_parameter_sets;
use goldilane_golden_model::{Decomposition, KeySwitchWidth, ModulusSwitchKind, Parameters};

use crate::output::BadArgument;

/// How names of sets that protect nothing begin.
pub const TOY: &str = "TOY_INSECURE_";

/// The sets of tfhe that the contract names.
#[cfg(feature = "tfhe")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FullSet {
    /// Key switch modulo 2^32.
    Ks32TUniform,
    /// tfhe's default.
    TUniform,
    /// Gaussian noise.
    Gaussian,
}

#[cfg(feature = "tfhe")]
impl FullSet {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ks32TUniform, Self::TUniform, Self::Gaussian];

    /// tfhe's constant.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ks32TUniform => "V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128",
            Self::TUniform => "V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_TUNIFORM_2M128",
            Self::Gaussian => "V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_GAUSSIAN_2M128",
        }
    }
}

/// A set of parameters.
#[derive(Clone, Debug)]
pub enum Set {
    /// Quick, and not secure.
    Toy {
        /// Its name.
        name: String,
        /// Its numbers.
        parameters: Parameters,
    },
    /// A set of tfhe.
    #[cfg(feature = "tfhe")]
    Full(FullSet),
}

impl Set {
    /// Finds a set.
    ///
    /// # Errors
    /// [`BadArgument`] for a name that is none, or numbers out of range.
    pub fn find(name: &str) -> Result<Self> {
        #[cfg(feature = "tfhe")]
        if let Some(full) = FullSet::ALL.into_iter().find(|full| full.name() == name) {
            return Ok(Self::Full(full));
        }
        let refuse = |reason: &str| BadArgument(format!("set {name:?}: {reason}"));
        let named = toy_parameter_sets()
            .into_iter()
            .find_map(|(known, parameters)| (known == name).then_some(parameters));
        let parameters = match named {
            Some(parameters) => parameters,
            None => name.strip_prefix(TOY).and_then(parse).ok_or_else(|| {
                refuse("neither one of the three constants of tfhe nor TOY_INSECURE_N<N>[_K<k>]_n<n>_PBS<base log>x<levels>_KS<base log>x<levels>")
            })?,
        };
        parameters
            .check()
            .map_err(|error| refuse(&error.to_string()))?;
        if parameters.key_switch_width != KeySwitchWidth::Bits32
            || parameters.modulus_switch != ModulusSwitchKind::Centered
        {
            return Err(refuse(
                "boards switch keys in 32 bits and the modulus in its centered form only",
            )
            .into());
        }
        Ok(Self::Toy {
            name: name.to_owned(),
            parameters,
        })
    }
}

/// What stands behind `TOY_INSECURE_`.
fn parse(text: &str) -> Option<Parameters> {
    let mut words = text.split('_').peekable();
    let mut number = |prefix: &str| -> Option<usize> {
        let digits = words.peek()?.strip_prefix(prefix)?;
        let number = digits.parse().ok()?;
        words.next();
        Some(number)
    };
    let polynomial_size = number("N")?;
    let glwe_dimension = number("K").unwrap_or(1);
    let lwe_dimension = number("n")?;
    let mut decomposition = |prefix: &str| {
        let (base_log, levels) = words.next()?.strip_prefix(prefix)?.split_once('x')?;
        Decomposition::new(base_log.parse().ok()?, levels.parse().ok()?).ok()
    };
    let (pbs, key_switch) = (decomposition("PBS")?, decomposition("KS")?);
    words.next().is_none().then_some(Parameters {
        lwe_dimension,
        glwe_dimension,
        polynomial_size,
        pbs,
        key_switch,
        key_switch_width: KeySwitchWidth::Bits32,
        modulus_switch: ModulusSwitchKind::Centered,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toy(name: &str) -> Parameters {
        match Set::find(name).unwrap() {
            Set::Toy { parameters, .. } => parameters,
            #[cfg(feature = "tfhe")]
            Set::Full(_) => panic!("{name} is no toy"),
        }
    }

    #[test]
    fn names_spell_the_numbers() {
        let p = toy("TOY_INSECURE_N2048_n4_PBS23x1_KS4x4");
        assert_eq!((p.polynomial_size, p.glwe_dimension), (2048, 1));
        assert_eq!((p.lwe_dimension, p.pbs.base_log()), (4, 23));
        let p = toy("TOY_INSECURE_N128_K2_n6_PBS15x2_KS3x5");
        assert_eq!((p.glwe_dimension, p.pbs.levels()), (2, 2));
        assert_eq!((p.key_switch.base_log(), p.key_switch.levels()), (3, 5));
        assert_eq!(toy("TOY_INSECURE_N256_K1_L1").lwe_dimension, 12);
    }

    #[test]
    fn what_is_no_set_is_refused_by_name() {
        for name in [
            "",
            "V1_8_PARAM",
            "TOY_INSECURE_",
            "TOY_INSECURE_N256",
            "TOY_INSECURE_N256_n0_PBS23x1_KS4x4",
            "TOY_INSECURE_N257_n4_PBS23x1_KS4x4",
            "TOY_INSECURE_N256_n4_PBS23x9_KS4x4",
            "TOY_INSECURE_N256_n4_PBS23x1_KS4x4_more",
            "TOY_INSECURE_N128_K2_L2",
        ] {
            let error = Set::find(name).unwrap_err();
            assert!(error.is::<BadArgument>());
            assert!(error.to_string().contains(&format!("{name:?}")));
        }
    }
}
