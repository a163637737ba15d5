//! `goldilane emit`: the Verilog of a configuration, in a folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use goldilane_hdl::emit;
use goldilane_hdl::netlist::LOAD_LIMIT;
use serde::Serialize;

use crate::configuration;
use crate::output::{Output, Verdict};
use crate::progress;
use crate::vectors::folder::check_empty;

/// Arguments of `emit`.
#[derive(Args)]
pub struct EmitArguments {
    /// A name (toy, sim, artix, u280, v80) or a TOML file.
    config: String,
    /// A folder that does not exist yet, or is empty.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Serialize)]
struct Report {
    configuration: String,
    top: String,
    folder: String,
    modules: usize,
    files: usize,
    bytes: usize,
    numbers: String,
    deepest_paths: Vec<String>,
    /// Nets beyond the limit of loads.
    heavy_nets: Vec<String>,
}

/// Runs `emit`.
///
/// # Errors
/// An unknown configuration, one that cannot be generated, a folder that is not empty or cannot be written.
pub fn run(arguments: &EmitArguments, output: &Output) -> Result<Verdict> {
    let configuration = configuration::find(&arguments.config)?;
    let folder = &arguments.out;
    check_empty(folder)?;
    let spinner = progress::spinner("Verilog");
    let emission = emit::emit(&configuration)?;
    fs::create_dir_all(folder).with_context(|| format!("make folder {}", folder.display()))?;
    for file in &emission.files {
        let path = folder.join(&file.name);
        fs::write(&path, &file.text).with_context(|| format!("write {}", path.display()))?;
    }
    spinner.finish_and_clear();
    let modules: BTreeSet<&str> = emission
        .files
        .iter()
        .filter_map(|file| file.name.strip_suffix(".v"))
        .collect();
    let report = Report {
        configuration: configuration.name.clone(),
        top: emission.top.clone(),
        folder: folder.display().to_string(),
        modules: modules.len(),
        files: emission.files.len(),
        bytes: emission.files.iter().map(|file| file.text.len()).sum(),
        numbers: configuration.to_toml(),
        deepest_paths: emission.deepest.iter().map(ToString::to_string).collect(),
        heavy_nets: emission.heavy.iter().map(ToString::to_string).collect(),
    };
    output.line(format_args!(
        "{}: top module {}, {} modules, {} files, {} KiB.\n\n{}\nDeepest paths:",
        report.folder,
        report.top,
        report.modules,
        report.files,
        report.bytes >> 10,
        report.numbers
    ));
    for path in &report.deepest_paths {
        output.line(format_args!("  {path}"));
    }
    if !report.heavy_nets.is_empty() {
        output.line(format_args!(
            "\nNets with more than {LOAD_LIMIT} loads, for which a tool has to build trees:"
        ));
    }
    for net in &report.heavy_nets {
        output.line(format_args!("  {net}"));
    }
    output.object(&report)?;
    Ok(Verdict::Agrees)
}
