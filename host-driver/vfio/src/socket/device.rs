//! The device.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use goldilane_abi::{BAR0_BYTES, PCI_DEVICE, PCI_VENDOR};
use goldilane_driver::{Device, DmaBuffer, Error, Result};
use goldilane_vfio_user::header::Command;
use goldilane_vfio_user::payload::{
    DeviceInfo, IrqInfo, RegionAccess, RegionInfo, SetIrqs, device, irq, region,
};
use goldilane_vfio_user::{MAX_FDS, Version, WireError, version};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{Shutdown, shutdown};
use thiserror::Error;

use super::arena::{Arena, lock};
use super::client::{Client, ClientError};
use crate::alarms::{Alarms, event};

/// Offset of the command register in configuration space.
const COMMAND: u64 = 4;
/// Memory space and bus mastering.
const COMMAND_ENABLE: u16 = 1 << 1 | 1 << 2;

/// How a socket device works.
#[derive(Clone, Copy, Debug)]
pub struct SocketOptions {
    /// Longest time until the board process answers a request. A slow simulator answers a register read only when its
    /// clocks have got that far.
    pub time_limit: Duration,
}

impl Default for SocketOptions {
    fn default() -> Self {
        Self {
            time_limit: Duration::from_secs(60),
        }
    }
}

/// Why there is no device.
#[derive(Debug, Error)]
#[error("open socket:{}: {operation}: {reason}", path.display())]
pub struct OpenError {
    /// The socket.
    pub path: PathBuf,
    /// What was tried.
    pub operation: &'static str,
    /// Why it failed.
    pub reason: OpenReason,
}

/// What was wrong.
#[derive(Debug, Error)]
pub enum OpenReason {
    /// Another client has the board.
    #[error("the board is in use by another client")]
    Busy,
    /// The request failed.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The answer makes no sense.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The device is none that this driver knows.
    #[error("{0}")]
    Unsupported(String),
}

impl From<io::Error> for OpenReason {
    fn from(error: io::Error) -> Self {
        Self::Client(error.into())
    }
}

/// A board process behind a vfio-user socket.
pub struct SocketDevice {
    name: String,
    client: Arc<Mutex<Client>>,
    /// The connection once more, to notice its end while nobody asks.
    connection: OwnedFd,
    arena: Arc<Arena>,
    events: Vec<OwnedFd>,
    alarms: Alarms,
}

impl SocketDevice {
    /// Connects to a board process and makes its board ready: memory space and bus mastering on, an event for each vector.
    ///
    /// # Errors
    /// Nobody there, in use, not answering, or no board of ours.
    pub fn open(path: &Path, options: SocketOptions) -> std::result::Result<Self, OpenError> {
        Opening::run(path, options).map_err(|(operation, reason)| OpenError {
            path: path.to_owned(),
            operation,
            reason: match reason {
                OpenReason::Client(ClientError::Refused(errno))
                    if errno == goldilane_vfio_user::errno::EBUSY =>
                {
                    OpenReason::Busy
                }
                other => other,
            },
        })
    }

    /// Ends the connection at once, as when this process is killed: mappings and jobs stay as they are.
    pub fn disconnect(&self) {
        // It may have ended before.
        let _ended = shutdown(&self.connection, Shutdown::Both);
    }

    fn access(&self, command: Command, offset: u32, value: Option<u32>) -> RequestResult {
        let mut payload = RegionAccess {
            offset: offset.into(),
            region: region::BAR0,
            count: 4,
        }
        .to_bytes();
        let mut client = lock(&self.client);
        match value {
            None => client.request(command, &payload, &[]),
            Some(value) => {
                payload.extend(value.to_le_bytes());
                client.post(command, &payload).map(|()| Vec::new())
            }
        }
    }

    fn error(&self, operation: &'static str, object: String, error: ClientError) -> Error {
        let object = format!("{object} of {}", self.name);
        match error {
            ClientError::TimedOut(limit) => Error::TimedOut {
                operation,
                object,
                limit,
            },
            other => Error::Device {
                operation,
                object,
                reason: other.to_string(),
            },
        }
    }
}

