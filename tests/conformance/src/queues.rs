//! Rings, doorbells, interrupts, pairs.

use crate::Rig;
use crate::fixture::{code_of, options};
use crate::watched::Watched;
use goldilane_abi::registers::{self as r, queue_status};
use goldilane_abi::{Code, Descriptor, Opcode};
use goldilane_driver::{Error, Job, Options, QueuePair, Session, SubmitError, Ticket};
use goldilane_side_channel::{Disturbance, Progress};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(20);

fn no_op() -> Job {
    Job {
        descriptor: Descriptor::new(Opcode::NoOp),
        buffers: Vec::new(),
    }
}

fn pair(rig: &Rig, index: u16, ring_log2: u8) -> QueuePair {
    QueuePair::open(rig.device(), index, ring_log2).expect("open a queue pair")
}

fn accepted(result: std::result::Result<Vec<Ticket>, SubmitError>) -> Vec<Ticket> {
    result.unwrap_or_else(|refused| panic!("{refused:?}"))
}

/// A batch costs one register write.
pub fn one_doorbell_a_batch(rig: Rig) {
    let device = Watched::of(&rig);
    let mut pair = QueuePair::open(device.clone(), 0, 4).expect("open a queue pair");
    device.take_writes();
    let tickets = accepted(pair.submit_batch((0..7).map(|_| no_op()).collect()));
    assert_eq!(device.take_writes(), [(r::doorbell(0), 7)]);
    for ticket in tickets {
        pair.wait(ticket, LIMIT)
            .expect("no-op")
            .success("run", "no-op")
            .expect("no-op");
    }
}

/// What does not fit comes back to the caller.
pub fn a_full_queue_hands_jobs_back(rig: Rig) {
    let mut pair = pair(&rig, 0, 2);
    assert_eq!(pair.room(), 3);
    match pair.submit_batch((0..4).map(|_| no_op()).collect()) {
        Err(SubmitError::QueueFull(jobs)) => assert_eq!(jobs.len(), 4),
        other => panic!("{other:?}"),
    }
    let tickets = accepted(pair.submit_batch((0..3).map(|_| no_op()).collect()));
    let mut job = no_op();
    job.buffers
        .push(rig.device().alloc_dma(64).expect("memory"));
    match pair.submit(job) {
        Err(SubmitError::QueueFull(jobs)) => assert_eq!(jobs[0].buffers.len(), 1),
        other => panic!("{other:?}"),
    }
    for ticket in tickets {
        pair.wait(ticket, LIMIT).expect("no-op");
    }
    assert_eq!(pair.room(), 3);
    let ticket = accepted(pair.submit_batch(vec![no_op()]))[0];
    assert_eq!(pair.wait(ticket, LIMIT).expect("no-op").completion.code, 0);
}

/// Positions and phase survive many passes through small rings.
pub fn rings_wrap_around(rig: Rig) {
    for ring_log2 in [1, 2, 3] {
        let mut pair = pair(&rig, 0, ring_log2);
        for round in 0..25 {
            let count = 1 + round % pair.room();
            for ticket in accepted(pair.submit_batch((0..count).map(|_| no_op()).collect())) {
                let done = pair.wait(ticket, LIMIT).expect("no-op");
                assert_eq!(
                    (done.completion.code(), done.completion.queue),
                    (Some(Code::Success), 0)
                );
            }
            assert_eq!(pair.in_flight(), 0);
        }
    }
}

/// Loopbacks by the dozen, each with its own answer.
pub fn many_jobs_in_flight(rig: Rig) {
    let mut pair = pair(&rig, 1, 4);
    let job = |number: u64| {
        let source = rig.device().alloc_dma(64).expect("memory");
        let destination = rig.device().alloc_dma(64).expect("memory");
        source.write_words(0, &[number; 8]).expect("copy in");
        let descriptor = Descriptor {
            source: source.iova().0,
            destination: destination.iova().0,
            length: 64,
            flags: goldilane_abi::flags::INTERRUPT,
            ..Descriptor::new(Opcode::Loopback)
        };
        Job {
            descriptor,
            buffers: vec![source, destination],
        }
    };
    for round in 0..4 {
        let tickets =
            accepted(pair.submit_batch((0..15).map(|index| job(100 * round + index)).collect()));
        // Out of order on purpose.
        for (index, &ticket) in tickets.iter().enumerate().rev() {
            let done = pair.wait(ticket, LIMIT).expect("loopback");
            done.success("loop back", "64 bytes").expect("loopback");
            let number = 100 * round + index as u64;
            assert_eq!(
                done.job.buffers[1].read_vec(0, 8).expect("copy out"),
                number.to_le_bytes()
            );
        }
    }
}

