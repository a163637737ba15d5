//! The board's process, the driver's process, the bus and the host around them. Only a socket shows these.

use std::time::{Duration, Instant};

use goldilane_abi::{Code, Descriptor, Opcode, crc32c, flags};
use goldilane_driver::{Error, Request, Session};
use goldilane_side_channel::{Disturbance, Incident};

use super::{LIMIT, SHORT, failure, is_right, start, start_stalled};
use crate::Rig;
use crate::bad_descriptors::{answer, memory};
use crate::fixture::{Ready, code_of, options};

/// Limit of an access that is not answered.
const ACCESS: Duration = Duration::from_secs(1);

/// A read that is not answered ends with its time limit; the answer, when it comes late, is not taken for another's.
pub fn a_hung_read_ends_with_its_limit(mut rig: Rig) {
    rig.reopen(ACCESS);
    let mut ready = Ready::on(&rig);
    let pending = start_stalled(&rig, &mut ready);
    rig.bench().disturb(&[Disturbance::HungReads]);
    let begin = Instant::now();
    let log = ready.session.take_error_log();
    let error = log.expect_err("no answer");
    rig.tell(&error);
    assert!(
        matches!(&error, Error::TimedOut { operation: "read", object, limit }
            if object.starts_with("register 0x") && *limit == ACCESS),
        "{error:?}"
    );
    assert!(begin.elapsed() < LIMIT && rig.bench().struck() > 0);
    rig.bench().disturb(&[]);
    is_right(&mut ready, pending);
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// A board process that dies is noticed at once; the one that takes its place knows nothing of the old one.
pub fn a_dead_process_is_told(mut rig: Rig) {
    let mut ready = Ready::on(&rig);
    let pending = start_stalled(&rig, &mut ready);
    rig.bench().happen(Incident::Death);
    let begin = Instant::now();
    let errors = [
        failure(&rig, &mut ready, &pending),
        ready.session.no_op().expect_err("nobody there"),
        ready.session.reset().expect_err("nobody there"),
        ready.session.reset_function().expect_err("nobody there"),
    ];
    for error in errors {
        let named = matches!(&error, Error::Device { reason, .. } if reason.contains("closed"));
        assert!(named, "{error:?}");
    }
    let (old, lut) = (ready.key, ready.lut);
    drop(ready);
    assert!(begin.elapsed() < LIMIT, "told at once");
    rig.reopen(LIMIT);
    assert!(!rig.bench().holds_secrets());
    let mut session = rig.session();
    let input = vec![0; session.shape().ciphertext_words()];
    let answer = session.bootstrap(&old, &[Request::new(&input, lut)]);
    assert_eq!(code_of(answer), Code::UnknownKey);
    drop(session);
    let mut ready = Ready::on(&rig);
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// Memory whose mapping did not end is not used again: what the board still writes there reaches nobody.
pub fn memory_that_stays_mapped_is_not_used_again(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let source = memory(&rig, &[0x3c; 4096]);
    let buffer = memory(&rig, &[1; 4096]);
    let (old, mappings) = (buffer.iova(), rig.bench().mappings());
    rig.bench().disturb(&[Disturbance::IgnoredUnmaps]);
    drop(buffer);
    assert!(rig.bench().struck() > 0);
    assert_eq!(rig.bench().mappings(), mappings, "it stays");
    rig.bench().disturb(&[]);
    let others: Vec<_> = (0..4).map(|_| memory(&rig, &[2; 4096])).collect();
    let stray = Descriptor {
        source: source.iova().0,
        destination: old.0,
        length: 4096,
        crc: crc32c(&[0x3c; 4096]),
        flags: flags::CRC | flags::INTERRUPT,
        ..Descriptor::new(Opcode::Loopback)
    };
    assert_eq!(answer(&mut ready.session, stray).0, Code::Success);
    for buffer in others {
        let found = buffer.read_vec(0, 4096).expect("copy out");
        assert!(found.iter().all(|&byte| byte == 2), "written over");
    }
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// A fatal error of the bus is told by its event; only a function level reset helps.
pub fn a_fatal_error_is_told(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let pending = start_stalled(&rig, &mut ready);
    rig.bench().happen(Incident::FatalError);
    let error = failure(&rig, &mut ready, &pending);
    assert!(
        matches!(&error, Error::Device { reason, .. } if reason.contains("fatal error")),
        "{error:?}"
    );
    rig.bench().disturb(&[]);
    let error = ready.session.reset().expect_err("no register answers");
    assert!(matches!(error, Error::LinkDown { .. }), "{error:?}");
    rig.tell(&error);
    let aborted = ready.session.reset_function().expect("reset");
    assert_eq!(aborted.len(), 1);
    ready.load_again();
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// A host that wants its device back is heard: what is done is still handed out, nothing new is waited for, and the device
/// can be opened when it has come again.
pub fn a_removal_is_told(mut rig: Rig) {
    let mut ready = Ready::on(&rig);
    let pending = start_stalled(&rig, &mut ready);
    rig.bench().happen(Incident::Removal);
    let error = failure(&rig, &mut ready, &pending);
    assert!(
        matches!(&error, Error::Device { reason, .. } if reason.contains("remove")),
        "{error:?}"
    );
    rig.bench().disturb(&[]);
    let begin = Instant::now();
    // Only what is done already is waited for.
    while ready.session.wait_done(&pending, SHORT).is_err() {
        assert!(begin.elapsed() < LIMIT);
        std::thread::yield_now();
    }
    is_right(&mut ready, pending);
    drop(ready);
    rig.reopen(LIMIT);
    let mut ready = Ready::on(&rig);
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// A driver that is killed with jobs in flight and maps alive leaves nothing behind, and a board for the next one.
pub fn a_killed_driver_leaves_nothing_behind(mut rig: Rig) {
    let mut ready = Ready::on(&rig);
    let pending = start(&mut ready);
    assert!(rig.bench().mappings() > 0 && rig.bench().holds_secrets());
    rig.kill_driver();
    // The process that was killed frees nothing.
    std::mem::forget((ready.session, pending));
    let begin = Instant::now();
    while rig.bench().mappings() > 0 || rig.bench().holds_secrets() {
        assert!(
            begin.elapsed() < LIMIT,
            "its maps, or its keys, are still there"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    rig.reopen(LIMIT);
    let log = Session::open(rig.device(), options())
        .and_then(|session| session.take_error_log())
        .expect("log");
    assert!(log.is_empty(), "it was stopped in order: {log:?}");
    let mut ready = Ready::on(&rig);
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}
