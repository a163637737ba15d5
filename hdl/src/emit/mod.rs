//! A board as files: everything that a synthesis tool or a simulator needs, and what a reader wants to know.
//!
//! | file | what |
//! |---|---|
//! | `<module>.v` | one module, children first in `files.f` |
//! | `<image>.hex` | contents of a constant memory, read by `$readmemh` from the folder in which the tool runs |
//! | `files.f` | the Verilog files, relative to the folder |
//! | `goldilane.vlt` | what the linter may say, with reasons |
//! | `modules.txt` | instance path and module of every instance |
//! | `depth.txt` | the deepest paths |
//! | `program.txt` | the program of the shell's controller, one instruction a line |
//! | `configuration.toml` | the numbers that the board was generated for |
//! | `tb_*` | the self-checking testbench, see [`crate::testbench`] |
//!
//! The same configuration gives the same bytes.

mod deepest;

pub use deepest::{DEEPEST, DeepPath, deepest};

use crate::config::Configuration;
use crate::netlist::{self, EmittedFile, LOAD_LIMIT, Loads, Module, loads, module_map};
use crate::pipeline::BuildError;
use crate::shell::program::program;
use crate::testbench::{self, TestbenchError};
use crate::top::goldilane;
use std::fmt::Write as _;
use std::sync::Arc;

/// What the linter may complain about, with its reasons: Verilator configuration text.
pub const WAIVERS: &str = include_str!("../../waivers.vlt");

/// Why a board cannot be emitted.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// The generator refuses the configuration.
    #[error("generate {name}: {source}")]
    Build {
        /// Name of the configuration.
        name: String,
        /// Why.
        source: Box<BuildError>,
    },
    /// There is no testbench for it.
    #[error("generate the testbench of {name}: {source}")]
    Testbench {
        /// Name of the configuration.
        name: String,
        /// Why.
        source: Box<TestbenchError>,
    },
}

/// An emitted board.
#[derive(Clone, Debug)]
pub struct Emission {
    /// Name of the top module.
    pub top: String,
    /// Every file, names without a folder.
    pub files: Vec<EmittedFile>,
    /// The deepest paths, deepest first.
    pub deepest: Vec<DeepPath>,
    /// Nets with more than [`LOAD_LIMIT`] loads: none of the named configurations has one.
    pub heavy: Vec<Loads>,
}

/// The files of the design alone: Verilog and memory images.
///
/// # Errors
/// What the generator refuses.
pub fn design(configuration: &Configuration) -> Result<(Arc<Module>, Vec<EmittedFile>), EmitError> {
    let name = &configuration.name;
    let top = goldilane(configuration).map_err(|source| EmitError::Build {
        name: name.clone(),
        source: Box::new(source),
    })?;
    let files = netlist::emit(&top);
    Ok((top, files))
}

/// Everything about a board.
///
/// # Errors
/// What the generator refuses.
pub fn emit(configuration: &Configuration) -> Result<Emission, EmitError> {
    let (top, mut files) = design(configuration)?;
    let list: String = files
        .iter()
        .filter(|file| file.name.ends_with(".v"))
        .map(|file| format!("{}\n", file.name))
        .collect();
    let map = module_map(&top)
        .into_iter()
        .fold(String::new(), |mut text, (path, module)| {
            let _ = writeln!(text, "{path} {module}");
            text
        });
    let deepest = deepest(&top);
    let paths: String = deepest.iter().map(|path| format!("{path}\n")).collect();
    let bench = testbench::testbench(configuration).map_err(|source| EmitError::Testbench {
        name: configuration.name.clone(),
        source: Box::new(source),
    })?;
    let named = [
        ("files.f", list),
        ("goldilane.vlt", WAIVERS.to_owned()),
        ("modules.txt", map),
        ("depth.txt", paths),
        ("program.txt", program(&configuration.shape).listing),
        ("configuration.toml", configuration.to_toml()),
    ];
    files.extend(named.map(|(name, text)| EmittedFile {
        name: name.to_owned(),
        text,
    }));
    files.extend(bench);
    Ok(Emission {
        top: top.name().to_owned(),
        files,
        deepest,
        heavy: loads(&top, LOAD_LIMIT),
    })
}
