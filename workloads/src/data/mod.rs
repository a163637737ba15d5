//! The clinical table that the demo asks about.
//!
//! - [`rhc`]: 5,735 patients of intensive care units, with and without right heart catheterisation. Fetched by hash at run
//!   time; no row of it lies in the repository. An observational study: a difference between the two groups is a
//!   statistic, not an effect of the procedure.
//! - [`synthetic`]: a generator with the same columns, used where there is no network.
//! - [`two_by_two`]: the counts of procedure against outcome, in the clear: what the encrypted answer must equal.

pub mod rhc;
pub mod synthetic;
pub mod two_by_two;

pub use two_by_two::TwoByTwo;

/// Sex as the table records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// One patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Record {
    /// Age in whole years, rounded down.
    pub age: u8,
    /// Sex.
    pub sex: Sex,
    /// Right heart catheterisation on the first day.
    pub procedure: bool,
    /// Died within 30 days.
    pub death_30d: bool,
}

/// Where a table came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The data set `rhc`.
    Rhc,
    /// The generator, and why it was used.
    Synthetic {
        /// The failure to fetch, or that it was asked for.
        reason: String,
    },
}

impl Source {
    /// `rhc` or `synthetic`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rhc => "rhc",
            Self::Synthetic { .. } => "synthetic",
        }
    }
}

/// Patients and where they came from.
#[derive(Debug, Clone)]
pub struct Table {
    /// Where they came from.
    pub source: Source,
    /// The patients.
    pub records: Vec<Record>,
}

/// The data set `rhc`, or the synthetic table of the same size when it cannot be had.
#[must_use]
pub fn load() -> Table {
    match rhc::load() {
        Ok(records) => Table {
            source: Source::Rhc,
            records,
        },
        Err(error) => Table {
            source: Source::Synthetic {
                reason: error.to_string(),
            },
            records: synthetic::generate(synthetic::SEED, rhc::ROWS),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_full_size_comes_from_somewhere_and_says_from_where() {
        let table = load();
        assert_eq!(table.records.len(), rhc::ROWS);
        match table.source {
            Source::Rhc => assert_eq!(
                TwoByTwo::count(&table.records, |_| true),
                rhc::EVERYBODY,
                "the published counts"
            ),
            Source::Synthetic { reason } => {
                // Without network nothing else is accepted as a reason.
                assert!(reason.contains("fetch rhc"), "{reason}");
            }
        }
    }

    #[test]
    fn women_of_65_and_more_in_the_real_table() {
        let table = load();
        let counts = TwoByTwo::count(&table.records, |patient| {
            patient.sex == Sex::Female && patient.age >= 65
        });
        match table.source {
            Source::Rhc => assert_eq!(counts, rhc::WOMEN_FROM_65),
            Source::Synthetic { .. } => {
                assert!(counts.with.total() > 0 && counts.without.total() > 0)
            }
        }
    }
}
