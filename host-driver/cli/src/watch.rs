//! A simulated device that notices when its board hangs.
//!
//! A simulator's clock stands still while nobody waits, so a hang is counted in clocks of the board: none of the
//! interrupts that completions raise within the limit, or a board that says it is idle while somebody waits.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use goldilane_abi::registers::DOORBELL_BASE;
use goldilane_driver::{Device, DmaBuffer, Error, Result};
use goldilane_driver_local::LocalDevice;
use goldilane_sim::{Board, Progress};

/// Waits in a row (of the driver's interrupt slice each) through which an idle board is given the benefit of the doubt.
const IDLE_WAITS: u32 = 4;

/// Between two looks at the clocks.
const LOOK: Duration = Duration::from_millis(10);

/// What a simulated board knows of its own health.
pub trait Health: Board {
    /// Why it is out of service, if it is.
    fn failure(&self) -> Option<String>;
    /// The rules of its buses that it broke since the last call.
    fn broken_rules(&mut self) -> Option<String>;
}

/// A local device with a limit in clocks.
pub struct Watched<B> {
    device: LocalDevice<B>,
    limit: u64,
    last_sign: AtomicU64,
    idle_waits: AtomicU32,
    /// Why the board hangs: it is not waited for again until it is reset.
    hung: Mutex<Option<String>>,
    /// What was broken first.
    broken: Mutex<Option<String>>,
}

impl<B: Health> Watched<B> {
    /// Watches `device`: at most `limit` clocks from a doorbell or an interrupt to the next interrupt.
    pub fn new(device: LocalDevice<B>, limit: u64) -> Self {
        Self {
            device,
            limit,
            last_sign: AtomicU64::new(0),
            idle_waits: AtomicU32::new(0),
            hung: Mutex::new(None),
            broken: Mutex::new(None),
        }
    }

    /// Whether the board stopped answering.
    pub fn hung(&self) -> bool {
        self.hang_reason().is_some()
    }

    fn hang_reason(&self) -> MutexGuard<'_, Option<String>> {
        self.hung.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Clocks since power-up.
    pub fn clocks(&self) -> u64 {
        self.device.with_board(|board| board.clocks())
    }

    /// What is wrong with the board beyond its answers: a failure, a broken rule of a bus.
    pub fn complaint(&self) -> Option<String> {
        let (failure, rules) = self
            .device
            .with_board(|board| (board.failure(), board.broken_rules()));
        let mut broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        if broken.is_none() {
            *broken = rules;
        }
        failure.or_else(|| broken.clone())
    }

    /// Lets the board run until this clock, work or not.
    pub fn run_until(&self, clock: u64) {
        while self.clocks() < clock && self.device.with_board(|board| board.failure()).is_none() {
            self.device.run(clock - self.clocks());
        }
    }

    fn sign(&self) {
        self.last_sign.store(self.clocks(), Ordering::Relaxed);
        self.idle_waits.store(0, Ordering::Relaxed);
    }

    /// Waits with an eye on the clocks: whether the interrupt came, or why none will.
    fn wait(&self, vector: u16, timeout: Duration) -> Result<std::result::Result<bool, String>> {
        let start = Instant::now();
        loop {
            let came = self.device.wait_interrupt(vector, timeout.min(LOOK))?;
            let waited = self.clocks() - self.last_sign.load(Ordering::Relaxed);
            if waited > self.limit {
                return Ok(Err(format!("no completion in {} clocks", self.limit)));
            }
            if came {
                self.sign();
                return Ok(Ok(true));
            }
            if let Some(failure) = self.device.with_board(|board| board.failure()) {
                return Ok(Err(failure));
            }
            if start.elapsed() >= timeout {
                return Ok(self.check_idle().map_or(Ok(false), Err));
            }
        }
    }

    /// Whether there will be no completion because the board knows of no work.
    fn check_idle(&self) -> Option<String> {
        if self.device.run(1) == Progress::Busy {
            self.idle_waits.store(0, Ordering::Relaxed);
            return None;
        }
        let waits = 1 + self.idle_waits.fetch_add(1, Ordering::Relaxed);
        (waits >= IDLE_WAITS).then(|| "no completion, and the board is idle".to_owned())
    }
}

impl<B: Health> Device for Watched<B> {
    fn name(&self) -> String {
        self.device.name()
    }

    fn read32(&self, offset: u32) -> Result<u32> {
        self.device.read32(offset)
    }

    fn write32(&self, offset: u32, value: u32) -> Result<()> {
        // The driver arms its interrupt again and again while it waits; only a doorbell brings work.
        if offset >= DOORBELL_BASE {
            self.sign();
        }
        self.device.write32(offset, value)
    }

    fn alloc_dma(&self, bytes: usize) -> Result<DmaBuffer> {
        self.device.alloc_dma(bytes)
    }

    fn wait_interrupt(&self, vector: u16, timeout: Duration) -> Result<bool> {
        let known = self.hang_reason().clone();
        let ended = match known {
            Some(reason) => Err(reason),
            None => self.wait(vector, timeout)?,
        };
        ended.map_err(|reason| {
            *self.hang_reason() = Some(reason.clone());
            Error::Device {
                operation: "wait for",
                object: self.name(),
                reason,
            }
        })
    }

    fn reset(&self) -> Result<()> {
        self.sign();
        *self.hang_reason() = None;
        self.device.reset()
    }

    fn relax(&self) {
        self.device.relax();
    }
}
