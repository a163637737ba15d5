//! The stages of a bootstrap as `tfhe` itself computes them.
//!
//! | stage | what `tfhe` runs |
//! |---|---|
//! | key switch, 32 bits | `keyswitch_lwe_ciphertext_with_scalar_change` |
//! | key switch, 64 bits | `keyswitch_lwe_ciphertext` |
//! | modulus switch | `lwe_ciphertext_centered_binary_modulus_switch` or `lwe_ciphertext_modulus_switch` |
//! | accumulator after i steps | `blind_rotate_ntt64_bnf_assign` with key and mask cut to i elements, body 0 |
//! | extract | the same with the whole key and the body, then `extract_lwe_sample_from_glwe_ciphertext` |
//!
//! Key preparation is `tfhe`'s too, so that nothing of the golden model takes part. Wrong sizes panic, as
//! they do in `tfhe`: this is a reference for comparisons, not a way to compute.

use goldilane_golden_model::key_switch::round_ksk_to_32;
use goldilane_golden_model::{
    Decomposition, Job, Key, KeySwitchKey, KeySwitchWidth, ModulusSwitchKind, Parameters, Stage,
    StageWords,
};
use tfhe::core_crypto::prelude::*;
use tfhe::shortint::CompressedServerKey;
use tfhe::shortint::atomic_pattern::expanded::ExpandedAtomicPatternServerKey;
use tfhe::shortint::server_key::{ModulusSwitchConfiguration, ShortintExpandedBootstrappingKey};

/// The modulus of the external product.
const PRIME: u128 = (1 << 64) - (1 << 32) + 1;

/// A key-switching key of `tfhe` in one of the two widths.
#[derive(Clone)]
pub enum TfheKsk {
    /// Words modulo `2^32`.
    Bits32(LweKeyswitchKeyOwned<u32>),
    /// Words modulo `2^64`.
    Bits64(LweKeyswitchKeyOwned<u64>),
}

impl TfheKsk {
    /// The key rounded to 32 bits, as a board imports it.
    pub fn rounded_to_32(&self) -> Self {
        match self {
            Self::Bits32(_) => self.clone(),
            Self::Bits64(ksk) => Self::Bits32(LweKeyswitchKeyOwned::from_container(
                round_ksk_to_32(ksk.as_ref()),
                ksk.decomposition_base_log(),
                ksk.decomposition_level_count(),
                ksk.output_lwe_size(),
                CiphertextModulus::new_native(),
            )),
        }
    }

    fn decomposition(&self) -> (usize, usize) {
        match self {
            Self::Bits32(ksk) => (
                ksk.decomposition_base_log().0,
                ksk.decomposition_level_count().0,
            ),
            Self::Bits64(ksk) => (
                ksk.decomposition_base_log().0,
                ksk.decomposition_level_count().0,
            ),
        }
    }

    fn width(&self) -> KeySwitchWidth {
        match self {
            Self::Bits32(_) => KeySwitchWidth::Bits32,
            Self::Bits64(_) => KeySwitchWidth::Bits64,
        }
    }
}

/// The exponents of a modulus switch, handed to `tfhe`'s blind rotation as they are.
struct Exponents {
    mask: Vec<usize>,
    body: usize,
    log_modulus: CiphertextModulusLog,
}

impl ModulusSwitchedLweCiphertext<usize> for Exponents {
    fn log_modulus(&self) -> CiphertextModulusLog {
        self.log_modulus
    }

    fn lwe_dimension(&self) -> LweDimension {
        LweDimension(self.mask.len())
    }

    fn body(&self) -> usize {
        self.body
    }

    fn mask(&self) -> impl ExactSizeIterator<Item = usize> + '_ {
        self.mask.iter().copied()
    }
}

