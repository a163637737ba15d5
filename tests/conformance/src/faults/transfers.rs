//! What the board moves: lost, damaged, held up, at the wrong address.

use goldilane_abi::{Code, Descriptor, Opcode, ResultRecord, Shape, crc32c, flags};
use goldilane_driver::{Error, Iova, Lut};
use goldilane_side_channel::Disturbance;

use super::{
    SHORT, bootstraps, disturb_next, is_right, recover, start, start_stalled, tell, told, watched,
};
use crate::bad_descriptors::{UNMAPPED, answer, memory};
use crate::fixture::Ready;
use crate::{Rig, Transport};

/// What nobody has written over.
const CANARY: u8 = 0xc5;
/// More than the memory of a device's pool, so that it is unmapped when it is given back.
const LARGE: usize = 4 << 20;

// What a bootstrap job maps, in this order.
const RECORDS: usize = 1;
const INPUTS: usize = 2;
const OUTPUTS: usize = 3;

/// A part of what a job maps.
fn part(allocated: &[Iova], buffer: usize, offset: usize, bytes: usize) -> std::ops::Range<u64> {
    let first = allocated[buffer].offset(offset);
    first.0..first.offset(bytes).0
}

fn copy(source: Iova, destination: Iova, bytes: &[u8]) -> Descriptor {
    Descriptor {
        source: source.0,
        destination: destination.0,
        length: bytes.len() as u32,
        crc: crc32c(bytes),
        flags: flags::CRC | flags::INTERRUPT,
        ..Descriptor::new(Opcode::Loopback)
    }
}

