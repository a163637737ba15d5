//! The external product, natively simulated, against direct evaluation and interpolation.

use goldilane_hdl::arith::field;
use goldilane_hdl::arith::tile_mul::{Multiplier, mul_lane};
use goldilane_hdl::netlist::{Module, Sim};
use goldilane_hdl::ntt::{
    TransformConfig, evaluation_exponent, external_product, feed_row, latency,
};

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// One external product: digit polynomials, key words, and the gap in front of each polynomial.
struct Job {
    digits: Vec<Vec<i64>>,
    /// By polynomial, row, output, lane.
    key: Vec<Vec<Vec<Vec<u64>>>>,
    gaps: Vec<usize>,
}

/// Powers of the evaluation root.
fn powers(config: &TransformConfig) -> Vec<u64> {
    let psi = field::evaluation_root(config.log_n);
    let mut all = vec![1];
    for i in 1..2usize << config.log_n {
        all.push(field::mul(all[i - 1], psi));
    }
    all
}

fn residue(digit: i64) -> u64 {
    if digit < 0 {
        field::neg(digit.unsigned_abs())
    } else {
        digit as u64
    }
}

/// Words modulo 2^64 by output and coefficient.
fn reference(config: &TransformConfig, job: &Job, powers: &[u64]) -> Vec<Vec<u64>> {
    let n = 1usize << config.log_n;
    let (rows, lanes) = (config.rows(), config.lanes());
    let outputs = config.glwe_dimension as usize + 1;
    let mut values = vec![vec![(0usize, 0u64); n]; outputs];
    for tau in 0..rows {
        for lane in 0..lanes {
            let e = evaluation_exponent(config, tau as u32, lane as u32) as usize;
            let mut sums = vec![0; outputs];
            for (digits, key) in job.digits.iter().zip(&job.key) {
                let point = powers[e];
                let x = digits
                    .iter()
                    .rev()
                    .fold(0, |a, d| field::add(field::mul(a, point), residue(*d)));
                for (c, sum) in sums.iter_mut().enumerate() {
                    *sum = field::add(*sum, field::mul(x, key[tau][c][lane]));
                }
            }
            for (c, sum) in sums.into_iter().enumerate() {
                values[c][tau * lanes + lane] = (e, sum);
            }
        }
    }
    let coefficient = |values: &[(usize, u64)], i: usize| {
        let v = values.iter().fold(0, |a, (e, x)| {
            let inverse = (2 * n - e * i % (2 * n)) % (2 * n);
            field::add(a, field::mul(*x, powers[inverse]))
        });
        let up = u64::from(v & 0xffff_ffff > 1 << 31);
        v.wrapping_add(v >> 32).wrapping_add(up)
    };
    values
        .iter()
        .map(|v| (0..n).map(|i| coefficient(v, i)).collect())
        .collect()
}

fn jobs(config: &TransformConfig, random: &mut Random) -> Vec<Job> {
    let n = 1usize << config.log_n;
    let rows = config.rows();
    let outputs = config.glwe_dimension as usize + 1;
    let half = 1i64 << (config.digit_bits - 2);
    let edge = [
        0,
        1,
        (1 << 32) - 1,
        1 << 32,
        field::MODULUS - 1,
        u64::MAX,
        1 << 63,
        1 << 31,
    ];
    let mut all = Vec::new();
    for kind in 0..5 {
        // Fewer levels than built in occur at run time.
        let levels = if kind == 3 {
            1
        } else {
            config.max_levels as usize
        };
        let polynomials = outputs * levels;
        let digits = (0..polynomials)
            .map(|_| {
                (0..n)
                    .map(|_| match kind {
                        0 => half,
                        1 => -half,
                        2 if random.next() & 1 == 0 => half,
                        2 => -half,
                        _ => (random.next() % (2 * half as u64 + 1)) as i64 - half,
                    })
                    .collect()
            })
            .collect();
        let mut word = |_| match kind {
            0 | 1 => edge[(random.next() % 8) as usize],
            _ => random.next(),
        };
        let key = (0..polynomials)
            .map(|_| {
                (0..rows)
                    .map(|_| {
                        (0..outputs)
                            .map(|_| (0..config.lanes()).map(&mut word).collect())
                            .collect()
                    })
                    .collect()
            })
            .collect();
        let mut gaps = vec![0; polynomials];
        match kind {
            2 => gaps[0] = 3,
            3 => gaps = vec![5; polynomials],
            4 => gaps[0] = 3 * rows + 1,
            _ => {}
        }
        all.push(Job { digits, key, gaps });
    }
    all
}

