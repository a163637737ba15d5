//! Figures of the key stream.

use crate::figure::{Bench, at};
use goldilane_abi::Shape;
use goldilane_hdl::bootstrap::key_stream::{Piece, Sizes, key_stream};
use goldilane_hdl::bootstrap::key_stream_lines::line_distributor;
use goldilane_hdl::bootstrap::key_stream_requests::line_requests;

pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("line_requests", requests()),
        ("line_distributor", lines()),
        ("key_stream", buffers()),
    ]
}

fn stream_numbers(bench: &mut Bench) {
    bench.set_all(&[("ks_levels", 1), ("pbs_levels", 1)]);
}

/// A batch of one slot and one step: its table, column 0, GGSW 0, column 1.
fn requests() -> String {
    let mut bench = Bench::new(&line_requests(&Sizes { shape: Shape::TOY }).expect("builds"));
    stream_numbers(&mut bench);
    bench.set_all(&[
        ("fill", 1),
        ("steps", 1),
        ("lwe_dimension", 1),
        ("line_req_ready", 1),
        ("ksk_line", 1000),
        ("bsk_line", 2000),
    ]);
    bench.run(4);
    let shown = [
        "batch_start",
        "line_req_valid",
        "line_req_line",
        "line_req_count",
        "piece_valid",
        "piece_kind",
    ];
    bench.figure(32, &shown, |b, clock| {
        b.set("batch_start", at(clock, 0..1, 1));
        let there = b.get("piece_valid");
        b.set("piece_ready", there);
    })
}

/// A table whose rows are two lines long.
fn lines() -> String {
    let shape = Shape {
        lanes: 8,
        key_switch_products: 32,
        ..Shape::TOY
    };
    let mut bench = Bench::new(&line_distributor(&Sizes { shape }).expect("builds"));
    stream_numbers(&mut bench);
    bench.set_all(&[("lut_ready", 1), ("column_room", 1), ("ggsw_room", 1)]);
    bench.run(4);
    let shown = [
        "piece_valid",
        "piece_ready",
        "line_valid",
        "line_ready",
        "line_data.0",
        "lut_valid",
        "lut_row.0",
        "lut_row.4",
    ];
    let mut line = 0;
    bench.figure(14, &shown, |b, clock| {
        b.set("piece_valid", at(clock, 0..1, 1));
        b.set("line_valid", 1);
        b.set("line_data", 10 + line);
        line += b.get("line_ready");
    })
}

/// The lines of a table and of a column, each the number of the line; then the column's rows, two lines each.
fn buffers() -> String {
    let shape = Shape {
        slots: 1,
        ..Shape::TOY
    };
    let mut bench = Bench::new(&key_stream(&shape).expect("builds"));
    stream_numbers(&mut bench);
    bench.set_all(&[
        ("fill", 1),
        ("steps", 1),
        ("lwe_dimension", 1),
        ("line_req_ready", 1),
        ("lut_ready", 1),
        ("line_valid", 1),
    ]);
    bench.run(4);
    bench.pulse("batch_start");
    let table = Sizes { shape }.lines(Piece::Lut, 1) as u128;
    let mut line = 0;
    let mut next = move |bench: &mut Bench| {
        bench.set(
            "line_data",
            if line < table { 0 } else { 100 + line - table },
        );
        line += bench.get("line_ready");
    };
    // Until the column's last line is at the head.
    next(&mut bench);
    while bench.shown("line_data.0") != 131 {
        bench.run(1);
        next(&mut bench);
    }
    let shown = [
        "line_valid",
        "line_ready",
        "line_data.0",
        "column_loaded",
        "key_soon",
        "key_read",
        "key_row",
        "key_words.0",
        "key_words.4",
    ];
    bench.figure(13, &shown, |b, clock| {
        if clock > 0 {
            next(b);
        }
        b.set("key_soon", at(clock, 5..7, 1));
        b.set("key_read", at(clock, 6..8, 1));
        b.set("key_row", at(clock, 7..8, 1));
    })
}
