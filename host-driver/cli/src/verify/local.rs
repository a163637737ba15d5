//! A board in this process for vectors.

use anyhow::{Result, bail};
use goldilane_abi::shape::CONFIGURATION_NAMES;

use super::{Verified, VerifyArguments, check_key};
use crate::board::{BoardKind, DeviceKind, OpenDevice, clock_limit, refusal};
use crate::configuration::{self, Configuration};
use crate::output::BadArgument;
use crate::simulator::{self, Simulation};
use crate::vectors::material::Material;

/// The Verilated hardware.
pub const RTL: Verified = Verified::Device(DeviceKind::Local(BoardKind::Rtl));

/// Options that need the hardware.
///
/// # Errors
/// [`BadArgument`].
pub fn check(arguments: &VerifyArguments) -> Result<()> {
    if arguments.verilog.is_some() && arguments.device != RTL {
        return Err(BadArgument("--verilog needs --device rtl".to_owned()).into());
    }
    Ok(())
}

/// Starts a board that takes the key.
///
/// # Errors
/// No such configuration, a key that does not fit, a simulator that cannot be built.
pub fn open(
    board: BoardKind,
    arguments: &VerifyArguments,
    material: &Material,
) -> Result<OpenDevice> {
    let configuration = match &arguments.config {
        Some(name) => configuration::find(name)?,
        None => match &arguments.verilog {
            Some(folder) => simulator::configuration_of(folder)?,
            None => smallest(material)?,
        },
    };
    check_key(&configuration, material)?;
    let limit = || {
        clock_limit(
            &configuration.shape,
            material.key_shape().lwe_dimension.into(),
        )
    };
    let simulation = Simulation {
        verilog: arguments.verilog.as_deref(),
        wave: None,
        clock_limit: Some(arguments.limit.clock_limit.unwrap_or_else(limit)),
        memory: None,
    };
    OpenDevice::start(board, configuration, simulation)
}

/// The smallest named configuration that takes the key.
fn smallest(material: &Material) -> Result<Configuration> {
    let p = &material.parameters;
    let key = material.key_shape();
    for name in CONFIGURATION_NAMES {
        let configuration = configuration::find(name)?;
        let shape = &configuration.shape;
        if refusal(shape, p.polynomial_size, p.glwe_dimension, &key).is_none() {
            return Ok(configuration);
        }
    }
    bail!(
        "no named configuration takes the key of {}: N = {}, k = {}, l = {}; give one with --config",
        material.set,
        p.polynomial_size,
        p.glwe_dimension,
        p.pbs.levels()
    )
}
