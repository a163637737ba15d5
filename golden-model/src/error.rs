//! What can be wrong with the input of the golden model.

use std::fmt;

/// Result of a golden-model function.
pub type Result<T> = std::result::Result<T, Error>;

/// A named reason why the golden model refuses its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A slice does not have the length that the parameters call for.
    Shape {
        /// The slice.
        what: &'static str,
        /// Words that it must have.
        expected: usize,
        /// Words that it has.
        found: usize,
    },
    /// A quantity lies outside of its range.
    OutOfRange {
        /// The quantity.
        what: &'static str,
        /// Its value.
        value: usize,
        /// The least value allowed.
        minimum: usize,
        /// The greatest value allowed.
        maximum: usize,
    },
    /// A size that must be a power of two is none.
    NotPowerOfTwo {
        /// The size.
        what: &'static str,
        /// Its value.
        value: usize,
    },
    /// The two key-switch widths, of parameters and of key words, differ.
    KeySwitchWidth {
        /// Bits that the parameters say.
        expected: u32,
        /// Bits of the words handed over.
        found: u32,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape {
                what,
                expected,
                found,
            } => write!(f, "{what}: {found} words where {expected} are needed"),
            Self::OutOfRange {
                what,
                value,
                minimum,
                maximum,
            } => write!(f, "{what}: {value} is outside of {minimum}..={maximum}"),
            Self::NotPowerOfTwo { what, value } => {
                write!(f, "{what}: {value} is not a power of two")
            }
            Self::KeySwitchWidth { expected, found } => write!(
                f,
                "key switch: words of {found} bits where the parameters say {expected}"
            ),
        }
    }
}

impl std::error::Error for Error {}

/// `Err(Shape)` unless `found == expected`.
pub(crate) fn check_len(what: &'static str, found: usize, expected: usize) -> Result<()> {
    if found == expected {
        Ok(())
    } else {
        Err(Error::Shape {
            what,
            expected,
            found,
        })
    }
}

/// `Err(OutOfRange)` unless `minimum <= value <= maximum`.
pub(crate) fn check_range(
    what: &'static str,
    value: usize,
    minimum: usize,
    maximum: usize,
) -> Result<()> {
    if (minimum..=maximum).contains(&value) {
        Ok(())
    } else {
        Err(Error::OutOfRange {
            what,
            value,
            minimum,
            maximum,
        })
    }
}
