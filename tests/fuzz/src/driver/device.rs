//! The device that lies.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use goldilane_abi::registers::{self as r, Target, status};
use goldilane_abi::{Code, Completion, Descriptor, ResultRecord, Shape};
use goldilane_driver::{Device, DmaBuffer, DmaMemory, Error, Iova, Result};

use crate::Script;

/// Accesses until the device is gone, so that every script ends.
const ACCESSES: u32 = 4000;
/// The most memory that it maps.
const MOST_MEMORY: usize = 4 << 20;
const FIRST_IOVA: u64 = 0x12_3400_0000;

type Bytes = Arc<Mutex<Vec<u8>>>;

struct Mapping {
    iova: u64,
    bytes: Bytes,
    /// Gone once the driver has given the memory back.
    user: Weak<Memory>,
}

struct Memory {
    bytes: Weak<Mutex<Vec<u8>>>,
}

#[derive(Default)]
struct Ring {
    base: u64,
    log2: u32,
}

#[derive(Default)]
struct Pair {
    submissions: Ring,
    completions: Ring,
    /// Where the next completion goes in an honest device.
    next: u32,
    head: u32,
    tail: u32,
    phase: bool,
}

struct State {
    script: VecDeque<u8>,
    left: u32,
    shape: Shape,
    mapped: Vec<Mapping>,
    used: usize,
    pair: Pair,
    /// Tickets that completions were written for.
    completed: Vec<u16>,
    /// Anything may stand in the completion ring.
    spoiled: bool,
}

/// The device.
pub struct Hostile {
    state: Mutex<State>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl DmaMemory for Memory {
    fn read(&self, offset: usize, bytes: &mut [u8]) {
        if let Some(memory) = self.bytes.upgrade() {
            bytes.copy_from_slice(&lock(&memory)[offset..offset + bytes.len()]);
        }
    }

    fn write(&self, offset: usize, bytes: &[u8]) {
        if let Some(memory) = self.bytes.upgrade() {
            lock(&memory)[offset..offset + bytes.len()].copy_from_slice(bytes);
        }
    }

    fn load_acquire(&self, offset: usize) -> u32 {
        let mut word = [0; 4];
        self.read(offset, &mut word);
        u32::from_le_bytes(word)
    }
}

impl Hostile {
    /// A device that takes its lies from a script.
    pub fn new(script: Vec<u8>) -> Self {
        Self {
            state: Mutex::new(State {
                script: script.into(),
                left: ACCESSES,
                shape: Shape::TOY,
                mapped: Vec::new(),
                used: 0,
                pair: Pair::default(),
                completed: Vec::new(),
                spoiled: false,
            }),
        }
    }

    /// Whether memory is still mapped there.
    pub fn is_mapped(&self, iova: Iova) -> bool {
        let state = lock(&self.state);
        let mut mapped = state.mapped.iter();
        mapped.any(|mapping| mapping.iova == iova.0 && mapping.user.strong_count() > 0)
    }

    /// Whether it has gone.
    pub fn is_gone(&self) -> bool {
        lock(&self.state).left == 0
    }

    /// Whether a completion with this ticket was written since the last one that counted.
    pub fn take_completion(&self, ticket: u16) -> bool {
        let mut state = lock(&self.state);
        let found = state.completed.iter().position(|found| *found == ticket);
        if let Some(index) = found {
            state.completed.swap_remove(index);
        }
        found.is_some() || state.spoiled
    }

    /// An access: counted, and some of them are when the device does something of its own.
    fn access(&self) -> Result<MutexGuard<'_, State>> {
        let mut state = lock(&self.state);
        state.left = state.left.saturating_sub(1);
        if state.left == 0 {
            return Err(Error::Device {
                operation: "reach",
                object: "the hostile device".into(),
                reason: "it has gone".into(),
            });
        }
        state.act();
        Ok(state)
    }
}

impl State {
    fn byte(&mut self) -> u8 {
        self.script.pop_front().unwrap_or(0)
    }

    fn number(&mut self) -> u64 {
        let take = self.script.len().min(10);
        let bytes: Vec<u8> = self.script.iter().take(take).copied().collect();
        let mut script = Script::new(&bytes);
        let number = script.number();
        let left = script.bytes(usize::MAX).len();
        self.script.drain(..take - left);
        number
    }

