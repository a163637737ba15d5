//! The thread that a board lives in while it is served: messages, clocks, and requests of this process.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use goldilane_vfio_user::header::{Command, Header};
use goldilane_vfio_user::{Stream, StreamError, errno};
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use thiserror::Error;

use super::client::{Client, Turn};
use super::listener::Listener;
use super::site::Site;
use crate::board::{Board, Progress};

/// How long the board works between two looks at the socket.
const SLICE: Duration = Duration::from_millis(2);
/// Clocks of the first slice, and the fewest and the most of any.
const SLICE_CLOCKS: u64 = 1_000;
const FEWEST_CLOCKS: u64 = 64;
const MOST_CLOCKS: u64 = 1 << 20;
/// Messages that are carried out before the board gets clocks again.
const MESSAGES_AT_ONCE: usize = 64;
/// Longest sleep while the board is idle.
const IDLE: Duration = Duration::from_millis(200);
/// How long somebody who comes while the board is in use is told so.
const REFUSAL_LIMIT: Duration = Duration::from_millis(10);

/// What happened, for whoever runs the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A client came.
    Connected,
    /// It went, or was left.
    Parted(String),
    /// A message was answered with an error.
    Refused(String),
    /// Somebody came while another was there.
    TurnedAway,
}

/// The board's thread has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the board's thread has ended")]
pub struct Gone;

type Job<B> = Box<dyn FnOnce(&mut Site<B>) + Send>;

enum Request<B> {
    Do(Job<B>),
    Stop,
}

/// The way to a board that is served, for any thread of this process.
pub struct Handle<B> {
    requests: Sender<Request<B>>,
    wake: Arc<OwnedFd>,
}

impl<B> Clone for Handle<B> {
    fn clone(&self) -> Self {
        Self {
            requests: self.requests.clone(),
            wake: self.wake.clone(),
        }
    }
}

impl<B: Board + 'static> Handle<B> {
    fn send(&self, request: Request<B>) {
        // A thread that has ended is noticed by whoever waits for the answer.
        let _ended = self.requests.send(request);
        let _full = rustix::io::write(&self.wake, &1_u64.to_ne_bytes());
    }

    /// Does something with the board, in its thread: what only a simulator allows.
    ///
    /// # Errors
    /// The thread has ended.
    pub fn with<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Site<B>) -> R + Send + 'static,
    ) -> Result<R, Gone> {
        let (answer, answered) = mpsc::channel();
        self.send(Request::Do(Box::new(move |site| {
            // Whoever asked may have stopped waiting.
            let _ = answer.send(work(site));
        })));
        answered.recv().map_err(|_| Gone)
    }
}

/// A board that is served at a socket.
pub struct Server<B: Board + 'static> {
    handle: Handle<B>,
    thread: Option<JoinHandle<()>>,
}

impl<B: Board + 'static> Server<B> {
    /// Serves a board in a thread of its own. `report` is told what happens.
    ///
    /// # Errors
    /// No thread or descriptor to be had.
    pub fn start(
        board: B,
        listener: Listener,
        report: impl FnMut(Event) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (requests, incoming) = mpsc::channel();
        let wake = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        let mut serving = Serving {
            site: Site::new(board),
            listener,
            client: None,
            incoming,
            wake: wake.try_clone()?,
            clocks: SLICE_CLOCKS,
            report: Box::new(report),
        };
        let thread = thread::Builder::new()
            .name("board".to_owned())
            .spawn(move || serving.run())?;
        Ok(Self {
            handle: Handle {
                requests,
                wake: Arc::new(wake),
            },
            thread: Some(thread),
        })
    }

    /// The way to the board.
    pub fn handle(&self) -> Handle<B> {
        self.handle.clone()
    }

    /// See [`Handle::with`].
    ///
    /// # Errors
    /// The thread has ended.
    pub fn with<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Site<B>) -> R + Send + 'static,
    ) -> Result<R, Gone> {
        self.handle.with(work)
    }

    /// Whether the board is still served.
    pub fn is_running(&self) -> bool {
        self.thread
            .as_ref()
            .is_some_and(|thread| !thread.is_finished())
    }

    /// Stops: the client is left, the socket goes.
    ///
    /// # Errors
    /// The board's thread had ended before, by a panic.
    pub fn stop(mut self) -> Result<(), Gone> {
        self.end()
    }

    fn end(&mut self) -> Result<(), Gone> {
        let Some(thread) = self.thread.take() else {
            return Ok(());
        };
        self.handle.send(Request::Stop);
        thread.join().map_err(|_| Gone)
    }
}

