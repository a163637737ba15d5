//! The tests' end.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use thiserror::Error;

use crate::channel::{Channel, ChannelError};
use crate::message::{Header, MAX_REPLY, Malformed, Reply, Request, Status};
use crate::{Disturbance, Fault, Incident, LAST, Progress, VERSION};

/// How long an answer may take: a slow simulator runs the clocks that it was asked for.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why a request was not carried out.
#[derive(Debug, Error)]
pub enum ClientError {
    /// There is nothing of the kind.
    #[error("open the side channel {}: {source}", path.display())]
    Open {
        /// The path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Another version is spoken there.
    #[error("open the side channel: version {found} where {VERSION} is needed")]
    Version {
        /// Its version.
        found: u32,
    },
    /// The channel failed.
    #[error("side channel: {request:?}: {source}")]
    Channel {
        /// What was asked.
        request: Request,
        /// What failed.
        #[source]
        source: ChannelError,
    },
    /// The board's side refused.
    #[error("side channel: {request:?}: {reason}")]
    Refused {
        /// What was asked.
        request: Request,
        /// Why not.
        reason: String,
    },
}

/// A client of a side channel. Requests of several threads come one after another.
#[derive(Debug)]
pub struct Client {
    channel: Mutex<Connection>,
}

#[derive(Debug)]
struct Connection {
    channel: Channel,
    next: u32,
}

type Result<T> = std::result::Result<T, ClientError>;

impl Client {
    /// Opens a side channel: a socket, or a character device that leads to one.
    ///
    /// # Errors
    /// Nothing there, nobody who answers, another version.
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |source| ClientError::Open {
            path: path.to_owned(),
            source,
        };
        let stream: OwnedFd = if fs::metadata(path).map_err(failed)?.file_type().is_socket() {
            UnixStream::connect(path).map_err(failed)?.into()
        } else {
            let mut options = OpenOptions::new();
            options.read(true).write(true);
            options.open(path).map_err(failed)?.into()
        };
        let channel = Channel::new(stream).map_err(failed)?;
        Self::over(channel, PATIENCE)
    }

    /// A client over a channel. What an earlier user has left unread in it is skipped.
    fn over(channel: Channel, limit: Duration) -> Result<Self> {
        // Ids of different users should differ, so that a late reply is not taken for an early one.
        let seed = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.subsec_nanos());
        let id = seed ^ std::process::id().rotate_left(16);
        let request = Request::Hello;
        let start = Instant::now();
        let found = ask(
            &channel,
            &request,
            id,
            |limit| channel.receive_anew(MAX_REPLY, limit.saturating_sub(start.elapsed())),
            limit,
        )?;
        match found {
            Reply::Version(VERSION) => Ok(Self {
                channel: Mutex::new(Connection {
                    channel,
                    next: id.wrapping_add(1),
                }),
            }),
            Reply::Version(found) => Err(ClientError::Version { found }),
            _ => Err(nonsense(request)),
        }
    }

    fn request(&self, request: &Request) -> Result<Reply> {
        let mut connection = self.channel.lock().unwrap_or_else(PoisonError::into_inner);
        let id = connection.next;
        connection.next = id.wrapping_add(1);
        let channel = &connection.channel;
        ask(
            channel,
            request,
            id,
            |limit| channel.receive(MAX_REPLY, limit),
            PATIENCE,
        )
    }

    fn done(&self, request: Request) -> Result<()> {
        self.request(&request).map(drop)
    }

    /// Holds the board, so that it works only in [`Client::run`]; or lets it go on.
    ///
    /// # Errors
    /// See [`ClientError`], here and below.
    pub fn hold(&self, held: bool) -> Result<()> {
        self.done(Request::Hold(held))
    }

    /// Lets the board work for about so many clocks.
    ///
    /// # Errors
    /// More than [`crate::MAX_CLOCKS`].
    pub fn run(&self, clocks: u64) -> Result<Progress> {
        let request = Request::Run(clocks);
        match self.request(&request)? {
            Reply::Progress(progress) => Ok(progress),
            _ => Err(nonsense(request)),
        }
    }

    /// The bytes of a line of board memory.
    ///
    /// # Errors
    /// No such line.
    pub fn read_line(&self, line: u64) -> Result<Vec<u8>> {
        let request = Request::ReadLine(line);
        match self.request(&request)? {
            Reply::Bytes(bytes) => Ok(bytes),
            _ => Err(nonsense(request)),
        }
    }

    /// Flips bits of a byte of a line.
    ///
    /// # Errors
    /// No such byte.
    pub fn flip_bits(&self, line: u64, byte: u32, mask: u8) -> Result<()> {
        self.done(Request::FlipBits { line, byte, mask })
    }

    /// Makes the self-test's part fail from now on, or heals it.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn inject(&self, fault: Fault, present: bool) -> Result<()> {
        self.done(Request::Inject { fault, present })
    }

    /// Whether ciphertexts, keys or lookup tables of earlier jobs are still anywhere in the board.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn holds_secrets(&self) -> Result<bool> {
        match self.request(&Request::HoldsSecrets)? {
            Reply::Flag(flag) => Ok(flag),
            _ => Err(nonsense(Request::HoldsSecrets)),
        }
    }

    /// Makes this wrong between board and host from now on, and nothing else.
    ///
    /// # Errors
    /// More than [`crate::MAX_DISTURBANCES`], an overrun of more than [`crate::MAX_OVERRUN`].
    pub fn disturb(&self, wrong: &[Disturbance]) -> Result<()> {
        self.done(Request::Disturb(wrong.to_vec()))
    }

    /// How often what was armed last has had an effect.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn struck(&self) -> Result<u64> {
        match self.request(&Request::Struck)? {
            Reply::Count(count) => Ok(count),
            _ => Err(nonsense(Request::Struck)),
        }
    }

    /// Lets something happen.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn happen(&self, incident: Incident) -> Result<()> {
        self.done(Request::Happen(incident))
    }

    /// Number of DMA mappings.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn mappings(&self) -> Result<u64> {
        match self.request(&Request::Mappings)? {
            Reply::Count(count) => Ok(count),
            _ => Err(nonsense(Request::Mappings)),
        }
    }

    /// Accesses of the board that no bus would allow, since the last call.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn take_violations(&self) -> Result<Vec<String>> {
        match self.request(&Request::TakeViolations)? {
            Reply::Texts(texts) => Ok(texts),
            _ => Err(nonsense(Request::TakeViolations)),
        }
    }
}

