//! The picture of a [`Timeline`]. Where a pixel is more than a clock, a bar is as dark as the share of its clocks that
//! worked.

use std::fmt::Write;

use super::{PRODUCT, Stage, Timeline, WAITING};

/// Of the picture, in pixels.
const WIDTH: u64 = 1200;
const NAMES: u64 = 200;
const SHARES: u64 = 70;
const ROW: u64 = 24;
const BAR: u64 = 18;
/// Above and below the bars of a part.
const TOP: u64 = 32;
const AXIS: u64 = 34;
/// Of the title and of each line below it.
const LINE: u64 = 20;
/// Marks on the axis, at most.
const MARKS: u64 = 10;
/// Clocks a pixel of the part that looks closer.
const CLOSE: u64 = 4;

/// A part of the picture: a span of half clocks.
struct Part {
    from: u64,
    to: u64,
    caption: String,
}

impl Timeline {
    /// The whole window and, where a pixel of that is many clocks, the products' longest pause from closer by.
    fn parts(&self) -> Vec<Part> {
        let (from, to) = self.window;
        let clocks = (to - from) / 2;
        let mut parts = vec![Part {
            from,
            to,
            caption: format!("the whole window, {clocks} clocks"),
        }];
        let close = CLOSE * WIDTH;
        if clocks > 2 * close
            && let Some((end, begin)) = self.longest_pause()
        {
            let middle = (end.midpoint(begin) - from) / 2;
            let first = middle.saturating_sub(close / 2).min(clocks - close);
            parts.push(Part {
                from: from + 2 * first,
                to: from + 2 * (first + close),
                caption: format!(
                    "around the products' longest pause of {} clocks",
                    (begin - end) / 2
                ),
            });
        }
        parts
    }

    /// The longest time between two products, if there are two.
    fn longest_pause(&self) -> Option<(u64, u64)> {
        let products = self.stages.iter().find(|stage| stage.name == PRODUCT)?;
        let pauses = products.spans.windows(2).map(|two| (two[0].1, two[1].0));
        pauses.max_by_key(|(end, begin)| begin.saturating_sub(*end))
    }

