//! Negotiation. The first message of a client names version and capabilities, the reply those of the board. This is
//! version 0.0: clients that know 0.1 take it, those that know only 0.0 refuse a higher one.

use serde_json::{Value, json};

use crate::{MAX_FDS, MAX_MAPPINGS, MAX_TRANSFER, PAGE_BYTES, WireError};

/// Major version.
pub const MAJOR: u16 = 0;
/// Minor version.
pub const MINOR: u16 = 0;

/// Limits of one side. What a message does not name has the specification's default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Most descriptors of a message.
    pub max_fds: u64,
    /// Most bytes of data in a message.
    pub max_transfer: u64,
    /// Most mappings.
    pub max_mappings: u64,
    /// Page sizes, one bit each.
    pub page_sizes: u64,
}

impl Capabilities {
    /// The specification's defaults.
    pub const DEFAULT: Self = Self {
        max_fds: 1,
        max_transfer: 1 << 20,
        max_mappings: 65_535,
        page_sizes: 4096,
    };
    /// Those of this crate.
    pub const OURS: Self = Self {
        max_fds: MAX_FDS as u64,
        max_transfer: MAX_TRANSFER as u64,
        max_mappings: MAX_MAPPINGS as u64,
        page_sizes: PAGE_BYTES,
    };
}

/// A version message, there or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Major version.
    pub major: u16,
    /// Minor version.
    pub minor: u16,
    /// Limits.
    pub capabilities: Capabilities,
}

impl Version {
    /// What this crate speaks.
    pub const OURS: Self = Self {
        major: MAJOR,
        minor: MINOR,
        capabilities: Capabilities::OURS,
    };

    /// Reads a version message.
    ///
    /// # Errors
    /// Too few bytes, a text that is no JSON object or has no end.
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        let Some((numbers, text)) = bytes.split_first_chunk::<4>() else {
            return Err(WireError::Short {
                what: "VERSION",
                found: bytes.len(),
                needed: 4,
            });
        };
        Ok(Self {
            major: u16::from_le_bytes([numbers[0], numbers[1]]),
            minor: u16::from_le_bytes([numbers[2], numbers[3]]),
            capabilities: capabilities(text)?,
        })
    }

    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let text = json!({"capabilities": {
            "max_msg_fds": self.capabilities.max_fds,
            "max_data_xfer_size": self.capabilities.max_transfer,
            "max_dma_maps": self.capabilities.max_mappings,
            "pgsizes": self.capabilities.page_sizes,
        }});
        let mut bytes = self.major.to_le_bytes().to_vec();
        bytes.extend(self.minor.to_le_bytes());
        bytes.extend(text.to_string().into_bytes());
        bytes.push(0);
        bytes
    }
}

fn capabilities(text: &[u8]) -> Result<Capabilities, WireError> {
    let mut found = Capabilities::DEFAULT;
    if text.is_empty() {
        return Ok(found);
    }
    let wrong = |reason: String| WireError::Capabilities { reason };
    let Some((0, text)) = text.split_last() else {
        return Err(wrong("no zero byte at its end".to_owned()));
    };
    let value: Value = serde_json::from_slice(text).map_err(|error| wrong(error.to_string()))?;
    if !value.is_object() {
        return Err(wrong("no object".to_owned()));
    }
    for (name, field) in [
        ("max_msg_fds", &mut found.max_fds),
        ("max_data_xfer_size", &mut found.max_transfer),
        ("max_dma_maps", &mut found.max_mappings),
        ("pgsizes", &mut found.page_sizes),
    ] {
        match &value["capabilities"][name] {
            Value::Null => {}
            number => {
                *field = number
                    .as_u64()
                    .ok_or_else(|| wrong(format!("{name} is no number")))?;
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        assert_eq!(Version::parse(&Version::OURS.to_bytes()), Ok(Version::OURS));
        let bare = Version::parse(&[0, 0, 1, 0]).expect("numbers alone");
        assert_eq!((bare.minor, bare.capabilities), (1, Capabilities::DEFAULT));
    }

    #[test]
    fn texts_that_are_none_are_refused() {
        let parse = |text: &[u8]| Version::parse(&[&[0; 4], text].concat());
        assert!(parse(b"{\"capabilities\":{\"max_msg_fds\":8,\"other\":[]}}\0").is_ok());
        let deep = [b"[".repeat(50_000), vec![0]].concat();
        for text in [
            &b"{}"[..],
            b"\0",
            b"{\0",
            b"[]\0",
            b"\xff\xff\0",
            b"{\"capabilities\":{\"max_msg_fds\":-1}}\0",
            &deep,
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
        assert!(Version::parse(&[0, 0, 0]).is_err());
    }
}
