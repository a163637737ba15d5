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
mod cores;
mod lists;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use goldilane_abi::shape::CONFIGURATION_NAMES;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::emit;
use goldilane_hdl::netlist::EmittedFile;
use goldilane_verilator::{Design, TextFile, check_elaboration, lint};

use crate::cargo::root;
use cores::Cores;

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

/// The kept files are what would be generated; what the lists name is a design: linted with the one list of waivers and
/// elaborated, from the lists alone, the board too; and the cores of FuseSoC, read back, name these very files.
///
/// # Errors
/// A file that differs, what a tool finds.
pub fn check() -> Result<()> {
    let all = generated()?;
    for (name, text) in &all {
        let path = folder()?.join(name);
        let kept = read(&path)?;
        ensure!(
            kept == *text,
            "{} is not current: make bitstreams",
            path.display()
        );
    }
    let cores = kept_cores()?;
    let blocks = board_u280::blocks();
    cores.check(BLOCKS, &blocks, &file_stem(&blocks[0])?, |_| false)?;
    let board = checked(&cores, board_u280::FOLDER, board_u280::TOP)?;
    let waivers = format!("{}\n{}", emit::WAIVERS, board_u280::waivers()?);
    lint(&board, &waivers).context("board u280")?;
    check_elaboration(&board).context("board u280")?;
    println!("board u280, from its list: elaborates");
    let chip = cores.named("goldilane::board_u280", "synth")?;
    for path in &chip.constraints {
        read(&folder()?.join(path))?;
    }
    for name in CONFIGURATION_NAMES {
        let design = checked(&cores, name, &format!("goldilane_{name}"))?;
        // The board's list holds the whole list of its configuration.
        if name == board_u280::CONFIGURATION {
            continue;
        }
        lint(&design, emit::WAIVERS).with_context(|| format!("Verilog of {name}"))?;
        println!("Verilog of {name}, from its list: clean");
    }
    println!("cores of FuseSoC: the same files, in the same order");
    Ok(())
}

/// The core of the board's own blocks.
const BLOCKS: &str = "goldilane::board_blocks";

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("read {}", path.display()))
}

fn file_stem(path: &str) -> Result<String> {
    let stem = Path::new(path).file_stem().context("a file name")?;
    Ok(stem.to_string_lossy().into_owned())
}

/// The cores that are kept below `bitstreams/`.
fn kept_cores() -> Result<Cores> {
    let mut cores = Cores::default();
    let names = CONFIGURATION_NAMES.map(str::to_owned);
    let boards = ["boards/common", board_u280::FOLDER].map(str::to_owned);
    for inner in names.into_iter().chain(boards) {
        for entry in
            fs::read_dir(folder()?.join(&inner)).with_context(|| format!("list {inner}"))?
        {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "core") {
                let added = cores.add(&inner, &read(&path)?);
                added.with_context(|| path.display().to_string())?;
            }
        }
    }
    Ok(cores)
}

/// The files that the list of a folder names, as paths below `bitstreams/`.
fn listed(name: &str) -> Result<Vec<String>> {
    let text = read(&folder()?.join(name).join("files.f"))?;
    let lines = text.lines().filter(|line| !line.starts_with("//"));
    Ok(lines.map(|line| cores::below(name, line)).collect())
}

/// The design that the list of a folder names, and nothing else; the folder's core names the same files, and the images
/// that are emitted.
fn checked(cores: &Cores, name: &str, top: &str) -> Result<Design> {
    let list = listed(name)?;
    let core = top.replacen('_', "::", 1);
    let named = cores.check(&core, &list, top, |file| {
        file.ends_with("_stubs.v") || file.ends_with("_stub.v")
    })?;
    let design = design(&list, top).with_context(|| format!("{name}/files.f"))?;
    let mut images: Vec<&str> = named.images.iter().map(|(_, name)| name.as_str()).collect();
    let mut emitted: Vec<&str> = design.data.iter().map(|file| file.name.as_str()).collect();
    images.sort_unstable();
    emitted.sort_unstable();
    ensure!(
        images == emitted,
        "{core}: images {images:?}, emitted are {emitted:?}"
    );
    for (path, copy) in &named.images {
        ensure!(
            path.ends_with(&format!("{RTL}/{copy}")),
            "{core}: {path} as {copy}"
        );
    }
    Ok(design)
}

