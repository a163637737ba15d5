//! A device over a board in the same process.
//!
//! The board works while somebody waits for it: in [`Device::wait_interrupt`], [`Device::relax`] and register reads.

use crate::arena::Arena;
use goldilane_driver::{Device, DmaBuffer, Result};
use goldilane_sim::{Board, BusFault, Disturbance, HostBus, HostLink, Progress, ResetKind};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Clocks that the board gets at a time while somebody waits.
const WAIT_CLOCKS: u64 = 20_000;
/// Clocks that the board gets with a register read.
pub(crate) const READ_CLOCKS: u64 = 64;
/// Sleep while the board is idle and another thread may bring work.
const IDLE_SLEEP: Duration = Duration::from_micros(50);

struct Inner<B> {
    board: B,
    link: HostLink,
    interrupts: BTreeSet<u16>,
}

/// Board and host memory in one process.
pub struct LocalDevice<B> {
    name: String,
    arena: Arc<Arena>,
    inner: Mutex<Inner<B>>,
}

struct Bus<'a> {
    arena: &'a Arena,
    interrupts: &'a mut BTreeSet<u16>,
}

impl HostBus for Bus<'_> {
    fn read(&mut self, iova: u64, buffer: &mut [u8]) -> std::result::Result<(), BusFault> {
        self.arena.bus_read(iova, buffer)
    }

    fn write(&mut self, iova: u64, data: &[u8]) -> std::result::Result<(), BusFault> {
        self.arena.bus_write(iova, data)
    }

    fn interrupt(&mut self, vector: u16) {
        self.interrupts.insert(vector);
    }
}

impl<B: Board> LocalDevice<B> {
    /// A device over a board.
    pub fn new(name: impl Into<String>, board: B) -> Self {
        Self {
            name: name.into(),
            arena: Arc::default(),
            inner: Mutex::new(Inner {
                board,
                link: HostLink::default(),
                interrupts: BTreeSet::new(),
            }),
        }
    }

    /// Host memory.
    pub fn arena(&self) -> &Arc<Arena> {
        &self.arena
    }

    /// The board itself: what only a simulator can show.
    pub fn with_board<R>(&self, look: impl FnOnce(&mut B) -> R) -> R {
        look(&mut self.lock().board)
    }

    /// Makes this wrong between board and host from now on, and nothing else.
    pub fn disturb(&self, wrong: Vec<Disturbance>) {
        self.lock().link.disturb(wrong);
    }

    /// How often what was armed last has had an effect.
    pub fn struck(&self) -> u64 {
        self.lock().link.struck()
    }

    /// Raises an interrupt vector for no reason.
    pub fn interrupt(&self, vector: u16) {
        self.lock().interrupts.insert(vector);
    }

    /// Lets the board work for about so many clocks.
    pub fn run(&self, clocks: u64) -> Progress {
        self.pump(&mut self.lock(), clocks)
    }

    fn lock(&self) -> MutexGuard<'_, Inner<B>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pump(&self, inner: &mut Inner<B>, clocks: u64) -> Progress {
        let mut bus = Bus {
            arena: &self.arena,
            interrupts: &mut inner.interrupts,
        };
        inner.board.run(&mut inner.link.bus(&mut bus), clocks)
    }
}

impl<B: Board> Device for LocalDevice<B> {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn read32(&self, offset: u32) -> Result<u32> {
        let mut inner = self.lock();
        if inner.link.is_down() {
            return Ok(u32::MAX);
        }
        // First, so that posted register writes arrive while host memory is within the board's reach.
        self.pump(&mut inner, READ_CLOCKS);
        Ok(inner.board.read_bar(0, offset.into()))
    }

    fn write32(&self, offset: u32, value: u32) -> Result<()> {
        let mut inner = self.lock();
        if !inner.link.is_down() {
            inner.board.write_bar(0, offset.into(), value);
        }
        Ok(())
    }

    fn alloc_dma(&self, bytes: usize) -> Result<DmaBuffer> {
        Ok(self.arena.map(bytes))
    }

    fn wait_interrupt(&self, vector: u16, timeout: Duration) -> Result<bool> {
        let start = Instant::now();
        loop {
            let mut inner = self.lock();
            if inner.interrupts.remove(&vector) {
                return Ok(true);
            }
            let progress = self.pump(&mut inner, WAIT_CLOCKS);
            if inner.interrupts.remove(&vector) {
                return Ok(true);
            }
            drop(inner);
            if start.elapsed() >= timeout {
                return Ok(false);
            }
            if progress == Progress::Idle {
                std::thread::sleep(IDLE_SLEEP);
            }
        }
    }

    fn reset(&self) -> Result<()> {
        let mut inner = self.lock();
        if !inner.link.is_down() {
            inner.board.reset(ResetKind::FunctionLevel);
        }
        Ok(())
    }

    fn relax(&self) {
        if self.run(WAIT_CLOCKS) == Progress::Idle {
            std::thread::yield_now();
        }
    }
}
