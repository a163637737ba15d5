//! The whole core, from big LWE ciphertexts to bootstraps, against the golden model at every checkpoint.

#[path = "bootstrap_bench/core.rs"]
mod bench;

use bench::{Bench, Entry, Loaded, Numbers, entries, load_key, load_table};
use goldilane_abi::Shape;
use goldilane_golden_model::Stage;
use goldilane_golden_model::toy::ToyRandom;
use goldilane_hdl::arith::tile_mul::Multiplier;
use goldilane_hdl::bootstrap::Geometry;
use goldilane_hdl::bootstrap::core::{bootstrap_core, step_latency, transform_config};
use goldilane_hdl::netlist::Module;
use goldilane_hdl::ntt::external_product;
use std::sync::Arc;

fn toy() -> Arc<Module> {
    let module = bootstrap_core(&Shape::TOY, Multiplier::Tiles).unwrap();
    assert_eq!(module.depth_violations(), []);
    module
}

#[test]
fn toy_batches_are_the_golden_model_at_every_checkpoint() {
    let shape = Shape::TOY;
    let module = toy();
    let mut random = ToyRandom::new(1);
    for gaps in [false, true] {
        let mut bench = Bench::new(shape, &module, gaps);
        let runs: [(Numbers, usize); 5] = [
            ((3, (23, 1), (4, 4)), 3),
            ((4, (15, 3), (3, 5)), 1),
            ((1, (7, 2), (1, 8)), 2),
            ((5, (10, 1), (4, 8)), 2),
            ((2, (21, 3), (2, 1)), 3),
        ];
        for (i, (numbers, fill)) in runs.into_iter().enumerate() {
            let mut loaded = load_key(&shape, numbers, &mut random);
            let entries = entries(&shape, &mut loaded, fill, &mut random);
            let bank = i as u128 % 2;
            let n = numbers.0;
            let plan = [
                (Stage::Extract, n),
                (Stage::KeySwitch, 0),
                (Stage::ModSwitch, 0),
                (Stage::Accumulator(0), 0),
                (Stage::Accumulator(n - 1), n - 1),
                (Stage::Accumulator(n), n),
            ];
            // all checkpoints of the first key, two of each other
            let others = if i == 0 { 0..6 } else { 0..1 + i % 2 };
            for (stage, steps) in plan[others].iter().copied() {
                bench.submit(&loaded, &entries, bank, steps);
                assert_eq!(bench.wait(&loaded), 0);
                let offsets: &[usize] = match stage {
                    Stage::Extract => &[0, 255, 256],
                    _ => &[0],
                };
                bench.compare(&loaded, &entries, stage, offsets);
                bench.release(&loaded);
            }
        }
    }
}

#[test]
fn the_next_batch_runs_while_results_are_read() {
    let shape = Shape::TOY;
    let module = toy();
    let mut random = ToyRandom::new(2);
    let mut loaded = load_key(&shape, (6, (23, 1), (4, 4)), &mut random);
    let batches: Vec<Vec<Entry>> = (0..4)
        .map(|i| entries(&shape, &mut loaded, 1 + i % 3, &mut random))
        .collect();
    let mut bench = Bench::new(shape, &module, false);
    let tables = |loaded: &mut Loaded, entries: &[Entry]| {
        for entry in entries {
            load_table(&shape, loaded, entry.lut_slot, &entry.lut);
        }
    };
    tables(&mut loaded, &batches[0]);
    bench.submit(&loaded, &batches[0], 0, 6);
    for (i, batch) in batches.iter().enumerate() {
        assert_eq!(bench.wait(&loaded), 0);
        if let Some(next) = batches.get(i + 1) {
            tables(&mut loaded, next);
            bench.submit(&loaded, next, (i as u128 + 1) % 2, 6);
        }
        bench.compare(&loaded, batch, Stage::Extract, &[0, 300]);
        assert_eq!(bench.done, None, "the next one waits for the store");
        bench.release(&loaded);
    }
}

#[test]
fn a_wrong_checksum_or_parity_is_the_batch_s_error_and_the_next_is_right() {
    let shape = Shape::TOY;
    let module = toy();
    let mut random = ToyRandom::new(3);
    let mut loaded = load_key(&shape, (3, (12, 2), (4, 4)), &mut random);
    let entries = entries(&shape, &mut loaded, 2, &mut random);
    let mut bench = Bench::new(shape, &module, false);
    // 2 tables, 4 columns, 3 GGSWs
    for wrong in [0, 2, 8] {
        bench.checks = 0;
        bench.wrong_check = Some(wrong);
        bench.submit(&loaded, &entries, 0, 3);
        assert_eq!(bench.wait(&loaded), 1, "check {wrong}");
        assert_eq!(bench.checks, 9);
        bench.release(&loaded);
    }
    bench.wrong_check = None;
    bench.sim.set("parity_fault", 1);
    bench.submit(&loaded, &entries, 1, 3);
    assert_eq!(bench.wait(&loaded), 2, "parity");
    bench.release(&loaded);
    bench.sim.set("parity_fault", 0);
    bench.submit(&loaded, &entries, 1, 3);
    assert_eq!(bench.wait(&loaded), 0);
    bench.compare(&loaded, &entries, Stage::Extract, &[0]);
}

