//! How did a procedure do in a demographic, from records that stay encrypted?
//!
//! A hospital codes each patient into three small numbers and encrypts them ([`coding`]). Whoever
//! holds the server key selects the patients of a demographic and counts procedure against
//! outcome without seeing a record ([`procedure_outcome`], [`counter`]); whoever holds the client
//! key learns the four counts.

pub mod coding;
pub mod counter;
pub mod procedure_outcome;

pub use coding::{CodedPatient, Demographic, EncryptedPatient};
pub use procedure_outcome::{EncryptedCounts, count_procedure_outcome};
