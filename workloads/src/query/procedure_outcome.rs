//! The 2x2 counts of procedure against outcome in a demographic.
//!
//! Per patient one bootstrap says whether the patient belongs to the demographic, four say to
//! which cell it adds; the counts are summed by [`super::counter`].

use super::coding::{Demographic, EncryptedPatient};
use super::counter::{DIGIT_BASE, sum_columns};
use crate::data::TwoByTwo;
use crate::data::two_by_two::Group;
use goldilane_driver_tfhe::{Bootstrapper, LookupTable, Request, Result, linear_combination};
use tfhe::shortint::{Ciphertext, ClientKey};

/// The four counts, encrypted: by cell, digits in base 4, lowest first.
pub struct EncryptedCounts {
    cells: Vec<Vec<Ciphertext>>,
}

impl EncryptedCounts {
    /// What the holder of the client key learns.
    pub fn decrypt(&self, key: &ClientKey) -> TwoByTwo {
        let count = |cell: usize| {
            let digits = self.cells[cell].iter().rev();
            digits.fold(0, |n, digit| {
                n * DIGIT_BASE as u32 + key.decrypt(digit) as u32
            })
        };
        TwoByTwo {
            with: Group {
                died: count(3),
                survived: count(2),
            },
            without: Group {
                died: count(1),
                survived: count(0),
            },
        }
    }
}

/// Counts procedure against outcome among the patients of `demographic`.
///
/// # Errors
/// As [`Bootstrapper::bootstrap`].
pub fn count_procedure_outcome(
    device: &mut dyn Bootstrapper,
    patients: &[EncryptedPatient],
    demographic: Demographic,
) -> Result<EncryptedCounts> {
    let belongs = LookupTable::new(device.key(), |code| {
        u64::from(demographic.takes((code % 4) as u8, (code / 4) as u8))
    })?;
    // 4 * member + cell: members of the demographic have the codes 4 to 7
    let cell_tables = (0..4)
        .map(|cell| LookupTable::new(device.key(), move |code| u64::from(code == 4 + cell)))
        .collect::<Result<Vec<_>>>()?;
    let codes = patients
        .iter()
        .map(|p| linear_combination(device.key(), &[(1, &p.age_band), (4, &p.sex)]))
        .collect::<Result<Vec<_>>>()?;
    let requests: Vec<Request<'_>> = codes
        .iter()
        .map(|input| Request {
            input,
            table: &belongs,
        })
        .collect();
    let members = device.bootstrap(&requests)?;
    let joined = members
        .iter()
        .zip(patients)
        .map(|(member, p)| linear_combination(device.key(), &[(4, member), (1, &p.cell)]))
        .collect::<Result<Vec<_>>>()?;
    let requests: Vec<Request<'_>> = cell_tables
        .iter()
        .flat_map(|table| joined.iter().map(move |input| Request { input, table }))
        .collect();
    let indicators = device.bootstrap(&requests)?;
    let columns = indicators
        .chunks(patients.len().max(1))
        .map(|cell| vec![cell.to_vec()])
        .collect();
    let cells = sum_columns(device, columns)?;
    Ok(EncryptedCounts { cells })
}
