//! Where each index bit stands, stage by stage: in the lane number or in the row's number.
//!
//! Coefficient `i = t + 64 m` has six bits of `t` and `log2 M` bits of `m`. The first pass turns
//! the bits of `m` into the bits of `j`, the second those of `t` into those of `k`; the inverse
//! goes back. Inside a pass, levels run over the highest bit first. Bits that stand in the lanes
//! come first; a bit that stands in time is exchanged with the oldest result bit in the lanes.
//! Between the passes a regrouping swaps lane bits with time bits.
//!
//! All of this is a pure function of the configuration; [`evaluation_exponent`] and [`feed_row`]
//! say what the world outside must know.

use super::config::{LOG_SECOND, TransformConfig};

/// Where an index bit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Bit of the lane number.
    Lane(u32),
    /// Bit of the row's number in time.
    Time(u32),
}

impl Place {
    /// The bit's value in the word at `lane` and `tau`.
    pub fn value(self, lane: u32, tau: u32) -> u32 {
        match self {
            Place::Lane(a) => lane >> a & 1,
            Place::Time(b) => tau >> b & 1,
        }
    }
}

/// Places of all index bits, lowest bit first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Bits of `m` or `j`.
    pub first: Vec<Place>,
    /// Bits of `t` or `k`.
    pub second: Vec<Place>,
}

/// One step of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The lane bit `lane` changes places with the time bit `time`.
    Exchange {
        /// Lane bit.
        lane: u32,
        /// Time bit.
        time: u32,
    },
    /// Butterflies between lanes that differ in this bit.
    Level {
        /// Lane bit.
        lane: u32,
    },
}

/// A lane bit and a time bit that change places between the passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swap {
    /// The lane bit.
    pub lane: u32,
    /// Time bit that goes into the lane, in the order before.
    pub from: u32,
    /// Time bit that the lane's bit becomes, in the order after.
    pub to: u32,
}

/// A change of the layout through a memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regrouping {
    /// Bits between lanes and time.
    pub swaps: Vec<Swap>,
    /// Time bits that only move: before, after.
    pub moves: Vec<(u32, u32)>,
    /// Clocks from the writing of row 0 to the first read address, such that every row read was
    /// written before; at most `R`.
    pub wait: u32,
}

/// All stages of the external product.
#[derive(Clone, Debug)]
pub struct Layouts {
    /// Digits in: `m`, `t`.
    pub feed: Layout,
    /// After the first pass: `j`, `t`.
    pub first: Layout,
    /// After the first regrouping.
    pub regrouped: Layout,
    /// The forward transform's output: `j`, `k`.
    pub forward: Layout,
    /// After the inverse of the second pass: `j`, `t`.
    pub second_inverse: Layout,
    /// After the second regrouping.
    pub inverse_regrouped: Layout,
    /// After the inverse of the first pass: `m`, `t`; the time bits are those of `feed`.
    pub out: Layout,
}

/// Runs the levels of a pass over `bits`; returns the steps and the places of the result's bits,
/// lowest first.
pub fn pass(bits: &[Place]) -> (Vec<Step>, Vec<Place>) {
    let mut steps = Vec::new();
    let mut out: Vec<Place> = Vec::new();
    for place in bits.iter().rev() {
        let lane = match *place {
            Place::Lane(lane) => lane,
            Place::Time(time) => {
                let oldest = out.iter_mut().find_map(|p| match *p {
                    Place::Lane(lane) => Some((p, lane)),
                    Place::Time(_) => None,
                });
                let Some((slot, lane)) = oldest else { continue };
                *slot = Place::Time(time);
                steps.push(Step::Exchange { lane, time });
                lane
            }
        };
        steps.push(Step::Level { lane });
        out.push(Place::Lane(lane));
    }
    (steps, out)
}

/// Bit counts that all stages share.
struct Counts {
    log_lanes: u32,
    log_first: u32,
    log_rows: u32,
    /// Bits of `m` in time.
    first_in_time: u32,
    /// Bits of `t` in the lanes during the second pass.
    second_in_lanes: u32,
    /// Bits of `t` in time outside of the second pass.
    second_in_time: u32,
    /// Bits that a regrouping swaps.
    swapped: u32,
}

