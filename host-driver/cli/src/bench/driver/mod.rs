//! `goldilane bench --driver`: what the driver costs, on one pinned core, against a board that computes nothing.
//!
//! The null board works in a thread on another core and answers through the same rings, descriptors and records as any
//! other. Each slice of the ciphertexts is copied by memcpy and bootstrapped in each way, in turn, so that all of them
//! meet the same machine; the best round of each counts.

mod counting;
mod passes;

use std::fmt;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use goldilane_abi::Shape;
use goldilane_driver_local::ThreadedDevice;
use goldilane_sim::NullBoard;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use serde::Serialize;

use crate::grid::Grid;
use counting::{Counting, Taken};
use passes::{Batching, Ciphertexts, InPlace, Memcpy};

/// Rounds, of which the best counts.
const ROUNDS: usize = 5;
/// Parts into which a round is cut, so that what is compared is measured side by side.
const SLICES: usize = 8;
/// Batches of the run that counts copied bytes.
const COUNTED_BATCHES: usize = 64;

/// Arguments of `bench --driver`.
#[derive(Args)]
pub struct DriverArguments {
    /// What the driver costs, against a board that computes nothing.
    #[arg(long = "driver", conflicts_with_all = ["config", "rows", "page"])]
    pub asked: bool,
    /// Ciphertexts and results that are copied, together; in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 1024, requires = "asked")]
    working_set: u32,
    /// Ciphertexts of a descriptor.
    #[arg(long, value_name = "COUNT", default_value_t = 32, requires = "asked",
        value_parser = clap::value_parser!(u16).range(1..=i64::from(goldilane_abi::MAX_ENTRIES)))]
    entries: u16,
    /// Descriptors on their way together.
    #[arg(long, value_name = "COUNT", default_value_t = 8, requires = "asked",
        value_parser = clap::value_parser!(u16).range(2..=60))]
    in_flight: u16,
}

/// Ciphertexts in memory of the caller: copied to DMA memory, results copied back.
#[derive(Serialize)]
struct Copying {
    ciphertexts_per_second_per_core: f64,
    time_over_memcpy: f64,
    working_set_bytes: usize,
}

/// Ciphertexts and results that stay in DMA memory.
#[derive(Serialize)]
struct Placed {
    ciphertexts_per_second_per_core: f64,
    /// A job is a descriptor.
    ns_per_job: f64,
    ns_per_ciphertext: f64,
}

/// Everything that was measured.
#[derive(Serialize)]
pub struct Report {
    copying: Copying,
    copying_crc: Copying,
    in_place: Placed,
    in_place_crc: Placed,
    /// Of a bootstrap in the timed rounds, all four ways. A batch is what one doorbell tells: a descriptor.
    register_writes_per_batch: f64,
    register_reads_per_job: f64,
    /// Copied into DMA memory or out of it, without CRC: ciphertext, result, entry, record, rings.
    bytes_copied_per_ciphertext: f64,
    /// The yardstick: a ciphertext in and one out.
    memcpy_ciphertexts_per_second: f64,
    entries_per_job: u16,
    batches_in_flight: usize,
    ciphertext_bytes: usize,
    rounds: usize,
    /// The cores of driver and board.
    cores: Option<[usize; 2]>,
}

/// The seconds of a round, by what was done.
#[derive(Clone, Copy)]
struct Seconds {
    memcpy: f64,
    copying: [f64; 2],
    in_place: [f64; 2],
}

impl Seconds {
    const NONE: Self = Self::all(0.0);

    const fn all(value: f64) -> Self {
        Self {
            memcpy: value,
            copying: [value; 2],
            in_place: [value; 2],
        }
    }

    fn with(self, other: Self, combine: impl Fn(f64, f64) -> f64) -> Self {
        let both = |a: [f64; 2], b: [f64; 2]| [combine(a[0], b[0]), combine(a[1], b[1])];
        Self {
            memcpy: combine(self.memcpy, other.memcpy),
            copying: both(self.copying, other.copying),
            in_place: both(self.in_place, other.in_place),
        }
    }
}

/// Two cores that this process may use.
fn cores() -> Option<[usize; 2]> {
    let allowed = sched_getaffinity(None).ok()?;
    let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
    Some([cores.next()?, cores.next()?])
}

fn pin(core: Option<usize>) {
    if let Some(core) = core {
        let mut set = CpuSet::new();
        set.set(core);
        // It was allowed a moment ago; if no longer, the measurement is only less steady.
        let _refused = sched_setaffinity(None, &set);
    }
}

fn start(shape: Shape, core: Option<usize>, copies: bool) -> Result<Arc<Counting<ThreadedDevice>>> {
    let board = NullBoard::new(shape);
    let device = ThreadedDevice::start("null board", board, move || pin(core));
    Ok(Arc::new(Counting::new(
        device.context("start the board's thread")?,
        copies,
    )))
}

