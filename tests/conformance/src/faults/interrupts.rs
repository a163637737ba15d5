//! Interrupts are hints: the driver believes the ring alone.

use std::time::Instant;

use goldilane_abi::registers::Counter;
use goldilane_driver::Error;
use goldilane_side_channel::{Disturbance, Incident};

use super::{LIMIT, SHORT, is_right, start_stalled};
use crate::Rig;
use crate::fixture::Ready;

/// The most jobs until an interrupt is waited for, and not found done before.
const TRIES: u64 = 50;

/// Every job is done once and right, whatever comes of its interrupt.
fn jobs_are_done_once(rig: &Rig, ready: &mut Ready, wrong: Disturbance) {
    let count = |ready: &Ready| {
        let counters = ready.session.counters().expect("counters");
        counters.get(Counter::Descriptors)
    };
    rig.bench().disturb(&[wrong]);
    let begin = Instant::now();
    let before = count(ready);
    let (mut jobs, mut more) = (0, 3);
    while more > 0 && jobs < TRIES {
        ready.bootstrap_is_right();
        assert!(begin.elapsed() < LIMIT);
        jobs += 1;
        more -= u64::from(rig.bench().struck() > 0);
    }
    assert!(rig.bench().struck() > 0);
    assert_eq!(count(ready) - before, jobs);
    assert_eq!(ready.session.pair().in_flight(), 0);
    assert!(ready.session.pair().take().is_none(), "no job twice");
    rig.bench().disturb(&[]);
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// A completion whose interrupt got lost is found all the same.
pub fn lost_interrupts_lose_no_job(rig: Rig) {
    let mut ready = Ready::on(&rig);
    jobs_are_done_once(&rig, &mut ready, Disturbance::LostInterrupts);
}

/// A second interrupt for the same completion makes no second job.
pub fn doubled_interrupts_double_no_job(rig: Rig) {
    let mut ready = Ready::on(&rig);
    jobs_are_done_once(&rig, &mut ready, Disturbance::DoubledInterrupts);
}

/// An interrupt without a completion makes no job done.
pub fn spurious_interrupts_complete_nothing(rig: Rig) {
    let mut ready = Ready::on(&rig);
    for _ in 0..3 {
        rig.bench().happen(Incident::Interrupt(0));
        assert_eq!(ready.session.pair().poll().expect("poll"), 0);
        ready.bootstrap_is_right();
    }
    let pending = start_stalled(&rig, &mut ready);
    for vector in [0, 1, 0] {
        rig.bench().happen(Incident::Interrupt(vector));
        let waited = ready.session.wait_done(&pending, SHORT);
        assert!(matches!(waited, Err(Error::TimedOut { .. })), "{waited:?}");
    }
    rig.bench().disturb(&[]);
    is_right(&mut ready, pending);
    rig.still_fine(&mut ready.session);
}
