//! Which boards this machine has, and what it lacks for them.

use std::fs;
use std::io;
use std::path::Path;

use goldilane_abi::{BAR0_BYTES, PCI_DEVICE, PCI_VENDOR};
use thiserror::Error;

use super::PciAddress;
use super::diagnosis::{IOMMU_ON, Obstacle, System, link_name, number};

/// Rings, a full-strength key piece by piece, and some batches.
const LOCKED_BYTES: u64 = 64 << 20;
/// CAP_IPC_LOCK: whoever has it has no limit.
const IPC_LOCK: u32 = 14;

/// A board in a slot.
#[derive(Debug)]
pub struct FoundBoard {
    /// Where it sits.
    pub address: PciAddress,
    /// What is bound to it.
    pub driver: Option<String>,
    /// Its IOMMU group.
    pub iommu_group: Option<String>,
    /// Bytes of BAR0.
    pub bar0_bytes: Option<u64>,
    /// Speed and width of its link, as the kernel says them.
    pub link: Option<String>,
    /// The memory next to it.
    pub numa_node: Option<u32>,
    /// What stands in the way, first things first.
    pub obstacles: Vec<String>,
}

/// Something about the machine that helps or hinders every board.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Remark {
    /// Nothing translates addresses.
    #[error("no IOMMU is on: {IOMMU_ON}")]
    NoIommu,
    /// Buffers are mapped page by page, which is slow.
    #[error(
        "no huge pages, mapping DMA memory is slow: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"
    )]
    NoHugePages,
    /// DMA memory is locked, and little may be.
    #[error(
        "{} KiB of locked memory are allowed where {} are needed: raise the limit (ulimit -l, or memlock in limits.conf)",
        .allowed >> 10,
        LOCKED_BYTES >> 10
    )]
    LockedMemory {
        /// Bytes.
        allowed: u64,
    },
}

/// What there is.
#[derive(Debug)]
pub struct Survey {
    /// The boards, by address.
    pub boards: Vec<FoundBoard>,
    /// What the machine lacks.
    pub remarks: Vec<Remark>,
}

/// Looks at this machine. Nothing is changed, and no device is opened.
///
/// # Errors
/// PCI devices cannot be listed.
pub fn survey() -> io::Result<Survey> {
    System::new().survey()
}

