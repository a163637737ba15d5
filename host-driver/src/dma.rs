//! Memory that the host and the board share. Never a Rust reference: copy in, copy out.

use crate::{Error, Result};
use std::fmt;
use std::sync::Arc;
use zerocopy::IntoBytes;

/// What is copied at a time where a CRC is made of it: it lies in the nearest cache when it is looked at again.
const PIECE_BYTES: usize = 4096;
const PIECE_WORDS: usize = PIECE_BYTES / 8;

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
        if cfg!(target_endian = "little") {
            return self.write(offset, words.as_bytes());
        }
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.write(offset, &bytes)
    }

    /// Copies little-endian words out.
    pub fn read_words(&self, offset: usize, words: &mut [u64]) -> Result<()> {
        self.read(offset, words.as_mut_bytes())?;
        for word in words {
            *word = u64::from_le(*word);
        }
        Ok(())
    }

    /// As [`DmaBuffer::write_words`]; the words' CRC-32C.
    pub(crate) fn write_words_crc(&self, offset: usize, words: &[u64]) -> Result<u32> {
        let mut crc = 0;
        for (index, part) in words.chunks(PIECE_WORDS).enumerate() {
            self.write_words(offset + index * PIECE_BYTES, part)?;
            crc = crc_of_words(crc, part);
        }
        Ok(crc)
    }

    /// As [`DmaBuffer::read_words`]; `crc` with the words' bytes appended.
    pub(crate) fn read_words_crc(&self, offset: usize, words: &mut [u64], crc: u32) -> Result<u32> {
        let mut crc = crc;
        for (index, part) in words.chunks_mut(PIECE_WORDS).enumerate() {
            self.read_words(offset + index * PIECE_BYTES, part)?;
            crc = crc_of_words(crc, part);
        }
        Ok(crc)
    }

    /// `crc` with `bytes` bytes of this memory appended.
    pub(crate) fn crc(&self, offset: usize, bytes: usize, crc: u32) -> Result<u32> {
        let mut piece = [0; PIECE_BYTES];
        let mut crc = crc;
        for start in (0..bytes).step_by(PIECE_BYTES) {
            let piece = &mut piece[..PIECE_BYTES.min(bytes - start)];
            self.read(offset + start, piece)?;
            crc = crate::crc::append(crc, piece);
        }
        Ok(crc)
    }

    /// Reads an aligned 32-bit word before everything that is read after it.
    pub fn load_acquire(&self, offset: usize) -> Result<u32> {
        self.check(offset, 4)?;
        Ok(self.memory.load_acquire(offset))
    }
}

fn crc_of_words(crc: u32, words: &[u64]) -> u32 {
    if cfg!(target_endian = "little") {
        return crate::crc::append(crc, words.as_bytes());
    }
    words.iter().fold(crc, |crc, word| {
        crate::crc::append(crc, &word.to_le_bytes())
    })
}

impl fmt::Debug for DmaBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DmaBuffer({} bytes at {})", self.bytes, self.iova)
    }
}
