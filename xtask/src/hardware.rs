//! What concerns the Verilog: tools, models, lint.

use std::fs;

use anyhow::{Context, Result};
use goldilane_verilator::{Design, tools};

use crate::cargo;

/// The configurations whose Verilog is emitted and linted.
const CONFIGURATIONS: [&str; 0] = [];

/// Finds or fetches the tools, and says which they are.
pub fn set_up() -> Result<()> {
    let compiler = tools::compiler()?;
    println!("C++ compiler: {}", compiler.version);
    let verilator = tools::verilator()?;
    println!("Verilator: {}", verilator.version);
    Ok(())
}

/// Builds what all models share, then the models that the tests and the demo open, so that no test waits for them.
pub fn build_models() -> Result<()> {
    goldilane_verilator::prepare()?;
    Ok(())
}

/// Lints the Verilog of [`CONFIGURATIONS`], as `goldilane emit` writes it, with the one list of waivers.
pub fn lint_verilog() -> Result<()> {
    let root = cargo::root()?;
    let waiver_file = root.join("hdl/waivers.vlt");
    for name in CONFIGURATIONS {
        let folder = root.join("target/emitted").join(name);
        let out = folder.to_string_lossy();
        cargo::run(&[
            "run",
            "--quiet",
            "--release",
            "-p",
            "goldilane-cli",
            "--",
            "emit",
            name,
            "--out",
            &out,
        ])?;
        let waivers = fs::read_to_string(&waiver_file)
            .with_context(|| format!("read {}", waiver_file.display()))?;
        let design = Design::from_folder(&folder, &format!("goldilane_{name}"), Some("clk"))?;
        goldilane_verilator::lint(&design, &waivers)?;
        println!("Verilog of {name}: clean");
    }
    Ok(())
}
