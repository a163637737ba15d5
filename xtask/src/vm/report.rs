//! What the guest reported, added up.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::board::Board;
use super::guest::Files;

/// The sum of all boards.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Names of the boards.
    pub boards: Vec<String>,
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    /// Tests that were not run although what they test is possible behind a kernel.
    pub skipped: u64,
    /// Bootstraps of full-strength keys on Verilated boards, bit-exact at every stage.
    pub full_strength_rtl: u64,
    /// IOMMU groups by board.
    pub iommu_groups: BTreeMap<String, u64>,
    /// What failed, and why.
    pub failures: Vec<String>,
}

impl Sum {
    /// Nothing ran.
    pub fn failed(reason: &str) -> Self {
        Self {
            failed: 1,
            failures: vec![reason.to_owned()],
            ..Self::default()
        }
    }

    /// Reads what the guest wrote.
    ///
    /// # Errors
    /// A guest that did not come to its end, a report that is none.
    pub fn read(files: &Files, boards: &[Board]) -> Result<Self> {
        let path = files.facts();
        let facts =
            fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        let mut reports = Vec::new();
        for index in 0..boards.len() {
            let path = files.report(index);
            let text = fs::read_to_string(&path);
            reports.push(text.with_context(|| format!("read {}", path.display()))?);
        }
        Self::of(&facts, boards, &reports)
    }

    fn of(facts: &str, boards: &[Board], reports: &[String]) -> Result<Self> {
        ensure!(
            facts.lines().last() == Some("end"),
            "the guest did not come to its end; it found:\n{facts}"
        );
        let mut sum = Self {
            passed: facts
                .lines()
                .filter(|line| line.starts_with("passed:"))
                .count() as u64,
            ..Self::default()
        };
        for line in facts.lines().filter(|line| line.starts_with("failed:")) {
            sum.failed += 1;
            sum.failures.push(line.to_owned());
        }
        for (index, (board, report)) in boards.iter().zip(reports).enumerate() {
            let name = board.name();
            let fact = |key: &str, field: usize| {
                let start = format!("{key} {index} ");
                let line = facts.lines().find(|line| line.starts_with(&start));
                line.and_then(|line| line.split(' ').nth(field)?.parse::<u64>().ok())
            };
            let group = fact("board", 3).with_context(|| {
                format!("{name}: not in the guest, or in no IOMMU group\n{facts}")
            })?;
            sum.iommu_groups.insert(name.clone(), group);
            sum.add(board, &name, report, fact("done", 2))?;
            sum.boards.push(name);
        }
        Ok(sum)
    }

