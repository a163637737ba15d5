//! `goldilane bench`: what the core does in a clock, measured on whole Verilated boards.

mod measure;
#[cfg(feature = "tfhe")]
mod software;

use std::fmt;

use anyhow::Result;
use clap::Args;
use comfy_table::{Table, presets};
use goldilane_hdl::bootstrap::Geometry;
use goldilane_hdl::bootstrap::core::{self, transform_config};
use goldilane_hdl::config::Configuration;
use goldilane_hdl::ntt::latency;
use goldilane_sim::axi::Timing;
use serde::Serialize;

use crate::board::{BoardKind, OpenDevice};
use crate::configuration::{self, full_multipliers, product_clocks};
use crate::output::{BadArgument, Output, Verdict};
use crate::simulator::Simulation;
use crate::vectors::set::Set;
use measure::{BATCHES, Bench, short_dimension};

/// Arguments of `bench`.
#[derive(Args)]
pub struct BenchArguments {
    /// The configuration: a name or a TOML file.
    #[arg(long, default_value = "sim", value_name = "CONFIG")]
    config: String,
    /// The parameter set.
    #[arg(
        long,
        default_value = "V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128"
    )]
    set: String,
    /// Board memory in time: ideal, ddr4, hbm2.
    #[arg(long, value_name = "MODEL", default_value = "ddr4")]
    memory: String,
    /// The golden model's bootstrap beside tfhe's own instead of a board.
    #[cfg(feature = "tfhe")]
    #[arg(long)]
    software: bool,
}

#[derive(Serialize)]
struct Row {
    lanes: u32,
    slots: u32,
    memory_model: String,
    key_port_bytes_per_clock: usize,
    parameter_set: String,
    n: usize,
    batches: u64,
    full_multipliers: u32,
    clocks_per_external_product: f64,
    clocks_per_bootstrap: f64,
    clocks_per_step_alone: f64,
    clocks_per_step_formula: usize,
    key_wait_per_step_alone: f64,
    clocks_doorbell_to_completion: u64,
    occupancy: f64,
    multiplier_busy_share: f64,
    key_wait_share: f64,
    bit_exact: bool,
    simulated_clocks_per_second: f64,
}

/// Clocks of a step of a lone ciphertext that waits for no key.
fn step_latency(configuration: &Configuration, levels: u32) -> usize {
    let shape = configuration.shape;
    let product = latency::external_product(&transform_config(&shape, configuration.multiplier));
    core::step_latency(&Geometry::new(shape), levels, product as usize)
}

/// Runs `bench`.
///
/// # Errors
/// A device that fails.
pub fn run(arguments: &BenchArguments, output: &Output) -> Result<Verdict> {
    #[cfg(feature = "tfhe")]
    if arguments.software {
        let software = software::measure()?;
        output.line(&software);
        output.object(&software)?;
        return Ok(Verdict::Agrees);
    }
    let configuration = configuration::find(&arguments.config)?;
    let shape = configuration.shape;
    let set = Set::find(&arguments.set)?;
    let material = crate::vectors::without_stages(&set, 1, shape.slots as usize)?;
    let n = material.parameters.lwe_dimension;
    if short_dimension(n) == 0 {
        let reason = format!("--set {}: n = {n}, from 2 on it is possible", material.set);
        return Err(BadArgument(reason).into());
    }
    let memory = Timing::named(&arguments.memory).ok_or_else(|| {
        let names = Timing::NAMES.join(", ");
        BadArgument(format!(
            "--memory {:?}: neither of {names}",
            arguments.memory
        ))
    })?;
    let simulation = Simulation {
        memory: Some(memory),
        ..Simulation::default()
    };
    let levels = material.parameters.pbs.levels() as u32;
    let clocks_per_step_formula = step_latency(&configuration, levels);
    let device = OpenDevice::start(BoardKind::Rtl, configuration, simulation)?;
    let mut bench = Bench::new(&device, &material)?;
    let window = bench.window(shape.slots as usize, BATCHES)?;
    let alone = bench.alone()?;
    let ideal = f64::from(product_clocks(&shape, levels));
    let products = window.bootstraps as f64 * n as f64;
    let row = Row {
        lanes: shape.lanes,
        slots: shape.slots,
        memory_model: arguments.memory.clone(),
        key_port_bytes_per_clock: shape.line_bytes(),
        parameter_set: material.set.clone(),
        n,
        batches: window.batches,
        full_multipliers: full_multipliers(&shape),
        clocks_per_external_product: window.clocks as f64 / products,
        clocks_per_bootstrap: window.clocks as f64 / window.bootstraps as f64,
        clocks_per_step_alone: alone.clocks_per_step,
        clocks_per_step_formula,
        key_wait_per_step_alone: alone.key_wait_per_step,
        clocks_doorbell_to_completion: alone.clocks_doorbell_to_completion,
        occupancy: products * ideal / window.clocks as f64,
        multiplier_busy_share: window.multiplier_busy as f64 / window.clocks as f64,
        key_wait_share: window.key_wait as f64 / window.clocks as f64,
        bit_exact: window.bit_exact,
        simulated_clocks_per_second: window.run.0 as f64 / window.run.1,
    };
    output.line(&row);
    output.object(&row)?;
    Ok(row.bit_exact.into())
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_preset(presets::UTF8_FULL_CONDENSED);
        let percent = |share: f64| format!("{:.2} %", 100.0 * share);
        let rows = [
            ("lanes", self.lanes.to_string()),
            ("slots", self.slots.to_string()),
            ("full multipliers", self.full_multipliers.to_string()),
            ("parameter set", self.parameter_set.clone()),
            ("n", self.n.to_string()),
            ("memory", self.memory_model.clone()),
            (
                "key port, bytes a clock",
                self.key_port_bytes_per_clock.to_string(),
            ),
            (
                "clocks per external product",
                format!("{:.2}", self.clocks_per_external_product),
            ),
            (
                "clocks per bootstrap",
                format!("{:.0}", self.clocks_per_bootstrap),
            ),
            ("occupancy", percent(self.occupancy)),
            ("waiting for keys", percent(self.key_wait_share)),
            (
                "clocks per step alone",
                format!("{:.1}", self.clocks_per_step_alone),
            ),
            (
                "of them waiting for the key",
                format!("{:.1}", self.key_wait_per_step_alone),
            ),
            ("by the formula", self.clocks_per_step_formula.to_string()),
            (
                "clocks from doorbell to completion",
                self.clocks_doorbell_to_completion.to_string(),
            ),
            ("equal to the golden model", self.bit_exact.to_string()),
            (
                "simulated clocks a second",
                format!("{:.0}", self.simulated_clocks_per_second),
            ),
        ];
        for (name, value) in rows {
            table.add_row([name.to_owned(), value]);
        }
        write!(f, "{table}")
    }
}