/// Measures.
///
/// # Errors
/// Memory that is not there, a driver that fails.
pub fn measure(arguments: &DriverArguments) -> Result<Report> {
    let shape = Shape::SIM;
    let batching = Batching {
        entries: arguments.entries,
        in_flight: arguments.in_flight.into(),
    };
    let cores = cores();
    pin(cores.map(|cores| cores[0]));
    let count = (arguments.working_set as usize) << 20;
    let count = count.div_ceil(2 * shape.ciphertext_bytes()).max(SLICES);

    let counted = count_copies(shape, batching, cores)?;
    let device = start(shape, cores.map(|cores| cores[1]), false)?;
    let mut sessions = [
        batching.session(device.clone(), 0, false)?,
        batching.session(device.clone(), 1, true)?,
    ];
    let mut ciphertexts = Ciphertexts::new(&shape, count);
    let memcpy = Memcpy::new(device.as_ref(), &shape, batching)?;
    let mut in_place = [
        InPlace::new(&sessions[0], batching, count / 2)?,
        InPlace::new(&sessions[1], batching, count / 2)?,
    ];
    let mut best = Seconds::all(f64::INFINITY);
    let mut registers = Taken::default();
    let mut jobs = 0;
    for round in 0..=ROUNDS {
        let mut seconds = Seconds::NONE;
        device.counts().take();
        let mut done = 0;
        for slice in 1..=SLICES {
            let range = done..count * slice / SLICES;
            done = range.end;
            // Whoever comes first finds the caches as another left them: each does in turn.
            for turn in 0..5 {
                match (round + slice + turn) % 5 {
                    0 => seconds.memcpy += memcpy.run(&mut ciphertexts, range.clone())?,
                    way @ (1 | 2) => {
                        let (crc, session) = (way - 1, &mut sessions[way - 1]);
                        seconds.copying[crc] += ciphertexts.bootstrap(session, range.clone())?;
                    }
                    way => {
                        let (crc, session) = (way - 3, &mut sessions[way - 3]);
                        seconds.in_place[crc] += in_place[crc].run(session, range.len())?;
                    }
                }
            }
            let batches = range.len().div_ceil(batching.entries.into());
            jobs += if round > 0 { 4 * batches } else { 0 };
        }
        // The first round only fills what is kept between jobs.
        if round > 0 {
            let taken = device.counts().take();
            registers.writes += taken.writes;
            registers.reads += taken.reads;
            best = best.with(seconds, f64::min);
        }
    }
    let rate = |seconds: f64| count as f64 / seconds;
    let copying = |crc: usize| Copying {
        ciphertexts_per_second_per_core: rate(best.copying[crc]),
        time_over_memcpy: best.copying[crc] / best.memcpy,
        working_set_bytes: ciphertexts.bytes(),
    };
    let placed = |crc: usize| Placed {
        ciphertexts_per_second_per_core: rate(best.in_place[crc]),
        ns_per_job: 1e9 * f64::from(batching.entries) / rate(best.in_place[crc]),
        ns_per_ciphertext: 1e9 / rate(best.in_place[crc]),
    };
    Ok(Report {
        copying: copying(0),
        copying_crc: copying(1),
        in_place: placed(0),
        in_place_crc: placed(1),
        register_writes_per_batch: registers.writes as f64 / jobs as f64,
        register_reads_per_job: registers.reads as f64 / jobs as f64,
        bytes_copied_per_ciphertext: counted,
        memcpy_ciphertexts_per_second: rate(best.memcpy),
        entries_per_job: batching.entries,
        batches_in_flight: batching.in_flight,
        ciphertext_bytes: shape.ciphertext_bytes(),
        rounds: ROUNDS,
        cores,
    })
}

/// Bytes that the driver copies for a ciphertext, counted in a run of its own because counting takes time.
fn count_copies(shape: Shape, batching: Batching, cores: Option<[usize; 2]>) -> Result<f64> {
    let device = start(shape, cores.map(|cores| cores[1]), true)?;
    let mut session = batching.session(device.clone(), 0, false)?;
    let count = COUNTED_BATCHES * usize::from(batching.entries);
    let count = count.min(1 << 14);
    let mut ciphertexts = Ciphertexts::new(&shape, count);
    device.counts().take();
    ciphertexts.bootstrap(&mut session, 0..count)?;
    Ok(device.counts().take().bytes as f64 / count as f64)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads = ["", "ciphertexts/s", "ns each", "over memcpy"];
        let row = |name: &str, rate: f64, over: Option<f64>| {
            vec![
                name.to_owned(),
                format!("{rate:.0}"),
                format!("{:.0}", 1e9 / rate),
                over.map_or_else(String::new, |over| format!("{over:.3}")),
            ]
        };
        let copying = |name, copying: &Copying| {
            let rate = copying.ciphertexts_per_second_per_core;
            row(name, rate, Some(copying.time_over_memcpy))
        };
        let placed =
            |name, placed: &Placed| row(name, placed.ciphertexts_per_second_per_core, None);
        let rows = [
            row("memcpy", self.memcpy_ciphertexts_per_second, None),
            copying("copied in and out", &self.copying),
            copying("copied in and out, CRC", &self.copying_crc),
            placed("in place", &self.in_place),
            placed("in place, CRC", &self.in_place_crc),
        ];
        writeln!(f, "{}", Grid::new(&heads, rows))?;
        let (driver, board) = match self.cores {
            Some([driver, board]) => (
                format!("core {driver}"),
                format!("a thread on core {board}"),
            ),
            None => ("no core of its own".to_owned(), "a thread".to_owned()),
        };
        writeln!(
            f,
            "Driver on {driver}, null board in {board}; {} bytes in and out each, {} MiB of them, {} entries a descriptor, \
             {} descriptors in flight; best of {} rounds.",
            self.ciphertext_bytes,
            self.copying.working_set_bytes >> 20,
            self.entries_per_job,
            self.batches_in_flight,
            self.rounds,
        )?;
        write!(
            f,
            "{:.3} register writes a batch, {:.3} register reads a job, {:.0} bytes copied a ciphertext.",
            self.register_writes_per_batch,
            self.register_reads_per_job,
            self.bytes_copied_per_ciphertext,
        )
    }
}
