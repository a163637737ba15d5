//! Configuration of the transform and the external product.

use crate::arith::tile_mul::Multiplier;
use crate::pipeline::BuildError;

/// What the external product is generated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransformConfig {
    /// log2 of the polynomial size `N`: 8 to 12.
    pub log_n: u32,
    /// log2 of the lanes `P`: 2 to 8, at most `log_n - 2`.
    pub log_lanes: u32,
    /// GLWE dimension `k`: 1 to 3.
    pub glwe_dimension: u32,
    /// Most decomposition levels `l`.
    pub max_levels: u32,
    /// Bits of a two's complement digit: the largest base exponent `b`, plus 1; at most 24, so
    /// that eight digits leave a row free in the first clock.
    pub digit_bits: u32,
    /// Form of the full multipliers; see [`TransformConfig::barrier_multiplier`].
    pub multiplier: Multiplier,
    /// Registers behind the product of a multiplier tile: 1 or 2.
    pub tile_registers: u32,
    /// Clocks from the request of a key row to its words at the ports; at least 1.
    pub key_lead: u32,
}

/// log2 of the points of the second pass.
pub const LOG_SECOND: u32 = 6;

impl TransformConfig {
    /// A configuration with `P = 2^log_lanes` and `N = 2^log_n`, `k = 1`, digits of 24 bits.
    pub fn new(log_n: u32, log_lanes: u32) -> Self {
        Self {
            log_n,
            log_lanes,
            glwe_dimension: 1,
            max_levels: 1,
            digit_bits: 24,
            multiplier: Multiplier::default(),
            tile_registers: 1,
            key_lead: 4,
        }
    }

    /// Refuses what the transform is not made for.
    ///
    /// # Errors
    /// The limit that is exceeded.
    pub fn check(&self) -> Result<(), BuildError> {
        let limit = |ok: bool, what: &str| {
            if ok {
                Ok(())
            } else {
                Err(BuildError::Configuration(what.to_owned()))
            }
        };
        limit((8..=12).contains(&self.log_n), "N must be 256 to 4096")?;
        limit((2..=8).contains(&self.log_lanes), "4 to 256 lanes")?;
        limit(
            self.log_lanes + 2 <= self.log_n,
            "at most N/4 lanes (four rows a polynomial)",
        )?;
        limit((1..=3).contains(&self.glwe_dimension), "k must be 1 to 3")?;
        limit((1..=8).contains(&self.max_levels), "1 to 8 levels")?;
        limit(
            (2..=24).contains(&self.digit_bits),
            "digits of 2 to 24 bits",
        )?;
        limit(
            (1..=2).contains(&self.tile_registers),
            "1 or 2 registers a tile",
        )?;
        limit(
            (1..=16).contains(&self.key_lead),
            "key lead of 1 to 16 clocks",
        )
    }

    /// Lanes `P`.
    pub fn lanes(&self) -> usize {
        1 << self.log_lanes
    }

    /// log2 of the rows.
    pub fn log_rows(&self) -> u32 {
        self.log_n - self.log_lanes
    }

    /// Rows `R = N / P`.
    pub fn rows(&self) -> usize {
        1 << self.log_rows()
    }

    /// log2 of the points of the first pass, `M = N / 64`.
    pub fn log_first(&self) -> u32 {
        self.log_n - LOG_SECOND
    }

    /// Whether the first pass has a root that is no power of two: one of order 128, for 64 points.
    pub fn has_odd_root(&self) -> bool {
        self.log_first() > 5
    }

    /// Form of the two barriers' multipliers: that of the products, but `tiles` where those take three ways, whose clock more
    /// would stand three times in the path of a lone step.
    pub fn barrier_multiplier(&self) -> Multiplier {
        match self.multiplier {
            Multiplier::ThreeWay => Multiplier::Tiles,
            form => form,
        }
    }

    /// Most digit polynomials of one external product, `(k + 1) l`.
    pub fn max_polynomials(&self) -> u32 {
        (self.glwe_dimension + 1) * self.max_levels
    }
}
