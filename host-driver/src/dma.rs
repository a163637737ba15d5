//! Memory that the host and the board share. Never a Rust reference: copy in, copy out.

use crate::{Error, Result};
use std::fmt;
use std::sync::Arc;

/// An address as the board sees it: neither a pointer nor a number to calculate with by accident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iova(pub u64);

impl Iova {
    /// The address `bytes` further on.
    pub fn offset(self, bytes: usize) -> Iova {
        Iova(self.0.wrapping_add(bytes as u64))
    }
}

impl fmt::Display for Iova {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "iova {:#x}", self.0)
    }
}

/// The memory behind a [`DmaBuffer`]; dropping it unmaps it. Offsets have been checked.
pub trait DmaMemory: Send + Sync {
    /// Copies out.
    fn read(&self, offset: usize, bytes: &mut [u8]);
    /// Copies in.
    fn write(&self, offset: usize, bytes: &[u8]);
    /// Reads an aligned 32-bit word such that reads after it see what the board wrote before it.
    fn load_acquire(&self, offset: usize) -> u32;
}

/// A piece of DMA memory. A job takes its buffers along and brings them back with its completion.
pub struct DmaBuffer {
    memory: Arc<dyn DmaMemory>,
    iova: Iova,
    bytes: usize,
}

impl DmaBuffer {
    /// Wraps memory of `bytes` bytes that the board sees at `iova`.
    pub fn new(memory: Arc<dyn DmaMemory>, iova: Iova, bytes: usize) -> Self {
        Self {
            memory,
            iova,
            bytes,
        }
    }

    /// Where the board sees it.
    pub fn iova(&self) -> Iova {
        self.iova
    }

    /// Its size in bytes.
    pub fn len(&self) -> usize {
        self.bytes
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Keeps the memory mapped for ever: for a board that cannot be stopped.
    pub(crate) fn keep_mapped(&self) {
        std::mem::forget(self.memory.clone());
    }

    fn check(&self, offset: usize, bytes: usize) -> Result<()> {
        match offset.checked_add(bytes) {
            Some(end) if end <= self.bytes => Ok(()),
            _ => Err(Error::OutOfBuffer {
                offset,
                bytes,
                size: self.bytes,
                iova: self.iova,
            }),
        }
    }

    /// Copies out.
    pub fn read(&self, offset: usize, bytes: &mut [u8]) -> Result<()> {
        self.check(offset, bytes.len())?;
        self.memory.read(offset, bytes);
        Ok(())
    }

    /// Copies `bytes` bytes out.
    pub fn read_vec(&self, offset: usize, bytes: usize) -> Result<Vec<u8>> {
        self.check(offset, bytes)?;
        let mut out = vec![0; bytes];
        self.memory.read(offset, &mut out);
        Ok(out)
    }

    /// Copies in.
    pub fn write(&self, offset: usize, bytes: &[u8]) -> Result<()> {
        self.check(offset, bytes.len())?;
        self.memory.write(offset, bytes);
        Ok(())
    }

    /// Copies little-endian words in.
    pub fn write_words(&self, offset: usize, words: &[u64]) -> Result<()> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.write(offset, &bytes)
    }

    /// Reads an aligned 32-bit word before everything that is read after it.
    pub fn load_acquire(&self, offset: usize) -> Result<u32> {
        self.check(offset, 4)?;
        Ok(self.memory.load_acquire(offset))
    }
}

impl fmt::Debug for DmaBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DmaBuffer({} bytes at {})", self.bytes, self.iova)
    }
}
