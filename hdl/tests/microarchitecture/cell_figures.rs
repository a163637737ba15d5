//! Figures of the cells.

use crate::figure::{Bench, at};
use goldilane_hdl::cells::{counters, crc32c, fifo, join, skid};
use goldilane_hdl::netlist::{Builder, RamStyle};

pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("fifo", queue()),
        ("skid", skids()),
        ("crc32c", crc()),
        ("join", joined()),
        ("linger", gate()),
        ("run", counted()),
    ]
}

/// Three words into an empty queue whose reader waits.
fn queue() -> String {
    let module = fifo("fifo", 8, 1, 8, RamStyle::Lut).expect("builds");
    let mut bench = Bench::new(&module);
    bench.run(2);
    let shown = [
        "in_valid",
        "in_ready",
        "in_data",
        "out_valid",
        "out_ready",
        "out_data",
    ];
    bench.figure(10, &shown, |b, clock| {
        b.set("in_valid", at(clock, 0..3, 1));
        b.set("in_data", at(clock, 0..3, clock as u128 + 11));
        b.set("out_ready", at(clock, 4..99, 1));
    })
}

/// The reader stops for two clocks.
fn skids() -> String {
    let mut bench = Bench::new(&skid("skid", 1, 8).expect("builds"));
    bench.run(2);
    let shown = [
        "in_valid",
        "in_ready",
        "in_data",
        "out_valid",
        "out_ready",
        "out_data",
    ];
    let mut sent = 11;
    bench.figure(10, &shown, |b, clock| {
        b.set("out_ready", u128::from(clock != 2 && clock != 3));
        b.set("in_valid", u128::from(sent < 16));
        b.set("in_data", if sent < 16 { sent } else { 0 });
        sent += u128::from(sent < 16) * b.get("in_ready");
    })
}

/// Beats of two words: a whole one, then one of which one word counts.
fn crc() -> String {
    let mut bench = Bench::new(&crc32c("crc", 2).expect("builds"));
    bench.run(2);
    let shown = ["in_valid", "in_first", "in_last", "in_words", "crc_valid"];
    bench.figure(12, &shown, |b, clock| {
        b.set("in_valid", at(clock, 0..2, 1));
        b.set("in_first", at(clock, 0..1, 1));
        b.set("in_last", at(clock, 1..2, 1));
        b.set("in_words", at(clock, 1..2, 1));
    })
}

/// Seven senders: two layers. The first six have given two events, the last one gives its own one after the other.
fn joined() -> String {
    let b = Builder::new("joined", "A join.");
    let all: Vec<_> = (0..7).map(|i| b.input(&format!("event_{i}"), 1)).collect();
    b.output("joined", join::join(&b, "events", 3, &all));
    let mut bench = Bench::new(&b.finish().expect("builds"));
    bench.figure(11, &["event_0", "event_6", "joined"], |b, clock| {
        for i in 0..6 {
            b.set(&format!("event_{i}"), at(clock, 0..2, 1));
        }
        b.set("event_6", u128::from(clock == 4 || clock == 7));
    })
}

/// A gate of three clocks.
fn gate() -> String {
    let b = Builder::new("gate", "The enable of a clock gate.");
    b.output("run", counters::linger(&b, "run_reg", b.input("on", 1), 3));
    let mut bench = Bench::new(&b.finish().expect("builds"));
    bench.run(12);
    bench.figure(12, &["on", "run"], |b, clock| {
        b.set("on", at(clock, 1..3, 1))
    })
}

/// A count of three.
fn counted() -> String {
    let b = Builder::new("counted", "A count whose length is known at run time.");
    let length = counters::length(&b, b.input("length", 3));
    let (enable, restart) = (b.input("enable", 1), b.input("restart", 1));
    let run = counters::run(&b, "count", length, enable, restart);
    b.output("value", run.value);
    b.output("last", run.last);
    let mut bench = Bench::new(&b.finish().expect("builds"));
    bench.set("length", 3);
    bench.run(2);
    let shown = ["restart", "enable", "value", "last"];
    bench.figure(10, &shown, |b, clock| {
        b.set("restart", at(clock, 0..1, 1));
        b.set("enable", u128::from(clock != 0 && clock != 3));
    })
}
