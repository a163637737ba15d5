//! FIFO, skid buffer and CRC against plain definitions, with idle gaps and back-pressure.

use goldilane_abi::crc32c as crc_of;
use goldilane_hdl::cells::{self, counters, fifo, skid};
use goldilane_hdl::netlist::{Builder, Module, RamStyle, Sim};
use std::sync::Arc;

struct Random(u64);
impl Random {
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: u64) -> u64 {
        self.word() % n
    }
}

/// Sends `count` words through a valid/ready stream; `gaps` and `stalls` out of 4 clocks are idle.
/// Returns the clocks it took.
fn stream(module: &Arc<Module>, words: usize, gaps: u64, stalls: u64, count: usize) -> usize {
    let mut sim = Sim::new(module);
    let mut random = Random(7 + gaps + 10 * stalls);
    let item = |i: usize| -> Vec<u128> {
        (0..words)
            .map(|w| ((i as u128 + 1) * 0x1_0001_0001 + w as u128) & 0xffff_ffff)
            .collect()
    };
    sim.set("rst", 1);
    sim.clock();
    sim.set("rst", 0);
    let (mut sent, mut received) = (0, 0);
    let (mut offered, mut was) = (false, None);
    for clock in 0..count * 40 + 100 {
        offered = offered || (sent < count && random.below(4) >= gaps);
        sim.set("in_valid", offered.into());
        sim.set_words(
            "in_data",
            &if offered { item(sent) } else { vec![0; words] },
        );
        let ready = random.below(4) >= stalls;
        sim.set("out_ready", ready.into());
        let taken = offered && sim.get("in_ready") == 1;
        if sim.get("out_valid") == 1 {
            let out = sim.get_words("out_data");
            assert_eq!(out, item(received), "word {received}");
            if let Some(before) = was.take() {
                assert_eq!(out, before, "the payload moved while it waited");
            }
            if ready {
                received += 1;
            } else {
                was = Some(out);
            }
        } else {
            assert!(was.is_none(), "valid fell before it was taken");
        }
        sim.clock();
        if taken {
            sent += 1;
            offered = false;
        }
        if received == count {
            return clock + 1;
        }
    }
    panic!("{received} of {count} words came out");
}

#[test]
fn queues_keep_order_and_payload() {
    let modules = [
        (skid("skid_32x3", 3, 32).unwrap(), 3, 1),
        (
            fifo("fifo_8x2", 8, 2, 32, RamStyle::Lut).unwrap(),
            2,
            fifo::LATENCY,
        ),
        (
            fifo("fifo_64x1", 64, 1, 32, RamStyle::Auto).unwrap(),
            1,
            fifo::LATENCY,
        ),
    ];
    for (module, words, latency) in &modules {
        assert_eq!(module.depth_violations(), []);
        for gaps in [0, 2, 3] {
            for stalls in [0, 2, 3] {
                let clocks = stream(module, *words, gaps, stalls, 300);
                if gaps == 0 && stalls == 0 {
                    // One clock after reset opens the input of the FIFO.
                    assert!(clocks <= 300 + latency + 2, "{}: {clocks}", module.name());
                }
            }
        }
    }
}

#[test]
fn a_fifo_takes_all_but_its_slack_without_a_reader() {
    for depth in [8, 16, 64] {
        let module = fifo("fifo", depth, 1, 8, RamStyle::Auto).unwrap();
        let mut sim = Sim::new(&module);
        sim.set("in_valid", 1);
        sim.set("out_ready", 0);
        let mut taken = 0;
        for _ in 0..2 * depth {
            taken += sim.get("in_ready");
            sim.clock();
        }
        let taken = taken as usize;
        assert!(
            (depth - fifo::SLACK..depth).contains(&taken),
            "{depth}: {taken}"
        );
    }
}

