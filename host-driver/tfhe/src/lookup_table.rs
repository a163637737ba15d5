//! Lookup tables over the message space of shortint ciphertexts.
//!
//! A plaintext m of modulus t = message modulus * carry modulus stands at m * 2^63 / t (one bit of
//! padding). The table is the body of a trivial GLWE: boxes of N/t equal coefficients, turned by
//! half a box so that noise on both sides of m meets the right value, negated where it wraps
//! (X^N = -1).

use crate::error::{Error, Result};
use crate::import::ImportedKey;

/// A lookup table: the words of a GLWE in natural order, mask first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupTable {
    words: Vec<u64>,
    degree: u64,
}

impl LookupTable {
    /// The table of `f` over `0 .. t`; results are taken modulo `t`.
    ///
    /// # Errors
    /// A message space that does not divide the polynomial.
    pub fn new(key: &ImportedKey, f: impl Fn(u64) -> u64) -> Result<Self> {
        let space = key.message_space();
        let parameters = key.key.parameters();
        let size = parameters.polynomial_size;
        let boxes = space as usize;
        if boxes == 0 || !size.is_multiple_of(boxes) {
            return Err(Error::LookupTable(format!(
                "{space} values do not divide {size} coefficients"
            )));
        }
        let width = size / boxes;
        let delta = (1u64 << 63) / space;
        let mut body = Vec::with_capacity(size);
        let mut degree = 0;
        for message in 0..space {
            let value = f(message) % space;
            degree = degree.max(value);
            body.extend(std::iter::repeat_n(value * delta, width));
        }
        let half = width / 2;
        body[..half].iter_mut().for_each(|w| *w = w.wrapping_neg());
        body.rotate_left(half);
        let mut words = vec![0; parameters.glwe_dimension * size];
        words.extend(body);
        Ok(Self { words, degree })
    }

    /// A table of words of the caller's, an encrypted one for instance, whose results are at most `degree`.
    ///
    /// # Errors
    /// A number of words other than (k+1)N.
    pub fn from_words(key: &ImportedKey, words: Vec<u64>, degree: u64) -> Result<Self> {
        let wanted = key.key.parameters().glwe_size();
        if words.len() != wanted {
            let found = words.len();
            return Err(Error::LookupTable(format!(
                "{found} words given, {wanted} wanted"
            )));
        }
        Ok(Self { words, degree })
    }

    /// The words, k mask polynomials and then the body.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The largest result.
    pub fn degree(&self) -> u64 {
        self.degree
    }

    /// Whether the mask is zero, so that the body alone says everything.
    pub fn is_plain(&self, key: &ImportedKey) -> bool {
        let mask = key.key.parameters().big_lwe_dimension();
        self.words[..mask].iter().all(|w| *w == 0)
    }
}
