//! The whole board: shell, core, their buses.
//!
//! Ports: `s_axil_*` (AXI4-Lite, registers), `m_axi_host_*` (AXI4, host memory), `m_axi_mem<p>_*` (AXI4, one a port of
//! board memory), `irq_valid` and `irq_vector` (pulse), `build_stamp` (a constant of whoever builds the board),
//! `test_faults` (3: plants faults for the self-test to find, on-chip memory [0], arithmetic [2]; 0 on a real board).

use crate::bootstrap::core::bootstrap_core;
use crate::cells::counters::linger;
use crate::cells::skid;
use crate::config::Configuration;
use crate::netlist::{Builder, Instance, Module, NetlistError, Sig};
use crate::pipeline::BuildError;
use crate::shell::Widths;
use crate::shell::board_read::board_read;
use crate::shell::board_write::board_write;
use crate::shell::controller::{PORT_BITS, controller};
use crate::shell::csr::csr;
use crate::shell::host_read::host_read;
use crate::shell::host_write::host_write;
use crate::shell::instruction::Port;
use crate::shell::io::io;
use crate::shell::nets::Nets;
use crate::shell::ports;
use crate::shell::program::program;
use goldilane_abi::Shape;
use std::sync::Arc;

/// What a board is built of, beyond its shape.
#[derive(Clone, Debug)]
pub struct Options {
    /// The core; without one the board does everything but bootstraps.
    pub core: Option<Arc<Module>>,
    /// Each write waits for the response of the one before. Off only in the test that shows that the simulated bus
    /// notices.
    pub wait_for_responses: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            core: None,
            wait_for_responses: true,
        }
    }
}

/// Builds the board `goldilane_<name>` with everything.
///
/// # Errors
/// A shape that cannot be built.
pub fn goldilane(configuration: &Configuration) -> Result<Arc<Module>, BuildError> {
    let shape = &configuration.shape;
    let options = Options {
        core: Some(bootstrap_core(shape, configuration.multiplier)?),
        ..Options::default()
    };
    Ok(board(&configuration.name, shape, &options)?)
}

/// Builds the board `goldilane_<name>` of given parts.
///
/// # Errors
/// None but those of the netlist.
pub fn board(name: &str, shape: &Shape, options: &Options) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        &format!("goldilane_{name}"),
        "The board: AXI4-Lite registers, AXI4 to host memory and to board memory.",
    );
    wire(&b, shape, options)?;
    b.finish()
}

fn plain(port: &str) -> String {
    port.to_owned()
}

fn wire(b: &Builder, shape: &Shape, options: &Options) -> Result<(), NetlistError> {
    let w = Widths::of(shape);
    let text = program(shape);
    let mut n = Nets::new(b);

    // Registers and control.
    for (port, width) in [
        ("s_axil_awaddr", 16),
        ("s_axil_awvalid", 1),
        ("s_axil_wdata", 32),
        ("s_axil_wstrb", 4),
        ("s_axil_wvalid", 1),
        ("s_axil_bready", 1),
        ("s_axil_araddr", 16),
        ("s_axil_arvalid", 1),
        ("s_axil_rready", 1),
        ("build_stamp", 32),
        ("test_faults", 3),
    ] {
        n.input(port, width);
    }
    n.instance(&csr(shape.queue_pairs)?, "u_csr", plain);
    for (port, width) in [
        ("s_axil_awready", 1),
        ("s_axil_wready", 1),
        ("s_axil_bresp", 2),
        ("s_axil_bvalid", 1),
        ("s_axil_arready", 1),
        ("s_axil_rdata", 32),
        ("s_axil_rresp", 2),
        ("s_axil_rvalid", 1),
    ] {
        n.output(port, width);
    }
    let processor = controller(&text.words, text.scratch)?;
    n.instance(&processor, "u_controller", |p| match p {
        "write_data" | "write_port" | "write_valid" => format!("io_{p}"),
        _ => p.to_owned(),
    });
    n.instance(&io(shape)?, "u_io", |p| match p {
        "write_data" | "write_port" | "write_valid" => format!("io_{p}"),
        _ => p.to_owned(),
    });
    n.output("irq_valid", 1);
    n.output("irq_vector", 8);

    host(&mut n, shape, &w, options)?;
    board_memory(b, &mut n, shape)?;
    core(&mut n, options);
    Ok(())
}

/// Clocks that a data mover needs to run out when it says that it is no more busy: the CRC of what it moved, what is on its
/// way to the core.
const RUN_OUT: usize = 15;

/// Lets the clock of a data mover tick while it works or is told to stop, and for a while whenever the controller writes to
/// one of its `commands`: the pulse follows a clock later. `name`: its status is the net `*_status` of that `width`, whose
/// lowest bit says busy.
fn gate<'b>(n: &mut Nets<'b>, mover: &Instance<'b>, name: &str, width: u32, commands: &[Port]) {
    let working = n.one(&format!("{name}_status"), width).bit(0);
    let (written, port) = (
        n.one("io_write_valid", 1),
        n.one("io_write_port", PORT_BITS),
    );
    let b = n.builder();
    // The number of a port stands for clocks before the pulse that it is written.
    let told = commands
        .iter()
        .map(|command| port.eq_lit(u128::from(command.number())))
        .fold(b.lit(0, 1), |any, this| any | this);
    let command = written & b.reg(told);
    let on = command | n.one("abort", 1) | working;
    b.gate(mover, linger(b, &format!("{name}_run"), on, RUN_OUT));
}

