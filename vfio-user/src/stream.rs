//! Whole messages over a UNIX socket.
//!
//! The socket never blocks. [`Stream::receive`] takes what is there and gives a message when all of it has come, so that
//! a peer that sends half of one holds nobody. It never reads past the end of a message: the descriptors that come along
//! belong to it. [`Stream::send`] has a limit in time.

use std::io;
use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use thiserror::Error;

use crate::{HEADER_BYTES, Header, MAX_FDS, WireError};

/// Why there are no more messages.
#[derive(Debug, Error)]
pub enum StreamError {
    /// The other side closed between two messages.
    #[error("the other side closed the connection")]
    Closed,
    /// The other side closed within a message.
    #[error("the other side closed the connection within a message")]
    Torn,
    /// A header after which nothing can be understood. With `header` it can be answered.
    #[error("{error}")]
    Wire {
        /// The id and command to answer.
        header: Header,
        /// What is wrong.
        error: WireError,
    },
    /// The other side does not take what is sent.
    #[error("not sent after {0:?}")]
    Slow(Duration),
    /// The socket failed.
    #[error(transparent)]
    Socket(#[from] io::Error),
}

/// A whole message.
#[derive(Debug)]
pub struct Message {
    /// Its header.
    pub header: Header,
    /// The bytes behind it.
    pub payload: Vec<u8>,
    /// The descriptors that came with it.
    pub fds: Vec<OwnedFd>,
    /// More descriptors came than a message may have; they are closed.
    pub fds_lost: bool,
}

/// One end of a connection.
#[derive(Debug)]
pub struct Stream {
    socket: UnixStream,
    buffer: Vec<u8>,
    header: Option<Header>,
    fds: Vec<OwnedFd>,
    fds_lost: bool,
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl Stream {
    /// Takes a connected socket over.
    ///
    /// # Errors
    /// The socket cannot be made non-blocking.
    pub fn new(socket: UnixStream) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self {
            socket,
            buffer: Vec::new(),
            header: None,
            fds: Vec::new(),
            fds_lost: false,
        })
    }

    /// The next message, if all of it has come.
    ///
    /// # Errors
    /// The end of the connection, or a header that ends it.
    pub fn receive(&mut self) -> Result<Option<Message>, StreamError> {
        loop {
            let needed = self
                .header
                .map_or(HEADER_BYTES, |header| header.size as usize);
            if self.buffer.len() < needed {
                if !self.read(needed)? {
                    return Ok(None);
                }
                continue;
            }
            match self.header.take() {
                None => self.header = Some(self.parse()?),
                Some(header) => {
                    let payload = self.buffer.split_off(HEADER_BYTES);
                    self.buffer.clear();
                    return Ok(Some(Message {
                        header,
                        payload,
                        fds: std::mem::take(&mut self.fds),
                        fds_lost: std::mem::take(&mut self.fds_lost),
                    }));
                }
            }
        }
    }

    fn parse(&self) -> Result<Header, StreamError> {
        let mut bytes = [0; HEADER_BYTES];
        bytes.copy_from_slice(&self.buffer[..HEADER_BYTES]);
        Header::parse(&bytes).map_err(|error| StreamError::Wire {
            header: Header::answerable(&bytes),
            error,
        })
    }

