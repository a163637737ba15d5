//! Accumulators, sequencing, key stream, output store; the step of a lone ciphertext.

use crate::{after_reset, clocks_until, pulse};
use goldilane_abi::Shape;
use goldilane_hdl::arith::tile_mul::Multiplier;
use goldilane_hdl::bootstrap::accumulator::{self, accumulator};
use goldilane_hdl::bootstrap::accumulator_write::{FREE_LEAD, accumulator_write};
use goldilane_hdl::bootstrap::core::{step_latency, transform_config};
use goldilane_hdl::bootstrap::key_stream::{Piece, Sizes, key_stream};
use goldilane_hdl::bootstrap::output_store::{first_word, output_store};
use goldilane_hdl::bootstrap::sequencer::{self, sequencer};
use goldilane_hdl::bootstrap::sequencer_feed::sequencer_feed;
use goldilane_hdl::bootstrap::{
    Geometry, core_front, key_stream_buffer, key_stream_lines, key_stream_requests,
    output_store_lanes, rotate,
};
use goldilane_hdl::cells::fifo;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::netlist::Sim;
use goldilane_hdl::ntt::latency;

/// Clocks of a step of a lone ciphertext under one level, and of its external product's rows.
fn lone_step(configuration: &Configuration) -> (usize, usize) {
    let shape = &configuration.shape;
    let config = transform_config(shape, configuration.multiplier);
    let product = latency::external_product(&config) as usize;
    let step = step_latency(&Geometry::new(*shape), 1, product);
    (step, 2 * shape.rows() as usize)
}

/// The figures that the architecture asks for at N = 2048, k = 1, and the slots that keep the product busy.
#[test]
fn a_lone_step_is_within_its_limit() {
    for (name, limit, slots) in [("u280", 124, 4), ("sim", 1120, 3), ("artix", 1120, 3)] {
        let configuration = Configuration::find(name).expect(name);
        let (step, length) = lone_step(&configuration);
        assert!(step <= limit, "{name}: {step} clocks, not {limit}");
        assert_eq!(step.div_ceil(length), slots, "{name}: {step} clocks");
        assert!(configuration.shape.slots as usize >= slots);
    }
}

/// 256 lanes keep their limit: in the default form with two clocks to spare, at `v80` with one.
#[test]
fn a_lone_step_of_256_lanes_is_within_its_limit() {
    let named = Configuration::find("v80").expect("v80").multiplier;
    assert_eq!(named, Multiplier::ThreeWay);
    for (form, clocks) in [
        (Multiplier::Tiles, 90),
        (Multiplier::Plain, 90),
        (named, 91),
    ] {
        let configuration = Configuration::new("wide", Shape::V80, form).expect("sound");
        let (step, length) = lone_step(&configuration);
        assert!(step <= 92, "{form:?}: {step} clocks");
        assert_eq!(step, clocks, "{form:?}");
        assert_eq!(step.div_ceil(length), 6, "{form:?}: {step} clocks");
    }
    const { assert!(Shape::V80.slots >= 6) };
}

#[test]
fn accumulators_write_and_read_in_their_latencies() {
    let geometry = Geometry::new(Shape::TOY);
    let module = accumulator(&geometry).expect("builds");
    let mut sim = after_reset(&module);
    let lanes = geometry.lanes();
    for name in ["old_address", "plain_address", "turned_address"] {
        sim.set(name, 5);
    }
    sim.set("write_address_next", 5);
    sim.clock();
    // The old row is asked for in clock 0, its addend and the write come in clock 1.
    sim.clock();
    sim.set_words("result", &vec![7; lanes]);
    sim.set("write_enable_next", 1);
    sim.clock();
    sim.set("write_enable_next", 0);
    sim.set_words("result", &vec![0; lanes]);
    // Clock 2: the sum is written; a row that is asked for now is the old one.
    assert_eq!(accumulator::WRITE_LATENCY, 2);
    assert_eq!(sim.get_words("write_data"), vec![7; lanes]);
    for _ in 0..=accumulator::READ_LATENCY {
        assert_eq!(sim.get_words("plain"), vec![0; lanes]);
        assert_eq!(sim.get_words("turned"), vec![0; lanes]);
        sim.clock();
    }
    // Asked for in the clock behind the write, as the addresses stand still.
    assert_eq!(sim.get_words("plain"), vec![7; lanes]);
    assert_eq!(sim.get_words("turned"), vec![7; lanes]);
    assert_eq!(core_front::RESULT_TO_READ, 3);
}