    fn memory(&self, iova: u64) -> Option<(&Bytes, usize)> {
        self.mapped.iter().find_map(|mapping| {
            let offset = usize::try_from(iova.checked_sub(mapping.iova)?).ok()?;
            (offset < lock(&mapping.bytes).len()).then_some((&mapping.bytes, offset))
        })
    }

    fn write(&self, iova: u64, data: &[u8]) {
        let Some((memory, offset)) = self.memory(iova) else {
            return;
        };
        let mut memory = lock(memory);
        let end = memory.len().min(offset + data.len());
        memory[offset..end].copy_from_slice(&data[..end - offset]);
    }

    fn read<const N: usize>(&self, iova: u64) -> [u8; N] {
        let mut data = [0; N];
        if let Some((memory, offset)) = self.memory(iova) {
            let memory = lock(memory);
            let end = memory.len().min(offset + N);
            data[..end - offset].copy_from_slice(&memory[offset..end]);
        }
        data
    }

    /// What the device does of its own accord: mostly its work, sometimes mischief.
    fn act(&mut self) {
        match self.byte() {
            0..=0x9f => self.work(),
            0xa0..=0xbf => {}
            0xc0..=0xdf => self.write_completion(),
            _ => {
                // Anywhere in what is mapped.
                let (which, offset) = (self.byte(), self.number());
                let count = self.byte() % 32;
                let data: Vec<u8> = (0..count).map(|_| self.byte()).collect();
                let mapping = self
                    .mapped
                    .get(usize::from(which) % self.mapped.len().max(1));
                if let Some(iova) = mapping.map(|mapping| mapping.iova) {
                    let bytes = self.memory(iova).map_or(1, |(bytes, _)| lock(bytes).len());
                    self.spoiled |= iova == self.pair.completions.base;
                    self.write(iova + offset % bytes.max(1) as u64, &data);
                }
            }
        }
    }

    /// A job as it should be done, or nearly.
    fn work(&mut self) {
        let pair = &mut self.pair;
        let size = 1 << pair.submissions.log2.min(12);
        if pair.head == pair.tail || pair.completions.base == 0 {
            return;
        }
        let offset = u64::from(pair.head) * Descriptor::BYTES as u64;
        let at = pair.submissions.base.wrapping_add(offset);
        pair.head = (pair.head + 1) & (size - 1);
        let descriptor = Descriptor::from_bytes(&self.read(at));
        let (code, twist) = match self.byte() {
            code @ 1..=40 => (code, 0),
            twist @ 0xf0.. => (0, twist),
            _ => (Code::Success as u8, 0),
        };
        if descriptor.opcode == goldilane_abi::Opcode::Bootstrap as u8 {
            let length = self.shape.ciphertext_bytes() as u32;
            for entry in 0..u64::from(descriptor.count.min(64)) {
                let record = match self.byte() {
                    lie @ 0xe0.. => ResultRecord {
                        status: (lie & 0x1f).into(),
                        length: self.number() as u32,
                        crc: self.number() as u32,
                    },
                    _ => ResultRecord {
                        status: 0,
                        length,
                        crc: 0,
                    },
                };
                let offset = entry * ResultRecord::BYTES as u64;
                let at = descriptor.destination.wrapping_add(offset);
                self.write(at, &record.to_bytes());
            }
        }
        let info = if twist == 0xff {
            self.number() as u32
        } else {
            0
        };
        let ticket = match twist {
            0xf0..=0xf4 => descriptor
                .ticket
                .wrapping_add(u16::from(twist).wrapping_sub(0xf2)),
            _ => descriptor.ticket,
        };
        self.complete(Completion {
            ticket,
            code,
            info,
            submission_head: self.pair.head as u16,
            ..Completion::default()
        });
    }

    /// Any completion, with the phase that the driver waits for.
    fn write_completion(&mut self) {
        let (ticket, code, head) = (self.byte(), self.byte(), self.number());
        self.complete(Completion {
            ticket: ticket.into(),
            code,
            submission_head: head as u16,
            ..Completion::default()
        });
    }

