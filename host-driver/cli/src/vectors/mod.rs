//! `goldilane vectors`: inputs, keys and the words at every checkpoint, in a plain documented format.
//!
//! Sets that begin with `TOY_INSECURE_` are made by the golden model; those of tfhe by tfhe itself ([`full`]), so that
//! nothing of ours takes part in the expected words.

pub mod description;
pub mod folder;
#[cfg(feature = "tfhe")]
pub mod full;
pub mod material;
pub mod set;
pub mod toy;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::output::{BadArgument, Output, Verdict};
use crate::progress;
use material::Material;
use set::Set;

/// Arguments of `vectors`.
#[derive(Args)]
pub struct VectorsArguments {
    /// A constant of tfhe, or TOY_INSECURE_N<N>[_K<k>]_n<n>_PBS<base log>x<levels>_KS<base log>x<levels>.
    #[arg(long)]
    set: String,
    /// Keys, ciphertexts and tables come from this number.
    #[arg(long)]
    seed: u64,
    /// A folder that does not exist yet, or is empty.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many ciphertexts.
    #[arg(long, default_value_t = 4, value_name = "COUNT")]
    ciphertexts: usize,
}

#[derive(Serialize)]
struct Written {
    set: String,
    seed: u64,
    reference: String,
    ciphertexts: usize,
    files: usize,
    bytes: u64,
    folder: String,
}

/// Runs `vectors`.
///
/// # Errors
/// An unknown set, a folder that is not empty or cannot be written.
pub fn run(arguments: &VectorsArguments, output: &Output) -> Result<Verdict> {
    let set = Set::find(&arguments.set)?;
    if !(1..=1000).contains(&arguments.ciphertexts) {
        let count = arguments.ciphertexts;
        return Err(
            BadArgument(format!("--ciphertexts {count}: from 1 to 1000 is possible")).into(),
        );
    }
    folder::check_empty(&arguments.out)?;
    let spinner = progress::spinner("vectors");
    let material = make(&set, arguments.seed, arguments.ciphertexts)?;
    let (files, bytes) = folder::write(&arguments.out, &material)?;
    spinner.finish_and_clear();
    let written = Written {
        set: material.set,
        seed: arguments.seed,
        reference: material.reference,
        ciphertexts: arguments.ciphertexts,
        files,
        bytes,
        folder: arguments.out.display().to_string(),
    };
    output.line(format_args!(
        "{}: {} files, {:.1} MiB, {} ciphertexts of {}, words by {}.\nThe secret key follows from the seed: for tests only.",
        written.folder,
        written.files,
        written.bytes as f64 / f64::from(1 << 20),
        written.ciphertexts,
        written.set,
        written.reference
    ));
    output.object(&written)?;
    Ok(Verdict::Agrees)
}

/// Key, tables, inputs, and the words of all stages.
///
/// # Errors
/// Parameters that the golden model refuses.
pub fn make(set: &Set, seed: u64, ciphertexts: usize) -> Result<Material> {
    match set {
        Set::Toy { name, parameters } => toy::make(name, *parameters, seed, ciphertexts),
        #[cfg(feature = "tfhe")]
        Set::Full(full) => full::make(*full, seed, ciphertexts),
    }
}

/// Key, tables and inputs of a set; no words of the stages.
///
/// # Errors
/// Parameters that the golden model refuses.
#[cfg(feature = "boards")]
pub fn without_stages(set: &Set, seed: u64, ciphertexts: usize) -> Result<Material> {
    match set {
        Set::Toy { name, parameters } => toy::without_stages(name, *parameters, seed, ciphertexts),
        #[cfg(feature = "tfhe")]
        Set::Full(full) => Ok(full::without_stages(*full, seed, ciphertexts)?.0),
    }
}
