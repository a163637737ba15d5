//! One programmable bootstrap, whole or up to a named checkpoint, and batches of them.

use crate::blind_rotate::{blind_rotate, blind_rotate_step};
use crate::error::{Error, Result, check_len, check_range};
use crate::external_product::Workspace;
use crate::extract::extract;
use crate::key::Key;
use crate::mod_switch::mod_switch;
use crate::stage::{Stage, StageWords};
use rayon::prelude::*;

/// One bootstrap to be done.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// Big LWE ciphertext, `k*N + 1` words.
    pub lwe: &'a [u64],
    /// LUT, a GLWE ciphertext of `(k + 1) * N` words; its mask need not be zero.
    pub lut: &'a [u64],
    /// Coefficients to extract, exponents modulo `2N`; one output ciphertext each.
    pub degrees: &'a [usize],
}

impl Job<'_> {
    fn check(&self, key: &Key) -> Result<()> {
        let parameters = key.parameters();
        check_len("big LWE", self.lwe.len(), parameters.big_lwe_size())?;
        check_len("LUT", self.lut.len(), parameters.glwe_size())?;
        let order = 2 * parameters.polynomial_size;
        check_range("number of extraction degrees", self.degrees.len(), 1, order)?;
        self.degrees
            .iter()
            .try_for_each(|degree| check_range("extraction degree", *degree, 0, order - 1))
    }
}

/// The `n + 1` exponents modulo `2N` of the key-switched words.
pub fn switch_modulus(key: &Key, small_lwe: &StageWords) -> Result<Vec<u16>> {
    let parameters = key.parameters();
    check_len("small LWE", small_lwe.len(), parameters.small_lwe_size())?;
    let (bits, kind) = (parameters.rotation_bits(), parameters.modulus_switch);
    match small_lwe {
        StageWords::U32(words) => mod_switch(words, bits, kind),
        StageWords::U64(words) => mod_switch(words, bits, kind),
        StageWords::U16(_) => Err(Error::KeySwitchWidth {
            expected: parameters.key_switch_width.bits(),
            found: 16,
        }),
    }
}

fn exponents(key: &Key, lwe: &[u64]) -> Result<Vec<u16>> {
    switch_modulus(key, &key.key_switch(lwe)?)
}

fn extract_all(
    key: &Key,
    accumulator: &[u64],
    body: u16,
    degrees: &[usize],
) -> Result<Vec<Vec<u64>>> {
    let size = key.parameters().polynomial_size;
    degrees
        .iter()
        .map(|degree| extract(accumulator, size, body, *degree))
        .collect()
}

/// A whole bootstrap: one big LWE ciphertext per degree.
pub fn bootstrap(key: &Key, job: Job<'_>) -> Result<Vec<Vec<u64>>> {
    job.check(key)?;
    let exponents = exponents(key, job.lwe)?;
    let n = key.parameters().lwe_dimension;
    let accumulator = blind_rotate(key, job.lut, &exponents, n)?;
    extract_all(key, &accumulator, exponents[n], job.degrees)
}

