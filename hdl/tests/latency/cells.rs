//! Queues and joins.

use crate::{after_reset, clocks_until};
use goldilane_hdl::cells::{fifo, join, skid};
use goldilane_hdl::netlist::{Builder, RamStyle};

#[test]
fn a_word_passes_an_empty_queue_in_its_latency() {
    for (module, latency) in [
        (skid("skid", 3, 32), skid::LATENCY),
        (fifo("fifo_8", 8, 1, 32, RamStyle::Lut), fifo::LATENCY),
        (fifo("fifo_64", 64, 2, 32, RamStyle::Auto), fifo::LATENCY),
    ] {
        let module = module.expect("builds");
        let mut sim = after_reset(&module);
        sim.clock();
        assert_eq!(sim.get("in_ready"), 1);
        sim.set("in_valid", 1);
        assert_eq!(sim.get("out_valid"), 0);
        sim.clock();
        sim.set("in_valid", 0);
        assert_eq!(
            1 + clocks_until(&mut sim, "out_valid"),
            latency,
            "{}",
            module.name()
        );
    }
}

#[test]
fn a_join_takes_a_clock_a_layer() {
    for senders in [1, 2, 6, 7, 32, 36, 37] {
        let b = Builder::new("joined", "A join of senders.");
        let all: Vec<_> = (0..senders)
            .map(|i| b.input(&format!("event_{i}"), 1))
            .collect();
        b.output("joined", join::join(&b, "events", 4, &all));
        let module = b.finish().expect("builds");
        let mut sim = after_reset(&module);
        // All but the last one long before.
        for i in 1..senders {
            sim.set(&format!("event_{i}"), 1);
        }
        sim.clock();
        for i in 1..senders {
            sim.set(&format!("event_{i}"), 0);
        }
        for _ in 0..4 {
            sim.clock();
            assert_eq!(sim.get("joined"), 0);
        }
        sim.set("event_0", 1);
        let found = if sim.get("joined") == 1 {
            0
        } else {
            sim.clock();
            sim.set("event_0", 0);
            1 + clocks_until(&mut sim, "joined")
        };
        assert_eq!(found, join::latency(senders), "{senders} senders");
    }
}
