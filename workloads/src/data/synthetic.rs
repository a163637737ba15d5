//! A table with the columns and roughly the proportions of `rhc`, from a seed. No patient is behind it.

use super::{Record, Sex};

/// The seed of the table that stands in for `rhc`.
pub const SEED: u64 = 0x676f_6c64_696c_616e;

/// Draws `rows` patients. The same seed gives the same table on every machine: integers only.
#[must_use]
pub fn generate(seed: u64, rows: usize) -> Vec<Record> {
    let mut random = SplitMix(seed);
    (0..rows)
        .map(|_| {
            // Three dice: between 18 and 102 years, 60 on average, few at the ends.
            let age = 18 + (0..3).fold(0, |sum, _| sum + random.below(29));
            let sex = if random.below(100) < 44 {
                Sex::Female
            } else {
                Sex::Male
            };
            let procedure = random.below(100) < 38;
            // Risk grows with age; the group with the procedure is the sicker one.
            let percent = 12 + age / 3 + if procedure { 7 } else { 0 };
            Record {
                age: u8::try_from(age).unwrap_or(u8::MAX),
                sex,
                procedure,
                death_30d: random.below(100) < percent,
            }
        })
        .collect()
}

/// Steele, Lea and Flood's SplitMix64: a counter and a mixing function.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; its bias of `bound / 2^32` does not matter here.
    fn below(&mut self, bound: u64) -> u64 {
        ((self.next() >> 32) * bound) >> 32
    }
}

#[cfg(test)]
mod tests {
    use super::super::TwoByTwo;
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_table_and_a_prefix_of_a_longer_one() {
        let table = generate(SEED, 100);
        assert_eq!(table, generate(SEED, 200)[..100]);
        assert_ne!(table, generate(SEED + 1, 100));
    }

    #[test]
    fn proportions_are_those_of_a_clinical_table() {
        let table = generate(SEED, 20_000);
        assert!(table.iter().all(|record| (18..=102).contains(&record.age)));
        let counts = TwoByTwo::count(&table, |_| true);
        let share = f64::from(counts.with.total()) / 20_000.0;
        assert!((0.36..0.40).contains(&share), "{share}");
        let difference = counts.risk_difference().expect("both groups");
        assert!((0.04..0.10).contains(&difference), "{difference}");
    }

    #[test]
    fn the_generator_is_the_published_one() {
        // The first outputs for seed 0.
        let mut random = SplitMix(0);
        assert_eq!(
            [random.next(), random.next()],
            [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]
        );
    }
}
