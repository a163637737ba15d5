//! The lane multiplier in every form: its Verilog in Verilator against the definition and against its native simulation.

#[path = "../../hdl/tests/multiplier_bench/mod.rs"]
mod multiplier_bench;

use goldilane_hdl::arith::tile_mul::{Multiplier, latency, mul_lane};
use goldilane_hdl::netlist::emit;
use goldilane_hdl::ntt::{TransformConfig, external_product};
use goldilane_sim::rtl::{compare_modules, design};
use goldilane_sim::verilator::{Model, Options, Start, build, check_synthesis, lint};

/// Registers behind a product, as in the core.
const REGISTERS: u32 = 2;

#[test]
fn the_verilog_multiplies() {
    let vectors = multiplier_bench::vectors();
    for form in Multiplier::ALL {
        let (block, y) = mul_lane(form, REGISTERS).expect("builds");
        let design = design("mul_lane", Some("clk"), &emit(block.module()));
        lint(&design, "").expect("lint");
        let built = build(&design, &Options::default()).expect("model");
        let mut model = Model::open(&built, Start::Zeros).expect("open");
        let width = |port: &str| block.module().port_words(port).iter().sum::<u32>();
        let input = |port: &str| model.input(port, width(port)).expect(port);
        let output = |port: &str| model.output(port, width(port)).expect(port);
        let (factor, x) = (input("factor"), ["x_0", "x_1", "x_2"].map(input));
        let y_ports = ["y_0", "y_1"].map(output);
        let latency = latency(form, REGISTERS) as usize;
        for now in 0..vectors.len() + latency {
            if let Some(v) = vectors.get(now) {
                model.set(factor, v.factor);
                x.iter().zip(v.limbs).for_each(|(p, l)| model.set(*p, l));
            }
            if let Some(v) = now.checked_sub(latency).map(|i| &vectors[i]) {
                let limbs = y_ports.map(|port| model.get(port));
                let product = multiplier_bench::value(limbs, y.offset);
                assert_eq!(product, multiplier_bench::product(v), "{form:?}: {v:x?}");
            }
            model.clock().expect("clock");
        }
    }
}

/// Those that no board of the tests has; `toy` and `sim` are run as a whole.
#[test]
fn the_external_product_agrees_in_other_forms() {
    let others = [
        Multiplier::Tiles18,
        Multiplier::Karatsuba,
        Multiplier::ThreeWay,
    ];
    for multiplier in others {
        let mut config = TransformConfig::new(8, 2);
        config.multiplier = multiplier;
        config.tile_registers = REGISTERS;
        let product = external_product(&config).expect("builds");
        let module = product.block.module().clone();
        if let Err(error) = compare_modules(&[module], 1000, 1) {
            panic!("{multiplier:?}: {error}");
        }
    }
}

#[test]
fn yosys_takes_every_form() {
    for form in Multiplier::ALL {
        let (block, _) = mul_lane(form, REGISTERS).expect("builds");
        let design = design("mul_lane", Some("clk"), &emit(block.module()));
        check_synthesis(&design).expect("yosys");
    }
}
