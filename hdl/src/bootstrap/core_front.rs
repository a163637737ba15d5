//! The front of the blind-rotation loop: everything between the results of one external product and the digits of the next.
//!
//! ```text
//!   sequencer -> sequencer_feed -> accumulator -> rotate -> decompose -> digits
//!                                      ^
//!          accumulator_write  ->  addition of results, lookup tables
//! ```
//!
//! Ports: those of [`super::sequencer`] and [`super::accumulator_write`] towards the rest of the core, and
//! - `digit` (P words of b_max + 1 bits): (k+1) l R rows without gap, `digit_start` with row 0 of each digit polynomial,
//!   `digit_first`, `digit_last` where it is the first, the last of an external product;
//! - `result_valid` ONE clock before `result` (P words of 64): rows in feeding order, polynomials 0 ..= k without gap;
//! - `lut_valid`, `lut_ready`, `lut_row` (P words of 64);
//! - `dump_next`, a clock later `dump_valid`, `dump_slot`, `dump_poly`, `dump_row`, `dump_row_words`: the rows of the last step, in feeding order.
//!
//! The numbers of the batch must be held from `batch_take` on.

use super::accumulator::{self, accumulator};
use super::accumulator_write::accumulator_write;
use super::decompose::{self, decompose};
use super::geometry::Geometry;
use super::rotate::{self, rotate};
use super::sequencer::sequencer;
use super::sequencer_feed::{ROW_LATENCY, sequencer_feed};
use crate::cells::counters::linger;
use crate::netlist::{Builder, Module, NetlistError, Sig};
use std::sync::Arc;

/// Clocks from the last row of a polynomial's result to the earliest turned row that depends on it: written two clocks
/// behind `result_valid`, readable in the next.
pub const RESULT_TO_READ: usize = accumulator::WRITE_LATENCY + 1;

/// Clocks that the last zeros of a clearing need into the accumulators.
const ROWS_RUN_OUT: usize = 8;

/// Clocks from `start` of the sequencer to the first row of digits.
pub const fn digit_latency(geometry: &Geometry) -> usize {
    ROW_LATENCY + rotate::latency(geometry) + decompose::latency(geometry)
}

/// Clocks from the last `result_valid` of polynomial 0 to the `digit_start` of the same ciphertext's next step: what the
/// front adds to the latency of a step.
pub const fn turnaround(geometry: &Geometry) -> usize {
    RESULT_TO_READ - (ROW_LATENCY - 1) + digit_latency(geometry)
}

