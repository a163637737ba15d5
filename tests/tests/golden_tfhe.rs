//! The golden model against `tfhe` 1.8.2, word by word at every stage: the contract's parameter
//! sets at full strength. Results decrypt, and `tfhe` goes on with them.

use goldilane_golden_model::toy::ToyRandom;
use goldilane_golden_model::{Job, Key, Stage, bootstrap, bootstrap_batch, bootstrap_checkpoints};
use goldilane_tests::tfhe_reference::TfheReference;
use std::fmt::Debug;
use tfhe::core_crypto::prelude::{CiphertextModulus, LweCiphertext};
use tfhe::shortint::ciphertext::Degree;
use tfhe::shortint::parameters::ShortintParameterSet;
use tfhe::shortint::parameters::v1_8::{
    V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_GAUSSIAN_2M128,
    V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_TUNIFORM_2M128,
    V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128,
};
use tfhe::shortint::{Ciphertext, ClientKey, CompressedServerKey, ServerKey};

/// Keys of one parameter set: `tfhe`'s, and the golden model's of the same words.
struct Keys {
    name: &'static str,
    client: ClientKey,
    server: ServerKey,
    reference: TfheReference,
    golden: Key,
}

impl Keys {
    fn generate<P>(name: &'static str, parameters: P) -> Self
    where
        P: TryInto<ShortintParameterSet>,
        <P as TryInto<ShortintParameterSet>>::Error: Debug,
    {
        let client = ClientKey::new(parameters);
        let compressed = CompressedServerKey::new(&client);
        let reference = TfheReference::from_compressed(&compressed).unwrap();
        let golden = reference.golden_key().unwrap();
        Self {
            name,
            server: compressed.decompress(),
            client,
            reference,
            golden,
        }
    }

    /// The same keys with a key-switching key of 32 bits, as a board has it.
    fn round_to_32(&mut self) {
        self.reference = self.reference.rounded_to_32();
        self.golden = self.reference.golden_key().unwrap();
    }

    fn assert_same_words(&self, job: Job<'_>) {
        let stages = Stage::checkpoints(self.golden.parameters().lwe_dimension);
        for (stage, words) in bootstrap_checkpoints(&self.golden, job, &stages).unwrap() {
            let expected = self.reference.checkpoint(job, stage);
            let difference = words.first_difference(&expected);
            assert_eq!(difference, None, "{} {stage}", self.name);
        }
    }

    /// The words of the golden model as a ciphertext of `tfhe`.
    fn ciphertext(&self, words: &[u64], degree: Degree) -> Ciphertext {
        let mut ciphertext = self.client.unchecked_encrypt(0);
        ciphertext.ct =
            LweCiphertext::from_container(words.to_vec(), CiphertextModulus::new_native());
        ciphertext.degree = degree;
        ciphertext.set_noise_level_to_nominal();
        ciphertext
    }

    fn decrypt(&self, ciphertext: &Ciphertext) -> u64 {
        self.client.decrypt_message_and_carry(ciphertext)
    }

    /// Every checkpoint of ordinary bootstraps is `tfhe`'s, word by word.
    fn check_stages(&self) {
        let table = self.server.generate_lookup_table(affine);
        for value in [0, 7, 15] {
            let input = self.client.unchecked_encrypt(value);
            self.assert_same_words(Job {
                lwe: input.ct.as_ref(),
                lut: table.acc.as_ref(),
                degrees: &[0],
            });
        }
    }

    /// A table whose mask is not zero, several degrees, and an input of extreme words.
    fn check_unusual_stages(&self) {
        let mut random = ToyRandom::new(7);
        let parameters = *self.golden.parameters();
        let lut: Vec<u64> = (0..parameters.glwe_size()).map(|_| random.word()).collect();
        let edges = [0, 1, 1 << 31, 1 << 32, (1 << 63) - 1, 1 << 63, u64::MAX];
        let lwe: Vec<u64> = (0..parameters.big_lwe_size())
            .map(|i| edges[i % edges.len()])
            .collect();
        self.assert_same_words(Job {
            lwe: &lwe,
            lut: &lut,
            degrees: &[0, 1, 777, parameters.polynomial_size - 1],
        });
    }

    /// Results decrypt; `tfhe` adds them, bootstraps them by its own means and hands them back.
    fn check_use(&self) {
        let table = self.server.generate_lookup_table(affine);
        let quarter = self.server.generate_lookup_table(|x| x / 4);
        let inputs: Vec<Ciphertext> = [1, 9, 14]
            .iter()
            .map(|value| self.client.unchecked_encrypt(*value))
            .collect();
        let jobs: Vec<Job<'_>> = inputs
            .iter()
            .map(|input| Job {
                lwe: input.ct.as_ref(),
                lut: quarter.acc.as_ref(),
                degrees: &[0],
            })
            .collect();
        let outputs: Vec<Ciphertext> = bootstrap_batch(&self.golden, &jobs)
            .into_iter()
            .map(|output| self.ciphertext(&output.unwrap()[0], quarter.degree))
            .collect();
        let values: Vec<u64> = outputs.iter().map(|output| self.decrypt(output)).collect();
        assert_eq!(values, [0, 2, 3], "{}", self.name);

        let sum = self.server.unchecked_add(&outputs[1], &outputs[2]);
        assert_eq!(self.decrypt(&sum), 5, "{}", self.name);
        let by_tfhe = self.server.apply_lookup_table(&sum, &table);
        assert_eq!(self.decrypt(&by_tfhe), affine(5), "{}", self.name);
        let job = Job {
            lwe: by_tfhe.ct.as_ref(),
            lut: table.acc.as_ref(),
            degrees: &[0],
        };
        let again = bootstrap(&self.golden, job).unwrap();
        let again = self.ciphertext(&again[0], table.degree);
        assert_eq!(self.decrypt(&again), affine(affine(5)), "{}", self.name);
    }

    /// `tfhe`'s table of two functions: one bootstrap, two results.
    fn check_two_functions(&self) {
        let functions: [&dyn Fn(u64) -> u64; 2] = [&|x| (x + 1) % 4, &|x| 3 - x % 4];
        let table = self.server.generate_many_lookup_table(&functions);
        for value in 0..4 {
            let input = self.client.encrypt(value);
            let job = Job {
                lwe: input.ct.as_ref(),
                lut: table.acc.as_ref(),
                degrees: &[0, table.sample_extraction_stride],
            };
            if value == 3 {
                self.assert_same_words(job);
            }
            let outputs = bootstrap(&self.golden, job).unwrap();
            for (words, function) in outputs.iter().zip(functions) {
                let output = self.ciphertext(words, Degree::new(3));
                assert_eq!(self.decrypt(&output), function(value), "{}", self.name);
            }
        }
    }

    fn check(&self) {
        self.check_stages();
        self.check_unusual_stages();
        self.check_use();
        self.check_two_functions();
    }
}

/// The function of the tables: all 16 values of message and carry occur.
fn affine(x: u64) -> u64 {
    (5 * x + 3) % 16
}

#[test]
fn primary_set_is_tfhe_word_by_word() {
    Keys::generate(
        "V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128",
        V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128,
    )
    .check();
}

#[test]
fn default_set_is_tfhe_word_by_word_with_both_key_switches() {
    let mut keys = Keys::generate(
        "V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_TUNIFORM_2M128",
        V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_TUNIFORM_2M128,
    );
    keys.check_stages();
    keys.round_to_32();
    keys.check();
}

#[test]
fn gaussian_set_is_tfhe_word_by_word_with_both_key_switches() {
    let mut keys = Keys::generate(
        "V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_GAUSSIAN_2M128",
        V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_GAUSSIAN_2M128,
    );
    keys.check_stages();
    keys.round_to_32();
    keys.check();
}
