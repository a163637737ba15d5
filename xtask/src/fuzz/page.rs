//! `docs/fuzz.md`.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};

use super::Target;
use super::log::Numbers;
use crate::cargo::root;

/// A target that ran.
pub struct Row {
    target: Target,
    stamp: String,
    numbers: Numbers,
    passed: bool,
}

/// Begins a log: of which commit, on which day.
pub const STAMP: &str = "commit ";

impl Row {
    /// From a whole log.
    pub fn of(target: Target, log: &str) -> Self {
        let stamp = log.lines().next().and_then(|line| line.strip_prefix(STAMP));
        let numbers = Numbers::parse(log);
        Self {
            target,
            stamp: stamp.unwrap_or_default().to_owned(),
            // Only a run that was not broken off tells its seconds.
            passed: numbers.seconds > 0,
            numbers,
        }
    }
}

const HEAD: &str = "# A hostile device and a hostile host

Fuzz targets in `tests/fuzz`, run by libFuzzer on the stable toolchain. An input is a script: bytes that say what the device answers and its user asks for,
or what the host writes, rings and sends. The rules that a script must not break stand at the head of `tests/fuzz/src/driver/mod.rs` and
`tests/fuzz/src/board/mod.rs`; after each script of a host the board is reset in one of four ways, must be idle in time, and must bootstrap a known ciphertext
under a known key to the golden model's words.

`FUZZ_SECONDS=600 make fuzz` runs each target (or those of `FUZZ_TARGETS`) for so long and writes this page; logs and failing inputs lie in `target/fuzz`. `make fuzz-proof` plants a bug for each
target (feature `planted-bug`) and ends well only if each is found. `make test` replays what is kept: `tests/fuzz/corpus`, and in `tests/fuzz/regressions`
the inputs that once found something. `cargo run --release -p xtask -- fuzz keep` chooses the corpus anew from everything that was grown.

An edge is a branch of a program's Rust code, all crates of the workspace and of others in it; much of it, the hardware description for one, runs once or never
in a target. The Verilated hardware is not instrumented: scripts are grown on the model board's coverage, too, and shared.

What they found: a device that claims rings of no entries ended the driver by a panic (`regressions/driver/no_rings`); a register reset during a self-test left the hardware's
controller waiting for the self-test's end, so that no bootstrap was ever started again (`regressions/board/reset_in_self_test`; also `resets::a_reset_ends_a_self_test` of the
conformance tests). `tests/fuzz/logs` has the lines of the logs below that count.
";

/// Writes the page.
pub fn write(rows: &[Row]) -> Result<()> {
    let mut page = format!(
        "{HEAD}\n\
         | target | against | executions | seconds | edges taken | of | inputs grown | outcome | commit |\n\
         |---|---|---|---|---|---|---|---|---|\n"
    );
    for row in rows {
        let Numbers {
            executions,
            seconds,
            covered,
            edges,
            inputs,
        } = row.numbers;
        let outcome = if row.passed { "clean" } else { "broke a rule" };
        let _ = writeln!(
            page,
            "| `{}` | {} | {executions} | {seconds} | {covered} | {edges} | {inputs} | {outcome} | {} |",
            row.target.name, row.target.what, row.stamp
        );
    }
    let path = root()?.join("docs/fuzz.md");
    fs::write(&path, page).with_context(|| format!("write {}", path.display()))
}
