//! What tools say about a design without running it: Verilator's linter, and whether yosys takes it.
//!
//! A clean result is kept under `target/verilated/lint` and not asked for again.

use std::fs;
use std::path::Path;
use std::process::Command;

use goldilane_cache::{Error as ToolError, place_in, process};
use sha2::{Digest, Sha256};

use super::build::short;
use super::design::write;
use super::{Design, Error, models_folder};
use crate::tools::{verilator, yosys};

/// Runs `verilator --lint-only -Wall` over a design; `waivers` is a Verilator configuration file (`lint_off` lines with
/// their reasons). Anything that it prints beyond the waivers is an error.
pub fn lint(design: &Design, waivers: &str) -> Result<(), Error> {
    let verilator = verilator()?;
    let question = format!("lint {}\n{waivers}", verilator.version);
    ask_once(design, &question, |folder| {
        write(&folder.join("waivers.vlt"), waivers)?;
        let mut command = verilator.command();
        command
            .args(["--lint-only", "-Wall", "--no-timing", "--quiet"])
            .args(["--top-module", &design.top])
            .args((!waivers.is_empty()).then_some("waivers.vlt"))
            .args(design.sources.iter().map(|file| &file.name));
        Ok(command)
    })
}

/// Has yosys read the design, resolve its hierarchy and check it for combinational loops, double drivers and undriven
/// wires (`hierarchy -check; proc; check -assert`).
pub fn check_synthesis(design: &Design) -> Result<(), Error> {
    let yosys = yosys()?;
    ask_once(design, "yosys", |folder| {
        let names: Vec<_> = design
            .sources
            .iter()
            .map(|file| file.name.as_str())
            .collect();
        let script = format!(
            "read_verilog -sv {}\nhierarchy -check -top {}\nproc\ncheck -assert\n",
            names.join(" "),
            design.top
        );
        write(&folder.join("check.ys"), &script)?;
        let mut command = yosys.command();
        command.args(["-q", "-s", "check.ys"]);
        Ok(command)
    })
}

/// Has yosys read the design and resolve its hierarchy: every module is there, every port that is connected exists.
pub fn check_elaboration(design: &Design) -> Result<(), Error> {
    let yosys = yosys()?;
    ask_once(design, "elaboration", |folder| {
        let names: Vec<_> = design
            .sources
            .iter()
            .map(|file| file.name.as_str())
            .collect();
        let script = format!(
            "read_verilog -sv {}\nhierarchy -check -top {}\n",
            names.join(" "),
            design.top
        );
        write(&folder.join("elaborate.ys"), &script)?;
        let mut command = yosys.command();
        command.args(["-q", "-s", "elaborate.ys"]);
        Ok(command)
    })
}

/// Runs a command in a folder with the design's files, unless the same question had a clean answer before.
fn ask_once(
    design: &Design,
    question: &str,
    command: impl FnOnce(&Path) -> Result<Command, Error>,
) -> Result<(), Error> {
    design.check()?;
    let mut hash = Sha256::new();
    design.hash_into(&mut hash);
    hash.update(question);
    let operation = format!("check {}", design.top);
    place_in::<Error>(&models_folder()?.join("lint"), &short(hash), |folder| {
        let files = folder.join("files");
        design.write_sources(&files, None)?;
        design.write_data(&files)?;
        let mut command = command(&files)?;
        match process::run(&operation, command.current_dir(&files), "") {
            Ok(_) => {}
            Err(ToolError::Command { output, .. }) => {
                return Err(Error::Lint {
                    top: design.top.clone(),
                    report: output,
                });
            }
            Err(other) => return Err(other.into()),
        }
        // Only the fact that it was clean is kept.
        Ok(fs::remove_dir_all(&files).map_err(ToolError::io("remove folder", &files))?)
    })?;
    Ok(())
}
