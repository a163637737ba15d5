//! The accumulators of all slots, and the addition of results to them.
//!
//! A memory has one read and one write port, so each lane holds three equal copies, written together: one gives the
//! plain row to the difference, one the row that is turned, one the old row to which a result is added. Nothing else
//! reads them: the rows of the last step go to the output store while they are written.
//!
//! ```text
//! clock  t            t+1                       t+2                         t+3
//!        old_address  old row, result words     write_data, write address   readable
//! ```
//!
//! A lookup-table row takes a result's place in the adder (the old row is switched off). `zero_next` writes zeros.
//!
//! Ports (per row: P words of 64): `turned_address` -> `turned`, `plain_address` -> `plain`, one clock later;
//! `old_address`, `load_next`, `zero_next` at t; `result` and `table` words at t+1 with `write_enable_next` and
//! `write_address_next`; `write_data` at t+2.
//! Cost a lane: three memories of slots * (k+1) * R words of 64, one 64-bit adder.

use super::geometry::Geometry;
use crate::netlist::{Builder, LOAD_LIMIT, Module, NetlistError, RamStyle, Sig};
use std::sync::Arc;

/// Clocks from an address to its row.
pub const READ_LATENCY: usize = 1;
/// Clocks from the address of the old row to the clock in which the sum is written.
pub const WRITE_LATENCY: usize = 2;

/// The three memories and the adder of one lane.
///
/// # Errors
/// None but errors of the generator itself.
pub fn lane(geometry: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let (depth, bits) = (geometry.accumulator_depth(), geometry.address_bits());
    let b = Builder::new(
        "accumulator_lane",
        "One lane of the accumulators: three copies (plain, turned, addition) and the adder.",
    );
    b.one_lane();
    let load = b.reg(b.input("load_next", 1));
    let zero = b.reg(b.input("zero_next", 1));
    let enable = b.reg(b.input("write_enable_next", 1));
    let address = b.reg(b.input("write_address_next", bits));
    let (result, table) = (b.input("result", 64), b.input("table_word", 64));

    // An address goes to every lane: where memories are shallow enough for LUTs, each lane would be 64 loads of it.
    let luts = RamStyle::Auto.luts(depth, 64) * geometry.lanes() as u32;
    let style = match luts > LOAD_LIMIT {
        true => RamStyle::Block,
        false => RamStyle::Auto,
    };
    let copy = |name: &str| b.ram(name, depth, 64, style);
    let copies = [
        copy("plain_copy"),
        copy("turned_copy"),
        copy("addition_copy"),
    ];
    let ports = ["plain_address", "turned_address", "old_address"];
    let reads: Vec<Sig> = copies
        .iter()
        .zip(ports)
        .map(|(ram, port)| b.ram_read(ram, b.input(port, bits)))
        .collect();
    let new = b.mux(load, table, result) & (!zero).sext(64);
    let old = reads[2] & (!load).sext(64);
    let sum = b.reg(new + old).named("sum");
    for ram in &copies {
        b.ram_write(ram, enable, address, sum);
    }
    b.output("plain", reads[0]);
    b.output("turned", reads[1]);
    b.output("write_data", sum);
    b.finish()
}

/// All lanes.
///
/// # Errors
/// None but errors of the generator itself.
pub fn accumulator(geometry: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let lanes = geometry.lanes();
    let lane_module = lane(geometry)?;
    let b = Builder::new(
        &format!("accumulator_p{lanes}"),
        "Accumulators of all slots: P lanes of three equal memories and an adder.",
    );
    let bits = geometry.address_bits();
    let shared: Vec<(&str, Sig)> = [
        ("load_next", 1),
        ("zero_next", 1),
        ("write_enable_next", 1),
        ("write_address_next", bits),
        ("plain_address", bits),
        ("turned_address", bits),
        ("old_address", bits),
    ]
    .map(|(name, width)| (name, b.input(name, width)))
    .to_vec();
    let result = b.input_words("result", lanes, 64);
    let table = b.input_words("table_row", lanes, 64);
    let instances: Vec<_> = (0..lanes)
        .map(|lane| {
            let mut inputs = shared.clone();
            inputs.push(("result", result[lane]));
            inputs.push(("table_word", table[lane]));
            b.instance(&lane_module, &format!("u_lane_{lane}"), &inputs)
        })
        .collect();
    for port in ["plain", "turned", "write_data"] {
        let words: Vec<Sig> = instances.iter().map(|i| i.get(port)).collect();
        b.output_words(port, &words);
    }
    b.finish()
}
