//! Codes of a patient, each small enough for one ciphertext.

use crate::data::{Record, Sex};
use tfhe::shortint::{Ciphertext, ClientKey};

/// Lower ends of the age bands 1, 2, 3, in years; band 0 begins at birth.
pub const AGE_BANDS: [u8; 3] = [50, 65, 80];

/// A patient in coded values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodedPatient {
    /// Age band, 0 to 3 (see [`AGE_BANDS`]).
    pub age_band: u8,
    /// 0 female, 1 male.
    pub sex: u8,
    /// Cell of the 2x2 table: 2 * procedure + death within 30 days.
    pub cell: u8,
}

impl From<&Record> for CodedPatient {
    fn from(record: &Record) -> Self {
        let age_band = AGE_BANDS.iter().filter(|end| record.age >= **end).count() as u8;
        Self {
            age_band,
            sex: u8::from(record.sex == Sex::Male),
            cell: 2 * u8::from(record.procedure) + u8::from(record.death_30d),
        }
    }
}

/// A patient as the hospital hands it out.
pub struct EncryptedPatient {
    /// Encryption of the age band.
    pub age_band: Ciphertext,
    /// Encryption of the sex.
    pub sex: Ciphertext,
    /// Encryption of the cell.
    pub cell: Ciphertext,
}

impl EncryptedPatient {
    /// Encrypts a coded patient under the hospital's key.
    pub fn encrypt(key: &ClientKey, patient: CodedPatient) -> Self {
        Self {
            age_band: key.encrypt(patient.age_band.into()),
            sex: key.encrypt(patient.sex.into()),
            cell: key.encrypt(patient.cell.into()),
        }
    }
}

/// Whom the question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demographic {
    /// The sex, or everybody.
    pub sex: Option<Sex>,
    /// First age band that counts.
    pub from_band: u8,
    /// Last age band that counts.
    pub to_band: u8,
}

impl Demographic {
    /// Women of 65 years and more.
    pub const WOMEN_FROM_65: Self = Self {
        sex: Some(Sex::Female),
        from_band: 2,
        to_band: 3,
    };

    /// Whether a coded patient belongs to it.
    pub fn takes(&self, age_band: u8, sex: u8) -> bool {
        let of_sex = match self.sex {
            None => true,
            Some(Sex::Female) => sex == 0,
            Some(Sex::Male) => sex == 1,
        };
        of_sex && (self.from_band..=self.to_band).contains(&age_band)
    }
}

impl std::fmt::Display for Demographic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let who = match self.sex {
            None => "patients",
            Some(Sex::Female) => "women",
            Some(Sex::Male) => "men",
        };
        let first = match self.from_band {
            0 => 0,
            band => AGE_BANDS[usize::from(band.min(3)) - 1],
        };
        match AGE_BANDS.get(usize::from(self.to_band)) {
            None => write!(f, "{who}, age >= {first}"),
            Some(end) => write!(f, "{who}, {first} <= age < {end}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_select_the_same_patients_as_the_records() {
        for record in crate::data::synthetic::generate(3, 2_000) {
            let coded = CodedPatient::from(&record);
            let clear = record.sex == Sex::Female && record.age >= 65;
            assert_eq!(
                Demographic::WOMEN_FROM_65.takes(coded.age_band, coded.sex),
                clear
            );
            assert_eq!(
                coded.cell,
                2 * u8::from(record.procedure) + u8::from(record.death_30d)
            );
        }
    }

    #[test]
    fn a_demographic_says_who_it_is() {
        assert_eq!(Demographic::WOMEN_FROM_65.to_string(), "women, age >= 65");
        let men = Demographic {
            sex: Some(Sex::Male),
            from_band: 0,
            to_band: 0,
        };
        assert_eq!(men.to_string(), "men, 0 <= age < 50");
    }
}
