//! The golden model against `tfhe` 1.8.2, word by word at every stage: a sweep of odd shapes, with
//! keys, encryptions, tables and decryptions by `tfhe`. Toy shapes, none of them secure.

use KeySwitchWidth::{Bits32, Bits64};
use ModulusSwitchKind::{Centered, Plain};
use goldilane_golden_model::mod_switch::mod_switch;
use goldilane_golden_model::toy::ToyRandom;
use goldilane_golden_model::{
    Job, KeySwitchWidth, ModulusSwitchKind, Stage, TransformKind, bootstrap, bootstrap_checkpoints,
};
use goldilane_tests::tfhe_reference::{TfheKsk, TfheReference, switch_modulus};
use tfhe::core_crypto::commons::generators::DeterministicSeeder;
use tfhe::core_crypto::commons::math::random::Seed;
use tfhe::core_crypto::prelude::*;

/// A shape: `k`, `N`, `n`, PBS base log and levels, key-switch base log and levels, key-switch width, modulus
/// switch.
type Shape = (
    usize,
    usize,
    usize,
    (usize, usize),
    (usize, usize),
    KeySwitchWidth,
    ModulusSwitchKind,
);

const SHAPES: [Shape; 18] = [
    (1, 16, 1, (23, 1), (4, 4), Bits32, Centered),
    (1, 16, 3, (15, 2), (4, 4), Bits64, Plain),
    (2, 16, 2, (10, 3), (3, 5), Bits32, Plain),
    (3, 32, 3, (7, 5), (2, 8), Bits32, Centered),
    (1, 32, 4, (8, 4), (4, 8), Bits32, Centered),
    (2, 64, 5, (23, 1), (4, 4), Bits64, Centered),
    (1, 64, 1, (12, 3), (1, 16), Bits32, Centered),
    (3, 128, 6, (12, 3), (4, 6), Bits32, Centered),
    (1, 128, 7, (22, 1), (5, 4), Bits64, Plain),
    (2, 256, 9, (6, 5), (4, 4), Bits32, Plain),
    (1, 256, 12, (23, 1), (4, 4), Bits32, Centered),
    (1, 512, 10, (21, 2), (3, 5), Bits32, Centered),
    (3, 512, 5, (9, 4), (7, 3), Bits64, Centered),
    (1, 1024, 11, (15, 2), (8, 2), Bits32, Centered),
    (2, 1024, 8, (18, 1), (3, 6), Bits32, Centered),
    (1, 2048, 13, (20, 1), (4, 8), Bits32, Centered),
    (2, 2048, 4, (11, 4), (4, 4), Bits64, Centered),
    (1, 4096, 6, (31, 2), (4, 5), Bits32, Centered),
];

/// Two messages and a padding bit.
const DELTA: u64 = 1 << 62;

struct Toy {
    shape: Shape,
    big_secret: LweSecretKeyOwned<u64>,
    glwe_secret: GlweSecretKeyOwned<u64>,
    generator: EncryptionRandomGenerator<DefaultRandomGenerator>,
    reference: TfheReference,
}

fn big_noise() -> DynamicDistribution<u64> {
    DynamicDistribution::new_gaussian_from_std_dev(StandardDev(2.0_f64.powi(-52)))
}

fn small_noise() -> Gaussian<f64> {
    Gaussian::from_dispersion_parameter(StandardDev(2.0_f64.powi(-27)), 0.0)
}

impl Toy {
    fn generate(seed: u128, shape: Shape) -> Self {
        let (k, size, n, pbs, key_switch, width, modulus_switch) = shape;
        let mut seeder = DeterministicSeeder::<DefaultRandomGenerator>::new(Seed(seed));
        let mut secrets = SecretRandomGenerator::<DefaultRandomGenerator>::new(seeder.seed());
        let mut generator =
            EncryptionRandomGenerator::<DefaultRandomGenerator>::new(seeder.seed(), &mut seeder);
        let small_secret: LweSecretKeyOwned<u64> =
            LweSecretKey::generate_new_binary(LweDimension(n), &mut secrets);
        let glwe_secret = GlweSecretKey::generate_new_binary(
            GlweDimension(k),
            PolynomialSize(size),
            &mut secrets,
        );
        let big_secret = glwe_secret.clone().into_lwe_secret_key();
        let bsk = allocate_and_generate_new_lwe_bootstrap_key(
            &small_secret,
            &glwe_secret,
            DecompositionBaseLog(pbs.0),
            DecompositionLevelCount(pbs.1),
            big_noise(),
            CiphertextModulus::new_native(),
            &mut generator,
        );
        let (base_log, levels) = (
            DecompositionBaseLog(key_switch.0),
            DecompositionLevelCount(key_switch.1),
        );
        let ksk = match width {
            Bits32 => TfheKsk::Bits32(allocate_and_generate_new_lwe_keyswitch_key(
                &big_secret,
                &LweSecretKey::from_container(
                    small_secret
                        .as_ref()
                        .iter()
                        .map(|bit| *bit as u32)
                        .collect::<Vec<_>>(),
                ),
                base_log,
                levels,
                small_noise(),
                CiphertextModulus::new_native(),
                &mut generator,
            )),
            Bits64 => TfheKsk::Bits64(allocate_and_generate_new_lwe_keyswitch_key(
                &big_secret,
                &small_secret,
                base_log,
                levels,
                small_noise(),
                CiphertextModulus::new_native(),
                &mut generator,
            )),
        };
        Self {
            shape,
            big_secret,
            glwe_secret,
            generator,
            reference: TfheReference::new(bsk, ksk, modulus_switch).unwrap(),
        }
    }

