//! `goldilane scale`: whole Verilated boards of every lane count, polynomial size, GLWE dimension and level count against
//! the golden model.

mod cover;
mod line;
mod report;

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use clap::Args;

use crate::kept::Kept;
use crate::output::{BadArgument, Output, Verdict};
use crate::progress;
use crate::side_by_side;
use cover::Size;
use line::{Case, Compared};
use report::{Outcome, Report};

/// Arguments of `scale`.
#[derive(Args)]
pub struct ScaleArguments {
    /// Boards of these lane counts only; of the others what is known from before.
    #[arg(long, value_name = "LANES", value_delimiter = ',')]
    lanes: Vec<u32>,
    /// Boards of these polynomial sizes only; of the others what is known from before.
    #[arg(long, value_name = "N", value_delimiter = ',')]
    sizes: Vec<u32>,
    /// Writes the table as a page of Markdown, after every board.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// Begins the page: date, commit.
    #[arg(long, value_name = "TEXT", default_value = "", requires = "page")]
    stamp: String,
}

/// Whether all that is asked for is among what there is.
fn check(option: &str, asked: &[u32], known: &[u32]) -> Result<()> {
    match asked.iter().find(|value| !known.contains(value)) {
        None => Ok(()),
        Some(other) => Err(BadArgument(format!("{option} {other}: none of {known:?}")).into()),
    }
}

/// Runs `scale`.
///
/// # Errors
/// Arguments that name nothing, a page that cannot be written. A board that cannot be built or fails is a line of the table.
pub fn run(arguments: &ScaleArguments, output: &Output) -> Result<Verdict> {
    check("--lanes", &arguments.lanes, &cover::LANES)?;
    check("--sizes", &arguments.sizes, &cover::SIZES)?;
    let among = |asked: &[u32], value| asked.is_empty() || asked.contains(&value);
    let wanted = |size: &Size| {
        among(&arguments.lanes, size.lanes) && among(&arguments.sizes, size.polynomial_size)
    };
    let kept = Kept::new("scale")?;
    let sizes = cover::sizes();
    let mut report = Report::new(&sizes);
    let mut missing = Vec::new();
    let bar = progress::bar(sizes.len(), "Verilog");
    for (line, size) in sizes.iter().enumerate() {
        match known(&kept, size) {
            Ok((_, Some(compared))) => report.set(line, Outcome::Agrees(compared)),
            Ok((case, None)) if wanted(size) => missing.push((line, case)),
            Ok(_) => {}
            Err(error) => report.set(line, Outcome::fails(&error)),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    write(arguments, &report)?;
    let growing = Mutex::new(report);
    let compared = side_by_side::each(&missing, "boards", |(line, case)| {
        let compared = kept.or_measure(&case.parts(), || line::compare(&sizes[*line]))?;
        let mut report = growing.lock().unwrap_or_else(PoisonError::into_inner);
        report.set(*line, Outcome::Agrees(compared));
        write(arguments, &report)
    });
    let mut report = growing.into_inner().unwrap_or_else(PoisonError::into_inner);
    for ((line, _), outcome) in compared {
        if let Err(error) = outcome {
            report.set(*line, Outcome::fails(&error));
        }
    }
    write(arguments, &report)?;
    output.line(&report);
    output.object(&report)?;
    Ok(report.agrees().into())
}

/// What a board's comparison depends on, and what is known of it from before.
fn known(kept: &Kept, size: &Size) -> Result<(Case, Option<Compared>)> {
    let case = Case::new(size)?;
    let compared = kept.known(&case.parts())?;
    Ok((case, compared))
}

/// Writes the page, if one is asked for.
fn write(arguments: &ScaleArguments, report: &Report) -> Result<()> {
    let Some(path) = &arguments.page else {
        return Ok(());
    };
    fs::write(path, report.page(&arguments.stamp))
        .with_context(|| format!("write {}", path.display()))
}
