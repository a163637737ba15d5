//! The run-time numbers of a loaded key and the ranges that a board takes.

use crate::{Code, MAX_KS_BASE_LOG, MAX_KS_LEVELS, Shape};
use core::fmt;

/// How the switched ciphertext is rounded to 2N.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ModulusSwitch {
    /// Each word by itself; no board does it.
    Plain = 0,
    /// Centered mean (contract, step 3).
    Centered = 1,
}

/// Run-time numbers of a key. Raw numbers: [`KeyShape::check`] says whether a board takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyShape {
    /// Small LWE dimension n.
    pub lwe_dimension: u16,
    /// b of the bootstrap base 2^b.
    pub pbs_base_log: u8,
    /// Bootstrap levels l.
    pub pbs_levels: u8,
    /// Key-switch base as a power of two.
    pub ks_base_log: u8,
    /// Key-switch levels.
    pub ks_levels: u8,
    /// Kind of the modulus switch.
    pub modulus_switch: ModulusSwitch,
}

/// The limit that a key exceeds: what the completion says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyLimit {
    /// Which limit.
    pub code: Code,
    /// Its value.
    pub limit: u32,
}

impl fmt::Display for KeyLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (limit {})", self.code, self.limit)
    }
}

impl core::error::Error for KeyLimit {}

impl KeyShape {
    /// Checks the ranges in the order of the fields, as the board does: the first limit that is exceeded.
    pub fn check(&self, shape: &Shape) -> Result<(), KeyLimit> {
        let within = |value: u32, limit: u32, code| {
            if (1..=limit).contains(&value) {
                Ok(())
            } else {
                Err(KeyLimit { code, limit })
            }
        };
        let (b, l) = (u32::from(self.pbs_base_log), u32::from(self.pbs_levels));
        let (kb, kl) = (u32::from(self.ks_base_log), u32::from(self.ks_levels));
        within(
            u32::from(self.lwe_dimension),
            shape.max_lwe_dimension,
            Code::LweDimensionOutOfRange,
        )?;
        within(b, shape.max_pbs_base_log, Code::PbsBaseOutOfRange)?;
        within(
            l,
            shape.max_pbs_levels.min(63 / b),
            Code::PbsLevelsOutOfRange,
        )?;
        within(kb, u32::from(MAX_KS_BASE_LOG), Code::KsBaseOutOfRange)?;
        within(
            kl,
            u32::from(MAX_KS_LEVELS).min(32 / kb),
            Code::KsLevelsOutOfRange,
        )?;
        match self.modulus_switch {
            ModulusSwitch::Centered => Ok(()),
            ModulusSwitch::Plain => Err(KeyLimit {
                code: Code::ModulusSwitchUnsupported,
                limit: ModulusSwitch::Centered as u32,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: KeyShape = KeyShape {
        lwe_dimension: 918,
        pbs_base_log: 23,
        pbs_levels: 1,
        ks_base_log: 4,
        ks_levels: 4,
        modulus_switch: ModulusSwitch::Centered,
    };

    #[test]
    fn every_limit_is_named() {
        let code = |key: KeyShape| key.check(&Shape::SIM).map_err(|limit| limit.code);
        assert_eq!(code(GOOD), Ok(()));
        assert_eq!(
            code(KeyShape {
                lwe_dimension: 0,
                ..GOOD
            }),
            Err(Code::LweDimensionOutOfRange)
        );
        assert_eq!(
            code(KeyShape {
                lwe_dimension: 1025,
                ..GOOD
            }),
            Err(Code::LweDimensionOutOfRange)
        );
        assert_eq!(
            code(KeyShape {
                pbs_base_log: 24,
                ..GOOD
            }),
            Err(Code::PbsBaseOutOfRange)
        );
        assert_eq!(
            code(KeyShape {
                pbs_base_log: 0,
                ..GOOD
            }),
            Err(Code::PbsBaseOutOfRange)
        );
        assert_eq!(
            code(KeyShape {
                pbs_levels: 2,
                ..GOOD
            }),
            Err(Code::PbsLevelsOutOfRange)
        );
        assert_eq!(
            code(KeyShape {
                ks_base_log: 5,
                ..GOOD
            }),
            Err(Code::KsBaseOutOfRange)
        );
        assert_eq!(
            code(KeyShape {
                ks_base_log: 0,
                ..GOOD
            }),
            Err(Code::KsBaseOutOfRange)
        );
        assert_eq!(
            code(KeyShape {
                ks_levels: 9,
                ..GOOD
            }),
            Err(Code::KsLevelsOutOfRange)
        );
        assert_eq!(
            code(KeyShape {
                modulus_switch: ModulusSwitch::Plain,
                ..GOOD
            }),
            Err(Code::ModulusSwitchUnsupported)
        );
        // Three levels of 2^22 would need 66 bits.
        let wide = KeyShape {
            pbs_base_log: 22,
            pbs_levels: 3,
            ..GOOD
        };
        assert_eq!(
            wide.check(&Shape::TOY).unwrap_err(),
            KeyLimit {
                code: Code::PbsLevelsOutOfRange,
                limit: 2
            }
        );
    }
}