    fn encrypt(&mut self, message: u64) -> Vec<u64> {
        allocate_and_encrypt_new_lwe_ciphertext(
            &self.big_secret,
            Plaintext(message * DELTA),
            big_noise(),
            CiphertextModulus::new_native(),
            &mut self.generator,
        )
        .into_container()
    }

    fn decrypt(&self, words: &[u64]) -> u64 {
        let lwe = LweCiphertext::from_container(words, CiphertextModulus::new_native());
        let phase = decrypt_lwe_ciphertext(&self.big_secret, &lwe).0;
        phase.wrapping_add(DELTA / 2) / DELTA
    }

    fn lut(&self, function: fn(u64) -> u64) -> GlweCiphertextOwned<u64> {
        let (k, size, ..) = self.shape;
        generate_programmable_bootstrap_glwe_lut(
            PolynomialSize(size),
            GlweDimension(k).to_glwe_size(),
            2,
            CiphertextModulus::new_native(),
            DELTA,
            function,
        )
    }

    /// The same table under encryption.
    fn encrypt_lut(&mut self, lut: &GlweCiphertextOwned<u64>) -> GlweCiphertextOwned<u64> {
        let mut encrypted = lut.clone();
        let body = PlaintextList::from_container(lut.get_body().as_ref().to_vec());
        encrypt_glwe_ciphertext(
            &self.glwe_secret,
            &mut encrypted,
            &body,
            big_noise(),
            &mut self.generator,
        );
        encrypted
    }

    fn assert_same_words(&self, job: Job<'_>) {
        let key = self.reference.golden_key().unwrap();
        let stages = Stage::checkpoints(key.parameters().lwe_dimension);
        for (stage, words) in bootstrap_checkpoints(&key, job, &stages).unwrap() {
            let expected = self.reference.checkpoint(job, stage);
            let difference = words.first_difference(&expected);
            assert_eq!(difference, None, "{:?} {stage}", self.shape);
        }
    }
}

fn negate(message: u64) -> u64 {
    1 - message
}

#[test]
fn odd_shapes_are_tfhe_word_by_word_and_decrypt() {
    for (seed, shape) in SHAPES.into_iter().enumerate() {
        let mut toy = Toy::generate(seed as u128, shape);
        let size = shape.1;
        let clear = toy.lut(negate);
        let encrypted = toy.encrypt_lut(&clear);
        assert!(encrypted.get_mask().as_ref().iter().any(|word| *word != 0));
        for message in 0..2 {
            let lwe = toy.encrypt(message);
            for lut in [&clear, &encrypted] {
                let job = Job {
                    lwe: &lwe,
                    lut: lut.as_ref(),
                    degrees: &[0, 1, size / 2 + 3, size - 1],
                };
                toy.assert_same_words(job);
                let key = toy.reference.golden_key().unwrap();
                let outputs = bootstrap(&key, job).unwrap();
                assert_eq!(toy.decrypt(&outputs[0]), negate(message), "{shape:?}");
            }
        }
    }
}

#[test]
fn a_64_bit_key_rounded_to_32_bits_is_the_key_switch_with_scalar_change() {
    for (seed, shape) in SHAPES
        .into_iter()
        .enumerate()
        .filter(|(_, s)| s.5 == Bits64)
    {
        let mut toy = Toy::generate(seed as u128, shape);
        toy.reference = toy.reference.rounded_to_32();
        let lut = toy.lut(negate);
        for message in 0..2 {
            let lwe = toy.encrypt(message);
            let job = Job {
                lwe: &lwe,
                lut: lut.as_ref(),
                degrees: &[0],
            };
            toy.assert_same_words(job);
            let key = toy.reference.golden_key().unwrap();
            let outputs = bootstrap(&key, job).unwrap();
            assert_eq!(toy.decrypt(&outputs[0]), negate(message), "{shape:?}");
        }
    }
}

