//! Loading and freeing keys.

use crate::crc::crc32c;
use crate::pack::KeyPacker;
use crate::queue_pair::Ticket;
use crate::{DmaBuffer, Error, Job, Result, Session};
use goldilane_abi::layout::piece_count;
use goldilane_abi::{Code, Descriptor, Handle, KeyShape, Opcode, PieceKind, flags};
use std::collections::VecDeque;
use std::fmt;

/// Pieces on their way to the board together.
const PIECES_IN_FLIGHT: usize = 16;
/// Pieces that one doorbell announces: the board takes less time for a column than for two doorbells and a column.
const PIECES_A_DOORBELL: usize = 4;

/// A key on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyHandle {
    /// Slot and generation.
    pub handle: Handle,
    /// The key's numbers.
    pub shape: KeyShape,
}

impl fmt::Display for KeyHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key {}.{}", self.handle.slot, self.handle.generation)
    }
}

/// Where a key comes from, piece by piece, in natural order (see [`KeyPacker`]).
///
/// Errors are texts: a torn file, a key of a kind that boards do not take.
pub trait KeyPieces {
    /// The key's numbers.
    fn shape(&self) -> KeyShape;
    /// GGSW `index`, prepared: words in the transform's domain, points by ascending exponent, times 1/N.
    fn ggsw(&mut self, index: u32) -> std::result::Result<Vec<u64>, String>;
    /// Column `index` of the key-switching key, `[coefficient][level, deepest first]`; column n is the body's.
    fn ksk_column(&mut self, index: u32) -> std::result::Result<Vec<u32>, String>;
}

/// A key whose words stand in memory in natural order.
#[derive(Clone, Copy, Debug)]
pub struct NaturalKey<'a> {
    /// The key's numbers.
    pub shape: KeyShape,
    /// Prepared bootstrapping key, `[i][level, deepest first][row][column][point]`.
    pub bsk: &'a [u64],
    /// Key-switching key, `[coefficient][level, deepest first][n + 1]`.
    pub ksk: &'a [u32],
}

impl KeyPieces for NaturalKey<'_> {
    fn shape(&self) -> KeyShape {
        self.shape
    }

    fn ggsw(&mut self, index: u32) -> std::result::Result<Vec<u64>, String> {
        let n = usize::from(self.shape.lwe_dimension);
        if n == 0 || !self.bsk.len().is_multiple_of(n) {
            return Err(format!("{} words do not make {n} GGSWs", self.bsk.len()));
        }
        let size = self.bsk.len() / n;
        let start = index as usize * size;
        self.bsk
            .get(start..start + size)
            .map(<[u64]>::to_vec)
            .ok_or_else(|| "the bootstrapping key is too short".into())
    }

    fn ksk_column(&mut self, index: u32) -> std::result::Result<Vec<u32>, String> {
        let row = usize::from(self.shape.lwe_dimension) + 1;
        if !self.ksk.len().is_multiple_of(row) {
            return Err(format!(
                "{} words do not make rows of {row}",
                self.ksk.len()
            ));
        }
        Ok(self
            .ksk
            .iter()
            .skip(index as usize)
            .step_by(row)
            .copied()
            .collect())
    }
}

/// How far the loading of a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadProgress {
    /// Pieces that the board has.
    pub pieces: u32,
    /// Pieces of the key.
    pub total: u32,
    /// Bytes that the board has.
    pub bytes: u64,
}

impl fmt::Display for LoadProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} pieces, {} MiB",
            self.pieces,
            self.total,
            self.bytes >> 20
        )
    }
}

/// A key on its way.
struct Loading<'a> {
    packer: KeyPacker,
    source: &'a mut dyn KeyPieces,
    key: KeyShape,
    slot: u16,
    generation: Option<u16>,
    progress: LoadProgress,
    spare: Vec<DmaBuffer>,
}

impl Session {
    /// Loads a key into a free slot. A key that fails half-way is taken off the board again.
    pub fn load_key(
        &mut self,
        source: &mut dyn KeyPieces,
        progress: &mut dyn FnMut(LoadProgress),
    ) -> Result<KeyHandle> {
        let key = source.shape();
        let shape = *self.shape();
        key.check(&shape)?;
        let total = piece_count(&key, PieceKind::Ggsw) + piece_count(&key, PieceKind::KskColumn);
        let mut loading = Loading {
            packer: KeyPacker::new(&shape, &key),
            source,
            key,
            slot: 0,
            generation: None,
            progress: LoadProgress {
                pieces: 0,
                total,
                bytes: 0,
            },
            spare: Vec::new(),
        };
        let loaded = self.load_pieces(&mut loading, progress);
        match (loaded, loading.generation) {
            (Ok(handle), _) => Ok(KeyHandle { handle, shape: key }),
            (Err(error), Some(generation)) => {
                // What stands half-way helps nobody; the first error is the one to tell.
                let _ = self.free_object(
                    Opcode::FreeKey,
                    Handle {
                        slot: loading.slot,
                        generation,
                    },
                );
                Err(error)
            }
            (Err(error), None) => Err(error),
        }
    }

