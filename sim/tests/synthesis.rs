//! What yosys makes of the lane multiplier: the DSP blocks that every form promises, for the chips that it is made for.
//!
//! A DSP58 is unknown to yosys. That the six products of that form fit one each is seen by their widths, in
//! `hdl/tests/ntt_leaves.rs`.

use goldilane_hdl::arith::tile_mul::{Multiplier, mul_lane};
use goldilane_hdl::netlist::emit;
use goldilane_sim::rtl::design;
use goldilane_sim::verilator::{Family, synthesise};

/// The name of the DSP block of a family.
fn block_of(family: Family) -> &'static str {
    match family {
        Family::Ecp5 => "MULT18X18D",
        Family::Series7 => "DSP48E1",
        Family::UltraScalePlus => "DSP48E2",
    }
}

/// Every product of the form takes one DSP block of the family. Two registers stand behind it, as in the core.
fn takes_one_block_a_product(form: Multiplier, family: Family) {
    let (block, _) = mul_lane(form, 2).expect("builds");
    let design = design("mul_lane", Some("clk"), &emit(block.module()));
    let cells = synthesise(&design, family).expect("synthesis");
    let blocks: Vec<_> = cells
        .iter()
        .filter(|(name, _)| name.starts_with("DSP") || name.starts_with("MULT"))
        .collect();
    let wanted = (&block_of(family).to_owned(), &(form.products() as u64));
    assert_eq!(blocks, [wanted], "{form:?} on {}", family.name());
}

#[test]
fn tiles_take_12_dsp48e1() {
    takes_one_block_a_product(Multiplier::Tiles, Family::Series7);
}

#[test]
fn karatsuba_takes_9_dsp48e1() {
    takes_one_block_a_product(Multiplier::Karatsuba, Family::Series7);
}

#[test]
fn small_tiles_take_16_mult18x18d() {
    takes_one_block_a_product(Multiplier::Tiles18, Family::Ecp5);
}

#[test]
#[ignore = "slow: make test-synthesis"]
fn ultrascale_plus_takes_as_many() {
    for form in [Multiplier::Tiles, Multiplier::Karatsuba] {
        takes_one_block_a_product(form, Family::UltraScalePlus);
    }
}