/// Builds the block. `drain`: clocks after which no result of an earlier start can come.
///
/// # Errors
/// None but errors of the generator itself.
pub fn core_front(geometry: &Geometry, drain: u32) -> Result<Arc<Module>, NetlistError> {
    let (lanes, step_bits) = (geometry.lanes(), Geometry::STEP_BITS);
    let b = Builder::new(
        &format!("bootstrap_front_p{lanes}"),
        "Sequencer, accumulators, rotation and decomposition of blind rotation.",
    );
    let input = |name: &'static str, width: u32| (name, b.input(name, width));
    let clear = input("clear", 1);
    let fill = input("fill", geometry.fill_bits());
    let steps = input("steps", step_bits);
    let levels = ("levels", b.input("pbs_levels", Geometry::LEVEL_BITS));
    let base_log = ("base_log", b.input("pbs_base_log", Geometry::BASE_LOG_BITS));
    let result_valid = input("result_valid", 1);
    let result = b.input_words("result", lanes, 64);
    let lut_row = b.input_words("lut_row", lanes, 64);

    let slot_free = b.wire("slot_free", 1);
    let nearly_done = b.wire("nearly_done", 1);
    let tables_done = b.wire("tables_done", 1);
    let results_done = b.wire("results_done", 1);
    let sequencer = b.instance(
        &sequencer(geometry)?,
        "u_sequencer",
        &[
            clear,
            fill,
            steps,
            input("lwe_dimension", step_bits),
            input("out_release", 1),
            input("batch_valid", 1),
            ("nearly_done", nearly_done),
            ("slot_free", slot_free),
            ("tables_done", tables_done),
            input("ggsw_loaded", 1),
            input("rotation_valid", 1),
            ("results_done", results_done),
            input("switch_done", 1),
            input("stream_done", 1),
            input("rotation", geometry.rotation_bits()),
            input("stream_error", 1),
            input("parity_error", 1),
        ],
    );
    let start = sequencer.get("start");
    let feed = b.instance(
        &sequencer_feed(geometry)?,
        "u_feed",
        &[
            clear,
            levels,
            ("start", start),
            ("slot", sequencer.get("start_slot")),
            ("rotation", sequencer.get("start_rotation")),
        ],
    );
    b.drive(nearly_done, feed.get("nearly_done"));
    let write = b.instance(
        &accumulator_write(geometry, drain)?,
        "u_write",
        &[
            clear,
            fill,
            steps,
            result_valid,
            ("batch_start", sequencer.get("batch_start")),
            input("lut_valid", 1),
        ],
    );
    b.drive(slot_free, write.get("slot_free"));
    b.drive(tables_done, write.get("tables_done"));
    b.drive(results_done, write.get("results_done"));

    let mut inputs: Vec<(&str, Vec<Sig>)> = [
        "load_next",
        "zero_next",
        "write_enable_next",
        "write_address_next",
        "old_address",
    ]
    .map(|name| (name, vec![write.get(name)]))
    .to_vec();
    inputs.push(("turned_address", vec![feed.get("turned_address")]));
    inputs.push(("plain_address", vec![feed.get("plain_address")]));
    inputs.push(("result", result));
    inputs.push((
        "table_row",
        lut_row.iter().map(|word| b.reg(*word)).collect(),
    ));
    let accumulator = b.instance_words(&accumulator(geometry)?, "u_accumulator", &inputs);

    let rotator = b.instance_words(
        &rotate(geometry)?,
        "u_rotate",
        &[
            ("amount", vec![feed.get("amount")]),
            ("row", accumulator.words("turned")),
        ],
    );
    let mut inputs: Vec<(&str, Vec<Sig>)> = vec![
        ("turned", rotator.words("turned")),
        ("negative", rotator.words("negative")),
        ("plain", accumulator.words("plain")),
        (base_log.0, vec![base_log.1]),
        (levels.0, vec![levels.1]),
    ];
    if rotate::leaves_half(geometry) {
        inputs.push(("half_select", vec![rotator.get("half_select")]));
    }
    if geometry.shape.max_pbs_levels > 1 {
        let place = b.delay(feed.get("place"), rotate::latency(geometry));
        inputs.push(("place", vec![place]));
    }
    let decomposer = b.instance_words(&decompose(geometry)?, "u_decompose", &inputs);
    // The way of the rows stands while there is no batch.
    let used = !sequencer.get("idle") | clear.1;
    let run = linger(&b, "rows_run", used, ROWS_RUN_OUT);
    for part in [&accumulator, &rotator, &decomposer] {
        b.gate(part, run);
    }
    b.output_words("digit", &decomposer.words("digit"));
    for (port, of_feed) in [
        ("digit_start", "digits_begin"),
        ("digit_first", "digits_first"),
        ("digit_last", "digits_last"),
    ] {
        b.output(
            port,
            b.delay(feed.get(of_feed), digit_latency(geometry) - 1),
        );
    }

    for port in [
        "lut_ready",
        "batch_ready",
        "batch_start",
        "batch_done",
        "batch_error",
        "rotation_slot",
        "rotation_step",
        "idle",
        "count_bootstraps",
        "count_key_wait",
    ] {
        b.output(port, sequencer.get(port));
    }
    b.output_words("batch_take", &sequencer.words("batch_take"));
    b.output("count_product_busy", feed.get("feeding"));
    for port in [
        "dump_next",
        "dump_valid",
        "dump_slot",
        "dump_poly",
        "dump_row",
        "clear_busy",
    ] {
        b.output(port, write.get(port));
    }
    b.output_words("dump_row_words", &accumulator.words("write_data"));
    b.finish()
}
