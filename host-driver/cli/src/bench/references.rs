//! Figures of others' designs, beside which ours stand, each with where it is from.

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
    /// Frequency, n, and bootstraps a second of the published benchmark.
    pub megahertz: u32,
    pub n: u32,
    pub bootstraps_per_second: f64,
    pub sources: &'static [Source],
}

/// Where a figure is from.
#[derive(Clone, Debug, Serialize)]
pub struct Source {
    pub figure: &'static str,
    /// The document, and how the figure follows where it does not stand there.
    pub source: &'static str,
}

impl Reference {
    /// Clocks of a bootstrap under a key of n words.
    pub fn clocks_per_bootstrap(&self, n: usize) -> f64 {
        n as f64 * PRODUCT / self.occupancy
    }

    /// Clocks of a step alone as the table shows them: the figure that is told, for which no document was found.
    pub fn step_alone(&self) -> String {
        format!("{:.0} (no source)", self.clocks_per_step_alone)
    }
}

impl fmt::Display for Reference {
    /// What a page says below the table.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n{}: {} bootstraps a second at {} MHz with n = {}; its clocks above are at our n. Where its figures are from:\n",
            self.name, self.bootstraps_per_second, self.megahertz, self.n
        )?;
        self.sources
            .iter()
            .try_for_each(|Source { figure, source }| writeln!(f, "- {figure}: {source}"))
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
        sources: &[
            Source {
                figure: "14,167 bootstraps a second, n = 879, N = 2048, k = l = 1, Alveo V80",
                source: "published: documentation of TFHE-rs, Benchmarks, HPU, Programmable bootstrapping (batches of 12 in 847 us, key switch included); the parameters in tfhe/src/shortint/parameters/v1_6/hpu.rs",
            },
            Source {
                figure: "128 lanes",
                source: "published: README.md of zama-ai/hpu_fpga (psi 64, R 2: 128 polynomial coefficients a cycle)",
            },
            Source {
                figure: "512 full multipliers",
                source: "counted by us in the RTL of zama-ai/hpu_fpga: per lane one in each barrier of ntt_core_gf64 and k + 1 in its post-processing",
            },
            Source {
                figure: "32 n clocks a bootstrap",
                source: "follows from 4096 coefficients and 128 lanes; 12 times 32 times 879 clocks at 400 MHz are 844 us, the shortest batch of the published benchmark",
            },
            Source {
                figure: "400 MHz",
                source: "versal/scripts/bd/bd_hpu_plug.tcl of zama-ai/hpu_fpga; not said with the benchmark, whose batches no slower clock explains",
            },
            Source {
                figure: "99.7 %",
                source: "a bound that follows from its key switch (28,224 clocks for 28,128 of blind rotation, pep_ks_common_param_pkg.sv of zama-ai/hpu_fpga); the published rate is 99.6 %",
            },
            Source {
                figure: "278 clocks per step alone",
                source: "no published source found; the published batch of two (656 us) is 298 clocks a step with everything before and behind it",
            },
        ],
    }]
}
