//! The one-barrier number theoretic transform and the external product.

pub mod config;
pub mod forward;
pub mod lanes;
pub mod layout;
pub mod pass;
pub mod regroup;

pub use config::TransformConfig;
pub use forward::{Forward, forward};
pub use layout::{evaluation_exponent, feed_row};
