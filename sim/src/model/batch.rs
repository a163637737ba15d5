//! Bootstraps: descriptors that wait, batches of consecutive entries of one key and checkpoint, results and records.

use super::jobs::check_aligned;
use super::slots::Refusal;
use super::{Answer, ModelBoard};
use crate::board::{Fault, HostBus};
use goldilane_abi::registers::Counter;
use goldilane_abi::{
    Checkpoint, CheckpointKind, Code, Crc32c, Descriptor, Entry, Handle, KeyShape, MAX_DEGREES,
    MAX_ENTRIES, ResultRecord, crc32c, flags,
};
use goldilane_golden_model::{Job, Key, Stage, StageWords, bootstrap_batch, bootstrap_until};

/// A bootstrap descriptor under way.
pub(super) struct Active {
    pub(super) pair: usize,
    pub(super) key: Handle,
    ticket: u16,
    flags: u8,
    key_shape: KeyShape,
    checkpoint: Checkpoint,
    records: u64,
    entries: Vec<Entry>,
    done: usize,
    failed: u16,
    first_failed: u32,
}

impl Active {
    /// Entries that have not been started.
    pub(super) fn waiting(&self) -> usize {
        self.entries.len() - self.done
    }

    /// Whether an entry that has not been finished names this lookup table.
    pub(super) fn uses_lut(&self, lut: Handle) -> bool {
        self.entries[self.done..]
            .iter()
            .any(|entry| entry.lut == lut)
    }
}

/// An entry that passed its checks.
struct Prepared {
    lwe: Vec<u64>,
    lut: Vec<u64>,
    degrees: Vec<usize>,
}

/// Parts of an output: distance from its address, bytes.
type Output = Vec<(u64, Vec<u8>)>;

impl ModelBoard {
    /// Checks a bootstrap descriptor, reads its entries once and lets it wait for a batch.
    pub(super) fn start_bootstrap(
        &mut self,
        bus: &mut dyn HostBus,
        pair: usize,
        job: &Descriptor,
    ) -> Result<(), Refusal> {
        check_aligned(job.source | job.destination)?;
        match job.count {
            0 => return Err((Code::CountZero, 0)),
            count if count > MAX_ENTRIES => return Err((Code::CountTooLarge, MAX_ENTRIES.into())),
            _ => {}
        }
        let key_shape = self.slots.key_shape(job.key).ok_or((Code::UnknownKey, 0))?;
        let n = u32::from(key_shape.lwe_dimension);
        let checkpoint =
            match CheckpointKind::from_number(job.checkpoint).ok_or((Code::BadDescriptor, 0))? {
                CheckpointKind::None => Checkpoint::None,
                CheckpointKind::KeySwitch => Checkpoint::KeySwitch,
                CheckpointKind::ModSwitch => Checkpoint::ModSwitch,
                CheckpointKind::Accumulator if job.step > n => {
                    return Err((Code::CheckpointOutOfRange, n));
                }
                CheckpointKind::Accumulator => Checkpoint::Accumulator(job.step),
            };
        let mut bytes = vec![0; usize::from(job.count) * Entry::BYTES];
        self.read_host(bus, job.source, &mut bytes)
            .map_err(|_| (Code::ReadFault, 0))?;
        self.active.push_back(Active {
            pair,
            key: job.key,
            ticket: job.ticket,
            flags: job.flags,
            key_shape,
            checkpoint,
            records: job.destination,
            entries: bytes.as_chunks().0.iter().map(Entry::from_bytes).collect(),
            done: 0,
            failed: 0,
            first_failed: 0,
        });
        Ok(())
    }

