//! Figures of key switch and modulus switch.

use crate::figure::{Bench, at};
use goldilane_abi::Shape;
use goldilane_hdl::key_switch::digits::digits;
use goldilane_hdl::key_switch::lwe_buffer::lwe_buffer;
use goldilane_hdl::key_switch::mod_switch::mod_switch;
use goldilane_hdl::key_switch::switch_store::switch_store;
use goldilane_hdl::key_switch::{Geometry, key_switch};

pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("key_switch", columns()),
        ("key_switch_digits", products()),
        ("lwe_buffer", input()),
        ("mod_switch", rotations()),
        ("switch_store", store()),
    ]
}

/// One column of two rows of coefficients and two levels: four issues.
fn columns() -> String {
    let shape = Shape {
        key_switch_products: 128,
        ..Shape::TOY
    };
    let mut bench = Bench::new(&key_switch(&Geometry::new(&shape)).expect("builds"));
    bench.set_all(&[
        ("fill", 1),
        ("lwe_dimension", 3),
        ("ks_base_log", 4),
        ("ks_levels", 2),
    ]);
    bench.run(4);
    bench.pulse("batch_start");
    bench.run(8);
    let shown = [
        "column_loaded",
        "count_switch_busy",
        "key_soon",
        "key_read",
        "key_row",
        "key_last",
        "rotation_valid",
    ];
    bench.figure(34, &shown, |b, clock| {
        b.set("column_loaded", at(clock, 0..1, 1))
    })
}

/// One coefficient, 2^63, in base 2^4 with two levels: digit 0 of level 2, then digit 8 of level 1 (a tie with nothing below), times key words of 5.
fn products() -> String {
    let mut bench = Bench::new(&digits(1).expect("builds"));
    bench.set("base", 3);
    bench.run(8);
    let shown = ["place", "first", "last", "coefficients", "keys", "sum"];
    bench.figure(11, &shown, |b, clock| {
        // The window begins at the rounding bit: 32 - 4 level.
        b.set("place", [24, 28, 0, 0, 0, 0, 0, 0, 0, 0, 0][clock]);
        b.set("first", at(clock, 0..1, 1));
        b.set("last", at(clock, 1..2, 1));
        b.set("coefficients", at(clock, 1..3, 1 << 32));
        b.set("keys", at(clock, 6..8, 5));
    })
}

/// A beat of two words, then the row that it begins.
fn input() -> String {
    let mut bench = Bench::new(&lwe_buffer(&Geometry::new(&Shape::TOY)).expect("builds"));
    bench.run(4);
    let shown = [
        "lwe_valid",
        "lwe_index",
        "read_soon",
        "read_group",
        "coefficients.0",
        "coefficients.1",
    ];
    bench.figure(12, &shown, |b, clock| {
        b.set("lwe_valid", at(clock, 1..2, 1));
        b.set("lwe_index", at(clock, 1..2, 16));
        b.set_words("lwe_data", &[5 << 31, 6 << 31]);
        b.set("read_soon", at(clock, 5..7, 1));
        b.set("read_group", at(clock, 6..8, 1));
    })
}

/// Two mask words and a body, N = 2048: rotations in units of 2^20.
fn rotations() -> String {
    let mut bench = Bench::new(&mod_switch(&Geometry::new(&Shape::SIM)).expect("builds"));
    bench.run(2);
    let shown = [
        "in_valid",
        "in_word",
        "in_first",
        "in_body",
        "out_valid",
        "out_rotation",
        "out_body",
    ];
    let words = [3 << 20, (5 << 20) + (1 << 18), (7 << 20) + 1];
    bench.figure(9, &shown, |b, clock| {
        b.set("in_valid", at(clock, 0..3, 1));
        b.set("in_word", words.get(clock).copied().unwrap_or(0));
        b.set("in_first", at(clock, 0..1, 1));
        b.set("in_body", at(clock, 2..3, 1));
    })
}

/// The rotation of slot 0 comes, later that of slot 1; both are asked for.
fn store() -> String {
    let mut bench = Bench::new(&switch_store(&Geometry::new(&Shape::TOY)).expect("builds"));
    bench.set("fill", 2);
    bench.run(2);
    bench.pulse("batch_start");
    bench.run(8);
    let shown = [
        "in_valid",
        "in_slot",
        "in_rotation",
        "rotation_slot",
        "rotation_valid",
        "rotation",
    ];
    bench.figure(16, &shown, |b, clock| {
        b.set("in_valid", u128::from(clock == 1 || clock == 8));
        b.set("in_slot", at(clock, 8..9, 1));
        b.set(
            "in_rotation",
            [0, 77, 0, 0, 0, 0, 0, 0, 88, 0, 0, 0, 0, 0, 0, 0][clock],
        );
        b.set("rotation_slot", at(clock, 8..16, 1));
    })
}
