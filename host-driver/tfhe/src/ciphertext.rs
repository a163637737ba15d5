//! Between shortint ciphertexts and the words of the accelerator.

use crate::error::{Error, Result};
use crate::import::ImportedKey;
use tfhe::core_crypto::prelude::{CiphertextModulus, LweCiphertextOwned};
use tfhe::shortint::Ciphertext;
use tfhe::shortint::parameters::{Degree, NoiseLevel};

/// The words of a ciphertext (mask, then body), checked against the key.
///
/// # Errors
/// A ciphertext of another size, modulus, message space or atomic pattern; `index` names it.
pub fn ciphertext_words<'c>(
    key: &ImportedKey,
    index: usize,
    ciphertext: &'c Ciphertext,
) -> Result<&'c [u64]> {
    let refuse = |what: String| Err(Error::Ciphertext { index, what });
    let words = ciphertext.ct.as_ref();
    let wanted = key.key.parameters().big_lwe_size();
    if words.len() != wanted {
        return refuse(format!("{} words, the key wants {wanted}", words.len()));
    }
    if !ciphertext.ct.ciphertext_modulus().is_native_modulus() {
        return refuse("its modulus is not 2^64".into());
    }
    let (message, carry) = (ciphertext.message_modulus, ciphertext.carry_modulus);
    if (message, carry) != (key.message_modulus, key.carry_modulus) {
        return refuse(format!(
            "message and carry modulus {} and {}, the key has {} and {}",
            message.0, carry.0, key.message_modulus.0, key.carry_modulus.0
        ));
    }
    if ciphertext.atomic_pattern != key.atomic_pattern {
        return refuse(format!(
            "atomic pattern {:?}, the key has {:?}",
            ciphertext.atomic_pattern, key.atomic_pattern
        ));
    }
    Ok(words)
}

/// The ciphertext of a bootstrap's output words.
pub fn bootstrapped_ciphertext(key: &ImportedKey, words: Vec<u64>, degree: u64) -> Ciphertext {
    Ciphertext::new(
        LweCiphertextOwned::from_container(words, CiphertextModulus::new_native()),
        Degree::new(degree),
        NoiseLevel::NOMINAL,
        key.message_modulus,
        key.carry_modulus,
        key.atomic_pattern,
    )
}
