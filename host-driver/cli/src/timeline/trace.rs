//! Reads the work of the stages from a trace.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use fst_reader::{FstFilter, FstHierarchyEntry, FstReader, FstSignalHandle, FstSignalValue};

use super::{STAGES, Sign, Stage, Timeline};

/// Reads a trace of the board `top`, whose polynomials have `rows` rows.
///
/// # Errors
/// A file that cannot be read or lacks a signal.
pub fn read(path: &Path, top: &str, rows: u32) -> Result<Timeline> {
    let context = || format!("read the trace {}", path.display());
    let file = File::open(path).with_context(context)?;
    let mut reader = FstReader::open(BufReader::new(file)).with_context(context)?;
    let mut scopes: Vec<String> = Vec::new();
    // Names and the trace's numbers of the signals.
    let mut signals: Vec<(String, usize)> = Vec::new();
    reader
        .read_hierarchy(|entry| match entry {
            FstHierarchyEntry::Scope { name, .. } => scopes.push(name),
            FstHierarchyEntry::UpScope => {
                scopes.pop();
            }
            FstHierarchyEntry::Var { name, handle, .. } => {
                signals.push((format!("{}.{name}", scopes.join(".")), handle.get_index()));
            }
            _ => {}
        })
        .with_context(context)?;
    let find = |signal: &str| {
        let end = format!("{top}.{signal}");
        let found = signals.iter().find(|(name, _)| {
            let before = name.strip_suffix(&end);
            before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
        });
        let number = found.map(|(_, number)| *number);
        number.ok_or_else(|| anyhow!("the trace has no signal {end}"))
    };
    let numbers = STAGES
        .iter()
        .map(|(_, sign)| sign.signals().iter().map(|name| find(name)).collect())
        .collect::<Result<Vec<Vec<_>>>>()
        .with_context(context)?;

    let header = reader.get_header();
    let window = (header.start_time, header.end_time);
    ensure!(window.0 < window.1, "the trace {} is empty", path.display());
    let mut works: Vec<Work> = numbers.iter().map(|of| Work::new(of.len())).collect();
    let wanted = numbers.iter().flatten();
    let wanted = wanted.map(|number| FstSignalHandle::from_index(*number));
    let filter = FstFilter::filter_signals(wanted.collect());
    reader
        .read_signals(&filter, |time, handle, value| {
            let high = matches!(value, FstSignalValue::String(bits) if bits == b"1");
            for (work, of) in works.iter_mut().zip(&numbers) {
                for at in (0..of.len()).filter(|at| of[*at] == handle.get_index()) {
                    work.change(at, high, time);
                }
            }
        })
        .with_context(context)?;
    let stages = STAGES.iter().zip(works).map(|((name, sign), work)| {
        let spans = work.finish(window.1);
        Stage {
            name: (*name).to_owned(),
            spans: match sign {
                Sign::High(_) => spans,
                Sign::Polynomials(_) => polynomials(&spans, rows, window.1),
            },
        }
    });
    Ok(Timeline {
        stages: stages.collect(),
        window,
    })
}

impl Sign {
    fn signals(&self) -> &[&'static str] {
        match self {
            Self::High(signals) => signals,
            Self::Polynomials(signal) => std::slice::from_ref(signal),
        }
    }
}

/// The rows of the polynomials that begin with `starts`.
fn polynomials(starts: &[(u64, u64)], rows: u32, end: u64) -> Vec<(u64, u64)> {
    let half_clocks = 2 * u64::from(rows);
    let of = |(begin, _): &(u64, u64)| (*begin, (begin + half_clocks).min(end));
    starts.iter().map(of).collect()
}

/// Spans in which all of some signals are 1, as their changes come in.
struct Work {
    high: Vec<bool>,
    since: Option<u64>,
    spans: Vec<(u64, u64)>,
}

impl Work {
    fn new(signals: usize) -> Self {
        Self {
            high: vec![false; signals],
            since: None,
            spans: Vec::new(),
        }
    }

    fn change(&mut self, signal: usize, high: bool, time: u64) {
        self.high[signal] = high;
        let works = self.high.iter().all(|high| *high);
        match self.since {
            None if works => self.since = Some(time),
            Some(since) if !works => {
                self.since = None;
                if time > since {
                    self.spans.push((since, time));
                }
            }
            _ => {}
        }
    }

    fn finish(mut self, end: u64) -> Vec<(u64, u64)> {
        if let Some(since) = self.since.filter(|since| *since < end) {
            self.spans.push((since, end));
        }
        self.spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_where_all_signals_are_high() {
        let mut work = Work::new(2);
        for (signal, high, time) in [
            (0, true, 0),
            (1, true, 4),
            (0, false, 10),
            (0, true, 12),
            (1, false, 12),
            (1, true, 14),
        ] {
            work.change(signal, high, time);
        }
        assert_eq!(work.finish(20), [(4, 10), (14, 20)]);
    }

    #[test]
    fn a_polynomial_works_in_the_clocks_of_its_rows() {
        let starts = [(4, 6), (20, 22), (40, 42)];
        assert_eq!(polynomials(&starts, 8, 44), [(4, 20), (20, 36), (40, 44)]);
    }
}