/// `tfhe`'s modulus switch of mask and body to `2^rotation_bits`.
pub fn switch_modulus<W: UnsignedInteger + CastInto<usize>>(
    words: Vec<W>,
    rotation_bits: u32,
    kind: ModulusSwitchKind,
) -> Vec<u16> {
    fn collect(switched: &impl ModulusSwitchedLweCiphertext<usize>) -> Vec<u16> {
        switched
            .mask()
            .chain([switched.body()])
            .map(|exponent| exponent as u16)
            .collect()
    }
    let log_modulus = CiphertextModulusLog(rotation_bits as usize);
    let lwe = LweCiphertext::from_container(words, CiphertextModulus::new_native());
    match kind {
        ModulusSwitchKind::Plain => collect(&lwe_ciphertext_modulus_switch::<W, usize, _>(
            lwe,
            log_modulus,
        )),
        ModulusSwitchKind::Centered => {
            let switched =
                lwe_ciphertext_centered_binary_modulus_switch::<W, usize, _>(lwe, log_modulus);
            collect(&switched)
        }
    }
}

/// Public keys of one shape, in `tfhe`'s types.
#[derive(Clone)]
pub struct TfheReference {
    parameters: Parameters,
    bsk: LweBootstrapKeyOwned<u64>,
    ntt_bsk: NttLweBootstrapKeyOwned<u64>,
    ksk: TfheKsk,
}

/// A key of the standard domain behind `tfhe`'s transform modulo the prime.
fn transformed(
    bsk: &LweBootstrapKeyOwned<u64>,
    option: NttLweBootstrapKeyOption,
) -> NttLweBootstrapKeyOwned<u64> {
    let mut ntt_bsk = NttLweBootstrapKeyOwned::new(
        0,
        bsk.input_lwe_dimension(),
        bsk.glwe_size(),
        bsk.polynomial_size(),
        bsk.decomposition_base_log(),
        bsk.decomposition_level_count(),
        CiphertextModulus::new(PRIME),
    );
    par_convert_standard_lwe_bootstrap_key_to_ntt64(bsk, &mut ntt_bsk, option);
    ntt_bsk
}

/// A word modulo the prime.
fn reduced(word: u64) -> u64 {
    (u128::from(word) % PRIME) as u64
}

/// See [`TfheReference::modulo_the_prime`].
pub struct PrimeReference {
    ntt_bsk: NttLweBootstrapKeyOwned<u64>,
}

impl PrimeReference {
    /// `programmable_bootstrap_ntt64_lwe_ciphertext` of a ciphertext behind the key switch, with its own plain switch of the
    /// modulus.
    pub fn bootstrap(&self, switched: &[u64], lut: &[u64]) -> Vec<u64> {
        let key = &self.ntt_bsk;
        let modulus = key.ciphertext_modulus();
        let take = |words: &[u64]| words.iter().map(|word| reduced(*word)).collect::<Vec<_>>();
        let input = LweCiphertext::from_container(take(switched), modulus);
        let table = GlweCiphertext::from_container(take(lut), key.polynomial_size(), modulus);
        let size = key.output_lwe_dimension().to_lwe_size();
        let mut output = LweCiphertext::new(0, size, modulus);
        programmable_bootstrap_ntt64_lwe_ciphertext(&input, &mut output, &table, key);
        output.into_container()
    }
}

impl TfheReference {
    /// From core keys. The standard-domain key is prepared by `tfhe`.
    pub fn new(
        bsk: LweBootstrapKeyOwned<u64>,
        ksk: TfheKsk,
        modulus_switch: ModulusSwitchKind,
    ) -> goldilane_golden_model::Result<Self> {
        let (base_log, levels) = ksk.decomposition();
        let parameters = Parameters {
            lwe_dimension: bsk.input_lwe_dimension().0,
            glwe_dimension: bsk.glwe_size().to_glwe_dimension().0,
            polynomial_size: bsk.polynomial_size().0,
            pbs: Decomposition::new(
                bsk.decomposition_base_log().0,
                bsk.decomposition_level_count().0,
            )?,
            key_switch: Decomposition::new(base_log, levels)?,
            key_switch_width: ksk.width(),
            modulus_switch,
        };
        Ok(Self {
            parameters,
            ntt_bsk: transformed(&bsk, NttLweBootstrapKeyOption::Raw),
            bsk,
            ksk,
        })
    }

