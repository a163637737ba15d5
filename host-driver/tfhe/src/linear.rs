//! Linear combinations of ciphertexts: they need no key and no bootstrap, only bookkeeping.

use crate::ciphertext::ciphertext_words;
use crate::error::{Error, Result};
use crate::import::ImportedKey;
use tfhe::core_crypto::prelude::{CiphertextModulus, LweCiphertextOwned};
use tfhe::shortint::Ciphertext;
use tfhe::shortint::parameters::{Degree, NoiseLevel};

/// `sum scalar * ciphertext`.
///
/// # Errors
/// A ciphertext of another key's shape, a sum that can leave the message space, or more noise
/// than the parameter set allows in front of a bootstrap.
pub fn linear_combination(key: &ImportedKey, terms: &[(u64, &Ciphertext)]) -> Result<Ciphertext> {
    if terms.is_empty() {
        let what = "a linear combination of nothing".to_owned();
        return Err(Error::Ciphertext { index: 0, what });
    }
    let mut sum = vec![0u64; key.key.parameters().big_lwe_size()];
    let mut degree = 0;
    let mut noise = NoiseLevel::ZERO;
    for (index, (scalar, ciphertext)) in terms.iter().enumerate() {
        let words = ciphertext_words(key, index, ciphertext)?;
        for (s, w) in sum.iter_mut().zip(words) {
            *s = s.wrapping_add(w.wrapping_mul(*scalar));
        }
        degree += scalar * ciphertext.degree.get();
        noise += ciphertext.noise_level() * *scalar;
        if degree >= key.message_space() {
            let what = format!(
                "the sum can reach {degree}, the message space ends at {}",
                key.message_space() - 1
            );
            return Err(Error::Ciphertext { index, what });
        }
        if key.max_noise_level.validate(noise).is_err() {
            let what = format!(
                "the noise of the sum is {}, the parameter set allows {}",
                noise.get(),
                key.max_noise_level.get()
            );
            return Err(Error::Ciphertext { index, what });
        }
    }
    Ok(Ciphertext::new(
        LweCiphertextOwned::from_container(sum, CiphertextModulus::new_native()),
        Degree::new(degree),
        noise,
        key.message_modulus,
        key.carry_modulus,
        key.atomic_pattern,
    ))
}
