//! The AXI4 memory slave: data, time, order, faults, and that every protocol assertion fires on a planted error.

mod axi_bench;

use axi_bench::{BUS_BYTES, Bench, beat, burst};
use goldilane_sim::axi::{Address, Memory, Response, Timing, WriteBeat};

fn data_bytes(seed: u64, beats: usize) -> Vec<u8> {
    (0..beats)
        .flat_map(|index| beat(seed, index, false).data[..BUS_BYTES / 8].to_vec())
        .flat_map(u64::to_le_bytes)
        .collect()
}

/// Every pace of both sides over the same traffic: what is written is read back, in the order within an id.
#[test]
fn what_is_written_is_read_back_at_every_pace() {
    for (idle_gap, back_pressure, lazy, seed) in [
        (0, 0, 0, 1),
        (120, 0, 0, 2),
        (0, 120, 0, 3),
        (120, 120, 0, 4),
        (0, 0, 3, 5),
        (120, 120, 3, 6),
    ] {
        for (reorder, interleave) in [(false, false), (true, false), (true, true)] {
            let timing = Timing {
                latency: 5,
                jitter: 40,
                idle_gap,
                back_pressure,
                reorder,
                interleave,
                ..Timing::IDEAL
            };
            let mut bench = Bench::new(timing, false, seed);
            bench.lazy = lazy;
            for index in 0..24u64 {
                let beats = [1, 3, 16, 128][index as usize % 4];
                bench.write(burst(index as u32 % 8, index * 4096, beats), index);
            }
            bench.finish();
            for index in 0..24u64 {
                let beats = [1, 3, 16, 128][index as usize % 4];
                assert_eq!(
                    bench.bytes(index * 4096, beats * BUS_BYTES),
                    data_bytes(index, beats)
                );
                bench
                    .reads
                    .push_back(burst(index as u32 % 8, index * 4096, beats));
            }
            bench.finish();
            for id in 0..8u64 {
                let wanted: Vec<_> = [id, id + 8, id + 16]
                    .into_iter()
                    .flat_map(|index| {
                        let beats = [1, 3, 16, 128][index as usize % 4];
                        (0..beats).map(move |at| beat(index, at, at + 1 == beats))
                    })
                    .map(|beat| (beat.data, beat.last))
                    .collect();
                let got: Vec<_> = bench
                    .read_beats
                    .iter()
                    .filter(|(_, beat)| u64::from(beat.id) == id)
                    .map(|(_, beat)| (beat.data, beat.last))
                    .collect();
                assert_eq!(got, wanted, "id {id}");
            }
            assert_eq!(bench.rules(), [""; 0]);
            assert_eq!(bench.responses.len(), 24);
        }
    }
}

fn order_of_ids(reorder: bool, interleave: bool, seed: u64) -> Vec<u32> {
    let timing = Timing {
        latency: 2,
        jitter: 60,
        reorder,
        interleave,
        ..Timing::IDEAL
    };
    let mut bench = Bench::new(timing, false, seed);
    for id in 0..8 {
        bench.reads.push_back(burst(id, 0, 4));
    }
    bench.finish();
    bench.read_beats.iter().map(|(_, beat)| beat.id).collect()
}

#[test]
fn ids_overtake_one_another_only_when_asked_for() {
    let in_order: Vec<u32> = (0..8).flat_map(|id| [id; 4]).collect();
    assert_eq!(order_of_ids(false, false, 7), in_order);
    let mixed = order_of_ids(true, false, 7);
    assert_ne!(mixed, in_order);
    assert!(
        mixed
            .chunks(4)
            .all(|four| four.iter().all(|id| *id == four[0])),
        "bursts stay whole: {mixed:?}"
    );
    assert_ne!(mixed, order_of_ids(true, false, 8), "another seed");
    assert_eq!(mixed, order_of_ids(true, false, 7), "the same seed");
    let interleaved = order_of_ids(true, true, 7);
    assert!(
        interleaved
            .chunks(4)
            .any(|four| four.iter().any(|id| *id != four[0])),
        "{interleaved:?}"
    );
}

