//! Fuzz targets: the same functions for libFuzzer (`make fuzz`) and for the test that replays what it found.
//!
//! | target | what is hostile |
//! |---|---|
//! | [`driver`] | the device: register values, completions, records, memory, its end |
//! | [`board`] | the host: descriptors, entries, register writes, vfio-user messages; against the model board and the RTL at `toy` |
//!
//! An input is a script: bytes that say what is done next and with which numbers ([`Script`]). A target panics when a rule
//! is broken. A script always does the same.

pub mod board;
pub mod driver;
mod script;

pub use script::Script;
