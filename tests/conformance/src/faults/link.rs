//! The link between board and host.

use std::time::Instant;

use goldilane_driver::{Error, Session};
use goldilane_side_channel::Disturbance;

use super::{LIMIT, failure, recover, start_stalled};
use crate::Rig;
use crate::fixture::{Ready, options};

/// Registers that read all ones are no answer: every operation says so, and none waits for its time limit.
pub fn a_link_that_is_down_is_told(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let pending = start_stalled(&rig, &mut ready);
    rig.bench().disturb(&[Disturbance::LinkDown]);
    let start = Instant::now();
    let waited = failure(&rig, &mut ready, &pending);
    let session = &mut ready.session;
    let errors = [
        waited,
        session.no_op().expect_err("no link"),
        session.counters().expect_err("no link"),
        session.take_error_log().expect_err("no link"),
        session.wait_cleared().expect_err("no link"),
        session.reset().expect_err("no link"),
        Session::open(rig.device(), options())
            .err()
            .expect("no link"),
    ];
    for error in errors {
        assert!(matches!(error, Error::LinkDown { .. }), "{error:?}");
    }
    assert!(start.elapsed() < LIMIT);
    assert!(rig.bench().struck() > 0);
    // The bootstraps and the no-op.
    recover(&rig, &mut ready, 2);
}

/// A board that may not use the bus halts its pair; the pair is named.
pub fn bus_mastering_that_is_off_is_told(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let pending = start_stalled(&rig, &mut ready);
    rig.bench().disturb(&[Disturbance::NoBusMaster]);
    let error = failure(&rig, &mut ready, &pending);
    let code = goldilane_abi::Code::FetchFault;
    assert!(
        matches!(error, Error::Pair { pair: 0, code: found } if found == code),
        "{error:?}"
    );
    assert!(rig.bench().struck() > 0);
    let log = ready.session.take_error_log().expect("log");
    assert!(log.iter().any(|entry| entry.code == Some(code)), "{log:?}");
    recover(&rig, &mut ready, 1);
}
