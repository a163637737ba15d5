//! Errors of the bridge.

use goldilane_golden_model as golden;
use thiserror::Error;

/// Result of the bridge.
pub type Result<T> = std::result::Result<T, Error>;

/// What the bridge refuses, and why.
#[derive(Debug, Error)]
pub enum Error {
    /// The key is of a kind that the accelerator does not compute with.
    #[error("import server key: {0}")]
    UnsupportedKey(UnsupportedKey),
    /// The golden model refuses the key or the data.
    #[error("{operation}: {source}")]
    Arithmetic {
        /// What was being done.
        operation: &'static str,
        /// Why it failed.
        source: golden::Error,
    },
    /// The board is built for other polynomials.
    #[error(
        "load server key: N = {polynomial_size}, k = {glwe_dimension}, but the board has N = {board_polynomial_size}, k = {board_glwe_dimension}"
    )]
    KeyDoesNotFit {
        /// N of the key.
        polynomial_size: usize,
        /// k of the key.
        glwe_dimension: usize,
        /// N of the board.
        board_polynomial_size: u32,
        /// k of the board.
        board_glwe_dimension: u32,
    },
    /// The device or its driver failed.
    #[error("{operation}: {source}")]
    Driver {
        /// What was being done.
        operation: &'static str,
        /// Why it failed.
        source: goldilane_driver::Error,
    },
    /// A ciphertext does not fit the key.
    #[error("submit ciphertext {index}: {what}")]
    Ciphertext {
        /// Position in the batch.
        index: usize,
        /// What does not fit.
        what: String,
    },
    /// A lookup table does not fit the key.
    #[error("make lookup table: {0}")]
    LookupTable(String),
}

/// Kinds of keys that are refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum UnsupportedKey {
    /// Several secret bits per step.
    #[error("multi-bit bootstrapping keys are not supported: use a classic parameter set")]
    MultiBit,
    /// Modulus switch by the drift technique.
    #[error(
        "drift_technique_unsupported: the modulus switch by the drift technique is not supported: use a set with the centered one (V1_8 and later)"
    )]
    DriftTechnique,
    /// Plain modulus switch.
    #[error("modulus_switch_unsupported: the board does the centered modulus switch only")]
    PlainModulusSwitch,
    /// Bootstrap first, then key switch.
    #[error("the order bootstrap then key switch is not supported: use a KS_PBS set")]
    BootstrapFirst,
    /// A ciphertext modulus other than 2^64.
    #[error("the ciphertext modulus is not 2^64")]
    Modulus,
}

impl From<UnsupportedKey> for Error {
    fn from(kind: UnsupportedKey) -> Self {
        Self::UnsupportedKey(kind)
    }
}

/// Names the operation of a golden-model error.
pub(crate) fn arithmetic(operation: &'static str) -> impl Fn(golden::Error) -> Error {
    move |source| Error::Arithmetic { operation, source }
}

/// Names the operation of a driver error.
pub(crate) fn driver(operation: &'static str) -> impl Fn(goldilane_driver::Error) -> Error {
    move |source| Error::Driver { operation, source }
}
