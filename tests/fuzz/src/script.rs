//! An input, read as choices and numbers. Behind its end everything is 0.

/// Numbers next to which things change.
const EDGES: [u64; 16] = [
    0,
    1,
    2,
    8,
    16,
    63,
    64,
    255,
    256,
    4095,
    4096,
    0xffff,
    1 << 31,
    u32::MAX as u64,
    1 << 32,
    u64::MAX,
];

/// The rest of an input.
pub struct Script<'a>(&'a [u8]);

impl<'a> Script<'a> {
    /// A whole input.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether nothing is left.
    pub fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    /// The next two bytes.
    pub fn half(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    /// Up to `most` of the next bytes.
    pub fn bytes(&mut self, most: usize) -> &'a [u8] {
        let (first, rest) = self.0.split_at(most.min(self.0.len()));
        self.0 = rest;
        first
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()) % limit.max(1)
    }

    /// Heads or tails, tails (`false`) behind the end.
    pub fn flip(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// True once in `times`.
    pub fn rarely(&mut self, times: u8) -> bool {
        self.byte() % times == times - 1
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())]
    }

    /// A number: near an edge, small, or any.
    pub fn number(&mut self) -> u64 {
        match self.byte() % 4 {
            0 => self.byte().into(),
            1 => self.pick(&EDGES),
            2 => self.pick(&EDGES).wrapping_sub(self.below(4) as u64),
            _ => {
                let mut word = [0; 8];
                let bytes = self.bytes(8);
                word[..bytes.len()].copy_from_slice(bytes);
                u64::from_le_bytes(word)
            }
        }
    }
}
