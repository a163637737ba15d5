//! The phases of a check run, their budgets, and a record of what they took.
//!
//! A phase appends one line to `target/phases.txt`: `phase<TAB>seconds`. `summary` prints the last value of each and
//! empties the file.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::cargo::{Outcome, root};

/// A phase with the seconds that it may take on a two-core machine that starts from nothing.
#[derive(Debug, Clone, Copy)]
pub struct Phase {
    name: &'static str,
    budget: u64,
}

/// Building the workspace, which is mostly building tfhe.
pub const TFHE: Phase = Phase {
    name: "tfhe build",
    budget: 12 * 60,
};
/// Building the Verilated models.
pub const MODELS: Phase = Phase {
    name: "Verilated models",
    budget: 8 * 60,
};
/// Building and running the tests.
pub const TESTS: Phase = Phase {
    name: "tests",
    budget: 18 * 60,
};
/// rustfmt, clippy (which reads tfhe once more), Verilog lint.
pub const LINT: Phase = Phase {
    name: "lint",
    budget: 10 * 60,
};
/// The conformance tests in a virtual machine, its programs included.
pub const VM: Phase = Phase {
    name: "VM",
    budget: 10 * 60,
};

const ALL: [Phase; 5] = [TFHE, MODELS, TESTS, VM, LINT];

/// The name under which the tests' sum stands in the record.
const COUNTS: &str = "counts";

fn record_path() -> Result<PathBuf> {
    Ok(root()?.join("target/phases.txt"))
}

fn append(line: &str) -> Result<()> {
    let path = record_path()?;
    let mut file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .with_context(|| format!("open {}", path.display()))?;
    writeln!(file, "{line}").with_context(|| format!("write {}", path.display()))
}

/// Runs a phase and records its time, also when it fails.
pub fn timed(phase: Phase, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let begin = Instant::now();
    let result = work();
    let seconds = begin.elapsed().as_secs();
    append(&format!("{}\t{seconds}", phase.name))?;
    println!("{}", line(phase, seconds));
    result.with_context(|| format!("phase {:?}", phase.name))
}

/// Records what the tests gave.
pub fn record_tests(outcome: &Outcome) -> Result<()> {
    append(&format!("{COUNTS}\t{} {}", outcome.passed, outcome.failed))
}

fn line(phase: Phase, seconds: u64) -> String {
    let remark = if seconds > phase.budget {
        "  over its budget"
    } else {
        ""
    };
    format!(
        "phase {:<18} {seconds:>5} s of {:>4} s{remark}",
        phase.name, phase.budget
    )
}

/// Prints the phases since the last summary and the tests' sum as the last line.
pub fn summary() -> Result<()> {
    let path = record_path()?;
    let text = fs::read_to_string(&path).unwrap_or_default();
    if path.exists() {
        fs::remove_file(&path).with_context(|| format!("remove {}", path.display()))?;
    }
    for line in summary_lines(&text)? {
        println!("{line}");
    }
    Ok(())
}

fn summary_lines(record: &str) -> Result<Vec<String>> {
    let last = |name: &str| {
        record
            .lines()
            .rev()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'))
    };
    let mut lines = Vec::new();
    for phase in ALL {
        if let Some(seconds) = last(phase.name) {
            lines.push(line(phase, seconds.parse().context("a phase's seconds")?));
        }
    }
    let Some((passed, failed)) = last(COUNTS).and_then(|counts| counts.split_once(' ')) else {
        bail!("the tests did not run to their end");
    };
    lines.push(format!("{passed} passed, {failed} failed"));
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_of_each_phase_counts_and_the_sum_comes_last() {
        let record = "lint\t5\ntfhe build\t700\nlint\t601\ncounts\t40 2\n";
        assert_eq!(
            summary_lines(record).expect("summary"),
            [
                "phase tfhe build           700 s of  720 s",
                "phase lint                 601 s of  600 s  over its budget",
                "40 passed, 2 failed",
            ]
        );
    }

    #[test]
    fn a_record_without_tests_is_an_error() {
        assert!(summary_lines("lint\t5\n").is_err());
    }
}
