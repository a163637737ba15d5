//! `goldilane serve`: simulated boards as PCI devices behind vfio-user sockets.
//!
//! Each board has a socket and a thread of its own, and one client at a time. The socket is there when the board is ready.
//! SIGINT or SIGTERM ends all of them and takes the sockets away; a second signal ends the process at once.

use std::io::{ErrorKind, Read};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use goldilane_sim::ModelBoard;
use goldilane_sim::side_channel::SideChannelServer;
use goldilane_sim::vfio_user::{Event, ListenError, Listener, Server};
use serde::Serialize;
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::board::BoardKind;
use crate::configuration::{self, Configuration};
use crate::output::{BadArgument, Output, Verdict, complain};
use crate::simulator::{self, Simulation};
use crate::watch::Health;

/// Between two looks at the boards' threads.
const LOOK: Duration = Duration::from_millis(500);
/// Exit code of a second signal.
const AT_ONCE: i32 = 3;

/// Arguments of `serve`.
#[derive(Args)]
pub struct ServeArguments {
    /// A board: rtl (the Verilated hardware) or model (the golden model behind the same registers). Once for all sockets,
    /// or once for each.
    #[arg(long, value_enum, required = true, value_name = "BOARD")]
    board: Vec<BoardKind>,
    /// A socket to serve a board at; may be given several times.
    #[arg(long, required = true, value_name = "PATH")]
    socket: Vec<PathBuf>,
    /// The configuration: a name (toy, sim, artix, u280, v80) or a TOML file; sim, if not given. Once for all sockets, or
    /// once for each.
    #[arg(long, value_name = "CONFIG")]
    config: Vec<String>,
    /// A socket for the board's side channel, what tests do beside the driver; once for each --socket, or not at all.
    /// Whoever can open it can look into the board's memory.
    #[arg(long, value_name = "PATH")]
    side_channel: Vec<PathBuf>,
}

/// What came to a socket.
#[derive(Default)]
struct Tally {
    clients: AtomicU64,
    turned_away: AtomicU64,
    refused: AtomicU64,
}

#[derive(Serialize)]
struct BoardReport {
    board: String,
    configuration: String,
    socket: PathBuf,
    clients: u64,
    turned_away: u64,
    refused_messages: u64,
    complaint: Option<String>,
}

#[derive(Serialize)]
struct Report {
    boards: Vec<BoardReport>,
    seconds: f64,
}

/// A server, whatever its board is.
trait Serving {
    fn is_running(&self) -> bool;
    /// Ends it; what was wrong with the board beyond its answers.
    fn end(self: Box<Self>) -> Option<String>;
}

impl<B: Health + 'static> Serving for Server<B> {
    fn is_running(&self) -> bool {
        Server::is_running(self)
    }

    fn end(self: Box<Self>) -> Option<String> {
        let complaint = self.with(|site| {
            let violation = site.take_violations().into_iter().next();
            let board = site.board();
            board
                .failure()
                .or_else(|| board.broken_rules())
                .or(violation)
        });
        match complaint {
            Ok(complaint) => self.stop().err().map(|gone| gone.to_string()).or(complaint),
            Err(gone) => Some(gone.to_string()),
        }
    }
}

struct Served {
    kind: BoardKind,
    configuration: String,
    path: PathBuf,
    side: Option<SideChannelServer>,
    server: Box<dyn Serving>,
    tally: Arc<Tally>,
}

/// Runs `serve`.
///
/// # Errors
/// Unusable arguments, a board that cannot be built, a socket that cannot be had.
pub fn run(arguments: &ServeArguments, output: &Output) -> Result<Verdict> {
    let start = Instant::now();
    let plan = plan(arguments)?;
    let mut signals = signals()?;
    let mut boards = Vec::with_capacity(plan.len());
    for (kind, configuration, path, side) in plan {
        let board = serve(kind, &configuration, path, side)?;
        output.line(format_args!(
            "serving the {kind} board {:?} at {}",
            board.configuration,
            board.path.display()
        ));
        boards.push(board);
    }
    let died = wait(&mut signals, &boards)?;
    let boards: Vec<BoardReport> = boards.into_iter().map(Served::end).collect();
    if let Some(path) = died {
        bail!("serve a board at {}: its thread has ended", path.display());
    }
    for board in &boards {
        if let Some(complaint) = &board.complaint {
            output.line(format_args!("{}: {complaint}", board.socket.display()));
        }
    }
    let agrees = boards.iter().all(|board| board.complaint.is_none());
    output.object(&Report {
        boards,
        seconds: start.elapsed().as_secs_f64(),
    })?;
    Ok(agrees.into())
}

type Plan<'a> = Vec<(BoardKind, Configuration, &'a Path, Option<&'a Path>)>;

