//! Emission of a whole board: complete, the same bytes each time, no path beyond the depth rule.

use goldilane_abi::shape::CONFIGURATION_NAMES;
use goldilane_hdl::arith::tile_mul::full_multipliers;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::emit::{DEEPEST, design, emit};
use std::collections::HashSet;

#[test]
fn a_board_is_emitted_whole_and_always_the_same() {
    let toy = Configuration::find("toy").unwrap();
    let first = emit(&toy).unwrap();
    assert_eq!(first.top, "goldilane_toy");
    let names: HashSet<&str> = first.files.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(
        names.len(),
        first.files.len(),
        "every file has its own name"
    );
    for name in [
        "goldilane_toy.v",
        "bootstrap_core.v",
        "shell_controller.v",
        "tb_goldilane.sv",
    ] {
        assert!(names.contains(name), "{name}");
    }
    let text = |name: &str| {
        let file = first.files.iter().find(|f| f.name == name);
        file.unwrap_or_else(|| panic!("{name}")).text.as_str()
    };
    for line in text("files.f").lines() {
        assert!(names.contains(line), "{line}");
    }
    assert_eq!(
        text("files.f").lines().last(),
        Some("goldilane_toy.v"),
        "the top comes last"
    );
    assert!(text("modules.txt").contains("goldilane_toy.u_core.u_front"));
    for file in first.files.iter().filter(|f| f.name.ends_with(".v")) {
        assert!(
            !file.text.contains('$') || file.text.contains("$readmemh"),
            "{}",
            file.name
        );
        assert!(file.text.starts_with("// "), "{} has a header", file.name);
        let modules = file
            .text
            .lines()
            .filter(|l| l.starts_with("module "))
            .count();
        assert_eq!(modules, 1, "{}", file.name);
    }
    assert_eq!(first.deepest.len(), DEEPEST);
    assert!(
        first.deepest.iter().all(|p| p.depth.allowed()),
        "{:?}",
        first.deepest
    );
    assert_eq!(emit(&toy).unwrap().files, first.files);
}

/// Forward barrier, a product for each of k + 1 outputs, inverse barrier: in the whole board, from 4 to 256 lanes.
#[test]
fn a_board_has_as_many_full_multipliers_as_its_lanes_need() {
    for name in CONFIGURATION_NAMES {
        let configuration = Configuration::find(name).expect("a configuration");
        let (top, _) = design(&configuration).expect("builds");
        let shape = configuration.shape;
        let wanted = shape.lanes * (shape.glwe_dimension + 3);
        assert_eq!(full_multipliers(&top), wanted, "{name}");
    }
}
