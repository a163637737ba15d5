//! Rotation and decomposition of rows against plain definitions and the golden model.

use goldilane_abi::Shape;
use goldilane_golden_model::decompose::{Decomposition, decompose as golden_digits};
use goldilane_hdl::bootstrap::{Geometry, decompose, rotate};
use goldilane_hdl::netlist::Sim;

fn shape(lanes: u32, size: u32, levels: u32) -> Shape {
    Shape {
        lanes,
        polynomial_size: size,
        max_pbs_levels: levels,
        key_switch_products: 4 * lanes,
        ..Shape::TOY
    }
}

/// splitmix64
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn wide(words: &[u64]) -> Vec<u128> {
    words.iter().map(|w| u128::from(*w)).collect()
}

/// +-x, as the sign bit says.
fn signed(word: u64, negative: bool) -> u64 {
    if negative { word.wrapping_neg() } else { word }
}

/// The rotation of lanes, finished where a multiplexer is left to the subtraction.
fn check_rotation(lanes: u32) {
    let geometry = Geometry::new(shape(lanes, 4 * lanes.max(64), 1));
    let module = rotate::rotate(&geometry).unwrap();
    assert_eq!(module.depth_violations(), []);
    let (lanes, latency) = (lanes as usize, rotate::latency(&geometry));
    let mut sim = Sim::new(&module);
    let mut seed = 1;
    // A stream of rows, each with an amount of its own: all amounts, in both directions of change.
    let amounts: Vec<usize> = (0..2 * lanes).chain((0..2 * lanes).rev()).collect();
    let rows: Vec<Vec<u64>> = amounts
        .iter()
        .map(|_| (0..lanes).map(|_| random(&mut seed)).collect())
        .collect();
    for clock in 0..amounts.len() + latency + 2 {
        let at = |i: usize| i.min(amounts.len() - 1);
        sim.set("amount", amounts[at(clock)] as u128);
        let early_select = rotate::leaves_half(&geometry).then(|| sim.get("half_select"));
        if clock >= 1 {
            sim.set_words("row", &wide(&rows[at(clock - 1)]));
        }
        sim.clock();
        let Some(index) = clock.checked_sub(latency) else {
            continue;
        };
        if index >= amounts.len() {
            continue;
        }
        let (amount, row) = (amounts[index], &rows[index]);
        let turned = sim.get_words("turned");
        let negative = sim.get_words("negative");
        let far = early_select == Some(1);
        for lane in 0..lanes {
            let (from, wraps) = rotate::source(lanes, lane, if far { lanes / 2 } else { 0 });
            let word = signed(turned[from] as u64, (negative[from] == 1) ^ wraps);
            // X^(R amount) on the vector of lanes
            let source = (lane + 2 * lanes - amount) % (2 * lanes);
            let expected = signed(row[source % lanes], source >= lanes);
            assert_eq!(word, expected, "P {lanes} amount {amount} lane {lane}");
        }
    }
}

#[test]
fn lanes_turn_by_every_amount() {
    for lanes in [4, 8, 16, 32, 128, 256] {
        check_rotation(lanes);
    }
}

/// Words at which rounding, ties and carries turn, for one decomposition; and others.
fn adversarial(b: u32, l: u32, seed: &mut u64) -> Vec<u64> {
    let bits = b * l;
    let unit = 1_u64 << (63 - bits);
    let mut words = vec![0, 1, u64::MAX, 1 << 63, (1 << 63) - 1, (1 << 63) + 1];
    for digit in 0..l {
        let half = 1_u64 << (64 - bits + digit * b + b - 1);
        for around in [
            0,
            unit,
            unit - 1,
            unit + 1,
            unit.wrapping_neg(),
            1,
            u64::MAX,
        ] {
            words.push(half.wrapping_add(around));
            words.push(half.wrapping_neg().wrapping_add(around));
            words.push((half >> 1).wrapping_add(around));
        }
    }
    // every digit B/2, with and without a half below
    let halves = (0..l).fold(0, |w, d| w | 1 << (64 - bits + d * b + b - 1));
    words.extend([
        halves,
        halves | unit,
        halves | (unit - 1),
        halves.wrapping_sub(1),
    ]);
    for _ in 0..40 {
        let word = random(seed);
        words.push(word);
        // digits near their limits
        words.push(word & halves);
        words.push((word & halves) | unit);
        words.push((word & halves).wrapping_sub((random(seed) % 3).wrapping_mul(unit << 1)));
    }
    words
}

