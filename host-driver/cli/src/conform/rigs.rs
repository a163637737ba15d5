//! Boards for the bodies: each as after power-up.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use goldilane_abi::Shape;
use goldilane_conformance::{Opened, Rig, Transport, shape_of};
use goldilane_driver::Device;
use goldilane_driver_vfio::{SocketDevice, SocketOptions};
use goldilane_side_channel::Client;

use crate::board::{BoardArguments, DeviceKind, connect};
use crate::remote;
#[cfg(feature = "boards")]
use crate::{board, configuration, local_board::BoardKind, output::BadArgument, simulator};

/// Configuration of a board in this process: the one that most bodies are for.
#[cfg(feature = "boards")]
const CONFIGURATION: &str = "toy";

/// Where boards come from.
enum Source {
    /// Started anew in this process.
    #[cfg(feature = "boards")]
    Local(BoardKind, Box<configuration::Configuration>),
    /// Opened anew, reset and cleared.
    Remote(DeviceKind, Option<PathBuf>),
}

/// Makes boards.
pub struct Rigs {
    source: Source,
    configuration: String,
    shape: Shape,
}

impl Rigs {
    /// Boards of a device.
    ///
    /// # Errors
    /// Unusable arguments, a device or a side channel that cannot be opened.
    pub fn new(arguments: &BoardArguments, side_channel: Option<&Path>) -> Result<Self> {
        #[cfg(feature = "boards")]
        if let DeviceKind::Local(board) = &arguments.device {
            return Self::local(*board, arguments, side_channel);
        }
        #[cfg(feature = "boards")]
        board::refuse_local_options(arguments.config.as_deref(), &arguments.limit)?;
        let kind = arguments.device.clone();
        let device: Arc<dyn Device> = connect(&kind)?;
        let shape = shape_of(&*device)?;
        drop(device);
        if let Some(path) = side_channel {
            Client::open(path)?;
        }
        Ok(Self {
            source: Source::Remote(kind, side_channel.map(Path::to_owned)),
            configuration: remote::name_of(&shape).to_owned(),
            shape,
        })
    }

    #[cfg(feature = "boards")]
    fn local(board: BoardKind, arguments: &BoardArguments, side: Option<&Path>) -> Result<Self> {
        if side.is_some() || arguments.limit.clock_limit.is_some() {
            let text = "--side-channel and --clock-limit do not concern a board in this process";
            return Err(BadArgument(text.to_owned()).into());
        }
        let name = arguments.config.as_deref().unwrap_or(CONFIGURATION);
        let configuration = configuration::find(name)?;
        Ok(Self {
            configuration: configuration.name.clone(),
            shape: configuration.shape,
            source: Source::Local(board, Box::new(configuration)),
        })
    }

    /// Whether boards are simulated in this process.
    pub fn in_process(&self) -> bool {
        !matches!(self.source, Source::Remote(..))
    }

    /// Whether there is a way around the driver.
    pub fn bench(&self) -> bool {
        !matches!(self.source, Source::Remote(_, None))
    }

    /// What lies between the driver and the boards.
    pub fn transport(&self) -> Transport {
        match &self.source {
            Source::Remote(DeviceKind::Vfio(_), _) => Transport::Kernel,
            Source::Remote(..) => Transport::Socket,
            #[cfg(feature = "boards")]
            Source::Local(..) => Transport::InProcess,
        }
    }

    /// What the boards were generated for.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Its name.
    pub fn configuration(&self) -> &str {
        &self.configuration
    }

    /// A board as after power-up.
    ///
    /// # Errors
    /// A device that is gone, or cannot be reset.
    pub fn fresh(&self) -> Result<Rig> {
        match &self.source {
            #[cfg(feature = "boards")]
            Source::Local(BoardKind::Model, configuration) => {
                let board = goldilane_sim::ModelBoard::new(configuration.shape, 0);
                Ok(goldilane_conformance::boards::local(board))
            }
            #[cfg(feature = "boards")]
            Source::Local(BoardKind::Rtl, configuration) => {
                let board = simulator::start(configuration, simulator::Simulation::default())?;
                Ok(goldilane_conformance::boards::local(board))
            }
            Source::Remote(kind, side) => {
                let bench = side.as_deref().map(Client::open).transpose()?;
                let device = kind.clone();
                let open =
                    move |limit| opened(&device, limit).map_err(|error| format!("{error:#}"));
                Rig::remote(Box::new(open), self.transport(), bench)
                    .map_err(|error| anyhow!("a fresh board at {kind}: {error}"))
            }
        }
    }
}

/// Opens a device.
fn opened(kind: &DeviceKind, time_limit: Duration) -> Result<Opened> {
    let DeviceKind::Socket(path) = kind else {
        let device = connect(kind)?;
        return Ok(Opened { device, cut: None });
    };
    let device = Arc::new(SocketDevice::open(path, SocketOptions { time_limit })?);
    let killed = device.clone();
    Ok(Opened {
        device,
        cut: Some(Box::new(move || killed.disconnect())),
    })
}