#[test]
fn crc_is_the_definition_for_every_length() {
    for words in [1, 2, 4, 8, 16] {
        let module = cells::crc32c("crc", words).unwrap();
        assert_eq!(module.depth_violations(), []);
        let mut sim = Sim::new(&module);
        let mut random = Random(words as u64);
        for length in (1..=3 * words).chain([1, 1]) {
            let data: Vec<u64> = (0..length).map(|_| random.word()).collect();
            let bytes: Vec<u8> = data.iter().flat_map(|w| w.to_le_bytes()).collect();
            let beats = length.div_ceil(words);
            for beat in 0..beats {
                if random.below(2) == 0 {
                    sim.set("in_valid", 0);
                    sim.clock();
                }
                // What stands behind the end must not matter.
                let at = |i: usize| data.get(beat * words + i).copied().unwrap_or(0x55);
                sim.set("in_valid", 1);
                sim.set("in_first", (beat == 0).into());
                sim.set("in_last", (beat + 1 == beats).into());
                if words > 1 {
                    sim.set("in_words", (length % words) as u128);
                }
                let beat: Vec<u128> = (0..words).map(|i| at(i).into()).collect();
                sim.set_words("in_data", &beat);
                sim.clock();
            }
            sim.set("in_valid", 0);
            let mut clocks = 1;
            while sim.get("crc_valid") == 0 {
                sim.clock();
                clocks += 1;
                assert!(clocks < 100, "no CRC");
            }
            assert_eq!(
                sim.get("crc"),
                u128::from(crc_of(&bytes)),
                "{words} {length}"
            );
            let zeros = (words - length % words) % words;
            assert_eq!(clocks, cells::crc32c::latency(words) + zeros);
            sim.clock();
            assert_eq!(sim.get("crc_valid"), 0, "one clock long");
        }
    }
}

#[test]
fn counters_flags_and_walks() {
    let b = Builder::new("cells", "Counters, a flag, an OR tree and a walk.");
    let (go, stop) = (b.input("go", 1), b.input("stop", 1));
    b.output("count", counters::counter(&b, "count", 4, go, stop));
    b.output(
        "cleared",
        counters::counter_clear(&b, "cleared", 4, go, stop),
    );
    b.output("flag", counters::flag(&b, "flag", go, stop));
    b.output("rise", b.reg(counters::rise(&b, "before", go)));
    let bits: Vec<_> = b
        .input_words("bits", 3, 64)
        .iter()
        .flat_map(|w| (0..64).map(|i| w.bit(i)).collect::<Vec<_>>())
        .collect();
    let (or, clocks) = counters::or_tree(&b, &bits);
    b.output("any_bit", or);
    let walk = cells::walk(&b, b.input("clear", 1), 5);
    b.output("address", walk.address);
    b.output("busy", walk.busy);
    let module = b.finish().unwrap();
    assert_eq!(module.depth_violations(), []);
    let mut sim = Sim::new(&module);
    for _ in 0..3 {
        sim.set("go", 1);
        sim.clock();
    }
    assert_eq!(
        (sim.get("count"), sim.get("cleared"), sim.get("flag")),
        (3, 3, 1)
    );
    sim.set("stop", 1);
    sim.clock();
    assert_eq!(
        (sim.get("count"), sim.get("cleared"), sim.get("flag")),
        (0, 0, 1)
    );
    sim.set("go", 0);
    sim.clock();
    assert_eq!(
        (sim.get("count"), sim.get("cleared"), sim.get("flag")),
        (0, 0, 0)
    );
    assert_eq!(clocks, 2);
    sim.set_words("bits", &[0, 0, 1 << 63]);
    sim.clock();
    assert_eq!(sim.get("any_bit"), 0);
    sim.clock();
    assert_eq!(sim.get("any_bit"), 1);
    for _ in 0..2 {
        sim.set("clear", 1);
        sim.clock();
        for i in 0..5 {
            assert_eq!((sim.get("busy"), sim.get("address")), (1, i));
            sim.clock();
        }
        for _ in 0..5 {
            assert_eq!(sim.get("busy"), 0);
            sim.clock();
        }
        sim.set("clear", 0);
        sim.clock();
    }
}
