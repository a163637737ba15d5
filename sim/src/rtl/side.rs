//! Board memory behind all ports, and the tests' way into it.

use goldilane_abi::{MemoryMap, Shape};

use crate::axi::{Memory, MemoryFault, PageMemory};
use crate::board::{Fault, SideChannel};

/// One port's memory, whose lowest bit can be made to stick.
#[derive(Debug)]
pub(super) struct PortMemory {
    store: PageMemory,
    stuck: bool,
}

impl Memory for PortMemory {
    fn read(&mut self, address: u64, data: &mut [u8]) -> Result<(), MemoryFault> {
        self.store.read(address, data)?;
        if self.stuck
            && let Some(byte) = data.first_mut()
        {
            *byte |= 1;
        }
        Ok(())
    }

    fn write(&mut self, address: u64, data: &[u8]) -> Result<(), MemoryFault> {
        self.store.write(address, data)
    }
}

/// All of board memory: line i is word i of every port, port 0 lowest.
#[derive(Debug)]
pub(super) struct BoardMemory {
    ports: Vec<PortMemory>,
    word_bytes: usize,
    planted: u64,
}

impl BoardMemory {
    /// Zeroed memory; each port has what the map needs, rounded up to a power of two.
    pub(super) fn new(shape: &Shape, map: &MemoryMap) -> Self {
        let word_bytes = shape.port_bytes();
        let bytes = (map.total_lines * word_bytes as u64).next_power_of_two();
        let port = || PortMemory {
            store: PageMemory::new(bytes),
            stuck: false,
        };
        Self {
            ports: (0..shape.memory_ports).map(|_| port()).collect(),
            word_bytes,
            planted: 0,
        }
    }

    /// The faults inside the chip, for the top's input `test_faults`: bit 0 on-chip memory, bit 2 arithmetic.
    pub(super) fn planted(&self) -> u64 {
        self.planted
    }

    pub(super) fn ports(&mut self) -> impl Iterator<Item = &mut PortMemory> {
        self.ports.iter_mut()
    }

    pub(super) fn clear(&mut self) {
        for port in &mut self.ports {
            port.store.clear();
        }
    }
}

impl SideChannel for BoardMemory {
    fn read_line(&mut self, line: u64) -> Vec<u8> {
        let mut bytes = vec![0; self.ports.len() * self.word_bytes];
        let address = line.saturating_mul(self.word_bytes as u64);
        for (port, word) in self.ports.iter().zip(bytes.chunks_mut(self.word_bytes)) {
            // A line that does not exist reads as zeros.
            if port.store.peek(address, word).is_err() {
                word.fill(0);
            }
        }
        bytes
    }

    fn flip_bits(&mut self, line: u64, byte: usize, mask: u8) {
        let address = line.saturating_mul(self.word_bytes as u64) + (byte % self.word_bytes) as u64;
        let Some(port) = self.ports.get_mut(byte / self.word_bytes) else {
            return;
        };
        let mut value = [0];
        if port.store.peek(address, &mut value).is_ok() {
            value[0] ^= mask;
            // The address was readable a line above.
            let _written = port.store.write(address, &value);
        }
    }

    fn inject(&mut self, fault: Fault, present: bool) {
        if fault == Fault::BoardMemory {
            for port in &mut self.ports {
                port.stuck = present;
            }
            return;
        }
        let bit = 1 << fault as u8;
        self.planted = self.planted & !bit | if present { bit } else { 0 };
    }

    fn holds_secrets(&mut self) -> bool {
        self.ports.iter().any(|port| !port.store.is_zero())
    }
}
