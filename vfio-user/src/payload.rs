//! The fixed parts of commands and replies. Each has `BYTES`, `parse` (with what follows it) and `to_bytes`; numbers are
//! little-endian, `argsz` is kept as it came.

use crate::WireError;

/// Indices of the regions of a PCI device.
pub mod region {
    /// BAR0; the others follow.
    pub const BAR0: u32 = 0;
    /// BAR4.
    pub const BAR4: u32 = 4;
    /// Configuration space.
    pub const CONFIG: u32 = 7;
    /// Regions of a PCI device.
    pub const COUNT: u32 = 9;
    /// Flag: can be read.
    pub const READ: u32 = 1;
    /// Flag: can be written.
    pub const WRITE: u32 = 2;
}

/// Indices of the interrupts of a PCI device.
pub mod irq {
    /// MSI-X.
    pub const MSIX: u32 = 2;
    /// An error that the device reports.
    pub const ERROR: u32 = 3;
    /// The device is to be given back.
    pub const REQUEST: u32 = 4;
    /// Interrupt indices of a PCI device.
    pub const COUNT: u32 = 5;
    /// Flag of an index: event descriptors can be given.
    pub const EVENTFD: u32 = 1;
    /// Flags of [`super::SetIrqs`]: no data, the vectors named by start and count.
    pub const DATA_NONE: u32 = 1;
    /// One byte a vector: whether it is meant.
    pub const DATA_BOOL: u32 = 1 << 1;
    /// An event descriptor a vector; none: the vectors lose theirs.
    pub const DATA_EVENTFD: u32 = 1 << 2;
    /// All kinds of data.
    pub const DATA_MASK: u32 = 7;
    /// Stop interrupts.
    pub const ACTION_MASK: u32 = 1 << 3;
    /// Let them through again.
    pub const ACTION_UNMASK: u32 = 1 << 4;
    /// Set descriptors, or fire.
    pub const ACTION_TRIGGER: u32 = 1 << 5;
    /// All actions.
    pub const ACTIONS: u32 = 7 << 3;
}

/// Flags of mappings.
pub mod dma {
    /// The board may read.
    pub const READ: u32 = 1;
    /// The board may write.
    pub const WRITE: u32 = 2;
    /// Of an unmap command: everything.
    pub const UNMAP_ALL: u32 = 2;
}

/// Flags of a device.
pub mod device {
    /// It can be reset.
    pub const RESET: u32 = 1;
    /// It is a PCI device.
    pub const PCI: u32 = 2;
}

macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident, $text:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $name { $($(#[$field_doc])* pub $field: $type),* }

            impl $name {
                /// Bytes of this part.
                pub const BYTES: usize = 0 $(+ size_of::<$type>())*;

                /// Reads this part; what follows it comes with it.
                ///
                /// # Errors
                /// Too few bytes.
                pub fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), WireError> {
                    let short = WireError::Short { what: $text, found: bytes.len(), needed: Self::BYTES };
                    let mut rest = bytes;
                    $(
                        let Some((field, after)) = rest.split_first_chunk() else { return Err(short) };
                        let $field = <$type>::from_le_bytes(*field);
                        rest = after;
                    )*
                    Ok((Self { $($field),* }, rest))
                }

                /// The bytes.
                pub fn to_bytes(&self) -> Vec<u8> {
                    let mut bytes = Vec::with_capacity(Self::BYTES);
                    $(bytes.extend(self.$field.to_le_bytes());)*
                    bytes
                }
            }
        )*
    };
}

payloads! {
    /// Maps `size` bytes of the message's descriptor from `offset` on at `address`. Without a descriptor the memory can
    /// only be reached by messages.
    DmaMap, "DMA_MAP" {
        /// Size of this part.
        argsz: u32,
        /// [`dma::READ`], [`dma::WRITE`].
        flags: u32,
        /// Offset in the file.
        offset: u64,
        /// Address as the board sees it.
        address: u64,
        /// Bytes.
        size: u64,
    }
    /// Ends the mappings between `address` and `address + size`.
    DmaUnmap, "DMA_UNMAP" {
        /// Size of this part.
        argsz: u32,
        /// [`dma::UNMAP_ALL`].
        flags: u32,
        /// First address.
        address: u64,
        /// Bytes.
        size: u64,
    }
    /// The device.
    DeviceInfo, "DEVICE_GET_INFO" {
        /// Size of this part.
        argsz: u32,
        /// [`device::RESET`], [`device::PCI`].
        flags: u32,
        /// Number of regions.
        regions: u32,
        /// Number of interrupt indices.
        irqs: u32,
    }
    /// A region.
    RegionInfo, "DEVICE_GET_REGION_INFO" {
        /// Size of this part.
        argsz: u32,
        /// [`region::READ`], [`region::WRITE`].
        flags: u32,
        /// Which region.
        index: u32,
        /// 0: no capabilities follow.
        cap_offset: u32,
        /// Bytes; 0: there is none.
        size: u64,
        /// Offset for mapping; 0.
        offset: u64,
    }
    /// An interrupt index.
    IrqInfo, "DEVICE_GET_IRQ_INFO" {
        /// Size of this part.
        argsz: u32,
        /// [`irq::EVENTFD`].
        flags: u32,
        /// Which index.
        index: u32,
        /// Vectors.
        count: u32,
    }
    /// Sets up vectors `start` .. `start + count` of an index.
    SetIrqs, "DEVICE_SET_IRQS" {
        /// Size of this part.
        argsz: u32,
        /// One kind of data and one action of [`irq`].
        flags: u32,
        /// Which index.
        index: u32,
        /// First vector.
        start: u32,
        /// Vectors.
        count: u32,
    }
    /// Access to a region; data follow in a write and in the reply to a read.
    RegionAccess, "REGION_READ or REGION_WRITE" {
        /// First byte.
        offset: u64,
        /// Which region.
        region: u32,
        /// Bytes.
        count: u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_specification() {
        assert_eq!(
            [
                DmaMap::BYTES,
                DmaUnmap::BYTES,
                DeviceInfo::BYTES,
                RegionInfo::BYTES,
                IrqInfo::BYTES,
                SetIrqs::BYTES,
                RegionAccess::BYTES
            ],
            [32, 24, 16, 32, 16, 20, 16]
        );
    }

    #[test]
    fn there_and_back_and_too_short() {
        let access = RegionAccess {
            offset: 0x1_0000_0002,
            region: 7,
            count: 3,
        };
        let mut bytes = access.to_bytes();
        assert_eq!(bytes[..9], [2, 0, 0, 0, 1, 0, 0, 0, 7]);
        bytes.extend([8, 9]);
        assert_eq!(RegionAccess::parse(&bytes), Ok((access, &[8, 9][..])));
        for length in 0..RegionAccess::BYTES {
            assert!(RegionAccess::parse(&bytes[..length]).is_err());
        }
    }
}
