//! Memory that begins as zeros and costs only what is written.

use std::collections::HashMap;

use super::{Memory, MemoryFault};

const PAGE_BYTES: usize = 1 << 16;

/// A byte-addressed memory of a given size; pages appear when they are first written.
#[derive(Clone, Debug)]
pub struct PageMemory {
    pages: HashMap<u64, Box<[u8]>>,
    bytes: u64,
}

impl PageMemory {
    /// A memory of `bytes` bytes, all zero.
    pub fn new(bytes: u64) -> Self {
        Self {
            pages: HashMap::new(),
            bytes,
        }
    }

    /// Its size.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes that are really held.
    pub fn resident_bytes(&self) -> usize {
        self.pages.len() * PAGE_BYTES
    }

    /// Whether every byte is 0.
    pub fn is_zero(&self) -> bool {
        self.pages
            .values()
            .all(|page| page.iter().all(|byte| *byte == 0))
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.pages.clear();
    }

    /// The bytes at `address`, without touching the memory: the tests' side channel.
    pub fn peek(&self, address: u64, data: &mut [u8]) -> Result<(), MemoryFault> {
        self.check(address, data.len())?;
        for (page, within, range) in parts(address, data.len()) {
            let length = range.len();
            match self.pages.get(&page) {
                Some(bytes) => data[range].copy_from_slice(&bytes[within..within + length]),
                None => data[range].fill(0),
            }
        }
        Ok(())
    }

    fn check(&self, address: u64, length: usize) -> Result<(), MemoryFault> {
        match address.checked_add(length as u64) {
            Some(end) if end <= self.bytes => Ok(()),
            _ => Err(MemoryFault { address }),
        }
    }
}

impl Memory for PageMemory {
    fn read(&mut self, address: u64, data: &mut [u8]) -> Result<(), MemoryFault> {
        self.peek(address, data)
    }

    fn write(&mut self, address: u64, data: &[u8]) -> Result<(), MemoryFault> {
        self.check(address, data.len())?;
        for (page, within, range) in parts(address, data.len()) {
            let length = range.len();
            let bytes = self
                .pages
                .entry(page)
                .or_insert_with(|| vec![0; PAGE_BYTES].into_boxed_slice());
            bytes[within..within + length].copy_from_slice(&data[range]);
        }
        Ok(())
    }
}

/// Cuts a range at page borders: page, offset within it, range of the data.
fn parts(
    address: u64,
    length: usize,
) -> impl Iterator<Item = (u64, usize, std::ops::Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        if done == length {
            return None;
        }
        let at = address + done as u64;
        let within = (at % PAGE_BYTES as u64) as usize;
        let count = (PAGE_BYTES - within).min(length - done);
        let range = done..done + count;
        done += count;
        Some((at / PAGE_BYTES as u64, within, range))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stay_where_they_were_put() {
        let mut memory = PageMemory::new(1 << 40);
        let data: Vec<u8> = (0..200_000u32).map(|i| (i % 251) as u8).collect();
        memory.write(0x7_fff0, &data).expect("write");
        let mut back = vec![1; data.len() + 32];
        memory.read(0x7_ffe0, &mut back).expect("read");
        assert_eq!(back[..16], [0; 16]);
        assert_eq!(back[16..16 + data.len()], data);
        assert_eq!(back[16 + data.len()..], [0; 16]);
        assert!(memory.resident_bytes() < 400_000 && !memory.is_zero());
        memory.clear();
        assert!(memory.is_zero());
    }

    #[test]
    fn beyond_the_end_is_a_fault() {
        let mut memory = PageMemory::new(100);
        assert!(memory.write(0, &[1; 100]).is_ok());
        assert_eq!(memory.write(99, &[1; 2]), Err(MemoryFault { address: 99 }));
        assert!(memory.read(u64::MAX, &mut [0; 2]).is_err());
    }
}
