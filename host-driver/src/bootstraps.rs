//! Bootstraps and stage checkpoints: entries, results, records.

use crate::queue_pair::{Done, Ticket};
use std::time::Duration;

use crate::{Error, Job, KeyHandle, LutHandle, Result, Session};
use goldilane_abi::{
    Checkpoint, Code, Crc32c, Descriptor, Entry, Opcode, ResultRecord, Shape, crc32c,
};

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
    parts: Vec<(Ticket, Vec<u16>)>,
    checkpoint: Checkpoint,
    lwe_dimension: u32,
}

/// Where things lie in the buffers of a bootstrap job.
struct Places {
    input_stride: usize,
    output_stride: usize,
}

const ENTRIES: usize = 0;
const RECORDS: usize = 1;
const INPUTS: usize = 2;
const OUTPUTS: usize = 3;

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

    /// Sends bootstraps off; several may be in flight.
    pub fn start(
        &mut self,
        key: &KeyHandle,
        requests: &[Request<'_>],
        checkpoint: Checkpoint,
    ) -> Result<Pending> {
        let words = self.shape().ciphertext_words();
        if let Some((index, request)) = requests
            .iter()
            .enumerate()
            .find(|(_, request)| request.input.len() != words)
        {
            let object = format!("bootstrap entry {index}: ciphertext");
            return Err(Error::WrongSize {
                object,
                expected: words,
                found: request.input.len(),
            });
        }
        let most = self
            .options
            .entries_per_job
            .clamp(1, self.capabilities.max_entries);
        let lwe_dimension = key.shape.lwe_dimension.into();
        let mut pending = Pending {
            parts: Vec::new(),
            checkpoint,
            lwe_dimension,
        };
        for part in requests.chunks(most.into()) {
            let job = self.bootstrap_job(key, part, checkpoint)?;
            let ticket = self.submit(job)?;
            pending
                .parts
                .push((ticket, part.iter().map(|request| request.degrees).collect()));
        }
        Ok(pending)
    }

    fn places(&self, checkpoint: Checkpoint, n: u32, degrees: impl Iterator<Item = u16>) -> Places {
        let shape = self.shape();
        let most = degrees
            .map(|degrees| checkpoint.capacity(shape, n, degrees.into()))
            .max();
        Places {
            input_stride: shape.ciphertext_stride(),
            output_stride: most.unwrap_or(0).next_multiple_of(64),
        }
    }

    fn bootstrap_job(
        &self,
        key: &KeyHandle,
        requests: &[Request<'_>],
        checkpoint: Checkpoint,
    ) -> Result<Job> {
        let n = key.shape.lwe_dimension.into();
        let places = self.places(
            checkpoint,
            n,
            requests.iter().map(|request| request.degrees),
        );
        let count = requests.len();
        let alloc = |bytes: usize| self.device.alloc_dma(bytes.max(1));
        let entries = alloc(count * Entry::BYTES)?;
        let records = alloc(count * ResultRecord::BYTES)?;
        let inputs = alloc(count * places.input_stride)?;
        let outputs = alloc(count * places.output_stride)?;
        for (index, request) in requests.iter().enumerate() {
            let (input, output) = (index * places.input_stride, index * places.output_stride);
            let bytes: Vec<u8> = request
                .input
                .iter()
                .flat_map(|word| word.to_le_bytes())
                .collect();
            inputs.write(input, &bytes)?;
            let entry = Entry {
                input: inputs.iova().offset(input).0,
                output: outputs.iova().offset(output).0,
                capacity: checkpoint.capacity(self.shape(), n, request.degrees.into()) as u32,
                lut: request.lut.0,
                degrees: request.degrees,
                stride: request.stride,
                crc: if self.options.crc { crc32c(&bytes) } else { 0 },
            };
            entries.write(index * Entry::BYTES, &entry.to_bytes())?;
            records.write(
                index * ResultRecord::BYTES,
                &ResultRecord::MISSING.to_bytes(),
            )?;
        }
        let descriptor = Descriptor {
            count: count as u16,
            checkpoint: checkpoint.kind() as u8,
            step: checkpoint.step(),
            source: entries.iova().0,
            destination: records.iova().0,
            key: key.handle,
            ..self.descriptor(Opcode::Bootstrap)
        };
        Ok(Job {
            descriptor,
            buffers: vec![entries, records, inputs, outputs],
        })
    }

    /// Waits until bootstraps are done; [`Session::finish`] then has their results at once. When time runs out they can be
    /// waited for again.
    pub fn wait_done(&mut self, pending: &Pending, limit: Duration) -> Result<()> {
        let mut tickets = pending.parts.iter().map(|(ticket, _)| *ticket);
        tickets.try_for_each(|ticket| self.pair.wait_done(ticket, limit))
    }

    /// Waits for bootstraps and reads their results in the order of the requests.
    pub fn finish(&mut self, pending: Pending) -> Result<Vec<Result<CheckpointWords>>> {
        let mut results = Vec::new();
        for (ticket, degrees) in pending.parts {
            let done = self.wait(ticket)?;
            if done.completion.code() != Some(Code::EntriesFailed) {
                done.success("bootstrap", format!("{} entries", degrees.len()))?;
            }
            let first = results.len();
            for (index, &degree) in degrees.iter().enumerate() {
                let places = self.places(
                    pending.checkpoint,
                    pending.lwe_dimension,
                    degrees.iter().copied(),
                );
                let read = Reader {
                    done: &done,
                    places,
                    shape: *self.shape(),
                    crc: self.options.crc,
                };
                let result = read.entry(
                    index,
                    first + index,
                    pending.checkpoint,
                    pending.lwe_dimension,
                    degree,
                );
                results.push(result);
            }
        }
        Ok(results)
    }
}

/// Reads the results of one completed job.
struct Reader<'a> {
    done: &'a Done,
    places: Places,
    shape: Shape,
    crc: bool,
}

