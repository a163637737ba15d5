//! `goldilane scale`: whole Verilated boards of every lane count, polynomial size, GLWE dimension and level count against
//! the golden model.

mod cover;
mod line;
mod report;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::kept::Kept;
use crate::output::{BadArgument, Output, Verdict};
use crate::progress;
use report::{Line, Outcome, Report};

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
    let wanted = |size: &cover::Size| {
        among(&arguments.lanes, size.lanes) && among(&arguments.sizes, size.polynomial_size)
    };
    let kept = Kept::of_cases("scale")?;
    let sizes = cover::sizes();
    let mut report = Report::new(&sizes);
    let bar = progress::bar(sizes.len(), "boards");
    for (line, size) in sizes.iter().enumerate() {
        let verilog = line::verilog_hash(size).with_context(|| format!("{size:?}"))?;
        let (set, numbers) = (size.set(), line::numbers(size));
        let case = [verilog.as_str(), set.as_str(), numbers.as_str()];
        let outcome = if wanted(size) {
            match kept.or_measure(&case, || line::compare(size)) {
                Ok(compared) => Outcome::Agrees(compared),
                Err(error) => Outcome::Fails {
                    reason: format!("{error:#}"),
                },
            }
        } else {
            match kept.known(&case)? {
                Some(compared) => Outcome::Agrees(compared),
                None => Outcome::NotCompared,
            }
        };
        report.lines[line] = Line::new(size, outcome);
        if let Some(path) = &arguments.page {
            fs::write(path, report.page(&arguments.stamp))
                .with_context(|| format!("write {}", path.display()))?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    output.line(&report);
    output.object(&report)?;
    Ok(report.agrees().into())
}
