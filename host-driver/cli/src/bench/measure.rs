//! Measures one board: batches back to back, one ciphertext alone.
//!
//! Everything goes through the driver's queues. Clocks are the board's own counters, read when a batch has completed, or
//! the simulator's clock, which stands still between the interrupt of a completion and the next wait.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use goldilane_abi::registers::Counter;
use goldilane_driver::{
    Checkpoint, CheckpointWords, Counters, KeyHandle, LutHandle, Pending, Request, Session,
};
use goldilane_golden_model::{Parameters, bootstrap_batch};

use crate::board::OpenDevice;
use crate::progress;
use crate::vectors::material::Material;
use crate::vectors::toy;
use crate::verify::device::{load_key, load_luts, request};

/// Runs of a lone ciphertext, of which the shortest counts. One is enough where it takes [`LONG`] clocks: a round of the
/// controller through its queue pairs, some hundred clocks, and the driver's own time weigh nothing there.
const LONE_RUNS: usize = 4;
/// Clocks from which one run is enough.
const LONG: u64 = 250_000;
/// Batches that are measured.
pub const BATCHES: usize = 4;
/// n of the second key: what a lone ciphertext takes under it is taken off what it takes under the first, so that only
/// whole steps are left, with their GGSWs and columns. Half of the first, at most 48. The controller looks at the core
/// once in a round of its program, some hundred clocks: the difference is that wrong, so it should be of many steps.
pub fn short_dimension(n: usize) -> usize {
    (n / 2).min(48)
}

/// Batches back to back. A run has one batch before the measured ones, which fills the pipeline, and one behind them, so
/// that the last measured batch is finished under the same conditions as the others. The window is from the last
/// completion of the first to the last completion of the last measured one.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Batches that were measured.
    pub batches: u64,
    /// Clocks.
    pub clocks: u64,
    /// Bootstraps that completed.
    pub bootstraps: u64,
    /// Clocks in which the multipliers of the forward barrier had work.
    pub multiplier_busy: u64,
    /// Clocks in which a step waited for nothing but its key.
    pub key_wait: u64,
    /// Clocks in which the key switch had work.
    pub key_switch_busy: u64,
    /// The simulator's clocks between which it lies.
    pub span: (u64, u64),
    /// Clocks of the whole run and the seconds for them.
    pub run: (u64, f64),
    /// Whether every word is the golden model's.
    pub bit_exact: bool,
}

/// Of the short key.
const SEED: u64 = 0x601d;

/// One ciphertext alone.
#[derive(Clone, Copy, Debug)]
pub struct Alone {
    /// Clocks from the doorbell to the interrupt of the completion.
    pub clocks_doorbell_to_completion: u64,
    /// Clocks of a step of blind rotation.
    pub clocks_per_step: f64,
    /// Clocks of it in which the step waited for nothing but its key.
    pub key_wait_per_step: f64,
    /// Whether every word of every run is the golden model's.
    pub bit_exact: bool,
}

/// A key on the board, and the words that must come back under it, ciphertext by ciphertext.
struct Key {
    handle: KeyHandle,
    expected: Vec<CheckpointWords>,
}

impl Key {
    /// Loads the key of `of`, and computes what is expected of the first `count` ciphertexts of `material`.
    fn load(
        session: &mut Session,
        of: &Material,
        material: &Material,
        count: usize,
    ) -> Result<Self> {
        let handle = load_key(session, of)?;
        let jobs: Vec<_> = (0..count).map(|index| material.job(index)).collect();
        let expected = bootstrap_batch(&of.key()?, &jobs)
            .into_iter()
            .map(|words| Ok(CheckpointWords::U64(words?.concat())))
            .collect::<Result<_>>()?;
        Ok(Self { handle, expected })
    }

    /// Whether every word is the golden model's.
    fn is_exact(&self, results: Vec<goldilane_driver::Result<CheckpointWords>>) -> Result<bool> {
        let mut exact = true;
        for (result, expected) in results.into_iter().zip(&self.expected) {
            exact &= result.context("bootstrap")? == *expected;
        }
        Ok(exact)
    }
}

/// When a batch completed: the board's counters, and the simulator's clock.
type Completed = (Counters, u64);

/// A run of one ciphertext alone, in clocks.
struct Lone {
    clocks: u64,
    key_wait: u64,
    bit_exact: bool,
}

/// A board with the key and the tables of a [`Material`], and the words that must come back.
pub struct Bench<'m> {
    device: &'m OpenDevice,
    session: Session,
    material: &'m Material,
    key: Key,
    short: Key,
    luts: Vec<LutHandle>,
}

impl<'m> Bench<'m> {
    /// Loads key and tables, and computes what is expected.
    ///
    /// # Errors
    /// A key that does not fit, a device that fails or refuses.
    pub fn new(device: &'m OpenDevice, material: &'m Material) -> Result<Self> {
        let mut session = device.session()?;
        let count = material.ciphertexts.len();
        let key = Key::load(&mut session, material, material, count)?;
        let parameters = Parameters {
            lwe_dimension: short_dimension(material.parameters.lwe_dimension),
            ..material.parameters
        };
        let short = toy::without_stages("TOY_INSECURE_SHORT", parameters, SEED, 1)?;
        let short = Key::load(&mut session, &short, material, 1)?;
        let luts = load_luts(&mut session, material)?;
        Ok(Self {
            device,
            session,
            material,
            key,
            short,
            luts,
        })
    }

