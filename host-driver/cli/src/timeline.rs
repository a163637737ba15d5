//! Which stage of the core works in which clock, as an SVG picture: gaps between bars are bubbles.
//!
//! The signals come from a trace of the Verilated board ([`read`]); a bar of the picture stands where its signals are all
//! 1. Where a pixel is more than a clock, a bar is as dark as the share of its clocks that worked.

use std::fmt::Write;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use fst_reader::{FstFilter, FstHierarchyEntry, FstReader, FstSignalHandle, FstSignalValue};

/// Levels of the hierarchy that a trace must have: the board and its core.
pub const LEVELS: u16 = 2;

/// Stages in the order of the work, and the signals below the board that are all 1 while each works.
const STAGES: [(&str, &[&str]); 7] = [
    ("input words", &["u_core.lwe_valid"]),
    (
        "lines of keys and tables",
        &["u_core.line_valid", "u_core.line_ready"],
    ),
    ("key switch", &["u_core.count_switch_busy"]),
    (
        "rotate, decompose, forward NTT",
        &["u_core.count_product_busy"],
    ),
    (
        "product with the key",
        &["u_core.u_external_product_key_valid"],
    ),
    (
        "inverse NTT, rows out",
        &["u_core.u_external_product_out_valid"],
    ),
    ("results", &["u_core.result_valid", "u_core.result_ready"]),
];

/// A stage's work: spans `from .. to` of half clocks.
struct Stage {
    name: &'static str,
    spans: Vec<(u64, u64)>,
}

/// The work of all stages in a window.
pub struct Timeline {
    stages: Vec<Stage>,
    /// First and last time of the trace, in half clocks.
    window: (u64, u64),
}

/// Reads a trace of the board `top`.
///
/// # Errors
/// A file that cannot be read or lacks a signal.
pub fn read(path: &Path, top: &str) -> Result<Timeline> {
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
        .map(|(_, names)| names.iter().map(|name| find(name)).collect())
        .collect::<Result<Vec<Vec<_>>>>()
        .with_context(context)?;

    let header = reader.get_header();
    let window = (header.start_time, header.end_time);
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
    let stages = STAGES.iter().zip(works).map(|((name, _), work)| Stage {
        name,
        spans: work.finish(window.1),
    });
    let timeline = Timeline {
        stages: stages.collect(),
        window,
    };
    ensure!(
        timeline.window.0 < timeline.window.1,
        "the trace {} is empty",
        path.display()
    );
    Ok(timeline)
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

/// Of the picture, in pixels.
const WIDTH: u64 = 1200;
const NAMES: u64 = 230;
const SHARES: u64 = 70;
const ROW: u64 = 28;
const BAR: u64 = 20;
const TOP: u64 = 48;
const AXIS: u64 = 34;
/// Marks on the axis, at most.
const MARKS: u64 = 10;

impl Timeline {
    /// Clocks of the window.
    fn clocks(&self) -> u64 {
        (self.window.1 - self.window.0) / 2
    }

    /// Share of each pixel's clocks in which a stage worked.
    fn shares(&self, stage: &Stage) -> Vec<f64> {
        let (from, to) = self.window;
        let per_pixel = (to - from) as f64 / WIDTH as f64;
        let mut worked = vec![0.0; WIDTH as usize];
        for (begin, end) in &stage.spans {
            let place = |time: u64| (time - from) as f64 / per_pixel;
            let (begin, end) = (place((*begin).max(from)), place((*end).max(from)));
            let last = (end.ceil() as usize).min(worked.len());
            for (pixel, share) in worked
                .iter_mut()
                .enumerate()
                .take(last)
                .skip(begin as usize)
            {
                *share += end.min(pixel as f64 + 1.0) - begin.max(pixel as f64);
            }
        }
        worked
    }

    /// The picture; `title` stands above it.
    pub fn svg(&self, title: &str) -> String {
        let rows = self.stages.len() as u64;
        let (wide, high) = (NAMES + WIDTH + SHARES, TOP + rows * ROW + AXIS);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"{wide}\" height=\"{high}\" fill=\"#fff\"/>\n<text x=\"8\" y=\"24\" font-size=\"16\">{}</text>\n",
            escape(title)
        );
        for (row, stage) in self.stages.iter().enumerate() {
            let y = TOP + row as u64 * ROW;
            let shares = self.shares(stage);
            let mean = shares.iter().sum::<f64>() / WIDTH as f64;
            let _ = writeln!(
                svg,
                "<text x=\"8\" y=\"{0}\">{1}</text><text x=\"{2}\" y=\"{0}\">{3:.1} %</text>\n<rect x=\"{NAMES}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{BAR}\" fill=\"#eee\"/>",
                y + 15,
                escape(stage.name),
                NAMES + WIDTH + 8,
                100.0 * mean,
            );
            bars(&mut svg, y, &shares);
        }
        self.axis(&mut svg, TOP + rows * ROW);
        svg.push_str("</svg>\n");
        svg
    }

    fn axis(&self, svg: &mut String, y: u64) {
        let step = nice((self.clocks() / MARKS).max(1));
        for mark in (0..=self.clocks()).step_by(step as usize) {
            let x = NAMES + mark * WIDTH / self.clocks().max(1);
            let _ = writeln!(
                svg,
                "<path d=\"M{x} {TOP}V{}\" stroke=\"#bbb\" stroke-width=\"0.5\"/><text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{mark}</text>",
                y + 4,
                y + 20
            );
        }
        let _ = writeln!(svg, "<text x=\"8\" y=\"{}\">clock</text>", y + 20);
    }
}

/// Neighbouring pixels of one shade make one rectangle.
fn bars(svg: &mut String, y: u64, shares: &[f64]) {
    const SHADES: f64 = 20.0;
    let shades: Vec<u32> = shares.iter().map(|s| (s * SHADES).ceil() as u32).collect();
    let mut x = NAMES;
    for run in shades.chunk_by(|a, b| a == b) {
        if run[0] > 0 {
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{BAR}\" fill=\"#1a6091\" opacity=\"{:.2}\"/>",
                run.len(),
                (f64::from(run[0]) / SHADES).min(1.0),
            );
        }
        x += run.len() as u64;
    }
}

/// The least of 1, 2, 5 times a power of ten that is not below `least`.
fn nice(least: u64) -> u64 {
    let power = 10u64.pow(least.ilog10());
    [1, 2, 5, 10]
        .map(|factor| factor * power)
        .into_iter()
        .find(|step| *step >= least)
        .unwrap_or(least)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
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
    fn a_pixel_is_as_dark_as_its_share() {
        let stage = Stage {
            name: "a",
            spans: vec![(100, 101), (102, 104), (100 + 2 * WIDTH, 100 + 4 * WIDTH)],
        };
        let timeline = Timeline {
            stages: vec![stage],
            window: (100, 100 + 4 * WIDTH),
        };
        let shares = timeline.shares(&timeline.stages[0]);
        assert_eq!(shares[..3], [0.75, 0.0, 0.0]);
        let half = WIDTH as usize / 2;
        assert!(shares[half..].iter().all(|share| *share == 1.0));
        assert!(shares[1..half].iter().all(|share| *share == 0.0));
        let svg = timeline.svg("a < b");
        assert!(svg.contains("a &lt; b"), "{svg}");
        assert!(svg.contains(&format!(
            "<rect x=\"{}\" y=\"{TOP}\" width=\"{half}\"",
            NAMES + WIDTH / 2
        )));
    }

    #[test]
    fn marks_are_round() {
        assert_eq!([1, 3, 7, 10, 11, 240].map(nice), [1, 5, 10, 10, 20, 500]);
    }
}
