//! The device.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use goldilane_abi::BAR0_BYTES;
use goldilane_driver::{Device, DmaBuffer, Error, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use thiserror::Error;

use super::diagnosis::System;
use super::system::{Handle, Iommu};
use super::{Obstacle, PciAddress};
use crate::alarms::{Alarms, event};
use crate::memory::Registers;
use crate::pool::Pool;

/// Offset of the command register in configuration space.
const COMMAND: u64 = 4;
const COMMAND_MEMORY: u16 = 1 << 1;
const COMMAND_MASTER: u16 = 1 << 2;

/// Why there is no device.
#[derive(Debug, Error)]
#[error("open vfio:{address}: {reason}")]
pub struct VfioOpenError {
    /// The device.
    pub address: PciAddress,
    /// Why.
    pub reason: VfioReason,
}

/// What was wrong.
#[derive(Debug, Error)]
pub enum VfioReason {
    /// Something that can be seen and mended.
    #[error(transparent)]
    Obstacle(#[from] Obstacle),
    /// The kernel refused a step.
    #[error("{operation}: {reason}")]
    Refused {
        /// The step.
        operation: &'static str,
        /// What it said.
        reason: String,
    },
    /// BAR0 is not large enough.
    #[error("BAR0 has {found} bytes where {BAR0_BYTES} are needed: another version of the board")]
    BarTooSmall {
        /// Its size.
        found: u64,
    },
}

/// A board behind the kernel's VFIO. The device is closed when its last DMA buffer has gone, too.
pub struct VfioDevice {
    name: String,
    registers: Registers,
    events: Vec<OwnedFd>,
    alarms: Alarms,
    pool: Arc<Pool<Iommu>>,
    handle: Arc<Handle>,
}

trait During<T> {
    fn during(self, operation: &'static str) -> std::result::Result<T, VfioReason>;
}

impl<T, E: ToString> During<T> for std::result::Result<T, E> {
    fn during(self, operation: &'static str) -> std::result::Result<T, VfioReason> {
        self.map_err(|error| VfioReason::Refused {
            operation,
            reason: error.to_string(),
        })
    }
}

impl VfioDevice {
    /// Opens a device that `vfio-pci` is bound to: resets it, maps its registers, switches bus mastering on, and gives each
    /// vector an event.
    ///
    /// # Errors
    /// What stands in the way, and how to mend it; a step that the kernel refuses.
    pub fn open(address: PciAddress) -> std::result::Result<Self, VfioOpenError> {
        Self::try_open(address).map_err(|reason| VfioOpenError { address, reason })
    }

    fn try_open(address: PciAddress) -> std::result::Result<Self, VfioReason> {
        let system = System::new();
        system.check(address)?;
        let container = vfio_ioctls::VfioContainer::new(None).during("open the container")?;
        let container = Arc::new(container);
        let folder = system.folder(address);
        let device = vfio_ioctls::VfioDevice::new(&folder, container.clone(), false)
            .during("open the device")?;
        let handle = Handle::new(device);
        let found = handle.bar0_bytes();
        if found < BAR0_BYTES.into() {
            return Err(VfioReason::BarTooSmall { found });
        }
        handle.reset().during("reset the function")?;
        let registers = handle.map_bar0(BAR0_BYTES as usize).during("map BAR0")?;
        let events = (0..handle.vectors())
            .map(|_| event())
            .collect::<rustix::io::Result<Vec<_>>>()
            .during("make events")?;
        handle.enable_vectors(&events).during("switch MSI-X on")?;
        let alarms = Alarms::new().during("make events")?;
        handle.enable_alarms(&alarms).during("set up alarms")?;
        switch(&handle, COMMAND_MEMORY | COMMAND_MASTER, 0).during("switch bus mastering on")?;
        let handle = Arc::new(handle);
        let iommu = Iommu {
            _device: handle.clone(),
            container,
        };
        Ok(Self {
            name: format!("vfio:{address}"),
            registers,
            events,
            alarms,
            pool: Arc::new(Pool::new(iommu)),
            handle,
        })
    }

    fn error(&self, operation: &'static str, object: String, reason: impl ToString) -> Error {
        Error::Device {
            operation,
            object: format!("{object} of {}", self.name),
            reason: reason.to_string(),
        }
    }
}

/// Sets and clears bits of the command register.
fn switch(handle: &Handle, set: u16, clear: u16) -> io::Result<()> {
    let command = handle.read_config(COMMAND)?;
    handle.write_config(COMMAND, command & !clear | set)
}

impl Drop for VfioDevice {
    fn drop(&mut self) {
        // Whatever the board still does, it reaches no memory any more.
        if let Err(error) = switch(&self.handle, 0, COMMAND_MASTER) {
            tracing::warn!(device = self.name, %error, "bus mastering stays on");
        }
    }
}

impl Device for VfioDevice {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn read32(&self, offset: u32) -> Result<u32> {
        let missing = || self.error("read", format!("register {offset:#x}"), "there is none");
        self.registers.read(offset).ok_or_else(missing)
    }

    fn write32(&self, offset: u32, value: u32) -> Result<()> {
        if self.registers.write(offset, value) {
            return Ok(());
        }
        Err(self.error("write", format!("register {offset:#x}"), "there is none"))
    }

    fn alloc_dma(&self, bytes: usize) -> Result<DmaBuffer> {
        self.pool
            .alloc(bytes)
            .map_err(|reason| self.error("map", format!("{bytes} bytes of DMA memory"), reason))
    }

    fn wait_interrupt(&self, vector: u16, timeout: Duration) -> Result<bool> {
        let object = || format!("interrupt {vector}");
        let Some(event) = self.events.get(usize::from(vector)) else {
            let reason = format!("the board has {} vectors", self.events.len());
            return Err(self.error("wait for", object(), reason));
        };
        let start = Instant::now();
        loop {
            if let Some(reason) = self.alarms.sounded() {
                return Err(self.error("wait for", object(), reason));
            }
            if rustix::io::read(event, &mut [0; 8]).is_ok() {
                return Ok(true);
            }
            let left = timeout.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Ok(false);
            }
            let left = Timespec {
                tv_sec: left.as_secs().min(1 << 30) as i64,
                tv_nsec: left.subsec_nanos().into(),
            };
            let mut watched = [event, self.alarms.error(), self.alarms.request()]
                .map(|event| PollFd::new(event, PollFlags::IN));
            match poll(&mut watched, Some(&left)) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(self.error("wait for", object(), error)),
            }
        }
    }

    fn reset(&self) -> Result<()> {
        self.handle
            .reset()
            .map_err(|error| self.error("reset", "the function".to_owned(), error))?;
        self.alarms.clear_error();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_is_not_there() {
        let address: PciAddress = "ffff:ff:1f.7".parse().expect("an address");
        let Err(error) = VfioDevice::open(address) else {
            panic!("opened")
        };
        assert!(
            error
                .to_string()
                .starts_with("open vfio:ffff:ff:1f.7: there is no such PCI device"),
            "{error}"
        );
    }
}
