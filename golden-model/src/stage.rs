//! The named checkpoints of a bootstrap and the words that stand there.

use std::fmt;

/// A checkpoint of a bootstrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// The input: `u64[k*N + 1]`.
    LweIn,
    /// After key switch: `u32[n + 1]`, or `u64[n + 1]` for 64-bit key-switching keys.
    KeySwitch,
    /// After modulus switch: `u16[n + 1]`.
    ModSwitch,
    /// The accumulator after so many steps of blind rotation: `u64[(k + 1)*N]`, natural order. 0 is
    /// the LUT, `n` is before extract.
    Accumulator(usize),
    /// After sample extract: `u64[k*N + 1]` for each degree, one after another.
    Extract,
}

impl Stage {
    /// The checkpoints at which implementations are compared: the accumulator after 0, 1, 2, `n/2`,
    /// `n - 1` and `n` steps (each once).
    pub fn checkpoints(lwe_dimension: usize) -> Vec<Self> {
        let n = lwe_dimension;
        let mut steps = vec![0, 1, 2, n / 2, n.saturating_sub(1), n];
        steps.retain(|step| *step <= n);
        steps.sort_unstable();
        steps.dedup();
        let mut all = vec![Self::LweIn, Self::KeySwitch, Self::ModSwitch];
        all.extend(steps.into_iter().map(Self::Accumulator));
        all.push(Self::Extract);
        all
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LweIn => f.write_str("lwe_in"),
            Self::KeySwitch => f.write_str("key_switch"),
            Self::ModSwitch => f.write_str("mod_switch"),
            Self::Accumulator(steps) => write!(f, "accumulator_{steps}"),
            Self::Extract => f.write_str("extract"),
        }
    }
}

/// The words of a stage, in the width of the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StageWords {
    /// Exponents.
    U16(Vec<u16>),
    /// Words modulo `2^32`.
    U32(Vec<u32>),
    /// Words modulo `2^64`.
    U64(Vec<u64>),
}

/// The first word in which two stages differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its place.
    pub index: usize,
    /// The word of the first; `None` past its end.
    pub left: Option<u64>,
    /// The word of the second; `None` past its end.
    pub right: Option<u64>,
}

impl StageWords {
    /// Number of words.
    pub fn len(&self) -> usize {
        match self {
            Self::U16(words) => words.len(),
            Self::U32(words) => words.len(),
            Self::U64(words) => words.len(),
        }
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of one word.
    pub fn word_bytes(&self) -> usize {
        match self {
            Self::U16(_) => 2,
            Self::U32(_) => 4,
            Self::U64(_) => 8,
        }
    }

    /// Word `index`, widened.
    pub fn get(&self, index: usize) -> Option<u64> {
        match self {
            Self::U16(words) => words.get(index).map(|word| u64::from(*word)),
            Self::U32(words) => words.get(index).map(|word| u64::from(*word)),
            Self::U64(words) => words.get(index).copied(),
        }
    }

    /// The words as little-endian bytes.
    pub fn to_le_bytes(&self) -> Vec<u8> {
        match self {
            Self::U16(words) => words.iter().flat_map(|word| word.to_le_bytes()).collect(),
            Self::U32(words) => words.iter().flat_map(|word| word.to_le_bytes()).collect(),
            Self::U64(words) => words.iter().flat_map(|word| word.to_le_bytes()).collect(),
        }
    }

    /// The first word, widened, in which the two differ.
    pub fn first_difference(&self, other: &Self) -> Option<Difference> {
        (0..self.len().max(other.len()))
            .map(|index| Difference {
                index,
                left: self.get(index),
                right: other.get(index),
            })
            .find(|difference| difference.left != difference.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkpoints_are_each_named_once() {
        let names = |n| {
            Stage::checkpoints(n)
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(918)[2..],
            [
                "mod_switch",
                "accumulator_0",
                "accumulator_1",
                "accumulator_2",
                "accumulator_459",
                "accumulator_917",
                "accumulator_918",
                "extract"
            ]
        );
        assert_eq!(names(1)[3..], ["accumulator_0", "accumulator_1", "extract"]);
    }

    #[test]
    fn finds_the_first_difference() {
        let words = StageWords::U32(vec![1, 2, 3]);
        assert_eq!(words.first_difference(&words.clone()), None);
        let other = StageWords::U32(vec![1, 7, 8]);
        let difference = words.first_difference(&other).unwrap();
        assert_eq!(
            (difference.index, difference.left, difference.right),
            (1, Some(2), Some(7))
        );
        let longer = StageWords::U32(vec![1, 2, 3, 4]);
        assert_eq!(words.first_difference(&longer).unwrap().left, None);
    }

    #[test]
    fn bytes_are_little_endian() {
        assert_eq!(
            StageWords::U16(vec![0x1234, 5]).to_le_bytes(),
            [0x34, 0x12, 5, 0]
        );
        assert_eq!(StageWords::U32(vec![1]).to_le_bytes(), [1, 0, 0, 0]);
        assert_eq!(StageWords::U64(vec![256]).to_le_bytes()[..2], [0, 1]);
    }
}
