//! One queue pair: rings in host memory, jobs in flight, completions by phase bit.
//!
//! A job owns its buffers; the pair owns the job from submission until its completion has been seen or a reset has
//! finished, because until then the board may still write. A batch of jobs costs one posted write, the doorbell.

use crate::jobs::{Jobs, Outcome};
use crate::link::read_register;
use crate::{Device, DmaBuffer, Error, Iova, Result};
use goldilane_abi::registers::{self as r, queue_status, status};
use goldilane_abi::{Code, Completion, Descriptor};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};
use std::time::{Duration, Instant};

/// How long a pair that is dropped waits for its jobs before it resets the device.
const DROP_LIMIT: Duration = Duration::from_secs(10);
/// Longest sleep between two looks at the rings and the status register.
const INTERRUPT_SLICE: Duration = Duration::from_millis(500);

/// Names a job in flight on its pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(u16);

impl Ticket {
    pub(crate) fn new(number: u16) -> Self {
        Self(number)
    }

    /// The number that the descriptor and its completion carry.
    pub fn number(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ticket {}", self.0)
    }
}

/// A descriptor and the buffers that it points to. The pair puts the ticket in.
#[derive(Debug)]
pub struct Job {
    /// What the board is to do.
    pub descriptor: Descriptor,
    /// Memory that must stay until the board is done.
    pub buffers: Vec<DmaBuffer>,
}

/// A completed job.
#[derive(Debug)]
pub struct Done {
    /// The job's ticket.
    pub ticket: Ticket,
    /// The board's answer.
    pub completion: Completion,
    /// The job, buffers and all.
    pub job: Job,
}

impl Done {
    /// The answer's code as a result.
    pub fn success(&self, operation: &'static str, object: impl Into<String>) -> Result<u32> {
        match self.completion.code() {
            Some(Code::Success) => Ok(self.completion.info),
            Some(code) => Err(Error::Board {
                operation,
                object: object.into(),
                code,
                info: self.completion.info,
            }),
            None => Err(Error::UnknownCode {
                operation,
                object: object.into(),
                number: self.completion.code.into(),
            }),
        }
    }
}

/// Jobs that were not taken, handed back.
#[derive(Debug)]
pub enum SubmitError {
    /// No room for all of them; none was taken.
    QueueFull(Vec<Job>),
    /// The device failed; none was taken.
    Failed(Vec<Job>, Error),
}

/// A queue pair.
pub struct QueuePair {
    device: Arc<dyn Device>,
    index: u16,
    submissions: DmaBuffer,
    completions: DmaBuffer,
    submission_size: u16,
    completion_size: u16,
    tail: u16,
    head: u16,
    seen: u16,
    phase: bool,
    jobs: Jobs,
    polling: Duration,
    /// What was wrong with the completion entry at `seen`: nothing behind it is believed.
    damaged: Option<String>,
}

impl QueuePair {
    /// Sets up pair `index` with rings of `1 << ring_log2` entries.
    pub fn open(device: Arc<dyn Device>, index: u16, ring_log2: u8) -> Result<Self> {
        let size = 1_u16.checked_shl(ring_log2.into()).ok_or(Error::Pair {
            pair: index,
            code: Code::BadQueueSetup,
        })?;
        let submissions = device.alloc_dma(usize::from(size) * Descriptor::BYTES)?;
        let completions = device.alloc_dma(usize::from(size) * Completion::BYTES)?;
        let mut pair = Self {
            device,
            index,
            submissions,
            completions,
            submission_size: size,
            completion_size: size,
            tail: 0,
            head: 0,
            seen: 0,
            phase: true,
            jobs: Jobs::new(size.into()),
            polling: Duration::ZERO,
            damaged: None,
        };
        pair.start()?;
        Ok(pair)
    }

    /// Number of the pair and of its interrupt vector.
    pub fn index(&self) -> u16 {
        self.index
    }

    /// Entries of the submission ring.
    pub fn size(&self) -> u16 {
        self.submission_size
    }

    /// Jobs that the board has not answered.
    pub fn in_flight(&self) -> usize {
        self.jobs.in_flight()
    }

    /// How long a wait looks at the ring before it arms the interrupt and sleeps: while completions come faster than that,
    /// waiting touches no register.
    pub fn set_polling(&mut self, time: Duration) {
        self.polling = time;
    }

