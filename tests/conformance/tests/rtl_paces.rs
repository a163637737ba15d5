//! Bytes through the driver and the hardware over every pace of host memory: idle gaps, back-pressure, reordering,
//! posted writes; and the proof that a missing wait for a write response does not go unseen.

mod rtl_board;

use goldilane_conformance::boards;
use goldilane_hdl::top;
use goldilane_sim::axi::Timing;
use goldilane_sim::rtl::RtlOptions;
use goldilane_sim::verilator::Built;

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 + at / 251) as u8).collect()
}

#[test]
fn loopback_at_every_pace() {
    for (idle_gap, back_pressure) in [(0, 0), (100, 0), (0, 100), (100, 100)] {
        for seed in 0..4 {
            for posted in [false, true] {
                let options = RtlOptions {
                    host: Timing {
                        idle_gap,
                        back_pressure,
                        reorder: seed != 0,
                        interleave: seed == 3,
                        ..Timing::HOSTILE
                    },
                    posted,
                    ..RtlOptions::hostile(seed)
                };
                let rig = boards::local(rtl_board::with(options));
                let mut session = rig.session();
                for length in [8, 64, 4096, 20_000] {
                    session.no_op().expect("no-op");
                    let sent = bytes(length);
                    assert_eq!(session.loopback(&sent).expect("loopback"), sent, "{length}");
                }
                rig.still_fine(&mut session);
            }
        }
    }
}

/// The same board without its waits: host memory that reorders and delays shows it.
#[test]
fn a_missing_wait_shows() {
    let without_waits = top::Options {
        wait_for_responses: false,
        ..top::Options::default()
    };
    let built = rtl_board::shell_alone(&without_waits);
    // Delays longer than what the controller needs between a job's data and its completion.
    let spoiled = |built: &Built, seed| {
        let options = RtlOptions {
            host: Timing {
                jitter: 3000,
                ..Timing::HOSTILE
            },
            ..RtlOptions::hostile(seed)
        };
        let rig = boards::local(rtl_board::open(built, options));
        let mut session = rig.session();
        let sent = bytes(2048);
        (0..4).any(|_| session.loopback(&sent).map_or(true, |got| got != sent))
    };
    let with_waits = rtl_board::shell_alone(&top::Options::default());
    assert!(!(0..4).any(|seed| spoiled(&with_waits, seed)));
    assert!((0..4).any(|seed| spoiled(&built, seed)));
}
