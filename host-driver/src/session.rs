//! A session: one user of a device, with its queue pair and what it has loaded.

use crate::batch::Batch;
use crate::crc::crc32c;
use crate::link::read_register;
use crate::queue_pair::wait_idle;
use crate::{Device, DmaBuffer, Done, Error, Job, QueuePair, Result, SubmitError, Ticket};
use goldilane_abi::registers::{self as r, Counter, status};
use goldilane_abi::{
    Capabilities, Code, Descriptor, MAX_RING_LOG2, MIN_RING_LOG2, Opcode, Shape, flags,
};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How a session works.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Queue pair to use.
    pub pair: u16,
    /// log2 of the rings' size.
    pub ring_log2: u8,
    /// Check and make CRCs of inputs and results.
    pub crc: bool,
    /// Entries of one bootstrap descriptor.
    pub entries_per_job: u16,
    /// Bootstrap descriptors that [`Session::bootstrap_into`] keeps on their way.
    pub batches_in_flight: usize,
    /// The most memory of batches that are done which is kept for those to come, in bytes.
    pub spare_bytes: usize,
    /// How long a wait looks at the completion ring before it sleeps on the interrupt.
    pub polling: Duration,
    /// Longest time without any completion while jobs are in flight.
    pub time_limit: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            pair: 0,
            ring_log2: 6,
            crc: true,
            entries_per_job: 64,
            batches_in_flight: 8,
            spare_bytes: 64 << 20,
            polling: Duration::ZERO,
            time_limit: Duration::from_secs(300),
        }
    }
}

/// A snapshot of the performance counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters([u64; Counter::ALL.len()]);

impl Counters {
    /// The value of a counter.
    pub fn get(&self, counter: Counter) -> u64 {
        self.0[counter as usize]
    }
}

/// An entry of the board's error log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// What happened; `None` for a number that this driver does not know.
    pub code: Option<Code>,
    /// The queue pair, if one is concerned.
    pub pair: Option<u8>,
    /// Ticket or register offset.
    pub index: u16,
}

/// One user of a device.
pub struct Session {
    pub(crate) device: Arc<dyn Device>,
    pub(crate) capabilities: Capabilities,
    pub(crate) options: Options,
    pub(crate) pair: QueuePair,
    /// Memory of batches that are done.
    pub(crate) spare: Vec<Batch>,
}

impl Session {
    /// Identifies the board and sets a queue pair up.
    pub fn open(device: Arc<dyn Device>, options: Options) -> Result<Self> {
        read_register(&*device, r::MAGIC.offset)?;
        let capabilities =
            Capabilities::read(|offset| device.read32(offset))?.map_err(|reason| {
                Error::Unsupported {
                    device: device.name(),
                    reason,
                }
            })?;
        // A board may claim anything: rings stay within what the interface allows.
        let most = capabilities
            .max_ring_log2
            .clamp(MIN_RING_LOG2, MAX_RING_LOG2);
        let ring_log2 = options.ring_log2.clamp(MIN_RING_LOG2, most);
        let mut pair = QueuePair::open(device.clone(), options.pair, ring_log2)?;
        pair.set_polling(options.polling);
        Ok(Self {
            device,
            capabilities,
            options,
            pair,
            spare: Vec::new(),
        })
    }

    /// What the board says of itself.
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// What the board was generated for.
    pub fn shape(&self) -> &Shape {
        &self.capabilities.shape
    }

    /// The device.
    pub fn device(&self) -> &Arc<dyn Device> {
        &self.device
    }

    /// The queue pair, for jobs of one's own.
    pub fn pair(&mut self) -> &mut QueuePair {
        &mut self.pair
    }

    /// A descriptor with the session's flags.
    pub(crate) fn descriptor(&self, opcode: Opcode) -> Descriptor {
        let crc = if self.options.crc { flags::CRC } else { 0 };
        Descriptor {
            flags: flags::INTERRUPT | crc,
            ..Descriptor::new(opcode)
        }
    }

    /// Submits a job, waiting for room.
    pub(crate) fn submit(&mut self, job: Job) -> Result<Ticket> {
        self.submit_batch(vec![job]).map(|tickets| tickets[0])
    }

    /// Submits jobs with one doorbell, when there is room for all of them.
    pub(crate) fn submit_batch(&mut self, jobs: Vec<Job>) -> Result<Vec<Ticket>> {
        let limit = self.options.time_limit;
        if !self.pair.wait_room(jobs.len(), limit)? {
            let object = format!("queue pair {}", self.pair.index());
            return Err(Error::TimedOut {
                operation: "wait for room on",
                object,
                limit,
            });
        }
        self.pair
            .submit_batch(jobs)
            .map_err(|refused| match refused {
                SubmitError::Failed(_, error) => error,
                SubmitError::QueueFull(_) => Error::Device {
                    operation: "submit to",
                    object: format!("queue pair {}", self.options.pair),
                    reason: "no room although there was some".into(),
                },
            })
    }

