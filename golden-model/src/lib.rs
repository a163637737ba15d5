//! The arithmetic contract of TFHE bootstrapping in plain integers: what is true.
//!
//! Every other implementation (hardware description, simulated board, physical board) must
//! produce the words that this crate produces. It depends on nothing of the project and on no
//! TFHE library; that its words are those of `tfhe` 1.8.2 is shown by the tests of the workspace.
//!
//! # One bootstrap
//!
//! ```text
//! lwe (k*N + 1 words mod 2^64)
//!   -> key_switch        n + 1 words of 32 or 64 bits
//!   -> mod_switch        n + 1 exponents modulo 2N
//!   -> blind_rotate      n times: rotate, subtract, decompose, external product, add
//!   -> extract           k*N + 1 words mod 2^64, one ciphertext per degree; rotates by the body
//! ```
//!
//! # Where things are
//!
//! | module | concept |
//! |---|---|
//! | [`field`] | the Goldilocks field, modulus `p = 2^64 - 2^32 + 1` |
//! | [`torus`] | the two switches between modulus `2^64` and modulus `p` |
//! | [`roots`] | the roots of unity at which polynomials are evaluated |
//! | [`transform`] | what a negacyclic transform is; [`reference_transform`], [`one_barrier`], [`fast`] and [`decimated`] are the four of them |
//! | [`simd`] | vectors of words: what the quick paths are written for |
//! | [`decompose`] | signed decomposition |
//! | [`key_switch`], [`mod_switch`], [`external_product`], [`blind_rotate`], [`extract`] | the steps |
//! | [`parameters`], [`key`] | the shape of a key, and a key prepared for use |
//! | [`stage`], [`mod@bootstrap`] | the whole, with named checkpoints |
//! | [`toy`] | small insecure keys and encryptions for tests |
//!
//! # Layouts
//!
//! All data are plain slices in `tfhe`'s order.
//!
//! - LWE: the mask words, then the body.
//! - GLWE: `k` mask polynomials of `N` words, then the body polynomial.
//! - Key-switching key: `[input coefficient][level][n + 1]`.
//! - Bootstrapping key: `[i < n][level][row <= k][column <= k][N]`.
//! - Levels are stored deepest (least significant) first, in both keys.
//!
//! A slice of the wrong length, or a parameter out of range, is an [`Error`], never a panic.

mod aligned;
pub mod blind_rotate;
pub mod bootstrap;
mod cyclic;
pub mod decimated;
pub mod decompose;
pub mod error;
pub mod external_product;
pub mod extract;
pub mod fast;
pub mod field;
pub mod key;
pub mod key_switch;
mod limbs;
pub mod mod_switch;
pub mod one_barrier;
pub mod parameters;
mod passes;
mod products;
pub mod reference_transform;
pub mod roots;
pub mod simd;
mod spectrum;
pub mod stage;
pub mod torus;
pub mod toy;
pub mod transform;

pub use bootstrap::{Job, bootstrap, bootstrap_batch, bootstrap_checkpoints, bootstrap_until};
pub use decompose::Decomposition;
pub use error::{Error, Result};
pub use key::{Key, KeySwitchKey};
pub use parameters::{KeySwitchWidth, ModulusSwitchKind, Parameters};
pub use stage::{Difference, Stage, StageWords};
pub use transform::{Transform, TransformKind};
