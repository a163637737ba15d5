//! The board's words are the golden model's words.

use crate::Rig;
use crate::fixture::{KEY, MESSAGES, Ready, ToyFixture, options, stage_words};
use goldilane_abi::registers::Counter;
use goldilane_abi::{KeyShape, Shape};
use goldilane_driver::{Checkpoint, CheckpointWords, Lut, Options, Request};
use goldilane_golden_model::{Job, Stage, bootstrap_until};

/// More ciphertexts than slots, several tables, several descriptors; the results decrypt.
pub fn bootstraps_equal_the_golden_model(rig: Rig) {
    let mut ready = Ready::with_options(
        &rig,
        Options {
            entries_per_job: 4,
            ..options()
        },
    );
    let square = ready.fixture.table(|message| message * message % MESSAGES);
    let second = ready.fixture.load_table(&mut ready.session, &square);
    let inputs: Vec<Vec<u64>> = (0..10)
        .map(|index| ready.fixture.toy.encrypt_big(index % MESSAGES, MESSAGES))
        .collect();
    let tables = [(&ready.table, ready.lut), (&square, second)];
    let requests: Vec<Request> = inputs
        .iter()
        .enumerate()
        .map(|(i, input)| Request::new(input, tables[i % 2].1))
        .collect();
    ready.session.clear_counters().expect("clear");
    let results = ready
        .session
        .bootstrap(&ready.key, &requests)
        .expect("bootstrap");
    for (index, (result, input)) in results.into_iter().zip(&inputs).enumerate() {
        let outputs = result.expect("no failed entry");
        assert_eq!(
            outputs,
            ready.fixture.expected(input, tables[index % 2].0, &[0]),
            "entry {index}"
        );
        let message = index as u64 % MESSAGES;
        let expected = if index % 2 == 0 {
            (3 * message + 1) % MESSAGES
        } else {
            message * message % MESSAGES
        };
        assert_eq!(
            ready.fixture.toy.decrypt_big(&outputs[0], MESSAGES),
            expected
        );
    }
    let counters = ready.session.counters().expect("counters");
    assert_eq!(counters.get(Counter::Bootstraps), 10);
    assert_eq!(
        counters.get(Counter::ExternalProducts),
        10 * u64::from(KEY.lwe_dimension)
    );
    assert_eq!(counters.get(Counter::BatchFill), 10);
    assert!((4..=10).contains(&counters.get(Counter::Batches)));
    rig.still_fine(&mut ready.session);
}

/// Several coefficients of one accumulator; a table that is a real encryption; adversarial words.
pub fn several_degrees_and_encrypted_tables(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let body = ready.table[Shape::TOY.polynomial_size as usize..].to_vec();
    let encrypted = ready.fixture.toy.encrypt_glwe(&body);
    let extremes: Vec<u64> = (0..Shape::TOY.glwe_words())
        .map(|index| {
            [
                0,
                1,
                1 << 31,
                (1 << 32) - 1,
                1 << 63,
                u64::MAX,
                0xffff_ffff_0000_0000,
                (1 << 40) + 1,
            ][index % 8]
        })
        .collect();
    let luts = [&encrypted, &extremes].map(|glwe| {
        (
            glwe,
            ready.session.load_lut(Lut::Encrypted(glwe)).expect("load"),
        )
    });
    let inputs = [ready.input.clone(), extremes[..257].to_vec()];
    for (table, lut) in luts {
        for (degrees, stride) in [(1, 0), (2, 128), (3, 255), (16, 1)] {
            let requests = inputs.each_ref().map(|input| Request {
                input,
                lut,
                degrees,
                stride,
            });
            let results = ready
                .session
                .bootstrap(&ready.key, &requests)
                .expect("bootstrap");
            let all: Vec<usize> = (0..degrees)
                .map(|index| usize::from(index * stride) % 512)
                .collect();
            for (result, input) in results.into_iter().zip(&inputs) {
                let expected = ready.fixture.expected(input, table, &all);
                assert!(
                    result.expect("no failed entry") == expected,
                    "{degrees} degrees, stride {stride}"
                );
            }
        }
    }
    rig.still_fine(&mut ready.session);
}

