//! The driver for programs in C: the shared library `libgoldilane.so` behind `include/goldilane.h`, which is the
//! documentation of every function.
//!
//! | module | what |
//! |---|---|
//! | [`exports`] | the functions of the header; `unsafe` |
//! | `pointers` | what C hands over, checked and made into slices; `unsafe` |
//! | [`structures`] | the structures of the header |
//! | `board` | what the functions do, in safe Rust |
//! | `status` | the numbers that functions answer, errors of the driver as such numbers |
//! | `last_error` | the text of a thread's last failure; where panics end |

mod board;
pub mod exports;
mod last_error;
mod pointers;
mod status;
pub mod structures;

#[cfg(test)]
mod header_tests;
