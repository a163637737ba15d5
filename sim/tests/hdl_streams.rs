//! The blocks of streams and transfers: their Verilog against their native simulation, every output every clock, under
//! random stimuli. What they do is proven in `hdl/tests`; and a list shows that no block of a board is left out.

mod block_lists;

use std::collections::BTreeSet;
use std::sync::Arc;

use goldilane_hdl::config::Configuration;
use goldilane_hdl::netlist::Module;
use goldilane_hdl::top::goldilane;
use goldilane_sim::rtl::compare_modules;

fn agree(modules: &[Arc<Module>], clocks: u64) {
    for seed in [1, 2] {
        if let Err(error) = compare_modules(modules, clocks, seed) {
            panic!("{error}");
        }
    }
}

#[test]
fn the_data_movers_agree() {
    agree(&block_lists::shell_movers(), 2000);
}

#[test]
fn the_control_of_the_shell_agrees() {
    agree(&block_lists::shell_control(), 6000);
}

#[test]
fn the_streams_of_the_core_agree() {
    agree(&block_lists::core_streams(), 3000);
}

/// Modules by their kind: the name without the numbers at its end.
fn names(module: &Arc<Module>, into: &mut BTreeSet<String>) {
    let number = |c: char| c.is_ascii_digit() || c == 'x';
    into.insert(module.name().trim_end_matches(number).to_owned());
    for (_, child) in module.children() {
        names(child, into);
    }
}

/// Every module below the top of the toy board, but the core's outermost, stands in a list or inside a block of one.
/// Those two are wiring; the tests of the board run them whole.
#[test]
fn every_block_of_a_board_is_compared() {
    let mut compared = BTreeSet::new();
    for module in [
        block_lists::cells(),
        block_lists::front(),
        block_lists::key_switch(),
        block_lists::core_streams(),
        block_lists::shell_control(),
        block_lists::shell_movers(),
        vec![block_lists::toy_product()],
    ]
    .concat()
    {
        names(&module, &mut compared);
    }
    let mut board = BTreeSet::new();
    let configuration = Configuration::find("toy").expect("configuration");
    names(&goldilane(&configuration).expect("builds"), &mut board);
    let left: Vec<_> = board.difference(&compared).collect();
    assert_eq!(left, ["bootstrap_core", "goldilane_toy"]);
}