impl Counts {
    fn new(config: &TransformConfig) -> Self {
        let (log_lanes, log_first, log_rows) =
            (config.log_lanes, config.log_first(), config.log_rows());
        let first_in_lanes = log_lanes.min(log_first);
        let second_in_lanes = log_lanes.min(LOG_SECOND);
        let second_in_time = log_rows.min(LOG_SECOND);
        Self {
            log_lanes,
            log_first,
            log_rows,
            first_in_time: log_first - first_in_lanes,
            second_in_lanes,
            second_in_time,
            swapped: second_in_lanes + second_in_time - LOG_SECOND,
        }
    }

    fn feed(&self) -> Layout {
        let first = |i: u32| {
            if i < self.first_in_time {
                Place::Time(i)
            } else {
                Place::Lane(self.log_lanes + i - self.log_first)
            }
        };
        let second = |i: u32| {
            if i < self.second_in_time {
                Place::Time(self.first_in_time + i)
            } else {
                Place::Lane(i - self.log_rows)
            }
        };
        Layout {
            first: (0..self.log_first).map(first).collect(),
            second: (0..LOG_SECOND).map(second).collect(),
        }
    }

    /// Swaps the highest `t` bits in time with the highest `j` bits in the lanes. In time, the
    /// other `t` bits become the fastest.
    fn regroup(&self, before: &Layout) -> Layout {
        let mut after = before.clone();
        for q in 0..self.swapped {
            let t = (self.second_in_time - 1 - q) as usize;
            let j = (self.log_first - 1 - q) as usize;
            after.second[t] = before.first[j];
            after.first[j] = before.second[t];
        }
        number_times(after.second.iter_mut().chain(after.first.iter_mut()), 0);
        after
    }

    /// Swaps them back: lowest `t` bits of the lanes against the highest `j` bits in time. The
    /// time bits end up so that the inverse pass leaves them as they were fed.
    fn regroup_inverse(&self, before: &Layout) -> Layout {
        let mut after = before.clone();
        for q in 0..self.swapped {
            let t = (LOG_SECOND - self.second_in_lanes + q) as usize;
            let j = (self.log_first - self.swapped + q) as usize;
            after.second[t] = before.first[j];
            after.first[j] = before.second[t];
        }
        number_times(
            after.first.iter_mut().rev().chain(after.second.iter_mut()),
            0,
        );
        after
    }
}

/// Numbers the time bits in the order given.
fn number_times<'a>(places: impl Iterator<Item = &'a mut Place>, first: u32) {
    let mut next = first;
    for place in places {
        if matches!(place, Place::Time(_)) {
            *place = Place::Time(next);
            next += 1;
        }
    }
}

/// What a memory between two layouts has to do.
pub fn regrouping(before: &Layout, after: &Layout) -> Regrouping {
    let pairs: Vec<(Place, Place)> = before
        .first
        .iter()
        .chain(&before.second)
        .copied()
        .zip(after.first.iter().chain(&after.second).copied())
        .collect();
    let mut swaps = Vec::new();
    let mut moves = Vec::new();
    for &(from, to) in &pairs {
        match (from, to) {
            (Place::Time(from), Place::Time(to)) => moves.push((from, to)),
            (Place::Time(from), Place::Lane(lane)) => {
                let partner = pairs.iter().find_map(|(b, a)| match (*b, *a) {
                    (Place::Lane(l), Place::Time(to)) if l == lane => Some(to),
                    _ => None,
                });
                swaps.extend(partner.map(|to| Swap { lane, from, to }));
            }
            _ => {}
        }
    }
    let rows = 1u32 << (moves.len() + swaps.len());
    let latest = |tau: u32| {
        let moved: u32 = moves.iter().map(|&(f, t)| (tau >> t & 1) << f).sum();
        moved + swaps.iter().map(|s| 1 << s.from).sum::<u32>()
    };
    let wait = (0..rows)
        .map(|tau| latest(tau).saturating_sub(tau) + 1)
        .max();
    Regrouping {
        swaps,
        moves,
        wait: wait.unwrap_or(1),
    }
}

