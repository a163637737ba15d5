//! QEMU, a Debian kernel and busybox, from Debian's archive into the cache.
//!
//! apt checks Debian's signature. `packages.txt` pins what was used when these lines were written: of a package in that
//! version another hash is refused. Mirrors keep the newest version only, so a newer one is taken, and told.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use goldilane_cache::apt::{Apt, Package};
use goldilane_cache::{place, process};
use sha2::{Digest, Sha256};

/// Name, version and SHA-256 of each package.
const PINS: &str = include_str!("packages.txt");
/// vfio-user-pci came with QEMU 10.1, which stands in the backports of this release.
const SUITES: [&str; 2] = ["trixie", "trixie-backports"];
const KERNEL: &str = "linux-image-cloud-amd64";
/// In the order in which they are loaded.
const MODULES: [&str; 5] = [
    "virt/lib/irqbypass",
    "drivers/vfio/vfio",
    "drivers/vfio/vfio_iommu_type1",
    "drivers/vfio/pci/vfio-pci-core",
    "drivers/vfio/pci/vfio-pci",
];
/// What nobody here reads.
const SURPLUS: [&str; 4] = [
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
    "usr/share/lintian",
];

/// What a virtual machine is made of.
#[derive(Debug)]
pub struct Tools {
    /// A folder that looks like a root.
    root: PathBuf,
}

/// Finds them in the cache, or fetches them.
///
/// # Errors
/// No Debian here, no network, packages that are not the pinned ones.
pub fn tools() -> Result<Tools> {
    let pin: String = format!("{:x}", Sha256::digest(PINS))
        .chars()
        .take(12)
        .collect();
    let root = place(&format!("vm-{pin}"), |folder| fetch(folder).map_err(Failed))
        .map_err(|Failed(error)| error)?;
    Ok(Tools { root })
}

/// An error of either kind.
struct Failed(anyhow::Error);

impl From<goldilane_cache::Error> for Failed {
    fn from(error: goldilane_cache::Error) -> Self {
        Self(error.into())
    }
}

fn fetch(folder: &Path) -> Result<()> {
    println!("fetching QEMU and a kernel from the machine's Debian mirror");
    let apt_folder = folder.join("apt");
    let apt = Apt::new(&apt_folder, &SUITES)?;
    apt.closure(SUITES[1], &["qemu-system-x86", "busybox-static"])?;
    apt.behind(KERNEL)?;
    let packages = apt.packages()?;
    for package in &packages {
        check(package)?;
        package.unpack(folder)?;
    }
    fs::remove_dir_all(&apt_folder).with_context(|| format!("remove {}", apt_folder.display()))?;
    for surplus in SURPLUS {
        let path = folder.join(surplus);
        if path.exists() {
            fs::remove_dir_all(&path).with_context(|| format!("remove {}", path.display()))?;
        }
    }
    keep_modules(folder)
}

/// A pinned version has the pinned hash.
fn check(package: &Package) -> Result<()> {
    let data =
        fs::read(&package.file).with_context(|| format!("read {}", package.file.display()))?;
    let found = format!("{:x}", Sha256::digest(&data));
    match pins().get(package.name.as_str()) {
        Some((version, hash)) if *version == package.version => {
            ensure!(
                *hash == found,
                "{} {version}: SHA-256 {found} where {hash} is pinned",
                package.name
            );
        }
        _ => println!(
            "newer than the pinned one, signed by Debian: {} {} {found}",
            package.name, package.version
        ),
    }
    Ok(())
}

fn pins() -> BTreeMap<&'static str, (&'static str, &'static str)> {
    let pin = |line: &'static str| {
        let mut words = line.split(' ');
        Some((words.next()?, (words.next()?, words.next()?)))
    };
    PINS.lines().filter_map(pin).collect()
}

/// Unpacks the modules that are loaded, and removes the others.
fn keep_modules(folder: &Path) -> Result<()> {
    let all = folder.join("usr/lib/modules");
    let release = fs::read_dir(&all)
        .with_context(|| format!("list {}", all.display()))?
        .next()
        .with_context(|| format!("{}: no kernel", all.display()))??;
    let kept = folder.join("modules");
    fs::create_dir(&kept).with_context(|| format!("create {}", kept.display()))?;
    for module in MODULES {
        let path = release.path().join(format!("kernel/{module}.ko.xz"));
        let unpacked = process::run(
            &format!("unpack {}", path.display()),
            Command::new(folder.join("usr/bin/busybox"))
                .args(["xz", "-dc"])
                .arg(&path),
            "",
        )?;
        let name = Path::new(module).file_name().unwrap_or_default();
        let file = kept.join(name).with_extension("ko");
        fs::write(&file, unpacked.stdout).with_context(|| format!("write {}", file.display()))?;
    }
    fs::remove_dir_all(&all).with_context(|| format!("remove {}", all.display()))
}

impl Tools {
    /// The kernel.
    ///
    /// # Errors
    /// There is none.
    pub fn kernel(&self) -> Result<PathBuf> {
        let boot = self.root.join("boot");
        fs::read_dir(&boot)
            .with_context(|| format!("list {}", boot.display()))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with("vmlinuz-")
            })
            .with_context(|| format!("{}: no kernel", boot.display()))
    }

    /// The kernel's modules, unpacked.
    pub fn modules(&self) -> PathBuf {
        self.root.join("modules")
    }

    /// A shell and its tools in one static program.
    pub fn busybox(&self) -> PathBuf {
        self.root.join("usr/bin/busybox")
    }

    /// QEMU, with the loader, the libraries and the firmware that it came with.
    pub fn qemu(&self) -> Command {
        let libraries = self.root.join("usr/lib/x86_64-linux-gnu");
        let mut command = Command::new(libraries.join("ld-linux-x86-64.so.2"));
        command
            .arg("--inhibit-cache")
            .arg("--library-path")
            .arg(&libraries)
            .arg(self.root.join("usr/bin/qemu-system-x86_64"));
        for firmware in ["qemu", "seabios"] {
            command
                .arg("-L")
                .arg(self.root.join("usr/share").join(firmware));
        }
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_whole() {
        assert_eq!(pins().len(), PINS.lines().count());
        for (name, (version, hash)) in pins() {
            assert!(!version.is_empty() && hash.len() == 64, "{name}");
        }
        for package in ["qemu-system-x86", "busybox-static", "seabios"] {
            assert!(pins().contains_key(package), "{package}");
        }
    }

    #[test]
    fn another_hash_of_a_pinned_version_is_refused() {
        let (name, (version, _)) = pins().into_iter().next().expect("a pin");
        let file = std::env::temp_dir().join(format!("goldilane-pin-{}", std::process::id()));
        fs::write(&file, "other bytes").expect("a file");
        let package = |version: &str| Package {
            name: name.to_owned(),
            version: version.to_owned(),
            file: file.clone(),
        };
        let error = check(&package(version)).expect_err("another hash");
        assert!(error.to_string().contains("is pinned"), "{error}");
        check(&package("9999")).expect("a newer version");
        fs::remove_file(&file).expect("remove");
    }
}
