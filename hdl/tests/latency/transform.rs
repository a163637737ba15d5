//! The blocks of the external product: one polynomial goes through each of them, and the clocks in which its outputs
//! differ from those of zeros are counted.

use crate::{Random, after_reset, below, clocks_until, pulse};
use goldilane_hdl::netlist::{Module, Sim};
use goldilane_hdl::ntt::{TransformConfig, external_product, latency, product};
use std::ops::Range;
use std::sync::Arc;

/// Clock of row 0 of the polynomial: a multiple of all numbers of rows, behind all that a reset leaves.
const BEGIN: usize = 1024;

/// Clocks, from that of row 0 on, in which outputs `y` of `module` differ when there are `rows` rows at its inputs `x`
/// instead of zeros. `control` sets the other inputs by the clock, counted from that of row 0.
fn rows_out(
    module: &Arc<Module>,
    rows: usize,
    limit: usize,
    control: impl Fn(&mut Sim, i64),
) -> Range<usize> {
    let ports = module.ports();
    // The words of lanes and limbs: `x3`, `x3_1`, `x_1`.
    let is_word = |name: &str, first: char| {
        name.strip_prefix(first).is_some_and(|rest| {
            !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '_')
        })
    };
    let of = |first: char| -> Vec<_> {
        let mine = ports.iter().filter(|p| is_word(&p.name, first));
        mine.collect()
    };
    let (inputs, outputs) = (of('x'), of('y'));
    assert!(
        !inputs.is_empty() && !outputs.is_empty(),
        "{}",
        module.name()
    );
    let mut sims = [Sim::new(module), Sim::new(module)];
    let mut random = Random(1);
    let mut differing = Vec::new();
    for now in 0..BEGIN + limit {
        let there = (BEGIN..BEGIN + rows).contains(&now);
        let words: Vec<u128> = inputs.iter().map(|p| random.bits(p.width)).collect();
        for (i, sim) in sims.iter_mut().enumerate() {
            if module.has_reset() {
                sim.set("rst", u128::from(now < 4));
            }
            control(sim, now as i64 - BEGIN as i64);
            for (port, word) in inputs.iter().zip(&words) {
                sim.set(&port.name, if there && i == 1 { *word } else { 0 });
            }
        }
        let [plain, fed] = &mut sims;
        if outputs
            .iter()
            .any(|p| plain.get(&p.name) != fed.get(&p.name))
        {
            differing.push(now.checked_sub(BEGIN).expect("nothing before row 0"));
        }
        sims.iter_mut().for_each(Sim::clock);
    }
    let range = differing[0]..differing[differing.len() - 1] + 1;
    assert_eq!(range.len(), differing.len(), "{}: a gap", module.name());
    range
}

/// Sets an input if the block has it.
fn set(sim: &mut Sim, module: &Module, port: &str, value: u128) {
    if let Some(found) = module.ports().iter().find(|p| p.name == port) {
        sim.set(port, value & ((1 << found.width) - 1));
    }
}

fn check(config: &TransformConfig) {
    let place = format!("N = {}, P = {}", 1 << config.log_n, config.lanes());
    let made = external_product(config).expect("builds");
    let rows = config.rows();
    let find = |name: &str| below(made.block.module(), name).expect(name);
    let measure = |name: &str, wanted: i32, control: &dyn Fn(&mut Sim, i64)| {
        let limit = wanted as usize + 2 * rows + 8;
        let found = rows_out(&find(name), rows, limit, control);
        let wanted = wanted as usize;
        assert_eq!(found, wanted..wanted + rows, "{name}, {place}");
    };
    let rows_of = |name: &'static str| {
        let module = find(name);
        move |sim: &mut Sim, now: i64| {
            set(sim, &module, "row", now.rem_euclid(rows as i64) as u128);
        }
    };
    for (name, wanted) in [
        ("ntt_forward_pass1", latency::forward_pass1(config)),
        ("ntt_forward_pass2", latency::forward_pass2(config)),
        ("ntt_inverse_pass2", latency::inverse_pass2(config)),
        ("ntt_inverse_pass1", latency::inverse_pass1(config)),
    ] {
        measure(name, wanted, &rows_of(name));
    }
    // Whole transforms, whose memories give old rows where there are no new ones: the token is looked at. Forward it comes
    // as many clocks early as the request of the key's row takes.
    let lead = config.key_lead as i32 + 1;
    let token = |name: &str, start: i32, flag: &str| {
        let mut sim = after_reset(&find(name));
        (0..8).for_each(|_| sim.clock());
        pulse(&mut sim, "start");
        1 + clocks_until(&mut sim, flag) as i32 - start
    };
    let found = token("ntt_forward", 0, "start_out") + lead;
    assert_eq!(found, latency::forward(config), "ntt_forward, {place}");
    let found = token("ntt_inverse", 1, "out_valid");
    assert_eq!(found, latency::inverse(config), "ntt_inverse, {place}");
}

#[test]
fn passes_and_transforms_take_the_clocks_of_the_formulas() {
    for (log_n, log_lanes) in [(8, 2), (9, 3), (10, 6), (11, 3), (11, 5), (12, 4)] {
        check(&TransformConfig::new(log_n, log_lanes));
    }
}

#[test]
fn the_parts_of_the_wide_transforms_take_the_clocks_of_the_formulas() {
    for (log_n, log_lanes) in [(11, 7), (12, 7)] {
        check(&TransformConfig::new(log_n, log_lanes));
    }
}

/// The sums of output 0 go out as they are made, those of output c follow c R clocks later.
#[test]
fn the_product_of_a_lane_takes_the_clocks_of_the_formula() {
    for glwe_dimension in [1, 2, 3] {
        let config = TransformConfig {
            glwe_dimension,
            tile_registers: 2,
            ..TransformConfig::new(9, 4)
        };
        let made = external_product(&config).expect("builds");
        let module = below(made.block.module(), "ntt_product_lane").expect("a lane");
        let (rows, at) = (
            config.rows() as i64,
            i64::from(product::product_clock(&config)),
        );
        let control = |sim: &mut Sim, now: i64| {
            // A row number in the clock in which the block wants it for row 0.
            let row = |clock: i64| (now - clock).rem_euclid(rows) as u128;
            sim.set("row", row(at - 2));
            sim.set("valid", u128::from((at..at + rows).contains(&now)));
            sim.set("fresh", 1);
            sim.set("last", 1);
            sim.set("out_row", row(at - 1));
            let output = (now - at).max(0) / rows;
            sim.set("out_poly", output.min(glwe_dimension.into()) as u128);
            for c in 0..=glwe_dimension {
                sim.set(&format!("key_{c}"), u128::from(u64::MAX / 7));
            }
        };
        let wanted = product::latency(&config) as usize;
        let length = rows as usize * (glwe_dimension as usize + 1);
        let found = rows_out(&module, rows as usize, wanted + length, control);
        assert_eq!(found, wanted..wanted + length, "k = {glwe_dimension}");
    }
}

/// A fold is a clock, wherever it stands.
#[test]
fn a_fold_with_its_skew_takes_a_clock() {
    let config = TransformConfig::new(11, 4);
    let made = external_product(&config).expect("builds");
    let module = below(made.block.module(), "ntt_skew_fold").expect("a fold");
    let found = rows_out(&module, 1, 8, |sim, _| set(sim, &module, "select", 0));
    assert_eq!(found, 1..2);
}
