//! Which evaluation point each row and lane of the forward transform holds: a closed form over index bits.
//!
//! The transform has two passes: M = N/64 points over m, then 64 points over t; coefficient m * 64 + t. Its output
//! index is a pair (j, k), j below M from the first pass and k below 64 from the second, at the exponent
//! e = 2j + 1 + 2Mk. Each bit of j and k comes from a bit of the lane or of the row's number tau; which one follows
//! from the order in which the passes run through the levels (in the lanes first, then in time) and from the bits
//! that the regrouping between the passes swaps. The hardware's tests compare it with the emitted words.

use crate::Shape;

/// log2 of the second pass's points.
const LOG_SECOND: u32 = 6;

/// The exponent e, odd and below 2N: word (`tau`, `lane`) of a transformed polynomial is its value at psi^e, psi a
/// primitive 2N-th root of unity.
///
/// `tau` is the row in the order in which the forward transform emits them. Values out of range wrap. The shape must
/// have passed [`Shape::check`].
pub fn ntt_exponent(shape: &Shape, tau: u32, lane: u32) -> u32 {
    let log_lanes = shape.lanes.ilog2();
    let log_n = shape.polynomial_size.ilog2();
    let log_first = log_n - LOG_SECOND;
    let log_rows = log_n - log_lanes;
    // Bits of m in the lanes and in time, bits of t in the lanes during pass 2 and in time before the regrouping.
    let first_in_lanes = log_lanes.min(log_first);
    let first_in_time = log_first - first_in_lanes;
    let second_in_lanes = log_lanes.min(LOG_SECOND);
    let second_in_time = log_rows.min(LOG_SECOND);
    let swapped = second_in_lanes + second_in_time - LOG_SECOND;
    let second_time_levels = LOG_SECOND - second_in_lanes;

    let lane_bit = |bit: u32| lane >> bit & 1;
    let time_bit = |bit: u32| tau >> bit & 1;
    let lane_of_second = |bit: u32| {
        if bit >= second_in_time {
            bit - log_rows
        } else {
            log_lanes - 1 - (log_first + bit - second_in_time) % first_in_lanes
        }
    };
    let first: u32 = (0..log_first)
        .map(|bit| {
            let value = if bit < first_in_time {
                time_bit(second_time_levels + bit)
            } else if bit >= log_first - swapped {
                time_bit(second_time_levels + first_in_time + bit - (log_first - swapped))
            } else {
                lane_bit(log_lanes - 1 - bit % first_in_lanes)
            };
            value << bit
        })
        .sum();
    let second: u32 = (0..LOG_SECOND)
        .map(|bit| {
            let value = if bit < second_time_levels {
                time_bit(second_time_levels - 1 - bit)
            } else {
                lane_bit(lane_of_second(LOG_SECOND - 1 - bit % second_in_lanes))
            };
            value << bit
        })
        .sum();
    (2 * first + 1 + (second << (log_first + 1))) % (2 * shape.polynomial_size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn exponents_are_a_permutation_of_the_odd_numbers() {
        for log_n in 7..=12 {
            for log_lanes in 2..=8.min(log_n - 2) {
                let shape = Shape {
                    lanes: 1 << log_lanes,
                    polynomial_size: 1 << log_n,
                    ..Shape::SIM
                };
                let mut seen = vec![false; shape.polynomial_size as usize];
                for tau in 0..shape.rows() {
                    for lane in 0..shape.lanes {
                        let exponent = ntt_exponent(&shape, tau, lane);
                        assert_eq!(exponent % 2, 1);
                        assert!(
                            !core::mem::replace(&mut seen[(exponent / 2) as usize], true),
                            "N {log_n} P {log_lanes}"
                        );
                    }
                }
                assert!(seen.iter().all(|&hit| hit));
            }
        }
    }
}
