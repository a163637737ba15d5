//! What concerns the Verilog: tools, models, lint.

use anyhow::{Context, Result};
use goldilane_hdl::config::Configuration;
use goldilane_hdl::emit;
use goldilane_sim::rtl;
use goldilane_verilator::{Design, Options, build, check_synthesis, tools};

use crate::bitstreams;

/// The configurations whose boards are simulated by the tests: a small one with several levels, one of full size.
const SIMULATED: [&str; 2] = ["toy", "sim"];

/// The configuration that yosys reads too: the smallest, because yosys takes its time.
const SYNTHESIS: &str = "toy";

/// The configuration whose waves the tests look at.
const TRACED: &str = "toy";

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
    for name in SIMULATED {
        let built = build(&design(name)?, &Options::default())
            .with_context(|| format!("model of {name}"))?;
        let what = if built.fresh { "built" } else { "stands" };
        println!("Model of {name}: {what}");
    }
    build(&design(TRACED)?, &Options { trace: true })
        .with_context(|| format!("traced model of {TRACED}"))?;
    Ok(())
}

/// The emitted Verilog of a board.
fn design(name: &str) -> Result<Design> {
    let (top, files) = emit::design(&Configuration::find(name)?)?;
    Ok(rtl::design(top.name(), Some("clk"), &files))
}

/// Lints the Verilog of all named configurations and of the boards from their lists, and has yosys read that of
/// [`SYNTHESIS`].
pub fn lint_verilog() -> Result<()> {
    bitstreams::check()?;
    check_synthesis(&design(SYNTHESIS)?).with_context(|| format!("Verilog of {SYNTHESIS}"))?;
    println!("Verilog of {SYNTHESIS}: yosys takes it");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_be_waived_is_not() {
        let rules: Vec<&str> = emit::WAIVERS
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
