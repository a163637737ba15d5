//! What the testbench computes on: a toy key of a fixed seed, its words in the order of board memory, a ciphertext.

use goldilane_abi::layout::{digit_shift, glwe_layout};
use goldilane_abi::{Shape, bsk_layout, ksk_layout};
use goldilane_golden_model::field::{inverse, mul, pow};
use goldilane_golden_model::toy::{ToyKeys, ToyRandom};
use goldilane_golden_model::{
    Decomposition, Key, KeySwitchKey, KeySwitchWidth, ModulusSwitchKind, Parameters, Result,
};

/// Small LWE dimension.
pub const DIMENSION: usize = 4;
/// Base (as a power of two) and levels of the key switch: those of the primary set.
pub const KEY_SWITCH: (usize, usize) = (4, 4);

const SEED: u64 = 0x676f_6c64_696c_616e;

/// Key and ciphertexts.
pub struct Material {
    /// The key for the golden model.
    pub key: Key,
    /// The input, k N + 1 words.
    pub lwe: Vec<u64>,
    /// An encrypted lookup table, (k + 1) N words.
    pub lut: Vec<u64>,
    /// A GLWE ciphertext to be decomposed, with words at the ends of the range.
    pub difference: Vec<u64>,
    shape: Shape,
}

impl Material {
    /// The material of a shape: as many levels as are built in, the largest base that they leave.
    pub fn new(shape: &Shape) -> Result<Self> {
        let levels = shape.max_pbs_levels as usize;
        let base_log = (shape.max_pbs_base_log as usize).min(63 / levels);
        let parameters = Parameters {
            lwe_dimension: DIMENSION,
            glwe_dimension: shape.glwe_dimension as usize,
            polynomial_size: shape.polynomial_size as usize,
            pbs: Decomposition::new(base_log, levels)?,
            key_switch: Decomposition::new(KEY_SWITCH.0, KEY_SWITCH.1)?,
            key_switch_width: KeySwitchWidth::Bits32,
            modulus_switch: ModulusSwitchKind::Centered,
        };
        let mut toy = ToyKeys::generate(parameters, SEED)?;
        let plaintext: Vec<u64> = (0..parameters.polynomial_size as u64)
            .map(|i| i << 52)
            .collect();
        let mut random = ToyRandom::new(!SEED);
        let edges = [
            0,
            1,
            u64::MAX,
            1 << 63,
            (1 << 63) - 1,
            1 << 62,
            (1 << 40) - 1,
        ];
        let difference = (0..parameters.glwe_size())
            .map(|i| match edges.get(i % 16) {
                Some(edge) => *edge,
                None => random.word(),
            })
            .collect();
        Ok(Self {
            lwe: toy.encrypt_big(5, 16),
            lut: toy.encrypt_glwe(&plaintext),
            key: toy.key()?,
            difference,
            shape: *shape,
        })
    }

    /// Numbers of the key.
    pub fn parameters(&self) -> &Parameters {
        self.key.parameters()
    }

    /// GGSW `index` in the order of board memory, scaled as the core's digits want it.
    pub fn ggsw(&self, index: usize) -> Result<Vec<u64>> {
        let natural = self.key.ggsw_natural(index)?;
        let pbs = self.parameters().pbs;
        let scale = inverse(pow(
            2,
            digit_shift(&self.shape, pbs.base_log() as u32).into(),
        ));
        let (count, size) = (self.shape.glwe_dimension + 1, self.shape.polynomial_size);
        Ok(bsk_layout(&self.shape, pbs.levels() as u32)
            .map(|word| {
                let matrix = (word.level * count + word.row) * count + word.output;
                mul(natural[(matrix * size + word.point()) as usize], scale)
            })
            .collect())
    }

    /// Column `index` of the key-switching key in the order of board memory, two words of 32 bits a word.
    pub fn column(&self, index: usize) -> Vec<u64> {
        let KeySwitchKey::Bits32(ksk) = self.key.key_switch_key() else {
            return Vec::new();
        };
        let words: Vec<u64> = ksk_layout(&self.shape, KEY_SWITCH.1 as u32)
            .map(|word| {
                let row = word.coefficient as usize * KEY_SWITCH.1 + word.level as usize;
                ksk[row * (DIMENSION + 1) + index].into()
            })
            .collect();
        words.chunks(2).map(|w| w[0] | w[1] << 32).collect()
    }

    /// The lookup table in the order of board memory.
    pub fn table(&self) -> Vec<u64> {
        let size = self.shape.polynomial_size;
        glwe_layout(&self.shape)
            .map(|word| self.lut[(word.polynomial * size + word.coefficient) as usize])
            .collect()
    }
}
