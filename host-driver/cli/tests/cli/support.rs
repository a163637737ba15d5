//! The binary, started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub fn goldilane(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_goldilane"))
        .args(arguments)
        .output()
        .expect("start goldilane")
}

/// As [`goldilane`], but whoever would read its standard output has left before there is any.
pub fn unread(arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_goldilane"))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("start goldilane");
    drop(child.stdout.take());
    child.wait_with_output().expect("wait for goldilane")
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

pub fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

pub fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

/// Vectors of a set in a new folder of this test.
pub fn vectors(test: &str, set: &str) -> PathBuf {
    let folder = fresh(&format!("{test}_{set}"));
    let out = name(&folder);
    let output = goldilane(&["vectors", "--set", set, "--seed", "7", "--out", out]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    folder
}

pub fn verify(folder: &Path, more: &[&str]) -> Output {
    goldilane(&[&["verify", name(folder)], more].concat())
}

pub fn flip(path: &Path, byte: usize) {
    let mut bytes = fs::read(path).expect("read a vector");
    bytes[byte] ^= 0x10;
    fs::write(path, bytes).expect("write a vector");
}

/// A folder of this test that is not there yet.
pub fn fresh(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("remove the old folder");
    }
    folder
}

/// Emits a configuration into a new folder of this test.
pub fn emit(test: &str, configuration: &str) -> PathBuf {
    let folder = fresh(test);
    let output = goldilane(&["emit", configuration, "--out", name(&folder)]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    folder
}

/// Changes one place of a file.
pub fn change(path: &Path, from: &str, to: &str) {
    let old = fs::read_to_string(path).expect("read");
    assert_eq!(
        old.matches(from).count(),
        1,
        "{from:?} in {}",
        path.display()
    );
    fs::write(path, old.replace(from, to)).expect("write");
}

pub fn name(path: &Path) -> &str {
    path.to_str().expect("a name in UTF-8")
}
