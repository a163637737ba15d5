//! Toy keys and encryptions: deterministic, quick, **not secure**. For tests only.
//!
//! Real LWE, GLWE and GGSW encryptions with binary secrets and a little noise, so that results
//! decrypt; the generator is a counter through a mixing function, and the noise is a sum of uniform
//! bits. Nothing here may ever protect data.

use crate::error::{Result, check_range};
use crate::key::{Key, KeySwitchKey};
use crate::parameters::{KeySwitchWidth, ModulusSwitchKind, Parameters};
use crate::{Decomposition, error::check_len};

/// A deterministic generator (SplitMix64): not secure.
#[derive(Clone, Debug)]
pub struct ToyRandom {
    state: u64,
}

impl ToyRandom {
    /// The generator of a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A uniform word.
    pub fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound` (0 for a bound of 0).
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.word()) * u128::from(bound)) >> 64) as u64
    }

    /// Noise of standard deviation `2^(log + 2)`: 64 fair bits, centred, times `2^log`.
    fn noise(&mut self, log: u32) -> u64 {
        let centred = i64::from(self.word().count_ones()) - 32;
        (centred << log) as u64
    }

    fn bits(&mut self, count: usize) -> Vec<u64> {
        (0..count).map(|_| self.word() >> 63).collect()
    }
}

/// Noise of the big key, as the exponent of [`ToyRandom::noise`]: standard deviation `2^-50`.
const BIG_NOISE_LOG: u32 = 12;
/// Noise of the key-switching key: standard deviation `2^-28`.
const SMALL_NOISE_LOG: u32 = 34;

/// The named toy shapes, all of them insecure.
pub fn toy_parameter_sets() -> Vec<(&'static str, Parameters)> {
    let set = |n: usize, k, size, (b, l): (u32, u32), (ks_b, ks_l): (u32, u32), width, kind| {
        Some(Parameters {
            lwe_dimension: n,
            glwe_dimension: k,
            polynomial_size: size,
            pbs: Decomposition::new(b as usize, l as usize).ok()?,
            key_switch: Decomposition::new(ks_b as usize, ks_l as usize).ok()?,
            key_switch_width: width,
            modulus_switch: kind,
        })
    };
    use KeySwitchWidth::{Bits32, Bits64};
    use ModulusSwitchKind::{Centered, Plain};
    [
        (
            "TOY_INSECURE_N256_K1_L1",
            set(12, 1, 256, (23, 1), (4, 4), Bits32, Centered),
        ),
        (
            "TOY_INSECURE_N256_K1_L2",
            set(10, 1, 256, (15, 2), (3, 5), Bits32, Centered),
        ),
        (
            "TOY_INSECURE_N256_K1_L3",
            set(7, 1, 256, (12, 3), (4, 8), Bits32, Centered),
        ),
        (
            "TOY_INSECURE_N64_K1_L1",
            set(4, 1, 64, (23, 1), (4, 4), Bits32, Centered),
        ),
        (
            "TOY_INSECURE_N128_K2_L2",
            set(6, 2, 128, (15, 2), (4, 4), Bits64, Centered),
        ),
        (
            "TOY_INSECURE_N512_K1_L1_PLAIN",
            set(16, 1, 512, (23, 1), (4, 5), Bits64, Plain),
        ),
        (
            "TOY_INSECURE_N128_K3_L5",
            set(5, 3, 128, (7, 5), (2, 8), Bits32, Centered),
        ),
    ]
    .into_iter()
    .filter_map(|(name, set)| set.map(|set| (name, set)))
    .collect()
}

/// Toy keys of one shape, secret and public together.
#[derive(Clone, Debug)]
pub struct ToyKeys {
    parameters: Parameters,
    random: ToyRandom,
    small_secret: Vec<u64>,
    /// `k` polynomials, also read as the big LWE secret.
    big_secret: Vec<u64>,
    bsk: Vec<u64>,
    ksk: KeySwitchKey,
}

impl ToyKeys {
    /// The keys of a seed.
    pub fn generate(parameters: Parameters, seed: u64) -> Result<Self> {
        parameters.check()?;
        let mut random = ToyRandom::new(seed);
        let small_secret = random.bits(parameters.lwe_dimension);
        let big_secret = random.bits(parameters.big_lwe_dimension());
        let mut toy = Self {
            parameters,
            random,
            small_secret,
            big_secret,
            bsk: Vec::new(),
            ksk: KeySwitchKey::Bits64(Vec::new()),
        };
        toy.bsk = toy.generate_bsk();
        toy.ksk = toy.generate_ksk();
        Ok(toy)
    }

    /// The shape.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The standard-domain bootstrapping key.
    pub fn bsk(&self) -> &[u64] {
        &self.bsk
    }

    /// The key-switching key.
    pub fn key_switch_key(&self) -> &KeySwitchKey {
        &self.ksk
    }

    /// The secret bits of the small LWE key.
    pub fn small_secret(&self) -> &[u64] {
        &self.small_secret
    }

    /// The secret bits of the big key: `k` polynomials one after another.
    pub fn big_secret(&self) -> &[u64] {
        &self.big_secret
    }

    /// The key, prepared for the quick transform.
    pub fn key(&self) -> Result<Key> {
        Key::new(self.parameters, &self.bsk, self.ksk.clone())
    }

    fn generate_bsk(&mut self) -> Vec<u64> {
        let parameters = self.parameters;
        let size = parameters.polynomial_size;
        let (base_log, levels) = (parameters.pbs.base_log(), parameters.pbs.levels());
        let mut bsk = Vec::with_capacity(parameters.bsk_size());
        for bit in self.small_secret.clone() {
            for level in (1..=levels).rev() {
                let gadget = bit << (64 - base_log * level);
                for row in 0..=parameters.glwe_dimension {
                    // an encryption of zero plus the gadget at (row, row)
                    let mut glwe = self.encrypt_glwe(&vec![0; size]);
                    glwe[row * size] = glwe[row * size].wrapping_add(gadget);
                    bsk.extend(glwe);
                }
            }
        }
        bsk
    }

    fn generate_ksk(&mut self) -> KeySwitchKey {
        let parameters = self.parameters;
        let (base_log, levels) = (
            parameters.key_switch.base_log(),
            parameters.key_switch.levels(),
        );
        let secret = self.small_secret.clone();
        let mut words = Vec::with_capacity(parameters.ksk_size());
        for bit in self.big_secret.clone() {
            for level in (1..=levels).rev() {
                let message = bit << (64 - base_log * level);
                let mask: Vec<u64> = match parameters.key_switch_width {
                    KeySwitchWidth::Bits64 => secret.iter().map(|_| self.random.word()).collect(),
                    // multiples of 2^32, so that narrowing loses nothing of the mask
                    KeySwitchWidth::Bits32 => secret
                        .iter()
                        .map(|_| self.random.word() & !0xffff_ffff)
                        .collect(),
                };
                let noisy = message.wrapping_add(self.random.noise(SMALL_NOISE_LOG));
                let body = inner_product(&mask, &secret).wrapping_add(noisy);
                words.extend(mask);
                words.push(body);
            }
        }
        KeySwitchKey::import(&words, parameters.key_switch_width)
    }

    /// A GLWE encryption of a polynomial of `N` words (shorter ones are filled up with zeros).
    pub fn encrypt_glwe(&mut self, plaintext: &[u64]) -> Vec<u64> {
        let size = self.parameters.polynomial_size;
        let mut glwe: Vec<u64> = (0..self.parameters.big_lwe_dimension())
            .map(|_| self.random.word())
            .collect();
        let mut body: Vec<u64> = (0..size)
            .map(|i| {
                let word = plaintext.get(i).copied().unwrap_or(0);
                word.wrapping_add(self.random.noise(BIG_NOISE_LOG))
            })
            .collect();
        for (mask, secret) in glwe
            .chunks_exact(size)
            .zip(self.big_secret.chunks_exact(size))
        {
            add_product(&mut body, mask, secret);
        }
        glwe.extend(body);
        glwe
    }

    /// A big LWE encryption of `message`, one of `space` messages below the padding bit.
    pub fn encrypt_big(&mut self, message: u64, space: u64) -> Vec<u64> {
        let mut lwe: Vec<u64> = self.big_secret.iter().map(|_| self.random.word()).collect();
        let body = inner_product(&lwe, &self.big_secret)
            .wrapping_add(message.wrapping_mul(step(space)))
            .wrapping_add(self.random.noise(BIG_NOISE_LOG));
        lwe.push(body);
        lwe
    }

    /// The message, modulo `2 * space`, of a big LWE ciphertext (0 for one of the wrong size).
    pub fn decrypt_big(&self, lwe: &[u64], space: u64) -> u64 {
        let phase = self.phase_big(lwe).unwrap_or(0);
        let step = step(space);
        phase.wrapping_add(step / 2) / step
    }

    /// Body minus inner product: the message with its noise.
    pub fn phase_big(&self, lwe: &[u64]) -> Result<u64> {
        check_len("big LWE", lwe.len(), self.parameters.big_lwe_size())?;
        let (mask, body) = lwe.split_at(lwe.len() - 1);
        Ok(body[0].wrapping_sub(inner_product(mask, &self.big_secret)))
    }

    /// The trivial LUT of `function` on `space` messages (at most `N`), each in a box of `N / space`
    /// coefficients, the boxes shifted by half of one so that noise of both signs stays inside.
    pub fn lut(&self, space: u64, function: impl Fn(u64) -> u64) -> Vec<u64> {
        let size = self.parameters.polynomial_size;
        let mut lut = vec![0; self.parameters.glwe_size()];
        if check_range("messages of a LUT", space as usize, 1, size).is_err() {
            return lut;
        }
        let width = size / space as usize;
        let body = &mut lut[self.parameters.big_lwe_dimension()..];
        for (place, word) in body.iter_mut().enumerate() {
            let shifted = place + width / 2;
            let value = function(((shifted / width) as u64) % space).wrapping_mul(step(space));
            *word = if shifted >= size {
                value.wrapping_neg()
            } else {
                value
            };
        }
        lut
    }
}

/// The distance of two messages: `space` of them fill half of the torus.
fn step(space: u64) -> u64 {
    (1 << 63) / space.max(1)
}

fn inner_product(mask: &[u64], secret: &[u64]) -> u64 {
    mask.iter()
        .zip(secret)
        .fold(0, |sum: u64, (a, s)| sum.wrapping_add(a.wrapping_mul(*s)))
}

/// `out += polynomial * secret` modulo `X^N + 1`, the secret binary.
fn add_product(out: &mut [u64], polynomial: &[u64], secret: &[u64]) {
    let size = out.len();
    for (place, _) in secret.iter().enumerate().filter(|(_, bit)| **bit == 1) {
        let (low, high) = out.split_at_mut(place);
        let (straight, wrapped) = polynomial.split_at(size - place);
        for (out, word) in high.iter_mut().zip(straight) {
            *out = out.wrapping_add(*word);
        }
        for (out, word) in low.iter_mut().zip(wrapped) {
            *out = out.wrapping_sub(*word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_sets_say_that_they_are_insecure() {
        let sets = toy_parameter_sets();
        assert_eq!(sets.len(), 7);
        for (name, parameters) in sets {
            assert!(name.starts_with("TOY_INSECURE_"));
            parameters.check().unwrap();
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_keys() {
        let (_, parameters) = toy_parameter_sets()[0];
        let a = ToyKeys::generate(parameters, 5).unwrap();
        let b = ToyKeys::generate(parameters, 5).unwrap();
        let c = ToyKeys::generate(parameters, 6).unwrap();
        assert_eq!(a.bsk(), b.bsk());
        assert_eq!(a.key_switch_key(), b.key_switch_key());
        assert_ne!(a.bsk(), c.bsk());
    }

    #[test]
    fn encryptions_decrypt() {
        let (_, parameters) = toy_parameter_sets()[0];
        let mut toy = ToyKeys::generate(parameters, 5).unwrap();
        for message in 0..16 {
            let lwe = toy.encrypt_big(message, 16);
            assert_eq!(toy.decrypt_big(&lwe, 16), message);
        }
    }
}
