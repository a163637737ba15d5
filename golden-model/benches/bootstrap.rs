//! One full-strength bootstrap (N = 2048, k = l = 1, n = 918) on one core: the quick path in vectors and
//! word by word, the two by turns.
//!
//! The machine's speed changes from second to second, so the runs are interleaved and the result is the
//! median, with the least beside it. The words of the two paths must agree. Not a
//! criterion bench: that times one function after the other.

use goldilane_golden_model::toy::ToyRandom;
use goldilane_golden_model::{
    Decomposition, Job, Key, KeySwitchKey, KeySwitchWidth, ModulusSwitchKind, Parameters, Result,
    TransformKind, bootstrap, bootstrap_batch,
};
use std::time::Instant;

/// Runs of each path.
const RUNS: usize = 15;
/// Bootstraps of the batch that is measured.
const BATCH: usize = 16;

fn milliseconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e3
}

/// Median and least.
fn summary(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    format!(
        "{:7.1} ms ({:.1} at best)",
        times[times.len() / 2],
        times[0]
    )
}

fn main() -> Result<()> {
    let parameters = Parameters {
        lwe_dimension: 918,
        glwe_dimension: 1,
        polynomial_size: 2048,
        pbs: Decomposition::new(23, 1)?,
        key_switch: Decomposition::new(4, 4)?,
        key_switch_width: KeySwitchWidth::Bits32,
        modulus_switch: ModulusSwitchKind::Centered,
    };
    // random words are a key as good as any for the arithmetic
    let mut random = ToyRandom::new(1);
    let mut words = |count| (0..count).map(|_| random.word()).collect::<Vec<u64>>();
    let bsk = words(parameters.bsk_size());
    let ksk = KeySwitchKey::import(&words(parameters.ksk_size()), KeySwitchWidth::Bits32);
    let (lwe, lut) = (
        words(parameters.big_lwe_size()),
        words(parameters.glwe_size()),
    );
    let job = Job {
        lwe: &lwe,
        lut: &lut,
        degrees: &[0],
    };
    let quick = Key::with_transform(parameters, &bsk, ksk.clone(), TransformKind::Fast)?;
    let scalar = Key::with_transform(parameters, &bsk, ksk, TransformKind::FastScalar)?;
    let expected = bootstrap(&scalar, job)?;
    println!("digest {:016x}", digest(&expected));

    let (mut vectors, mut words, mut switches) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        vectors.push(milliseconds(|| {
            assert_eq!(bootstrap(&quick, job), Ok(expected.clone()))
        }));
        words.push(milliseconds(|| {
            assert_eq!(bootstrap(&scalar, job), Ok(expected.clone()))
        }));
        switches.push(milliseconds(|| assert!(quick.key_switch(&lwe).is_ok())));
    }
    let path = quick.transform().simd().name();
    println!("one bootstrap, {path:9} {}", summary(vectors));
    println!("one bootstrap, scalar    {}", summary(words));
    println!("its key switch           {}", summary(switches));
    let jobs = [job; BATCH];
    let batches = (0..3).map(|_| {
        milliseconds(|| {
            for output in bootstrap_batch(&quick, &jobs) {
                assert_eq!(output.as_ref(), Ok(&expected));
            }
        }) / BATCH as f64
    });
    println!(
        "one of a batch of {BATCH}      {}",
        summary(batches.collect())
    );
    Ok(())
}

/// A number that changes with any word (FNV-1a), to be compared from version to version.
fn digest(outputs: &[Vec<u64>]) -> u64 {
    outputs
        .iter()
        .flatten()
        .flat_map(|word| word.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        })
}
