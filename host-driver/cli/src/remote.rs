//! A board that is not in this process, with what a command asks of any device.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use goldilane_abi::Shape;
#[cfg(feature = "boards")]
use goldilane_abi::registers::{COUNTER_CONTROL, Counter};
use goldilane_abi::shape::CONFIGURATION_NAMES;
use goldilane_conformance::shape_of;
use goldilane_driver::Device;
use goldilane_driver_vfio::{PciAddress, SocketDevice, SocketOptions, VfioDevice};

use crate::board::Watch;
use crate::configuration::{self, Configuration};

/// Name of a configuration that is none of the named ones.
const UNNAMED: &str = "board";

/// A device elsewhere.
pub struct Remote {
    device: Arc<dyn Device>,
}

/// A board process behind a vfio-user socket.
///
/// # Errors
/// Nobody there, or nobody who speaks the protocol.
pub fn socket(path: &Path) -> Result<Arc<dyn Device>> {
    let device = SocketDevice::open(path, SocketOptions::default())?;
    Ok(Arc::new(device))
}

/// A PCI device behind the kernel's VFIO.
///
/// # Errors
/// What stands in the way, and how to mend it.
pub fn vfio(address: PciAddress) -> Result<Arc<dyn Device>> {
    Ok(Arc::new(VfioDevice::open(address)?))
}

impl Remote {
    /// A device, and what its board was generated for.
    ///
    /// # Errors
    /// A device that is no board of ours.
    pub fn of(device: Arc<dyn Device>) -> Result<(Self, Configuration)> {
        let shape = shape_of(&*device)?;
        let configuration = configuration::reported(name_of(&shape), shape);
        Ok((Self { device }, configuration))
    }

    #[cfg(feature = "boards")]
    fn counter(&self, counter: Counter) -> goldilane_driver::Result<u64> {
        self.device.write32(COUNTER_CONTROL.offset, 1)?;
        let low = self.device.read32(counter.offset())?;
        let high = self.device.read32(counter.offset() + 4)?;
        Ok(u64::from(low) | u64::from(high) << 32)
    }
}

/// The named configuration of a shape.
pub fn name_of(shape: &Shape) -> &'static str {
    CONFIGURATION_NAMES
        .iter()
        .find(|name| Shape::named(name).as_ref() == Some(shape))
        .copied()
        .unwrap_or(UNNAMED)
}

impl Watch for Remote {
    fn device(self: Arc<Self>) -> Arc<dyn Device> {
        self.device.clone()
    }

    fn hung(&self) -> bool {
        false
    }

    #[cfg(feature = "boards")]
    fn clocks(&self) -> u64 {
        // For figures only: a board that does not answer shows in what it was asked to do.
        self.counter(Counter::Clocks).unwrap_or(0)
    }

    fn complaint(&self) -> Option<String> {
        None
    }

    #[cfg(feature = "boards")]
    fn run_until(&self, _clock: u64) {}
}
