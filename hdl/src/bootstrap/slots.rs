//! How many ciphertexts a batch must have: so many that the pipeline is full, and that the keys of the next step come in
//! the time of this one. One fetch of a GGSW and a column serves all of them.

use super::Geometry;
use super::core::step_latency;
use super::key_stream::{Piece, Sizes};
use super::key_stream_lines::OPEN_LATENCY;
use goldilane_abi::Shape;

/// Beats in 256 clocks of a port that never pauses.
pub const FULL_RATE: usize = 256;

/// A step of blind rotation, in clocks, and what follows for the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// External product of one ciphertext, multipliers busy.
    pub product: usize,
    /// From a lone ciphertext's step to its next one, its keys at hand.
    pub latency: usize,
    /// GGSW and column of a step out of board memory.
    pub delivery: usize,
}

impl Step {
    /// The step of a core of this shape, whose external product has the latency `product_latency`, under a key of
    /// `pbs_levels` and `ks_levels`, with ports that bring `beats_per_256` beats in [`FULL_RATE`] clocks.
    ///
    /// A piece is as long under way as its lines need from memory, or as its chunks need into the buffers behind the clocks in
    /// which the distributor makes it ready, whichever is more; its CRC line comes with it. The latency of memory is not in
    /// it: pieces are asked for ahead.
    pub fn new(
        shape: Shape,
        product_latency: usize,
        (pbs_levels, ks_levels): (usize, usize),
        beats_per_256: usize,
    ) -> Self {
        let sizes = Sizes { shape };
        let delivery = |piece, levels| {
            let lines = sizes.lines(piece, levels) + 1;
            (lines * FULL_RATE)
                .div_ceil(beats_per_256)
                .max(OPEN_LATENCY + sizes.chunks(piece, levels))
        };
        Self {
            product: sizes.ggsw_rows(pbs_levels),
            latency: step_latency(&Geometry::new(shape), pbs_levels as u32, product_latency),
            delivery: delivery(Piece::Ggsw, pbs_levels) + delivery(Piece::Column, ks_levels),
        }
    }

    /// From a lone ciphertext's step to its next one, if its keys may be the slower.
    pub fn alone(&self) -> usize {
        self.latency.max(self.delivery)
    }

    /// Ciphertexts that fill the pipeline.
    pub fn slots_for_latency(&self) -> usize {
        self.latency.div_ceil(self.product)
    }

    /// Ciphertexts that hide the delivery of the keys: one, where a lone one's step takes longer.
    pub fn slots_for_keys(&self) -> usize {
        if self.delivery <= self.latency {
            return 1;
        }
        self.delivery.div_ceil(self.product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 64 KiB and 32 KiB over 128 bytes a clock, each with its CRC line, at nine tenths of the rate.
    #[test]
    fn delivery_by_hand() {
        let step = Step::new(Shape::SIM, 800, (1, 4), 230);
        let lines = |lines: usize| (lines * 256).div_ceil(230);
        assert_eq!(step.delivery, lines(513) + lines(257));
        assert_eq!(step.product, 512);
        assert_eq!(step.slots_for_keys(), 1);
        assert_eq!(step.alone(), step.latency);
        let narrow = Shape {
            memory_ports: 1,
            memory_port_bits: 256,
            ..Shape::SIM
        };
        let step = Step::new(narrow, 800, (1, 4), 230);
        assert_eq!(step.delivery, lines(2049) + lines(1025));
        assert_eq!(step.slots_for_keys(), 7);
        assert_eq!(step.alone(), step.delivery);
    }

    /// Memory could bring a line a clock, the GGSW buffer takes half a line a clock.
    #[test]
    fn a_buffer_narrower_than_memory_decides() {
        let wide = Shape {
            memory_ports: 4,
            ..Shape::SIM
        };
        let step = Step::new(wide, 800, (1, 4), FULL_RATE);
        assert_eq!(step.delivery, 6 + 512 + 6 + 256);
    }
}