/// The structure of the hardware, too, is `tfhe`'s words: not only the quick transform.
#[test]
fn the_one_barrier_transform_is_tfhe_word_by_word() {
    for (seed, shape) in SHAPES.into_iter().enumerate().step_by(3) {
        let mut toy = Toy::generate(seed as u128, shape);
        let lut = toy.lut(negate);
        let lwe = toy.encrypt(1);
        let job = Job {
            lwe: &lwe,
            lut: lut.as_ref(),
            degrees: &[0],
        };
        let key = goldilane_golden_model::Key::with_transform(
            *toy.reference.parameters(),
            toy.reference.bsk(),
            toy.reference.ksk_words(),
            TransformKind::OneBarrier,
        )
        .unwrap();
        let (_, words) = bootstrap_checkpoints(&key, job, &[Stage::Extract])
            .unwrap()
            .remove(0);
        let expected = toy.reference.checkpoint(job, Stage::Extract);
        assert_eq!(words.first_difference(&expected), None, "{shape:?}");
    }
}

/// Words at which a digit, a rounding or a carry turns, as mask words of the input and as table.
#[test]
fn extreme_words_are_tfhe_word_by_word() {
    let centres = [0, 1 << 31, 1 << 32, 1 << 40, 1 << 59, 1 << 62, 1 << 63];
    let edges: Vec<u64> = centres
        .iter()
        .flat_map(|centre: &u64| (-2..=2).map(|offset| centre.wrapping_add_signed(offset)))
        .collect();
    for (seed, shape) in SHAPES.into_iter().enumerate().filter(|(_, s)| s.1 <= 512) {
        let toy = Toy::generate(seed as u128, shape);
        let parameters = *toy.reference.parameters();
        for stride in [1, 3, 8] {
            let draw = |count: usize| -> Vec<u64> {
                (0..count)
                    .map(|i| edges[i * stride % edges.len()])
                    .collect()
            };
            toy.assert_same_words(Job {
                lwe: &draw(parameters.big_lwe_size()),
                lut: &draw(parameters.glwe_size()),
                degrees: &[0, parameters.polynomial_size - 1],
            });
        }
    }
}

/// Where the body's exponent turns depends on the last bit of the mask's correction, halves of odd
/// errors and their ties included. The place is searched with `tfhe` alone.
#[test]
fn the_modulus_switch_turns_at_the_same_body_as_in_tfhe() {
    let mut random = ToyRandom::new(21);
    for case in 0..400_u64 {
        let bits = [5, 8, 12, 13][case as usize % 4];
        let kind = if case % 5 == 0 { Plain } else { Centered };
        let n = 1 + random.below(12) as usize;
        // words close to a multiple of the step make small errors, so that their parities rule
        let near = case % 3 != 0;
        let mut narrow: Vec<u32> = Vec::new();
        let mut wide: Vec<u64> = Vec::new();
        for _ in 0..=n {
            let (word, offset) = (random.word(), random.below(9) as u32);
            let step = 1_u64 << (32 - bits);
            let word = if near {
                word & !(step - 1) & 0xffff_ffff
            } else {
                word
            };
            narrow.push((word as u32).wrapping_add(offset).wrapping_sub(4));
            let word = if near { word << 32 } else { word };
            wide.push(word.wrapping_add(offset.into()).wrapping_sub(4));
        }

        let exponent = |body: u64| {
            let mut words = narrow.clone();
            words[n] = body as u32;
            switch_modulus(words, bits, kind)[n]
        };
        let turn = search_turn(32 - bits, narrow[n].into(), exponent);
        for body in [turn.wrapping_sub(1), turn, turn.wrapping_add(1)] {
            narrow[n] = body as u32;
            let expected = switch_modulus(narrow.clone(), bits, kind);
            assert_eq!(mod_switch(&narrow, bits, kind).unwrap(), expected, "{case}");
        }

        let exponent = |body: u64| {
            let mut words = wide.clone();
            words[n] = body;
            switch_modulus(words, bits, kind)[n]
        };
        let turn = search_turn(64 - bits, wide[n], exponent);
        for body in [turn.wrapping_sub(1), turn, turn.wrapping_add(1)] {
            wide[n] = body;
            let expected = switch_modulus(wide.clone(), bits, kind);
            assert_eq!(mod_switch(&wide, bits, kind).unwrap(), expected, "{case}");
        }
    }
}

/// The first body after `start` with another exponent; one comes within `2^step_bits`.
fn search_turn(step_bits: u32, start: u64, exponent: impl Fn(u64) -> u16) -> u64 {
    let here = exponent(start);
    let (mut same, mut other) = (0_u64, 1_u64 << step_bits);
    assert_ne!(exponent(start.wrapping_add(other)), here);
    while other - same > 1 {
        let middle = same + (other - same) / 2;
        if exponent(start.wrapping_add(middle)) == here {
            same = middle;
        } else {
            other = middle;
        }
    }
    start.wrapping_add(other)
}
