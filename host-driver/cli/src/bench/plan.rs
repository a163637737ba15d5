//! The rows of the report: which board runs which parameter set over which board memory.

use anyhow::Result;
use goldilane_abi::Shape;
use goldilane_hdl::arith::tile_mul::Multiplier;

use crate::configuration::{self, Configuration};

/// The set of the demo; the first of the contract's table.
const KS32: &str = "V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128";
/// The other two.
const OTHERS: [&str; 2] = [
    "V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_TUNIFORM_2M128",
    "V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_GAUSSIAN_2M128",
];
/// Ports of 512 and of 256 bits, as a DDR4 channel and a pseudo-channel of HBM2 have them behind their controllers.
const DDR4: (&str, u32) = ("ddr4", 512);
const HBM2: (&str, u32) = ("hbm2", 256);

/// A row to be measured.
pub struct Planned {
    /// How it is called on the command line.
    pub name: &'static str,
    /// The board.
    pub configuration: Configuration,
    /// The parameter set.
    pub set: String,
    /// Model of board memory.
    pub memory: &'static str,
    /// Whether every fill of a batch is measured too: what part-filled batches cost, and how many slots hide the keys.
    pub fills: bool,
}

/// A board of lanes and slots that is only measured, never built: the plain form of the multiplier simulates fastest.
fn measured(
    name: &'static str,
    lanes: u32,
    slots: u32,
    (memory, bits): (&'static str, u32),
    ports: u32,
) -> Result<Planned> {
    let shape = Shape {
        lanes,
        slots,
        key_switch_products: 4 * lanes,
        memory_ports: ports,
        memory_port_bits: bits,
        ..Shape::SIM
    };
    Ok(Planned {
        name,
        configuration: Configuration::new(name, shape, Multiplier::Plain)?,
        set: KS32.to_owned(),
        memory,
        fills: false,
    })
}

fn named(name: &'static str, configuration: &str, memory: &'static str) -> Result<Planned> {
    Ok(Planned {
        name,
        configuration: configuration::find(configuration)?,
        set: KS32.to_owned(),
        memory,
        fills: false,
    })
}

/// A row of another N, k or l, at 8 lanes and with a short key.
fn other(
    name: &'static str,
    (polynomial_size, glwe_dimension, levels): (u32, u32, u32),
    slots: u32,
) -> Result<Planned> {
    let base_log = if levels == 1 { 23 } else { 15 };
    let shape = Shape {
        polynomial_size,
        glwe_dimension,
        max_pbs_levels: levels,
        slots,
        memory_ports: 4,
        ..Shape::SIM
    };
    let k = match glwe_dimension {
        1 => String::new(),
        k => format!("_K{k}"),
    };
    Ok(Planned {
        name,
        configuration: Configuration::new(name, shape, Multiplier::Plain)?,
        set: format!("TOY_INSECURE_N{polynomial_size}{k}_n300_PBS{base_log}x{levels}_KS4x4"),
        memory: HBM2.0,
        fills: false,
    })
}

/// All rows, the quick ones first.
///
/// # Errors
/// None but errors of the plan itself: a shape that cannot be built.
pub fn rows() -> Result<Vec<Planned>> {
    let mut rows = vec![
        other("n512", (512, 1, 1), 6)?,
        other("n1024", (1024, 1, 1), 6)?,
        other("n4096", (4096, 1, 1), 4)?,
        other("k2", (1024, 2, 1), 4)?,
        other("l2", (2048, 1, 2), 4)?,
        named("p8", "sim", DDR4.0)?,
        measured("p4", 4, 3, DDR4, 2)?,
        measured("p16", 16, 4, HBM2, 16)?,
        measured("p32", 32, 4, HBM2, 16)?,
        measured("p64", 64, 5, HBM2, 32)?,
        named("p128", "u280", HBM2.0)?,
        named("p256", "v80", HBM2.0)?,
    ];
    let names = [["p8_64bit", "p8_gaussian"], ["p128_64bit", "p128_gaussian"]];
    for (configuration, names) in ["sim", "u280"].into_iter().zip(names) {
        for (name, set) in names.into_iter().zip(OTHERS) {
            let memory = if configuration == "sim" {
                DDR4.0
            } else {
                HBM2.0
            };
            rows.push(Planned {
                set: set.to_owned(),
                ..named(name, configuration, memory)?
            });
        }
    }
    Ok(rows)
}

/// Boards whose part-filled batches are measured, under a short key.
///
/// # Errors
/// As [`rows`].
pub fn fills() -> Result<Vec<Planned>> {
    let short = |planned: Planned, memory| Planned {
        set: "TOY_INSECURE_N2048_n400_PBS23x1_KS4x4".to_owned(),
        memory,
        fills: true,
        ..planned
    };
    Ok(vec![
        short(named("fills_p8_ddr4", "sim", "")?, DDR4.0),
        short(named("fills_p8_hbm2", "sim", "")?, HBM2.0),
        short(measured("p16", 16, 4, HBM2, 16)?, HBM2.0).named("fills_p16_hbm2"),
        short(measured("p16", 16, 4, HBM2, 16)?, DDR4.0).named("fills_p16_ddr4"),
        short(named("fills_p128_hbm2", "u280", "")?, HBM2.0),
    ])
}

impl Planned {
    fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_plan_has_what_the_table_needs() {
        let rows = rows().unwrap();
        assert_eq!(rows.len(), 16);
        let names: HashSet<_> = rows.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), 16);
        let full = |lanes| {
            let of = |row: &&Planned| row.configuration.shape.lanes == lanes && row.set == KS32;
            rows.iter().filter(of).count()
        };
        for lanes in [4, 8, 16, 32, 64, 128, 256] {
            assert_eq!(full(lanes), 1, "{lanes} lanes");
        }
        assert!(fills().unwrap().iter().all(|planned| planned.fills));
    }
}
