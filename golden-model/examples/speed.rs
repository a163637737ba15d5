//! Milliseconds of one full-strength bootstrap (n = 918, N = 2048) on one thread, by parts.
//!
//! Words are random: the arithmetic takes the same time for all of them. Times are those of the
//! processor where the system tells them (Linux), otherwise of the clock on the wall.

use goldilane_golden_model::toy::ToyRandom;
use goldilane_golden_model::{
    Decomposition, Job, Key, KeySwitchKey, KeySwitchWidth, ModulusSwitchKind, Parameters,
    TransformKind, bootstrap,
};
use std::time::Instant;

/// Nanoseconds that this thread has run.
fn now(start: Instant) -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse().ok())
        .unwrap_or_else(|| start.elapsed().as_nanos() as f64)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clock = Instant::now();
    let parameters = Parameters {
        lwe_dimension: 918,
        glwe_dimension: 1,
        polynomial_size: 2048,
        pbs: Decomposition::new(23, 1)?,
        key_switch: Decomposition::new(4, 4)?,
        key_switch_width: KeySwitchWidth::Bits32,
        modulus_switch: ModulusSwitchKind::Centered,
    };
    let mut random = ToyRandom::new(1);
    let mut draw = |count: usize| -> Vec<u64> { (0..count).map(|_| random.word()).collect() };
    let ksk = KeySwitchKey::import(&draw(parameters.ksk_size()), KeySwitchWidth::Bits32);
    let key = Key::new(parameters, &draw(parameters.bsk_size()), ksk)?;

    let transform = TransformKind::Fast.build(parameters.polynomial_size)?;
    let mut polynomial = draw(parameters.polynomial_size);
    let start = now(clock);
    for _ in 0..1000 {
        transform.forward(&mut polynomial)?;
    }
    println!(
        "forward          {:8.4} ms",
        milliseconds(start, now(clock), 1000)
    );
    let start = now(clock);
    for _ in 0..1000 {
        transform.inverse_unscaled(&mut polynomial)?;
    }
    println!(
        "inverse          {:8.4} ms",
        milliseconds(start, now(clock), 1000)
    );

    let lwe = draw(parameters.big_lwe_size());
    let lut = draw(parameters.glwe_size());
    let start = now(clock);
    for _ in 0..10 {
        key.key_switch(&lwe)?;
    }
    println!(
        "key switch       {:8.2} ms",
        milliseconds(start, now(clock), 10)
    );
    for _ in 0..3 {
        let start = now(clock);
        let job = Job {
            lwe: &lwe,
            lut: &lut,
            degrees: &[0],
        };
        bootstrap(&key, job)?;
        println!(
            "bootstrap        {:8.2} ms",
            milliseconds(start, now(clock), 1)
        );
    }
    Ok(())
}

fn milliseconds(start: f64, end: f64, count: u32) -> f64 {
    (end - start) / 1e6 / f64::from(count)
}