    fn requests(&self, fill: usize) -> Vec<Request<'m>> {
        (0..fill)
            .map(|index| request(self.material, &self.luts, index))
            .collect()
    }

    /// `batches` batches of `fill` ciphertexts, and one before and one behind them, all submitted at once.
    ///
    /// # Errors
    /// A device that fails.
    pub fn window(&mut self, fill: usize, batches: usize) -> Result<Window> {
        let requests = self.requests(fill);
        let (first_clock, first_second) = (self.device.clocks(), Instant::now());
        let pending = (0..batches + 2)
            .map(|_| {
                self.session
                    .start(&self.key.handle, &requests, Checkpoint::None)
            })
            .collect::<goldilane_driver::Result<Vec<_>>>()
            .context("submit bootstraps")?;
        let mut bit_exact = true;
        let mut at_completion: Vec<Completed> = Vec::new();
        let bar = progress::bar(pending.len(), "batches");
        for batch in pending {
            bit_exact &= self.finish(batch, &mut at_completion)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        let run = (first_clock, first_second);
        self.between(&at_completion, (fill, batches), run, bit_exact)
    }

    /// Batches of `fill` ciphertexts, each submitted when the one before has completed: the board would gather a fuller
    /// batch otherwise. The window is from the first completion to the last.
    ///
    /// # Errors
    /// A device that fails.
    pub fn one_by_one(&mut self, fill: usize, batches: usize) -> Result<Window> {
        let requests = self.requests(fill);
        let (first_clock, first_second) = (self.device.clocks(), Instant::now());
        let mut bit_exact = true;
        let mut at_completion: Vec<Completed> = Vec::new();
        for _ in 0..=batches {
            let batch = self
                .session
                .start(&self.key.handle, &requests, Checkpoint::None)
                .context("submit bootstraps")?;
            bit_exact &= self.finish(batch, &mut at_completion)?;
        }
        let run = (first_clock, first_second);
        self.between(&at_completion, (fill, batches), run, bit_exact)
    }

    /// Waits for a batch and takes the counters; whether every word is the golden model's.
    fn finish(&mut self, batch: Pending, at_completion: &mut Vec<Completed>) -> Result<bool> {
        let results = self.session.finish(batch).context("bootstrap")?;
        let counters = self.session.counters().context("read the counters")?;
        at_completion.push((counters, self.device.clocks()));
        self.key.is_exact(results)
    }

    /// What lies between the first completion and that of batch `batches`, `fill` ciphertexts each.
    fn between(
        &self,
        at_completion: &[Completed],
        (fill, batches): (usize, usize),
        (first_clock, first_second): (u64, Instant),
        bit_exact: bool,
    ) -> Result<Window> {
        let run = (
            self.device.clocks() - first_clock,
            first_second.elapsed().as_secs_f64(),
        );
        if let Some(complaint) = self.device.complaint() {
            bail!("bootstrap: {complaint}");
        }
        let (first, from) = at_completion[0];
        let (last, to) = at_completion[batches];
        let between = |counter| last.get(counter) - first.get(counter);
        let (counted, completed) = (between(Counter::Bootstraps), (fill * batches) as u64);
        if counted != completed {
            bail!("bootstrap: the board counted {counted} bootstraps where {completed} completed");
        }
        Ok(Window {
            batches: batches as u64,
            clocks: between(Counter::Clocks),
            bootstraps: completed,
            multiplier_busy: between(Counter::MultiplierBusy),
            key_wait: between(Counter::KeyWait),
            key_switch_busy: between(Counter::KeySwitchBusy),
            span: (from, to),
            run,
            bit_exact,
        })
    }

    /// The least of a few runs of [`Bench::lone`]: the driver's own time, in which the board goes on, only adds to it.
    /// Exact where all of them are.
    fn least(&mut self, short: bool) -> Result<Lone> {
        let mut least = self.lone(short)?;
        let runs = if least.clocks < LONG { LONE_RUNS } else { 1 };
        for _ in 1..runs {
            let run = self.lone(short)?;
            let bit_exact = least.bit_exact && run.bit_exact;
            if run.clocks < least.clocks {
                least = run;
            }
            least.bit_exact = bit_exact;
        }
        Ok(least)
    }

    /// One ciphertext on an idle board, from the doorbell to the interrupt, under the key or the short one.
    fn lone(&mut self, short: bool) -> Result<Lone> {
        let request = self.requests(1);
        let key = if short { &self.short } else { &self.key };
        let waited = |session: &Session| -> goldilane_driver::Result<u64> {
            Ok(session.counters()?.get(Counter::KeyWait))
        };
        let before = waited(&self.session).context("read the counters")?;
        let first = self.device.clocks();
        let pending = self
            .session
            .start(&key.handle, &request, Checkpoint::None)?;
        let results = self.session.finish(pending)?;
        let clocks = self.device.clocks() - first;
        let bit_exact = key.is_exact(results).context("one ciphertext")?;
        let now = waited(&self.session).context("read the counters")?;
        Ok(Lone {
            clocks,
            key_wait: now - before,
            bit_exact,
        })
    }

    /// One ciphertext alone.
    ///
    /// # Errors
    /// A device that fails.
    pub fn alone(&mut self) -> Result<Alone> {
        let whole = self.least(false)?;
        let short = self.least(true)?;
        let n = self.material.parameters.lwe_dimension;
        let steps = (n - short_dimension(n)) as f64;
        Ok(Alone {
            clocks_doorbell_to_completion: whole.clocks,
            clocks_per_step: (whole.clocks as f64 - short.clocks as f64) / steps,
            key_wait_per_step: (whole.key_wait as f64 - short.key_wait as f64) / steps,
            bit_exact: whole.bit_exact && short.bit_exact,
        })
    }
}
