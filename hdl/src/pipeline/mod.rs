//! Layer 2 of the builder: pipelines of words with time labels and tracked ranges.
//!
//! Every [`Word`] is the output of a register (or memory, or an input port) and carries the
//! largest value that it can take and the clock in which it stands. One operation, a sum of at
//! most three [`Row`]s, each behind at most one 4:1 multiplexer, leads from words to a new word
//! one clock later: so the depth rule holds by construction, and it is checked again on the
//! finished netlist by [`Block::finish`]. Operands that stand too early are delayed by themselves.
//!
//! Field elements are [`Value`]s: limbs at columns of a number modulo `2^96 + 1` (a multiple of
//! `p`), all unsigned. A negative piece is its complement; what the complement adds is tracked as
//! a constant offset, which is absorbed once in a while by constant bits in free columns
//! ([`constant`]).

pub mod block;
pub mod constant;
pub mod control;
pub mod fold;
pub mod goal;
pub mod pipe;
pub mod plan;
pub mod row;
pub mod split;
pub mod value;
pub mod word;

pub use block::{Block, BuildError, Connections};
pub use control::{RowClock, Token};
pub use goal::Goal;
pub use pipe::Pipe;
pub use plan::SumPlan;
pub use row::{Piece, Row};
pub use value::{Format, Term, Value};
pub use word::{Clock, Word};
