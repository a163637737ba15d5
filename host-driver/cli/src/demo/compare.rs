//! Word for word: what the boards gave, against the golden model and against tfhe.

use anyhow::{Context, Result};
use goldilane_driver_tfhe::ImportedKey;
use goldilane_driver_tfhe::reference::TfheReference;
use goldilane_golden_model::{Stage, StageWords, bootstrap};
use rayon::prelude::*;

use super::record::Recorder;
use super::replay::Replay;
use crate::progress;

/// Bootstraps with at least one wrong word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mismatches {
    /// Boards against the golden model.
    pub golden: usize,
    /// Boards against tfhe.
    pub tfhe: usize,
    /// The device against the model board.
    pub model: usize,
}

/// Compares all recorded jobs and the replayed ones.
///
/// # Errors
/// A job that the golden model refuses.
pub fn compare(
    key: &ImportedKey,
    reference: &TfheReference,
    recorder: &Recorder<'_>,
    replay: Option<&Replay>,
) -> Result<Mismatches> {
    let jobs = recorder.jobs();
    let bar = progress::bar(2 * jobs.len(), "golden model and tfhe");
    let found = (0..jobs.len())
        .into_par_iter()
        .map(|index| {
            let job = recorder.golden_job(index);
            let golden = bootstrap(&key.key, job)
                .with_context(|| format!("bootstrap {index} in the golden model"))?
                .concat();
            bar.inc(1);
            let tfhe = reference.checkpoint(job, Stage::Extract);
            bar.inc(1);
            let model = &jobs[index].output;
            let device = replay.and_then(|replay| replay.outputs.get(index));
            let wrong =
                |words: &[u64]| *model != words || device.is_some_and(|device| *device != words);
            let wrong_tfhe = match &tfhe {
                StageWords::U64(words) => wrong(words),
                StageWords::U16(_) | StageWords::U32(_) => true,
            };
            Ok(Mismatches {
                golden: usize::from(wrong(&golden)),
                tfhe: usize::from(wrong_tfhe),
                model: usize::from(device.is_some_and(|device| device != model)),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    bar.finish_and_clear();
    Ok(found
        .iter()
        .fold(Mismatches::default(), |sum, one| Mismatches {
            golden: sum.golden + one.golden,
            tfhe: sum.tfhe + one.tfhe,
            model: sum.model + one.model,
        }))
}
