//! Measures one board: batches back to back, one ciphertext alone.
//!
//! Everything goes through the driver's queues. Clocks are the board's own counters, read when a batch has completed, or
//! the simulator's clock, which stands still between the interrupt of a completion and the next wait.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use goldilane_abi::registers::Counter;
use goldilane_driver::{
    Checkpoint, CheckpointWords, Counters, KeyHandle, Lut, LutHandle, Pending, Request, Session,
};
use goldilane_golden_model::{Parameters, bootstrap_batch};

use crate::board::OpenDevice;
use crate::progress;
use crate::vectors::material::Material;
use crate::vectors::toy;
use crate::verify::device::load_key;

/// Runs of a lone ciphertext, of which the shortest counts; one is enough where a round of the controller and the driver's
/// own time weigh nothing.
const LONE_RUNS: usize = 4;
/// Steps from which one run is enough.
const MANY_STEPS: usize = 400;
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
}

/// A board with the key and the tables of a [`Material`], and the words that must come back.
pub struct Bench<'m> {
    device: &'m OpenDevice,
    session: Session,
    material: &'m Material,
    key: KeyHandle,
    short: KeyHandle,
    luts: Vec<LutHandle>,
    expected: Vec<Vec<u64>>,
}

impl<'m> Bench<'m> {
    /// Loads key and tables, and computes what is expected.
    ///
    /// # Errors
    /// A key that does not fit, a device that fails or refuses.
    pub fn new(device: &'m OpenDevice, material: &'m Material) -> Result<Self> {
        let mut session = device.session()?;
        let key = load_key(&mut session, material)?;
        let parameters = Parameters {
            lwe_dimension: short_dimension(material.parameters.lwe_dimension),
            ..material.parameters
        };
        let short = toy::without_stages("TOY_INSECURE_SHORT", parameters, SEED, 1)?;
        let short = load_key(&mut session, &short)?;
        let luts = material
            .luts
            .iter()
            .map(|words| {
                session
                    .load_lut(Lut::Encrypted(words))
                    .context("load a lookup table")
            })
            .collect::<Result<_>>()?;
        let golden = material.key()?;
        let jobs: Vec<_> = (0..material.ciphertexts.len())
            .map(|index| material.job(index))
            .collect();
        let expected = bootstrap_batch(&golden, &jobs)
            .into_iter()
            .map(|words| Ok(words?.concat()))
            .collect::<Result<_>>()?;
        Ok(Self {
            device,
            session,
            material,
            key,
            short,
            luts,
            expected,
        })
    }

