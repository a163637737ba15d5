//! The first stage, ciphertext and word that differ.
//!
//! Stages are compared in their order. Where an accumulator differs, the steps between it and the last one that agreed
//! are bisected against the golden model: the step after which the first word is wrong names the external product.

use std::fmt;

use anyhow::Result;
use goldilane_golden_model::{Stage, StageWords};
use serde::Serialize;

use super::computer::{Computer, Golden, Outcome, Trouble};
use crate::progress;
use crate::vectors::material::Material;

/// A difference between what was computed and what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Difference {
    /// Files that are not those that were described.
    Hash {
        /// Their names.
        files: Vec<String>,
    },
    /// A word.
    Word {
        /// Name of the stage.
        stage: String,
        /// Index of the ciphertext.
        ciphertext: usize,
        /// Index of the word.
        word: usize,
        /// What it should be; none past the end.
        expected: Option<String>,
        /// What it is; none past the end.
        found: Option<String>,
        /// Who is probably wrong.
        note: Option<String>,
    },
    /// The board stopped answering.
    NoCompletion {
        /// Name of the stage that was asked for.
        stage: String,
        /// What was noticed.
        reason: String,
    },
    /// The board refused the key or a lookup table.
    NotLoaded {
        /// Its answer.
        reason: String,
    },
    /// The board answered with an error.
    Refused {
        /// Name of the stage that was asked for.
        stage: String,
        /// Index of the ciphertext.
        ciphertext: usize,
        /// The error.
        reason: String,
    },
    /// All words agree, and yet the board broke a rule of its buses.
    Protocol {
        /// Which.
        complaint: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hash { files } => write!(
                f,
                "difference: SHA-256 of {}; --no-hash compares the words alone",
                files.join(", ")
            ),
            Self::Word {
                stage,
                ciphertext,
                word,
                expected,
                found,
                note,
            } => {
                let value = |value: &Option<String>| match value {
                    Some(value) => value.clone(),
                    None => "nothing (the end)".to_owned(),
                };
                write!(
                    f,
                    "difference: stage {stage}, ciphertext {ciphertext}, word {word}: expected {}, found {}",
                    value(expected),
                    value(found)
                )?;
                match note {
                    Some(note) => write!(f, "; {note}"),
                    None => Ok(()),
                }
            }
            Self::NoCompletion { stage, reason } => {
                write!(f, "difference: no completion at stage {stage}: {reason}")
            }
            Self::NotLoaded { reason } => write!(f, "difference: {reason}"),
            Self::Refused {
                stage,
                ciphertext,
                reason,
            } => write!(
                f,
                "difference: stage {stage}, ciphertext {ciphertext}: {reason}"
            ),
            Self::Protocol { complaint } => write!(f, "difference: {complaint}"),
        }
    }
}

/// The first word in which two stages differ.
fn word(
    stage: Stage,
    ciphertext: usize,
    expected: &StageWords,
    found: &StageWords,
) -> Option<Difference> {
    let hex = |value: Option<u64>| value.map(|value| format!("{value:#x}"));
    let first = expected.first_difference(found)?;
    Some(Difference::Word {
        stage: stage.to_string(),
        ciphertext,
        word: first.index,
        expected: hex(first.left),
        found: hex(first.right),
        note: None,
    })
}

/// The first ciphertext for which something else was found at a stage than expected, and how it differs.
pub fn first(material: &Material, stage: Stage, found: Vec<Outcome>) -> Option<Difference> {
    found
        .into_iter()
        .enumerate()
        .find_map(|(index, outcome)| match outcome {
            Err(reason) => Some(trouble(stage, index, reason)),
            Ok(found) => word(stage, index, material.expected(index, stage)?, &found),
        })
}

fn trouble(stage: Stage, ciphertext: usize, trouble: Trouble) -> Difference {
    let stage = stage.to_string();
    match trouble {
        Trouble::NoCompletion(reason) => Difference::NoCompletion { stage, reason },
        Trouble::Refused(reason) => Difference::Refused {
            stage,
            ciphertext,
            reason,
        },
    }
}

