//! Control that travels with the data: start pulses, row counters.
//!
//! Rows of one polynomial follow each other without gap, polynomials follow at any distance of
//! at least `R` clocks. A [`Token`] marks row 0; where rows must be told apart, a [`RowClock`]
//! counts on from it. Bits that enable something are reset; plain counters are not needed outside
//! of a polynomial.

use super::pipe::Pipe;
use super::word::{Clock, Word, ones, width_of};
use crate::netlist::Sig;

/// Longest delay made of registers; beyond that a counter waits.
const LONGEST_SHIFT: Clock = 24;

/// A pulse with row 0 of a polynomial, and flags that hold for the polynomial.
#[derive(Clone, Debug)]
pub struct Token<'b> {
    /// The pulse.
    pub start: Word<'b>,
    /// Flags, valid with the pulse.
    pub flags: Vec<Word<'b>>,
}

/// The row that stands in a clock.
#[derive(Clone, Copy, Debug)]
pub struct RowClock<'b> {
    /// Row number, low bits first.
    pub row: Word<'b>,
    /// 1 while a row stands here.
    pub valid: Word<'b>,
    /// Changes with every polynomial: which half of a double buffer is used.
    pub half: Word<'b>,
}

impl<'b> Pipe<'b> {
    /// A bit delayed by registers with reset.
    pub fn delay_reset(&self, bit: Word<'b>, clock: Clock) -> Word<'b> {
        let b = self.builder();
        (bit.clock()..clock).fold(bit, |w, _| {
            let r = b.state(&format!("pending_{}", self.serial()), w.width(), 0);
            b.drive(r, w.sig());
            Word::new(r, w.max(), w.clock() + 1)
        })
    }

    /// The token at a later clock. Polynomials start at least `spacing` clocks apart.
    pub fn delay_token(&self, token: &Token<'b>, clock: Clock, spacing: Clock) -> Token<'b> {
        let mut token = token.clone();
        while clock - token.start.clock() > LONGEST_SHIFT && spacing > LONGEST_SHIFT {
            let by = (clock - token.start.clock()).min(spacing);
            token = self.wait(&token, by);
        }
        Token {
            start: self.delay_reset(token.start, clock),
            flags: token.flags.iter().map(|f| self.delay(*f, clock)).collect(),
        }
    }

    /// A copy of the token `by` clocks later; one pulse at a time is under way.
    fn wait(&self, token: &Token<'b>, by: Clock) -> Token<'b> {
        let b = self.builder();
        let width = width_of(by as u128);
        let start = token.start.sig();
        let elapsed = b.state(&format!("elapsed_{}", self.serial()), width, 0);
        b.drive(elapsed, count_from(elapsed, start));
        let running = b.state(&format!("waiting_{}", self.serial()), 1, 0);
        // The pulse leaves its own register `by` clocks after it came: one clock to reset the
        // counter, one for the register.
        let over = elapsed.eq_lit(by as u128 - 2);
        b.drive(running, start | (running & !over));
        let fired = b.state(&format!("waited_{}", self.serial()), 1, 0);
        b.drive(fired, running & over);
        let clock = token.start.clock() + by;
        let keep = |f: &Word<'b>| Word::new(b.reg_en(f.sig(), start), f.max(), clock);
        Token {
            start: Word::new(fired, 1, clock),
            flags: token.flags.iter().map(keep).collect(),
        }
    }

    /// Counts the rows from `token` on; stands one clock after it.
    pub fn row_clock(&self, token: &Token<'b>, log_rows: u32) -> RowClock<'b> {
        let b = self.builder();
        let start = token.start.sig();
        let row = b.state(&format!("row_{}", self.serial()), log_rows, 0);
        b.drive(row, count_from(row, start));
        let valid = b.state(&format!("valid_{}", self.serial()), 1, 0);
        b.drive(valid, start | (valid & !row.all()));
        let half = b.state(&format!("half_{}", self.serial()), 1, 0);
        b.drive(half, half ^ start);
        let clock = token.start.clock() + 1;
        RowClock {
            row: Word::new(row, ones(log_rows), clock),
            valid: Word::new(valid, 1, clock),
            half: Word::new(half, 1, clock),
        }
    }

    /// A row clock at a later clock.
    pub fn delay_row_clock(&self, rows: &RowClock<'b>, clock: Clock) -> RowClock<'b> {
        RowClock {
            row: self.delay(rows.row, clock),
            valid: self.delay_reset(rows.valid, clock),
            half: self.delay(rows.half, clock),
        }
    }
}

/// `count + 1`, or 0 where `start` is 1: the reset stands in front of the chain.
fn count_from<'b>(count: Sig<'b>, start: Sig<'b>) -> Sig<'b> {
    let b = count.builder();
    let width = count.width();
    let kept = b.mux(start, b.lit(0, width), count);
    b.sum(&[kept, !start], width)
}
