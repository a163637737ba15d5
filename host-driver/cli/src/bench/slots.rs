//! Ciphertexts that a batch must have, by the formula of [`goldilane_hdl::bootstrap::slots`]: for every number of lanes and
//! every width of board memory, and for the named configurations.

use anyhow::Result;
use goldilane_abi::Shape;
use goldilane_abi::shape::CONFIGURATION_NAMES;
use goldilane_hdl::arith::tile_mul::Multiplier;
use goldilane_hdl::bootstrap::core::transform_config;
use goldilane_hdl::bootstrap::slots::{FULL_RATE, Step};
use goldilane_hdl::ntt::latency;
use goldilane_sim::axi::Timing;
use serde::Serialize;

use crate::configuration::{self, Configuration};
use crate::grid::Grid;

/// Levels of the key switch of the set with the most key: 104 KiB a step at N = 2048.
const MOST_KS_LEVELS: usize = 5;
/// Levels of the set of the demo.
const KS_LEVELS: usize = 4;
/// Lanes of the table.
const LANES: [u32; 7] = [4, 8, 16, 32, 64, 128, 256];
/// Board memories of the table: what it is, ports, bits of a port, model.
const MEMORIES: [(&str, u32, u32, Timing); 7] = [
    ("DDR4, half a channel", 1, 256, Timing::DDR4),
    ("DDR4, 1 channel", 1, 512, Timing::DDR4),
    ("DDR4, 2 channels", 2, 512, Timing::DDR4),
    ("HBM2, 8 ports", 8, 256, Timing::HBM2),
    ("HBM2, 16 ports", 16, 256, Timing::HBM2),
    ("HBM2, 32 ports", 32, 256, Timing::HBM2),
    ("HBM2e, 32 wide ports", 32, 512, Timing::HBM2E),
];

/// What the formula says of a configuration.
pub fn step(configuration: &Configuration, levels: (usize, usize), beats_per_256: usize) -> Step {
    let shape = configuration.shape;
    let product = latency::external_product(&transform_config(&shape, configuration.multiplier));
    Step::new(shape, product as usize, levels, beats_per_256)
}

/// A board, and the batch that it needs.
#[derive(Clone, Debug, Serialize)]
pub struct Slots {
    /// Of a named configuration; else the memory.
    pub name: String,
    pub lanes: u32,
    pub key_port_bytes_per_clock: usize,
    /// Beats of a port in 256 clocks.
    pub beats_per_256: usize,
    pub clocks_of_product: usize,
    pub clocks_of_latency: usize,
    pub clocks_of_delivery: usize,
    pub slots_for_latency: usize,
    pub slots_for_keys: usize,
    /// Slots that the configuration has; none for a board of the table.
    pub slots: Option<u32>,
}

impl Slots {
    fn new(name: &str, configuration: &Configuration, ks_levels: usize, beats: usize) -> Self {
        let shape = &configuration.shape;
        let step = step(configuration, (1, ks_levels), beats);
        Self {
            name: name.to_owned(),
            lanes: shape.lanes,
            key_port_bytes_per_clock: shape.line_bytes(),
            beats_per_256: beats,
            clocks_of_product: step.product,
            clocks_of_latency: step.latency,
            clocks_of_delivery: step.delivery,
            slots_for_latency: step.slots_for_latency(),
            slots_for_keys: step.slots_for_keys(),
            slots: None,
        }
    }

    fn needed(&self) -> usize {
        self.slots_for_latency.max(self.slots_for_keys)
    }
}

/// Every number of lanes over every memory, N = 2048, k = l = 1, under the key of the demo.
pub fn table() -> Result<Vec<Slots>> {
    let boards = LANES
        .iter()
        .flat_map(|lanes| MEMORIES.iter().map(move |memory| (*lanes, memory)));
    boards
        .map(|(lanes, &(name, memory_ports, memory_port_bits, timing))| {
            let shape = Shape {
                lanes,
                key_switch_products: 4 * lanes,
                host_bus_bits: 128,
                memory_ports,
                memory_port_bits,
                ..Shape::SIM
            };
            let configuration = Configuration::new("table", shape, Multiplier::Tiles)?;
            let beats = usize::from(timing.beats_per_256);
            Ok(Slots::new(name, &configuration, KS_LEVELS, beats))
        })
        .collect()
}

/// The named configurations, `toy` left out, under the contract's set with the most key, with board memory at half the rate
/// of its ports: refresh, rows that change and arbitration take their share.
pub fn named() -> Result<Vec<Slots>> {
    let full_strength = CONFIGURATION_NAMES.iter().filter(|name| **name != "toy");
    full_strength
        .map(|name| {
            let configuration = configuration::find(name)?;
            Ok(Slots {
                slots: Some(configuration.shape.slots),
                ..Slots::new(name, &configuration, MOST_KS_LEVELS, FULL_RATE / 2)
            })
        })
        .collect()
}

/// The table as a person reads it: lanes by memories.
pub fn table_grid(table: &[Slots]) -> Grid {
    let mut heads = vec!["lanes".to_owned()];
    heads.extend(MEMORIES.iter().map(|(name, ports, bits, timing)| {
        let bytes = f64::from(ports * bits / 8);
        let rate = bytes * f64::from(timing.beats_per_256) / FULL_RATE as f64;
        format!("{name}: {rate:.0} bytes a clock")
    }));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows = table.chunks(MEMORIES.len()).map(|row| {
        let mut cells = vec![row[0].lanes.to_string()];
        cells.extend(row.iter().map(|board| board.needed().to_string()));
        cells
    });
    Grid::new(&heads, rows)
}

/// The named configurations as a person reads them.
pub fn named_grid(named: &[Slots]) -> Grid {
    let heads = [
        "configuration",
        "lanes",
        "port bytes a clock",
        "external product, clocks",
        "latency of a step, clocks",
        "keys of a step at half rate, clocks",
        "slots for the latency",
        "slots for the keys",
        "slots",
    ];
    let row = |board: &Slots| {
        let mut cells = vec![board.name.clone()];
        let numbers = [
            board.lanes as usize,
            board.key_port_bytes_per_clock,
            board.clocks_of_product,
            board.clocks_of_latency,
            board.clocks_of_delivery,
            board.slots_for_latency,
            board.slots_for_keys,
        ];
        cells.extend(numbers.map(|number| number.to_string()));
        cells.push(board.slots.map_or(String::new(), |slots| slots.to_string()));
        cells
    };
    Grid::new(&heads, named.iter().map(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The next power of two above what is needed. An Artix-7 200T has not the block RAM for it: there the keys are waited
    /// for.
    #[test]
    fn slots_of_the_named_configurations_follow() {
        for board in named().unwrap() {
            let slots = board.slots.unwrap() as usize;
            let needed = board.needed().next_power_of_two();
            match &*board.name {
                "artix" => assert!(board.slots_for_latency <= slots && slots < needed),
                name => assert_eq!(slots, needed, "{name}"),
            }
        }
    }

    #[test]
    fn more_memory_never_needs_more_slots() {
        let table = table().unwrap();
        assert_eq!(table.len(), LANES.len() * MEMORIES.len());
        for row in table.chunks(MEMORIES.len()) {
            let needed: Vec<_> = row.iter().map(Slots::needed).collect();
            assert!(needed.is_sorted_by(|a, b| a >= b), "{needed:?}");
        }
        // 96 KiB at 28.75 bytes a clock last 6.7 external products of 512 clocks.
        let narrow = &table[MEMORIES.len()];
        assert_eq!((narrow.lanes, narrow.slots_for_keys), (8, 7));
    }
}
