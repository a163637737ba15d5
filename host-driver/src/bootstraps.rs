//! Bootstraps and stage checkpoints of ciphertexts in the caller's memory: copied into batches and out of them.

use crate::batch::{Batch, Purpose, Running};
use crate::{Error, KeyHandle, LutHandle, Result, Session};
use goldilane_abi::Checkpoint;
use std::collections::VecDeque;
use std::time::Duration;

/// One ciphertext to bootstrap.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// kN + 1 words.
    pub input: &'a [u64],
    /// The lookup table.
    pub lut: LutHandle,
    /// Ciphertexts to extract, at 0, `stride`, 2 `stride`, ..
    pub degrees: u16,
    /// Distance of the extracted coefficients.
    pub stride: u16,
}

impl<'a> Request<'a> {
    /// An ordinary bootstrap: one output.
    pub fn new(input: &'a [u64], lut: LutHandle) -> Self {
        Self {
            input,
            lut,
            degrees: 1,
            stride: 0,
        }
    }
}

/// The words at a stage checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckpointWords {
    /// After modulus switch.
    U16(Vec<u16>),
    /// After key switch.
    U32(Vec<u32>),
    /// The accumulator, or the extracted ciphertexts one after another.
    U64(Vec<u64>),
}

/// Bootstraps in flight; [`Session::finish`] brings their results.
#[derive(Debug)]
#[must_use = "results come with Session::finish"]
pub struct Pending {
    parts: Vec<Running>,
    checkpoint: Checkpoint,
}

