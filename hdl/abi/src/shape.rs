//! The numbers that a board is generated for, shared by hardware, simulator and driver.

use core::fmt;

/// What is built in. Everything else about a key is a run-time value ([`crate::KeyShape`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Lanes P: coefficients per clock.
    pub lanes: u32,
    /// Polynomial size N.
    pub polynomial_size: u32,
    /// GLWE dimension k.
    pub glwe_dimension: u32,
    /// Largest number of bootstrap levels l.
    pub max_pbs_levels: u32,
    /// Largest bootstrap base, b of B = 2^b.
    pub max_pbs_base_log: u32,
    /// Ciphertext slots S: bootstraps in flight together.
    pub slots: u32,
    /// Largest small LWE dimension n.
    pub max_lwe_dimension: u32,
    /// Digit products of the key switch per clock.
    pub key_switch_products: u32,
    /// Key slots in board memory.
    pub key_slots: u32,
    /// Lookup-table slots in board memory.
    pub lut_slots: u32,
    /// Queue pairs; pair q has interrupt vector q.
    pub queue_pairs: u32,
    /// Width of the data bus towards the host.
    pub host_bus_bits: u32,
    /// Ports towards board memory.
    pub memory_ports: u32,
    /// Width of one of these ports.
    pub memory_port_bits: u32,
}

/// Why a shape cannot be built: the number, its value, the rule it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// Name of the number, as in a configuration file.
    pub field: &'static str,
    /// What it was.
    pub value: u32,
    /// What it must be.
    pub rule: &'static str,
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}: must be {}", self.field, self.value, self.rule)
    }
}

impl core::error::Error for ShapeError {}

/// Names of the configurations that come with the project, smallest first.
pub const CONFIGURATION_NAMES: [&str; 5] = ["toy", "sim", "artix", "u280", "v80"];

impl Shape {
    /// Tests in seconds; not secure.
    pub const TOY: Shape = Shape {
        lanes: 4,
        polynomial_size: 256,
        glwe_dimension: 1,
        max_pbs_levels: 3,
        max_pbs_base_log: 23,
        slots: 3,
        max_lwe_dimension: 1024,
        key_switch_products: 16,
        key_slots: 2,
        lut_slots: 4,
        queue_pairs: 2,
        host_bus_bits: 128,
        memory_ports: 1,
        memory_port_bits: 256,
    };
    /// Full-strength bootstraps in a simulator.
    pub const SIM: Shape = Shape {
        lanes: 8,
        polynomial_size: 2048,
        max_pbs_levels: 1,
        slots: 4,
        key_switch_products: 32,
        lut_slots: 32,
        host_bus_bits: 512,
        memory_ports: 2,
        memory_port_bits: 512,
        ..Self::TOY
    };
    /// Artix-7 200T with one channel of DDR3. The keys over this port ask for more slots than its block RAM should hold.
    pub const ARTIX: Shape = Shape {
        slots: 6,
        host_bus_bits: 128,
        memory_ports: 1,
        memory_port_bits: 256,
        ..Self::SIM
    };
    /// Alveo U280, HBM2.
    pub const U280: Shape = Shape {
        lanes: 128,
        slots: 8,
        key_switch_products: 512,
        key_slots: 4,
        lut_slots: 256,
        queue_pairs: 4,
        host_bus_bits: 512,
        memory_ports: 32,
        memory_port_bits: 256,
        ..Self::SIM
    };
    /// V80, HBM2e.
    pub const V80: Shape = Shape {
        lanes: 256,
        key_switch_products: 1024,
        key_slots: 8,
        queue_pairs: 8,
        host_bus_bits: 1024,
        memory_port_bits: 512,
        ..Self::U280
    };

    /// The configuration of this name.
    pub fn named(name: &str) -> Option<Shape> {
        Some(match name {
            "toy" => Self::TOY,
            "sim" => Self::SIM,
            "artix" => Self::ARTIX,
            "u280" => Self::U280,
            "v80" => Self::V80,
            _ => return None,
        })
    }

