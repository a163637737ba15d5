//! SystemVerilog texts with places for what depends on the shape: `{{NAME}}`.

use crate::netlist::Module;
use std::fmt::Write as _;

/// Puts the values in their places.
pub fn fill(template: &str, values: &[(&str, String)]) -> String {
    let text = values
        .iter()
        .fold(template.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{{{name}}}}}"), value.trim_end())
        });
    debug_assert!(!text.contains("{{"), "a place is left");
    text
}

/// A variable for each port of `module` that `wanted` chooses, all zero at first.
pub fn declarations(module: &Module, wanted: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    for port in module.ports().iter().filter(|p| wanted(&p.name)) {
        let range = match port.width {
            1 => String::new(),
            width => format!("[{}:0] ", width - 1),
        };
        let first = if port.output { "" } else { " = '0" };
        let _ = writeln!(text, "  logic {range}{}{first};", port.name);
    }
    text
}

/// The connections of an instance: clock, reset, then each port with what `net` says.
pub fn connections(module: &Module, net: impl Fn(&str) -> String) -> String {
    let ports = module.ports();
    let mut pins = vec!["    .clk(clk)".to_owned(), "    .rst(rst)".to_owned()];
    pins.extend(
        ports
            .iter()
            .map(|p| format!("    .{}({})", p.name, net(&p.name))),
    );
    pins.join(",\n")
}