/// What is served where.
fn plan(arguments: &ServeArguments) -> Result<Plan<'_>> {
    let sockets = arguments.socket.len();
    let fits = |option: &str, count: usize| match count {
        1 => Ok(()),
        _ if count == sockets => Ok(()),
        _ => Err(BadArgument(format!(
            "{count} times {option}, {sockets} times --socket: once, or as often, is meant"
        ))),
    };
    let configs = match arguments.config.as_slice() {
        [] => &["sim".to_owned()],
        given => given,
    };
    fits("--board", arguments.board.len())?;
    fits("--config", configs.len())?;
    let sides = &arguments.side_channel;
    if !sides.is_empty() && sides.len() != sockets {
        let text = format!(
            "{} times --side-channel, {sockets} times --socket: as often, or never, is meant",
            sides.len()
        );
        return Err(BadArgument(text).into());
    }
    arguments
        .socket
        .iter()
        .enumerate()
        .map(|(index, path)| {
            // One for all, or the socket's own.
            let board = arguments.board[index.min(arguments.board.len() - 1)];
            let config = &configs[index.min(configs.len() - 1)];
            let side = sides.get(index).map(PathBuf::as_path);
            Ok((board, configuration::find(config)?, path.as_path(), side))
        })
        .collect()
}

fn serve(
    kind: BoardKind,
    configuration: &Configuration,
    path: &Path,
    side: Option<&Path>,
) -> Result<Served> {
    let tally = Arc::new(Tally::default());
    let (server, side) = match kind {
        BoardKind::Model => start(ModelBoard::new(configuration.shape, 0), path, side, &tally)?,
        BoardKind::Rtl => {
            let board = simulator::start(configuration, Simulation::default())?;
            start(board, path, side, &tally)?
        }
    };
    Ok(Served {
        kind,
        configuration: configuration.name.clone(),
        path: path.to_owned(),
        side,
        server,
        tally,
    })
}

type Started = (Box<dyn Serving>, Option<SideChannelServer>);

fn start<B: Health + 'static>(
    board: B,
    path: &Path,
    side: Option<&Path>,
    tally: &Arc<Tally>,
) -> Result<Started> {
    // First: the device's socket is the sign that everything is there.
    let side = side.map(|path| Ok::<_, ListenError>((path, Listener::bind(path)?)));
    let side = side.transpose()?;
    let listener = Listener::bind(path)?;
    let server = Server::start(board, listener, reporter(path, tally))
        .with_context(|| format!("serve a board at {}", path.display()))?;
    let side = side.map(|(path, listener)| {
        // Its clients are no users of the board.
        let report = reporter(path, &Arc::default());
        SideChannelServer::start(server.handle(), listener, report)
            .with_context(|| format!("serve a side channel at {}", path.display()))
    });
    let side = side.transpose()?;
    Ok((Box::new(server), side))
}

/// Tells and counts what happens at a socket.
fn reporter(path: &Path, tally: &Arc<Tally>) -> impl FnMut(Event) + Send + use<> {
    let (name, tally) = (path.display().to_string(), tally.clone());
    move |event: Event| {
        let (count, text) = match event {
            Event::Connected => (&tally.clients, "a client came".to_owned()),
            Event::TurnedAway => (
                &tally.turned_away,
                "in use: a client turned away".to_owned(),
            ),
            Event::Refused(reason) => (&tally.refused, format!("refused {reason}")),
            Event::Parted(reason) => {
                return complain(format_args!("{name}: the client left: {reason}"));
            }
        };
        count.fetch_add(1, Ordering::Relaxed);
        complain(format_args!("{name}: {text}"));
    }
}

impl Served {
    fn end(self) -> BoardReport {
        drop(self.side);
        let complaint = self.server.end();
        let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
        BoardReport {
            board: self.kind.to_string(),
            configuration: self.configuration,
            socket: self.path,
            clients: count(&self.tally.clients),
            turned_away: count(&self.tally.turned_away),
            refused_messages: count(&self.tally.refused),
            complaint,
        }
    }
}

/// A socket on which the signals to end arrive as bytes.
fn signals() -> Result<UnixStream> {
    let (receiver, sender) = UnixStream::pair().context("make a pipe for signals")?;
    let told = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        let copy = sender.try_clone().context("make a pipe for signals")?;
        // In this order: the first signal finds the flag down, the second finds it up and ends the process.
        signal_hook::flag::register_conditional_shutdown(signal, AT_ONCE, told.clone())
            .and_then(|_| signal_hook::flag::register(signal, told.clone()))
            .and_then(|_| signal_hook::low_level::pipe::register(signal, copy))
            .context("catch signals")?;
    }
    receiver
        .set_read_timeout(Some(LOOK))
        .context("wait for signals")?;
    Ok(receiver)
}

/// Waits for a signal, or for a board whose thread ends by itself.
fn wait(signals: &mut UnixStream, boards: &[Served]) -> Result<Option<PathBuf>> {
    loop {
        match signals.read(&mut [0]) {
            Ok(_) => return Ok(None),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
                ) => {}
            Err(error) => return Err(error).context("wait for signals"),
        }
        if let Some(board) = boards.iter().find(|board| !board.server.is_running()) {
            return Ok(Some(board.path.clone()));
        }
    }
}
