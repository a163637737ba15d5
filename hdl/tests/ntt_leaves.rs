//! The arithmetic leaves against plain integers, on corners crossed pairwise and random words.

mod multiplier_bench;

use goldilane_hdl::arith::tile_mul::Multiplier;
use goldilane_hdl::arith::{field, normalise, tile_mul};
use goldilane_hdl::netlist::Sim;
use goldilane_hdl::pipeline::value::{Format, TWO_LIMBS};
use goldilane_hdl::pipeline::word::ones;

fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Corners of a word that reaches up to `max`, then random ones.
fn words(max: u128, count: usize, state: &mut u64) -> Vec<u128> {
    let mut all: Vec<u128> = [
        0,
        1,
        1 << 31,
        (1 << 31) + 1,
        (1 << 32) - 1,
        1 << 32,
        (1 << 32) + 1,
    ]
    .into_iter()
    .chain([1 << 63, u128::from(field::MODULUS), max, max - 1, max >> 1])
    .filter(|v| *v <= max)
    .collect();
    all.extend(
        (0..count)
            .map(|_| (u128::from(random(state)) << 64 | u128::from(random(state))) % (max + 1)),
    );
    all
}

/// Every form, a vector a clock.
#[test]
fn the_lane_multiplier_multiplies() {
    let vectors = multiplier_bench::vectors();
    let forms = Multiplier::ALL.into_iter();
    for (form, tile_registers) in forms.flat_map(|form| [(form, 1), (form, 2)]) {
        let (block, y) = tile_mul::mul_lane(form, tile_registers).expect("builds");
        let latency = tile_mul::latency(form, tile_registers);
        for port in ["y_0", "y_1"] {
            assert_eq!(block.clock_of(port), Some(latency), "{form:?}");
        }
        let mut sim = Sim::new(block.module());
        for now in 0..vectors.len() + latency as usize {
            if let Some(v) = vectors.get(now) {
                sim.set("factor", v.factor.into());
                for (i, l) in v.limbs.iter().enumerate() {
                    sim.set(&format!("x_{i}"), (*l).into());
                }
            }
            if let Some(v) = now.checked_sub(latency as usize).map(|i| &vectors[i]) {
                let limbs = ["y_0", "y_1"].map(|port| sim.get(port) as u64);
                let product = multiplier_bench::value(limbs, y.offset);
                assert_eq!(product, multiplier_bench::product(v), "{form:?}: {v:x?}");
            }
            sim.clock();
        }
    }
}

/// What a chip must bring: the number of products, and that each of them fits the multiplier that the form is for.
#[test]
fn the_products_fit_the_multipliers() {
    for form in Multiplier::ALL {
        let (block, _) = tile_mul::mul_lane(form, 2).expect("builds");
        let products = block.module().products();
        assert_eq!(products.len(), form.products(), "{form:?}");
        let fit = |(a, b): (u32, u32)| products.iter().all(|p| p.0 <= a && p.1 <= b);
        assert!(form.fits().is_none_or(fit), "{form:?}: {products:?}");
    }
}

#[test]
fn normalisation_ends_with_the_rounded_word() {
    for width in [52u32, 57] {
        let limbs = TWO_LIMBS.map(|c| (c, width));
        let format = Format {
            limbs: TWO_LIMBS.map(|c| (c, ones(width))).to_vec(),
            offset: normalise::offset_for(&limbs),
        };
        let block = normalise::normalise_lane(&format).expect("builds");
        assert_eq!(block.clock_of("y"), Some(normalise::latency()));
        let mut sim = Sim::new(block.module());
        let mut state = 5;
        let mut canonical: Vec<u64> = words(u128::from(field::MODULUS - 1), 8, &mut state)
            .into_iter()
            .map(|v| v as u64)
            .collect();
        canonical.extend([0x8000_0000, 0x8000_0001, 0x1_8000_0000, 0x1_8000_0001]);
        let check = |sim: &mut Sim, l0: u128, l1: u128| {
            sim.set("x_0", l0);
            sim.set("x_1", l1);
            (0..normalise::latency()).for_each(|_| sim.clock());
            let sum = field::add(field::shifted(l0, 0), field::shifted(l1, 48));
            let v = field::add(sum, format.offset);
            let p = u128::from(field::MODULUS);
            let want = (((u128::from(v) << 64) + p / 2) / p) as u64;
            assert_eq!(sim.get("y") as u64, want, "limbs {l0:x} {l1:x}, word {v:x}");
        };
        for l0 in words(ones(width), 20, &mut state) {
            for l1 in words(ones(width), 20, &mut state) {
                check(&mut sim, l0, l1);
            }
            // Chosen so that a canonical word of interest comes out.
            for v in &canonical {
                let rest = field::sub(field::sub(*v, format.offset), field::shifted(l0, 0));
                let l1 = field::mul(rest, field::pow(2, 144)) as u128;
                check(
                    &mut sim,
                    l0 & ones(48),
                    field::neg(l1 as u64) as u128 & ones(width),
                );
                let near = u128::from(field::sub(*v, format.offset));
                check(&mut sim, near & ones(48), near >> 48);
            }
        }
    }
}
