//! Starting the Verilated hardware.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use goldilane_hdl::emit;
use goldilane_hdl::netlist::module_map;
use goldilane_sim::ModelBoard;
use goldilane_sim::axi::Timing;
use goldilane_sim::rtl::{RtlBoard, RtlOptions, Wave, design};
use goldilane_sim::verilator::{Built, Design, Options, build};

use crate::configuration::Configuration;
use crate::progress;
use crate::watch::Health;

/// The clock of every top module.
const CLOCK: &str = "clk";
/// How the names of the testbench's files begin.
const TESTBENCH: &str = "tb_";

/// Where the Verilog comes from, and what is traced.
#[derive(Clone, Debug, Default)]
pub struct Simulation<'a> {
    /// A folder as `goldilane emit` writes it; none: emitted in memory.
    pub verilog: Option<&'a Path>,
    /// A window to trace.
    pub wave: Option<Wave>,
    /// Clocks without any completion after which a board hangs, of the model too.
    pub clock_limit: Option<u64>,
    /// Board memory in time; none: the default of [`RtlOptions`].
    pub memory: Option<Timing>,
}

impl Health for ModelBoard {
    fn failure(&self) -> Option<String> {
        None
    }

    fn broken_rules(&mut self) -> Option<String> {
        None
    }
}

impl Health for RtlBoard {
    fn failure(&self) -> Option<String> {
        self.failure().map(ToString::to_string)
    }

    fn broken_rules(&mut self) -> Option<String> {
        let broken = self.take_violations();
        let first = broken.first()?;
        Some(match broken.len() {
            1 => format!("broken bus rule: {first}"),
            more => format!("{more} broken bus rules, the first: {first}"),
        })
    }
}

/// Verilates a board, unless its model stands, and powers it up.
///
/// # Errors
/// Verilog that cannot be generated, read, or built; missing tools.
pub fn start(configuration: &Configuration, simulation: Simulation<'_>) -> Result<RtlBoard> {
    let name = &configuration.name;
    let spinner = progress::spinner("Verilated model");
    let design = match simulation.verilog {
        None => {
            let (top, files) = emit::design(configuration)?;
            design(top.name(), Some(CLOCK), &files)
        }
        Some(folder) => read(folder, configuration)?,
    };
    let ordinary = RtlOptions::default();
    let options = RtlOptions {
        wave: simulation.wave,
        memory: simulation.memory.unwrap_or(ordinary.memory),
        ..ordinary
    };
    let board = RtlBoard::new(&design, configuration.shape, options)
        .with_context(|| format!("start the Verilated board {name}"))?;
    spinner.finish_and_clear();
    Ok(board)
}

/// The model of a configuration, built if it is not there yet.
///
/// # Errors
/// As [`start`].
pub fn model(configuration: &Configuration) -> Result<Built> {
    let (top, files) = emit::design(configuration)?;
    let design = design(top.name(), Some(CLOCK), &files);
    build(&design, &Options::default())
        .with_context(|| format!("build the model of {}", configuration.name))
}

/// The design in a folder; its own configuration must be the one that is simulated.
fn read(folder: &Path, configuration: &Configuration) -> Result<Design> {
    let top = format!("goldilane_{}", configuration.name);
    let mut design = Design::from_folder(folder, &top, Some(CLOCK))
        .with_context(|| format!("read the Verilog in {}", folder.display()))?;
    design.data.retain(|file| !file.name.starts_with(TESTBENCH));
    Ok(design)
}

/// The configuration that an emitted folder says it was made for.
///
/// # Errors
/// No such file, or one that is no configuration.
pub fn configuration_of(folder: &Path) -> Result<Configuration> {
    let path = folder.join("configuration.toml");
    // A missing file and a wrong one are told apart.
    fs::metadata(&path).with_context(|| format!("read {}", path.display()))?;
    let name = path.to_string_lossy();
    Configuration::find(&name).with_context(|| format!("read {name}"))
}

/// The instances of a board by their paths: of `modules.txt` in a folder, or as it would be emitted.
///
/// # Errors
/// Verilog that cannot be generated, a file that cannot be read.
pub fn instances(
    configuration: &Configuration,
    verilog: Option<&Path>,
) -> Result<BTreeSet<String>> {
    let Some(folder) = verilog else {
        let (top, _) = emit::design(configuration)?;
        return Ok(module_map(&top).into_iter().map(|(path, _)| path).collect());
    };
    let path = folder.join("modules.txt");
    let map = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    let first = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    Ok(map.lines().map(first).collect())
}
