//! Faults of memory, of the bus, of the board itself: found, named, nothing wrong handed out.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::Rig;
use crate::fixture::{MESSAGES, Ready, code_of, options};
use goldilane_abi::{Code, MemoryMap, PieceKind, ResultRecord, Shape};
use goldilane_driver::{Checkpoint, Device, DmaBuffer, Error, Iova, Request, Result, Session};
use goldilane_side_channel::{Fault, HostBehaviour};

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
            assert_eq!(code_of(result), Code::KeyCorrupted, "line {line}");
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
    assert_eq!(code_of(next()), Code::LutCorrupted);
    let expected = ready.fixture.expected(&ready.input, &ready.table, &[0]);
    assert_eq!(next().expect("a sound table"), expected);
    assert_eq!(code_of(next()), Code::LutCorrupted);
    flip(&rig, line, 9);
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// A device that writes down where it maps memory.
struct Places {
    inner: Arc<dyn Device>,
    allocated: Mutex<Vec<Iova>>,
}

impl Device for Places {
    fn name(&self) -> String {
        self.inner.name()
    }

    fn read32(&self, offset: u32) -> Result<u32> {
        self.inner.read32(offset)
    }

    fn write32(&self, offset: u32, value: u32) -> Result<()> {
        self.inner.write32(offset, value)
    }

    fn alloc_dma(&self, bytes: usize) -> Result<DmaBuffer> {
        let buffer = self.inner.alloc_dma(bytes)?;
        self.allocated.lock().expect("places").push(buffer.iova());
        Ok(buffer)
    }

    fn wait_interrupt(&self, vector: u16, timeout: Duration) -> Result<bool> {
        self.inner.wait_interrupt(vector, timeout)
    }

    fn reset(&self) -> Result<()> {
        self.inner.reset()
    }

    fn relax(&self) {
        self.inner.relax();
    }
}

/// Posted writes that vanish are found by the driver: a record that never came, a result that does not fit its CRC.
pub fn lost_writes_are_found(rig: Rig) {
    let places = Arc::new(Places {
        inner: rig.device(),
        allocated: Mutex::default(),
    });
    let session = Session::open(places.clone(), options()).expect("open the board");
    let mut ready = Ready::in_session(session);
    let other = ready.fixture.toy.encrypt_big(1, MESSAGES);
    let request = Request::new(&ready.input, ready.lut);
    places.allocated.lock().expect("places").clear();
    // Loses the writes to a range of what the first job allocates and the others use again: entries, records, inputs, outputs.
    let mut lose = |input, buffer: usize, offset: usize, bytes: usize| {
        let requests = [request, Request { input, ..request }];
        rig.hold(true);
        let pending = ready
            .session
            .start(&ready.key, &requests, Checkpoint::None)
            .expect("start");
        let first = places.allocated.lock().expect("places")[buffer].offset(offset);
        rig.bench().set_behaviour(HostBehaviour {
            posted: true,
            lose_writes: Some(first.0..first.offset(bytes).0),
        });
        rig.hold(false);
        ready.session.finish(pending).expect("a completion")
    };
    let results = lose(&ready.input, 1, 0, ResultRecord::BYTES);
    assert!(
        matches!(results[0], Err(Error::RecordMissing { entry: 0 })),
        "{:?}",
        results[0]
    );
    assert!(results[1].is_ok());
    let stride = Shape::TOY.ciphertext_stride();
    // Another ciphertext: the memory still holds the right result of the one before.
    let results = lose(&other, 3, stride, stride);
    assert!(results[0].is_ok());
    assert!(
        matches!(results[1], Err(Error::ResultDamaged { entry: 1 })),
        "{:?}",
        results[1]
    );
    rig.bench().set_behaviour(HostBehaviour::default());
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// The self-test passes, names each planted fault, passes again; what is loaded stays.
pub fn self_test_finds_faults(rig: Rig) {
    let mut ready = Ready::on(&rig);
    ready.session.self_test().expect("a sound board");
    for fault in [Fault::OnChipMemory, Fault::BoardMemory, Fault::Arithmetic] {
        rig.bench().inject(fault, true);
        match ready.session.self_test() {
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
