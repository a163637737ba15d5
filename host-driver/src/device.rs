//! What the driver needs of a device, whatever leads to it: kernel VFIO, a socket, a board in the same process.

use crate::{DmaBuffer, Result};
use std::time::Duration;

/// A device with a BAR0 of 32-bit registers, DMA memory, interrupts and a reset.
///
/// Methods take `&self`: queue pairs on several threads share a device.
pub trait Device: Send + Sync {
    /// Name for messages.
    fn name(&self) -> String;

    /// Reads a register of BAR0.
    fn read32(&self, offset: u32) -> Result<u32>;

    /// Writes a register of BAR0. Everything written before to DMA memory is visible to the board when it sees the write.
    fn write32(&self, offset: u32, value: u32) -> Result<()>;

    /// Memory that the board can reach, zeroed, 64-byte aligned.
    fn alloc_dma(&self, bytes: usize) -> Result<DmaBuffer>;

    /// Waits for an interrupt; `false` when time is over. Interrupts that came before count.
    fn wait_interrupt(&self, vector: u16, timeout: Duration) -> Result<bool>;

    /// Function level reset: starts it; the status register tells its end.
    fn reset(&self) -> Result<()>;

    /// Called between two looks at memory by a caller that polls. A simulated device lets its board work.
    fn relax(&self) {
        std::hint::spin_loop();
    }
}
