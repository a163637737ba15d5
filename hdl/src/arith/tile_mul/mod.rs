//! `mul_lane`: one full product modulo `p` a clock, in the form that suits the multipliers of a chip.
//!
//! Ports, the same in every form: `x_0 .. x_2` (a lazily reduced word, limbs at columns 0, 22, 44), `factor` (64 bits,
//! any value), both with row 0 in clock 0; `y_0`, `y_1` (limbs at columns 0 and 48, redundant, with an offset that suits
//! the fold behind it). Latency: [`latency`].
//!
//! | form | products | file |
//! |---|---|---|
//! | [`Multiplier::Plain`] | 6 of 24 x 32 | `tiles` |
//! | [`Multiplier::Tiles`] | 12 of 24 x 17 | `tiles` |
//! | [`Multiplier::Tiles18`] | 16 of 17 x 16 | `tiles` |
//! | [`Multiplier::Karatsuba`] | 9 of at most 20 x 18, signed | `two_level` |
//! | [`Multiplier::ThreeWay`] | 6 of 25 x 23, signed | `three_way` |

mod operands;
mod three_way;
mod tiles;
mod two_level;

use crate::netlist::Module;
use crate::pipeline::block::{BuildError, build};
use crate::pipeline::fold;
use crate::pipeline::value::Format;
use crate::pipeline::word::ones;
use crate::pipeline::{Block, Clock};
use operands::Multipliers;

/// The forms of the multiplier: one function, for different means.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Multiplier {
    /// 12 tiles of 24 x 17 bits, for a DSP48E1 or DSP48E2.
    #[default]
    Tiles,
    /// 16 tiles of 17 x 16 bits, for a multiplier of 18 x 18 bits (ECP5's MULT18X18D).
    #[serde(rename = "tiles_18")]
    Tiles18,
    /// Karatsuba in two levels: 9 products for a DSP48E1 or DSP48E2, where these are scarcer than LUTs.
    Karatsuba,
    /// Karatsuba of three limbs: 6 products for a DSP58.
    ThreeWay,
    /// 6 products left to the tool: for simulation, where a product is one instruction.
    Plain,
}

impl Multiplier {
    /// All forms.
    pub const ALL: [Self; 5] = [
        Self::Tiles,
        Self::Tiles18,
        Self::Karatsuba,
        Self::ThreeWay,
        Self::Plain,
    ];

    /// As a configuration file has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tiles => "tiles",
            Self::Tiles18 => "tiles_18",
            Self::Karatsuba => "karatsuba",
            Self::ThreeWay => "three_way",
            Self::Plain => "plain",
        }
    }

    /// Products of one `mul_lane`.
    pub fn products(self) -> usize {
        match self {
            Self::Tiles => 12,
            Self::Tiles18 => 16,
            Self::Karatsuba => 9,
            Self::ThreeWay | Self::Plain => 6,
        }
    }

    /// The two's complement multiplier that every product fits: DSP48E1, MULT18X18D, DSP58; none for the form that is
    /// left to the tool.
    pub fn fits(self) -> Option<(u32, u32)> {
        match self {
            Self::Tiles | Self::Karatsuba => Some((25, 18)),
            Self::Tiles18 => Some((18, 18)),
            Self::ThreeWay => Some((27, 24)),
            Self::Plain => None,
        }
    }

    fn doc(self) -> &'static str {
        match self {
            Self::Tiles => "12 tiles of 24 x 17 bits.",
            Self::Tiles18 => "16 tiles of 17 x 16 bits.",
            Self::Karatsuba => "9 products, Karatsuba in two levels.",
            Self::ThreeWay => "6 products, Karatsuba of three limbs.",
            Self::Plain => "6 products of 24 x 32 bits.",
        }
    }
}

/// Clocks from `x` to `y`. `tile_registers` is the number of registers behind a product (1, or 2 for a DSP with both
/// product and output register); the rest stands in front of the products and in the sums behind them.
pub fn latency(form: Multiplier, tile_registers: u32) -> Clock {
    let around = match form {
        Multiplier::Tiles | Multiplier::Plain => 2,
        Multiplier::Tiles18 | Multiplier::ThreeWay => 3,
        Multiplier::Karatsuba => 6,
    };
    tile_registers as Clock + around
}

/// Full multipliers of a design, counted by the widths of its products: instances of modules that have the products of one
/// of the forms, of whatever name.
pub fn full_multipliers(top: &Module) -> u32 {
    fn widths(module: &Module) -> Vec<(u32, u32)> {
        let mut widths = module.products();
        widths.sort_unstable();
        widths
    }
    fn count(module: &Module, forms: &[Vec<(u32, u32)>]) -> u32 {
        let own = u32::from(forms.contains(&widths(module)));
        own + module
            .children()
            .map(|(_, child)| count(child, forms))
            .sum::<u32>()
    }
    let form = |form| mul_lane(form, 1).map(|(leaf, _)| widths(leaf.module()));
    let forms: Vec<_> = Multiplier::ALL.into_iter().flat_map(form).collect();
    count(top, &forms)
}

/// Builds the multiplier; see [`latency`] for `tile_registers`.
///
/// # Errors
/// None that occur: the block is fixed.
pub fn mul_lane(form: Multiplier, tile_registers: u32) -> Result<(Block, Format), BuildError> {
    let doc = format!(
        "Full product modulo p: lazily reduced word times 64-bit factor, {}",
        form.doc()
    );
    build("mul_lane", &doc, |pipe| {
        pipe.builder().one_lane();
        let x = pipe.input_value("x", &fold::lazy_format(), 0);
        let factor = pipe.input("factor", ones(64), 0);
        let multipliers = Multipliers {
            pipe,
            registers: tile_registers,
        };
        let y = match form {
            Multiplier::Tiles => tiles::product(&multipliers, &x, factor, 17)?,
            Multiplier::Plain => tiles::product(&multipliers, &x, factor, 32)?,
            Multiplier::Tiles18 => {
                let x = operands::cut(operands::binary(pipe, &x), 17);
                tiles::product(&multipliers, &x, factor, 16)?
            }
            Multiplier::Karatsuba => two_level::product(&multipliers, &x, factor)?,
            Multiplier::ThreeWay => three_way::product(&multipliers, &x, factor)?,
        };
        pipe.output_value("y", &y);
        Ok(y.format())
    })
}
