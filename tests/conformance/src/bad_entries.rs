//! Entries that fail by their own record while their neighbours are fine.

use crate::Rig;
use crate::bad_descriptors::{UNMAPPED, memory};
use crate::fixture::Ready;
use goldilane_abi::layout::Checkpoint;
use goldilane_abi::{Code, Descriptor, Entry, Handle, Opcode, ResultRecord, Shape, crc32c};
use goldilane_driver::Job;

/// Bytes in output buffers before a job.
const CANARY: u8 = 0xa5;

fn bytes_of(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Every kind of bad entry between good ones, in one descriptor.
pub fn each_bad_entry_fails_alone(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let input = memory(&rig, &bytes_of(&ready.input));
    let room = Shape::TOY.ciphertext_stride();
    let good = |output: u64| Entry {
        input: input.iova().0,
        output,
        capacity: Shape::TOY.ciphertext_bytes() as u32,
        lut: ready.lut.0,
        degrees: 1,
        stride: 0,
        crc: crc32c(&bytes_of(&ready.input)),
    };
    let Handle { slot, generation } = ready.lut.0;
    let needed = Shape::TOY.ciphertext_bytes() as u32;
    let two = Checkpoint::None.capacity(&Shape::TOY, 4, 2) as u32;
    type Change = Box<dyn Fn(Entry) -> Entry>;
    let bad: Vec<(Change, Code, u32)> = vec![
        (
            Box::new(|entry| Entry {
                input: entry.input + 8,
                ..entry
            }),
            Code::Misaligned,
            0,
        ),
        (
            Box::new(|entry| Entry {
                output: entry.output + 32,
                ..entry
            }),
            Code::Misaligned,
            0,
        ),
        (
            Box::new(|entry| Entry {
                degrees: 0,
                ..entry
            }),
            Code::DegreesOutOfRange,
            0,
        ),
        (
            Box::new(|entry| Entry {
                degrees: 17,
                ..entry
            }),
            Code::DegreesOutOfRange,
            0,
        ),
        (
            Box::new(|entry| Entry {
                stride: 256,
                ..entry
            }),
            Code::DegreesOutOfRange,
            0,
        ),
        (
            Box::new(move |entry| Entry {
                lut: Handle {
                    slot,
                    generation: generation + 1,
                },
                ..entry
            }),
            Code::UnknownLut,
            0,
        ),
        (
            Box::new(|entry| Entry {
                lut: Handle {
                    slot: 3,
                    generation: 0,
                },
                ..entry
            }),
            Code::UnknownLut,
            0,
        ),
        (
            Box::new(|entry| Entry {
                lut: Handle {
                    slot: 400,
                    generation: 0,
                },
                ..entry
            }),
            Code::UnknownLut,
            0,
        ),
        (
            Box::new(|entry| Entry {
                capacity: entry.capacity - 1,
                ..entry
            }),
            Code::CapacityTooSmall,
            needed,
        ),
        (
            Box::new(|entry| Entry {
                capacity: 0,
                ..entry
            }),
            Code::CapacityTooSmall,
            needed,
        ),
        (
            Box::new(|entry| Entry {
                degrees: 2,
                stride: 1,
                ..entry
            }),
            Code::CapacityTooSmall,
            two,
        ),
        (
            Box::new(|entry| Entry {
                input: UNMAPPED,
                ..entry
            }),
            Code::ReadFault,
            0,
        ),
        (
            Box::new(|entry| Entry {
                output: UNMAPPED,
                ..entry
            }),
            Code::WriteFault,
            0,
        ),
        (
            Box::new(|entry| Entry {
                crc: !entry.crc,
                ..entry
            }),
            Code::CrcMismatch,
            0,
        ),
    ];
    // Good ones before, between and after.
    let count = 2 * bad.len() + 1;
    let outputs = memory(&rig, &vec![CANARY; count * room]);
    let output = |index: usize| outputs.iova().offset(index * room).0;
    let entries: Vec<Entry> = (0..count)
        .map(|index| match index % 2 {
            0 => good(output(index)),
            _ => bad[index / 2].0(good(output(index))),
        })
        .collect();
    let list = memory(
        &rig,
        &entries
            .iter()
            .flat_map(|entry| entry.to_bytes())
            .collect::<Vec<u8>>(),
    );
    let records = memory(&rig, &ResultRecord::MISSING.to_bytes().repeat(count));
    let descriptor = Descriptor {
        key: ready.key.handle,
        count: count as u16,
        source: list.iova().0,
        destination: records.iova().0,
        ..Descriptor::new(Opcode::Bootstrap)
    };
    let done = ready
        .session
        .run(Job {
            descriptor,
            buffers: Vec::new(),
        })
        .expect("a completion");
    assert_eq!(done.completion.code(), Some(Code::EntriesFailed));
    assert_eq!(
        (done.completion.failed, done.completion.info),
        (bad.len() as u16, 1)
    );

    let expected = bytes_of(&ready.fixture.expected(&ready.input, &ready.table, &[0])[0]);
    for index in 0..count {
        let bytes = records
            .read_vec(index * ResultRecord::BYTES, ResultRecord::BYTES)
            .expect("copy out");
        let record = ResultRecord::from_bytes(bytes.as_slice().try_into().expect("a record"));
        let found = outputs.read_vec(index * room, room).expect("copy out");
        if index % 2 == 0 {
            let fine = ResultRecord {
                status: 0,
                length: needed,
                crc: crc32c(&expected),
            };
            assert_eq!(record, fine, "entry {index}");
            assert!(found[..expected.len()] == expected, "entry {index}");
            assert_eq!(
                found[expected.len()..],
                vec![CANARY; room - expected.len()],
                "the gap is not written"
            );
        } else {
            let (_, code, length) = &bad[index / 2];
            assert_eq!(
                (record.code(), record.crc),
                (Some(*code), 0),
                "entry {index}"
            );
            if *code != Code::WriteFault {
                assert_eq!(record.length, *length, "entry {index}");
            }
            assert!(
                found.iter().all(|&byte| byte == CANARY),
                "entry {index} ({code}) wrote something"
            );
        }
    }
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// Outputs of every kind fill their capacity and not a byte more.
pub fn nothing_is_written_past_the_capacity(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let input = memory(&rig, &bytes_of(&ready.input));
    for (checkpoint, degrees) in [
        (Checkpoint::None, 1),
        (Checkpoint::None, 3),
        (Checkpoint::KeySwitch, 1),
        (Checkpoint::ModSwitch, 1),
        (Checkpoint::Accumulator(2), 1),
    ] {
        let capacity = checkpoint.capacity(&Shape::TOY, 4, degrees);
        for short in [0, 1, 8] {
            let output = memory(&rig, &vec![CANARY; capacity + 256]);
            let entry = Entry {
                input: input.iova().0,
                output: output.iova().0,
                capacity: (capacity - short) as u32,
                lut: ready.lut.0,
                degrees: degrees as u16,
                stride: 1,
                crc: crc32c(&bytes_of(&ready.input)),
            };
            let list = memory(&rig, &entry.to_bytes());
            let records = memory(&rig, &ResultRecord::MISSING.to_bytes());
            let descriptor = Descriptor {
                key: ready.key.handle,
                count: 1,
                checkpoint: checkpoint.kind() as u8,
                step: checkpoint.step(),
                source: list.iova().0,
                destination: records.iova().0,
                ..Descriptor::new(Opcode::Bootstrap)
            };
            let done = ready
                .session
                .run(Job {
                    descriptor,
                    buffers: Vec::new(),
                })
                .expect("a completion");
            let bytes = records.read_vec(0, ResultRecord::BYTES).expect("copy out");
            let record = ResultRecord::from_bytes(bytes.as_slice().try_into().expect("a record"));
            let found = output.read_vec(0, capacity + 256).expect("copy out");
            assert!(
                found[capacity..].iter().all(|&byte| byte == CANARY),
                "{checkpoint:?}: past the end"
            );
            if short == 0 {
                assert_eq!(
                    done.completion.code(),
                    Some(Code::Success),
                    "{checkpoint:?}"
                );
                let length = checkpoint.output_bytes(&Shape::TOY, 4, degrees);
                assert_eq!(
                    (record.status, record.length as usize),
                    (0, length),
                    "{checkpoint:?}"
                );
                assert!(
                    found[..capacity].iter().any(|&byte| byte != CANARY),
                    "{checkpoint:?}"
                );
            } else {
                assert_eq!(
                    done.completion.code(),
                    Some(Code::EntriesFailed),
                    "{checkpoint:?}"
                );
                assert_eq!(
                    (record.code(), record.length as usize),
                    (Some(Code::CapacityTooSmall), capacity)
                );
                assert!(
                    found.iter().all(|&byte| byte == CANARY),
                    "{checkpoint:?}: something was written"
                );
            }
        }
    }
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}