    fn complete(&mut self, completion: Completion) {
        let pair = &mut self.pair;
        let entry = Completion {
            phase: pair.phase,
            ..completion
        };
        let offset = u64::from(pair.next) * Completion::BYTES as u64;
        let at = pair.completions.base.wrapping_add(offset);
        pair.next = (pair.next + 1) & ((1 << pair.completions.log2.min(12)) - 1);
        pair.phase ^= pair.next == 0;
        self.completed.push(completion.ticket);
        self.write(at, &entry.to_bytes());
    }

    /// A register as an honest device has it.
    fn honest(&self, offset: u32) -> u32 {
        match r::find(offset, self.shape.queue_pairs) {
            Some(Target::Global(register)) if register.offset == r::STATUS.offset => status::IDLE,
            Some(Target::Global(register)) => register.initial(&self.shape, 0),
            Some(Target::Queue(_, register)) if register.offset == r::QUEUE_CONTROL.offset => 1,
            _ => 0,
        }
    }

    fn take_write(&mut self, offset: u32, value: u32) {
        let pair = &mut self.pair;
        let low = |old: u64| old & !0xffff_ffff | u64::from(value);
        let high = |old: u64| old & 0xffff_ffff | u64::from(value) << 32;
        match r::find(offset, self.shape.queue_pairs) {
            Some(Target::Doorbell(_)) => pair.tail = value & 0xfff,
            Some(Target::Queue(_, register)) => match register.offset {
                o if o == r::SQ_BASE_LO.offset => {
                    pair.submissions.base = low(pair.submissions.base)
                }
                o if o == r::SQ_BASE_HI.offset => {
                    pair.submissions.base = high(pair.submissions.base);
                }
                o if o == r::CQ_BASE_LO.offset => {
                    pair.completions.base = low(pair.completions.base)
                }
                o if o == r::CQ_BASE_HI.offset => {
                    pair.completions.base = high(pair.completions.base);
                }
                o if o == r::RING_SIZES.offset => {
                    (pair.submissions.log2, pair.completions.log2) = (value & 31, value >> 8 & 31);
                }
                o if o == r::QUEUE_CONTROL.offset && value & 1 == 1 => {
                    (pair.head, pair.tail, pair.next, pair.phase) = (0, 0, 0, true);
                }
                _ => {}
            },
            _ => {}
        }
    }
}

impl Device for Hostile {
    fn name(&self) -> String {
        "hostile".into()
    }

    fn read32(&self, offset: u32) -> Result<u32> {
        let mut state = self.access()?;
        let value = match state.byte() {
            0..=0xdf => state.honest(offset),
            0xe0..=0xe7 => u32::MAX,
            _ => state.number() as u32,
        };
        // A device that calls itself larger does larger things.
        let field = match offset {
            o if o == r::POLYNOMIAL_SIZE.offset => &mut state.shape.polynomial_size,
            o if o == r::GLWE_DIMENSION.offset => &mut state.shape.glwe_dimension,
            _ => return Ok(value),
        };
        if value.is_power_of_two() && value <= 4096 {
            *field = value;
        }
        Ok(value)
    }

    fn write32(&self, offset: u32, value: u32) -> Result<()> {
        self.access()?.take_write(offset, value);
        Ok(())
    }

    fn alloc_dma(&self, bytes: usize) -> Result<DmaBuffer> {
        let mut state = self.access()?;
        if state.used.saturating_add(bytes) > MOST_MEMORY || state.byte() > 0xf8 {
            return Err(Error::Device {
                operation: "allocate",
                object: format!("{bytes} bytes"),
                reason: "no memory".into(),
            });
        }
        state.used += bytes;
        let iova = FIRST_IOVA + state.mapped.len() as u64 * (MOST_MEMORY as u64 + 4096);
        let storage: Bytes = Arc::new(Mutex::new(vec![0; bytes]));
        let memory = Arc::new(Memory {
            bytes: Arc::downgrade(&storage),
        });
        state.mapped.push(Mapping {
            iova,
            bytes: storage,
            user: Arc::downgrade(&memory),
        });
        Ok(DmaBuffer::new(memory, Iova(iova), bytes))
    }

    fn wait_interrupt(&self, _vector: u16, _timeout: Duration) -> Result<bool> {
        Ok(self.access()?.byte() & 1 == 0)
    }

    fn reset(&self) -> Result<()> {
        let mut state = self.access()?;
        state.pair = Pair::default();
        Ok(())
    }

    fn relax(&self) {
        // Its end shows at the next access that can fail.
        let _gone = self.access();
    }
}