    /// From the key that a client hands over.
    ///
    /// Panics for a key of a kind that the contract does not have (multi-bit, drift technique).
    pub fn from_compressed(key: &CompressedServerKey) -> goldilane_golden_model::Result<Self> {
        fn classic<S: UnsignedInteger>(
            key: ShortintExpandedBootstrappingKey<u64, S>,
        ) -> (LweBootstrapKeyOwned<u64>, ModulusSwitchKind) {
            match key {
                ShortintExpandedBootstrappingKey::Classic {
                    bsk,
                    modulus_switch_noise_reduction_key,
                } => (
                    bsk,
                    match modulus_switch_noise_reduction_key {
                        ModulusSwitchConfiguration::Standard => ModulusSwitchKind::Plain,
                        ModulusSwitchConfiguration::CenteredMeanNoiseReduction => {
                            ModulusSwitchKind::Centered
                        }
                        ModulusSwitchConfiguration::DriftTechniqueNoiseReduction(_) => {
                            panic!("a key of the drift technique")
                        }
                    },
                ),
                ShortintExpandedBootstrappingKey::MultiBit { .. } => panic!("a multi-bit key"),
            }
        }
        match key.compressed_ap_server_key.expand() {
            ExpandedAtomicPatternServerKey::Standard(key) => {
                let (bsk, kind) = classic(key.bootstrapping_key);
                Self::new(bsk, TfheKsk::Bits64(key.key_switching_key), kind)
            }
            ExpandedAtomicPatternServerKey::KeySwitch32(key) => {
                let (bsk, kind) = classic(key.bootstrapping_key);
                Self::new(bsk, TfheKsk::Bits32(key.key_switching_key), kind)
            }
        }
    }

    /// The same keys with the key-switching key rounded to 32 bits.
    pub fn rounded_to_32(&self) -> Self {
        let mut rounded = self.clone();
        rounded.ksk = self.ksk.rounded_to_32();
        rounded.parameters.key_switch_width = KeySwitchWidth::Bits32;
        rounded
    }

    /// The shape.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The standard-domain bootstrapping key.
    pub fn bsk(&self) -> &[u64] {
        self.bsk.as_ref()
    }

    /// The words of the key-switching key.
    pub fn ksk_words(&self) -> KeySwitchKey {
        match &self.ksk {
            TfheKsk::Bits32(ksk) => KeySwitchKey::Bits32(ksk.as_ref().to_vec()),
            TfheKsk::Bits64(ksk) => KeySwitchKey::Bits64(ksk.as_ref().to_vec()),
        }
    }

    /// The golden model's key of the same words.
    pub fn golden_key(&self) -> goldilane_golden_model::Result<Key> {
        Key::new(self.parameters, self.bsk(), self.ksk_words())
    }

    /// The same key as words modulo the prime itself, for `tfhe`'s bootstrap without a modulus switch in each step
    /// (`ntt64`, where `ntt64_bnf` is the one of the contract). No client of the contract has such a key: the words are taken
    /// as they are, so what comes out decrypts to nothing, in the time of one that does.
    pub fn modulo_the_prime(&self) -> PrimeReference {
        let words = self.bsk().iter().map(|word| reduced(*word)).collect();
        let bsk = LweBootstrapKeyOwned::from_container(
            words,
            self.bsk.glwe_size(),
            self.bsk.polynomial_size(),
            self.bsk.decomposition_base_log(),
            self.bsk.decomposition_level_count(),
            CiphertextModulus::new(PRIME),
        );
        PrimeReference {
            ntt_bsk: transformed(&bsk, NttLweBootstrapKeyOption::Normalize),
        }
    }

