//! Which stage of the core works in which clock: gaps between the bars of the picture ([`svg`]) are bubbles.
//!
//! The signals come from a trace of the Verilated board ([`trace`]). A stage works where its signals are all 1; a stage
//! that only says when a polynomial begins works in the clocks of its rows, which follow each other without gap.

mod svg;
mod trace;

use std::path::PathBuf;

use goldilane_sim::rtl::Wave;
use serde::{Deserialize, Serialize};

pub use trace::read;

/// How a trace shows that a stage works.
enum Sign {
    /// These are all 1.
    High(&'static [&'static str]),
    /// This is 1 for a clock where row 0 of a polynomial comes in.
    Polynomials(&'static str),
}

/// Stages in the order of the work, and their signals below the board.
const STAGES: [(&str, Sign); 12] = [
    ("input words", Sign::High(&["u_core.lwe_valid"])),
    (
        "lines of keys and tables",
        Sign::High(&["u_core.line_valid", "u_core.line_ready"]),
    ),
    ("key switch", Sign::High(&["u_core.count_switch_busy"])),
    (
        "modulus switch",
        Sign::High(&["u_core.u_key_switch.u_mod_switch_out_valid"]),
    ),
    (WAITING, Sign::High(&["u_core.count_key_wait"])),
    (
        "rotate, decompose",
        Sign::High(&["u_core.count_product_busy"]),
    ),
    (
        "forward NTT",
        Sign::Polynomials("u_core.u_front_digit_start"),
    ),
    (
        PRODUCT,
        Sign::High(&["u_core.u_external_product_key_valid"]),
    ),
    (
        "inverse NTT",
        Sign::High(&["u_core.u_external_product.output_valid"]),
    ),
    (
        "accumulator write",
        Sign::High(&["u_core.u_front.u_write_write_enable_next"]),
    ),
    (
        "extract: rows to the output",
        Sign::High(&["u_core.u_front_dump_valid"]),
    ),
    (
        "results",
        Sign::High(&["u_core.result_valid", "u_core.result_ready"]),
    ),
];

/// The row whose pauses cost most: the multipliers have no work.
const PRODUCT: &str = "product with the key";
/// The one row of the picture that is no work.
const WAITING: &str = "a step waits for its key";

/// A stage's work: spans `from .. to` of half clocks.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stage {
    name: String,
    spans: Vec<(u64, u64)>,
}

/// The work of all stages in a window.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Timeline {
    stages: Vec<Stage>,
    /// First and last time of the trace, in half clocks.
    window: (u64, u64),
}

/// The trace that [`read`] needs: the board, its core, and the core's blocks.
pub fn wave((from, to): (u64, u64), path: PathBuf) -> Wave {
    Wave {
        from,
        to,
        path,
        scope: None,
        levels: 3,
    }
}
