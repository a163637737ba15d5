//! The blocks that are compared, in groups that make one library each.

// Each test file uses some of the groups.
#![allow(dead_code)]

use std::sync::Arc;

use goldilane_abi::Shape;
use goldilane_hdl::netlist::{Builder, Module, NetlistError, RamStyle};
use goldilane_hdl::shell::{self, Widths};
use goldilane_hdl::{bootstrap, cells, key_switch, ntt};

/// The toy shape with a number of slots that fills its memories: random addresses stay within them.
pub const TOY: Shape = Shape {
    slots: 4,
    ..Shape::TOY
};

/// The same for the key stream, whose GGSW buffer has a part for every level: a row number beyond the last reads as 0
/// natively and as anything in Verilator. The core never asks for one: its row numbers count up to the
/// levels of the key, which the shell has compared with the board's.
const FULL_BUFFERS: Shape = Shape {
    max_pbs_levels: 2,
    ..TOY
};

/// A shape whose board memory has more ports than are looked at in one clock, of one word each.
pub const MANY_PORTS: Shape = Shape {
    memory_ports: 8,
    memory_port_bits: 64,
    ..TOY
};

type Modules = Vec<Arc<Module>>;

fn all<const N: usize>(modules: [Result<Arc<Module>, NetlistError>; N]) -> Modules {
    modules.into_iter().map(|m| m.expect("builds")).collect()
}

/// A block whose clock stands while its enable is 0: registers with and without reset, a memory.
fn gated_cell() -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new("gated_cell", "A queue and a delay whose clock can stand.");
    let queue = cells::fifo("fifo_gated", 16, 2, 9, RamStyle::Auto)?;
    let enable = b.reg(b.input("enable", 1));
    let inputs: Vec<_> = queue
        .ports()
        .into_iter()
        .filter(|port| !port.output)
        .collect();
    let wires: Vec<_> = inputs
        .iter()
        .map(|port| (port.name.as_str(), vec![b.input(&port.name, port.width)]))
        .collect();
    let instance = b.instance_words(&queue, "u_fifo", &wires);
    b.gate(&instance, enable);
    for port in queue.ports().iter().filter(|port| port.output) {
        b.output_words(&port.name, &instance.words(&port.name));
    }
    b.finish()
}

/// Thirteen lanes, which are emitted as one module of eight and one of five: a shared address, words of their own, a block
/// in the block, a memory, a state. All clocks stand while the enable is 0.
fn lanes_cell() -> Result<Arc<Module>, NetlistError> {
    const LANES: usize = 13;
    let square = Builder::new(
        "square_lane",
        "The square of a word and a constant at its address.",
    );
    square.one_lane();
    let x = square.input("x", 8);
    let table: Vec<u128> = (0..16).map(|i| i * 77 % 251).collect();
    let constant = square.rom("constants", 8, &table, x.slice(2, 4));
    square.output("y", square.reg(square.mul(x, x)));
    square.output("constant", constant);
    let square = square.finish()?;
    let lane = Builder::new("memory_lane", "A memory written at a count, and a square.");
    lane.one_lane();
    let (address, x) = (lane.input("address", 4), lane.input_words("x", 2, 8));
    let count = lane.state("count", 4, 3);
    lane.drive_en(count, count.add_lit(1), x[0].bit(0));
    let ram = lane.ram("store", 16, 8, RamStyle::Auto);
    lane.ram_write(&ram, x[1].bit(7), count, x[1]);
    let squared = lane.instance(&square, "u_square", &[("x", x[0])]);
    lane.output("read", lane.ram_read(&ram, address));
    lane.output_words(
        "y",
        &[squared.get("y"), squared.get("constant"), lane.reg(x[1])],
    );
    let lane = lane.finish()?;
    let b = Builder::new("lanes_cell", "Lanes side by side.");
    let (address, enable) = (b.input("address", 4), b.reg(b.input("enable", 1)));
    let words = b.input_words("x", 2 * LANES, 8);
    for (i, x) in words.chunks(2).enumerate() {
        let inputs = [("address", vec![address]), ("x", x.to_vec())];
        let made = b.instance_words(&lane, &format!("u_lane_{i}"), &inputs);
        b.gate(&made, enable);
        b.output(&format!("read_{i}"), made.get("read"));
        b.output_words(&format!("y_{i}"), &made.words("y"));
    }
    b.finish()
}

