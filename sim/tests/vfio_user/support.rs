//! A served model board, and a client that sends whatever it is told to.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use goldilane_abi::Shape;
use goldilane_sim::ModelBoard;
use goldilane_sim::vfio_user::{Event, Listener, Server};
use goldilane_vfio_user::header::{Command, Header};
use goldilane_vfio_user::payload::{DmaMap, RegionAccess, dma, region};
use goldilane_vfio_user::{Message, Stream, StreamError, Version};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};

pub const LIMIT: Duration = Duration::from_secs(20);

/// A served model board of the toy shape.
pub struct Board {
    pub server: Server<ModelBoard>,
    pub path: PathBuf,
    pub events: Receiver<Event>,
}

pub fn fresh_path() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("goldilane-sim-{}-{count}.sock", std::process::id()))
}

pub fn board() -> Board {
    let path = fresh_path();
    let listener = Listener::bind(&path).expect("a socket");
    let (sender, events) = mpsc::channel();
    let report = move |event| {
        let _nobody_listens = sender.send(event);
    };
    let server = Server::start(ModelBoard::new(Shape::TOY, 7), listener, report).expect("a server");
    Board {
        server,
        path,
        events,
    }
}

impl Board {
    /// A client that has negotiated and switched the device on.
    pub fn client(&self) -> Client {
        let mut client = Client::connect(self);
        client.negotiate();
        client.enable();
        client
    }

    /// Waits for the end of a client.
    pub fn parted(&self) -> String {
        loop {
            match self.events.recv_timeout(LIMIT).expect("an event") {
                Event::Parted(reason) => return reason,
                _other => {}
            }
        }
    }

    /// An orderly client finds an orderly board.
    pub fn still_fine(&self) {
        let mut client = self.client();
        assert_eq!(client.register(0), Ok(goldilane_abi::MAGIC));
    }
}

/// A client.
pub struct Client {
    pub stream: Stream,
    pub raw: UnixStream,
    next: u16,
}

impl Client {
    pub fn connect(board: &Board) -> Self {
        let socket = UnixStream::connect(&board.path).expect("connect");
        Self {
            raw: socket.try_clone().expect("a copy"),
            stream: Stream::new(socket).expect("a stream"),
            next: 0,
        }
    }

    pub fn negotiate(&mut self) {
        let reply = self.request(Command::Version, &Version::OURS.to_bytes(), &[]);
        let version = Version::parse(&reply.expect("a version")).expect("a version");
        assert_eq!((version.major, version.minor), (0, 0));
    }

    /// Memory space and bus mastering on.
    pub fn enable(&mut self) {
        self.write(region::CONFIG, 4, &6_u16.to_le_bytes())
            .expect("command register");
    }

    /// The next message, or the end of the connection.
    pub fn receive(&mut self) -> Result<Message, StreamError> {
        let start = Instant::now();
        loop {
            if let Some(message) = self.stream.receive()? {
                return Ok(message);
            }
            assert!(start.elapsed() < LIMIT, "no answer");
            self.stream.wait_readable(Duration::from_millis(100))?;
        }
    }

    pub fn send(&mut self, header: Header, payload: &[u8], fds: &[BorrowedFd<'_>]) {
        self.stream.send(header, payload, fds, LIMIT).expect("send");
    }

    /// Any command by its number; its payload or its errno.
    pub fn ask(
        &mut self,
        command: u16,
        payload: &[u8],
        fds: &[BorrowedFd<'_>],
    ) -> Result<Vec<u8>, u32> {
        let id = self.next;
        self.next = self.next.wrapping_add(1);
        let header = Header {
            command,
            ..Header::command(id, Command::Version, payload.len())
        };
        self.send(header, payload, fds);
        let reply = self.receive().expect("a reply");
        assert!(reply.header.reply && reply.header.id == id && reply.header.command == command);
        match reply.header.error {
            Some(errno) => {
                assert_ne!(errno, 0, "an errno");
                Err(errno)
            }
            None => Ok(reply.payload),
        }
    }

    pub fn request(
        &mut self,
        command: Command,
        payload: &[u8],
        fds: &[BorrowedFd<'_>],
    ) -> Result<Vec<u8>, u32> {
        self.ask(command as u16, payload, fds)
    }

    pub fn read(&mut self, region: u32, offset: u64, count: u32) -> Result<Vec<u8>, u32> {
        let access = RegionAccess {
            offset,
            region,
            count,
        };
        let reply = self.request(Command::RegionRead, &access.to_bytes(), &[])?;
        assert_eq!(reply.len(), RegionAccess::BYTES + count as usize);
        Ok(reply[RegionAccess::BYTES..].to_vec())
    }

    pub fn write(&mut self, region: u32, offset: u64, data: &[u8]) -> Result<(), u32> {
        let access = RegionAccess {
            offset,
            region,
            count: data.len() as u32,
        };
        let payload = [&access.to_bytes()[..], data].concat();
        self.request(Command::RegionWrite, &payload, &[]).map(drop)
    }

    pub fn register(&mut self, offset: u64) -> Result<u32, u32> {
        let bytes = self.read(region::BAR0, offset, 4)?;
        Ok(u32::from_le_bytes(bytes.try_into().expect("four bytes")))
    }

    pub fn map(&mut self, request: DmaMap, file: Option<&OwnedFd>) -> Result<(), u32> {
        let fds: Vec<_> = file.iter().map(|file| file.as_fd()).collect();
        self.request(Command::DmaMap, &request.to_bytes(), &fds)
            .map(drop)
    }
}

/// A memory file.
pub fn memory_file(bytes: u64, seal: bool) -> OwnedFd {
    let file = memfd_create("test", MemfdFlags::ALLOW_SEALING).expect("a memory file");
    ftruncate(&file, bytes).expect("its size");
    if seal {
        fcntl_add_seals(&file, SealFlags::SHRINK).expect("its seal");
    }
    file
}

/// A mapping that may be read and written.
pub fn mapping(address: u64, size: u64, offset: u64) -> DmaMap {
    DmaMap {
        argsz: DmaMap::BYTES as u32,
        flags: dma::READ | dma::WRITE,
        offset,
        address,
        size,
    }
}
