//! Machines on paper, for tests: folders that look like `/sys`, `/dev` and `/proc`.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use goldilane_abi::{PCI_DEVICE, PCI_VENDOR};

use super::PciAddress;
use super::diagnosis::{DRIVER, System};

/// A machine on paper, with a board that can be used.
pub struct Machine {
    pub root: PathBuf,
    pub system: System,
    pub address: PciAddress,
}

impl Machine {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "goldilane-machine-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let root = std::env::temp_dir().join(name);
        let machine = Self {
            system: System {
                sys: root.join("sys"),
                dev: root.join("dev"),
                proc: root.join("proc"),
            },
            address: "0000:03:00.0".parse().expect("an address"),
            root,
        };
        let group = machine.root.join("sys/kernel/iommu_groups/17/devices");
        fs::create_dir_all(&group).expect("a folder");
        fs::create_dir_all(machine.root.join("dev/vfio")).expect("a folder");
        for file in ["vfio", "17"] {
            fs::write(machine.root.join("dev/vfio").join(file), "").expect("a file");
        }
        machine.add("0000:03:00.0", (PCI_VENDOR, PCI_DEVICE), Some(DRIVER));
        machine
    }

    pub fn folder(&self) -> PathBuf {
        self.system.folder(self.address)
    }

    pub fn add(&self, name: &str, id: (u16, u16), driver: Option<&str>) {
        let folder = self.root.join("sys/bus/pci/devices").join(name);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("vendor"), format!("{:#06x}\n", id.0)).expect("a file");
        fs::write(folder.join("device"), format!("{:#06x}\n", id.1)).expect("a file");
        let group = self.root.join("sys/kernel/iommu_groups/17");
        symlink(&group, folder.join("iommu_group")).expect("a link");
        symlink(&folder, group.join("devices").join(name)).expect("a link");
        if let Some(driver) = driver {
            let target = format!("../../../bus/pci/drivers/{driver}");
            symlink(target, folder.join("driver")).expect("a link");
        }
    }

    pub fn told(&self) -> String {
        match self.system.check(self.address) {
            Ok(()) => String::new(),
            Err(obstacle) => obstacle.to_string(),
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _left = fs::remove_dir_all(&self.root);
    }
}