pub fn cells() -> Modules {
    let style = RamStyle::Auto;
    all([
        cells::fifo("fifo_narrow", 16, 1, 9, style),
        cells::fifo("fifo_wide", 8, 5, 64, style),
        cells::skid("skid_wide", 3, 70),
        cells::crc32c("crc32c_1", 1),
        cells::crc32c("crc32c_2", 2),
        cells::crc32c("crc32c_8", 8),
        gated_cell(),
        lanes_cell(),
    ])
}

pub fn front() -> Modules {
    let of = |shape| {
        let g = bootstrap::Geometry::new(shape);
        all([
            bootstrap::rotate::rotate(&g),
            bootstrap::decompose::decompose(&g),
            bootstrap::sequencer::sequencer(&g),
            bootstrap::accumulator::accumulator(&g),
        ])
    };
    [of(TOY), of(Shape { lanes: 8, ..TOY })].concat()
}

pub fn key_switch() -> Modules {
    let g = key_switch::Geometry::new(&TOY);
    all([
        key_switch::digits::digits(16),
        key_switch::lwe_buffer::lwe_buffer(&g),
        key_switch::mod_switch::mod_switch(&g),
        key_switch::key_switch(&g),
    ])
}

/// Writing and sequencing of accumulators, key stream and output store, each with its parts.
pub fn core_streams() -> Modules {
    let g = bootstrap::Geometry::new(TOY);
    let sizes = bootstrap::key_stream::Sizes {
        shape: FULL_BUFFERS,
    };
    let lanes = TOY.lanes as usize;
    all([
        bootstrap::accumulator_write::accumulator_write(&g, 3),
        bootstrap::sequencer_feed::sequencer_feed(&g),
        bootstrap::core_front::core_front(&g, 3),
        bootstrap::key_stream_requests::line_requests(&sizes),
        bootstrap::key_stream_lines::line_distributor(&sizes),
        bootstrap::key_stream::key_stream(&FULL_BUFFERS),
        bootstrap::output_store_lanes::output_lanes(lanes, 512),
        bootstrap::output_store::output_store(&g),
    ])
}

/// Registers, controller and what lies between it and the data movers.
pub fn shell_control() -> Modules {
    let text = shell::program::program(&TOY);
    all([
        shell::csr::csr(TOY.queue_pairs),
        shell::io::io(&TOY),
        shell::controller::controller(&text.words, text.scratch),
    ])
}

/// The data movers at every kind of width: beats of two words, beats of eight that are half a beat of the bus; one port
/// of four words, many ports of one.
pub fn shell_movers() -> Modules {
    let of_host = |bits| {
        let shape = Shape {
            host_bus_bits: bits,
            ..TOY
        };
        let w = Widths::of(&shape);
        all([
            shell::host_read::host_read(&w),
            shell::host_write::host_write(&w, true),
        ])
    };
    let of_board = |shape: &Shape| {
        all([
            shell::board_read::board_read(shape),
            shell::board_write::board_write(shape),
        ])
    };
    let skid = all([cells::skid("shell_beat_skid", 2, 64)]);
    [
        of_host(128),
        of_host(1024),
        of_board(&TOY),
        of_board(&MANY_PORTS),
        skid,
    ]
    .concat()
}

/// The transform alone.
pub fn forward_transforms() -> Modules {
    [(8, 2), (9, 3)]
        .into_iter()
        .map(|(log_n, log_lanes)| {
            let config = ntt::TransformConfig::new(log_n, log_lanes);
            let forward = ntt::forward(&config, 0, 0).expect("forward");
            forward.block.module().clone()
        })
        .collect()
}

/// The external product of the toy shape.
pub fn toy_product() -> Arc<Module> {
    let mut config = ntt::TransformConfig::new(8, 2);
    config.max_levels = 3;
    let product = ntt::external_product(&config).expect("builds");
    product.block.module().clone()
}
