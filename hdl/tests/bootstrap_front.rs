//! The front of the blind-rotation loop around a behavioural external product: words against the golden model, starts
//! against the latency formulas.

#[path = "bootstrap_bench/front.rs"]
mod bench;

use bench::{Bench, Setting, build, random_batch, random_key};
use goldilane_abi::Shape;
use goldilane_golden_model::toy::ToyRandom;
use goldilane_hdl::bootstrap::{Geometry, core_front};

const TOY: Shape = Shape::TOY;

/// Batches of every fill, some cut short, one after the other.
fn run_batches(setting: Setting) {
    let module = build(&setting);
    let mut random = ToyRandom::new(17);
    let key = random_key(&setting, &mut random);
    let mut bench = Bench::new(setting, &module, &key);
    let slots = setting.shape.slots as usize;
    let plan = [
        (slots, setting.n),
        (1, setting.n),
        (slots - 1, 0),
        (1, 0),
        (slots, setting.n - 1),
        (slots - 1, setting.n),
        (1, 1),
    ];
    for (fill, steps) in plan {
        let batch = random_batch(&setting, fill, steps, &mut random);
        bench.run(&batch);
        bench.tick(&batch);
        bench.release(&batch);
    }
}

#[test]
fn batches_of_every_fill_are_the_golden_model() {
    let base = Setting {
        shape: TOY,
        base_log: 15,
        levels: 3,
        n: 3,
        product_delay: 20,
        gaps: false,
    };
    for gaps in [false, true] {
        for (base_log, levels) in [(23, 1), (15, 3), (7, 2)] {
            run_batches(Setting {
                base_log,
                levels,
                gaps,
                ..base
            });
        }
        // a single level built in, other lanes, other k, few rows
        let shape = |lanes, polynomial_size, glwe_dimension, slots| Shape {
            lanes,
            polynomial_size,
            glwe_dimension,
            slots,
            max_pbs_levels: 1,
            ..TOY
        };
        for shape in [
            shape(4, 256, 1, 3),
            shape(8, 512, 1, 4),
            shape(16, 256, 2, 3),
            shape(64, 256, 1, 5),
            shape(64, 256, 3, 2),
        ] {
            run_batches(Setting {
                shape,
                base_log: 23 - shape.glwe_dimension,
                levels: 1,
                gaps,
                ..base
            });
        }
    }
}

#[test]
fn full_size_batches_are_the_golden_model() {
    for lanes in [8, 128] {
        run_batches(Setting {
            shape: Shape {
                lanes,
                ..Shape::SIM
            },
            base_log: 23,
            levels: 1,
            n: 2,
            product_delay: 60,
            gaps: false,
        });
    }
}

/// Clocks between the starts of consecutive products of one batch.
fn intervals(setting: Setting, fill: usize) -> Vec<usize> {
    let module = build(&setting);
    let mut random = ToyRandom::new(5);
    let key = random_key(&setting, &mut random);
    let mut bench = Bench::new(setting, &module, &key);
    let batch = random_batch(&setting, fill, setting.n, &mut random);
    bench.run(&batch);
    bench.starts.windows(2).map(|w| w[1] - w[0]).collect()
}

#[test]
fn a_lone_ciphertext_waits_for_nothing_and_a_full_batch_has_no_bubbles() {
    for (lanes, size, levels, levels_built) in [
        (128, 2048, 1, 1),
        (8, 256, 1, 1),
        (4, 256, 2, 3),
        (64, 256, 1, 1),
        (64, 256, 3, 3),
    ] {
        let shape = Shape {
            lanes,
            polynomial_size: size,
            max_pbs_levels: levels_built,
            slots: 5,
            ..TOY
        };
        let setting = Setting {
            shape,
            base_log: 10,
            levels,
            n: 4,
            product_delay: 12,
            gaps: false,
        };
        let geometry = Geometry::new(shape);
        let rows = shape.rows() as usize;
        let length = 2 * levels as usize * rows;
        // last digit in, first result, last row of polynomial 0, and around
        let latency =
            (length - 1) + setting.product_delay + (rows - 1) + core_front::turnaround(&geometry);
        let lone = intervals(setting, 1);
        assert!(
            lone.iter().all(|i| *i == latency),
            "P {lanes}: {lone:?}, not {latency}"
        );
        let fill = latency.div_ceil(length);
        assert!(fill <= 5);
        let full = intervals(setting, fill);
        // only the first products wait, for their tables
        let steady = &full[fill - 1..];
        assert!(steady.iter().all(|i| *i == length), "P {lanes}: {full:?}");
    }
}

#[test]
fn the_next_batch_waits_for_the_output_store_and_checkpoints_keep_the_core() {
    let setting = Setting {
        shape: TOY,
        base_log: 12,
        levels: 2,
        n: 3,
        product_delay: 9,
        gaps: false,
    };
    let module = build(&setting);
    let mut random = ToyRandom::new(8);
    let key = random_key(&setting, &mut random);
    let mut bench = Bench::new(setting, &module, &key);
    let first = random_batch(&setting, 2, 3, &mut random);
    bench.run(&first);
    // the store is not released: all steps but the last run
    let second = random_batch(&setting, 2, 3, &mut random);
    bench.offer(&second);
    for _ in 0..20_000 {
        bench.tick(&second);
    }
    assert_eq!(bench.starts.len(), 4);
    assert!(bench.dumped.is_empty());
    bench.release(&second);
    while bench.starts.len() < 6 || !bench.results.is_empty() {
        bench.tick(&second);
    }
    for end in ["switch_done", "stream_done"] {
        bench.sim.set(end, 1);
    }
    while bench.sim.get("batch_done") == 0 {
        bench.tick(&second);
    }
    assert_eq!(bench.dumped.len(), 2 * 2 * 64);
    assert_eq!(bench.sim.get("batch_ready"), 1);
    bench.release(&second);
    // no steps: the tables themselves go to the store, and only when it is free
    let third = random_batch(&setting, 3, 0, &mut random);
    bench.run(&third);
    assert_eq!(
        bench.sim.get("batch_ready"),
        0,
        "a checkpoint keeps the core"
    );
    for _ in 0..50 {
        bench.tick(&third);
    }
    assert_eq!(bench.sim.get("batch_ready"), 0);
    bench.release(&third);
    assert_eq!(bench.sim.get("batch_ready"), 1);
}

#[test]
fn clearing_aborts_a_batch_and_the_next_one_is_right() {
    let setting = Setting {
        shape: TOY,
        base_log: 12,
        levels: 1,
        n: 3,
        product_delay: 9,
        gaps: false,
    };
    let module = build(&setting);
    let mut random = ToyRandom::new(9);
    let key = random_key(&setting, &mut random);
    let batch = random_batch(&setting, 3, 3, &mut random);
    for abort_after in [5, 300, 460, 1000, 1301] {
        let mut bench = Bench::new(setting, &module, &key);
        bench.offer(&batch);
        for _ in 0..abort_after {
            bench.tick(&batch);
        }
        bench.sim.set("clear", 1);
        bench.lut_rows.clear();
        bench.fed = None;
        bench.clearing = true;
        assert_eq!(bench.sim.get("clear_busy"), 1);
        let begun = bench.clock;
        while bench.sim.get("clear_busy") == 1 {
            bench.tick(&batch);
            assert!(bench.clock < begun + 2000, "clearing ends");
        }
        assert!(bench.results.is_empty(), "results of before are out");
        bench.sim.set("clear", 0);
        bench.clearing = false;
        assert_eq!(bench.sim.get("idle"), 1);
        bench.run(&batch);
    }
}
