//! `fuzz_board_rtl`: see [`goldilane_fuzz`].
#![no_main]

use goldilane_fuzz::board;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| board::on_rtl(data));
