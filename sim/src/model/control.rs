//! Error log and performance counters: what survives a reset.

use goldilane_abi::registers::Counter;
use goldilane_abi::{Code, ERROR_LOG_DEPTH};
use std::collections::VecDeque;

/// Number in the error log where no pair is concerned.
pub const NO_PAIR: u8 = 255;

/// The last errors and how many there were.
#[derive(Default)]
pub struct ErrorLog {
    entries: VecDeque<u32>,
    count: u32,
}

impl ErrorLog {
    /// Adds an entry; the oldest gives way.
    pub fn push(&mut self, code: Code, pair: u8, index: u16) {
        if self.entries.len() == ERROR_LOG_DEPTH {
            self.entries.pop_front();
        }
        self.entries
            .push_back(code as u32 | u32::from(pair) << 8 | u32::from(index) << 16);
        self.count = self.count.saturating_add(1);
    }

    /// Errors since cleared.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The oldest entry; 0 when there is none.
    pub fn oldest(&self) -> u32 {
        self.entries.front().copied().unwrap_or(0)
    }

    /// Takes the oldest entry out.
    pub fn pop(&mut self) {
        self.entries.pop_front();
    }

    /// Empties the log.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Performance counters with the copy that is read.
#[derive(Default)]
pub struct Counters {
    live: [u64; Counter::ALL.len()],
    snapshot: [u64; Counter::ALL.len()],
}

impl Counters {
    /// Counts.
    pub fn add(&mut self, counter: Counter, amount: u64) {
        let value = &mut self.live[counter as usize];
        *value = value.wrapping_add(amount);
    }

    /// Takes a write to the counters' control register.
    pub fn control(&mut self, value: u32) {
        if value & 1 != 0 {
            self.snapshot = self.live;
        }
        if value & 2 != 0 {
            self.live = [0; Counter::ALL.len()];
        }
    }

    /// Half of a counter as of the last snapshot.
    pub fn read(&self, counter: Counter, high: bool) -> u32 {
        (self.snapshot[counter as usize] >> if high { 32 } else { 0 }) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_keeps_the_last_and_counts_all() {
        let mut log = ErrorLog::default();
        for index in 0..20 {
            log.push(Code::CrcMismatch, 1, index);
        }
        assert_eq!(log.count(), 20);
        assert_eq!(log.oldest(), 9 | 1 << 8 | 4 << 16);
        log.pop();
        assert_eq!(log.oldest() >> 16, 5);
        log.clear();
        assert_eq!((log.oldest(), log.count()), (0, 0));
    }

    #[test]
    fn counters_read_the_snapshot() {
        let mut counters = Counters::default();
        counters.add(Counter::Clocks, (1 << 32) + 5);
        assert_eq!(counters.read(Counter::Clocks, false), 0);
        counters.control(3);
        assert_eq!(counters.read(Counter::Clocks, false), 5);
        assert_eq!(counters.read(Counter::Clocks, true), 1);
        counters.control(1);
        assert_eq!(counters.read(Counter::Clocks, false), 0);
    }
}