    /// Jobs that can be submitted now.
    pub fn room(&self) -> usize {
        let used = (self.tail.wrapping_sub(self.head) & (self.submission_size - 1)) as usize;
        let ring = usize::from(self.submission_size) - 1 - used;
        let unanswered = usize::from(self.completion_size) - 1 - self.jobs.in_flight();
        ring.min(unanswered).min(self.jobs.room())
    }

    fn write(&self, register: &r::Register, value: u32) -> Result<()> {
        self.device.write32(register.of(self.index.into()), value)
    }

    fn read(&self, register: &r::Register) -> Result<u32> {
        read_register(&*self.device, register.of(self.index.into()))
    }

    /// Writes the pair's registers and enables it; the rings are empty.
    fn start(&mut self) -> Result<()> {
        let zeros = vec![0; self.completions.len()];
        self.completions.write(0, &zeros)?;
        (self.tail, self.head, self.seen, self.phase) = (0, 0, 0, true);
        self.damaged = None;
        let Iova(submissions) = self.submissions.iova();
        let Iova(completions) = self.completions.iova();
        self.write(&r::QUEUE_CONTROL, 0)?;
        self.write(&r::SQ_BASE_LO, submissions as u32)?;
        self.write(&r::SQ_BASE_HI, (submissions >> 32) as u32)?;
        self.write(&r::CQ_BASE_LO, completions as u32)?;
        self.write(&r::CQ_BASE_HI, (completions >> 32) as u32)?;
        let (submission, completion) = (self.submission_size.ilog2(), self.completion_size.ilog2());
        self.write(&r::RING_SIZES, submission | completion << 8)?;
        self.write(&r::QUEUE_CONTROL, 1)?;
        if self.read(&r::QUEUE_CONTROL)? & 1 == 0 {
            self.check_status()?;
            return Err(Error::Pair {
                pair: self.index,
                code: Code::BadQueueSetup,
            });
        }
        Ok(())
    }

    /// Coalescing of interrupts: after `count` flagged completions, or when the first has waited `time` units of 1024
    /// clocks (0: no limit).
    pub fn coalesce(&self, count: u16, time: u16) -> Result<()> {
        self.write(
            &r::INTERRUPT_COALESCE,
            u32::from(count) | u32::from(time) << 16,
        )
    }

    /// Submits one job.
    pub fn submit(&mut self, job: Job) -> std::result::Result<Ticket, SubmitError> {
        self.submit_batch(vec![job]).map(|tickets| tickets[0])
    }

    /// Submits jobs with one doorbell: all or none.
    pub fn submit_batch(
        &mut self,
        jobs: Vec<Job>,
    ) -> std::result::Result<Vec<Ticket>, SubmitError> {
        if let Err(error) = self.check_ring() {
            return Err(SubmitError::Failed(jobs, error));
        }
        if jobs.len() > self.room() {
            return Err(SubmitError::QueueFull(jobs));
        }
        self.jobs.reserve(jobs.len());
        let mut tail = self.tail;
        let mut tickets = Vec::with_capacity(jobs.len());
        let mut ticket = self.jobs.last_ticket();
        for job in &jobs {
            ticket = self.jobs.fresh_ticket(ticket);
            let descriptor = Descriptor {
                ticket,
                ..job.descriptor
            };
            let offset = usize::from(tail) * Descriptor::BYTES;
            if let Err(error) = self.submissions.write(offset, &descriptor.to_bytes()) {
                return Err(SubmitError::Failed(jobs, error));
            }
            tail = (tail + 1) & (self.submission_size - 1);
            tickets.push(Ticket(ticket));
        }
        // The descriptors stand before the doorbell can be seen.
        fence(Ordering::SeqCst);
        if let Err(error) = self
            .device
            .write32(r::doorbell(self.index.into()), tail.into())
        {
            return Err(SubmitError::Failed(jobs, error));
        }
        self.tail = tail;
        for (ticket, job) in tickets.iter().zip(jobs) {
            tracing::trace!(
                pair = self.index,
                ticket = ticket.0,
                opcode = job.descriptor.opcode,
                "submitted"
            );
            self.jobs.start(ticket.0, job);
        }
        Ok(tickets)
    }

