//! Where a PCI device sits.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// DOMAIN:BUS:DEVICE.FUNCTION, in hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PciAddress {
    /// Domain.
    pub domain: u32,
    /// Bus.
    pub bus: u8,
    /// Device: 0 to 31.
    pub device: u8,
    /// Function: 0 to 7.
    pub function: u8,
}

/// A text that is no address.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no PCI address: DOMAIN:BUS:DEVICE.FUNCTION is meant, like 0000:03:00.0")]
pub struct AddressError(String);

impl fmt::Display for PciAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            domain,
            bus,
            device,
            function,
        } = self;
        write!(f, "{domain:04x}:{bus:02x}:{device:02x}.{function:x}")
    }
}

impl FromStr for PciAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        parse(text).ok_or_else(|| AddressError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<PciAddress> {
    let (place, function) = text.split_once('.')?;
    let mut parts = place.split(':');
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>, most: u32| {
        let plain = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(text, 16).ok()?;
        (plain && digits.contains(&text.len()) && number <= most).then_some(number)
    };
    let domain = number(parts.next()?, 4..=8, u32::MAX)?;
    let bus = number(parts.next()?, 2..=2, 0xff)?;
    let device = number(parts.next()?, 2..=2, 0x1f)?;
    let function = number(function, 1..=1, 7)?;
    parts.next().is_none().then_some(PciAddress {
        domain,
        bus: bus as u8,
        device: device as u8,
        function: function as u8,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lead_to_addresses_and_back() {
        for text in ["0000:03:00.0", "0001:ff:1f.7", "10000:e1:00.0"] {
            assert_eq!(text.parse::<PciAddress>().expect(text).to_string(), text);
        }
        for text in [
            "",
            "03:00.0",
            "0000:03:00",
            "0000:03:00.8",
            "0000:03:20.0",
            "0000:103:00.0",
            "0000:03:00.0.0",
            "0000:00:03:00.0",
            "0000:+3:00.0",
            "../../etc:00:00.0",
        ] {
            assert!(text.parse::<PciAddress>().is_err(), "{text:?}");
        }
    }
}
