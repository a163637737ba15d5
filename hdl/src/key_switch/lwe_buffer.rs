//! Input ciphertexts: two banks of S slots, written in beats as they come from the host, read in rows
//! of Q coefficients in natural order.
//!
//! Kept of a mask word are its upper 33 bits, all that digits of at most 32 bits and their rounding
//! depend on; of the body its upper 32 bits, rounded half up.
//!
//! Ports: `lwe_valid` `lwe_bank` `lwe_slot` `lwe_index` (number of the beat's first word, a multiple of
//! the beat's words; the number kN is the body's) `lwe_data`; `read_bank` `read_slot` `read_group` ->
//! `coefficients` [`READ_LATENCY`] clocks later, if `read_soon` was 1 a clock before; `body_bank` `body_slot` -> `body` one clock later;
//! `clear`, held until `clear_busy` has fallen.

use super::geometry::{COEFFICIENT_BITS, Geometry};
use crate::cells::counters::{linger, valid_delay};
use crate::cells::walk;
use crate::netlist::{Builder, Module, NetlistError, RamStyle, address_bits};
use std::sync::Arc;

/// Clocks from the row's number to its coefficients.
pub const READ_LATENCY: usize = 3;

/// One beat's worth of columns, with registers of its own for the shared controls.
fn column(g: &Geometry, depth: usize, bits: u32) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        &format!("lwe_column_{}x{}", depth, g.beat_words),
        "Columns of the input buffer that one beat fills.",
    );
    let enable = b.reg(b.input("write", 1));
    let at = b.reg(b.input("write_at", bits));
    let data = b.input_words("data", g.beat_words, COEFFICIENT_BITS);
    let read_at = b.reg(b.input("read_at", bits));
    let out: Vec<_> = data
        .iter()
        .enumerate()
        .map(|(i, &word)| {
            let ram = b.ram(
                &format!("mask_{i}"),
                depth,
                COEFFICIENT_BITS,
                RamStyle::Auto,
            );
            b.ram_write(&ram, enable, at, b.reg(word));
            b.reg(b.ram_read(&ram, read_at))
        })
        .collect();
    b.output_words("coefficients", &out);
    b.finish()
}

/// Builds the input buffer.
///
/// # Errors
/// None but those of the netlist.
pub fn lwe_buffer(g: &Geometry) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "lwe_buffer",
        "Input ciphertexts: two banks of slots, written in beats, read in rows of coefficients.",
    );
    let depth = (2 * g.slots) << g.group_bits;
    let bits = address_bits(depth);
    let place = |group, bank, slot| b.cat(&[group, bank, slot]).resize(bits);
    let clear = b.input("clear", 1);
    let walk = walk(&b, clear, depth);

    // First stage: beat, address and which columns.
    let valid = b.state("beat_valid", 1, 0);
    let coming = b.input("lwe_valid", 1);
    b.drive(valid, coming);
    let bank = b.reg(b.input("lwe_bank", 1));
    let slot = b.reg(b.input("lwe_slot", g.slot_bits));
    let index_in = b.input("lwe_index", g.index_bits());
    let index = b.reg(index_in);
    let is_body = b.reg(index_in.eq_lit(g.mask_words as u128));
    let beat: Vec<_> = b
        .input_words("lwe_data", g.beat_words, 64)
        .into_iter()
        .map(|w| b.reg(w.from_bit(64 - COEFFICIENT_BITS)))
        .collect();
    let open = !walk.busy;
    let kept: Vec<_> = beat
        .iter()
        .map(|w| b.reg(*w & open.sext(COEFFICIENT_BITS)))
        .collect();
    let product_bits = g.products.trailing_zeros();
    let group = index.from_bit(product_bits).resize(g.group_bits);
    let write_at = b.reg(b.mux(walk.busy, walk.address, place(group, bank, slot)));

    // Second stage: columns.
    let read_at = place(
        b.input("read_group", g.group_bits),
        b.input("read_bank", 1),
        b.input("read_slot", g.slot_bits),
    );
    let columns = g.products / g.beat_words;
    let beat_bits = g.beat_words.trailing_zeros();
    let module = column(g, depth, bits)?;
    // The columns' clock ticks while words are on their way into them or out of them.
    let used = b.input("read_soon", 1) | coming | clear;
    let run = linger(&b, "columns_run", used, READ_LATENCY);
    let mut out = Vec::with_capacity(g.products);
    for c in 0..columns {
        let here = match columns {
            1 => b.lit(1, 1),
            _ => index
                .slice(beat_bits, product_bits - beat_bits)
                .eq_lit(c as u128),
        };
        let write = b.reg((valid & !is_body & here) | walk.busy);
        let column = b.instance_words(
            &module,
            &format!("u_column_{c}"),
            &[
                ("write", vec![write]),
                ("write_at", vec![write_at]),
                ("data", kept.clone()),
                ("read_at", vec![read_at]),
            ],
        );
        b.gate(&column, run);
        out.extend(column.words("coefficients"));
    }
    b.output_words("coefficients", &out);

    // The bodies. The walk runs over more addresses than there are.
    let depth = 2 * g.slots;
    let bits = address_bits(depth);
    let rounded = b.reg(b.sum(&[beat[0].from_bit(1), beat[0].bit(0)], 32));
    let body_at = |bank, slot| b.cat(&[bank, slot]).resize(bits);
    let at = b.reg(b.mux(walk.busy, walk.address.resize(bits), body_at(bank, slot)));
    let ram = b.ram("bodies", depth, 32, RamStyle::Lut);
    let cleared = b.reg(walk.busy);
    let enable = b.reg((valid & is_body) | walk.busy);
    b.ram_write(&ram, enable, at, rounded & !cleared.sext(32));
    let read = body_at(b.input("body_bank", 1), b.input("body_slot", g.slot_bits));
    b.output("body", b.ram_read(&ram, read));
    // Two clocks more for the registers in front of the memories.
    let behind = valid_delay(&b, "clearing", walk.busy, 1);
    let last = valid_delay(&b, "clearing_last", behind, 1);
    b.output("clear_busy", walk.busy | behind | last);
    b.finish()
}
