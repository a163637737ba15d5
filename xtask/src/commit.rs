//! What a page says about where its numbers come from.

use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo::root;

/// What a program prints, in the workspace's folder.
fn printed(program: &str, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(program);
    let output = command.args(arguments).current_dir(root()?).output();
    let output = output.with_context(|| format!("run {program}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The commit, with a `+` where files of the design differ from it.
pub fn commit() -> Result<String> {
    let changed = !printed("git", &["status", "--porcelain", "hdl"])?.is_empty();
    let hash = printed("git", &["rev-parse", "--short", "HEAD"])?;
    Ok(hash + if changed { "+" } else { "" })
}

/// Today.
pub fn date() -> Result<String> {
    printed("date", &["-u", "+%Y-%m-%d"])
}
