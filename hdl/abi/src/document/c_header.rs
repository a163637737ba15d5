//! The C header: offsets, shifts, masks and numbers as preprocessor constants.

use crate::field::Field;
use crate::registers::{self, Counter};
use crate::{Code, Opcode, completion, descriptor, entry, flags};
use alloc::string::String;
use core::fmt::Write;

/// The header.
pub fn c_header() -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_header(&mut out);
    out
}

fn write_header(out: &mut String) -> core::fmt::Result {
    writeln!(
        out,
        "/* Host interface of Goldilane boards. Generated from hdl/abi; do not edit by hand. */\n/* SPDX-License-Identifier: MIT OR Apache-2.0 */\n#ifndef GOLDILANE_ABI_H\n#define GOLDILANE_ABI_H\n"
    )?;
    let constants: [(&str, u64); 14] = [
        ("ABI_MAJOR", crate::ABI_MAJOR.into()),
        ("ABI_MINOR", crate::ABI_MINOR.into()),
        ("MAGIC_VALUE", crate::MAGIC.into()),
        ("PCI_VENDOR", crate::PCI_VENDOR.into()),
        ("PCI_DEVICE", crate::PCI_DEVICE.into()),
        ("ALIGNMENT", crate::ALIGNMENT),
        ("MAX_ENTRIES", crate::MAX_ENTRIES.into()),
        ("MAX_DEGREES", crate::MAX_DEGREES.into()),
        ("DESCRIPTOR_BYTES", descriptor::Descriptor::BYTES as u64),
        ("ENTRY_BYTES", entry::Entry::BYTES as u64),
        ("RECORD_BYTES", entry::ResultRecord::BYTES as u64),
        ("COMPLETION_BYTES", completion::Completion::BYTES as u64),
        ("QUEUE_BASE", registers::QUEUE_BASE.into()),
        ("QUEUE_STRIDE", registers::QUEUE_STRIDE.into()),
    ];
    for (name, value) in constants {
        writeln!(out, "#define GOLDILANE_{name} {value:#x}u")?;
    }
    writeln!(
        out,
        "#define GOLDILANE_DOORBELL(q) ({:#x}u + {}u * (q))",
        registers::DOORBELL_BASE,
        registers::DOORBELL_STRIDE
    )?;
    writeln!(
        out,
        "\n/* Registers: offsets in BAR0; those of a queue pair within its block. */"
    )?;
    for register in registers::GLOBAL {
        writeln!(
            out,
            "#define GOLDILANE_REG_{} {:#x}u",
            register.name, register.offset
        )?;
    }
    for (counter, name, _) in Counter::ALL {
        writeln!(
            out,
            "#define GOLDILANE_COUNTER_{} {:#x}u",
            name.to_uppercase(),
            counter.offset()
        )?;
    }
    for register in registers::QUEUE {
        writeln!(
            out,
            "#define GOLDILANE_QREG_{} {:#x}u",
            register.name, register.offset
        )?;
    }
    writeln!(
        out,
        "\n/* Fields of the records: 64-bit word, lowest bit, width. */"
    )?;
    for (record, fields) in [
        ("DESCRIPTOR", descriptor::fields::ALL),
        ("ENTRY", entry::entry_fields::ALL),
        ("RECORD", entry::record_fields::ALL),
        ("COMPLETION", completion::fields::ALL),
    ] {
        for Field {
            word,
            low,
            width,
            name,
            ..
        } in fields
        {
            writeln!(
                out,
                "#define GOLDILANE_{record}_{name}_WORD {word}u\n#define GOLDILANE_{record}_{name}_LOW {low}u\n#define GOLDILANE_{record}_{name}_WIDTH {width}u"
            )?;
        }
    }
    writeln!(out, "\n/* Operations, flags, codes. */")?;
    for (opcode, name, _) in Opcode::ALL {
        writeln!(
            out,
            "#define GOLDILANE_OP_{} {}u",
            name.to_uppercase(),
            *opcode as u8
        )?;
    }
    for (flag, name, _) in flags::ALL {
        writeln!(
            out,
            "#define GOLDILANE_FLAG_{} {flag:#x}u",
            name.to_uppercase()
        )?;
    }
    for code in Code::ALL {
        writeln!(
            out,
            "#define GOLDILANE_CODE_{} {}u",
            code.name().to_uppercase(),
            *code as u8
        )?;
    }
    writeln!(out, "\n#endif")
}
