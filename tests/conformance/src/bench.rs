//! What a simulated board lets tests do beside the driver, whatever transport the driver uses.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use goldilane_driver_local::LocalDevice;
use goldilane_sim::vfio_user::{Listener, Server, Site};
use goldilane_sim::{Board, Fault, HostBehaviour, Progress};

/// The way around the driver.
pub trait Bench {
    /// Holds the board, so that it works only in [`Bench::run`]; or lets it go on. A board in process works only while
    /// somebody waits for it, and needs no holding.
    fn hold(&self, held: bool);
    /// Lets the board work for about so many clocks.
    fn run(&self, clocks: u64) -> Progress;
    /// The bytes of a line of board memory.
    fn read_line(&self, line: u64) -> Vec<u8>;
    /// Flips bits of a byte of a line.
    fn flip_bits(&self, line: u64, byte: usize, mask: u8);
    /// Makes the self-test's part fail from now on, or heals it.
    fn inject(&self, fault: Fault, present: bool);
    /// Whether ciphertexts, keys or lookup tables of earlier jobs are still anywhere in the board.
    fn holds_secrets(&self) -> bool;
    /// Changes how host memory behaves.
    fn set_behaviour(&self, behaviour: HostBehaviour);
    /// Number of DMA mappings.
    fn mappings(&self) -> usize;
    /// Accesses of the board that no bus would allow, since the last call.
    fn take_violations(&self) -> Vec<String>;
}

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

    fn set_behaviour(&self, behaviour: HostBehaviour) {
        self.arena().set_behaviour(behaviour);
    }

    fn mappings(&self) -> usize {
        self.arena().mappings()
    }

    fn take_violations(&self) -> Vec<String> {
        self.arena().take_violations()
    }
}

/// A board that is served at a socket by a thread of this process.
pub struct Served<B: Board + 'static> {
    server: Option<Server<B>>,
}

impl<B: Board + 'static> Served<B> {
    /// Serves a board; its socket comes with it.
    pub fn new(board: B) -> (Self, std::path::PathBuf) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "goldilane-{}-{}.sock",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        let listener = Listener::bind(&path).expect("a socket");
        let server = Server::start(board, listener, |_| {}).expect("a server");
        let served = Self {
            server: Some(server),
        };
        (served, path)
    }

    fn with<R: Send + 'static>(&self, work: impl FnOnce(&mut Site<B>) -> R + Send + 'static) -> R {
        let server = self.server.as_ref().expect("a server");
        server.with(work).expect("the board's thread")
    }
}

impl<B: Board + 'static> Drop for Served<B> {
    fn drop(&mut self) {
        let stopped = self.server.take().map_or(Ok(()), Server::stop);
        if !std::thread::panicking() {
            stopped.expect("the board's thread ends well");
        }
    }
}

impl<B: Board + 'static> Bench for Served<B> {
    fn hold(&self, held: bool) {
        self.with(move |site| site.hold(held));
    }

    fn run(&self, clocks: u64) -> Progress {
        self.with(move |site| site.run(clocks))
    }

    fn read_line(&self, line: u64) -> Vec<u8> {
        self.with(move |site| site.board().side_channel().read_line(line))
    }

    fn flip_bits(&self, line: u64, byte: usize, mask: u8) {
        self.with(move |site| site.board().side_channel().flip_bits(line, byte, mask));
    }

    fn inject(&self, fault: Fault, present: bool) {
        self.with(move |site| site.board().side_channel().inject(fault, present));
    }

    fn holds_secrets(&self) -> bool {
        self.with(|site| site.board().side_channel().holds_secrets())
    }

    fn set_behaviour(&self, behaviour: HostBehaviour) {
        self.with(move |site| site.set_behaviour(behaviour));
    }

    fn mappings(&self) -> usize {
        self.with(|site| site.mappings())
    }

    fn take_violations(&self) -> Vec<String> {
        self.with(|site| site.take_violations())
    }
}