    fn add(&mut self, board: &Board, name: &str, report: &str, code: Option<u64>) -> Result<()> {
        let report: Value = serde_json::from_str(report)
            .with_context(|| format!("{name}: no report, exit code {code:?}: {report:?}"))?;
        if let Some(error) = report["error"].as_str() {
            self.failed += 1;
            self.failures.push(format!("{name}: {error}"));
            return Ok(());
        }
        let found = report["configuration"].as_str();
        ensure!(
            found == Some(board.configuration),
            "{name}: the guest found {found:?} in its slot"
        );
        let count = |field: &str| {
            report[field]
                .as_u64()
                .with_context(|| format!("{name}: no number {field:?} in its report"))
        };
        let failed = count("failed")?;
        self.passed += count("passed")?;
        self.failed += failed;
        let tests = report["tests"].as_array();
        let impossible = tests.into_iter().flatten();
        let impossible = impossible.filter(|test| test["impossible"] == true).count() as u64;
        self.skipped += count("not_applicable")?.saturating_sub(impossible);
        if failed == 0 && code != Some(0) {
            self.failed += 1;
            self.failures.push(format!("{name}: exit code {code:?}"));
        }
        for test in report["tests"].as_array().into_iter().flatten() {
            let text = |field: &str| test[field].as_str().unwrap_or_default();
            match text("outcome") {
                "passed" if board.kind == "rtl" && !text("test").contains("TOY") => {
                    self.full_strength_rtl += test["ciphertexts"].as_u64().unwrap_or(0);
                }
                "failed" => {
                    self.failures
                        .push(format!("{name}: {}: {}", text("test"), text("detail")))
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether everything ran and passed.
    pub fn is_a_pass(&self) -> bool {
        self.failed == 0 && self.skipped == 0 && self.passed > 0 && self.full_strength_rtl > 0
    }

    /// The last line.
    pub fn line(&self, accelerator: Option<&str>, seconds: f64) -> String {
        json!({
            "boards": self.boards,
            "passed": self.passed,
            "failed": self.failed,
            "skipped": self.skipped,
            "full_strength_rtl": self.full_strength_rtl,
            // Of the first Verilated board; each board stands in one of its own.
            "iommu_group": self.iommu_groups.iter().find(|(name, _)| name.starts_with("rtl")).map(|(_, group)| group),
            "iommu_groups": self.iommu_groups,
            "accelerator": accelerator,
            "failures": self.failures,
            "seconds": (seconds * 10.0).round() / 10.0,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const FACTS: &str = "passed: probe\nboard 0 0000:01:00.0 6\ndone 0 0\nboard 1 0000:02:00.0 7\ndone 1 0\n\
                         board 2 0000:03:00.0 8\ndone 2 0\nend\n";

    fn reports() -> Vec<String> {
        let report = |configuration: &str, ciphertexts: u64| {
            json!({
                "configuration": configuration, "passed": 10, "failed": 0, "not_applicable": 0,
                "tests": [{"test": "vectors::V1", "outcome": "passed", "ciphertexts": ciphertexts}],
            })
            .to_string()
        };
        vec![report("toy", 0), report("toy", 0), report("sim", 4)]
    }

    fn of(facts: &str, reports: &[String]) -> Result<Sum> {
        Sum::of(facts, &Board::all(Path::new("/")), reports)
    }

    #[test]
    fn a_pass_is_added_up() {
        let sum = of(FACTS, &reports()).expect("a sum");
        assert!(sum.is_a_pass());
        let line: Value = serde_json::from_str(&sum.line(Some("tcg"), 1.26)).expect("JSON");
        assert_eq!(line["boards"], json!(["model toy", "rtl toy", "rtl sim"]));
        assert_eq!((&line["passed"], &line["skipped"]), (&json!(31), &json!(0)));
        assert_eq!(
            (&line["full_strength_rtl"], &line["iommu_group"]),
            (&json!(4), &json!(8))
        );
        assert_eq!(line["seconds"], json!(1.3));
    }

    #[test]
    fn what_is_missing_is_no_pass() {
        assert!(
            of(&FACTS.replace("end\n", ""), &reports()).is_err(),
            "no end"
        );
        assert!(
            of(&FACTS.replace(" 7", " "), &reports()).is_err(),
            "no group"
        );
        let mut torn = reports();
        torn[1].truncate(20);
        assert!(of(FACTS, &torn).is_err(), "a torn report");
        let mut swapped = reports();
        swapped.swap(1, 2);
        assert!(of(FACTS, &swapped).is_err(), "another board");
        let killed = of(&FACTS.replace("done 2 0", "done 2 137"), &reports()).expect("a sum");
        assert!(!killed.is_a_pass());
        let refused = [
            reports()[0].clone(),
            json!({"error": "no"}).to_string(),
            reports()[2].clone(),
        ];
        assert_eq!(
            of(FACTS, &refused).expect("a sum").failures,
            ["rtl toy: no"]
        );
        let unloaded = format!("failed: insmod vfio\n{FACTS}");
        assert!(!of(&unloaded, &reports()).expect("a sum").is_a_pass());
        let mut skipped = reports();
        skipped[0] = skipped[0].replace("\"not_applicable\":0", "\"not_applicable\":1");
        assert!(!of(FACTS, &skipped).expect("a sum").is_a_pass());
        // What cannot happen behind a kernel is not left out.
        skipped[0] =
            skipped[0].replace("\"ciphertexts\":0", "\"ciphertexts\":0,\"impossible\":true");
        assert!(of(FACTS, &skipped).expect("a sum").is_a_pass());
        assert!(!Sum::failed("no QEMU").is_a_pass());
    }
}
