//! Figures of the external product.

use crate::figure::{Bench, aligned, at};
use goldilane_hdl::arith::field;
use goldilane_hdl::arith::normalise::{self, normalise_lane, offset_for};
use goldilane_hdl::arith::tile_mul::{Multiplier, mul_lane};
use goldilane_hdl::netlist::Module;
use goldilane_hdl::ntt::layout::{Layouts, Place, Step, Swap, pass, regrouping};
use goldilane_hdl::ntt::{TransformConfig, external_product, latency, product};
use goldilane_hdl::pipeline::value::{Format, TWO_LIMBS};
use goldilane_hdl::pipeline::word::ones;
use std::sync::Arc;

pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("external_product", product()),
        ("ntt_product_lane", sums()),
        ("mul_lane", multiplier()),
        ("normalise_lane", words()),
        ("transform_latencies", latencies()),
        ("transform_layouts", layouts()),
    ]
}

/// 256 coefficients in four rows of 64 lanes.
fn small() -> TransformConfig {
    TransformConfig {
        tile_registers: 2,
        key_lead: 3,
        ..TransformConfig::new(8, 6)
    }
}

/// Two digit polynomials without a gap: requests of the key, rows of the outputs.
fn product() -> String {
    let made = external_product(&small()).expect("builds");
    let mut bench = Bench::new(made.block.module());
    bench.run(8);
    // Constant polynomials of ones, a key of ones: output words of coefficient 0 are 2^8 times 2 (no factor 1 / N).
    for lane in 0..64 {
        for c in 0..2 {
            bench.set(&format!("key_{c}_{lane}"), 1);
        }
    }
    let shown = [
        "start",
        "first",
        "last",
        "digit_0",
        "key_valid",
        "key_index",
        "out_valid",
        "out_poly",
        "out_row",
        "word_0",
    ];
    let all = bench.figure(made.latency as usize + 16, &shown, |b, clock| {
        b.set("start", u128::from(clock % 4 == 0 && clock < 8));
        b.set("first", at(clock, 0..1, 1));
        b.set("last", at(clock, 4..5, 1));
        b.set("digit_0", u128::from(clock % 4 == 0 && clock < 8));
    });
    // The clocks in which something happens.
    columns(
        &all,
        &[0..9, made.key_clock as usize..made.key_clock as usize + 9],
        made.latency as usize + 4,
    )
}

/// Keeps the columns of the given ranges and the ten from `last` on, marks what is left out.
fn columns(text: &str, ranges: &[std::ops::Range<usize>], last: usize) -> String {
    let kept: Vec<std::ops::Range<usize>> = ranges
        .iter()
        .cloned()
        .chain(std::iter::once(last..last + 9))
        .collect();
    let cells: Vec<Vec<&str>> = text
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    let mut shown: Vec<Vec<String>> = cells.iter().map(|l| vec![l[0].to_owned()]).collect();
    let mut end = 0;
    for range in kept {
        for (line, cells) in shown.iter_mut().zip(&cells) {
            if range.start > end {
                line.push("..".to_owned());
            }
            let from = range.start.max(end);
            line.extend(
                cells[1 + from..1 + range.end]
                    .iter()
                    .map(|c| (*c).to_owned()),
            );
        }
        end = range.end;
    }
    aligned(&shown)
}

fn below(module: &Arc<Module>, name: &str) -> Option<Arc<Module>> {
    if module.name() == name {
        return Some(module.clone());
    }
    module.children().find_map(|(_, child)| below(child, name))
}

/// One lane, four rows, two digit polynomials whose products are added; both outputs.
fn sums() -> String {
    let made = external_product(&small()).expect("builds");
    let lane = below(made.block.module(), "ntt_product_lane").expect("a lane");
    let mut bench = Bench::new(&lane);
    bench.run(8);
    bench.set("key_0", 10);
    bench.set("key_1", 100);
    let shown = [
        "x_0", "row", "valid", "fresh", "last", "out_row", "out_poly",
    ];
    bench.figure_with(20, &shown, ("y mod p", &residue), |b, clock| {
        // Product and fold take 5 clocks: `row` is wanted 2 clocks before, `fresh` and `out_row` 1.
        let from = |first: usize| clock.checked_sub(first).filter(|i| *i < 8);
        b.set("x_0", from(0).map_or(0, |i| i as u128 + 1));
        b.set("row", from(3).map_or(0, |i| i as u128 % 4));
        b.set("valid", u128::from(from(5).is_some()));
        b.set("fresh", at(clock, 4..8, 1));
        b.set("last", at(clock, 9..13, 1));
        b.set("out_row", from(8).map_or(0, |i| i as u128 % 4));
        b.set("out_poly", at(clock, 13..17, 1));
    })
}

/// What the two limbs at `y` stand for, their offset apart.
fn residue(bench: &mut Bench) -> u128 {
    let [low, high] = [bench.get("y_0"), bench.get("y_1")];
    field::add(field::shifted(low, 0), field::shifted(high, 48)).into()
}

/// A product a clock: 3 times 5, then 2^22 times 7.
fn multiplier() -> String {
    let (block, format) = mul_lane(Multiplier::Tiles, 2).expect("builds");
    let mut bench = Bench::new(block.module());
    bench.run(8);
    let value = |b: &mut Bench| field::add(residue(b) as u64, format.offset).into();
    let shown = ["x_0", "x_1", "factor"];
    bench.figure_with(8, &shown, ("y mod p", &value), |b, clock| {
        b.set("x_0", at(clock, 0..1, 3));
        b.set("x_1", at(clock, 1..2, 1));
        b.set("factor", [5, 7, 0, 0, 0, 0, 0, 0][clock]);
    })
}