#[test]
fn writes_of_other_ids_take_effect_out_of_order() {
    let timing = Timing {
        jitter: 60,
        reorder: true,
        ..Timing::IDEAL
    };
    let mut bench = Bench::new(timing, false, 3);
    for id in 0..8 {
        bench.write(burst(id, u64::from(id) * 4096, 1), 1);
    }
    bench.finish();
    let ids: Vec<u32> = bench.responses.iter().map(|(_, id, _)| *id).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    assert_ne!(ids, sorted);
    assert_eq!(sorted, (0..8).collect::<Vec<_>>());
    assert!(bench.slave.activity().overtakes > 0);
}

/// A write that is not waited for is not seen by a read of another id.
#[test]
fn a_missing_wait_shows() {
    let timing = Timing {
        latency: 20,
        ..Timing::IDEAL
    };
    let mut bench = Bench::new(timing, false, 1);
    bench.memory.write(0, &[9; 32]).expect("write");
    bench.write(burst(0, 0, 1), 5);
    bench.reads.push_back(burst(1, 0, 1));
    bench.finish();
    assert_eq!(bench.read_beats[0].1.data[0], 0x0909_0909_0909_0909);
}

#[test]
fn latency_and_bandwidth_are_kept() {
    let timing = Timing {
        latency: 50,
        beats_per_256: 64,
        ..Timing::IDEAL
    };
    let mut bench = Bench::new(timing, false, 1);
    bench.reads.push_back(burst(0, 0, 64));
    bench.finish();
    let clocks: Vec<u64> = bench.read_beats.iter().map(|(clock, _)| *clock).collect();
    assert!((51..=56).contains(&clocks[0]), "{}", clocks[0]);
    let span = clocks[63] - clocks[0];
    assert!((245..=256).contains(&span), "a beat in four clocks: {span}");

    let mut bench = Bench::new(Timing::IDEAL, false, 1);
    for index in 0..4 {
        bench.reads.push_back(burst(0, index * 4096, 128));
    }
    bench.finish();
    let clocks: Vec<u64> = bench.read_beats.iter().map(|(clock, _)| *clock).collect();
    assert_eq!(clocks[511] - clocks[0], 511, "back to back");
}

/// A slave at rest is not driven: nobody may see it.
#[test]
fn a_pause_changes_nothing() {
    let timing = Timing {
        latency: 5,
        jitter: 40,
        ..Timing::IDEAL
    };
    let answers = |pause: u64, idle_gap: u8| -> Vec<u64> {
        let mut bench = Bench::new(Timing { idle_gap, ..timing }, false, 3);
        let begun: Vec<u64> = (0..40)
            .map(|index| {
                (0..pause).for_each(|_| bench.step());
                bench.reads.push_back(burst(index % 8, 0, 1));
                bench.write(burst(index % 8, 4096, 1), 1);
                let begun = bench.clock;
                bench.finish();
                begun
            })
            .collect();
        let reads = bench.read_beats.iter().map(|(clock, _)| *clock);
        let writes = bench.responses.iter().map(|(clock, ..)| *clock);
        let both = reads.zip(&begun).chain(writes.zip(&begun));
        both.map(|(clock, begun)| clock - begun).collect()
    };
    for idle_gap in [0, 120] {
        // Two clocks: until the slave is ready at first.
        let wanted = answers(2, idle_gap);
        for pause in [3, 4, 7, 100] {
            assert_eq!(answers(pause, idle_gap), wanted, "{pause} clocks");
        }
    }

    // What bandwidth is left over grows in the pause: two beats.
    let slow = Timing {
        beats_per_256: 64,
        ..Timing::IDEAL
    };
    let mut bench = Bench::new(slow, false, 1);
    for _ in 0..4 {
        (0..12).for_each(|_| bench.step());
        bench.reads.push_back(burst(0, 0, 2));
        bench.write(burst(0, 0, 2), 1);
        bench.finish();
        let [.., (before, _), (last, _)] = bench.read_beats[..] else {
            panic!("two beats");
        };
        assert_eq!(last - before, 1, "back to back");
    }

    // Readies that come and go do so without any traffic.
    let pressed = Timing {
        back_pressure: 128,
        ..Timing::IDEAL
    };
    let mut bench = Bench::new(pressed, false, 1);
    let mut ready = 0;
    for _ in 0..1000 {
        bench.step();
        ready += u32::from(bench.wires.ar_ready);
    }
    assert!((400..600).contains(&ready), "{ready} of 1000 clocks");
}

