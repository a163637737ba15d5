//! The model board: the golden model behind the same register map, descriptors and memory layout as the hardware.
//!
//! Descriptors come through the rings in host memory, keys and lookup tables lie in an image of board memory in the
//! hardware's order with their CRC lines and are read back from there, results go out as the hardware writes them.
//! Work is done in steps inside [`Board::run`]: at most one descriptor or one batch, then a stretch of clearing.
//! Clocks are an estimate from the architecture's latency formula.
//!
//! | file | what |
//! |---|---|
//! | `control` | error log, counters |
//! | `queue` | rings, doorbells, interrupts |
//! | `memory`, `slots` | board memory, keys and lookup tables in it |
//! | `jobs` | descriptors but bootstraps |
//! | `batch` | bootstraps |
//! | `self_test` | the self-test |

mod batch;
mod control;
mod jobs;
mod memory;
pub(crate) mod queue;
mod self_test;
mod slots;

pub use slots::golden_parameters;

use crate::board::{Board, BusFault, Fault, HostBus, Progress, ResetKind, SideChannel};
use batch::Active;
use control::{Counters, ErrorLog, NO_PAIR};
use goldilane_abi::registers::{self as r, Counter, Target, queue_status, status};
use goldilane_abi::{Code, Completion, Descriptor, Shape, flags};
use queue::Queue;
use slots::Slots;
use std::collections::VecDeque;

/// Largest burst: bursts do not cross this boundary.
const BURST_BYTES: u64 = 4096;

/// A board whose core is the golden model.
pub struct ModelBoard {
    shape: Shape,
    build_stamp: u32,
    queues: Vec<Queue>,
    slots: Slots,
    active: VecDeque<Active>,
    log: ErrorLog,
    counters: Counters,
    clocks: u64,
    next_pair: usize,
    resetting: bool,
    vectors: VecDeque<u16>,
    faults: [bool; 3],
}

/// What a finished descriptor answers.
struct Answer {
    code: Code,
    info: u32,
    failed: u16,
}

impl Answer {
    fn success(info: u32) -> Self {
        Self {
            code: Code::Success,
            info,
            failed: 0,
        }
    }
}

impl From<Code> for Answer {
    fn from(code: Code) -> Self {
        Self {
            code,
            info: 0,
            failed: 0,
        }
    }
}

impl From<(Code, u32)> for Answer {
    fn from((code, info): (Code, u32)) -> Self {
        Self {
            code,
            info,
            failed: 0,
        }
    }
}

impl ModelBoard {
    /// A board of this shape after power-up. The shape must have passed [`Shape::check`].
    pub fn new(shape: Shape, build_stamp: u32) -> Self {
        Self {
            shape,
            build_stamp,
            queues: (0..shape.queue_pairs).map(|_| Queue::default()).collect(),
            slots: Slots::new(&shape),
            active: VecDeque::new(),
            log: ErrorLog::default(),
            counters: Counters::default(),
            clocks: 0,
            next_pair: 0,
            resetting: false,
            vectors: VecDeque::new(),
            faults: [false; 3],
        }
    }

    fn advance(&mut self, clocks: u64) {
        self.clocks += clocks;
        self.counters.add(Counter::Clocks, clocks);
    }

    /// Reads host memory in bursts.
    fn read_host(
        &mut self,
        bus: &mut dyn HostBus,
        iova: u64,
        buffer: &mut [u8],
    ) -> Result<(), BusFault> {
        let mut done = 0;
        for (address, bytes) in bursts(iova, buffer.len()) {
            bus.read(address, &mut buffer[done..done + bytes])?;
            done += bytes;
        }
        self.counters.add(Counter::HostReadBytes, done as u64);
        self.advance(done as u64 * 8 / u64::from(self.shape.host_bus_bits));
        Ok(())
    }

    /// Writes host memory in bursts.
    fn write_host(
        &mut self,
        bus: &mut dyn HostBus,
        iova: u64,
        data: &[u8],
    ) -> Result<(), BusFault> {
        let mut done = 0;
        for (address, bytes) in bursts(iova, data.len()) {
            bus.write(address, &data[done..done + bytes])?;
            done += bytes;
        }
        self.counters.add(Counter::HostWriteBytes, done as u64);
        self.advance(done as u64 * 8 / u64::from(self.shape.host_bus_bits));
        Ok(())
    }

