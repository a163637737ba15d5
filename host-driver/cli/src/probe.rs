//! `goldilane probe`: which boards are there, what is wrong with them, and how to mend it.
//!
//! Read from the system's files first; only a board that nothing stands in the way of is opened and asked who it is.

use anyhow::{Context, Result};
use clap::Args;
use comfy_table::{Table, presets};
use goldilane_abi::{ABI_MAJOR, ABI_MINOR, Capabilities, PCI_DEVICE, PCI_VENDOR};
use goldilane_driver_vfio::{FoundBoard, PciAddress, survey};
use serde::Serialize;

use crate::output::{BadArgument, Output, Verdict};
use crate::remote::{self, name_of};

/// Arguments of `probe`.
#[derive(Args)]
pub struct ProbeArguments {
    /// Only the board at this address: DOMAIN:BUS:DEVICE.FUNCTION.
    #[arg(long, value_name = "ADDRESS")]
    at: Option<String>,
}

#[derive(Serialize)]
struct Board {
    device: String,
    usable: bool,
    driver: Option<String>,
    iommu_group: Option<String>,
    bar0_bytes: Option<u64>,
    link: Option<String>,
    numa_node: Option<u32>,
    configuration: Option<String>,
    interface: Option<String>,
    build_stamp: Option<u32>,
    obstacles: Vec<String>,
}

#[derive(Serialize)]
struct Report {
    pci_id: String,
    interface_of_this_program: String,
    boards: Vec<Board>,
    remarks: Vec<String>,
}

/// Runs `probe`.
///
/// # Errors
/// PCI devices cannot be listed; what is wrong with boards is a verdict.
pub fn run(arguments: &ProbeArguments, output: &Output) -> Result<Verdict> {
    let at = arguments.at.as_deref().map(str::parse::<PciAddress>);
    let at = at
        .transpose()
        .map_err(|error| BadArgument(error.to_string()))?;
    let survey = survey().context("list the PCI devices in /sys/bus/pci/devices")?;
    let wanted = |board: &FoundBoard| at.is_none_or(|at| board.address == at);
    let boards = survey.boards.into_iter().filter(wanted).map(look).collect();
    let report = Report {
        pci_id: format!("{PCI_VENDOR:04x}:{PCI_DEVICE:04x}"),
        interface_of_this_program: format!("{ABI_MAJOR}.{ABI_MINOR}"),
        boards,
        remarks: survey.remarks.iter().map(ToString::to_string).collect(),
    };
    for board in &report.boards {
        tell(board, output);
    }
    if report.boards.is_empty() {
        output.line(format_args!(
            "No board (PCI id {}): is it in its slot, powered, its chip configured, and the bus scanned since? (echo 1 > /sys/bus/pci/rescan; without hardware: goldilane serve)",
            report.pci_id
        ));
    }
    for remark in &report.remarks {
        output.line(format_args!("This machine: {remark}"));
    }
    let all = !report.boards.is_empty() && report.boards.iter().all(|board| board.usable);
    output.object(&report)?;
    Ok(all.into())
}

/// A board with what it says of itself.
fn look(found: FoundBoard) -> Board {
    let mut board = Board {
        device: format!("vfio:{}", found.address),
        usable: false,
        driver: found.driver,
        iommu_group: found.iommu_group,
        bar0_bytes: found.bar0_bytes,
        link: found.link,
        numa_node: found.numa_node,
        configuration: None,
        interface: None,
        build_stamp: None,
        obstacles: found.obstacles,
    };
    if board.obstacles.is_empty() {
        match ask(found.address) {
            Ok(capabilities) => {
                board.usable = true;
                board.configuration = Some(name_of(&capabilities.shape).to_owned());
                board.interface = Some(format!("{}.{}", capabilities.major, capabilities.minor));
                board.build_stamp = Some(capabilities.build_stamp);
            }
            Err(error) => board.obstacles.push(format!("{error:#}")),
        }
    }
    board
}

fn ask(address: PciAddress) -> Result<Capabilities> {
    let device = remote::vfio(address)?;
    let found = Capabilities::read(|offset| device.read32(offset))?;
    // DMA memory is what locked memory is needed for.
    device.alloc_dma(1)?;
    Ok(found?)
}

fn tell(board: &Board, output: &Output) {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED);
    let number = |value: Option<u64>| value.map_or("-".to_owned(), |value| value.to_string());
    let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let verdict = if board.usable { "usable" } else { "NOT usable" };
    table.add_row([board.device.clone(), verdict.to_owned()]);
    table.add_row(["driver".to_owned(), word(&board.driver)]);
    table.add_row(["IOMMU group".to_owned(), word(&board.iommu_group)]);
    table.add_row(["bytes of BAR0".to_owned(), number(board.bar0_bytes)]);
    table.add_row(["link".to_owned(), word(&board.link)]);
    table.add_row([
        "NUMA node".to_owned(),
        number(board.numa_node.map(Into::into)),
    ]);
    table.add_row(["configuration".to_owned(), word(&board.configuration)]);
    table.add_row(["interface".to_owned(), word(&board.interface)]);
    table.add_row([
        "build stamp".to_owned(),
        number(board.build_stamp.map(Into::into)),
    ]);
    output.line(table);
    for obstacle in &board.obstacles {
        output.line(format_args!("{}: {obstacle}", board.device));
    }
}
