//! Requests and replies.
//!
//! One request is under way at a time. A reply that comes after its request was given up is thrown away, so that a board
//! that was slow once can be used again; one that sends what is no reply is left for good.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use goldilane_vfio_user::header::{Command, Header};
use goldilane_vfio_user::{Message, Stream, StreamError, errno};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
use thiserror::Error;

/// Pause while a listener's queue is full.
const CONNECT_PAUSE: Duration = Duration::from_millis(2);
/// Most requests whose replies may still come late.
const MOST_LATE: usize = 256;

/// Why a request was not carried out.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The board answered with an errno.
    #[error("{}", io::Error::from_raw_os_error(*.0 as i32))]
    Refused(u32),
    /// No answer in time.
    #[error("no answer after {0:?}")]
    TimedOut(Duration),
    /// The connection has ended or is of no use any more.
    #[error("{0}")]
    Ended(String),
    /// The system refused.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// A connection to a board process.
pub(crate) struct Client {
    stream: Stream,
    limit: Duration,
    next: u16,
    late: Vec<u16>,
    ended: Option<String>,
}

impl Client {
    /// Connects.
    pub(crate) fn connect(path: &Path, limit: Duration) -> Result<Self, ClientError> {
        let start = Instant::now();
        let socket = socket_with(
            AddressFamily::UNIX,
            SocketType::STREAM,
            SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
            None,
        )
        .map_err(io::Error::from)?;
        let address = SocketAddrUnix::new(path).map_err(io::Error::from)?;
        loop {
            match connect(&socket, &address) {
                Ok(()) => break,
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {
                    if start.elapsed() >= limit {
                        return Err(ClientError::TimedOut(limit));
                    }
                    thread::sleep(CONNECT_PAUSE);
                }
                Err(error) => return Err(ClientError::System(error.into())),
            }
        }
        Ok(Self {
            stream: Stream::new(UnixStream::from(socket))?,
            limit,
            next: 0,
            late: Vec::new(),
            ended: None,
        })
    }

    /// The socket, to notice its end.
    pub(crate) fn socket(&self) -> io::Result<rustix::fd::OwnedFd> {
        self.stream.as_fd().try_clone_to_owned()
    }

    fn end(&mut self, reason: impl ToString) -> ClientError {
        let reason = reason.to_string();
        self.ended = Some(reason.clone());
        ClientError::Ended(reason)
    }

    fn header(&mut self, command: Command, payload: usize) -> Result<Header, ClientError> {
        if let Some(reason) = &self.ended {
            return Err(ClientError::Ended(reason.clone()));
        }
        let id = self.next;
        self.next = self.next.wrapping_add(1);
        Ok(Header::command(id, command, payload))
    }

    fn send(
        &mut self,
        header: Header,
        payload: &[u8],
        fds: &[BorrowedFd<'_>],
    ) -> Result<(), ClientError> {
        let sent = self.stream.send(header, payload, fds, self.limit);
        // What was sent in part cannot be taken back.
        sent.map_err(|error| self.end(error))
    }

    /// Sends a command that is not answered.
    pub(crate) fn post(&mut self, command: Command, payload: &[u8]) -> Result<(), ClientError> {
        let header = Header {
            no_reply: true,
            ..self.header(command, payload.len())?
        };
        self.send(header, payload, &[])
    }

    /// Sends a command and waits for its reply.
    pub(crate) fn request(
        &mut self,
        command: Command,
        payload: &[u8],
        fds: &[BorrowedFd<'_>],
    ) -> Result<Vec<u8>, ClientError> {
        let header = self.header(command, payload.len())?;
        let start = Instant::now();
        if let Err(error) = self.send(header, payload, fds) {
            // A board that turns clients away may have said why before it closed.
            return match self.stream.receive() {
                Ok(Some(reply)) => self.reply(header, reply)?.ok_or(error),
                _ => Err(error),
            };
        }
        loop {
            let message = match self.stream.receive() {
                Ok(message) => message,
                Err(StreamError::Closed) => {
                    return Err(self.end("the board process has closed the connection"));
                }
                Err(error) => return Err(self.end(error)),
            };
            if let Some(message) = message {
                if let Some(payload) = self.reply(header, message)? {
                    return Ok(payload);
                }
                continue;
            }
            let left = self.limit.saturating_sub(start.elapsed());
            if left.is_zero() {
                if self.late.len() == MOST_LATE {
                    return Err(self.end("the board process does not answer"));
                }
                self.late.push(header.id);
                return Err(ClientError::TimedOut(self.limit));
            }
            if let Err(error) = self.stream.wait_readable(left) {
                return Err(self.end(error));
            }
        }
    }

    /// What a message is: the reply to this command, or none that is waited for.
    fn reply(&mut self, command: Header, message: Message) -> Result<Option<Vec<u8>>, ClientError> {
        let header = message.header;
        if !header.reply {
            let refusal = header.reply_to(0, Some(errno::ENOTSUP));
            self.send(refusal, &[], &[])?;
            return Ok(None);
        }
        if header.id != command.id {
            let known = self.late.iter().position(|id| *id == header.id);
            let known = known.ok_or_else(|| {
                self.end(format!(
                    "a reply to request {} that was not made",
                    header.id
                ))
            })?;
            self.late.swap_remove(known);
            return Ok(None);
        }
        if header.command != command.command {
            return Err(self.end("a reply to another command"));
        }
        match header.error {
            Some(errno) => Err(ClientError::Refused(errno)),
            None => Ok(Some(message.payload)),
        }
    }
}
