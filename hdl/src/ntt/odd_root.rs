//! Powers of a square root of 2, which the first pass needs at 64 points (`N = 4096`).
//!
//! The roots of `Y^64 + 1` have order 128: they are the odd powers of `2 r`, where `r^2 = 2`. With
//!
//! ```text
//! r = 2^72 (1 + 2^48)        (1 + 2^48)^2 = 1 + 2^49 + 2^96 = 2^49, as 2^96 = -1
//! ```
//!
//! a product by an odd power of `r` is a shift and a product by `1 + 2^48`. In two limbs of 48
//! columns `2^48` exchanges the limbs and negates one, so that
//! `(1 + 2^48) (a + b 2^48) = (a - b) + (a + b) 2^48`: two rows a limb, one clock, no bit moves.
//!
//! Forward, only the last level has such roots, and every butterfly of it: what comes in with an odd
//! index `m` is multiplied once, before the other levels, while limbs are short. Inverse, the twist of
//! odd results has them.

use super::lanes::{Lanes, times};
use super::layout::{Place, number};
use crate::pipeline::block::BuildError;
use crate::pipeline::goal::Goal;
use crate::pipeline::plan::{SumPlan, Terms};
use crate::pipeline::split::Wrap;
use crate::pipeline::value::{TWO_LIMBS, Value};

/// `r^halves` as a column (modulo 192): that of the power of two which is left of it for even
/// `halves`, or for odd ones beside the factor `1 + 2^48`.
pub(super) fn column(halves: u32) -> u32 {
    halves / 2 + 72 * (halves % 2)
}

impl<'b> Lanes<'_, 'b> {
    /// Multiplies by `1 + 2^48` where the index bit at `place` is 1; two limbs in and out. One clock.
    ///
    /// # Errors
    /// See [`Lanes::unskew`].
    pub fn odd_root(&mut self, place: Place) -> Result<(), BuildError> {
        let plan = |value: &Value<'b>, options: &[Terms<'b>]| {
            let fixed = value.shifted(0, false);
            SumPlan::new("odd root", &fixed, options, &TWO_LIMBS, Wrap::At96)
        };
        let turned = |value: &Value<'b>| value.shifted(48, false);
        match place {
            Place::Time(bit) => self.step(Goal::Common, &[bit], |this, lane| {
                let value = &this.values[lane];
                plan(value, &[(Vec::new(), 0), turned(value)])
            }),
            Place::Lane(bit) => {
                self.pipe.align(&mut self.values);
                for lane in (0..self.values.len()).filter(|lane| lane >> bit & 1 == 1) {
                    let value = &self.values[lane];
                    let plan = plan(value, &[turned(value)])?;
                    self.values[lane] = plan.emit(self.pipe, &[], &plan.format()?);
                }
                Ok(())
            }
        }
    }

    /// Multiplies by `2^(halves * index / 2)` (negative exponents for the inverse), the index being
    /// the number that the result bits make. Odd `halves` take a clock more, for the odd roots.
    ///
    /// # Errors
    /// See [`Lanes::unskew`].
    pub fn twist(&mut self, halves: u32, goal: Goal) -> Result<(), BuildError> {
        if halves % 2 == 1 {
            self.odd_root(self.path[0])?;
        }
        let bits = self.time_bits();
        let inverse = self.inverse;
        self.step(goal, &bits.clone(), |this, lane| {
            let shift = |tau: u32| {
                let halves = halves * number(&this.path, lane as u32, tau) % 384;
                let halves = if inverse { 384 - halves } else { halves };
                column(halves % 384) % 192
            };
            let options: Vec<Terms<'b>> = times(&bits)
                .map(|tau| this.values[lane].shifted(shift(tau), false))
                .collect();
            SumPlan::new("twist", &(Vec::new(), 0), &options, &TWO_LIMBS, Wrap::At96)
        })
    }
}
