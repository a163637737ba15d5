//! The virtual machine: its initramfs, its command line, its accelerator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use goldilane_abi::{PCI_DEVICE, PCI_VENDOR};

use super::board::Board;
use super::cpio::Archive;
use super::packages::Tools;
use super::process::Process;

/// The first process.
const INIT: &str = include_str!("init.sh");
/// A machine that only shows that it comes up.
const PROBE: &str = "goldilane.probe";
const PROBE_LIMIT: Duration = Duration::from_secs(15);
/// The tests of one board, and everything.
const BOARD_SECONDS: u32 = 300;
const LIMIT: Duration = Duration::from_secs(540);
/// Above 1 GiB, so that the guest's memory has huge pages.
const MEMORY: &str = "1536M";
/// Root ports of the boards stand at these devices of bus 0, in this order.
const FIRST_PORT: usize = 0x10;

/// What runs the guest's processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accelerator {
    /// The host's processor.
    Kvm,
    /// Emulation.
    Tcg,
}

impl Accelerator {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kvm => "kvm",
            Self::Tcg => "tcg",
        }
    }

    fn arguments(self) -> [&'static str; 6] {
        match self {
            // Interrupt remapping needs the controller outside of the kernel.
            Self::Kvm => [
                "-M",
                "q35,memory-backend=m0,kernel-irqchip=split",
                "-accel",
                "kvm",
                "-cpu",
                "host",
            ],
            Self::Tcg => [
                "-M",
                "q35,memory-backend=m0",
                "-accel",
                "tcg,thread=multi",
                "-cpu",
                "Nehalem",
            ],
        }
    }
}

/// The initramfs: shell, modules, the tests' program, vectors.
///
/// # Errors
/// Files that cannot be read or written.
pub fn image(
    tools: &Tools,
    program: &Path,
    vectors: &Path,
    boards: &[Board],
    to: &Path,
) -> Result<()> {
    let read = |path: &Path| fs::read(path).with_context(|| format!("read {}", path.display()));
    let mut archive = Archive::default();
    for folder in ["bin", "dev", "proc", "sys"] {
        archive.folder(folder);
    }
    archive.program("init", INIT.as_bytes());
    archive.program("bin/busybox", &read(&tools.busybox())?);
    archive.program("bin/goldilane", &read(program)?);
    archive.copy("modules", &tools.modules())?;
    archive.copy("vectors", vectors)?;
    let id = format!("{PCI_VENDOR:#06x} {PCI_DEVICE:#06x}");
    archive.file("board_id", id.as_bytes());
    archive.file("time_limit", BOARD_SECONDS.to_string().as_bytes());
    for (index, board) in boards.iter().enumerate() {
        let arguments = board.arguments.join(" ");
        archive.file(&format!("arguments{index}"), arguments.as_bytes());
    }
    fs::write(to, archive.finish()).with_context(|| format!("write {}", to.display()))
}

fn machine(tools: &Tools, accelerator: Accelerator, image: &Path, more: &str) -> Result<Command> {
    let mut command = tools.qemu();
    command
        .args(accelerator.arguments())
        .args(["-smp", "2", "-m", MEMORY, "-object"])
        .arg(format!("memory-backend-memfd,id=m0,size={MEMORY},share=on"))
        .args(["-nodefaults", "-no-user-config", "-no-reboot"])
        .args(["-display", "none", "-monitor", "none", "-serial", "stdio"])
        // caching-mode: QEMU learns of every mapping that the guest makes.
        .args(["-device", "intel-iommu,intremap=on,caching-mode=on"])
        .arg("-kernel")
        .arg(tools.kernel()?)
        .arg("-initrd")
        .arg(image)
        .arg("-append")
        .arg(format!(
            "console=ttyS0 loglevel=4 panic=-1 intel_iommu=on tsc=reliable no_timer_check cryptomgr.notests \
             mitigations=off {more}"
        ));
    Ok(command)
}

/// A file's name in an option of QEMU, where commas separate.
fn quoted(path: &Path) -> Result<String> {
    let name = path.to_str().context("a path that is no UTF-8")?;
    Ok(name.replace(',', ",,"))
}

