//! Proof that the rooms agree.

pub mod tfhe_reference;
