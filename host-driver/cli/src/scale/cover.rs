//! The boards that are compared: every pair of values of two of P, N, k and l that can be built together is in at least one.
//!
//! P and N alone make one board a pair; k and l run through their values along both, k with steps of 1, l with steps of 1
//! along P and of 2 along N. So each meets every P and every N, and l - k every remainder, with every k. P = 256 with
//! N = 512 cannot be built: a polynomial has at least four rows.

use anyhow::Result;
use goldilane_abi::Shape;
use goldilane_hdl::arith::tile_mul::Multiplier;

use crate::configuration::Configuration;

/// Lanes.
pub const LANES: [u32; 7] = [4, 8, 16, 32, 64, 128, 256];
/// Polynomial sizes.
pub const SIZES: [u32; 4] = [512, 1024, 2048, 4096];
/// GLWE dimensions and levels: 1 to 3.
const MOST: u32 = 3;
/// The key's n: as many steps as there are accumulators to look at, and one that is between them.
const LWE_DIMENSION: u32 = 6;

/// The numbers of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// P.
    pub lanes: u32,
    /// N.
    pub polynomial_size: u32,
    /// k.
    pub glwe_dimension: u32,
    /// l.
    pub levels: u32,
}

/// The boards, those of few lanes first.
pub fn sizes() -> Vec<Size> {
    let of = |(p, lanes): (u32, u32)| {
        (0..).zip(SIZES).map(move |(m, polynomial_size)| Size {
            lanes,
            polynomial_size,
            glwe_dimension: 1 + (p + m) % MOST,
            levels: 1 + (p + 2 * m) % MOST,
        })
    };
    (0..)
        .zip(LANES)
        .flat_map(of)
        .filter(|size| 4 * size.lanes <= size.polynomial_size)
        .collect()
}

impl Size {
    /// The board: the plain form of the multiplier compiles and simulates fastest.
    ///
    /// # Errors
    /// Numbers that cannot be built.
    pub fn configuration(&self) -> Result<Configuration> {
        let Self {
            lanes,
            polynomial_size,
            glwe_dimension,
            levels,
        } = *self;
        let (memory_ports, memory_port_bits) = match lanes {
            0..16 => (4, 256),
            16..64 => (16, 256),
            64..256 => (32, 256),
            _ => (32, 512),
        };
        let shape = Shape {
            lanes,
            polynomial_size,
            glwe_dimension,
            max_pbs_levels: levels,
            key_switch_products: 4 * lanes,
            memory_ports,
            memory_port_bits,
            ..Shape::SIM
        };
        let name = format!("p{lanes}_n{polynomial_size}_k{glwe_dimension}_l{levels}");
        Ok(Configuration::new(&name, shape, Multiplier::Plain)?)
    }

    /// The parameter set: a short key whose digits are as wide as b and l allow.
    pub fn set(&self) -> String {
        let base_log = 23.min(63 / self.levels);
        format!(
            "TOY_INSECURE_N{}_K{}_n{LWE_DIMENSION}_PBS{base_log}x{}_KS4x4",
            self.polynomial_size, self.glwe_dimension, self.levels
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::set::Set;
    use goldilane_hdl::netlist::{LOAD_LIMIT, loads};
    use goldilane_hdl::top::goldilane;

    /// P, N, k, l.
    fn numbers(size: &Size) -> [u32; 4] {
        [
            size.lanes,
            size.polynomial_size,
            size.glwe_dimension,
            size.levels,
        ]
    }

    #[test]
    fn every_pair_that_can_be_built_occurs() {
        let values: [&[u32]; 4] = [&LANES, &SIZES, &[1, 2, 3], &[1, 2, 3]];
        let sizes = sizes();
        let mut impossible = Vec::new();
        for first in 0..4 {
            for second in first + 1..4 {
                for &a in values[first] {
                    for &b in values[second] {
                        let has =
                            |size: &&Size| (numbers(size)[first], numbers(size)[second]) == (a, b);
                        if !sizes.iter().any(|size| has(&size)) {
                            impossible.push((first, a, second, b));
                        }
                    }
                }
            }
        }
        // More lanes than a quarter of the coefficients.
        assert_eq!(impossible, [(0, 256, 1, 512)]);
        let beyond = Size {
            lanes: 256,
            polynomial_size: 512,
            glwe_dimension: 1,
            levels: 1,
        };
        assert!(beyond.configuration().is_err());
    }

    #[test]
    fn every_board_can_be_built_and_takes_its_key() {
        for size in sizes() {
            let configuration = size.configuration().unwrap();
            let parameters = match Set::find(&size.set()).unwrap() {
                Set::Toy { parameters, .. } => parameters,
                #[cfg(feature = "tfhe")]
                Set::Full(_) => panic!("{} is a toy set", size.set()),
            };
            let shape = configuration.shape;
            assert_eq!(parameters.polynomial_size as u32, shape.polynomial_size);
            assert_eq!(parameters.glwe_dimension as u32, shape.glwe_dimension);
            assert_eq!(parameters.pbs.levels() as u32, shape.max_pbs_levels);
        }
    }

    #[test]
    fn nothing_on_any_of_them_drives_too_many() {
        for size in sizes() {
            let configuration = size.configuration().unwrap();
            let found = loads(&goldilane(&configuration).unwrap(), LOAD_LIMIT);
            assert_eq!(found, [], "{}", configuration.name);
        }
    }
}