/// KVM where it boots a stock kernel, which is tried once after each start of the host; emulation elsewhere.
///
/// # Errors
/// Files that cannot be written.
pub fn accelerator(tools: &Tools, image: &Path, folder: &Path) -> Result<Accelerator> {
    let usable = |path: &str| {
        fs::File::options()
            .read(true)
            .write(true)
            .open(path)
            .is_ok()
    };
    if !usable("/dev/kvm") {
        return Ok(Accelerator::Tcg);
    }
    let known = folder.join("kvm.txt");
    // Without a boot id it is tried each time.
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let verdict = |boots| format!("{}{boots}\n", boot);
    match fs::read_to_string(&known) {
        Ok(text) if text == verdict(true) => return Ok(Accelerator::Kvm),
        Ok(text) if text == verdict(false) => return Ok(Accelerator::Tcg),
        _ => {}
    }
    println!("trying KVM for up to {PROBE_LIMIT:?}");
    let mut command = machine(tools, Accelerator::Kvm, image, PROBE)?;
    let mut guest = Process::start("QEMU with KVM", &mut command, &folder.join("kvm.log"))?;
    let ended = guest.wait(PROBE_LIMIT)?;
    let boots = ended.is_some_and(|status| status.success()) && guest.said().contains("up after");
    fs::write(&known, verdict(boots)).with_context(|| format!("write {}", known.display()))?;
    Ok(if boots {
        Accelerator::Kvm
    } else {
        Accelerator::Tcg
    })
}

/// Where the guest's files are.
pub struct Files {
    folder: PathBuf,
}

impl Files {
    /// Files in a folder.
    pub fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// The console.
    pub fn console(&self) -> PathBuf {
        self.folder.join("console.log")
    }

    /// What the guest found.
    pub fn facts(&self) -> PathBuf {
        self.folder.join("facts.txt")
    }

    /// The report of a board's tests.
    pub fn report(&self, index: usize) -> PathBuf {
        self.folder.join(format!("report{index}.json"))
    }
}

/// Runs the guest with boards in its slots.
///
/// # Errors
/// QEMU cannot be started, fails, or takes too long.
pub fn run(
    tools: &Tools,
    accelerator: Accelerator,
    image: &Path,
    boards: &[Board],
    files: &Files,
) -> Result<()> {
    let mut command = machine(tools, accelerator, image, "")?;
    command.args(["-device", "virtio-serial-pci,id=ports,max_ports=16"]);
    let mut port = |chardev: String, name: &str| {
        command.arg("-chardev").arg(chardev).arg("-device");
        command.arg(format!(
            "virtserialport,bus=ports.0,chardev={name},name={name}"
        ));
    };
    port(
        format!("file,id=facts,path={}", quoted(&files.facts())?),
        "facts",
    );
    for (index, board) in boards.iter().enumerate() {
        let (side, report) = (format!("side{index}"), format!("report{index}"));
        let (socket, file) = (quoted(&board.side_channel)?, quoted(&files.report(index))?);
        port(format!("socket,id={side},path={socket}"), &side);
        port(format!("file,id={report},path={file}"), &report);
    }
    for (index, board) in boards.iter().enumerate() {
        let slot = FIRST_PORT + index;
        command.arg("-device").arg(format!(
            "pcie-root-port,id=slot{index},chassis={slot},slot={slot},addr={slot:#x}"
        ));
        let device = serde_json::json!({
            "driver": "vfio-user-pci",
            "id": format!("board{index}"),
            "bus": format!("slot{index}"),
            // A reply that is late ends the device for the life of the machine, and the simulator is slow.
            "x-msg-timeout": 600_000,
            "socket": { "type": "unix", "path": board.socket },
        });
        command.arg("-device").arg(device.to_string());
    }
    let mut guest = Process::start("QEMU", &mut command, &files.console())?;
    let status = guest
        .wait(LIMIT)?
        .with_context(|| format!("the guest was not done after {LIMIT:?}\n{}", guest.said()))?;
    ensure!(status.success(), "QEMU: {status}\n{}", guest.said());
    Ok(())
}