    fn load_pieces(
        &mut self,
        loading: &mut Loading<'_>,
        progress: &mut dyn FnMut(LoadProgress),
    ) -> Result<Handle> {
        self.place_first_piece(loading)?;
        progress(loading.progress);
        let ggsws =
            (1..piece_count(&loading.key, PieceKind::Ggsw)).map(|index| (PieceKind::Ggsw, index));
        let columns = (0..piece_count(&loading.key, PieceKind::KskColumn))
            .map(|index| (PieceKind::KskColumn, index));
        let mut pieces = ggsws.chain(columns);
        let mut in_flight = VecDeque::new();
        let mut result = Ok(());
        // A ring keeps one of its entries free.
        let group = PIECES_A_DOORBELL.min(usize::from(self.pair().size()) - 1);
        while result.is_ok() {
            let group: Vec<_> = pieces.by_ref().take(group).collect();
            if group.is_empty() {
                break;
            }
            match self.submit_pieces(loading, &group) {
                Ok(tickets) => in_flight.extend(
                    tickets
                        .into_iter()
                        .zip(group)
                        .map(|(ticket, (kind, index))| (ticket, kind, index)),
                ),
                Err(error) => result = Err(error),
            }
            while result.is_ok() && in_flight.len() > PIECES_IN_FLIGHT - PIECES_A_DOORBELL {
                result = self.finish_piece(loading, in_flight.pop_front());
                progress(loading.progress);
            }
        }
        // Also after an error: nothing of this key may stay in flight.
        while !in_flight.is_empty() {
            let finished = self.finish_piece(loading, in_flight.pop_front());
            result = result.and(finished);
            progress(loading.progress);
        }
        result?;
        let descriptor = Descriptor {
            object: Handle {
                slot: loading.slot,
                generation: 0,
            },
            ..self
                .descriptor(Opcode::CommitKey)
                .with_key_shape(&loading.key)
        };
        let done = self.run(Job {
            descriptor,
            buffers: Vec::new(),
        })?;
        let generation = done.success("commit", format!("key in slot {}", loading.slot))? as u16;
        Ok(Handle {
            slot: loading.slot,
            generation,
        })
    }

    /// Finds a free slot by loading the first piece into it.
    fn place_first_piece(&mut self, loading: &mut Loading<'_>) -> Result<()> {
        let slots = self.shape().key_slots;
        loop {
            let job = self.piece_job(loading, PieceKind::Ggsw, 0)?;
            let ticket = self.submit(job)?;
            match self.finish_piece(loading, Some((ticket, PieceKind::Ggsw, 0))) {
                Err(Error::Board {
                    code: Code::Clearing,
                    ..
                }) => self.wait_cleared()?,
                // Committed, or somebody else's half-loaded key.
                Err(Error::Board {
                    code: Code::SlotOccupied | Code::KeyShapeMismatch | Code::PieceOutOfOrder,
                    ..
                }) => {
                    loading.slot += 1;
                    if u32::from(loading.slot) == slots {
                        return Err(Error::NoFreeSlot {
                            object: "key",
                            slots,
                        });
                    }
                }
                other => return other,
            }
        }
    }

    fn submit_pieces(
        &mut self,
        loading: &mut Loading<'_>,
        pieces: &[(PieceKind, u32)],
    ) -> Result<Vec<Ticket>> {
        let jobs: Result<Vec<Job>> = pieces
            .iter()
            .map(|&(kind, index)| self.piece_job(loading, kind, index))
            .collect();
        self.submit_batch(jobs?)
    }

    fn piece_job(&self, loading: &mut Loading<'_>, kind: PieceKind, index: u32) -> Result<Job> {
        let source_error = |reason| Error::KeySource {
            piece: piece_name(kind, index),
            reason,
        };
        let bytes = match kind {
            PieceKind::Ggsw => loading
                .packer
                .pack_ggsw(&loading.source.ggsw(index).map_err(source_error)?)?,
            PieceKind::KskColumn => loading
                .packer
                .pack_column(&loading.source.ksk_column(index).map_err(source_error)?)?,
        };
        let fits = |buffer: &DmaBuffer| buffer.len() >= bytes.len();
        let buffer = match loading.spare.pop().filter(fits) {
            Some(buffer) => {
                buffer.write(0, &bytes)?;
                buffer
            }
            None => self.buffer_with(&bytes)?,
        };
        let descriptor = Descriptor {
            source: buffer.iova().0,
            length: bytes.len() as u32,
            crc: crc32c(&bytes),
            object: Handle {
                slot: loading.slot,
                generation: 0,
            },
            piece_kind: kind as u8,
            piece_index: index,
            // The board keeps a CRC of each piece: it is checked here whatever the session's option.
            flags: flags::CRC | flags::INTERRUPT,
            ..Descriptor::new(Opcode::LoadKeyPiece).with_key_shape(&loading.key)
        };
        Ok(Job {
            descriptor,
            buffers: vec![buffer],
        })
    }

    fn finish_piece(
        &mut self,
        loading: &mut Loading<'_>,
        piece: Option<(Ticket, PieceKind, u32)>,
    ) -> Result<()> {
        let Some((ticket, kind, index)) = piece else {
            return Ok(());
        };
        let mut done = self.wait(ticket)?;
        let generation = done.success("load", piece_name(kind, index))?;
        loading.generation = Some(generation as u16);
        loading.progress.pieces += 1;
        loading.progress.bytes += u64::from(done.job.descriptor.length);
        loading.spare.append(&mut done.job.buffers);
        Ok(())
    }

    /// Takes a key off the board; its memory is zeroised.
    pub fn free_key(&mut self, key: &KeyHandle) -> Result<()> {
        self.free_object(Opcode::FreeKey, key.handle)
    }

    pub(crate) fn free_object(&mut self, opcode: Opcode, object: Handle) -> Result<()> {
        let descriptor = Descriptor {
            object,
            ..self.descriptor(opcode)
        };
        let done = self.run(Job {
            descriptor,
            buffers: Vec::new(),
        })?;
        done.success(
            opcode.name(),
            format!("{}.{}", object.slot, object.generation),
        )
        .map(drop)
    }
}

fn piece_name(kind: PieceKind, index: u32) -> String {
    match kind {
        PieceKind::Ggsw => format!("GGSW {index}"),
        PieceKind::KskColumn => format!("column {index} of the key-switching key"),
    }
}
