//! Boards that are simulated in this process, driven directly or over a socket.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use goldilane_driver_local::LocalDevice;
use goldilane_driver_vfio::{SocketDevice, SocketOptions};
use goldilane_side_channel::{Client, Disturbance, Fault, Incident, Progress};
use goldilane_sim::Board;
use goldilane_sim::side_channel::SideChannelServer;
use goldilane_sim::vfio_user::{Listener, Server};

use crate::bench::Bench;
use crate::{Opened, Rig, Transport};

impl<B: Board + 'static> Bench for Arc<LocalDevice<B>> {
    fn hold(&self, _held: bool) {}

    fn run(&self, clocks: u64) -> Progress {
        LocalDevice::run(self, clocks)
    }

    fn read_line(&self, line: u64) -> Vec<u8> {
        self.with_board(|board| board.side_channel().read_line(line))
    }

    fn flip_bits(&self, line: u64, byte: usize, mask: u8) {
        self.with_board(|board| board.side_channel().flip_bits(line, byte, mask));
    }

    fn inject(&self, fault: Fault, present: bool) {
        self.with_board(|board| board.side_channel().inject(fault, present));
    }

    fn holds_secrets(&self) -> bool {
        self.with_board(|board| board.side_channel().holds_secrets())
    }

    fn disturb(&self, wrong: &[Disturbance]) {
        LocalDevice::disturb(self, wrong.to_vec());
    }

    fn struck(&self) -> u64 {
        LocalDevice::struck(self)
    }

    fn happen(&self, incident: Incident) {
        match incident {
            Incident::Interrupt(vector) => self.interrupt(vector),
            other => panic!("{other:?} does not happen to a board in process"),
        }
    }

    fn mappings(&self) -> usize {
        self.arena().mappings()
    }

    fn take_violations(&self) -> Vec<String> {
        self.arena().take_violations()
    }
}

/// A board that threads of this process serve at two sockets: the device and the side channel.
pub struct Served<B: Board + 'static> {
    server: Option<Server<B>>,
    side: Option<SideChannelServer>,
    device: PathBuf,
    channel: PathBuf,
}

fn socket() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("goldilane-{}-{count}.sock", std::process::id());
    std::env::temp_dir().join(name)
}

impl<B: Board + 'static> Served<B> {
    /// Serves a board.
    pub fn new(board: B) -> Self {
        let (device, channel) = (socket(), socket());
        let listen = |path| Listener::bind(path).expect("a socket");
        let server = Server::start(board, listen(&device), |_| {}).expect("a server");
        let side = SideChannelServer::start(server.handle(), listen(&channel), |_| {});
        Self {
            server: Some(server),
            side: Some(side.expect("a side channel")),
            device,
            channel,
        }
    }

    /// A user of the board.
    pub fn rig(&self) -> Rig {
        let path = self.device.clone();
        let open = move |time_limit| {
            let device = SocketDevice::open(&path, SocketOptions { time_limit });
            let device = Arc::new(device.map_err(|error| error.to_string())?);
            let killed = device.clone();
            Ok(Opened {
                device,
                cut: Some(Box::new(move || killed.disconnect())),
            })
        };
        let bench = Client::open(&self.channel).expect("open the side channel");
        Rig::remote(Box::new(open), Transport::Socket, Some(bench)).expect("a fresh board")
    }
}

impl<B: Board + 'static> Drop for Served<B> {
    fn drop(&mut self) {
        drop(self.side.take());
        let stopped = self.server.take().map_or(Ok(()), Server::stop);
        if !std::thread::panicking() {
            stopped.expect("the board's thread ends well");
        }
    }
}

/// Runs a test body on a board in this process.
pub fn in_process<B: Board + 'static>(board: B, body: impl FnOnce(Rig)) {
    body(local(board));
}

/// Runs a test body on a board behind a socket.
pub fn over_socket<B: Board + 'static>(board: B, body: impl FnOnce(Rig)) {
    let served = Served::new(board);
    body(served.rig());
}

/// A board behind a device in this process.
pub fn local<B: Board + 'static>(board: B) -> Rig {
    let shape = board.shape();
    let device = Arc::new(LocalDevice::new("board in process", board));
    Rig::local(device.clone(), Arc::new(device), shape)
}
