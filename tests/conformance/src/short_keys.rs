//! Short odd keys on one board, nothing rebuilt: every stage equals the golden model's, batches full and part-filled.

use crate::Rig;
use crate::fixture::{KEY, MESSAGES, ToyFixture, stage_words};
use goldilane_abi::registers::Counter;
use goldilane_abi::{KeyShape, Shape};
use goldilane_driver::{Checkpoint, Request, Session};
use goldilane_golden_model::{Job, Stage, bootstrap_until};

/// n; base and levels of the bootstrap; base and levels of the key switch.
type Numbers = (u16, (u8, u8), (u8, u8));

/// Every level count, the smallest and the
/// largest base with it, products of the two that end at, below and far from the width of a word. The modulus switch is
/// the centered one: a board takes no other (`bad_keys`).
const KEYS: [Numbers; 10] = [
    (1, (23, 1), (4, 4)),
    (1, (1, 3), (1, 1)),
    (2, (21, 3), (4, 8)),
    (2, (1, 1), (2, 8)),
    (3, (23, 2), (3, 8)),
    (4, (20, 3), (1, 8)),
    (5, (8, 2), (4, 1)),
    (6, (15, 1), (3, 5)),
    (7, (11, 3), (2, 3)),
    (9, (2, 2), (4, 7)),
];

fn shape_of((n, pbs, ks): Numbers) -> KeyShape {
    KeyShape {
        lwe_dimension: n,
        pbs_base_log: pbs.0,
        pbs_levels: pbs.1,
        ks_base_log: ks.0,
        ks_levels: ks.1,
        ..KEY
    }
}

/// All stages of a key: the two switches, the accumulator at the steps that a reader of vectors knows, the end.
fn stages(n: u16) -> Vec<(Checkpoint, Stage)> {
    let mut steps = vec![0, 1, n / 2, n - 1, n];
    steps.sort_unstable();
    steps.dedup();
    let accumulators = steps.into_iter().map(|step| {
        (
            Checkpoint::Accumulator(step.into()),
            Stage::Accumulator(step.into()),
        )
    });
    [
        (Checkpoint::KeySwitch, Stage::KeySwitch),
        (Checkpoint::ModSwitch, Stage::ModSwitch),
    ]
    .into_iter()
    .chain(accumulators)
    .chain([(Checkpoint::None, Stage::Extract)])
    .collect()
}

/// Every key, every stage; with each stage another number of ciphertexts, from one to one more than there are slots.
pub fn short_odd_keys_stage_by_stage(rig: Rig) {
    let slots = Shape::TOY.slots as usize;
    let mut fills = (1..=slots + 1).cycle();
    let mut session = rig.session();
    for (seed, numbers) in KEYS.into_iter().enumerate() {
        let shape = shape_of(numbers);
        assert_eq!(shape.check(&Shape::TOY), Ok(()), "{shape:?}");
        let mut fixture = ToyFixture::with_shape(shape, 100 + seed as u64);
        let key = fixture.load(&mut session);
        let table = fixture.table(|message| (message + 3) % MESSAGES);
        let lut = fixture.load_table(&mut session, &table);
        // Ciphertexts of messages, and words at the ends of the range.
        let words = Shape::TOY.ciphertext_words();
        let mut inputs = vec![
            fixture.toy.encrypt_big(seed as u64 % MESSAGES, MESSAGES),
            (0..words).map(|i| u64::MAX << (i % 64)).collect(),
            fixture.toy.encrypt_big(3, MESSAGES),
            vec![1 << 63; words],
        ];
        for (checkpoint, stage) in stages(shape.lwe_dimension) {
            let fill = fills.next().expect("endless");
            inputs.rotate_left(1);
            let requests: Vec<Request> = inputs[..fill]
                .iter()
                .map(|input| Request::new(input, lut))
                .collect();
            let before = batches(&mut session);
            let results = session
                .checkpoint(&key, &requests, checkpoint)
                .expect("checkpoint");
            assert_eq!(results.len(), fill);
            for (index, (result, lwe)) in results.into_iter().zip(&inputs).enumerate() {
                let job = Job {
                    lwe,
                    lut: &table,
                    degrees: &[0],
                };
                let expected = bootstrap_until(&fixture.golden, job, stage).expect("golden stage");
                assert!(
                    stage_words(result.expect("no failed entry")) == expected,
                    "{shape:?}: {stage} of ciphertext {index} of {fill}"
                );
            }
            let after = batches(&mut session);
            assert_eq!(after.1 - before.1, fill as u64, "ciphertexts in batches");
            let number = after.0 - before.0;
            assert!(
                (fill.div_ceil(slots) as u64..=fill as u64).contains(&number),
                "{number} batches of {fill}"
            );
        }
        session.free_key(&key).expect("free");
        session.free_lut(lut).expect("free");
        session.wait_cleared().expect("cleared");
    }
    rig.still_fine(&mut session);
}

/// Batches, and ciphertexts in them.
fn batches(session: &mut Session) -> (u64, u64) {
    let counters = session.counters().expect("counters");
    (
        counters.get(Counter::Batches),
        counters.get(Counter::BatchFill),
    )
}
