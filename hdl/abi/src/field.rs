//! One bit field of a record made of 64-bit words.

/// A field: where it lies, what it is called, what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Index of the 64-bit word.
    pub word: usize,
    /// Lowest bit.
    pub low: u32,
    /// Width in bits.
    pub width: u32,
    /// Name in the documentation and, in capitals, in the C header.
    pub name: &'static str,
    /// One line of documentation.
    pub text: &'static str,
}

impl Field {
    /// All ones in the field's width.
    pub const fn mask(&self) -> u64 {
        if self.width >= 64 {
            u64::MAX
        } else {
            (1 << self.width) - 1
        }
    }

    /// The field's value in `words` (0 where the record is too short).
    pub fn get(&self, words: &[u64]) -> u64 {
        (words.get(self.word).copied().unwrap_or(0) >> self.low) & self.mask()
    }

    /// Puts `value`, cut to the field's width, into `words`.
    pub fn set(&self, words: &mut [u64], value: u64) {
        if let Some(word) = words.get_mut(self.word) {
            *word = (*word & !(self.mask() << self.low)) | ((value & self.mask()) << self.low);
        }
    }
}

/// Declares the fields of a record, each a constant, and the table of all of them.
macro_rules! fields {
    ($($(#[$meta:meta])* $name:ident = $word:literal [$high:literal : $low:literal] $text:literal;)*) => {
        $(
            #[doc = $text]
            pub const $name: $crate::field::Field = $crate::field::Field {
                word: $word,
                low: $low,
                width: $high - $low + 1,
                name: stringify!($name),
                text: $text,
            };
        )*
        /// Every field of the record, in order.
        pub const ALL: &[$crate::field::Field] = &[$($name),*];
    };
}
pub(crate) use fields;

/// Little-endian bytes of `words`.
pub(crate) fn to_bytes<const WORDS: usize, const BYTES: usize>(
    words: &[u64; WORDS],
) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    for (chunk, word) in bytes.chunks_exact_mut(8).zip(words) {
        chunk.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

/// Words of little-endian `bytes`.
pub(crate) fn to_words<const WORDS: usize, const BYTES: usize>(
    bytes: &[u8; BYTES],
) -> [u64; WORDS] {
    let mut words = [0; WORDS];
    for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(8)) {
        let mut little = [0; 8];
        little.copy_from_slice(chunk);
        *word = u64::from_le_bytes(little);
    }
    words
}
