//! Blind rotation: `n` steps `acc += ((X^rot_i - 1) * acc) x GGSW_i`, starting from the LUT.
//!
//! The accumulator starts as the LUT, a GLWE ciphertext whose mask need not be zero. A step with
//! `rot_i = 0` changes nothing and is not special. The rotation by the body is not done here: it comes
//! last, in sample extract. Doing it first changes bits.

use crate::aligned::AlignedWords;
use crate::error::{Result, check_len, check_range};
use crate::external_product::{Workspace, add_external_product};
use crate::key::Key;
use crate::simd::{Vector, Work};

/// `out = +-moved - here`.
#[inline(always)]
fn subtract(out: &mut [u64], moved: &[u64], here: &[u64], negative: bool) {
    let words = out.iter_mut().zip(moved).zip(here);
    if negative {
        words.for_each(|((out, moved), here)| *out = moved.wrapping_add(*here).wrapping_neg());
    } else {
        words.for_each(|((out, moved), here)| *out = moved.wrapping_sub(*here));
    }
}

/// `out = (X^rotation - 1) * polynomial` modulo `X^N + 1` and `2^64`, `rotation` modulo `2N`.
#[inline(always)]
fn rotate_subtract(out: &mut [u64], polynomial: &[u64], rotation: usize) {
    let size = polynomial.len();
    let places = rotation % size;
    let turned = (rotation / size) % 2 == 1;
    // coefficients that pass X^N change sign, all of them change it once more when turned
    let (low, high) = polynomial.split_at(size - places);
    let (here_first, here_rest) = polynomial.split_at(places);
    let (out_first, out_rest) = out.split_at_mut(places);
    subtract(out_first, high, here_first, !turned);
    subtract(out_rest, low, here_rest, turned);
}

/// All polynomials of a GLWE, rotated, less themselves.
struct RotateSubtract<'a> {
    out: &'a mut [u64],
    glwe: &'a [u64],
    size: usize,
    rotation: usize,
}

impl Work for RotateSubtract<'_> {
    #[inline(always)]
    fn run<V: Vector>(self) {
        let polynomials = self.glwe.chunks_exact(self.size);
        for (out, polynomial) in self.out.chunks_exact_mut(self.size).zip(polynomials) {
            rotate_subtract(out, polynomial, self.rotation);
        }
    }
}

/// One step with GGSW `index` of the key: rotates the accumulator by `X^(rotation * s_index)`.
pub fn blind_rotate_step(
    key: &Key,
    accumulator: &mut [u64],
    index: usize,
    rotation: u16,
    workspace: &mut Workspace,
) -> Result<()> {
    let parameters = key.parameters();
    check_len("accumulator", accumulator.len(), parameters.glwe_size())?;
    let size = parameters.polynomial_size;
    check_range("rotation", usize::from(rotation), 0, 2 * size - 1)?;
    let transform = key.transform();
    let mut difference = std::mem::take(&mut workspace.difference);
    difference.fit(accumulator.len());
    transform.simd().run(RotateSubtract {
        out: &mut difference,
        glwe: accumulator,
        size,
        rotation: usize::from(rotation),
    });
    let result = add_external_product(
        accumulator,
        &difference,
        key.ggsw(index)?,
        parameters.pbs,
        transform,
        workspace,
    );
    workspace.difference = difference;
    result
}

/// The accumulator after `steps` steps (0 is the LUT, `n` is before extract).
///
/// `exponents` are the `n + 1` words of the modulus switch.
pub fn blind_rotate(key: &Key, lut: &[u64], exponents: &[u16], steps: usize) -> Result<Vec<u64>> {
    let parameters = key.parameters();
    check_len("LUT", lut.len(), parameters.glwe_size())?;
    check_len("exponents", exponents.len(), parameters.small_lwe_size())?;
    check_range(
        "steps of blind rotation",
        steps,
        0,
        parameters.lwe_dimension,
    )?;
    let mut accumulator = AlignedWords::from(lut);
    let mut workspace = Workspace::default();
    for (index, rotation) in exponents.iter().take(steps).enumerate() {
        blind_rotate_step(key, &mut accumulator, index, *rotation, &mut workspace)?;
    }
    Ok(accumulator.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotates_negacyclically_and_subtracts() {
        let polynomial = [1, 2, 3, 4_u64];
        let rotated = |rotation| {
            let mut out = [0; 4];
            rotate_subtract(&mut out, &polynomial, rotation);
            let mut sum = [0; 4];
            for (sum, (out, word)) in sum.iter_mut().zip(out.iter().zip(polynomial)) {
                *sum = out.wrapping_add(word) as i64;
            }
            sum
        };
        assert_eq!(rotated(0), [1, 2, 3, 4]);
        assert_eq!(rotated(1), [-4, 1, 2, 3]);
        assert_eq!(rotated(3), [-2, -3, -4, 1]);
        assert_eq!(rotated(4), [-1, -2, -3, -4]);
        assert_eq!(rotated(5), [4, -1, -2, -3]);
        assert_eq!(rotated(7), [2, 3, 4, -1]);
    }
}
