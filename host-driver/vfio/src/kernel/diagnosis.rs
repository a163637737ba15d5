//! What stands between a user and a board, read from the system's files before anything is opened.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use goldilane_abi::{PCI_DEVICE, PCI_VENDOR};
use thiserror::Error;

use super::PciAddress;

/// The driver that gives devices to users.
pub(super) const DRIVER: &str = "vfio-pci";

/// What helps where nothing translates addresses.
pub(super) const IOMMU_ON: &str = "switch the IOMMU on in the firmware (VT-d, AMD-Vi) and in the kernel (intel_iommu=on, or amd_iommu=on)";

/// Why a device cannot be used, and what helps.
#[derive(Debug, Error)]
pub enum Obstacle {
    /// No such device.
    #[error("there is no such PCI device; `lspci -D -d {PCI_VENDOR:04x}:` lists the boards")]
    Missing,
    /// A device of another make.
    #[error(
        "PCI id {vendor:04x}:{device:04x} is no Goldilane board ({PCI_VENDOR:04x}:{PCI_DEVICE:04x})"
    )]
    OtherDevice {
        /// Its vendor.
        vendor: u16,
        /// Its number.
        device: u16,
    },
    /// No IOMMU translates for it.
    #[error("it has no IOMMU group: {IOMMU_ON}")]
    NoIommu,
    /// Another driver, or none, has it.
    #[error(
        "{} is bound to it where {DRIVER} is needed: modprobe {DRIVER}; echo {DRIVER} > {path}/driver_override{}; echo {address} > /sys/bus/pci/drivers_probe",
        .driver.as_deref().unwrap_or("no driver"),
        .driver.as_ref().map_or(String::new(), |_| format!("; echo {address} > {path}/driver/unbind"))
    )]
    Driver {
        /// The driver.
        driver: Option<String>,
        /// The device.
        address: PciAddress,
        /// Its folder.
        path: String,
    },
    /// The container's file is missing.
    #[error("{} is missing: modprobe {DRIVER}", .0.display())]
    NoContainer(PathBuf),
    /// The group's file cannot be opened.
    #[error("no permission for {}: it must belong to a group of this user (chgrp, or a udev rule)", .0.display())]
    NoPermission(PathBuf),
    /// Another process has the group.
    #[error("{} is in use by another process", .0.display())]
    Busy(PathBuf),
    /// Other devices of the group are bound to other drivers.
    #[error(
        "IOMMU group {group} is not viable: {} must be bound to {DRIVER} or to no driver too",
        .others.join(", ")
    )]
    NotViable {
        /// The group.
        group: String,
        /// The devices, each with its driver.
        others: Vec<String>,
    },
    /// A file cannot be read.
    #[error("read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Where the system's files are.
pub(super) struct System {
    /// `/sys`.
    pub(super) sys: PathBuf,
    /// `/dev`.
    pub(super) dev: PathBuf,
    /// `/proc`.
    pub(super) proc: PathBuf,
}

impl System {
    /// This machine's.
    pub(super) fn new() -> Self {
        Self {
            sys: "/sys".into(),
            dev: "/dev".into(),
            proc: "/proc".into(),
        }
    }

    /// The folder of a device.
    pub(super) fn folder(&self, address: PciAddress) -> PathBuf {
        self.sys.join("bus/pci/devices").join(address.to_string())
    }

    /// The first thing that stands in the way.
    pub(super) fn check(&self, address: PciAddress) -> Result<(), Obstacle> {
        let folder = self.folder(address);
        if !folder.exists() {
            return Err(Obstacle::Missing);
        }
        let (vendor, device) = (
            number(&folder.join("vendor"))?,
            number(&folder.join("device"))?,
        );
        if (vendor, device) != (PCI_VENDOR, PCI_DEVICE) {
            return Err(Obstacle::OtherDevice { vendor, device });
        }
        let Some(group) = link_name(&folder.join("iommu_group")) else {
            return Err(Obstacle::NoIommu);
        };
        let driver = link_name(&folder.join("driver"));
        if driver.as_deref() != Some(DRIVER) {
            return Err(Obstacle::Driver {
                driver,
                address,
                path: folder.display().to_string(),
            });
        }
        let others = self.other_drivers(&folder.join("iommu_group/devices"), address)?;
        if !others.is_empty() {
            return Err(Obstacle::NotViable { group, others });
        }
        let container = self.dev.join("vfio/vfio");
        if !container.exists() {
            return Err(Obstacle::NoContainer(container));
        }
        openable(&container)?;
        openable(&self.dev.join("vfio").join(group))
    }

