//! `goldilane bench`: what the core does in a clock, measured on whole Verilated boards; what the driver costs.

mod driver;
mod measure;
mod page;
mod picture;
mod plan;
mod references;
mod report;
mod row;
mod slots;
#[cfg(feature = "tfhe")]
mod software;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::Args;
use goldilane_hdl::emit;

use crate::configuration;
use crate::kept::{Kept, verilog_hash};
use crate::output::{BadArgument, Output, Verdict};
use crate::side_by_side;
use picture::Picture;
use plan::Planned;
use report::{Failed, Report, Run};
use row::Case;

/// Of how it is measured, part of what a measurement is kept under: to be changed with any change of bench, driver or bus
/// models that may change a number.
const METHOD: &str = "bench 4";

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
    /// Board memory of the one board in time: ideal, ddr4, hbm2, hbm2e.
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
    /// These rows of the table only, by name; no page.
    #[arg(
        long,
        value_name = "ROW",
        value_delimiter = ',',
        conflicts_with = "config"
    )]
    rows: Vec<String>,
    /// Measures anew what was kept from before; the models are kept in any case.
    #[arg(long, conflicts_with_all = ["config", "asked"])]
    anew: bool,
    /// Writes the table as a page of Markdown, and beside it FILE's name with _timeline.svg: which stage of the core works
    /// in which clock of a batch. Both are of the whole table (or of the one board of --config), never of --rows, and are
    /// left as they are when a row cannot be measured.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rows", "asked"])]
    page: Option<PathBuf>,
    /// Stands on page and picture: date, commit, machine.
    #[arg(long, value_name = "TEXT", default_value = "", requires = "page")]
    stamp: String,
    /// The golden model's bootstrap beside tfhe's own, without a board.
    #[cfg(feature = "tfhe")]
    #[arg(long, conflicts_with_all = ["config", "rows", "anew", "asked", "page"])]
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
    let mut report = measure(arguments)?;
    if let Some(path) = &arguments.page {
        let (configuration, memory) = match &arguments.config {
            Some(name) => (configuration::find(name)?, &*arguments.memory),
            None => plan::drawn()?,
        };
        let picture = Picture {
            configuration: &configuration,
            memory,
        };
        page::write(path, &arguments.stamp, &picture, &mut report)?;
    }
    output.line(&report);
    output.object(&report)?;
    let exact = report.rows.iter().all(|row| row.bit_exact)
        && report.part_filled.iter().all(|filled| filled.bit_exact);
    Ok((exact && report.failed.is_empty()).into())
}

fn empty() -> Report {
    Report {
        rows: Vec::new(),
        part_filled: Vec::new(),
        memory: Vec::new(),
        slots: Vec::new(),
        configurations: Vec::new(),
        references: references::references(),
        failed: Vec::new(),
        run: None,
        written: Vec::new(),
        not_written: None,
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
        None => table(&arguments.rows, arguments.anew),
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

/// A row that misses the core's numbers is none of the table.
fn judged(measured: Measured) -> Result<Measured> {
    if let Measured::Row(row) = &measured
        && let missed = row.missed()
        && !missed.is_empty()
    {
        bail!(missed.join("; "));
    }
    Ok(measured)
}

/// What came of it, and whether it was measured now.
fn measure_one(kept: &Kept, planned: &Planned, anew: bool) -> Result<(Measured, bool)> {
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
    if anew {
        kept.forget(&key)?;
    }
    let now = !kept.has(&key);
    let measured = match fills {
        true => Measured::Fills(kept.or_measure(&key, || case.fills())?),
        false => Measured::Row(Box::new(kept.or_measure(&key, || case.row())?)),
    };
    Ok((measured, now))
}

/// All rows, or those of these names.
fn table(names: &[String], anew: bool) -> Result<Report> {
    let start = Instant::now();
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
    let kept = Kept::new("bench")?;
    let (mut measured, mut kept_before) = (0, 0);
    let outcomes = side_by_side::each(&planned, "rows", |row| measure_one(&kept, row, anew));
    for (planned, outcome) in outcomes {
        measured += usize::from(matches!(outcome, Ok((_, true))));
        kept_before += usize::from(matches!(outcome, Ok((_, false))));
        match outcome.and_then(|(measured, _)| judged(measured)) {
            Ok(Measured::Row(row)) => report.rows.push(*row),
            Ok(Measured::Fills(fills)) => report.part_filled.extend(fills),
            Err(error) => report.failed.push(Failed::new(planned.name, &error)),
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
    if names.is_empty() {
        report.slots = slots::table()?;
        report.configurations = slots::named()?;
    }
    report.rows.sort_by_key(|row| {
        (
            row.polynomial_size != 2048,
            row.lanes,
            row.glwe_dimension,
            row.levels,
        )
    });
    let seconds = start.elapsed().as_secs_f64();
    report.run = Some(Run {
        seconds,
        measured,
        kept: kept_before,
    });
    #[cfg(feature = "tfhe")]
    if names.is_empty() {
        match software::measure() {
            Ok(software) => report.software.push(software),
            Err(error) => report.failed.push(Failed::new("software", &error)),
        }
    }
    Ok(report)
}