    /// Fetches one descriptor, pairs in turn, and starts or does it. Whether there was one.
    fn fetch(&mut self, bus: &mut dyn HostBus) -> bool {
        let pairs = self.queues.len();
        let found = (0..pairs)
            .map(|offset| (self.next_pair + offset) % pairs)
            .find_map(|pair| Some((pair, self.queues[pair].next_descriptor()?)));
        let Some((pair, address)) = found else {
            return false;
        };
        self.next_pair = (pair + 1) % pairs;
        let mut bytes = [0; Descriptor::BYTES];
        if self.read_host(bus, address, &mut bytes).is_err() {
            let head = self.queues[pair].head;
            self.queues[pair].halted = true;
            self.queues[pair].status |= queue_status::FETCH_FAULT;
            self.log.push(Code::FetchFault, pair as u8, head);
            self.vectors.push_back(pair as u16);
            return true;
        }
        self.queues[pair].advance_head();
        let descriptor = Descriptor::from_bytes(&bytes);
        if let Some(answer) = self.execute(bus, pair, &descriptor) {
            self.complete(bus, pair, descriptor.ticket, descriptor.flags, answer);
        }
        true
    }

    /// Writes a completion entry and raises the interrupt if it is due.
    fn complete(
        &mut self,
        bus: &mut dyn HostBus,
        pair: usize,
        ticket: u16,
        job_flags: u8,
        answer: Answer,
    ) {
        if answer.code != Code::Success {
            self.log.push(answer.code, pair as u8, ticket);
        }
        let completion = Completion {
            ticket,
            code: answer.code as u8,
            failed: answer.failed,
            info: answer.info,
            ..Completion::default()
        };
        let (address, bytes) = self.queues[pair].place_completion(pair as u16, completion);
        if self.write_host(bus, address, &bytes).is_err() {
            self.completion_fault(pair, ticket);
        }
        self.counters.add(Counter::Descriptors, 1);
        if self.queues[pair].completed(job_flags & flags::INTERRUPT != 0, self.clocks) {
            self.vectors.push_back(pair as u16);
        }
    }

    fn completion_fault(&mut self, pair: usize, ticket: u16) {
        self.queues[pair].status |= queue_status::COMPLETION_FAULT;
        self.log.push(Code::CompletionFault, pair as u8, ticket);
        self.vectors.push_back(pair as u16);
    }

    /// One step of work; whether anything was done.
    fn step(&mut self, bus: &mut dyn HostBus) -> bool {
        self.resetting = false;
        self.advance(1);
        let waiting: usize = self.active.iter().map(Active::waiting).sum();
        let fetched = waiting < self.shape.slots as usize && self.fetch(bus);
        let worked = fetched || self.run_batch(bus);
        let cleared = self.slots.clear_some();
        self.advance(cleared);
        self.deliver(bus);
        worked || cleared > 0
    }

    fn deliver(&mut self, bus: &mut dyn HostBus) {
        for (pair, queue) in self.queues.iter_mut().enumerate() {
            if queue.due(self.clocks) {
                self.vectors.push_back(pair as u16);
            }
        }
        while let Some(vector) = self.vectors.pop_front() {
            bus.interrupt(vector);
        }
    }

    fn status(&self) -> u32 {
        let pending = self
            .queues
            .iter()
            .any(|queue| queue.next_descriptor().is_some());
        let idle = !self.resetting && self.active.is_empty() && !pending;
        let bit = |condition: bool, bit: u32| if condition { bit } else { 0 };
        bit(idle, status::IDLE)
            | bit(self.resetting, status::RESETTING)
            | bit(self.slots.clearing(), status::CLEARING)
    }

    fn read_queue(&self, pair: usize, offset: u32) -> u32 {
        let value = self.queues[pair].read(offset);
        let busy = self.active.iter().any(|job| job.pair == pair);
        match offset == r::QUEUE_STATUS.offset && busy {
            true => value | queue_status::BUSY,
            false => value,
        }
    }

    /// A write to a register of a pair; `Err` names what is logged.
    fn write_queue(&mut self, pair: usize, register: &r::Register, value: u32) -> Result<(), Code> {
        let (written, fires) = self.queues[pair].write(register, value);
        if fires {
            self.vectors.push_back(pair as u16);
        }
        written
    }

    fn write_global(&mut self, register: &r::Register, value: u32) -> Result<(), Code> {
        match register.offset {
            o if o == r::CONTROL.offset => {
                if value & 1 == 1 {
                    self.reset(ResetKind::Register);
                }
            }
            o if o == r::ERROR_COUNT.offset => self.log.clear(),
            o if o == r::ERROR_ENTRY.offset => self.log.pop(),
            o if o == r::COUNTER_CONTROL.offset => self.counters.control(value),
            _ => return Err(Code::RegisterIgnored),
        }
        Ok(())
    }
}

