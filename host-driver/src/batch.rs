//! Bootstraps in DMA memory: the entries, records, inputs and outputs of one descriptor, used again from job to job.
//!
//! A [`Batch`] is filled ([`Batch::push`] copies a ciphertext in; [`Batch::push_in_place`] takes the one that lies there
//! already), sent off by [`Session::start_batch`] and comes back from [`Session::finish_batch`] with its results, which stay
//! where the board wrote them until somebody reads them. Nothing is allocated on the way.

use crate::queue_pair::Ticket;
use crate::{Device, DmaBuffer, Error, Job, KeyHandle, LutHandle, Request, Result, Session};
use goldilane_abi::{Checkpoint, Code, Descriptor, Entry, Opcode, ResultRecord, Shape};

const ENTRIES: usize = 0;
const RECORDS: usize = 1;
const INPUTS: usize = 2;
const OUTPUTS: usize = 3;

/// What every result record says before the board has written it.
const MISSING: [u8; ResultRecord::BYTES] =
    [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// What is to become of the entries of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Purpose {
    pub(crate) checkpoint: Checkpoint,
    /// n of the key: the length of some checkpoints.
    pub(crate) lwe_dimension: u32,
    /// The most outputs of an entry.
    pub(crate) degrees: u16,
}

impl Purpose {
    /// Bootstraps with up to so many outputs each.
    pub(crate) fn bootstraps(degrees: u16) -> Self {
        Self {
            checkpoint: Checkpoint::None,
            lwe_dimension: 0,
            degrees,
        }
    }

    fn capacity(&self, shape: &Shape, degrees: u16) -> usize {
        let n = self.lwe_dimension;
        self.checkpoint.capacity(shape, n, degrees.into())
    }

    fn output_stride(&self, shape: &Shape) -> usize {
        self.capacity(shape, self.degrees).next_multiple_of(64)
    }
}

/// DMA memory for the entries of one descriptor, and what is in it.
#[derive(Debug)]
pub struct Batch {
    /// Empty while the board has the batch.
    buffers: Vec<DmaBuffer>,
    shape: Shape,
    crc: bool,
    purpose: Purpose,
    limit: usize,
    /// Outputs of each entry.
    degrees: Vec<u16>,
    entries: Vec<u8>,
    records: Vec<u8>,
}

/// A batch that the board has.
#[derive(Debug)]
#[must_use = "it comes back from Session::finish_batch"]
pub struct Running {
    ticket: Ticket,
    batch: Batch,
}

impl Running {
    /// The descriptor's ticket.
    pub fn ticket(&self) -> Ticket {
        self.ticket
    }
}

impl Batch {
    pub(crate) fn alloc(
        device: &dyn Device,
        shape: &Shape,
        crc: bool,
        purpose: Purpose,
        limit: usize,
    ) -> Result<Self> {
        let alloc = |bytes: usize| device.alloc_dma((limit * bytes).max(1));
        Ok(Self {
            buffers: vec![
                alloc(Entry::BYTES)?,
                alloc(ResultRecord::BYTES)?,
                alloc(shape.ciphertext_stride())?,
                alloc(purpose.output_stride(shape))?,
            ],
            shape: *shape,
            crc,
            purpose,
            limit,
            degrees: Vec::with_capacity(limit),
            entries: Vec::with_capacity(limit * Entry::BYTES),
            records: Vec::with_capacity(limit * ResultRecord::BYTES),
        })
    }

    /// Makes an empty batch for another purpose of it, if its memory is large enough.
    pub(crate) fn suit(&mut self, purpose: Purpose, limit: usize) -> bool {
        let outputs = limit * purpose.output_stride(&self.shape);
        let bytes = [
            (ENTRIES, limit * Entry::BYTES),
            (RECORDS, limit * ResultRecord::BYTES),
            (INPUTS, limit * self.shape.ciphertext_stride()),
            (OUTPUTS, outputs),
        ];
        let fits = |&(index, bytes): &(usize, usize)| {
            let buffer = self.buffers.get(index);
            buffer.is_some_and(|buffer| buffer.len() >= bytes)
        };
        if !bytes.iter().all(fits) {
            return false;
        }
        (self.purpose, self.limit) = (purpose, limit);
        self.clear();
        true
    }

    /// Bytes of its memory.
    pub(crate) fn bytes(&self) -> usize {
        self.buffers.iter().map(DmaBuffer::len).sum()
    }

    /// The most entries.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Entries.
    pub fn len(&self) -> usize {
        self.degrees.len()
    }

    /// Whether it has no entries.
    pub fn is_empty(&self) -> bool {
        self.degrees.is_empty()
    }

