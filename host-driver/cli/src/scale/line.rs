//! One board: built, and compared with the golden model at every stage.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use goldilane_hdl::emit;
use goldilane_sim::axi::Timing;
use serde::{Deserialize, Serialize};

use super::cover::Size;
use crate::board::{BoardKind, OpenDevice, clock_limit};
use crate::kept::verilog_hash;
use crate::simulator::{self, Simulation};
use crate::vectors::set::Set;
use crate::vectors::{make, material::Material};
use crate::verify;

/// Board memory in time: as of every row with a short key in `bench`.
const MEMORY: Timing = Timing::HBM2;
/// Of how it is compared: to be changed with any change of golden model, driver or bus models that may change a result.
const METHOD: &str = "scale 2";
/// Everything random comes from this number.
const SEED: u64 = 1;
/// An ordinary ciphertext, one with an encrypted table, one with three outputs, one of words at which carries turn.
const CIPHERTEXTS: usize = 4;

/// What was compared, and what it took.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Compared {
    pub n: usize,
    pub ciphertexts: usize,
    /// Names of the stages.
    pub stages: Vec<String>,
    /// Clocks of the board, from power-up on.
    pub clocks: u64,
    pub build_seconds: f64,
    /// Of the comparison.
    pub seconds: f64,
}

/// What a comparison depends on.
pub struct Case {
    /// A hash of the Verilog.
    verilog: String,
    /// Key, inputs and surroundings.
    numbers: String,
}

impl Case {
    /// That of a board.
    ///
    /// # Errors
    /// Verilog that cannot be generated, or in which a path is too deep.
    pub fn new(size: &Size) -> Result<Self> {
        let (top, files) = emit::design(&size.configuration()?)?;
        if let Some((module, path)) = top.depth_violations().first() {
            bail!("{module}: the path to {} breaks the depth rule", path.end);
        }
        Ok(Self {
            verilog: verilog_hash(&files),
            numbers: format!("{METHOD} {} {SEED} {CIPHERTEXTS} {MEMORY:?}", size.set()),
        })
    }

    /// For [`Kept`](crate::kept::Kept).
    pub fn parts(&self) -> [&str; 2] {
        [&self.verilog, &self.numbers]
    }
}

/// Builds the board and compares all its stages.
///
/// # Errors
/// The first difference; a model that cannot be built, a board that fails.
pub fn compare(size: &Size) -> Result<Compared> {
    let configuration = size.configuration()?;
    let material: Material = make(&Set::find(&size.set())?, SEED, CIPHERTEXTS)?;
    let n = material.parameters.lwe_dimension;
    let build_seconds = simulator::model(&configuration)?.seconds;
    let start = Instant::now();
    let simulation = Simulation {
        clock_limit: Some(clock_limit(&configuration.shape, n as u32)),
        memory: Some(MEMORY),
        ..Simulation::default()
    };
    let device = OpenDevice::start(BoardKind::Rtl, configuration, simulation)?;
    if let Some(difference) = verify::compare(&device, &material).context("compare the stages")? {
        bail!("{difference}");
    }
    Ok(Compared {
        n,
        ciphertexts: material.ciphertexts.len(),
        stages: material.stages().iter().map(ToString::to_string).collect(),
        clocks: device.clocks(),
        build_seconds,
        seconds: start.elapsed().as_secs_f64(),
    })
}
