//! The board around `goldilane_u280`: clocks, resets, PCIe bridge, crossings, interrupt messages, HBM.
//!
//! The 32 ports of memory are the reason why this is generated. All of the accelerator and its memory runs at one clock;
//! the PCIe bridge has its own.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, ensure};
use goldilane_abi::{MemoryMap, Shape};

use super::lists::{Core, GATE, capi2, plain};
use super::{RTL, folder};

/// The configuration.
pub const CONFIGURATION: &str = "u280";
/// The folder below `bitstreams/`.
pub const FOLDER: &str = "boards/u280";
/// The top module.
pub const TOP: &str = "goldilane_board_u280";

/// log2 of the bytes of one pseudo channel of HBM.
const CHANNEL_BITS: u32 = 28;
const PART: &str = "xcu280-fsvh2892-2L-e";

/// Blocks of the board that are ours.
const COMMON: [&str; 9] = [
    "async_fifo",
    "reset_bridge",
    "axi_crossing",
    "axil_crossing",
    "axi_to_lite",
    "lite_split",
    "msix",
    "message_join",
    "burst_split",
];

/// The blocks that every board may have, as paths below `bitstreams/`.
pub fn blocks() -> Vec<String> {
    COMMON.map(|m| format!("boards/common/{m}.v")).into()
}

/// What the linter may say about the board, beyond the accelerator.
pub fn waivers() -> Result<String> {
    let path = folder()?.join(FOLDER).join("board.vlt");
    fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))
}

/// The generated files of the board; `inner` is the list of the accelerator.
///
/// # Errors
/// A shape that the board does not hold.
pub fn files(shape: &Shape, inner: &str) -> Result<Vec<(String, String)>> {
    let (ports, bits) = (shape.memory_ports, shape.memory_port_bits);
    ensure!(
        ports == 32 && bits == 256 && shape.host_bus_bits == 512,
        "the board has 32 ports of 256 bits and a host bus of 512"
    );
    let bytes = MemoryMap::new(shape).total_lines * u64::from(bits / 8);
    ensure!(bytes <= 1 << CHANNEL_BITS, "{bytes} bytes a port");
    let mut sources: Vec<String> = COMMON.map(|m| format!("../common/{m}.v")).into();
    let board = format!("{TOP}.v");
    let own = ["vendor_stubs.v", "hbm_stub.v", "clock_gate.v", &board].map(str::to_owned);
    let how = format!("goldilane emit {CONFIGURATION} --out bitstreams/{CONFIGURATION}/{RTL}");
    let core_sources = own[2..].to_vec();
    let blocks = capi2(
        "by hand",
        &Core {
            name: "board_blocks",
            doc: "Between the accelerator and a card: crossings, register bus, MSI-X, bursts.",
            top: COMMON[0],
            sources: &COMMON.map(|m| format!("{m}.v")),
            images: &[],
            stubs: &[],
            depends: &[],
            chip: None,
        },
    );
    let core = capi2(
        &how,
        &Core {
            name: "board_u280",
            doc: "Alveo U280 around the accelerator; xdma_0 and hbm_0 are made by recipe.tcl.",
            top: TOP,
            sources: &core_sources,
            images: &[],
            stubs: &["vendor_stubs.v", "hbm_stub.v"],
            depends: &["\"goldilane::u280\"", "\"goldilane::board_blocks\""],
            chip: Some(("u280.xdc", PART)),
        },
    );
    sources.extend(own);
    let accelerator = inner.lines();
    let accelerator = accelerator.filter(|line| !line.starts_with("//") && *line != GATE);
    sources.splice(
        0..0,
        accelerator.map(|f| format!("../../{CONFIGURATION}/{f}")),
    );
    let at = |file: &str| format!("{FOLDER}/{file}");
    Ok(vec![
        (at(&format!("{TOP}.v")), top(ports)),
        (at("hbm_stub.v"), hbm_stub(ports)),
        (at("files.f"), plain(&how, &sources)),
        (at(&format!("{TOP}.core")), core),
        (
            "boards/common/goldilane_board_blocks.core".to_owned(),
            blocks,
        ),
    ])
}

