//! CRC-32C with the processor's instruction where there is one.
//!
//! [`goldilane_abi::crc32c`] is the definition; this is the same number, some ten times as fast.

/// CRC-32C of `bytes`.
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes)
}

/// CRC-32C of everything that gave `crc`, followed by `bytes`.
pub(crate) fn append(crc: u32, bytes: &[u8]) -> u32 {
    crc32c::crc32c_append(crc, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use goldilane_abi::Crc32c;

    #[test]
    fn it_is_the_number_of_the_definition() {
        let bytes: Vec<u8> = (0..40_000_u32).map(|i| (i * 7 + i / 13) as u8).collect();
        let mut whole = (Crc32c::new(), 0);
        for length in [0, 1, 7, 8, 63, 1023, 4096, 16_392] {
            let part = &bytes[length / 3..][..length];
            assert_eq!(crc32c(part), goldilane_abi::crc32c(part), "{length} bytes");
            whole.0.update(part);
            whole.1 = append(whole.1, part);
            assert_eq!(whole.1, whole.0.value(), "{length} bytes more");
        }
    }
}
