//! The Markdown page on the host interface.

use crate::field::Field;
use crate::registers::{self, Counter, Register, Reset};
use crate::shape::CONFIGURATION_NAMES;
use crate::{Code, Opcode, Shape, completion, descriptor, entry, flags};
use alloc::format;
use alloc::string::String;
use core::fmt::Write;

const HEAD: &str = "# Host interface

Generated from the tables in `hdl/abi`; do not edit by hand. Everything is little-endian.

BAR0 (8 KiB) holds registers in its first page and doorbells in its second; MSI-X table and PBA lie in BAR4.
Registers take aligned 32-bit accesses. Every IOVA given to the board is a multiple of 64, every length of 8.

A submission ring holds 64-byte descriptors, a completion ring 16-byte entries. The doorbell carries the new tail.
The completion ring is at least as long as the submission ring and there is no completion doorbell: the host keeps no
more jobs in flight than the completion ring holds. An entry is new when its phase bit is the one of the pass: 1 in the
first pass through the zeroed ring, then 0, and so on. Descriptors of a pair start in order; each completes in its own
time, under its ticket. Pairs are served in turn, one descriptor each.

For one job the board writes results, then result records, then the completion entry, then raises the interrupt, each
after the write response of the one before. CRCs are CRC-32C (reflected, start and end all ones).
";

const RULES: &str = "
## How descriptors are checked

The first rule that is broken gives the code: reserved bits (`bad_descriptor`), operation (`unknown_opcode`), then for
each operation in this order:

- `loopback`: alignment of source, destination and length (`misaligned`), length 0 (`wrong_length`), then the copy
  (`read_fault`, `write_fault`), then `crc_mismatch`.
- `load_key_piece`: source alignment, slot (`no_such_slot`), `clearing`, a committed key (`slot_occupied`), ranges of the
  key's numbers, shape of the earlier pieces (`key_shape_mismatch`), kind (`bad_descriptor`), index
  (`piece_out_of_order`), length (`wrong_length`), reading, CRC. A piece that failed is simply sent again.
- `commit_key`: slot, `clearing`, committed already (`slot_occupied`), `key_shape_mismatch`, `key_incomplete`.
- `load_lut`: source alignment, slot, `clearing`, `slot_occupied`, length, reading, CRC.
- `bootstrap`: alignment of source and destination, count (`count_zero`, `count_too_large`), key handle (`unknown_key`),
  checkpoint (`bad_descriptor`, `checkpoint_out_of_range`), then the entries (`read_fault`). Each entry by itself, answered in
  its record: alignment of input and output, degrees and stride (`degrees_out_of_range`), LUT handle (`unknown_lut`),
  capacity (`capacity_too_small`), reading, CRC.
- `free_key`, `free_lut`: slot, `clearing`, generation (`unknown_key`, `unknown_lut`), `in_use`.

The outputs of one entry, one per degree, lie at multiples of the ciphertext's size rounded up to 64 bytes; gaps are not
written; length and CRC cover the words without the gaps. A checkpoint writes `u32[n+1]` after key switch, `u16[n+1]`
after modulus switch, `u64[(k+1)N]` in natural order for the accumulator; degrees and lookup table are checked all the same.

## Order of keys and lookup tables

P lanes, R = N/P rows: row r, lane L holds coefficient r + R L. Transfers of key pieces are padded with zeros to whole lines
of board memory (one word of every port).

- Lookup table: for c in 0..=k (mask, then body), for each row: P words u64. With flag `plain_lut` the body alone.
- GGSW: for each row polynomial 0..=k, for each level (deepest first), for each row tau of the forward transform's output,
  for each output polynomial 0..=k: P words u64, the value at psi^e with e = `ntt_exponent(tau, lane)`, times 1/N and,
  modulo p, times 2^-s; s = largest b minus the key's b on a board with one level, else 0.
- Column of the key-switching key: for each group of Q mask coefficients (Q = key-switch products per clock), for each
  level (deepest first): Q words u32. Column n is the body's.
";

/// The page.
pub fn page() -> String {
    let mut out = String::from(HEAD);
    // Writing to a string cannot fail.
    let _ = write_tables(&mut out);
    out
}

