//! Descriptors that the board refuses, each by its name, through the real completion path.

use crate::Rig;
use crate::fixture::{KEY, Ready};
use goldilane_abi::layout::{lut_bytes, piece_bytes};
use goldilane_abi::{
    Code, Descriptor, Entry, Handle, MAX_ENTRIES, Opcode, PieceKind, ResultRecord, Shape, crc32c,
    flags,
};
use goldilane_driver::{DmaBuffer, Error, Iova, Job, Session};
use std::time::Duration;

/// An aligned address where no board finds memory.
pub(crate) const UNMAPPED: u64 = 0x6_5400_0000;

const LIMIT: Duration = Duration::from_secs(60);

/// Runs a raw descriptor: code and info.
pub(crate) fn answer(session: &mut Session, descriptor: Descriptor) -> (Code, u32) {
    let done = session
        .run(Job {
            descriptor,
            buffers: Vec::new(),
        })
        .expect("a completion");
    (
        done.completion.code().expect("a known code"),
        done.completion.info,
    )
}

/// The code of the answer to a raw descriptor.
pub(crate) fn code(session: &mut Session, descriptor: Descriptor) -> Code {
    answer(session, descriptor).0
}

/// Host memory with bytes in it.
pub(crate) fn memory(rig: &Rig, bytes: &[u8]) -> DmaBuffer {
    let buffer = rig.device().alloc_dma(bytes.len()).expect("memory");
    buffer.write(0, bytes).expect("copy in");
    buffer
}

/// A descriptor that loads a piece of the ordinary key from `source`.
pub(crate) fn piece(source: Iova, bytes: &[u8], kind: PieceKind, index: u32) -> Descriptor {
    Descriptor {
        source: source.0,
        length: bytes.len() as u32,
        crc: crc32c(bytes),
        piece_kind: kind as u8,
        piece_index: index,
        ..Descriptor::new(Opcode::LoadKeyPiece).with_key_shape(&KEY)
    }
}

/// Zeros of the size of a piece of the ordinary key.
pub(crate) fn zero_piece(kind: PieceKind) -> Vec<u8> {
    vec![0; piece_bytes(&Shape::TOY, &KEY, kind)]
}

fn loopback(source: u64, destination: u64, length: u32) -> Descriptor {
    Descriptor {
        source,
        destination,
        length,
        flags: flags::INTERRUPT,
        ..Descriptor::new(Opcode::Loopback)
    }
}

/// Opcodes, flags and reserved bits that nobody knows.
pub fn unknown_opcodes_and_reserved_bits(rig: Rig) {
    let mut session = rig.session();
    for opcode in [9, 100, 255] {
        let descriptor = Descriptor {
            opcode,
            ..Descriptor::new(Opcode::NoOp)
        };
        assert_eq!(
            code(&mut session, descriptor),
            Code::UnknownOpcode,
            "{opcode}"
        );
    }
    for bit in [0, 11, 12, 19, 20] {
        let descriptor = Descriptor {
            reserved: 1 << bit,
            ..Descriptor::new(Opcode::NoOp)
        };
        assert_eq!(
            code(&mut session, descriptor),
            Code::BadDescriptor,
            "reserved bit {bit}"
        );
    }
    for bit in 3..8 {
        let descriptor = Descriptor {
            flags: flags::INTERRUPT | 1 << bit,
            ..Descriptor::new(Opcode::NoOp)
        };
        assert_eq!(
            code(&mut session, descriptor),
            Code::BadDescriptor,
            "flag {bit}"
        );
    }
    rig.still_fine(&mut session);
}

