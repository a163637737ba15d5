//! The jobs: each is drawn, done, and compared.

use std::time::Duration;

use anyhow::Result;
use goldilane_driver::{
    Checkpoint, CheckpointWords, Job, KeyHandle, LutHandle, Request, Session,
    abi::{Descriptor, Opcode},
};
use goldilane_golden_model::toy::ToyRandom;
use goldilane_golden_model::{Stage, StageWords};

use super::Tally;
use crate::board::OpenDevice;
use crate::vectors::material::Material;
use crate::verify::device::{load_key, load_luts};

/// Bytes of the largest loopback.
const LOOPBACK: u64 = 1 << 18;
/// Longest time of a few descriptors that ask for nothing.
const LIMIT: Duration = Duration::from_secs(300);
/// Batches that are in flight together.
const FLIGHTS: u64 = 4;

/// A kind of job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A batch.
    Bootstrap,
    /// Several batches in flight, a loopback on the other pair between them.
    Flight,
    /// Bytes there and back.
    Loopback,
    /// Many descriptors for one doorbell.
    NoOps,
    /// The key is freed and loaded again.
    KeyReload,
    /// The board's own.
    SelfTest,
    /// By the control register.
    Reset,
    /// Of PCI Express.
    FunctionReset,
}

impl Kind {
    /// Draws one: many bootstraps, few resets.
    pub fn draw(random: &mut ToyRandom) -> Self {
        match random.below(256) {
            0..=95 => Self::Bootstrap,
            96..=159 => Self::Flight,
            160..=209 => Self::Loopback,
            210..=245 => Self::NoOps,
            246..=250 => Self::KeyReload,
            251..=252 => Self::SelfTest,
            253..=254 => Self::Reset,
            _ => Self::FunctionReset,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bootstrap => "bootstrap",
            Self::Flight => "batches_in_flight",
            Self::Loopback => "loopback",
            Self::NoOps => "no_ops",
            Self::KeyReload => "key_reload",
            Self::SelfTest => "self_test",
            Self::Reset => "reset",
            Self::FunctionReset => "function_reset",
        }
    }
}

/// A device with a key on it.
pub struct Work<'w> {
    device: &'w OpenDevice,
    material: &'w Material,
    /// For bootstraps.
    first: Session,
    /// For what goes on beside them; none only while it is opened anew.
    second: Option<Session>,
    key: KeyHandle,
    luts: Vec<LutHandle>,
}

/// Loads key and tables. The driver tries slots from the lowest on, and the board logs those that are taken: that is no
/// error, nor is what a board with a past has logged.
fn load(session: &mut Session, material: &Material) -> Result<(KeyHandle, Vec<LutHandle>)> {
    let key = load_key(session, material)?;
    let luts = load_luts(session, material)?;
    session.take_error_log()?;
    Ok((key, luts))
}

type Outcome = std::result::Result<(), String>;

fn text(error: impl ToString) -> String {
    error.to_string()
}

impl<'w> Work<'w> {
    /// Loads the key and the tables.
    ///
    /// # Errors
    /// A device that does not take them.
    pub fn new(device: &'w OpenDevice, material: &'w Material) -> Result<Self> {
        let mut first = device.session()?;
        let (key, luts) = load(&mut first, material)?;
        Ok(Self {
            device,
            material,
            first,
            second: Some(device.session_on(1)?),
            key,
            luts,
        })
    }

    /// Behind a reset: the other session and everything that was loaded.
    fn renew(&mut self) -> Result<()> {
        self.first.wait_cleared()?;
        // First: a session that goes switches its pair off.
        self.second = None;
        self.second = Some(self.device.session_on(1)?);
        (self.key, self.luts) = load(&mut self.first, self.material)?;
        Ok(())
    }

    fn second(&mut self) -> std::result::Result<&mut Session, String> {
        self.second
            .as_mut()
            .ok_or_else(|| "no second session".to_owned())
    }

    /// Resets the function and starts anew.
    ///
    /// # Errors
    /// A device that stays unusable.
    pub fn recover(&mut self) -> Result<()> {
        self.first.reset_function()?;
        self.renew()
    }

