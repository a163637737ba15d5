//! The bridge for tfhe users: keys, lookup tables and ciphertexts of tfhe on a device.
//!
//! A `tfhe::CompressedServerKey` goes in ([`import_server_key`]), shortint ciphertexts are
//! bootstrapped in batches through a [`goldilane_driver`] device, and ordinary ciphertexts come
//! back. Nothing here sees a secret key.

mod bootstrapper;
mod ciphertext;
mod device;
mod error;
mod import;
mod linear;
mod lookup_table;
pub mod reference;
pub mod seeded;

pub use bootstrapper::{Bootstrapper, GoldenBootstrapper, Request};
pub use ciphertext::{bootstrapped_ciphertext, ciphertext_words};
pub use device::{DeviceBootstrapper, key_shape, load_key};
pub use error::{Error, Result, UnsupportedKey};
pub use import::{ImportedKey, import_server_key, import_shortint_server_key};
pub use linear::linear_combination;
pub use lookup_table::LookupTable;