    pub(crate) fn wait(&mut self, ticket: Ticket) -> Result<Done> {
        self.pair.wait(ticket, self.options.time_limit)
    }

    /// Submits a job and waits for it.
    pub fn run(&mut self, job: Job) -> Result<Done> {
        let ticket = self.submit(job)?;
        self.wait(ticket)
    }

    /// A DMA buffer with these bytes.
    pub(crate) fn buffer_with(&self, bytes: &[u8]) -> Result<DmaBuffer> {
        let buffer = self.device.alloc_dma(bytes.len().max(1))?;
        buffer.write(0, bytes)?;
        Ok(buffer)
    }

    /// Asks the board for nothing: the way there and back works.
    pub fn no_op(&mut self) -> Result<()> {
        let job = Job {
            descriptor: self.descriptor(Opcode::NoOp),
            buffers: Vec::new(),
        };
        self.run(job)?.success("run", "a no-op").map(drop)
    }

    /// Sends bytes (a multiple of 8) through the board and returns what came back.
    pub fn loopback(&mut self, bytes: &[u8]) -> Result<Vec<u8>> {
        let (source, destination) = (
            self.buffer_with(bytes)?,
            self.device.alloc_dma(bytes.len().max(1))?,
        );
        let descriptor = Descriptor {
            source: source.iova().0,
            destination: destination.iova().0,
            length: bytes.len() as u32,
            crc: crc32c(bytes),
            ..self.descriptor(Opcode::Loopback)
        };
        let done = self.run(Job {
            descriptor,
            buffers: vec![source, destination],
        })?;
        let crc = done.success("loop back", format!("{} bytes", bytes.len()))?;
        let copy = done.job.buffers[1].read_vec(0, bytes.len())?;
        if self.options.crc && crc32c(&copy) != crc {
            return Err(Error::CopyDamaged { bytes: copy.len() });
        }
        Ok(copy)
    }

    /// Runs the board's self-test.
    pub fn self_test(&mut self) -> Result<()> {
        let job = Job {
            descriptor: self.descriptor(Opcode::SelfTest),
            buffers: Vec::new(),
        };
        self.run(job)?
            .success("self-test", self.device.name())
            .map(drop)
    }

    /// Snapshot of the performance counters.
    pub fn counters(&self) -> Result<Counters> {
        self.device.write32(r::COUNTER_CONTROL.offset, 1)?;
        let mut values = [0; Counter::ALL.len()];
        for (value, row) in values.iter_mut().zip(Counter::ALL) {
            let low = read_register(&*self.device, row.0.offset())?;
            let high = read_register(&*self.device, row.0.offset() + 4)?;
            *value = u64::from(low) | u64::from(high) << 32;
        }
        Ok(Counters(values))
    }

    /// Sets the performance counters to 0.
    pub fn clear_counters(&self) -> Result<()> {
        self.device.write32(r::COUNTER_CONTROL.offset, 2)
    }

    /// Takes the board's error log: its entries, oldest first.
    pub fn take_error_log(&self) -> Result<Vec<LogEntry>> {
        let mut entries = Vec::new();
        loop {
            let entry = read_register(&*self.device, r::ERROR_ENTRY.offset)?;
            if entry == 0 || entries.len() == goldilane_abi::ERROR_LOG_DEPTH {
                return Ok(entries);
            }
            let pair = (entry >> 8) as u8;
            entries.push(LogEntry {
                code: Code::from_number(entry as u8),
                pair: (pair != u8::MAX).then_some(pair),
                index: (entry >> 16) as u16,
            });
            self.device.write32(r::ERROR_ENTRY.offset, 0)?;
        }
    }

    /// Resets the board by its control register and starts anew: keys and lookup tables are gone, the jobs in flight come
    /// back. Every session of the device must do this or be dropped.
    pub fn reset(&mut self) -> Result<Vec<(Ticket, Job)>> {
        self.device.write32(r::CONTROL.offset, 1)?;
        self.restart()
    }

    /// Function level reset; else as [`Session::reset`].
    pub fn reset_function(&mut self) -> Result<Vec<(Ticket, Job)>> {
        self.device.reset()?;
        self.restart()
    }

    fn restart(&mut self) -> Result<Vec<(Ticket, Job)>> {
        wait_idle(self.device.as_ref(), self.options.time_limit)?;
        self.pair.restart()
    }

    /// Waits until the board has cleared what was freed.
    pub fn wait_cleared(&self) -> Result<()> {
        let (start, limit) = (Instant::now(), self.options.time_limit);
        while read_register(&*self.device, r::STATUS.offset)? & status::CLEARING != 0 {
            if start.elapsed() > limit {
                let object = format!("memory of {}", self.device.name());
                return Err(Error::TimedOut {
                    operation: "clear",
                    object,
                    limit,
                });
            }
            self.device.relax();
        }
        Ok(())
    }
}