#[test]
fn strobes_narrow_beats_and_early_data() {
    let mut bench = Bench::new(Timing::IDEAL, false, 1);
    bench.memory.write(0, &[0x11; 128]).expect("write");
    // Bytes 3 to 5 of the second beat only.
    bench.writes.push_back(burst(0, 0, 2));
    bench.data.push_back(WriteBeat {
        strobe: 0,
        ..beat(1, 0, false)
    });
    bench.data.push_back(WriteBeat {
        strobe: 0b11_1000,
        ..beat(1, 1, true)
    });
    bench.finish();
    let mut wanted = vec![0x11; 128];
    wanted[35..38].copy_from_slice(&data_bytes(1, 2)[35..38]);
    assert_eq!(bench.bytes(0, 128), wanted);

    // Two beats of 8 bytes at byte 72: lanes 8 to 15, then 16 to 23.
    let narrow = Address {
        size: 3,
        ..burst(2, 72, 2)
    };
    bench.reads.push_back(narrow);
    bench.finish();
    let lanes: Vec<u64> = bench
        .read_beats
        .iter()
        .enumerate()
        .map(|(index, (_, beat))| beat.data[index + 1])
        .collect();
    assert_eq!(lanes, [0x1111_1111_1111_1111; 2]);
    assert_eq!(bench.read_beats[0].1.data[0], 0xa5a5_a5a5_a5a5_a5a5);
    bench.writes.push_back(narrow);
    for (index, shift) in [(0, 8), (1, 16)] {
        bench.data.push_back(WriteBeat {
            strobe: 0xff << shift,
            ..beat(4, index, index == 1)
        });
    }
    bench.finish();
    let source = data_bytes(4, 2);
    assert_eq!(bench.bytes(72, 8), source[8..16]);
    assert_eq!(bench.bytes(80, 8), source[32 + 16..32 + 24]);

    // Data before its address.
    for index in 0..3 {
        bench.data.push_back(beat(6, index, index == 2));
    }
    for _ in 0..10 {
        bench.step();
    }
    assert!(bench.data.is_empty());
    bench.writes.push_back(burst(0, 4096, 3));
    bench.finish();
    assert_eq!(bench.bytes(4096, 96), data_bytes(6, 3));
    assert_eq!(bench.rules(), [""; 0]);
}

