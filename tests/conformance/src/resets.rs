//! Reset: everything secret is gone, the log and the counters stay, the next user starts clean.

use crate::Rig;
use crate::fixture::{Ready, code_of};
use goldilane_abi::registers::{self as r, Counter};
use goldilane_abi::{Code, Descriptor, Opcode};
use goldilane_driver::{Checkpoint, Error, Job, Request};

/// Register reset and function level reset forget keys and tables; log and counters survive.
pub fn a_reset_forgets_everything(rig: Rig) {
    let mut ready = Ready::on(&rig);
    for function_level in [false, true] {
        ready.bootstrap_is_right();
        rig.device().write32(r::LANES.offset, 1).expect("write");
        let before = ready
            .session
            .counters()
            .expect("counters")
            .get(Counter::Bootstraps);
        assert!(before > 0);
        let aborted = match function_level {
            false => ready.session.reset(),
            true => ready.session.reset_function(),
        };
        assert_eq!(aborted.expect("reset").len(), 0);
        let log = ready.session.take_error_log().expect("log");
        assert_eq!(
            log.last().and_then(|entry| entry.code),
            Some(Code::RegisterIgnored)
        );
        assert_eq!(
            ready
                .session
                .counters()
                .expect("counters")
                .get(Counter::Bootstraps),
            before
        );
        let request = Request::new(&ready.input, ready.lut);
        assert_eq!(
            code_of(ready.session.bootstrap(&ready.key, &[request])),
            Code::UnknownKey
        );
        ready.session.wait_cleared().expect("cleared");
        assert!(!rig.bench().holds_secrets());
        let old = (ready.key, ready.lut);
        ready.key = ready.fixture.load(&mut ready.session);
        ready.lut = ready.fixture.load_table(&mut ready.session, &ready.table);
        assert!(
            old.0.handle != ready.key.handle && old.1 != ready.lut,
            "old handles stay unknown"
        );
    }
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// A reset in the middle of work: jobs come back to their owner, the board is idle and clean, new work is fine.
pub fn a_reset_ends_running_jobs(rig: Rig) {
    let mut ready = Ready::on(&rig);
    for clocks in [0, 1, 40, 300, 3_000] {
        let requests = vec![Request::new(&ready.input, ready.lut); 20];
        rig.hold(true);
        let pending = ready
            .session
            .start(&ready.key, &requests, Checkpoint::None)
            .expect("start");
        rig.run(clocks);
        rig.hold(false);
        let aborted = ready.session.reset().expect("reset");
        assert!(aborted.len() <= 1);
        for (_, job) in &aborted {
            assert_eq!(job.buffers.len(), 4, "buffers come back");
        }
        let finished = ready.session.finish(pending);
        if aborted.len() == 1 {
            assert!(
                matches!(finished, Err(Error::UnknownTicket { .. })),
                "{finished:?}"
            );
        } else {
            assert!(finished.is_ok(), "it was done before the reset");
        }
        ready.session.wait_cleared().expect("cleared");
        assert!(!rig.bench().holds_secrets());
        ready.key = ready.fixture.load(&mut ready.session);
        ready.lut = ready.fixture.load_table(&mut ready.session, &ready.table);
        ready.bootstrap_is_right();
    }
    rig.still_fine(&mut ready.session);
}

/// A reset in the middle of a self-test, which keeps everybody else out: afterwards nobody is kept out.
pub fn a_reset_ends_a_self_test(rig: Rig) {
    let mut ready = Ready::on(&rig);
    for clocks in [300, 5_000] {
        rig.hold(true);
        let job = Job {
            descriptor: Descriptor::new(Opcode::SelfTest),
            buffers: Vec::new(),
        };
        let submitted = ready.session.pair().submit(job);
        submitted.unwrap_or_else(|refused| panic!("{refused:?}"));
        rig.run(clocks);
        rig.hold(false);
        ready.session.reset().expect("reset");
        ready.session.wait_cleared().expect("cleared");
        ready.key = ready.fixture.load(&mut ready.session);
        ready.lut = ready.fixture.load_table(&mut ready.session, &ready.table);
        ready.bootstrap_is_right();
    }
    ready.session.self_test().expect("a sound board");
    rig.still_fine(&mut ready.session);
}
