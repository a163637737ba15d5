//! The clocks of a bootstrap depend on the key's numbers and the batch, never on what the ciphertexts hold.
//!
//! Boards in Verilator that differ in nothing but the words of their ciphertexts run the same jobs from power-up on. Every job
//! must take the same clocks from the doorbell to the interrupt of its completion on all of them, and the board's own
//! counters must agree. Whole boards from power-up, because the controller's program goes round and round: when it looks
//! at a doorbell depends on the clock, and the clock must therefore be the same.

mod rtl_board;

use std::sync::Arc;
use std::time::Duration;

use goldilane_abi::registers::Counter;
use goldilane_abi::{KeyShape, Shape};
use goldilane_conformance::ToyFixture;
use goldilane_conformance::fixture::{KEY, MESSAGES, options};
use goldilane_driver::{Checkpoint, Device, DmaBuffer, Options, Request, Result, Session};
use goldilane_driver_local::LocalDevice;
use goldilane_golden_model::toy::ToyRandom;
use goldilane_golden_model::{Job, Stage, StageWords, bootstrap_until};
use goldilane_sim::Board;
use goldilane_sim::rtl::RtlOptions;
use rtl_board::Checked;

/// Ciphertexts of each job: alone, a full batch, a full batch and one more.
const JOBS: [usize; 3] = [1, 3, 4];
/// Steps that do something and steps that do not should both be many.
const NUMBERS: KeyShape = KeyShape {
    lwe_dimension: 8,
    ..KEY
};
/// What a board counts while it bootstraps.
const COUNTERS: [Counter; 6] = [
    Counter::ExternalProducts,
    Counter::MultiplierBusy,
    Counter::KeyWait,
    Counter::KeySwitchBusy,
    Counter::Batches,
    Counter::BatchFill,
];

/// What must not depend on the words: clocks from doorbell to interrupt and counters, by job.
type Times = Vec<(u64, [u64; 6])>;

/// Longer than any test: a driver that waits for less reads a register in between, and the board's clocks would depend on
/// the machine's.
const PATIENCE: Duration = Duration::from_secs(3600);

/// A device that waits for interrupts, however slow the machine.
struct Patient(LocalDevice<Checked>);

impl Device for Patient {
    fn name(&self) -> String {
        self.0.name()
    }

    fn read32(&self, offset: u32) -> Result<u32> {
        self.0.read32(offset)
    }

    fn write32(&self, offset: u32, value: u32) -> Result<()> {
        self.0.write32(offset, value)
    }

    fn alloc_dma(&self, bytes: usize) -> Result<DmaBuffer> {
        self.0.alloc_dma(bytes)
    }

    fn wait_interrupt(&self, vector: u16, _timeout: Duration) -> Result<bool> {
        self.0.wait_interrupt(vector, PATIENCE)
    }

    fn reset(&self) -> Result<()> {
        self.0.reset()
    }

    fn relax(&self) {
        self.0.relax();
    }
}

/// Runs the jobs on a board that was just powered up; ciphertext `i` of a job holds `inputs[i % len]`.
fn times(
    fixture: &ToyFixture,
    table: &[u64],
    inputs: &[Vec<u64>],
    surroundings: RtlOptions,
) -> Times {
    let device = Arc::new(Patient(LocalDevice::new(
        "board",
        rtl_board::with(surroundings),
    )));
    let clock = || device.0.with_board(|board| board.clocks());
    let options = Options {
        time_limit: PATIENCE,
        ..options()
    };
    let mut session = Session::open(device.clone(), options).expect("open the board");
    let key = fixture.load(&mut session);
    let lut = fixture.load_table(&mut session, table);
    let counters = |session: &mut Session| {
        let all = session.counters().expect("counters");
        COUNTERS.map(|counter| all.get(counter))
    };
    JOBS.iter()
        .map(|&count| {
            let requests: Vec<Request<'_>> = (0..count)
                .map(|index| Request::new(&inputs[index % inputs.len()], lut))
                .collect();
            let (before, counted) = (clock(), counters(&mut session));
            let pending = session
                .start(&key, &requests, Checkpoint::None)
                .expect("submit");
            let results = session.finish(pending).expect("bootstrap");
            let taken = clock() - before;
            for result in results {
                result.expect("no failed entry");
            }
            let now = counters(&mut session);
            (taken, std::array::from_fn(|i| now[i] - counted[i]))
        })
        .collect()
}

/// Named ciphertexts, or mixtures of several.
fn values(fixture: &mut ToyFixture) -> Vec<(String, Vec<Vec<u64>>)> {
    let words = Shape::TOY.ciphertext_words();
    let all = |word: u64| vec![word; words];
    let random = |seed: u64| {
        let mut random = ToyRandom::new(seed);
        (0..words).map(|_| random.word()).collect::<Vec<u64>>()
    };
    let mut body_only = all(0);
    body_only[words - 1] = u64::MAX;
    let mut named = vec![
        ("zeros".to_owned(), vec![all(0)]),
        ("ones".to_owned(), vec![all(u64::MAX)]),
        ("highest bits".to_owned(), vec![all(1 << 63)]),
        ("lowest bits".to_owned(), vec![all(1)]),
        ("a body alone".to_owned(), vec![body_only]),
        (
            "zeros, ones, random words".to_owned(),
            vec![all(0), all(u64::MAX), random(9)],
        ),
    ];
    for message in 0..MESSAGES {
        let ciphertext = fixture.toy.encrypt_big(message, MESSAGES);
        named.push((format!("message {message}"), vec![ciphertext]));
    }
    named.extend((0..3).map(|seed| (format!("random {seed}"), vec![random(seed)])));
    named
}

/// Rotations of blind rotation, without the body's.
fn rotations(fixture: &ToyFixture, table: &[u64], lwe: &[u64]) -> Vec<u16> {
    let job = Job {
        lwe,
        lut: table,
        degrees: &[0],
    };
    match bootstrap_until(&fixture.golden, job, Stage::ModSwitch).expect("golden stage") {
        StageWords::U16(mut words) => {
            words.pop();
            words
        }
        other => panic!("rotations of 16 bits, not {other:?}"),
    }
}

fn all_take_the_same(surroundings: &RtlOptions) {
    let mut fixture = ToyFixture::with_shape(NUMBERS, 5);
    let table = fixture.table(|message| (3 * message + 1) % MESSAGES);
    let values = values(&mut fixture);
    let of = |name: &str| {
        let (_, inputs) = values
            .iter()
            .find(|(known, _)| known == name)
            .expect("a value");
        rotations(&fixture, &table, &inputs[0])
    };
    assert_eq!(of("zeros"), [0; 8], "every step rotates by 0");
    assert!(!of("random 0").contains(&0), "no step rotates by 0");
    let mut expected: Option<Times> = None;
    for (name, inputs) in &values {
        let found = times(&fixture, &table, inputs, surroundings.clone());
        let wanted = expected.get_or_insert_with(|| found.clone());
        assert_eq!(*wanted, found, "{name}");
    }
}

#[test]
fn clocks_do_not_depend_on_ciphertexts() {
    all_take_the_same(&RtlOptions::default());
}

/// Random delays, the same ones for all: what depends on words would ask for others.
#[test]
fn nor_do_they_over_hostile_buses() {
    all_take_the_same(&RtlOptions::hostile(3));
}
