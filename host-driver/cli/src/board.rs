//! The device that a command talks to.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use goldilane_abi::{KeyShape, Shape};
use goldilane_driver::{Device, Options, Session};
use goldilane_driver_local::LocalDevice;
use goldilane_sim::ModelBoard;

use crate::configuration::{self, Configuration, product_clocks};
use crate::simulator::{self, Simulation};
use crate::watch::{Health, Watched};

/// Longest time without any completion.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Kinds of devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DeviceKind {
    /// The Verilated hardware, in this process.
    Rtl,
    /// The golden model behind the same registers, in this process.
    Model,
}

impl DeviceKind {
    /// As on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rtl => "rtl",
            Self::Model => "model",
        }
    }
}

/// Which device, of which configuration.
#[derive(Args, Clone, Debug)]
pub struct BoardArguments {
    /// The device.
    #[arg(long, value_enum, default_value_t = DeviceKind::Rtl)]
    pub device: DeviceKind,
    /// The configuration of a simulated board: a name (toy, sim, artix, u280, v80) or a TOML file.
    #[arg(long, default_value = "sim", value_name = "CONFIG")]
    pub config: String,
    #[command(flatten)]
    pub limit: ClockLimit,
}

/// How long a board may take.
#[derive(Args, Clone, Copy, Debug)]
pub struct ClockLimit {
    /// A board that completes nothing for so many clocks hangs; if not given, more than twice what a full batch needs.
    #[arg(long, value_name = "CLOCKS", value_parser = clap::value_parser!(u64).range(1..))]
    pub clock_limit: Option<u64>,
}

/// What a simulator can tell beyond the registers.
trait Watch: Device {
    fn hung(&self) -> bool;
    fn clocks(&self) -> u64;
    fn complaint(&self) -> Option<String>;
    fn run_until(&self, clock: u64);
}

impl<B: Health> Watch for Watched<B> {
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

/// An open device.
pub struct OpenDevice {
    watch: Arc<dyn Watch>,
    /// Its kind.
    pub kind: DeviceKind,
    /// Its configuration.
    pub configuration: Configuration,
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
    /// Starts a simulated board.
    ///
    /// # Errors
    /// An unknown configuration, a simulator that cannot be built.
    pub fn open(arguments: &BoardArguments) -> Result<Self> {
        let configuration = configuration::find(&arguments.config)?;
        let simulation = Simulation {
            clock_limit: arguments.limit.clock_limit,
            ..Simulation::default()
        };
        Self::start(arguments.device, configuration, simulation)
    }

    /// As [`OpenDevice::open`].
    ///
    /// # Errors
    /// A simulator that cannot be built.
    pub fn start(
        kind: DeviceKind,
        configuration: Configuration,
        simulation: Simulation<'_>,
    ) -> Result<Self> {
        let name = format!("{} board {:?}", kind.name(), configuration.name);
        let shape = configuration.shape;
        let limit = simulation
            .clock_limit
            .unwrap_or_else(|| clock_limit(&shape, shape.max_lwe_dimension));
        let watch = match kind {
            DeviceKind::Model => watched(name, ModelBoard::new(shape, 0), limit),
            DeviceKind::Rtl => watched(name, simulator::start(&configuration, simulation)?, limit),
        };
        Ok(Self {
            watch,
            kind,
            configuration,
        })
    }

    /// A session on the first queue pair.
    ///
    /// # Errors
    /// A board that the driver does not take.
    pub fn session(&self) -> Result<Session> {
        let slots = u16::try_from(self.configuration.shape.slots).unwrap_or(u16::MAX);
        let options = Options {
            // A descriptor a batch: so that a completion tells when a batch is done.
            entries_per_job: slots,
            // A slow machine simulates few clocks a second: what hangs is told by the limit in clocks.
            time_limit: PATIENCE,
            ..Options::default()
        };
        let device: Arc<dyn Device> = self.watch.clone();
        Session::open(device, options)
            .with_context(|| format!("open a session on {}", self.watch.name()))
    }

    /// Whether the board stopped answering.
    pub fn hung(&self) -> bool {
        self.watch.hung()
    }

    /// Clocks that were simulated.
    pub fn clocks(&self) -> u64 {
        self.watch.clocks()
    }

    /// Lets the board run until this clock, work or not.
    pub fn run_until(&self, clock: u64) {
        self.watch.run_until(clock);
    }

    /// What the simulator found wrong with the board: failures, broken protocol rules.
    pub fn complaint(&self) -> Option<String> {
        self.watch.complaint()
    }
}

/// Why a key does not fit a configuration, if it does not.
pub fn refusal(
    shape: &Shape,
    polynomial_size: usize,
    glwe_dimension: usize,
    key: &KeyShape,
) -> Option<String> {
    let built = (
        shape.polynomial_size as usize,
        shape.glwe_dimension as usize,
    );
    if built != (polynomial_size, glwe_dimension) {
        return Some(format!(
            "N = {}, k = {} where the key has N = {polynomial_size}, k = {glwe_dimension}",
            built.0, built.1
        ));
    }
    key.check(shape).err().map(|limit| limit.to_string())
}
