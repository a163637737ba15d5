//! Constants of the signed decomposition by run-time base and levels: the words of small ROMs.
//!
//! A word x is decomposed in place, its digits never shifted down before they are complete: with b bits a digit
//! and l levels the rounded word is the top b l bits of x + 2^(63 - b l), digit `place` m (0 the
//! highest) stands at bits 64 - (m+1) b .. 64 - m b.

/// Width of the base in a ROM's address: bases up to 2^23.
pub const BASE_ADDRESS_BITS: u32 = 5;

/// One base and number of levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decomposition {
    /// b of the base 2^b.
    pub base_log: u32,
    /// Levels l.
    pub levels: u32,
}

impl Decomposition {
    /// All entries of a ROM: base fastest, then levels 1 .. up to the next power of two from `max_levels`.
    pub fn table(max_levels: u32) -> impl Iterator<Item = Self> {
        (1..=max_levels.next_power_of_two()).flat_map(|levels| {
            (0..1 << BASE_ADDRESS_BITS).map(move |base_log| Self { base_log, levels })
        })
    }

    /// True if there is such a decomposition; the words of the others are 0.
    pub const fn exists(self) -> bool {
        self.base_log >= 1 && self.base_log * self.levels <= 63
    }

    fn guard(self, word: impl Fn() -> u128) -> u128 {
        if self.exists() { word() } else { 0 }
    }

    /// Number of bits that are kept.
    const fn bits(self) -> u32 {
        self.base_log * self.levels
    }

    /// Lowest bit of the digit at `place`, 0 for the places that there are not.
    pub const fn shift(self, place: u32) -> u32 {
        64_u32.saturating_sub((place + 1) * self.base_log)
    }

    /// The bit just below the kept ones: adding it rounds, and tells how it was rounded.
    pub fn half(self) -> u128 {
        self.guard(|| 1 << (63 - self.bits()))
    }

    /// The kept bits.
    pub fn kept(self) -> u128 {
        self.guard(|| ((1 << self.bits()) - 1) << (64 - self.bits()))
    }

    /// The highest bit of each digit.
    pub fn tops(self) -> u128 {
        self.guard(|| (0..self.levels).fold(0, |word, m| word | self.top(m)))
    }

    /// The highest bit of the digit at `place`.
    pub fn top(self, place: u32) -> u128 {
        self.guard(|| {
            if place < self.levels {
                1 << (63 - place * self.base_log)
            } else {
                0
            }
        })
    }

    /// Bit i: bit `number` of the place of the digit that bit i belongs to.
    pub fn place_bit(self, number: u32) -> u128 {
        self.guard(|| {
            let place = |i: u32| ((63 - i) / self.base_log).min(self.levels - 1);
            (0..64).fold(0, |word, i| word | u128::from(place(i) >> number & 1) << i)
        })
    }

    /// The bits of one digit.
    pub fn digit(self) -> u128 {
        self.guard(|| (1 << self.base_log) - 1)
    }

    /// -B/2 modulo 2^`width`.
    pub fn minus_half_base(self, width: u32) -> u128 {
        self.guard(|| (1_u128 << width).wrapping_sub(1 << (self.base_log - 1)))
    }
}
