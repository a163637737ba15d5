//! The side channel of a served board, at a socket of its own: what `goldilane_side_channel` describes, carried out in the
//! board's thread.

use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use goldilane_abi::MemoryMap;
use goldilane_side_channel::{
    Channel, ChannelError, Fault, Header, LAST, MAX_REQUEST, Reply, Request, Status, VERSION,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::board::Board;
use crate::vfio_user::{Event, Handle, Listener, Site};

/// Longest sleep before the flag to stop is looked at.
const NAP: Duration = Duration::from_millis(100);
/// How long a request may take to come whole, or a reply to be taken.
const LIMIT: Duration = Duration::from_secs(5);

/// The thread that answers at a side channel, one client after another.
pub struct SideChannelServer {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl SideChannelServer {
    /// Answers at a socket. `report` is told what happens; ends when it is dropped, or when the board is gone.
    ///
    /// # Errors
    /// No thread to be had.
    pub fn start<B: Board + 'static>(
        board: Handle<B>,
        listener: Listener,
        report: impl FnMut(Event) + Send + 'static,
    ) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut serving = Serving {
            board,
            listener,
            stop: stop.clone(),
            report: Box::new(report),
        };
        let thread = thread::Builder::new()
            .name("side channel".to_owned())
            .spawn(move || serving.run())?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for SideChannelServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let ended = self.thread.take().map(JoinHandle::join);
        drop(ended);
    }
}

struct Serving<B> {
    board: Handle<B>,
    listener: Listener,
    stop: Arc<AtomicBool>,
    report: Box<dyn FnMut(Event) + Send>,
}

impl<B: Board + 'static> Serving<B> {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn run(&mut self) {
        while !self.stopped() {
            wait(&self.listener);
            let Some(Ok(channel)) = self.listener.accept().map(Channel::new) else {
                continue;
            };
            (self.report)(Event::Connected);
            let reason = self.serve(&channel);
            (self.report)(Event::Parted(reason));
            if self.board.with(take_back).is_err() {
                return;
            }
        }
    }

    /// Serves a client; why it ended.
    fn serve(&mut self, channel: &Channel) -> String {
        loop {
            match channel.wait(NAP) {
                Ok(true) => {}
                Ok(false) if self.stopped() => return "the board ends".to_owned(),
                Ok(false) => continue,
                Err(error) => return error.to_string(),
            }
            let outcome = match channel.receive(MAX_REQUEST, LIMIT) {
                Ok((header, payload)) => self.answer(channel, header, &payload),
                Err(error) => Err(error),
            };
            let Err(error) = outcome else { continue };
            let reason = error.to_string();
            if !matches!(error, ChannelError::Closed | ChannelError::System(_)) {
                let last = Header {
                    id: 0,
                    kind: LAST,
                    status: Status::Refused,
                    length: reason.len() as u32,
                };
                // The client may be one that does not listen.
                let _unheard = channel.send(last, reason.as_bytes(), LIMIT);
            }
            return reason;
        }
    }

    fn answer(
        &mut self,
        channel: &Channel,
        header: Header,
        payload: &[u8],
    ) -> Result<(), ChannelError> {
        let answer = match (header.status, Request::parse(header.kind, payload)) {
            (Status::Request, Ok(request)) => self
                .board
                .with(move |site| carry_out(site, request))
                .unwrap_or_else(|gone| Err(gone.to_string())),
            (Status::Request, Err(malformed)) => Err(malformed.to_string()),
            _ => Err("a reply where a request is meant".to_owned()),
        };
        let (status, payload) = match answer {
            Ok(reply) => (Status::Done, reply.payload()),
            Err(reason) => {
                let bytes = reason.clone().into_bytes();
                (self.report)(Event::Refused(reason));
                (Status::Refused, bytes)
            }
        };
        let reply = Header {
            status,
            length: payload.len() as u32,
            ..header
        };
        channel.send(reply, &payload, LIMIT)
    }
}

fn wait(listener: &Listener) {
    let limit = Timespec {
        tv_sec: 0,
        tv_nsec: NAP.as_nanos() as i64,
    };
    let mut watched = [PollFd::from_borrowed_fd(listener.as_fd(), PollFlags::IN)];
    // Interrupted or not: the listener and the flag are looked at behind it.
    let _ready = poll(&mut watched, Some(&limit));
}

/// What a client armed does not outlast it.
fn take_back<B: Board>(site: &mut Site<B>) {
    site.hold(false);
    site.disturb(Vec::new());
    for fault in Fault::ALL {
        site.board().side_channel().inject(fault, false);
    }
}

fn carry_out<B: Board>(site: &mut Site<B>, request: Request) -> Result<Reply, String> {
    match request {
        Request::Hello => return Ok(Reply::Version(VERSION)),
        Request::Hold(held) => site.hold(held),
        Request::Run(clocks) => return Ok(Reply::Progress(site.run(clocks))),
        Request::ReadLine(line) => {
            check_line(site, line)?;
            let bytes = site.board().side_channel().read_line(line);
            return Ok(Reply::Bytes(bytes));
        }
        Request::FlipBits { line, byte, mask } => {
            check_line(site, line)?;
            let bytes = site.board().shape().line_bytes();
            if byte as usize >= bytes {
                return Err(format!("byte {byte} of a line: it has {bytes}"));
            }
            let side = site.board().side_channel();
            side.flip_bits(line, byte as usize, mask);
        }
        Request::Inject { fault, present } => site.board().side_channel().inject(fault, present),
        Request::HoldsSecrets => {
            return Ok(Reply::Flag(site.board().side_channel().holds_secrets()));
        }
        Request::Disturb(wrong) => site.disturb(wrong),
        Request::Struck => return Ok(Reply::Count(site.struck())),
        Request::Happen(incident) => site.happen(incident),
        Request::Mappings => return Ok(Reply::Count(site.mappings() as u64)),
        Request::TakeViolations => return Ok(Reply::Texts(site.take_violations())),
    }
    Ok(Reply::Done)
}

fn check_line<B: Board>(site: &mut Site<B>, line: u64) -> Result<(), String> {
    let lines = MemoryMap::new(&site.board().shape()).total_lines;
    if line < lines {
        return Ok(());
    }
    Err(format!("line {line} of board memory: it has {lines}"))
}
