//! Who computes bootstraps: a device, or a reference in its place.

use crate::ciphertext::{bootstrapped_ciphertext, ciphertext_words};
use crate::error::{Result, arithmetic};
use crate::import::ImportedKey;
use crate::lookup_table::LookupTable;
use goldilane_golden_model::{Job, bootstrap_batch};
use tfhe::shortint::Ciphertext;

/// One programmable bootstrap of a shortint ciphertext.
#[derive(Clone, Copy)]
pub struct Request<'r> {
    /// The ciphertext.
    pub input: &'r Ciphertext,
    /// The function to apply.
    pub table: &'r LookupTable,
}

/// Computes batches of bootstraps under one key.
pub trait Bootstrapper {
    /// The key.
    fn key(&self) -> &ImportedKey;

    /// The results, in the order of the requests.
    ///
    /// # Errors
    /// A ciphertext or table that does not fit, or a failure of the device. Nothing is returned then.
    fn bootstrap(&mut self, requests: &[Request<'_>]) -> Result<Vec<Ciphertext>>;
}

/// The golden model on all cores.
pub struct GoldenBootstrapper<'k> {
    key: &'k ImportedKey,
}

impl<'k> GoldenBootstrapper<'k> {
    /// Bootstraps under `key`.
    pub fn new(key: &'k ImportedKey) -> Self {
        Self { key }
    }
}

impl Bootstrapper for GoldenBootstrapper<'_> {
    fn key(&self) -> &ImportedKey {
        self.key
    }

    fn bootstrap(&mut self, requests: &[Request<'_>]) -> Result<Vec<Ciphertext>> {
        let words = requests
            .iter()
            .enumerate()
            .map(|(index, r)| ciphertext_words(self.key, index, r.input))
            .collect::<Result<Vec<_>>>()?;
        let jobs: Vec<Job<'_>> = words
            .iter()
            .zip(requests)
            .map(|(lwe, r)| Job {
                lwe,
                lut: r.table.words(),
                degrees: &[0],
            })
            .collect();
        bootstrap_batch(&self.key.key, &jobs)
            .into_iter()
            .zip(requests)
            .map(|(outputs, r)| {
                let mut outputs = outputs.map_err(arithmetic("bootstrap in the golden model"))?;
                let words = outputs.swap_remove(0);
                Ok(bootstrapped_ciphertext(self.key, words, r.table.degree()))
            })
            .collect()
    }
}
