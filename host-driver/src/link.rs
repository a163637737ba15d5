//! Registers over a link that may be down: a device that is not there reads all ones.

use goldilane_abi::registers::MAGIC;

use crate::{Device, Error, Result};

/// Reads a register. All ones may be its value: if the magic register reads so too, nobody answers.
///
/// # Errors
/// [`Error::LinkDown`], and what the device says.
pub(crate) fn read_register(device: &dyn Device, offset: u32) -> Result<u32> {
    let value = device.read32(offset)?;
    if value == u32::MAX && device.read32(MAGIC.offset)? == u32::MAX {
        return Err(Error::LinkDown {
            operation: "read",
            object: format!("register {offset:#x} of {}", device.name()),
        });
    }
    Ok(value)
}