impl<B: Board + 'static> Drop for Server<B> {
    fn drop(&mut self) {
        let _told_before = self.end();
    }
}

struct Serving<B> {
    site: Site<B>,
    listener: Listener,
    client: Option<Client>,
    incoming: Receiver<Request<B>>,
    wake: OwnedFd,
    clocks: u64,
    report: Box<dyn FnMut(Event) + Send>,
}

impl<B: Board> Serving<B> {
    fn run(&mut self) {
        loop {
            match self.incoming.try_recv() {
                Ok(Request::Do(work)) => {
                    work(&mut self.site);
                    if self.site.dies() {
                        self.die();
                    }
                    continue;
                }
                Ok(Request::Stop) | Err(mpsc::TryRecvError::Disconnected) => break,
                Err(mpsc::TryRecvError::Empty) => {}
            }
            let progress = self.work();
            self.wait(if progress == Progress::Busy {
                Duration::ZERO
            } else {
                IDLE
            });
            self.accept();
            self.serve();
        }
    }

    /// Ends as a process that is killed: the connection goes, and nobody tidies up. Another one takes its place.
    fn die(&mut self) {
        if self.client.take().is_some() {
            (self.report)(Event::Parted("the board's process died".to_owned()));
        }
        self.site.replace();
    }

    /// Lets the board work for about a slice.
    fn work(&mut self) -> Progress {
        if self.site.is_held() {
            return Progress::Idle;
        }
        let start = Instant::now();
        let before = self.site.board().clocks();
        let mut progress = Progress::Busy;
        while progress == Progress::Busy && start.elapsed() < SLICE {
            progress = self.site.run(self.clocks);
        }
        // The budget follows the board's speed: a call of `run` must not take much longer than a slice.
        let ran = self.site.board().clocks().saturating_sub(before).max(1);
        let spent = start.elapsed().as_nanos().max(1);
        let fitting = u128::from(ran) * SLICE.as_nanos() / spent;
        if progress == Progress::Busy {
            self.clocks = u64::try_from(fitting)
                .unwrap_or(MOST_CLOCKS)
                .clamp(FEWEST_CLOCKS, MOST_CLOCKS);
        }
        progress
    }

    /// Sleeps until something comes.
    fn wait(&self, limit: Duration) {
        let mut watched = vec![
            PollFd::new(&self.wake, PollFlags::IN),
            PollFd::new(&self.listener, PollFlags::IN),
        ];
        if let Some(client) = &self.client {
            watched.push(PollFd::from_borrowed_fd(
                client.stream.as_fd(),
                PollFlags::IN,
            ));
        }
        let limit = Timespec {
            tv_sec: 0,
            tv_nsec: limit.as_nanos() as i64,
        };
        // Interrupted or not: everything is looked at behind it.
        let _ready = poll(&mut watched, Some(&limit));
        let _emptied = rustix::io::read(&self.wake, &mut [0; 8]);
    }

    fn accept(&mut self) {
        if self.client.as_ref().is_some_and(Client::has_gone) {
            // The one who waits is not turned away for the sake of one who has left: that comes first.
            return;
        }
        let Some(socket) = self.listener.accept() else {
            return;
        };
        let Ok(stream) = Stream::new(socket) else {
            return;
        };
        if self.client.is_some() {
            // Told before it asks: a reply to the first message of a client.
            let busy = Header::command(0, Command::Version, 0).reply_to(0, Some(errno::EBUSY));
            let _gone = stream.send(busy, &[], &[], REFUSAL_LIMIT);
            (self.report)(Event::TurnedAway);
            return;
        }
        self.client = Some(Client::new(stream));
        (self.report)(Event::Connected);
    }

    fn serve(&mut self) {
        let Some(client) = &mut self.client else {
            return;
        };
        for _ in 0..MESSAGES_AT_ONCE {
            match client.serve_one(&mut self.site) {
                Ok(Turn::Quiet) => return,
                Ok(Turn::Answered) => {}
                Ok(Turn::Refused(reason)) => (self.report)(Event::Refused(reason)),
                Err(error) => {
                    let reason = match error {
                        StreamError::Closed => "it closed the connection".to_owned(),
                        other => other.to_string(),
                    };
                    self.client = None;
                    self.site.part();
                    (self.report)(Event::Parted(reason));
                    return;
                }
            }
        }
    }
}
