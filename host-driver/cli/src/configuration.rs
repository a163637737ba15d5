//! Configurations, and what follows from their numbers.

use anyhow::Result;
use goldilane_abi::Shape;
pub use goldilane_hdl::config::Configuration;

use crate::output::BadArgument;

/// The configuration of a name or a TOML file.
///
/// # Errors
/// [`BadArgument`] where there is none.
pub fn find(name: &str) -> Result<Configuration> {
    Ok(Configuration::find(name).map_err(|error| BadArgument(error.to_string()))?)
}

/// 64-bit modular multipliers of a shape: forward barrier, k + 1 products with the key, inverse barrier, a lane each.
pub fn full_multipliers(shape: &Shape) -> u32 {
    shape.lanes * (shape.glwe_dimension + 3)
}

/// Clocks in which the multipliers can do one external product.
pub fn product_clocks(shape: &Shape, pbs_levels: u32) -> u32 {
    (shape.glwe_dimension + 1) * pbs_levels * shape.rows()
}
