//! PCI configuration space: an endpoint with BAR0 (registers), BAR4 (MSI-X table and pending bits), the PCI Express
//! capability with function level reset, and MSI-X. The extended part is empty.

use goldilane_abi::{BAR0_BYTES, PCI_CLASS, PCI_DEVICE, PCI_REVISION, PCI_VENDOR};

/// Bytes of configuration space, extended part included.
pub const CONFIG_BYTES: usize = 4096;
/// Bytes of BAR4.
pub const BAR4_BYTES: usize = 4096;

const COMMAND: usize = 0x04;
const COMMAND_MEMORY: u16 = 1 << 1;
const COMMAND_MASTER: u16 = 1 << 2;
/// Memory, bus master, parity response, SERR, INTx disable.
const COMMAND_WRITABLE: u16 = 0x0546;
const STATUS_CAPABILITIES: u16 = 1 << 4;
const BAR0: usize = 0x10;
const BAR4: usize = 0x20;

const EXPRESS: usize = 0x40;
const DEVICE_CONTROL: usize = EXPRESS + 8;
const DEVICE_CONTROL_RESET: u16 = 1 << 15;
const DEVICE_FLR: u32 = 1 << 28;
/// Largest payload 256 bytes, role-based error reporting.
const DEVICE_ORDINARY: u32 = 1 | 1 << 15;
/// Reads of 512 bytes, relaxed ordering and no-snoop allowed: the values after reset.
const DEVICE_CONTROL_RESET_VALUE: u16 = 0x2810;
/// 16 lanes at 8 GT/s.
const LINK: u32 = 3 | 16 << 4;

const MSIX: usize = 0x80;
const MSIX_BAR: u32 = 4;
const MSIX_PENDING: u32 = 0x800;
const MSIX_ENTRY: usize = 16;

/// Configuration space.
pub struct ConfigSpace {
    bytes: Vec<u8>,
    writable: Vec<u8>,
    vectors: u16,
}

impl ConfigSpace {
    /// After power-up, with so many MSI-X vectors.
    pub fn new(vectors: u16) -> Self {
        let mut space = Self {
            bytes: vec![0; CONFIG_BYTES],
            writable: vec![0; CONFIG_BYTES],
            vectors,
        };
        space.reset();
        space
    }

    fn put(&mut self, offset: usize, value: &[u8], writable: &[u8]) {
        self.bytes[offset..offset + value.len()].copy_from_slice(value);
        self.writable[offset..offset + writable.len()].copy_from_slice(writable);
    }

    fn put16(&mut self, offset: usize, value: u16, writable: u16) {
        self.put(offset, &value.to_le_bytes(), &writable.to_le_bytes());
    }

    fn put32(&mut self, offset: usize, value: u32, writable: u32) {
        self.put(offset, &value.to_le_bytes(), &writable.to_le_bytes());
    }

    /// The values after a reset.
    pub fn reset(&mut self) {
        self.put16(0x00, PCI_VENDOR, 0);
        self.put16(0x02, PCI_DEVICE, 0);
        self.put16(COMMAND, 0, COMMAND_WRITABLE);
        self.put16(0x06, STATUS_CAPABILITIES, 0);
        self.put32(0x08, PCI_CLASS << 8 | u32::from(PCI_REVISION), 0);
        self.put32(0x0c, 0, 0xff);
        self.put32(BAR0, 0, !(BAR0_BYTES - 1));
        self.put32(BAR4, 0, !(BAR4_BYTES as u32 - 1));
        self.put16(0x2c, PCI_VENDOR, 0);
        self.put16(0x2e, PCI_DEVICE, 0);
        self.put32(0x34, EXPRESS as u32, 0);
        self.put32(0x3c, 0, 0xff);

        // An endpoint, version 2 of the capability.
        self.put32(EXPRESS, 0x10 | (MSIX as u32) << 8 | 2 << 16, 0);
        self.put32(EXPRESS + 4, DEVICE_ORDINARY | DEVICE_FLR, 0);
        self.put16(DEVICE_CONTROL, DEVICE_CONTROL_RESET_VALUE, 0x7fff);
        self.put32(EXPRESS + 12, LINK, 0);
        self.put16(EXPRESS + 16, 0, 0x01ff);
        self.put16(EXPRESS + 18, LINK as u16, 0);
        self.put16(EXPRESS + 40, 0, 0x001f);

        self.put16(MSIX, 0x11, 0);
        self.put16(MSIX + 2, self.vectors.saturating_sub(1), 0xc000);
        self.put32(MSIX + 4, MSIX_BAR, 0);
        self.put32(MSIX + 8, MSIX_BAR | MSIX_PENDING, 0);
    }

    fn command(&self) -> u16 {
        u16::from_le_bytes([self.bytes[COMMAND], self.bytes[COMMAND + 1]])
    }

    /// Whether the board may use the bus towards the host.
    pub fn bus_master(&self) -> bool {
        self.command() & COMMAND_MASTER != 0
    }