/// Posted writes that vanish are found by the driver: a record that never came, a result that does not fit its CRC.
pub fn lost_writes_are_found(rig: Rig) {
    let (mut ready, device) = watched(&rig);
    let stride = Shape::TOY.ciphertext_stride();
    let mut lose = |buffer, offset, bytes| {
        disturb_next(&rig, &device, move |allocated| {
            Disturbance::LostWrites(part(allocated, buffer, offset, bytes))
        });
        let pending = start(&mut ready);
        let results = ready.session.finish(pending).expect("a completion");
        assert!(rig.bench().struck() > 0);
        tell(&rig, &results);
        results
    };
    let results = lose(RECORDS, 0, ResultRecord::BYTES);
    assert!(
        matches!(results[0], Err(Error::RecordMissing { entry: 0 })),
        "{results:?}"
    );
    assert!(results[1].is_ok());
    let results = lose(OUTPUTS, stride, stride);
    assert!(results[0].is_ok());
    assert!(
        matches!(results[1], Err(Error::ResultDamaged { entry: 1 })),
        "{results:?}"
    );
    disturb_next(&rig, &device, |allocated| {
        Disturbance::LostWrites(part(allocated, 1, 0, 4096))
    });
    let copied = ready.session.loopback(&[7; 4096]);
    assert!(
        matches!(copied, Err(Error::CopyDamaged { bytes: 4096 })),
        "{copied:?}"
    );
    tell(&rig, &[copied]);
    rig.bench().disturb(&[]);
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// A bit that flips on the bus is found by the CRC over the transfer, whatever is moved and whichever way.
pub fn damaged_transfers_are_found(rig: Rig) {
    let (mut ready, device) = watched(&rig);
    let stride = Shape::TOY.ciphertext_stride();
    let expected = ready.fixture.expected(&ready.input, &ready.table, &[0]);
    for (buffer, offset) in [(INPUTS, stride + 9), (OUTPUTS, stride + 2000)] {
        disturb_next(&rig, &device, move |allocated| {
            let byte = part(allocated, buffer, offset, 1);
            match buffer {
                INPUTS => Disturbance::DamagedReads(byte),
                _ => Disturbance::DamagedWrites(byte),
            }
        });
        let requests = [goldilane_driver::Request::new(&ready.input, ready.lut); 3];
        let mut results = ready
            .session
            .bootstrap(&ready.key, &requests)
            .expect("a completion");
        assert!(rig.bench().struck() > 0);
        let damaged = results.remove(1);
        for result in results {
            assert_eq!(result.expect("another entry"), expected);
        }
        match buffer {
            INPUTS => assert_eq!(told(&rig, damaged), Code::CrcMismatch),
            _ => {
                let found = matches!(damaged, Err(Error::ResultDamaged { entry: 1 }));
                assert!(found, "{damaged:?}");
                tell(&rig, &[damaged]);
            }
        }
    }
    let body = ready.table[ready.fixture.toy.parameters().big_lwe_dimension()..].to_vec();
    let damage = |allocated: &[Iova]| Disturbance::DamagedReads(part(allocated, 0, 100, 1));
    disturb_next(&rig, &device, damage);
    let loaded = ready.session.load_lut(Lut::Plain(&body));
    assert_eq!(told(&rig, loaded), Code::CrcMismatch);
    // Into a free slot at the first try.
    let freed = ready.session.free_key(&ready.key);
    freed.expect("free the key");
    ready.session.wait_cleared().expect("cleared");
    disturb_next(&rig, &device, damage);
    let loaded = ready
        .session
        .load_key(&mut ready.fixture.natural(), &mut |_| {});
    assert_eq!(told(&rig, loaded), Code::CrcMismatch);
    disturb_next(&rig, &device, damage);
    let copied = ready.session.loopback(&[7; 4096]);
    assert_eq!(told(&rig, copied), Code::CrcMismatch);
    rig.bench().disturb(&[]);
    ready.session.wait_cleared().expect("cleared");
    ready.key = ready.fixture.load(&mut ready.session);
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// DMA that is held up costs the job its time limit and nothing else: it stays owned, and is done once when the bus goes on.
pub fn stalled_dma_loses_no_job(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let before = bootstraps(&ready);
    // At the first access, behind the entries, somewhere later.
    let stalls = [0, 2, 20];
    for after in stalls {
        rig.bench().disturb(&[Disturbance::StalledDma { after }]);
        let pending = start(&mut ready);
        let mut late = false;
        while rig.bench().struck() == 0 || !late {
            match ready.session.wait_done(&pending, SHORT) {
                Err(error @ Error::TimedOut { .. }) => {
                    rig.tell(&error);
                    late = true;
                }
                // The model does a batch in one step.
                Ok(()) => break,
                Err(error) => panic!("{error}"),
            }
        }
        assert!(late || after > 2, "{after}");
        rig.bench().disturb(&[]);
        is_right(&mut ready, pending);
    }
    assert_eq!(
        bootstraps(&ready) - before,
        2 * stalls.len() as u64,
        "each once"
    );
    // Given up instead: the job comes back.
    let _given_up = start_stalled(&rig, &mut ready);
    recover(&rig, &mut ready, 1);
}

/// A reset gives DMA that is held up its time, then gives it up; when the bus goes on the board is used as ever.
pub fn a_reset_gives_stalled_dma_up(rig: Rig) {
    let mut ready = Ready::on(&rig);
    rig.bench().disturb(&[Disturbance::StalledDma { after: 2 }]);
    let pending = start(&mut ready);
    let error = ready.session.wait_done(&pending, SHORT);
    assert!(matches!(error, Err(Error::TimedOut { .. })), "{error:?}");
    assert!(rig.bench().struck() > 0);
    tell(&rig, &[error]);
    let aborted = ready.session.reset().expect("reset");
    assert_eq!(aborted.len(), 1, "the job comes back");
    recover(&rig, &mut ready, 0);
}

/// Where the board writes beyond what it was told, it meets a page that is no memory; nothing of it shows in anybody's
/// results.
pub fn overruns_reach_nobody(rig: Rig) {
    let (mut ready, device) = watched(&rig);
    let stride = Shape::TOY.ciphertext_stride();
    let before = memory(&rig, &vec![CANARY; 2 * 4096]);
    disturb_next(&rig, &device, move |allocated| Disturbance::Overrun {
        writes: part(allocated, OUTPUTS, 0, 2 * stride),
        bytes: 4096,
    });
    let pending = start(&mut ready);
    let behind = memory(&rig, &vec![CANARY; 2 * 4096]);
    let results = ready.session.finish(pending).expect("a completion");
    assert!(rig.bench().struck() > 0);
    let expected = ready.fixture.expected(&ready.input, &ready.table, &[0]);
    let words = goldilane_driver::CheckpointWords::U64(expected[0].clone());
    // In front of the last result other ones may be written over, and then their CRC tells.
    tell(&rig, &results);
    for result in results.into_iter().flatten() {
        assert_eq!(result, words);
    }
    // Buffers of a kernel's device share chunks of memory: a neighbour is in reach.
    if rig.transport() != Transport::Kernel {
        for buffer in [before, behind] {
            let found = buffer.read_vec(0, 2 * 4096).expect("copy out");
            assert!(found.iter().all(|&byte| byte == CANARY));
        }
    }
    rig.bench().disturb(&[]);
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// Reads where nothing is mapped are answered as faults; so are writes, or they vanish where writes are posted. Memory that
/// was given back is such a place.
pub fn dma_to_unmapped_memory_goes_nowhere(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let bytes = [0x3c; 4096];
    let (source, copied) = (memory(&rig, &bytes), memory(&rig, &bytes));
    let bystander = memory(&rig, &[CANARY; 4096]);
    let given_back = memory(&rig, &vec![CANARY; LARGE]);
    let gone = given_back.iova();
    drop(given_back);
    for nowhere in [Iova(UNMAPPED), gone] {
        let mut run = |descriptor| {
            let job = goldilane_driver::Job {
                descriptor,
                buffers: Vec::new(),
            };
            let done = ready.session.run(job).expect("a completion");
            done.success("loop back", "4096 bytes")
        };
        rig.bench().disturb(&[]);
        let read = run(copy(nowhere, copied.iova(), &bytes));
        assert_eq!(told(&rig, read), Code::ReadFault, "{nowhere}");
        let written = run(copy(source.iova(), nowhere, &bytes));
        assert_eq!(told(&rig, written), Code::WriteFault, "{nowhere}");
        rig.bench().disturb(&[Disturbance::PostedWrites]);
        let written = run(copy(source.iova(), nowhere, &bytes)).expect("answered before");
        assert_eq!(written, crc32c(&bytes));
        assert!(rig.bench().struck() > 0, "a write vanished");
        let read = run(copy(nowhere, copied.iova(), &bytes));
        assert_eq!(told(&rig, read), Code::ReadFault, "{nowhere}");
    }
    rig.bench().disturb(&[]);
    let found = bystander.read_vec(0, 4096).expect("copy out");
    assert!(
        found.iter().all(|&byte| byte == CANARY),
        "nothing was written"
    );
    assert_eq!(
        answer(
            &mut ready.session,
            copy(source.iova(), copied.iova(), &bytes)
        ),
        (Code::Success, crc32c(&bytes))
    );
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}