impl Session {
    /// Bootstraps ciphertexts: for each request its outputs, one per degree, or why it failed. A bad entry fails alone.
    pub fn bootstrap(
        &mut self,
        key: &KeyHandle,
        requests: &[Request<'_>],
    ) -> Result<Vec<Result<Vec<Vec<u64>>>>> {
        let words = self.shape().ciphertext_words();
        let pending = self.start(key, requests, Checkpoint::None)?;
        let results = self.finish(pending)?;
        Ok(results
            .into_iter()
            .map(|result| {
                result.map(|found| match found {
                    CheckpointWords::U64(all) => {
                        all.chunks_exact(words).map(<[u64]>::to_vec).collect()
                    }
                    CheckpointWords::U16(_) | CheckpointWords::U32(_) => Vec::new(),
                })
            })
            .collect())
    }

    /// The words at a checkpoint instead of the results.
    pub fn checkpoint(
        &mut self,
        key: &KeyHandle,
        requests: &[Request<'_>],
        checkpoint: Checkpoint,
    ) -> Result<Vec<Result<CheckpointWords>>> {
        let pending = self.start(key, requests, checkpoint)?;
        self.finish(pending)
    }

    /// Bootstraps any number of ciphertexts into memory of the caller: the outputs of the requests one after another. Keeps
    /// `Options::batches_in_flight` batches on their way. The entries that failed, with their reasons; their outputs are not
    /// to be used.
    pub fn bootstrap_into(
        &mut self,
        key: &KeyHandle,
        requests: &[Request<'_>],
        outputs: &mut [u64],
    ) -> Result<Vec<(usize, Error)>> {
        self.check_inputs(requests)?;
        let words = self.shape().ciphertext_words();
        let degrees: usize = requests.iter().map(|r| usize::from(r.degrees)).sum();
        if outputs.len() != degrees * words {
            return Err(Error::WrongSize {
                object: "memory for the outputs of all requests".into(),
                expected: degrees * words,
                found: outputs.len(),
            });
        }
        let mut stream = Stream {
            outputs,
            done: 0,
            failed: Vec::new(),
        };
        let mut under_way = VecDeque::new();
        let run = self.run_stream(key, requests, &mut stream, &mut under_way);
        self.forget(under_way);
        run.map(|()| stream.failed)
    }

    fn run_stream(
        &mut self,
        key: &KeyHandle,
        requests: &[Request<'_>],
        stream: &mut Stream<'_>,
        under_way: &mut VecDeque<Running>,
    ) -> Result<()> {
        let most = self.entries_per_job();
        for part in requests.chunks(most) {
            if under_way.len() >= self.options.batches_in_flight.max(1)
                && let Some(running) = under_way.pop_front()
            {
                let batch = self.finish_batch(running)?;
                stream.take(&batch);
                self.give_back(batch);
            }
            let purpose = Purpose::bootstraps(most_degrees(part));
            under_way.push_back(self.start_part(key, part, purpose)?);
        }
        while let Some(running) = under_way.pop_front() {
            let batch = self.finish_batch(running)?;
            stream.take(&batch);
            self.give_back(batch);
        }
        Ok(())
    }

    /// Sends bootstraps off; several may be in flight.
    pub fn start(
        &mut self,
        key: &KeyHandle,
        requests: &[Request<'_>],
        checkpoint: Checkpoint,
    ) -> Result<Pending> {
        self.check_inputs(requests)?;
        let mut parts = Vec::new();
        for part in requests.chunks(self.entries_per_job()) {
            let purpose = Purpose {
                checkpoint,
                lwe_dimension: key.shape.lwe_dimension.into(),
                degrees: most_degrees(part),
            };
            match self.start_part(key, part, purpose) {
                Ok(running) => parts.push(running),
                Err(error) => {
                    self.forget(parts);
                    return Err(error);
                }
            }
        }
        Ok(Pending { parts, checkpoint })
    }

    /// Waits until bootstraps are done; [`Session::finish`] then has their results at once. When time runs out they can be
    /// waited for again.
    pub fn wait_done(&mut self, pending: &Pending, limit: Duration) -> Result<()> {
        let mut tickets = pending.parts.iter().map(Running::ticket);
        tickets.try_for_each(|ticket| self.pair.wait_done(ticket, limit))
    }

    /// Waits for bootstraps and reads their results in the order of the requests.
    pub fn finish(&mut self, pending: Pending) -> Result<Vec<Result<CheckpointWords>>> {
        let Pending { parts, checkpoint } = pending;
        let mut results = Vec::new();
        let mut parts = parts.into_iter();
        while let Some(running) = parts.next() {
            let batch = match self.finish_batch(running) {
                Ok(batch) => batch,
                Err(error) => {
                    self.forget(parts);
                    return Err(error);
                }
            };
            let first = results.len();
            for index in 0..batch.len() {
                results.push(self.read(&batch, index, first + index, checkpoint));
            }
            self.give_back(batch);
        }
        Ok(results)
    }

    fn read(
        &self,
        batch: &Batch,
        index: usize,
        number: usize,
        checkpoint: Checkpoint,
    ) -> Result<CheckpointWords> {
        if checkpoint == Checkpoint::None {
            let mut words = vec![0; batch.degrees(index) * self.shape().ciphertext_words()];
            batch.copy_outputs(index, number, &mut words)?;
            return Ok(CheckpointWords::U64(words));
        }
        let bytes = batch.checkpoint_bytes(index, number)?;
        let words = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
        Ok(match checkpoint {
            Checkpoint::KeySwitch => {
                let words = bytes.as_chunks().0.iter();
                CheckpointWords::U32(words.map(|word| u32::from_le_bytes(*word)).collect())
            }
            Checkpoint::ModSwitch => {
                let words = bytes.as_chunks().0.iter();
                CheckpointWords::U16(words.map(|word| u16::from_le_bytes(*word)).collect())
            }
            Checkpoint::None | Checkpoint::Accumulator(_) => {
                CheckpointWords::U64(bytes.as_chunks().0.iter().map(words).collect())
            }
        })
    }

    fn check_inputs(&self, requests: &[Request<'_>]) -> Result<()> {
        let expected = self.shape().ciphertext_words();
        let wrong = requests
            .iter()
            .position(|request| request.input.len() != expected);
        match wrong {
            None => Ok(()),
            Some(index) => Err(Error::WrongSize {
                object: format!("bootstrap entry {index}: ciphertext"),
                expected,
                found: requests[index].input.len(),
            }),
        }
    }

    fn entries_per_job(&self) -> usize {
        let most = self.capabilities.max_entries.max(1);
        self.options.entries_per_job.clamp(1, most).into()
    }

    fn start_part(
        &mut self,
        key: &KeyHandle,
        requests: &[Request<'_>],
        purpose: Purpose,
    ) -> Result<Running> {
        let mut batch = self.take_spare(purpose, requests.len())?;
        for request in requests {
            batch.push(request)?;
        }
        self.start_batch(key, batch)
    }

    fn forget(&mut self, running: impl IntoIterator<Item = Running>) {
        for running in running {
            self.pair.forget(running.ticket());
        }
    }

    /// Memory for a batch: used before, if some is left that is large enough.
    fn take_spare(&mut self, purpose: Purpose, entries: usize) -> Result<Batch> {
        let fits = |batch: &mut Batch| batch.suit(purpose, entries);
        match self.spare.iter_mut().rposition(fits) {
            Some(index) => Ok(self.spare.swap_remove(index)),
            None => Batch::alloc(
                self.device.as_ref(),
                &self.capabilities.shape,
                self.options.crc,
                purpose,
                entries,
            ),
        }
    }

    /// Keeps a batch's memory for the next one.
    fn give_back(&mut self, batch: Batch) {
        let kept: usize = self.spare.iter().map(Batch::bytes).sum();
        if kept + batch.bytes() <= self.options.spare_bytes {
            self.spare.push(batch);
        }
    }
}

/// Results on their way into the caller's memory.
struct Stream<'a> {
    /// What has not been filled yet.
    outputs: &'a mut [u64],
    /// Entries that are done.
    done: usize,
    failed: Vec<(usize, Error)>,
}

impl Stream<'_> {
    fn take(&mut self, batch: &Batch) {
        let words = batch.ciphertext_words();
        for index in 0..batch.len() {
            let outputs = std::mem::take(&mut self.outputs);
            let (mine, rest) = outputs.split_at_mut(batch.degrees(index) * words);
            self.outputs = rest;
            if let Err(error) = batch.copy_outputs(index, self.done, mine) {
                self.failed.push((self.done, error));
            }
            self.done += 1;
        }
    }
}

fn most_degrees(requests: &[Request<'_>]) -> u16 {
    requests.iter().map(|r| r.degrees).max().unwrap_or(0)
}
