//! Memory images for `$readmemh`: one number a line, lowest address first.

use crate::netlist::EmittedFile;
use std::fmt::Write as _;

/// The image `name` of numbers of `width` bits.
pub fn image(name: &str, width: u32, numbers: impl IntoIterator<Item = u64>) -> EmittedFile {
    let digits = width.div_ceil(4) as usize;
    let mask = u64::MAX >> (64 - width.clamp(1, 64));
    let text = numbers.into_iter().fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{:0digits$x}", number & mask);
        text
    });
    EmittedFile {
        name: name.to_owned(),
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_of_their_width() {
        assert_eq!(image("a", 6, [1, u64::MAX]).text, "01\n3f\n");
        assert_eq!(image("a", 64, [1 << 63]).text, "8000000000000000\n");
    }
}
