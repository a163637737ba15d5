//! What computes the words of a stage.

use anyhow::{Context, Result};
use goldilane_golden_model::{Key, Stage, StageWords, bootstrap_until};
use rayon::prelude::*;

use crate::vectors::material::Material;

/// Why there are no words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The board stopped answering.
    NoCompletion(String),
    /// The board answered with an error.
    Refused(String),
}

/// The words of a ciphertext at a stage.
pub type Outcome = std::result::Result<StageWords, Trouble>;

/// Computes stages of all ciphertexts of a [`Material`].
pub trait Computer {
    /// The words of every ciphertext at a stage.
    ///
    /// # Errors
    /// What says nothing about the words: a device that cannot be used at all.
    fn stage(&mut self, stage: Stage) -> Result<Vec<Outcome>>;
}

/// The golden model.
pub struct Golden<'m> {
    material: &'m Material,
    key: Key,
}

impl<'m> Golden<'m> {
    /// Prepares the key.
    ///
    /// # Errors
    /// A key that the golden model refuses.
    pub fn new(material: &'m Material) -> Result<Self> {
        Ok(Self {
            material,
            key: material.key()?,
        })
    }

    /// The words of one ciphertext at a stage.
    ///
    /// # Errors
    /// A ciphertext that the golden model refuses.
    pub fn words(&self, index: usize, stage: Stage) -> Result<StageWords> {
        bootstrap_until(&self.key, self.material.job(index), stage)
            .with_context(|| format!("{stage} of ciphertext {index} in the golden model"))
    }
}

impl Computer for Golden<'_> {
    fn stage(&mut self, stage: Stage) -> Result<Vec<Outcome>> {
        (0..self.material.ciphertexts.len())
            .into_par_iter()
            .map(|index| Ok(Ok(self.words(index, stage)?)))
            .collect()
    }
}