/// Every stage, word by word.
pub fn checkpoints_equal_the_golden_model(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let other = ready.fixture.toy.encrypt_big(1, MESSAGES);
    let inputs = [
        ready.input.clone(),
        other,
        vec![u64::MAX; 257],
        vec![0; 257],
    ];
    let requests = inputs
        .each_ref()
        .map(|input| Request::new(input, ready.lut));
    let stages = (0..=4).map(|steps| {
        (
            Checkpoint::Accumulator(steps),
            Stage::Accumulator(steps as usize),
        )
    });
    let stages = [
        (Checkpoint::KeySwitch, Stage::KeySwitch),
        (Checkpoint::ModSwitch, Stage::ModSwitch),
    ]
    .into_iter()
    .chain(stages)
    .chain([(Checkpoint::None, Stage::Extract)]);
    for (checkpoint, stage) in stages {
        let results = ready
            .session
            .checkpoint(&ready.key, &requests, checkpoint)
            .expect("checkpoint");
        for (index, (result, lwe)) in results.into_iter().zip(&inputs).enumerate() {
            let found = stage_words(result.expect("no failed entry"));
            let job = Job {
                lwe,
                lut: &ready.table,
                degrees: &[0],
            };
            let expected =
                bootstrap_until(&ready.fixture.golden, job, stage).expect("golden stage");
            assert!(found == expected, "{stage} of ciphertext {index}");
        }
    }
    rig.still_fine(&mut ready.session);
}

/// Other n, bases and levels on the same board, nothing rebuilt.
pub fn keys_of_other_shapes(rig: Rig) {
    for (seed, (n, pbs, ks)) in [
        (1, (23, 1), (4, 8)),
        (2, (21, 3), (1, 8)),
        (3, (1, 1), (3, 5)),
        (5, (7, 3), (4, 1)),
        (9, (23, 2), (2, 7)),
    ]
    .into_iter()
    .enumerate()
    {
        let shape = KeyShape {
            lwe_dimension: n,
            pbs_base_log: pbs.0,
            pbs_levels: pbs.1,
            ks_base_log: ks.0,
            ks_levels: ks.1,
            ..KEY
        };
        let mut session = rig.session();
        let mut fixture = ToyFixture::with_shape(shape, seed as u64);
        let mut pieces = 0;
        let key = session
            .load_key(&mut fixture.natural(), &mut |progress| {
                pieces = progress.pieces
            })
            .expect("load");
        assert_eq!(pieces, 2 * u32::from(n) + 1);
        let table = fixture.table(|message| message);
        let lut = fixture.load_table(&mut session, &table);
        let inputs: Vec<Vec<u64>> = (0..4)
            .map(|message| fixture.toy.encrypt_big(message, MESSAGES))
            .collect();
        let requests: Vec<Request> = inputs
            .iter()
            .map(|input| Request::new(input, lut))
            .collect();
        for (result, input) in session
            .bootstrap(&key, &requests)
            .expect("bootstrap")
            .into_iter()
            .zip(&inputs)
        {
            assert!(
                result.expect("no failed entry") == fixture.expected(input, &table, &[0]),
                "{shape:?}"
            );
        }
        session.free_key(&key).expect("free");
        session.free_lut(lut).expect("free");
        session.wait_cleared().expect("cleared");
        rig.still_fine(&mut session);
    }
}

/// Jobs of two keys and two users, interleaved: each result is under its own key.
pub fn batches_of_two_keys(rig: Rig) {
    let mut first = Ready::on(&rig);
    let mut second = rig.session_with(Options {
        pair: 1,
        ..options()
    });
    let other = ToyFixture::with_shape(
        KeyShape {
            lwe_dimension: 3,
            ..KEY
        },
        77,
    );
    let other_key = other.load(&mut second);
    for _ in 0..3 {
        let requests = [Request::new(&first.input, first.lut); 2];
        let mine = first
            .session
            .start(&first.key, &requests, Checkpoint::None)
            .expect("start");
        let yours = second
            .start(&other_key, &requests, Checkpoint::None)
            .expect("start");
        let mine_too = first
            .session
            .start(&first.key, &requests[1..], Checkpoint::None)
            .expect("start");
        let expected = |fixture: &ToyFixture| {
            CheckpointWords::U64(fixture.expected(&first.input, &first.table, &[0]).concat())
        };
        for result in second.finish(yours).expect("finish") {
            assert_eq!(result.expect("no failed entry"), expected(&other));
        }
        for pending in [mine_too, mine] {
            for result in first.session.finish(pending).expect("finish") {
                assert_eq!(result.expect("no failed entry"), expected(&first.fixture));
            }
        }
    }
    rig.still_fine(&mut first.session);
}