#[test]
fn a_result_is_announced_to_the_sequencer_ahead_of_its_last_row() {
    let geometry = Geometry::new(Shape::SIM);
    let module = accumulator_write(&geometry, 40).expect("builds");
    let mut sim = after_reset(&module);
    sim.set("fill", 1);
    sim.set("steps", 1);
    sim.clock();
    pulse(&mut sim, "batch_start");
    sim.clock();
    sim.set("result_valid", 1);
    let last = Shape::SIM.rows() as usize - 1;
    assert_eq!(sim.get("write_enable_next"), 0);
    let found = clocks_until(&mut sim, "slot_free");
    assert_eq!(found + FREE_LEAD as usize - 1, last);
    // Written two clocks behind `result_valid`, dumped in the same clock: it is the last step.
    let mut sim = after_reset(&module);
    sim.set("fill", 1);
    sim.set("steps", 1);
    sim.clock();
    pulse(&mut sim, "batch_start");
    (0..4).for_each(|_| sim.clock());
    sim.set("result_valid", 1);
    assert_eq!(
        clocks_until(&mut sim, "dump_valid"),
        accumulator::WRITE_LATENCY
    );
    // The row that is written then is that of the first address, not of the next.
    assert_eq!((sim.get("dump_row"), sim.get("dump_poly")), (0, 0));
}

/// A sequencer with a batch of `fill` slots whose tables and keys stand.
fn waiting_sequencer(fill: u128) -> Sim {
    let module = sequencer(&Geometry::new(Shape::TOY)).expect("builds");
    let mut sim = after_reset(&module);
    for (name, value) in [
        ("fill", fill),
        ("steps", 3),
        ("lwe_dimension", 3),
        ("tables_done", 1),
        ("rotation_valid", 1),
    ] {
        sim.set(name, value);
    }
    sim.clock();
    sim.set("batch_valid", 1);
    assert_eq!(sim.get_words("batch_take")[0], 1);
    sim.clock();
    sim.set("batch_valid", 0);
    let found = 1 + clocks_until(&mut sim, "batch_start");
    assert_eq!(found, sequencer::BEGIN_LATENCY);
    (0..20).for_each(|_| sim.clock());
    assert_eq!(sim.get("start"), 0);
    sim
}

/// A pulse at `input`, and the clocks to the start that it lets happen.
fn to_start(sim: &mut Sim, input: &str) -> usize {
    (0..20).for_each(|_| {
        assert_eq!(sim.get("start"), 0);
        sim.clock();
    });
    pulse(sim, input);
    1 + clocks_until(sim, "start")
}

#[test]
fn a_start_follows_what_it_waited_for() {
    let mut sim = waiting_sequencer(2);
    assert_eq!(
        to_start(&mut sim, "ggsw_loaded"),
        sequencer::LOADED_TO_START
    );
    sim.clock();
    assert_eq!(to_start(&mut sim, "nearly_done"), sequencer::DONE_TO_START);
    sim.clock();
    // The next step wants another GGSW and a free place.
    pulse(&mut sim, "nearly_done");
    pulse(&mut sim, "ggsw_loaded");
    assert_eq!(to_start(&mut sim, "slot_free"), sequencer::FREE_TO_START);
}

#[test]
fn the_feed_runs_as_its_timing_says() {
    for (shape, levels) in [(Shape::TOY, 3), (Shape::SIM, 1), (Shape::U280, 1)] {
        let geometry = Geometry::new(shape);
        let module = sequencer_feed(&geometry).expect("builds");
        let mut sim = after_reset(&module);
        sim.set("levels", levels);
        (0..4).for_each(|_| sim.clock());
        let slots = shape.slots as u128;
        sim.set("slot", slots - 1);
        pulse(&mut sim, "start");
        // s + 1: the row; the addresses of its slot stand a clock later.
        assert_eq!((sim.get("feeding"), sim.get("digits_begin")), (1, 1));
        let first = (slots - 1) << (geometry.row_bits() + geometry.polynomial_bits());
        sim.clock();
        assert_eq!(sim.get("turned_address"), first);
        let length = 2 * levels as usize * shape.rows() as usize;
        let mut nearly = None;
        let mut fed = 1;
        let mut plain = None;
        while sim.get("feeding") == 1 {
            if sim.get("nearly_done") == 1 {
                nearly = Some(fed);
            }
            if plain.is_none() && sim.get("plain_address") == first {
                plain = Some(fed - 1);
            }
            fed += 1;
            sim.clock();
        }
        assert_eq!(fed, length);
        assert_eq!(plain, Some(rotate::latency(&geometry)));
        // So that the next start comes in the clock of the last row, and its first row just behind it.
        let nearly = nearly.expect("announced");
        assert_eq!(nearly + sequencer::DONE_TO_START, length - 1);
    }
}

