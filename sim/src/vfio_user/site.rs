//! A board and what stands around it: configuration space, the client's memory, interrupts.

use goldilane_abi::{BAR0_BYTES, RESET_CLOCKS, registers};
use goldilane_vfio_user::errno;
use goldilane_vfio_user::payload::{irq, region};

use super::Refusal;
use super::config_space::{BAR4_BYTES, CONFIG_BYTES, ConfigSpace, MsixTable};
use super::host_memory::HostMemory;
use super::interrupts::Interrupts;
use crate::board::{Board, BusFault, HostBus, Incident, Progress, ResetKind};
use crate::host::{Disturbance, HostLink, broken_rule};

/// Clocks that the board gets with a register access.
const ACCESS_CLOCKS: u64 = 64;
/// Clocks at a time while a reset is waited for, and how often.
const DRAIN_CLOCKS: u64 = 4096;
const DRAIN_TIMES: u64 = 2 * RESET_CLOCKS / DRAIN_CLOCKS;

/// A board in its slot.
pub struct Site<B> {
    board: B,
    pub(super) config: ConfigSpace,
    table: MsixTable,
    pub(super) memory: HostMemory,
    pub(super) interrupts: Interrupts,
    pub(super) link: HostLink,
    violations: Vec<String>,
    held: bool,
    /// The board's process is to die.
    doomed: bool,
}

struct Bus<'s> {
    memory: &'s HostMemory,
    interrupts: &'s Interrupts,
    violations: &'s mut Vec<String>,
    master: bool,
}

impl HostBus for Bus<'_> {
    fn read(&mut self, iova: u64, buffer: &mut [u8]) -> Result<(), BusFault> {
        self.violations
            .extend(broken_rule("read", iova, buffer.len()));
        let fault = BusFault {
            iova,
            bytes: buffer.len(),
        };
        if self.master && self.memory.read(iova, buffer) {
            Ok(())
        } else {
            Err(fault)
        }
    }

    fn write(&mut self, iova: u64, data: &[u8]) -> Result<(), BusFault> {
        self.violations
            .extend(broken_rule("write", iova, data.len()));
        if self.master && self.memory.write(iova, data) {
            return Ok(());
        }
        Err(BusFault {
            iova,
            bytes: data.len(),
        })
    }

    fn interrupt(&mut self, vector: u16) {
        if self.master {
            self.interrupts.raise(irq::MSIX, vector.into());
        }
    }
}

impl<B: Board> Site<B> {
    /// A board after power-up.
    pub fn new(board: B) -> Self {
        let vectors = u16::try_from(board.shape().queue_pairs).unwrap_or(u16::MAX);
        Self {
            board,
            config: ConfigSpace::new(vectors),
            table: MsixTable::new(vectors),
            memory: HostMemory::default(),
            interrupts: Interrupts::new(vectors),
            link: HostLink::default(),
            violations: Vec::new(),
            held: false,
            doomed: false,
        }
    }

    /// The board.
    pub fn board(&mut self) -> &mut B {
        &mut self.board
    }

    /// Lets the board work for about so many clocks.
    pub fn run(&mut self, clocks: u64) -> Progress {
        let mut bus = Bus {
            memory: &self.memory,
            interrupts: &self.interrupts,
            violations: &mut self.violations,
            master: self.config.bus_master(),
        };
        self.board.run(&mut self.link.bus(&mut bus), clocks)
    }

    /// Holds the board: it works only in [`Site::run`]. Or lets it go on by itself.
    pub fn hold(&mut self, held: bool) {
        self.held = held;
    }

    /// Whether the board is held.
    pub fn is_held(&self) -> bool {
        self.held
    }

    /// Makes this wrong between board and host from now on, and nothing else.
    pub fn disturb(&mut self, wrong: Vec<Disturbance>) {
        self.link.disturb(wrong);
    }

    /// How often what was armed last has had an effect.
    pub fn struck(&self) -> u64 {
        self.link.struck()
    }

    /// Lets something happen.
    pub fn happen(&mut self, incident: Incident) {
        match incident {
            Incident::Interrupt(vector) => self.interrupts.raise(irq::MSIX, vector.into()),
            Incident::FatalError => {
                self.link.die();
                self.interrupts.raise(irq::ERROR, 0);
            }
            Incident::Removal => self.interrupts.raise(irq::REQUEST, 0),
            Incident::Death => self.doomed = true,
        }
    }

    /// Whether the board's process is to die now, which it does only once.
    pub(super) fn dies(&mut self) -> bool {
        std::mem::take(&mut self.doomed)
    }

