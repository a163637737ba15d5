//! Served boards, and an impostor that answers as it is told.

use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use goldilane_abi::Shape;
use goldilane_driver_vfio::{OpenError, SocketDevice, SocketOptions};
use goldilane_sim::ModelBoard;
use goldilane_sim::vfio_user::{Listener, Server};
use goldilane_vfio_user::{Message, Stream};

/// Limit of a client that is expected to run into it.
pub const SHORT: Duration = Duration::from_millis(200);

pub fn fresh_path() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!(
        "goldilane-vfio-{}-{count}.sock",
        std::process::id()
    ))
}

pub fn model() -> (Server<ModelBoard>, PathBuf) {
    let path = fresh_path();
    let listener = Listener::bind(&path).expect("a socket");
    let board = ModelBoard::new(Shape::TOY, 7);
    let server = Server::start(board, listener, |_| {}).expect("a server");
    (server, path)
}

pub fn open(path: &std::path::Path) -> Result<SocketDevice, OpenError> {
    SocketDevice::open(path, SocketOptions::default())
}

/// The text of the error of a device that is not opened, with a short limit.
pub fn refusal(path: &std::path::Path) -> String {
    match SocketDevice::open(path, SocketOptions { time_limit: SHORT }) {
        Ok(_) => panic!("opened"),
        Err(error) => error.to_string(),
    }
}

/// A process that takes one client and answers with what `answer` gives; `None` ends the connection.
pub fn impostor(
    mut answer: impl FnMut(&Message, &Stream) -> Option<()> + Send + 'static,
) -> (PathBuf, JoinHandle<()>) {
    let path = fresh_path();
    let listener = UnixListener::bind(&path).expect("a socket");
    let name = path.clone();
    let thread = thread::spawn(move || {
        let (socket, _) = listener.accept().expect("a client");
        let mut stream = Stream::new(socket).expect("a stream");
        loop {
            match stream.receive() {
                Ok(Some(message)) => {
                    if answer(&message, &stream).is_none() {
                        break;
                    }
                }
                Ok(None) => {
                    let _any = stream.wait_readable(Duration::from_millis(50));
                }
                Err(_) => break,
            }
        }
        std::fs::remove_file(name).expect("remove the socket");
    });
    (path, thread)
}
