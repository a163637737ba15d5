//! Factors of the lane multiplier, and the definition of its product. The native tests and those of the Verilog share
//! them.

use goldilane_hdl::arith::field;
use goldilane_hdl::pipeline::fold;
use goldilane_hdl::pipeline::value::{THREE_LIMBS, TWO_LIMBS};

/// A lazily reduced word and a factor.
#[derive(Clone, Copy, Debug)]
pub struct Factors {
    pub limbs: [u64; 3],
    pub factor: u64,
}

/// Random vectors beside the corners.
const RANDOM: usize = 20_000;

fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Words at which carries run or the modulus turns.
fn corners() -> Vec<u64> {
    let p = field::MODULUS;
    let mut all = vec![0, 1, 2, p - 1, p, p + 1, u64::MAX, u64::MAX - 1, 1 << 63];
    for bit in [15, 16, 17, 22, 31, 32, 33, 34, 44, 48, 51, 54, 62] {
        all.extend([(1 << bit) - 1, 1 << bit, (1 << bit) + 1]);
    }
    // Every other digit of the forms' digits full.
    all.extend([
        0xffff_0000_ffff_0000,
        0x0000_ffff_0000_ffff,
        0xffff_0000_0000_ffff,
        0x0000_ffff_ffff_0000,
        0x0000_0fff_ffc0_0000_u64,
        !0x0000_0fff_ffc0_0000_u64,
    ]);
    all
}

/// The word in the limbs of its own bits.
fn cut(word: u64) -> [u64; 3] {
    [word & 0x3f_ffff, word >> 22 & 0x3f_ffff, word >> 44]
}

/// Corners crossed pairwise, limbs at their ends crossed with corners, and random words within the limits of the port.
pub fn vectors() -> Vec<Factors> {
    let max: Vec<u64> = fold::lazy_format()
        .limbs
        .iter()
        .map(|l| l.1 as u64)
        .collect();
    let corners = corners();
    let mut words: Vec<[u64; 3]> = corners.iter().map(|w| cut(*w)).collect();
    for ends in 0..27 {
        let limb = |i: usize| [0, max[i], max[i] / 3][ends / 3usize.pow(i as u32) % 3];
        words.push([limb(0), limb(1), limb(2)]);
        let near = |i: usize| limb(i).saturating_sub(1);
        words.push([near(0), limb(1), near(2)]);
    }
    let crossed = |limbs: &[u64; 3]| {
        let limbs = *limbs;
        let with = move |factor: &u64| Factors {
            limbs,
            factor: *factor,
        };
        corners.iter().map(with).collect::<Vec<_>>()
    };
    let mut all: Vec<Factors> = words.iter().flat_map(crossed).collect();
    let mut state = 0x0123_4567_89ab_cdef;
    all.extend((0..RANDOM).map(|_| Factors {
        limbs: [0, 1, 2].map(|i| random(&mut state) % (max[i] + 1)),
        factor: random(&mut state),
    }));
    all
}

/// The product modulo `p`.
pub fn product(factors: &Factors) -> u64 {
    let limbs = factors.limbs.iter().zip(THREE_LIMBS);
    let x = limbs.fold(0, |sum, (limb, column)| {
        field::add(sum, field::shifted(u128::from(*limb), column))
    });
    field::mul(x, field::shifted(u128::from(factors.factor), 0))
}

/// What the two limbs of a result with this offset stand for.
pub fn value(limbs: [u64; 2], offset: u64) -> u64 {
    let limbs = limbs.iter().zip(TWO_LIMBS);
    limbs.fold(offset, |sum, (limb, column)| {
        field::add(sum, field::shifted(u128::from(*limb), column))
    })
}
