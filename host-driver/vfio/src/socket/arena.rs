//! DMA memory that a board process reaches: one memory file, sealed against shrinking, mapped once here and there.
//!
//! Every buffer is a mapping of its own at an IOVA that no buffer had before, with unmapped pages on both sides: a board
//! that runs past a buffer, or uses one that was given back, faults.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use goldilane_driver::{DmaBuffer, DmaMemory, Iova};
use goldilane_vfio_user::PAGE_BYTES;
use goldilane_vfio_user::header::Command;
use goldilane_vfio_user::payload::{DmaMap, DmaUnmap, dma};
use rustix::fs::{
    FallocateFlags, MemfdFlags, SealFlags, fallocate, fcntl_add_seals, ftruncate, memfd_create,
};

use super::client::{Client, ClientError};
use crate::memory::SharedMemory;
use crate::pages::Pages;

/// Bytes of the file. Only pages that are used exist.
const FILE_BYTES: u64 = 16 << 30;
/// Above 32 bits, so that a board that drops the high half faults.
const FIRST_IOVA: u64 = 0x12_3400_0000;

struct State {
    pages: Pages,
    next_iova: u64,
}

/// The memory of a device.
pub(super) struct Arena {
    client: Arc<Mutex<Client>>,
    file: OwnedFd,
    memory: SharedMemory,
    state: Mutex<State>,
}

/// A piece of it, mapped for the board.
struct Piece {
    arena: Arc<Arena>,
    start: u64,
    pages: u64,
    iova: u64,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Arena {
    /// Makes the file.
    pub(super) fn new(client: Arc<Mutex<Client>>) -> io::Result<Self> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let file = memfd_create("goldilane-dma", flags)?;
        ftruncate(&file, FILE_BYTES)?;
        fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
        let bytes = usize::try_from(FILE_BYTES).map_err(io::Error::other)?;
        Ok(Self {
            memory: SharedMemory::of_file(&file, bytes)?,
            file,
            client,
            state: Mutex::new(State {
                pages: Pages::new(FILE_BYTES / PAGE_BYTES),
                next_iova: FIRST_IOVA,
            }),
        })
    }

    /// Maps zeroed memory.
    pub(super) fn map(self: &Arc<Self>, bytes: usize) -> Result<DmaBuffer, ClientError> {
        let pages = (bytes as u64).div_ceil(PAGE_BYTES).max(1);
        let (start, iova) = {
            let mut state = lock(&self.state);
            let full = || {
                let text = format!("the {} GiB of DMA memory are taken", FILE_BYTES >> 30);
                ClientError::System(io::Error::new(io::ErrorKind::OutOfMemory, text))
            };
            let start = state.pages.take(pages).ok_or_else(full)?;
            let iova = state.next_iova;
            state.next_iova += (pages + 1) * PAGE_BYTES;
            (start, iova)
        };
        let request = DmaMap {
            argsz: DmaMap::BYTES as u32,
            flags: dma::READ | dma::WRITE,
            offset: start * PAGE_BYTES,
            address: iova,
            size: pages * PAGE_BYTES,
        };
        let fds = [self.file.as_fd()];
        let mapped = lock(&self.client).request(Command::DmaMap, &request.to_bytes(), &fds);
        match mapped {
            Ok(_) => {
                let piece = Piece {
                    arena: self.clone(),
                    start,
                    pages,
                    iova,
                };
                Ok(DmaBuffer::new(Arc::new(piece), Iova(iova), bytes))
            }
            Err(ClientError::Refused(errno)) => {
                lock(&self.state).pages.give_back(start, pages);
                Err(ClientError::Refused(errno))
            }
            // Mapped perhaps: the pages stay out of use.
            Err(error) => Err(error),
        }
    }

    fn unmap(&self, piece: &Piece) -> Result<(), ClientError> {
        let request = DmaUnmap {
            argsz: DmaUnmap::BYTES as u32,
            flags: 0,
            address: piece.iova,
            size: piece.pages * PAGE_BYTES,
        };
        let reply = lock(&self.client).request(Command::DmaUnmap, &request.to_bytes(), &[])?;
        let ended = DmaUnmap::parse(&reply).map(|(reply, _)| reply.size);
        if ended != Ok(request.size) {
            return Err(ClientError::Ended(format!(
                "unmap {:#x} bytes at iova {:#x}: the board process still has them mapped",
                request.size, request.address
            )));
        }
        // The pages go back to the system and read as zeros from now on.
        fallocate(
            &self.file,
            FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE,
            piece.start * PAGE_BYTES,
            piece.pages * PAGE_BYTES,
        )
        .map_err(io::Error::from)?;
        lock(&self.state).pages.give_back(piece.start, piece.pages);
        Ok(())
    }
}

impl Piece {
    fn at(&self, offset: usize) -> usize {
        // The file was mapped whole, so that its offsets are within `usize`.
        (self.start * PAGE_BYTES) as usize + offset
    }
}

impl DmaMemory for Piece {
    fn read(&self, offset: usize, bytes: &mut [u8]) {
        self.arena.memory.read(self.at(offset), bytes);
    }

    fn write(&self, offset: usize, bytes: &[u8]) {
        self.arena.memory.write(self.at(offset), bytes);
    }

    fn load_acquire(&self, offset: usize) -> u32 {
        self.arena.memory.load_acquire(self.at(offset))
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        if let Err(error) = self.arena.unmap(self) {
            // The board may still reach them: pages that are not surely unmapped are not used again.
            tracing::warn!(iova = self.iova, %error, "a DMA buffer stays out of use");
        }
    }
}
