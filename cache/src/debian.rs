//! Debian packages without root: downloaded from the machine's own apt sources (which check signatures) and unpacked.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::{Error, place, process};

const APT: &str = "apt is found on Debian and its relatives only; elsewhere install the library's development files yourself";

/// Unpacks Debian packages into one folder of the cache, named `name`. Fetched once.
///
/// The folder looks like a root: headers lie in `usr/include`, libraries in `usr/lib/<triple>`.
pub fn unpack(name: &str, packages: &[&str]) -> Result<PathBuf, Error> {
    place(name, |folder| {
        let operation = format!(
            "fetch the Debian packages {} (without root: apt-get download; with root: apt install {0})",
            packages.join(" ")
        );
        process::run(
            &operation,
            Command::new("apt-get")
                .args(["download", "-q"])
                .args(packages)
                .current_dir(folder),
            APT,
        )?;
        for entry in fs::read_dir(folder).map_err(Error::io("list folder", folder))? {
            let file = entry.map_err(Error::io("list folder", folder))?.path();
            if file.extension().is_some_and(|end| end == "deb") {
                process::run(
                    &format!("unpack {}", file.display()),
                    Command::new("dpkg-deb").arg("-x").arg(&file).arg(folder),
                    APT,
                )?;
                fs::remove_file(&file).map_err(Error::io("remove", &file))?;
            }
        }
        Ok(())
    })
}
