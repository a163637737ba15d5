//! `description.json`: what lies in a folder of vectors.

use anyhow::{Result, bail, ensure};
use goldilane_golden_model::{
    Decomposition, KeySwitchWidth, ModulusSwitchKind, Parameters, Stage, StageWords,
};
use serde::{Deserialize, Serialize};

/// Name and version of the format.
pub const FORMAT: &str = "goldilane-vectors 1";
/// Name of the file.
pub const FILE: &str = "description.json";

/// The whole.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// [`FORMAT`].
    pub format: String,
    /// Name of the parameter set.
    pub set: String,
    /// The number that everything comes from.
    pub seed: Option<u64>,
    /// Who computed the expected words.
    pub reference: String,
    /// A word to whoever finds the folder.
    pub warning: String,
    /// The key's numbers.
    pub parameters: Numbers,
    /// Bootstrapping key.
    pub bsk: FileEntry,
    /// Key-switching key.
    pub ksk: FileEntry,
    /// Lookup tables.
    pub luts: Vec<FileEntry>,
    /// Ciphertexts.
    pub ciphertexts: Vec<CiphertextEntry>,
}

/// The numbers of a key.
#[derive(Serialize, Deserialize, Clone, Copy, Debug)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// n.
    pub lwe_dimension: usize,
    /// k.
    pub glwe_dimension: usize,
    /// N.
    pub polynomial_size: usize,
    /// b of the bootstrap base 2^b.
    pub pbs_base_log: usize,
    /// l.
    pub pbs_levels: usize,
    /// Key-switch base as a power of two.
    pub ks_base_log: usize,
    /// Key-switch levels.
    pub ks_levels: usize,
}

/// A file of raw little-endian words.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Its name in the folder.
    pub file: String,
    /// Bits of a word: 16, 32 or 64.
    pub word_bits: usize,
    /// Number of words.
    pub words: usize,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

/// A ciphertext and what becomes of it.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct CiphertextEntry {
    /// Index of its lookup table.
    pub lut: usize,
    /// How many coefficients are extracted.
    pub degrees: usize,
    /// Their distance.
    pub stride: usize,
    /// The words at each stage, the input first.
    pub stages: Vec<StageEntry>,
}

/// The words at a stage.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct StageEntry {
    /// `lwe_in`, `key_switch`, `mod_switch`, `accumulator_<steps>`, `extract`.
    pub stage: String,
    /// The words.
    #[serde(flatten)]
    pub file: FileEntry,
}

impl From<&Parameters> for Numbers {
    fn from(parameters: &Parameters) -> Self {
        Self {
            lwe_dimension: parameters.lwe_dimension,
            glwe_dimension: parameters.glwe_dimension,
            polynomial_size: parameters.polynomial_size,
            pbs_base_log: parameters.pbs.base_log(),
            pbs_levels: parameters.pbs.levels(),
            ks_base_log: parameters.key_switch.base_log(),
            ks_levels: parameters.key_switch.levels(),
        }
    }
}

impl Numbers {
    /// The parameters, checked.
    ///
    /// # Errors
    /// A number out of range.
    pub fn parameters(&self) -> goldilane_golden_model::Result<Parameters> {
        let parameters = Parameters {
            lwe_dimension: self.lwe_dimension,
            glwe_dimension: self.glwe_dimension,
            polynomial_size: self.polynomial_size,
            pbs: Decomposition::new(self.pbs_base_log, self.pbs_levels)?,
            key_switch: Decomposition::new(self.ks_base_log, self.ks_levels)?,
            key_switch_width: KeySwitchWidth::Bits32,
            modulus_switch: ModulusSwitchKind::Centered,
        };
        parameters.check()?;
        Ok(parameters)
    }
}

/// Reads the name of a stage.
pub fn parse_stage(name: &str) -> Option<Stage> {
    Some(match name {
        "lwe_in" => Stage::LweIn,
        "key_switch" => Stage::KeySwitch,
        "mod_switch" => Stage::ModSwitch,
        "extract" => Stage::Extract,
        other => Stage::Accumulator(other.strip_prefix("accumulator_")?.parse().ok()?),
    })
}

impl FileEntry {
    /// The words in a file's bytes.
    ///
    /// # Errors
    /// Bytes that are not `words` words of `word_bits` bits.
    pub fn decode(&self, bytes: &[u8]) -> Result<StageWords> {
        let expected = self.words.saturating_mul(self.word_bits / 8);
        ensure!(
            bytes.len() == expected,
            "{}: {} bytes where {expected} are needed",
            self.file,
            bytes.len()
        );
        Ok(match self.word_bits {
            16 => StageWords::U16(words(bytes, u16::from_le_bytes)),
            32 => StageWords::U32(words(bytes, u32::from_le_bytes)),
            64 => StageWords::U64(words(bytes, u64::from_le_bytes)),
            bits => bail!(
                "{}: words of {bits} bits; 16, 32 or 64 are meant",
                self.file
            ),
        })
    }
}

fn words<W, const BYTES: usize>(bytes: &[u8], word: impl Fn([u8; BYTES]) -> W) -> Vec<W> {
    bytes
        .as_chunks()
        .0
        .iter()
        .map(|bytes| word(*bytes))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_stages_are_read_back() {
        for stage in Stage::checkpoints(918) {
            assert_eq!(parse_stage(&stage.to_string()), Some(stage));
        }
        assert_eq!(parse_stage("accumulator_x"), None);
        assert_eq!(parse_stage("somewhere"), None);
    }

    #[test]
    fn words_are_decoded_and_torn_files_named() {
        let entry = FileEntry {
            file: "a.bin".into(),
            word_bits: 32,
            words: 2,
            sha256: String::new(),
        };
        let words = StageWords::U32(vec![1, 0xffff_0000]);
        assert_eq!(entry.decode(&words.to_le_bytes()).unwrap(), words);
        let error = entry.decode(&[0; 7]).unwrap_err().to_string();
        assert!(error.contains("a.bin: 7 bytes where 8"), "{error}");
    }
}
