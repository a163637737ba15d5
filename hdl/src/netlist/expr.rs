//! Expressions over signals: operators and bit selection.

use super::builder::Builder;
use super::module::{NodeId, Op};
use std::ops::{Add, BitAnd, BitOr, BitXor, Not, Sub};

/// A signal of a module under construction: a word of 1 to 128 bits.
#[derive(Clone, Copy)]
pub struct Sig<'b> {
    pub(super) builder: &'b Builder,
    pub(super) id: NodeId,
    pub(super) width: u32,
}

impl std::fmt::Debug for Sig<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sig({}:{})", self.id, self.width)
    }
}

impl PartialEq for Sig<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.builder, other.builder) && self.id == other.id
    }
}
impl Eq for Sig<'_> {}
impl std::hash::Hash for Sig<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

// The names follow hardware usage (a comparison yields a signal, not a bool).
#[allow(clippy::should_implement_trait)]
impl<'b> Sig<'b> {
    /// The builder that this signal belongs to.
    pub fn builder(self) -> &'b Builder {
        self.builder
    }

    /// A number that identifies the signal inside its builder.
    pub fn id(self) -> u32 {
        self.id
    }

    /// Width in bits.
    pub fn width(self) -> u32 {
        self.width
    }

    /// The value, if the signal is a constant.
    pub fn constant(self) -> Option<u128> {
        self.builder.constant_of(self.id)
    }

    /// Gives the signal a name in the Verilog text.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        self.builder.set_name(self.id, name);
        self
    }

    fn same(self, rhs: Self, op: Op) -> Self {
        assert_eq!(self.width, rhs.width, "{op:?}: widths differ");
        self.builder.node(op, &[self, rhs], self.width)
    }

    /// Sum with a constant, wrapping.
    pub fn add_lit(self, value: u128) -> Self {
        self + self.builder.lit(value & mask(self.width), self.width)
    }

    /// Difference with a constant, wrapping.
    pub fn sub_lit(self, value: u128) -> Self {
        self - self.builder.lit(value & mask(self.width), self.width)
    }

    /// 1 where both are equal.
    pub fn eq(self, rhs: Self) -> Self {
        assert_eq!(self.width, rhs.width, "eq: widths differ");
        self.builder.node(Op::Eq, &[self, rhs], 1)
    }

    /// 1 where the signal equals a constant.
    pub fn eq_lit(self, value: u128) -> Self {
        self.eq(self.builder.lit(value, self.width))
    }

    /// 1 where both differ.
    pub fn ne(self, rhs: Self) -> Self {
        !self.eq(rhs)
    }

    /// Unsigned less-than.
    pub fn lt(self, rhs: Self) -> Self {
        assert_eq!(self.width, rhs.width, "lt: widths differ");
        self.builder.node(Op::Lt, &[self, rhs], 1)
    }

    /// Unsigned less-than a constant.
    pub fn lt_lit(self, value: u128) -> Self {
        self.lt(self.builder.lit(value, self.width))
    }

    /// Unsigned greater-or-equal.
    pub fn ge(self, rhs: Self) -> Self {
        !self.lt(rhs)
    }

    /// Bits `lo .. lo + width`.
    pub fn slice(self, lo: u32, width: u32) -> Self {
        assert!(
            width > 0 && lo + width <= self.width,
            "slice [{lo} +: {width}] of {} bits",
            self.width
        );
        if lo == 0 && width == self.width {
            return self;
        }
        self.builder.node(Op::Slice(lo), &[self], width)
    }

    /// Bit `i`.
    pub fn bit(self, i: u32) -> Self {
        self.slice(i, 1)
    }

    /// Bits `lo ..` to the top.
    pub fn from_bit(self, lo: u32) -> Self {
        self.slice(lo, self.width - lo)
    }

    /// Zero-extends (or keeps) to `width`.
    pub fn zext(self, width: u32) -> Self {
        assert!(width >= self.width, "zext {} to {width}", self.width);
        if width == self.width {
            return self;
        }
        let zero = self.builder.lit(0, width - self.width);
        self.builder.cat(&[self, zero])
    }

    /// Sign-extends (or keeps) to `width`.
    pub fn sext(self, width: u32) -> Self {
        assert!(width >= self.width, "sext {} to {width}", self.width);
        if width == self.width {
            return self;
        }
        self.builder.node(Op::SignExtend, &[self], width)
    }

    /// Zero-extends or cuts to `width`.
    pub fn resize(self, width: u32) -> Self {
        if width < self.width {
            self.slice(0, width)
        } else {
            self.zext(width)
        }
    }

    /// Shifts left by a constant, the result is `by` bits wider.
    pub fn shl(self, by: u32) -> Self {
        if by == 0 {
            return self;
        }
        self.builder.cat(&[self.builder.lit(0, by), self])
    }

    /// OR over all bits.
    pub fn any(self) -> Self {
        if self.width == 1 {
            return self;
        }
        self.builder.node(Op::AnyBit, &[self], 1)
    }

    /// AND over all bits.
    pub fn all(self) -> Self {
        if self.width == 1 {
            return self;
        }
        self.builder.node(Op::AllBits, &[self], 1)
    }

    /// XOR over all bits.
    pub fn parity(self) -> Self {
        if self.width == 1 {
            return self;
        }
        self.builder.node(Op::Parity, &[self], 1)
    }

    /// 1 where all bits are 0.
    pub fn is_zero(self) -> Self {
        !self.any()
    }
}

/// All ones in the low `width` bits.
pub(super) fn mask(width: u32) -> u128 {
    if width >= 128 {
        u128::MAX
    } else {
        (1 << width) - 1
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $op:expr) => {
        impl<'b> $trait for Sig<'b> {
            type Output = Sig<'b>;
            fn $method(self, rhs: Self) -> Self {
                self.same(rhs, $op)
            }
        }
    };
}
operator!(BitAnd, bitand, Op::And);
operator!(BitOr, bitor, Op::Or);
operator!(BitXor, bitxor, Op::Xor);
operator!(Add, add, Op::Sum);
operator!(Sub, sub, Op::Sub);

impl<'b> Not for Sig<'b> {
    type Output = Sig<'b>;
    fn not(self) -> Self {
        self.builder.node(Op::Not, &[self], self.width)
    }
}
