//! Protocol assertions: what a master must keep (AXI4 and this project's rules for bursts).
//!
//! A broken rule becomes a [`Violation`] that names bus, channel and clock; the simulation goes on.

use std::fmt;

use super::{Address, WriteBeat};

/// A channel of an AXI bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Write address.
    Aw,
    /// Write data.
    W,
    /// Write response.
    B,
    /// Read address.
    Ar,
    /// Read data.
    R,
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Channel::Aw => "AW",
            Channel::W => "W",
            Channel::B => "B",
            Channel::Ar => "AR",
            Channel::R => "R",
        })
    }
}

/// A rule that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each has its text")]
pub enum Rule {
    #[error("valid fell before ready came")]
    ValidDropped,
    #[error("the payload changed while valid waited for ready")]
    PayloadChanged,
    #[error("address {address:#x} is no multiple of the beat's {bytes} bytes")]
    Misaligned { address: u64, bytes: usize },
    #[error("the burst of {bytes} bytes from {address:#x} crosses 4 KiB")]
    Crosses4Kib { address: u64, bytes: usize },
    #[error("beats of 2^{size} bytes on a bus of {bus} bytes")]
    Size { size: u8, bus: usize },
    #[error("burst kind {0}: only incrementing bursts are used")]
    BurstKind(u8),
    #[error("id {id} on a bus of {ids} ids")]
    UnknownId { id: u32, ids: u32 },
    #[error("last at beat {beat} of a burst of {beats}")]
    LastEarly { beat: usize, beats: usize },
    #[error("no last at the end of a burst of {beats} beats")]
    LastMissing { beats: usize },
    #[error("byte enables {strobe:#x} outside the beat's lanes {lanes:#x}")]
    StrobeOutsideLanes { strobe: u128, lanes: u128 },
    #[error("a response that nothing asked for")]
    ResponseWithoutRequest,
    #[error("no answer within {0} clocks")]
    NoResponse(u64),
}

/// A broken rule with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The bus, by the prefix of its ports.
    pub bus: String,
    /// The channel.
    pub channel: Channel,
    /// The clock.
    pub clock: u64,
    /// The rule.
    pub rule: Rule,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation {
            bus,
            channel,
            clock,
            rule,
        } = self;
        write!(f, "{bus} {channel} at clock {clock}: {rule}")
    }
}

/// The violations of a bus: the first ones in full, all of them by count.
#[derive(Clone, Debug, Default)]
pub struct Violations {
    first: Vec<Violation>,
    count: u64,
}

impl Violations {
    const KEPT: usize = 32;

    /// Adds one.
    #[cold]
    pub fn push(&mut self, violation: Violation) {
        self.count += 1;
        if self.first.len() < Self::KEPT {
            self.first.push(violation);
        }
    }

    /// The first of them.
    pub fn first(&self) -> &[Violation] {
        &self.first
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Takes them out.
    pub fn take(&mut self) -> Vec<Violation> {
        self.count = 0;
        std::mem::take(&mut self.first)
    }
}

/// A payload that waits for its ready.
#[derive(Clone, Debug)]
pub(super) struct Waiting<T>(Option<T>);

impl<T: PartialEq> Waiting<T> {
    pub(super) fn new() -> Self {
        Self(None)
    }

    /// One clock of a channel; `payload` is what stands there while valid is high.
    pub(super) fn observe(&mut self, payload: Option<T>, ready: bool) -> Option<Rule> {
        let broken = match (&self.0, &payload) {
            (Some(_), None) => Some(Rule::ValidDropped),
            (Some(old), Some(new)) if old != new => Some(Rule::PayloadChanged),
            _ => None,
        };
        self.0 = if ready { None } else { payload };
        broken
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

/// Watches the channels that a master drives.
#[derive(Debug)]
pub struct MasterChecker {
    bus: String,
    bus_bytes: usize,
    ids: u32,
    aw: Waiting<Address>,
    w: Waiting<WriteBeat>,
    ar: Waiting<Address>,
    /// What was broken.
    pub violations: Violations,
}

impl MasterChecker {
    /// A checker for the bus `bus`, `bus_bytes` wide, with `ids` transaction ids.
    pub fn new(bus: &str, bus_bytes: usize, ids: u32) -> Self {
        Self {
            bus: bus.to_owned(),
            bus_bytes,
            ids,
            aw: Waiting::new(),
            w: Waiting::new(),
            ar: Waiting::new(),
            violations: Violations::default(),
        }
    }

    /// After a reset nothing waits.
    pub fn reset(&mut self) {
        self.aw = Waiting::new();
        self.w = Waiting::new();
        self.ar = Waiting::new();
    }

    /// Whether no payload waits for its ready.
    #[inline]
    pub fn is_quiet(&self) -> bool {
        self.aw.is_empty() && self.w.is_empty() && self.ar.is_empty()
    }

    /// One clock of an address channel. The burst's rules are checked when it is taken.
    #[inline]
    pub fn address(&mut self, channel: Channel, payload: Option<Address>, ready: bool, clock: u64) {
        let waiting = match channel {
            Channel::Aw => &mut self.aw,
            _ => &mut self.ar,
        };
        if payload.is_none() && waiting.is_empty() {
            return;
        }
        if let Some(rule) = waiting.observe(payload, ready) {
            self.report(channel, clock, rule);
        }
        if let Some(burst) = payload.filter(|_| ready) {
            self.burst(channel, &burst, clock);
        }
    }

    /// One clock of the write-data channel.
    #[inline]
    pub fn data(&mut self, payload: Option<WriteBeat>, ready: bool, clock: u64) {
        if payload.is_none() && self.w.is_empty() {
            return;
        }
        if let Some(rule) = self.w.observe(payload, ready) {
            self.report(Channel::W, clock, rule);
        }
    }

    fn burst(&mut self, channel: Channel, burst: &Address, clock: u64) {
        let (address, bytes) = (burst.address, burst.bytes());
        if burst.beat_bytes() > self.bus_bytes {
            let (size, bus) = (burst.size, self.bus_bytes);
            self.report(channel, clock, Rule::Size { size, bus });
        }
        if burst.burst != 1 {
            self.report(channel, clock, Rule::BurstKind(burst.burst));
        }
        if burst.id >= self.ids {
            let (id, ids) = (burst.id, self.ids);
            self.report(channel, clock, Rule::UnknownId { id, ids });
        }
        if !address.is_multiple_of(burst.beat_bytes() as u64) {
            let bytes = burst.beat_bytes();
            self.report(channel, clock, Rule::Misaligned { address, bytes });
        }
        if address % 4096 + bytes as u64 > 4096 {
            self.report(channel, clock, Rule::Crosses4Kib { address, bytes });
        }
    }

    /// Notes a broken rule.
    #[cold]
    pub fn report(&mut self, channel: Channel, clock: u64, rule: Rule) {
        let bus = self.bus.clone();
        self.violations.push(Violation {
            bus,
            channel,
            clock,
            rule,
        });
    }
}
