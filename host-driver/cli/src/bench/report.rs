//! The report: its tables, and how a person reads it.

use std::fmt;

use serde::Serialize;

use super::references::Reference;
use super::row::{Filled, MEGAHERTZ, Row};
use super::slots::{self, Slots};
use crate::grid::Grid;

/// Largest share of a window that waits for keys where delivery counts as hidden. The first GGSW and column of a batch are
/// waited for in any case.
const HIDDEN: f64 = 0.02;

/// Everything that was measured.
#[derive(Serialize)]
pub struct Report {
    pub rows: Vec<Row>,
    pub part_filled: Vec<Filled>,
    pub memory: Vec<Memory>,
    /// By formula: every number of lanes over every memory.
    pub slots: Vec<Slots>,
    /// By formula: the named configurations.
    pub configurations: Vec<Slots>,
    pub references: Vec<Reference>,
    /// Rows that could not be measured, or that miss the core's numbers.
    pub failed: Vec<Failed>,
    /// How long it took.
    pub run: Option<Run>,
    /// The page and its picture.
    pub written: Vec<String>,
    /// The page that was asked for, where a row of it is missing: it is left as it was.
    pub not_written: Option<String>,
    #[cfg(feature = "tfhe")]
    pub software: Vec<super::software::Software>,
}

/// What a run over the table did.
#[derive(Serialize)]
pub struct Run {
    pub seconds: f64,
    /// Boards that were measured.
    pub measured: usize,
    /// Boards of which it was known from before.
    pub kept: usize,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "This run took {:.0} s: {} boards measured, {} known from before.",
            self.seconds, self.measured, self.kept
        )
    }
}

/// A row that could not be measured, or that misses the core's numbers.
#[derive(Serialize)]
pub struct Failed {
    pub name: &'static str,
    pub error: String,
}

