//! Board memory: lines of M ports, kept in pages so that only what was written takes room.
//!
//! Addresses are lines (one word of every port); within a line port 0 lies lowest. Never-written lines read 0.

use goldilane_abi::{Crc32c, Shape};

const PAGE_BYTES: usize = 1 << 16;

/// Board memory of one board.
pub struct BoardMemory {
    line_bytes: usize,
    port_bytes: usize,
    pages: Vec<Option<Box<[u8]>>>,
    lines: u64,
}

impl BoardMemory {
    /// Zeroed memory of `lines` lines.
    pub fn new(shape: &Shape, lines: u64) -> Self {
        let line_bytes = shape.line_bytes();
        let pages = (lines as usize * line_bytes).div_ceil(PAGE_BYTES);
        Self {
            line_bytes,
            port_bytes: shape.port_bytes(),
            pages: vec![None; pages],
            lines,
        }
    }

    /// Lines in all.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Writes whole bytes from the start of `line` on.
    pub fn write(&mut self, line: u64, bytes: &[u8]) {
        let mut address = line as usize * self.line_bytes;
        let mut rest = bytes;
        while !rest.is_empty() {
            let (page, within) = (address / PAGE_BYTES, address % PAGE_BYTES);
            let count = rest.len().min(PAGE_BYTES - within);
            let Some(slot) = self.pages.get_mut(page) else {
                return;
            };
            let page = slot.get_or_insert_with(|| vec![0; PAGE_BYTES].into_boxed_slice());
            page[within..within + count].copy_from_slice(&rest[..count]);
            rest = &rest[count..];
            address += count;
        }
    }

    /// Reads `bytes` bytes from the start of `line` on.
    pub fn read(&self, line: u64, bytes: usize) -> Vec<u8> {
        let mut address = line as usize * self.line_bytes;
        let mut out = Vec::with_capacity(bytes);
        while out.len() < bytes {
            let (page, within) = (address / PAGE_BYTES, address % PAGE_BYTES);
            let count = (bytes - out.len()).min(PAGE_BYTES - within);
            match self.pages.get(page) {
                Some(Some(page)) => out.extend_from_slice(&page[within..within + count]),
                _ => out.resize(out.len() + count, 0),
            }
            address += count;
        }
        out
    }

    /// Zeroes lines.
    pub fn clear(&mut self, first: u64, count: u64) {
        let mut address = first as usize * self.line_bytes;
        let end = (first + count).min(self.lines) as usize * self.line_bytes;
        while address < end {
            let (page, within) = (address / PAGE_BYTES, address % PAGE_BYTES);
            let bytes = (end - address).min(PAGE_BYTES - within);
            if bytes == PAGE_BYTES {
                self.pages[page] = None;
            } else if let Some(page) = &mut self.pages[page] {
                page[within..within + bytes].fill(0);
            }
            address += bytes;
        }
    }

    /// Whether any bit of these lines is set.
    pub fn any_set(&self, first: u64, count: u64) -> bool {
        let mut address = first as usize * self.line_bytes;
        let end = (first + count).min(self.lines) as usize * self.line_bytes;
        while address < end {
            let (page, within) = (address / PAGE_BYTES, address % PAGE_BYTES);
            let bytes = (end - address).min(PAGE_BYTES - within);
            if let Some(page) = &self.pages[page]
                && page[within..within + bytes].iter().any(|&byte| byte != 0)
            {
                return true;
            }
            address += bytes;
        }
        false
    }

    /// The CRC line of a piece: in each port's word the CRC of the port's stripe.
    pub fn crc_line(&self, piece: &[u8]) -> Vec<u8> {
        let mut crcs = vec![Crc32c::new(); self.line_bytes / self.port_bytes];
        for line in piece.chunks(self.line_bytes) {
            for (crc, word) in crcs.iter_mut().zip(line.chunks(self.port_bytes)) {
                crc.update(word);
            }
        }
        let mut line = vec![0; self.line_bytes];
        for (word, crc) in line.chunks_mut(self.port_bytes).zip(crcs) {
            word[..4].copy_from_slice(&crc.value().to_le_bytes());
        }
        line
    }

    /// Stores a piece and its CRC line.
    pub fn store_piece(&mut self, line: u64, crc_line: u64, piece: &[u8]) {
        let crcs = self.crc_line(piece);
        self.write(line, piece);
        self.write(crc_line, &crcs);
    }

    /// Reads a piece back; `None` when it does not fit its CRC line.
    pub fn load_piece(&self, line: u64, crc_line: u64, bytes: usize) -> Option<Vec<u8>> {
        let piece = self.read(line, bytes);
        (self.crc_line(&piece) == self.read(crc_line, self.line_bytes)).then_some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory() -> BoardMemory {
        BoardMemory::new(&Shape::SIM, 4096)
    }

    #[test]
    fn what_is_written_reads_back_across_pages() {
        let mut memory = memory();
        let bytes: Vec<u8> = (0..3 * PAGE_BYTES)
            .map(|index| (index * 7 + index / 251) as u8)
            .collect();
        memory.write(300, &bytes);
        assert_eq!(memory.read(300, bytes.len()), bytes);
        assert_eq!(memory.read(299, 128), vec![0; 128]);
        assert!(memory.any_set(0, 4096) && !memory.any_set(0, 300));
        memory.clear(301, 1000);
        assert_eq!(memory.read(300, 256), [&bytes[..128], &[0; 128]].concat());
        assert_eq!(memory.read(1301, 128), bytes[1001 * 128..1002 * 128]);
        memory.clear(0, 4096);
        assert!(!memory.any_set(0, 4096));
    }

    #[test]
    fn a_stripe_is_the_words_of_one_port() {
        let mut memory = memory();
        let piece: Vec<u8> = (0..256).map(|index| index as u8).collect();
        memory.store_piece(5, 9, &piece);
        let line = memory.read(9, 128);
        let port_1: Vec<u8> = piece[64..128]
            .iter()
            .chain(&piece[192..256])
            .copied()
            .collect();
        assert_eq!(line[64..68], goldilane_abi::crc32c(&port_1).to_le_bytes());
        assert_eq!(memory.load_piece(5, 9, 256), Some(piece.clone()));
        memory.write(6, &[0xff]);
        assert_eq!(memory.load_piece(5, 9, 256), None);
    }
}
