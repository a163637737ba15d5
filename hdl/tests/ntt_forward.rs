//! The forward transform, natively simulated, against direct evaluation at every point.

use goldilane_hdl::arith::field;
use goldilane_hdl::netlist::Sim;
use goldilane_hdl::ntt::{TransformConfig, evaluation_exponent, feed_row, forward, latency};

fn residue(digit: i64) -> u64 {
    if digit < 0 {
        field::neg(digit.unsigned_abs())
    } else {
        digit as u64
    }
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Adversarial and random polynomials with digits in `-half ..= half`.
fn polynomials(n: usize, half: i64) -> Vec<Vec<i64>> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut all = vec![
        vec![half; n],
        vec![-half; n],
        (0..n)
            .map(|i| if i % 2 == 0 { half } else { -half })
            .collect(),
        (0..n)
            .map(|i| if i >> 6 & 1 == 0 { half } else { -half })
            .collect(),
        (0..n).map(|i| if i == 0 { -half } else { 0 }).collect(),
        vec![-1; n],
    ];
    all.push(
        (0..n)
            .map(|_| if random.next() & 1 == 0 { half } else { -half })
            .collect(),
    );
    for _ in 0..2 {
        let span = 2 * half as u64 + 1;
        all.push(
            (0..n)
                .map(|_| (random.next() % span) as i64 - half)
                .collect(),
        );
    }
    all
}

fn check(log_n: u32, log_lanes: u32) {
    let config = TransformConfig::new(log_n, log_lanes);
    let transform = forward(&config, 0, 0).expect("builds");
    let (n, lanes, rows) = (1usize << log_n, config.lanes(), config.rows());
    let latency = transform.latency as usize;
    assert_eq!(
        transform.latency,
        latency::forward(&config),
        "N = {n}, P = {lanes}"
    );
    let mut sim = Sim::new(transform.block.module());
    let inputs: Vec<String> = (0..lanes).map(|l| format!("x{l}")).collect();
    let limb = |l: usize, i: usize| format!("y{l}_{i}");
    let outputs: Vec<[String; 3]> = (0..lanes)
        .map(|l| [limb(l, 0), limb(l, 1), limb(l, 2)])
        .collect();
    let polynomials = polynomials(n, 1 << 22);
    // Gaps of different lengths between polynomials, and none.
    let gaps = [0, 0, 3, rows, 0, 1, 2 * rows + 5, 0, 0];
    let mut starts = Vec::new();
    let mut clock = 40;
    for gap in gaps {
        clock += gap;
        starts.push(clock);
        clock += rows;
    }
    let mut got = vec![vec![0u64; n]; polynomials.len()];
    let mut random = Random(77);
    for now in 0..clock + latency {
        sim.set("rst", u128::from(now < 4));
        let running = starts.iter().position(|s| (*s..s + rows).contains(&now));
        sim.set("start", u128::from(starts.contains(&now)));
        for (lane, port) in inputs.iter().enumerate() {
            let value = match running {
                Some(i) => {
                    let row = feed_row(&config, (now - starts[i]) as u32) as usize;
                    polynomials[i][row + rows * lane]
                }
                None => random.next() as i64,
            };
            sim.set(port, (value & 0xff_ffff) as u128);
        }
        let out = now.checked_sub(latency).and_then(|c| {
            let i = starts.iter().position(|s| (*s..s + rows).contains(&c))?;
            Some((i, c - starts[i]))
        });
        if let Some((i, tau)) = out {
            assert_eq!(sim.get("start_out"), u128::from(tau == 0));
            for (lane, ports) in outputs.iter().enumerate() {
                let word =
                    sim.get(&ports[0]) + (sim.get(&ports[1]) << 22) + (sim.get(&ports[2]) << 44);
                got[i][tau * lanes + lane] = (word % u128::from(field::MODULUS)) as u64;
            }
        }
        sim.clock();
    }
    let psi = field::evaluation_root(log_n);
    for (i, polynomial) in polynomials.iter().enumerate() {
        for tau in 0..rows {
            for lane in 0..lanes {
                let e = evaluation_exponent(&config, tau as u32, lane as u32);
                let x = field::pow(psi, u64::from(e));
                let want = polynomial
                    .iter()
                    .rev()
                    .fold(0, |acc, d| field::add(field::mul(acc, x), residue(*d)));
                assert_eq!(
                    got[i][tau * lanes + lane],
                    want,
                    "N = {n}, P = {lanes}: polynomial {i}, row {tau}, lane {lane}"
                );
            }
        }
    }
}

#[test]
fn every_lane_count_of_every_size() {
    for log_n in 8..=12 {
        for log_lanes in 2..=8.min(log_n - 2) {
            check(log_n, log_lanes);
        }
    }
}

#[test]
fn the_figures_of_2048() {
    let clocks = |log_lanes| latency::forward(&TransformConfig::new(11, log_lanes));
    assert_eq!([3, 4, 5, 6, 7, 8].map(clocks), [280, 149, 84, 50, 32, 24]);
}

/// The host lays keys out by the closed form of the interface crate.
#[test]
fn the_interface_knows_the_exponents() {
    for log_n in 8..=12 {
        for log_lanes in 2..=8.min(log_n - 2) {
            let config = TransformConfig::new(log_n, log_lanes);
            let shape = goldilane_abi::Shape {
                lanes: 1 << log_lanes,
                polynomial_size: 1 << log_n,
                ..goldilane_abi::Shape::TOY
            };
            for tau in 0..config.rows() as u32 {
                for lane in 0..config.lanes() as u32 {
                    let wanted = evaluation_exponent(&config, tau, lane);
                    assert_eq!(goldilane_abi::ntt_exponent(&shape, tau, lane), wanted);
                }
            }
        }
    }
}