    /// Does a job.
    ///
    /// # Errors
    /// What the device did wrong.
    pub fn run(&mut self, kind: Kind, random: &mut ToyRandom, tally: &mut Tally) -> Outcome {
        match kind {
            Kind::Bootstrap => self.flight(1, None, random, tally)?,
            Kind::Flight => {
                let batches = 2 + random.below(FLIGHTS - 1);
                let bytes = loopback_bytes(random);
                self.flight(batches, Some(bytes), random, tally)?;
            }
            Kind::Loopback => self.loopback(loopback_bytes(random), tally)?,
            Kind::NoOps => self.no_ops(1 + random.below(40) as usize)?,
            Kind::KeyReload => {
                self.first.free_key(&self.key).map_err(text)?;
                self.first.wait_cleared().map_err(text)?;
                self.key =
                    load_key(&mut self.first, self.material).map_err(|e| format!("{e:#}"))?;
            }
            Kind::SelfTest => self.first.self_test().map_err(text)?,
            Kind::Reset | Kind::FunctionReset => {
                let aborted = match kind {
                    Kind::Reset => self.first.reset(),
                    _ => self.first.reset_function(),
                };
                if !aborted.map_err(text)?.is_empty() {
                    return Err("jobs came back although none was in flight".to_owned());
                }
                self.renew().map_err(|error| format!("{error:#}"))?;
            }
        }
        match self.first.take_error_log().map_err(text)?.first() {
            None => Ok(()),
            Some(entry) => Err(format!("the board logged {entry:?}")),
        }
    }

    /// Batches in flight, each of its own size, and a loopback on the other pair before they are waited for.
    fn flight(
        &mut self,
        batches: u64,
        beside: Option<Vec<u8>>,
        random: &mut ToyRandom,
        tally: &mut Tally,
    ) -> Outcome {
        let most = 3 * u64::from(self.device.configuration.shape.slots);
        let ciphertexts = &self.material.ciphertexts;
        let mut pending = Vec::new();
        for _ in 0..batches {
            let drawn: Vec<usize> = (0..=random.below(most))
                .map(|_| random.below(ciphertexts.len() as u64) as usize)
                .collect();
            let request = |index: &usize| {
                let input = &ciphertexts[*index].input;
                Request {
                    input: &input.words,
                    lut: self.luts[input.lut],
                    degrees: input.degrees.len() as u16,
                    stride: input.stride as u16,
                }
            };
            let requests: Vec<Request<'_>> = drawn.iter().map(request).collect();
            let started = self.first.start(&self.key, &requests, Checkpoint::None);
            pending.push((drawn, started.map_err(text)?));
        }
        let looped = beside.map_or(Ok(()), |bytes| self.loopback(bytes, tally));
        for (drawn, pending) in pending {
            let results = self.first.finish(pending).map_err(text)?;
            for (index, result) in drawn.into_iter().zip(results) {
                let found = match result.map_err(text)? {
                    CheckpointWords::U64(words) => StageWords::U64(words),
                    other => return Err(format!("ciphertext {index}: no results: {other:?}")),
                };
                if self.material.expected(index, Stage::Extract) != Some(&found) {
                    return Err(format!("ciphertext {index}: other words than expected"));
                }
                tally.bootstraps += 1;
            }
        }
        looped
    }

    fn loopback(&mut self, bytes: Vec<u8>, tally: &mut Tally) -> Outcome {
        let back = self.second()?.loopback(&bytes).map_err(text)?;
        tally.loopback_bytes += bytes.len() as u64;
        match back == bytes {
            true => Ok(()),
            false => Err(format!("{} bytes came back changed", bytes.len())),
        }
    }

    fn no_ops(&mut self, count: usize) -> Outcome {
        let pair = self.second()?.pair();
        let job = || Job {
            descriptor: Descriptor::new(Opcode::NoOp),
            buffers: Vec::new(),
        };
        let jobs = (0..count.min(pair.room())).map(|_| job()).collect();
        let tickets = pair
            .submit_batch(jobs)
            .map_err(|refused| format!("{refused:?}"))?;
        for ticket in tickets {
            let done = pair.wait(ticket, LIMIT).map_err(text)?;
            done.success("run", "a no-op").map_err(text)?;
        }
        Ok(())
    }
}

fn loopback_bytes(random: &mut ToyRandom) -> Vec<u8> {
    let words = 1 + random.below(LOOPBACK / 8);
    (0..words)
        .flat_map(|_| random.word().to_le_bytes())
        .collect()
}
