//! The device that a command talks to.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use goldilane_abi::{KeyShape, Shape};
use goldilane_driver::{Device, Options, Session};
use goldilane_driver_local::LocalDevice;
use goldilane_sim::ModelBoard;

use crate::configuration::{self, Configuration, product_clocks};
pub use crate::device_kind::{BoardKind, DeviceKind};
use crate::output::BadArgument;
use crate::remote::Remote;
use crate::simulator::{self, Simulation};
use crate::watch::{Health, Watched};

/// Configuration of a simulated board, unless another is asked for.
const CONFIGURATION: &str = "sim";
/// Longest time without any completion of a board in this process.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Which device, of which configuration.
#[derive(Args, Clone, Debug)]
pub struct BoardArguments {
    /// The device: rtl (the Verilated hardware in this process), model (the golden model behind the same registers),
    /// socket:PATH (a board that `goldilane serve` serves), vfio:DOMAIN:BUS:DEVICE.FUNCTION (a PCI device that vfio-pci is
    /// bound to).
    #[arg(long, default_value = "rtl", value_name = "DEVICE")]
    pub device: DeviceKind,
    /// The configuration of a board simulated in this process: a name (toy, sim, artix, u280, v80) or a TOML file; sim, if
    /// not given.
    #[arg(long, value_name = "CONFIG")]
    pub config: Option<String>,
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

/// A device, and what a simulator can tell beyond the registers.
pub trait Watch: Send + Sync {
    /// The device as the driver takes it.
    fn device(self: Arc<Self>) -> Arc<dyn Device>;
    /// Whether the board stopped answering.
    fn hung(&self) -> bool;
    /// Clocks so far.
    fn clocks(&self) -> u64;
    /// Failures and broken protocol rules.
    fn complaint(&self) -> Option<String>;
    /// Lets a board in this process run until this clock.
    fn run_until(&self, clock: u64);
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

/// An open device.
pub struct OpenDevice {
    watch: Arc<dyn Watch>,
    /// Its kind.
    pub kind: DeviceKind,
    /// Its configuration; of a board elsewhere: what it reports.
    pub configuration: Configuration,
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
    /// Starts a simulated board, or connects to one elsewhere.
    ///
    /// # Errors
    /// An unknown configuration, a simulator that cannot be built, a device that is not there.
    pub fn open(arguments: &BoardArguments) -> Result<Self> {
        match &arguments.device {
            DeviceKind::Local(board) => {
                let name = arguments.config.as_deref().unwrap_or(CONFIGURATION);
                let simulation = Simulation {
                    clock_limit: arguments.limit.clock_limit,
                    ..Simulation::default()
                };
                Self::start(*board, configuration::find(name)?, simulation)
            }
            remote => {
                refuse_local_options(arguments.config.as_deref(), &arguments.limit)?;
                Self::connect(remote)
            }
        }
    }

    /// Connects to a board elsewhere.
    ///
    /// # Errors
    /// A device that is not there, or none of ours.
    pub fn connect(kind: &DeviceKind) -> Result<Self> {
        let (remote, configuration) = match kind {
            DeviceKind::Local(_) => bail!("open {kind}: it is simulated, not connected to"),
            DeviceKind::Socket(path) => Remote::socket(path)?,
            DeviceKind::Vfio(address) => Remote::vfio(*address)?,
        };
        Ok(Self {
            watch: Arc::new(remote),
            kind: kind.clone(),
            configuration,
        })
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

    /// A session on the first queue pair.
    ///
    /// # Errors
    /// A board that the driver does not take.
    pub fn session(&self) -> Result<Session> {
        let slots = u16::try_from(self.configuration.shape.slots).unwrap_or(u16::MAX);
        let options = Options {
            // A descriptor a batch: so that a completion tells when a batch is done.
            entries_per_job: slots,
            time_limit: match self.kind {
                // A slow machine simulates few clocks a second: what hangs is told by the limit in clocks.
                DeviceKind::Local(_) => PATIENCE,
                DeviceKind::Socket(_) | DeviceKind::Vfio(_) => Options::default().time_limit,
            },
            ..Options::default()
        };
        let device = self.watch.clone().device();
        let name = device.name();
        Session::open(device, options).with_context(|| format!("open a session on {name}"))
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
