//! Measurements that are kept, so that a report that was broken off goes on where it stopped.
//!
//! A measurement is kept under a hash of what it depends on: where that changes, it is made anew.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use goldilane_cache::place_in;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// In the folder of a measurement.
const FILE: &str = "measured.json";

/// Where measurements are kept.
pub struct Kept {
    folder: PathBuf,
    program: Vec<u8>,
}

impl Kept {
    /// Measurements that depend on nothing but their cases, in a folder of this name beside the models.
    ///
    /// # Errors
    /// No place for models.
    pub fn of_cases(name: &str) -> Result<Self> {
        Ok(Self {
            folder: goldilane_sim::verilator::models_folder()?.join(name),
            program: Vec::new(),
        })
    }

    /// Measurements of this very program.
    ///
    /// # Errors
    /// As [`Kept::of_cases`]; a program that cannot read itself.
    pub fn of_program(name: &str) -> Result<Self> {
        let path = std::env::current_exe().context("find this program")?;
        let program = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
        Ok(Self {
            program: Sha256::digest(program).to_vec(),
            ..Self::of_cases(name)?
        })
    }

    /// What was measured for `case`, or what `measure` finds now.
    ///
    /// # Errors
    /// Those of `measure`; a folder that cannot be written.
    pub fn or_measure<T: Serialize + DeserializeOwned>(
        &self,
        case: &[&str],
        measure: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let name = self.name(case);
        let place = place_in::<anyhow::Error>(&self.folder, &name, |growing| {
            let text = serde_json::to_vec_pretty(&measure()?)?;
            Ok(fs::write(growing.join(FILE), text)?)
        })?;
        read(&place)
    }

    /// What was measured for `case`, if it was.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn known<T: DeserializeOwned>(&self, case: &[&str]) -> Result<Option<T>> {
        let place = self.folder.join(self.name(case));
        place.is_dir().then(|| read(&place)).transpose()
    }

    /// Name of the folder of a case.
    fn name(&self, case: &[&str]) -> String {
        let mut hash = Sha256::new_with_prefix(&self.program);
        for part in case {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.finalize()[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

fn read<T: DeserializeOwned>(place: &Path) -> Result<T> {
    let path = place.join(FILE);
    let text = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("read {}", path.display()))
}
