//! `goldilane soak`: mixed jobs for as long as one likes, every answer compared.
//!
//! Bootstraps in batches of every size, several in flight, loopbacks on the other queue pair between them, keys freed and
//! loaded again, self-tests, resets of both kinds. What is drawn follows from the seed. After an error the device is reset
//! and goes on; one that cannot be reset ends the run.

mod work;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use goldilane_golden_model::toy::ToyRandom;
use serde::Serialize;
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::board::{BoardArguments, OpenDevice};
use crate::output::{Output, Verdict};
use crate::{progress, selftest, verify};
use work::{Kind, Work};

/// Errors that are told in full.
const TOLD: usize = 10;
/// Between two looks at the rates, on a terminal and elsewhere.
const LIVE: Duration = Duration::from_secs(1);
const LINES: Duration = Duration::from_secs(60);

/// Arguments of `soak`.
#[derive(Args)]
pub struct SoakArguments {
    #[command(flatten)]
    board: BoardArguments,
    /// How long: a number of seconds, or one with s, m or h behind it.
    #[arg(long, default_value = "60s", value_name = "TIME")]
    duration: Span,
    /// Bootstraps of these vectors, a folder of `goldilane vectors`; a toy key of the board's shape, if not given.
    #[arg(long, value_name = "DIR")]
    vectors: Option<PathBuf>,
    /// What is drawn follows from this number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span(Duration);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, unit) = match text.char_indices().last() {
            Some((at, 's')) => (&text[..at], 1),
            Some((at, 'm')) => (&text[..at], 60),
            Some((at, 'h')) => (&text[..at], 3600),
            _ => (text, 1),
        };
        let number: u64 = number
            .parse()
            .map_err(|_| format!("{text:?}: like 90, 90s, 30m or 12h"))?;
        let seconds = number.checked_mul(unit).ok_or("too long")?;
        Ok(Self(Duration::from_secs(seconds)))
    }
}

/// What was done so far.
#[derive(Default, Serialize)]
struct Tally {
    jobs: BTreeMap<&'static str, u64>,
    bootstraps: u64,
    loopback_bytes: u64,
    errors: u64,
}

#[derive(Serialize)]
struct Report {
    device: String,
    configuration: String,
    parameter_set: String,
    seed: u64,
    #[serde(flatten)]
    tally: Tally,
    bootstraps_per_second: f64,
    first_errors: Vec<String>,
    /// Ended before its time: by a signal, by a reader that left, or by a device that could not be reset.
    ended_early: Option<String>,
    seconds: f64,
}

/// Runs `soak`.
///
/// # Errors
/// A device that cannot be opened or takes no key; what it does wrong later is a verdict.
pub fn run(arguments: &SoakArguments, output: &Output) -> Result<Verdict> {
    let told = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // The second one ends the process.
        signal_hook::flag::register_conditional_shutdown(signal, 3, told.clone())
            .and_then(|_| signal_hook::flag::register(signal, told.clone()))
            .context("catch signals")?;
    }
    let device = OpenDevice::open(&arguments.board)?;
    let material = match &arguments.vectors {
        Some(folder) => verify::read_vectors(folder)?,
        None => selftest::material(&device.configuration.shape)?,
    };
    verify::check_key(&device.configuration, &material)?;
    let mut work = Work::new(&device, &material)?;
    let mut random = ToyRandom::new(arguments.seed);
    let start = Instant::now();
    let (mut tally, mut first_errors, mut ended_early) = (Tally::default(), Vec::new(), None);
    let mut live = Live::new(start);
    while start.elapsed() < arguments.duration.0 {
        if told.load(Ordering::Relaxed) {
            ended_early = Some("a signal".to_owned());
            break;
        }
        if output.is_broken() {
            ended_early = Some("nobody reads what it prints".to_owned());
            break;
        }
        let kind = Kind::draw(&mut random);
        let outcome = work.run(kind, &mut random, &mut tally);
        *tally.jobs.entry(kind.name()).or_insert(0) += 1;
        if let Err(reason) = outcome {
            tally.errors += 1;
            let reason = format!("{} s: {}: {reason}", start.elapsed().as_secs(), kind.name());
            live.tell(output, &reason);
            if first_errors.len() < TOLD {
                first_errors.push(reason);
            }
            if let Err(error) = work.recover() {
                ended_early = Some(format!("not usable after a reset: {error:#}"));
                break;
            }
        }
        live.show(output, &tally);
    }
    drop(work);
    if let Some(complaint) = device.complaint() {
        tally.errors += 1;
        first_errors.push(complaint);
    }
    live.end();
    let seconds = start.elapsed().as_secs_f64();
    let report = Report {
        device: device.kind.to_string(),
        configuration: device.configuration.name.clone(),
        parameter_set: material.set.clone(),
        seed: arguments.seed,
        bootstraps_per_second: tally.bootstraps as f64 / seconds,
        tally,
        first_errors,
        ended_early,
        seconds,
    };
    output.line(line(&report.tally, report.bootstraps_per_second, seconds));
    for error in &report.first_errors {
        output.line(error);
    }
    if let Some(reason) = &report.ended_early {
        output.line(format_args!("ended early: {reason}"));
    }
    output.object(&report)?;
    Ok((report.tally.errors == 0).into())
}

fn line(tally: &Tally, rate: f64, seconds: f64) -> String {
    let jobs: u64 = tally.jobs.values().sum();
    format!(
        "{seconds:.0} s: {} bootstraps ({rate:.1} a second), {:.1} MB looped back, {jobs} jobs, {} resets, {} errors",
        tally.bootstraps,
        tally.loopback_bytes as f64 / 1e6,
        tally.jobs.get(Kind::Reset.name()).unwrap_or(&0)
            + tally.jobs.get(Kind::FunctionReset.name()).unwrap_or(&0),
        tally.errors
    )
}

/// The line of rates.
struct Live {
    bar: progress::Bar,
    start: Instant,
    shown: Instant,
    bootstraps: u64,
}

impl Live {
    fn new(start: Instant) -> Self {
        Self {
            bar: progress::spinner("soak"),
            start,
            shown: start,
            bootstraps: 0,
        }
    }

    fn show(&mut self, output: &Output, tally: &Tally) {
        let hidden = self.bar.is_hidden();
        let since = self.shown.elapsed();
        if since < if hidden { LINES } else { LIVE } {
            return;
        }
        let rate = (tally.bootstraps - self.bootstraps) as f64 / since.as_secs_f64();
        let text = line(tally, rate, self.start.elapsed().as_secs_f64());
        if hidden {
            output.line(text);
        } else {
            self.bar.set_message(text);
        }
        self.shown = Instant::now();
        self.bootstraps = tally.bootstraps;
    }

    /// An error, at once.
    fn tell(&self, output: &Output, reason: &str) {
        self.bar.suspend(|| output.line(reason));
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_numbers_with_units() {
        for (text, seconds) in [("90", 90), ("5s", 5), ("30m", 1800), ("12h", 43_200)] {
            assert_eq!(
                text.parse(),
                Ok(Span(Duration::from_secs(seconds))),
                "{text}"
            );
        }
        for text in ["", "s", "1d", "-1", "1.5h", "99999999999999999h", "1ä"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }
}
