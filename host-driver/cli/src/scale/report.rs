//! The table: one line a board.

use std::fmt;

use serde::Serialize;

use super::cover::Size;
use super::line::Compared;
use crate::grid::Grid;

/// Above the table of the page.
const METHOD: &str = "\
One source makes the boards of all sizes: P lanes, polynomials of N coefficients, GLWE dimension k, l levels. Each line is
a whole board (top module, Verilated, driven through the driver's queues, its memory timed as HBM2) under a short key of
full N, whose decomposition is as wide as b and l allow. All words of all ciphertexts (one ordinary, one with an encrypted
table, one with three outputs, one of words at which carries turn) are compared with the golden model's at every stage: key
switch, modulus switch, the accumulator after 0, 1, 2, n/2, n - 1 and n steps, extract. No path of a board breaks the
depth rule. Every pair of values of two of P, N, k and l occurs, but P = 256 with N = 512, which cannot be built: a
polynomial has at least four rows.

Clocks are those of the whole comparison, loading of the key included; seconds depend on the machine and on what else it
did. What was compared is kept under a hash of the board's Verilog, so a line stays true until the Verilog of its board
changes.
";

/// What became of a board.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Outcome {
    /// All words are the golden model's.
    Agrees(Compared),
    /// The first difference, or why there are no words.
    Fails { reason: String },
    /// Not asked for, and not known from before.
    NotCompared,
}

impl Outcome {
    /// A board that differs, or that there is not.
    pub fn fails(error: &anyhow::Error) -> Self {
        Self::Fails {
            reason: format!("{error:#}"),
        }
    }
}

/// A board.
#[derive(Clone, Debug, Serialize)]
struct Line {
    lanes: u32,
    polynomial_size: u32,
    glwe_dimension: u32,
    levels: u32,
    parameter_set: String,
    #[serde(flatten)]
    outcome: Outcome,
}

impl Line {
    fn new(size: &Size) -> Self {
        Self {
            lanes: size.lanes,
            polynomial_size: size.polynomial_size,
            glwe_dimension: size.glwe_dimension,
            levels: size.levels,
            parameter_set: size.set(),
            outcome: Outcome::NotCompared,
        }
    }

    fn cells(&self) -> Vec<String> {
        let size = [
            self.lanes,
            self.polynomial_size,
            self.glwe_dimension,
            self.levels,
        ];
        let rest = match &self.outcome {
            Outcome::Agrees(compared) => [
                compared.n.to_string(),
                compared.ciphertexts.to_string(),
                compared.stages.len().to_string(),
                compared.clocks.to_string(),
                format!("{:.0}", compared.build_seconds),
                format!("{:.0}", compared.seconds),
                "every word equal".to_owned(),
            ],
            Outcome::Fails { reason } => Self::empty(&reason.replace(['|', '\n'], " ")),
            Outcome::NotCompared => Self::empty("not compared"),
        };
        size.iter().map(ToString::to_string).chain(rest).collect()
    }

    fn empty(result: &str) -> [String; 7] {
        let mut cells = [const { String::new() }; 7];
        cells[6] = result.to_owned();
        cells
    }
}

/// All boards.
#[derive(Serialize)]
pub struct Report {
    /// In the order in which they are compared.
    lines: Vec<Line>,
}

impl Report {
    /// Nothing compared yet.
    pub fn new(sizes: &[Size]) -> Self {
        Self {
            lines: sizes.iter().map(Line::new).collect(),
        }
    }

    /// Says what became of board `line`.
    pub fn set(&mut self, line: usize, outcome: Outcome) {
        self.lines[line].outcome = outcome;
    }

    /// Whether no board differs or fails.
    pub fn agrees(&self) -> bool {
        let fails = |line: &Line| matches!(line.outcome, Outcome::Fails { .. });
        !self.lines.iter().any(fails)
    }

    fn grid(&self) -> Grid {
        let heads = [
            "P",
            "N",
            "k",
            "l",
            "n",
            "ciphertexts",
            "stages",
            "clocks",
            "build seconds",
            "seconds",
            "result",
        ];
        Grid::new(&heads, self.lines.iter().map(Line::cells))
    }

    /// The page, which begins with `stamp`.
    pub fn page(&self, stamp: &str) -> String {
        let stamp = match stamp {
            "" => String::new(),
            stamp => format!("{stamp}\n\n"),
        };
        format!(
            "# Every size, bit for bit\n\nWritten by `make test-scale`. {stamp}{METHOD}\n{}",
            self.grid().markdown()
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.grid().fmt(f)
    }
}
