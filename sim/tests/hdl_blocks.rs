//! Every block of the accelerator: its Verilog in Verilator against its native simulation, every output every clock,
//! under random stimuli. What the blocks compute is proven in `hdl/tests`; here the two descriptions are proven equal.
//! The blocks of streams and transfers stand in `hdl_streams.rs`, the external product in `hdl_ntt.rs`.

mod block_lists;

use std::sync::Arc;

use block_lists::TOY;
use goldilane_abi::Shape;
use goldilane_hdl::bootstrap;
use goldilane_hdl::netlist::Module;
use goldilane_sim::rtl::compare_modules;

fn agree(modules: &[Arc<Module>], clocks: u64) {
    for seed in [1, 2] {
        if let Err(error) = compare_modules(modules, clocks, seed) {
            panic!("{error}");
        }
    }
}

#[test]
fn cells_agree() {
    agree(&block_lists::cells(), 4000);
}

#[test]
fn the_front_agrees() {
    agree(&block_lists::front(), 1000);
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
    agree(&block_lists::key_switch(), 1000);
}

#[test]
fn the_forward_transform_agrees() {
    agree(&block_lists::forward_transforms(), 1500);
}
