//! The device that a command talks to.

use std::sync::Arc;
#[cfg(feature = "boards")]
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use goldilane_abi::{KeyShape, Shape};
use goldilane_driver::{Device, Options, Session};

use crate::configuration::Configuration;
pub use crate::device_kind::DeviceKind;
#[cfg(feature = "boards")]
pub use crate::local_board::{BoardKind, ClockLimit, clock_limit, refuse_local_options};
use crate::remote::{self, Remote};

/// Longest time without any completion of a board in this process.
#[cfg(feature = "boards")]
const PATIENCE: Duration = Duration::from_secs(3600);

/// Which device, of which configuration.
#[derive(Args, Clone, Debug)]
pub struct BoardArguments {
    /// The device: rtl (the Verilated hardware in this process), model (the golden model behind the same registers),
    /// socket:PATH (a board that `goldilane serve` serves), vfio:DOMAIN:BUS:DEVICE.FUNCTION (a PCI device that vfio-pci is
    /// bound to).
    #[cfg(feature = "boards")]
    #[arg(long, default_value = "rtl", value_name = "DEVICE")]
    pub device: DeviceKind,
    /// The device: socket:PATH (a board that `goldilane serve` serves), vfio:DOMAIN:BUS:DEVICE.FUNCTION (a PCI device that
    /// vfio-pci is bound to).
    #[cfg(not(feature = "boards"))]
    #[arg(long, value_name = "DEVICE")]
    pub device: DeviceKind,
    /// The configuration of a board simulated in this process: a name (toy, sim, artix, u280, v80) or a TOML file; sim, if
    /// not given.
    #[cfg(feature = "boards")]
    #[arg(long, value_name = "CONFIG")]
    pub config: Option<String>,
    #[cfg(feature = "boards")]
    #[command(flatten)]
    pub limit: ClockLimit,
}

/// A device, and what a simulator can tell beyond the registers.
pub trait Watch: Send + Sync {
    /// The device as the driver takes it.
    fn device(self: Arc<Self>) -> Arc<dyn Device>;
    /// Whether the board stopped answering.
    fn hung(&self) -> bool;
    /// Clocks so far.
    #[cfg(feature = "boards")]
    fn clocks(&self) -> u64;
    /// Failures and broken protocol rules.
    fn complaint(&self) -> Option<String>;
    /// Lets a board in this process run until this clock.
    #[cfg(feature = "boards")]
    fn run_until(&self, clock: u64);
}

/// The device of a board elsewhere.
///
/// # Errors
/// A device that is not there.
pub fn connect(kind: &DeviceKind) -> Result<Arc<dyn Device>> {
    match kind {
        #[cfg(feature = "boards")]
        DeviceKind::Local(_) => anyhow::bail!("open {kind}: it is simulated, not connected to"),
        DeviceKind::Socket(path) => remote::socket(path),
        DeviceKind::Vfio(address) => remote::vfio(*address),
    }
}

/// An open device.
pub struct OpenDevice {
    pub(crate) watch: Arc<dyn Watch>,
    /// Its kind.
    pub kind: DeviceKind,
    /// Its configuration; of a board elsewhere: what it reports.
    pub configuration: Configuration,
}

impl OpenDevice {
    /// Starts a simulated board, or connects to one elsewhere.
    ///
    /// # Errors
    /// An unknown configuration, a simulator that cannot be built, a device that is not there.
    pub fn open(arguments: &BoardArguments) -> Result<Self> {
        #[cfg(feature = "boards")]
        if let DeviceKind::Local(board) = &arguments.device {
            return Self::simulate(*board, arguments);
        }
        #[cfg(feature = "boards")]
        refuse_local_options(arguments.config.as_deref(), &arguments.limit)?;
        Self::connect(&arguments.device)
    }

    /// Connects to a board elsewhere.
    ///
    /// # Errors
    /// A device that is not there, or none of ours.
    pub fn connect(kind: &DeviceKind) -> Result<Self> {
        let (remote, configuration) = Remote::of(connect(kind)?)?;
        Ok(Self {
            watch: Arc::new(remote),
            kind: kind.clone(),
            configuration,
        })
    }

    /// A session on the first queue pair.
    ///
    /// # Errors
    /// A board that the driver does not take.
    pub fn session(&self) -> Result<Session> {
        self.session_on(0)
    }

    /// A session on a queue pair.
    ///
    /// # Errors
    /// A board that the driver does not take, or that has no such pair.
    pub fn session_on(&self, pair: u16) -> Result<Session> {
        let slots = u16::try_from(self.configuration.shape.slots).unwrap_or(u16::MAX);
        let options = Options {
            pair,
            // A descriptor a batch: so that a completion tells when a batch is done.
            entries_per_job: slots,
            time_limit: match self.kind {
                // A slow machine simulates few clocks a second: what hangs is told by the limit in clocks.
                #[cfg(feature = "boards")]
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
    #[cfg(feature = "boards")]
    pub fn clocks(&self) -> u64 {
        self.watch.clocks()
    }

    /// Lets the board run until this clock, work or not.
    #[cfg(feature = "boards")]
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
