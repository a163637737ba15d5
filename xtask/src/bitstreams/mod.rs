//! `bitstreams`: what a tool that makes chip images wants to be told, for every named configuration.
//!
//! | file below `bitstreams/` | what |
//! |---|---|
//! | `<name>/files.f` | the Verilog files, relative to the folder |
//! | `<name>/goldilane_<name>.core` | the same for FuseSoC (CAPI2), with the memory images |
//! | `boards/u280/goldilane_board_u280.v`, `hbm_stub.v` | the board around the top module, and the memory's ports |
//! | `boards/u280/files.f`, `goldilane_board_u280.core` | its file lists |
//!
//! The lists are kept; the Verilog is not: `goldilane emit <name> --out bitstreams/<name>/rtl` writes what they name.

mod board_u280;
mod lists;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use goldilane_abi::shape::CONFIGURATION_NAMES;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::emit;
use goldilane_verilator::{Design, TextFile, check_elaboration, lint};

use crate::cargo::root;

/// Folder of the emitted Verilog, beside the lists.
const RTL: &str = "rtl";

fn folder() -> Result<PathBuf> {
    Ok(root()?.join("bitstreams"))
}

/// Every file that is generated: its path below `bitstreams/` and its text.
fn generated() -> Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    for name in CONFIGURATION_NAMES {
        let (top, files) = emit::design(&Configuration::find(name)?)?;
        all.extend(lists::of_configuration(name, top.name(), &files));
    }
    let list = format!("{}/files.f", board_u280::CONFIGURATION);
    let inner = all.iter().find(|(name, _)| *name == list);
    let inner = inner.map(|(_, text)| text.clone()).unwrap_or_default();
    let u280 = Configuration::find(board_u280::CONFIGURATION)?;
    all.extend(board_u280::files(&u280.shape, &inner)?);
    Ok(all)
}

/// Writes the lists and the board tops.
///
/// # Errors
/// A configuration that cannot be generated, a file that cannot be written.
pub fn write() -> Result<()> {
    for (name, text) in generated()? {
        let path = folder()?.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("make {}", parent.display()))?;
        }
        fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

/// The kept files are what would be generated, and what the lists name is a design: linted with the one list of waivers
/// and elaborated, from the lists alone. The board too.
///
/// # Errors
/// A file that differs, what a tool finds.
pub fn check() -> Result<()> {
    for (name, text) in generated()? {
        let path = folder()?.join(&name);
        let kept = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        ensure!(
            kept == text,
            "{} is not current: make bitstreams",
            path.display()
        );
    }
    let board = listed(board_u280::FOLDER, board_u280::TOP)?;
    let waivers = format!("{}\n{}", emit::WAIVERS, board_u280::waivers()?);
    lint(&board, &waivers).context("board u280")?;
    check_elaboration(&board).context("board u280")?;
    println!("board u280, from its list: elaborates");
    // The board's list holds the whole list of its configuration.
    let alone = |name: &&&str| **name != board_u280::CONFIGURATION;
    for name in CONFIGURATION_NAMES.iter().filter(alone) {
        let design = listed(name, &format!("goldilane_{name}"))?;
        lint(&design, emit::WAIVERS).with_context(|| format!("Verilog of {name}"))?;
        println!("Verilog of {name}, from its list: clean");
    }
    Ok(())
}

/// The design that the list of a folder names, and nothing else. What lies in a folder `rtl` is taken from the
/// generator, as `emit` writes it.
fn listed(name: &str, top: &str) -> Result<Design> {
    let base = folder()?.join(name);
    let list = base.join("files.f");
    let text = fs::read_to_string(&list).with_context(|| format!("read {}", list.display()))?;
    let mut emitted = None;
    let (mut sources, mut data) = (Vec::new(), Vec::new());
    for line in text.lines().filter(|line| !line.starts_with("//")) {
        let Some((before, file)) = line.rsplit_once(&format!("{RTL}/")) else {
            let path = base.join(line);
            let text =
                fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            sources.push(TextFile {
                name: name.into_owned(),
                text,
            });
            continue;
        };
        if emitted.is_none() {
            let inner = before.trim_end_matches('/').rsplit('/').next();
            let configuration = inner.filter(|c| !c.is_empty()).unwrap_or(name);
            let (_, files) = emit::design(&Configuration::find(configuration)?)?;
            let images = files.iter().filter(|f| !f.name.ends_with(".v"));
            data.extend(images.map(|f| TextFile {
                name: f.name.clone(),
                text: f.text.clone(),
            }));
            emitted = Some(files);
        }
        let found = emitted.iter().flatten().find(|f| f.name == file);
        let found = found.with_context(|| format!("{}: {line} is not emitted", list.display()))?;
        sources.push(TextFile {
            name: file.to_owned(),
            text: found.text.clone(),
        });
    }
    Ok(Design {
        top: top.to_owned(),
        clock: None,
        sources,
        data,
    })
}
