//! Widths, addresses and the order of rows, all of them functions of the shape.
//!
//! Row r, lane L holds coefficient r + R L of a polynomial (P lanes, R = N/P rows). Rows are fed to
//! the transform, and come back from it, in an order of their own: see [`Geometry::feed_row`].

use crate::netlist::{Builder, Sig};
use goldilane_abi::Shape;

/// log2 of the points of the transform's second pass: rows of the same second index follow each
/// other when there are more rows than that.
const LOG_SECOND_PASS: u32 = 6;

/// Bits of a batch's numbers that one bit of `batch_take` holds.
pub const BITS_PER_TAKE: u32 = 192;

/// Bits needed to count `0 .. n` (at least 1).
pub const fn count_bits(n: u32) -> u32 {
    let bits = n.next_power_of_two().trailing_zeros();
    if bits == 0 { 1 } else { bits }
}

/// The numbers of a shape as the blocks of the core need them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// What is built.
    pub shape: Shape,
}

impl Geometry {
    /// Width of a step or of a small LWE dimension in the core's ports.
    pub const STEP_BITS: u32 = 11;
    /// Width of the base of the decomposition in the core's ports.
    pub const BASE_LOG_BITS: u32 = 6;
    /// Width of a number of levels in the core's ports.
    pub const LEVEL_BITS: u32 = 4;

    /// The geometry of `shape`, which must have passed [`Shape::check`].
    pub const fn new(shape: Shape) -> Self {
        Self { shape }
    }

    /// Lanes P.
    pub const fn lanes(&self) -> usize {
        self.shape.lanes as usize
    }

    /// log2 P.
    pub const fn lane_bits(&self) -> u32 {
        self.shape.lanes.ilog2()
    }

    /// log2 of the rows of a polynomial.
    pub const fn row_bits(&self) -> u32 {
        self.shape.rows().ilog2()
    }

    /// Polynomials k + 1 of a GLWE.
    pub const fn polynomials(&self) -> u32 {
        self.shape.glwe_dimension + 1
    }

    /// Width of the number of a polynomial.
    pub const fn polynomial_bits(&self) -> u32 {
        count_bits(self.polynomials())
    }

    /// Width of the number of a slot.
    pub const fn slot_bits(&self) -> u32 {
        count_bits(self.shape.slots)
    }

    /// Width of a number of slots.
    pub const fn fill_bits(&self) -> u32 {
        count_bits(self.shape.slots + 1)
    }

    /// log2 2N: width of an exponent of X.
    pub const fn rotation_bits(&self) -> u32 {
        self.shape.polynomial_size.ilog2() + 1
    }

    /// Width of a digit, two's complement.
    pub const fn digit_bits(&self) -> u32 {
        self.shape.max_pbs_base_log + 1
    }

    /// The numbers of a batch: name inside the core, port, words, width. They are held from the clock in which the batch is
    /// taken.
    pub fn batch_numbers(&self) -> [(&'static str, &'static str, usize, u32); 13] {
        let (step, level) = (Self::STEP_BITS, Self::LEVEL_BITS);
        let slots = self.shape.slots as usize;
        [
            ("batch_bank", "batch_bank", 1, 1),
            ("fill", "batch_fill", 1, self.fill_bits()),
            ("steps", "batch_steps", 1, step),
            ("lwe_dimension", "batch_n", 1, step),
            ("ks_base_log", "batch_ks_base_log", 1, 3),
            ("ks_levels", "batch_ks_levels", 1, level),
            ("pbs_base_log", "batch_pbs_base_log", 1, Self::BASE_LOG_BITS),
            ("pbs_levels", "batch_pbs_levels", 1, level),
            ("bsk_line", "batch_bsk_line", 1, 32),
            ("ksk_line", "batch_ksk_line", 1, 32),
            ("bsk_crc_line", "batch_bsk_crc_line", 1, 32),
            ("ksk_crc_line", "batch_ksk_crc_line", 1, 32),
            ("lut_line", "batch_lut_line", slots, 32),
        ]
    }

    /// Bits of `batch_take`, one for every [`BITS_PER_TAKE`] bits of the numbers.
    pub fn takes(&self) -> usize {
        let bits = |(_, _, count, width): (&str, &str, usize, u32)| count as u32 * width;
        let bits: u32 = self.batch_numbers().map(bits).iter().sum();
        bits.div_ceil(BITS_PER_TAKE) as usize
    }

    /// Rows of all accumulators, holes included where k + 1 is not a power of two.
    pub const fn accumulator_depth(&self) -> usize {
        (self.shape.slots as usize) << (self.polynomial_bits() + self.row_bits())
    }

    /// Width of a row's address.
    pub const fn address_bits(&self) -> u32 {
        count_bits(self.accumulator_depth() as u32)
    }

    /// Address of a row.
    pub fn address<'b>(
        &self,
        b: &'b Builder,
        slot: Sig<'b>,
        polynomial: Sig<'b>,
        row: Sig<'b>,
    ) -> Sig<'b> {
        b.cat(&[row, polynomial, slot])
            .slice(0, self.address_bits())
    }

    /// Bits of a row number that run slowest in the feeding order.
    const fn outer_bits(&self) -> u32 {
        self.row_bits().saturating_sub(LOG_SECOND_PASS)
    }

    /// The row that is fed (and comes back) as number `tau` of its polynomial.
    pub const fn feed_row(&self, tau: u32) -> u32 {
        let x = self.outer_bits();
        (tau >> x) + ((tau & ((1 << x) - 1)) << (self.row_bits() - x))
    }

    /// [`Geometry::feed_row`] on a signal: a permutation of bits.
    pub fn feed_row_of<'b>(&self, b: &'b Builder, tau: Sig<'b>) -> Sig<'b> {
        match self.outer_bits() {
            0 => tau,
            x => b.cat(&[tau.from_bit(x), tau.slice(0, x)]),
        }
    }
}

/// `count` registers of the same value, kept apart so that none drives too many loads.
pub fn copies<'b>(b: &'b Builder, name: &str, value: Sig<'b>, count: usize) -> Vec<Sig<'b>> {
    (0..count)
        .map(|i| {
            let copy = b.state(&format!("{name}_{i}"), value.width(), 0);
            b.drive(copy, value);
            copy
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeding_order_is_a_permutation_with_the_low_second_index_slowest() {
        let geometry = Geometry::new(Shape::SIM);
        let rows: Vec<u32> = (0..256).map(|tau| geometry.feed_row(tau)).collect();
        assert_eq!(rows[..5], [0, 64, 128, 192, 1]);
        let mut sorted = rows.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..256).collect::<Vec<_>>());
        let natural = Geometry::new(Shape::U280);
        assert!((0..16).all(|tau| natural.feed_row(tau) == tau));
    }

    #[test]
    fn widths() {
        assert_eq!([1, 2, 3, 4, 5].map(count_bits), [1, 1, 2, 2, 3]);
        let toy = Geometry::new(Shape::TOY);
        assert_eq!(toy.accumulator_depth(), 3 * 2 * 64);
        assert_eq!(toy.address_bits(), 9);
        let one = Geometry::new(Shape {
            slots: 1,
            ..Shape::TOY
        });
        assert_eq!(one.address_bits(), 7);
    }
}
