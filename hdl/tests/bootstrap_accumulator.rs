//! The accumulators by themselves: what is written where, and that clearing leaves zeros in every copy.

use goldilane_abi::Shape;
use goldilane_hdl::bootstrap::Geometry;
use goldilane_hdl::bootstrap::accumulator::accumulator;
use goldilane_hdl::bootstrap::accumulator_write::accumulator_write;
use goldilane_hdl::netlist::{Builder, Module, Sig, Sim};
use std::sync::Arc;

const SHAPE: Shape = Shape::TOY;
const DRAIN: u32 = 40;

/// Accumulators and their write control, the read ports outside.
fn together() -> Arc<Module> {
    let geometry = Geometry::new(SHAPE);
    let b = Builder::new("accumulators", "Accumulators with their write control.");
    let inputs = [
        ("clear", 1),
        ("batch_start", 1),
        ("fill", geometry.fill_bits()),
        ("steps", Geometry::STEP_BITS),
        ("result_valid", 1),
        ("lut_valid", 1),
    ]
    .map(|(name, width)| (name, b.input(name, width)));
    let control = accumulator_write(&geometry, DRAIN).unwrap();
    let write = b.instance(&control, "u_write", &inputs);
    let mut ports: Vec<(&str, Vec<Sig>)> = [
        "load_next",
        "zero_next",
        "write_enable_next",
        "write_address_next",
        "old_address",
    ]
    .map(|name| (name, vec![write.get(name)]))
    .to_vec();
    for port in ["plain_address", "turned_address"] {
        ports.push((port, vec![b.input(port, geometry.address_bits())]));
    }
    ports.push(("result", b.input_words("result", geometry.lanes(), 64)));
    let table = b.input_words("lut_row", geometry.lanes(), 64);
    ports.push(("table_row", table.iter().map(|word| b.reg(*word)).collect()));
    let memory = b.instance_words(&accumulator(&geometry).unwrap(), "u_accumulator", &ports);
    b.output_words("plain", &memory.words("plain"));
    b.output_words("turned", &memory.words("turned"));
    b.output("clear_busy", write.get("clear_busy"));
    b.output("tables_done", write.get("tables_done"));
    b.output("results_done", write.get("results_done"));
    b.finish().unwrap()
}

fn word(slot: usize, row: usize, lane: usize) -> u128 {
    (slot * 1_000_000 + row * 1000 + lane + 1) as u128 | 1 << 63
}

/// Loads two tables; adds `addend` to slot 0 if there is one.
fn fill(sim: &mut Sim, addend: Option<u128>) {
    sim.set("fill", 2);
    sim.set("steps", 1);
    sim.clock();
    sim.set("batch_start", 1);
    sim.clock();
    sim.set("batch_start", 0);
    sim.clock();
    sim.set("lut_valid", 1);
    for slot in 0..2 {
        for row in 0..128 {
            let words: Vec<u128> = (0..4).map(|lane| word(slot, row, lane)).collect();
            sim.set_words("lut_row", &words);
            sim.clock();
        }
    }
    sim.set("lut_valid", 0);
    for _ in 0..4 {
        sim.clock();
    }
    assert_eq!(sim.get("tables_done"), 1);
    let Some(addend) = addend else { return };
    // control one clock ahead of the words
    sim.set_words("result", &[addend; 4]);
    sim.set("result_valid", 1);
    for _ in 0..128 {
        sim.clock();
    }
    sim.set("result_valid", 0);
    for _ in 0..4 {
        sim.clock();
    }
    assert_eq!(
        sim.get("results_done"),
        0,
        "the second slot's result is missing"
    );
}

fn rows(sim: &mut Sim, port: &str, address: &str) -> Vec<Vec<u128>> {
    (0..Geometry::new(SHAPE).accumulator_depth())
        .map(|at| {
            sim.set(address, at as u128);
            sim.clock();
            sim.get_words(port)
        })
        .collect()
}

#[test]
fn tables_and_results_lie_where_they_belong_and_clearing_leaves_zeros() {
    let module = together();
    assert!(module.depth_report().violations.is_empty());
    let mut sim = Sim::new(&module);
    let addend = (1 << 63) + 5;
    fill(&mut sim, Some(addend));
    for (port, address) in [("plain", "plain_address"), ("turned", "turned_address")] {
        for (at, words) in rows(&mut sim, port, address).iter().enumerate() {
            let (slot, row) = (at / 128, at % 128);
            for (lane, found) in words.iter().enumerate() {
                let expected = match slot {
                    0 => (word(0, row, lane) + addend) & u128::from(u64::MAX),
                    1 => word(1, row, lane),
                    _ => 0,
                };
                assert_eq!(*found, expected, "slot {slot} row {row} lane {lane}");
            }
        }
    }
    sim.set("clear", 1);
    // results of before still come
    sim.set("result_valid", 1);
    let mut clocks = 0;
    while sim.get("clear_busy") == 1 {
        sim.clock();
        clocks += 1;
        if clocks == DRAIN {
            sim.set("result_valid", 0);
        }
    }
    assert!((384..=600).contains(&clocks), "{clocks} clocks");
    sim.clock();
    assert_eq!(sim.get("clear_busy"), 0, "once only");
    sim.set("clear", 0);
    for (port, address) in [("plain", "plain_address"), ("turned", "turned_address")] {
        let all = rows(&mut sim, port, address);
        assert!(all.iter().flatten().all(|word| *word == 0), "{port}");
    }
    // The third copy shows in sums: results onto what clearing left.
    sim.set("batch_start", 1);
    sim.clock();
    sim.set("batch_start", 0);
    sim.clock();
    sim.set_words("result", &[7; 4]);
    sim.set("result_valid", 1);
    for _ in 0..256 {
        sim.clock();
    }
    sim.set("result_valid", 0);
    for _ in 0..4 {
        sim.clock();
    }
    let all = rows(&mut sim, "plain", "plain_address");
    assert!(all[..256].iter().flatten().all(|word| *word == 7));
    // and counting began anew: the next tables go to slot 0
    fill(&mut sim, None);
    let found = &rows(&mut sim, "plain", "plain_address")[5];
    assert_eq!(found[1], word(0, 5, 1));
}
