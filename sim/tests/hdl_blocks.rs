//! Every block of the accelerator: its Verilog in Verilator against its native simulation, every output every clock,
//! under random stimuli. What the blocks compute is proven in `hdl/tests`; here the two descriptions are proven equal.

use std::sync::Arc;

use goldilane_abi::Shape;
use goldilane_hdl::netlist::{Module, RamStyle};
use goldilane_hdl::{bootstrap, cells, key_switch, ntt};
use goldilane_sim::rtl::compare_modules;

/// The toy shape with a number of slots that fills its memories: random addresses stay within them.
const TOY: Shape = Shape {
    slots: 4,
    ..Shape::TOY
};

fn agree(modules: &[Arc<Module>], clocks: u64) {
    for seed in [1, 2] {
        if let Err(error) = compare_modules(modules, clocks, seed) {
            panic!("{error}");
        }
    }
}

#[test]
fn cells_agree() {
    let style = RamStyle::Auto;
    agree(
        &[
            cells::fifo("fifo_narrow", 16, 1, 9, style).expect("fifo"),
            cells::fifo("fifo_wide", 8, 5, 64, style).expect("fifo"),
            cells::skid("skid_wide", 3, 70).expect("skid"),
            cells::crc32c("crc32c_2", 2).expect("crc"),
            cells::crc32c("crc32c_8", 8).expect("crc"),
        ],
        4000,
    );
}

#[test]
fn the_front_agrees() {
    let modules: Vec<_> = [TOY, Shape { lanes: 8, ..TOY }]
        .into_iter()
        .flat_map(|shape| {
            let g = bootstrap::Geometry::new(shape);
            [
                bootstrap::rotate::rotate(&g),
                bootstrap::decompose::decompose(&g),
                bootstrap::sequencer::sequencer(&g),
                bootstrap::accumulator::accumulator(&g),
            ]
        })
        .collect::<Result<_, _>>()
        .expect("front");
    agree(&modules, 1000);
}

#[test]
fn single_level_decomposition_agrees() {
    let shape = Shape {
        max_pbs_levels: 1,
        ..TOY
    };
    let g = bootstrap::Geometry::new(shape);
    let decompose = bootstrap::decompose::decompose(&g).expect("decompose");
    agree(&[decompose], 3000);
}

#[test]
fn the_key_switch_agrees() {
    let g = key_switch::Geometry::new(&TOY);
    agree(
        &[
            key_switch::digits::digits(16).expect("digits"),
            key_switch::lwe_buffer::lwe_buffer(&g).expect("lwe buffer"),
            key_switch::mod_switch::mod_switch(&g).expect("mod switch"),
            key_switch::key_switch(&g).expect("key switch"),
        ],
        1000,
    );
}

#[test]
fn the_forward_transform_agrees() {
    let modules: Vec<_> = [(8, 2), (9, 3)]
        .into_iter()
        .map(|(log_n, log_lanes)| {
            let config = ntt::TransformConfig::new(log_n, log_lanes);
            let forward = ntt::forward(&config, 0, 0).expect("forward");
            forward.block.module().clone()
        })
        .collect();
    agree(&modules, 1500);
}