/// Compares all stages; the first difference.
///
/// # Errors
/// A device or key that cannot be used at all.
pub fn first_difference(
    material: &Material,
    computer: &mut dyn Computer,
) -> Result<Option<Difference>> {
    let stages = material.stages();
    let bar = progress::bar(stages.len(), "stages");
    // The accumulator that agreed last.
    let mut agreed = None;
    for stage in stages {
        let found = computer.stage(stage)?;
        for (index, outcome) in found.into_iter().enumerate() {
            let found = match outcome {
                Ok(found) => found,
                Err(reason) => return Ok(Some(trouble(stage, index, reason))),
            };
            let Some(expected) = material.expected(index, stage) else {
                continue;
            };
            if let Some(difference) = word(stage, index, expected, &found) {
                bar.finish_and_clear();
                return explain(material, computer, stage, index, &found, agreed, difference)
                    .map(Some);
            }
        }
        if let Stage::Accumulator(steps) = stage {
            agreed = Some(steps);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(None)
}

/// Says whether the device or the vectors are wrong, and after which step of blind rotation.
fn explain(
    material: &Material,
    computer: &mut dyn Computer,
    stage: Stage,
    index: usize,
    found: &StageWords,
    agreed: Option<usize>,
    difference: Difference,
) -> Result<Difference> {
    let golden = Golden::new(material)?;
    if golden.words(index, stage)? == *found {
        let text = "the golden model gives the found word too: the vectors are wrong here";
        return Ok(with_note(difference, text));
    }
    let Stage::Accumulator(wrong) = stage else {
        return Ok(difference);
    };
    let spinner = progress::spinner("bisecting the steps");
    let (mut low, mut high) = (agreed.map_or(0, |steps| steps + 1), wrong);
    let mut first = difference;
    // Steps below `low` agree, `high` differs and `first` says where.
    while low < high {
        let middle = low.midpoint(high);
        let stage = Stage::Accumulator(middle);
        match compare(&golden, computer, stage, index)? {
            None => low = middle + 1,
            Some(difference) => {
                high = middle;
                first = difference;
            }
        }
    }
    spinner.finish_and_clear();
    if wrong == 0 {
        return Ok(first);
    }
    let text = format!("step {high} of blind rotation is the first wrong one");
    Ok(with_note(first, &text))
}

fn compare(
    golden: &Golden<'_>,
    computer: &mut dyn Computer,
    stage: Stage,
    index: usize,
) -> Result<Option<Difference>> {
    let outcome: Option<Outcome> = computer.stage(stage)?.into_iter().nth(index);
    Ok(match outcome {
        None => None,
        Some(Err(reason)) => Some(trouble(stage, index, reason)),
        Some(Ok(found)) => word(stage, index, &golden.words(index, stage)?, &found),
    })
}

fn with_note(difference: Difference, text: &str) -> Difference {
    match difference {
        Difference::Word {
            stage,
            ciphertext,
            word,
            expected,
            found,
            ..
        } => Difference::Word {
            stage,
            ciphertext,
            word,
            expected,
            found,
            note: Some(text.to_owned()),
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::set::Set;
    use crate::vectors::toy;

    fn material() -> Material {
        let Ok(Set::Toy { name, parameters }) = Set::find("TOY_INSECURE_N128_n40_PBS23x1_KS4x4")
        else {
            panic!("a toy set");
        };
        toy::make(&name, parameters, 3, 4).unwrap()
    }

    /// The golden model with one word wrong from a stage on.
    struct Broken<'m> {
        golden: Golden<'m>,
        from: Stage,
        asked: Vec<Stage>,
    }

    impl Computer for Broken<'_> {
        fn stage(&mut self, stage: Stage) -> Result<Vec<Outcome>> {
            self.asked.push(stage);
            let mut all = self.golden.stage(stage)?;
            if stage >= self.from
                && let Ok(StageWords::U64(words)) = &mut all[2]
            {
                words[77] ^= 1 << 40;
            }
            Ok(all)
        }
    }

    #[test]
    fn sound_vectors_agree() {
        let material = material();
        let mut golden = Golden::new(&material).unwrap();
        assert_eq!(first_difference(&material, &mut golden).unwrap(), None);
    }

    #[test]
    fn the_first_wrong_step_is_found() {
        let material = material();
        for step in [0, 1, 2, 3, 13, 20, 21, 38, 39, 40] {
            let mut broken = Broken {
                golden: Golden::new(&material).unwrap(),
                from: Stage::Accumulator(step),
                asked: Vec::new(),
            };
            let difference = first_difference(&material, &mut broken).unwrap().unwrap();
            let Difference::Word {
                stage,
                ciphertext,
                word,
                note,
                ..
            } = difference
            else {
                panic!("{difference}");
            };
            assert_eq!(stage, format!("accumulator_{step}"));
            assert_eq!((ciphertext, word), (2, 77));
            assert_eq!(note.is_some(), step > 0);
            assert!(broken.asked.len() <= 14, "{:?}", broken.asked);
        }
    }

    #[test]
    fn the_last_stage_is_compared_too() {
        let material = material();
        let mut broken = Broken {
            golden: Golden::new(&material).unwrap(),
            from: Stage::Extract,
            asked: Vec::new(),
        };
        let difference = first_difference(&material, &mut broken).unwrap().unwrap();
        assert!(
            difference
                .to_string()
                .contains("stage extract, ciphertext 2, word 77")
        );
    }

    #[test]
    fn wrong_vectors_are_told_from_a_wrong_device() {
        let mut material = material();
        let (stage, words) = &mut material.ciphertexts[1].stages[4];
        assert_eq!(*stage, Stage::Accumulator(1));
        let StageWords::U64(words) = words else {
            panic!("an accumulator has 64-bit words");
        };
        words[5] ^= 1;
        let mut golden = Golden::new(&material).unwrap();
        let text = first_difference(&material, &mut golden)
            .unwrap()
            .unwrap()
            .to_string();
        assert!(
            text.contains("stage accumulator_1, ciphertext 1, word 5"),
            "{text}"
        );
        assert!(text.contains("the vectors are wrong here"), "{text}");
    }
}