/// Ports of the memory controller for one channel: direction seen from it, name, width.
const HBM_PORTS: [(&str, &str, u32); 33] = [
    ("input", "ACLK", 1),
    ("input", "ARESET_N", 1),
    ("input", "ARADDR", 33),
    ("input", "ARBURST", 2),
    ("input", "ARID", 6),
    ("input", "ARLEN", 4),
    ("input", "ARSIZE", 3),
    ("input", "ARVALID", 1),
    ("output", "ARREADY", 1),
    ("input", "AWADDR", 33),
    ("input", "AWBURST", 2),
    ("input", "AWID", 6),
    ("input", "AWLEN", 4),
    ("input", "AWSIZE", 3),
    ("input", "AWVALID", 1),
    ("output", "AWREADY", 1),
    ("input", "WDATA", 256),
    ("input", "WDATA_PARITY", 32),
    ("input", "WSTRB", 32),
    ("input", "WLAST", 1),
    ("input", "WVALID", 1),
    ("output", "WREADY", 1),
    ("output", "BID", 6),
    ("output", "BRESP", 2),
    ("output", "BVALID", 1),
    ("input", "BREADY", 1),
    ("output", "RDATA", 256),
    ("output", "RDATA_PARITY", 32),
    ("output", "RID", 6),
    ("output", "RLAST", 1),
    ("output", "RRESP", 2),
    ("output", "RVALID", 1),
    ("input", "RREADY", 1),
];

/// Ports of the memory controller for one stack.
const STACK_PORTS: [(&str, &str, u32); 5] = [
    ("input", "HBM_REF_CLK_#", 1),
    ("input", "APB_#_PCLK", 1),
    ("input", "APB_#_PRESET_N", 1),
    ("output", "apb_complete_#", 1),
    ("output", "DRAM_#_STAT_CATTRIP", 1),
];

fn range(width: u32) -> String {
    match width {
        1 => String::new(),
        _ => format!("[{}:0] ", width - 1),
    }
}

fn head(module: &str, doc: &[&str]) -> String {
    let lines: String = doc.iter().map(|line| format!("// {line}\n")).collect();
    format!(
        "// {module}\n{lines}// Written by make bitstreams; SPDX-License-Identifier: MIT OR Apache-2.0\n`default_nettype none\n\n"
    )
}

fn hbm_stub(ports: u32) -> String {
    let mut all = Vec::new();
    let mut port = |direction: &str, name: String, width: u32| {
        all.push(format!("  {direction} wire {}{name}", range(width)));
    };
    for stack in ["0", "1"] {
        for (direction, name, width) in STACK_PORTS {
            port(direction, name.replace('#', stack), width);
        }
    }
    for p in 0..ports {
        for (direction, name, width) in HBM_PORTS {
            port(direction, format!("AXI_{p:02}_{name}"), width);
        }
    }
    let doc = [
        "Ports of the HBM controller as the vendor's generator names them; the vendor's module takes its place.",
    ];
    format!(
        "{}(* blackbox *)\nmodule hbm_0 (\n{}\n);\nendmodule\n",
        head("hbm_0", &doc),
        all.join(",\n")
    )
}

/// Signals of one port of the accelerator towards memory: name, width, driven by the accelerator.
const MEMORY: [(&str, u32, bool); 29] = [
    ("awid", 1, true),
    ("awaddr", 40, true),
    ("awlen", 8, true),
    ("awsize", 3, true),
    ("awburst", 2, true),
    ("awvalid", 1, true),
    ("awready", 1, false),
    ("wdata", 256, true),
    ("wstrb", 32, true),
    ("wlast", 1, true),
    ("wvalid", 1, true),
    ("wready", 1, false),
    ("bid", 1, false),
    ("bresp", 2, false),
    ("bvalid", 1, false),
    ("bready", 1, true),
    ("arid", 1, true),
    ("araddr", 40, true),
    ("arlen", 8, true),
    ("arsize", 3, true),
    ("arburst", 2, true),
    ("arvalid", 1, true),
    ("arready", 1, false),
    ("rid", 1, false),
    ("rdata", 256, false),
    ("rresp", 2, false),
    ("rlast", 1, false),
    ("rvalid", 1, false),
    ("rready", 1, true),
];

/// What a signal of the controller's channel `p` is connected to.
fn hbm_pin(name: &str, p: u32) -> String {
    let memory = |signal: &str| format!("mem{p}_{signal}");
    let short = |signal: &str| format!("short{p}_{signal}");
    match name {
        "ACLK" => "core_clk".to_owned(),
        "ARESET_N" => "hbm_axi_reset_n".to_owned(),
        "ARADDR" | "AWADDR" => format!("{{5'd{p}, {}}}", short(&name.to_lowercase())),
        "ARBURST" | "AWBURST" => "2'b01".to_owned(),
        "ARSIZE" | "AWSIZE" => "3'd5".to_owned(),
        "ARID" | "AWID" => "6'd0".to_owned(),
        // Parity is off in the controller's configuration.
        "WDATA_PARITY" => "32'd0".to_owned(),
        "WDATA" | "WSTRB" | "RDATA" | "RRESP" => memory(&name.to_lowercase()),
        "BID" | "RID" | "RDATA_PARITY" => String::new(),
        other => short(&other.to_lowercase()),
    }
}

