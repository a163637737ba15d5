//! Verilog as a model that runs inside this process.
//!
//! 1. A [`Design`] is a list of Verilog files and memory images, from a folder or from memory.
//! 2. [`build`] turns it into a shared library, once for each content, set of options, tool and processor: in
//!    `target/verilated/<hash>`. `cargo build` never runs Verilator.
//! 3. [`Model`] opens the library, hands out typed port handles by name and runs clocks.
//!
//! [`lint()`] is Verilator as a linter, with a list of waivers; [`check_synthesis`] asks yosys whether it
//! takes the design, [`synthesise`] what it makes of a module.

mod build;
mod design;
mod lint;
mod model;
mod ports;
mod synthesis;
pub mod tools;

pub use build::{Built, Options, build, models_folder, prepare};
pub use design::{Design, TextFile};
pub use lint::{check_elaboration, check_synthesis, lint};
pub use model::{Input, Model, Output, Port, Start};
pub use synthesis::{Cells, Family, synthesise};

/// A failure of this module.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A tool could not be found or failed.
    #[error(transparent)]
    Tool(#[from] goldilane_cache::Error),
    /// A file name of a design is absolute, leaves its folder or has characters a command line would trip over.
    #[error(
        "design {top}: file name {name:?} must be relative, inside the folder, of letters, digits and . _ - /"
    )]
    FileName {
        /// The design.
        top: String,
        /// The name.
        name: String,
    },
    /// A design without a file list.
    #[error("design {top}: {reason}")]
    Design {
        /// The design.
        top: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Verilator's header shows a port this crate cannot handle.
    #[error("design {top}: port {declaration}: only plain vectors are handled at the top")]
    PortKind {
        /// The design.
        top: String,
        /// The port, as Verilator declares it.
        declaration: String,
    },
    /// The library cannot be opened.
    #[error("open model {path}: {reason}")]
    Open {
        /// The library.
        path: String,
        /// The loader's words.
        reason: String,
    },
    /// There is no port of this name, direction and width.
    #[error("model {top}: no {direction} {name} of {width} bits{found}")]
    NoPort {
        /// The design.
        top: String,
        /// `input` or `output`.
        direction: &'static str,
        /// The port's name.
        name: String,
        /// The width asked for.
        width: u32,
        /// What there is in its place.
        found: String,
    },
    /// A value of a wide port was given in another number of words.
    #[error("model {top}: port {name} of {width} bits was given {words} 64-bit words")]
    Words {
        /// The design.
        top: String,
        /// The port's name.
        name: String,
        /// Its width.
        width: u32,
        /// How many words came.
        words: usize,
    },
    /// The Verilog itself failed while it ran (`$fatal`, `$finish`, `$stop`, a missing memory image).
    #[error("model {top}: {message}")]
    Run {
        /// The design.
        top: String,
        /// What it said.
        message: String,
    },
    /// A trace was asked of a library that was built without.
    #[error(
        "model {top}: trace {path}: this model was built without tracing; build it with Options::trace"
    )]
    NoTrace {
        /// The design.
        top: String,
        /// The file asked for.
        path: String,
    },
    /// Verilator's linter or yosys found something that no waiver covers.
    #[error("check {top}:\n{report}")]
    Lint {
        /// The design.
        top: String,
        /// What it printed.
        report: String,
    },
}
