//! Configurations by name.

use anyhow::Result;
use goldilane_abi::Shape;
use goldilane_abi::shape::CONFIGURATION_NAMES;

use crate::output::BadArgument;

/// A configuration with its name.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Its name.
    pub name: String,
    /// Its numbers.
    pub shape: Shape,
}

impl Configuration {
    /// Finds a named configuration.
    ///
    /// # Errors
    /// [`BadArgument`] for an unknown name.
    pub fn find(name: &str) -> Result<Self> {
        let shape = Shape::named(name).ok_or_else(|| {
            let names = CONFIGURATION_NAMES.join(", ");
            BadArgument(format!("configuration {name:?} is unknown: {names}"))
        })?;
        Ok(Self {
            name: name.to_owned(),
            shape,
        })
    }
}

/// 64-bit modular multipliers of a shape: forward barrier, k + 1 products with the key, inverse barrier, a lane each.
pub fn full_multipliers(shape: &Shape) -> u32 {
    shape.lanes * (shape.glwe_dimension + 3)
}

/// Clocks in which the multipliers can do one external product.
pub fn product_clocks(shape: &Shape, pbs_levels: u32) -> u32 {
    (shape.glwe_dimension + 1) * pbs_levels * shape.rows()
}
