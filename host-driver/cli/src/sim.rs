//! `goldilane sim`: bootstraps on the Verilated board, and a window of clocks as an FST file.
//!
//! What runs is a folder of vectors, or a batch under a toy key of the board's N and k. The printed clocks of the events
//! say which window to ask for.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;
use goldilane_golden_model::Stage;
use goldilane_sim::rtl::Wave;
use serde::Serialize;

use crate::board::{BoardKind, ClockLimit, OpenDevice};
use crate::configuration::Configuration;
use crate::output::{BadArgument, Output, Verdict};
use crate::simulator::{self, Simulation};
use crate::vectors::folder;
use crate::vectors::material::Material;
use crate::verify::computer::Computer;
use crate::verify::device::DeviceComputer;
use crate::verify::search::{self, Difference};
use crate::{configuration, selftest, timeline};

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
    /// Draws which stage of the core works in which clock of the batch (or of the window) into this SVG file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["block", "levels"])]
    timeline: Option<PathBuf>,
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

const POWERED_UP: &str = "powered up";
const LOADED: &str = "key and lookup tables loaded";
const DONE: &str = "bootstraps done";

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
    timeline: Option<String>,
    simulated_clocks_per_second: f64,
}

/// A board that has run.
struct Simulated {
    device: OpenDevice,
    events: Vec<Event>,
    difference: Option<Difference>,
}

/// Runs the material on a new board.
fn simulate(
    arguments: &SimArguments,
    configuration: &Configuration,
    material: &Material,
    wave: Option<Wave>,
) -> Result<Simulated> {
    let end = wave.as_ref().map(|wave| wave.to);
    let simulation = Simulation {
        verilog: arguments.verilog.as_deref(),
        wave,
        clock_limit: arguments.limit.clock_limit,
        memory: None,
    };
    let device = OpenDevice::start(BoardKind::Rtl, configuration.clone(), simulation)?;
    let mut events = Vec::new();
    let mut happens = |event| {
        events.push(Event {
            clock: device.clocks(),
            event,
        });
    };
    happens(POWERED_UP);
    let difference = match DeviceComputer::load(&device, material)? {
        Ok(mut computer) => {
            happens(LOADED);
            let found = computer.stage(Stage::Extract)?;
            happens(DONE);
            search::first(material, Stage::Extract, found)
        }
        Err(difference) => Some(difference),
    };
    if let Some(end) = end {
        // A window may end after the work; an idle board can be looked at too. The file is closed in the clock behind it.
        device.run_until(end + 1);
    }
    Ok(Simulated {
        device,
        events,
        difference,
    })
}

/// The clocks from the loaded key to the last result, found by a run without a trace.
fn batch_window(
    arguments: &SimArguments,
    configuration: &Configuration,
    material: &Material,
) -> Result<(u64, u64)> {
    let events = simulate(arguments, configuration, material, None)?.events;
    let at = |event| {
        let found = events.iter().find(|happened| happened.event == event);
        let found = found.map(|happened| happened.clock);
        found.with_context(|| format!("--timeline: no {event:?} on this board"))
    };
    Ok((at(LOADED)?, at(DONE)?))
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
    let mut wave = arguments.wave.map(|(from, to)| Wave {
        from,
        to,
        path: arguments.out.clone(),
        scope: arguments.block.clone(),
        levels: arguments.levels,
    });
    if let Some(svg) = &arguments.timeline {
        let window = match arguments.wave {
            Some(window) => window,
            None => batch_window(arguments, &configuration, &material)?,
        };
        let aside = svg.with_extension("fst");
        let traced = arguments.wave.map_or(aside, |_| arguments.out.clone());
        wave = Some(timeline::wave(window, traced));
    }
    for path in wave
        .iter()
        .map(|wave| &wave.path)
        .chain(&arguments.timeline)
    {
        // Whatever is wrong with the files should show before the work.
        File::create(path).with_context(|| format!("write {}", path.display()))?;
    }
    let start = Instant::now();
    let Simulated {
        device,
        events,
        difference,
    } = simulate(arguments, &configuration, &material, wave.clone())?;
    let name = &device.configuration.name;
    if let Some((svg, wave)) = arguments.timeline.as_ref().zip(wave.as_ref()) {
        let rows = configuration.shape.rows();
        let picture = timeline::read(&wave.path, &format!("goldilane_{name}"), rows)?;
        let title = format!(
            "{name}: a batch of {} under {}, from clock {}",
            material.ciphertexts.len(),
            material.set,
            wave.from
        );
        fs::write(svg, picture.svg(&[&title]))
            .with_context(|| format!("write {}", svg.display()))?;
        if arguments.wave.is_none() {
            fs::remove_file(&wave.path)
                .with_context(|| format!("remove {}", wave.path.display()))?;
        }
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
        timeline: (arguments.timeline.as_ref()).map(|svg| svg.display().to_string()),
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
    if let Some(svg) = &report.timeline {
        output.line(format_args!("{svg} shows the stages."));
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
