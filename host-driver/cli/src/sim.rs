//! `goldilane sim`: bootstraps on the Verilated board, and a window of clocks as an FST file.
//!
//! What runs is a folder of vectors, or a batch under a toy key of the board's N and k. The printed clocks of the events
//! say which window to ask for.

use std::fs::File;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;
use goldilane_golden_model::Stage;
use goldilane_sim::rtl::Wave;
use serde::Serialize;

use crate::board::{BoardKind, ClockLimit, OpenDevice};
use crate::output::{BadArgument, Output, Verdict};
use crate::simulator::{self, Simulation};
use crate::vectors::folder;
use crate::verify::computer::Computer;
use crate::verify::device::DeviceComputer;
use crate::verify::search;
use crate::{configuration, selftest};

/// Arguments of `sim`.
#[derive(Args)]
pub struct SimArguments {
    /// A folder of `goldilane vectors` to bootstrap; a batch under a toy key without.
    folder: Option<PathBuf>,
    /// Trace from this clock to that one, the second not included.
    #[arg(long, value_name = "FROM:TO", value_parser = window)]
    wave: Option<(u64, u64)>,
    /// Where the trace goes.
    #[arg(long, default_value = "goldilane.fst", value_name = "FILE")]
    out: PathBuf,
    /// Trace this instance only: a path of modules.txt.
    #[arg(long, value_name = "INSTANCE")]
    block: Option<String>,
    /// Levels of hierarchy to trace; 0 is all.
    #[arg(long, default_value_t = 0)]
    levels: u16,
    /// The configuration: a name or a TOML file.
    #[arg(long, value_name = "CONFIG")]
    config: Option<String>,
    /// Verilate the files of this folder instead of emitting them.
    #[arg(long, value_name = "DIR")]
    verilog: Option<PathBuf>,
    #[command(flatten)]
    limit: ClockLimit,
}

fn window(text: &str) -> Result<(u64, u64), String> {
    let parsed = text
        .split_once(':')
        .and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    match parsed {
        Some((from, to)) if from < to => Ok((from, to)),
        _ => Err("two clocks are meant, the first below the second, like 1000:2000".to_owned()),
    }
}

#[derive(Serialize)]
struct Event {
    clock: u64,
    event: &'static str,
}

#[derive(Serialize)]
struct Report {
    configuration: String,
    set: String,
    ciphertexts: usize,
    events: Vec<Event>,
    agrees: bool,
    difference: Option<String>,
    wave: Option<String>,
    wave_bytes: Option<u64>,
    simulated_clocks_per_second: f64,
}

/// Runs `sim`.
///
/// # Errors
/// Unusable arguments, a simulator that cannot be built, a board that refuses the key.
pub fn run(arguments: &SimArguments, output: &Output) -> Result<Verdict> {
    let configuration = match (&arguments.config, &arguments.verilog) {
        (Some(name), _) => configuration::find(name)?,
        (None, Some(folder)) => simulator::configuration_of(folder)?,
        (None, None) => configuration::find("sim")?,
    };
    if arguments.block.is_some() && arguments.wave.is_none() {
        return Err(BadArgument("--block needs --wave FROM:TO".to_owned()).into());
    }
    let material = match &arguments.folder {
        Some(path) => folder::read(path, &folder::read_description(path)?)?,
        None => selftest::material(&configuration.shape)?,
    };
    if let Some(block) = &arguments.block {
        let instances = simulator::instances(&configuration, arguments.verilog.as_deref())?;
        if !instances.contains(block) {
            return Err(
                BadArgument(format!("--block {block:?}: no instance of modules.txt")).into(),
            );
        }
    }
    if arguments.wave.is_some() {
        // Whatever is wrong with the file should show before the work.
        File::create(&arguments.out)
            .with_context(|| format!("write {}", arguments.out.display()))?;
    }
    let simulation = Simulation {
        verilog: arguments.verilog.as_deref(),
        wave: arguments.wave.map(|(from, to)| Wave {
            from,
            to,
            path: arguments.out.clone(),
            scope: arguments.block.clone(),
            levels: arguments.levels,
        }),
        clock_limit: arguments.limit.clock_limit,
        memory: None,
    };
    let device = OpenDevice::start(BoardKind::Rtl, configuration, simulation)?;
    let start = Instant::now();
    let mut events = Vec::new();
    let mut happens = |event| {
        events.push(Event {
            clock: device.clocks(),
            event,
        });
    };
    happens("powered up");
    let difference = match DeviceComputer::load(&device, &material)? {
        Ok(mut computer) => {
            happens("key and lookup tables loaded");
            let found = computer.stage(Stage::Extract)?;
            happens("bootstraps done");
            search::first(&material, Stage::Extract, found)
        }
        Err(difference) => Some(difference),
    };
    if let Some((_, to)) = arguments.wave {
        // A window may end after the work; an idle board can be looked at too.
        device.run_until(to);
    }
    let simulated = device.clocks();
    let rate = simulated as f64 / start.elapsed().as_secs_f64();
    let difference = difference
        .map(|difference| difference.to_string())
        .or_else(|| device.complaint());
    let report = Report {
        configuration: device.configuration.name.clone(),
        set: material.set.clone(),
        ciphertexts: material.ciphertexts.len(),
        events,
        agrees: difference.is_none(),
        difference,
        wave_bytes: arguments
            .wave
            .and_then(|_| Some(std::fs::metadata(&arguments.out).ok()?.len())),
        wave: arguments.wave.map(|_| arguments.out.display().to_string()),
        simulated_clocks_per_second: rate,
    };
    for event in &report.events {
        output.line(format_args!("clock {:>10}  {}", event.clock, event.event));
    }
    output.line(match &report.difference {
        None => format!(
            "{} ciphertexts of {} are right; {rate:.0} clocks a second.",
            report.ciphertexts, report.set
        ),
        Some(difference) => difference.clone(),
    });
    if let (Some(wave), Some(bytes)) = (&report.wave, report.wave_bytes) {
        output.line(format_args!("{wave}: {} KiB.", bytes >> 10));
    }
    output.object(&report)?;
    Ok(report.agrees.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_two_clocks() {
        assert_eq!(window("10:20"), Ok((10, 20)));
        for text in ["10", "20:10", "10:10", "a:b", "-1:5", ":"] {
            assert!(window(text).is_err(), "{text}");
        }
    }
}