impl Failed {
    /// The row `name`, and why.
    pub fn new(name: &'static str, error: &anyhow::Error) -> Self {
        Self {
            name,
            error: format!("{error:#}"),
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row {} is not in the table: {}", self.name, self.error)
    }
}

/// The first table.
pub const FULL: &str = "Full batches back to back";
/// What hides the keys, measured.
pub const MEASURED_SLOTS: &str = "Slots that hide the keys, measured";
/// What keeps the product busy, by formula.
pub const TABLE_OF_SLOTS: &str = "Slots by lanes and board memory";
/// How many the named configurations have.
pub const NAMED_SLOTS: &str = "Slots of the named configurations";

/// How many ciphertexts a batch must have so that the keys come in time.
#[derive(Clone, Debug, Serialize)]
pub struct Memory {
    pub lanes: u32,
    pub memory_model: String,
    pub key_port_bytes_per_clock: usize,
    /// None, where even full batches wait.
    pub slots_needed: Option<usize>,
    /// The same by formula.
    pub slots_by_formula: usize,
    /// By fill, from 1: the share of the window's clocks that waited for keys.
    pub key_wait_share: Vec<f64>,
}

/// Gathers the fills of each board.
pub fn memory(fills: &[Filled]) -> Vec<Memory> {
    let same = |a: &Filled, b: &Filled| {
        (a.lanes, &a.memory_model, a.key_port_bytes_per_clock)
            == (b.lanes, &b.memory_model, b.key_port_bytes_per_clock)
    };
    fills
        .chunk_by(same)
        .map(|board| {
            let waits = |filled: &Filled| filled.key_wait_share > HIDDEN;
            let hidden_from = board.iter().rposition(waits).map_or(0, |last| last + 1);
            Memory {
                lanes: board[0].lanes,
                memory_model: board[0].memory_model.clone(),
                key_port_bytes_per_clock: board[0].key_port_bytes_per_clock,
                slots_needed: board.get(hidden_from).map(|filled| filled.fill),
                slots_by_formula: board[0].slots_for_keys,
                key_wait_share: board.iter().map(|filled| filled.key_wait_share).collect(),
            }
        })
        .collect()
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

impl Report {
    /// The rows, and the references at the n of a full-strength row.
    fn throughput(&self) -> Grid {
        let mut heads = vec![
            "row",
            "lanes",
            "multipliers",
            "their form",
            "N",
            "k",
            "l",
            "slots",
            "n",
            "memory",
            "bytes a clock",
            "clocks per external product",
            "clocks per bootstrap",
            "occupancy",
            "inverse side",
            "waiting for keys",
            "key switch busy",
            "clocks per step alone",
            "by formula",
            "doorbell to completion",
            "equal words",
            "simulated clocks/s",
            "Verilog in, s",
            "model of it, s",
        ];
        let rates = MEGAHERTZ.map(|mhz| format!("bootstraps/s at {mhz} MHz"));
        heads.extend(rates.iter().map(String::as_str));
        let row = |row: &Row| {
            let mut cells = vec![
                row.name.clone(),
                row.lanes.to_string(),
                row.full_multipliers.to_string(),
                row.multiplier.clone(),
                row.polynomial_size.to_string(),
                row.glwe_dimension.to_string(),
                row.levels.to_string(),
                row.slots.to_string(),
                row.n.to_string(),
                row.memory_model.clone(),
                row.key_port_bytes_per_clock.to_string(),
                format!("{:.2}", row.clocks_per_external_product),
                format!("{:.0}", row.clocks_per_bootstrap),
                percent(row.occupancy),
                percent(row.inverse_occupancy),
                percent(row.key_wait_share),
                percent(row.key_switch_share),
                format!("{:.1}", row.clocks_per_step_alone),
                row.clocks_per_step_formula.to_string(),
                row.clocks_doorbell_to_completion.to_string(),
                row.bit_exact.to_string(),
                format!("{:.0}", row.simulated_clocks_per_second),
                format!("{:.1}", row.verilog_seconds),
                format!("{:.0}", row.model_build_seconds),
            ];
            cells.extend(row.bootstraps_per_second.map(|rate| format!("{rate:.0}")));
            cells
        };
        let reference = |reference: &Reference, n: usize| {
            let clocks = reference.clocks_per_bootstrap(n);
            let mut cells = vec![
                reference.name.to_owned(),
                reference.lanes.to_string(),
                reference.full_multipliers.to_string(),
                String::new(),
                "2048".to_owned(),
                "1".to_owned(),
                "1".to_owned(),
                String::new(),
                n.to_string(),
                String::new(),
                String::new(),
                format!("{:.2}", clocks / n as f64),
                format!("{clocks:.0}"),
                percent(reference.occupancy),
                String::new(),
                String::new(),
                String::new(),
                reference.step_alone(),
            ];
            cells.resize(heads.len() - MEGAHERTZ.len(), String::new());
            cells.extend(MEGAHERTZ.map(|mhz| format!("{:.0}", 1e6 * f64::from(mhz) / clocks)));
            cells
        };
        let n = self.rows.iter().map(|row| row.n).max().unwrap_or_default();
        let theirs = self
            .references
            .iter()
            .filter(|_| n > 0)
            .map(|r| reference(r, n));
        Grid::new(&heads, self.rows.iter().map(row).chain(theirs))
    }

    fn part_filled(&self) -> Grid {
        let row = |f: &Filled| {
            vec![
                f.lanes.to_string(),
                f.memory_model.clone(),
                f.key_port_bytes_per_clock.to_string(),
                format!("{} of {}", f.fill, f.slots),
                f.n.to_string(),
                format!("{:.2}", f.clocks_per_external_product),
                percent(f.occupancy),
                percent(f.key_wait_share),
                f.bit_exact.to_string(),
            ]
        };
        let heads = [
            "lanes",
            "memory",
            "bytes a clock",
            "fill",
            "n",
            "clocks per external product",
            "occupancy",
            "waiting for keys",
            "equal words",
        ];
        Grid::new(&heads, self.part_filled.iter().map(row))
    }

    fn memory(&self) -> Grid {
        let row = |m: &Memory| {
            let shares: Vec<String> = m
                .key_wait_share
                .iter()
                .map(|share| percent(*share))
                .collect();
            vec![
                m.lanes.to_string(),
                m.memory_model.clone(),
                m.key_port_bytes_per_clock.to_string(),
                m.slots_needed
                    .map_or("more".to_owned(), |slots| slots.to_string()),
                m.slots_by_formula.to_string(),
                shares.join(", "),
            ]
        };
        let heads = [
            "lanes",
            "memory",
            "bytes a clock",
            "slots that hide the keys",
            "by formula",
            "waiting for keys, by fill from 1",
        ];
        Grid::new(&heads, self.memory.iter().map(row))
    }

    /// The tables with their titles.
    pub fn grids(&self) -> [(&'static str, Grid); 5] {
        [
            (FULL, self.throughput()),
            ("Part-filled batches", self.part_filled()),
            (MEASURED_SLOTS, self.memory()),
            (TABLE_OF_SLOTS, slots::table_grid(&self.slots)),
            (NAMED_SLOTS, slots::named_grid(&self.configurations)),
        ]
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, grid) in self.grids() {
            if !grid.is_empty() {
                writeln!(f, "{title}\n{grid}")?;
            }
        }
        for failed in &self.failed {
            writeln!(f, "{failed}")?;
        }
        #[cfg(feature = "tfhe")]
        for software in &self.software {
            writeln!(f, "{software}")?;
        }
        if let Some(run) = &self.run {
            writeln!(f, "{run}")?;
        }
        if !self.written.is_empty() {
            writeln!(f, "Written: {}", self.written.join(", "))?;
        }
        if let Some(page) = &self.not_written {
            writeln!(
                f,
                "{page} is left as it was: a row of it is missing or misses its numbers."
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(lanes: u32, fill: usize, key_wait_share: f64) -> Filled {
        Filled {
            lanes,
            slots: 3,
            fill,
            memory_model: "ddr4".to_owned(),
            key_port_bytes_per_clock: 64,
            parameter_set: String::new(),
            n: 100,
            clocks_per_external_product: 1.0,
            occupancy: 1.0,
            key_wait_share,
            slots_for_keys: 2,
            bit_exact: true,
        }
    }

    #[test]
    fn a_failed_row_says_why() {
        let error = anyhow::anyhow!("no compiler").context("build the model");
        assert_eq!(
            Failed::new("p8", &error).to_string(),
            "Row p8 is not in the table: build the model: no compiler"
        );
    }

    #[test]
    fn slots_that_hide_the_keys() {
        let fills = [
            fill(8, 1, 0.5),
            fill(8, 2, 0.009),
            fill(8, 3, 0.001),
            fill(16, 1, 0.5),
            fill(16, 2, 0.3),
        ];
        let needed: Vec<_> = memory(&fills).iter().map(|m| m.slots_needed).collect();
        assert_eq!(needed, [Some(2), None]);
    }
}