    /// Looks for completions; how many jobs were completed. [`QueuePair::take`] and [`QueuePair::wait`] hand them out.
    ///
    /// One pass through the ring at most: a device that goes on and on writing entries holds nobody.
    ///
    /// # Errors
    /// [`Error::CompletionDamaged`], again and again until [`QueuePair::restart`].
    pub fn poll(&mut self) -> Result<usize> {
        self.check_ring()?;
        let mut count = 0;
        for _ in 0..self.completion_size {
            let offset = usize::from(self.seen) * Completion::BYTES;
            let first = self.completions.load_acquire(offset)?;
            if (first & Completion::PHASE_MASK != 0) != self.phase {
                break;
            }
            let mut bytes = [0; Completion::BYTES];
            self.completions.read(offset, &mut bytes)?;
            let completion = Completion::from_bytes(&bytes);
            if let Err(reason) = self.complete(completion, &bytes) {
                tracing::error!(pair = self.index, position = self.seen, reason);
                self.damaged = Some(reason);
                break;
            }
            count += 1;
        }
        // What came before a damaged entry is seen first.
        if count == 0 {
            self.check_ring()?;
        }
        Ok(count)
    }

    /// Whether all completion entries so far were sound.
    fn check_ring(&self) -> Result<()> {
        self.damaged.as_ref().map_or(Ok(()), |reason| {
            Err(Error::CompletionDamaged {
                pair: self.index,
                position: self.seen,
                reason: reason.clone(),
            })
        })
    }

    /// Completes the job of an entry; or says what is wrong with the entry, which then stays where it is.
    fn complete(
        &mut self,
        completion: Completion,
        bytes: &[u8; Completion::BYTES],
    ) -> std::result::Result<(), String> {
        if completion.to_bytes() != *bytes {
            return Err("a reserved bit is set".to_owned());
        }
        if completion.queue != self.index {
            return Err(format!("it is of pair {}", completion.queue));
        }
        let (ticket, head) = (Ticket(completion.ticket), completion.submission_head);
        let mask = self.submission_size - 1;
        let fetched = head.wrapping_sub(self.head) & mask;
        let submitted = self.tail.wrapping_sub(self.head) & mask;
        if head > mask || fetched > submitted {
            return Err(format!(
                "a submission head of {head}, which was not submitted"
            ));
        }
        let code = completion.code;
        if self.jobs.complete(completion) == Outcome::Stray {
            return Err(format!("{ticket}, which is not in flight"));
        }
        tracing::trace!(pair = self.index, ticket = ticket.0, code, "completed");
        self.seen = (self.seen + 1) & (self.completion_size - 1);
        self.phase ^= self.seen == 0;
        self.head = head;
        Ok(())
    }

    /// Any completed job that was not handed out yet.
    pub fn take(&mut self) -> Option<Done> {
        self.jobs.take_any()
    }

    /// Gives up a job: it stays owned by the pair until its completion or a reset, and is then handed to nobody.
    pub fn forget(&mut self, ticket: Ticket) {
        self.jobs.forget(ticket);
    }

    /// Waits for a job. When time runs out the job stays with the pair and can be waited for again.
    pub fn wait(&mut self, ticket: Ticket, limit: Duration) -> Result<Done> {
        self.wait_done(ticket, limit)?;
        let pair = self.index;
        let done = self.jobs.take(ticket);
        done.ok_or(Error::UnknownTicket { ticket, pair })
    }

    /// As [`QueuePair::wait`], but the job is not handed out yet.
    pub fn wait_done(&mut self, ticket: Ticket, limit: Duration) -> Result<()> {
        if !self.jobs.knows(ticket) {
            return Err(Error::UnknownTicket {
                ticket,
                pair: self.index,
            });
        }
        if self.wait_until(limit, |pair| pair.jobs.is_completed(ticket))? {
            return Ok(());
        }
        self.check_missing()?;
        Err(Error::TimedOut {
            operation: "wait for",
            object: format!("{ticket} on queue pair {}", self.index),
            limit,
        })
    }

    /// Whether the board has gone past a completion that has not come.
    fn check_missing(&mut self) -> Result<()> {
        let position = self.seen;
        let written = self.read(&r::CQ_TAIL)?;
        // The register's value came behind all writes that were made before.
        if written == u32::from(position) || self.poll()? > 0 {
            return Ok(());
        }
        Err(Error::CompletionMissing {
            pair: self.index,
            position,
        })
    }

