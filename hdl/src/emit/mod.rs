//! A board as files: Verilog, file list, memory images, map of modules, deepest paths.

/// What the linter may complain about, with its reasons: Verilator configuration text.
pub const WAIVERS: &str = include_str!("../../waivers.vlt");
