//! The order in which a result's words are read.

use super::geometry::Geometry;
use crate::cells::counters::{length, run};
use crate::key_switch::COLUMN_BITS;
use crate::netlist::{Builder, Sig, address_bits};

/// What steers a walk.
pub struct Walker<'b> {
    /// Kind of the result, held.
    pub kind: Sig<'b>,
    /// Exponent of the first coefficient of an extraction, held.
    pub place: Sig<'b>,
    /// Entries less one of the packed kinds, held.
    pub dimension: Sig<'b>,
    /// Starts the walk.
    pub begin: Sig<'b>,
    /// A word may be issued.
    pub go: Sig<'b>,
    /// Ends the walk.
    pub clear: Sig<'b>,
}

/// What is read in a clock.
pub struct Steps<'b> {
    /// A word is complete with this step.
    pub word: Sig<'b>,
    /// It is the last one.
    pub last: Sig<'b>,
    /// Polynomial of the coefficient.
    pub polynomial: Sig<'b>,
    /// Its exponent modulo 2N: N and more stands for the negated coefficient.
    pub exponent: Sig<'b>,
    /// Number of the entry.
    pub entry: Sig<'b>,
    /// It is the body's.
    pub entry_last: Sig<'b>,
}

/// Walks through a result, a coefficient or an entry a clock while `go` is 1.
pub fn walker<'b>(b: &'b Builder, g: &Geometry, w: &Walker<'b>) -> Steps<'b> {
    let bits = g.rotation_bits();
    let active = b.state("walking", 1, 0);
    let step = (active & w.go).named("walk_step");
    let [extract, words, halves] = [0, 1, 2].map(|k| b.reg(w.kind.eq_lit(k)));
    let packs = words | halves;

    // Coefficients.
    let n = b.lit(u128::from(g.shape.polynomial_size), bits);
    let position = run(b, "position", length(b, n), step, w.begin);
    let polynomials = b.lit(
        u128::from(g.polynomials()),
        address_bits(g.polynomials() as usize + 1),
    );
    let polynomial = run(
        b,
        "polynomial",
        length(b, polynomials),
        step & position.last,
        w.begin,
    );
    let exponent = b.state("exponent", bits, 0);
    let anew = position.last | w.begin;
    let from = b.mux(anew, w.place & extract.sext(bits), exponent);
    let change = b.cat(&[b.lit(1, 1), extract.sext(bits - 1)]) & (!anew).sext(bits);
    b.drive_en(exponent, from + change, step | w.begin);
    let coefficients_end = polynomial.last & (extract | position.last);

    // Entries.
    let entries = b.reg(w.dimension.add_lit(1));
    let entry = run(b, "entry", length(b, entries), step, w.begin);
    let number = entry.value;
    let full = number.bit(0) & (words | number.bit(1));
    let end = b.mux(packs, entry.last, coefficients_end);
    let last = step & end;
    b.drive(active, (w.begin | (active & !last)) & !w.clear);
    Steps {
        word: step & (!packs | full | entry.last),
        last,
        polynomial: polynomial.value.resize(g.polynomial_bits()),
        exponent,
        entry: number.resize(COLUMN_BITS),
        entry_last: entry.last,
    }
}
