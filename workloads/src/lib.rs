//! Encrypted clinical statistics, training and scoring.

pub mod data;
pub mod query;
