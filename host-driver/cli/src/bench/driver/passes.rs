//! What is timed: memcpy, bootstraps copied in and out, bootstraps in place, all over the same number of ciphertexts.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use goldilane_abi::{Handle, KeyShape, ModulusSwitch, Shape};
use goldilane_driver::{
    Batch, Device, DmaBuffer, KeyHandle, LutHandle, Options, Request, Running, Session,
};

/// The null board takes any handle.
const HANDLE: Handle = Handle {
    slot: 0,
    generation: 0,
};
const LUT: LutHandle = LutHandle(HANDLE);
const KEY: KeyHandle = KeyHandle {
    handle: HANDLE,
    shape: KeyShape {
        lwe_dimension: 918,
        pbs_base_log: 23,
        pbs_levels: 1,
        ks_base_log: 4,
        ks_levels: 4,
        modulus_switch: ModulusSwitch::Centered,
    },
};
/// A wait never sleeps: the board answers within microseconds.
const POLLING: Duration = Duration::from_secs(60);
/// What outputs hold before a result is copied there; the board's results are zeros.
const UNTOUCHED: u64 = 0x5a5a_5a5a_5a5a_5a5a;

/// How ciphertexts are put into batches.
#[derive(Clone, Copy, Debug)]
pub struct Batching {
    /// Entries of a descriptor.
    pub entries: u16,
    /// Descriptors on their way.
    pub in_flight: usize,
}

impl Batching {
    /// A session on a pair: each descriptor has a doorbell of its own, so that it is a batch.
    pub fn session(&self, device: Arc<dyn Device>, pair: u16, crc: bool) -> Result<Session> {
        let options = Options {
            pair,
            crc,
            entries_per_job: self.entries,
            batches_in_flight: self.in_flight,
            polling: POLLING,
            ..Options::default()
        };
        Session::open(device, options).context("open a session on the null board")
    }
}

/// Ciphertexts and the places of their results, in memory of this process.
pub struct Ciphertexts {
    words: usize,
    inputs: Vec<u64>,
    outputs: Vec<u64>,
}

impl Ciphertexts {
    /// So many of a board of this shape; every page has been written.
    pub fn new(shape: &Shape, count: usize) -> Self {
        let words = shape.ciphertext_words();
        Self {
            words,
            inputs: (0..(count * words) as u64)
                .map(|word| word.wrapping_mul(0x9e37_79b9_7f4a_7c15))
                .collect(),
            outputs: vec![UNTOUCHED; count * words],
        }
    }

    /// Bytes of both.
    pub fn bytes(&self) -> usize {
        8 * (self.inputs.len() + self.outputs.len())
    }

    fn of(&self, range: &Range<usize>) -> Range<usize> {
        range.start * self.words..range.end * self.words
    }

    /// Bootstraps a range; the seconds that it took.
    pub fn bootstrap(&mut self, session: &mut Session, range: Range<usize>) -> Result<f64> {
        let words = self.of(&range);
        let inputs = self.inputs[words.clone()].chunks_exact(self.words);
        let requests: Vec<_> = inputs.map(|input| Request::new(input, LUT)).collect();
        let outputs = &mut self.outputs[words];
        let start = Instant::now();
        let failed = session.bootstrap_into(&KEY, &requests, outputs)?;
        let seconds = start.elapsed().as_secs_f64();
        ensure!(failed.is_empty(), "entries failed: {:?}", failed[0]);
        let ends = |output: &[u64]| output.first() == Some(&0) && output.last() == Some(&0);
        let copied = outputs.chunks_exact(self.words).all(ends);
        ensure!(copied, "results were not copied out");
        Ok(seconds)
    }
}

/// The yardstick: libc's memcpy (which is what a copy of this size is compiled to) of the same ciphertexts to as much DMA
/// memory as the driver uses, and of as much back.
pub struct Memcpy {
    inputs: Vec<DmaBuffer>,
    outputs: Vec<DmaBuffer>,
    batching: Batching,
    stride: usize,
}