    /// Takes all entries out; the ciphertexts stay where they are.
    pub fn clear(&mut self) {
        self.degrees.clear();
        self.entries.clear();
        self.records.clear();
    }

    fn buffer(&self, index: usize) -> Result<&DmaBuffer> {
        // Never absent: a batch without its buffers is inside of a `Running`.
        self.buffers.get(index).ok_or_else(|| Error::Device {
            operation: "use",
            object: "a batch".into(),
            reason: "the board has its memory".into(),
        })
    }

    fn input_offset(&self, index: usize) -> usize {
        index * self.shape.ciphertext_stride()
    }

    fn check_words(&self, index: usize, words: usize) -> Result<()> {
        let expected = self.shape.ciphertext_words();
        if words == expected {
            return Ok(());
        }
        Err(Error::WrongSize {
            object: format!("bootstrap entry {index}: ciphertext"),
            expected,
            found: words,
        })
    }

    /// Copies a ciphertext to the place of an entry.
    pub fn write_input(&self, index: usize, words: &[u64]) -> Result<()> {
        self.check_words(index, words.len())?;
        self.buffer(INPUTS)?
            .write_words(self.input_offset(index), words)
    }

    /// Adds an entry, its ciphertext copied in.
    pub fn push(&mut self, request: &Request<'_>) -> Result<()> {
        let (index, words) = (self.len(), request.input);
        self.check_words(index, words.len())?;
        let (inputs, offset) = (self.buffer(INPUTS)?, self.input_offset(index));
        let crc = if self.crc {
            inputs.write_words_crc(offset, words)?
        } else {
            inputs.write_words(offset, words)?;
            0
        };
        self.push_entry(request.lut, request.degrees, request.stride, crc)
    }

    /// Adds an entry for the ciphertext that lies in its place.
    pub fn push_in_place(&mut self, lut: LutHandle, degrees: u16, stride: u16) -> Result<()> {
        let crc = if self.crc {
            let bytes = self.shape.ciphertext_bytes();
            let offset = self.input_offset(self.len());
            self.buffer(INPUTS)?.crc(offset, bytes, 0)?
        } else {
            0
        };
        self.push_entry(lut, degrees, stride, crc)
    }

    fn push_entry(&mut self, lut: LutHandle, degrees: u16, stride: u16, crc: u32) -> Result<()> {
        let (index, most) = (self.len(), self.purpose.degrees);
        if index == self.limit || degrees > most {
            let (what, expected, found) = match degrees > most {
                true => ("outputs", most.into(), degrees.into()),
                false => ("entries", self.limit, index + 1),
            };
            return Err(Error::WrongSize {
                object: format!("{what} of a batch"),
                expected,
                found,
            });
        }
        let (input, output) = (self.input_offset(index), self.output_offset(index, 0));
        let entry = Entry {
            input: self.buffer(INPUTS)?.iova().offset(input).0,
            output: self.buffer(OUTPUTS)?.iova().offset(output).0,
            capacity: self.purpose.capacity(&self.shape, degrees) as u32,
            lut: lut.0,
            degrees,
            stride,
            crc,
        };
        self.entries.extend(entry.to_bytes());
        self.degrees.push(degrees);
        Ok(())
    }

    fn output_offset(&self, index: usize, part: usize) -> usize {
        index * self.purpose.output_stride(&self.shape) + part * self.shape.ciphertext_stride()
    }

    /// Puts entries and empty records where the board looks for them.
    fn prepare(&mut self) -> Result<()> {
        self.records.clear();
        for _ in 0..self.len() {
            self.records.extend(MISSING);
        }
        self.buffer(RECORDS)?.write(0, &self.records)?;
        self.buffer(ENTRIES)?.write(0, &self.entries)
    }

    /// Takes the records that the board wrote.
    fn read_records(&mut self) -> Result<()> {
        let mut records = std::mem::take(&mut self.records);
        let read = self.buffer(RECORDS)?.read(0, &mut records);
        self.records = records;
        read
    }

