//! File lists: plain, and as cores of FuseSoC.

use std::fmt::Write as _;

use goldilane_hdl::netlist::EmittedFile;

use super::RTL;

/// The general clock gate, which a board replaces by the cell of its chip.
pub const GATE: &str = "rtl/clock_gate.v";
/// The flag of a board that does.
const OWN_GATE: &str = "own_clock_gate";

/// A core: name, what it is, top module, part of the chip if there is one.
pub struct Core<'a> {
    pub name: &'a str,
    pub doc: &'a str,
    pub top: &'a str,
    /// Verilog.
    pub sources: &'a [String],
    /// Memory images, and the names under which the Verilog reads them.
    pub images: &'a [(String, String)],
    /// Ports of vendors' modules, for lint alone.
    pub stubs: &'a [&'a str],
    /// Other cores.
    pub depends: &'a [&'a str],
    /// Constraints, and the part.
    pub chip: Option<(&'a str, &'a str)>,
}

/// The lists of a configuration: path below `bitstreams/` and text.
pub fn of_configuration(name: &str, top: &str, files: &[EmittedFile]) -> Vec<(String, String)> {
    let (verilog, images): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| file.name.ends_with(".v"));
    let sources: Vec<String> = (verilog.iter())
        .map(|file| format!("{RTL}/{}", file.name))
        .collect();
    let images: Vec<(String, String)> = (images.iter())
        .map(|file| (format!("{RTL}/{}", file.name), file.name.clone()))
        .collect();
    let doc = format!("The accelerator, configuration {name}.");
    let core = Core {
        name,
        doc: &doc,
        top,
        sources: &sources,
        images: &images,
        stubs: &[],
        depends: &[],
        chip: None,
    };
    let how = format!("goldilane emit {name} --out bitstreams/{name}/{RTL}");
    vec![
        (format!("{name}/files.f"), plain(&how, &sources)),
        (format!("{name}/goldilane_{name}.core"), capi2(&how, &core)),
    ]
}

/// The plain list.
pub fn plain(how: &str, sources: &[String]) -> String {
    let head = format!("// Written by make bitstreams. The Verilog: {how}\n");
    sources.iter().fold(head, |text, file| text + file + "\n")
}

/// The list as a core.
pub fn capi2(how: &str, core: &Core<'_>) -> String {
    let mut text = format!(
        "CAPI=2:\n# Written by make bitstreams. The Verilog: {how}\n\nname: goldilane::{}:{}\ndescription: \"{}\"\n\nfilesets:\n  rtl:\n    files:\n",
        core.name,
        env!("CARGO_PKG_VERSION"),
        core.doc
    );
    for file in core.sources {
        let _ = match file.as_str() {
            GATE => writeln!(text, "      - \"!{OWN_GATE} ? ({file})\""),
            _ => writeln!(text, "      - {file}"),
        };
    }
    text += "    file_type: verilogSource-2005\n";
    if !core.depends.is_empty() {
        let _ = writeln!(text, "    depend: [{}]", core.depends.join(", "));
    }
    let mut sets = vec!["rtl"];
    if !core.images.is_empty() {
        // The tool runs in a folder of its own, where $readmemh looks.
        text += "  images:\n    files:\n";
        for (file, name) in core.images {
            let _ = writeln!(text, "      - {file}: {{copyto: {name}}}");
        }
        text += "    file_type: user\n";
        sets.push("images");
    }
    if let Some((constraints, _)) = core.chip {
        let _ = write!(
            text,
            "  constraints:\n    files:\n      - {constraints}\n    file_type: xdc\n"
        );
    }
    let (sets, top) = (sets.join(", "), core.top);
    let mut linted = sets.clone();
    if !core.stubs.is_empty() {
        text += "  stubs:\n    files:\n";
        for stub in core.stubs {
            let _ = writeln!(text, "      - {stub}");
        }
        text += "    file_type: verilogSource-2005\n";
        linted = format!("stubs, {linted}");
    }
    // A board has its own gate, whatever is made of it.
    let flags = match core.chip {
        Some(_) => format!("    flags:\n      {OWN_GATE}: true\n"),
        None => String::new(),
    };
    let _ = write!(
        text,
        "\ntargets:\n  default:\n    filesets: [{sets}]\n    toplevel: {top}\n{flags}  lint:\n    flow: lint\n    flow_options:\n      tool: verilator\n      verilator_options: [--no-timing, -Wno-UNUSEDSIGNAL]\n    filesets: [{linted}]\n    toplevel: {top}\n{flags}"
    );
    if let Some((_, part)) = core.chip {
        let _ = write!(
            text,
            "  synth:\n    flow: vivado\n    flow_options:\n      part: {part}\n    filesets: [{sets}, constraints]\n    toplevel: {top}\n{flags}"
        );
    }
    text
}