    /// Whether the shape can be built; the first rule that is broken.
    pub fn check(&self) -> Result<(), ShapeError> {
        let power = |field, value: u32, low: u32, high: u32, rule| {
            if value.is_power_of_two() && (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(ShapeError { field, value, rule })
            }
        };
        let range = |field, value: u32, low: u32, high: u32, rule| {
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(ShapeError { field, value, rule })
            }
        };
        power("lanes", self.lanes, 4, 256, "a power of two from 4 to 256")?;
        power(
            "polynomial_size",
            self.polynomial_size,
            (4 * self.lanes).max(128),
            4096,
            "a power of two from 128 to 4096, at least four times the lanes",
        )?;
        range("glwe_dimension", self.glwe_dimension, 1, 3, "from 1 to 3")?;
        range("max_pbs_levels", self.max_pbs_levels, 1, 8, "from 1 to 8")?;
        range(
            "max_pbs_base_log",
            self.max_pbs_base_log,
            1,
            23,
            "from 1 to 23",
        )?;
        range("slots", self.slots, 1, 64, "from 1 to 64")?;
        range(
            "max_lwe_dimension",
            self.max_lwe_dimension,
            1,
            1024,
            "from 1 to 1024",
        )?;
        power(
            "key_switch_products",
            self.key_switch_products,
            1,
            self.polynomial_size,
            "a power of two, at most N",
        )?;
        range("key_slots", self.key_slots, 1, 256, "from 1 to 256")?;
        range("lut_slots", self.lut_slots, 1, 4096, "from 1 to 4096")?;
        range("queue_pairs", self.queue_pairs, 2, 16, "from 2 to 16")?;
        power(
            "host_bus_bits",
            self.host_bus_bits,
            128,
            1024,
            "a power of two from 128 to 1024",
        )?;
        power(
            "memory_ports",
            self.memory_ports,
            1,
            32,
            "a power of two from 1 to 32",
        )?;
        power(
            "memory_port_bits",
            self.memory_port_bits,
            64,
            1024,
            "a power of two from 64 to 1024",
        )
    }

    /// Rows R = N / P of one polynomial.
    pub const fn rows(&self) -> u32 {
        self.polynomial_size / self.lanes
    }

    /// Words of a large LWE ciphertext: k N mask words and the body.
    pub const fn ciphertext_words(&self) -> usize {
        (self.glwe_dimension * self.polynomial_size) as usize + 1
    }

    /// Bytes of a large LWE ciphertext.
    pub const fn ciphertext_bytes(&self) -> usize {
        self.ciphertext_words() * 8
    }

    /// Distance between the outputs of one entry: the ciphertext's bytes rounded up to 64.
    pub const fn ciphertext_stride(&self) -> usize {
        self.ciphertext_bytes().next_multiple_of(64)
    }

    /// Words of a GLWE ciphertext.
    pub const fn glwe_words(&self) -> usize {
        ((self.glwe_dimension + 1) * self.polynomial_size) as usize
    }

    /// Bytes of one line of board memory: one word of every port.
    pub const fn line_bytes(&self) -> usize {
        (self.memory_ports * self.memory_port_bits / 8) as usize
    }

    /// Bytes that one port contributes to a line.
    pub const fn port_bytes(&self) -> usize {
        (self.memory_port_bits / 8) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_configurations_are_sound() {
        for name in CONFIGURATION_NAMES {
            let shape = Shape::named(name).expect(name);
            assert_eq!(shape.check(), Ok(()), "{name}");
            assert_eq!(shape.key_switch_products, 4 * shape.lanes, "{name}");
        }
        assert_eq!(Shape::named("nonesuch"), None);
    }

    #[test]
    fn a_broken_rule_is_named() {
        let broken = Shape {
            lanes: 6,
            ..Shape::TOY
        };
        assert_eq!(broken.check().unwrap_err().field, "lanes");
        let broken = Shape {
            polynomial_size: 4,
            ..Shape::TOY
        };
        assert_eq!(broken.check().unwrap_err().field, "polynomial_size");
        let broken = Shape {
            queue_pairs: 1,
            ..Shape::TOY
        };
        let text = alloc::format!("{}", broken.check().unwrap_err());
        assert_eq!(text, "queue_pairs = 1: must be from 2 to 16");
    }
}
