//! Measurements that are kept, so that a report that was broken off goes on where it stopped.
//!
//! A measurement is kept under a hash of the board's Verilog, the case, and [`METHOD`]: if one of them changes, it is made
//! anew.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use goldilane_cache::place_in;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use goldilane_hdl::emit;

use crate::configuration::Configuration;

/// In the folder of a measurement.
const FILE: &str = "measured.json";

/// Of how it is measured: to be raised with any change of bench, driver or bus models that may change a number.
const METHOD: u32 = 1;

/// Where measurements are kept.
pub struct Kept {
    folder: PathBuf,
}

impl Kept {
    /// The folder beside the models.
    ///
    /// # Errors
    /// A cache folder that cannot be found.
    pub fn new() -> Result<Self> {
        Ok(Self {
            folder: goldilane_sim::verilator::models_folder()?.join("bench"),
        })
    }

    /// What was measured for `case` on the board of `configuration`, or what `measure` finds now.
    ///
    /// # Errors
    /// Those of `measure`; a folder that cannot be written.
    pub fn or_measure<T: Serialize + DeserializeOwned>(
        &self,
        configuration: &Configuration,
        case: &[&str],
        measure: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let (_, files) = emit::design(configuration)?;
        let toml = configuration.to_toml();
        let board = files.iter().flat_map(|file| [&file.name, &file.text]);
        let parts = case.iter().copied().chain([toml.as_str()]);
        let mut hash = Sha256::new_with_prefix(METHOD.to_le_bytes());
        for part in parts.chain(board.map(String::as_str)) {
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
