//! Registered words with a range and a time label.

use crate::netlist::Sig;

/// A time label: the clock in which row 0 of a stream stands in a word, counted from an origin
/// that each module chooses. Row `r` stands there `r` clocks later.
pub type Clock = i32;

/// A word that comes out of a register, a memory or a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'b> {
    sig: Sig<'b>,
    max: u128,
    clock: Clock,
}

impl<'b> Word<'b> {
    /// States that `sig` is registered, never exceeds `max`, and holds row 0 in `clock`.
    pub fn new(sig: Sig<'b>, max: u128, clock: Clock) -> Self {
        debug_assert!(
            width_of(max) <= sig.width(),
            "{max:#x} in {} bits",
            sig.width()
        );
        Self { sig, max, clock }
    }

    /// The signal.
    pub fn sig(self) -> Sig<'b> {
        self.sig
    }

    /// The largest value that occurs.
    pub fn max(self) -> u128 {
        self.max
    }

    /// Width in bits; it may exceed what `max` needs.
    pub fn width(self) -> u32 {
        self.sig.width()
    }

    /// The time label.
    pub fn clock(self) -> Clock {
        self.clock
    }

    /// The same signal read as the row that stands there in another clock.
    #[must_use]
    pub fn relabelled(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Bit `i` as a word of its own.
    pub fn bit(self, i: u32) -> Self {
        Self::new(self.sig.bit(i), 1, self.clock)
    }

    /// Bits `lo .. lo + width` as a word of their own.
    pub fn bits(self, lo: u32, width: u32) -> Self {
        let max = (self.max >> lo).min(ones(width));
        Self::new(self.sig.slice(lo, width), max, self.clock)
    }
}

/// Bits that a value needs (at least one).
pub fn width_of(max: u128) -> u32 {
    (128 - max.leading_zeros()).max(1)
}

/// The low `width` bits set.
pub fn ones(width: u32) -> u128 {
    if width >= 128 {
        u128::MAX
    } else {
        (1 << width) - 1
    }
}
