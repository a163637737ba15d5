//! Descriptors: the checks of each operation in their documented order, and every operation but bootstrap itself.

use super::slots::{KeyState, Refusal};
use super::{Answer, ModelBoard};
use crate::board::HostBus;
use goldilane_abi::layout::{lut_bytes, piece_bytes, piece_count};
use goldilane_abi::{ALIGNMENT, Code, Descriptor, Opcode, PieceKind, crc32c, flags};

/// Bytes that loopback moves at a time.
const LOOPBACK_CHUNK: usize = 4096;

impl ModelBoard {
    /// Does a descriptor; `None` when it completes later.
    pub(super) fn execute(
        &mut self,
        bus: &mut dyn HostBus,
        pair: usize,
        job: &Descriptor,
    ) -> Option<Answer> {
        if job.reserved != 0 || job.flags & !flags::KNOWN != 0 {
            return Some(Code::BadDescriptor.into());
        }
        let Some(opcode) = Opcode::from_number(job.opcode) else {
            return Some(Code::UnknownOpcode.into());
        };
        let done = match opcode {
            Opcode::NoOp => Ok(0),
            Opcode::Loopback => self.loopback(bus, job),
            Opcode::LoadKeyPiece => self.load_piece(bus, job),
            Opcode::CommitKey => self.commit_key(job),
            Opcode::LoadLut => self.load_lut(bus, job),
            Opcode::FreeKey => self.free_key(job),
            Opcode::FreeLut => self.free_lut(job),
            Opcode::SelfTest => self.self_test(),
            Opcode::Bootstrap => match self.start_bootstrap(bus, pair, job) {
                Ok(()) => return None,
                Err(refusal) => Err(refusal),
            },
        };
        Some(match done {
            Ok(info) => Answer::success(info),
            Err(refusal) => refusal.into(),
        })
    }

    /// Reads the bytes that a load names and checks their CRC.
    fn read_source(
        &mut self,
        bus: &mut dyn HostBus,
        job: &Descriptor,
        expected: usize,
    ) -> Result<Vec<u8>, Refusal> {
        if job.length as usize != expected {
            return Err((Code::WrongLength, expected as u32));
        }
        let mut bytes = vec![0; expected];
        self.read_host(bus, job.source, &mut bytes)
            .map_err(|_| (Code::ReadFault, 0))?;
        if job.flags & flags::CRC != 0 && crc32c(&bytes) != job.crc {
            return Err((Code::CrcMismatch, 0));
        }
        Ok(bytes)
    }

    fn loopback(&mut self, bus: &mut dyn HostBus, job: &Descriptor) -> Result<u32, Refusal> {
        // The planted bug: an address that is not checked.
        let checked = if cfg!(feature = "planted-bug") {
            0
        } else {
            job.destination
        };
        check_aligned(job.source | checked)?;
        if !job.length.is_multiple_of(8) {
            return Err((Code::Misaligned, 0));
        }
        if job.length == 0 {
            return Err((Code::WrongLength, 8));
        }
        let mut crc = goldilane_abi::Crc32c::new();
        let mut chunk = [0; LOOPBACK_CHUNK];
        let mut done = 0;
        while done < job.length as usize {
            let bytes = (job.length as usize - done).min(LOOPBACK_CHUNK);
            let chunk = &mut chunk[..bytes];
            let at = |base: u64| base.wrapping_add(done as u64);
            self.read_host(bus, at(job.source), chunk)
                .map_err(|_| (Code::ReadFault, 0))?;
            self.write_host(bus, at(job.destination), chunk)
                .map_err(|_| (Code::WriteFault, 0))?;
            crc.update(chunk);
            done += bytes;
        }
        match job.flags & flags::CRC != 0 {
            true if crc.value() != job.crc => Err((Code::CrcMismatch, crc.value())),
            true => Ok(crc.value()),
            false => Ok(0),
        }
    }

