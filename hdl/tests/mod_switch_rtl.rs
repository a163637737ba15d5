//! The modulus switch at the edges of an exponent: bodies for which the last bit of the mean decides, where a wrong
//! rounding of the mean shows. Random bodies come near an edge once in millions.

use goldilane_abi::Shape;
use goldilane_golden_model::ModulusSwitchKind;
use goldilane_golden_model::mod_switch::mod_switch as golden;
use goldilane_golden_model::toy::ToyRandom;
use goldilane_hdl::key_switch::{Geometry, mod_switch};
use goldilane_hdl::netlist::Sim;

/// What the golden model makes of the body behind this mask.
fn exponent(mask: &[u32], body: u32, bits: u32) -> u16 {
    let words = [mask, &[body]].concat();
    let all = golden(&words, bits, ModulusSwitchKind::Centered).expect("sound words");
    *all.last().expect("a body")
}

/// The first body above `from` with another exponent than `from`.
fn edge(mask: &[u32], from: u32, bits: u32) -> u32 {
    let below = exponent(mask, from, bits);
    let (mut low, mut high) = (0, 1_u32 << (32 - bits));
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if exponent(mask, from.wrapping_add(middle), bits) == below {
            low = middle;
        } else {
            high = middle;
        }
    }
    from.wrapping_add(high)
}

/// Runs a ciphertext a slot, word by word in turn; the exponents of each.
fn run(sim: &mut Sim, random: &mut ToyRandom, batch: &[Vec<u32>], gaps: bool) -> Vec<Vec<u16>> {
    let mut got = vec![Vec::new(); batch.len()];
    let n = batch[0].len() - 1;
    let mut take = |sim: &mut Sim| {
        if sim.get("out_valid") == 1 {
            got[sim.get("out_slot") as usize].push(sim.get("out_rotation") as u16);
        }
        sim.clock();
    };
    for step in 0..=n {
        for (slot, words) in batch.iter().enumerate() {
            while gaps && random.below(3) == 0 {
                sim.set("in_valid", 0);
                sim.set("in_slot", random.below(batch.len() as u64).into());
                take(sim);
            }
            sim.set("in_valid", 1);
            sim.set("in_word", words[step].into());
            sim.set("in_slot", slot as u128);
            sim.set("in_step", step as u128);
            sim.set("in_first", (step == 0).into());
            sim.set("in_body", (step == n).into());
            take(sim);
        }
    }
    sim.set("in_valid", 0);
    for _ in 0..=mod_switch::LATENCY {
        take(sim);
    }
    got
}

#[test]
fn the_last_bit_of_the_mean_counts() {
    for (shape, slots) in [(Shape::TOY, 1), (Shape::TOY, 3), (Shape::SIM, 4)] {
        let geometry = Geometry::new(&shape);
        let bits = geometry.rotation_bits;
        let module = mod_switch::mod_switch(&geometry).expect("builds");
        let mut sim = Sim::new(&module);
        let mut random = ToyRandom::new(slots as u64);
        let half = 1 << (31 - bits);
        for round in 0..24 {
            let n = [1, 2, 3, 7, 64, 65][round % 6];
            // Errors of both signs, odd and even, alone and together; ties.
            let word = |random: &mut ToyRandom| match round / 6 {
                0 => random.word() as u32,
                1 => (random.word() as u32) | 1,
                2 => ((random.word() as u32) & !(2 * half - 1)) | (half - 1),
                _ => ((random.word() as u32) & !(2 * half - 1)) | half | 1,
            };
            let masks: Vec<Vec<u32>> = (0..slots)
                .map(|_| (0..n).map(|_| word(&mut random)).collect())
                .collect();
            let edges: Vec<u32> = masks
                .iter()
                .map(|mask| edge(mask, random.word() as u32, bits))
                .collect();
            for offset in [-2, -1, 0, 1] {
                let batch: Vec<Vec<u32>> = masks
                    .iter()
                    .zip(&edges)
                    .map(|(mask, edge)| [&mask[..], &[edge.wrapping_add_signed(offset)]].concat())
                    .collect();
                let got = run(&mut sim, &mut random, &batch, round % 2 == 1);
                for (words, got) in batch.iter().zip(got) {
                    let expected = golden(words, bits, ModulusSwitchKind::Centered);
                    assert_eq!(got, expected.expect("sound"), "{words:x?}");
                }
            }
        }
    }
}