    fn request(&self, index: usize) -> Request<'m> {
        let input = &self.material.ciphertexts[index].input;
        Request {
            input: &input.words,
            lut: self.luts[input.lut],
            degrees: input.degrees.len() as u16,
            stride: input.stride as u16,
        }
    }

    /// `batches` batches of `fill` ciphertexts, and one before and one behind them, all submitted at once.
    ///
    /// # Errors
    /// A device that fails.
    pub fn window(&mut self, fill: usize, batches: usize) -> Result<Window> {
        let requests: Vec<Request<'_>> = (0..fill).map(|index| self.request(index)).collect();
        let (first_clock, first_second) = (self.device.clocks(), Instant::now());
        let pending = (0..batches + 2)
            .map(|_| self.session.start(&self.key, &requests, Checkpoint::None))
            .collect::<goldilane_driver::Result<Vec<_>>>()
            .context("submit bootstraps")?;
        let mut bit_exact = true;
        let mut at_completion: Vec<Counters> = Vec::new();
        let bar = progress::bar(pending.len(), "batches");
        for batch in pending {
            bit_exact &= self.finish(batch, &mut at_completion)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        let run = (first_clock, first_second);
        self.between(&at_completion, batches, run, bit_exact)
    }

    /// Batches of `fill` ciphertexts, each submitted when the one before has completed: the board would gather a fuller
    /// batch otherwise. The window is from the first completion to the last.
    ///
    /// # Errors
    /// A device that fails.
    pub fn one_by_one(&mut self, fill: usize, batches: usize) -> Result<Window> {
        let requests: Vec<Request<'_>> = (0..fill).map(|index| self.request(index)).collect();
        let (first_clock, first_second) = (self.device.clocks(), Instant::now());
        let mut bit_exact = true;
        let mut at_completion: Vec<Counters> = Vec::new();
        for _ in 0..=batches {
            let batch = self
                .session
                .start(&self.key, &requests, Checkpoint::None)
                .context("submit bootstraps")?;
            bit_exact &= self.finish(batch, &mut at_completion)?;
        }
        let run = (first_clock, first_second);
        self.between(&at_completion, batches, run, bit_exact)
    }

    /// Waits for a batch and takes the counters; whether every word is the golden model's.
    fn finish(&mut self, batch: Pending, at_completion: &mut Vec<Counters>) -> Result<bool> {
        let results = self.session.finish(batch).context("bootstrap")?;
        at_completion.push(self.session.counters().context("read the counters")?);
        let mut bit_exact = true;
        for (result, expected) in results.into_iter().zip(&self.expected) {
            bit_exact &= result? == CheckpointWords::U64(expected.clone());
        }
        Ok(bit_exact)
    }

    /// What lies between the first completion and that of batch `batches`.
    fn between(
        &self,
        at_completion: &[Counters],
        batches: usize,
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
        let (first, last) = (at_completion[0], at_completion[batches]);
        let between = |counter| last.get(counter) - first.get(counter);
        Ok(Window {
            batches: batches as u64,
            clocks: between(Counter::Clocks),
            bootstraps: between(Counter::Bootstraps),
            multiplier_busy: between(Counter::MultiplierBusy),
            key_wait: between(Counter::KeyWait),
            key_switch_busy: between(Counter::KeySwitchBusy),
            run,
            bit_exact,
        })
    }

    /// The least of a few runs of [`Bench::lone`]: the driver's own time, in which the board goes on, only adds to it.
    fn least(&mut self, key: KeyHandle) -> Result<(u64, u64)> {
        let mut least = self.lone(key)?;
        if self.material.parameters.lwe_dimension >= MANY_STEPS {
            return Ok(least);
        }
        for _ in 1..LONE_RUNS {
            least = least.min(self.lone(key)?);
        }
        Ok(least)
    }

    /// Clocks of one ciphertext on an idle board, from the doorbell to the interrupt; and those of them in which it waited for
    /// its key.
    fn lone(&mut self, key: KeyHandle) -> Result<(u64, u64)> {
        let request = [self.request(0)];
        let waited = |session: &Session| -> goldilane_driver::Result<u64> {
            Ok(session.counters()?.get(Counter::KeyWait))
        };
        let key_wait = waited(&self.session).context("read the counters")?;
        let before = self.device.clocks();
        let pending = self.session.start(&key, &request, Checkpoint::None)?;
        let results = self.session.finish(pending)?;
        let clocks = self.device.clocks() - before;
        for result in results {
            result.context("bootstrap of one ciphertext")?;
        }
        let now = waited(&self.session).context("read the counters")?;
        Ok((clocks, now - key_wait))
    }

    /// One ciphertext alone.
    ///
    /// # Errors
    /// A device that fails.
    pub fn alone(&mut self) -> Result<Alone> {
        let whole = self.least(self.key)?;
        let short = self.least(self.short)?;
        let n = self.material.parameters.lwe_dimension;
        let steps = (n - short_dimension(n)) as f64;
        Ok(Alone {
            clocks_doorbell_to_completion: whole.0,
            clocks_per_step: (whole.0 as f64 - short.0 as f64) / steps,
            key_wait_per_step: (whole.1 as f64 - short.1 as f64) / steps,
        })
    }
}
