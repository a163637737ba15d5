//! Counting encrypted indicators.
//!
//! A count is a number in base 4, a digit a ciphertext. Indicators and digits are added as long as
//! noise and message space allow, then a bootstrap splits the sum into its digit and its carry
//! (the carry-save tree of hardware multipliers, on ciphertexts).

use goldilane_driver_tfhe::{
    Bootstrapper, ImportedKey, LookupTable, Request, Result, linear_combination,
};
use tfhe::shortint::Ciphertext;

/// Base of the digits.
pub const DIGIT_BASE: u64 = 4;

/// How many values of at most `largest` can be added before a bootstrap.
fn group_size(key: &ImportedKey, largest: u64) -> usize {
    let by_space = (key.message_space() - 1) / largest.max(1);
    by_space.min(key.max_noise_level.get()) as usize
}

/// Sums columns of ciphertexts: `columns[c][i]` are the terms of weight 4^i of count `c`.
///
/// All columns of all counts go to the device together, so that its batches are full.
///
/// # Errors
/// As [`Bootstrapper::bootstrap`].
pub fn sum_columns(
    device: &mut dyn Bootstrapper,
    mut counts: Vec<Vec<Vec<Ciphertext>>>,
) -> Result<Vec<Vec<Ciphertext>>> {
    let digit = LookupTable::new(device.key(), |v| v % DIGIT_BASE)?;
    let carry = LookupTable::new(device.key(), |v| v / DIGIT_BASE)?;
    loop {
        // (count, weight, sum of a group) of everything that is still to be joined
        let mut sums = Vec::new();
        for (c, columns) in counts.iter_mut().enumerate() {
            for (weight, column) in columns.iter_mut().enumerate() {
                let alone = column.len() == 1 && column[0].degree.get() < DIGIT_BASE;
                if column.is_empty() || alone {
                    continue;
                }
                let largest = column.iter().map(|x| x.degree.get()).max().unwrap_or(1);
                let size = group_size(device.key(), largest).max(1);
                for group in column.chunks(size) {
                    let terms: Vec<(u64, &Ciphertext)> = group.iter().map(|x| (1, x)).collect();
                    sums.push((c, weight, linear_combination(device.key(), &terms)?));
                }
                column.clear();
            }
        }
        if sums.is_empty() {
            break;
        }
        let carries = sums
            .iter()
            .filter(|(_, _, sum)| sum.degree.get() >= DIGIT_BASE);
        let requests: Vec<Request<'_>> = sums
            .iter()
            .map(|(_, _, input)| Request {
                input,
                table: &digit,
            })
            .chain(carries.map(|(_, _, input)| Request {
                input,
                table: &carry,
            }))
            .collect();
        let mut results = device.bootstrap(&requests)?.into_iter();
        for (c, weight, _) in &sums {
            counts[*c][*weight].extend(results.next());
        }
        for (c, weight, sum) in &sums {
            if sum.degree.get() < DIGIT_BASE {
                continue;
            }
            let columns = &mut counts[*c];
            if columns.len() == weight + 1 {
                columns.push(Vec::new());
            }
            columns[weight + 1].extend(results.next());
        }
    }
    Ok(counts
        .into_iter()
        .map(|columns| columns.into_iter().flatten().collect())
        .collect())
}
