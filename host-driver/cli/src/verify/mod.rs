//! `goldilane verify`: does a device give the words that a folder of vectors expects?
//!
//! | module | what |
//! |---|---|
//! | [`computer`] | what computes stages: the golden model |
//! | [`device`] | a board behind the driver, by stage checkpoints |
//! | `local` | a board in this process, of the configuration that fits |
//! | [`search`] | the first stage, ciphertext and word that differ |
//! | [`user`] | a user's own tfhe key and ciphertexts in the place of vectors |

pub mod computer;
pub mod device;
#[cfg(feature = "boards")]
mod local;
pub mod search;
#[cfg(feature = "tfhe")]
mod user;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Serialize;

#[cfg(feature = "boards")]
use crate::board::ClockLimit;
use crate::board::{DeviceKind, OpenDevice, refusal};
use crate::configuration::Configuration;
use crate::output::{Output, Verdict};
use crate::vectors::folder;
use crate::vectors::material::Material;
use computer::Golden;
use device::DeviceComputer;
use search::Difference;

/// What computes the words.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verified {
    /// The golden model itself.
    Golden,
    /// A board, through the driver.
    Device(DeviceKind),
}

impl FromStr for Verified {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "golden" => Ok(Self::Golden),
            _ => text
                .parse()
                .map(Self::Device)
                .map_err(|_| format!("one of golden, {} is meant", DeviceKind::HELP)),
        }
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Golden => f.write_str("golden"),
            Self::Device(kind) => kind.fmt(f),
        }
    }
}

#[cfg(feature = "boards")]
const DEFAULT: Verified = local::RTL;
#[cfg(not(feature = "boards"))]
const DEFAULT: Verified = Verified::Golden;

/// Arguments of `verify`.
#[derive(Args)]
pub struct VerifyArguments {
    /// A folder of `goldilane vectors`, or one with server_key.bin and ciphertext_<i>.bin of tfhe.
    folder: PathBuf,
    /// What computes the words: golden (the golden model itself), or a device as `--device` of other commands takes it.
    #[arg(long, default_value_t = DEFAULT, value_name = "DEVICE")]
    device: Verified,
    /// The configuration of the board, a name or a TOML file; if not given, that of --verilog, or the smallest named one
    /// that takes the key.
    #[cfg(feature = "boards")]
    #[arg(long, value_name = "CONFIG")]
    config: Option<String>,
    /// Verilate the files of this folder (as `goldilane emit` writes them) instead of emitting them.
    #[cfg(feature = "boards")]
    #[arg(long, value_name = "DIR")]
    verilog: Option<PathBuf>,
    /// Compare the words alone, not the hashes of the files.
    #[arg(long)]
    no_hash: bool,
    #[cfg(feature = "boards")]
    #[command(flatten)]
    limit: ClockLimit,
}

#[derive(Serialize)]
struct Report<'r> {
    device: String,
    configuration: Option<&'r str>,
    set: &'r str,
    reference: &'r str,
    ciphertexts: usize,
    stages: Vec<String>,
    agrees: bool,
    difference: Option<&'r Difference>,
    /// Of the RTL alone.
    clocks: Option<u64>,
    seconds: f64,
}

/// Runs `verify`.
///
/// # Errors
/// Unusable arguments, files that cannot be read, a device that cannot be started or refuses the key.
pub fn run(arguments: &VerifyArguments, output: &Output) -> Result<Verdict> {
    #[cfg(feature = "boards")]
    local::check(arguments)?;
    let start = Instant::now();
    let (material, damaged) = read(&arguments.folder, !arguments.no_hash)?;
    let Some(material) = material else {
        let difference = Difference::Hash { files: damaged };
        output.line(format_args!("{difference}"));
        output.object(&HashReport {
            agrees: false,
            difference: &difference,
        })?;
        return Ok(Verdict::Differs);
    };
    let device = match &arguments.device {
        Verified::Golden => None,
        Verified::Device(kind) => Some(open(kind, arguments, &material)?),
    };
    let configuration = device.as_ref().map(|device| &device.configuration.name);
    let difference = match &device {
        None => search::first_difference(&material, &mut Golden::new(&material)?)?,
        Some(device) => compare(device, &material)?,
    };
    let report = Report {
        device: arguments.device.to_string(),
        configuration: configuration.map(String::as_str),
        set: &material.set,
        reference: &material.reference,
        ciphertexts: material.ciphertexts.len(),
        stages: material.stages().iter().map(ToString::to_string).collect(),
        agrees: difference.is_none(),
        difference: difference.as_ref(),
        clocks: clocks(arguments, device.as_ref()),
        seconds: start.elapsed().as_secs_f64(),
    };
    match &difference {
        None => output.line(format_args!(
            "{}: {} ciphertexts of {} agree at {} stages with {}; {:.1} s.",
            report.device,
            report.ciphertexts,
            report.set,
            report.stages.len(),
            report.reference,
            report.seconds
        )),
        Some(difference) => output.line(format_args!("{}: {difference}", report.device)),
    }
    output.object(&report)?;
    Ok(report.agrees.into())
}

