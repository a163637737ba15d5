//! Verilator as a linter.

use std::path::Path;

use goldilane_cache::{Error as ToolError, place_in, process};
use sha2::{Digest, Sha256};

use super::build::short;
use super::design::write;
use super::{Design, Error, models_folder};
use crate::tools::verilator;

/// Runs `verilator --lint-only -Wall` over a design; `waivers` is a Verilator configuration file (`lint_off` lines with
/// their reasons). Anything that it prints beyond the waivers is an error. A clean result is kept and not asked again.
pub fn lint(design: &Design, waivers: &str) -> Result<(), Error> {
    design.check()?;
    let verilator = verilator()?;
    let mut hash = Sha256::new();
    design.hash_into(&mut hash);
    hash.update(format!("{}\n{waivers}", verilator.version));
    let name = short(hash);
    let run = |folder: &Path| -> Result<(), Error> {
        design.write_sources(folder, None)?;
        write(&folder.join("waivers.vlt"), waivers)?;
        let mut command = verilator.command();
        command
            .current_dir(folder)
            .args([
                "--lint-only",
                "-Wall",
                "--no-timing",
                "--quiet",
                "--top-module",
                &design.top,
            ])
            .args((!waivers.is_empty()).then_some("waivers.vlt"))
            .args(design.sources.iter().map(|file| &file.name));
        match process::run(
            &format!("lint {}", design.top),
            &mut command,
            "install Verilator",
        ) {
            Ok(_) => Ok(()),
            Err(ToolError::Command { output, .. }) => Err(Error::Lint {
                top: design.top.clone(),
                report: output,
            }),
            Err(other) => Err(other.into()),
        }
    };
    place_in::<Error>(&models_folder()?.join("lint"), &name, |folder| {
        run(folder)?;
        // Only the fact that it was clean is kept.
        for entry in std::fs::read_dir(folder).map_err(ToolError::io("list folder", folder))? {
            let path = entry.map_err(ToolError::io("list folder", folder))?.path();
            let removed = if path.is_dir() {
                std::fs::remove_dir_all(&path)
            } else {
                std::fs::remove_file(&path)
            };
            removed.map_err(ToolError::io("remove", &path))?;
        }
        Ok(())
    })?;
    Ok(())
}