fn check(config: TransformConfig, full: bool) {
    let (n, lanes, rows) = (1usize << config.log_n, config.lanes(), config.rows());
    let made = external_product(&config).expect("builds");
    let context = format!("{config:?}");
    assert_eq!(
        made.latency,
        latency::external_product(&config),
        "{context}"
    );
    let mut random = Random(0x1234_5678_9abc_def1);
    let mut jobs = jobs(&config, &mut random);
    if !full {
        jobs.truncate(2);
    }
    let powers = powers(&config);
    let outputs = config.glwe_dimension as usize + 1;
    // (clock, job, polynomial)
    let mut starts = Vec::new();
    let mut clock = 40;
    for (i, job) in jobs.iter().enumerate() {
        for (j, gap) in job.gaps.iter().enumerate() {
            clock += gap;
            starts.push((clock, i, j));
            clock += rows;
        }
    }
    let end = clock + made.latency as usize + outputs * rows;
    let mut sim = Sim::new(made.block.module());
    let digit_ports: Vec<String> = (0..lanes).map(|l| format!("digit_{l}")).collect();
    let word_ports: Vec<String> = (0..lanes).map(|l| format!("word_{l}")).collect();
    let mut wanted: std::collections::VecDeque<Option<(usize, usize)>> =
        vec![None; config.key_lead as usize].into();
    let mut requests = 0;
    let mut got: Vec<Vec<Vec<u64>>> = Vec::new();
    let mut expected_row = 0;
    let mask = (1u64 << config.digit_bits) - 1;
    for now in 0..end {
        sim.set("rst", u128::from(now < 4));
        let at = starts.iter().position(|s| (s.0..s.0 + rows).contains(&now));
        let begins = at.is_some_and(|s| starts[s].0 == now);
        let of = |s: usize| (starts[s].1, starts[s].2);
        sim.set("start", u128::from(begins));
        let first = at.is_some_and(|s| begins && of(s).1 == 0);
        let last = at.is_some_and(|s| begins && of(s).1 + 1 == jobs[of(s).0].digits.len());
        sim.set("first", u128::from(first));
        sim.set("last", u128::from(last));
        for (lane, port) in digit_ports.iter().enumerate() {
            let digit = match at {
                Some(s) => {
                    let row = feed_row(&config, (now - starts[s].0) as u32) as usize;
                    jobs[of(s).0].digits[of(s).1][row + rows * lane]
                }
                None => random.next() as i64,
            };
            sim.set(port, u128::from(digit as u64 & mask));
        }
        // Key words follow their request by `key_lead` clocks; in between there is noise.
        let due = wanted.pop_front().flatten();
        for lane in 0..lanes {
            for c in 0..outputs {
                let word = match due {
                    Some((i, index)) => jobs[i].key[index / rows][index % rows][c][lane],
                    None => random.next(),
                };
                sim.set(&format!("key_{c}_{lane}"), u128::from(word));
            }
        }
        let request = (sim.get("key_valid") == 1).then(|| {
            let mut left = requests;
            let mut job = 0;
            while left >= jobs[job].digits.len() * rows {
                left -= jobs[job].digits.len() * rows;
                job += 1;
            }
            requests += 1;
            let index = sim.get("key_index") as usize;
            assert_eq!(index, left, "key index of job {job}");
            (job, index)
        });
        wanted.push_back(request);
        if now > 8 && sim.get("out_valid") == 1 {
            let (c, tau) = (sim.get("out_poly") as usize, sim.get("out_row") as usize);
            assert_eq!(c * rows + tau, expected_row % (outputs * rows));
            if c + tau == 0 {
                got.push(vec![vec![0; n]; outputs]);
                let start = starts.iter().filter(|s| s.2 + 1 == jobs[s.1].digits.len());
                let start = start.clone().nth(got.len() - 1).expect("a job").0;
                assert_eq!(now, start + made.latency as usize, "latency");
            }
            expected_row += 1;
            let row = feed_row(&config, tau as u32) as usize;
            for (lane, port) in word_ports.iter().enumerate() {
                got.last_mut().expect("begun")[c][row + rows * lane] = sim.get(port) as u64;
            }
        }
        sim.clock();
    }
    assert_eq!(got.len(), jobs.len(), "finished external products");
    for (i, (job, words)) in jobs.iter().zip(&got).enumerate() {
        let want = reference(&config, job, &powers);
        for c in 0..outputs {
            let wrong = (0..n).filter(|j| words[c][*j] != want[c][*j]).count();
            assert_eq!(wrong, 0, "{context}: job {i}, output {c}: wrong words");
        }
    }
}

#[test]
fn toy_4_lanes_of_256() {
    let mut config = TransformConfig::new(8, 2);
    config.max_levels = 3;
    check(config, true);
}

