//! Vectors in memory: a key, lookup tables, ciphertexts, and the words at each stage.

use anyhow::{Context, Result};
use goldilane_abi::{KeyShape, ModulusSwitch};
use goldilane_golden_model::{Job, Key, KeySwitchKey, Parameters, Stage, StageWords};

/// Keys and inputs with everything that is expected of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// Name of the parameter set.
    pub set: String,
    /// The number that everything comes from, if there is one.
    pub seed: Option<u64>,
    /// Who computed the expected words.
    pub reference: String,
    /// The key's numbers: 32-bit key switch, centered modulus switch.
    pub parameters: Parameters,
    /// Bootstrapping key, standard domain, `[i][level, deepest first][row][column][N]`.
    pub bsk: Vec<u64>,
    /// Key-switching key, `[coefficient][level, deepest first][n + 1]`.
    pub ksk: Vec<u32>,
    /// Lookup tables: GLWE ciphertexts, mask first.
    pub luts: Vec<Vec<u64>>,
    /// The ciphertexts.
    pub ciphertexts: Vec<CiphertextMaterial>,
}

/// One ciphertext.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CiphertextMaterial {
    /// What to bootstrap.
    pub input: Input,
    /// The expected words at every stage, the input among them.
    pub stages: Vec<(Stage, StageWords)>,
}

/// What a bootstrap takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Mask, then body.
    pub words: Vec<u64>,
    /// Which of [`Material::luts`].
    pub lut: usize,
    /// The coefficients to extract: 0, stride, 2 stride, ...
    pub degrees: Vec<usize>,
    /// Distance of the coefficients.
    pub stride: usize,
}

impl Input {
    /// The input that extracts `count` coefficients of polynomials of `size`, `stride` apart.
    pub fn new(words: Vec<u64>, lut: usize, (count, stride): (usize, usize), size: usize) -> Self {
        Self {
            words,
            lut,
            degrees: (0..count)
                .map(|index| index * stride % (2 * size))
                .collect(),
            stride,
        }
    }
}

impl Material {
    /// The key as the golden model takes it.
    ///
    /// # Errors
    /// Words that do not fit the numbers.
    pub fn key(&self) -> Result<Key> {
        let ksk = KeySwitchKey::Bits32(self.ksk.clone());
        Key::new(self.parameters, &self.bsk, ksk).context("prepare the key")
    }

    /// The numbers of the key as a board takes them; what does not fit saturates and is refused there.
    pub fn key_shape(&self) -> KeyShape {
        let small = |value: usize| u8::try_from(value).unwrap_or(u8::MAX);
        let p = &self.parameters;
        KeyShape {
            lwe_dimension: u16::try_from(p.lwe_dimension).unwrap_or(u16::MAX),
            pbs_base_log: small(p.pbs.base_log()),
            pbs_levels: small(p.pbs.levels()),
            ks_base_log: small(p.key_switch.base_log()),
            ks_levels: small(p.key_switch.levels()),
            modulus_switch: ModulusSwitch::Centered,
        }
    }

    /// Ciphertext `index` as the golden model takes it.
    pub fn job(&self, index: usize) -> Job<'_> {
        let input = &self.ciphertexts[index].input;
        Job {
            lwe: &input.words,
            lut: &self.luts[input.lut],
            degrees: &input.degrees,
        }
    }

    /// The stages of the ciphertexts, in their order, without the input.
    pub fn stages(&self) -> Vec<Stage> {
        let known = self.ciphertexts.iter().flat_map(|c| &c.stages);
        let mut stages: Vec<Stage> = known.map(|(stage, _)| *stage).collect();
        stages.retain(|stage| *stage != Stage::LweIn);
        stages.sort_unstable();
        stages.dedup();
        stages
    }

    /// The expected words.
    pub fn expected(&self, index: usize, stage: Stage) -> Option<&StageWords> {
        let stages = &self.ciphertexts[index].stages;
        stages
            .iter()
            .find_map(|(known, words)| (*known == stage).then_some(words))
    }
}
