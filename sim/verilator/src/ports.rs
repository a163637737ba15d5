//! The ports of a model, read from the header that Verilator writes.
//!
//! Verilator declares each port of the top by a macro: `VL_IN8(&name,msb,lsb);` for up to 8 bits, likewise `16`, none
//! (32) and `64`, and `VL_INW(&name,msb,lsb,words);` for wider ones, which are arrays of 32-bit words.

use super::Error;

/// One port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PortDeclaration {
    /// The C++ field.
    pub field: String,
    pub width: u32,
    pub is_input: bool,
}

impl PortDeclaration {
    /// The name in the Verilog: Verilator writes a second underscore in a row as `___05F`.
    pub fn name(&self) -> String {
        self.field.replace("___05F", "__")
    }
}

/// The ports that `header` (the text of `Vmodel.h`) declares.
pub(super) fn parse_ports(top: &str, header: &str) -> Result<Vec<PortDeclaration>, Error> {
    header
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("VL_IN") || line.starts_with("VL_OUT"))
        .map(|line| {
            parse_port(line).ok_or_else(|| Error::PortKind {
                top: top.to_owned(),
                declaration: line.to_owned(),
            })
        })
        .collect()
}

fn parse_port(line: &str) -> Option<PortDeclaration> {
    let (macro_name, rest) = line.split_once('(')?;
    let is_input = macro_name.starts_with("VL_IN") && !macro_name.starts_with("VL_INOUT");
    let is_output = macro_name.starts_with("VL_OUT");
    let mut parts = rest.strip_suffix(");")?.split(',');
    let field = parts.next()?.strip_prefix('&')?;
    let mut number = || parts.next()?.parse::<u32>().ok();
    let (msb, lsb) = (number()?, number()?);
    let plain = field
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    (plain && (is_input || is_output) && msb >= lsb).then(|| PortDeclaration {
        field: field.to_owned(),
        width: msb - lsb + 1,
        is_input,
    })
}

/// The text of `model_ports.inc` for the shim.
pub(super) fn shim_table(ports: &[PortDeclaration]) -> String {
    let line = |port: &PortDeclaration| {
        let kind = match (port.is_input, port.width > 64) {
            (true, false) => "GL_INPUT",
            (true, true) => "GL_INPUT_WIDE",
            (false, _) => "GL_OUTPUT",
        };
        format!(
            "{kind}({}, \"{}\", {})\n",
            port.field,
            port.name(),
            port.width
        )
    };
    ports.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_width_class_is_read() {
        let header = "  // PORTS\n    VL_IN8(&clock,0,0);\n    VL_OUT16(&word,15,0);\n    VL_IN(&a___05Fb,31,0);\n    VL_OUT64(&q,63,0);\n    VL_INW(&wide,99,0,4);\n  void eval();\n";
        let ports = parse_ports("top", header).expect("ports");
        let brief: Vec<_> = ports
            .iter()
            .map(|port| (port.name(), port.width, port.is_input))
            .collect();
        let expected = [
            ("clock", 1, true),
            ("word", 16, false),
            ("a__b", 32, true),
            ("q", 64, false),
            ("wide", 100, true),
        ];
        assert_eq!(
            brief,
            expected.map(|(name, width, input)| (name.to_owned(), width, input))
        );
        assert!(shim_table(&ports).contains("GL_INPUT_WIDE(wide, \"wide\", 100)\n"));
    }

    #[test]
    fn arrays_and_bidirectional_ports_are_refused_by_name() {
        for line in ["VL_IN8((&a)[4],7,0);", "VL_INOUT8(&b,0,0);"] {
            let error = parse_ports("top", line).expect_err("must be refused");
            assert!(error.to_string().contains(line), "{error}");
        }
    }
}