#[test]
fn sim_8_lanes_of_2048() {
    check(TransformConfig::new(11, 3), true);
}

#[test]
fn every_lane_count_of_every_size() {
    for log_n in 8..=11 {
        for log_lanes in 2..=8.min(log_n - 2) {
            check(TransformConfig::new(log_n, log_lanes), log_n == 8);
        }
    }
}

/// The roots of the first pass are no powers of two: in the lanes at 64 lanes and above, else in time.
#[test]
fn odd_roots_at_4096() {
    for log_lanes in 2..=8 {
        check(TransformConfig::new(12, log_lanes), log_lanes == 3);
    }
}

#[test]
fn more_outputs_and_levels() {
    for (glwe_dimension, max_levels) in [(2, 1), (2, 2), (3, 1), (3, 2), (1, 5)] {
        for log_lanes in [2, 4, 6] {
            let mut config = TransformConfig::new(8, log_lanes);
            config.glwe_dimension = glwe_dimension;
            config.max_levels = max_levels;
            check(config, true);
        }
    }
}

#[test]
fn other_digits_tiles_and_key_leads() {
    for (digit_bits, tile_registers, key_lead) in [(2, 1, 1), (8, 2, 2), (23, 2, 16)] {
        for (log_n, log_lanes) in [(8, 2), (9, 3), (8, 6)] {
            let mut config = TransformConfig::new(log_n, log_lanes);
            config.digit_bits = digit_bits;
            config.tile_registers = tile_registers;
            config.key_lead = key_lead;
            check(config, true);
        }
    }
}

/// Clocks from the first digit row to the first row of words, `k = l = 1`.
#[test]
fn the_figures_of_2048_and_4096() {
    let clocks = |log_n, log_lanes| {
        let config = TransformConfig::new(log_n, log_lanes);
        latency::external_product(&config) + config.rows() as i32
    };
    let lanes = [3, 4, 5, 6, 7, 8];
    let of_2048 = lanes.map(|log_lanes| clocks(11, log_lanes));
    assert_eq!(of_2048, [829, 439, 245, 146, 94, 70]);
    let of_4096 = lanes.map(|log_lanes| clocks(12, log_lanes));
    assert_eq!(of_4096, [1606, 829, 445, 246, 150, 98]);
}

#[test]
fn every_form_of_the_multiplier() {
    for multiplier in Multiplier::ALL {
        for tile_registers in [1, 2] {
            let mut config = TransformConfig::new(8, 3);
            config.multiplier = multiplier;
            config.tile_registers = tile_registers;
            config.max_levels = 2;
            check(config, true);
        }
    }
}

/// Widths of all products, here and below, sorted.
fn products(module: &Module) -> Vec<(u32, u32)> {
    let below = module.children().flat_map(|(_, m)| products(m));
    let mut all: Vec<_> = below.chain(module.products()).collect();
    all.sort_unstable();
    all
}

/// No product of the transforms or of the external product is outside of a full multiplier, and there are `k + 3` of
/// these a lane.
#[test]
fn four_full_multipliers_a_lane() {
    for multiplier in Multiplier::ALL {
        let products_of = |form| {
            let (leaf, _) = mul_lane(form, 1).expect("builds");
            leaf.module().products()
        };
        for glwe_dimension in 1..=3 {
            let mut config = TransformConfig::new(9, 4);
            config.glwe_dimension = glwe_dimension;
            config.multiplier = multiplier;
            let made = external_product(&config).expect("builds");
            let lanes = config.lanes();
            let mut wanted = products_of(multiplier).repeat(lanes * (glwe_dimension as usize + 1));
            wanted.extend(products_of(config.barrier_multiplier()).repeat(lanes * 2));
            wanted.sort_unstable();
            assert!(
                products(made.block.module()) == wanted,
                "{multiplier:?}, k = {glwe_dimension}"
            );
        }
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |config: TransformConfig| external_product(&config).is_err();
    assert!(refused(TransformConfig::new(13, 3)));
    assert!(refused(TransformConfig::new(7, 2)));
    assert!(refused(TransformConfig::new(8, 7)));
    assert!(refused(TransformConfig::new(11, 1)));
    let base = TransformConfig::new(8, 2);
    for config in [
        TransformConfig {
            glwe_dimension: 4,
            ..base
        },
        TransformConfig {
            max_levels: 0,
            ..base
        },
        TransformConfig {
            digit_bits: 25,
            ..base
        },
        TransformConfig {
            tile_registers: 3,
            ..base
        },
        TransformConfig {
            key_lead: 0,
            ..base
        },
    ] {
        assert!(refused(config), "{config:?}");
    }
}