    /// The devices of the group that have a driver which does not let them go. Bridges may keep theirs.
    fn other_drivers(&self, devices: &Path, address: PciAddress) -> Result<Vec<String>, Obstacle> {
        let unreadable = |source| Obstacle::Unreadable {
            path: devices.to_owned(),
            source,
        };
        let mut others = Vec::new();
        for entry in fs::read_dir(devices).map_err(unreadable)? {
            let name = entry.map_err(unreadable)?.file_name();
            let name = name.to_string_lossy();
            let driver = link_name(&devices.join(&*name).join("driver"));
            match driver.as_deref() {
                None | Some(DRIVER | "pcieport" | "pci-stub") => {}
                Some(driver) if *name != address.to_string() => {
                    others.push(format!("{name} ({driver})"));
                }
                Some(_) => {}
            }
        }
        others.sort();
        Ok(others)
    }
}

/// A number as `/sys` writes it.
pub(super) fn number(path: &Path) -> Result<u16, Obstacle> {
    let unreadable = |source| Obstacle::Unreadable {
        path: path.to_owned(),
        source,
    };
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let digits = text.trim().trim_start_matches("0x");
    u16::from_str_radix(digits, 16).map_err(|error| unreadable(io::Error::other(error)))
}

/// The last part of where a link leads.
pub(super) fn link_name(path: &Path) -> Option<String> {
    let target = fs::read_link(path).ok()?;
    Some(target.file_name()?.to_string_lossy().into_owned())
}

/// Whether a file of VFIO can be opened. A group that another process holds shows here, too.
fn openable(path: &Path) -> Result<(), Obstacle> {
    let opened = fs::File::options().read(true).write(true).open(path);
    opened.map(drop).map_err(|source| match source.kind() {
        io::ErrorKind::PermissionDenied => Obstacle::NoPermission(path.to_owned()),
        io::ErrorKind::ResourceBusy => Obstacle::Busy(path.to_owned()),
        _ => Obstacle::Unreadable {
            path: path.to_owned(),
            source,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::paper::Machine;
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_board_that_can_be_used_has_no_obstacle() {
        let machine = Machine::new();
        machine.add("0000:00:01.0", (0x8086, 1), Some("pcieport"));
        machine.add("0000:03:00.1", (0x8086, 2), None);
        assert_eq!(machine.told(), "");
    }

    #[test]
    fn each_obstacle_is_named() {
        let machine = Machine::new();
        let folder = machine.folder();
        machine.add("0000:03:00.1", (0x8086, 2), Some("snd_hda_intel"));
        assert!(
            machine
                .told()
                .contains("group 17 is not viable: 0000:03:00.1 (snd_hda_intel) must")
        );
        fs::remove_file(
            machine
                .root
                .join("sys/kernel/iommu_groups/17/devices/0000:03:00.1"),
        )
        .expect("remove");
        fs::remove_file(folder.join("driver")).expect("remove");
        assert!(machine.told().starts_with("no driver is bound to it"));
        symlink("../drivers/xdma", folder.join("driver")).expect("a link");
        let told = machine.told();
        assert!(told.starts_with("xdma is bound to it where vfio-pci is needed"));
        assert!(told.contains("driver/unbind; echo 0000:03:00.0 > /sys/bus/pci/drivers_probe"));
        fs::remove_file(folder.join("iommu_group")).expect("remove");
        assert!(machine.told().contains("intel_iommu=on"));
        fs::write(folder.join("vendor"), "0x8086\n").expect("write");
        assert!(machine.told().contains("PCI id 8086:"));
        fs::write(folder.join("vendor"), "nonsense").expect("write");
        assert!(machine.told().starts_with("read "));
        fs::remove_dir_all(&folder).expect("remove");
        assert!(machine.told().contains("no such PCI device"));
    }

    #[test]
    fn files_of_vfio_that_cannot_be_opened() {
        let machine = Machine::new();
        let files = machine.root.join("dev/vfio");
        // A folder instead of a file: not even root can open it for writing.
        fs::remove_file(files.join("17")).expect("remove");
        assert!(machine.told().contains("No such file"));
        fs::create_dir(files.join("17")).expect("a folder");
        assert!(machine.told().contains("vfio/17: Is a directory"));
        fs::remove_file(files.join("vfio")).expect("remove");
        assert!(machine.told().contains("vfio/vfio is missing: modprobe"));
    }
}