/// Memory ends at 16 MiB: the first, a middle and the last beat of a burst beyond or before it.
#[test]
fn faults_come_back_beat_by_beat() {
    struct Hole(std::ops::Range<u64>, goldilane_sim::axi::PageMemory);
    impl Memory for Hole {
        fn read(
            &mut self,
            address: u64,
            data: &mut [u8],
        ) -> Result<(), goldilane_sim::axi::MemoryFault> {
            if address < self.0.end && address + data.len() as u64 > self.0.start {
                return Err(goldilane_sim::axi::MemoryFault { address });
            }
            self.1.read(address, data)
        }
        fn write(
            &mut self,
            address: u64,
            data: &[u8],
        ) -> Result<(), goldilane_sim::axi::MemoryFault> {
            if address < self.0.end && address + data.len() as u64 > self.0.start {
                return Err(goldilane_sim::axi::MemoryFault { address });
            }
            self.1.write(address, data)
        }
    }
    for bad in [0u64, 5, 7] {
        let mut hole = Hole(
            bad * 32..bad * 32 + 32,
            goldilane_sim::axi::PageMemory::new(1 << 20),
        );
        for posted in [false, true] {
            let mut bench = Bench::new(Timing::IDEAL, posted, 1);
            bench.write(burst(3, 0, 8), 2);
            bench.reads.push_back(burst(1, 4096, 1));
            for _ in 0..40 {
                bench.step_with(false);
                bench.slave.work(&mut hole, bench.clock);
            }
            bench.reads.push_back(burst(3, 0, 8));
            for _ in 0..40 {
                bench.step_with(false);
                bench.slave.work(&mut hole, bench.clock);
            }
            let wanted = if posted {
                Response::Okay
            } else {
                Response::SlaveError
            };
            assert_eq!(bench.responses.len(), 1);
            assert_eq!(bench.responses[0].2, wanted);
            let beats: Vec<_> = bench.read_beats[1..].iter().map(|(_, b)| *b).collect();
            assert_eq!(beats.len(), 8);
            for (index, got) in beats.iter().enumerate() {
                let fault = index as u64 == bad;
                assert_eq!(got.response == Response::SlaveError, fault, "beat {index}");
                if !fault {
                    assert_eq!(got.data, beat(2, index, false).data);
                }
            }
            let activity = bench.slave.activity();
            assert_eq!((activity.read_faults, activity.write_faults), (1, 1));
        }
    }
}

#[test]
fn posted_writes_answer_before_their_effect_and_keep_their_order() {
    let timing = Timing {
        latency: 100,
        jitter: 50,
        reorder: true,
        ..Timing::IDEAL
    };
    let mut bench = Bench::new(timing, true, 4);
    for index in 0..8u64 {
        bench.write(burst(index as u32, 0, 1), index);
    }
    let mark_before = bench.slave.mark();
    for _ in 0..20 {
        bench.step();
    }
    assert_eq!(bench.responses.len(), 8, "answered early");
    assert_eq!(bench.bytes(0, 32), [0; 32], "no effect yet");
    let mark = bench.slave.mark();
    assert!(bench.slave.has_passed(mark_before) && !bench.slave.has_passed(mark));
    // A read does not pass the writes before it.
    bench.reads.push_back(burst(0, 0, 1));
    bench.finish();
    assert!(bench.slave.has_passed(mark));
    assert_eq!(bench.bytes(0, 32), data_bytes(7, 1), "the last one stays");
    assert_eq!(bench.read_beats[0].1.data, beat(7, 0, true).data);
}

#[test]
fn out_of_reach_memory_holds_everything_back() {
    let mut bench = Bench::new(Timing::IDEAL, false, 1);
    bench.write(burst(0, 0, 2), 1);
    bench.reads.push_back(burst(1, 4096, 1));
    for _ in 0..50 {
        bench.step_with(false);
    }
    assert!(bench.responses.is_empty() && bench.read_beats.is_empty());
    assert!(!bench.slave.is_idle());
    bench.finish();
    assert_eq!((bench.responses.len(), bench.read_beats.len()), (1, 1));
}

#[test]
fn a_reset_forgets_what_is_under_way() {
    let timing = Timing {
        latency: 30,
        ..Timing::IDEAL
    };
    let mut bench = Bench::new(timing, false, 1);
    bench.write(burst(0, 0, 2), 1);
    bench.reads.push_back(burst(1, 4096, 4));
    for _ in 0..10 {
        bench.step();
    }
    assert!(!bench.slave.is_idle());
    bench.slave.reset(&mut bench.wires);
    assert!(bench.slave.is_idle() && !bench.wires.ar_ready);
    bench.reads.push_back(burst(2, 0, 1));
    bench.finish();
    assert_eq!(bench.read_beats.len(), 1);
    assert_eq!(bench.bytes(0, 32), [0; 32]);
}