    /// Whether the BARs answer.
    pub fn memory_enabled(&self) -> bool {
        self.command() & COMMAND_MEMORY != 0
    }

    /// The bytes from `offset` on, which the caller has checked to be there.
    pub fn read(&self, offset: usize, count: usize) -> &[u8] {
        &self.bytes[offset..offset + count]
    }

    /// Writes what is writable; whether this asked for a function level reset.
    pub fn write(&mut self, offset: usize, data: &[u8]) -> bool {
        for (at, value) in (offset..).zip(data) {
            let mask = self.writable[at];
            self.bytes[at] = self.bytes[at] & !mask | value & mask;
        }
        let control = (DEVICE_CONTROL + 1).checked_sub(offset);
        let written = control.and_then(|at| data.get(at)).copied().unwrap_or(0);
        u16::from(written) << 8 & DEVICE_CONTROL_RESET != 0
    }
}

/// BAR4: the MSI-X table, whose contents a simulated board does not use (interrupts go by event descriptors), and the
/// pending bits, which read 0.
pub struct MsixTable {
    bytes: Vec<u8>,
    entries: usize,
}

impl MsixTable {
    /// After power-up.
    pub fn new(vectors: u16) -> Self {
        let mut table = Self {
            bytes: vec![0; BAR4_BYTES],
            entries: usize::from(vectors),
        };
        table.reset();
        table
    }

    /// Every vector masked.
    pub fn reset(&mut self) {
        self.bytes.fill(0);
        for entry in 0..self.entries {
            self.bytes[entry * MSIX_ENTRY + 12] = 1;
        }
    }

    /// The bytes from `offset` on, which the caller has checked to be there.
    pub fn read(&self, offset: usize, count: usize) -> &[u8] {
        &self.bytes[offset..offset + count]
    }

    /// Writes to the table; the rest is read-only.
    pub fn write(&mut self, offset: usize, data: &[u8]) {
        let end = self.entries * MSIX_ENTRY;
        for (at, value) in (offset..end).zip(data) {
            self.bytes[at] = *value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(space: &ConfigSpace, offset: usize) -> u32 {
        let bytes = space.read(offset, 4);
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    #[test]
    fn a_reader_of_capabilities_finds_express_with_reset_and_msix() {
        let space = ConfigSpace::new(2);
        assert_eq!(
            word(&space, 0),
            u32::from(PCI_DEVICE) << 16 | u32::from(PCI_VENDOR)
        );
        assert_ne!(word(&space, 4) >> 16 & 0x10, 0, "a list of capabilities");
        let mut found = Vec::new();
        let mut at = word(&space, 0x34) as usize & 0xff;
        while at != 0 {
            found.push((word(&space, at) as u8, at));
            at = (word(&space, at) >> 8) as usize & 0xff;
        }
        assert_eq!(found, [(0x10, EXPRESS), (0x11, MSIX)]);
        assert_ne!(word(&space, EXPRESS + 4) & 1 << 28, 0, "it has FLR");
        assert_eq!(word(&space, MSIX) >> 16 & 0x7ff, 1, "two vectors");
        assert_eq!(word(&space, 0x100), 0, "no extended capability");
    }

    #[test]
    fn only_what_is_writable_is_written() {
        let mut space = ConfigSpace::new(2);
        assert!(!space.write(0, &[0xff; 0x40]));
        assert_eq!(word(&space, 0) as u16, PCI_VENDOR);
        assert!(space.bus_master() && space.memory_enabled());
        assert_eq!(word(&space, BAR0), 0xffff_e000, "8 KiB");
        assert_eq!(word(&space, BAR4), 0xffff_f000, "4 KiB");
        assert_eq!(word(&space, 0x14), 0, "no BAR1");
        space.write(MSIX + 2, &[0xff, 0xff]);
        assert_eq!(word(&space, MSIX) >> 16, 0xc001);
        space.reset();
        assert!(!space.bus_master() && !space.memory_enabled());
    }

    #[test]
    fn a_reset_is_asked_for_by_one_bit() {
        let mut space = ConfigSpace::new(2);
        assert!(space.write(DEVICE_CONTROL, &[0x10, 0xa8]));
        assert!(space.write(DEVICE_CONTROL + 1, &[0x80]));
        assert!(!space.write(DEVICE_CONTROL, &[0xff]));
        assert!(!space.write(DEVICE_CONTROL, &[0x10, 0x28]));
        assert!(space.write(0, &[0xff; 256]));
        assert_eq!(word(&space, DEVICE_CONTROL) & 0x8000, 0, "reads 0");
    }

    #[test]
    fn the_table_can_be_written_and_the_pending_bits_cannot() {
        let mut table = MsixTable::new(2);
        table.write(0, &[0xff; BAR4_BYTES]);
        assert_eq!(table.read(0, 32), [0xff; 32]);
        assert_eq!(table.read(32, BAR4_BYTES - 32), [0; BAR4_BYTES - 32]);
        table.reset();
        assert_eq!((table.read(12, 1), table.read(28, 1)), (&[1][..], &[1][..]));
    }
}
