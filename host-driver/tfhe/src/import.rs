//! From a tfhe server key to the words that the accelerator computes with.
//!
//! The compressed server key is taken because the decompressed one holds its bootstrapping key as
//! floating-point Fourier values only. All material here is public: no secret key is involved.

use crate::error::{Result, UnsupportedKey, arithmetic};
use goldilane_golden_model::{
    Decomposition, Key, KeySwitchKey, KeySwitchWidth, ModulusSwitchKind, Parameters,
};
use tfhe::core_crypto::prelude::{LweBootstrapKey, LweKeyswitchKeyOwned, UnsignedInteger};
use tfhe::shortint::PBSOrder;
use tfhe::shortint::atomic_pattern::AtomicPatternKind;
use tfhe::shortint::atomic_pattern::expanded::ExpandedAtomicPatternServerKey;
use tfhe::shortint::parameters::{CarryModulus, MaxNoiseLevel, MessageModulus};
use tfhe::shortint::server_key::{ModulusSwitchConfiguration, ShortintExpandedBootstrappingKey};

/// A server key as the accelerator takes it, and what its ciphertexts look like.
#[derive(Debug)]
pub struct ImportedKey {
    /// Prepared words, also the golden model's key.
    pub key: Key,
    /// Message modulus of the ciphertexts.
    pub message_modulus: MessageModulus,
    /// Carry modulus of the ciphertexts.
    pub carry_modulus: CarryModulus,
    /// Noise, in units of a fresh bootstrap's, up to which tfhe's failure probability holds.
    pub max_noise_level: MaxNoiseLevel,
    /// Tag that tfhe puts on ciphertexts of this key.
    pub atomic_pattern: AtomicPatternKind,
}

/// Imports the key that a user of the high-level interface hands over.
///
/// # Errors
/// The kinds of [`UnsupportedKey`], and shapes outside the golden model's ranges.
pub fn import_server_key(key: tfhe::CompressedServerKey) -> Result<ImportedKey> {
    let (integer, ..) = key.into_raw_parts();
    import_shortint_server_key(&integer.into_raw_parts())
}

/// Imports a shortint server key.
///
/// # Errors
/// As [`import_server_key`].
pub fn import_shortint_server_key(
    key: &tfhe::shortint::CompressedServerKey,
) -> Result<ImportedKey> {
    let (key_words, atomic_pattern) = match key.compressed_ap_server_key.expand() {
        ExpandedAtomicPatternServerKey::Standard(expanded) => {
            if expanded.pbs_order != PBSOrder::KeyswitchBootstrap {
                return Err(UnsupportedKey::BootstrapFirst.into());
            }
            let (bsk, modulus_switch) = classic(&expanded.bootstrapping_key)?;
            let ksk = &expanded.key_switching_key;
            // The board's key switch has 32 bits; rounding the key leaves the noise as it is.
            let words = KeySwitchKey::import(ksk.as_ref(), KeySwitchWidth::Bits32);
            let kind = AtomicPatternKind::Standard(expanded.pbs_order);
            (prepare(bsk, modulus_switch, ksk, words)?, kind)
        }
        ExpandedAtomicPatternServerKey::KeySwitch32(expanded) => {
            let (bsk, modulus_switch) = classic(&expanded.bootstrapping_key)?;
            let ksk = &expanded.key_switching_key;
            let words = KeySwitchKey::Bits32(ksk.as_ref().to_vec());
            (
                prepare(bsk, modulus_switch, ksk, words)?,
                AtomicPatternKind::KeySwitch32,
            )
        }
    };
    Ok(ImportedKey {
        key: key_words,
        message_modulus: key.message_modulus,
        carry_modulus: key.carry_modulus,
        max_noise_level: key.max_noise_level,
        atomic_pattern,
    })
}

/// The classic bootstrapping key with the centered modulus switch, or why it is none.
fn classic<Small: UnsignedInteger>(
    key: &ShortintExpandedBootstrappingKey<u64, Small>,
) -> Result<(&LweBootstrapKey<Vec<u64>>, ModulusSwitchKind)> {
    let ShortintExpandedBootstrappingKey::Classic {
        bsk,
        modulus_switch_noise_reduction_key,
    } = key
    else {
        return Err(UnsupportedKey::MultiBit.into());
    };
    let kind = match modulus_switch_noise_reduction_key {
        ModulusSwitchConfiguration::CenteredMeanNoiseReduction => ModulusSwitchKind::Centered,
        ModulusSwitchConfiguration::Standard => {
            return Err(UnsupportedKey::PlainModulusSwitch.into());
        }
        ModulusSwitchConfiguration::DriftTechniqueNoiseReduction(_) => {
            return Err(UnsupportedKey::DriftTechnique.into());
        }
    };
    if !bsk.ciphertext_modulus().is_native_modulus() {
        return Err(UnsupportedKey::Modulus.into());
    }
    Ok((bsk, kind))
}

fn prepare<Small: UnsignedInteger>(
    bsk: &LweBootstrapKey<Vec<u64>>,
    modulus_switch: ModulusSwitchKind,
    ksk: &LweKeyswitchKeyOwned<Small>,
    ksk_words: KeySwitchKey,
) -> Result<Key> {
    let refuse = arithmetic("import server key");
    let pbs = Decomposition::new(
        bsk.decomposition_base_log().0,
        bsk.decomposition_level_count().0,
    );
    let key_switch = Decomposition::new(
        ksk.decomposition_base_log().0,
        ksk.decomposition_level_count().0,
    );
    let parameters = Parameters {
        lwe_dimension: bsk.input_lwe_dimension().0,
        glwe_dimension: bsk.glwe_size().to_glwe_dimension().0,
        polynomial_size: bsk.polynomial_size().0,
        pbs: pbs.map_err(&refuse)?,
        key_switch: key_switch.map_err(&refuse)?,
        key_switch_width: KeySwitchWidth::Bits32,
        modulus_switch,
    };
    Key::new(parameters, bsk.as_ref(), ksk_words).map_err(refuse)
}

impl ImportedKey {
    /// Number of values that a ciphertext can hold: message modulus times carry modulus.
    pub fn message_space(&self) -> u64 {
        self.message_modulus.0 * self.carry_modulus.0
    }
}
