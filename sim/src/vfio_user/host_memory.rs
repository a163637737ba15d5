//! The memory that a client has mapped for the board: IOVAs that lead into its files.

use std::collections::{BTreeMap, HashMap};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Weak};

use goldilane_vfio_user::payload::{DmaMap, DmaUnmap, dma};
use goldilane_vfio_user::{MAX_MAPPINGS, PAGE_BYTES, errno};

use super::Refusal;
use super::memory::{Identity, MapError, SharedFile, identity};

struct Mapping {
    size: u64,
    readable: bool,
    writable: bool,
    /// None: the client gave no descriptor, and the board does not reach it.
    memory: Option<(Arc<SharedFile>, u64)>,
}

/// All mappings of a client.
#[derive(Default)]
pub struct HostMemory {
    mappings: BTreeMap<u64, Mapping>,
    files: HashMap<Identity, Weak<SharedFile>>,
    /// The file that was mapped last stays: virtual machines map pages of one file again and again.
    last: Option<Arc<SharedFile>>,
}

impl HostMemory {
    /// Number of mappings.
    pub fn mappings(&self) -> usize {
        self.mappings.len()
    }

    /// Ends all mappings.
    pub fn clear(&mut self) {
        self.mappings.clear();
        self.files.clear();
        self.last = None;
    }

    /// Maps memory.
    pub fn map(&mut self, request: &DmaMap, file: Option<OwnedFd>) -> Result<(), Refusal> {
        let DmaMap {
            flags,
            offset,
            address,
            size,
            ..
        } = *request;
        let refused = |errno, reason: &str| {
            Err(Refusal::new(
                errno,
                format!("map {size:#x} bytes at iova {address:#x}: {reason}"),
            ))
        };
        if flags & !(dma::READ | dma::WRITE) != 0 || flags == 0 {
            return refused(errno::EINVAL, "neither readable nor writable");
        }
        let pages = [offset, address, size]
            .iter()
            .all(|number| number.is_multiple_of(PAGE_BYTES));
        if size == 0 || !pages {
            return refused(errno::EINVAL, "not whole pages");
        }
        let (Some(end), Some(file_end)) = (address.checked_add(size), offset.checked_add(size))
        else {
            return refused(errno::EINVAL, "beyond the last address");
        };
        let below = self.mappings.range(..end).next_back();
        if below.is_some_and(|(start, mapping)| start + mapping.size > address) {
            return refused(errno::EEXIST, "mapped already");
        }
        if self.mappings.len() == MAX_MAPPINGS {
            return refused(errno::ENOSPC, "too many mappings");
        }
        let memory = match file {
            Some(file) => match self.file(&file, file_end) {
                Ok(shared) => Some((shared, offset)),
                Err(error) => return refused(errno::EINVAL, &error.to_string()),
            },
            None => None,
        };
        let mapping = Mapping {
            size,
            readable: flags & dma::READ != 0,
            writable: flags & dma::WRITE != 0,
            memory,
        };
        self.mappings.insert(address, mapping);
        Ok(())
    }

    /// The map of a file: the one that stands, if it reaches far enough.
    fn file(&mut self, file: &OwnedFd, needed: u64) -> Result<Arc<SharedFile>, MapError> {
        let identity = identity(file.as_fd())?;
        if let Some(known) = self.files.get(&identity).and_then(Weak::upgrade)
            && known.len() >= needed
        {
            return Ok(known);
        }
        let shared = Arc::new(SharedFile::map(file.as_fd(), needed)?);
        self.files.retain(|_, file| file.strong_count() > 0);
        self.files.insert(identity, Arc::downgrade(&shared));
        self.last = Some(shared.clone());
        Ok(shared)
    }

    /// Ends the mappings within a range, which may cover none or many; one that is covered in part is refused.
    pub fn unmap(&mut self, request: &DmaUnmap) -> Result<(), Refusal> {
        let DmaUnmap {
            flags,
            address,
            size,
            ..
        } = *request;
        let refused = |errno, reason: &str| {
            Err(Refusal::new(
                errno,
                format!("unmap {size:#x} bytes at iova {address:#x}: {reason}"),
            ))
        };
        if flags == dma::UNMAP_ALL {
            if (address, size) != (0, 0) {
                return refused(errno::EINVAL, "everything, with a range");
            }
            self.mappings.clear();
            return Ok(());
        }
        if flags != 0 {
            return refused(errno::ENOTSUP, "unknown flags");
        }
        // The last address, so that a range may end where addresses do.
        let Some(last) = size
            .checked_sub(1)
            .and_then(|size| address.checked_add(size))
        else {
            return refused(errno::EINVAL, "no range");
        };
        let ends_in = |(start, mapping): (&u64, &Mapping)| start + (mapping.size - 1);
        let before = self.mappings.range(..address).next_back().map(ends_in);
        let inside = self.mappings.range(address..=last).next_back().map(ends_in);
        if before.is_some_and(|end| end >= address) || inside.is_some_and(|end| end > last) {
            return refused(errno::EINVAL, "it cuts a mapping");
        }
        let ended: Vec<u64> = self
            .mappings
            .range(address..=last)
            .map(|(start, _)| *start)
            .collect();
        for start in ended {
            self.mappings.remove(&start);
        }
        Ok(())
    }