impl Reader<'_> {
    fn entry(
        &self,
        index: usize,
        number: usize,
        checkpoint: Checkpoint,
        n: u32,
        degrees: u16,
    ) -> Result<CheckpointWords> {
        let buffers = &self.done.job.buffers;
        let mut record = [0; ResultRecord::BYTES];
        buffers[RECORDS].read(index * ResultRecord::BYTES, &mut record)?;
        let record = ResultRecord::from_bytes(&record);
        if record == ResultRecord::MISSING {
            return Err(Error::RecordMissing { entry: number });
        }
        let object = || format!("entry {number}");
        match record.code() {
            Some(Code::Success) => {}
            Some(code) => {
                return Err(Error::Board {
                    operation: "bootstrap",
                    object: object(),
                    code,
                    info: record.length,
                });
            }
            None => {
                return Err(Error::UnknownCode {
                    operation: "bootstrap",
                    object: object(),
                    number: record.status,
                });
            }
        }
        let parts = match checkpoint {
            Checkpoint::None => usize::from(degrees),
            _ => 1,
        };
        let expected = checkpoint.output_bytes(&self.shape, n, degrees.into());
        let mut bytes = Vec::with_capacity(expected);
        let mut crc = Crc32c::new();
        for part in 0..parts {
            let offset = index * self.places.output_stride + part * self.shape.ciphertext_stride();
            let part = buffers[OUTPUTS].read_vec(offset, expected / parts)?;
            crc.update(&part);
            bytes.extend(part);
        }
        if record.length as usize != expected || self.crc && crc.value() != record.crc {
            return Err(Error::ResultDamaged { entry: number });
        }
        Ok(match checkpoint {
            Checkpoint::KeySwitch => CheckpointWords::U32(
                bytes
                    .as_chunks()
                    .0
                    .iter()
                    .map(|word| u32::from_le_bytes(*word))
                    .collect(),
            ),
            Checkpoint::ModSwitch => CheckpointWords::U16(
                bytes
                    .as_chunks()
                    .0
                    .iter()
                    .map(|word| u16::from_le_bytes(*word))
                    .collect(),
            ),
            Checkpoint::None | Checkpoint::Accumulator(_) => CheckpointWords::U64(
                bytes
                    .as_chunks()
                    .0
                    .iter()
                    .map(|word| u64::from_le_bytes(*word))
                    .collect(),
            ),
        })
    }
}

const _: () = assert!(ENTRIES < RECORDS && RECORDS < INPUTS && INPUTS < OUTPUTS);