/// The first difference of a board.
///
/// # Errors
/// A key that does not fit, a device that cannot be used.
pub fn compare(device: &OpenDevice, material: &Material) -> Result<Option<Difference>> {
    let difference = match DeviceComputer::load(device, material)? {
        Ok(mut computer) => search::first_difference(material, &mut computer)?,
        Err(difference) => Some(difference),
    };
    let complaint = || {
        Some(Difference::Protocol {
            complaint: device.complaint()?,
        })
    };
    Ok(difference.or_else(complaint))
}

#[derive(Serialize)]
struct HashReport<'r> {
    agrees: bool,
    difference: &'r Difference,
}

/// The vectors, or the files whose hashes are wrong.
fn read(path: &Path, hashes: bool) -> Result<(Option<Material>, Vec<String>)> {
    if folder::has_description(path) {
        let description = folder::read_description(path)?;
        if hashes {
            let damaged = folder::damaged_files(path, &description)?;
            if !damaged.is_empty() {
                return Ok((None, damaged));
            }
        }
        return Ok((Some(folder::read(path, &description)?), Vec::new()));
    }
    #[cfg(feature = "tfhe")]
    if user::has_key(path) {
        return Ok((Some(user::read(path)?), Vec::new()));
    }
    bail!(
        "verify {}: neither description.json nor server_key.bin is there",
        path.display()
    )
}

/// Vectors whose files are as they were written.
///
/// # Errors
/// Files that are not there, or damaged.
pub fn read_vectors(path: &Path) -> Result<Material> {
    let (material, damaged) = read(path, true)?;
    material.with_context(|| format!("read {}: damaged: {}", path.display(), damaged.join(", ")))
}

/// The device, if its board takes the key.
fn open(kind: &DeviceKind, arguments: &VerifyArguments, material: &Material) -> Result<OpenDevice> {
    #[cfg(feature = "boards")]
    if let DeviceKind::Local(board) = kind {
        return local::open(*board, arguments, material);
    }
    #[cfg(feature = "boards")]
    crate::board::refuse_local_options(arguments.config.as_deref(), &arguments.limit)?;
    #[cfg(not(feature = "boards"))]
    let _ = arguments;
    let device = OpenDevice::connect(kind)?;
    check_key(&device.configuration, material)?;
    Ok(device)
}

/// Clocks of the RTL in this process: nothing else has clocks worth telling.
fn clocks(arguments: &VerifyArguments, device: Option<&OpenDevice>) -> Option<u64> {
    #[cfg(feature = "boards")]
    if arguments.device == local::RTL {
        return device.map(OpenDevice::clocks);
    }
    let _ = (arguments, device);
    None
}

/// Whether a configuration takes the key.
///
/// # Errors
/// The limit that the key exceeds.
pub fn check_key(configuration: &Configuration, material: &Material) -> Result<()> {
    let p = &material.parameters;
    let key = material.key_shape();
    match refusal(
        &configuration.shape,
        p.polynomial_size,
        p.glwe_dimension,
        &key,
    ) {
        None => Ok(()),
        Some(reason) => bail!(
            "load the key of {} on {:?}: {reason}",
            material.set,
            configuration.name
        ),
    }
}
