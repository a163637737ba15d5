//! The external product: its Verilog against its native simulation, under a linter and under yosys.

use goldilane_hdl::netlist::emit;
use goldilane_hdl::ntt::{TransformConfig, external_product};
use goldilane_sim::rtl::{compare_modules, design};
use goldilane_sim::verilator::{check_synthesis, lint};

fn agree(config: TransformConfig, clocks: u64) {
    let module = external_product(&config)
        .expect("builds")
        .block
        .module()
        .clone();
    for seed in [1, 2] {
        if let Err(error) = compare_modules(std::slice::from_ref(&module), clocks, seed) {
            panic!("{config:?}: {error}");
        }
    }
}

#[test]
fn toy_agrees() {
    let mut config = TransformConfig::new(8, 2);
    config.max_levels = 3;
    agree(config, 2000);
}

#[test]
fn eight_lanes_and_three_outputs_agree() {
    let mut config = TransformConfig::new(8, 3);
    config.glwe_dimension = 2;
    config.tile_registers = 2;
    agree(config, 1000);
}

/// Odd roots in the first pass: four lanes have their index in time.
#[test]
fn four_lanes_of_4096_agree() {
    agree(TransformConfig::new(12, 2), 6000);
}

#[test]
fn the_verilog_is_clean() {
    for (log_n, log_lanes) in [(8, 2), (11, 3), (12, 3)] {
        let config = TransformConfig::new(log_n, log_lanes);
        let module = external_product(&config)
            .expect("builds")
            .block
            .module()
            .clone();
        let design = design("external_product", Some("clk"), &emit(&module));
        lint(&design, "").expect("lint");
        check_synthesis(&design).expect("yosys");
    }
}
