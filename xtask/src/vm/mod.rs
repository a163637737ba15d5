//! `test-vm`: the conformance tests behind a stock kernel's VFIO.
//!
//! Board processes serve the model and the Verilated hardware at vfio-user sockets; QEMU puts them into slots of a virtual
//! machine with an IOMMU; a Debian kernel in it binds vfio-pci; the static `goldilane` without boards and without tfhe
//! runs `conform` on each, with keys and expected words of full strength as vectors.
//!
//! | file | what |
//! |---|---|
//! | `packages` | QEMU, kernel, busybox, in the cache |
//! | `board` | the boards and their processes |
//! | `guest`, `init.sh`, `cpio` | the machine, its first process, its initramfs |
//! | `report` | the sum |
//! | `page`, `fault_page` | the pages of all devices and of all faults |
//! | `process` | processes with limits in time |
//!
//! Everything is below `target/vm`: console, logs of the boards, reports.

mod board;
mod cpio;
mod fault_page;
mod guest;
mod packages;
mod page;
mod process;
mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::cargo::{self, root};
use crate::phases;
use board::Board;
use guest::{Accelerator, Files};
use report::Sum;

/// A static program needs the target named, so that what runs while building is built as ever.
const TARGET: &str = "x86_64-unknown-linux-gnu";
const SET: &str = "V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128";
/// As many as a batch of `sim` takes.
const CIPHERTEXTS: &str = "4";
const SEED: &str = "2026";

/// Runs `test-vm`. `vectors` is a folder of full-strength vectors that exists; without one they are made, which takes a
/// program with tfhe.
///
/// # Errors
/// Anything that is missing, a test that fails. The last line says what there was in any case.
pub fn run(vectors: Option<&str>) -> Result<()> {
    let start = Instant::now();
    let mut accelerator = None;
    let mut sum = Sum::default();
    let outcome = phases::timed(phases::VM, || {
        sum = test(vectors.map(Path::new), &mut accelerator)?;
        for failure in &sum.failures {
            println!("{failure}");
        }
        ensure!(
            sum.is_a_pass(),
            "{} failed, {} skipped",
            sum.failed,
            sum.skipped
        );
        Ok(())
    });
    if let Err(error) = &outcome
        && sum == Sum::default()
    {
        eprintln!("error: {error:#}");
        sum = Sum::failed(&format!("{error:#}"));
    }
    let name = accelerator.map(Accelerator::name);
    println!("{}", sum.line(name, start.elapsed().as_secs_f64()));
    // Told already: nothing comes behind the last line.
    outcome.map_err(|_| std::process::exit(1))
}

/// Runs `conformance`: the virtual machine, then the other devices, then the pages.
///
/// # Errors
/// As [`run`], and a page that cannot be written.
pub fn conformance(vectors: Option<&str>) -> Result<()> {
    let sum = test(vectors.map(Path::new), &mut None)?;
    page::write()?;
    ensure!(sum.is_a_pass(), "{}", sum.failures.join("\n"));
    Ok(())
}

fn test(vectors: Option<&Path>, accelerator: &mut Option<Accelerator>) -> Result<Sum> {
    ensure!(
        cfg!(all(target_arch = "x86_64", target_os = "linux")),
        "test-vm: QEMU and the kernel are fetched for x86-64 machines with Linux"
    );
    let tools = packages::tools()?;
    let folder = root()?.join("target/vm");
    fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
    let program = static_program()?;
    let (goldilane, vectors) = boards_and_vectors(vectors, &folder)?;
    let sockets = Sockets::new()?;
    let boards = Board::all(&sockets.0);
    let image = folder.join("initramfs.cpio");
    guest::image(&tools, &program, &vectors, &boards, &image)?;
    let chosen = guest::accelerator(&tools, &image, &folder)?;
    *accelerator = Some(chosen);

    let mut served = Vec::new();
    for (index, board) in boards.iter().enumerate() {
        served.push(board.serve(&goldilane, &folder.join(format!("board{index}.log")))?);
    }
    println!("boards are served; the guest starts ({})", chosen.name());
    let files = Files::of(&folder);
    guest::run(&tools, chosen, &image, &boards, &files)?;
    let mut sum = Sum::read(&files, &boards)?;
    for (process, board) in served.into_iter().zip(&boards) {
        // A board that broke a rule of its buses ends with another code.
        if let Err(error) = process.end() {
            sum.failed += 1;
            sum.failures.push(format!("{}: {error:#}", board.name()));
        }
    }
    Ok(sum)
}

/// The program for the guest: no boards, no tfhe, no shared libraries.
fn static_program() -> Result<PathBuf> {
    cargo::run_with(
        &[
            "build",
            "--release",
            "-p",
            "goldilane-cli",
            "--no-default-features",
            "--target",
            TARGET,
        ],
        &[("RUSTFLAGS", "-C target-feature=+crt-static")],
    )?;
    let program = cargo::target()?.join(TARGET).join("release/goldilane");
    ensure!(program.is_file(), "{} was not built", program.display());
    Ok(program)
}

/// The program that serves boards, and the vectors.
fn boards_and_vectors(given: Option<&Path>, folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let goldilane = cargo::target()?.join("release/goldilane");
    let build = ["build", "--release", "-p", "goldilane-cli"];
    if let Some(given) = given {
        let without = ["--no-default-features", "--features", "boards"];
        cargo::run(&[&build[..], &without].concat())?;
        return Ok((goldilane, given.to_owned()));
    }
    cargo::run(&build)?;
    let vectors = folder.join("vectors");
    if vectors.exists() {
        fs::remove_dir_all(&vectors).with_context(|| format!("remove {}", vectors.display()))?;
    }
    let status = Command::new(&goldilane)
        .args([
            "vectors",
            "--set",
            SET,
            "--seed",
            SEED,
            "--ciphertexts",
            CIPHERTEXTS,
            "--out",
        ])
        .arg(&vectors)
        .status()
        .context("run goldilane vectors")?;
    if !status.success() {
        bail!("goldilane vectors: {status}");
    }
    Ok((goldilane, vectors))
}

/// A folder for sockets: its name is short, because names of sockets must be. It goes at the end.
struct Sockets(PathBuf);

impl Sockets {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("goldilane-vm-{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("create {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Sockets {
    fn drop(&mut self) {
        let _gone_already = fs::remove_dir_all(&self.0);
    }
}