impl Memcpy {
    /// With memory of a device.
    pub fn new(device: &dyn Device, shape: &Shape, batching: Batching) -> Result<Self> {
        let stride = shape.ciphertext_stride();
        let alloc = || {
            let batches = 0..batching.in_flight;
            let memory = batches.map(|_| device.alloc_dma(usize::from(batching.entries) * stride));
            memory.collect::<Result<Vec<_>, _>>()
        };
        let (inputs, outputs) = (alloc()?, alloc()?);
        for output in &outputs {
            let bytes = vec![UNTOUCHED as u8; output.len()];
            output.write(0, &bytes)?;
        }
        Ok(Self {
            inputs,
            outputs,
            batching,
            stride,
        })
    }

    /// Copies a range in and as much out, batch by batch; the seconds that it took.
    pub fn run(&self, ciphertexts: &mut Ciphertexts, range: Range<usize>) -> Result<f64> {
        let Ciphertexts {
            words,
            inputs,
            outputs,
        } = ciphertexts;
        let all = range.start * *words..range.end * *words;
        let batch = usize::from(self.batching.entries) * *words;
        let start = Instant::now();
        let batches = inputs[all.clone()].chunks(batch);
        let results = outputs[all].chunks_mut(batch);
        for (index, (inputs, outputs)) in batches.zip(results).enumerate() {
            let index = index % self.batching.in_flight;
            for (entry, input) in inputs.chunks_exact(*words).enumerate() {
                self.inputs[index].write_words(entry * self.stride, input)?;
            }
            for (entry, output) in outputs.chunks_exact_mut(*words).enumerate() {
                self.outputs[index].read_words(entry * self.stride, output)?;
            }
        }
        Ok(start.elapsed().as_secs_f64())
    }
}

/// Batches whose ciphertexts lie in DMA memory.
pub struct InPlace {
    idle: VecDeque<Batch>,
    batching: Batching,
}

impl InPlace {
    /// Memory for `count` ciphertexts, in whole batches and more of them than are in flight.
    pub fn new(session: &Session, batching: Batching, count: usize) -> Result<Self> {
        let entries = usize::from(batching.entries);
        let batches = count.div_ceil(entries).max(batching.in_flight + 1);
        let words: Vec<u64> = (1..=session.shape().ciphertext_words() as u64).collect();
        let mut idle = VecDeque::new();
        for _ in 0..batches {
            let batch = session.batch(batching.entries, 1)?;
            for entry in 0..entries {
                batch.write_input(entry, &words)?;
            }
            idle.push_back(batch);
        }
        Ok(Self { idle, batching })
    }

    /// Bootstraps `count` ciphertexts, checking what came of each; the seconds that it took.
    pub fn run(&mut self, session: &mut Session, count: usize) -> Result<f64> {
        let entries = usize::from(self.batching.entries);
        let mut under_way = VecDeque::with_capacity(self.batching.in_flight);
        let start = Instant::now();
        for first in (0..count).step_by(entries) {
            if under_way.len() == self.batching.in_flight {
                self.finish(session, &mut under_way)?;
            }
            let mut batch = self.idle.pop_front().context("an idle batch")?;
            batch.clear();
            for _ in 0..entries.min(count - first) {
                batch.push_in_place(LUT, 1, 0)?;
            }
            under_way.push_back(session.start_batch(&KEY, batch)?);
        }
        while !under_way.is_empty() {
            self.finish(session, &mut under_way)?;
        }
        Ok(start.elapsed().as_secs_f64())
    }

    fn finish(&mut self, session: &mut Session, under_way: &mut VecDeque<Running>) -> Result<()> {
        if let Some(running) = under_way.pop_front() {
            let batch = session.finish_batch(running)?;
            for entry in 0..batch.len() {
                batch.check(entry)?;
            }
            self.idle.push_back(batch);
        }
        Ok(())
    }
}
