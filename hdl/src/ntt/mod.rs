//! The one-barrier number theoretic transform and the external product.

pub mod config;
pub mod external_product;
pub mod forward;
pub mod inverse;
pub mod lanes;
pub mod latency;
pub mod layout;
mod odd_root;
pub mod pass;
pub mod product;
pub mod regroup;

pub use config::TransformConfig;
pub use external_product::{ExternalProduct, external_product};
pub use forward::{Forward, forward};
pub use layout::{evaluation_exponent, feed_row};