fn nonsense(request: Request) -> ClientError {
    let kind = request.kind();
    ClientError::Channel {
        request,
        source: Malformed::Payload { kind, bytes: 0 }.into(),
    }
}

/// Sends a request and waits for its reply; replies with other ids are those of an earlier user.
fn ask(
    channel: &Channel,
    request: &Request,
    id: u32,
    receive: impl Fn(Duration) -> std::result::Result<(Header, Vec<u8>), ChannelError>,
    limit: Duration,
) -> Result<Reply> {
    let failed = |source| ClientError::Channel {
        request: request.clone(),
        source,
    };
    let payload = request.payload();
    let header = Header {
        id,
        kind: request.kind(),
        status: Status::Request,
        length: payload.len() as u32,
    };
    channel.send(header, &payload, limit).map_err(failed)?;
    loop {
        let (header, payload) = receive(limit).map_err(failed)?;
        let last = header.kind == LAST && header.id == 0;
        if (header.id, header.kind) != (id, request.kind()) && !last {
            continue;
        }
        return match header.status {
            Status::Done => Reply::parse(request, &payload).map_err(|error| failed(error.into())),
            Status::Refused => Err(ClientError::Refused {
                request: request.clone(),
                reason: String::from_utf8_lossy(&payload).into_owned(),
            }),
            Status::Request => continue,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::thread;

    const SHORT: Duration = Duration::from_secs(2);

    /// A client at whose other end bytes are written before anything is read; what it finds.
    fn against(
        before: &[u8],
        answer: impl FnOnce(Header) -> Vec<u8> + Send + 'static,
    ) -> Result<Client> {
        let (here, mut there) = UnixStream::pair().expect("sockets");
        there.write_all(before).expect("write");
        let other = thread::spawn(move || {
            let mut bytes = [0; 16];
            there.read_exact(&mut bytes).expect("a request");
            let header = Header::parse(&bytes, 0).expect("hello");
            let _gone = there.write_all(&answer(header));
            there
        });
        let client = Client::over(Channel::new(here).expect("a channel"), SHORT);
        drop(other.join().expect("the other side"));
        client
    }

    fn reply(header: Header, status: Status, payload: &[u8]) -> Vec<u8> {
        let header = Header {
            status,
            length: payload.len() as u32,
            ..header
        };
        [&header.to_bytes()[..], payload].concat()
    }

    #[test]
    fn what_an_earlier_user_left_is_skipped() {
        let old = Header {
            id: 1,
            kind: 3,
            status: Status::Done,
            length: 4,
        };
        let left = [&[1, 2, 3][..], &old.to_bytes(), &[9; 4], b"GL"].concat();
        let welcome = |header| reply(header, Status::Done, &VERSION.to_le_bytes());
        against(&left, welcome).expect("a client");
    }

    #[test]
    fn other_versions_refusals_and_silence_are_told() {
        let other = against(&[], |header| {
            reply(header, Status::Done, &9_u32.to_le_bytes())
        });
        assert!(
            matches!(other, Err(ClientError::Version { found: 9 })),
            "{other:?}"
        );
        let refused = against(&[], |header| reply(header, Status::Refused, b"no"));
        assert!(
            matches!(&refused, Err(ClientError::Refused { reason, .. }) if reason == "no"),
            "{refused:?}"
        );
        let short = against(&[], |header| reply(header, Status::Done, &[1]));
        assert!(
            matches!(short, Err(ClientError::Channel { .. })),
            "{short:?}"
        );
        let silent = against(&[], |_| Vec::new());
        assert!(silent.is_err(), "{silent:?}");
        let nothing = Client::open(Path::new("/no/such/socket"));
        assert!(
            matches!(nothing, Err(ClientError::Open { .. })),
            "{nothing:?}"
        );
    }
}