    fn load_piece(&mut self, bus: &mut dyn HostBus, job: &Descriptor) -> Result<u32, Refusal> {
        check_aligned(job.source)?;
        let shape = self.shape;
        let slot = self.slots.key_slot(job.object.slot)?;
        let generation = slot.generation;
        let loaded = match &slot.state {
            KeyState::Ready(..) => return Err((Code::SlotOccupied, 0)),
            KeyState::Loading(shape, counts) => Some((*shape, *counts)),
            KeyState::Empty => None,
        };
        let key = job.key_shape().ok_or((Code::ModulusSwitchUnsupported, 1))?;
        key.check(&shape)
            .map_err(|limit| (limit.code, limit.limit))?;
        if loaded.is_some_and(|(earlier, _)| earlier != key) {
            return Err((Code::KeyShapeMismatch, 0));
        }
        let kind = match job.piece_kind {
            0 => PieceKind::Ggsw,
            1 => PieceKind::KskColumn,
            _ => return Err((Code::BadDescriptor, 0)),
        };
        let expected = loaded.map_or(0, |(_, counts)| counts[kind as usize]);
        if job.piece_index != expected || expected >= piece_count(&key, kind) {
            return Err((Code::PieceOutOfOrder, expected));
        }
        let bytes = self.read_source(bus, job, piece_bytes(&shape, &key, kind))?;
        self.slots
            .store_piece(job.object.slot, key, kind, expected, &bytes);
        Ok(generation.into())
    }

    fn commit_key(&mut self, job: &Descriptor) -> Result<u32, Refusal> {
        let slot = self.slots.key_slot(job.object.slot)?;
        let (key, counts) = match &slot.state {
            KeyState::Ready(..) => return Err((Code::SlotOccupied, 0)),
            KeyState::Empty => return Err((Code::KeyIncomplete, 0)),
            KeyState::Loading(key, counts) => (*key, *counts),
        };
        if job.key_shape() != Some(key) {
            return Err((Code::KeyShapeMismatch, 0));
        }
        let kinds = [PieceKind::Ggsw, PieceKind::KskColumn];
        if kinds.map(|kind| piece_count(&key, kind)) != counts {
            return Err((Code::KeyIncomplete, counts[0] + counts[1]));
        }
        slot.state = KeyState::Ready(key, None);
        Ok(slot.generation.into())
    }

    fn load_lut(&mut self, bus: &mut dyn HostBus, job: &Descriptor) -> Result<u32, Refusal> {
        check_aligned(job.source)?;
        let slot = self.slots.lut_slot(job.object.slot)?;
        let generation = slot.generation;
        if slot.state {
            return Err((Code::SlotOccupied, 0));
        }
        let plain = job.flags & flags::PLAIN_LUT != 0;
        let body = self.read_source(bus, job, lut_bytes(&self.shape, plain))?;
        let mut glwe = vec![0; lut_bytes(&self.shape, false) - body.len()];
        glwe.extend_from_slice(&body);
        self.slots.store_lut(job.object.slot, &glwe);
        Ok(generation.into())
    }

    fn free_key(&mut self, job: &Descriptor) -> Result<u32, Refusal> {
        let slot = self.slots.key_slot(job.object.slot)?;
        if matches!(slot.state, KeyState::Empty) || slot.generation != job.object.generation {
            return Err((Code::UnknownKey, 0));
        }
        if self.active.iter().any(|active| active.key == job.object) {
            return Err((Code::InUse, 0));
        }
        self.slots.free_key(job.object.slot);
        Ok(0)
    }

    fn free_lut(&mut self, job: &Descriptor) -> Result<u32, Refusal> {
        let slot = self.slots.lut_slot(job.object.slot)?;
        if !slot.state || slot.generation != job.object.generation {
            return Err((Code::UnknownLut, 0));
        }
        if self.active.iter().any(|active| active.uses_lut(job.object)) {
            return Err((Code::InUse, 0));
        }
        self.slots.free_lut(job.object.slot);
        Ok(0)
    }
}

/// Refuses addresses that are not multiples of 64; takes several addresses combined by or.
pub(super) fn check_aligned(addresses: u64) -> Result<(), Refusal> {
    if addresses.is_multiple_of(ALIGNMENT) {
        Ok(())
    } else {
        Err((Code::Misaligned, 0))
    }
}
