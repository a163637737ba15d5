//! Loading and freeing lookup tables.

use crate::crc::crc32c;
use crate::pack::{pack_body, pack_glwe};
use crate::{Error, Job, Result, Session};
use goldilane_abi::{Code, Descriptor, Handle, Opcode, flags};
use std::fmt;

/// A lookup table in natural order.
#[derive(Clone, Copy, Debug)]
pub enum Lut<'a> {
    /// The body polynomial, N words; the mask is zero.
    Plain(&'a [u64]),
    /// A GLWE, (k + 1) N words: an encrypted table.
    Encrypted(&'a [u64]),
}

/// A lookup table on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LutHandle(pub Handle);

impl fmt::Display for LutHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lookup table {}.{}", self.0.slot, self.0.generation)
    }
}

impl Session {
    /// Loads a lookup table into a free slot.
    pub fn load_lut(&mut self, lut: Lut<'_>) -> Result<LutHandle> {
        let (bytes, plain) = match lut {
            Lut::Plain(body) => (pack_body(self.shape(), body)?, flags::PLAIN_LUT),
            Lut::Encrypted(glwe) => (pack_glwe(self.shape(), glwe)?, 0),
        };
        let slots = self.shape().lut_slots;
        let mut buffer = self.buffer_with(&bytes)?;
        let mut slot = 0;
        while u32::from(slot) < slots {
            let descriptor = self.descriptor(Opcode::LoadLut);
            let descriptor = Descriptor {
                flags: descriptor.flags | plain,
                source: buffer.iova().0,
                length: bytes.len() as u32,
                crc: crc32c(&bytes),
                object: Handle {
                    slot,
                    generation: 0,
                },
                ..descriptor
            };
            let done = self.run(Job {
                descriptor,
                buffers: vec![buffer],
            })?;
            match done.success("load", format!("lookup table into slot {slot}")) {
                Ok(generation) => {
                    return Ok(LutHandle(Handle {
                        slot,
                        generation: generation as u16,
                    }));
                }
                Err(Error::Board {
                    code: Code::SlotOccupied,
                    ..
                }) => slot += 1,
                Err(Error::Board {
                    code: Code::Clearing,
                    ..
                }) => self.wait_cleared()?,
                Err(error) => return Err(error),
            }
            buffer = match done.job.buffers.into_iter().next() {
                Some(buffer) => buffer,
                None => self.buffer_with(&bytes)?,
            };
        }
        Err(Error::NoFreeSlot {
            object: "lookup table",
            slots,
        })
    }

    /// Takes a lookup table off the board; its memory is zeroised.
    pub fn free_lut(&mut self, lut: LutHandle) -> Result<()> {
        self.free_object(Opcode::FreeLut, lut.0)
    }
}
