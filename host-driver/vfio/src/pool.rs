//! DMA memory for an IOMMU: chunks of huge pages, mapped whole, and pages of them for the buffers.
//!
//! A mapping costs a system call and an entry for each page that the IOMMU cannot join, so that buffers share chunks. A
//! chunk begins at a multiple of 2 MiB both here and for the board.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use goldilane_driver::{DmaBuffer, DmaMemory, Iova};

use crate::memory::{HUGE_PAGE, SharedMemory};
use crate::pages::Pages;

const PAGE: usize = 4096;
/// Above 32 bits, so that a board that drops the high half faults; within 39, which every IOMMU translates.
const FIRST_IOVA: u64 = 0x12_3400_0000;
/// Bytes of addresses.
const WINDOW: u64 = 64 << 30;

/// What maps memory for a board.
pub(crate) trait Mapper: Send + Sync {
    /// Maps memory at an address of the board's.
    fn map(&self, iova: u64, memory: &Arc<SharedMemory>) -> Result<(), String>;
    /// Ends that.
    fn unmap(&self, iova: u64, bytes: usize) -> Result<(), String>;
}

struct Chunk {
    memory: Arc<SharedMemory>,
    iova: u64,
    pages: Pages,
    used: u64,
}

struct State {
    chunks: Vec<Chunk>,
    /// In units of huge pages.
    addresses: Pages,
}

/// The memory of a device.
pub(crate) struct Pool<M: Mapper + 'static> {
    mapper: M,
    state: Mutex<State>,
}

/// Pages of a chunk.
struct Piece<M: Mapper + 'static> {
    pool: Arc<Pool<M>>,
    memory: Arc<SharedMemory>,
    chunk_iova: u64,
    first: u64,
    pages: u64,
}

impl<M: Mapper + 'static> Pool<M> {
    pub(crate) fn new(mapper: M) -> Self {
        Self {
            mapper,
            state: Mutex::new(State {
                chunks: Vec::new(),
                addresses: Pages::new(WINDOW / HUGE_PAGE as u64),
            }),
        }
    }

    /// What maps its memory.
    pub(crate) fn mapper(&self) -> &M {
        &self.mapper
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Zeroed memory.
    pub(crate) fn alloc(self: &Arc<Self>, bytes: usize) -> Result<DmaBuffer, String> {
        let pages = bytes.div_ceil(PAGE).max(1) as u64;
        let mut state = self.lock();
        let found = state
            .chunks
            .iter_mut()
            .find_map(|chunk| chunk.pages.take(pages).map(|first| (chunk, first)));
        let (chunk, first) = match found {
            Some(found) => found,
            None => {
                let mut chunk = self.map_chunk(&mut state.addresses, bytes)?;
                let first = chunk.pages.take(pages).ok_or("a chunk too small")?;
                state.chunks.push(chunk);
                let last = state.chunks.last_mut().ok_or("no chunk")?;
                (last, first)
            }
        };
        chunk.used += pages;
        let piece = Piece {
            pool: self.clone(),
            memory: chunk.memory.clone(),
            chunk_iova: chunk.iova,
            first,
            pages,
        };
        drop(state);
        piece.memory.zero(piece.at(0), pages as usize * PAGE);
        let iova = Iova(piece.chunk_iova + first * PAGE as u64);
        Ok(DmaBuffer::new(Arc::new(piece), iova, bytes))
    }

    fn map_chunk(&self, addresses: &mut Pages, bytes: usize) -> Result<Chunk, String> {
        let huge = bytes.div_ceil(HUGE_PAGE).max(1);
        let full = || format!("the {} GiB of DMA addresses are taken", WINDOW >> 30);
        let at = addresses.take(huge as u64).ok_or_else(full)?;
        let iova = FIRST_IOVA + at * HUGE_PAGE as u64;
        let mapped = SharedMemory::anonymous(huge * HUGE_PAGE)
            .map_err(|error| error.to_string())
            .map(Arc::new)
            .and_then(|memory| self.mapper.map(iova, &memory).map(|()| memory));
        match mapped {
            Ok(memory) => Ok(Chunk {
                pages: Pages::new((memory.bytes() / PAGE) as u64),
                memory,
                iova,
                used: 0,
            }),
            Err(error) => {
                addresses.give_back(at, huge as u64);
                Err(error)
            }
        }
    }

    /// Takes a piece back; a chunk that is empty goes, unless it is the last one.
    fn give_back(&self, piece: &Piece<M>) {
        let mut state = self.lock();
        let found = state
            .chunks
            .iter()
            .position(|chunk| chunk.iova == piece.chunk_iova);
        let Some(index) = found else { return };
        let chunk = &mut state.chunks[index];
        chunk.pages.give_back(piece.first, piece.pages);
        chunk.used -= piece.pages;
        if chunk.used > 0 || state.chunks.len() == 1 {
            return;
        }
        let chunk = state.chunks.swap_remove(index);
        let bytes = chunk.memory.bytes();
        match self.mapper.unmap(chunk.iova, bytes) {
            Ok(()) => {
                let at = (chunk.iova - FIRST_IOVA) / HUGE_PAGE as u64;
                state.addresses.give_back(at, (bytes / HUGE_PAGE) as u64);
            }
            Err(error) => {
                // The board may still reach it: neither the memory nor the addresses are used again.
                tracing::warn!(iova = chunk.iova, %error, "DMA memory stays mapped");
                std::mem::forget(chunk.memory);
            }
        }
    }
}

