//! The first bootstraps of a query once more, on the device, in full batches back to back.
//!
//! Clocks and occupancy come from the board's own counters, read when a batch has completed: the span from the last
//! completion of the first batch to the last completion of the last one, so that filling the pipeline and loading the
//! lookup tables do not count and everything that goes on all the time does.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use goldilane_abi::registers::Counter;
use goldilane_driver::{Checkpoint, CheckpointWords, Counters, Request};
use goldilane_driver_tfhe::DeviceBootstrapper;

use super::record::Recording;
use crate::board::OpenDevice;
use crate::progress;

/// What the device did.
pub struct Replay {
    /// The outputs of the first jobs.
    pub outputs: Vec<Vec<u64>>,
    /// The span that was measured; none with a single batch.
    pub measured: Option<Measured>,
    /// Clocks from the first doorbell to the last completion.
    pub clocks: u64,
    /// Seconds for them.
    pub seconds: f64,
}

/// Batches back to back.
#[derive(Clone, Copy)]
pub struct Measured {
    /// Clocks.
    pub clocks: u64,
    /// Bootstraps that completed in them.
    pub bootstraps: u64,
    /// Clocks in which the multipliers were busy.
    pub multiplier_busy: u64,
}

/// Replays the first `count` recorded jobs (fewer if there are not so many) in batches of all slots.
///
/// # Errors
/// A device that fails.
pub fn replay(
    device: &OpenDevice,
    mut board: DeviceBootstrapper<'_>,
    recording: &Recording,
    count: usize,
) -> Result<Replay> {
    let slots = device.configuration.shape.slots as usize;
    let jobs = &recording.jobs;
    let jobs = &jobs[..count.min(jobs.len())];
    let tables = recording
        .tables
        .iter()
        .map(|table| board.table(table))
        .collect::<goldilane_driver_tfhe::Result<Vec<_>>>()?;
    let handle = board.handle();
    let requests: Vec<Request<'_>> = jobs
        .iter()
        .map(|job| Request::new(&job.input, tables[job.table]))
        .collect();

    let session = board.session();
    let bar = progress::bar(requests.len(), "query on the device");
    let (first_clock, first_second) = (device.clocks(), Instant::now());
    let pending = requests
        .chunks(slots)
        .map(|batch| session.start(&handle, batch, Checkpoint::None))
        .collect::<goldilane_driver::Result<Vec<_>>>()
        .context("submit bootstraps")?;
    let mut outputs = Vec::with_capacity(requests.len());
    let (mut first, mut last): (Option<Counters>, Option<Counters>) = (None, None);
    for batch in pending {
        let results = session.finish(batch).context("bootstrap on the device")?;
        let counters = session.counters().context("read the counters")?;
        first.get_or_insert(counters);
        last = Some(counters);
        for result in results {
            match result.with_context(|| format!("bootstrap {}", outputs.len()))? {
                CheckpointWords::U64(words) => outputs.push(words),
                CheckpointWords::U16(_) | CheckpointWords::U32(_) => {
                    bail!(
                        "bootstrap {}: words of another width came back",
                        outputs.len()
                    )
                }
            }
            bar.inc(1);
        }
    }
    let (clocks, seconds) = (
        device.clocks() - first_clock,
        first_second.elapsed().as_secs_f64(),
    );
    bar.finish_and_clear();
    if let Some(complaint) = device.complaint() {
        bail!("replay on the device: {complaint}");
    }
    let measured = first.zip(last).and_then(|(first, last)| {
        let between = |counter| last.get(counter) - first.get(counter);
        let measured = Measured {
            clocks: between(Counter::Clocks),
            bootstraps: between(Counter::Bootstraps),
            multiplier_busy: between(Counter::MultiplierBusy),
        };
        (measured.bootstraps > 0).then_some(measured)
    });
    Ok(Replay {
        outputs,
        measured,
        clocks,
        seconds,
    })
}
