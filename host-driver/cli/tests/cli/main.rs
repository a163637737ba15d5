//! The binary itself: what it writes, what it says, how it ends.

mod bench;
mod bench_driver;
mod commands;
mod conform;
mod emit;
mod rtl;
mod serve;
mod support;
#[cfg(feature = "tfhe")]
mod user_key;
mod wave;
