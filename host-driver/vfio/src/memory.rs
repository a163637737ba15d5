//! DMA memory: the only file of the crate that dereferences addresses.
//!
//! A device and this process use the same bytes at the same time. They are never a Rust reference: everything is copied
//! in and out through the mapping's address, and where order matters one aligned word is read or written atomically.

use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicU32, Ordering, fence};

use memmap2::{MmapOptions, MmapRaw};
use rustix::fd::AsRawFd;

/// Mapped memory that a device shares.
pub(crate) struct SharedMemory {
    map: MmapRaw,
}

impl SharedMemory {
    /// Maps the first `bytes` bytes of a file, for reading and writing, without reserving swap space for them.
    pub(crate) fn of_file(file: impl AsFd, bytes: usize) -> io::Result<Self> {
        let map = MmapOptions::new()
            .len(bytes)
            .no_reserve_swap()
            .map_raw(file.as_fd().as_raw_fd())?;
        Ok(Self { map })
    }

    /// The address of `bytes` bytes at `offset`.
    ///
    /// # Panics
    /// If they are not all there: a mistake of this crate, whose buffers are checked before.
    fn address(&self, offset: usize, bytes: usize) -> *mut u8 {
        let inside = offset
            .checked_add(bytes)
            .is_some_and(|end| end <= self.map.len());
        assert!(inside, "{bytes} bytes at {offset} of {}", self.map.len());
        self.map.as_mut_ptr().wrapping_add(offset)
    }

    /// Copies out.
    #[allow(
        unsafe_code,
        reason = "memory that a device shares is copied through its address"
    )]
    pub(crate) fn read(&self, offset: usize, data: &mut [u8]) {
        let source = self.address(offset, data.len());
        // SAFETY: the source lies in the mapping, which lives as long as `self`; the destination is a slice of its own.
        // The device may write meanwhile: any bytes are a valid `u8`.
        unsafe { std::ptr::copy_nonoverlapping(source, data.as_mut_ptr(), data.len()) };
    }

    /// Copies in.
    #[allow(
        unsafe_code,
        reason = "memory that a device shares is copied through its address"
    )]
    pub(crate) fn write(&self, offset: usize, data: &[u8]) {
        let destination = self.address(offset, data.len());
        // SAFETY: as in `read`, the other way round.
        unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), destination, data.len()) };
    }

    /// Reads an aligned word before everything that is read after it.
    #[allow(
        unsafe_code,
        reason = "a word that a device writes is read atomically through its address"
    )]
    pub(crate) fn load_acquire(&self, offset: usize) -> u32 {
        let source = self.address(offset, size_of::<u32>()).cast::<u32>();
        if source.is_aligned() {
            // SAFETY: four bytes of the mapping, aligned; the device writes them in one piece.
            return unsafe { AtomicU32::from_ptr(source) }.load(Ordering::Acquire);
        }
        let mut bytes = [0; size_of::<u32>()];
        self.read(offset, &mut bytes);
        fence(Ordering::Acquire);
        u32::from_ne_bytes(bytes)
    }
}