    /// Runs one batch; whether there was one.
    pub(super) fn run_batch(&mut self, bus: &mut dyn HostBus) -> bool {
        let Some(first) = self.active.front() else {
            return false;
        };
        let (key_handle, key_shape, checkpoint) = (first.key, first.key_shape, first.checkpoint);
        let picked: Vec<(usize, usize)> = self
            .active
            .iter()
            .enumerate()
            .take_while(|(_, job)| job.key == key_handle && job.checkpoint == checkpoint)
            .flat_map(|(index, job)| (job.done..job.entries.len()).map(move |entry| (index, entry)))
            .take(self.shape.slots as usize)
            .collect();

        // A bit of the key buffers in the chip: their parity is wrong wherever the key's words go.
        let key = match self.faults[Fault::OnChipMemory as usize] {
            true => Err(Code::ParityError),
            false => self.slots.decoded_key(key_handle.slot),
        };
        let mut prepared = Vec::with_capacity(picked.len());
        for &(index, entry) in &picked {
            let (entry, job_flags) = (self.active[index].entries[entry], self.active[index].flags);
            prepared.push(match &key {
                Ok(_) => self.prepare(bus, &entry, job_flags, checkpoint, &key_shape),
                Err(code) => Err((*code, 0)),
            });
        }
        let computed = match &key {
            Ok(key) => compute(key, &prepared, checkpoint),
            Err(_) => Vec::new(),
        };
        self.count_batch(computed.len(), &key_shape, checkpoint);

        let mut computed = computed.into_iter();
        let stride = self.shape.ciphertext_stride() as u64;
        for (&(index, entry), prepared) in picked.iter().zip(&prepared) {
            let outcome = match prepared {
                Err(refusal) => Err(*refusal),
                Ok(_) => match computed.next() {
                    Some(Ok(words)) => Ok(to_parts(&words, stride)),
                    Some(Err(_)) | None => Err((Code::BoardMemoryFault, 0)),
                },
            };
            self.write_result(bus, index, entry, outcome);
        }
        while self.active.front().is_some_and(|job| job.waiting() == 0) {
            if let Some(job) = self.active.pop_front() {
                let code = if job.failed == 0 {
                    Code::Success
                } else {
                    Code::EntriesFailed
                };
                let answer = Answer {
                    code,
                    info: job.first_failed,
                    failed: job.failed,
                };
                self.complete(bus, job.pair, job.ticket, job.flags, answer);
            }
        }
        true
    }

    /// The checks of one entry in their documented order, and its operands.
    fn prepare(
        &mut self,
        bus: &mut dyn HostBus,
        entry: &Entry,
        job_flags: u8,
        checkpoint: Checkpoint,
        key: &KeyShape,
    ) -> Result<Prepared, Refusal> {
        let shape = self.shape;
        check_aligned(entry.input | entry.output)?;
        let degrees = 1..=MAX_DEGREES;
        if !degrees.contains(&entry.degrees) || u32::from(entry.stride) >= shape.polynomial_size {
            return Err((Code::DegreesOutOfRange, 0));
        }
        if !self.slots.has_lut(entry.lut) {
            return Err((Code::UnknownLut, 0));
        }
        let needed = checkpoint.capacity(&shape, key.lwe_dimension.into(), entry.degrees.into());
        if (entry.capacity as usize) < needed {
            return Err((Code::CapacityTooSmall, needed as u32));
        }
        let mut input = vec![0; shape.ciphertext_bytes()];
        self.read_host(bus, entry.input, &mut input)
            .map_err(|_| (Code::ReadFault, 0))?;
        if job_flags & flags::CRC != 0 && crc32c(&input) != entry.crc {
            return Err((Code::CrcMismatch, 0));
        }
        let lut = self
            .slots
            .decoded_lut(entry.lut.slot)
            .map_err(|code| (code, 0))?;
        let order = 2 * shape.polynomial_size as usize;
        Ok(Prepared {
            lwe: input
                .as_chunks()
                .0
                .iter()
                .map(|word| u64::from_le_bytes(*word))
                .collect(),
            lut,
            degrees: (0..usize::from(entry.degrees))
                .map(|i| i * usize::from(entry.stride) % order)
                .collect(),
        })
    }

