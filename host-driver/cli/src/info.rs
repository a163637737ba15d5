//! `goldilane info`: what a board reports, read from its registers.

use anyhow::{Context, Result};
use clap::Args;
use comfy_table::{Table, presets};
use goldilane_abi::registers::Counter;
use goldilane_abi::{ABI_MAJOR, ABI_MINOR, Capabilities, PCI_DEVICE, PCI_VENDOR, Shape};
use serde::Serialize;

use crate::board::{BoardArguments, OpenDevice};
use crate::configuration::{full_multipliers, product_clocks};
use crate::output::{Output, Verdict};

/// Arguments of `info`.
#[derive(Args)]
pub struct InfoArguments {
    #[command(flatten)]
    board: BoardArguments,
}

#[derive(Serialize)]
struct Report {
    device: String,
    configuration: String,
    pci_id: String,
    interface: String,
    interface_of_this_program: String,
    build_stamp: u32,
    key_layout: u32,
    lanes: u32,
    polynomial_size: u32,
    glwe_dimension: u32,
    max_pbs_levels: u32,
    max_pbs_base_log: u32,
    max_lwe_dimension: u32,
    slots: u32,
    key_switch_products: u32,
    key_slots: u32,
    lut_slots: u32,
    queue_pairs: u32,
    host_bus_bits: u32,
    memory_ports: u32,
    memory_port_bits: u32,
    max_entries: u16,
    max_ring: u32,
    full_multipliers: u32,
    least_clocks_per_external_product: u32,
    counters: serde_json::Map<String, serde_json::Value>,
}

/// Runs `info`.
///
/// # Errors
/// A device that cannot be opened.
pub fn run(arguments: &InfoArguments, output: &Output) -> Result<Verdict> {
    let device = OpenDevice::open(&arguments.board)?;
    let session = device.session()?;
    let counters = session.counters().context("read the counters")?;
    let report = Report::new(
        &device,
        session.capabilities(),
        Counter::ALL
            .iter()
            .map(|(counter, name, _)| ((*name).to_owned(), counters.get(*counter).into()))
            .collect(),
    );
    let value = serde_json::to_value(&report).context("write the report")?;
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED);
    if let serde_json::Value::Object(fields) = &value {
        for (name, value) in fields {
            match value {
                serde_json::Value::Object(counters) => {
                    for (name, value) in counters {
                        table.add_row([format!("counter {}", words(name)), value.to_string()]);
                    }
                }
                serde_json::Value::String(text) => {
                    table.add_row([words(name), text.clone()]);
                }
                other => {
                    table.add_row([words(name), other.to_string()]);
                }
            }
        }
    }
    output.line(table);
    output.object(&report)?;
    Ok(Verdict::Agrees)
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

impl Report {
    fn new(
        device: &OpenDevice,
        capabilities: &Capabilities,
        counters: serde_json::Map<String, serde_json::Value>,
    ) -> Self {
        let shape: &Shape = &capabilities.shape;
        Self {
            device: device.kind.to_string(),
            configuration: device.configuration.name.clone(),
            pci_id: format!("{PCI_VENDOR:04x}:{PCI_DEVICE:04x}"),
            interface: format!("{}.{}", capabilities.major, capabilities.minor),
            interface_of_this_program: format!("{ABI_MAJOR}.{ABI_MINOR}"),
            build_stamp: capabilities.build_stamp,
            key_layout: capabilities.key_layout,
            lanes: shape.lanes,
            polynomial_size: shape.polynomial_size,
            glwe_dimension: shape.glwe_dimension,
            max_pbs_levels: shape.max_pbs_levels,
            max_pbs_base_log: shape.max_pbs_base_log,
            max_lwe_dimension: shape.max_lwe_dimension,
            slots: shape.slots,
            key_switch_products: shape.key_switch_products,
            key_slots: shape.key_slots,
            lut_slots: shape.lut_slots,
            queue_pairs: shape.queue_pairs,
            host_bus_bits: shape.host_bus_bits,
            memory_ports: shape.memory_ports,
            memory_port_bits: shape.memory_port_bits,
            max_entries: capabilities.max_entries,
            max_ring: 1 << capabilities.max_ring_log2.min(31),
            full_multipliers: full_multipliers(shape),
            least_clocks_per_external_product: product_clocks(shape, 1),
            counters,
        }
    }
}
