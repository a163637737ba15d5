//! Configurations, and what follows from their numbers.

use goldilane_abi::Shape;
#[cfg(feature = "boards")]
pub use goldilane_hdl::config::Configuration;

/// What a board was generated for.
#[cfg(not(feature = "boards"))]
pub struct Configuration {
    /// The name.
    pub name: String,
    /// The numbers.
    pub shape: Shape,
}

/// What a board elsewhere reports.
pub fn reported(name: &str, shape: Shape) -> Configuration {
    Configuration {
        name: name.to_owned(),
        shape,
        #[cfg(feature = "boards")]
        multiplier: Default::default(),
    }
}

/// The configuration of a name or a TOML file.
///
/// # Errors
/// [`crate::output::BadArgument`] where there is none.
#[cfg(feature = "boards")]
pub fn find(name: &str) -> anyhow::Result<Configuration> {
    let found = Configuration::find(name);
    Ok(found.map_err(|error| crate::output::BadArgument(error.to_string()))?)
}

/// 64-bit modular multipliers of a shape: forward barrier, k + 1 products with the key, inverse barrier, a lane each.
pub fn full_multipliers(shape: &Shape) -> u32 {
    shape.lanes * (shape.glwe_dimension + 3)
}

/// Clocks in which the multipliers can do one external product.
pub fn product_clocks(shape: &Shape, pbs_levels: u32) -> u32 {
    (shape.glwe_dimension + 1) * pbs_levels * shape.rows()
}