/// Two sessions on two pairs do not disturb each other.
pub fn two_pairs_serve_two_users(rig: Rig) {
    let mut first = rig.session();
    let mut second = rig.session_with(Options {
        pair: 1,
        ..options()
    });
    for round in 0..6_u8 {
        assert_eq!(first.loopback(&[round; 128]).expect("first"), [round; 128]);
        assert_eq!(
            second.loopback(&[!round; 192]).expect("second"),
            [!round; 192]
        );
    }
    let mine = first
        .pair()
        .submit(no_op())
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    let yours = second
        .pair()
        .submit(no_op())
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    assert_eq!(
        second
            .pair()
            .wait(yours, LIMIT)
            .expect("second")
            .completion
            .queue,
        1
    );
    assert_eq!(
        first
            .pair()
            .wait(mine, LIMIT)
            .expect("first")
            .completion
            .queue,
        0
    );
}

/// A long queue on one pair does not hold a short one on another.
pub fn pairs_are_served_in_turn(rig: Rig) {
    let (mut long, mut short) = (pair(&rig, 0, 5), pair(&rig, 1, 5));
    rig.hold(true);
    accepted(long.submit_batch((0..25).map(|_| no_op()).collect()));
    accepted(short.submit_batch(vec![no_op()]));
    let mut before = 0;
    while short.poll().expect("poll") == 0 {
        rig.run(8);
        before += long.poll().expect("poll");
    }
    assert!(
        before < 20,
        "{before} of 25 jobs of the other pair came first"
    );
    while long.in_flight() > 0 {
        rig.run(1000);
        long.poll().expect("poll");
    }
    rig.hold(false);
}

/// A ring that is not there halts its pair; the other goes on, and the first works again when set up anew.
pub fn a_halted_pair_does_not_hold_the_other(rig: Rig) {
    let device = rig.device();
    let mut other = rig.session_with(Options {
        pair: 1,
        ..options()
    });
    let ring = device.alloc_dma(1024).expect("memory");
    let write =
        |register: &r::Register, value: u32| device.write32(register.of(0), value).expect("write");
    write(&r::SQ_BASE_LO, 0x4_0000);
    write(&r::CQ_BASE_LO, ring.iova().0 as u32);
    write(&r::CQ_BASE_HI, (ring.iova().0 >> 32) as u32);
    write(&r::RING_SIZES, 3 | 3 << 8);
    write(&r::QUEUE_CONTROL, 1);
    device.write32(r::doorbell(0), 2).expect("doorbell");
    assert!(
        device.wait_interrupt(0, LIMIT).expect("interrupt"),
        "the vector of the halted pair"
    );
    assert_ne!(
        device.read32(r::QUEUE_STATUS.of(0)).expect("status") & queue_status::FETCH_FAULT,
        0
    );
    rig.still_fine(&mut other);
    let log = other.take_error_log().expect("log");
    assert!(
        log.iter()
            .any(|entry| entry.code == Some(Code::FetchFault) && entry.pair == Some(0)),
        "{log:?}"
    );
    write(&r::QUEUE_CONTROL, 0);
    write(&r::QUEUE_STATUS, queue_status::FETCH_FAULT);
    rig.still_fine(&mut rig.session());
}

/// Arming with a completion that was not seen fires at once.
pub fn an_unseen_completion_fires_at_once(rig: Rig) {
    let device = rig.device();
    let mut pair = pair(&rig, 0, 4);
    accepted(pair.submit_batch(vec![no_op(), no_op()]));
    while rig.run(1000) == Progress::Busy {}
    assert!(!device.wait_interrupt(0, SHORT).expect("wait"), "not armed");
    pair.arm().expect("arm");
    assert!(device.wait_interrupt(0, LIMIT).expect("wait"), "unseen");
    assert_eq!(pair.poll().expect("poll"), 2);
    pair.arm().expect("arm");
    assert!(
        !device.wait_interrupt(0, SHORT).expect("wait"),
        "nothing unseen"
    );
    accepted(pair.submit_batch(vec![no_op()]));
    assert!(
        device.wait_interrupt(0, LIMIT).expect("wait"),
        "armed and completed"
    );
    assert_eq!(
        device.read32(r::INTERRUPT_ARM.of(0)).expect("read"),
        0,
        "an interrupt disarms"
    );
}

/// An armed interrupt waits for the count, or for the time.
pub fn interrupts_coalesce(rig: Rig) {
    let device = rig.device();
    let mut pair = pair(&rig, 0, 4);
    pair.coalesce(3, 0).expect("coalesce");
    pair.arm().expect("arm");
    accepted(pair.submit_batch(vec![no_op(), no_op()]));
    assert!(
        !device.wait_interrupt(0, SHORT).expect("wait"),
        "two of three"
    );
    let mut silent = no_op();
    silent.descriptor.flags = 0;
    accepted(pair.submit_batch(vec![silent]));
    assert!(
        !device.wait_interrupt(0, SHORT).expect("wait"),
        "one without the flag"
    );
    accepted(pair.submit_batch(vec![no_op()]));
    assert!(device.wait_interrupt(0, LIMIT).expect("wait"), "three");
    assert_eq!(pair.poll().expect("poll"), 4);
    pair.coalesce(100, 2).expect("coalesce");
    pair.arm().expect("arm");
    accepted(pair.submit_batch(vec![no_op()]));
    assert!(device.wait_interrupt(0, LIMIT).expect("wait"), "time");
    assert_eq!(pair.poll().expect("poll"), 1);
}

