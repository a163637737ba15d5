//! The page of `docs/` and its picture. They are of a whole table or they are not written.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::METHOD;
use super::picture::Picture;
use super::report::{self, Failed, Report};
use crate::kept::Kept;

/// How it is measured, above the tables.
const MEASURED: &str = "\
Whole Verilated boards (top module, host and board memory timed, driven through the driver's queues). Full batches: a
window of four batches back to back, with one before and one behind them, from the last completion of the first to that of
the last measured one. Part-filled batches: one by one, their starts, inputs and results in the clocks. Alone: one
ciphertext on an idle board, under the key and under one of half as many words, at most 48; the difference is whole steps,
their keys included. Clocks are the board's own counters, read when the interrupt of a completion has come; of a lone
ciphertext the simulator's. Every word of every run is compared with the golden model's (`equal words`). Occupancy
is that of the forward side, which has (k + 1) l polynomials an external product, and of the product, which takes each of
its rows in the clock in which it comes out; the inverse side has k + 1 polynomials. Full multipliers are counted from the
netlist by the widths of their products. Boards that are only measured have the form `plain`, which simulates fastest and
takes as many clocks as `tiles`; its products are wider than a DSP tile, so the frequencies are for a board with `tiles`.
Bootstraps a second are the clocks at these frequencies, which no board of this table was built for; simulated clocks and
seconds of a build depend on the machine. A row that misses a number of the core (occupancy 99 %, keys waited for 1 %, key
switch, multipliers, a step alone) is not in the table. Rows are kept under a hash of their board's Verilog, so a row stays true until the Verilog of
its board changes.
";

/// Where the picture of a page stands.
pub fn picture_path(page: &Path) -> PathBuf {
    let stem = page.file_stem().unwrap_or_default().to_string_lossy();
    page.with_file_name(format!("{stem}_timeline.svg"))
}

/// What stands on the page and in the picture of where they come from.
fn origin(stamp: &str) -> String {
    let stamp = stamp.trim();
    let gap = if stamp.is_empty() { "" } else { " " };
    format!("{stamp}{gap}Method: `{METHOD}`.")
}

/// Draws the picture and writes page and picture, if nothing of the table is missing; else the report says why not.
///
/// # Errors
/// A file that cannot be written.
pub fn write(path: &Path, stamp: &str, picture: &Picture<'_>, report: &mut Report) -> Result<()> {
    let svg = picture_path(path);
    let drawn = Kept::new("bench").and_then(|kept| {
        let aside = svg.with_extension("fst");
        picture.timeline(&kept, &aside)
    });
    let timeline = match drawn {
        Ok(timeline) => Some(timeline),
        Err(error) => {
            report.failed.push(Failed::new("timeline", &error));
            None
        }
    };
    let (Some(timeline), []) = (timeline, &report.failed[..]) else {
        report.not_written = Some(path.display().to_string());
        return Ok(());
    };
    let title = picture.title();
    let origin = origin(stamp).replace('`', "");
    let image = timeline.svg(&[&title, &origin]);
    let name = svg.file_name().unwrap_or_default().to_string_lossy();
    let text = page(report, stamp, &format!("![{title}]({name})"));
    for (path, text) in [(path, &text), (&*svg, &image)] {
        fs::write(path, text).with_context(|| format!("write {}", path.display()))?;
        report.written.push(path.display().to_string());
    }
    Ok(())
}

/// What stands above a table.
fn about(title: &str) -> &'static str {
    match title {
        report::MEASURED_SLOTS => {
            "The least fill from which on at most 2 % of the clocks wait for keys, and the formula of \
             `hdl/src/bootstrap/slots.rs` beside it: the keys of a step (a GGSW and a column) must come while the step before \
             runs, in the latency of a lone ciphertext's step or in the external products of the whole batch, whichever is \
             more.\n\n"
        }
        report::TABLE_OF_SLOTS => {
            "By that formula, N = 2048, k = l = 1, under the key of the demo (96 KiB a step): the slots that keep the \
             multipliers busy, which hide the latency of a step and the delivery of its keys. The rates are those of the \
             memory models (`sim/src/axi/timing.rs`).\n\n"
        }
        report::NAMED_SLOTS => {
            "The same with board memory at half the rate of its ports (refresh, rows that change and arbitration take their \
             share), under the set with the most key (104 KiB a step), rounded up to a power of two. `artix` is the exception: \
             an Artix-7 200T has not the block RAM for so many, so its batches wait for keys.\n\n"
        }
        _ => "",
    }
}

/// A page of Markdown; `stamp` says when and of what it was measured.
fn page(report: &Report, stamp: &str, image: &str) -> String {
    let mut page = format!(
        "# Measured\n\nWritten by `make bench`. {}\n\n{MEASURED}\n`goldilane bench --json` prints the numbers with all their digits; [cli.md](cli.md) says what they mean.\n",
        origin(stamp)
    );
    let mut section = |title: &str, text: &str| {
        page += &format!("\n## {title}\n\n{text}");
    };
    let grids = report.grids().into_iter();
    for (title, grid) in grids.filter(|(_, grid)| !grid.is_empty()) {
        let mut text = grid.markdown();
        if title == report::FULL {
            text.extend(report.run.iter().map(|run| format!("\n{run}\n")));
            text.extend(report.references.iter().map(ToString::to_string));
        }
        section(title, &(about(title).to_owned() + &text));
    }
    section(
        "One batch, clock by clock",
        &format!(
            "{image}\n\nGaps between bars are bubbles: clocks in which a stage has no work. The percentages are the stages' shares of the clocks. The window is as long as a batch takes among others, from a completion on: in it a batch ends and its results go out, the next one rotates, and the words of a third come in and are switched.\n"
        ),
    );
    #[cfg(feature = "tfhe")]
    for software in &report.software {
        section("Software", &format!("{software}\n"));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::super::empty;
    use super::*;
    use crate::configuration;
    use anyhow::anyhow;

    #[test]
    fn a_page_says_where_it_comes_from() {
        let page = page(&empty(), "2026-01-02, commit abc.", "![a](b.svg)");
        for part in [
            "2026-01-02, commit abc. Method: `bench",
            "![a](b.svg)",
            "make bench",
        ] {
            assert!(page.contains(part), "{page}");
        }
        assert_eq!(
            picture_path(Path::new("docs/bench.md")),
            Path::new("docs/bench_timeline.svg")
        );
    }

    /// Also where the row that is missing is the picture.
    #[test]
    fn a_page_that_lacks_a_row_is_not_written() {
        let toy = configuration::find("toy").unwrap();
        let picture = Picture {
            configuration: &toy,
            memory: "nonesuch",
        };
        let folder = std::env::temp_dir().join(format!("goldilane_page_{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("bench.md");
        fs::write(&path, "before").unwrap();
        let mut report = empty();
        report.failed.push(Failed::new("p8", &anyhow!("broken")));
        write(&path, "", &picture, &mut report).unwrap();
        let names: Vec<_> = report.failed.iter().map(|failed| failed.name).collect();
        assert_eq!(names, ["p8", "timeline"]);
        assert!(report.written.is_empty());
        assert!(report.to_string().contains("bench.md is left as it was"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