    /// The pieces of an access: file, offset in it, range of the data. `None` if any of it is not reachable.
    fn pieces(&self, iova: u64, bytes: usize, write: bool) -> Option<Vec<Piece<'_>>> {
        let mut pieces = Vec::with_capacity(1);
        let mut done = 0;
        while done < bytes {
            let at = iova.checked_add(done as u64)?;
            let (start, mapping) = self.mappings.range(..=at).next_back()?;
            let within = at - start;
            let left = mapping.size.checked_sub(within).filter(|left| *left > 0)?;
            let allowed = if write {
                mapping.writable
            } else {
                mapping.readable
            };
            let (file, offset) = mapping.memory.as_ref().filter(|_| allowed)?;
            let count = usize::try_from(left)
                .unwrap_or(usize::MAX)
                .min(bytes - done);
            pieces.push(Piece {
                file,
                offset: offset + within,
                data: done..done + count,
            });
            done += count;
        }
        Some(pieces)
    }

    /// Copies out of client memory; `false` if any of it is not there, and then nothing is copied.
    pub fn read(&self, iova: u64, data: &mut [u8]) -> bool {
        let Some(pieces) = self.pieces(iova, data.len(), false) else {
            return false;
        };
        pieces
            .iter()
            .all(|piece| piece.file.read(piece.offset, &mut data[piece.data.clone()]))
    }

    /// Copies into client memory; `false` if any of it is not there, and then nothing is copied.
    pub fn write(&self, iova: u64, data: &[u8]) -> bool {
        let Some(pieces) = self.pieces(iova, data.len(), true) else {
            return false;
        };
        pieces
            .iter()
            .all(|piece| piece.file.write(piece.offset, &data[piece.data.clone()]))
    }
}