fn key_stream_of(shape: &Shape) -> Sim {
    let mut sim = after_reset(&key_stream(shape).expect("builds"));
    for (name, value) in [
        ("fill", 1),
        ("steps", 1),
        ("lwe_dimension", 1),
        ("ks_levels", 4),
        ("pbs_levels", 1),
        ("lut_ready", 1),
        ("line_req_ready", 1),
    ] {
        sim.set(name, value);
    }
    (0..8).for_each(|_| sim.clock());
    pulse(&mut sim, "batch_start");
    sim
}

#[test]
fn requests_come_at_their_interval() {
    let mut sim = key_stream_of(&Shape::TOY);
    let found = 1 + clocks_until(&mut sim, "line_req_valid");
    assert_eq!(found, key_stream_requests::FIRST);
    for _ in 0..3 {
        sim.clock();
        let found = 1 + clocks_until(&mut sim, "line_req_valid");
        assert_eq!(found, key_stream_requests::INTERVAL);
    }
}

#[test]
fn lines_are_dealt_out_in_the_clocks_of_the_formulas() {
    // Rows of a table as long as a line, and of two lines.
    let two = Shape {
        lanes: 8,
        key_switch_products: 32,
        ..Shape::TOY
    };
    for shape in [Shape::TOY, two, Shape::SIM] {
        let sizes = Sizes { shape };
        let mut sim = key_stream_of(&shape);
        clocks_until(&mut sim, "line_req_valid");
        sim.set("line_valid", 1);
        // The piece is noted in the clock in front of its request, taken behind the queue, and open then. A line leaves with
        // its last chunk.
        let open = fifo::LATENCY - 1 + key_stream_lines::OPEN_LATENCY;
        let of_line = sizes.line_words() / sizes.chunk_words(Piece::Lut);
        let left = clocks_until(&mut sim, "line_ready");
        assert_eq!(left, open + of_line - 1, "{shape:?}");
        let of_row = sizes.row_words(Piece::Lut) / sizes.chunk_words(Piece::Lut);
        let row = left + clocks_until(&mut sim, "lut_valid");
        let row_latency = key_stream_lines::row_latency(&sizes);
        assert_eq!(row, open + of_row - 1 + row_latency, "{shape:?}");
        // The GGSW: its last line, its last chunk, then its rows may be asked for.
        let mut taken = 0;
        let mut clock = 0;
        while sim.get("ggsw_loaded") == 0 {
            if sim.get("line_ready") == 1 {
                taken = clock;
            }
            clock += 1;
            sim.clock();
            // What follows is the last column.
            let lines = sizes.lines(Piece::Ggsw, 1);
            assert!(clock < 20 * lines + 5000);
        }
        let wanted = key_stream_lines::CHUNK_LATENCY + key_stream_buffer::WRITE_LATENCY;
        assert_eq!(clock - taken, wanted, "{shape:?}");
    }
}

#[test]
fn the_first_word_of_a_result_comes_in_the_clocks_of_the_formula() {
    for shape in [Shape::TOY, Shape::SIM, Shape::U280] {
        let geometry = Geometry::new(shape);
        let module = output_store(&geometry).expect("builds");
        for kind in [0, 3] {
            let mut sim = after_reset(&module);
            (0..4).for_each(|_| sim.clock());
            sim.set("read_kind", kind);
            assert_eq!(sim.get("read_ready"), 1);
            pulse(&mut sim, "read_valid");
            let found = 1 + clocks_until(&mut sim, "result_valid");
            assert_eq!(found, first_word(&geometry), "kind {kind}");
        }
        let lanes = geometry.lanes();
        let module = output_store_lanes::output_lanes(lanes, 16).expect("builds");
        let mut sim = after_reset(&module);
        let words: Vec<u128> = (1..=lanes as u128).collect();
        sim.set_words("words", &words);
        pulse(&mut sim, "write");
        (0..12).for_each(|_| sim.clock());
        assert_eq!(sim.get("word"), 1);
        sim.set("lane", lanes as u128 - 1);
        let mut clocks = 0;
        while sim.get("word") == 1 {
            sim.clock();
            clocks += 1;
        }
        assert_eq!(sim.get("word"), lanes as u128);
        assert_eq!(clocks, output_store_lanes::latency(lanes));
    }
}
