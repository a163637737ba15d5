//! Bursts and bytes: where a beat lies, reading and writing memory for a whole burst.

use super::{Address, Beat, MAX_BEAT_WORDS, Memory, MemoryFault, ReadBeat, Response, WriteBeat};

/// A read burst whose data is there.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) burst: Address,
    bytes: Vec<u8>,
    faults: Vec<bool>,
    next: usize,
}

impl Delivery {
    /// Whether memory refused a part of the burst.
    pub(super) fn has_fault(&self) -> bool {
        self.faults.contains(&true)
    }

    /// The next beat.
    pub(super) fn beat(&mut self, bus_bytes: usize) -> ReadBeat {
        let index = self.next;
        self.next += 1;
        let bytes = self.burst.beat_bytes().min(bus_bytes);
        let from = &self.bytes[index * bytes..(index + 1) * bytes];
        let fault = self.faults.get(index).copied().unwrap_or(false);
        let mut data: Beat = [0; MAX_BEAT_WORDS];
        if bytes == bus_bytes {
            for (word, chunk) in data.iter_mut().zip(from.chunks_exact(8)) {
                *word = le_word(chunk);
            }
        } else {
            let (_, lane, _) = place(&self.burst, index, bus_bytes);
            // What lies in the other lanes means nothing: let it not be zero.
            data[..bus_bytes.div_ceil(8)].fill(0xa5a5_a5a5_a5a5_a5a5);
            for (at, byte) in from.iter().enumerate().map(|(i, byte)| (lane + i, byte)) {
                let shift = 8 * (at % 8);
                data[at / 8] = data[at / 8] & !(0xff << shift) | u64::from(*byte) << shift;
            }
        }
        ReadBeat {
            id: self.burst.id,
            data,
            response: if fault {
                Response::SlaveError
            } else {
                Response::Okay
            },
            last: self.next == self.burst.beats(),
        }
    }
}

/// The bytes of a word, the lowest first; what is missing of 8 is 0.
#[inline]
fn le_word(bytes: &[u8]) -> u64 {
    if let Ok(whole) = bytes.try_into() {
        return u64::from_le_bytes(whole);
    }
    bytes
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// Byte enables of the lowest `bytes` bytes.
pub(super) fn mask(bytes: usize) -> u128 {
    if bytes >= 128 {
        u128::MAX
    } else {
        (1 << bytes) - 1
    }
}

/// Address, first lane and bytes of a beat; an address that is not aligned is taken as its aligned part.
pub(super) fn place(burst: &Address, index: usize, bus_bytes: usize) -> (u64, usize, usize) {
    let bytes = burst.beat_bytes().min(bus_bytes);
    let first = burst.address & !(bytes as u64 - 1);
    let address = first.wrapping_add((index * bytes) as u64);
    (address, (address % bus_bytes as u64) as usize, bytes)
}

/// Writes the enabled bytes, as few and as long runs as there are.
pub(super) fn store(
    burst: &Address,
    beats: &[WriteBeat],
    bus_bytes: usize,
    memory: &mut (impl Memory + ?Sized),
) -> Result<(), MemoryFault> {
    let mut outcome = Ok(());
    let mut run = Run {
        address: 0,
        bytes: Vec::with_capacity(beats.len() * bus_bytes),
    };
    for (index, beat) in beats.iter().enumerate() {
        let (address, lane, _) = place(burst, index, bus_bytes);
        let base = address - lane as u64;
        if beat.strobe == mask(bus_bytes) && bus_bytes.is_multiple_of(8) {
            run.move_to(base, bus_bytes, memory, &mut outcome);
            for word in &beat.data[..bus_bytes / 8] {
                run.bytes.extend_from_slice(&word.to_le_bytes());
            }
            continue;
        }
        for at in (0..bus_bytes).filter(|at| beat.strobe >> at & 1 == 1) {
            run.move_to(base + at as u64, bus_bytes, memory, &mut outcome);
            run.bytes.push((beat.data[at / 8] >> (8 * (at % 8))) as u8);
        }
    }
    run.flush(bus_bytes, memory, &mut outcome);
    outcome
}

/// Bytes that follow one another.
struct Run {
    address: u64,
    bytes: Vec<u8>,
}

impl Run {
    fn move_to(
        &mut self,
        address: u64,
        bus_bytes: usize,
        memory: &mut (impl Memory + ?Sized),
        outcome: &mut Result<(), MemoryFault>,
    ) {
        if self.address.wrapping_add(self.bytes.len() as u64) != address {
            self.flush(bus_bytes, memory, outcome);
            self.address = address;
        }
    }

    /// A refused run is tried again beat by beat, so that what precedes the fault is there.
    fn flush(
        &mut self,
        bus_bytes: usize,
        memory: &mut (impl Memory + ?Sized),
        outcome: &mut Result<(), MemoryFault>,
    ) {
        if !self.bytes.is_empty() && memory.write(self.address, &self.bytes).is_err() {
            for (index, piece) in self.bytes.chunks(bus_bytes).enumerate() {
                let at = self.address.wrapping_add((index * bus_bytes) as u64);
                let written = memory.write(at, piece);
                if outcome.is_ok() {
                    *outcome = written;
                }
            }
        }
        self.bytes.clear();
    }
}

/// Reads a burst; where it is refused, beat by beat.
pub(super) fn fetch(
    burst: Address,
    bus_bytes: usize,
    memory: &mut (impl Memory + ?Sized),
) -> Delivery {
    let (first, _, bytes) = place(&burst, 0, bus_bytes);
    let mut data = vec![0; burst.beats() * bytes];
    let mut faults = Vec::new();
    if memory.read(first, &mut data).is_err() {
        for (index, beat) in data.chunks_mut(bytes).enumerate() {
            let at = first.wrapping_add((index * bytes) as u64);
            let fault = memory.read(at, beat).is_err();
            if fault {
                beat.fill(0xff);
            }
            faults.push(fault);
        }
    }
    Delivery {
        burst,
        bytes: data,
        faults,
        next: 0,
    }
}