    /// The picture; the lines stand above it, the first as its title.
    pub fn svg(&self, lines: &[&str]) -> String {
        let parts = self.parts();
        let part_height = TOP + self.stages.len() as u64 * ROW + AXIS;
        let head = 8 + LINE * lines.len() as u64;
        let (wide, high) = (
            NAMES + WIDTH + SHARES,
            head + part_height * parts.len() as u64,
        );
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"{wide}\" height=\"{high}\" fill=\"#fff\"/>\n"
        );
        for (line, text) in lines.iter().enumerate() {
            let size = if line == 0 { 16 } else { 13 };
            let y = LINE * (line as u64 + 1);
            let _ = writeln!(
                svg,
                "<text x=\"8\" y=\"{y}\" font-size=\"{size}\">{}</text>",
                escape(text)
            );
        }
        for (number, part) in parts.iter().enumerate() {
            self.part(&mut svg, part, head + number as u64 * part_height);
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn part(&self, svg: &mut String, part: &Part, y: u64) {
        let _ = writeln!(
            svg,
            "<text x=\"{NAMES}\" y=\"{}\" fill=\"#555\">{}</text>",
            y + TOP - 8,
            escape(&part.caption)
        );
        let top = y + TOP;
        for (row, stage) in self.stages.iter().enumerate() {
            let y = top + row as u64 * ROW;
            let shares = part.shares(stage);
            let mean = shares.iter().sum::<f64>() / WIDTH as f64;
            let _ = writeln!(
                svg,
                "<text x=\"8\" y=\"{0}\">{1}</text><text x=\"{2}\" y=\"{0}\">{3:.1} %</text>\n<rect x=\"{NAMES}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{BAR}\" fill=\"#eee\"/>",
                y + 14,
                escape(&stage.name),
                NAMES + WIDTH + 8,
                100.0 * mean,
            );
            let color = match stage.name.as_str() {
                WAITING => "#c0392b",
                _ => "#1a6091",
            };
            bars(svg, y, color, &shares);
        }
        let first = (part.from - self.window.0) / 2;
        let bottom = top + self.stages.len() as u64 * ROW;
        axis(svg, (top, bottom), first, (part.to - part.from) / 2);
    }
}

impl Part {
    /// Share of each pixel's clocks in which a stage worked.
    fn shares(&self, stage: &Stage) -> Vec<f64> {
        let per_pixel = (self.to - self.from) as f64 / WIDTH as f64;
        let mut worked = vec![0.0; WIDTH as usize];
        let inside = stage
            .spans
            .iter()
            .map(|(begin, end)| (*begin.max(&self.from), *end.min(&self.to)))
            .filter(|(begin, end)| begin < end);
        for (begin, end) in inside {
            let place = |time: u64| (time - self.from) as f64 / per_pixel;
            let (begin, end) = (place(begin), place(end));
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
}

/// Marks in clocks, the first of them at or behind `first`, which is where the part begins.
fn axis(svg: &mut String, (top, bottom): (u64, u64), first: u64, clocks: u64) {
    let step = nice((clocks / MARKS).max(1));
    for mark in (first.next_multiple_of(step)..=first + clocks).step_by(step as usize) {
        let x = NAMES + (mark - first) * WIDTH / clocks.max(1);
        let _ = writeln!(
            svg,
            "<path d=\"M{x} {top}V{}\" stroke=\"#bbb\" stroke-width=\"0.5\"/><text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{mark}</text>",
            bottom + 4,
            bottom + 20
        );
    }
    let _ = writeln!(svg, "<text x=\"8\" y=\"{}\">clock</text>", bottom + 20);
}

/// Neighbouring pixels of one shade make one rectangle.
fn bars(svg: &mut String, y: u64, color: &str, shares: &[f64]) {
    const SHADES: f64 = 20.0;
    let shades: Vec<u32> = shares.iter().map(|s| (s * SHADES).ceil() as u32).collect();
    let mut x = NAMES;
    for run in shades.chunk_by(|a, b| a == b) {
        if run[0] > 0 {
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{BAR}\" fill=\"{color}\" opacity=\"{:.2}\"/>",
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

    fn timeline(spans: Vec<(u64, u64)>, window: (u64, u64)) -> Timeline {
        let name = PRODUCT.to_owned();
        Timeline {
            stages: vec![Stage { name, spans }],
            window,
        }
    }

    #[test]
    fn a_pixel_is_as_dark_as_its_share() {
        let end = 100 + 4 * WIDTH;
        let spans = vec![(100, 101), (102, 104), (100 + 2 * WIDTH, end + 8)];
        let timeline = timeline(spans, (100, end));
        let [whole] = &timeline.parts()[..] else {
            panic!("so short a window is not looked at twice");
        };
        let shares = whole.shares(&timeline.stages[0]);
        assert_eq!(shares[..3], [0.75, 0.0, 0.0]);
        let half = WIDTH as usize / 2;
        assert!(shares[half..].iter().all(|share| *share == 1.0));
        assert!(shares[1..half].iter().all(|share| *share == 0.0));
        let svg = timeline.svg(&["a < b", "c"]);
        assert!(svg.contains("a &lt; b"), "{svg}");
        let y = 8 + 2 * LINE + TOP;
        assert!(svg.contains(&format!(
            "<rect x=\"{}\" y=\"{y}\" width=\"{half}\"",
            NAMES + WIDTH / 2
        )));
    }

    #[test]
    fn a_long_window_is_looked_at_from_closer_by() {
        // A pause of ten pixels about the middle, and a shorter one.
        let (middle, clocks) = (5 * CLOSE * WIDTH, 10 * CLOSE * WIDTH);
        let (pause, end) = (5 * CLOSE, 2 * clocks);
        let spans = vec![
            (8, 10),
            (12, 2 * (middle - pause)),
            (2 * (middle + pause), end),
        ];
        let timeline = timeline(spans, (0, end));
        let [whole, close] = &timeline.parts()[..] else {
            panic!("two parts");
        };
        let half = WIDTH as usize / 2;
        let shares = close.shares(&timeline.stages[0]);
        assert_eq!(shares[half - 6..half - 4], [1.0, 0.0]);
        assert_eq!(shares[half + 4..half + 6], [0.0, 1.0]);
        assert_eq!(whole.shares(&timeline.stages[0])[half], 0.5);
        // Both count from the beginning of the window.
        let svg = timeline.svg(&["a"]);
        assert_eq!(svg.matches(">25000<").count(), 2, "{svg}");
        assert!(svg.contains("longest pause of 40 clocks"), "{svg}");
    }

    #[test]
    fn marks_are_round() {
        assert_eq!([1, 3, 7, 10, 11, 240].map(nice), [1, 5, 10, 10, 20, 500]);
    }
}