/// What the lane must give: plain digits, top-aligned with one level built in.
fn expected_digit(shape: &Shape, x: u64, b: u32, l: u32, place: u32) -> i64 {
    let decomposition = Decomposition::new(b as usize, l as usize).unwrap();
    let digits: Vec<i64> = golden_digits(x, decomposition).collect();
    let digit = digits[(l - 1 - place) as usize];
    if shape.max_pbs_levels == 1 {
        digit << (shape.max_pbs_base_log - b)
    } else {
        digit
    }
}

fn check_decomposition(shape: Shape, cases: &[(u32, u32)]) {
    let geometry = Geometry::new(shape);
    let module = decompose::decompose(&geometry).unwrap();
    assert_eq!(module.depth_violations(), []);
    let (lanes, latency) = (geometry.lanes(), decompose::latency(&geometry));
    let mut sim = Sim::new(&module);
    let mut seed = 7;
    for &(b, l) in cases {
        sim.set("base_log", b.into());
        sim.set("levels", l.into());
        for _ in 0..4 {
            sim.clock();
        }
        let mut values = adversarial(b, l, &mut seed);
        values.resize(values.len().next_multiple_of(lanes), 5);
        let rows: Vec<(&[u64], u32)> = values
            .chunks(lanes)
            .flat_map(|row| (0..l).map(move |place| (row, place)))
            .collect();
        // (turned, negative, plain, half_select) of each row so that the difference is the value
        let plain: Vec<Vec<u64>> = rows
            .iter()
            .map(|(row, _)| row.iter().map(|_| random(&mut seed)).collect())
            .collect();
        let negative: Vec<Vec<bool>> = rows
            .iter()
            .map(|(row, _)| row.iter().map(|_| random(&mut seed) & 1 == 1).collect())
            .collect();
        let far: Vec<bool> = rows.iter().map(|_| random(&mut seed) & 1 == 1).collect();
        for clock in 0..rows.len() + latency + 1 {
            if clock < rows.len() && shape.max_pbs_levels > 1 {
                // two clocks ahead of the row, which goes in at clock + 2: one more clock of delay
                sim.set("place", rows[clock].1.into());
            }
            let row_at = clock.checked_sub(if shape.max_pbs_levels > 1 { 2 } else { 1 });
            if rotate::leaves_half(&geometry) {
                let select_at = row_at.map_or(0, |at| at + 1).min(rows.len() - 1);
                sim.set("half_select", u128::from(far[select_at]));
            }
            if let Some(at) = row_at.filter(|at| *at < rows.len()) {
                let mut turned = vec![0_u128; lanes];
                let mut signs = vec![0_u128; lanes];
                for lane in 0..lanes {
                    let by = if rotate::leaves_half(&geometry) && far[at] {
                        lanes / 2
                    } else {
                        0
                    };
                    let (from, wraps) = rotate::source(lanes, lane, by);
                    let x = rows[at].0[lane].wrapping_add(plain[at][lane]);
                    turned[from] = signed(x, negative[at][lane]).into();
                    signs[from] = u128::from(negative[at][lane] ^ wraps);
                }
                sim.set_words("turned", &turned);
                sim.set_words("negative", &signs);
                sim.set_words("plain", &wide(&plain[at]));
            }
            sim.clock();
            let done = row_at.and_then(|at| (at + 1).checked_sub(latency));
            let Some(at) = done.filter(|at| *at < rows.len()) else {
                continue;
            };
            let digits = sim.get_words("digit");
            let width = geometry.digit_bits();
            let place = rows[at].1;
            for (digit, &x) in digits.iter().zip(rows[at].0) {
                let expected = expected_digit(&shape, x, b, l, place);
                let found = (*digit as i64) << (64 - width) >> (64 - width);
                assert_eq!(found, expected, "b {b} l {l} place {place} x {x:#x}");
            }
        }
    }
}

#[test]
fn one_level_any_base() {
    let cases: Vec<(u32, u32)> = (1..=23).map(|b| (b, 1)).collect();
    for (lanes, size) in [(4, 256), (8, 2048), (128, 2048)] {
        check_decomposition(shape(lanes, size, 1), &cases);
    }
    let narrow = Shape {
        max_pbs_base_log: 7,
        ..shape(4, 256, 1)
    };
    check_decomposition(narrow, &cases[..7]);
}

#[test]
fn several_levels_any_base() {
    for (lanes, size, levels) in [(4, 256, 3), (8, 2048, 2), (16, 256, 5)] {
        let cases: Vec<(u32, u32)> = (1..=levels)
            .flat_map(|l| (1..=23).map(move |b| (b, l)))
            .filter(|(b, l)| b * l <= 63)
            .collect();
        check_decomposition(shape(lanes, size, levels), &cases);
    }
}