fn text(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

impl System {
    fn survey(&self) -> io::Result<Survey> {
        let mut boards = Vec::new();
        for entry in fs::read_dir(self.sys.join("bus/pci/devices"))? {
            let entry = entry?;
            let Ok(address) = entry.file_name().to_string_lossy().parse() else {
                continue;
            };
            let id = |name: &str| number(&entry.path().join(name)).ok();
            if (id("vendor"), id("device")) == (Some(PCI_VENDOR), Some(PCI_DEVICE)) {
                boards.push(self.board(address, &entry.path()));
            }
        }
        boards.sort_by_key(|board| board.address);
        let remarks = [
            self.no_iommu(),
            self.no_huge_pages(),
            self.little_locked_memory(),
        ];
        Ok(Survey {
            boards,
            remarks: remarks.into_iter().flatten().collect(),
        })
    }

    fn board(&self, address: PciAddress, folder: &Path) -> FoundBoard {
        let bar0_bytes = bar0(folder);
        let mut obstacles: Vec<String> = Vec::new();
        obstacles.extend(self.check(address).err().as_ref().map(Obstacle::to_string));
        if let Some(found) = bar0_bytes.filter(|found| *found < BAR0_BYTES.into()) {
            obstacles.push(format!(
                "BAR0 has {found} bytes where {BAR0_BYTES} are needed: another version of the board, or its chip is not configured"
            ));
        }
        let link = |name: &str| text(&folder.join(name));
        FoundBoard {
            address,
            driver: link_name(&folder.join("driver")),
            iommu_group: link_name(&folder.join("iommu_group")),
            bar0_bytes,
            link: link("current_link_speed")
                .zip(link("current_link_width"))
                .map(|(speed, width)| format!("{speed}, {width} lanes")),
            numa_node: text(&folder.join("numa_node")).and_then(|node| node.parse().ok()),
            obstacles,
        }
    }

    fn no_iommu(&self) -> Option<Remark> {
        let groups = fs::read_dir(self.sys.join("kernel/iommu_groups"));
        let any = groups.is_ok_and(|mut groups| groups.next().is_some());
        (!any).then_some(Remark::NoIommu)
    }

    fn no_huge_pages(&self) -> Option<Remark> {
        let modes = text(&self.sys.join("kernel/mm/transparent_hugepage/enabled"));
        let on =
            modes.is_some_and(|modes| modes.contains("[always]") || modes.contains("[madvise]"));
        (!on).then_some(Remark::NoHugePages)
    }

    fn little_locked_memory(&self) -> Option<Remark> {
        let status = text(&self.proc.join("self/status")).unwrap_or_default();
        let capabilities = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
        let capabilities = capabilities.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
        if capabilities.is_some_and(|bits| bits >> IPC_LOCK & 1 == 1) {
            return None;
        }
        let limits = text(&self.proc.join("self/limits")).unwrap_or_default();
        let locked = limits
            .lines()
            .find_map(|line| line.strip_prefix("Max locked memory"))?;
        // "unlimited" is no number.
        let allowed = locked.split_whitespace().next()?.parse().ok()?;
        (allowed < LOCKED_BYTES).then_some(Remark::LockedMemory { allowed })
    }
}

/// Bytes of BAR0: the first line of `resource` has its first and last address.
fn bar0(folder: &Path) -> Option<u64> {
    let resources = text(&folder.join("resource"))?;
    let mut words = resources.lines().next()?.split_whitespace();
    let mut number = || u64::from_str_radix(words.next()?.strip_prefix("0x")?, 16).ok();
    let (first, last) = (number()?, number()?);
    if last == 0 {
        return Some(0);
    }
    last.checked_sub(first)?.checked_add(1)
}

#[cfg(test)]
mod tests {
    use super::super::paper::Machine;
    use super::*;

    fn write(machine: &Machine, name: &str, text: &str) {
        let path = machine.root.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn well_equipped() -> Machine {
        let machine = Machine::new();
        write(
            &machine,
            "sys/kernel/mm/transparent_hugepage/enabled",
            "always [madvise] never\n",
        );
        write(&machine, "proc/self/status", "CapEff:\t0000000000000000\n");
        write(
            &machine,
            "proc/self/limits",
            "Max locked memory         67108864             67108864             bytes\n",
        );
        let folder = "sys/bus/pci/devices/0000:03:00.0";
        let last = 0xe000_0000_u64 + u64::from(BAR0_BYTES) - 1;
        let resource = format!(
            "{:#018x} {last:#018x} 0x0000000000040200\n",
            0xe000_0000_u64
        );
        write(&machine, &format!("{folder}/resource"), &resource);
        write(
            &machine,
            &format!("{folder}/current_link_speed"),
            "8.0 GT/s PCIe\n",
        );
        write(&machine, &format!("{folder}/current_link_width"), "16\n");
        write(&machine, &format!("{folder}/numa_node"), "-1\n");
        machine
    }

    #[test]
    fn a_board_that_can_be_used() {
        let machine = well_equipped();
        machine.add("0000:04:00.0", (0x8086, 2), None);
        let survey = machine.system.survey().expect("a survey");
        assert_eq!(survey.remarks, []);
        let [board] = &survey.boards[..] else {
            panic!("{survey:?}")
        };
        assert_eq!(board.obstacles, Vec::<String>::new());
        assert_eq!(board.driver.as_deref(), Some("vfio-pci"));
        assert_eq!(board.iommu_group.as_deref(), Some("17"));
        assert_eq!(board.bar0_bytes, Some(BAR0_BYTES.into()));
        assert_eq!(board.link.as_deref(), Some("8.0 GT/s PCIe, 16 lanes"));
        assert_eq!(board.numa_node, None);
    }

    #[test]
    fn what_is_lacking_is_told() {
        let machine = well_equipped();
        write(
            &machine,
            "sys/kernel/mm/transparent_hugepage/enabled",
            "always madvise [never]\n",
        );
        write(
            &machine,
            "proc/self/limits",
            "Max locked memory  8388608  8388608  bytes\n",
        );
        let folder = machine.folder();
        fs::write(folder.join("resource"), "0x0 0x0 0x0\n").expect("write");
        fs::remove_file(folder.join("driver")).expect("remove");
        let survey = machine.system.survey().expect("a survey");
        let remarks = [
            Remark::NoHugePages,
            Remark::LockedMemory { allowed: 8 << 20 },
        ];
        assert_eq!(survey.remarks, remarks);
        assert!(
            remarks[1]
                .to_string()
                .starts_with("8192 KiB of locked memory")
        );
        let obstacles = &survey.boards[0].obstacles;
        assert!(
            obstacles[0].starts_with("no driver is bound"),
            "{obstacles:?}"
        );
        assert!(
            obstacles[1].starts_with("BAR0 has 0 bytes"),
            "{obstacles:?}"
        );
        // Whoever may lock memory has no limit, nor has who is not limited.
        write(&machine, "proc/self/status", "CapEff:\t0000000000004000\n");
        assert_eq!(
            machine.system.survey().expect("a survey").remarks,
            [Remark::NoHugePages]
        );
        write(&machine, "proc/self/status", "");
        write(
            &machine,
            "proc/self/limits",
            "Max locked memory  unlimited  unlimited  bytes\n",
        );
        assert_eq!(
            machine.system.survey().expect("a survey").remarks,
            [Remark::NoHugePages]
        );
    }

    #[test]
    fn no_iommu_and_no_pci() {
        let machine = well_equipped();
        fs::remove_dir_all(machine.root.join("sys/kernel/iommu_groups")).expect("remove");
        let survey = machine.system.survey().expect("a survey");
        assert_eq!(survey.remarks, [Remark::NoIommu]);
        fs::remove_dir_all(machine.root.join("sys/bus")).expect("remove");
        assert!(machine.system.survey().is_err());
    }
}