    /// Writes the result and the record of an entry.
    fn write_result(
        &mut self,
        bus: &mut dyn HostBus,
        index: usize,
        entry: usize,
        outcome: Result<Output, Refusal>,
    ) {
        let (output, job_flags) = (
            self.active[index].entries[entry].output,
            self.active[index].flags,
        );
        let mut record = ResultRecord::default();
        match outcome {
            Err((code, length)) => {
                record.status = code as u32;
                record.length = length;
            }
            Ok(parts) => {
                let mut crc = Crc32c::new();
                for (distance, bytes) in parts {
                    if self
                        .write_host(bus, output.wrapping_add(distance), &bytes)
                        .is_err()
                    {
                        record.status = Code::WriteFault as u32;
                        break;
                    }
                    crc.update(&bytes);
                    record.length += bytes.len() as u32;
                }
                if job_flags & flags::CRC != 0 {
                    record.crc = crc.value();
                }
            }
        }
        let job = &mut self.active[index];
        job.done = entry + 1;
        if record.status != 0 {
            if job.failed == 0 {
                job.first_failed = entry as u32;
            }
            job.failed += 1;
        }
        let (pair, ticket) = (job.pair, job.ticket);
        let address = job
            .records
            .wrapping_add((entry * ResultRecord::BYTES) as u64);
        if self.write_host(bus, address, &record.to_bytes()).is_err() {
            self.completion_fault(pair, ticket);
        }
    }

    /// Counters of a batch and the clocks that the hardware would take for it.
    fn count_batch(&mut self, filled: usize, key: &KeyShape, checkpoint: Checkpoint) {
        let steps = match checkpoint {
            Checkpoint::None => u64::from(key.lwe_dimension),
            Checkpoint::Accumulator(steps) => steps.into(),
            Checkpoint::KeySwitch | Checkpoint::ModSwitch => 0,
        };
        let filled = filled as u64;
        let rows = u64::from(self.shape.rows());
        let product = u64::from(self.shape.glwe_dimension + 1) * u64::from(key.pbs_levels) * rows;
        // One step of one ciphertext: about 4 R clocks of waiting for rows and 56 of pipeline.
        let latency = 4 * rows + 56;
        self.advance(steps * latency.max(filled * product));
        self.counters.add(Counter::Batches, 1);
        self.counters.add(Counter::BatchFill, filled);
        self.counters.add(Counter::ExternalProducts, steps * filled);
        self.counters
            .add(Counter::MultiplierBusy, steps * filled * product);
        let columns = u64::from(key.lwe_dimension) + 1;
        let words = u64::from(self.shape.glwe_dimension) * u64::from(self.shape.polynomial_size);
        let column = words / u64::from(self.shape.key_switch_products) * u64::from(key.ks_levels);
        self.counters
            .add(Counter::KeySwitchBusy, columns * filled * column);
        if checkpoint == Checkpoint::None {
            self.counters.add(Counter::Bootstraps, filled);
        }
    }
}

/// The words that each entry that passed writes out.
fn compute(
    key: &Key,
    prepared: &[Result<Prepared, Refusal>],
    checkpoint: Checkpoint,
) -> Vec<Result<Vec<StageWords>, goldilane_golden_model::Error>> {
    let jobs: Vec<Job> = prepared
        .iter()
        .filter_map(|prepared| prepared.as_ref().ok())
        .map(|prepared| Job {
            lwe: &prepared.lwe,
            lut: &prepared.lut,
            degrees: &prepared.degrees,
        })
        .collect();
    let stage = match checkpoint {
        Checkpoint::None => {
            let results = bootstrap_batch(key, &jobs);
            return results
                .into_iter()
                .map(|words| Ok(words?.into_iter().map(StageWords::U64).collect()))
                .collect();
        }
        Checkpoint::KeySwitch => Stage::KeySwitch,
        Checkpoint::ModSwitch => Stage::ModSwitch,
        Checkpoint::Accumulator(steps) => Stage::Accumulator(steps as usize),
    };
    jobs.into_iter()
        .map(|job| Ok(vec![bootstrap_until(key, job, stage)?]))
        .collect()
}

/// Little-endian bytes of each part at its distance.
fn to_parts(words: &[StageWords], stride: u64) -> Output {
    let bytes = |words: &StageWords| match words {
        StageWords::U16(words) => words.iter().flat_map(|word| word.to_le_bytes()).collect(),
        StageWords::U32(words) => words.iter().flat_map(|word| word.to_le_bytes()).collect(),
        StageWords::U64(words) => words
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect::<Vec<u8>>(),
    };
    words
        .iter()
        .enumerate()
        .map(|(index, words)| (index as u64 * stride, bytes(words)))
        .collect()
}
