//! Procedure against outcome, counted in the clear.

use super::Record;

/// Deaths and survivors of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Group {
    /// Died within 30 days.
    pub died: u32,
    /// Alive after 30 days.
    pub survived: u32,
}

impl Group {
    /// A group by its deaths and its size.
    #[must_use]
    pub const fn of(died: u32, total: u32) -> Self {
        Self {
            died,
            survived: total - died,
        }
    }

    /// Patients of the group.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.died + self.survived
    }

    /// Share of deaths; `None` for an empty group.
    #[must_use]
    pub fn risk(&self) -> Option<f64> {
        (self.total() > 0).then(|| f64::from(self.died) / f64::from(self.total()))
    }
}

/// The two groups: with and without the procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct TwoByTwo {
    /// With the procedure.
    pub with: Group,
    /// Without it.
    pub without: Group,
}

impl TwoByTwo {
    /// Counts the records that `predicate` takes.
    #[must_use]
    pub fn count(records: &[Record], predicate: impl Fn(&Record) -> bool) -> Self {
        let mut counts = Self::default();
        for record in records.iter().filter(|record| predicate(record)) {
            let group = if record.procedure {
                &mut counts.with
            } else {
                &mut counts.without
            };
            let cell = if record.death_30d {
                &mut group.died
            } else {
                &mut group.survived
            };
            *cell += 1;
        }
        counts
    }

    /// Risk with the procedure minus risk without; `None` when a group is empty.
    #[must_use]
    pub fn risk_difference(&self) -> Option<f64> {
        Some(self.with.risk()? - self.without.risk()?)
    }

    /// Odds of death with the procedure over odds without; `None` when it is not a positive number.
    #[must_use]
    pub fn odds_ratio(&self) -> Option<f64> {
        let product = |a: u32, b: u32| f64::from(a) * f64::from(b);
        let above = product(self.with.died, self.without.survived);
        let below = product(self.with.survived, self.without.died);
        (above > 0.0 && below > 0.0).then(|| above / below)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Sex, rhc};
    use super::*;

    #[test]
    fn each_record_falls_into_its_cell() {
        let record = |procedure, death_30d| Record {
            age: 70,
            sex: Sex::Male,
            procedure,
            death_30d,
        };
        let mut records = vec![record(true, true)];
        records.extend([record(true, false); 2]);
        records.extend([record(false, true); 3]);
        records.extend([record(false, false); 4]);
        records.push(Record {
            age: 20,
            ..record(true, true)
        });
        let counts = TwoByTwo::count(&records, |record| record.age >= 65);
        let expected = TwoByTwo {
            with: Group {
                died: 1,
                survived: 2,
            },
            without: Group {
                died: 3,
                survived: 4,
            },
        };
        assert_eq!(counts, expected);
    }

    #[test]
    fn the_figures_of_the_literature_follow_from_the_counts() {
        let rounded = |value: Option<f64>, digits: i32| {
            let scale = 10_f64.powi(digits);
            value.map(|value| (value * scale).round() / scale)
        };
        assert_eq!(rounded(rhc::EVERYBODY.odds_ratio(), 2), Some(1.39));
        assert_eq!(rounded(rhc::EVERYBODY.risk_difference(), 3), Some(0.074));
        assert_eq!(rounded(rhc::WOMEN_FROM_65.odds_ratio(), 2), Some(1.53));
    }

    #[test]
    fn empty_groups_have_no_figures() {
        let counts = TwoByTwo::default();
        assert_eq!(
            (counts.risk_difference(), counts.odds_ratio()),
            (None, None)
        );
    }
}
