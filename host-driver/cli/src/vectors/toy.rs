//! Vectors of the golden model: toy keys, made from a number in moments. They protect nothing.

use anyhow::{Context, Result};
use goldilane_golden_model::toy::{ToyKeys, ToyRandom};
use goldilane_golden_model::{KeySwitchKey, Parameters, Stage, StageWords, bootstrap_checkpoints};
use rayon::prelude::*;

use super::material::{CiphertextMaterial, Input, Material};

/// Messages of the ciphertexts.
const SPACE: u64 = 4;
/// Words at which carries, signs and roundings turn.
const EDGES: [u64; 12] = [
    0,
    1,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
    1 << 32,
    (1 << 63) - 1,
    1 << 63,
    (1 << 63) + 1,
    0xffff_ffff_0000_0000,
    0xffff_ffff_0000_0001,
    u64::MAX,
];

/// A ciphertext that is none: words at which carries and roundings turn, in an order that `seed` gives.
pub fn edge_words(seed: u64, count: usize) -> Vec<u64> {
    let mut random = ToyRandom::new(seed);
    (0..count)
        .map(|_| EDGES[random.below(EDGES.len() as u64) as usize])
        .collect()
}

/// The inputs: of four in a row one ordinary, one with an encrypted table, one with three outputs, one of edge words.
pub fn inputs(
    parameters: &Parameters,
    seed: u64,
    count: usize,
    mut encrypt: impl FnMut(u64) -> Vec<u64>,
) -> Vec<Input> {
    let size = parameters.polynomial_size;
    let from_seed = |index: usize| seed.wrapping_add(index as u64);
    let message = |index: usize| from_seed(index) % SPACE;
    (0..count)
        .map(|index| match index % 4 {
            1 => Input::new(encrypt(message(index)), 1, (1, 0), size),
            2 => Input::new(encrypt(message(index)), 0, (3, size / 4 + 1), size),
            3 => {
                let words = edge_words(from_seed(index), parameters.big_lwe_size());
                Input::new(words, 1, (1, 0), size)
            }
            _ => Input::new(encrypt(message(index)), 0, (1, 0), size),
        })
        .collect()
}

/// Makes the vectors of a toy set.
///
/// # Errors
/// Parameters that the golden model refuses.
pub fn make(name: &str, parameters: Parameters, seed: u64, count: usize) -> Result<Material> {
    let mut material = without_stages(name, parameters, seed, count)?;
    let key = material.key()?;
    let stages = Stage::checkpoints(parameters.lwe_dimension);
    let expected: Vec<Vec<(Stage, StageWords)>> = (0..count)
        .into_par_iter()
        .map(|index| bootstrap_checkpoints(&key, material.job(index), &stages))
        .collect::<Result<_, _>>()
        .context("compute the stages")?;
    for (ciphertext, stages) in material.ciphertexts.iter_mut().zip(expected) {
        ciphertext.stages = stages;
    }
    Ok(material)
}

/// Key, tables and inputs of a toy set; no words of the stages.
///
/// # Errors
/// Parameters that the golden model refuses.
pub fn without_stages(
    name: &str,
    parameters: Parameters,
    seed: u64,
    count: usize,
) -> Result<Material> {
    let mut toy =
        ToyKeys::generate(parameters, seed).with_context(|| format!("make keys of {name}"))?;
    let ksk = match toy.key_switch_key() {
        KeySwitchKey::Bits32(words) => words.clone(),
        KeySwitchKey::Bits64(words) => goldilane_golden_model::key_switch::round_ksk_to_32(words),
    };
    let plain = toy.lut(SPACE, |message| (3 * message + 1) % SPACE);
    let inverted = toy.lut(SPACE, |message| SPACE - 1 - message);
    let encrypted = toy.encrypt_glwe(&inverted[parameters.big_lwe_dimension()..]);
    let bsk = toy.bsk().to_vec();
    let inputs = inputs(&parameters, seed, count, |message| {
        toy.encrypt_big(message, SPACE)
    });
    Ok(Material {
        set: name.to_owned(),
        seed: Some(seed),
        reference: "golden model".to_owned(),
        parameters,
        bsk,
        ksk,
        luts: vec![plain, encrypted],
        ciphertexts: inputs
            .into_iter()
            .map(|input| CiphertextMaterial {
                input,
                stages: Vec::new(),
            })
            .collect(),
    })
}
