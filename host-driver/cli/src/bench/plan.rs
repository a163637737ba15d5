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
/// A pseudo-channel of HBM2e behind a network on the chip.
const HBM2E: &str = "hbm2e";

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

/// The set of a key of `n` words for polynomials of this size.
pub fn toy_set(polynomial_size: u32, glwe_dimension: u32, n: u32, levels: u32) -> String {
    let base_log = if levels == 1 { 23 } else { 15 };
    let k = match glwe_dimension {
        1 => String::new(),
        k => format!("_K{k}"),
    };
    format!("TOY_INSECURE_N{polynomial_size}{k}_n{n}_PBS{base_log}x{levels}_KS4x4")
}

/// A row of another N, k or l, at 8 lanes and with a short key.
fn other(
    name: &'static str,
    (polynomial_size, glwe_dimension, levels): (u32, u32, u32),
    slots: u32,
) -> Result<Planned> {
    let shape = Shape {
        polynomial_size,
        glwe_dimension,
        max_pbs_levels: levels,
        slots,
        memory_ports: 4,
        ..Shape::SIM
    };
    Ok(Planned {
        name,
        configuration: Configuration::new(name, shape, Multiplier::Plain)?,
        set: toy_set(polynomial_size, glwe_dimension, 300, levels),
        memory: HBM2.0,
        fills: false,
    })
}

/// All rows, the slow ones first, so that all processors have work to the end.
///
/// # Errors
/// None but errors of the plan itself: a shape that cannot be built.
pub fn rows() -> Result<Vec<Planned>> {
    let of_set = |name, configuration, memory, set: &str| {
        Ok::<_, anyhow::Error>(Planned {
            set: set.to_owned(),
            ..named(name, configuration, memory)?
        })
    };
    let [wide, gaussian] = OTHERS;
    Ok(vec![
        named("p256", "v80", HBM2E)?,
        named("p128", "u280", HBM2.0)?,
        of_set("p128_64bit", "u280", HBM2.0, wide)?,
        of_set("p128_gaussian", "u280", HBM2.0, gaussian)?,
        measured("p64", 64, 5, HBM2, 32)?,
        measured("p32", 32, 4, HBM2, 16)?,
        measured("p16", 16, 4, HBM2, 16)?,
        measured("p4", 4, 3, DDR4, 2)?,
        named("p8", "sim", DDR4.0)?,
        of_set("p8_64bit", "sim", DDR4.0, wide)?,
        of_set("p8_gaussian", "sim", DDR4.0, gaussian)?,
        other("n4096", (4096, 1, 1), 4)?,
        other("l2", (2048, 1, 2), 4)?,
        other("k2", (1024, 2, 1), 4)?,
        other("n1024", (1024, 1, 1), 6)?,
        other("n512", (512, 1, 1), 6)?,
    ])
}

/// Boards whose part-filled batches are measured, under a short key: such as wait for keys until many slots are filled, and
/// such as do not.
///
/// # Errors
/// As [`rows`].
pub fn fills() -> Result<Vec<Planned>> {
    let short = |planned: Planned, memory| Planned {
        set: toy_set(2048, 1, 200, 1),
        memory,
        fills: true,
        ..planned
    };
    Ok(vec![
        short(named("fills_p256_hbm2e", "v80", "")?, HBM2E),
        short(named("fills_p128_hbm2", "u280", "")?, HBM2.0),
        short(measured("fills_p32_hbm2", 32, 8, HBM2, 4)?, HBM2.0),
        short(named("fills_p8_narrow", "artix", "")?, DDR4.0),
        short(measured("fills_p16_ddr4", 16, 8, DDR4, 1)?, DDR4.0),
        short(measured("fills_p32_ddr4", 32, 8, DDR4, 2)?, DDR4.0),
        short(named("fills_p8_ddr4", "sim", "")?, DDR4.0),
    ])
}

/// The board whose batch is drawn on the page of the whole table, and its memory: those of row `p8`.
///
/// # Errors
/// As [`rows`].
pub fn drawn() -> Result<(Configuration, &'static str)> {
    Ok((configuration::find("sim")?, DDR4.0))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use goldilane_hdl::netlist::{LOAD_LIMIT, loads};
    use goldilane_hdl::top::goldilane;

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

    #[test]
    fn nothing_on_a_measured_board_drives_too_many() {
        for row in rows().unwrap() {
            let found = loads(&goldilane(&row.configuration).unwrap(), LOAD_LIMIT);
            assert_eq!(found, [], "{}", row.name);
        }
    }
}
