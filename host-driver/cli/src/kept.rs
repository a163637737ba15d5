//! Measurements that are kept, so that a report that was broken off goes on where it stopped.
//!
//! A measurement is kept under a hash of what it depends on: where that changes, it is made anew.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use goldilane_cache::place_in;
use goldilane_hdl::netlist::EmittedFile;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// In the folder of a measurement.
const FILE: &str = "measured.json";

/// Where measurements are kept.
pub struct Kept {
    folder: PathBuf,
}

impl Kept {
    /// In a folder of this name beside the models.
    ///
    /// # Errors
    /// No place for models.
    pub fn new(name: &str) -> Result<Self> {
        Ok(Self {
            folder: goldilane_sim::verilator::models_folder()?.join(name),
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

    /// Whether `case` was measured.
    pub fn has(&self, case: &[&str]) -> bool {
        self.folder.join(self.name(case)).is_dir()
    }

    /// What was measured for `case`, if it was.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn known<T: DeserializeOwned>(&self, case: &[&str]) -> Result<Option<T>> {
        let place = self.folder.join(self.name(case));
        self.has(case).then(|| read(&place)).transpose()
    }

    /// Forgets what was measured for `case`.
    ///
    /// # Errors
    /// A folder that cannot be removed.
    pub fn forget(&self, case: &[&str]) -> Result<()> {
        let place = self.folder.join(self.name(case));
        match fs::remove_dir_all(&place) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            other => other.with_context(|| format!("remove {}", place.display())),
        }
    }

    /// Name of the folder of a case.
    fn name(&self, case: &[&str]) -> String {
        let mut name = hash(case.iter().copied());
        name.truncate(32);
        name
    }
}

/// A hash of what the files of a board compute: the lines of each without attributes, in any order. Registers and wires
/// are assigned once each, so the order says nothing.
pub fn verilog_hash(files: &[EmittedFile]) -> String {
    let lines: Vec<(&str, Vec<String>)> = (files.iter())
        .map(|file| (file.name.as_str(), statements(file)))
        .collect();
    hash(
        lines.iter().flat_map(|(name, lines)| {
            std::iter::once(*name).chain(lines.iter().map(String::as_str))
        }),
    )
}

/// The lines of a file of Verilog, sorted; those of an image as they are.
fn statements(file: &EmittedFile) -> Vec<String> {
    if !file.name.ends_with(".v") {
        return vec![file.text.clone()];
    }
    let mut lines: Vec<String> = file.text.lines().map(without_attributes).collect();
    let frame = ["", "end", "always @(posedge clk) begin"];
    lines.retain(|line| !frame.contains(&line.as_str()));
    lines.sort();
    lines
}

fn without_attributes(line: &str) -> String {
    let mut left = String::new();
    let mut rest = line.trim();
    while let Some((before, attribute)) = rest.split_once("(* ") {
        left += before;
        rest = attribute
            .split_once("*)")
            .map_or("", |(_, behind)| behind.trim_start());
    }
    left + rest
}

fn hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn read<T: DeserializeOwned>(place: &Path) -> Result<T> {
    let path = place.join(FILE);
    let text = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_measured_once_until_it_is_forgotten() {
        let folder = std::env::temp_dir().join(format!("goldilane_kept_{}", std::process::id()));
        let kept = Kept {
            folder: folder.clone(),
        };
        let case = ["a", "b"];
        assert_eq!(kept.known::<u32>(&case).unwrap(), None);
        assert_eq!(kept.or_measure(&case, || Ok(1)).unwrap(), 1);
        assert_eq!(kept.or_measure(&case, || Ok(2)).unwrap(), 1);
        assert_eq!(kept.or_measure(&["ab"], || Ok(3)).unwrap(), 3);
        assert!(kept.has(&case));
        kept.forget(&case).unwrap();
        kept.forget(&case).unwrap();
        assert_eq!(kept.known::<u32>(&case).unwrap(), None);
        assert_eq!(kept.or_measure(&case, || Ok(4)).unwrap(), 4);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_board_is_known_by_what_it_computes() {
        let file = |name: &str, text: &str| EmittedFile {
            name: name.to_owned(),
            text: text.to_owned(),
        };
        let module = |lines: [&str; 3]| verilog_hash(&[file("a.v", &lines.join("\n"))]);
        let (x, y) = ("  reg x;", "  reg y;");
        let kept = "  (* keep = \"true\", dont_merge *) reg x;";
        let plain = module([x, y, "  always @(posedge clk) begin"]);
        assert_eq!(module([y, kept, "  (* keep *)"]), plain);
        assert_ne!(module([x, "  reg [1:0] y;", ""]), plain);
        assert_ne!(module([x, y, "    x <= y;"]), plain);
        let image = |text: &str| verilog_hash(&[file("a.hex", text)]);
        assert_ne!(image("1\n2\n"), image("2\n1\n"));
    }
}
