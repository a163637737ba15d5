//! What every transport's host memory has in common: how it may misbehave, and which bursts no bus allows.

use std::ops::Range;

/// Bursts stay within pages of this many bytes.
const PAGE: u64 = 4096;
/// Starts of bursts are multiples of the smallest record.
const BURST_ALIGNMENT: u64 = 16;

/// How host memory behaves beyond the ordinary.
#[derive(Clone, Debug, Default)]
pub struct HostBehaviour {
    /// Writes are posted: one that goes nowhere is answered as if it had arrived.
    pub posted: bool,
    /// Addresses whose writes get lost without a trace.
    pub lose_writes: Option<Range<u64>>,
}

impl HostBehaviour {
    /// Whether a write to this address gets lost.
    pub fn loses(&self, iova: u64) -> bool {
        self.lose_writes
            .as_ref()
            .is_some_and(|range| range.contains(&iova))
    }
}

/// The rule of a bus that an access breaks, if it breaks one.
pub fn broken_rule(what: &str, iova: u64, bytes: usize) -> Option<String> {
    let within = iova % PAGE + bytes as u64 <= PAGE;
    (!within || !iova.is_multiple_of(BURST_ALIGNMENT))
        .then(|| format!("{what} of {bytes} bytes at {iova:#x}"))
}