/// Limbs that stand for 2, then for 2^32 - 1, whose low half is above 2^31, so that it is rounded up.
fn words() -> String {
    let limbs = TWO_LIMBS.map(|c| (c, 52));
    let offset = offset_for(&limbs);
    let format = Format {
        limbs: TWO_LIMBS.map(|c| (c, ones(52))).to_vec(),
        offset,
    };
    let block = normalise_lane(&format).expect("builds");
    let mut bench = Bench::new(block.module());
    let values = [0, 2, u64::from(u32::MAX), 0, 0, 0, 0, 0, 0];
    let feed = move |b: &mut Bench, clock: usize| {
        let rest = u128::from(field::sub(values[clock], offset));
        b.set("x_0", rest & ones(48));
        b.set("x_1", rest >> 48);
    };
    feed(&mut bench, 0);
    bench.run(8);
    let x = |b: &mut Bench| {
        let [low, high] = [b.shown("x_0"), b.shown("x_1")];
        let sum = field::add(field::shifted(low, 0), field::shifted(high, 48));
        field::add(sum, offset).into()
    };
    bench.figure_with(9, &["y"], ("x mod p", &x), feed)
}

/// The parts of both transforms, N = 2048, two registers behind a product.
fn latencies() -> String {
    let head = ["lanes", "4", "8", "16", "32", "64", "128", "256"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    let mut line = |name: &str, of: &dyn Fn(&TransformConfig) -> i32| {
        let config = |log_lanes| TransformConfig {
            tile_registers: 2,
            ..TransformConfig::new(11, log_lanes)
        };
        let cells = (2..=8).map(|log_lanes| of(&config(log_lanes)).to_string());
        lines.push([name.to_owned()].into_iter().chain(cells).collect());
    };
    line("pass 1 and what stands in front of it", &|c| {
        latency::forward(c) - latency::forward_regrouping(c) - latency::forward_pass2(c)
    });
    line("fold, barrier, regrouping", &latency::forward_regrouping);
    line("pass 2 and fold", &latency::forward_pass2);
    line("forward transform", &latency::forward);
    line("product and sum", &product::latency);
    line("inverse pass 2", &latency::inverse_pass2);
    line("fold, barrier, regrouping", &latency::inverse_regrouping);
    line("inverse pass 1", &latency::inverse_pass1);
    line("canonical word, word modulo 2^64", &|_| {
        normalise::latency()
    });
    line("inverse transform", &latency::inverse);
    line("external product", &latency::external_product);
    aligned(&lines)
}

/// Where the bits of the two indices stand, lowest first, and the steps of the passes; N = 2048.
fn layouts() -> String {
    let mut text = String::new();
    for log_lanes in [3, 7] {
        let config = TransformConfig::new(11, log_lanes);
        let l = Layouts::new(&config);
        let places = |bits: &[Place]| {
            let name = |p: &Place| match p {
                Place::Lane(i) => format!("L{i}"),
                Place::Time(i) => format!("t{i}"),
            };
            bits.iter().map(name).collect::<Vec<_>>().join(" ")
        };
        text += &format!("{} lanes, {} rows\n", config.lanes(), config.rows());
        for (name, layout) in [
            ("digits in                m ", &l.feed),
            ("behind pass 1            j ", &l.first),
            ("behind the regrouping    j ", &l.regrouped),
            ("behind pass 2            j ", &l.forward),
            ("behind inverse pass 2    j ", &l.second_inverse),
            ("behind the regrouping    j ", &l.inverse_regrouped),
            ("behind inverse pass 1    m ", &l.out),
        ] {
            let second = if name.contains("behind pass 2") {
                "k"
            } else {
                "t"
            };
            let first = places(&layout.first);
            text += &format!("  {name} {first:<16}{second}  {}\n", places(&layout.second));
        }
        let steps = |bits: &[Place]| {
            let name = |s: &Step| match s {
                Step::Exchange { lane, time } => format!("L{lane}<>t{time}"),
                Step::Level { lane } => format!("L{lane}"),
            };
            let all: Vec<String> = pass(bits).0.iter().map(name).collect();
            all.join(" ")
        };
        for (name, bits) in [
            ("pass 1", &l.feed.first),
            ("pass 2", &l.regrouped.second),
            ("inverse pass 2", &l.forward.second),
            ("inverse pass 1", &l.inverse_regrouped.first),
        ] {
            text += &format!("  steps of {name:<16} {}\n", steps(bits));
        }
        for (name, before, after) in [
            ("forward", &l.first, &l.regrouped),
            ("inverse", &l.second_inverse, &l.inverse_regrouped),
        ] {
            let plan = regrouping(before, after);
            let swap = |s: &Swap| format!("L{} t{}>t{}", s.lane, s.from, s.to);
            let swaps: Vec<String> = plan.swaps.iter().map(swap).collect();
            let moves: Vec<String> = plan
                .moves
                .iter()
                .map(|(f, t)| format!("t{f}>t{t}"))
                .collect();
            text += &format!(
                "  regrouping {name}: swaps {}; moves {}; wait {}\n",
                swaps.join(", "),
                moves.join(", "),
                plan.wait
            );
        }
    }
    text
}