#[test]
fn clearing_aborts_at_any_time_and_leaves_nothing_behind() {
    let shape = Shape::TOY;
    let module = toy();
    let mut random = ToyRandom::new(4);
    let mut loaded = load_key(&shape, (3, (23, 1), (4, 4)), &mut random);
    let entries = entries(&shape, &mut loaded, 3, &mut random);
    let mut bench = Bench::new(shape, &module, false);
    for after in [1, 700, 2300, 3500] {
        bench.submit(&loaded, &entries, 0, 3);
        for _ in 0..after {
            bench.tick(&loaded);
        }
        bench.sim.set("clear", 1);
        bench.sim.clock();
        let mut clocks = 0;
        while bench.sim.get("clear_busy") == 1 || clocks < 2 {
            // requests of before are forgotten; their lines still come
            bench.tick(&loaded);
            bench.done = None;
            clocks += 1;
            assert!(clocks < 20_000, "clearing ends");
        }
        bench.requests.clear();
        bench.check_in.clear();
        bench.sim.set("clear", 0);
        bench.tick(&loaded);
        assert_eq!(bench.sim.get("core_idle"), 1);
        // nothing of the results is left
        let words = bench.read(&loaded, 1, 3, 0);
        assert!(words.iter().all(|word| *word == 0), "after {after}");
        bench.submit(&loaded, &entries, 1, 3);
        assert_eq!(bench.wait(&loaded), 0, "after {after}");
        bench.compare(&loaded, &entries, Stage::Extract, &[0]);
        bench.release(&loaded);
    }
}

/// Clocks of a batch from its taking to its end, and the clocks in which only keys were missing.
fn batch_clocks(shape: &Shape, form: Multiplier, n: usize, fill: usize) -> (usize, usize) {
    let module = bootstrap_core(shape, form).unwrap();
    let mut random = ToyRandom::new(6);
    let mut loaded = load_key(shape, (n, (23, 1), (4, 4)), &mut random);
    let entries = entries(shape, &mut loaded, fill, &mut random);
    let mut bench = Bench::new(*shape, &module, false);
    bench.submit(&loaded, &entries, 0, n);
    let begin = bench.clocks;
    assert_eq!(bench.wait(&loaded), 0);
    let rows = shape.rows() as usize;
    assert_eq!(bench.busy, n * fill * 2 * rows, "clocks of the product");
    // Four levels of each coefficient of a column, for n mask words and the body of each ciphertext.
    let column = 4 * (shape.polynomial_size / shape.key_switch_products) as usize;
    let clocks = (n + 1) * fill * column;
    assert_eq!(bench.switch_busy, clocks, "clocks of the key switch");
    (bench.clocks - begin, bench.key_wait)
}

#[test]
fn steps_take_the_clocks_of_the_formula_and_a_full_batch_has_no_bubbles() {
    // lines wide enough that keys come in time
    let shape = Shape {
        max_pbs_levels: 1,
        slots: 4,
        memory_ports: 4,
        ..Shape::TOY
    };
    let geometry = Geometry::new(shape);
    let step = |form: Multiplier| {
        let product = external_product(&transform_config(&shape, form)).unwrap();
        step_latency(&geometry, 1, product.latency as usize)
    };
    // whatever the latency of the multiplier
    for form in [Multiplier::Karatsuba, Multiplier::ThreeWay] {
        let clocks = |n: usize| batch_clocks(&shape, form, n, 1).0;
        assert_eq!(clocks(5) - clocks(3), 2 * step(form), "{form:?}");
    }
    let form = Multiplier::Plain;
    let step = step(form);
    let clocks = |n: usize, fill: usize| batch_clocks(&shape, form, n, fill).0;
    assert_eq!(clocks(5, 1) - clocks(3, 1), 2 * step);
    let product_clocks = 2 * shape.rows() as usize;
    assert!(3 * product_clocks >= step);
    assert_eq!(clocks(5, 3) - clocks(3, 3), 2 * 3 * product_clocks);
    assert_eq!(clocks(5, 4) - clocks(3, 4), 2 * 4 * product_clocks);
}

#[test]
fn full_size_batches_are_the_golden_model() {
    let shape = Shape::SIM;
    let module = bootstrap_core(&shape, Multiplier::Tiles).unwrap();
    assert_eq!(module.depth_violations(), []);
    let mut random = ToyRandom::new(5);
    let mut bench = Bench::new(shape, &module, false);
    let plan: [(Numbers, usize, &[Stage]); 2] = [
        ((2, (23, 1), (4, 4)), 4, &[Stage::Extract]),
        (
            (2, (20, 1), (3, 5)),
            1,
            &[Stage::KeySwitch, Stage::Accumulator(1)],
        ),
    ];
    for (numbers, fill, stages) in plan {
        let mut loaded = load_key(&shape, numbers, &mut random);
        let entries = entries(&shape, &mut loaded, fill, &mut random);
        for &stage in stages {
            let steps = match stage {
                Stage::KeySwitch => 0,
                Stage::Accumulator(steps) => steps,
                _ => numbers.0,
            };
            bench.submit(&loaded, &entries, 0, steps);
            let begin = bench.clocks;
            assert_eq!(bench.wait(&loaded), 0);
            // what a batch costs beyond its external products is under a percent of a full-length one
            let products = steps * fill.max(3) * 512;
            assert!(bench.clocks - begin < products + 4500);
            let offsets: &[usize] = if stage == Stage::Extract {
                &[0, 77]
            } else {
                &[0]
            };
            bench.compare(&loaded, &entries, stage, offsets);
            bench.release(&loaded);
        }
    }
}
