//! Names of devices that are not in this process, as `--device` and the C interface take them.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use goldilane_driver::Device;
use thiserror::Error;

use crate::{
    AddressError, OpenError, PciAddress, SocketDevice, SocketOptions, VfioDevice, VfioOpenError,
};

/// Which device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceName {
    /// `socket:PATH`, a board process behind a vfio-user socket.
    Socket(PathBuf),
    /// `vfio:DOMAIN:BUS:DEVICE.FUNCTION`, a PCI device behind the kernel's VFIO.
    Vfio(PciAddress),
}

/// A text that names no device.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// Nothing behind `socket:`.
    #[error("socket: without a path")]
    NoPath,
    /// Something else behind `vfio:` than an address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// No kind of device.
    #[error("{0:?} names no device: socket:PATH or vfio:DOMAIN:BUS:DEVICE.FUNCTION is meant")]
    Unknown(String),
}

/// Why a named device cannot be used.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// A socket without a board behind it.
    #[error(transparent)]
    Socket(#[from] OpenError),
    /// A PCI device that cannot be opened.
    #[error(transparent)]
    Vfio(#[from] VfioOpenError),
}

impl FromStr for DeviceName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        match text.split_once(':') {
            Some(("socket", "")) => Err(NameError::NoPath),
            Some(("socket", path)) => Ok(Self::Socket(path.into())),
            Some(("vfio", address)) => Ok(Self::Vfio(address.parse()?)),
            _ => Err(NameError::Unknown(text.to_owned())),
        }
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => write!(f, "socket:{}", path.display()),
            Self::Vfio(address) => write!(f, "vfio:{address}"),
        }
    }
}

impl DeviceName {
    /// Opens the device.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn open(&self) -> Result<Arc<dyn Device>, ConnectError> {
        Ok(match self {
            Self::Socket(path) => Arc::new(SocketDevice::open(path, SocketOptions::default())?),
            Self::Vfio(address) => Arc::new(VfioDevice::open(*address)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_devices_and_back() {
        for text in ["socket:/tmp/a.sock", "socket:a:b", "vfio:0000:03:00.0"] {
            let name: DeviceName = text.parse().expect("a name");
            assert_eq!(name.to_string(), text);
        }
        for text in ["", "model", "socket", "socket:", "vfio:", "vfio:03:00.0"] {
            assert!(text.parse::<DeviceName>().is_err(), "{text:?}");
        }
    }
}
