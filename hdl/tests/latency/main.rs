//! Latencies, measured in the native simulation, against the formulas that stand beside the blocks.

mod cells;
mod core;
mod key_switch;
mod shell;
mod transform;

use goldilane_hdl::netlist::{Module, Sim};
use std::sync::Arc;

/// A simulation behind its reset.
fn after_reset(module: &Arc<Module>) -> Sim {
    let mut sim = Sim::new(module);
    if module.has_reset() {
        sim.set("rst", 1);
        sim.clock();
        sim.set("rst", 0);
    }
    sim
}

/// Clocks until the output is 1: 0 if it is already.
fn clocks_until(sim: &mut Sim, output: &str) -> usize {
    for clocks in 0..5000 {
        if sim.get(output) == 1 {
            return clocks;
        }
        sim.clock();
    }
    panic!("{output} stays 0");
}

/// 1 at the input for a clock.
fn pulse(sim: &mut Sim, input: &str) {
    sim.set(input, 1);
    sim.clock();
    sim.set(input, 0);
}

/// The module `name` at or below `module`.
fn below(module: &Arc<Module>, name: &str) -> Option<Arc<Module>> {
    if module.name() == name {
        return Some(module.clone());
    }
    module.children().find_map(|(_, child)| below(child, name))
}

/// splitmix64
struct Random(u64);

impl Random {
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn bits(&mut self, width: u32) -> u128 {
        u128::from(self.word()) & ((1 << width) - 1)
    }
}
