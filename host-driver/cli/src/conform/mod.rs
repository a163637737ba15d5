//! `goldilane conform`: does a board do what the contract says?
//!
//! The bodies of `goldilane_conformance`, each on a board as after power-up, and comparisons with folders of vectors. On a
//! physical board, those that look behind the registers are not applicable; so are those with toy keys on a board of
//! another shape than `toy`.

mod rigs;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;
use goldilane_conformance::{BODIES, Body, Missing, faults};
use serde::Serialize;

use crate::board::{BoardArguments, OpenDevice};
use crate::output::{BadArgument, Output, Verdict};
use crate::verify;
use rigs::Rigs;

/// Arguments of `conform`.
#[derive(Args)]
pub struct ConformArguments {
    #[command(flatten)]
    board: BoardArguments,
    /// The simulator's side channel of a board elsewhere: the socket of `goldilane serve --side-channel`, or a character
    /// device of a virtual machine that leads to it.
    #[arg(long, value_name = "PATH")]
    side_channel: Option<PathBuf>,
    /// Also compare a board elsewhere with a folder of `goldilane vectors`; may be given several times.
    #[arg(long, value_name = "DIR")]
    vectors: Vec<PathBuf>,
    /// Only tests whose name, PART::NAME, contains this text; may be given several times.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Passed,
    Failed,
    NotApplicable,
}

#[derive(Serialize)]
struct Test {
    test: String,
    outcome: Outcome,
    detail: Option<String>,
    /// Not applicable because what goes wrong in it is not possible on the device's transport.
    impossible: bool,
    /// What goes wrong, in the tests of faults.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'static str>,
    /// How the board comes to be used again.
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery: Option<&'static str>,
    /// What the driver reported of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reported: Vec<String>,
    /// Bootstraps that were compared with vectors.
    ciphertexts: usize,
    seconds: f64,
}

#[derive(Serialize)]
struct Report {
    device: String,
    configuration: String,
    side_channel: bool,
    passed: usize,
    failed: usize,
    not_applicable: usize,
    tests: Vec<Test>,
    seconds: f64,
}

/// Where the last panic was.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

fn place() -> Option<String> {
    PLACE.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Runs `conform`.
///
/// # Errors
/// A device or a side channel that cannot be opened, vectors that cannot be read; what the board does is a verdict.
pub fn run(arguments: &ConformArguments, output: &Output) -> Result<Verdict> {
    let start = Instant::now();
    let rigs = Rigs::new(&arguments.board, arguments.side_channel.as_deref())?;
    if !arguments.vectors.is_empty() && rigs.in_process() {
        let text =
            "--vectors is for boards elsewhere: goldilane verify compares one in this process";
        return Err(BadArgument(text.to_owned()).into());
    }
    let wanted = |name: &str| {
        arguments.only.is_empty() || arguments.only.iter().any(|text| name.contains(text))
    };
    // What a body found wrong is told once, below, with its place.
    let ordinary = std::panic::take_hook();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        *PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
    let mut tests = Vec::new();
    for body in BODIES {
        let name = format!("{}::{}", body.part, body.name);
        if wanted(&name) {
            tests.push(of_body(name, body, &rigs));
            tell(output, tests.last());
        }
    }
    std::panic::set_hook(ordinary);
    for folder in &arguments.vectors {
        tests.push(of_vectors(folder, &arguments.board)?);
        tell(output, tests.last());
    }
    let mut counts = BTreeMap::new();
    for test in &tests {
        *counts.entry(test.outcome).or_insert(0) += 1;
    }
    let count = |outcome| counts.get(&outcome).copied().unwrap_or(0);
    let report = Report {
        device: arguments.board.device.to_string(),
        configuration: rigs.configuration().to_owned(),
        side_channel: rigs.bench(),
        passed: count(Outcome::Passed),
        failed: count(Outcome::Failed),
        not_applicable: count(Outcome::NotApplicable),
        tests,
        seconds: start.elapsed().as_secs_f64(),
    };
    output.line(format_args!(
        "{} passed, {} failed, {} not applicable",
        report.passed, report.failed, report.not_applicable
    ));
    output.object(&report)?;
    Ok((report.failed == 0).into())
}

fn tell(output: &Output, test: Option<&Test>) {
    let Some(test) = test else { return };
    let outcome = match test.outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "FAILED",
        Outcome::NotApplicable => "not applicable",
    };
    let detail = test.detail.as_deref().unwrap_or_default();
    output.line(format_args!(
        "{:14} {:6.2} s  {}  {detail}",
        outcome, test.seconds, test.test
    ));
}

fn of_body(name: String, body: &Body, rigs: &Rigs) -> Test {
    let start = Instant::now();
    let mut reported = Vec::new();
    let missing = body.missing(rigs.shape(), rigs.bench(), rigs.transport());
    let (outcome, detail) = match missing {
        Some(missing) => (Outcome::NotApplicable, Some(missing.to_string())),
        None => match goldilane_conformance::run(body, || rigs.fresh()) {
            Ok(told) => {
                reported = told;
                (Outcome::Passed, None)
            }
            Err(reason) => {
                let place = place()
                    .map(|place| format!("{place}: "))
                    .unwrap_or_default();
                (Outcome::Failed, Some(place + &reason))
            }
        },
    };
    let note = faults::note(&name);
    Test {
        outcome,
        detail,
        impossible: missing == Some(Missing::Socket),
        fault: note.map(|note| note.fault),
        recovery: note.map(|note| note.recovery),
        reported,
        test: name,
        ciphertexts: 0,
        seconds: start.elapsed().as_secs_f64(),
    }
}

/// Every stage of every ciphertext of a folder.
fn of_vectors(folder: &Path, board: &BoardArguments) -> Result<Test> {
    let start = Instant::now();
    let material = verify::read_vectors(folder)?;
    let device = OpenDevice::connect(&board.device)
        .with_context(|| format!("compare with {}", folder.display()))?;
    verify::check_key(&device.configuration, &material)?;
    let difference = verify::compare(&device, &material)?;
    let outcome = match difference {
        None => Outcome::Passed,
        Some(_) => Outcome::Failed,
    };
    Ok(Test {
        test: format!("vectors::{}", material.set),
        outcome,
        detail: difference.map(|difference| difference.to_string()),
        impossible: false,
        fault: None,
        recovery: None,
        reported: Vec::new(),
        ciphertexts: material.ciphertexts.len(),
        seconds: start.elapsed().as_secs_f64(),
    })
}
