//! A self-checking testbench of the emitted Verilog, in SystemVerilog: needs a simulator and nothing of this project.
//!
//! `tb_goldilane.sv` holds three modules:
//!
//! | module | what it does |
//! |---|---|
//! | `tb_external_product` | one external product: digits in, key rows as they are asked for, words compared row by row |
//! | `tb_bootstrap_core` | one bootstrap with a key of n = 4: input words, line server, results compared at four checkpoints |
//! | `tb_goldilane` | both at once; prints `PASS` and finishes when both have passed |
//!
//! The first word that differs is named, and `$fatal` ends the run; so does a limit of clocks. What goes in and what is
//! expected stand in `tb_*.hex`, one number a line, made by the golden model from a toy key of a fixed seed: the same
//! shape gives the same bytes. From the folder of the emitted files:
//!
//! ```text
//! verilator --binary --timing -f files.f tb_goldilane.sv --top-module tb_goldilane
//! ./obj_dir/Vtb_goldilane
//! ```
//!
//! Either of the first two modules can be the top by itself.

mod bootstrap;
mod image;
mod material;
mod product;
mod template;

use crate::bootstrap::core::bootstrap_core;
use crate::netlist::EmittedFile;
use crate::pipeline::BuildError;
use goldilane_abi::{Shape, ShapeError};
use material::Material;

/// The testbench's file, and its top module.
pub const FILE: &str = "tb_goldilane.sv";
/// The top module of [`FILE`].
pub const TOP: &str = "tb_goldilane";

/// Why there is no testbench.
#[derive(Debug, thiserror::Error)]
pub enum TestbenchError {
    /// The shape cannot be built.
    #[error("testbench: {0}")]
    Shape(#[from] ShapeError),
    /// The golden model refuses the key of the testbench.
    #[error("testbench: golden model: {0}")]
    Golden(#[from] goldilane_golden_model::Error),
    /// A module that it would drive cannot be built.
    #[error("testbench: {0}")]
    Build(#[from] BuildError),
}

/// The testbench of a shape: one SystemVerilog file and its memory images, names without a folder.
///
/// # Errors
/// A shape outside the limits.
pub fn testbench(shape: &Shape) -> Result<Vec<EmittedFile>, TestbenchError> {
    shape.check()?;
    let material = Material::new(shape)?;
    let core = bootstrap_core(shape)?;
    let product = product::testbench(shape, &material)?;
    let bootstrap = bootstrap::testbench(shape, &material, &core)?;
    let text = template::fill(
        include_str!("tb_goldilane.sv"),
        &[
            ("LANES", shape.lanes.to_string()),
            ("SIZE", shape.polynomial_size.to_string()),
            ("PRODUCT", product.text),
            ("BOOTSTRAP", bootstrap.text),
        ],
    );
    let mut files = vec![EmittedFile {
        name: FILE.to_owned(),
        text,
    }];
    files.extend(product.images);
    files.extend(bootstrap.images);
    Ok(files)
}

/// One module of the testbench and what it reads.
struct Part {
    text: String,
    images: Vec<EmittedFile>,
}