struct Piece<'m> {
    file: &'m SharedFile,
    offset: u64,
    data: std::ops::Range<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};

    fn file() -> OwnedFd {
        let file = memfd_create("test", MemfdFlags::ALLOW_SEALING).expect("a memory file");
        ftruncate(&file, 0x4000).expect("its size");
        fcntl_add_seals(&file, SealFlags::SHRINK).expect("its seal");
        file
    }

    fn request(address: u64, size: u64, offset: u64) -> DmaMap {
        DmaMap {
            argsz: 32,
            flags: dma::READ | dma::WRITE,
            offset,
            address,
            size,
        }
    }

    fn unmap(memory: &mut HostMemory, address: u64, size: u64) -> Option<u32> {
        let request = DmaUnmap {
            argsz: 24,
            flags: 0,
            address,
            size,
        };
        memory.unmap(&request).err().map(|refusal| refusal.errno)
    }

    #[test]
    fn pages_are_found_through_one_map_of_their_file() {
        let (mut memory, file) = (HostMemory::default(), file());
        // In another order than in the file.
        for (page, offset) in [(0, 0x3000), (1, 0), (2, 0x2000)] {
            let copy = file.try_clone().expect("a descriptor");
            let request = request(0x10_0000 + page * 0x1000, 0x1000, offset);
            memory.map(&request, Some(copy)).expect("a page");
        }
        assert_eq!((memory.mappings(), memory.files.len()), (3, 1));
        let map = memory.files.values().next().and_then(Weak::upgrade);
        let address = map.as_ref().map(Arc::as_ptr);
        drop(map);
        assert_eq!(unmap(&mut memory, 0x10_2000, 0x1000), None);
        assert_eq!(unmap(&mut memory, 0x10_0000, 0x2000), None);
        assert_eq!(memory.mappings(), 0);
        for (page, offset) in [(0, 0x3000), (1, 0), (2, 0x2000)] {
            let copy = file.try_clone().expect("a descriptor");
            let request = request(0x10_0000 + page * 0x1000, 0x1000, offset);
            memory.map(&request, Some(copy)).expect("a page");
        }
        let again = memory.files.values().next().and_then(Weak::upgrade);
        assert_eq!(again.as_ref().map(Arc::as_ptr), address, "the same map");
        let data: Vec<u8> = (0..0x2800_u32).map(|at| (at % 253) as u8).collect();
        assert!(memory.write(0x10_0400, &data), "over three pages");
        let mut back = vec![0; data.len()];
        assert!(memory.read(0x10_0400, &mut back));
        assert_eq!(back, data);
        let mut first = [0];
        let whole = SharedFile::map(file.as_fd(), 0).expect("the file");
        assert!(whole.read(0x3400, &mut first) && first == [data[0]]);
        assert!(!memory.read(0x10_2fff, &mut [0; 2]) && !memory.read(0xf_ffff, &mut [0; 2]));
        assert!(!memory.write(u64::MAX, &[0; 2]));
    }

    #[test]
    fn ranges_that_cannot_be_are_refused() {
        let (mut memory, file) = (HostMemory::default(), file());
        let mut map = |request: DmaMap| {
            let copy = file.try_clone().expect("a descriptor");
            let refused = memory.map(&request, Some(copy)).err();
            refused.map(|refusal| refusal.errno)
        };
        for (address, size, offset) in [
            (0x1000, 0, 0),
            (0x1000, 0x800, 0),
            (0x1010, 0x1000, 0),
            (0x1000, 0x1000, 0x10),
            (0u64.wrapping_sub(0x1000), 0x2000, 0),
            (0x1000, 0x2000, 0u64.wrapping_sub(0x1000)),
            (0x1000, 0x5000, 0),
            (0x1000, 0x1000, 0x4000),
        ] {
            assert_eq!(
                map(request(address, size, offset)),
                Some(errno::EINVAL),
                "{address:#x} {size:#x} {offset:#x}"
            );
        }
        for flags in [0, 4, 7] {
            let request = DmaMap {
                flags,
                ..request(0x1000, 0x1000, 0)
            };
            assert_eq!(map(request), Some(errno::EINVAL));
        }
        assert_eq!(map(request(0x8000, 0x2000, 0)), None);
        for (address, size) in [
            (0x8000, 0x1000),
            (0x9000, 0x1000),
            (0x7000, 0x4000),
            (0x7000, 0x2000),
        ] {
            let again = map(request(address, size, 0));
            assert_eq!(again, Some(errno::EEXIST), "{address:#x}");
        }
        assert_eq!(map(request(0xa000, 0x1000, 0)), None, "next to it");
    }

    #[test]
    fn unmapping_takes_whole_mappings_and_any_number_of_them() {
        let mut memory = HostMemory::default();
        for page in [1, 2, 5] {
            let request = request(page * 0x1000, 0x1000, 0);
            memory.map(&request, Some(file())).expect("a page");
        }
        let big = request(0x10_0000, 0x2000, 0);
        memory.map(&big, Some(file())).expect("two pages");
        assert_eq!(unmap(&mut memory, 0x10_0000, 0x1000), Some(errno::EINVAL));
        assert_eq!(unmap(&mut memory, 0x10_1000, 0x1000), Some(errno::EINVAL));
        assert_eq!(unmap(&mut memory, 0x1000, 0), Some(errno::EINVAL));
        assert_eq!(unmap(&mut memory, u64::MAX, 2), Some(errno::EINVAL));
        assert_eq!(unmap(&mut memory, 0x8000, 0x1000), None, "nothing is there");
        assert_eq!(unmap(&mut memory, 0x0, 0x4000), None, "two");
        assert_eq!(memory.mappings(), 2);
        assert!(!memory.read(0x1000, &mut [0]) && memory.read(0x5000, &mut [0]));
        assert_eq!(unmap(&mut memory, 0, u64::MAX), None, "a huge range");
        assert_eq!(memory.mappings(), 0);
    }

    #[test]
    fn rights_and_memory_without_descriptor() {
        let mut memory = HostMemory::default();
        let only = |flags, address| DmaMap {
            flags,
            ..request(address, 0x1000, 0)
        };
        memory
            .map(&only(dma::READ, 0x1000), Some(file()))
            .expect("r");
        memory
            .map(&only(dma::WRITE, 0x2000), Some(file()))
            .expect("w");
        memory.map(&request(0x3000, 0x1000, 0), None).expect("none");
        assert!(memory.read(0x1000, &mut [0]) && !memory.write(0x1000, &[0]));
        assert!(!memory.read(0x2000, &mut [0]) && memory.write(0x2000, &[0]));
        assert!(!memory.read(0x3000, &mut [0]) && !memory.write(0x3000, &[0]));
        assert!(!memory.write(0x2ff0, &[0; 32]), "half of it");
    }
}
