//! The arithmetic leaves against plain integers, on corners crossed pairwise and random words.

use goldilane_hdl::arith::tile_mul::Multiplier;
use goldilane_hdl::arith::{field, normalise, tile_mul};
use goldilane_hdl::netlist::Sim;
use goldilane_hdl::pipeline::fold;
use goldilane_hdl::pipeline::value::{Format, THREE_LIMBS, TWO_LIMBS};
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

#[test]
fn the_lane_multiplier_multiplies() {
    let maxes: Vec<u128> = fold::lazy_format().limbs.iter().map(|l| l.1).collect();
    let forms = [Multiplier::Tiles, Multiplier::Plain];
    for (form, tile_registers) in forms.into_iter().flat_map(|form| [(form, 1), (form, 2)]) {
        let (block, y) = tile_mul::mul_lane(form, tile_registers).expect("builds");
        assert_eq!(
            block.clock_of("y_0"),
            Some(tile_mul::latency(tile_registers))
        );
        let mut sim = Sim::new(block.module());
        let mut state = 99;
        for f in words(ones(64), 8, &mut state) {
            for low in words(maxes[0], 4, &mut state) {
                let mut limbs = [low, maxes[1] - low, 0];
                limbs[2] = low & ones(20);
                sim.set("factor", f);
                for (i, l) in limbs.iter().enumerate() {
                    sim.set(&format!("x_{i}"), *l);
                }
                (0..tile_mul::latency(tile_registers)).for_each(|_| sim.clock());
                let product = field::add(
                    field::add(
                        field::shifted(sim.get("y_0"), 0),
                        field::shifted(sim.get("y_1"), 48),
                    ),
                    y.offset,
                );
                let x = limbs
                    .iter()
                    .zip(THREE_LIMBS)
                    .fold(0, |a, (l, c)| field::add(a, field::shifted(*l, c)));
                assert_eq!(
                    product,
                    field::mul(x, field::shifted(f, 0)),
                    "{limbs:x?} times {f:x}"
                );
            }
        }
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