/// Reader, writer, and the stream between them.
fn host<'b>(
    n: &mut Nets<'b>,
    shape: &Shape,
    w: &Widths,
    options: &Options,
) -> Result<(), NetlistError> {
    let bus = shape.host_bus_bits;
    let outward = |p: &str| format!("m_axi_host_{p}");
    for (port, width) in [
        ("awready", 1),
        ("wready", 1),
        ("bid", 4),
        ("bresp", 2),
        ("bvalid", 1),
        ("arready", 1),
        ("rid", 4),
        ("rdata", bus),
        ("rresp", 2),
        ("rlast", 1),
        ("rvalid", 1),
    ] {
        n.input(&outward(port), width);
    }
    // Internal names of the bus's channels carry an underscore: `ar_address` is `araddr` outside.
    let bus_name = move |p: &str| {
        let channel = p.split('_').next().unwrap_or_default();
        if !["aw", "w", "b", "ar", "r"].contains(&channel) {
            return None;
        }
        let rest = p[channel.len() + 1..].to_owned();
        let rest = match rest.as_str() {
            "address" => "addr",
            "strobe" => "strb",
            other => other,
        };
        Some(format!("m_axi_host_{channel}{rest}"))
    };
    let reader = n.instance(&host_read(w)?, "u_host_read", |p| {
        bus_name(p).unwrap_or_else(|| match p {
            "address" | "start" | "drop" | "status" => format!("read_{p}"),
            "loop_ready" | "loop_valid" | "loop_data" => format!("read_{p}"),
            "mem_ready" | "mem_valid" | "mem_data" => format!("read_{p}"),
            _ => p.to_owned(),
        })
    });
    gate(
        n,
        &reader,
        "read",
        64,
        &[
            ports::READ_START,
            ports::READ_DROP,
            ports::FILL_START,
            ports::OWN_LWE,
        ],
    );
    let join = skid("shell_beat_skid", w.words, 64)?;
    n.instance(&join, "u_loop_skid", |p| match p {
        "in_valid" | "in_ready" | "in_data" => p.replace("in_", "read_loop_"),
        _ => p.replace("out_", "write_loop_"),
    });
    let writer = host_write(w, options.wait_for_responses)?;
    let writer = n.instance(&writer, "u_host_write", |p| {
        bus_name(p).unwrap_or_else(|| match p {
            "address" | "start" | "status" => format!("write_{p}"),
            "word_0" | "word_1" => format!("write_{p}"),
            "loop_ready" | "loop_valid" | "loop_data" => format!("write_{p}"),
            _ => p.to_owned(),
        })
    });
    // One that does not wait has responses under way when it is done.
    if options.wait_for_responses {
        gate(n, &writer, "write", 64, &[ports::WRITE_START]);
    }
    n.constant(&outward("awburst"), 1, 2);
    n.constant(&outward("arburst"), 1, 2);
    n.constant(&outward("bready"), 1, 1);
    n.constant(&outward("rready"), 1, 1);
    for (port, width) in [
        ("awid", 4),
        ("awaddr", 64),
        ("awlen", 8),
        ("awsize", 3),
        ("awburst", 2),
        ("awvalid", 1),
        ("wdata", bus),
        ("wstrb", bus / 8),
        ("wlast", 1),
        ("wvalid", 1),
        ("bready", 1),
        ("arid", 4),
        ("araddr", 64),
        ("arlen", 8),
        ("arsize", 3),
        ("arburst", 2),
        ("arvalid", 1),
        ("rready", 1),
    ] {
        n.output(&outward(port), width);
    }
    Ok(())
}