/// Runs wires by hand against a slave that is never ready in the first clock; returns what was reported.
fn planted(clocks: &[(Option<Address>, Option<Address>, Option<WriteBeat>)]) -> Vec<String> {
    let mut bench = Bench::new(Timing::IDEAL, false, 1);
    for (clock, (ar, aw, w)) in clocks.iter().enumerate() {
        bench.wires.ar = *ar;
        bench.wires.aw = *aw;
        bench.wires.w = *w;
        if clock != 0 {
            bench.slave.drive(&mut bench.wires);
        }
        bench.slave.sample(&bench.wires, clock as u64);
        bench.slave.work(&mut bench.memory, clock as u64);
    }
    bench.rules()
}

#[test]
fn every_assertion_fires_on_a_planted_error() {
    let good = burst(1, 64, 2);
    let nothing = (None, None, None);
    let read = |address: Address| (Some(address), None, None);
    let write = |address: Option<Address>, beat: Option<WriteBeat>| (None, address, beat);
    let last = beat(0, 1, true);
    let more = beat(0, 0, false);
    let cases = [
        (vec![read(good), read(good)], ""),
        (
            vec![read(good), nothing],
            "m_axi_test AR at clock 1: valid fell before ready came",
        ),
        (
            vec![write(Some(good), None), nothing],
            "m_axi_test AW at clock 1: valid fell before ready came",
        ),
        (
            vec![write(None, Some(more)), nothing],
            "m_axi_test W at clock 1: valid fell before ready came",
        ),
        (
            vec![read(good), read(burst(1, 96, 2))],
            "m_axi_test AR at clock 1: the payload changed while valid waited for ready",
        ),
        (
            vec![write(None, Some(more)), write(None, Some(last))],
            "m_axi_test W at clock 1: the payload changed while valid waited for ready",
        ),
        (
            vec![nothing, read(burst(1, 72, 1))],
            "m_axi_test AR at clock 1: address 0x48 is no multiple of the beat's 32 bytes",
        ),
        (
            vec![nothing, write(Some(burst(1, 4096 - 32, 2)), None)],
            "m_axi_test AW at clock 1: the burst of 64 bytes from 0xfe0 crosses 4 KiB",
        ),
        (
            vec![nothing, read(Address { size: 6, ..good })],
            "m_axi_test AR at clock 1: beats of 2^6 bytes on a bus of 32 bytes",
        ),
        (
            vec![nothing, read(Address { burst: 0, ..good })],
            "m_axi_test AR at clock 1: burst kind 0: only incrementing bursts are used",
        ),
        (
            vec![nothing, read(Address { id: 8, ..good })],
            "m_axi_test AR at clock 1: id 8 on a bus of 8 ids",
        ),
        (
            vec![nothing, write(Some(good), None), write(None, Some(last))],
            "m_axi_test W at clock 2: last at beat 0 of a burst of 2",
        ),
        (
            vec![
                nothing,
                write(Some(good), Some(more)),
                write(None, Some(more)),
            ],
            "m_axi_test W at clock 2: no last at the end of a burst of 2 beats",
        ),
        (
            vec![
                nothing,
                write(None, Some(more)),
                write(None, Some(last)),
                write(Some(burst(0, 0, 1)), None),
            ],
            "m_axi_test W at clock 3: no last at the end of a burst of 1 beats",
        ),
        (
            vec![
                nothing,
                write(
                    Some(Address {
                        size: 3,
                        ..burst(0, 0, 1)
                    }),
                    Some(WriteBeat {
                        strobe: 0x1ff,
                        ..last
                    }),
                ),
            ],
            "m_axi_test W at clock 1: byte enables 0x1ff outside the beat's lanes 0xff",
        ),
    ];
    for (clocks, wanted) in cases {
        let got = planted(&clocks);
        if wanted.is_empty() {
            assert_eq!(got, [""; 0]);
        } else {
            assert!(got.iter().any(|text| text == wanted), "{wanted}: {got:?}");
        }
    }
}
