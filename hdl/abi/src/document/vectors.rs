//! Test vectors: records with their bytes, as JSON, for implementations in other languages.

use crate::field::Field;
use crate::{
    Code, Completion, Descriptor, Entry, Handle, KeyShape, ModulusSwitch, Opcode, ResultRecord,
};
use crate::{completion, crc32c, descriptor, entry, flags};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

/// The vectors: a list of `{record, fields: {name: number as a decimal string}, bytes: hex}`.
pub fn vectors() -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_vectors(&mut out);
    out
}

fn examples() -> Vec<(&'static str, &'static [Field], Vec<u8>)> {
    let key = KeyShape {
        lwe_dimension: 918,
        pbs_base_log: 23,
        pbs_levels: 1,
        ks_base_log: 4,
        ks_levels: 4,
        modulus_switch: ModulusSwitch::Centered,
    };
    let object = Handle {
        slot: 1,
        generation: 7,
    };
    let descriptors = [
        Descriptor {
            ticket: 0xbeef,
            ..Descriptor::new(Opcode::NoOp)
        },
        Descriptor {
            ticket: 1,
            source: 0x1_0000_0040,
            destination: 0x2_0000_0080,
            length: 4096,
            crc: crc32c(b"123456789"),
            ..Descriptor::new(Opcode::Loopback)
        },
        Descriptor {
            ticket: 2,
            source: 0x1000,
            length: 32_768,
            crc: 0x0123_4567,
            object,
            piece_kind: 1,
            piece_index: 918,
            ..Descriptor::new(Opcode::LoadKeyPiece).with_key_shape(&key)
        },
        Descriptor {
            ticket: 3,
            object,
            ..Descriptor::new(Opcode::CommitKey).with_key_shape(&key)
        },
        Descriptor {
            ticket: 4,
            flags: flags::KNOWN,
            source: 0x4000,
            length: 16_384,
            crc: 0x89ab_cdef,
            object,
            ..Descriptor::new(Opcode::LoadLut)
        },
        Descriptor {
            ticket: 5,
            count: 300,
            checkpoint: 3,
            source: 0x8000,
            destination: 0xc000,
            key: object,
            step: 459,
            ..Descriptor::new(Opcode::Bootstrap)
        },
        Descriptor {
            ticket: 6,
            object,
            ..Descriptor::new(Opcode::FreeKey)
        },
        Descriptor {
            ticket: 7,
            object,
            ..Descriptor::new(Opcode::FreeLut)
        },
        Descriptor {
            ticket: 8,
            ..Descriptor::new(Opcode::SelfTest)
        },
    ];
    let mut all: Vec<(&'static str, &'static [Field], Vec<u8>)> = descriptors
        .iter()
        .map(|example| {
            (
                "descriptor",
                descriptor::fields::ALL,
                example.to_bytes().to_vec(),
            )
        })
        .collect();
    let example = Entry {
        input: 0x1_2345_6780,
        output: 0xfedc_ba98_7654_3240,
        capacity: 16_392,
        lut: Handle {
            slot: 31,
            generation: 2,
        },
        degrees: 2,
        stride: 1024,
        crc: 0xdead_beef,
    };
    all.push((
        "entry",
        entry::entry_fields::ALL,
        example.to_bytes().to_vec(),
    ));
    let record = ResultRecord {
        status: Code::CapacityTooSmall as u32,
        length: 16_392,
        crc: 0x1020_3040,
    };
    all.push((
        "record",
        entry::record_fields::ALL,
        record.to_bytes().to_vec(),
    ));
    let done = Completion {
        ticket: 0xbeef,
        code: Code::EntriesFailed as u8,
        phase: true,
        submission_head: 17,
        failed: 2,
        info: 5,
        queue: 1,
    };
    all.push((
        "completion",
        completion::fields::ALL,
        done.to_bytes().to_vec(),
    ));
    all
}

fn write_vectors(out: &mut String) -> core::fmt::Result {
    out.push_str("[\n");
    let examples = examples();
    for (index, (record, fields, bytes)) in examples.iter().enumerate() {
        let words: Vec<u64> = bytes
            .as_chunks::<8>()
            .0
            .iter()
            .map(|chunk| u64::from_le_bytes(*chunk))
            .collect();
        write!(out, "  {{\"record\": \"{record}\", \"fields\": {{")?;
        for (position, field) in fields.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            write!(
                out,
                "{comma}\"{}\": \"{}\"",
                field.name.to_lowercase(),
                field.get(&words)
            )?;
        }
        out.push_str("}, \"bytes\": \"");
        for byte in bytes {
            write!(out, "{byte:02x}")?;
        }
        out.push_str(if index + 1 == examples.len() {
            "\"}\n"
        } else {
            "\"},\n"
        });
    }
    out.push_str("]\n");
    Ok(())
}
