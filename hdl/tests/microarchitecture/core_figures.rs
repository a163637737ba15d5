//! Figures of the front of the loop and the output store.

use crate::figure::{Bench, aligned, at};
use goldilane_abi::Shape;
use goldilane_hdl::arith::tile_mul::Multiplier;
use goldilane_hdl::bootstrap::Geometry;
use goldilane_hdl::bootstrap::accumulator::accumulator;
use goldilane_hdl::bootstrap::accumulator_write::accumulator_write;
use goldilane_hdl::bootstrap::core::{step_latency, transform_config};
use goldilane_hdl::bootstrap::core_front::{RESULT_TO_READ, turnaround};
use goldilane_hdl::bootstrap::decompose::{self, decompose};
use goldilane_hdl::bootstrap::output_store::output_store;
use goldilane_hdl::bootstrap::rotate::{self, rotate};
use goldilane_hdl::bootstrap::sequencer::sequencer;
use goldilane_hdl::bootstrap::sequencer_feed::sequencer_feed;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::ntt::{latency, product};

/// Four rows a polynomial, so that a figure holds them.
const SMALL: Shape = Shape {
    lanes: 64,
    max_pbs_levels: 1,
    key_switch_products: 64,
    ..Shape::TOY
};

pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("sequencer", starts()),
        ("sequencer_feed", feed()),
        ("accumulator", sums()),
        ("accumulator_write", writes()),
        ("rotate", turns()),
        ("decompose", digits()),
        ("output_store", results()),
        ("lone_step", lone_step()),
    ]
}

