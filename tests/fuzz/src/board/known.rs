//! The known job: a key, a table and a bootstrap by the real driver, compared with the golden model.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use goldilane_abi::{KeyShape, ModulusSwitch};
use goldilane_conformance::ToyFixture;
use goldilane_driver::{KeyHandle, LutHandle, Options, Request, Session};
use goldilane_driver_local::LocalDevice;
use goldilane_sim::Board;

use super::Shared;

/// The shortest key.
pub const KEY: KeyShape = KeyShape {
    lwe_dimension: 1,
    pbs_base_log: 15,
    pbs_levels: 1,
    ks_base_log: 4,
    ks_levels: 2,
    modulus_switch: ModulusSwitch::Centered,
};
/// A board that answers nothing for so long is wedged.
const LIMIT: Duration = Duration::from_secs(60);

struct Known {
    fixture: ToyFixture,
    table: Vec<u64>,
    input: Vec<u64>,
    expected: Vec<u64>,
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut fixture = ToyFixture::with_shape(KEY, 1);
        let table = fixture.table(|message| 3 - message);
        let input = fixture.toy.encrypt_big(1, 4);
        let expected = fixture.expected(&input, &table, &[0]).concat();
        Known {
            fixture,
            table,
            input,
            expected,
        }
    })
}

fn session<B: Board + 'static>(board: Shared<B>) -> Session {
    let device = Arc::new(LocalDevice::new("the board", board));
    let options = Options {
        time_limit: LIMIT,
        ..Options::default()
    };
    Session::open(device, options).expect("a board that answers")
}

fn load(session: &mut Session) -> (KeyHandle, LutHandle) {
    let known = known();
    let key = known.fixture.load(session);
    (key, known.fixture.load_table(session, &known.table))
}

/// The words of the known ciphertext.
pub fn input() -> &'static [u64] {
    &known().input
}

/// Loads the known key and table into the first slots.
pub fn prepare<B: Board + 'static>(board: Shared<B>) {
    load(&mut session(board));
}

/// Does the known job.
pub fn run<B: Board + 'static>(board: Shared<B>) {
    let known = known();
    let mut session = session(board);
    let (key, lut) = load(&mut session);
    let results = session.bootstrap(&key, &[Request::new(&known.input, lut)]);
    let result = results.expect("a completion").swap_remove(0);
    let words = result.expect("a bootstrap").concat();
    assert!(words == known.expected, "the known job came out wrong");
}
