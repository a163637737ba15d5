//! Queues and the CRC. A queue has no errors of its own: in their place it is reset while it carries a stream.

use crate::table::{Fault, Held, Pace, Random, after_reset, content, crc_of, every_cell};
use goldilane_hdl::cells::{crc32c, fifo, skid};
use goldilane_hdl::netlist::{RamStyle, Sim};

const COUNT: usize = 60;

/// Sends [`COUNT`] items from `place` on; a reset falls where `fault` says.
fn stream(sim: &mut Sim, random: &mut Random, place: u64, pace: Pace, fault: Fault) {
    let width = sim.get_words("out_data").len();
    let item = |i: usize| -> Vec<u128> {
        let word = |w| u128::from(content(place + (i * width + w) as u64) & 0xffff_ffff);
        (0..width).map(word).collect()
    };
    let mut out = Held::default();
    let (mut sent, mut received, mut offered) = (0, 0, false);
    let mut reset = false;
    for clock in 0.. {
        assert!(clock < 10_000, "{received} of {COUNT} words came out");
        offered = offered || (sent < COUNT && random.offers(pace));
        sim.set("in_valid", offered.into());
        let junk = vec![0x5a5a_5a5a; width];
        sim.set_words("in_data", &if offered { item(sent) } else { junk });
        let ready = random.takes(pace);
        sim.set("out_ready", ready.into());
        if !reset && offered && fault.hits(sent, COUNT) {
            // Everything inside is lost, and nothing of it comes later.
            reset = true;
            sim.set("rst", 1);
            sim.clock();
            sim.set("rst", 0);
            out.forget();
            received = sent;
            sim.set("in_valid", 0);
            assert_eq!(sim.get("out_valid"), 0, "empty after a reset");
            sim.clock();
            continue;
        }
        let accepted = offered && sim.get("in_ready") == 1;
        let valid = sim.get("out_valid") == 1;
        let payload = sim.get_words("out_data");
        if out.look("out", valid, ready, &payload) {
            assert_eq!(payload, item(received), "word {received}");
            received += 1;
        }
        sim.clock();
        if accepted {
            sent += 1;
            offered = false;
        }
        if received == COUNT {
            break;
        }
    }
    sim.set("in_valid", 0);
    sim.set("out_ready", 1);
    for _ in 0..8 {
        assert_eq!(sim.get("out_valid"), 0, "a word too many");
        sim.clock();
    }
}

#[test]
fn queues() {
    for module in [
        skid("skid", 3, 32),
        fifo("fifo_small", 8, 2, 32, RamStyle::Lut),
        fifo("fifo_request", 16, 1, 80, RamStyle::Lut),
        fifo("fifo_port", 32, 4, 64, RamStyle::Auto),
    ] {
        let module = module.expect("builds");
        let mut sim = after_reset(&module);
        let mut random = Random::new(3);
        let mut place = 0;
        every_cell(module.name(), |pace, fault| {
            place += 1000;
            stream(&mut sim, &mut random, place, pace, fault);
        });
    }
}

/// A beat that differs gives another CRC; its neighbours' are right. There is no back-pressure: a stall is a gap.
#[test]
fn crcs() {
    for words in [1, 2, 4, 8, 16] {
        let module = crc32c("crc", words).expect("builds");
        let mut sim = after_reset(&module);
        let mut random = Random::new(5);
        let mut place = 0;
        every_cell(&format!("crc of {words} words"), |pace, fault| {
            for length in [1, words, 3 * words + 1, 7 * words - words / 2] {
                place += 1000;
                let data: Vec<u64> = (0..length).map(|i| content(place + i as u64)).collect();
                let beats = length.div_ceil(words);
                let wrong = fault.beat(beats).map(|beat| beat * words);
                for beat in 0..beats {
                    while !random.offers(pace) || !random.takes(pace) {
                        sim.set("in_valid", 0);
                        sim.set("in_last", 1);
                        sim.clock();
                        assert_eq!(sim.get("crc_valid"), 0, "a CRC before the end");
                    }
                    let at = |i: usize| {
                        let word = data.get(beat * words + i).copied().unwrap_or(0x77);
                        let flip = wrong == Some(beat * words + i);
                        u128::from(word ^ u64::from(flip) << 17)
                    };
                    sim.set("in_valid", 1);
                    sim.set("in_first", (beat == 0).into());
                    sim.set("in_last", (beat + 1 == beats).into());
                    if words > 1 {
                        sim.set("in_words", (length % words) as u128);
                    }
                    let beat: Vec<u128> = (0..words).map(at).collect();
                    sim.set_words("in_data", &beat);
                    sim.clock();
                }
                sim.set("in_valid", 0);
                let mut found = Vec::new();
                for _ in 0..40 {
                    if sim.get("crc_valid") == 1 {
                        found.push(sim.get("crc") as u32);
                    }
                    sim.clock();
                }
                assert_eq!(found.len(), 1, "one CRC a stream");
                let right = found[0] == crc_of(&data);
                assert_eq!(right, fault == Fault::None, "{length} words");
            }
        });
    }
}
