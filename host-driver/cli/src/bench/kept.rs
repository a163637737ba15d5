//! Measurements that are kept, so that a report that was broken off goes on where it stopped.
//!
//! A measurement is kept under a hash of this program, the model and the case: whatever changes, it is made anew.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use goldilane_cache::place_in;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// In the folder of a measurement.
const FILE: &str = "measured.json";

/// Where measurements are kept, of this very program.
pub struct Kept {
    folder: PathBuf,
    program: Vec<u8>,
}

impl Kept {
    /// The folder beside the models.
    ///
    /// # Errors
    /// A program that cannot read itself.
    pub fn new() -> Result<Self> {
        let path = std::env::current_exe().context("find this program")?;
        let program = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
        Ok(Self {
            folder: goldilane_sim::verilator::models_folder()?.join("bench"),
            program: Sha256::digest(program).to_vec(),
        })
    }

    /// What was measured for `case` under this program, or what `measure` finds now.
    ///
    /// # Errors
    /// Those of `measure`; a folder that cannot be written.
    pub fn or_measure<T: Serialize + DeserializeOwned>(
        &self,
        case: &[&str],
        measure: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let mut hash = Sha256::new_with_prefix(&self.program);
        for part in case {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let name: String = hash.finalize()[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let place = place_in::<anyhow::Error>(&self.folder, &name, |growing| {
            let text = serde_json::to_vec_pretty(&measure()?)?;
            Ok(fs::write(growing.join(FILE), text)?)
        })?;
        let path = place.join(FILE);
        let text = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("read {}", path.display()))
    }
}