type RequestResult = std::result::Result<Vec<u8>, ClientError>;
type Step<T> = std::result::Result<T, (&'static str, OpenReason)>;

/// Names the step that an error happened in.
trait During<T> {
    fn during(self, operation: &'static str) -> Step<T>;
}

impl<T, E: Into<OpenReason>> During<T> for std::result::Result<T, E> {
    fn during(self, operation: &'static str) -> Step<T> {
        self.map_err(|error| (operation, error.into()))
    }
}

struct Opening {
    client: Client,
}

impl Opening {
    fn run(path: &Path, options: SocketOptions) -> Step<SocketDevice> {
        let client = Client::connect(path, options.time_limit).during("connect")?;
        let mut opening = Self { client };
        opening.negotiate()?;
        opening.identify()?;
        let events = opening.interrupts()?;
        let alarms = opening.alarms()?;
        opening.enable()?;
        let connection = opening.client.socket().during("watch the connection")?;
        let client = Arc::new(Mutex::new(opening.client));
        let arena = Arena::new(client.clone()).during("make DMA memory")?;
        Ok(SocketDevice {
            name: format!("socket:{}", path.display()),
            client,
            connection,
            arena: Arc::new(arena),
            events,
            alarms,
        })
    }

    fn negotiate(&mut self) -> Step<()> {
        let step = "agree on a version";
        let reply = self
            .client
            .request(Command::Version, &Version::OURS.to_bytes(), &[])
            .during(step)?;
        let theirs = Version::parse(&reply).during(step)?;
        if (theirs.major, theirs.minor) != (version::MAJOR, version::MINOR) {
            let text = format!("it speaks {}.{}", theirs.major, theirs.minor);
            return Err((step, OpenReason::Unsupported(text)));
        }
        Ok(())
    }

    /// It is a PCI device of ours, and the registers are there.
    fn identify(&mut self) -> Step<()> {
        let step = "identify the device";
        let unsupported = |text: String| Err((step, OpenReason::Unsupported(text)));
        let request = DeviceInfo {
            argsz: DeviceInfo::BYTES as u32,
            ..DeviceInfo::default()
        };
        let reply = self
            .client
            .request(Command::DeviceInfo, &request.to_bytes(), &[])
            .during(step)?;
        let (info, _) = DeviceInfo::parse(&reply).during(step)?;
        if info.flags & device::PCI == 0 || info.regions <= region::CONFIG {
            return unsupported("it is no PCI device".to_owned());
        }
        let id = self.read_config(0, 4).during(step)?;
        let (vendor, product) = (
            u16::from_le_bytes([id[0], id[1]]),
            u16::from_le_bytes([id[2], id[3]]),
        );
        if (vendor, product) != (PCI_VENDOR, PCI_DEVICE) {
            return unsupported(format!(
                "PCI id {vendor:04x}:{product:04x} is no Goldilane board ({PCI_VENDOR:04x}:{PCI_DEVICE:04x})"
            ));
        }
        let request = RegionInfo {
            argsz: RegionInfo::BYTES as u32,
            index: region::BAR0,
            ..RegionInfo::default()
        };
        let reply = self
            .client
            .request(Command::RegionInfo, &request.to_bytes(), &[])
            .during(step)?;
        let (bar, _) = RegionInfo::parse(&reply).during(step)?;
        if bar.size < BAR0_BYTES.into() {
            return unsupported(format!(
                "BAR0 has {} bytes where {BAR0_BYTES} are needed",
                bar.size
            ));
        }
        Ok(())
    }

    /// An event for each MSI-X vector.
    fn interrupts(&mut self) -> Step<Vec<OwnedFd>> {
        let step = "set up interrupts";
        let count = self.vectors(irq::MSIX).during(step)?.min(MAX_FDS);
        let events = (0..count)
            .map(|_| event())
            .collect::<rustix::io::Result<Vec<_>>>()
            .map_err(io::Error::from)
            .during(step)?;
        self.signal(irq::MSIX, &events).during(step)?;
        Ok(events)
    }

    /// Events for what concerns the whole device, as far as the board process knows them.
    fn alarms(&mut self) -> Step<Alarms> {
        let step = "set up alarms";
        let alarms = Alarms::new().during(step)?;
        for (index, event) in [
            (irq::ERROR, alarms.error()),
            (irq::REQUEST, alarms.request()),
        ] {
            if self.vectors(index).during(step)? > 0 {
                self.signal(index, std::slice::from_ref(event))
                    .during(step)?;
            }
        }
        Ok(alarms)
    }

    /// The number of vectors of an index.
    fn vectors(&mut self, index: u32) -> std::result::Result<usize, OpenReason> {
        let request = IrqInfo {
            argsz: IrqInfo::BYTES as u32,
            index,
            ..IrqInfo::default()
        };
        let reply = self
            .client
            .request(Command::IrqInfo, &request.to_bytes(), &[])?;
        let (info, _) = IrqInfo::parse(&reply)?;
        Ok(info.count as usize)
    }

    /// Lets the vectors of an index fire events.
    fn signal(&mut self, index: u32, events: &[OwnedFd]) -> std::result::Result<(), OpenReason> {
        let request = SetIrqs {
            argsz: SetIrqs::BYTES as u32,
            flags: irq::DATA_EVENTFD | irq::ACTION_TRIGGER,
            index,
            start: 0,
            count: events.len() as u32,
        };
        let fds: Vec<_> = events.iter().map(AsFd::as_fd).collect();
        self.client
            .request(Command::SetIrqs, &request.to_bytes(), &fds)?;
        Ok(())
    }

    fn enable(&mut self) -> Step<()> {
        let step = "switch bus mastering on";
        let command = self.read_config(COMMAND, 2).during(step)?;
        let command = u16::from_le_bytes([command[0], command[1]]) | COMMAND_ENABLE;
        let mut request = RegionAccess {
            offset: COMMAND,
            region: region::CONFIG,
            count: 2,
        }
        .to_bytes();
        request.extend(command.to_le_bytes());
        self.client
            .request(Command::RegionWrite, &request, &[])
            .during(step)?;
        Ok(())
    }

    fn read_config(&mut self, offset: u64, count: u32) -> std::result::Result<Vec<u8>, OpenReason> {
        let request = RegionAccess {
            offset,
            region: region::CONFIG,
            count,
        };
        let reply = self
            .client
            .request(Command::RegionRead, &request.to_bytes(), &[])?;
        Ok(data_of(&reply, count as usize)?.to_vec())
    }
}

/// The data in the reply to a read.
fn data_of(reply: &[u8], count: usize) -> std::result::Result<&[u8], WireError> {
    let (_, data) = RegionAccess::parse(reply)?;
    match data.len() == count {
        true => Ok(data),
        false => Err(WireError::Short {
            what: "REGION_READ data",
            found: data.len(),
            needed: count,
        }),
    }
}

impl Device for SocketDevice {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn read32(&self, offset: u32) -> Result<u32> {
        let named = || format!("register {offset:#x}");
        let reply = self
            .access(Command::RegionRead, offset, None)
            .map_err(|error| self.error("read", named(), error))?;
        match data_of(&reply, 4) {
            Ok(data) => Ok(u32::from_le_bytes([data[0], data[1], data[2], data[3]])),
            Err(error) => {
                let error = ClientError::Ended(error.to_string());
                Err(self.error("read", named(), error))
            }
        }
    }

    fn write32(&self, offset: u32, value: u32) -> Result<()> {
        // Posted, as over PCI Express; what was written to memory before is visible to whoever takes the message.
        self.access(Command::RegionWrite, offset, Some(value))
            .map(drop)
            .map_err(|error| self.error("write", format!("register {offset:#x}"), error))
    }

    fn alloc_dma(&self, bytes: usize) -> Result<DmaBuffer> {
        self.arena
            .map(bytes)
            .map_err(|error| self.error("map", format!("{bytes} bytes of DMA memory"), error))
    }

    fn wait_interrupt(&self, vector: u16, timeout: Duration) -> Result<bool> {
        let failed = |reason: String| Error::Device {
            operation: "wait for",
            object: format!("interrupt {vector} of {}", self.name),
            reason,
        };
        let Some(event) = self.events.get(usize::from(vector)) else {
            return Err(failed(format!(
                "the board has {} vectors",
                self.events.len()
            )));
        };
        let start = Instant::now();
        loop {
            if let Some(reason) = self.alarms.sounded() {
                return Err(failed(reason.to_owned()));
            }
            if rustix::io::read(event, &mut [0; 8]).is_ok() {
                return Ok(true);
            }
            let left = timeout.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Ok(false);
            }
            let left = Timespec {
                tv_sec: left.as_secs().min(1 << 30) as i64,
                tv_nsec: left.subsec_nanos().into(),
            };
            let mut watched = [
                PollFd::new(event, PollFlags::IN),
                PollFd::new(&self.connection, PollFlags::empty()),
                PollFd::new(self.alarms.error(), PollFlags::IN),
                PollFd::new(self.alarms.request(), PollFlags::IN),
            ];
            match poll(&mut watched, Some(&left)) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(failed(io::Error::from(error).to_string())),
            }
            let ended = !watched[1].revents().is_empty();
            if ended && watched[0].revents().is_empty() {
                return Err(failed(
                    "the board process has closed the connection".to_owned(),
                ));
            }
        }
    }

    fn reset(&self) -> Result<()> {
        lock(&self.client)
            .request(Command::DeviceReset, &[], &[])
            .map_err(|error| self.error("reset", "the function".to_owned(), error))?;
        self.alarms.clear_error();
        Ok(())
    }

    fn relax(&self) {
        // The board works in a process of its own; a processor that it shares with this one is left to it.
        std::thread::yield_now();
    }
}
