//! Words that begin at a cache line, so that no vector of them lies across two.

use std::ops::{Deref, DerefMut};

/// Words of a cache line.
const LINE: usize = 8;

/// A number of words from the beginning of a cache line on.
#[derive(Debug, Default)]
pub struct AlignedWords {
    words: Vec<u64>,
    /// Where the first line begins.
    start: usize,
    count: usize,
}

impl AlignedWords {
    /// So many zeros.
    pub fn zeros(count: usize) -> Self {
        let words = vec![0; count + LINE - 1];
        let start = words.as_ptr().align_offset(8 * LINE).min(LINE - 1);
        Self {
            words,
            start,
            count,
        }
    }

    /// Makes the number of words `count`; if it is another one already, all become zero.
    pub fn fit(&mut self, count: usize) {
        if self.count != count {
            *self = Self::zeros(count);
        }
    }
}

impl Deref for AlignedWords {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        &self.words[self.start..self.start + self.count]
    }
}

impl DerefMut for AlignedWords {
    fn deref_mut(&mut self) -> &mut [u64] {
        &mut self.words[self.start..self.start + self.count]
    }
}

impl From<&[u64]> for AlignedWords {
    fn from(words: &[u64]) -> Self {
        let mut aligned = Self::zeros(words.len());
        aligned.copy_from_slice(words);
        aligned
    }
}

/// A copy begins at a line as well.
impl Clone for AlignedWords {
    fn clone(&self) -> Self {
        Self::from(&**self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_their_copies_begin_at_a_line() {
        for count in [0, 1, 7, 8, 9, 4096] {
            let words: Vec<u64> = (0..count).collect();
            let mut aligned = AlignedWords::from(&words[..]);
            for aligned in [&aligned, &aligned.clone()] {
                assert_eq!(**aligned, words);
                assert_eq!(aligned.as_ptr() as usize % 64, 0);
            }
            aligned.fit(count as usize + 1);
            assert_eq!(aligned.len(), count as usize + 1);
        }
    }
}
