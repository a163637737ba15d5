//! Constants for free columns.
//!
//! A sum that must end with a given offset needs a constant `X` modulo `p` whose one-bits lie in
//! columns that still have room. 96 columns against a prime of 64 bits leave about `2^32`
//! representatives `X = t + i*p`; with a handful of full columns a search finds one at once.

use super::word::ones;
use crate::arith::field::MODULUS;

/// Most representatives tried.
const TRIES: u128 = 1 << 23;

/// Finds `X = target` modulo `p` within the columns `free`; `X < 2^96`.
pub fn find_constant(target: u64, free: u128) -> Option<u128> {
    let p = u128::from(MODULUS);
    let target = u128::from(target) % p;
    let limit = free & ones(120);
    if limit < target {
        return None;
    }
    let count = (limit - target) / p + 1;
    let fits = |i: u128| Some(target + i * p).filter(|x| x & !free == 0);
    if count <= TRIES {
        return (0..count).find_map(fits);
    }
    // A fixed sequence (splitmix64), so that the same design always gets the same constants.
    let mut state = 0u64;
    (0..TRIES).find_map(|_| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        fits(u128::from(z ^ z >> 31) % count)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_representative_in_the_free_columns() {
        let free = ones(96) & !(ones(6) << 12) & !(ones(6) << 60);
        for target in [0, 1, MODULUS - 1, 0x1234_5678_9abc_def0] {
            let x = find_constant(target, free).expect("a constant");
            assert_eq!(x % u128::from(MODULUS), u128::from(target));
            assert_eq!(x & !free, 0);
        }
    }

    #[test]
    fn says_when_there_is_none() {
        assert_eq!(find_constant(5, 0b1010), None);
        assert_eq!(find_constant(MODULUS - 1, ones(60)), None);
    }
}