/// The parts of a step of a lone ciphertext, k = l = 1, N = 2048.
fn lone_step() -> String {
    let head = ["", "sim", "artix", "u280", "v80", "v80 with tiles"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    let configurations: Vec<Configuration> = ["sim", "artix", "u280", "v80"]
        .map(|name| Configuration::find(name).expect(name))
        .into_iter()
        .chain([Configuration::new("tiles", Shape::V80, Multiplier::Tiles).expect("sound")])
        .collect();
    let mut line = |name: &str, of: &dyn Fn(&Configuration) -> usize| {
        let cells = configurations.iter().map(|c| of(c).to_string());
        lines.push([name.to_owned()].into_iter().chain(cells).collect());
    };
    let geometry = |c: &Configuration| Geometry::new(c.shape);
    let config = |c: &Configuration| transform_config(&c.shape, c.multiplier);
    let product = |c: &Configuration| latency::external_product(&config(c)) as usize;
    line("rows of the digit polynomials before the last", &|c| {
        c.shape.rows() as usize
    });
    line("forward transform", &|c| {
        latency::forward(&config(c)) as usize
    });
    line("product and sum", &|c| {
        product::latency(&config(c)) as usize
    });
    line("inverse transform", &|c| {
        latency::inverse(&config(c)) as usize
    });
    line("the other rows of polynomial 0", &|c| {
        c.shape.rows() as usize - 1
    });
    line("old row and register, sum, write", &|_| RESULT_TO_READ);
    line("read of the turned row", &|c| {
        turnaround(&geometry(c))
            - RESULT_TO_READ
            - rotate::latency(&geometry(c))
            - decompose::latency(&geometry(c))
    });
    line("rotation", &|c| rotate::latency(&geometry(c)));
    line("difference and digit", &|c| {
        decompose::latency(&geometry(c))
    });
    line("one step", &|c| step_latency(&geometry(c), 1, product(c)));
    line("slots that keep the product busy", &|c| {
        step_latency(&geometry(c), 1, product(c)).div_ceil(2 * c.shape.rows() as usize)
    });
    aligned(&lines)
}

/// A batch of one slot: the first start, and the next when its place is free.
fn starts() -> String {
    let mut bench = Bench::new(&sequencer(&Geometry::new(SMALL)).expect("builds"));
    bench.set_all(&[
        ("fill", 1),
        ("steps", 2),
        ("lwe_dimension", 2),
        ("rotation_valid", 1),
        ("rotation", 9),
    ]);
    bench.run(4);
    let shown = [
        "batch_valid",
        "batch_ready",
        "batch_take",
        "batch_start",
        "lut_ready",
        "tables_done",
        "ggsw_loaded",
        "start",
        "start_rotation",
        "nearly_done",
        "slot_free",
        "rotation_step",
    ];
    bench.figure(28, &shown, |b, clock| {
        b.set("batch_valid", at(clock, 0..1, 1));
        b.set("tables_done", at(clock, 12..99, 1));
        b.set("ggsw_loaded", u128::from(clock == 13 || clock == 17));
        b.set("nearly_done", at(clock, 20..21, 1));
        b.set("slot_free", at(clock, 23..24, 1));
    })
}

/// Two polynomials of four rows in slot 1, rotated by X^10: two rows and two lanes, a lane more where the row borrows.
fn feed() -> String {
    let mut bench = Bench::new(&sequencer_feed(&Geometry::new(SMALL)).expect("builds"));
    bench.set_all(&[("levels", 1), ("slot", 1), ("rotation", 10)]);
    bench.run(4);
    let shown = [
        "start",
        "feeding",
        "digits_begin",
        "digits_first",
        "digits_last",
        "turned_address",
        "amount",
        "plain_address",
        "nearly_done",
    ];
    bench.figure(15, &shown, |b, clock| b.set("start", at(clock, 0..1, 1)))
}

/// A table's row, then a result added to it, then both read.
fn sums() -> String {
    let mut bench = Bench::new(&accumulator(&Geometry::new(Shape::TOY)).expect("builds"));
    let shown = [
        "old_address",
        "load_next",
        "write_enable_next",
        "write_address_next",
        "table_row.0",
        "result.0",
        "write_data.0",
        "plain_address",
        "plain.0",
    ];
    bench.figure(11, &shown, |b, clock| {
        b.set("load_next", at(clock, 0..1, 1));
        b.set("write_enable_next", u128::from(clock == 1 || clock == 5));
        b.set(
            "write_address_next",
            u128::from(clock == 1 || clock == 5) * 5,
        );
        b.set("table_row", at(clock, 1..2, 40));
        b.set("old_address", at(clock, 4..5, 5));
        b.set("result", at(clock, 5..6, 2));
        b.set("plain_address", at(clock, 6..9, 5));
    })
}

/// The last rows of a result's polynomial 0 and the first ones of its polynomial 1; it is the last step.
fn writes() -> String {
    let mut bench = Bench::new(&accumulator_write(&Geometry::new(SMALL), 40).expect("builds"));
    bench.set_all(&[("fill", 1), ("steps", 1)]);
    bench.run(2);
    bench.pulse("batch_start");
    bench.run(3);
    let shown = [
        "result_valid",
        "old_address",
        "write_enable_next",
        "write_address_next",
        "slot_free",
        "dump_next",
        "dump_valid",
        "dump_poly",
        "dump_row",
    ];
    bench.figure(12, &shown, |b, clock| {
        b.set("result_valid", at(clock, 1..9, 1));
    })
}

/// Rows of 16 lanes turned by 1, by 21 (16 + 5: all of them negated once more), by 0.
fn turns() -> String {
    let shape = Shape {
        lanes: 16,
        key_switch_products: 64,
        ..Shape::TOY
    };
    let mut bench = Bench::new(&rotate(&Geometry::new(shape)).expect("builds"));
    let row: Vec<u128> = (100..116).collect();
    let shown = [
        "amount",
        "row.0",
        "row.1",
        "row.15",
        "turned.0",
        "turned.1",
        "turned.15",
        "negative.0",
        "negative.1",
        "negative.15",
    ];
    bench.figure(7, &shown, |b, clock| {
        b.set("amount", [1, 21, 0, 0, 0, 0, 0][clock]);
        match clock {
            1..=3 => b.set_words("row", &row),
            _ => b.set("row", 0),
        }
    })
}

/// Base 2^4 where 2^23 is built in: a digit of 1 is 2^19. Rows with differences 2^60, -2^60 and half of the smallest digit.
fn digits() -> String {
    let shape = Shape {
        lanes: 4,
        max_pbs_levels: 1,
        ..Shape::TOY
    };
    let mut bench = Bench::new(&decompose(&Geometry::new(shape)).expect("builds"));
    bench.set_all(&[("base_log", 4), ("levels", 1)]);
    bench.run(6);
    let shown = ["turned.0", "negative.0", "plain.0", "digit.0"];
    bench.figure(7, &shown, |b, clock| {
        b.set("turned", at(clock, 1..3, 1 << 60));
        b.set("negative", at(clock, 2..3, 1));
        b.set("plain", at(clock, 3..4, 1 << 59));
    })
}

/// A result of kind 3 of a store of zeros, whose first word is 7: from the command to the first words.
fn results() -> String {
    let mut bench = Bench::new(&output_store(&Geometry::new(Shape::TOY)).expect("builds"));
    bench.set("dump_row_words", 7);
    bench.pulse("dump_valid");
    bench.set("read_kind", 3);
    bench.set("result_ready", 1);
    bench.run(3);
    let shown = [
        "read_valid",
        "read_ready",
        "result_valid",
        "result_ready",
        "result_data",
    ];
    bench.figure(19, &shown, |b, clock| {
        b.set("read_valid", at(clock, 0..1, 1))
    })
}
