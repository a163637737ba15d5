//! The key stream against its definition: order of requests, rows as they lie in board memory, double
//! buffering, faults.

mod key_stream_bench;

use goldilane_abi::Shape;
use goldilane_hdl::bootstrap::key_stream::{Piece, Sizes};
use key_stream_bench::{Batch, Bench, Pace};

const STEADY: Pace = Pace { idle: 0, slow: 0 };

fn sweep(shape: &Shape, batches: &[Batch]) {
    let mut bench = Bench::new(shape);
    for idle in [0, 2] {
        for slow in [0, 3] {
            for batch in batches {
                assert_eq!(bench.run(batch, Pace { idle, slow }), (0, 0));
            }
        }
    }
}

const PLAIN: Batch = Batch {
    fill: 2,
    steps: 3,
    n: 3,
    ks_levels: 4,
    pbs_levels: 1,
    key_slot: 1,
};

#[test]
fn toy_shape() {
    let batches = [
        PLAIN,
        Batch {
            fill: 3,
            steps: 0,
            n: 1,
            ks_levels: 8,
            ..PLAIN
        },
        Batch {
            fill: 1,
            steps: 2,
            n: 5,
            ks_levels: 1,
            pbs_levels: 3,
            key_slot: 0,
        },
        Batch {
            fill: 1,
            steps: 5,
            n: 5,
            ks_levels: 5,
            pbs_levels: 2,
            key_slot: 1,
        },
    ];
    sweep(&Shape::TOY, &batches);
}

#[test]
fn sim_and_artix_shapes() {
    sweep(
        &Shape::SIM,
        &[Batch {
            fill: 1,
            steps: 2,
            n: 2,
            ..PLAIN
        }],
    );
    sweep(
        &Shape::ARTIX,
        &[Batch {
            steps: 1,
            n: 1,
            ks_levels: 5,
            ..PLAIN
        }],
    );
}

#[test]
fn wide_odd_and_padded_shapes() {
    let u280 = Batch {
        fill: 1,
        steps: 1,
        n: 1,
        ..PLAIN
    };
    let mut bench = Bench::new(&Shape::U280);
    assert_eq!(bench.run(&u280, STEADY), (0, 0));
    let two_masks = Shape {
        glwe_dimension: 2,
        memory_port_bits: 1024,
        slots: 5,
        ..Shape::TOY
    };
    sweep(
        &two_masks,
        &[Batch {
            steps: 2,
            n: 2,
            pbs_levels: 3,
            ..PLAIN
        }],
    );
    // A line is longer than a column of one level.
    let padded = Shape {
        polynomial_size: 128,
        memory_ports: 16,
        memory_port_bits: 512,
        slots: 1,
        ..Shape::TOY
    };
    let batch = Batch {
        fill: 1,
        steps: 2,
        n: 2,
        ks_levels: 3,
        pbs_levels: 1,
        key_slot: 1,
    };
    assert_ne!(
        Sizes { shape: padded }.chunks(Piece::Column, 3) % 16,
        0,
        "padding occurs"
    );
    sweep(&padded, &[batch]);
}

#[test]
fn a_wrong_check_and_wrong_parity_fail_the_batch_and_no_other() {
    let mut bench = Bench::new(&Shape::TOY);
    let pieces = bench.requests(&PLAIN).len();
    for (idle, slow) in [(0, 0), (2, 0), (0, 3), (2, 3)] {
        let pace = Pace { idle, slow };
        for at in [0, 4, pieces - 1] {
            bench.wrong_check = Some(at);
            assert_eq!(bench.run(&PLAIN, pace), (1, 0), "check {at}");
            bench.wrong_check = None;
            assert_eq!(bench.run(&PLAIN, pace), (0, 0));
        }
    }
    bench.sim.set("parity_fault", 1);
    assert_eq!(bench.run(&PLAIN, STEADY), (0, 1));
    bench.sim.set("parity_fault", 0);
    // The old rows with their wrong parity are overwritten before they are read.
    assert_eq!(bench.run(&PLAIN, STEADY), (0, 0));
}

#[test]
fn clear_drops_everything_from_any_state() {
    let mut bench = Bench::new(&Shape::TOY);
    bench.run(&PLAIN, STEADY);
    for clocks in [1, 5, 12, 60, 300] {
        bench.begin(&PLAIN);
        let words = vec![0x1234; bench.sizes.line_words()];
        bench.sim.set_words("line_data", &words);
        bench.sim.set("line_req_ready", 1);
        bench.sim.set("line_valid", 1);
        for _ in 0..clocks {
            bench.sim.clock();
        }
        bench.sim.set("clear", 1);
        bench.sim.clock();
        bench.sim.clock();
        bench.sim.set("line_valid", 0);
        assert_eq!(bench.sim.get("clear_busy"), 1);
        let mut waited = 0;
        while bench.sim.get("clear_busy") == 1 {
            bench.sim.clock();
            waited += 1;
            assert!(waited < 10_000);
        }
        bench.sim.set("clear", 0);
        bench.sim.clock();
        assert_eq!(bench.sim.get("line_req_valid"), 0);
        for (read, row, words) in [
            ("key_read", "key_row", "key_words"),
            ("ggsw_read", "ggsw_row", "ggsw_words"),
        ] {
            for i in [0, 1, 7] {
                bench.sim.set(row, i);
                for _ in 0..4 {
                    bench.sim.clock();
                }
                assert!(bench.sim.get_words(words).iter().all(|w| *w == 0), "{read}");
            }
        }
        assert_eq!(bench.run(&PLAIN, STEADY), (0, 0));
    }
}