/// Many bootstraps under one key, on all threads, in the order of the jobs.
pub fn bootstrap_batch(key: &Key, jobs: &[Job<'_>]) -> Vec<Result<Vec<Vec<u64>>>> {
    jobs.par_iter().map(|job| bootstrap(key, *job)).collect()
}

/// The words at one checkpoint; no later stage is computed.
pub fn bootstrap_until(key: &Key, job: Job<'_>, stage: Stage) -> Result<StageWords> {
    job.check(key)?;
    match stage {
        Stage::LweIn => Ok(StageWords::U64(job.lwe.to_vec())),
        Stage::KeySwitch => key.key_switch(job.lwe),
        Stage::ModSwitch => exponents(key, job.lwe).map(StageWords::U16),
        Stage::Accumulator(steps) => {
            blind_rotate(key, job.lut, &exponents(key, job.lwe)?, steps).map(StageWords::U64)
        }
        Stage::Extract => bootstrap(key, job).map(|outputs| StageWords::U64(outputs.concat())),
    }
}

/// The words at several checkpoints of one bootstrap, in the order in which they are asked for.
///
/// Every stage is computed once, however many checkpoints there are.
pub fn bootstrap_checkpoints(
    key: &Key,
    job: Job<'_>,
    stages: &[Stage],
) -> Result<Vec<(Stage, StageWords)>> {
    job.check(key)?;
    let n = key.parameters().lwe_dimension;
    let mut furthest = 0;
    for stage in stages {
        match stage {
            Stage::Accumulator(steps) => {
                check_range("steps of blind rotation", *steps, 0, n)?;
                furthest = furthest.max(*steps);
            }
            Stage::Extract => furthest = n,
            Stage::LweIn | Stage::KeySwitch | Stage::ModSwitch => {}
        }
    }
    let small_lwe = key.key_switch(job.lwe)?;
    let exponents = switch_modulus(key, &small_lwe)?;
    let mut found: Vec<Option<StageWords>> = stages
        .iter()
        .map(|stage| match stage {
            Stage::LweIn => Some(StageWords::U64(job.lwe.to_vec())),
            Stage::KeySwitch => Some(small_lwe.clone()),
            Stage::ModSwitch => Some(StageWords::U16(exponents.clone())),
            Stage::Accumulator(_) | Stage::Extract => None,
        })
        .collect();
    let mut accumulator = job.lut.to_vec();
    let mut workspace = Workspace::default();
    for step in 0..=furthest {
        if step > 0 {
            let rotation = exponents[step - 1];
            blind_rotate_step(key, &mut accumulator, step - 1, rotation, &mut workspace)?;
        }
        for (stage, found) in stages.iter().zip(&mut found) {
            if *stage == Stage::Accumulator(step) {
                *found = Some(StageWords::U64(accumulator.clone()));
            }
        }
    }
    stages
        .iter()
        .zip(found)
        .map(|(stage, found)| match found {
            Some(words) => Ok((*stage, words)),
            None => extract_all(key, &accumulator, exponents[n], job.degrees)
                .map(|outputs| (*stage, StageWords::U64(outputs.concat()))),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decompose::Decomposition;
    use crate::parameters::{KeySwitchWidth, ModulusSwitchKind, Parameters};
    use crate::toy::{ToyKeys, toy_parameter_sets};
    use crate::transform::TransformKind;

    #[test]
    fn toy_bootstraps_decrypt_to_the_function_at_every_degree() {
        for (name, parameters) in toy_parameter_sets() {
            let mut toy = ToyKeys::generate(parameters, 11).unwrap();
            let key = toy.key().unwrap();
            let function = |message: u64| (3 * message + 1) % 4;
            let lut = toy.lut(4, function);
            for message in 0..4 {
                let lwe = toy.encrypt_big(message, 4);
                let job = Job {
                    lwe: &lwe,
                    lut: &lut,
                    degrees: &[0],
                };
                let out = bootstrap(&key, job).unwrap();
                assert_eq!(toy.decrypt_big(&out[0], 4), function(message), "{name}");
                // the output is a fresh input
                let job = Job {
                    lwe: &out[0],
                    ..job
                };
                let again = bootstrap(&key, job).unwrap();
                assert_eq!(
                    toy.decrypt_big(&again[0], 4),
                    function(function(message)),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn one_accumulator_serves_several_tables() {
        let (_, parameters) = toy_parameter_sets()[0];
        let mut toy = ToyKeys::generate(parameters, 12).unwrap();
        let key = toy.key().unwrap();
        // two tables of messages 0 and 1, side by side: the second N/2 further on
        let half = parameters.polynomial_size / 2;
        let tables = [[1, 3], [2, 0]];
        let lut = toy.lut(4, |slot| tables[slot as usize / 2][slot as usize % 2]);
        for message in 0..2_usize {
            let lwe = toy.encrypt_big(message as u64, 4);
            let job = Job {
                lwe: &lwe,
                lut: &lut,
                degrees: &[0, half],
            };
            let out = bootstrap(&key, job).unwrap();
            for (output, table) in out.iter().zip(tables) {
                assert_eq!(toy.decrypt_big(output, 4), table[message]);
            }
        }
    }

    #[test]
    fn an_encrypted_table_gives_its_function() {
        let (_, parameters) = toy_parameter_sets()[0];
        let mut toy = ToyKeys::generate(parameters, 13).unwrap();
        let key = toy.key().unwrap();
        let function = |message: u64| 3 - message;
        let clear = toy.lut(4, function);
        let body = &clear[parameters.big_lwe_dimension()..];
        let lut = toy.encrypt_glwe(body);
        assert_ne!(lut[0], 0);
        for message in 0..4 {
            let lwe = toy.encrypt_big(message, 4);
            let job = Job {
                lwe: &lwe,
                lut: &lut,
                degrees: &[0],
            };
            let out = bootstrap(&key, job).unwrap();
            assert_eq!(toy.decrypt_big(&out[0], 4), function(message));
        }
    }

    #[test]
    fn all_transforms_give_the_same_words_at_every_stage() {
        for (name, parameters) in toy_parameter_sets().into_iter().step_by(2) {
            let mut toy = ToyKeys::generate(parameters, 14).unwrap();
            let lwe = toy.encrypt_big(2, 4);
            let lut = toy.lut(4, |message| message);
            let job = Job {
                lwe: &lwe,
                lut: &lut,
                degrees: &[0, 5],
            };
            let stages = Stage::checkpoints(parameters.lwe_dimension);
            let [a, b, c, d] = TransformKind::ALL.map(|kind| {
                let ksk = toy.key_switch_key().clone();
                let key = Key::with_transform(parameters, toy.bsk(), ksk, kind).unwrap();
                bootstrap_checkpoints(&key, job, &stages).unwrap()
            });
            assert!(a == b && b == c && c == d, "{name}");
        }
    }

    /// Shapes as large as those in use, with few steps.
    #[test]
    fn the_quick_ways_give_the_words_of_the_hardware_structure() {
        for (size, k, (base_log, levels)) in [
            (512, 2, (15, 2)),
            (1024, 1, (23, 1)),
            (2048, 1, (23, 1)),
            (2048, 1, (12, 3)),
            (4096, 1, (22, 1)),
        ] {
            let parameters = Parameters {
                lwe_dimension: 3,
                glwe_dimension: k,
                polynomial_size: size,
                pbs: Decomposition::new(base_log, levels).unwrap(),
                key_switch: Decomposition::new(4, 4).unwrap(),
                key_switch_width: KeySwitchWidth::Bits32,
                modulus_switch: ModulusSwitchKind::Centered,
            };
            let mut toy = ToyKeys::generate(parameters, 17).unwrap();
            let (lwe, lut) = (toy.encrypt_big(1, 4), toy.lut(4, |message| message));
            let job = Job {
                lwe: &lwe,
                lut: &lut,
                degrees: &[0, size],
            };
            let [expected, vectors, words] = [
                TransformKind::OneBarrier,
                TransformKind::Fast,
                TransformKind::FastScalar,
            ]
            .map(|kind| {
                let ksk = toy.key_switch_key().clone();
                let key = Key::with_transform(parameters, toy.bsk(), ksk, kind).unwrap();
                bootstrap(&key, job).unwrap()
            });
            assert!(
                expected == vectors && expected == words,
                "N {size} k {k} l {levels}"
            );
        }
    }

    #[test]
    fn single_checkpoints_batches_and_the_whole_agree() {
        let (_, parameters) = toy_parameter_sets()[0];
        let mut toy = ToyKeys::generate(parameters, 15).unwrap();
        let key = toy.key().unwrap();
        let lut = toy.lut(4, |message| message);
        let lwes: Vec<Vec<u64>> = (0..4).map(|message| toy.encrypt_big(message, 4)).collect();
        let jobs: Vec<Job> = lwes
            .iter()
            .map(|lwe| Job {
                lwe,
                lut: &lut,
                degrees: &[0, 1],
            })
            .collect();
        let mut stages = Stage::checkpoints(parameters.lwe_dimension);
        stages.reverse();
        for (job, output) in jobs.iter().zip(bootstrap_batch(&key, &jobs)) {
            let output = output.unwrap();
            assert_eq!(output, bootstrap(&key, *job).unwrap());
            let all = bootstrap_checkpoints(&key, *job, &stages).unwrap();
            assert_eq!(all[0].1, StageWords::U64(output.concat()));
            for (stage, words) in all {
                assert_eq!(
                    bootstrap_until(&key, *job, stage).unwrap(),
                    words,
                    "{stage}"
                );
            }
        }
    }

    #[test]
    fn refuses_jobs_that_do_not_fit() {
        let (_, parameters) = toy_parameter_sets()[0];
        let mut toy = ToyKeys::generate(parameters, 16).unwrap();
        let key = toy.key().unwrap();
        let lut = toy.lut(4, |message| message);
        let lwe = toy.encrypt_big(1, 4);
        let good = Job {
            lwe: &lwe,
            lut: &lut,
            degrees: &[0],
        };
        let order = 2 * parameters.polynomial_size;
        for bad in [
            Job {
                lwe: &lwe[1..],
                ..good
            },
            Job {
                lut: &lut[1..],
                ..good
            },
            Job {
                degrees: &[],
                ..good
            },
            Job {
                degrees: &[0, order],
                ..good
            },
        ] {
            assert!(bootstrap(&key, bad).is_err());
        }
        let past = Stage::Accumulator(parameters.lwe_dimension + 1);
        assert!(bootstrap_until(&key, good, past).is_err());
        assert!(bootstrap_checkpoints(&key, good, &[past]).is_err());
    }
}
