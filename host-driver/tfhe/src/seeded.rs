//! Keys and ciphertexts that can be made again from a number.
//!
//! Only for test vectors: whoever knows the number knows the secret key.

use tfhe::core_crypto::commons::generators::DeterministicSeeder;
use tfhe::core_crypto::commons::math::random::Seed;
use tfhe::core_crypto::prelude::DefaultRandomGenerator;
use tfhe::shortint::engine::ShortintEngine;

/// Runs `make` with tfhe's generator of this thread seeded by `seed`; afterwards it is random again.
pub fn with_seed<R>(seed: u64, make: impl FnOnce() -> R) -> R {
    let mut seeder = DeterministicSeeder::<DefaultRandomGenerator>::new(Seed(seed.into()));
    let replace = |engine: ShortintEngine| {
        ShortintEngine::with_thread_local_mut(|current| *current = engine);
    };
    replace(ShortintEngine::new_from_seeder(&mut seeder));
    let made = make();
    replace(ShortintEngine::new());
    made
}
