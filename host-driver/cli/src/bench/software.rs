//! The golden model's bootstrap beside tfhe's own, on one core, in turn: times as ratios.

use std::fmt;
use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result};
use goldilane_driver_tfhe::LookupTable;
use goldilane_driver_tfhe::import_shortint_server_key;
use goldilane_driver_tfhe::reference::TfheReference;
use goldilane_golden_model::{Job, Stage, StageWords, bootstrap};
use serde::Serialize;
use tfhe::shortint::CompressedServerKey;

use crate::progress;
use crate::vectors::full::client_key;
use crate::vectors::set::FullSet;

/// Rounds; the medians count.
const ROUNDS: usize = 15;

/// Times of one bootstrap, key switch included: medians and their ratios.
#[derive(Serialize)]
pub struct Software {
    parameter_set: &'static str,
    rounds: usize,
    golden_milliseconds: f64,
    /// Over tfhe's exact bootstrap modulo 2^64, the one of the contract.
    golden_over_ntt64_bnf: f64,
    /// Over tfhe's bootstrap modulo the prime.
    golden_over_ntt64: f64,
    golden_over_fft: f64,
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Measures all four in turn.
///
/// # Errors
/// A key that the golden model refuses.
pub fn measure() -> Result<Software> {
    let set = FullSet::Ks32TUniform;
    let client = client_key(set);
    let compressed = CompressedServerKey::new(&client);
    let key = import_shortint_server_key(&compressed)?;
    let reference = TfheReference::from_compressed(&compressed).context("expand the key")?;
    let fft = compressed.decompress();
    let function = |message| (3 * message + 1) % 16;
    let table = LookupTable::new(&key, function)?;
    let fft_table = fft.generate_lookup_table(function);
    let ciphertext = client.encrypt(1);
    let job = Job {
        lwe: ciphertext.ct.as_ref(),
        lut: table.words(),
        degrees: &[0],
    };
    let golden = || bootstrap(&key.key, job).map(|outputs| drop(black_box(outputs)));
    let prime = reference.modulo_the_prime();
    // tfhe switches no key modulo the prime, so the key switch is the contract's.
    let ntt64 = || match reference.checkpoint(job, Stage::KeySwitch) {
        StageWords::U32(words) => {
            let wide: Vec<u64> = words.iter().map(|word| u64::from(*word) << 32).collect();
            prime.bootstrap(&wide, job.lut)
        }
        StageWords::U64(words) => prime.bootstrap(&words, job.lut),
        StageWords::U16(_) => unreachable!("exponents are of the modulus switch"),
    };
    let mut times: [Vec<f64>; 4] = Default::default();
    let bar = progress::bar(ROUNDS, "software bootstraps");
    for _ in 0..ROUNDS {
        let start = Instant::now();
        golden().context("golden model")?;
        times[0].push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        drop(black_box(reference.checkpoint(job, Stage::Extract)));
        times[1].push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        drop(black_box(fft.apply_lookup_table(&ciphertext, &fft_table)));
        times[2].push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        drop(black_box(ntt64()));
        times[3].push(start.elapsed().as_secs_f64());
        bar.inc(1);
    }
    bar.finish_and_clear();
    let [golden, ntt64_bnf, fft, ntt64] = times.map(median);
    Ok(Software {
        parameter_set: set.name(),
        rounds: ROUNDS,
        golden_milliseconds: 1e3 * golden,
        golden_over_ntt64_bnf: golden / ntt64_bnf,
        golden_over_ntt64: golden / ntt64,
        golden_over_fft: golden / fft,
    })
}

impl fmt::Display for Software {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "One bootstrap of the golden model under {}: {:.1} ms, {:.2} times tfhe's exact ntt64_bnf, {:.2} times tfhe's ntt64\n\
             modulo the prime, {:.2} times tfhe's FFT (one core, medians of {} rounds in turn).",
            self.parameter_set,
            self.golden_milliseconds,
            self.golden_over_ntt64_bnf,
            self.golden_over_ntt64,
            self.golden_over_fft,
            self.rounds
        )
    }
}
