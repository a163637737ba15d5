//! Device strings: what `--device` takes.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

#[cfg(feature = "boards")]
use clap::ValueEnum;
use goldilane_driver_vfio::{DeviceName, NameError, PciAddress};

/// Boards that can be simulated.
#[cfg(feature = "boards")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BoardKind {
    /// The Verilated hardware.
    Rtl,
    /// The golden model behind the same registers.
    Model,
}

#[cfg(feature = "boards")]
impl fmt::Display for BoardKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rtl => "rtl",
            Self::Model => "model",
        })
    }
}

/// A device: a board simulated in this process, or one elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceKind {
    /// Simulated in this process.
    #[cfg(feature = "boards")]
    Local(BoardKind),
    /// A board process behind a vfio-user socket.
    Socket(PathBuf),
    /// A PCI device behind the kernel's VFIO.
    Vfio(PciAddress),
}

impl DeviceKind {
    /// For the help of `--device`.
    #[cfg(feature = "boards")]
    pub const HELP: &'static str = "rtl, model, socket:PATH, vfio:DOMAIN:BUS:DEVICE.FUNCTION";
    /// For the help of `--device`.
    #[cfg(not(feature = "boards"))]
    pub const HELP: &'static str = "socket:PATH, vfio:DOMAIN:BUS:DEVICE.FUNCTION";
}

impl fmt::Display for DeviceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "boards")]
            Self::Local(board) => board.fmt(f),
            Self::Socket(path) => write!(f, "socket:{}", path.display()),
            Self::Vfio(address) => write!(f, "vfio:{address}"),
        }
    }
}

impl FromStr for DeviceKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(DeviceName::Socket(path)) => Ok(Self::Socket(path)),
            Ok(DeviceName::Vfio(address)) => Ok(Self::Vfio(address)),
            Err(NameError::Unknown(_)) => {
                Self::local(text).ok_or_else(|| format!("one of {} is meant", Self::HELP))
            }
            Err(error) => Err(error.to_string()),
        }
    }
}

impl DeviceKind {
    #[cfg(feature = "boards")]
    fn local(text: &str) -> Option<Self> {
        let board = <BoardKind as ValueEnum>::from_str(text, false);
        board.ok().map(Self::Local)
    }

    #[cfg(not(feature = "boards"))]
    fn local(_text: &str) -> Option<Self> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_lead_to_devices_and_back() {
        #[cfg(feature = "boards")]
        for text in ["rtl", "model"] {
            let kind: DeviceKind = text.parse().expect("a device");
            assert_eq!(kind.to_string(), text);
        }
        for text in ["socket:/tmp/a.sock", "socket:a:b", "vfio:0000:03:00.0"] {
            let kind: DeviceKind = text.parse().expect("a device");
            assert_eq!(kind.to_string(), text);
        }
        for text in [
            "",
            "RTL",
            "socket",
            "socket:",
            "board",
            "model:",
            "vfio:",
            "vfio:03:00.0",
        ] {
            assert!(text.parse::<DeviceKind>().is_err(), "{text:?}");
        }
    }
}
