//! Folders of toy vectors as `docs/vectors.md` describes them, with the files that a bootstrap needs.

use std::fs;
use std::path::Path;

use goldilane_golden_model::toy::{ToyKeys, toy_parameter_sets};
use goldilane_golden_model::{Job, KeySwitchKey, Parameters, bootstrap};

const SPACE: u64 = 4;

/// The toy sets that a toy board takes.
pub fn sets() -> Vec<(&'static str, Parameters)> {
    let mut sets = toy_parameter_sets();
    sets.retain(|(name, _)| name.starts_with("TOY_INSECURE_N256_K1_"));
    assert_eq!(sets.len(), 3);
    sets
}

/// Writes four ciphertexts, six results: an encrypted table, three outputs, and no encryption at all are among them.
pub fn write(folder: &Path, parameters: Parameters, seed: u64) {
    fs::create_dir_all(folder).expect("a folder");
    let mut toy = ToyKeys::generate(parameters, seed).expect("toy keys");
    let key = toy.key().expect("a key");
    let plain = toy.lut(SPACE, |message| (3 * message + 1) % SPACE);
    let inverted = toy.lut(SPACE, |message| SPACE - 1 - message);
    let encrypted = toy.encrypt_glwe(&inverted[parameters.big_lwe_dimension()..]);
    let luts = [plain, encrypted];
    let KeySwitchKey::Bits32(ksk) = toy.key_switch_key() else {
        panic!("32 bits")
    };
    let ksk: Vec<u8> = ksk.iter().flat_map(|word| word.to_le_bytes()).collect();
    fs::write(folder.join("ksk.bin"), ksk).expect("a file");
    words(folder, "bsk.bin", toy.bsk());
    for (index, lut) in luts.iter().enumerate() {
        words(folder, &format!("lut_{index}.bin"), lut);
    }
    let mut ciphertexts = Vec::new();
    for (index, (lut, degrees, stride)) in [(0, 1, 0), (1, 1, 0), (0, 3, 65), (1, 1, 0)]
        .into_iter()
        .enumerate()
    {
        let mut input = toy.encrypt_big(index as u64 % SPACE, SPACE);
        if index == 3 {
            input.fill(u64::MAX);
        }
        let places: Vec<usize> = (0..degrees).map(|degree| degree * stride).collect();
        let job = Job {
            lwe: &input,
            lut: &luts[lut],
            degrees: &places,
        };
        let expected = bootstrap(&key, job).expect("a bootstrap").concat();
        words(folder, &format!("ciphertext_{index}_lwe_in.bin"), &input);
        words(
            folder,
            &format!("ciphertext_{index}_extract.bin"),
            &expected,
        );
        ciphertexts.push(format!(
            "    {{ \"lut\": {lut}, \"degrees\": {degrees}, \"stride\": {stride} }}"
        ));
    }
    describe(folder, &parameters, &ciphertexts);
}

fn words(folder: &Path, name: &str, words: &[u64]) {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    fs::write(folder.join(name), bytes).expect("a file");
}

/// The numbers, in the order of the format.
fn describe(folder: &Path, parameters: &Parameters, ciphertexts: &[String]) {
    let numbers = [
        ("lwe_dimension", parameters.lwe_dimension),
        ("glwe_dimension", parameters.glwe_dimension),
        ("polynomial_size", parameters.polynomial_size),
        ("pbs_base_log", parameters.pbs.base_log()),
        ("pbs_levels", parameters.pbs.levels()),
        ("ks_base_log", parameters.key_switch.base_log()),
        ("ks_levels", parameters.key_switch.levels()),
    ]
    .map(|(name, number)| format!("    \"{name}\": {number}"))
    .join(",\n");
    let text = format!(
        "{{\n  \"parameters\": {{\n{numbers}\n  }},\n  \"ciphertexts\": [\n{}\n  ]\n}}\n",
        ciphertexts.join(",\n")
    );
    fs::write(folder.join("description.json"), text).expect("a file");
}
