//! What a board says of itself.

use crate::{ABI_MAJOR, ABI_MINOR, KEY_LAYOUT_ID, MAGIC, Shape, ShapeError, registers};
use core::fmt;

/// Identification and capabilities, as read from the registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Interface major version.
    pub major: u16,
    /// The lower of the two minor versions.
    pub minor: u16,
    /// Stamp of whoever built the board.
    pub build_stamp: u32,
    /// Order of keys and lookup tables in board memory.
    pub key_layout: u32,
    /// Everything that the board was generated for.
    pub shape: Shape,
    /// Most entries of one descriptor.
    pub max_entries: u16,
    /// log2 of the largest ring.
    pub max_ring_log2: u8,
}

/// Why a board is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapabilityError {
    /// The magic register reads something else.
    NotABoard(u32),
    /// Another interface major version.
    Major(u16),
    /// Another key layout.
    KeyLayout(u32),
    /// The numbers contradict one another.
    Shape(ShapeError),
}

impl fmt::Display for CapabilityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotABoard(magic) => write!(
                f,
                "not a Goldilane board: the magic register reads {magic:#010x}"
            ),
            Self::Major(major) => write!(
                f,
                "interface version {major}: this driver speaks version {ABI_MAJOR}"
            ),
            Self::KeyLayout(id) => write!(
                f,
                "key layout {id}: this driver knows layout {KEY_LAYOUT_ID}"
            ),
            Self::Shape(error) => write!(
                f,
                "the capability registers contradict one another: {error}"
            ),
        }
    }
}

impl core::error::Error for CapabilityError {}

impl Capabilities {
    /// What a board of this shape says.
    pub fn of(shape: Shape, build_stamp: u32) -> Self {
        Self {
            major: ABI_MAJOR,
            minor: ABI_MINOR,
            build_stamp,
            key_layout: KEY_LAYOUT_ID,
            shape,
            max_entries: crate::MAX_ENTRIES,
            max_ring_log2: crate::MAX_RING_LOG2,
        }
    }

    /// Reads and judges the registers of a board; `read` answers a register access.
    pub fn read<E>(
        mut read: impl FnMut(u32) -> Result<u32, E>,
    ) -> Result<Result<Self, CapabilityError>, E> {
        use registers as r;
        let magic = read(r::MAGIC.offset)?;
        if magic != MAGIC {
            return Ok(Err(CapabilityError::NotABoard(magic)));
        }
        let version = read(r::VERSION.offset)?;
        let major = (version >> 16) as u16;
        if major != ABI_MAJOR {
            return Ok(Err(CapabilityError::Major(major)));
        }
        let key_layout = read(r::KEY_LAYOUT.offset)?;
        if key_layout != KEY_LAYOUT_ID {
            return Ok(Err(CapabilityError::KeyLayout(key_layout)));
        }
        let shape = Shape {
            lanes: read(r::LANES.offset)?,
            polynomial_size: read(r::POLYNOMIAL_SIZE.offset)?,
            glwe_dimension: read(r::GLWE_DIMENSION.offset)?,
            max_pbs_levels: read(r::MAX_PBS_LEVELS.offset)?,
            max_pbs_base_log: read(r::MAX_PBS_BASE_LOG.offset)?,
            slots: read(r::SLOTS.offset)?,
            max_lwe_dimension: read(r::MAX_LWE_DIMENSION.offset)?,
            key_switch_products: read(r::KEY_SWITCH_PRODUCTS.offset)?,
            key_slots: read(r::KEY_SLOTS.offset)?,
            lut_slots: read(r::LUT_SLOTS.offset)?,
            queue_pairs: read(r::QUEUE_PAIRS.offset)?,
            host_bus_bits: read(r::HOST_BUS_BITS.offset)?,
            memory_ports: read(r::MEMORY_PORTS.offset)?,
            memory_port_bits: read(r::MEMORY_PORT_BITS.offset)?,
        };
        if let Err(error) = shape.check() {
            return Ok(Err(CapabilityError::Shape(error)));
        }
        let limits = read(r::LIMITS.offset)?;
        Ok(Ok(Self {
            major,
            minor: ABI_MINOR.min(version as u16),
            build_stamp: read(r::BUILD_STAMP.offset)?,
            key_layout,
            shape,
            max_entries: limits as u16,
            max_ring_log2: (limits >> 16) as u8,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::convert::Infallible;

    fn board(shape: Shape) -> impl Fn(u32) -> Result<u32, Infallible> {
        move |offset| match registers::find(offset, shape.queue_pairs) {
            Some(registers::Target::Global(register)) => Ok(register.initial(&shape, 77)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn registers_carry_the_shape() {
        for name in crate::shape::CONFIGURATION_NAMES {
            let shape = Shape::named(name).unwrap();
            let Ok(read) = Capabilities::read(board(shape));
            assert_eq!(read, Ok(Capabilities::of(shape, 77)));
        }
    }

    #[test]
    fn foreign_boards_are_refused() {
        let altered = |register: u32, value: u32| {
            let read = board(Shape::TOY);
            let Ok(answer) = Capabilities::read(|offset| {
                if offset == register {
                    Ok(value)
                } else {
                    read(offset)
                }
            });
            answer
        };
        assert_eq!(
            altered(0x000, u32::MAX),
            Err(CapabilityError::NotABoard(u32::MAX))
        );
        assert_eq!(altered(0x004, 0x0002_0000), Err(CapabilityError::Major(2)));
        assert_eq!(altered(0x00c, 9), Err(CapabilityError::KeyLayout(9)));
        assert!(matches!(
            altered(0x010, 5),
            Err(CapabilityError::Shape(ShapeError { field: "lanes", .. }))
        ));
        // Another minor version is fine: the lower one counts.
        assert_eq!(altered(0x004, 7).unwrap().minor, ABI_MINOR);
        assert_eq!(altered(0x004, 0).unwrap().minor, 0);
    }
}
