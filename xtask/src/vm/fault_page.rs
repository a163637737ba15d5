//! The page docs/faults.md: what goes wrong, what the driver makes of it, on which devices that was seen.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::page::Column;

pub(super) const PAGE: &str = "docs/faults.md";
const PART: &str = "faults::";
const HEAD: &str = "# What the driver makes of faults

Written by `make conformance` together with [conformance.md](conformance.md), from what the tests of faults found. A test makes something wrong between the board and its host, or in the board, over the side channel (`side-channel/src/lib.rs`), while jobs
are in flight. It passes if the driver reports the fault with operation and object, within its time limits; if nothing wrong is handed out; if every job is done once or comes back once; and if the board is of use again by the way that stands beside it.
The tests are in `tests/conformance/src/faults`.

Not applicable is what cannot happen to a board in the driver's process, or what a kernel keeps from the driver: a read that is not answered becomes all ones, QEMU stops the machine at a fatal error and gives a board whose process died up for good, and
mappings are the IOMMU's.

";

/// Makes the page.
///
/// # Errors
/// A fault that says nothing of itself, devices with other tests.
pub(super) fn text(columns: &[Column], facts: &str) -> Result<String> {
    let mut page = HEAD.to_owned();
    page.push_str("| fault | what the driver reports | what then |\n|---|---|---|\n");
    let first = columns.first().context("no device")?.tests();
    let faults: Vec<(usize, &str, &str)> = first
        .iter()
        .enumerate()
        .filter_map(|(row, test)| Some((row, test, test["test"].as_str()?)))
        .filter(|(_, _, name)| name.starts_with(PART))
        .map(|(row, test, name)| {
            let fault = test["fault"].as_str();
            Ok((
                row,
                name,
                fault.with_context(|| format!("{name}: it does not say what goes wrong"))?,
            ))
        })
        .collect::<Result<_>>()?;
    ensure!(!faults.is_empty(), "no faults");
    for &(row, name, fault) in &faults {
        // What the first device reports on which it can happen: they all report the same.
        let reported = columns
            .iter()
            .filter_map(|column| column.report["tests"][row]["reported"].as_array())
            .find(|reported| !reported.is_empty());
        let reported = distinct(reported.into_iter().flatten().filter_map(Value::as_str));
        let reported = match reported.as_slice() {
            [] => "nothing".to_owned(),
            some => some.join("<br>"),
        };
        let then = first[row]["recovery"].as_str();
        let then = then.with_context(|| format!("{name}: it does not say what then"))?;
        writeln!(page, "| {fault} | {reported} | {then} |")?;
    }
    page.push_str("\n## Where this was seen\n\n");
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let (names, rule) = (names.join(" | "), "---|".repeat(columns.len()));
    writeln!(page, "| fault | test | {names} |\n|---|---|{rule}")?;
    for &(row, name, fault) in &faults {
        let cells: Vec<_> = columns
            .iter()
            .map(|column| column.outcome(row, name))
            .collect::<Result<_>>()?;
        let test = name.trim_start_matches(PART);
        writeln!(page, "| {fault} | {test} | {} |", cells.join(" | "))?;
    }
    page.push_str("\nIn the virtual machine besides, by commands of its kernel, on the model board:\n\n| check | outcome |\n|---|---|\n");
    for line in facts.lines() {
        let (outcome, name) = match line.split_once(": ") {
            Some(("passed", name)) => ("passed", name),
            Some(("failed", name)) => ("**failed**", name),
            _ => continue,
        };
        if ["killed", "removed", "asked back"]
            .iter()
            .any(|word| name.contains(word))
        {
            writeln!(page, "| {name} | {outcome} |")?;
        }
    }
    Ok(page)
}

/// Reports that differ in more than their numbers, as cells have them.
fn distinct<'r>(reported: impl Iterator<Item = &'r str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    reported
        .filter(|text| seen.insert(text.replace(|c: char| c.is_ascii_digit(), "")))
        .map(|text| format!("`{}`", text.replace('|', "/").replace('`', "'")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn column(name: &str, outcome: &str, reported: &[&str]) -> Column {
        let tests = json!([
            {"test": "queues::a", "outcome": "passed"},
            {"test": "faults::b", "outcome": outcome, "fault": "B breaks", "recovery": "Mend it.", "reported": reported},
        ]);
        Column {
            name: name.to_owned(),
            report: json!({ "tests": tests }),
        }
    }

    #[test]
    fn a_fault_has_its_report_its_way_out_and_its_devices() {
        let columns = [
            column("one", "not_applicable", &[]),
            column(
                "two",
                "passed",
                &["read b 1: a|b", "read b 22: a|b", "again"],
            ),
        ];
        let facts =
            "passed: probe\npassed: a driver killed\nfailed: a board that was removed\nend\n";
        let page = text(&columns, facts).expect("a page");
        for row in [
            "| B breaks | `read b 1: a/b`<br>`again` | Mend it. |\n",
            "| fault | test | one | two |\n|---|---|---|---|\n| B breaks | b | not applicable | passed |\n",
            "|---|---|\n| a driver killed | passed |\n| a board that was removed | **failed** |\n",
        ] {
            assert!(page.contains(row), "{row}\n{page}");
        }
        assert!(!page.contains("probe") && !page.contains("queues"));
        let mute = json!({"tests": [{"test": "faults::c", "outcome": "passed"}]});
        let mute = Column {
            name: String::new(),
            report: mute,
        };
        assert!(text(&[mute], facts).is_err());
        assert!(text(&[], facts).is_err());
    }
}