/// A doorbell beyond the ring or the free entries changes nothing, is named and logged.
pub fn bad_doorbells_are_refused(rig: Rig) {
    let device = rig.device();
    let mut pair = pair(&rig, 0, 3);
    device.write32(r::doorbell(0), 8).expect("doorbell");
    assert!(
        device.wait_interrupt(0, LIMIT).expect("wait"),
        "the pair's vector"
    );
    assert_eq!(code_of(pair.check_status()), Code::DoorbellOutOfRing);
    assert_eq!(device.read32(r::SQ_TAIL.of(0)).expect("tail"), 0);
    // Backwards, before the board can fetch: with five entries taken, three before is an advance of five.
    let jobs = (0..5).map(|_| no_op()).collect();
    rig.hold(true);
    let tickets = accepted(pair.submit_batch(jobs));
    device.write32(r::doorbell(0), 2).expect("doorbell");
    assert_eq!(code_of(pair.check_status()), Code::DoorbellOverrun);
    rig.hold(false);
    for ticket in tickets {
        pair.wait(ticket, LIMIT).expect("nothing lost");
    }
    assert_eq!(device.read32(r::SQ_TAIL.of(0)).expect("tail"), 5);
    drop(pair);
    // A disabled pair takes no doorbell.
    device.write32(r::doorbell(1), 1).expect("doorbell");
    let mut session = rig.session();
    let codes: Vec<_> = session
        .take_error_log()
        .expect("log")
        .iter()
        .map(|entry| (entry.code, entry.pair))
        .collect();
    for expected in [
        (Some(Code::DoorbellOutOfRing), Some(0)),
        (Some(Code::DoorbellOverrun), Some(0)),
        (Some(Code::RegisterIgnored), Some(1)),
    ] {
        assert!(codes.contains(&expected), "{codes:?}");
    }
    rig.still_fine(&mut session);
}

/// A pair whose rings do not fit is not enabled.
pub fn bad_setups_are_refused(rig: Rig) {
    let device = rig.device();
    for sizes in [0, 3 | 2 << 8, 13 | 13 << 8, 3] {
        device.write32(r::RING_SIZES.of(1), sizes).expect("write");
        device.write32(r::QUEUE_CONTROL.of(1), 1).expect("write");
        assert_eq!(
            device.read32(r::QUEUE_CONTROL.of(1)).expect("read"),
            0,
            "{sizes:#x}"
        );
        let status = device.read32(r::QUEUE_STATUS.of(1)).expect("read");
        assert_eq!(status, queue_status::BAD_SETUP, "{sizes:#x}");
        device
            .write32(r::QUEUE_STATUS.of(1), status)
            .expect("write");
    }
    assert!(matches!(
        QueuePair::open(device, 1, 13),
        Err(Error::Pair {
            pair: 1,
            code: Code::BadQueueSetup
        })
    ));
    rig.still_fine(&mut rig.session_with(Options {
        pair: 1,
        ..options()
    }));
}

/// Writes to registers that do not take them change nothing and are logged.
pub fn writes_that_do_not_fit_are_logged(rig: Rig) {
    let device = rig.device();
    let mut session: Session = rig.session();
    let base = device.read32(r::SQ_BASE_LO.of(0)).expect("read");
    let lanes = device.read32(r::LANES.offset).expect("read");
    for offset in [
        r::SQ_BASE_LO.of(0),
        r::SQ_HEAD.of(0),
        r::LANES.offset,
        r::Counter::Clocks.offset(),
        0x7fc,
    ] {
        device.write32(offset, 0xffff_ffff).expect("write");
        let log = session.take_error_log().expect("log");
        let found: Vec<_> = log
            .iter()
            .map(|entry| (entry.code, u32::from(entry.index)))
            .collect();
        assert_eq!(found, [(Some(Code::RegisterIgnored), offset)]);
    }
    assert_eq!(device.read32(r::SQ_BASE_LO.of(0)).expect("read"), base);
    assert_eq!(device.read32(r::LANES.offset).expect("read"), lanes);
    rig.still_fine(&mut session);
}

/// A job that ran out of time keeps its buffers until its completion.
pub fn a_late_job_stays_owned(rig: Rig) {
    let device = rig.device();
    let mut pair = pair(&rig, 0, 3);
    rig.bench().disturb(&[Disturbance::StalledDma { after: 0 }]);
    let mut job = no_op();
    job.buffers.push(device.alloc_dma(64).expect("memory"));
    let mappings = rig.bench().mappings();
    let ticket = pair
        .submit(job)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    assert!(matches!(
        pair.wait(ticket, Duration::ZERO),
        Err(Error::TimedOut { .. })
    ));
    assert_eq!((pair.in_flight(), rig.bench().mappings()), (1, mappings));
    rig.bench().disturb(&[]);
    let done = pair.wait(ticket, LIMIT).expect("late");
    assert_eq!(done.job.buffers.len(), 1);
    assert!(matches!(
        pair.wait(ticket, LIMIT),
        Err(Error::UnknownTicket { .. })
    ));
}
