//! Boards that are simulated in this process.

use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use goldilane_abi::Shape;
use goldilane_driver::Device;
use goldilane_driver_local::LocalDevice;
use goldilane_sim::ModelBoard;

use crate::board::{BoardArguments, DeviceKind, OpenDevice, Watch};
use crate::configuration::{self, Configuration, product_clocks};
pub use crate::device_kind::BoardKind;
use crate::output::BadArgument;
use crate::simulator::{self, Simulation};
use crate::watch::{Health, Watched};

/// Configuration of a simulated board, unless another is asked for.
const CONFIGURATION: &str = "sim";

/// How long a board may take.
#[derive(Args, Clone, Copy, Debug)]
pub struct ClockLimit {
    /// A board that completes nothing for so many clocks hangs; if not given, more than twice what a full batch needs.
    #[arg(long, value_name = "CLOCKS", value_parser = clap::value_parser!(u64).range(1..))]
    pub clock_limit: Option<u64>,
}

impl<B: Health + 'static> Watch for Watched<B> {
    fn device(self: Arc<Self>) -> Arc<dyn Device> {
        self
    }

    fn hung(&self) -> bool {
        Watched::hung(self)
    }

    fn clocks(&self) -> u64 {
        Watched::clocks(self)
    }

    fn complaint(&self) -> Option<String> {
        Watched::complaint(self)
    }

    fn run_until(&self, clock: u64) {
        Watched::run_until(self, clock);
    }
}

/// Options that only a board in this process can follow.
pub fn refuse_local_options(config: Option<&str>, limit: &ClockLimit) -> Result<()> {
    let refused = [
        ("--config", config.is_some()),
        ("--clock-limit", limit.clock_limit.is_some()),
    ];
    match refused.iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((option, _)) => Err(BadArgument(format!(
            "{option} is for boards that are simulated in this process"
        ))
        .into()),
    }
}

/// The most clocks until the next completion that a board may take: twice what the multipliers of a full batch need under a
/// key of this LWE dimension, and the time of a reset for everything around them.
pub fn clock_limit(shape: &Shape, lwe_dimension: u32) -> u64 {
    let product = u64::from(product_clocks(shape, shape.max_pbs_levels));
    let batch = u64::from(lwe_dimension) * u64::from(shape.slots.max(4)) * product;
    2 * batch + goldilane_abi::RESET_CLOCKS
}

fn watched<B: Health + 'static>(name: String, board: B, limit: u64) -> Arc<dyn Watch> {
    Arc::new(Watched::new(LocalDevice::new(name, board), limit))
}

impl OpenDevice {
    /// Starts the board that is asked for.
    pub(crate) fn simulate(board: BoardKind, arguments: &BoardArguments) -> Result<Self> {
        let name = arguments.config.as_deref().unwrap_or(CONFIGURATION);
        let simulation = Simulation {
            clock_limit: arguments.limit.clock_limit,
            ..Simulation::default()
        };
        Self::start(board, configuration::find(name)?, simulation)
    }

    /// Starts a simulated board.
    ///
    /// # Errors
    /// A simulator that cannot be built.
    pub fn start(
        board: BoardKind,
        configuration: Configuration,
        simulation: Simulation<'_>,
    ) -> Result<Self> {
        let name = format!("{board} board {:?}", configuration.name);
        let shape = configuration.shape;
        let limit = simulation
            .clock_limit
            .unwrap_or_else(|| clock_limit(&shape, shape.max_lwe_dimension));
        let watch = match board {
            BoardKind::Model => watched(name, ModelBoard::new(shape, 0), limit),
            BoardKind::Rtl => watched(name, simulator::start(&configuration, simulation)?, limit),
        };
        Ok(Self {
            watch,
            kind: DeviceKind::Local(board),
            configuration,
        })
    }
}
