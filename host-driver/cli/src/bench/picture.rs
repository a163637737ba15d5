//! A full batch among others, clock by clock: what [`crate::timeline`] draws for the page.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use goldilane_hdl::emit;

use super::METHOD;
use super::measure::Bench;
use super::plan::toy_set;
use super::row::{Case, Started};
use crate::configuration::Configuration;
use crate::kept::{Kept, verilog_hash};
use crate::timeline::{self, Timeline};

/// n of the batch: enough steps that the loop runs full between its beginning and its end, few enough that a pixel is few
/// clocks.
const STEPS: u32 = 24;

/// Batches in the window that is drawn in part: while the first one runs, the words of another come in.
const BATCHES: usize = 2;

/// Draws a full batch among others, from the completion of the one before on.
pub struct Picture<'a> {
    pub configuration: &'a Configuration,
    pub memory: &'a str,
}

impl Picture<'_> {
    /// The parameter set of the batch.
    fn set(&self) -> String {
        let shape = &self.configuration.shape;
        toy_set(shape.polynomial_size, shape.glwe_dimension, STEPS, 1)
    }

    /// What the picture shows, for its title.
    pub fn title(&self) -> String {
        format!(
            "{}: a full batch of {} behind another, under {}, board memory {}",
            self.configuration.name,
            self.configuration.shape.slots,
            self.set(),
            self.memory
        )
    }

    /// Measured, or known from before. The trace stands in `aside` meanwhile.
    ///
    /// # Errors
    /// A board that cannot be built or fails, words that are not the golden model's, a trace that cannot be written.
    pub fn timeline(&self, kept: &Kept, aside: &Path) -> Result<Timeline> {
        let set = self.set();
        let (_, files) = emit::design(self.configuration)?;
        let (toml, verilog) = (self.configuration.to_toml(), verilog_hash(&files));
        let key = [METHOD, "timeline", &set, self.memory, &toml, &verilog];
        kept.or_measure(&key, || {
            let measured = self.trace(&set, aside);
            // Not there, where the work ended before the window.
            let _ = fs::remove_file(aside);
            measured
        })
    }

    /// The batches run twice: their clocks are known after the first time. (To some clocks: a traced board runs slower, so
    /// that the driver looks at it at other clocks.)
    fn trace(&self, set: &str, aside: &Path) -> Result<Timeline> {
        let name = &self.configuration.name;
        let case = Case {
            name,
            configuration: self.configuration,
            set,
            memory: self.memory,
        };
        let slots = self.configuration.shape.slots as usize;
        let run = |wave| {
            let Started { material, device } = case.start(wave)?;
            let window = Bench::new(&device, &material)?.window(slots, BATCHES)?;
            ensure!(window.bit_exact, "other words than the golden model's");
            anyhow::Ok(window.span)
        };
        let (from, end) = run(None)?;
        let to = from + (end - from) / BATCHES as u64;
        run(Some(timeline::wave((from, to), aside.to_owned())))?;
        let top = format!("goldilane_{name}");
        timeline::read(aside, &top, self.configuration.shape.rows())
    }
}
