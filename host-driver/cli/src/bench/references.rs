//! Figures that others published, beside which ours stand.
//!
//! The sources are named as a whole: which figure stands in which of them was not looked up.

use std::fmt;

use serde::Serialize;

/// Clocks of the reference's external product: 4096 coefficients by 128 lanes.
const PRODUCT: f64 = 32.0;

/// A published design.
#[derive(Clone, Debug, Serialize)]
pub struct Reference {
    pub name: &'static str,
    pub lanes: u32,
    pub full_multipliers: u32,
    pub clocks_per_external_product: f64,
    pub occupancy: f64,
    pub clocks_per_step_alone: f64,
    /// As published: the frequency, n, and bootstraps a second.
    pub megahertz: u32,
    pub n: u32,
    pub bootstraps_per_second: f64,
    pub sources: [&'static str; 2],
}

impl Reference {
    /// Clocks of a bootstrap under a key of n words.
    pub fn clocks_per_bootstrap(&self, n: usize) -> f64 {
        n as f64 * PRODUCT / self.occupancy
    }
}

impl fmt::Display for Reference {
    /// What a page says below the table.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n{}: {} bootstraps a second at {} MHz with n = {} as published; its clocks above are at our n. Sources:\n",
            self.name, self.bootstraps_per_second, self.megahertz, self.n
        )?;
        self.sources
            .iter()
            .try_for_each(|source| writeln!(f, "- {source}"))
    }
}

/// All of them.
pub fn references() -> Vec<Reference> {
    vec![Reference {
        name: "Zama HPU (AMD Alveo V80)",
        lanes: 128,
        full_multipliers: 512,
        clocks_per_external_product: PRODUCT,
        occupancy: 0.997,
        clocks_per_step_alone: 278.0,
        megahertz: 400,
        n: 879,
        bootstraps_per_second: 14_167.0,
        sources: [
            "TFHE-rs documentation, Benchmarks, HPU: Programmable bootstrapping (HPU_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128)",
            "zama-ai/hpu_fpga: SystemVerilog and its documentation",
        ],
    }]
}
