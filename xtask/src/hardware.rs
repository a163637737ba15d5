//! What concerns the Verilog: tools, models, lint.

use std::fs;

use anyhow::{Context, Result};
use goldilane_abi::Shape;
use goldilane_hdl::bootstrap::core::bootstrap_core;
use goldilane_hdl::netlist::emit;
use goldilane_sim::rtl;
use goldilane_verilator::{Design, check_synthesis, lint, tools};

use crate::cargo;

/// The configurations whose Verilog is linted: one with every kind of block, one of full size.
const CONFIGURATIONS: [&str; 2] = ["toy", "sim"];

/// The configuration that yosys reads too: the smallest, because yosys takes its time.
const SYNTHESIS: &str = "toy";

/// The one list of waivers, from the workspace's folder.
const WAIVERS: &str = "hdl/waivers.vlt";

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

/// The emitted Verilog of a configuration.
fn design(name: &str) -> Result<Design> {
    let shape =
        Shape::named(name).with_context(|| format!("configuration {name:?} is not known"))?;
    let top = bootstrap_core(&shape).with_context(|| format!("generate {name}"))?;
    Ok(rtl::design(top.name(), Some("clk"), &emit(&top)))
}

/// Lints the Verilog of [`CONFIGURATIONS`] with the one list of waivers, and has yosys read that of [`SYNTHESIS`].
pub fn lint_verilog() -> Result<()> {
    let file = cargo::root()?.join(WAIVERS);
    let waivers = fs::read_to_string(&file).with_context(|| format!("read {}", file.display()))?;
    for name in CONFIGURATIONS {
        lint(&design(name)?, &waivers).with_context(|| format!("Verilog of {name}"))?;
        println!("Verilog of {name}: clean");
    }
    check_synthesis(&design(SYNTHESIS)?).with_context(|| format!("Verilog of {SYNTHESIS}"))?;
    println!("Verilog of {SYNTHESIS}: yosys takes it");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_be_waived_is_not() {
        let file = cargo::root().expect("root").join(WAIVERS);
        let text = fs::read_to_string(file).expect("waivers");
        let rules: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .filter(|line| line.contains("lint_off"))
            .collect();
        assert!(!rules.is_empty() && rules.len() <= 8, "{rules:?}");
        assert!(
            rules.iter().all(|line| line.contains("-rule ")),
            "{rules:?}"
        );
        assert!(!rules.iter().any(|line| line.contains("WIDTHTRUNC")));
        // An extension may be waived line by line only.
        let wide = rules.iter().filter(|line| line.contains("WIDTHEXPAND"));
        assert!(wide.clone().all(|line| line.contains("-lines ")));
    }
}