    /// Waits until `count` more jobs can be submitted; `false` when time runs out.
    pub fn wait_room(&mut self, count: usize, limit: Duration) -> Result<bool> {
        self.wait_until(limit, |pair| pair.room() >= count)
    }

    /// Polls, then sleeps on the interrupt, until the condition holds; `limit` counts from the last completion seen.
    fn wait_until(&mut self, limit: Duration, condition: impl Fn(&Self) -> bool) -> Result<bool> {
        if condition(self) {
            return Ok(true);
        }
        let mut last = Instant::now();
        loop {
            if self.poll()? > 0 {
                last = Instant::now();
            }
            if condition(self) {
                return Ok(true);
            }
            let waited = last.elapsed();
            let Some(left) = limit.checked_sub(waited).filter(|left| !left.is_zero()) else {
                return Ok(false);
            };
            if waited < self.polling {
                self.device.relax();
                continue;
            }
            self.arm()?;
            self.device
                .wait_interrupt(self.index, left.min(INTERRUPT_SLICE))?;
            if self.poll()? > 0 {
                last = Instant::now();
            } else {
                self.check_status()?;
            }
        }
    }

    /// Arms the interrupt for completions that were not seen yet.
    pub fn arm(&self) -> Result<()> {
        self.write(&r::INTERRUPT_ARM, u32::from(self.seen) | 1 << 31)
    }

    /// Reads and clears the pair's errors: the first of them is the error.
    pub fn check_status(&self) -> Result<()> {
        let found = self.read(&r::QUEUE_STATUS)?;
        let errors = found & !queue_status::BUSY;
        if errors == 0 {
            return Ok(());
        }
        self.write(&r::QUEUE_STATUS, errors)?;
        let code = [
            (queue_status::FETCH_FAULT, Code::FetchFault),
            (queue_status::DOORBELL_OUT_OF_RING, Code::DoorbellOutOfRing),
            (queue_status::DOORBELL_OVERRUN, Code::DoorbellOverrun),
            (queue_status::COMPLETION_FAULT, Code::CompletionFault),
        ]
        .into_iter()
        .find(|(bit, _)| errors & bit != 0)
        .map_or(Code::BadQueueSetup, |(_, code)| code);
        Err(Error::Pair {
            pair: self.index,
            code,
        })
    }

    /// Starts anew after the device's reset has finished: jobs in flight come back, their tickets are void.
    pub fn restart(&mut self) -> Result<Vec<(Ticket, Job)>> {
        // Should this fail, the jobs stay with the pair, for another reset.
        self.start()?;
        Ok(self.jobs.abort())
    }

    /// Stops fetching, waits for the jobs in flight, disables the pair.
    fn stop(&mut self) -> Result<bool> {
        self.write(&r::QUEUE_CONTROL, 0)?;
        let start = Instant::now();
        while self.read(&r::QUEUE_STATUS)? & queue_status::BUSY != 0 {
            if start.elapsed() > DROP_LIMIT {
                self.device.reset()?;
                return wait_idle(self.device.as_ref(), DROP_LIMIT).map(|()| true);
            }
            self.device.relax();
        }
        Ok(true)
    }
}

impl Drop for QueuePair {
    fn drop(&mut self) {
        if !matches!(self.stop(), Ok(true)) {
            // The board may still write: memory that it knows is not given back.
            tracing::error!(
                pair = self.index,
                "the board did not stop; its buffers are kept mapped"
            );
            let jobs = self.jobs.under_way().flat_map(|job| &job.buffers);
            for buffer in jobs.chain([&self.submissions, &self.completions]) {
                buffer.keep_mapped();
            }
        }
    }
}

/// Waits until the board says that it is idle and no reset is under way.
pub fn wait_idle(device: &dyn Device, limit: Duration) -> Result<()> {
    let start = Instant::now();
    loop {
        let found = read_register(device, r::STATUS.offset)?;
        if found & status::IDLE != 0 && found & status::RESETTING == 0 {
            return Ok(());
        }
        if start.elapsed() > limit {
            return Err(Error::TimedOut {
                operation: "wait for idle of",
                object: device.name(),
                limit,
            });
        }
        device.relax();
    }
}
