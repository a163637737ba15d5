//! `conformance`: the tests over every device, as the pages docs/conformance.md and docs/faults.md.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::board::Board;
use super::guest::Files;
use super::{Sockets, fault_page};
use crate::cargo::{self, root};

const PAGE: &str = "docs/conformance.md";
const HEAD: &str = "# Which device passes which test

Written by `make conformance`, which runs the tests and then writes what they gave. The boards are of the configuration `toy`: the golden model behind the registers, and the Verilated RTL. A device is the board in the driver's process, in a process of
its own behind a vfio-user socket, or in a slot of a virtual machine with a stock Debian kernel, an IOMMU and `vfio-pci` (`make test-vm`). On a physical board those that need the simulator's side channel are not applicable. The tests are in `tests/conformance/src`, a module a part.

";

/// A device and the report of its tests.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) report: Value,
}

impl Column {
    /// Its tests.
    pub(super) fn tests(&self) -> Vec<Value> {
        let tests = self.report["tests"].as_array();
        tests.cloned().unwrap_or_default()
    }

    /// What a page says of a test that stands at this place of the list.
    ///
    /// # Errors
    /// Another test stands there, or none.
    pub(super) fn outcome(&self, row: usize, name: &str) -> Result<&'static str> {
        let found = &self.report["tests"][row];
        ensure!(found["test"] == name, "{}: {name} was not run", self.name);
        Ok(match found["outcome"].as_str() {
            Some("passed") => "passed",
            Some("not_applicable") => "not applicable",
            _ => "**failed**",
        })
    }
}

/// Runs the tests on the boards outside of the virtual machine, and writes the pages.
///
/// # Errors
/// A board that cannot be started, a page that cannot be written; a test that fails stands in the page.
pub fn write() -> Result<()> {
    let goldilane = cargo::target()?.join("release/goldilane");
    let folder = root()?.join("target/vm");
    let sockets = Sockets::new()?;
    let files = Files::of(&folder);
    let mut columns = Vec::new();
    let boards = Board::all(&sockets.0);
    for (index, board) in boards
        .iter()
        .enumerate()
        .filter(|(_, board)| board.arguments.is_empty())
    {
        let name = if board.kind == "rtl" {
            "RTL"
        } else {
            board.kind
        };
        let mut column = |place: &str, report: Value| {
            let name = format!("{name}, {place}");
            columns.push(Column { name, report });
        };
        let conform = |arguments: &[&str]| report(&goldilane, arguments);
        column(
            "in process",
            conform(&["--device", board.kind, "--config", board.configuration])?,
        );
        let process = board.serve(&goldilane, &folder.join(format!("served{index}.log")))?;
        let (device, side) = (
            format!("socket:{}", board.socket.display()),
            board.side_channel.display(),
        );
        column(
            "socket",
            conform(&["--device", &device, "--side-channel", &side.to_string()])?,
        );
        process.end()?;
        let path = files.report(index);
        let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        column(
            "virtual machine",
            serde_json::from_str(&text).with_context(|| path.display().to_string())?,
        );
    }
    let facts = fs::read_to_string(files.facts()).context("read what the guest found")?;
    for (name, text) in [
        (PAGE, text(&columns, &facts)?),
        (fault_page::PAGE, fault_page::text(&columns, &facts)?),
    ] {
        let page = root()?.join(name);
        fs::write(&page, text).with_context(|| format!("write {}", page.display()))?;
        println!("wrote {name}");
    }
    Ok(())
}

fn report(goldilane: &Path, arguments: &[&str]) -> Result<Value> {
    let output = Command::new(goldilane)
        .args(["conform", "--json"])
        .args(arguments)
        .output()
        .context("run goldilane conform")?;
    serde_json::from_slice(&output.stdout).with_context(|| {
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        format!("goldilane conform {}: {errors}", arguments.join(" "))
    })
}

fn text(columns: &[Column], facts: &str) -> Result<String> {
    let mut page = HEAD.to_owned();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    writeln!(
        page,
        "| test | {} |\n|---|{}",
        names.join(" | "),
        "---|".repeat(names.len())
    )?;
    let first = columns.first().context("no device")?;
    for (row, test) in first.tests().iter().enumerate() {
        let name = test["test"].as_str().unwrap_or_default();
        let cells: Vec<_> = columns
            .iter()
            .map(|column| column.outcome(row, name))
            .collect::<Result<_>>()?;
        writeln!(page, "| {name} | {} |", cells.join(" | "))?;
    }
    let count = |field: &str| -> Vec<String> {
        columns
            .iter()
            .map(|column| column.report[field].to_string())
            .collect()
    };
    writeln!(page, "| passed | {} |", count("passed").join(" | "))?;
    writeln!(page, "| failed | {} |", count("failed").join(" | "))?;
    page.push_str("\nWhat only a kernel can show, in the virtual machine on the model board:\n\n| check | outcome |\n|---|---|\n");
    for line in facts.lines() {
        if let Some(name) = line.strip_prefix("passed: ") {
            writeln!(page, "| {name} | passed |")?;
        } else if let Some(name) = line.strip_prefix("failed: ") {
            writeln!(page, "| {name} | **failed** |")?;
        }
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn column(name: &str, outcome: &str) -> Column {
        let tests = json!([{"test": "queues::a", "outcome": "passed"}, {"test": "queues::b", "outcome": outcome}]);
        Column {
            name: name.to_owned(),
            report: json!({"tests": tests, "passed": 1, "failed": 1}),
        }
    }

    #[test]
    fn a_row_a_test_a_column_a_device() {
        let columns = [column("one", "failed"), column("two", "not_applicable")];
        let page = text(&columns, "passed: probe\nboard 0 a 1\nfailed: rescan\n").expect("a page");
        for row in [
            "| test | one | two |\n|---|---|---|\n| queues::a | passed | passed |\n",
            "| queues::b | **failed** | not applicable |\n| passed | 1 | 1 |",
            "| probe | passed |\n| rescan | **failed** |\n",
        ] {
            assert!(page.contains(row), "{page}");
        }
        let mut torn = column("two", "passed");
        torn.report["tests"].as_array_mut().expect("tests").pop();
        assert!(text(&[column("one", "passed"), torn], "").is_err());
    }
}