/// Filling and reading of board memory, and its ports.
fn board_memory<'b>(b: &'b Builder, n: &mut Nets<'b>, shape: &Shape) -> Result<(), NetlistError> {
    let ports = shape.memory_ports;
    let bits = shape.memory_port_bits;
    for p in 0..ports {
        for (port, width) in [
            ("awready", 1),
            ("wready", 1),
            ("bid", 1),
            ("bresp", 2),
            ("bvalid", 1),
            ("arready", 1),
            ("rid", 1),
            ("rdata", bits),
            ("rresp", 2),
            ("rlast", 1),
            ("rvalid", 1),
        ] {
            n.input(&format!("m_axi_mem{p}_{port}"), width);
        }
    }
    // One bit or word a port, port 0 lowest.
    for (port, net, width) in [
        ("awready", "fill_aw_ready", 1),
        ("wready", "fill_w_ready", 1),
        ("bvalid", "fill_b_valid", 1),
        ("bresp", "fill_b_resp", 2),
        ("arready", "lines_ar_ready", 1),
        ("rvalid", "lines_r_valid", 1),
        ("rlast", "lines_r_last", 1),
        ("rresp", "lines_r_resp", 2),
        ("rdata", "lines_r_data", bits),
    ] {
        let words: Vec<_> = (0..ports)
            .flat_map(|p| n.get(&format!("m_axi_mem{p}_{port}"), width))
            .collect();
        n.put(net, &words);
    }
    let filler = n.instance(&board_write(shape)?, "u_board_write", |p| match p {
        "mem_valid" | "mem_ready" | "mem_data" => format!("read_{p}"),
        "command" | "abort" => p.to_owned(),
        _ => format!("fill_{p}"),
    });
    gate(n, &filler, "fill", 2, &[ports::FILL_START]);
    n.instance(&board_read(shape)?, "u_board_read", |p| {
        if p.starts_with("ar_") || p.starts_with("r_") {
            format!("lines_{p}")
        } else {
            p.to_owned()
        }
    });

    let shift = (bits / 8).trailing_zeros();
    let address = |line| b.cat(&[b.lit(0, shift), line]).resize(40);
    let (fill_at, read_at) = (n.one("fill_aw_line", 32), n.one("lines_ar_line", 32));
    let (fill_len, read_len) = (n.one("fill_aw_len", 8), n.one("lines_ar_len", 8));
    let size = b.lit(shift.into(), 3);
    let (zero, one) = (b.lit(0, 1), b.lit(1, 1));
    let incr = b.lit(1, 2);
    let enable = n.one("fill_w_enable", 1);
    let last = n.one("fill_w_last", 1);
    let bit = |n: &mut Nets<'b>, net: &str, p| n.one(net, ports).bit(p);
    let words = n.get("fill_w_data", ports * bits);
    let words = split(&words);
    let per_port = bits as usize / 64;
    for p in 0..ports {
        let name = |port: &str| format!("m_axi_mem{p}_{port}");
        b.output(&name("awid"), zero);
        b.output(&name("awaddr"), address(fill_at));
        b.output(&name("awlen"), fill_len);
        b.output(&name("awsize"), size);
        b.output(&name("awburst"), incr);
        b.output(&name("awvalid"), bit(n, "fill_aw_valid", p));
        let first = p as usize * per_port;
        b.output_words(&name("wdata"), &words[first..first + per_port]);
        b.output_words(&name("wstrb"), &vec![enable; bits as usize / 8]);
        b.output(&name("wlast"), last);
        b.output(&name("wvalid"), bit(n, "fill_w_valid", p));
        b.output(&name("bready"), one);
        b.output(&name("arid"), zero);
        b.output(&name("araddr"), address(read_at));
        b.output(&name("arlen"), read_len);
        b.output(&name("arsize"), size);
        b.output(&name("arburst"), incr);
        b.output(&name("arvalid"), bit(n, "lines_ar_valid", p));
        b.output(&name("rready"), bit(n, "lines_r_ready", p));
    }
    Ok(())
}

/// Words of 64 bits, whatever they were.
fn split<'b>(words: &[Sig<'b>]) -> Vec<Sig<'b>> {
    words
        .iter()
        .flat_map(|&w| (0..w.width() / 64).map(move |i| w.slice(64 * i, 64)))
        .collect()
}

/// The core, or what stands in its place on a board without one: never ready, always idle.
fn core(n: &mut Nets<'_>, options: &Options) {
    let Some(core) = &options.core else {
        for (name, width) in [
            ("batch_ready", 1),
            ("batch_done", 1),
            ("batch_error", 2),
            ("clear_busy", 1),
            ("result_read_ready", 1),
            ("count_product_busy", 1),
            ("count_key_wait", 1),
            ("count_switch_busy", 1),
            ("result_valid", 1),
            ("result_last", 1),
            ("result_data", 64),
            ("line_req_valid", 1),
            ("line_req_line", 32),
            ("line_req_count", 16),
            ("line_req_crc_line", 32),
            ("line_ready", 1),
        ] {
            n.constant(name, 0, width);
        }
        n.constant("core_idle", 1, 1);
        return;
    };
    let ports = core.ports();
    let width = |name: &str| ports.iter().find(|p| p.name == name).map(|p| p.width);
    // The reader counts more slots and words than this core has.
    for (to, from) in [("lwe_slot", "lwe_to_slot"), ("lwe_index", "lwe_word")] {
        if let Some(width) = width(to) {
            let all = n.any(from);
            n.put(to, &[all.resize(width)]);
        }
    }
    let faults = n.any("test_faults");
    n.put("parity_fault", &[faults.bit(0)]);
    n.put("product_fault", &[faults.bit(2)]);
    n.instance(core, "u_core", |p| match p {
        "read_valid" | "read_ready" | "read_slot" | "read_kind" | "read_offset" => {
            format!("result_{p}")
        }
        _ => p.to_owned(),
    });
}
