//! Finished blocks: modules with the ranges and time labels of their ports.

use super::pipe::Pipe;
use super::value::{Format, Value};
use super::word::{Clock, Word, width_of};
use crate::netlist::{Builder, Depth, Module, NetlistError};
use std::collections::HashMap;
use std::sync::Arc;

/// Why a block could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The netlist is not sound.
    #[error(transparent)]
    Netlist(#[from] NetlistError),
    /// A path breaks the depth rule.
    #[error("{module}: the path to {end} is too deep: {depth:?}")]
    TooDeep {
        /// The module.
        module: String,
        /// Where the path ends.
        end: String,
        /// What stands on it.
        depth: Depth,
    },
    /// More than three rows would have to be added in one clock.
    #[error("{what}: {rows} rows in one sum")]
    TooManyRows {
        /// What was summed.
        what: &'static str,
        /// Rows counted.
        rows: usize,
    },
    /// No constant in the free columns makes up for the tracked offset.
    #[error("{what}: no constant fits the free columns")]
    NoConstant {
        /// What was summed.
        what: &'static str,
    },
    /// The configuration is outside what the transform is made for.
    #[error("transform configuration: {0}")]
    Configuration(String),
}

/// A port: its range and its time label.
#[derive(Clone, Debug)]
pub struct Port {
    /// Name.
    pub name: String,
    /// Largest value.
    pub max: u128,
    /// Clock of row 0, in the module's own count.
    pub clock: Clock,
}

/// A module together with what a pipeline around it must know.
#[derive(Clone, Debug)]
pub struct Block {
    module: Arc<Module>,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
}

/// Builds a block: `body` describes the pipeline.
///
/// # Errors
/// Those of `body`, an unsound netlist, or a path that breaks the depth rule.
pub fn build<T>(
    name: &str,
    doc: &str,
    body: impl for<'b> FnOnce(&Pipe<'b>) -> Result<T, BuildError>,
) -> Result<(Block, T), BuildError> {
    let builder = Builder::new(name, doc);
    let (inputs, outputs, extra) = {
        let pipe = Pipe::new(&builder);
        let extra = body(&pipe)?;
        (pipe.inputs.take(), pipe.outputs.take(), extra)
    };
    let module = builder.finish()?;
    if let Some(v) = module.depth_report().violations.first() {
        return Err(BuildError::TooDeep {
            module: name.to_owned(),
            end: v.end.clone(),
            depth: v.depth,
        });
    }
    let block = Block {
        module,
        inputs,
        outputs,
    };
    Ok((block, extra))
}

impl Block {
    /// The module.
    pub fn module(&self) -> &Arc<Module> {
        &self.module
    }

    /// Input ports.
    pub fn inputs(&self) -> &[Port] {
        &self.inputs
    }

    /// Output ports.
    pub fn outputs(&self) -> &[Port] {
        &self.outputs
    }

    /// Time label of the output `name`, in the count in which row 0 of the inputs comes in 0.
    pub fn clock_of(&self, name: &str) -> Option<Clock> {
        self.outputs
            .iter()
            .find(|p| p.name == name)
            .map(|p| p.clock)
    }
}

/// What is connected to the inputs of an instance.
#[derive(Default)]
pub struct Connections<'b> {
    words: Vec<(String, Word<'b>)>,
}

impl<'b> Connections<'b> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Connects a word.
    #[must_use]
    pub fn word(mut self, port: &str, word: Word<'b>) -> Self {
        self.words.push((port.to_owned(), word));
        self
    }

    /// Connects the limbs of a value.
    #[must_use]
    pub fn value(mut self, port: &str, value: &Value<'b>) -> Self {
        for (i, (word, _)) in value.limbs.iter().enumerate() {
            self.words.push((format!("{port}_{i}"), *word));
        }
        self
    }
}

/// The outputs of an instance, in the clocks of the pipeline around it.
pub struct Outputs<'b> {
    words: HashMap<String, Word<'b>>,
}

impl<'b> Outputs<'b> {
    /// The output `port`.
    ///
    /// # Panics
    /// If there is none: an error of the generator.
    pub fn word(&self, port: &str) -> Word<'b> {
        *self
            .words
            .get(port)
            .unwrap_or_else(|| panic!("no output {port}"))
    }

    /// The value at the outputs `port_0 ..`.
    pub fn value(&self, port: &str, format: &Format) -> Value<'b> {
        let limb =
            |(i, (column, _)): (usize, &(u32, u128))| (self.word(&format!("{port}_{i}")), *column);
        Value {
            limbs: format.limbs.iter().enumerate().map(limb).collect(),
            offset: format.offset,
        }
    }
}

impl<'b> Pipe<'b> {
    /// Instantiates `block`. What comes early is delayed until all ports agree.
    ///
    /// # Panics
    /// If a port is missing or a value may exceed its range: errors of the generator.
    pub fn instance(&self, block: &Block, name: &str, given: Connections<'b>) -> Outputs<'b> {
        let port = |wanted: &str| {
            let found = block.inputs.iter().find(|p| p.name == wanted);
            found.unwrap_or_else(|| panic!("{} has no input {wanted}", block.module.name()))
        };
        let base = given
            .words
            .iter()
            .map(|(n, w)| w.clock() - port(n).clock)
            .max()
            .unwrap_or(0);
        let connect = |(n, w): &(String, Word<'b>)| {
            let p = port(n);
            assert!(
                w.max() <= p.max,
                "{name}.{n}: {:#x} into {:#x}",
                w.max(),
                p.max
            );
            let sig = self.delay(*w, base + p.clock).sig();
            (n.clone(), sig.resize(width_of(p.max)))
        };
        let signals: Vec<_> = given.words.iter().map(connect).collect();
        let by_name: Vec<_> = signals.iter().map(|(n, s)| (n.as_str(), *s)).collect();
        let instance = self.builder().instance(&block.module, name, &by_name);
        let words = block
            .outputs
            .iter()
            .map(|p| {
                let word = Word::new(instance.get(&p.name), p.max, base + p.clock);
                (p.name.clone(), word)
            })
            .collect();
        Outputs { words }
    }
}
