//! Proof that the rooms agree.

/// The stages of a bootstrap as `tfhe` itself computes them.
pub use goldilane_driver_tfhe::reference as tfhe_reference;
