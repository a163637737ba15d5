//! Word for word: what the boards gave, against the golden model and against tfhe.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use goldilane_driver_tfhe::ImportedKey;
use goldilane_driver_tfhe::reference::TfheReference;
use goldilane_golden_model::{Stage, StageWords, bootstrap};

use super::record::Recording;
use super::replay::Replay;
use crate::progress::{self, Bar};

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

/// What a bootstrap should give.
struct Right {
    golden: Vec<u64>,
    tfhe: StageWords,
}

/// The recorded jobs done anew by the golden model and by tfhe, by as many threads as care to [`Check::work`].
pub struct Check<'a> {
    key: &'a ImportedKey,
    reference: &'a TfheReference,
    recording: &'a Recording,
    next: AtomicUsize,
    right: Vec<OnceLock<Result<Right>>>,
    bar: Bar,
}

impl<'a> Check<'a> {
    /// Nothing is done yet.
    pub fn new(
        key: &'a ImportedKey,
        reference: &'a TfheReference,
        recording: &'a Recording,
    ) -> Self {
        let jobs = recording.jobs.len();
        Self {
            key,
            reference,
            recording,
            next: AtomicUsize::new(0),
            right: (0..jobs).map(|_| OnceLock::new()).collect(),
            bar: progress::bar(jobs, "golden model and tfhe"),
        }
    }

    /// Takes jobs until none is left.
    pub fn work(&self) {
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(right) = self.right.get(index) else {
                return;
            };
            right.get_or_init(|| self.job(index));
            self.bar.inc(1);
        }
    }

    fn job(&self, index: usize) -> Result<Right> {
        let job = self.recording.golden_job(index);
        let golden = bootstrap(&self.key.key, job)
            .with_context(|| format!("bootstrap {index} in the golden model"))?
            .concat();
        let tfhe = self.reference.checkpoint(job, Stage::Extract);
        Ok(Right { golden, tfhe })
    }

    /// Compares everything; all jobs must have been worked off.
    ///
    /// # Errors
    /// A job that the golden model refuses.
    pub fn mismatches(self, replay: Option<&Replay>) -> Result<Mismatches> {
        self.bar.finish_and_clear();
        let mut sum = Mismatches::default();
        for (index, right) in self.right.into_iter().enumerate() {
            let right = right
                .into_inner()
                .with_context(|| format!("bootstrap {index} was not compared"))??;
            let model = &self.recording.jobs[index].output;
            let device = replay.and_then(|replay| replay.outputs.get(index));
            let wrong =
                |words: &[u64]| *model != words || device.is_some_and(|device| *device != words);
            sum.golden += usize::from(wrong(&right.golden));
            sum.tfhe += usize::from(match &right.tfhe {
                StageWords::U64(words) => wrong(words),
                StageWords::U16(_) | StageWords::U32(_) => true,
            });
            sum.model += usize::from(device.is_some_and(|device| device != model));
        }
        Ok(sum)
    }
}
