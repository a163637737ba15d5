//! The structures of the header, field for field.

use std::mem::{MaybeUninit, offset_of, size_of};

use goldilane_abi::{Capabilities, KeyShape, ModulusSwitch};
use goldilane_golden_model::{Decomposition, KeySwitchWidth, ModulusSwitchKind, Parameters};

/// `goldilane_board`: what a board says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Board {
    /// Interface version, before the dot.
    pub abi_major: u32,
    /// Interface version, behind the dot: the lower of board and driver.
    pub abi_minor: u32,
    /// Stamp of whoever built the board.
    pub build_stamp: u32,
    /// Coefficients per clock.
    pub lanes: u32,
    /// N.
    pub polynomial_size: u32,
    /// k.
    pub glwe_dimension: u32,
    /// Largest n.
    pub max_lwe_dimension: u32,
    /// Largest b.
    pub max_pbs_base_log: u32,
    /// Largest l.
    pub max_pbs_levels: u32,
    /// Bootstraps in flight together.
    pub slots: u32,
    /// Keys on the board together.
    pub key_slots: u32,
    /// Lookup tables on the board together.
    pub lut_slots: u32,
}

impl From<&Capabilities> for Board {
    fn from(capabilities: &Capabilities) -> Self {
        let shape = &capabilities.shape;
        Self {
            abi_major: capabilities.major.into(),
            abi_minor: capabilities.minor.into(),
            build_stamp: capabilities.build_stamp,
            lanes: shape.lanes,
            polynomial_size: shape.polynomial_size,
            glwe_dimension: shape.glwe_dimension,
            max_lwe_dimension: shape.max_lwe_dimension,
            max_pbs_base_log: shape.max_pbs_base_log,
            max_pbs_levels: shape.max_pbs_levels,
            slots: shape.slots,
            key_slots: shape.key_slots,
            lut_slots: shape.lut_slots,
        }
    }
}

/// `goldilane_parameters`: the numbers of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct KeyParameters {
    /// n.
    pub lwe_dimension: u32,
    /// k.
    pub glwe_dimension: u32,
    /// N.
    pub polynomial_size: u32,
    /// b of the bootstrap base 2^b.
    pub pbs_base_log: u32,
    /// l.
    pub pbs_levels: u32,
    /// Key-switch base as a power of two.
    pub ks_base_log: u32,
    /// Key-switch levels.
    pub ks_levels: u32,
}

impl KeyParameters {
    /// As a board takes them. What does not fit saturates: it is above every board's limit, too.
    pub fn key_shape(&self) -> KeyShape {
        let small = |value: u32| u8::try_from(value).unwrap_or(u8::MAX);
        KeyShape {
            lwe_dimension: u16::try_from(self.lwe_dimension).unwrap_or(u16::MAX),
            pbs_base_log: small(self.pbs_base_log),
            pbs_levels: small(self.pbs_levels),
            ks_base_log: small(self.ks_base_log),
            ks_levels: small(self.ks_levels),
            modulus_switch: ModulusSwitch::Centered,
        }
    }

    /// As the golden model takes them, checked.
    pub fn golden(&self) -> goldilane_golden_model::Result<Parameters> {
        let parameters = Parameters {
            lwe_dimension: self.lwe_dimension as usize,
            glwe_dimension: self.glwe_dimension as usize,
            polynomial_size: self.polynomial_size as usize,
            pbs: Decomposition::new(self.pbs_base_log as usize, self.pbs_levels as usize)?,
            key_switch: Decomposition::new(self.ks_base_log as usize, self.ks_levels as usize)?,
            key_switch_width: KeySwitchWidth::Bits32,
            modulus_switch: ModulusSwitchKind::Centered,
        };
        parameters.check()?;
        Ok(parameters)
    }
}

/// `goldilane_request`: one bootstrap, and what became of it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Request {
    /// The ciphertext.
    pub input: *const u64,
    /// Its words.
    pub input_words: usize,
    /// Where the ciphertexts that are extracted go.
    pub output: *mut u64,
    /// Room for so many words.
    pub output_words: usize,
    /// The lookup table.
    pub lut: u32,
    /// How many coefficients are extracted.
    pub degrees: u16,
    /// Their distance.
    pub stride: u16,
    /// Written by the call.
    pub status: MaybeUninit<i32>,
    /// Written by the call.
    pub board_code: MaybeUninit<u32>,
}

const _: () = assert!(size_of::<Board>() == 48);
const _: () = assert!(size_of::<KeyParameters>() == 28);
// With the pointers of a 64-bit machine, which the driver needs anyway; the C test asserts the same.
const _: () = assert!(size_of::<Request>() == 48);
const _: () = assert!(offset_of!(Request, lut) == 32 && offset_of!(Request, status) == 40);
