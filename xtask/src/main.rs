//! Build logic. The Makefile's targets are thin doors to these commands:
//!
//! | command | what it does |
//! |---|---|
//! | `setup` | finds or fetches Verilator, checks the C++ compiler |
//! | `models` | builds what Verilated models share, then the models of the named configurations |
//! | `test` | set-up, build, models, all tests: three phases |
//! | `test-synthesis` | the tests that ask yosys for minutes |
//! | `bench` | boards of 4 to 256 lanes, measured, into docs/bench.md and docs/bench_timeline.svg |
//! | `test-scale` | boards of every size against the golden model, into docs/scale.md; an argument (`4,8`) leaves out other lane counts |
//! | `test-vm` | the conformance tests in a virtual machine, behind a stock kernel's VFIO; an argument is a folder of vectors |
//! | `conformance` | the same, and the tests on the other devices, into docs/conformance.md and docs/faults.md |
//! | `cost` | what the blocks take of a chip, into docs/cost.md |
//! | `bitstreams` | writes the file lists and board tops below `bitstreams/`; `bitstreams check` lints and elaborates them |
//! | `lint` | rustfmt, clippy with warnings denied, Verilog lint |
//! | `summary` | the seconds of the phases that ran, beside their budgets, and the tests' sum |
//! | `fuzz` | runs the fuzz targets for `FUZZ_SECONDS` each, into `docs/fuzz.md`; `proof`: with planted bugs, `keep`: chooses the corpus anew |
//! | `clean-cache` | empties the cache folder and removes the Verilated models |
//!
//! Nothing here is needed to use the binary `goldilane`, which finds its own tools.

mod bitstreams;
mod cargo;
mod commit;
mod cost;
mod fuzz;
mod hardware;
mod phases;
mod vm;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

fn main() -> ExitCode {
    let command = std::env::args().nth(1).unwrap_or_default();
    match run(&command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str) -> Result<()> {
    match command {
        "setup" => hardware::set_up(),
        "models" => hardware::build_models(),
        "test" => test(),
        "test-synthesis" => test_synthesis(),
        "bench" => page(&["bench", "--page", "docs/bench.md"]),
        "test-scale" => test_scale(std::env::args().nth(2).as_deref()),
        "test-vm" => vm::run(std::env::args().nth(2).as_deref()),
        "conformance" => vm::conformance(std::env::args().nth(2).as_deref()),
        "fuzz" => fuzz::run(std::env::args().nth(2).as_deref()),
        "cost" => cost::run(),
        "bitstreams" => match std::env::args().nth(2).as_deref() {
            None => bitstreams::write(),
            Some("check") => bitstreams::check(),
            Some(other) => bail!("bitstreams {other:?}: check or nothing is meant"),
        },
        "lint" => phases::timed(phases::LINT, lint),
        "summary" => phases::summary(),
        "clean-cache" => clean_cache(),
        other => bail!(
            "unknown command {other:?}: setup, models, test, test-synthesis, bench, test-scale, test-vm, conformance, fuzz, cost, bitstreams, lint, summary or clean-cache is meant"
        ),
    }
}

fn test() -> Result<()> {
    // Missing tools should show before a build of many minutes.
    hardware::set_up()?;
    phases::timed(phases::TFHE, || {
        cargo::run(&["build", "--release", "--workspace"])
    })?;
    phases::timed(phases::MODELS, hardware::build_models)?;
    phases::timed(phases::TESTS, || {
        let outcome = cargo::test_workspace()?;
        phases::record_tests(&outcome)?;
        println!("{}", outcome.sentence());
        if outcome.success {
            Ok(())
        } else {
            bail!("tests failed")
        }
    })
}

fn test_synthesis() -> Result<()> {
    let package = ["test", "--release", "-p", "goldilane-sim"];
    let tests = ["--test", "synthesis", "--", "--include-ignored"];
    cargo::run(&[package, tests].concat())
}

/// Runs a command of the binary that writes a page, which says when and of what.
fn page(arguments: &[&str]) -> Result<()> {
    let (date, commit) = (commit::date()?, commit::commit()?);
    let stamp = format!("{date}, commit of the design: {commit}.");
    let run = ["run", "--release", "-p", "goldilane-cli", "--"];
    cargo::run(&[&run, arguments, &["--stamp", &stamp]].concat())
}

fn test_scale(lanes: Option<&str>) -> Result<()> {
    let lanes: Vec<_> = lanes.into_iter().flat_map(|of| ["--lanes", of]).collect();
    page(&[&["scale", "--page", "docs/scale.md"], &lanes[..]].concat())
}

fn lint() -> Result<()> {
    cargo::run(&["fmt", "--all", "--check"])?;
    cargo::run(&[
        "clippy",
        "--release",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ])?;
    // The binary for hosts that only drive boards, which the workspace's features hide.
    for features in [
        &["--no-default-features"][..],
        &["--no-default-features", "--features", "boards"],
    ] {
        let package = ["clippy", "--release", "-p", "goldilane-cli"];
        cargo::run(&[&package[..], features, &["--", "-D", "warnings"]].concat())?;
    }
    hardware::lint_verilog()
}

fn clean_cache() -> Result<()> {
    let models = goldilane_verilator::models_folder()?;
    for folder in [goldilane_cache::root()?, models] {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("remove {}", folder.display()))?;
            println!("removed {}", folder.display());
        }
    }
    Ok(())
}