    /// What `tfhe` has at `stage`.
    pub fn checkpoint(&self, job: Job<'_>, stage: Stage) -> StageWords {
        match stage {
            Stage::LweIn => StageWords::U64(job.lwe.to_vec()),
            Stage::KeySwitch => self.key_switch(job.lwe),
            Stage::ModSwitch => StageWords::U16(self.exponents(job.lwe)),
            Stage::Accumulator(steps) => {
                let exponents = self.exponents(job.lwe);
                let words = self.blind_rotate(job.lut, &exponents[..steps], 0);
                StageWords::U64(words)
            }
            Stage::Extract => {
                let exponents = self.exponents(job.lwe);
                let n = self.parameters.lwe_dimension;
                let accumulator = self.blind_rotate(job.lut, &exponents[..n], exponents[n]);
                StageWords::U64(
                    job.degrees
                        .iter()
                        .flat_map(|degree| self.extract(&accumulator, *degree))
                        .collect(),
                )
            }
        }
    }

    fn key_switch(&self, lwe: &[u64]) -> StageWords {
        let input = LweCiphertext::from_container(lwe, CiphertextModulus::new_native());
        let size = self.bsk.input_lwe_dimension().to_lwe_size();
        match &self.ksk {
            TfheKsk::Bits32(ksk) => {
                let mut output = LweCiphertext::new(0_u32, size, CiphertextModulus::new_native());
                keyswitch_lwe_ciphertext_with_scalar_change(ksk, &input, &mut output);
                StageWords::U32(output.into_container())
            }
            TfheKsk::Bits64(ksk) => {
                let mut output = LweCiphertext::new(0_u64, size, CiphertextModulus::new_native());
                keyswitch_lwe_ciphertext(ksk, &input, &mut output);
                StageWords::U64(output.into_container())
            }
        }
    }

    fn exponents(&self, lwe: &[u64]) -> Vec<u16> {
        match self.key_switch(lwe) {
            StageWords::U32(words) => self.switch(words),
            StageWords::U64(words) => self.switch(words),
            StageWords::U16(words) => words,
        }
    }

    fn switch<W: UnsignedInteger + CastInto<usize>>(&self, words: Vec<W>) -> Vec<u16> {
        switch_modulus(
            words,
            self.parameters.rotation_bits(),
            self.parameters.modulus_switch,
        )
    }

    /// Blind rotation with key and mask cut to the length of `mask`.
    fn blind_rotate(&self, lut: &[u64], mask: &[u16], body: u16) -> Vec<u64> {
        let size = self.bsk.polynomial_size();
        let mut accumulator =
            GlweCiphertext::from_container(lut.to_vec(), size, CiphertextModulus::new_native());
        if mask.is_empty() && body == 0 {
            // nothing to rotate, and `tfhe` has no key without elements
            return accumulator.into_container();
        }
        let exponents = Exponents {
            mask: mask.iter().map(|rotation| usize::from(*rotation)).collect(),
            body: usize::from(body),
            log_modulus: size.to_blind_rotation_input_modulus_log(),
        };
        let words: &[u64] = self.ntt_bsk.as_view().into_container();
        let cut = NttLweBootstrapKey::from_container(
            &words[..mask.len() * self.parameters.ggsw_size()],
            self.bsk.glwe_size(),
            size,
            self.bsk.decomposition_base_log(),
            self.bsk.decomposition_level_count(),
            self.ntt_bsk.ciphertext_modulus(),
        );
        blind_rotate_ntt64_bnf_assign(&exponents, &mut accumulator, &cut);
        accumulator.into_container()
    }

    fn extract(&self, accumulator: &[u64], degree: usize) -> Vec<u64> {
        let modulus = CiphertextModulus::new_native();
        let glwe = GlweCiphertext::from_container(accumulator, self.bsk.polynomial_size(), modulus);
        let size = self.bsk.output_lwe_dimension().to_lwe_size();
        let mut output = LweCiphertext::new(0, size, modulus);
        extract_lwe_sample_from_glwe_ciphertext(&glwe, &mut output, MonomialDegree(degree));
        output.into_container()
    }
}
