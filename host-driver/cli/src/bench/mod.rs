//! `goldilane bench`: what the core does in a clock, measured on whole Verilated boards; what the driver costs.

mod driver;
mod measure;
mod plan;
mod references;
mod report;
mod row;
#[cfg(feature = "tfhe")]
mod software;

use std::fs;
use std::iter;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ScopedJoinHandle};

use anyhow::{Context, Result};
use clap::Args;
use goldilane_hdl::emit;

use crate::configuration;
use crate::kept::{Kept, verilog_hash};
use crate::output::{BadArgument, Output, Verdict};
use crate::progress;
use plan::Planned;
use report::Report;
use row::Case;

/// Of how it is measured, part of what a measurement is kept under: to be changed with any change of bench, driver or bus
/// models that may change a number.
const METHOD: &str = "bench 1";

/// Arguments of `bench`.
#[derive(Args)]
pub struct BenchArguments {
    /// One board only: a name or a TOML file. Without it the whole table is measured.
    #[arg(long, value_name = "CONFIG")]
    config: Option<String>,
    /// The parameter set of the one board.
    #[arg(
        long,
        default_value = "V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128",
        requires = "config"
    )]
    set: String,
    /// Board memory of the one board in time: ideal, ddr4, hbm2.
    #[arg(
        long,
        value_name = "MODEL",
        default_value = "ddr4",
        requires = "config"
    )]
    memory: String,
    /// Batches of every fill on the one board, too.
    #[arg(long, requires = "config")]
    fills: bool,
    /// These rows of the table only, by name.
    #[arg(
        long,
        value_name = "ROW",
        value_delimiter = ',',
        conflicts_with = "config"
    )]
    rows: Vec<String>,
    /// Writes the table as a page of Markdown.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// Begins the page: date, commit, machine.
    #[arg(long, value_name = "TEXT", default_value = "", requires = "page")]
    stamp: String,
    /// The golden model's bootstrap beside tfhe's own, without a board.
    #[cfg(feature = "tfhe")]
    #[arg(long, conflicts_with_all = ["config", "rows", "asked"])]
    software: bool,
    #[command(flatten)]
    driver: driver::DriverArguments,
}

/// Runs `bench`.
///
/// # Errors
/// Arguments that name nothing, a device that fails.
pub fn run(arguments: &BenchArguments, output: &Output) -> Result<Verdict> {
    if arguments.driver.asked {
        let report = driver::measure(&arguments.driver)?;
        output.line(&report);
        output.object(&report)?;
        return Ok(Verdict::Agrees);
    }
    let report = measure(arguments)?;
    output.line(&report);
    output.object(&report)?;
    if let Some(path) = &arguments.page {
        fs::write(path, report.page(&arguments.stamp))
            .with_context(|| format!("write {}", path.display()))?;
    }
    let exact = report.rows.iter().all(|row| row.bit_exact)
        && report.part_filled.iter().all(|filled| filled.bit_exact);
    Ok((exact && report.failed.is_empty()).into())
}

fn empty() -> Report {
    Report {
        rows: Vec::new(),
        part_filled: Vec::new(),
        memory: Vec::new(),
        references: references::references(),
        failed: Vec::new(),
        #[cfg(feature = "tfhe")]
        software: Vec::new(),
    }
}

fn measure(arguments: &BenchArguments) -> Result<Report> {
    #[cfg(feature = "tfhe")]
    if arguments.software {
        return Ok(Report {
            software: vec![software::measure()?],
            ..empty()
        });
    }
    match &arguments.config {
        Some(name) => one(arguments, name),
        None => table(&arguments.rows),
    }
}

fn one(arguments: &BenchArguments, name: &str) -> Result<Report> {
    let configuration = configuration::find(name)?;
    let case = Case {
        name,
        configuration: &configuration,
        set: &arguments.set,
        memory: &arguments.memory,
    };
    let rows = vec![case.row()?];
    let part_filled = match arguments.fills {
        true => case.fills()?,
        false => Vec::new(),
    };
    Ok(Report {
        rows,
        memory: report::memory(&part_filled),
        part_filled,
        ..empty()
    })
}

/// What came of a planned measurement.
enum Measured {
    Row(Box<row::Row>),
    Fills(Vec<row::Filled>),
}

/// Measures one board a processor at a time; what came of each, in no order.
///
/// On threads of their own: a thread that waits for a board must not take up another one, whose seconds would be counted twice.
fn measure_all(planned: &[Planned]) -> Result<Vec<(&Planned, Result<Measured>)>> {
    let kept = Kept::new("bench")?;
    let bar = progress::bar(planned.len(), "rows");
    let left = Mutex::new(planned.iter());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let measure = |row| {
            let outcome = measure_one(&kept, row);
            bar.inc(1);
            (row, outcome)
        };
        iter::from_fn(next).map(measure).collect::<Vec<_>>()
    };
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let measured = thread::scope(|scope| {
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        let join = |thread: ScopedJoinHandle<'_, _>| {
            let joined: thread::Result<Vec<_>> = thread.join();
            joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().flat_map(join).collect()
    });
    bar.finish_and_clear();
    Ok(measured)
}

fn measure_one(kept: &Kept, planned: &Planned) -> Result<Measured> {
    let Planned {
        name,
        configuration,
        set,
        memory,
        fills,
    } = planned;
    let (_, files) = emit::design(configuration)?;
    let (toml, verilog) = (configuration.to_toml(), verilog_hash(&files));
    let key = [METHOD, name, set, memory, &toml, &verilog];
    let case = Case {
        name,
        configuration,
        set,
        memory,
    };
    Ok(match fills {
        true => Measured::Fills(kept.or_measure(&key, || case.fills())?),
        false => {
            let row = kept.or_measure(&key, || case.row())?;
            Measured::Row(Box::new(row))
        }
    })
}

/// All rows, or those of these names.
fn table(names: &[String]) -> Result<Report> {
    let mut planned = plan::rows()?;
    planned.extend(plan::fills()?);
    if let Some(unknown) = names
        .iter()
        .find(|name| planned.iter().all(|p| p.name != **name))
    {
        let known: Vec<_> = planned.iter().map(|p| p.name).collect();
        let reason = format!("--rows {unknown:?}: none of {}", known.join(", "));
        return Err(BadArgument(reason).into());
    }
    if !names.is_empty() {
        planned.retain(|p| names.iter().any(|name| name == p.name));
    }
    let mut report = empty();
    for (planned, outcome) in measure_all(&planned)? {
        match outcome {
            Ok(Measured::Row(row)) => report.rows.push(*row),
            Ok(Measured::Fills(fills)) => report.part_filled.extend(fills),
            Err(error) => report.failed.push(report::Failed {
                name: planned.name,
                error: format!("{error:#}"),
            }),
        }
    }
    report.part_filled.sort_by_key(|filled| {
        (
            filled.lanes,
            filled.memory_model.clone(),
            filled.key_port_bytes_per_clock,
            filled.fill,
        )
    });
    report.memory = report::memory(&report.part_filled);
    report.rows.sort_by_key(|row| {
        (
            row.polynomial_size != 2048,
            row.lanes,
            row.glwe_dimension,
            row.levels,
        )
    });
    #[cfg(feature = "tfhe")]
    if names.is_empty() {
        report.software.push(software::measure()?);
    }
    Ok(report)
}