fn top(ports: u32) -> String {
    let mut text = head(
        TOP,
        &[
            "Alveo U280: PCIe bridge, HBM, clocks and resets around the top module goldilane_u280.",
            "Clocks: axi_clk from the PCIe bridge; core_clk for the accelerator and the ports of HBM.",
        ],
    );
    text += include_str!("board_u280_head.v");
    let mut pins = Vec::new();
    for p in 0..ports {
        let _ = writeln!(text, "\n  // Port {p} of board memory, channel {p} of HBM.");
        for (name, width, _) in MEMORY {
            let _ = writeln!(text, "  wire {}mem{p}_{name};", range(width));
            pins.push(format!("    .m_axi_mem{p}_{name}(mem{p}_{name})"));
        }
        for name in ["awaddr", "araddr"] {
            let _ = writeln!(text, "  wire {}short{p}_{name};", range(CHANNEL_BITS));
        }
        for name in ["awlen", "arlen"] {
            let _ = writeln!(text, "  wire [3:0] short{p}_{name};");
        }
        let _ = writeln!(text, "  wire [1:0] short{p}_bresp;");
        let bits = [
            "awvalid", "awready", "wlast", "wvalid", "wready", "bvalid", "bready", "arvalid",
            "arready", "rlast", "rvalid", "rready",
        ];
        let list = bits.map(|bit| format!("short{p}_{bit}")).join(", ");
        let _ = writeln!(text, "  wire {list};");
        let _ = writeln!(
            text,
            "  assign mem{p}_bid = 1'b0;\n  assign mem{p}_rid = 1'b0;"
        );
        let mut split = vec![
            "    .clk(core_clk)".to_owned(),
            "    .rst(core_rst)".to_owned(),
        ];
        for name in ["awaddr", "araddr"] {
            let top = CHANNEL_BITS - 1;
            split.push(format!("    .s_{name}(mem{p}_{name}[{top}:0])"));
            split.push(format!("    .m_{name}(short{p}_{name})"));
        }
        for name in ["awlen", "arlen", "bresp"] {
            split.push(format!("    .s_{name}(mem{p}_{name})"));
            split.push(format!("    .m_{name}(short{p}_{name})"));
        }
        for name in bits {
            split.push(format!("    .s_{name}(mem{p}_{name})"));
            split.push(format!("    .m_{name}(short{p}_{name})"));
        }
        let _ = writeln!(
            text,
            "  burst_split #(.ADDR({CHANNEL_BITS}), .DATA(256)) u_split_{p} (\n{}\n  );",
            split.join(",\n")
        );
    }
    let mut hbm = Vec::new();
    for stack in ["0", "1"] {
        for (_, name, _) in STACK_PORTS {
            let name = name.replace('#', stack);
            let pin = match name.as_str() {
                n if n.starts_with("HBM_REF") || n.ends_with("PCLK") => "clk_100".to_owned(),
                n if n.ends_with("PRESET_N") => "hbm_apb_reset_n".to_owned(),
                n if n.starts_with("apb") => format!("hbm_ready[{stack}]"),
                _ => format!("cattrip[{stack}]"),
            };
            hbm.push(format!("    .{name}({pin})"));
        }
    }
    for p in 0..ports {
        for (_, name, _) in HBM_PORTS {
            hbm.push(format!("    .AXI_{p:02}_{name}({})", hbm_pin(name, p)));
        }
    }
    let _ = writeln!(text, "\n  hbm_0 u_hbm (\n{}\n  );\n", hbm.join(",\n"));
    let mut own: Vec<String> = vec![
        "    .clk(core_clk)".to_owned(),
        "    .rst(core_rst)".to_owned(),
        "    .build_stamp(BUILD_STAMP)".to_owned(),
        "    .test_faults(3'b000)".to_owned(),
        "    .irq_valid(irq_valid)".to_owned(),
        "    .irq_vector(irq_vector)".to_owned(),
    ];
    for name in [
        "awaddr", "awvalid", "awready", "wdata", "wstrb", "wvalid", "wready", "bresp", "bvalid",
        "bready", "araddr", "arvalid", "arready", "rdata", "rresp", "rvalid", "rready",
    ] {
        own.push(format!("    .s_axil_{name}(axil_{name})"));
    }
    for (name, _, _) in MEMORY {
        own.push(format!("    .m_axi_host_{name}(host_{name})"));
    }
    own.extend(pins);
    let _ = writeln!(
        text,
        "  // The very module that is simulated.\n  goldilane_u280 u_goldilane (\n{}\n  );\nendmodule",
        own.join(",\n")
    );
    text
}