    /// Another process takes the place of one that died: nothing is left of its board.
    pub(super) fn replace(&mut self) {
        self.board.reset(ResetKind::PowerUp);
        self.forget();
    }

    /// Accesses that no bus would allow, since the last call.
    pub fn take_violations(&mut self) -> Vec<String> {
        std::mem::take(&mut self.violations)
    }

    /// Number of the client's mappings.
    pub fn mappings(&self) -> usize {
        self.memory.mappings()
    }

    /// Bytes of a region; 0 if there is none of this index, `None` if there is no such index.
    pub(super) fn region_bytes(index: u32) -> Option<u64> {
        match index {
            region::BAR0 => Some(BAR0_BYTES.into()),
            region::BAR4 => Some(BAR4_BYTES as u64),
            region::CONFIG => Some(CONFIG_BYTES as u64),
            _ => (index < region::COUNT).then_some(0),
        }
    }

    /// The start of an access to a region.
    fn within(index: u32, offset: u64, count: usize) -> Result<usize, Refusal> {
        let bytes = Self::region_bytes(index).unwrap_or(0);
        match offset.checked_add(count as u64) {
            Some(end) if end <= bytes && count > 0 => Ok(offset as usize),
            _ => Err(Refusal::new(
                errno::EINVAL,
                format!("access {count} bytes at {offset:#x} of region {index}: it has {bytes}"),
            )),
        }
    }

    fn words(index: u32, offset: usize, count: usize) -> Result<(), Refusal> {
        if offset.is_multiple_of(4) && count.is_multiple_of(4) {
            return Ok(());
        }
        Err(Refusal::new(
            errno::EINVAL,
            format!("access {count} bytes at {offset:#x} of region {index}: not in 32-bit words"),
        ))
    }

    /// Reads a region.
    pub(super) fn read_region(
        &mut self,
        index: u32,
        offset: u64,
        count: usize,
    ) -> Result<Vec<u8>, Refusal> {
        let start = Self::within(index, offset, count)?;
        if self.link.is_down() {
            return Ok(vec![0xff; count]);
        }
        if index == region::CONFIG {
            return Ok(self.config.read(start, count).to_vec());
        }
        Self::words(index, start, count)?;
        if !self.config.memory_enabled() {
            return Ok(vec![0xff; count]);
        }
        if index == region::BAR4 {
            return Ok(self.table.read(start, count).to_vec());
        }
        let mut data = Vec::with_capacity(count);
        for at in (start..start + count).step_by(4) {
            if !self.held {
                // First, so that posted register writes arrive while host memory is within the board's reach.
                self.run(ACCESS_CLOCKS);
            }
            data.extend(self.board.read_bar(0, at as u64).to_le_bytes());
        }
        Ok(data)
    }

    /// Writes to a region.
    pub(super) fn write_region(
        &mut self,
        index: u32,
        offset: u64,
        data: &[u8],
    ) -> Result<(), Refusal> {
        let start = Self::within(index, offset, data.len())?;
        if index == region::CONFIG {
            if self.config.write(start, data) {
                self.reset_function();
                self.config.reset();
                self.table.reset();
            }
            return Ok(());
        }
        Self::words(index, start, data.len())?;
        if self.link.is_down() || !self.config.memory_enabled() {
            return Ok(());
        }
        if index == region::BAR4 {
            self.table.write(start, data);
            return Ok(());
        }
        for (at, word) in (start..).step_by(4).zip(data.as_chunks::<4>().0) {
            self.board
                .write_bar(0, at as u64, u32::from_le_bytes(*word));
        }
        Ok(())
    }

    /// Function level reset: starts it. Configuration space stays, as with a kernel that restores it.
    pub fn reset_function(&mut self) {
        self.link.reset();
        if !self.link.is_down() {
            self.board.reset(ResetKind::FunctionLevel);
        }
    }

    /// A client has gone: the board is reset while its memory is still there, so that what is outstanding ends in order;
    /// then nothing of the client is left.
    pub(super) fn part(&mut self) {
        self.disturb(Vec::new());
        self.board.reset(ResetKind::FunctionLevel);
        for _ in 0..DRAIN_TIMES {
            self.run(DRAIN_CLOCKS);
            let status = self.board.read_bar(0, registers::STATUS.offset.into());
            if status & registers::status::RESETTING == 0 {
                break;
            }
        }
        self.forget();
    }

    /// Nothing of a client is left around the board.
    fn forget(&mut self) {
        self.memory.clear();
        self.interrupts.clear();
        self.config.reset();
        self.table.reset();
        self.link = HostLink::default();
        self.held = false;
    }
}
