//! Latencies as formulas over the configuration; the blocks' own time labels must agree.
//!
//! All counts are clocks from the first row in to the first row out.

use super::config::TransformConfig;
use super::layout::{Layouts, Place, Regrouping, Step, pass, regrouping};
use super::pass::RADIX_LEVELS;
use super::product;
use super::regroup::SWAPS_AT_ONCE;
use crate::arith::{normalise, tile_mul};
use crate::pipeline::Clock;

/// Bits of a pass that stand in time.
fn in_time(bits: &[Place]) -> usize {
    bits.iter().filter(|p| matches!(p, Place::Time(_))).count()
}

/// Clocks of the steps: a level takes one, and one more where more than two bits of its twiddle
/// stand in time; an exchange of `D` rows takes `D + 1`. `at_once` first levels take one together.
fn steps(bits: &[Place], at_once: usize) -> Clock {
    let mut exchanged = 0;
    let clocks = |(i, step): (usize, &Step)| match step {
        Step::Exchange { time, .. } => {
            exchanged += 1;
            (1 << time) + 1
        }
        Step::Level { .. } if i > 0 && i < at_once => 0,
        Step::Level { .. } => 1 + Clock::from(exchanged > 2),
    };
    pass(bits).0.iter().enumerate().map(clocks).sum()
}

/// Clocks in front of the first level of a pass behind a regrouping.
fn entry(bits: &[Place], plan: &Regrouping) -> Clock {
    let muxes = plan.swaps.len().div_ceil(SWAPS_AT_ONCE) - 1;
    muxes as Clock + Clock::from(in_time(bits) > 0)
}

/// Fold, barrier, second fold into the memory, wait, read.
fn middle(config: &TransformConfig, plan: &Regrouping) -> Clock {
    let third = Clock::from(plan.swaps.len() > 2 * SWAPS_AT_ONCE);
    1 + tile_mul::latency(config.barrier_multiplier(), config.tile_registers)
        + third
        + plan.wait as Clock
        + 1
}

/// Where roots occur that are no powers of two.
fn odd_root(config: &TransformConfig) -> Clock {
    Clock::from(config.has_odd_root())
}

/// `ntt_forward_pass1`: the levels, and the odd root at 64 points.
pub fn forward_pass1(config: &TransformConfig) -> Clock {
    let bits = &Layouts::new(config).feed.first;
    let in_lanes = bits.len() - in_time(bits);
    steps(bits, in_lanes.min(RADIX_LEVELS)) + odd_root(config)
}

/// `ntt_forward_pass2`: out of the skew, the levels, the fold.
pub fn forward_pass2(config: &TransformConfig) -> Clock {
    let l = Layouts::new(config);
    let plan = regrouping(&l.first, &l.regrouped);
    let second = &l.regrouped.second;
    entry(second, &plan) + steps(second, 0) + 1
}

/// `ntt_inverse_pass2`: the levels.
pub fn inverse_pass2(config: &TransformConfig) -> Clock {
    steps(&Layouts::new(config).forward.second, 0)
}

/// `ntt_inverse_pass1`: out of the skew, the levels, the odd root at 64 points, the twist.
pub fn inverse_pass1(config: &TransformConfig) -> Clock {
    let l = Layouts::new(config);
    let plan = regrouping(&l.second_inverse, &l.inverse_regrouped);
    let first = &l.inverse_regrouped.first;
    // A twist whose factor has more than two bits in time takes a second clock.
    let twist = 1 + Clock::from(in_time(first) > 2);
    entry(first, &plan) + steps(first, 0) + odd_root(config) + twist
}

/// Barrier and regrouping of the forward transform: fold, multiplier, memory.
pub fn forward_regrouping(config: &TransformConfig) -> Clock {
    let l = Layouts::new(config);
    middle(config, &regrouping(&l.first, &l.regrouped))
}

/// Barrier and regrouping of the inverse transform.
pub fn inverse_regrouping(config: &TransformConfig) -> Clock {
    let l = Layouts::new(config);
    middle(config, &regrouping(&l.second_inverse, &l.inverse_regrouped))
}

/// The forward transform.
pub fn forward(config: &TransformConfig) -> Clock {
    // The row counter starts with the first row and is one clock behind it.
    let behind = Clock::from(in_time(&Layouts::new(config).feed.first) > 0);
    // The skew behind pass 1 wants a row number that is two clocks older.
    let first = (behind + forward_pass1(config)).max(2);
    first + forward_regrouping(config) + forward_pass2(config)
}

/// The inverse transform, down to words modulo `2^64`.
pub fn inverse(config: &TransformConfig) -> Clock {
    inverse_pass2(config)
        + inverse_regrouping(config)
        + inverse_pass1(config)
        + normalise::latency()
}

/// From row 0 of the last digit polynomial to row 0 of the first output.
pub fn external_product(config: &TransformConfig) -> Clock {
    forward(config) + product::latency(config) + inverse(config)
}
