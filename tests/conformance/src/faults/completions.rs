//! The completion ring: entries that are damaged, entries that never come.

use goldilane_abi::registers::CQ_TAIL;
use goldilane_abi::{Completion, Descriptor, Opcode};
use goldilane_driver::{Error, Iova, Job, Session};
use goldilane_side_channel::Disturbance;

use super::{SHORT, failure, recover, start};
use crate::Rig;
use crate::fixture::{Ready, options};
use crate::watched::Watched;

/// A session, and where its completion ring lies.
fn with_ring(rig: &Rig) -> (Ready, Iova) {
    let device = Watched::of(rig);
    let session = Session::open(device.clone(), options()).expect("open the board");
    // The submission ring, the completion ring.
    let ring = device.take_allocated()[1];
    (Ready::in_session(session), ring)
}

/// Bytes of the next completion entry.
fn next_entry(rig: &Rig, ring: Iova, byte: usize, bytes: usize) -> std::ops::Range<u64> {
    let tail = rig.device().read32(CQ_TAIL.of(0)).expect("the next entry");
    let first = ring.offset(tail as usize * Completion::BYTES + byte);
    first.0..first.offset(bytes).0
}

/// An entry that makes no sense is reported, again and again; nothing behind it is believed until a reset.
pub fn damaged_completions_stop_the_pair(rig: Rig) {
    let (mut ready, ring) = with_ring(&rig);
    // The ticket, the submission head, the pair; reserved bits at both ends.
    for (byte, reason) in [
        (0, "not in flight"),
        (4, "submission head"),
        (12, "pair"),
        (3, "reserved"),
        (15, "reserved"),
    ] {
        let damaged = next_entry(&rig, ring, byte, 1);
        rig.bench().disturb(&[Disturbance::DamagedWrites(damaged)]);
        let pending = start(&mut ready);
        for _ in 0..2 {
            let error = failure(&rig, &mut ready, &pending).to_string();
            let named = error.starts_with("queue pair 0: completion entry ");
            assert!(named && error.contains(reason), "{byte}: {error}");
        }
        assert!(rig.bench().struck() > 0);
        assert!(matches!(
            ready.session.no_op(),
            Err(Error::CompletionDamaged { .. })
        ));
        // The no-op was not sent off.
        recover(&rig, &mut ready, 1);
    }
}

/// An entry that vanished on its way is noticed when time is over, also when others have come behind it.
pub fn lost_completions_are_found(rig: Rig) {
    let (mut ready, ring) = with_ring(&rig);
    let lost = next_entry(&rig, ring, 0, 1);
    rig.bench().disturb(&[Disturbance::LostWrites(lost)]);
    let pending = start(&mut ready);
    let error = failure(&rig, &mut ready, &pending);
    assert!(
        matches!(error, Error::CompletionMissing { pair: 0, .. }),
        "{error:?}"
    );
    assert!(rig.bench().struck() > 0);
    rig.bench().disturb(&[]);
    let job = Job {
        descriptor: Descriptor::new(Opcode::NoOp),
        buffers: Vec::new(),
    };
    let pair = ready.session.pair();
    let behind = pair.submit(job).unwrap_or_else(|job| panic!("{job:?}"));
    let error = pair.wait(behind, SHORT).expect_err("behind a hole");
    assert!(
        matches!(
            error,
            Error::CompletionMissing { pair: 0, .. } | Error::TimedOut { .. }
        ),
        "{error:?}"
    );
    recover(&rig, &mut ready, 2);
}