fn write_tables(out: &mut String) -> core::fmt::Result {
    writeln!(
        out,
        "\nVersion {}.{}; PCI vendor {:#06x}, device {:#06x}, class {:#08x}, revision {}.",
        crate::ABI_MAJOR,
        crate::ABI_MINOR,
        crate::PCI_VENDOR,
        crate::PCI_DEVICE,
        crate::PCI_CLASS,
        crate::PCI_REVISION
    )?;

    writeln!(out, "\n## Registers\n")?;
    register_table(out, registers::GLOBAL)?;
    writeln!(
        out,
        "\n### Performance counters\n\n64 bits wide, low half first, from {:#05x}; they read what the last snapshot took. They and the error log survive register reset and FLR.\n",
        registers::COUNTER_BASE
    )?;
    writeln!(out, "| offset | name | what |\n|---|---|---|")?;
    for (counter, name, text) in Counter::ALL {
        writeln!(out, "| {:#05x} | {name} | {text} |", counter.offset())?;
    }
    writeln!(
        out,
        "\n### Queue pair q: {:#05x} + q * {:#04x}\n\nPair q raises interrupt vector q.\n",
        registers::QUEUE_BASE,
        registers::QUEUE_STRIDE
    )?;
    register_table(out, registers::QUEUE)?;
    writeln!(
        out,
        "\n### Doorbells: {:#06x} + q * {}\n\nWrite-only: the new tail of the submission ring.",
        registers::DOORBELL_BASE,
        registers::DOORBELL_STRIDE
    )?;

    writeln!(
        out,
        "\n## Descriptor, {} bytes\n",
        descriptor::Descriptor::BYTES
    )?;
    field_table(out, descriptor::fields::ALL)?;
    writeln!(out, "\n| opcode | name | what |\n|---|---|---|")?;
    for (opcode, name, text) in Opcode::ALL {
        writeln!(out, "| {} | {name} | {text} |", *opcode as u8)?;
    }
    writeln!(out, "\n| flag | name | what |\n|---|---|---|")?;
    for (flag, name, text) in flags::ALL {
        writeln!(out, "| {flag:#04x} | {name} | {text} |")?;
    }
    writeln!(out, "\n## Bootstrap entry, {} bytes\n", entry::Entry::BYTES)?;
    field_table(out, entry::entry_fields::ALL)?;
    writeln!(
        out,
        "\n## Result record, {} bytes\n",
        entry::ResultRecord::BYTES
    )?;
    field_table(out, entry::record_fields::ALL)?;
    writeln!(
        out,
        "\n## Completion entry, {} bytes\n",
        completion::Completion::BYTES
    )?;
    field_table(out, completion::fields::ALL)?;

    writeln!(out, "\n## Codes\n\n| number | name | what |\n|---|---|---|")?;
    for code in Code::ALL {
        writeln!(
            out,
            "| {} | {} | {} |",
            *code as u8,
            code.name(),
            code.text()
        )?;
    }
    out.push_str(RULES);

    writeln!(out, "\n## Named configurations\n")?;
    writeln!(
        out,
        "| name | lanes | N | k | largest l | largest b | slots | largest n | key-switch products | key slots | LUT slots | queue pairs | host bus | board memory |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    )?;
    for name in CONFIGURATION_NAMES {
        if let Some(s) = Shape::named(name) {
            writeln!(
                out,
                "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} bit | {} x {} bit |",
                s.lanes,
                s.polynomial_size,
                s.glwe_dimension,
                s.max_pbs_levels,
                s.max_pbs_base_log,
                s.slots,
                s.max_lwe_dimension,
                s.key_switch_products,
                s.key_slots,
                s.lut_slots,
                s.queue_pairs,
                s.host_bus_bits,
                s.memory_ports,
                s.memory_port_bits
            )?;
        }
    }
    Ok(())
}

fn register_table(out: &mut String, table: &[Register]) -> core::fmt::Result {
    writeln!(
        out,
        "| offset | name | access | after reset | what |\n|---|---|---|---|---|"
    )?;
    for register in table {
        let reset = match register.reset {
            Reset::Value(value) => format!("{value:#x}"),
            Reset::Kept(_) => String::from("kept"),
            Reset::Shape(_) => String::from("configuration"),
            Reset::BuildStamp => String::from("input of the top"),
        };
        writeln!(
            out,
            "| {:#05x} | {} | {} | {reset} | {} |",
            register.offset,
            register.name,
            register.access.short(),
            register.text
        )?;
    }
    Ok(())
}

fn field_table(out: &mut String, fields: &[Field]) -> core::fmt::Result {
    writeln!(out, "| word | bits | name | what |\n|---|---|---|---|")?;
    for field in fields {
        let high = field.low + field.width - 1;
        writeln!(
            out,
            "| {} | {high}:{} | {} | {} |",
            field.word, field.low, field.name, field.text
        )?;
    }
    Ok(())
}