impl<M: Mapper + 'static> Piece<M> {
    fn at(&self, offset: usize) -> usize {
        self.first as usize * PAGE + offset
    }
}

impl<M: Mapper + 'static> DmaMemory for Piece<M> {
    fn read(&self, offset: usize, bytes: &mut [u8]) {
        self.memory.read(self.at(offset), bytes);
    }

    fn write(&self, offset: usize, bytes: &[u8]) {
        self.memory.write(self.at(offset), bytes);
    }

    fn load_acquire(&self, offset: usize) -> u32 {
        self.memory.load_acquire(self.at(offset))
    }
}

impl<M: Mapper + 'static> Drop for Piece<M> {
    fn drop(&mut self) {
        self.pool.give_back(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// An IOMMU that writes down what is mapped, up to a limit of bytes.
    #[derive(Default)]
    struct Paper(Mutex<BTreeMap<u64, usize>>);

    const MOST: usize = 16 << 20;

    impl Mapper for Paper {
        fn map(&self, iova: u64, memory: &Arc<SharedMemory>) -> Result<(), String> {
            let mut mapped = self.0.lock().expect("paper");
            if mapped.values().sum::<usize>() + memory.bytes() > MOST {
                return Err("the limit".to_owned());
            }
            assert!(iova.is_multiple_of(HUGE_PAGE as u64));
            assert!(memory.start().addr().is_multiple_of(HUGE_PAGE));
            assert_eq!(mapped.insert(iova, memory.bytes()), None);
            Ok(())
        }

        fn unmap(&self, iova: u64, bytes: usize) -> Result<(), String> {
            assert_eq!(self.0.lock().expect("paper").remove(&iova), Some(bytes));
            Ok(())
        }
    }

    fn mapped(pool: &Pool<Paper>) -> Vec<usize> {
        let mapped = pool.mapper.0.lock().expect("paper");
        mapped.values().copied().collect()
    }

    #[test]
    fn small_buffers_share_a_chunk_and_large_ones_have_their_own() {
        let pool = Arc::new(Pool::new(Paper::default()));
        let small: Vec<_> = (0..3).map(|_| pool.alloc(100).expect("memory")).collect();
        assert_eq!(mapped(&pool), [HUGE_PAGE]);
        assert_eq!(small[1].iova().0 - small[0].iova().0, PAGE as u64);
        let large = pool.alloc(5 << 20).expect("memory");
        assert_eq!(mapped(&pool), [HUGE_PAGE, 3 * HUGE_PAGE]);
        large.write((5 << 20) - 4, &[9; 4]).expect("the end");
        drop(large);
        assert_eq!(mapped(&pool), [HUGE_PAGE]);
        drop(small);
        assert_eq!(mapped(&pool), [HUGE_PAGE], "one is kept");
        assert!(
            pool.alloc(MOST)
                .expect_err("too much")
                .contains("the limit")
        );
        let again = pool.alloc(8 << 20).expect("the addresses came back");
        drop(again);
    }

    #[test]
    fn memory_that_is_used_again_is_zeroed() {
        let pool = Arc::new(Pool::new(Paper::default()));
        let _kept = pool.alloc(PAGE).expect("memory");
        let first = pool.alloc(PAGE).expect("memory");
        let iova = first.iova();
        first.write(0, &[7; PAGE]).expect("bytes");
        drop(first);
        let second = pool.alloc(PAGE).expect("memory");
        assert_eq!(second.iova(), iova);
        assert_eq!(second.read_vec(0, PAGE).expect("bytes"), vec![0; PAGE]);
        assert_eq!(second.load_acquire(0).expect("a word"), 0);
    }
}
