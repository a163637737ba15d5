//! A board that is not in this process, with what a command asks of any device.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use goldilane_abi::registers::{COUNTER_CONTROL, Counter};
use goldilane_abi::shape::CONFIGURATION_NAMES;
use goldilane_abi::{Capabilities, Shape};
use goldilane_driver::{Device, Error};
use goldilane_driver_vfio::{PciAddress, SocketDevice, SocketOptions, VfioDevice};

use crate::board::Watch;
use crate::configuration::Configuration;

/// Name of a configuration that is none of the named ones.
const UNNAMED: &str = "board";

/// A device elsewhere.
pub struct Remote {
    device: Arc<dyn Device>,
}

impl Remote {
    /// A board process behind a vfio-user socket, and what its board was generated for.
    ///
    /// # Errors
    /// Nobody there, a device that is no board of ours.
    pub fn socket(path: &Path) -> Result<(Self, Configuration)> {
        let device = SocketDevice::open(path, SocketOptions::default())?;
        Self::of(Arc::new(device))
    }

    /// A PCI device behind the kernel's VFIO, and what it was generated for.
    ///
    /// # Errors
    /// What stands in the way, and how to mend it.
    pub fn vfio(address: PciAddress) -> Result<(Self, Configuration)> {
        Self::of(Arc::new(VfioDevice::open(address)?))
    }

    fn of(device: Arc<dyn Device>) -> Result<(Self, Configuration)> {
        let capabilities = Capabilities::read(|offset| device.read32(offset))?;
        let shape = capabilities
            .map_err(|reason| Error::Unsupported {
                device: device.name(),
                reason,
            })?
            .shape;
        let configuration = Configuration {
            name: name_of(&shape).to_owned(),
            shape,
            multiplier: Default::default(),
        };
        Ok((Self { device }, configuration))
    }

    fn counter(&self, counter: Counter) -> goldilane_driver::Result<u64> {
        self.device.write32(COUNTER_CONTROL.offset, 1)?;
        let low = self.device.read32(counter.offset())?;
        let high = self.device.read32(counter.offset() + 4)?;
        Ok(u64::from(low) | u64::from(high) << 32)
    }
}

/// The named configuration of a shape.
fn name_of(shape: &Shape) -> &'static str {
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

    fn clocks(&self) -> u64 {
        // For figures only: a board that does not answer shows in what it was asked to do.
        self.counter(Counter::Clocks).unwrap_or(0)
    }

    fn complaint(&self) -> Option<String> {
        None
    }

    fn run_until(&self, _clock: u64) {}
}
