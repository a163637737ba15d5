//! One row: a board measured, and what follows from its numbers.

use anyhow::Result;
use goldilane_abi::Shape;
use goldilane_hdl::arith::tile_mul::full_multipliers;
use goldilane_hdl::bootstrap::slots::Step;
use goldilane_hdl::emit;
use goldilane_hdl::netlist::Module;
use goldilane_sim::axi::Timing;
use goldilane_sim::rtl::Wave;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Instant;

use super::measure::{BATCHES, Bench, Window, short_dimension};
use super::slots;
use crate::board::{BoardKind, OpenDevice};
use crate::configuration::{Configuration, product_clocks};
use crate::output::BadArgument;
use crate::simulator::{self, Simulation};
use crate::vectors::material::Material;
use crate::vectors::set::Set;

/// Batches that are measured one by one.
const SINGLE_BATCHES: usize = 2;

/// The clocks at which bootstraps a second are quoted.
pub const MEGAHERTZ: [u32; 3] = [200, 300, 350];

/// Full batches back to back, and one ciphertext alone. Shares and occupancy are fractions of the window's clocks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    pub name: String,
    pub lanes: u32,
    pub polynomial_size: u32,
    pub glwe_dimension: u32,
    pub levels: u32,
    pub slots: u32,
    pub parameter_set: String,
    pub n: usize,
    pub batches: u64,
    /// Steps of blind rotation in the window.
    pub steps_simulated: u64,
    pub memory_model: String,
    pub key_port_bytes_per_clock: usize,
    /// Form of the full multipliers.
    pub multiplier: String,
    /// Counted from the netlist.
    pub full_multipliers: u32,
    pub deepest_path: DeepestPath,
    pub clocks_per_external_product: f64,
    pub clocks_per_bootstrap: f64,
    pub clocks_per_step_alone: f64,
    pub clocks_per_step_formula: usize,
    pub key_wait_per_step_alone: f64,
    pub clocks_doorbell_to_completion: u64,
    /// External products times their ideal clocks over the window: the forward side, and the product, which takes every row
    /// of it.
    pub occupancy: f64,
    /// The same of the inverse side: it has k + 1 polynomials a product, whatever the levels.
    pub inverse_occupancy: f64,
    pub multiplier_busy_share: f64,
    pub key_wait_share: f64,
    /// Busy clocks of the key switch over the ideal clocks of the external products.
    pub key_switch_share: f64,
    pub bit_exact: bool,
    /// Bootstraps a second at the clocks of [`MEGAHERTZ`].
    pub bootstraps_per_second: [f64; 3],
    /// Generation of the Verilog.
    pub verilog_seconds: f64,
    /// The model out of it.
    pub model_build_seconds: f64,
    pub simulated_clocks_per_second: f64,
}

/// What every row of the table must reach.
const LEAST_OCCUPANCY: f64 = 0.99;
const MOST_KEY_WAIT: f64 = 0.01;
/// Clocks by which two runs of a lone ciphertext may differ from the formula for the steps that one has more: the controller
/// looks at the core once in some hundred clocks, in each of them.
const FORMULA_TOLERANCE: f64 = 1000.0;

impl Row {
    /// Most clocks of a lone ciphertext's step, where a number is set for it.
    fn most_clocks_alone(&self) -> Option<f64> {
        match (
            self.polynomial_size,
            self.glwe_dimension,
            self.levels,
            self.lanes,
        ) {
            (2048, 1, 1, 8) => Some(1120.0),
            (2048, 1, 1, 128) => Some(124.0),
            (2048, 1, 1, 256) => Some(92.0),
            _ => None,
        }
    }

