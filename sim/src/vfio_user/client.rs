//! One client: its messages, and the answers.

use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use goldilane_vfio_user::header::{Command, Header};
use goldilane_vfio_user::payload::{
    DeviceInfo, DmaMap, DmaUnmap, IrqInfo, RegionAccess, RegionInfo, SetIrqs, device, irq, region,
};
use goldilane_vfio_user::{
    MAX_TRANSFER, Message, Stream, StreamError, Version, WireError, errno, version,
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::Refusal;
use super::site::Site;
use crate::board::Board;

/// Longest time in which a client must take a reply.
const SEND_LIMIT: Duration = Duration::from_secs(5);

impl From<WireError> for Refusal {
    fn from(error: WireError) -> Self {
        Self::new(error.errno(), error.to_string())
    }
}

/// A connected client.
pub(super) struct Client {
    pub(super) stream: Stream,
    negotiated: bool,
    /// A read that is not answered as long as reads hang.
    hung: Option<Message>,
}

/// What came of looking for a message.
pub(super) enum Turn {
    /// None is there.
    Quiet,
    /// One was carried out.
    Answered,
    /// One was refused, for the record.
    Refused(String),
}

impl Client {
    pub(super) fn new(stream: Stream) -> Self {
        Self {
            stream,
            negotiated: false,
            hung: None,
        }
    }

    /// Carries the next message out, if one is there.
    ///
    /// # Errors
    /// The end of the connection.
    pub(super) fn serve_one<B: Board>(&mut self, site: &mut Site<B>) -> Result<Turn, StreamError> {
        let message = match self.next_message() {
            Ok(Some(message)) if is_read(&message) && site.link.hangs() && !self.has_gone() => {
                // Nothing behind it is looked at either: accesses keep their order.
                self.hung = Some(message);
                return Ok(Turn::Quiet);
            }
            Ok(Some(message)) => message,
            Ok(None) => return Ok(Turn::Quiet),
            Err(StreamError::Wire { header, error }) => {
                // Told what is wrong, then left: where the next message begins is not known.
                self.reply(header, &[], Some(error.errno()))?;
                return Err(StreamError::Wire { header, error });
            }
            Err(error) => return Err(error),
        };
        let header = message.header;
        if header.reply {
            return Ok(Turn::Refused("a reply to nothing".to_owned()));
        }
        let name = Command::from_number(header.command).map_or("unknown", Command::name);
        let (turn, payload, error) = match self.carry_out(site, message) {
            Ok(payload) => (Turn::Answered, payload, None),
            Err(Refusal { errno, reason }) => (
                Turn::Refused(format!("{name}: {reason}")),
                Vec::new(),
                Some(errno),
            ),
        };
        if !header.no_reply {
            self.reply(header, &payload, error)?;
        }
        Ok(turn)
    }

    /// Whether it has closed its end, whatever it sent before.
    pub(super) fn has_gone(&self) -> bool {
        let mut ends = [PollFd::from_borrowed_fd(
            self.stream.as_fd(),
            PollFlags::empty(),
        )];
        let now = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        poll(&mut ends, Some(&now)) == Ok(1)
    }

    fn next_message(&mut self) -> Result<Option<Message>, StreamError> {
        match self.hung.take() {
            Some(message) => Ok(Some(message)),
            None => self.stream.receive(),
        }
    }

    fn reply(&self, header: Header, payload: &[u8], error: Option<u32>) -> Result<(), StreamError> {
        let reply = header.reply_to(payload.len(), error);
        self.stream.send(reply, payload, &[], SEND_LIMIT)
    }

    fn carry_out<B: Board>(
        &mut self,
        site: &mut Site<B>,
        message: Message,
    ) -> Result<Vec<u8>, Refusal> {
        let Message {
            header,
            payload,
            fds,
            fds_lost,
        } = message;
        if fds_lost {
            return Err(WireError::TooManyFds.into());
        }
        let Some(command) = Command::from_number(header.command) else {
            let reason = format!("command {}: there is none", header.command);
            return Err(Refusal::new(errno::ENOTSUP, reason));
        };
        if (command == Command::Version) == self.negotiated {
            let reason = "the version is told once, before everything else";
            return Err(Refusal::new(errno::EINVAL, reason));
        }
        let allowed = match command {
            Command::DmaMap => 1,
            Command::SetIrqs => usize::MAX,
            _ => 0,
        };
        if fds.len() > allowed {
            let reason = format!("{} descriptors where {allowed} belong", fds.len());
            return Err(Refusal::new(errno::EINVAL, reason));
        }
        match command {
            Command::Version => self.negotiate(&payload),
            Command::DmaMap => {
                let (request, _) = DmaMap::parse(&payload)?;
                site.memory.map(&request, fds.into_iter().next())?;
                Ok(Vec::new())
            }
            Command::DmaUnmap => {
                let (mut request, _) = DmaUnmap::parse(&payload)?;
                if site.link.ignores_unmaps() {
                    request.size = 0;
                } else {
                    site.memory.unmap(&request)?;
                }
                Ok(request.to_bytes())
            }
            Command::SetIrqs => set_irqs(site, &payload, fds),
            Command::DeviceReset => {
                site.reset_function();
                Ok(Vec::new())
            }
            Command::DeviceInfo | Command::RegionInfo | Command::IrqInfo => {
                describe(site, command, &payload)
            }
            Command::RegionRead | Command::RegionWrite => access(site, command, &payload),
            Command::RegionIoFds | Command::DmaRead | Command::DmaWrite => {
                Err(Refusal::new(errno::ENOTSUP, "not done by this board"))
            }
        }
    }

    fn negotiate(&mut self, payload: &[u8]) -> Result<Vec<u8>, Refusal> {
        let theirs = Version::parse(payload)?;
        if theirs.major != version::MAJOR {
            let reason = format!("version {}.{} is asked for", theirs.major, theirs.minor);
            return Err(Refusal::new(errno::ENOTSUP, reason));
        }
        self.negotiated = true;
        Ok(Version::OURS.to_bytes())
    }
}

/// Whether a message reads registers.
fn is_read(message: &Message) -> bool {
    let header = message.header;
    let read = !header.reply && header.command == Command::RegionRead as u16;
    let access = RegionAccess::parse(&message.payload);
    read && access.is_ok_and(|(access, _)| access.region == region::BAR0)
}

fn set_irqs<B: Board>(
    site: &mut Site<B>,
    payload: &[u8],
    fds: Vec<OwnedFd>,
) -> Result<Vec<u8>, Refusal> {
    let (request, data) = SetIrqs::parse(payload)?;
    site.interrupts.set(&request, data, fds)?;
    Ok(Vec::new())
}

/// The numbers of device, region or interrupt index.
fn describe<B: Board>(
    site: &Site<B>,
    command: Command,
    payload: &[u8],
) -> Result<Vec<u8>, Refusal> {
    let missing = |index: u32| Refusal::new(errno::EINVAL, format!("index {index}: there is none"));
    match command {
        Command::RegionInfo => {
            let (request, _) = RegionInfo::parse(payload)?;
            let size = Site::<B>::region_bytes(request.index).ok_or(missing(request.index))?;
            let info = RegionInfo {
                argsz: RegionInfo::BYTES as u32,
                flags: if size == 0 {
                    0
                } else {
                    region::READ | region::WRITE
                },
                index: request.index,
                size,
                ..RegionInfo::default()
            };
            Ok(info.to_bytes())
        }
        Command::IrqInfo => {
            let (request, _) = IrqInfo::parse(payload)?;
            let count = site.interrupts.count(request.index);
            let count = count.ok_or(missing(request.index))?;
            let info = IrqInfo {
                argsz: IrqInfo::BYTES as u32,
                flags: if count == 0 { 0 } else { irq::EVENTFD },
                index: request.index,
                count,
            };
            Ok(info.to_bytes())
        }
        _ => {
            DeviceInfo::parse(payload)?;
            let info = DeviceInfo {
                argsz: DeviceInfo::BYTES as u32,
                flags: device::RESET | device::PCI,
                regions: region::COUNT,
                irqs: irq::COUNT,
            };
            Ok(info.to_bytes())
        }
    }
}

fn access<B: Board>(
    site: &mut Site<B>,
    command: Command,
    payload: &[u8],
) -> Result<Vec<u8>, Refusal> {
    let (request, data) = RegionAccess::parse(payload)?;
    if request.count > MAX_TRANSFER {
        let reason = format!("{} bytes at once", request.count);
        return Err(Refusal::new(errno::E2BIG, reason));
    }
    let count = request.count as usize;
    let mut reply = request.to_bytes();
    if command == Command::RegionRead {
        reply.extend(site.read_region(request.region, request.offset, count)?);
    } else {
        if data.len() != count {
            return Err(WireError::Short {
                what: "REGION_WRITE data",
                found: data.len(),
                needed: count,
            }
            .into());
        }
        site.write_region(request.region, request.offset, data)?;
    }
    Ok(reply)
}