/// No entries, too many entries.
pub fn counts_out_of_range(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let bootstrap = Descriptor {
        key: ready.key.handle,
        ..Descriptor::new(Opcode::Bootstrap)
    };
    assert_eq!(code(&mut ready.session, bootstrap), Code::CountZero);
    for count in [MAX_ENTRIES + 1, u16::MAX] {
        let found = answer(&mut ready.session, Descriptor { count, ..bootstrap });
        assert_eq!(found, (Code::CountTooLarge, MAX_ENTRIES.into()));
    }
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// Addresses that are not multiples of 64, lengths that are not multiples of 8.
pub fn misaligned_addresses(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let buffer = memory(&rig, &[0; 8192]);
    let base = buffer.iova().0;
    for offset in [1, 8, 32, 63] {
        let object = Handle {
            slot: 1,
            generation: 0,
        };
        for descriptor in [
            loopback(base + offset, base + 4096, 64),
            loopback(base, base + 4096 + offset, 64),
            Descriptor {
                object,
                ..piece(
                    Iova(base + offset),
                    &zero_piece(PieceKind::Ggsw),
                    PieceKind::Ggsw,
                    0,
                )
            },
            Descriptor {
                object,
                source: base + offset,
                length: 4096,
                ..Descriptor::new(Opcode::LoadLut)
            },
            Descriptor {
                key: ready.key.handle,
                count: 1,
                source: base + offset,
                destination: base,
                ..Descriptor::new(Opcode::Bootstrap)
            },
            Descriptor {
                key: ready.key.handle,
                count: 1,
                source: base,
                destination: base + offset,
                ..Descriptor::new(Opcode::Bootstrap)
            },
        ] {
            assert_eq!(
                code(&mut ready.session, descriptor),
                Code::Misaligned,
                "{offset}: {descriptor:?}"
            );
        }
    }
    for length in [1, 4, 63] {
        assert_eq!(
            code(&mut ready.session, loopback(base, base + 4096, length)),
            Code::Misaligned,
            "{length} bytes"
        );
    }
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// Addresses where there is no memory, at the start of a transfer and in its middle.
pub fn unmapped_memory(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let session = &mut ready.session;
    // A whole huge page, behind which no device maps anything: the last two pages are used.
    let buffer = memory(&rig, &vec![7; 2 << 20]);
    let base = buffer.iova().0 + (2 << 20) - 8192;
    let slot_1 = Handle {
        slot: 1,
        generation: 0,
    };
    assert_eq!(code(session, loopback(UNMAPPED, base, 64)), Code::ReadFault);
    assert_eq!(
        code(session, loopback(base, UNMAPPED, 64)),
        Code::WriteFault
    );
    assert_eq!(
        code(session, loopback(base + 4096, base, 8192)),
        Code::ReadFault,
        "runs out of the buffer"
    );
    assert_eq!(
        code(session, loopback(base, base + 4096, 8192)),
        Code::WriteFault,
        "runs out of the buffer"
    );
    let ggsw = zero_piece(PieceKind::Ggsw);
    let load = Descriptor {
        object: slot_1,
        ..piece(Iova(UNMAPPED), &ggsw, PieceKind::Ggsw, 0)
    };
    assert_eq!(code(session, load), Code::ReadFault);
    let load = Descriptor {
        object: slot_1,
        ..piece(Iova(base + 4096), &ggsw, PieceKind::Ggsw, 0)
    };
    assert_eq!(
        code(session, load),
        Code::ReadFault,
        "runs out of the buffer"
    );
    let lut = Descriptor {
        object: slot_1,
        source: UNMAPPED,
        length: lut_bytes(&Shape::TOY, false) as u32,
        ..Descriptor::new(Opcode::LoadLut)
    };
    assert_eq!(code(session, lut), Code::ReadFault);
    let entries = Descriptor {
        key: ready.key.handle,
        count: 1,
        source: UNMAPPED,
        destination: base,
        ..Descriptor::new(Opcode::Bootstrap)
    };
    assert_eq!(code(session, entries), Code::ReadFault);
    // Records that cannot be written: the descriptor completes, the pair and the log tell.
    let entry = Entry {
        input: UNMAPPED,
        output: base,
        lut: ready.lut.0,
        degrees: 1,
        capacity: 1 << 20,
        ..Entry::default()
    };
    let list = memory(&rig, &entry.to_bytes());
    let records = Descriptor {
        source: list.iova().0,
        destination: UNMAPPED,
        ..entries
    };
    let job = Job {
        descriptor: records,
        buffers: Vec::new(),
    };
    let pair = session.pair();
    let ticket = pair
        .submit(job)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    // The pair's error stands before the completion does: whoever looks in between is told first.
    let mut told = Vec::new();
    let done = loop {
        match pair.wait(ticket, LIMIT) {
            Ok(done) => break done,
            Err(Error::Pair { code, .. }) => told.push(code),
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!(done.completion.code(), Some(Code::EntriesFailed));
    told.extend(pair.check_status().err().and_then(|error| error.code()));
    assert_eq!(told, [Code::CompletionFault]);
    let log = session.take_error_log().expect("log");
    assert!(
        log.iter()
            .any(|entry| entry.code == Some(Code::CompletionFault)),
        "{log:?}"
    );
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// Bytes that do not fit their CRC; without the flag nobody asks.
pub fn wrong_crcs(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let session = &mut ready.session;
    let buffer = memory(&rig, &vec![3; 1 << 16]);
    let base = buffer.iova().0;
    let slot = Handle {
        slot: 1,
        generation: 0,
    };
    let bad = Descriptor {
        flags: flags::CRC | flags::INTERRUPT,
        crc: 1,
        ..loopback(base, base + 4096, 4096)
    };
    assert_eq!(
        answer(session, bad),
        (Code::CrcMismatch, crc32c(&[3; 4096]))
    );
    assert_eq!(
        answer(
            session,
            Descriptor {
                flags: flags::INTERRUPT,
                ..bad
            }
        ),
        (Code::Success, 0)
    );
    let ggsw = vec![3; zero_piece(PieceKind::Ggsw).len()];
    let good = Descriptor {
        object: slot,
        ..piece(buffer.iova(), &ggsw, PieceKind::Ggsw, 0)
    };
    assert_eq!(
        code(
            session,
            Descriptor {
                crc: !good.crc,
                ..good
            }
        ),
        Code::CrcMismatch
    );
    assert_eq!(
        code(session, good),
        Code::Success,
        "the same piece again, with its CRC"
    );
    let lut = Descriptor {
        object: slot,
        source: base,
        length: lut_bytes(&Shape::TOY, false) as u32,
        crc: 99,
        ..Descriptor::new(Opcode::LoadLut)
    };
    assert_eq!(code(session, lut), Code::CrcMismatch);
    assert_eq!(
        code(
            session,
            Descriptor {
                flags: flags::INTERRUPT,
                ..lut
            }
        ),
        Code::Success
    );
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// Transfers of another length than the object's.
pub fn wrong_lengths(rig: Rig) {
    let mut session = rig.session();
    let buffer = memory(&rig, &vec![0; 1 << 17]);
    let base = buffer.iova().0;
    assert_eq!(
        code(&mut session, loopback(base, base + 4096, 0)),
        Code::WrongLength
    );
    for kind in [PieceKind::Ggsw, PieceKind::KskColumn] {
        let bytes = zero_piece(kind);
        for length in [0, 8, bytes.len() - 8, bytes.len() + 64] {
            let descriptor = Descriptor {
                length: length as u32,
                ..piece(buffer.iova(), &bytes, kind, 0)
            };
            assert_eq!(
                answer(&mut session, descriptor),
                (Code::WrongLength, bytes.len() as u32),
                "{kind:?} {length}"
            );
        }
    }
    for (plain, flag) in [(true, flags::PLAIN_LUT), (false, 0)] {
        let bytes = lut_bytes(&Shape::TOY, plain) as u32;
        for length in [0, bytes - 8, 2 * bytes] {
            let lut = Descriptor::new(Opcode::LoadLut);
            let lut = Descriptor {
                source: base,
                length,
                flags: lut.flags | flag,
                ..lut
            };
            assert_eq!(
                answer(&mut session, lut),
                (Code::WrongLength, bytes),
                "plain {plain}, {length}"
            );
        }
    }
    rig.still_fine(&mut session);
}

/// Keys and tables that are not there.
pub fn unknown_handles(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let session = &mut ready.session;
    let list = memory(&rig, &[0; 64]);
    let bootstrap = |key| Descriptor {
        key,
        count: 1,
        source: list.iova().0,
        destination: list.iova().0,
        ..Descriptor::new(Opcode::Bootstrap)
    };
    let Handle { slot, generation } = ready.key.handle;
    for key in [
        Handle {
            slot,
            generation: generation + 1,
        },
        Handle {
            slot: 1,
            generation: 0,
        },
        Handle {
            slot: 2,
            generation: 0,
        },
        Handle {
            slot: u16::MAX,
            generation,
        },
    ] {
        assert_eq!(code(session, bootstrap(key)), Code::UnknownKey, "{key:?}");
    }
    let object = |opcode, slot, generation| Descriptor {
        object: Handle { slot, generation },
        ..Descriptor::new(opcode).with_key_shape(&KEY)
    };
    let Handle {
        slot: lut,
        generation: lut_generation,
    } = ready.lut.0;
    for (descriptor, expected) in [
        (
            object(Opcode::FreeKey, slot, generation + 1),
            (Code::UnknownKey, 0),
        ),
        (object(Opcode::FreeKey, 1, 0), (Code::UnknownKey, 0)),
        (object(Opcode::FreeKey, 2, 0), (Code::NoSuchSlot, 2)),
        (object(Opcode::CommitKey, 2, 0), (Code::NoSuchSlot, 2)),
        (object(Opcode::LoadKeyPiece, 7, 0), (Code::NoSuchSlot, 2)),
        (object(Opcode::CommitKey, slot, 0), (Code::SlotOccupied, 0)),
        (
            object(Opcode::LoadKeyPiece, slot, 0),
            (Code::SlotOccupied, 0),
        ),
        (
            object(Opcode::FreeLut, lut, lut_generation + 1),
            (Code::UnknownLut, 0),
        ),
        (object(Opcode::FreeLut, 3, 0), (Code::UnknownLut, 0)),
        (object(Opcode::FreeLut, 4, 0), (Code::NoSuchSlot, 4)),
        (object(Opcode::LoadLut, 4, 0), (Code::NoSuchSlot, 4)),
        (object(Opcode::LoadLut, lut, 0), (Code::SlotOccupied, 0)),
    ] {
        assert_eq!(answer(session, descriptor), expected, "{descriptor:?}");
    }
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// Checkpoints that the key does not have.
pub fn checkpoints_out_of_range(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let list = memory(&rig, &[0; Entry::BYTES + ResultRecord::BYTES + 16]);
    let bootstrap = Descriptor {
        key: ready.key.handle,
        count: 1,
        source: list.iova().0,
        destination: list.iova().0,
        ..Descriptor::new(Opcode::Bootstrap)
    };
    for checkpoint in 4..16 {
        assert_eq!(
            code(
                &mut ready.session,
                Descriptor {
                    checkpoint,
                    ..bootstrap
                }
            ),
            Code::BadDescriptor,
            "{checkpoint}"
        );
    }
    let n = u32::from(KEY.lwe_dimension);
    for step in [n + 1, u32::MAX] {
        let found = answer(
            &mut ready.session,
            Descriptor {
                checkpoint: 3,
                step,
                ..bootstrap
            },
        );
        assert_eq!(found, (Code::CheckpointOutOfRange, n));
    }
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}
