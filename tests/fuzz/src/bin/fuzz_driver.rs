//! `fuzz_driver`: see [`goldilane_fuzz`].
#![no_main]

use goldilane_fuzz::driver;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| driver::run(data));