    /// What the board answered for an entry; `number` is what messages call it.
    fn record(&self, index: usize, number: usize) -> Result<ResultRecord> {
        let missing = Error::RecordMissing { entry: number };
        let Some(bytes) = self.records.as_chunks().0.get(index) else {
            return Err(missing);
        };
        let record = ResultRecord::from_bytes(bytes);
        if record == ResultRecord::MISSING {
            return Err(missing);
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
        let Purpose {
            checkpoint,
            lwe_dimension,
            ..
        } = self.purpose;
        let degrees = self.degrees[index].into();
        if record.length as usize == checkpoint.output_bytes(&self.shape, lwe_dimension, degrees) {
            Ok(record)
        } else {
            Err(Error::ResultDamaged { entry: number })
        }
    }

    fn check_crc(&self, crc: u32, record: &ResultRecord, number: usize) -> Result<()> {
        if self.crc && crc != record.crc {
            return Err(Error::ResultDamaged { entry: number });
        }
        Ok(())
    }

    /// Whether an entry succeeded and its outputs, where they lie, fit their CRC.
    pub fn check(&self, index: usize) -> Result<()> {
        let record = self.record(index, index)?;
        let mut crc = 0;
        if self.crc {
            let outputs = self.buffer(OUTPUTS)?;
            for part in 0..usize::from(self.degrees[index]) {
                let offset = self.output_offset(index, part);
                crc = outputs.crc(offset, self.shape.ciphertext_bytes(), crc)?;
            }
        }
        self.check_crc(crc, &record, index)
    }

    /// Copies the outputs of a bootstrap out, one after another, if it succeeded and they fit their CRC.
    pub fn read_outputs(&self, index: usize, words: &mut [u64]) -> Result<()> {
        self.copy_outputs(index, index, words)
    }

    /// As [`Batch::read_outputs`], under the number by which messages call the entry.
    pub(crate) fn copy_outputs(
        &self,
        index: usize,
        number: usize,
        words: &mut [u64],
    ) -> Result<()> {
        let record = self.record(index, number)?;
        let (outputs, size) = (self.buffer(OUTPUTS)?, self.shape.ciphertext_words());
        let degrees = usize::from(self.degrees[index]);
        if words.len() != degrees * size {
            return Err(Error::WrongSize {
                object: format!("outputs of entry {number}"),
                expected: degrees * size,
                found: words.len(),
            });
        }
        let mut crc = 0;
        for (part, words) in words.chunks_exact_mut(size).enumerate() {
            let offset = self.output_offset(index, part);
            if self.crc {
                crc = outputs.read_words_crc(offset, words, crc)?;
            } else {
                outputs.read_words(offset, words)?;
            }
        }
        self.check_crc(crc, &record, number)
    }

    /// The bytes of an entry's checkpoint.
    pub(crate) fn checkpoint_bytes(&self, index: usize, number: usize) -> Result<Vec<u8>> {
        let record = self.record(index, number)?;
        let offset = self.output_offset(index, 0);
        let bytes = self
            .buffer(OUTPUTS)?
            .read_vec(offset, record.length as usize)?;
        self.check_crc(crate::crc::crc32c(&bytes), &record, number)?;
        Ok(bytes)
    }

    /// Words of a ciphertext.
    pub(crate) fn ciphertext_words(&self) -> usize {
        self.shape.ciphertext_words()
    }

    /// Outputs of an entry.
    pub(crate) fn degrees(&self, index: usize) -> usize {
        self.degrees.get(index).copied().unwrap_or(0).into()
    }
}

impl Session {
    /// Memory for up to `entries` bootstraps with up to `degrees` outputs each.
    pub fn batch(&self, entries: u16, degrees: u16) -> Result<Batch> {
        let entries = entries.clamp(1, self.capabilities.max_entries.max(1));
        Batch::alloc(
            self.device.as_ref(),
            self.shape(),
            self.options.crc,
            Purpose::bootstraps(degrees),
            entries.into(),
        )
    }

    /// Sends a batch off, waiting for room; several may be in flight.
    pub fn start_batch(&mut self, key: &KeyHandle, mut batch: Batch) -> Result<Running> {
        batch.prepare()?;
        let checkpoint = batch.purpose.checkpoint;
        let descriptor = Descriptor {
            count: batch.len() as u16,
            checkpoint: checkpoint.kind() as u8,
            step: checkpoint.step(),
            source: batch.buffer(ENTRIES)?.iova().0,
            destination: batch.buffer(RECORDS)?.iova().0,
            key: key.handle,
            ..self.descriptor(Opcode::Bootstrap)
        };
        let buffers = std::mem::take(&mut batch.buffers);
        let ticket = self.submit(Job {
            descriptor,
            buffers,
        })?;
        Ok(Running { ticket, batch })
    }

    /// Waits for a batch. When that fails the board keeps its memory until the job's completion or a reset.
    pub fn finish_batch(&mut self, running: Running) -> Result<Batch> {
        let Running { ticket, mut batch } = running;
        let done = match self.wait(ticket) {
            Ok(done) => done,
            Err(error) => {
                self.pair.forget(ticket);
                return Err(error);
            }
        };
        if done.completion.code() != Some(Code::EntriesFailed) {
            done.success("bootstrap", format!("{} entries", batch.len()))?;
        }
        batch.buffers = done.job.buffers;
        batch.read_records()?;
        Ok(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_record_is_the_one_that_never_came() {
        assert_eq!(ResultRecord::from_bytes(&MISSING), ResultRecord::MISSING);
    }
}
