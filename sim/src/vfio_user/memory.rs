//! A client's memory in this process: the only file of the crate with `unsafe`.
//!
//! A file is mapped whole and once, whatever number of mappings lie in it. It must be a memory file that can no longer
//! shrink (`F_SEAL_SHRINK`): otherwise a client could take pages away and end this process by SIGBUS.

use std::io;
use std::os::fd::BorrowedFd;
use std::sync::atomic::{AtomicU32, Ordering};

use memmap2::{MmapOptions, MmapRaw};
use rustix::fs::{SealFlags, fcntl_get_seals, fstat, fstatfs};
use thiserror::Error;

/// Type of the file system that memory files are in, unless they are of huge pages: those may be missing at any time,
/// which is a SIGBUS too.
const TMPFS_MAGIC: u64 = 0x0102_1994;

/// Why a file is not mapped.
#[derive(Debug, Error)]
pub enum MapError {
    /// Not a memory file.
    #[error("the descriptor is no memory file of ordinary pages")]
    NoMemoryFile,
    /// It could shrink.
    #[error("the memory file is not sealed against shrinking")]
    NotSealed,
    /// It ends too early.
    #[error("the memory file has {bytes} bytes where {needed} are mapped")]
    Short {
        /// Its size.
        bytes: u64,
        /// The end of the mapping in it.
        needed: u64,
    },
    /// The kernel refused.
    #[error("map the memory file: {0}")]
    Refused(#[from] io::Error),
}

/// Names a file.
pub type Identity = (u64, u64);

/// The identity of a file.
pub fn identity(file: BorrowedFd<'_>) -> Result<Identity, MapError> {
    let found = fstat(file).map_err(io::Error::from)?;
    Ok((found.st_dev, found.st_ino))
}

/// A mapped file.
pub struct SharedFile {
    map: MmapRaw,
}

impl SharedFile {
    /// Maps all of a file that holds at least `needed` bytes.
    pub fn map(file: BorrowedFd<'_>, needed: u64) -> Result<Self, MapError> {
        let system = fstatfs(file).map_err(io::Error::from)?;
        if system.f_type as u64 != TMPFS_MAGIC {
            return Err(MapError::NoMemoryFile);
        }
        let sealed = fcntl_get_seals(file).is_ok_and(|seals| seals.contains(SealFlags::SHRINK));
        if !sealed {
            return Err(MapError::NotSealed);
        }
        // The size is read behind the look at the seal: it cannot become less.
        let bytes = fstat(file).map_err(io::Error::from)?.st_size as u64;
        if bytes < needed {
            return Err(MapError::Short { bytes, needed });
        }
        let length = usize::try_from(bytes).map_err(io::Error::other)?;
        let map = MmapOptions::new()
            .len(length)
            .no_reserve_swap()
            .map_raw(&file)?;
        Ok(Self { map })
    }

    /// Bytes that are mapped.
    pub fn len(&self) -> u64 {
        self.map.len() as u64
    }

    /// The address of `bytes` bytes at `offset`, if they are all there.
    fn address(&self, offset: u64, bytes: usize) -> Option<*mut u8> {
        let offset = usize::try_from(offset).ok()?;
        let end = offset.checked_add(bytes)?;
        (end <= self.map.len()).then(|| self.map.as_mut_ptr().wrapping_add(offset))
    }

    /// Copies out; `false` if that would leave the file.
    #[allow(
        unsafe_code,
        reason = "memory that is shared with another process is copied through its address"
    )]
    pub fn read(&self, offset: u64, data: &mut [u8]) -> bool {
        let Some(source) = self.address(offset, data.len()) else {
            return false;
        };
        // SAFETY: `address` checked that the source lies in the mapping, which lives as long as `self` and whose file
        // cannot shrink. The destination is a slice of this process, so the two do not overlap. The other process may
        // write at the same time: any bytes are a valid `u8`, and nothing is concluded from them without a check.
        unsafe { std::ptr::copy_nonoverlapping(source, data.as_mut_ptr(), data.len()) };
        true
    }

    /// Copies in; `false` if that would leave the file. The first aligned word appears last, and all writes before it
    /// are visible to whoever has read it with acquire ordering: the phase bit of a completion lies there.
    #[allow(
        unsafe_code,
        reason = "memory that is shared with another process is copied through its address"
    )]
    pub fn write(&self, offset: u64, data: &[u8]) -> bool {
        let Some(destination) = self.address(offset, data.len()) else {
            return false;
        };
        let word = match data.split_first_chunk::<4>() {
            Some((first, _)) if destination.cast::<u32>().is_aligned() => {
                Some(u32::from_ne_bytes(*first))
            }
            _ => None,
        };
        let first = if word.is_some() { 4 } else { 0 };
        let rest = &data[first..];
        // SAFETY: as in `read`, the other way round; `first <= data.len()`.
        unsafe {
            std::ptr::copy_nonoverlapping(rest.as_ptr(), destination.add(first), rest.len());
        }
        if let Some(word) = word {
            // SAFETY: four bytes within the mapping, aligned; both processes use this word by atomic accesses where the
            // order matters.
            unsafe { AtomicU32::from_ptr(destination.cast()) }.store(word, Ordering::Release);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{MemfdFlags, fcntl_add_seals, ftruncate, memfd_create};
    use std::os::fd::{AsFd, OwnedFd};

    fn file(bytes: u64, seal: bool) -> OwnedFd {
        let file = memfd_create("test", MemfdFlags::ALLOW_SEALING).expect("a memory file");
        ftruncate(&file, bytes).expect("its size");
        if seal {
            fcntl_add_seals(&file, SealFlags::SHRINK).expect("its seal");
        }
        file
    }

    #[test]
    fn what_is_written_is_read() {
        let file = file(8192, true);
        let (a, b) = (
            SharedFile::map(file.as_fd(), 1).expect("a map"),
            SharedFile::map(file.as_fd(), 8192).expect("another"),
        );
        assert_eq!((a.len(), identity(file.as_fd()).is_ok()), (8192, true));
        for (offset, length) in [
            (0, 16),
            (100, 3),
            (101, 64),
            (4096, 4096),
            (8191, 1),
            (8, 0),
        ] {
            let data: Vec<u8> = (0..length).map(|at| at as u8 ^ 0x5a).collect();
            assert!(a.write(offset, &data));
            let mut back = vec![0; length];
            assert!(b.read(offset, &mut back));
            assert_eq!(back, data, "{length} bytes at {offset}");
        }
        assert!(!a.write(8191, &[0; 2]) && !a.read(u64::MAX, &mut [0; 2]));
    }

    #[test]
    fn files_that_could_end_the_process_are_refused() {
        assert!(matches!(
            SharedFile::map(file(4096, false).as_fd(), 1),
            Err(MapError::NotSealed)
        ));
        assert!(matches!(
            SharedFile::map(file(4096, true).as_fd(), 4097),
            Err(MapError::Short { .. })
        ));
        assert!(SharedFile::map(file(1 << 62, true).as_fd(), 1).is_err());
        let (pipe, _) = std::io::pipe().expect("a pipe");
        assert!(matches!(
            SharedFile::map(pipe.as_fd(), 1),
            Err(MapError::NoMemoryFile)
        ));
        let null = std::fs::File::open("/dev/null").expect("a device");
        assert!(SharedFile::map(null.as_fd(), 0).is_err());
    }
}
