//! The fuzz targets of `tests/fuzz` under libFuzzer: built with coverage on the stable toolchain, run for a time, written
//! down.
//!
//! Inputs grow in `target/fuzz/corpus`; what must be kept is merged into `tests/fuzz/corpus` by `fuzz keep`.

mod log;
mod page;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::cargo::{self, root, target};
use crate::commit;
use log::Numbers;

const TRIPLE: &str = "x86_64-unknown-linux-gnu";
/// Seconds of a target, unless `FUZZ_SECONDS` says otherwise.
const SECONDS: u64 = 600;
/// Seconds within which a planted bug must be found.
const PROOF_SECONDS: u64 = 300;
/// The most bytes of an input.
const MOST_BYTES: usize = 1024;
/// What a build with coverage is told beside the targets' own options.
const COVERAGE: [&str; 8] = [
    "--cfg",
    "fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    // So that every counter of a crate lies in one section.
    "-Ccodegen-units=1",
];
/// A fuzz target.
#[derive(Clone, Copy)]
struct Target {
    name: &'static str,
    /// Of its inputs below `corpus` and `regressions`.
    folder: &'static str,
    what: &'static str,
}

const TARGETS: [Target; 3] = [
    Target {
        name: "driver",
        folder: "driver",
        what: "the driver, against any device",
    },
    Target {
        name: "board_model",
        folder: "board",
        what: "the model board, against any host",
    },
    Target {
        name: "board_rtl",
        folder: "board",
        what: "the Verilated board `toy`, against any host",
    },
];

/// `fuzz`, `fuzz proof`, `fuzz keep`.
pub fn run(what: Option<&str>) -> Result<()> {
    match what {
        None => fuzz(),
        Some("proof") => proof(),
        Some("keep") => keep(),
        Some(other) => bail!("fuzz {other:?}: proof, keep or nothing is meant"),
    }
}

fn seconds() -> Result<u64> {
    match std::env::var("FUZZ_SECONDS") {
        Ok(text) => text
            .parse()
            .with_context(|| format!("FUZZ_SECONDS={text:?}: a number of seconds is meant")),
        Err(_) => Ok(SECONDS),
    }
}

/// Folder of everything that is built and grown.
fn folder() -> Result<PathBuf> {
    Ok(target()?.join("fuzz"))
}

/// Builds the programs; where they lie.
fn build(features: &str) -> Result<PathBuf> {
    let place = folder()?;
    let name = place.to_str().context("a folder's name in UTF-8")?;
    let package = ["build", "--release", "-p", "goldilane-fuzz", "--bins"];
    // With a triple, build scripts are built without coverage.
    let how = [
        "--features",
        features,
        "--target",
        TRIPLE,
        "--target-dir",
        name,
    ];
    let arguments = [&package[..], &how].concat();
    cargo::run_with(&arguments, &[("RUSTFLAGS", &COVERAGE.join(" "))])?;
    Ok(place.join(TRIPLE).join("release"))
}

/// The kept inputs of a target.
fn kept(target: Target, kind: &str) -> Result<PathBuf> {
    let folder = root()?.join("tests/fuzz").join(kind);
    Ok(folder.join(target.folder))
}

/// Runs a target over folders of inputs, new ones going to the first, with a log of this purpose; whether it ended well.
fn libfuzzer(
    programs: &Path,
    target: Target,
    purpose: &str,
    inputs: &[PathBuf],
    more: &[String],
) -> Result<(bool, Numbers)> {
    let place = folder()?;
    let log = place.join(format!("{}{purpose}.log", target.name));
    let mut output = fs::File::create(&log).with_context(|| format!("create {}", log.display()))?;
    let stamp = format!(
        "{}{}, {}\n",
        page::STAMP,
        commit::commit()?,
        commit::date()?
    );
    output
        .write_all(stamp.as_bytes())
        .with_context(|| format!("write {}", log.display()))?;
    let artifacts = place.join(format!("{}-", target.name));
    let status = Command::new(programs.join(format!("fuzz_{}", target.name)))
        .args(inputs)
        .args(more)
        .arg(format!("-max_len={MOST_BYTES}"))
        .arg(format!("-artifact_prefix={}", artifacts.display()))
        .args(["-len_control=0", "-timeout=300", "-rss_limit_mb=4096"])
        .arg("-print_final_stats=1")
        .current_dir(&place)
        .stdout(Stdio::null())
        .stderr(output)
        .status()
        .with_context(|| format!("start the target {}", target.name))?;
    let text = fs::read(&log).with_context(|| format!("read {}", log.display()))?;
    let numbers = Numbers::parse(&String::from_utf8_lossy(&text));
    Ok((status.success(), numbers))
}

