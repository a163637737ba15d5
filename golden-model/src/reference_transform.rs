//! The transform by its definition: one sum per value, `N^2` products. The yardstick of the others.

use crate::error::Result;
use crate::field::{add, mul};
use crate::roots::{evaluation_root, powers};
use crate::transform::{Transform, natural_evaluation_exponent};

/// The transform by its definition, values in natural order.
#[derive(Clone, Debug)]
pub struct ReferenceTransform {
    /// `psi_N^e` for all `e` modulo `2N`.
    powers: Vec<u64>,
}

impl ReferenceTransform {
    /// The transform of polynomials of `size` coefficients.
    pub fn new(size: usize) -> Result<Self> {
        Ok(Self {
            powers: powers(evaluation_root(size)?, 2 * size),
        })
    }

    fn power(&self, exponent: usize) -> u64 {
        self.powers[exponent % self.powers.len()]
    }
}

impl Transform for ReferenceTransform {
    fn polynomial_size(&self) -> usize {
        self.powers.len() / 2
    }

    fn forward(&self, values: &mut [u64]) -> Result<()> {
        self.check(values)?;
        let coefficients = values.to_vec();
        for (index, value) in values.iter_mut().enumerate() {
            let exponent = natural_evaluation_exponent(index);
            *value = coefficients
                .iter()
                .enumerate()
                .map(|(i, coefficient)| mul(*coefficient, self.power(exponent * i)))
                .fold(0, add);
        }
        Ok(())
    }

    fn inverse_unscaled(&self, values: &mut [u64]) -> Result<()> {
        self.check(values)?;
        let points = values.to_vec();
        let order = self.powers.len();
        for (i, coefficient) in values.iter_mut().enumerate() {
            *coefficient = points
                .iter()
                .enumerate()
                .map(|(index, value)| {
                    let exponent = natural_evaluation_exponent(index) * i % order;
                    mul(*value, self.power(order - exponent))
                })
                .fold(0, add);
        }
        Ok(())
    }

    fn evaluation_exponent(&self, index: usize) -> usize {
        natural_evaluation_exponent(index)
    }
}
