//! DMA memory and registers: the only file of the crate that dereferences addresses.
//!
//! A device and this process use the same bytes at the same time. They are never a Rust reference: everything is copied
//! in and out through the mapping's address, and where order matters one aligned word is read or written atomically.

use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicU32, Ordering, fence};

use memmap2::{Advice, MmapOptions, MmapRaw};
use rustix::fd::AsRawFd;

/// Size and alignment of the largest pages that are asked for.
pub(crate) const HUGE_PAGE: usize = 2 << 20;

/// Mapped memory that a device shares.
pub(crate) struct SharedMemory {
    map: MmapRaw,
    /// Where it begins in the mapping, which may be larger.
    start: usize,
    bytes: usize,
}

impl SharedMemory {
    /// Maps the first `bytes` bytes of a file, for reading and writing, without reserving swap space for them.
    pub(crate) fn of_file(file: impl AsFd, bytes: usize) -> io::Result<Self> {
        let map = MmapOptions::new()
            .len(bytes)
            .no_reserve_swap()
            .map_raw(file.as_fd().as_raw_fd())?;
        Ok(Self {
            map,
            start: 0,
            bytes,
        })
    }

    /// Zeroed memory of this process at a multiple of [`HUGE_PAGE`], in huge pages where the system has some.
    pub(crate) fn anonymous(bytes: usize) -> io::Result<Self> {
        let whole = bytes
            .checked_add(HUGE_PAGE)
            .ok_or(io::ErrorKind::OutOfMemory)?;
        let map = MmapOptions::new().len(whole).map_anon()?;
        // Advice only: without huge pages everything works as well, more slowly.
        let _refused = map.advise(Advice::HugePage);
        let map = MmapRaw::from(map);
        let start = map.as_mut_ptr().addr().wrapping_neg() % HUGE_PAGE;
        Ok(Self { map, start, bytes })
    }

    /// Its size.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Its address, for the kernel to map for a device.
    pub(crate) fn start(&self) -> *mut u8 {
        self.map.as_mut_ptr().wrapping_add(self.start)
    }

