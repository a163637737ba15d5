//! How a memory behaves in time.

/// Times and probabilities of one memory behind an AXI4 bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Clocks from an accepted read address to the earliest data, and from the last write data to the effect.
    pub latency: u32,
    /// Up to this many clocks are added at random, for each burst.
    pub jitter: u32,
    /// Bursts that a slave takes before it holds addresses back, for each direction.
    pub outstanding: usize,
    /// Bandwidth of each direction, in beats in 256 clocks (256: one a clock).
    pub beats_per_256: u16,
    /// Chance in 256 that a ready is low in a clock, for each channel.
    pub back_pressure: u8,
    /// Chance in 256 that a response that could be given is not, in a clock.
    pub idle_gap: u8,
    /// Whether bursts of different ids may overtake one another; never within an id.
    pub reorder: bool,
    /// Whether read beats of different ids may be mixed.
    pub interleave: bool,
}

impl Timing {
    /// Answers in the next clock, always.
    pub const IDEAL: Timing = Timing {
        latency: 0,
        jitter: 0,
        outstanding: 64,
        beats_per_256: 256,
        back_pressure: 0,
        idle_gap: 0,
        reorder: false,
        interleave: false,
    };
    /// Host memory over PCIe: far away, in order.
    pub const PCIE: Timing = Timing {
        latency: 250,
        ..Self::IDEAL
    };
    /// One channel of DDR4.
    pub const DDR4: Timing = Timing {
        latency: 45,
        jitter: 20,
        beats_per_256: 230,
        ..Self::IDEAL
    };
    /// One pseudo-channel of HBM2.
    pub const HBM2: Timing = Timing {
        latency: 60,
        jitter: 10,
        beats_per_256: 240,
        ..Self::IDEAL
    };
    /// One pseudo-channel of HBM2e behind a network on the chip: as fast as its port, but further away.
    pub const HBM2E: Timing = Timing {
        latency: 100,
        jitter: 20,
        ..Self::HBM2
    };
    /// Everything at random: for tests.
    pub const HOSTILE: Timing = Timing {
        latency: 3,
        jitter: 120,
        outstanding: 8,
        beats_per_256: 256,
        back_pressure: 90,
        idle_gap: 90,
        reorder: true,
        interleave: false,
    };

    /// Names of the models that [`Timing::named`] knows.
    pub const NAMES: [&'static str; 6] = ["ideal", "pcie", "ddr4", "hbm2", "hbm2e", "hostile"];

    /// The model of this name.
    pub fn named(name: &str) -> Option<Timing> {
        Some(match name {
            "ideal" => Self::IDEAL,
            "pcie" => Self::PCIE,
            "ddr4" => Self::DDR4,
            "hbm2" => Self::HBM2,
            "hbm2e" => Self::HBM2E,
            "hostile" => Self::HOSTILE,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Timing;

    #[test]
    fn every_name_leads_to_a_model() {
        for name in Timing::NAMES {
            assert!(Timing::named(name).is_some(), "{name}");
        }
        assert_eq!(Timing::named("core"), None);
    }
}