/// Cuts a transfer at burst boundaries: address and bytes of each part.
fn bursts(iova: u64, bytes: usize) -> impl Iterator<Item = (u64, usize)> {
    let end = iova.wrapping_add(bytes as u64);
    let mut next = iova;
    std::iter::from_fn(move || {
        let left = end.wrapping_sub(next);
        let part = left.min(BURST_BYTES - next % BURST_BYTES);
        let address = next;
        next = next.wrapping_add(part);
        (part > 0).then_some((address, part as usize))
    })
}

impl Board for ModelBoard {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn read_bar(&mut self, bar: u8, offset: u64) -> u32 {
        let target = u32::try_from(offset).ok().filter(|_| bar == 0);
        match target.and_then(|offset| r::find(offset, self.shape.queue_pairs)) {
            Some(Target::Global(register)) => match register.offset {
                o if o == r::STATUS.offset => self.status(),
                o if o == r::ERROR_COUNT.offset => self.log.count(),
                o if o == r::ERROR_ENTRY.offset => self.log.oldest(),
                _ => register.initial(&self.shape, self.build_stamp),
            },
            Some(Target::Queue(pair, register)) => self.read_queue(pair as usize, register.offset),
            Some(Target::Counter(counter, high)) => self.counters.read(counter, high),
            Some(Target::Doorbell(_)) | None => 0,
        }
    }

    fn write_bar(&mut self, bar: u8, offset: u64, value: u32) {
        if bar != 0 {
            return;
        }
        let target = u32::try_from(offset)
            .ok()
            .and_then(|offset| r::find(offset, self.shape.queue_pairs));
        let (pair, written) = match target {
            Some(Target::Global(register)) => (NO_PAIR, self.write_global(register, value)),
            Some(Target::Queue(pair, register)) => {
                (pair as u8, self.write_queue(pair as usize, register, value))
            }
            Some(Target::Counter(..)) | None => (NO_PAIR, Err(Code::RegisterIgnored)),
            Some(Target::Doorbell(pair)) => {
                let rung = self.queues[pair as usize].ring(value);
                if matches!(rung, Err(Code::DoorbellOutOfRing | Code::DoorbellOverrun)) {
                    self.vectors.push_back(pair as u16);
                }
                (pair as u8, rung)
            }
        };
        if let Err(code) = written {
            self.log.push(code, pair, offset as u16);
        }
    }

    fn run(&mut self, bus: &mut dyn HostBus, budget: u64) -> Progress {
        let end = self.clocks.saturating_add(budget);
        while self.clocks < end {
            if bus.stalled() {
                // Nothing is open between two steps: a reset has nothing to wait for.
                self.resetting = false;
                return Progress::Idle;
            }
            if !self.step(bus) {
                // Only a coalescing time can make something happen now.
                let Some(deadline) = self.queues.iter().filter_map(Queue::deadline).min() else {
                    return Progress::Idle;
                };
                let clocks = deadline.min(end).saturating_sub(self.clocks);
                self.advance(clocks);
                self.deliver(bus);
            }
        }
        Progress::Busy
    }

    fn reset(&mut self, kind: ResetKind) {
        self.active.clear();
        self.vectors.clear();
        self.queues.fill_with(Queue::default);
        self.slots.free_all();
        self.resetting = true;
        if kind == ResetKind::PowerUp {
            *self = Self::new(self.shape, self.build_stamp);
        }
    }

    fn clocks(&self) -> u64 {
        self.clocks
    }

    fn side_channel(&mut self) -> &mut dyn SideChannel {
        self
    }
}

impl SideChannel for ModelBoard {
    fn read_line(&mut self, line: u64) -> Vec<u8> {
        self.slots.memory.read(line, self.shape.line_bytes())
    }

    fn flip_bits(&mut self, line: u64, byte: usize, mask: u8) {
        let mut bytes = self.slots.memory.read(line, self.shape.line_bytes());
        if let Some(byte) = bytes.get_mut(byte) {
            *byte ^= mask;
        }
        self.slots.memory.write(line, &bytes);
        self.slots.forget_decoded();
    }

    fn inject(&mut self, fault: Fault, present: bool) {
        self.faults[fault as usize] = present;
    }

    fn holds_secrets(&mut self) -> bool {
        let lines = self.slots.memory.lines();
        !self.active.is_empty() || self.slots.holds_decoded() || self.slots.memory.any_set(0, lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bursts_stay_within_4_kib() {
        let parts: Vec<_> = bursts(0x1fc0, 0x1080).collect();
        assert_eq!(parts, [(0x1fc0, 0x40), (0x2000, 0x1000), (0x3000, 0x40)]);
        assert_eq!(bursts(64, 0).count(), 0);
    }
}
