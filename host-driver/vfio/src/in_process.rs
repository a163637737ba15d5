//! DMA memory of a board that is a thread of this process: the same pages, the same copies in and out as for a physical one,
//! and a table of addresses in the place of an IOMMU.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use goldilane_driver::DmaBuffer;

use crate::memory::SharedMemory;
use crate::pool::{Mapper, Pool};

/// What is mapped, by its address.
#[derive(Default)]
struct Table(RwLock<BTreeMap<u64, Arc<SharedMemory>>>);

impl Mapper for Table {
    fn map(&self, iova: u64, memory: &Arc<SharedMemory>) -> Result<(), String> {
        let mut table = self.0.write().unwrap_or_else(PoisonError::into_inner);
        table.insert(iova, memory.clone());
        Ok(())
    }

    fn unmap(&self, iova: u64, _bytes: usize) -> Result<(), String> {
        let mut table = self.0.write().unwrap_or_else(PoisonError::into_inner);
        table.remove(&iova);
        Ok(())
    }
}

impl Table {
    /// Does something with the memory that holds all of an access, at its offset there; whether there is such memory.
    fn with(&self, iova: u64, bytes: usize, access: impl FnOnce(&SharedMemory, usize)) -> bool {
        let table = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let Some((start, memory)) = table.range(..=iova).next_back() else {
            return false;
        };
        let Ok(offset) = usize::try_from(iova - start) else {
            return false;
        };
        let end = offset.checked_add(bytes);
        let inside = end.is_some_and(|end| end <= memory.bytes());
        if inside {
            access(memory, offset);
        }
        inside
    }
}

/// Memory that this process and a board in one of its threads share.
#[derive(Clone)]
pub struct InProcessMemory {
    pool: Arc<Pool<Table>>,
}

impl Default for InProcessMemory {
    fn default() -> Self {
        Self {
            pool: Arc::new(Pool::new(Table::default())),
        }
    }
}

impl InProcessMemory {
    /// Zeroed memory.
    ///
    /// # Errors
    /// No memory, or no addresses, to be had.
    pub fn alloc(&self, bytes: usize) -> Result<DmaBuffer, String> {
        self.pool.alloc(bytes)
    }

    /// The board reads; `false` where nothing is mapped.
    pub fn read(&self, iova: u64, data: &mut [u8]) -> bool {
        let table = self.pool.mapper();
        table.with(iova, data.len(), |memory, offset| memory.read(offset, data))
    }

    /// The board writes; `false` where nothing is mapped. The first word appears last: the phase of a completion lies there.
    pub fn write(&self, iova: u64, data: &[u8]) -> bool {
        let table = self.pool.mapper();
        table.with(iova, data.len(), |memory, offset| {
            memory.publish(offset, data);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::HUGE_PAGE;

    #[test]
    fn both_sides_see_the_same_bytes() {
        let memory = InProcessMemory::default();
        let (_kept, buffer) = (
            memory.alloc(64).expect("memory"),
            memory.alloc(3 * HUGE_PAGE).expect("memory"),
        );
        let iova = buffer.iova().0 + 2 * HUGE_PAGE as u64;
        buffer.write(2 * HUGE_PAGE, &[5; 16]).expect("copy in");
        let mut bytes = [0; 16];
        assert!(memory.read(iova, &mut bytes));
        assert_eq!(bytes, [5; 16]);
        assert!(memory.write(iova + 8, &[9; 16]));
        let back = buffer.read_vec(2 * HUGE_PAGE, 24).expect("copy out");
        assert_eq!((back[7], back[8], back[23]), (5, 9, 9));
        let end = buffer.iova().0 + 3 * HUGE_PAGE as u64;
        assert!(!memory.read(end - 8, &mut bytes) && !memory.write(end, &[0]));
        assert!(!memory.read(0x40, &mut bytes) && !memory.write(u64::MAX, &[0; 2]));
        drop(buffer);
        assert!(!memory.read(iova, &mut bytes), "unmapped");
    }
}
