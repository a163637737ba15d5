//! Bootstraps on a device.

use crate::bootstrapper::{Bootstrapper, Request};
use crate::ciphertext::{bootstrapped_ciphertext, ciphertext_words};
use crate::error::{Result, driver};
use crate::import::ImportedKey;
use crate::lookup_table::LookupTable;
use goldilane_abi::{KeyShape, ModulusSwitch};
use goldilane_driver::{KeyHandle, KeyPieces, LoadProgress, Lut, LutHandle, Session};
use goldilane_golden_model::{Key, KeySwitchKey, ModulusSwitchKind};
use std::collections::HashMap;
use tfhe::shortint::Ciphertext;

/// The numbers of a key as a board takes them; values that do not fit saturate and are refused there.
pub fn key_shape(key: &Key) -> KeyShape {
    let p = key.parameters();
    let small = |v: usize| u8::try_from(v).unwrap_or(u8::MAX);
    KeyShape {
        lwe_dimension: u16::try_from(p.lwe_dimension).unwrap_or(u16::MAX),
        pbs_base_log: small(p.pbs.base_log()),
        pbs_levels: small(p.pbs.levels()),
        ks_base_log: small(p.key_switch.base_log()),
        ks_levels: small(p.key_switch.levels()),
        modulus_switch: match p.modulus_switch {
            ModulusSwitchKind::Centered => ModulusSwitch::Centered,
            ModulusSwitchKind::Plain => ModulusSwitch::Plain,
        },
    }
}

/// The pieces of a prepared key.
struct Pieces<'k>(&'k Key);

impl KeyPieces for Pieces<'_> {
    fn shape(&self) -> KeyShape {
        key_shape(self.0)
    }

    fn ggsw(&mut self, index: u32) -> std::result::Result<Vec<u64>, String> {
        self.0
            .ggsw_natural(index as usize)
            .map_err(|e| e.to_string())
    }

    fn ksk_column(&mut self, index: u32) -> std::result::Result<Vec<u32>, String> {
        let row = self.0.parameters().small_lwe_size();
        match self.0.key_switch_key() {
            KeySwitchKey::Bits32(words) => Ok(words
                .iter()
                .skip(index as usize)
                .step_by(row)
                .copied()
                .collect()),
            KeySwitchKey::Bits64(_) => Err("a board takes a key switch of 32 bits".into()),
        }
    }
}

/// Loads a prepared key onto a device.
///
/// # Errors
/// As [`Session::load_key`].
pub fn load_key(
    session: &mut Session,
    key: &Key,
    progress: &mut dyn FnMut(LoadProgress),
) -> Result<KeyHandle> {
    let parameters = key.parameters();
    let shape = *session.shape();
    let fits = parameters.polynomial_size == shape.polynomial_size as usize
        && parameters.glwe_dimension == shape.glwe_dimension as usize;
    if !fits {
        return Err(crate::Error::KeyDoesNotFit {
            polynomial_size: parameters.polynomial_size,
            glwe_dimension: parameters.glwe_dimension,
            board_polynomial_size: shape.polynomial_size,
            board_glwe_dimension: shape.glwe_dimension,
        });
    }
    session
        .load_key(&mut Pieces(key), progress)
        .map_err(driver("load server key"))
}

/// A device with a key on it; lookup tables are loaded as they come and stay.
pub struct DeviceBootstrapper<'k> {
    session: Session,
    key: &'k ImportedKey,
    handle: KeyHandle,
    tables: HashMap<Vec<u64>, LutHandle>,
}

impl<'k> DeviceBootstrapper<'k> {
    /// Loads `key` onto the device behind `session`.
    ///
    /// # Errors
    /// As [`load_key`].
    pub fn new(
        mut session: Session,
        key: &'k ImportedKey,
        progress: &mut dyn FnMut(LoadProgress),
    ) -> Result<Self> {
        let handle = load_key(&mut session, &key.key, progress)?;
        let tables = HashMap::new();
        Ok(Self {
            session,
            key,
            handle,
            tables,
        })
    }

    /// The session, for counters and information.
    pub fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    /// The key on the device.
    pub fn handle(&self) -> KeyHandle {
        self.handle
    }

    /// The table on the device, loaded if it is not there.
    ///
    /// # Errors
    /// No free slot, or a failure of the device.
    pub fn table(&mut self, table: &LookupTable) -> Result<LutHandle> {
        if let Some(handle) = self.tables.get(table.words()) {
            return Ok(*handle);
        }
        let mask = self.key.key.parameters().big_lwe_dimension();
        let lut = if table.is_plain(self.key) {
            Lut::Plain(&table.words()[mask..])
        } else {
            Lut::Encrypted(table.words())
        };
        let handle = self
            .session
            .load_lut(lut)
            .map_err(driver("load lookup table"))?;
        self.tables.insert(table.words().to_vec(), handle);
        Ok(handle)
    }
}

impl Bootstrapper for DeviceBootstrapper<'_> {
    fn key(&self) -> &ImportedKey {
        self.key
    }

    fn bootstrap(&mut self, requests: &[Request<'_>]) -> Result<Vec<Ciphertext>> {
        let mut jobs = Vec::with_capacity(requests.len());
        for (index, request) in requests.iter().enumerate() {
            let lut = self.table(request.table)?;
            let words = ciphertext_words(self.key, index, request.input)?;
            jobs.push(goldilane_driver::Request::new(words, lut));
        }
        let refuse = driver("bootstrap");
        let results = self
            .session
            .bootstrap(&self.handle, &jobs)
            .map_err(&refuse)?;
        results
            .into_iter()
            .zip(requests)
            .map(|(result, request)| {
                let words = result
                    .map_err(&refuse)?
                    .into_iter()
                    .next()
                    .unwrap_or_default();
                Ok(bootstrapped_ciphertext(
                    self.key,
                    words,
                    request.table.degree(),
                ))
            })
            .collect()
    }
}
