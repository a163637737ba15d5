//! Key switch and modulus switch.

use crate::{Random, after_reset, clocks_until, pulse};
use goldilane_abi::Shape;
use goldilane_hdl::key_switch::digits::{self, digits as digit_block};
use goldilane_hdl::key_switch::lwe_buffer::{self, lwe_buffer};
use goldilane_hdl::key_switch::mod_switch::{self, mod_switch};
use goldilane_hdl::key_switch::switch_store::{self, switch_store};
use goldilane_hdl::key_switch::{Geometry, key_switch, latency};
use goldilane_hdl::netlist::Sim;

fn shapes() -> Vec<Shape> {
    let few = Shape {
        key_switch_products: 4,
        ..Shape::TOY
    };
    vec![few, Shape::TOY, Shape::SIM, Shape::U280]
}

/// From the last clock in which a (row, level) of the first column is issued to the clock in which its rotation is said to
/// stand; it can be read `switch_store::WRITE_LATENCY - 2` clocks before that.
#[test]
fn a_column_is_a_rotation_in_the_clocks_of_the_formula() {
    for shape in shapes() {
        let g = Geometry::new(&shape);
        let module = key_switch(&g).expect("builds");
        let mut sim = after_reset(&module);
        for (name, value) in [
            ("fill", 1),
            ("lwe_dimension", 3),
            ("ks_base_log", 4),
            ("ks_levels", 4),
        ] {
            sim.set(name, value);
        }
        sim.clock();
        pulse(&mut sim, "batch_start");
        (0..8).for_each(|_| sim.clock());
        pulse(&mut sim, "column_loaded");
        clocks_until(&mut sim, "count_switch_busy");
        let mut issued = 0;
        while sim.get("count_switch_busy") == 1 {
            assert_eq!(sim.get("rotation_valid"), 0);
            issued += 1;
            sim.clock();
        }
        assert_eq!(issued, 4 * g.groups);
        let found = 1 + clocks_until(&mut sim, "rotation_valid");
        assert_eq!(
            found,
            latency(&g) + switch_store::WRITE_LATENCY - 2,
            "{shape:?}"
        );
    }
}

/// Clock in which `sum` changes when one of the inputs differs in a single clock, counted from that one.
fn change(coefficients: usize, port: &str) -> usize {
    let module = digit_block(coefficients).expect("builds");
    let run = |differs: bool| -> Vec<u128> {
        let mut sim = Sim::new(&module);
        let mut random = Random(2);
        for (name, value) in [("base", 3), ("place", 28), ("first", 1), ("last", 1)] {
            sim.set(name, value);
        }
        let words = |random: &mut Random, width| -> Vec<u128> {
            (0..coefficients).map(|_| random.bits(width) | 1).collect()
        };
        let (mut x, keys) = (words(&mut random, 33), words(&mut random, 32));
        let mut sums = Vec::new();
        for now in 0..80 {
            let here = differs && now == 40;
            sim.set_words("coefficients", &x);
            sim.set_words("keys", &keys);
            if here && port == "keys" {
                let other: Vec<u128> = keys.iter().map(|k| k ^ 0xffff).collect();
                sim.set_words("keys", &other);
            }
            if here && port == "coefficients" {
                x.iter_mut().for_each(|x| *x ^= 1 << 31 | 1 << 29);
                sim.set_words("coefficients", &x);
                x.iter_mut().for_each(|x| *x ^= 1 << 31 | 1 << 29);
            }
            sums.push(sim.get("sum"));
            sim.clock();
        }
        sums
    };
    let (plain, other) = (run(false), run(true));
    let differing: Vec<usize> = (0..80).filter(|&i| plain[i] != other[i]).collect();
    assert_eq!(differing.len(), 1, "{port}: {differing:?}");
    differing[0] - 40
}

#[test]
fn digits_take_the_clocks_of_the_formula() {
    for coefficients in [1, 2, 4, 8] {
        let latency = digits::latency(coefficients);
        // Coefficients come a clock behind `place`, keys `KEY_AT` clocks behind it.
        assert_eq!(change(coefficients, "coefficients"), latency - 1);
        assert_eq!(change(coefficients, "keys"), latency - digits::KEY_AT);
    }
}

#[test]
fn a_row_of_coefficients_takes_the_clocks_of_the_formula() {
    for shape in [Shape::TOY, Shape::SIM] {
        let g = Geometry::new(&shape);
        let module = lwe_buffer(&g).expect("builds");
        let mut sim = after_reset(&module);
        sim.set("read_soon", 1);
        for group in 0..2 {
            for beat in 0..g.products / g.beat_words {
                sim.set("lwe_valid", 1);
                let index = group * g.products + beat * g.beat_words;
                sim.set("lwe_index", index as u128);
                let word = (group as u128 + 1) << 40;
                sim.set_words("lwe_data", &vec![word; g.beat_words]);
                sim.clock();
            }
        }
        sim.set("lwe_valid", 0);
        (0..8).for_each(|_| sim.clock());
        let row = |sim: &mut Sim| sim.get_words("coefficients")[0];
        assert_eq!(row(&mut sim), 1 << 9);
        sim.set("read_group", 1);
        let mut clocks = 0;
        while row(&mut sim) == 1 << 9 {
            sim.clock();
            clocks += 1;
            assert!(clocks < 20);
        }
        assert_eq!(row(&mut sim), 2 << 9);
        assert_eq!(clocks, lwe_buffer::READ_LATENCY);
    }
}

#[test]
fn a_word_is_a_rotation_in_the_clocks_of_the_modulus_switch() {
    let module = mod_switch(&Geometry::new(&Shape::SIM)).expect("builds");
    let mut sim = after_reset(&module);
    sim.set("in_word", 3 << 20);
    pulse(&mut sim, "in_valid");
    sim.set("in_word", 0);
    assert_eq!(1 + clocks_until(&mut sim, "out_valid"), mod_switch::LATENCY);
    assert_eq!(sim.get("out_word"), 3 << 20);
    assert_eq!(sim.get("out_rotation"), 3);
}

#[test]
fn the_store_answers_in_its_latency() {
    let module = switch_store(&Geometry::new(&Shape::TOY)).expect("builds");
    let mut sim = after_reset(&module);
    sim.set("fill", 2);
    sim.clock();
    pulse(&mut sim, "batch_start");
    (0..8).for_each(|_| sim.clock());
    sim.set("in_rotation", 77);
    sim.set("in_word", 99);
    pulse(&mut sim, "in_valid");
    let found = 1 + clocks_until(&mut sim, "rotation_valid");
    assert_eq!(found, switch_store::WRITE_LATENCY);
    assert_eq!(sim.get("rotation"), 77);
    // Another step, and back: the answers follow in the latency of a read.
    for name in ["rotation_step", "entry_step"] {
        sim.set(name, 5);
    }
    (0..8).for_each(|_| sim.clock());
    assert_eq!((sim.get("rotation"), sim.get("rotation_valid")), (0, 0));
    for name in ["rotation_step", "entry_step"] {
        sim.set(name, 0);
    }
    for clock in 0..=switch_store::READ_LATENCY {
        let there = clock == switch_store::READ_LATENCY;
        let answers = ["rotation", "entry_rotation", "entry_word"].map(|name| sim.get(name));
        assert_eq!(answers, if there { [77, 77, 99] } else { [0; 3] });
        assert_eq!(sim.get("rotation_valid"), there.into());
        sim.clock();
    }
}
