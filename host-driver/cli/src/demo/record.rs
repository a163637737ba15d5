//! Every bootstrap of a query, with its words in and out.

use goldilane_driver_tfhe::{
    Bootstrapper, DeviceBootstrapper, ImportedKey, LookupTable, Request, Result,
};
use goldilane_golden_model::Job;
use tfhe::shortint::Ciphertext;

use crate::progress::{self, Bar};

/// Bootstraps between two steps of the progress bar.
const CHUNK: usize = 16;

/// One bootstrap that a board did.
pub struct RecordedJob {
    /// Words in.
    pub input: Vec<u64>,
    /// Which of [`Recording::tables`].
    pub table: usize,
    /// Words out.
    pub output: Vec<u64>,
}

/// All bootstraps of a query.
#[derive(Default)]
pub struct Recording {
    /// The lookup tables that were used.
    pub tables: Vec<LookupTable>,
    /// The jobs in the order in which the board did them.
    pub jobs: Vec<RecordedJob>,
}

/// A bootstrapper on a board that remembers what passes.
pub struct Recorder<'k> {
    board: DeviceBootstrapper<'k>,
    recording: Recording,
    bar: Bar,
}

impl<'k> Recorder<'k> {
    /// Remembers what passes `board`.
    pub fn new(board: DeviceBootstrapper<'k>) -> Self {
        Self {
            board,
            recording: Recording::default(),
            bar: progress::bar(0, "query on the model board"),
        }
    }

    /// What passed.
    pub fn finish(self) -> Recording {
        self.bar.finish_and_clear();
        self.recording
    }
}

impl Recording {
    /// A job as the golden model takes it.
    pub fn golden_job(&self, index: usize) -> Job<'_> {
        let job = &self.jobs[index];
        Job {
            lwe: &job.input,
            lut: self.tables[job.table].words(),
            degrees: &[0],
        }
    }

    fn table_index(&mut self, table: &LookupTable) -> usize {
        match self.tables.iter().position(|known| known == table) {
            Some(index) => index,
            None => {
                self.tables.push(table.clone());
                self.tables.len() - 1
            }
        }
    }
}

impl Bootstrapper for Recorder<'_> {
    fn key(&self) -> &ImportedKey {
        self.board.key()
    }

    fn bootstrap(&mut self, requests: &[Request<'_>]) -> Result<Vec<Ciphertext>> {
        self.bar.inc_length(requests.len() as u64);
        let mut all = Vec::with_capacity(requests.len());
        for chunk in requests.chunks(CHUNK) {
            let results = self.board.bootstrap(chunk)?;
            for (request, result) in chunk.iter().zip(&results) {
                let table = self.recording.table_index(request.table);
                self.recording.jobs.push(RecordedJob {
                    input: request.input.ct.as_ref().to_vec(),
                    table,
                    output: result.ct.as_ref().to_vec(),
                });
            }
            self.bar.inc(chunk.len() as u64);
            all.extend(results);
        }
        Ok(all)
    }
}
