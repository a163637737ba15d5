//! Faults of memory, of the bus, of the board itself: found, named, nothing wrong handed out.
//!
//! | file | what is wrong |
//! |---|---|
//! | `memory` | bits of board memory and of the chip |
//! | `link` | the link is down, bus mastering is off |
//! | `transfers` | what the board moves is lost, damaged, held up, goes elsewhere |
//! | `completions` | the completion ring |
//! | `interrupts` | lost, doubled, for no reason |
//! | `process` | the board's process, the driver's process, the bus and the host around them |
//! | `notes` | what the page of faults says of each |

use std::time::{Duration, Instant};

use goldilane_abi::{Code, registers::Counter};
use goldilane_driver::{Checkpoint, Error, Iova, Options, Pending, Request, Result, Session};
use goldilane_side_channel::Disturbance;

use crate::Rig;
use crate::fixture::{Ready, code_of, options};
use crate::watched::Watched;

mod completions;
mod interrupts;
mod link;
mod memory;
mod notes;
mod process;
mod transfers;

pub use completions::*;
pub use interrupts::*;
pub use link::*;
pub use memory::*;
pub use notes::{Note, note};
pub use process::*;
pub use transfers::*;

/// A wait that is expected to end without a completion.
const SHORT: Duration = Duration::from_millis(300);
/// A fault is reported long before this.
const LIMIT: Duration = Duration::from_secs(60);

/// The code of a failed result, which is noted.
fn told<T: std::fmt::Debug>(rig: &Rig, result: Result<T>) -> Code {
    tell(rig, std::slice::from_ref(&result));
    code_of(result)
}

/// Notes the errors among results.
fn tell<T>(rig: &Rig, results: &[Result<T>]) {
    let errors = results.iter().filter_map(|result| result.as_ref().err());
    errors.for_each(|error| rig.tell(error));
}

/// A session over a watched device, with what bootstraps need.
fn watched(rig: &Rig) -> (Ready, std::sync::Arc<Watched>) {
    let device = Watched::of(rig);
    // Each job in memory of its own: where it lies is seen when it is mapped, and no right result of another lies in it.
    let options = Options {
        spare_bytes: 0,
        ..options()
    };
    let session = Session::open(device.clone(), options).expect("open the board");
    (Ready::in_session(session), device)
}

/// Makes something wrong right before the next doorbell, with the memory that was mapped until then.
fn disturb_next(
    rig: &Rig,
    device: &Watched,
    wrong: impl FnOnce(&[Iova]) -> Disturbance + Send + 'static,
) {
    let bench = rig.shared_bench();
    device.before_doorbell(move |allocated| bench.disturb(&[wrong(allocated)]));
}

/// Sends one job with two entries off.
fn start(ready: &mut Ready) -> Pending {
    let requests = [Request::new(&ready.input, ready.lut); 2];
    let pending = ready.session.start(&ready.key, &requests, Checkpoint::None);
    pending.expect("start")
}

/// Sends a job off that the board does not get at before something else is made wrong.
fn start_stalled(rig: &Rig, ready: &mut Ready) -> Pending {
    rig.bench().disturb(&[Disturbance::StalledDma { after: 0 }]);
    start(ready)
}

/// Waits for a job that does not complete; what is reported of it, in time.
fn failure(rig: &Rig, ready: &mut Ready, pending: &Pending) -> Error {
    let start = Instant::now();
    loop {
        match ready.session.wait_done(pending, SHORT) {
            Err(Error::TimedOut { .. }) if start.elapsed() < LIMIT => {}
            Err(error) => {
                rig.tell(&error);
                return error;
            }
            Ok(()) => panic!("completed"),
        }
    }
}

/// The results of a job are those of the golden model.
fn is_right(ready: &mut Ready, pending: Pending) {
    let expected = ready.fixture.expected(&ready.input, &ready.table, &[0]);
    let results = ready.session.finish(pending).expect("a completion");
    assert_eq!(results.len(), 2);
    for result in results {
        let words = goldilane_driver::CheckpointWords::U64(expected[0].clone());
        assert_eq!(result.expect("no failed entry"), words);
    }
}

/// Nothing is wrong any more: a reset brings back as many jobs as are in flight, and the board is used as ever.
fn recover(rig: &Rig, ready: &mut Ready, jobs: usize) {
    rig.bench().disturb(&[]);
    let aborted = ready.session.reset().expect("reset");
    assert_eq!(aborted.len(), jobs, "jobs that come back");
    ready.load_again();
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// Bootstraps that the board has finished so far.
fn bootstraps(ready: &Ready) -> u64 {
    let counters = ready.session.counters().expect("counters");
    counters.get(Counter::Bootstraps)
}
