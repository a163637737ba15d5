//! What yosys makes of a module: cells of a chip family, counted.
//!
//! A module is synthesised by itself; the modules that it instantiates are black boxes, and stand in the count under
//! their names. So each module of a hierarchy is synthesised once, and sums follow from the numbers of instances. Results
//! are kept under `target/verilated/synthesis`, by the module's text and the tool's version: what was counted once is not
//! counted again.

use std::collections::BTreeMap;
use std::fs;

use goldilane_cache::{Error as ToolError, place_in, process};
use sha2::{Digest, Sha256};

use super::build::short;
use super::design::write;
use super::{Design, Error, TextFile, models_folder};
use crate::tools::yosys;

/// A family of chips that yosys maps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Lattice ECP5.
    Ecp5,
    /// Xilinx 7-series.
    Series7,
    /// Xilinx UltraScale+.
    UltraScalePlus,
}

impl Family {
    /// All families.
    pub const ALL: [Self; 3] = [Self::Ecp5, Self::Series7, Self::UltraScalePlus];

    /// As a reader knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ecp5 => "ECP5",
            Self::Series7 => "7-series",
            Self::UltraScalePlus => "UltraScale+",
        }
    }

    /// The command of yosys. Nothing is put around the module: its ports are not pins.
    fn command(self) -> &'static str {
        match self {
            Self::Ecp5 => "synth_ecp5",
            Self::Series7 => "synth_xilinx -family xc7 -noiopad -noclkbuf",
            Self::UltraScalePlus => "synth_xilinx -family xcup -noiopad -noclkbuf",
        }
    }
}

/// Cells by type.
pub type Cells = BTreeMap<String, u64>;

/// File in which the count lies, in yosys's own JSON.
const COUNT: &str = "count.json";

/// Synthesises the top module of `design` and counts its cells. The other modules of the design are black boxes.
///
/// # Errors
/// No yosys, one that refuses the design, or a count that cannot be read.
pub fn synthesise(design: &Design, family: Family) -> Result<Cells, Error> {
    design.check()?;
    let wrong = |reason: String| Error::Design {
        top: design.top.clone(),
        reason,
    };
    let own = format!("{}.v", design.top);
    let mut sources = design.sources.iter();
    let top = sources
        .find(|file| file.name == own)
        .ok_or_else(|| wrong(format!("no file {own}")))?;
    let below = |file: &&TextFile| {
        let module = file.name.strip_suffix(".v").unwrap_or(&file.name);
        file.name != own && top.text.contains(&format!("\n  {module} "))
    };
    let below = design.sources.iter().filter(below);
    let boxes: String = below.filter_map(|file| black_box(&file.text)).collect();
    let yosys = yosys()?;
    let script = format!(
        "read_verilog -lib boxes.v\nread_verilog -sv {own}\n{} -top {}\ntee -q -o {COUNT} stat -json\n",
        family.command(),
        design.top
    );
    let mut hash = Sha256::new();
    for text in [&yosys.version()?, &script, &boxes, &top.text] {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    let images = || {
        let reads = |name: &str| top.text.contains(&format!("\"{name}\""));
        design.data.iter().filter(move |file| reads(&file.name))
    };
    images().for_each(|file| hash.update(&file.text));
    let operation = format!("synthesise {} for {}", design.top, family.name());
    let base = models_folder()?.join("synthesis");
    let folder = place_in::<Error>(&base, &short(hash), |folder| {
        let files = folder.join("files");
        write(&files.join(&own), &top.text)?;
        write(&files.join("boxes.v"), &boxes)?;
        write(&files.join("count.ys"), &script)?;
        for image in images() {
            write(&files.join(&image.name), &image.text)?;
        }
        let mut command = yosys.command();
        command.args(["-q", "-s", "count.ys"]);
        process::run(&operation, command.current_dir(&files), "")?;
        let (from, to) = (files.join(COUNT), folder.join(COUNT));
        fs::rename(&from, &to).map_err(ToolError::io("rename", &from))?;
        Ok(fs::remove_dir_all(&files).map_err(ToolError::io("remove folder", &files))?)
    })?;
    let path = folder.join(COUNT);
    let text = fs::read_to_string(&path).map_err(ToolError::io("read", &path))?;
    read_count(&text, &design.top).ok_or_else(|| wrong(format!("{}: no count", path.display())))
}

/// The head of an emitted module: its name and ports.
fn black_box(text: &str) -> Option<String> {
    let head = &text[text.find("\nmodule ")?..];
    let end = head.find("\n);")? + 3;
    Some(format!("(* blackbox *){}\nendmodule\n", &head[..end]))
}

fn read_count(text: &str, top: &str) -> Option<Cells> {
    let count: serde_json::Value = serde_json::from_str(text).ok()?;
    let cells = &count["modules"][format!("\\{top}")]["num_cells_by_type"];
    let number = |(name, count): (&String, &serde_json::Value)| {
        Some((name.trim_start_matches('\\').to_owned(), count.as_u64()?))
    };
    cells.as_object()?.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_and_counts_are_read() {
        let text = "// A leaf.\nmodule leaf (\n  input wire clk,\n  output wire [3:0] q\n); /* remark */\n  foo u_foo (.x(q)\n  );\nendmodule\n";
        let head = black_box(text).expect("a head");
        assert_eq!(
            head,
            "(* blackbox *)\nmodule leaf (\n  input wire clk,\n  output wire [3:0] q\n);\nendmodule\n"
        );
        let json = r#"{"modules": {"\\top": {"num_cells": 3, "num_cells_by_type": {"LUT4": 2, "leaf": 1}}}}"#;
        let cells = read_count(json, "top").expect("a count");
        assert_eq!(cells, Cells::from([("LUT4".into(), 2), ("leaf".into(), 1)]));
        assert_eq!(read_count(json, "other"), None);
        assert_eq!(read_count("", "top"), None);
    }
}
