//! Running cargo from the workspace's root.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// The workspace's folder.
pub fn root() -> Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("the workspace's folder")
}

/// A cargo command line in the workspace's folder, with the cargo that runs this program.
fn command(arguments: &[&str]) -> Result<Command> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments).current_dir(root()?);
    Ok(command)
}

/// The folder in which cargo builds.
pub fn target() -> Result<PathBuf> {
    let set = std::env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty());
    Ok(root()?.join(set.unwrap_or_else(|| "target".into())))
}

/// Runs cargo; an exit status other than zero is an error.
pub fn run(arguments: &[&str]) -> Result<()> {
    run_with(arguments, &[])
}

/// Runs cargo with variables of the environment.
pub fn run_with(arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    let line = format!("cargo {}", arguments.join(" "));
    println!("+ {line}");
    let mut command = command(arguments)?;
    command.envs(variables.iter().copied());
    let status = command.status().with_context(|| line.clone())?;
    ensure!(status.success(), "{line}: {status}");
    Ok(())
}

/// What all tests together gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    /// Whether cargo ended well: false also when something did not compile or a test binary died.
    pub success: bool,
}

impl Outcome {
    /// `N passed, N failed`.
    pub fn sentence(&self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed)
    }
}

/// Runs every test of the workspace, shows cargo's output as it comes, and adds up its result lines.
pub fn test_workspace() -> Result<Outcome> {
    let arguments = ["test", "--release", "--workspace", "--no-fail-fast"];
    println!("+ cargo {}", arguments.join(" "));
    let mut child = command(&arguments)?
        .stdout(Stdio::piped())
        .spawn()
        .context("start cargo test")?;
    let Some(output) = child.stdout.take() else {
        bail!("cargo test has no output");
    };
    let mut outcome = Outcome {
        passed: 0,
        failed: 0,
        success: false,
    };
    let mut terminal = std::io::stdout();
    for line in BufReader::new(output).split(b'\n') {
        let line = line.context("read the output of cargo test")?;
        let line = String::from_utf8_lossy(&line);
        writeln!(terminal, "{line}").context("print")?;
        if let Some((passed, failed)) = parse_result(&line) {
            outcome.passed += passed;
            outcome.failed += failed;
        }
    }
    outcome.success = child.wait().context("wait for cargo test")?.success();
    Ok(outcome)
}

/// Reads `test result: ok. 7 passed; 0 failed; ...`.
fn parse_result(line: &str) -> Option<(u64, u64)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = counts.split("; ");
    let mut count = |word: &str| {
        counts
            .next()?
            .strip_suffix(word)?
            .trim_end()
            .parse::<u64>()
            .ok()
    };
    Some((count("passed")?, count("failed")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_read_and_others_are_not() {
        let ok = "test result: ok. 7 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(parse_result(ok), Some((7, 0)));
        let failed = "test result: FAILED. 11 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 9.1s";
        assert_eq!(parse_result(failed), Some((11, 2)));
        assert_eq!(parse_result("test net::result ... ok"), None);
    }

    /// A build of tfhe takes ten minutes. Cargo builds it once only if the crates below it have the same features
    /// whichever part of the workspace is chosen; `host-driver/tfhe/Cargo.toml` sees to that.
    #[test]
    fn tfhe_is_the_same_for_every_part_of_the_workspace() {
        let below = lines(&["-p", "tfhe", "-e", "normal,build", "-f", "{p} "]);
        assert!(below.iter().any(|line| line.starts_with("tfhe v")));
        let features = |choice: &[&str]| -> Vec<String> {
            let mut arguments = choice.to_vec();
            arguments.extend(["-e", "normal,build,dev", "-f", "{p} |{f}"]);
            let mut all = lines(&arguments);
            all.retain(|line| below.iter().any(|name| line.starts_with(name.as_str())));
            all
        };
        let workspace = features(&["--workspace"]);
        for part in [
            "goldilane-cli",
            "goldilane-tests",
            "goldilane-driver-tfhe",
            "goldilane-workloads",
        ] {
            assert_eq!(features(&["-p", part]), workspace, "{part}");
        }
    }

    /// What runs in a virtual machine, or on a host that only drives boards, has no tfhe and no simulator in it.
    #[test]
    fn the_binary_without_features_has_no_boards_and_no_tfhe() {
        let choice = ["-p", "goldilane-cli", "-e", "normal", "-f", "{p} "];
        let with = |features: &[&str]| lines(&[&choice[..], features].concat());
        let heavy = [
            "tfhe v",
            "goldilane-hdl v",
            "goldilane-sim v",
            "goldilane-verilator v",
            "libloading v",
        ];
        let found = |lines: &[String], name: &str| lines.iter().any(|line| line.starts_with(name));
        let without = with(&["--no-default-features"]);
        assert!(found(&without, "goldilane-driver-vfio v"));
        for name in heavy {
            assert!(!found(&without, name), "{name}");
            assert!(found(&with(&[]), name), "{name}");
        }
    }

    fn lines(arguments: &[&str]) -> Vec<String> {
        let output = command(&["tree", "--prefix", "none", "--no-dedupe", "--offline"])
            .expect("cargo")
            .args(arguments)
            .output()
            .expect("cargo tree");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let mut lines: Vec<_> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(str::to_owned)
            .collect();
        lines.sort();
        lines.dedup();
        lines
    }
}
