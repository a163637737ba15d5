//! Host memory as an in-process board sees it.
//!
//! Every buffer is a mapping at an IOVA that is no pointer, with unmapped pages on both sides, so that a board that
//! runs past a buffer faults. The arena also checks what a bus would: bursts within 4 KiB, aligned starts.

use goldilane_driver::{DmaBuffer, DmaMemory, Iova};
use goldilane_sim::BusFault;
use goldilane_sim::host::broken_rule;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

const PAGE: u64 = 4096;
/// Above 32 bits, so that a board that drops the high half faults.
const FIRST_IOVA: u64 = 0x12_3400_0000;
/// Boards read host memory in units of this many bytes.
const READ_UNIT: usize = 64;

#[derive(Default)]
struct Inner {
    mappings: BTreeMap<u64, Weak<Mapping>>,
    next: u64,
    violations: Vec<String>,
}

/// Host memory.
#[derive(Default)]
pub struct Arena {
    inner: Mutex<Inner>,
}

struct Mapping {
    bytes: Mutex<Vec<u8>>,
    iova: u64,
    arena: Weak<Arena>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Mapping {
    fn drop(&mut self) {
        if let Some(arena) = self.arena.upgrade() {
            lock(&arena.inner).mappings.remove(&self.iova);
        }
    }
}

impl DmaMemory for Mapping {
    fn read(&self, offset: usize, bytes: &mut [u8]) {
        bytes.copy_from_slice(&lock(&self.bytes)[offset..offset + bytes.len()]);
    }

    fn write(&self, offset: usize, bytes: &[u8]) {
        lock(&self.bytes)[offset..offset + bytes.len()].copy_from_slice(bytes);
    }

    fn load_acquire(&self, offset: usize) -> u32 {
        // The lock orders: what the board wrote before stands.
        let mut word = [0; 4];
        self.read(offset, &mut word);
        u32::from_le_bytes(word)
    }
}

impl Arena {
    /// Maps zeroed memory.
    pub fn map(self: &Arc<Self>, bytes: usize) -> DmaBuffer {
        let mut inner = lock(&self.inner);
        let iova = inner.next.max(FIRST_IOVA);
        inner.next = iova + (bytes as u64).next_multiple_of(PAGE) + PAGE;
        let mapping = Arc::new(Mapping {
            bytes: Mutex::new(vec![0; bytes]),
            iova,
            arena: Arc::downgrade(self),
        });
        inner.mappings.insert(iova, Arc::downgrade(&mapping));
        drop(inner);
        DmaBuffer::new(mapping, Iova(iova), bytes)
    }

    /// Accesses that no bus would allow, since the last call.
    pub fn take_violations(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.inner).violations)
    }

    /// Number of mappings.
    pub fn mappings(&self) -> usize {
        lock(&self.inner).mappings.len()
    }

    /// The mapping that holds all of an access, and the offset in it; its end is rounded up to `unit`.
    fn find(
        &self,
        iova: u64,
        bytes: usize,
        unit: usize,
        what: &str,
    ) -> Option<(Arc<Mapping>, usize)> {
        let mut inner = lock(&self.inner);
        inner.violations.extend(broken_rule(what, iova, bytes));
        let mapping = inner.mappings.range(..=iova).next_back()?.1.upgrade()?;
        drop(inner);
        let offset = usize::try_from(iova - mapping.iova).ok()?;
        let end = offset.checked_add(bytes)?;
        let size = lock(&mapping.bytes).len().next_multiple_of(unit);
        (end <= size).then_some((mapping, offset))
    }

    /// The board reads. Memory is readable to the end of the 64-byte unit in which a buffer ends, as pages are: what
    /// lies behind the buffer reads as ones.
    pub fn bus_read(&self, iova: u64, buffer: &mut [u8]) -> Result<(), BusFault> {
        let fault = BusFault {
            iova,
            bytes: buffer.len(),
        };
        let (mapping, offset) = self
            .find(iova, buffer.len(), READ_UNIT, "read")
            .ok_or(fault)?;
        let end = lock(&mapping.bytes)
            .len()
            .clamp(offset, offset + buffer.len());
        let (inside, behind) = buffer.split_at_mut(end - offset);
        mapping.read(offset, inside);
        behind.fill(0xff);
        Ok(())
    }

    /// The board writes.
    pub fn bus_write(&self, iova: u64, data: &[u8]) -> Result<(), BusFault> {
        let fault = BusFault {
            iova,
            bytes: data.len(),
        };
        let (mapping, offset) = self.find(iova, data.len(), 1, "write").ok_or(fault)?;
        mapping.write(offset, data);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_are_islands() {
        let arena = Arc::new(Arena::default());
        let (a, b) = (arena.map(100), arena.map(64));
        assert!(b.iova().0 - a.iova().0 >= 2 * PAGE);
        a.write(64, &[7; 16]).unwrap();
        let mut bytes = [0; 16];
        arena.bus_read(a.iova().0 + 64, &mut bytes).unwrap();
        assert_eq!(bytes, [7; 16]);
        arena.bus_write(b.iova().0, &[9; 64]).unwrap();
        assert_eq!(b.read_vec(0, 64).unwrap(), [9; 64]);
        assert!(
            arena.bus_read(a.iova().0 + 128, &mut bytes).is_err(),
            "past the end"
        );
        arena.bus_read(a.iova().0 + 96, &mut bytes).unwrap();
        assert_eq!(bytes[3..5], [0, 0xff], "readable to the end of the unit");
        assert!(arena.bus_write(a.iova().0 + 96, &bytes).is_err());
        assert!(arena.bus_read(0x40, &mut bytes).is_err());
        assert!(a.read_vec(90, 11).is_err());
        let gone = b.iova().0;
        drop(b);
        assert!(arena.bus_write(gone, &[9; 64]).is_err());
        assert_eq!(arena.mappings(), 1);
        assert!(arena.take_violations().is_empty());
    }

    #[test]
    fn violations_are_kept() {
        let arena = Arc::new(Arena::default());
        let buffer = arena.map(8192);
        let iova = buffer.iova().0;
        arena.bus_write(iova + 4000, &[1; 200]).unwrap();
        arena.bus_write(iova + 8, &[1; 8]).unwrap();
        assert_eq!(arena.take_violations().len(), 2);
    }
}
