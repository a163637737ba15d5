//! `goldilane selftest`: does a board compute right?
//!
//! First the way there and back (no-op, loopback), then the board's own self-test, then known answers: bootstraps under a
//! deterministic toy key of the board's N and k, compared stage by stage with the golden model.

use anyhow::Result;
use clap::Args;
use comfy_table::{Table, presets};
use goldilane_abi::Shape;
use goldilane_golden_model::{Decomposition, KeySwitchWidth, ModulusSwitchKind, Parameters};
use serde::Serialize;

use crate::board::{BoardArguments, OpenDevice};
use crate::output::{Output, Verdict};
use crate::vectors::material::Material;
use crate::vectors::toy;
use crate::verify::computer::Computer;
use crate::verify::device::DeviceComputer;
use crate::verify::search;

/// Steps of the known-answer bootstraps.
const LWE_DIMENSION: usize = 4;
/// Bits that the bootstrap decomposition keeps.
const PBS_BITS: usize = 36;
const SEED: u64 = 0x601d;
const LOOPBACK_BYTES: usize = 4096 + 64;

/// Arguments of `selftest`.
#[derive(Args)]
pub struct SelftestArguments {
    #[command(flatten)]
    board: BoardArguments,
}

#[derive(Serialize)]
struct Part {
    part: String,
    passed: bool,
    detail: Option<String>,
}

#[derive(Serialize)]
struct Report {
    device: String,
    configuration: String,
    passed: bool,
    parts: Vec<Part>,
}

/// Runs `selftest`.
///
/// # Errors
/// A device that cannot be opened; what it does wrong is a verdict.
pub fn run(arguments: &SelftestArguments, output: &Output) -> Result<Verdict> {
    let device = OpenDevice::open(&arguments.board)?;
    let mut parts = Vec::new();
    let mut check = |part: &str, failure: Option<String>| {
        parts.push(Part {
            part: part.to_owned(),
            passed: failure.is_none(),
            detail: failure,
        });
    };
    let mut session = device.session()?;
    let text = |error: goldilane_driver::Error| error.to_string();
    check("no-op", session.no_op().err().map(text));
    let bytes: Vec<u8> = (0..LOOPBACK_BYTES)
        .map(|index| (index * 151 + (index >> 8)) as u8)
        .collect();
    check(
        "loopback",
        match session.loopback(&bytes) {
            Ok(back) if back == bytes => None,
            Ok(_) => Some("other bytes came back".to_owned()),
            Err(error) => Some(text(error)),
        },
    );
    check("the board's own", session.self_test().err().map(text));
    drop(session);

    let material = material(&device.configuration.shape)?;
    known_answers(&device, &material, &mut check)?;
    if let Some(complaint) = device.complaint() {
        check("bus rules", Some(complaint));
    }
    let report = Report {
        device: device.kind.to_string(),
        configuration: device.configuration.name.clone(),
        passed: parts.iter().all(|part| part.passed),
        parts,
    };
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED);
    for part in &report.parts {
        let verdict = if part.passed { "passed" } else { "FAILED" };
        table.add_row([&part.part, verdict, part.detail.as_deref().unwrap_or("")]);
    }
    output.line(table);
    output.object(&report)?;
    Ok(report.passed.into())
}

/// Every stage of a full batch; after the first wrong one the others say nothing.
fn known_answers(
    device: &OpenDevice,
    material: &Material,
    check: &mut dyn FnMut(&str, Option<String>),
) -> Result<()> {
    let mut computer = match DeviceComputer::new(device, material) {
        Ok(computer) => computer,
        Err(error) => {
            check("load key and lookup tables", Some(format!("{error:#}")));
            return Ok(());
        }
    };
    check("load key and lookup tables", None);
    for stage in material.stages() {
        let difference = search::first(material, stage, computer.stage(stage)?);
        let failed = difference.is_some();
        check(
            &stage.to_string(),
            difference.map(|difference| difference.to_string()),
        );
        if failed {
            break;
        }
    }
    Ok(())
}

/// A full batch under a toy key that the board takes.
///
/// # Errors
/// A shape that no key fits.
pub fn material(shape: &Shape) -> Result<Material> {
    let count = shape.slots as usize;
    toy::make("TOY_INSECURE_SELFTEST", parameters(shape)?, SEED, count)
}

/// A toy set with the board's N and k, all its levels, and a short key.
fn parameters(shape: &Shape) -> Result<Parameters> {
    let levels = shape.max_pbs_levels as usize;
    let base_log = (PBS_BITS / levels).clamp(1, shape.max_pbs_base_log as usize);
    Ok(Parameters {
        lwe_dimension: LWE_DIMENSION.min(shape.max_lwe_dimension as usize),
        glwe_dimension: shape.glwe_dimension as usize,
        polynomial_size: shape.polynomial_size as usize,
        pbs: Decomposition::new(base_log, levels)?,
        key_switch: Decomposition::new(4, 4)?,
        key_switch_width: KeySwitchWidth::Bits32,
        modulus_switch: ModulusSwitchKind::Centered,
    })
}
