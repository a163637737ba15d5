//! Stages of a board, asked for by descriptors through the driver, as a physical board would be.

use anyhow::{Context, Result};
use goldilane_driver::{
    Checkpoint, CheckpointWords, Error, KeyHandle, Lut, LutHandle, NaturalKey, Request, Session,
};
use goldilane_golden_model::key::prepare_bsk_natural;
use goldilane_golden_model::{Stage, StageWords};

use super::computer::{Computer, Outcome, Trouble};
use super::search::Difference;
use crate::board::OpenDevice;
use crate::progress;
use crate::vectors::material::Material;

/// Name of the stage at which key and lookup tables go to the board.
const LOAD: &str = "load";

/// A board with the key and the tables of a [`Material`] on it.
pub struct DeviceComputer<'m> {
    device: &'m OpenDevice,
    session: Session,
    material: &'m Material,
    key: KeyHandle,
    luts: Vec<LutHandle>,
}

/// Loads the key of a [`Material`], with a progress bar.
///
/// # Errors
/// A key that does not fit, a device that fails or refuses.
pub fn load_key(session: &mut Session, material: &Material) -> Result<KeyHandle> {
    let bsk = prepare_bsk_natural(&material.parameters, &material.bsk)
        .context("prepare the bootstrapping key")?;
    let mut source = NaturalKey {
        shape: material.key_shape(),
        bsk: &bsk,
        ksk: &material.ksk,
    };
    let bar = progress::bar(0, "key to the device");
    let key = session
        .load_key(&mut source, &mut |loaded| {
            bar.set_length(loaded.total.into());
            bar.set_position(loaded.pieces.into());
        })
        .with_context(|| format!("load the key of {}", material.set))?;
    bar.finish_and_clear();
    Ok(key)
}

/// Loads the tables of a [`Material`].
///
/// # Errors
/// A device that fails or refuses.
pub fn load_luts(session: &mut Session, material: &Material) -> Result<Vec<LutHandle>> {
    let mask = material.parameters.big_lwe_dimension();
    let load = |(index, words): (usize, &Vec<u64>)| {
        let plain = words[..mask].iter().all(|word| *word == 0);
        let lut = if plain {
            Lut::Plain(&words[mask..])
        } else {
            Lut::Encrypted(words)
        };
        let loaded = session.load_lut(lut);
        loaded.with_context(|| format!("load lookup table {index}"))
    };
    material.luts.iter().enumerate().map(load).collect()
}

/// Asks for the bootstrap of ciphertext `index` of a [`Material`] with the loaded tables.
pub fn request<'m>(material: &'m Material, luts: &[LutHandle], index: usize) -> Request<'m> {
    let input = &material.ciphertexts[index].input;
    Request {
        input: &input.words,
        lut: luts[input.lut],
        degrees: input.degrees.len() as u16,
        stride: input.stride as u16,
    }
}

impl<'m> DeviceComputer<'m> {
    /// Loads key and tables; a difference where the board does not take them, as it should.
    ///
    /// # Errors
    /// A key that does not fit, a device that cannot be used.
    pub fn load(
        device: &'m OpenDevice,
        material: &'m Material,
    ) -> Result<std::result::Result<Self, Difference>> {
        Self::new(device, material).map(Ok).or_else(|failure| {
            let hung = device.hung();
            match failure.downcast_ref() {
                Some(Error::Board { .. } | Error::UnknownCode { .. } | Error::Pair { .. })
                    if !hung =>
                {
                    let reason = format!("{failure:#}");
                    Ok(Err(Difference::NotLoaded { reason }))
                }
                Some(error) if hung || matches!(error, Error::TimedOut { .. }) => {
                    Ok(Err(Difference::NoCompletion {
                        stage: LOAD.to_owned(),
                        reason: format!("{failure:#}"),
                    }))
                }
                _ => Err(failure),
            }
        })
    }

    /// As [`DeviceComputer::load`], everything an error.
    ///
    /// # Errors
    /// A key that does not fit, a device that fails or refuses.
    pub fn new(device: &'m OpenDevice, material: &'m Material) -> Result<Self> {
        let mut session = device.session()?;
        let key = load_key(&mut session, material)?;
        let luts = load_luts(&mut session, material)?;
        Ok(Self {
            device,
            session,
            material,
            key,
            luts,
        })
    }

    fn trouble(&self, error: &Error) -> Trouble {
        let hung = self.device.hung() || matches!(error, Error::TimedOut { .. });
        if hung {
            Trouble::NoCompletion(error.to_string())
        } else {
            Trouble::Refused(error.to_string())
        }
    }
}

impl Computer for DeviceComputer<'_> {
    fn stage(&mut self, stage: Stage) -> Result<Vec<Outcome>> {
        let ciphertexts = &self.material.ciphertexts;
        let checkpoint = match stage {
            // The input is no checkpoint of a board: it is what was handed to it.
            Stage::LweIn => {
                let input = |index| Ok(StageWords::U64(self.material.job(index).lwe.to_vec()));
                return Ok((0..ciphertexts.len()).map(input).collect());
            }
            Stage::KeySwitch => Checkpoint::KeySwitch,
            Stage::ModSwitch => Checkpoint::ModSwitch,
            Stage::Accumulator(steps) => Checkpoint::Accumulator(steps as u32),
            Stage::Extract => Checkpoint::None,
        };
        let requests: Vec<Request<'_>> = (0..ciphertexts.len())
            .map(|index| request(self.material, &self.luts, index))
            .collect();
        match self.session.checkpoint(&self.key, &requests, checkpoint) {
            Ok(results) => Ok(results
                .into_iter()
                .map(|result| match result {
                    Ok(CheckpointWords::U16(words)) => Ok(StageWords::U16(words)),
                    Ok(CheckpointWords::U32(words)) => Ok(StageWords::U32(words)),
                    Ok(CheckpointWords::U64(words)) => Ok(StageWords::U64(words)),
                    Err(error) => Err(self.trouble(&error)),
                })
                .collect()),
            Err(error) => {
                let trouble = self.trouble(&error);
                Ok(ciphertexts.iter().map(|_| Err(trouble.clone())).collect())
            }
        }
    }
}