    /// The address of `bytes` bytes at `offset`.
    ///
    /// # Panics
    /// If they are not all there: a mistake of this crate, whose buffers are checked before.
    fn address(&self, offset: usize, bytes: usize) -> *mut u8 {
        let inside = offset
            .checked_add(bytes)
            .is_some_and(|end| end <= self.bytes);
        assert!(inside, "{bytes} bytes at {offset} of {}", self.bytes);
        self.start().wrapping_add(offset)
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

    /// Copies in as a device does: the first aligned word appears last, and what was written before it is visible to whoever
    /// has read it by [`SharedMemory::load_acquire`].
    #[allow(
        unsafe_code,
        reason = "a word that another thread waits for is written atomically through its address"
    )]
    pub(crate) fn publish(&self, offset: usize, data: &[u8]) {
        let first = self.address(offset, data.len()).cast::<u32>();
        match data.split_first_chunk::<4>() {
            Some((word, rest)) if first.is_aligned() => {
                self.write(offset + word.len(), rest);
                let word = u32::from_ne_bytes(*word);
                // SAFETY: four bytes of the mapping, aligned; both sides use this word atomically where the order matters.
                unsafe { AtomicU32::from_ptr(first) }.store(word, Ordering::Release);
            }
            _ => self.write(offset, data),
        }
    }

    /// Writes zeros.
    #[allow(
        unsafe_code,
        reason = "memory that a device shares is written through its address"
    )]
    pub(crate) fn zero(&self, offset: usize, bytes: usize) {
        let destination = self.address(offset, bytes);
        // SAFETY: as in `write`.
        unsafe { std::ptr::write_bytes(destination, 0, bytes) };
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

/// A mapped BAR: 32-bit registers.
pub(crate) struct Registers {
    map: MmapRaw,
}

impl Registers {
    /// Maps `bytes` bytes at `offset` of a device's file.
    pub(crate) fn map(device: impl AsFd, offset: u64, bytes: usize) -> io::Result<Self> {
        let map = MmapOptions::new()
            .offset(offset)
            .len(bytes)
            .map_raw(device.as_fd().as_raw_fd())?;
        Ok(Self { map })
    }

    /// The address of an aligned register.
    fn address(&self, offset: u32) -> Option<*mut u32> {
        let offset = offset as usize;
        let inside = offset.is_multiple_of(4) && offset + 4 <= self.map.len();
        inside.then(|| self.map.as_mut_ptr().wrapping_add(offset).cast())
    }

    /// Reads a register; `None` where there is none.
    #[allow(unsafe_code, reason = "registers are read through their address")]
    pub(crate) fn read(&self, offset: u32) -> Option<u32> {
        let address = self.address(offset)?;
        // SAFETY: within the mapping, which lives as long as `self`, and aligned, because mappings begin at a page. A
        // volatile access of 32 bits is one access of the bus.
        Some(unsafe { address.read_volatile() })
    }

    /// Writes a register; `false` where there is none.
    #[allow(unsafe_code, reason = "registers are written through their address")]
    pub(crate) fn write(&self, offset: u32, value: u32) -> bool {
        let Some(address) = self.address(offset) else {
            return false;
        };
        // What was written to memory before is visible before the register changes.
        fence(Ordering::SeqCst);
        // SAFETY: as in `read`.
        unsafe { address.write_volatile(value) };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anonymous_memory_is_aligned_zeroed_and_copied() {
        let memory = SharedMemory::anonymous(3 << 20).expect("memory");
        assert_eq!(memory.start().addr() % HUGE_PAGE, 0);
        let mut back = [1; 64];
        memory.read((3 << 20) - 64, &mut back);
        assert_eq!(back, [0; 64]);
        memory.write((3 << 20) - 8, &[1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(
            memory.load_acquire((3 << 20) - 4).to_le_bytes(),
            [5, 6, 7, 8]
        );
        assert_eq!(
            memory.load_acquire((3 << 20) - 7).to_le_bytes(),
            [2, 3, 4, 5]
        );
        memory.publish((3 << 20) - 8, &[1, 2, 3, 4, 9, 9, 9, 8]);
        assert_eq!(
            memory.load_acquire((3 << 20) - 8).to_le_bytes(),
            [1, 2, 3, 4]
        );
        memory.publish((3 << 20) - 3, &[9; 2]);
        assert_eq!(
            memory.load_acquire((3 << 20) - 4).to_le_bytes(),
            [9, 9, 9, 8]
        );
        memory.zero((3 << 20) - 8, 7);
        assert_eq!(
            memory.load_acquire((3 << 20) - 4).to_le_bytes(),
            [0, 0, 0, 8]
        );
        let beyond = std::panic::catch_unwind(|| memory.read(3 << 20, &mut [0]));
        assert!(beyond.is_err());
    }

    #[test]
    fn registers_are_words_of_the_bar() {
        let file =
            rustix::fs::memfd_create("bar", rustix::fs::MemfdFlags::CLOEXEC).expect("a file");
        rustix::fs::ftruncate(&file, 0x3000).expect("its size");
        let bar = Registers::map(&file, 0x1000, 0x2000).expect("a map");
        assert!(bar.write(0x1ffc, 0x0403_0201));
        assert_eq!(bar.read(0x1ffc), Some(0x0403_0201));
        let mut word = [0; 4];
        rustix::io::pread(&file, &mut word, 0x2ffc).expect("read");
        assert_eq!(word, [1, 2, 3, 4]);
        for offset in [0x2000, 0x1ffe, 2, u32::MAX - 3] {
            assert!(
                bar.read(offset).is_none() && !bar.write(offset, 0),
                "{offset:#x}"
            );
        }
    }
}
