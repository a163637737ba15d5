//! Vectors of tfhe's own parameter sets, every word by tfhe.
//!
//! For the sets with a key-switching key modulo 2^64 the key is rounded to 32 bits first, as at import: that is the key
//! that a board has.

use anyhow::{Context, Result, bail};
use goldilane_driver_tfhe::reference::TfheReference;
use goldilane_driver_tfhe::seeded::with_seed;
use goldilane_driver_tfhe::{LookupTable, import_shortint_server_key};
use goldilane_golden_model::toy::ToyRandom;
use goldilane_golden_model::{KeySwitchKey, Stage};
use rayon::prelude::*;
use tfhe::shortint::parameters::v1_8::{
    V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_GAUSSIAN_2M128,
    V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_TUNIFORM_2M128,
    V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128,
};
use tfhe::shortint::{ClientKey, CompressedServerKey};

use super::material::{CiphertextMaterial, Input, Material};
use super::set::FullSet;
use super::toy::inputs;

/// Who computes the words.
pub const REFERENCE: &str = "tfhe 1.8.2 (exact NTT bootstrap, 32-bit key switch)";

/// A client key of the set.
pub fn client_key(set: FullSet) -> ClientKey {
    match set {
        FullSet::Ks32TUniform => {
            ClientKey::new(V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128)
        }
        FullSet::TUniform => ClientKey::new(V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_TUNIFORM_2M128),
        FullSet::Gaussian => ClientKey::new(V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_GAUSSIAN_2M128),
    }
}

/// A lookup table whose mask is not zero, like that of an encrypted one.
fn random_words(seed: u64, count: usize) -> Vec<u64> {
    let mut random = ToyRandom::new(seed);
    (0..count).map(|_| random.word()).collect()
}

/// Makes the vectors of a set.
///
/// # Errors
/// None but those of a broken invariant.
pub fn make(set: FullSet, seed: u64, count: usize) -> Result<Material> {
    let (material, reference) = without_stages(set, seed, count)?;
    Ok(compute_stages(material, &reference))
}

/// Key, tables and inputs of a set, and tfhe with this key; no words of the stages yet.
///
/// # Errors
/// None but those of a broken invariant.
pub fn without_stages(set: FullSet, seed: u64, count: usize) -> Result<(Material, TfheReference)> {
    with_seed(seed, || {
        let client = client_key(set);
        let server = CompressedServerKey::new(&client);
        let key = import_shortint_server_key(&server)?;
        let parameters = *key.key.parameters();
        let table = LookupTable::new(&key, |message| (3 * message + 1) % 16)?;
        let random = random_words(seed, parameters.glwe_size());
        let inputs = inputs(&parameters, seed, count, |message| {
            client.encrypt(message).ct.into_container()
        });
        let reference = TfheReference::from_compressed(&server)
            .context("expand the key")?
            .rounded_to_32();
        let luts = vec![table.words().to_vec(), random];
        let material = with_inputs(set.name(), Some(seed), &reference, luts, inputs)?;
        Ok((material, reference))
    })
}

/// Computes all stages with tfhe.
///
/// # Errors
/// A key-switching key that is not of 32 bits.
pub fn from_reference(
    set: &str,
    seed: Option<u64>,
    reference: &TfheReference,
    luts: Vec<Vec<u64>>,
    inputs: Vec<Input>,
) -> Result<Material> {
    let material = with_inputs(set, seed, reference, luts, inputs)?;
    Ok(compute_stages(material, reference))
}

fn with_inputs(
    set: &str,
    seed: Option<u64>,
    reference: &TfheReference,
    luts: Vec<Vec<u64>>,
    inputs: Vec<Input>,
) -> Result<Material> {
    let KeySwitchKey::Bits32(ksk) = reference.ksk_words() else {
        bail!("{set}: the key-switching key is not rounded to 32 bits");
    };
    Ok(Material {
        set: set.to_owned(),
        seed,
        reference: REFERENCE.to_owned(),
        parameters: *reference.parameters(),
        bsk: reference.bsk().to_vec(),
        ksk,
        luts,
        ciphertexts: inputs
            .into_iter()
            .map(|input| CiphertextMaterial {
                input,
                stages: Vec::new(),
            })
            .collect(),
    })
}

fn compute_stages(mut material: Material, reference: &TfheReference) -> Material {
    let stages = Stage::checkpoints(material.parameters.lwe_dimension);
    let places: Vec<(usize, Stage)> = (0..material.ciphertexts.len())
        .flat_map(|index| stages.iter().map(move |stage| (index, *stage)))
        .collect();
    let words: Vec<_> = places
        .par_iter()
        .map(|(index, stage)| reference.checkpoint(material.job(*index), *stage))
        .collect();
    for ((index, stage), words) in places.into_iter().zip(words) {
        material.ciphertexts[index].stages.push((stage, words));
    }
    material
}
