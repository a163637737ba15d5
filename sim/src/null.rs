//! A board that computes nothing, to measure the driver with: it fetches every descriptor and every entry and writes every
//! record and completion, as fast as a thread can, and never touches a ciphertext.
//!
//! Its results are the zeros that fresh DMA memory holds: their length and CRC stand in the records. Keys and lookup tables
//! are taken without a look at them.

use crate::board::{Board, BusFault, Fault, HostBus, Progress, ResetKind, SideChannel};
use crate::model::queue::Queue;
use goldilane_abi::registers::{self as r, Target, queue_status, status};
use goldilane_abi::{
    Code, Completion, Crc32c, Descriptor, Entry, MAX_DEGREES, Opcode, ResultRecord, Shape, flags,
};

/// Bursts do not cross this boundary.
const BURST_BYTES: usize = 4096;
/// Entries that are fetched together.
const ENTRIES: usize = BURST_BYTES / Entry::BYTES;

/// A board without a core.
pub struct NullBoard {
    shape: Shape,
    queues: Vec<Queue>,
    /// CRC of so many outputs of zeros.
    zeros: [u32; MAX_DEGREES as usize + 1],
    entries: Vec<u8>,
    records: Vec<u8>,
    clocks: u64,
}

impl NullBoard {
    /// A board of this shape.
    pub fn new(shape: Shape) -> Self {
        let output = vec![0; shape.ciphertext_bytes()];
        let mut crc = Crc32c::new();
        let mut zeros = [0; MAX_DEGREES as usize + 1];
        for value in &mut zeros[1..] {
            crc.update(&output);
            *value = crc.value();
        }
        Self {
            shape,
            queues: (0..shape.queue_pairs).map(|_| Queue::default()).collect(),
            zeros,
            entries: vec![0; ENTRIES * Entry::BYTES],
            records: Vec::with_capacity(ENTRIES * ResultRecord::BYTES),
            clocks: 0,
        }
    }

    /// Fetches and answers a descriptor of a pair; whether there was one.
    fn serve(&mut self, bus: &mut dyn HostBus, pair: usize) -> bool {
        let Some(address) = self.queues[pair].next_descriptor() else {
            return false;
        };
        let mut bytes = [0; Descriptor::BYTES];
        if bus.read(address, &mut bytes).is_err() {
            self.queues[pair].halted = true;
            self.queues[pair].status |= queue_status::FETCH_FAULT;
            bus.interrupt(pair as u16);
            return true;
        }
        self.queues[pair].advance_head();
        let job = Descriptor::from_bytes(&bytes);
        let mut completion = Completion {
            ticket: job.ticket,
            ..Completion::default()
        };
        if job.opcode == Opcode::Bootstrap as u8 && self.answer_entries(bus, &job).is_err() {
            completion.code = Code::ReadFault as u8;
        }
        let queue = &mut self.queues[pair];
        let (address, bytes) = queue.place_completion(pair as u16, completion);
        if bus.write(address, &bytes).is_err() {
            queue.status |= queue_status::COMPLETION_FAULT;
        }
        if queue.completed(job.flags & flags::INTERRUPT != 0, self.clocks) {
            bus.interrupt(pair as u16);
        }
        true
    }

    /// Fetches the entries of a bootstrap, writes a record for each.
    fn answer_entries(&mut self, bus: &mut dyn HostBus, job: &Descriptor) -> Result<(), BusFault> {
        let count = usize::from(job.count);
        let mut done = 0;
        while done < count {
            let source = job.source.wrapping_add((done * Entry::BYTES) as u64);
            let burst = BURST_BYTES - source as usize % BURST_BYTES;
            let part = (count - done).min((burst / Entry::BYTES).max(1));
            let bytes = &mut self.entries[..part * Entry::BYTES];
            bus.read(source, bytes)?;
            self.records.clear();
            for entry in bytes.as_chunks().0 {
                let degrees = Entry::from_bytes(entry).degrees.min(MAX_DEGREES);
                let crc = match job.flags & flags::CRC {
                    0 => 0,
                    _ => self.zeros[usize::from(degrees)],
                };
                let record = ResultRecord {
                    status: Code::Success as u32,
                    length: (usize::from(degrees) * self.shape.ciphertext_bytes()) as u32,
                    crc,
                };
                self.records.extend(record.to_bytes());
            }
            let destination = done * ResultRecord::BYTES;
            bus.write(
                job.destination.wrapping_add(destination as u64),
                &self.records,
            )?;
            done += part;
        }
        Ok(())
    }
}

impl Board for NullBoard {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn read_bar(&mut self, bar: u8, offset: u64) -> u32 {
        let target = u32::try_from(offset).ok().filter(|_| bar == 0);
        match target.and_then(|offset| r::find(offset, self.shape.queue_pairs)) {
            Some(Target::Global(register)) if register.offset == r::STATUS.offset => status::IDLE,
            Some(Target::Global(register)) => register.initial(&self.shape, 0),
            Some(Target::Queue(pair, register)) => self.queues[pair as usize].read(register.offset),
            Some(Target::Counter(..) | Target::Doorbell(_)) | None => 0,
        }
    }

    fn write_bar(&mut self, bar: u8, offset: u64, value: u32) {
        let target = u32::try_from(offset).ok().filter(|_| bar == 0);
        match target.and_then(|offset| r::find(offset, self.shape.queue_pairs)) {
            Some(Target::Doorbell(pair)) => {
                // What is refused stands in the pair's status register.
                let _refused = self.queues[pair as usize].ring(value);
            }
            Some(Target::Queue(pair, register)) => {
                let _refused = self.queues[pair as usize].write(register, value);
            }
            Some(Target::Global(register)) if register.offset == r::CONTROL.offset => {
                self.reset(ResetKind::Register);
            }
            Some(Target::Global(_) | Target::Counter(..)) | None => {}
        }
    }

    fn run(&mut self, bus: &mut dyn HostBus, budget: u64) -> Progress {
        let end = self.clocks.saturating_add(budget);
        while self.clocks < end {
            let mut served = false;
            for pair in 0..self.queues.len() {
                served |= self.serve(bus, pair);
            }
            if !served {
                return Progress::Idle;
            }
            self.clocks += 1;
        }
        Progress::Busy
    }

    fn reset(&mut self, _kind: ResetKind) {
        self.queues.fill_with(Queue::default);
    }

    fn clocks(&self) -> u64 {
        self.clocks
    }

    fn side_channel(&mut self) -> &mut dyn SideChannel {
        self
    }
}

/// It has no memory and keeps nothing.
impl SideChannel for NullBoard {
    fn read_line(&mut self, _line: u64) -> Vec<u8> {
        vec![0; self.shape.line_bytes()]
    }

    fn flip_bits(&mut self, _line: u64, _byte: usize, _mask: u8) {}

    fn inject(&mut self, _fault: Fault, _present: bool) {}

    fn holds_secrets(&mut self) -> bool {
        false
    }
}
