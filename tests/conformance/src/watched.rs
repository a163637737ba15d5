//! A device that writes down what the driver does with it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use goldilane_abi::registers::doorbell;
use goldilane_driver::{Device, DmaBuffer, Iova, Result};

use crate::Rig;

type Hook = Box<dyn FnOnce(&[Iova]) + Send>;

/// A device, its register writes, and where it maps memory.
pub(crate) struct Watched {
    inner: Arc<dyn Device>,
    writes: Mutex<Vec<(u32, u32)>>,
    allocated: Mutex<Vec<Iova>>,
    hook: Mutex<Option<Hook>>,
}

impl Watched {
    /// Watches the device of a board.
    pub(crate) fn of(rig: &Rig) -> Arc<Self> {
        Arc::new(Self {
            inner: rig.device(),
            writes: Mutex::default(),
            allocated: Mutex::default(),
            hook: Mutex::default(),
        })
    }

    /// Does something right before the next doorbell: it is told what was mapped from now on.
    pub(crate) fn before_doorbell(&self, hook: impl FnOnce(&[Iova]) + Send + 'static) {
        self.take_allocated();
        *self.hook.lock().expect("a hook") = Some(Box::new(hook));
    }

    /// Register writes since the last call: offsets and values.
    pub(crate) fn take_writes(&self) -> Vec<(u32, u32)> {
        std::mem::take(&mut self.writes.lock().expect("writes"))
    }

    /// Buffers that were mapped since the last call, in order.
    pub(crate) fn take_allocated(&self) -> Vec<Iova> {
        std::mem::take(&mut self.allocated.lock().expect("places"))
    }
}

impl Device for Watched {
    fn name(&self) -> String {
        self.inner.name()
    }

    fn read32(&self, offset: u32) -> Result<u32> {
        self.inner.read32(offset)
    }

    fn write32(&self, offset: u32, value: u32) -> Result<()> {
        if offset >= doorbell(0)
            && let Some(hook) = self.hook.lock().expect("a hook").take()
        {
            hook(&self.take_allocated());
        }
        self.writes.lock().expect("writes").push((offset, value));
        self.inner.write32(offset, value)
    }

    fn alloc_dma(&self, bytes: usize) -> Result<DmaBuffer> {
        let buffer = self.inner.alloc_dma(bytes)?;
        self.allocated.lock().expect("places").push(buffer.iova());
        Ok(buffer)
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
