//! Packages of a Debian release that is not the machine's, without touching the machine: an apt root of its own.
//!
//! The mirror is the one that the machine's apt uses, with the machine's settings for reaching it. What comes from it must
//! be signed by Debian: the archive's keyring of the machine is the only one that counts.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Error, process};

const REMEDY: &str =
    "a Debian machine or a relative of it is needed: apt, dpkg-deb, debian-archive-keyring";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// An apt root in a folder.
#[derive(Debug)]
pub struct Apt {
    folder: PathBuf,
    configuration: PathBuf,
}

/// A package file that was downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The file.
    pub file: PathBuf,
}

impl Apt {
    /// A root for these suites (the first one is what packages come from unless another is asked for), filled with
    /// their lists.
    ///
    /// # Errors
    /// No apt here, no mirror of the machine's that has them, signatures that do not hold.
    pub fn new(folder: &Path, suites: &[&str]) -> Result<Self, Error> {
        let mirrors = mirrors()?;
        let apt = Self {
            folder: folder.to_owned(),
            configuration: folder.join("apt.conf"),
        };
        for part in ["state/lists/partial", "cache/archives/partial", "etc"] {
            let path = folder.join(part);
            fs::create_dir_all(&path).map_err(Error::io("create folder", &path))?;
        }
        apt.write("state/status", "")?;
        apt.write("apt.conf", &apt.settings(&acquire()?))?;
        let mut last = Error::Command {
            operation: format!("find {}", suites.join(", ")),
            command: "apt-get update --print-uris".to_owned(),
            status: "no mirror".to_owned(),
            output: "the machine's apt has no sources".to_owned(),
        };
        for mirror in mirrors {
            let line = |suite| format!("deb [signed-by={KEYRING}] {mirror} {suite} main\n");
            let sources: String = suites.iter().map(line).collect();
            apt.write("etc/sources.list", &sources)?;
            // With this option a list that does not come is an error.
            match apt.run("update", &["-o", "APT::Update::Error-Mode=any", "update"]) {
                Ok(_) => return Ok(apt),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.folder.join(name);
        fs::write(&path, text).map_err(Error::io("write", &path))
    }

    /// Everything below the folder, nothing of the machine's but how to reach the mirror.
    fn settings(&self, acquire: &str) -> String {
        let at = |part: &str| self.folder.join(part).display().to_string();
        format!(
            "Dir::Etc::Parts \"/dev/null\";\nDir::Etc::Main \"/dev/null\";\nDir::State \"{}\";\n\
             Dir::State::status \"{}\";\nDir::Cache \"{}\";\nDir::Etc::SourceList \"{}\";\n\
             Dir::Etc::SourceParts \"/dev/null\";\nDir::Etc::Preferences \"/dev/null\";\n\
             Dir::Etc::PreferencesParts \"/dev/null\";\nAPT::Install-Recommends \"false\";\n\
             APT::Sandbox::User \"root\";\n{acquire}",
            at("state"),
            at("state/status"),
            at("cache"),
            at("etc/sources.list"),
        )
    }

    fn run(&self, what: &str, arguments: &[&str]) -> Result<String, Error> {
        let mut command = Command::new("apt-get");
        command
            .env("APT_CONFIG", &self.configuration)
            .env("LC_ALL", "C")
            .arg("-q")
            .args(arguments);
        let output = process::run(
            &format!("apt-get {what} (needs network)"),
            &mut command,
            REMEDY,
        )?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Downloads packages of a suite and everything that they depend on.
    ///
    /// # Errors
    /// Packages that are not there.
    pub fn closure(&self, suite: &str, packages: &[&str]) -> Result<(), Error> {
        let fixed = ["-y", "--download-only", "-t", suite, "install"];
        self.run("install", &[&fixed[..], packages].concat())
            .map(drop)
    }

    /// Downloads the package that a package without contents stands for (the newest of its kind), without what that
    /// depends on.
    ///
    /// # Errors
    /// Packages that are not there.
    pub fn behind(&self, package: &str) -> Result<(), Error> {
        let mut command = Command::new("apt-cache");
        command
            .env("APT_CONFIG", &self.configuration)
            .env("LC_ALL", "C")
            .args(["depends", "--important", package]);
        let output = process::run(&format!("find {package}"), &mut command, REMEDY)?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let real = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("Depends: "))
            .unwrap_or(package);
        let mut command = Command::new("apt-get");
        command
            .env("APT_CONFIG", &self.configuration)
            .current_dir(self.folder.join("cache/archives"))
            .args(["-q", "download", real]);
        process::run(
            &format!("fetch {real} (needs network)"),
            &mut command,
            REMEDY,
        )
        .map(drop)
    }

    /// What was downloaded, by name.
    ///
    /// # Errors
    /// Files that are no packages.
    pub fn packages(&self) -> Result<Vec<Package>, Error> {
        let archives = self.folder.join("cache/archives");
        let mut found = Vec::new();
        for entry in fs::read_dir(&archives).map_err(Error::io("list folder", &archives))? {
            let file = entry.map_err(Error::io("list folder", &archives))?.path();
            if file.extension().is_none_or(|end| end != "deb") {
                continue;
            }
            let mut command = Command::new("dpkg-deb");
            command
                .args(["-f".into(), OsString::from(&file)])
                .args(["Package", "Version"]);
            let output = process::run(&format!("read {}", file.display()), &mut command, REMEDY)?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let field = |name: &str| {
                let line = text.lines().find_map(|line| line.strip_prefix(name));
                line.unwrap_or_default().trim().to_owned()
            };
            found.push(Package {
                name: field("Package:"),
                version: field("Version:"),
                file,
            });
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }
}

impl Package {
    /// Unpacks it.
    ///
    /// # Errors
    /// A file that is no package, a folder that cannot be written.
    pub fn unpack(&self, folder: &Path) -> Result<(), Error> {
        let mut command = Command::new("dpkg-deb");
        command.arg("-x").arg(&self.file).arg(folder);
        process::run(
            &format!("unpack {}", self.file.display()),
            &mut command,
            REMEDY,
        )
        .map(drop)
    }
}

/// The addresses of the machine's own sources, each once. What it has fetched of them does not matter.
fn mirrors() -> Result<BTreeSet<String>, Error> {
    let mut command = Command::new("apt-get");
    command.args(["update", "--print-uris"]);
    let output = process::run("find the machine's mirror", &mut command, REMEDY)?;
    Ok(mirrors_of(&String::from_utf8_lossy(&output.stdout)))
}

/// Of lines like `'ADDRESS/dists/SUITE/InRelease' NAME 0`.
fn mirrors_of(uris: &str) -> BTreeSet<String> {
    let address = |line: &str| {
        let (address, rest) = line.strip_prefix('\'')?.split_once("/dists/")?;
        rest.contains("/InRelease'").then(|| address.to_owned())
    };
    uris.lines().filter_map(address).collect()
}

/// The machine's settings for reaching mirrors: proxies, certificates, time limits. Not which lists it wants.
fn acquire() -> Result<String, Error> {
    let output = process::run(
        "read apt's settings",
        Command::new("apt-config").arg("dump"),
        REMEDY,
    )?;
    Ok(transport_settings(&String::from_utf8_lossy(&output.stdout)))
}

fn transport_settings(dump: &str) -> String {
    dump.lines()
        .filter(|line| line.starts_with("Acquire::"))
        .filter(|line| !line.starts_with("Acquire::IndexTargets"))
        .map(|line| format!("{line}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirrors_are_the_parts_before_the_suites() {
        let uris = "'http://a/debian/dists/x/InRelease' a 0 \n\
                    'http://a/debian/dists/x-updates/InRelease' b 0 \n\
                    'http://a/security/dists/x/main/binary-all/Packages.xz' c 0 \nReading\n";
        assert_eq!(mirrors_of(uris), ["http://a/debian".to_owned()].into());
    }

    #[test]
    fn only_what_reaches_the_mirror_is_taken_over() {
        let dump = "APT \"\";\nAcquire \"\";\nAcquire::http::Proxy \"x\";\n\
                    Acquire::IndexTargets::deb \"\";\nDPkg::Post-Invoke:: \"rm\";\n";
        assert_eq!(transport_settings(dump), "Acquire::http::Proxy \"x\";\n");
    }
}