impl Layouts {
    /// The layouts of a configuration that passed its check.
    pub fn new(config: &TransformConfig) -> Self {
        let counts = Counts::new(config);
        let feed = counts.feed();
        let first = Layout {
            first: pass(&feed.first).1,
            second: feed.second.clone(),
        };
        let regrouped = counts.regroup(&first);
        let forward = Layout {
            first: regrouped.first.clone(),
            second: pass(&regrouped.second).1,
        };
        let second_inverse = Layout {
            first: forward.first.clone(),
            second: pass(&forward.second).1,
        };
        let inverse_regrouped = counts.regroup_inverse(&second_inverse);
        let out = Layout {
            first: pass(&inverse_regrouped.first).1,
            second: inverse_regrouped.second.clone(),
        };
        Self {
            feed,
            first,
            regrouped,
            forward,
            second_inverse,
            inverse_regrouped,
            out,
        }
    }
}

/// Number that the bits at `places` (lowest first) make at `lane` and `tau`.
pub fn number(places: &[Place], lane: u32, tau: u32) -> u32 {
    let bit = |(i, p): (usize, &Place)| p.value(lane, tau) << i;
    places.iter().enumerate().map(bit).sum()
}

/// The row `r` that goes in and comes out as number `tau`: lane `L` carries coefficient `r + R L`.
///
/// Rows of at most 64 come in order. Beyond that, the bits of `r` from 6 on run fastest: for
/// `P = 8`, `N = 2048` rows 0, 64, 128, 192, 1, 65, ...
pub fn feed_row(config: &TransformConfig, tau: u32) -> u32 {
    let fast = config.log_rows().saturating_sub(LOG_SECOND);
    (tau >> fast) + ((tau & ((1 << fast) - 1)) << LOG_SECOND)
}

/// The exponent `e`, odd and below `2N`: the forward transform's word at `tau`, `lane` is the
/// polynomial's value at `psi^e`, `psi` the root of [`crate::arith::field::evaluation_root`].
pub fn evaluation_exponent(config: &TransformConfig, tau: u32, lane: u32) -> u32 {
    let layout = Layouts::new(config).forward;
    let j = number(&layout.first, lane, tau);
    let k = number(&layout.second, lane, tau);
    2 * j + 1 + (2 << config.log_first()) * k
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = TransformConfig> {
        (8..=12).flat_map(|n| (2..=8.min(n - 2)).map(move |p| TransformConfig::new(n, p)))
    }

    #[test]
    fn rows_come_out_as_they_went_in() {
        for config in all() {
            let layouts = Layouts::new(&config);
            let times = |l: &Layout| {
                let all = l.first.iter().chain(&l.second).copied();
                all.enumerate()
                    .filter(|(_, p)| matches!(p, Place::Time(_)))
                    .collect::<Vec<_>>()
            };
            assert_eq!(times(&layouts.feed), times(&layouts.out), "{config:?}");
            for tau in 0..config.rows() as u32 {
                let index =
                    number(&layouts.feed.second, 0, tau) + 64 * number(&layouts.feed.first, 0, tau);
                assert_eq!(index, feed_row(&config, tau), "{config:?}");
            }
        }
    }

    #[test]
    fn every_odd_exponent_occurs_once() {
        for config in all() {
            let n = 1 << config.log_n;
            let mut seen = vec![false; 2 * n];
            for tau in 0..config.rows() as u32 {
                for lane in 0..config.lanes() as u32 {
                    let e = evaluation_exponent(&config, tau, lane) as usize;
                    assert!(e % 2 == 1 && !seen[e], "{config:?}");
                    seen[e] = true;
                }
            }
        }
    }

    #[test]
    fn a_regrouping_waits_at_most_one_polynomial() {
        for config in all() {
            let l = Layouts::new(&config);
            for r in [
                regrouping(&l.first, &l.regrouped),
                regrouping(&l.second_inverse, &l.inverse_regrouped),
            ] {
                assert!(r.wait <= config.rows() as u32);
                assert_eq!(r.swaps.len() + r.moves.len(), config.log_rows() as usize);
                assert!(!r.swaps.is_empty());
            }
        }
    }
}
