//! What every transport's host memory has in common: which bursts no bus allows.

pub use goldilane_side_channel::HostBehaviour;

/// Bursts stay within pages of this many bytes.
const PAGE: u64 = 4096;
/// Starts of bursts are multiples of the smallest record.
const BURST_ALIGNMENT: u64 = 16;

/// The rule of a bus that an access breaks, if it breaks one.
pub fn broken_rule(what: &str, iova: u64, bytes: usize) -> Option<String> {
    let within = iova % PAGE + bytes as u64 <= PAGE;
    (!within || !iova.is_multiple_of(BURST_ALIGNMENT))
        .then(|| format!("{what} of {bytes} bytes at {iova:#x}"))
}