    /// Reads up to `needed` bytes of the message; whether any came.
    fn read(&mut self, needed: usize) -> Result<bool, StreamError> {
        let have = self.buffer.len();
        self.buffer.resize(needed, 0);
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_FDS))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let received = recvmsg(
            &self.socket,
            &mut [IoSliceMut::new(&mut self.buffer[have..])],
            &mut control,
            RecvFlags::CMSG_CLOEXEC,
        );
        self.buffer
            .truncate(have + received.as_ref().map_or(0, |received| received.bytes));
        let received = match received {
            Ok(received) => received,
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => return Ok(false),
            Err(rustix::io::Errno::CONNRESET) => return Err(self.ended()),
            Err(error) => return Err(StreamError::Socket(error.into())),
        };
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(fds) = message {
                self.fds.extend(fds);
            }
        }
        if self.fds.len() > MAX_FDS || received.flags.contains(ReturnFlags::CTRUNC) {
            self.fds.clear();
            self.fds_lost = true;
        }
        if received.bytes == 0 {
            return Err(self.ended());
        }
        Ok(true)
    }

    fn ended(&self) -> StreamError {
        if self.buffer.is_empty() {
            StreamError::Closed
        } else {
            StreamError::Torn
        }
    }

    /// Sends a message with descriptors.
    ///
    /// # Errors
    /// The other side is gone, or takes nothing for as long as `limit`.
    pub fn send(
        &self,
        header: Header,
        payload: &[u8],
        fds: &[BorrowedFd<'_>],
        limit: Duration,
    ) -> Result<(), StreamError> {
        let start = Instant::now();
        if fds.len() > MAX_FDS {
            return Err(StreamError::Wire {
                header,
                error: WireError::TooManyFds,
            });
        }
        let bytes = [&header.to_bytes()[..], payload].concat();
        let mut sent = 0;
        while sent < bytes.len() {
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_FDS))];
            let mut control = SendAncillaryBuffer::new(&mut space);
            if sent == 0 && !fds.is_empty() {
                // There is room: the space is made for the most that a message carries.
                let _pushed = control.push(SendAncillaryMessage::ScmRights(fds));
            }
            match sendmsg(
                &self.socket,
                &[IoSlice::new(&bytes[sent..])],
                &mut control,
                SendFlags::NOSIGNAL,
            ) {
                Ok(count) => sent += count,
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => {
                    let left = limit.saturating_sub(start.elapsed());
                    if left.is_zero() || !self.wait(PollFlags::OUT, left)? {
                        return Err(StreamError::Slow(limit));
                    }
                }
                Err(rustix::io::Errno::PIPE | rustix::io::Errno::CONNRESET) => {
                    return Err(StreamError::Closed);
                }
                Err(error) => return Err(StreamError::Socket(error.into())),
            }
        }
        Ok(())
    }

    /// Waits until something can be received; `false` when time is over.
    ///
    /// # Errors
    /// The socket cannot be watched.
    pub fn wait_readable(&self, limit: Duration) -> Result<bool, StreamError> {
        self.wait(PollFlags::IN, limit)
    }

    fn wait(&self, flags: PollFlags, limit: Duration) -> Result<bool, StreamError> {
        let limit = Timespec {
            tv_sec: limit.as_secs().min(1 << 30) as i64,
            tv_nsec: limit.subsec_nanos().into(),
        };
        match poll(&mut [PollFd::new(&self.socket, flags)], Some(&limit)) {
            Ok(ready) => Ok(ready > 0),
            Err(rustix::io::Errno::INTR) => Ok(true),
            Err(error) => Err(StreamError::Socket(error.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use std::io::Write;

    const LIMIT: Duration = Duration::from_millis(200);

    fn ends() -> (Stream, Stream) {
        let (a, b) = UnixStream::pair().expect("sockets");
        (Stream::new(a).expect("a"), Stream::new(b).expect("b"))
    }

    #[test]
    fn messages_come_whole_with_their_descriptors() {
        let (here, mut there) = ends();
        let file = std::fs::File::open("/dev/null").expect("a file");
        let fds = [file.as_fd(), file.as_fd()];
        let header = |id| Header::command(id, Command::DmaMap, 3);
        here.send(header(1), &[7; 3], &[], LIMIT).expect("send");
        here.send(header(2), &[8; 3], &fds, LIMIT).expect("send");
        let first = there.receive().expect("stream").expect("first");
        assert_eq!((first.payload, first.fds.len()), (vec![7; 3], 0));
        let second = there.receive().expect("stream").expect("second");
        assert_eq!((second.header, second.fds.len()), (header(2), 2));
        assert!(there.receive().expect("stream").is_none());
        drop(here);
        assert!(matches!(there.receive(), Err(StreamError::Closed)));
    }

    #[test]
    fn pieces_are_put_together_and_torn_ones_are_noticed() {
        let (mut raw, there) = UnixStream::pair().expect("sockets");
        let mut there = Stream::new(there).expect("stream");
        let message = [
            &Header::command(5, Command::DeviceReset, 40).to_bytes()[..],
            &[3; 40],
        ]
        .concat();
        for byte in &message {
            assert!(there.receive().expect("stream").is_none());
            raw.write_all(&[*byte]).expect("write");
        }
        let whole = there.receive().expect("stream").expect("message");
        assert_eq!(whole.payload, [3; 40]);
        raw.write_all(&message[..20]).expect("write");
        assert!(there.receive().expect("stream").is_none());
        drop(raw);
        assert!(matches!(there.receive(), Err(StreamError::Torn)));
    }

    #[test]
    fn sizes_are_not_believed() {
        for size in [0_u32, 15, crate::MAX_MESSAGE + 1, u32::MAX] {
            let (mut raw, there) = UnixStream::pair().expect("sockets");
            let mut there = Stream::new(there).expect("stream");
            let mut bytes = Header::command(9, Command::DmaMap, 0).to_bytes();
            bytes[4..8].copy_from_slice(&size.to_le_bytes());
            raw.write_all(&bytes).expect("write");
            match there.receive() {
                Err(StreamError::Wire { header, error }) => {
                    assert_eq!((header.id, error), (9, WireError::Size { size }));
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn more_descriptors_than_allowed_are_closed() {
        let (here, mut there) = ends();
        let file = std::fs::File::open("/dev/null").expect("a file");
        let many = vec![file.as_fd(); MAX_FDS + 1];
        assert!(matches!(
            here.send(Header::command(1, Command::SetIrqs, 0), &[], &many, LIMIT),
            Err(StreamError::Wire { .. })
        ));
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2 * MAX_FDS))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        assert!(control.push(SendAncillaryMessage::ScmRights(&many)));
        let bytes = Header::command(1, Command::SetIrqs, 0).to_bytes();
        let slices = [IoSlice::new(&bytes)];
        sendmsg(&here.socket, &slices, &mut control, SendFlags::empty()).expect("send");
        let message = there.receive().expect("stream").expect("message");
        assert!(message.fds.is_empty() && message.fds_lost);
    }

    #[test]
    fn who_does_not_read_is_given_up() {
        let (here, _there) = ends();
        let header = Header::command(1, Command::RegionWrite, 60_000);
        let failed = (0..100)
            .map(|_| here.send(header, &[0; 60_000], &[], LIMIT))
            .find(Result::is_err);
        assert!(matches!(failed, Some(Err(StreamError::Slow(_)))));
    }
}
