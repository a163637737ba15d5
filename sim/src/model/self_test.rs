//! The self-test: on-chip memory, unused board memory, one known external product. Faults can be injected.

use super::ModelBoard;
use super::slots::Refusal;
use crate::board::Fault;
use goldilane_abi::Code;
use goldilane_golden_model::Decomposition;
use goldilane_golden_model::TransformKind;
use goldilane_golden_model::external_product::{
    Workspace, add_external_product, prepare_polynomial,
};

/// Base of the known external product, as a power of two.
const BASE_LOG: usize = 8;
/// Words of the march test.
const MARCH_WORDS: usize = 4096;

impl ModelBoard {
    /// Runs all parts; `Err` carries a bit for each that failed.
    pub(super) fn self_test(&mut self) -> Result<u32, Refusal> {
        let mut failed = 0;
        for (fault, passed) in [
            (
                Fault::OnChipMemory,
                march(self.faults[Fault::OnChipMemory as usize]),
            ),
            (Fault::BoardMemory, self.board_memory_pattern()),
            (Fault::Arithmetic, self.known_answer()),
        ] {
            failed |= u32::from(!passed) << fault as u32;
        }
        if failed == 0 {
            Ok(0)
        } else {
            Err((Code::SelfTestFailed, failed))
        }
    }

    /// Writes and reads a pattern in every LUT slot that is free, then zeroes it.
    fn board_memory_pattern(&mut self) -> bool {
        let lines = self.slots.map.lut_stride;
        let bytes = lines as usize * self.shape.line_bytes();
        let mut passed = true;
        for slot in 0..self.shape.lut_slots as u16 {
            if !matches!(self.slots.lut_slot(slot), Ok(slot) if !slot.state) {
                continue;
            }
            let first = self.slots.map.lut_line(slot.into());
            let pattern: Vec<u8> = (0..bytes)
                .map(|index| (index ^ index >> 8 ^ usize::from(slot)) as u8)
                .collect();
            self.slots.memory.write(first, &pattern);
            let mut found = self.slots.memory.read(first, bytes);
            if self.faults[Fault::BoardMemory as usize] {
                found[bytes / 2] ^= 1;
            }
            passed &= found == pattern;
            self.slots.memory.clear(first, lines);
        }
        passed
    }

    /// An external product by a key that is the constant 1 at the deepest place of the body: the digit comes back.
    fn known_answer(&self) -> bool {
        let (size, polynomials) = (
            self.shape.polynomial_size as usize,
            self.shape.glwe_dimension as usize + 1,
        );
        let product = || -> goldilane_golden_model::Result<bool> {
            let decomposition = Decomposition::new(BASE_LOG, 1)?;
            let transform = TransformKind::Fast.build(size)?;
            // Row k, column k holds 2^40 at X^1; everything else is 0.
            let mut ggsw = vec![0; polynomials * polynomials * size];
            let last = ggsw.len() - size;
            ggsw[last + 1] = 1 << 40;
            prepare_polynomial(transform.as_ref(), &mut ggsw[last..])?;
            let mut difference = vec![0; polynomials * size];
            let body = difference.len() - size;
            for (index, word) in difference[body..].iter_mut().enumerate() {
                *word = (index as u64 % 7) << (64 - BASE_LOG);
            }
            let mut accumulator = vec![0; polynomials * size];
            let mut workspace = Workspace::default();
            add_external_product(
                &mut accumulator,
                &difference,
                &ggsw,
                decomposition,
                transform.as_ref(),
                &mut workspace,
            )?;
            if self.faults[Fault::Arithmetic as usize] {
                accumulator[body] ^= 1 << 40;
            }
            // The digit of coefficient j, times 2^40, at coefficient j + 1; the wrap negates. The way through the
            // prime rounds in the low bits.
            let near = |found: u64, expected: u64| {
                found.wrapping_sub(expected).wrapping_add(1 << 20) < 1 << 21
            };
            Ok((0..size).all(|index| {
                let expected = match index {
                    0 => (((size as u64 - 1) % 7) << 40).wrapping_neg(),
                    _ => ((index as u64 - 1) % 7) << 40,
                };
                near(accumulator[body + index], expected)
            }) && accumulator[..body].iter().all(|&word| word == 0))
        };
        product().unwrap_or(false)
    }
}

/// March test (write 0, read 0 write 1 upwards, read 1 write 0 downwards, read 0) over a memory that may have a stuck bit.
fn march(stuck: bool) -> bool {
    let mut memory = vec![u64::MAX; MARCH_WORDS];
    let write = |memory: &mut Vec<u64>, index: usize, value: u64| {
        memory[index] = if stuck && index == MARCH_WORDS / 3 {
            value | 4
        } else {
            value
        };
    };
    let mut passed = true;
    for index in 0..MARCH_WORDS {
        write(&mut memory, index, 0);
    }
    for index in 0..MARCH_WORDS {
        passed &= memory[index] == 0;
        write(&mut memory, index, u64::MAX);
    }
    for index in (0..MARCH_WORDS).rev() {
        passed &= memory[index] == u64::MAX;
        write(&mut memory, index, 0);
    }
    passed && memory.iter().all(|&word| word == 0)
}