fn fuzz() -> Result<()> {
    let seconds = seconds()?;
    let asked = std::env::var("FUZZ_TARGETS").unwrap_or_default();
    let asked: Vec<_> = asked.split_whitespace().collect();
    if let Some(unknown) = asked
        .iter()
        .find(|name| TARGETS.iter().all(|target| target.name != **name))
    {
        let known = TARGETS.map(|target| target.name).join(", ");
        bail!("FUZZ_TARGETS: {unknown:?} is none of {known}");
    }
    let is_asked = |target: &Target| asked.is_empty() || asked.contains(&target.name);
    let programs = build("fuzzer")?;
    let mut failed = Vec::new();
    // The one whose finds take longest to understand comes first.
    for target in TARGETS.into_iter().rev().filter(is_asked) {
        println!("{}: {seconds} s", target.what);
        let grown = folder()?.join("corpus").join(target.name);
        fs::create_dir_all(&grown).with_context(|| format!("create {}", grown.display()))?;
        let inputs = [grown, kept(target, "corpus")?, kept(target, "regressions")?];
        let inputs: Vec<_> = inputs
            .into_iter()
            .filter(|folder| folder.is_dir())
            .collect();
        let limit = [format!("-max_total_time={seconds}")];
        let (passed, numbers) = libfuzzer(&programs, target, "", &inputs, &limit)?;
        println!("{}: {numbers}", target.name);
        if !passed {
            failed.push(target.name);
        }
    }
    // The others' rows as they last ran.
    let mut rows = Vec::new();
    for target in TARGETS {
        let log = folder()?.join(format!("{}.log", target.name));
        if let Ok(text) = fs::read(log) {
            let text = String::from_utf8_lossy(&text);
            rows.push(page::Row::of(target, &text));
        }
    }
    page::write(&rows)?;
    let place = folder()?;
    ensure!(
        failed.is_empty(),
        "found something: {}; the input and the log lie in {}",
        failed.join(", "),
        place.display()
    );
    Ok(())
}

/// With a bug planted in driver, model board and Verilog: each target must find its own.
fn proof() -> Result<()> {
    let programs = build("fuzzer,planted-bug")?;
    for target in TARGETS {
        let grown = folder()?.join("proof").join(target.name);
        empty(&grown)?;
        let limit = [format!("-max_total_time={PROOF_SECONDS}")];
        let mut inputs = vec![grown];
        // The others from nothing; Verilated scripts are too slow, and grow on the model board's coverage anyway.
        if target.name == "board_rtl" {
            inputs.push(kept(target, "corpus")?);
        }
        let (passed, numbers) = libfuzzer(&programs, target, ".proof", &inputs, &limit)?;
        ensure!(!passed, "{}: the planted bug was not found", target.name);
        println!("{}: the planted bug was found ({numbers})", target.name);
    }
    Ok(())
}

/// Keeps the smallest set of the grown inputs that covers as much as all of them.
fn keep() -> Result<()> {
    let programs = build("fuzzer")?;
    // The Verilated board's scripts are judged by what the model board makes of them.
    for (target, grown) in [
        (TARGETS[0], &["driver"][..]),
        (TARGETS[1], &["board_model", "board_rtl"]),
    ] {
        let merged = folder()?.join("merged").join(target.name);
        let before = kept(target, "corpus")?;
        let mut inputs = vec![merged.clone(), before.clone()];
        for name in grown {
            let grown = folder()?.join("corpus").join(name);
            inputs.extend(grown.is_dir().then_some(grown));
        }
        empty(&merged)?;
        let merge = ["-set_cover_merge=1", "-use_counters=0"].map(str::to_owned);
        let (passed, _) = libfuzzer(&programs, target, ".keep", &inputs, &merge)?;
        ensure!(passed, "{}: the merge failed", target.name);
        empty(&before)?;
        let files = fs::read_dir(&merged)?.collect::<std::io::Result<Vec<_>>>()?;
        for file in &files {
            fs::copy(file.path(), before.join(file.file_name()))
                .with_context(|| format!("keep {}", file.path().display()))?;
        }
        println!("{}: {} inputs", target.name, files.len());
    }
    Ok(())
}

/// Makes a folder with nothing in it.
fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))
}