    /// What of the core's numbers it misses, in words.
    pub fn missed(&self) -> Vec<String> {
        let mut missed = Vec::new();
        let mut want = |holds: bool, what: String| missed.extend((!holds).then_some(what));
        let (occupancy, waits) = (self.occupancy, self.key_wait_share);
        want(
            occupancy >= LEAST_OCCUPANCY,
            format!("occupancy {occupancy:.4}, at least {LEAST_OCCUPANCY} is wanted"),
        );
        want(
            waits <= MOST_KEY_WAIT,
            format!("waits for keys {waits:.4} of the clocks, at most {MOST_KEY_WAIT} is wanted"),
        );
        let share = self.key_switch_share;
        want(
            share < 1.0,
            format!("the key switch takes {share:.4} of the external products' clocks"),
        );
        let (has, most) = (
            self.full_multipliers,
            self.lanes * (self.glwe_dimension + 3),
        );
        want(
            has <= most,
            format!("{has} full multipliers, at most {most} are wanted"),
        );
        let (alone, formula) = (self.clocks_per_step_alone, self.clocks_per_step_formula);
        let steps = (self.n - short_dimension(self.n)) as f64;
        want(
            (alone - formula as f64).abs() * steps <= FORMULA_TOLERANCE,
            format!("a step alone takes {alone:.1} clocks, {formula} by the formula"),
        );
        if let Some(most) = self.most_clocks_alone() {
            want(
                alone <= most,
                format!("a step alone takes {alone:.1} clocks, at most {most} are wanted"),
            );
        }
        want(
            self.bit_exact,
            "other words than the golden model's".to_owned(),
        );
        missed
    }
}

/// What stands between two registers at most: each number is the maximum over all paths of the board.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeepestPath {
    /// The module with the deepest path.
    pub leaf: String,
    pub chain_bits: u32,
    pub compressors: u32,
    /// Levels of 4:1 multiplexers in front of a chain.
    pub mux_levels: u32,
    /// Levels of LUTs on paths without a chain.
    pub lut_levels: u32,
}

/// Batches one by one, not full, or full.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Filled {
    pub lanes: u32,
    pub slots: u32,
    pub fill: usize,
    pub memory_model: String,
    pub key_port_bytes_per_clock: usize,
    pub parameter_set: String,
    pub n: usize,
    pub clocks_per_external_product: f64,
    pub occupancy: f64,
    pub key_wait_share: f64,
    /// By formula: the least fill that hides the delivery of the keys.
    pub slots_for_keys: usize,
    pub bit_exact: bool,
}

fn deepest_path(top: &Arc<Module>) -> DeepestPath {
    fn visit(module: &Arc<Module>, deepest: &mut DeepestPath) {
        let [luts, chain, _] = module.depth_report().maximum;
        deepest.lut_levels = deepest.lut_levels.max(luts.lut_levels);
        deepest.chain_bits = deepest.chain_bits.max(chain.chain_bits);
        deepest.compressors = deepest.compressors.max(chain.compressors);
        deepest.mux_levels = deepest.mux_levels.max(chain.lut_levels);
        for (_, child) in module.children() {
            visit(child, deepest);
        }
    }
    let leaf = emit::deepest(top).first().map(|path| path.module.clone());
    let mut deepest = DeepestPath {
        leaf: leaf.unwrap_or_default(),
        chain_bits: 0,
        compressors: 0,
        mux_levels: 0,
        lut_levels: 0,
    };
    visit(top, &mut deepest);
    deepest
}

/// What is measured: a board, its memory, a parameter set.
pub struct Case<'a> {
    pub name: &'a str,
    pub configuration: &'a Configuration,
    pub set: &'a str,
    pub memory: &'a str,
}

/// A board with power, and what it is to compute.
pub struct Started {
    pub material: Material,
    pub device: OpenDevice,
}