/// The design of the files at `paths` below `bitstreams/`. What lies in a folder `rtl` is taken from the generator, as
/// `emit` writes it.
fn design(paths: &[String], top: &str) -> Result<Design> {
    let mut emitted: Option<(String, Vec<EmittedFile>)> = None;
    let (mut sources, mut data) = (Vec::new(), Vec::new());
    for path in paths {
        let Some((configuration, file)) = path.split_once(&format!("/{RTL}/")) else {
            let name = Path::new(path).file_name().unwrap_or_default();
            sources.push(TextFile {
                name: name.to_string_lossy().into_owned(),
                text: read(&folder()?.join(path))?,
            });
            continue;
        };
        if emitted.is_none() {
            let (_, files) = emit::design(&Configuration::find(configuration)?)?;
            let images = files.iter().filter(|f| !f.name.ends_with(".v"));
            data.extend(images.map(|f| TextFile {
                name: f.name.clone(),
                text: f.text.clone(),
            }));
            emitted = Some((configuration.to_owned(), files));
        }
        let of = emitted.iter().filter(|(name, _)| name == configuration);
        let found = of.flat_map(|(_, files)| files).find(|f| f.name == file);
        let found = found.with_context(|| format!("{path} is not emitted"))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The kept cores, the text of one of them changed.
    fn changed(core: &str, change: impl Fn(&str) -> String) -> Result<Cores> {
        let mut cores = Cores::default();
        for (inner, name) in [
            ("toy", "goldilane_toy"),
            ("u280", "goldilane_u280"),
            ("boards/common", "goldilane_board_blocks"),
            ("boards/u280", "goldilane_board_u280"),
        ] {
            let text = read(&folder()?.join(inner).join(format!("{name}.core")))?;
            let text = if name == core { change(&text) } else { text };
            cores.add(inner, &text)?;
        }
        Ok(cores)
    }

    /// What the check says when the core is changed: of `toy`, and of the board.
    fn said(core: &str, change: impl Fn(&str) -> String) -> Vec<String> {
        let cores = match changed(core, change) {
            Ok(cores) => cores,
            Err(error) => return vec![format!("{error:#}")],
        };
        let found = [
            ("toy", "goldilane_toy"),
            (board_u280::FOLDER, board_u280::TOP),
        ]
        .map(|(inner, top)| checked(&cores, inner, top));
        let said = |result: Result<Design>| result.err().map(|error| format!("{error:#}"));
        found.into_iter().filter_map(said).collect()
    }

    #[test]
    fn a_core_that_names_other_files_than_the_list_is_found() {
        assert!(said("goldilane_toy", str::to_owned).is_empty());
        let line = "      - rtl/mod_switch.v\n";
        let without = said("goldilane_toy", |text| text.replace(line, ""));
        assert!(
            without[0].contains("toy/rtl/mod_switch.v is missing"),
            "{without:?}"
        );
        let more = format!("{line}      - rtl/mod_switch_2.v\n");
        let with = said("goldilane_toy", |text| text.replace(line, &more));
        assert!(
            with[0].contains("toy/rtl/mod_switch_2.v is in no list"),
            "{with:?}"
        );
        let twice = said("goldilane_toy", |text| text.replace(line, &line.repeat(2)));
        assert!(twice[0].contains("twice"), "{twice:?}");
        let begin = "    files:\n";
        let moved = said("goldilane_toy", |text| {
            text.replace(line, "")
                .replacen(begin, &format!("{begin}{line}"), 1)
        });
        assert!(moved[0].contains("in the place of"), "{moved:?}");
        let image = said("goldilane_toy", |text| {
            let is_program = |line: &&str| !line.contains("shell_program");
            text.lines()
                .filter(is_program)
                .map(|line| format!("{line}\n"))
                .collect()
        });
        assert!(image[0].contains("images"), "{image:?}");
        let top = said("goldilane_toy", |text| {
            text.replace("toplevel: goldilane_toy", "toplevel: mul_lane")
        });
        assert!(top[0].contains("top module mul_lane"), "{top:?}");
        let form = said("goldilane_toy", |text| {
            text.replace("    files:", "    file:")
        });
        assert!(form[0].contains("line 9"), "{form:?}");
    }

    #[test]
    fn a_board_names_the_files_of_the_cores_that_it_depends_on() {
        let line = "      - axi_crossing.v\n";
        let without = said("goldilane_board_blocks", |text| text.replace(line, ""));
        assert!(
            without[0].contains("boards/common/axi_crossing.v is missing"),
            "{without:?}"
        );
        let gate = "\"!own_clock_gate ? (rtl/clock_gate.v)\"";
        let two_gates = said("goldilane_u280", |text| {
            text.replace(gate, "rtl/clock_gate.v")
        });
        assert!(
            two_gates[0].contains("u280/rtl/clock_gate.v is in no list"),
            "{two_gates:?}"
        );
        let depend = "    depend: [\"goldilane::u280\", \"goldilane::board_blocks\"]\n";
        let alone = said("goldilane_board_u280", |text| text.replace(depend, ""));
        assert!(alone[0].contains("is missing"), "{alone:?}");
    }
}
