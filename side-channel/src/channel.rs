//! Whole messages over anything that can be read, written and waited for: a socket, a character device.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;
use thiserror::Error;

use crate::message::{HEADER_BYTES, Header, MAGIC, Malformed};

/// Longest sleep before a port without anybody at its other end is looked at again.
const NAP: Duration = Duration::from_millis(20);

/// Why there is no message.
#[derive(Debug, Error)]
pub enum ChannelError {
    /// The other side has gone.
    #[error("the other side closed the channel")]
    Closed,
    /// It is too slow.
    #[error("nothing whole within {0:?}")]
    Late(Duration),
    /// It does not speak this protocol.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The system refused.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// One end of a channel.
#[derive(Debug)]
pub struct Channel(OwnedFd);

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Channel {
    /// Takes a connected stream over.
    ///
    /// # Errors
    /// It cannot be made non-blocking.
    pub fn new(stream: impl Into<OwnedFd>) -> io::Result<Self> {
        let stream = stream.into();
        let flags = fcntl_getfl(&stream)?;
        fcntl_setfl(&stream, flags | OFlags::NONBLOCK)?;
        Ok(Self(stream))
    }

    /// Waits until something can be read, or the end; whether it came.
    ///
    /// # Errors
    /// The stream cannot be watched.
    pub fn wait(&self, limit: Duration) -> io::Result<bool> {
        self.wait_for(PollFlags::IN, limit)
    }

    fn wait_for(&self, flags: PollFlags, limit: Duration) -> io::Result<bool> {
        let limit = Timespec {
            tv_sec: limit.as_secs().min(1 << 30) as i64,
            tv_nsec: limit.subsec_nanos().into(),
        };
        match poll(&mut [PollFd::new(&self.0, flags)], Some(&limit)) {
            Ok(ready) => Ok(ready > 0),
            Err(Errno::INTR) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// What is left of a limit.
    fn left(start: Instant, limit: Duration) -> Result<Duration, ChannelError> {
        match limit.checked_sub(start.elapsed()) {
            Some(left) if !left.is_zero() => Ok(left),
            _ => Err(ChannelError::Late(limit)),
        }
    }

    fn read(&self, bytes: &mut [u8], start: Instant, limit: Duration) -> Result<(), ChannelError> {
        let mut done = 0;
        while done < bytes.len() {
            match rustix::io::read(&self.0, &mut bytes[done..]) {
                Ok(0) | Err(Errno::CONNRESET | Errno::PIPE) => return Err(ChannelError::Closed),
                Ok(count) => done += count,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => {
                    let left = Self::left(start, limit)?;
                    self.wait_for(PollFlags::IN, left)?;
                }
                Err(error) => return Err(ChannelError::System(error.into())),
            }
        }
        Ok(())
    }

    /// The next message, whose payload has at most `most` bytes; all of it comes within the limit.
    ///
    /// # Errors
    /// The end, a message that is late, or none.
    pub fn receive(&self, most: usize, limit: Duration) -> Result<(Header, Vec<u8>), ChannelError> {
        let start = Instant::now();
        let mut bytes = [0; HEADER_BYTES];
        self.read(&mut bytes, start, limit)?;
        self.payload(&bytes, most, start, limit)
    }

    /// As [`Channel::receive`], behind whatever is left of an earlier user of the stream.
    pub(crate) fn receive_anew(
        &self,
        most: usize,
        limit: Duration,
    ) -> Result<(Header, Vec<u8>), ChannelError> {
        let start = Instant::now();
        let mut bytes = [0; HEADER_BYTES];
        self.read(&mut bytes, start, limit)?;
        while !bytes.starts_with(&MAGIC) {
            bytes.rotate_left(1);
            self.read(&mut bytes[HEADER_BYTES - 1..], start, limit)?;
        }
        self.payload(&bytes, most, start, limit)
    }

    fn payload(
        &self,
        header: &[u8; HEADER_BYTES],
        most: usize,
        start: Instant,
        limit: Duration,
    ) -> Result<(Header, Vec<u8>), ChannelError> {
        let header = Header::parse(header, most)?;
        let mut payload = vec![0; header.length as usize];
        self.read(&mut payload, start, limit)?;
        Ok((header, payload))
    }

    /// Sends a message.
    ///
    /// # Errors
    /// The end, or nobody who reads within the limit.
    pub fn send(
        &self,
        header: Header,
        payload: &[u8],
        limit: Duration,
    ) -> Result<(), ChannelError> {
        let start = Instant::now();
        let bytes = [&header.to_bytes()[..], payload].concat();
        let mut done = 0;
        while done < bytes.len() {
            match rustix::io::write(&self.0, &bytes[done..]) {
                Ok(0) | Err(Errno::AGAIN) => {
                    // A port of a virtual machine that nobody has opened outside is always ready and takes nothing.
                    let left = Self::left(start, limit)?;
                    if self.wait_for(PollFlags::OUT, left)? {
                        std::thread::sleep(NAP.min(left));
                    }
                }
                Err(Errno::INTR) => {}
                Err(Errno::PIPE | Errno::CONNRESET) => return Err(ChannelError::Closed),
                Ok(count) => done += count,
                Err(error) => return Err(ChannelError::System(error.into())),
            }
        }
        Ok(())
    }
}
