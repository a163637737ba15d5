//! The hardware in Verilator: the whole board behind the trait [`crate::Board`], and single blocks against their native
//! simulation.
//!
//! [`RtlBoard`] joins the Verilated top with the bus models of [`crate::axi`]; [`compare_modules`] runs blocks twice.

mod board;
mod compare;
mod options;
mod pins;
mod side;

pub use board::{Failure, RtlBoard};
pub use compare::{Difference, compare_modules};
pub use options::{RtlOptions, Wave};

use crate::verilator::{self, Design, TextFile};
use goldilane_hdl::netlist::EmittedFile;

/// A failure to build or open a model.
#[derive(Debug, thiserror::Error)]
pub enum RtlError {
    /// The Verilog could not be built or opened, or its ports are not those of a board.
    #[error(transparent)]
    Verilator(#[from] verilator::Error),
    /// Native simulation and Verilog differ.
    #[error(transparent)]
    Difference(#[from] Box<Difference>),
    /// A wave window that ends before it begins.
    #[error("wave window {from}:{to}: the end must lie behind the beginning")]
    Window {
        /// First clock.
        from: u64,
        /// Clock behind the last.
        to: u64,
    },
}

/// The design that an emitted file list makes: `.v` files are sources, the others memory images.
pub fn design(top: &str, clock: Option<&str>, files: &[EmittedFile]) -> Design {
    let pick = |verilog: bool| {
        files
            .iter()
            .filter(|file| file.name.ends_with(".v") == verilog)
            .map(|file| TextFile {
                name: file.name.clone(),
                text: file.text.clone(),
            })
            .collect()
    };
    Design {
        top: top.to_owned(),
        clock: clock.map(str::to_owned),
        sources: pick(true),
        data: pick(false),
    }
}
