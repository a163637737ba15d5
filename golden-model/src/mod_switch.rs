//! Modulus switch of the small ciphertext: from `2^w` to `2N`.
//!
//! With `sh = w - log2(2N)` every mask word becomes `rot_i = (a_i + 2^(sh - 1)) >> sh`. The plain form
//! rounds the body alike. The centered form first adds half of the sum of the mask's rounding errors
//! and takes half a step away, so that the rounding noise of the mask has mean zero under a binary key:
//!
//! ```text
//! e_i = signed((rot_i << sh) - a_i)     S = sum e_i     c = #(odd e_i < 0) - #(odd e_i > 0)
//! g = 0 when S is even, else sign(c)    body = (b + (S + g)/2) >> sh
//! ```
//!
//! All results are modulo `2N`. `S` and `c` are needed for the body only, which blind rotation uses last.

use crate::error::{Result, check_range};
use crate::key_switch::Word;
use crate::parameters::ModulusSwitchKind;

/// Switches `n + 1` words modulo `2^w` to exponents modulo `2^rotation_bits`; the body is the last.
///
/// `rotation_bits` is `log2(2N)`, 1 to 15.
pub fn mod_switch<W: Word>(
    lwe: &[W],
    rotation_bits: u32,
    kind: ModulusSwitchKind,
) -> Result<Vec<u16>> {
    check_range("bits of the rotation", rotation_bits as usize, 1, 15)?;
    check_range("words of the small LWE", lwe.len(), 2, usize::MAX)?;
    let width = W::WIDTH.bits();
    let (mask, body) = lwe.split_at(lwe.len() - 1);
    let mut output: Vec<u16> = mask
        .iter()
        .map(|word| round_word((*word).into(), width, rotation_bits))
        .collect();
    let body: u64 = body[0].into();
    output.push(match kind {
        ModulusSwitchKind::Plain => round_word(body, width, rotation_bits),
        ModulusSwitchKind::Centered => {
            let corrected = body.wrapping_add(mask_correction(mask, rotation_bits));
            floor_word(corrected, width, rotation_bits)
        }
    });
    Ok(output)
}

/// `(word + 2^(sh - 1)) >> sh` modulo `2^rotation_bits`.
fn round_word(word: u64, width: u32, rotation_bits: u32) -> u16 {
    let half = 1_u64 << (width - rotation_bits - 1);
    floor_word(word.wrapping_add(half), width, rotation_bits)
}

/// `word >> sh` modulo `2^rotation_bits`; bits of `word` above `width` do not count.
fn floor_word(word: u64, width: u32, rotation_bits: u32) -> u16 {
    let mask = (1_u64 << rotation_bits) - 1;
    ((word >> (width - rotation_bits)) & mask) as u16
}

/// `(S + g) / 2` modulo `2^64`: what the centered form adds to the body.
fn mask_correction<W: Word>(mask: &[W], rotation_bits: u32) -> u64 {
    let width = W::WIDTH.bits();
    let unit = width - rotation_bits;
    let mut sum = 0_i128;
    let mut odd_balance = 0_i64;
    for word in mask {
        let word: u64 = (*word).into();
        let rounded = u64::from(round_word(word, width, rotation_bits)) << unit;
        // sign extension of the difference modulo 2^width
        let error = (rounded.wrapping_sub(word) << (64 - width)) as i64 >> (64 - width);
        sum += i128::from(error);
        odd_balance -= (error % 2).signum();
    }
    let parity = if sum % 2 == 0 {
        0
    } else {
        i128::from(odd_balance.signum())
    };
    ((sum + parity) / 2) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy::ToyRandom;
    use ModulusSwitchKind::{Centered, Plain};

    #[test]
    fn rounds_to_the_closest_exponent() {
        // 2N = 16, so that a step is 2^28
        let step = 1_u32 << 28;
        let lwe = [
            0,
            step / 2 - 1,
            step / 2,
            step,
            u32::MAX,
            15 * step,
            step / 2,
        ];
        let out = mod_switch(&lwe, 4, Plain).unwrap();
        assert_eq!(out, [0, 0, 1, 1, 0, 15, 1]);
    }

    #[test]
    fn takes_the_mean_of_the_errors_out_of_the_body() {
        let step = 1_u64 << 60;
        // errors: rounded - word = -3 and +5: S = 2
        let lwe = [step + 3, step - 5, step - 1];
        assert_eq!(mod_switch(&lwe, 4, Centered).unwrap(), [1, 1, 1]);
        let lwe = [step + 3, step - 5, step - 2];
        assert_eq!(mod_switch(&lwe, 4, Centered).unwrap(), [1, 1, 0]);
    }

    #[test]
    fn an_odd_sum_goes_with_the_majority_of_the_odd_errors() {
        let step = 1_u64 << 60;
        // one odd negative error, S = -1, c = +1: (S + 1)/2 = 0
        assert_eq!(mod_switch(&[step + 1, step], 4, Centered).unwrap()[1], 1);
        // one odd positive error, S = +1, c = -1: (S - 1)/2 = 0
        assert_eq!(
            mod_switch(&[step - 1, step - 1], 4, Centered).unwrap()[1],
            0
        );
        // odd negative and even positive errors, S = -1 + 4 = 3, c = +1: 2
        let lwe = [step + 1, step - 4, step - 2];
        assert_eq!(mod_switch(&lwe, 4, Centered).unwrap()[2], 1);
        let lwe = [step + 1, step - 4, step - 3];
        assert_eq!(mod_switch(&lwe, 4, Centered).unwrap()[2], 0);
    }

    #[test]
    fn both_widths_agree_on_words_that_both_can_hold() {
        let mut random = ToyRandom::new(8);
        for n in [1, 5, 64] {
            for bits in [5, 9, 12, 13] {
                let narrow: Vec<u32> = (0..=n).map(|_| random.word() as u32).collect();
                let plain = mod_switch(&narrow, bits, Plain).unwrap();
                let wide: Vec<u64> = narrow.iter().map(|word| u64::from(*word) << 32).collect();
                assert_eq!(plain, mod_switch(&wide, bits, Plain).unwrap());
                let centered = mod_switch(&narrow, bits, Centered).unwrap();
                assert_eq!(centered[..n], plain[..n]);
            }
        }
    }

    #[test]
    fn refuses_what_does_not_fit() {
        assert!(mod_switch(&[1_u32], 4, Plain).is_err());
        assert!(mod_switch(&[1_u32, 2], 0, Plain).is_err());
        assert!(mod_switch(&[1_u32, 2], 16, Plain).is_err());
    }
}