impl Case<'_> {
    fn shape(&self) -> &Shape {
        &self.configuration.shape
    }

    fn timing(&self) -> Result<Timing> {
        let timing = Timing::named(self.memory).ok_or_else(|| {
            let names = Timing::NAMES.join(", ");
            BadArgument(format!("--memory {:?}: neither of {names}", self.memory))
        })?;
        Ok(timing)
    }

    /// Powers the board up.
    ///
    /// # Errors
    /// A set or memory that is none, a board that cannot be built.
    pub fn start(&self, wave: Option<Wave>) -> Result<Started> {
        let set = Set::find(self.set)?;
        let material = crate::vectors::without_stages(&set, 1, self.shape().slots as usize)?;
        let n = material.parameters.lwe_dimension;
        if short_dimension(n) == 0 {
            let reason = format!("--set {}: n = {n}, from 2 on it is possible", material.set);
            return Err(BadArgument(reason).into());
        }
        let simulation = Simulation {
            memory: Some(self.timing()?),
            wave,
            ..Simulation::default()
        };
        let device = OpenDevice::start(BoardKind::Rtl, self.configuration.clone(), simulation)?;
        Ok(Started { material, device })
    }

    /// Clocks in which the multipliers can do the products of a window.
    fn ideal(&self, material: &Material, window: &Window) -> f64 {
        let product = product_clocks(self.shape(), material.parameters.pbs.levels() as u32);
        f64::from(product) * self.products(material, window)
    }

    fn products(&self, material: &Material, window: &Window) -> f64 {
        (window.bootstraps * material.parameters.lwe_dimension as u64) as f64
    }

    /// What the formula says of a step under this key.
    fn step(&self, material: &Material, beats_per_256: usize) -> Step {
        let parameters = &material.parameters;
        let levels = (parameters.pbs.levels(), parameters.key_switch.levels());
        slots::step(self.configuration, levels, beats_per_256)
    }

    /// Measures full batches and a lone ciphertext.
    ///
    /// # Errors
    /// A set or memory that is none, a device that fails.
    pub fn row(&self) -> Result<Row> {
        let Started { material, device } = self.start(None)?;
        let mut bench = Bench::new(&device, &material)?;
        let window = bench.window(self.shape().slots as usize, BATCHES)?;
        let alone = bench.alone()?;
        let start = Instant::now();
        let (top, _) = emit::design(self.configuration)?;
        let verilog_seconds = start.elapsed().as_secs_f64();
        let shape = self.shape();
        let levels = material.parameters.pbs.levels() as u32;
        let clocks = window.clocks as f64;
        let memory_rate = self.timing()?.beats_per_256.into();
        let clocks_per_bootstrap = clocks / window.bootstraps as f64;
        let ideal = self.ideal(&material, &window);
        Ok(Row {
            name: self.name.to_owned(),
            lanes: shape.lanes,
            polynomial_size: shape.polynomial_size,
            glwe_dimension: shape.glwe_dimension,
            levels,
            slots: shape.slots,
            parameter_set: material.set.clone(),
            n: material.parameters.lwe_dimension,
            batches: window.batches,
            steps_simulated: self.products(&material, &window) as u64,
            memory_model: self.memory.to_owned(),
            key_port_bytes_per_clock: shape.line_bytes(),
            multiplier: self.configuration.multiplier.name().to_owned(),
            full_multipliers: full_multipliers(&top),
            deepest_path: deepest_path(&top),
            clocks_per_external_product: clocks / self.products(&material, &window),
            clocks_per_bootstrap,
            clocks_per_step_alone: alone.clocks_per_step,
            clocks_per_step_formula: self.step(&material, memory_rate).alone(),
            key_wait_per_step_alone: alone.key_wait_per_step,
            clocks_doorbell_to_completion: alone.clocks_doorbell_to_completion,
            occupancy: ideal / clocks,
            inverse_occupancy: ideal / f64::from(levels) / clocks,
            multiplier_busy_share: window.multiplier_busy as f64 / clocks,
            key_wait_share: window.key_wait as f64 / clocks,
            key_switch_share: window.key_switch_busy as f64 / ideal,
            bit_exact: window.bit_exact && alone.bit_exact,
            bootstraps_per_second: MEGAHERTZ.map(|mhz| 1e6 * f64::from(mhz) / clocks_per_bootstrap),
            verilog_seconds,
            model_build_seconds: simulator::model(self.configuration)?.seconds,
            simulated_clocks_per_second: window.run.0 as f64 / window.run.1,
        })
    }

    /// Measures batches of every fill from 1 to the number of slots, one by one: their starts, inputs and results are in
    /// the clocks.
    ///
    /// # Errors
    /// As [`Case::row`].
    pub fn fills(&self) -> Result<Vec<Filled>> {
        let Started { material, device } = self.start(None)?;
        let mut bench = Bench::new(&device, &material)?;
        let shape = self.shape();
        let step = self.step(&material, self.timing()?.beats_per_256.into());
        let filled = |fill: usize| {
            let window = bench.one_by_one(fill, SINGLE_BATCHES)?;
            let clocks = window.clocks as f64;
            Ok(Filled {
                lanes: shape.lanes,
                slots: shape.slots,
                fill,
                memory_model: self.memory.to_owned(),
                key_port_bytes_per_clock: shape.line_bytes(),
                parameter_set: material.set.clone(),
                n: material.parameters.lwe_dimension,
                clocks_per_external_product: clocks / self.products(&material, &window),
                occupancy: self.ideal(&material, &window) / clocks,
                key_wait_share: window.key_wait as f64 / clocks,
                slots_for_keys: step.slots_for_keys(),
                bit_exact: window.bit_exact,
            })
        };
        (1..=shape.slots as usize).map(filled).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            name: "p8".to_owned(),
            lanes: 8,
            polynomial_size: 2048,
            glwe_dimension: 1,
            levels: 1,
            slots: 4,
            parameter_set: String::new(),
            n: 918,
            batches: 4,
            steps_simulated: 0,
            memory_model: "ddr4".to_owned(),
            key_port_bytes_per_clock: 128,
            multiplier: "plain".to_owned(),
            full_multipliers: 32,
            deepest_path: DeepestPath {
                leaf: String::new(),
                chain_bits: 0,
                compressors: 0,
                mux_levels: 0,
                lut_levels: 0,
            },
            clocks_per_external_product: 513.0,
            clocks_per_bootstrap: 470_000.0,
            clocks_per_step_alone: 1094.3,
            clocks_per_step_formula: 1094,
            key_wait_per_step_alone: 0.0,
            clocks_doorbell_to_completion: 0,
            occupancy: 0.998,
            inverse_occupancy: 0.998,
            multiplier_busy_share: 0.998,
            key_wait_share: 0.001,
            key_switch_share: 0.5,
            bit_exact: true,
            bootstraps_per_second: [0.0; 3],
            verilog_seconds: 0.0,
            model_build_seconds: 0.0,
            simulated_clocks_per_second: 0.0,
        }
    }

    #[test]
    fn a_row_that_misses_a_number_says_which() {
        assert_eq!(row().missed(), [""; 0]);
        type Wrong = (&'static str, fn(&mut Row));
        let wrong: [Wrong; 8] = [
            ("occupancy 0.9890", |row| row.occupancy = 0.989),
            ("waits for keys", |row| row.key_wait_share = 0.011),
            ("the key switch takes 1.0000", |row| {
                row.key_switch_share = 1.0
            }),
            ("33 full multipliers", |row| row.full_multipliers = 33),
            ("1094 by the formula", |row| {
                row.clocks_per_step_alone = 1092.8
            }),
            ("at most 1120 are wanted", |row| {
                (row.clocks_per_step_alone, row.clocks_per_step_formula) = (1121.0, 1121);
            }),
            ("at most 92 are wanted", |row| {
                (row.lanes, row.clocks_per_step_alone) = (256, 93.0);
                row.clocks_per_step_formula = 93;
            }),
            ("other words", |row| row.bit_exact = false),
        ];
        for (says, change) in wrong {
            let mut row = row();
            change(&mut row);
            let missed = row.missed();
            assert_eq!(missed.len(), 1, "{missed:?}");
            assert!(missed[0].contains(says), "{missed:?}");
        }
    }
}
