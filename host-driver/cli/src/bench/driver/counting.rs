//! A device that counts what the driver does with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use goldilane_driver::{Device, DmaBuffer, DmaMemory, Result};

/// What was done, since the last [`Counts::take`].
#[derive(Default)]
pub struct Counts {
    writes: AtomicU64,
    reads: AtomicU64,
    bytes: AtomicU64,
}

/// Numbers out of [`Counts`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    /// Register writes.
    pub writes: u64,
    /// Register reads.
    pub reads: u64,
    /// Bytes copied into DMA memory or out of it.
    pub bytes: u64,
}

impl Counts {
    /// The numbers; they begin anew.
    pub fn take(&self) -> Taken {
        let take = |count: &AtomicU64| count.swap(0, Ordering::Relaxed);
        Taken {
            writes: take(&self.writes),
            reads: take(&self.reads),
            bytes: take(&self.bytes),
        }
    }
}

/// A device with counts.
pub struct Counting<D> {
    inner: D,
    counts: Arc<Counts>,
    /// Whether bytes are counted: each copy then costs a little more.
    copies: bool,
}

impl<D: Device> Counting<D> {
    /// Counts register accesses, and copied bytes too if that is asked for.
    pub fn new(inner: D, copies: bool) -> Self {
        Self {
            inner,
            counts: Arc::default(),
            copies,
        }
    }

    /// What was counted.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }
}

impl<D: Device> Device for Counting<D> {
    fn name(&self) -> String {
        self.inner.name()
    }

    fn read32(&self, offset: u32) -> Result<u32> {
        self.counts.reads.fetch_add(1, Ordering::Relaxed);
        self.inner.read32(offset)
    }

    fn write32(&self, offset: u32, value: u32) -> Result<()> {
        self.counts.writes.fetch_add(1, Ordering::Relaxed);
        self.inner.write32(offset, value)
    }

    fn alloc_dma(&self, bytes: usize) -> Result<DmaBuffer> {
        let inner = self.inner.alloc_dma(bytes)?;
        if !self.copies {
            return Ok(inner);
        }
        let iova = inner.iova();
        let counts = self.counts.clone();
        let memory = Arc::new(CountedMemory { inner, counts });
        Ok(DmaBuffer::new(memory, iova, bytes))
    }

    fn wait_interrupt(&self, vector: u16, timeout: Duration) -> Result<bool> {
        self.inner.wait_interrupt(vector, timeout)
    }

    fn reset(&self) -> Result<()> {
        self.inner.reset()
    }

    fn relax(&self) {
        self.inner.relax();
    }
}

struct CountedMemory {
    inner: DmaBuffer,
    counts: Arc<Counts>,
}

impl CountedMemory {
    fn count(&self, bytes: usize) {
        let bytes = bytes as u64;
        self.counts.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// Offsets have been checked before: nothing here fails.
const INSIDE: &str = "an offset within the buffer";

impl DmaMemory for CountedMemory {
    fn read(&self, offset: usize, bytes: &mut [u8]) {
        self.count(bytes.len());
        self.inner.read(offset, bytes).expect(INSIDE);
    }

    fn write(&self, offset: usize, bytes: &[u8]) {
        self.count(bytes.len());
        self.inner.write(offset, bytes).expect(INSIDE);
    }

    fn load_acquire(&self, offset: usize) -> u32 {
        // A look at the phase is no copy.
        self.inner.load_acquire(offset).expect(INSIDE)
    }
}
