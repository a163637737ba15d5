//! Bits of board memory and of the chip.

use super::{tell, told};
use crate::Rig;
use crate::bad_descriptors::memory;
use crate::fixture::Ready;
use goldilane_abi::{
    Code, Descriptor, Entry, MemoryMap, Opcode, PieceKind, ResultRecord, Shape, crc32c, flags,
};
use goldilane_driver::{Error, Job, Request};
use goldilane_side_channel::Fault;

/// What nobody has written over.
const CANARY: u8 = 0xc5;

fn flip(rig: &Rig, line: u64, byte: usize) {
    rig.bench().flip_bits(line, byte, 0x10);
}

/// A flipped bit in a key fails the batch before anything is written; healed, the key works.
pub fn corrupted_keys_write_nothing(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let map = MemoryMap::new(&Shape::TOY);
    let slot = ready.key.handle.slot.into();
    for (line, byte) in [
        (map.piece_line(slot, PieceKind::Ggsw, 0), 0),
        (map.piece_line(slot, PieceKind::Ggsw, 2) + 100, 17),
        (map.piece_line(slot, PieceKind::KskColumn, 1) + 5, 31),
        (map.piece_line(slot, PieceKind::KskColumn, 4), 3),
        (map.piece_crc_line(slot, PieceKind::Ggsw, 3), 1),
    ] {
        flip(&rig, line, byte);
        let requests = [Request::new(&ready.input, ready.lut); 4];
        for result in ready
            .session
            .bootstrap(&ready.key, &requests)
            .expect("a completion")
        {
            assert_eq!(told(&rig, result), Code::KeyCorrupted, "line {line}");
        }
        flip(&rig, line, byte);
        ready.bootstrap_is_right();
    }
    rig.still_fine(&mut ready.session);
}

/// A flipped bit in a lookup table fails the entries that use it, and no other of their batch.
pub fn corrupted_tables_write_nothing(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let map = MemoryMap::new(&Shape::TOY);
    let other = ready.fixture.load_table(&mut ready.session, &ready.table);
    let line = map.lut_line(ready.lut.0.slot.into()) + 70;
    flip(&rig, line, 9);
    let requests = [ready.lut, other, ready.lut].map(|lut| Request::new(&ready.input, lut));
    let mut results = ready
        .session
        .bootstrap(&ready.key, &requests)
        .expect("a completion")
        .into_iter();
    let mut next = || results.next().expect("three results");
    assert_eq!(told(&rig, next()), Code::LutCorrupted);
    let expected = ready.fixture.expected(&ready.input, &ready.table, &[0]);
    assert_eq!(next().expect("a sound table"), expected);
    assert_eq!(told(&rig, next()), Code::LutCorrupted);
    flip(&rig, line, 9);
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// Key words of wrong parity in the chip fail the batch before anything is written; healed, the key works.
pub fn corrupted_key_buffers_write_nothing(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let bytes: Vec<u8> = ready
        .input
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect();
    let (input, stride) = (memory(&rig, &bytes), Shape::TOY.ciphertext_stride());
    let output = memory(&rig, &vec![CANARY; 2 * stride]);
    let records = memory(&rig, &[0xff; 2 * ResultRecord::BYTES]);
    let entries = [0, stride].map(|offset| Entry {
        input: input.iova().0,
        output: output.iova().offset(offset).0,
        capacity: stride as u32,
        lut: ready.lut.0,
        degrees: 1,
        stride: 0,
        crc: crc32c(&bytes),
    });
    let list = memory(&rig, &entries.map(|entry| entry.to_bytes()).concat());
    rig.bench().inject(Fault::OnChipMemory, true);
    let descriptor = Descriptor {
        key: ready.key.handle,
        count: 2,
        flags: flags::CRC | flags::INTERRUPT,
        source: list.iova().0,
        destination: records.iova().0,
        ..Descriptor::new(Opcode::Bootstrap)
    };
    let job = Job {
        descriptor,
        buffers: Vec::new(),
    };
    let done = ready.session.run(job).expect("a completion");
    let code = (done.completion.code(), done.completion.failed);
    assert_eq!(code, (Some(Code::EntriesFailed), 2));
    let found = records
        .read_vec(0, 2 * ResultRecord::BYTES)
        .expect("records");
    for record in found.as_chunks().0 {
        let code = ResultRecord::from_bytes(record).code();
        assert_eq!(code, Some(Code::ParityError));
    }
    let written = output.read_vec(0, 2 * stride).expect("copy out");
    assert!(
        written.iter().all(|&byte| byte == CANARY),
        "nothing is written"
    );
    let requests = [Request::new(&ready.input, ready.lut); 4];
    let results = ready.session.bootstrap(&ready.key, &requests);
    for result in results.expect("a completion") {
        assert_eq!(told(&rig, result), Code::ParityError);
    }
    rig.bench().inject(Fault::OnChipMemory, false);
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// The self-test passes, names each planted fault, passes again; what is loaded stays.
pub fn self_test_finds_faults(rig: Rig) {
    let mut ready = Ready::on(&rig);
    ready.session.self_test().expect("a sound board");
    for fault in [Fault::OnChipMemory, Fault::BoardMemory, Fault::Arithmetic] {
        rig.bench().inject(fault, true);
        let outcome = ready.session.self_test();
        tell(&rig, std::slice::from_ref(&outcome));
        match outcome {
            Err(Error::Board {
                code: Code::SelfTestFailed,
                info,
                ..
            }) => {
                assert_eq!(info, 1 << fault as u32, "{fault:?}");
            }
            other => panic!("{fault:?}: {other:?}"),
        }
        rig.bench().inject(fault, false);
    }
    ready.session.self_test().expect("a sound board");
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}
