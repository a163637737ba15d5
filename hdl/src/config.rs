//! Configurations: a name that comes with the project, or a TOML file of one's own.
//!
//! A file names the numbers of [`Shape`] in snake case; what it leaves out comes from `base` (a named configuration,
//! `sim` where there is none). `multiplier` is `tiles`, `tiles_18`, `karatsuba`,
//! `three_way` or `plain` ([`Multiplier`]). `name` becomes part of the top module's
//! name; without it the file's name does.
//!
//! ```toml
//! base = "sim"
//! lanes = 16
//! key_switch_products = 64
//! ```

use crate::arith::tile_mul::Multiplier;
use goldilane_abi::shape::CONFIGURATION_NAMES;
use goldilane_abi::{MAX_KS_LEVELS, MemoryMap, Shape, ShapeError, layout};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A shape with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// Part of the top module's name: lower-case letters, digits, underscores.
    pub name: String,
    /// The numbers.
    pub shape: Shape,
    /// Form of the full multipliers.
    pub multiplier: Multiplier,
}

/// Why there is no such configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    /// Neither a name nor a file.
    #[error(
        "configuration {name:?}: neither one of {} nor a file",
        CONFIGURATION_NAMES.join(", ")
    )]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// The file cannot be read.
    #[error("read configuration {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("configuration {}: {source}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// The base is no named configuration.
    #[error("configuration {}: unknown base {base:?}", path.display())]
    Base {
        /// The file.
        path: PathBuf,
        /// What it names.
        base: String,
    },
    /// The name cannot be part of a module's name.
    #[error(
        "configuration name {name:?}: lower-case letters, digits and underscores only, a letter first"
    )]
    Name {
        /// The name.
        name: String,
    },
    /// The numbers contradict one another.
    #[error("configuration {name}: {source}")]
    Shape {
        /// Its name.
        name: String,
        /// The rule that is broken.
        source: ShapeError,
    },
}

/// A configuration file: the numbers of [`Shape`], all optional.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    base: Option<String>,
    lanes: Option<u32>,
    polynomial_size: Option<u32>,
    glwe_dimension: Option<u32>,
    max_pbs_levels: Option<u32>,
    max_pbs_base_log: Option<u32>,
    slots: Option<u32>,
    max_lwe_dimension: Option<u32>,
    key_switch_products: Option<u32>,
    key_slots: Option<u32>,
    lut_slots: Option<u32>,
    queue_pairs: Option<u32>,
    host_bus_bits: Option<u32>,
    memory_ports: Option<u32>,
    memory_port_bits: Option<u32>,
    multiplier: Option<Multiplier>,
}

impl File {
    fn over(&self, base: Shape) -> Shape {
        Shape {
            lanes: self.lanes.unwrap_or(base.lanes),
            polynomial_size: self.polynomial_size.unwrap_or(base.polynomial_size),
            glwe_dimension: self.glwe_dimension.unwrap_or(base.glwe_dimension),
            max_pbs_levels: self.max_pbs_levels.unwrap_or(base.max_pbs_levels),
            max_pbs_base_log: self.max_pbs_base_log.unwrap_or(base.max_pbs_base_log),
            slots: self.slots.unwrap_or(base.slots),
            max_lwe_dimension: self.max_lwe_dimension.unwrap_or(base.max_lwe_dimension),
            key_switch_products: self.key_switch_products.unwrap_or(base.key_switch_products),
            key_slots: self.key_slots.unwrap_or(base.key_slots),
            lut_slots: self.lut_slots.unwrap_or(base.lut_slots),
            queue_pairs: self.queue_pairs.unwrap_or(base.queue_pairs),
            host_bus_bits: self.host_bus_bits.unwrap_or(base.host_bus_bits),
            memory_ports: self.memory_ports.unwrap_or(base.memory_ports),
            memory_port_bits: self.memory_port_bits.unwrap_or(base.memory_port_bits),
        }
    }
}

/// Rules of the hardware beyond those of [`Shape::check`].
fn check_hardware(shape: &Shape) -> Result<(), ShapeError> {
    let rule = |good: bool, field, value, rule| {
        if good {
            Ok(())
        } else {
            Err(ShapeError { field, value, rule })
        }
    };
    let beat = shape.host_bus_bits.min(512);
    let line = shape.memory_ports * shape.memory_port_bits;
    rule(
        line >= beat,
        "memory_port_bits",
        shape.memory_port_bits,
        "so wide that all ports together hold a beat of the host bus (of at most 512 bits)",
    )?;
    rule(
        shape.line_bytes() <= layout::ggsw_bytes(shape, 1)
            && shape.line_bytes() <= layout::lut_bytes(shape, true)
            && shape.line_bytes() <= layout::ksk_column_bytes(shape, 1),
        "memory_port_bits",
        shape.memory_port_bits,
        "so narrow that a column, a GGSW and a polynomial fill whole lines",
    )?;
    let map = MemoryMap::new(shape);
    rule(
        map.slot_lines < 1 << 24,
        "max_lwe_dimension",
        shape.max_lwe_dimension,
        "so small that a key slot has fewer than 2^24 lines of board memory",
    )?;
    rule(
        map.total_lines * (shape.port_bytes() as u64) <= 1 << 40 && map.total_lines < 1 << 32,
        "key_slots",
        shape.key_slots,
        "so few that a port of board memory has at most 2^40 bytes and 2^32 lines",
    )?;
    const { assert!(MAX_KS_LEVELS == 8, "a run of lines is counted in 16 bits") };
    rule(
        map.ggsw_stride.max(map.ksk_stride) < 1 << 16,
        "polynomial_size",
        shape.polynomial_size,
        "so small that a key piece has fewer than 2^16 lines of board memory",
    )
}

impl Configuration {
    /// The configuration of a name, or of a TOML file.
    ///
    /// # Errors
    /// Unknown names, unreadable or wrong files, shapes that cannot be built: each with what and where.
    pub fn find(name: &str) -> Result<Self, ConfigurationError> {
        if let Some(shape) = Shape::named(name) {
            return Self::new(name, shape, Self::multiplier_of(name));
        }
        let path = Path::new(name);
        if path.extension().is_none_or(|e| e != "toml") && !path.exists() {
            return Err(ConfigurationError::Unknown {
                name: name.to_owned(),
            });
        }
        let text = std::fs::read_to_string(path).map_err(|source| ConfigurationError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(path, &text)
    }

    /// The configuration that a file with this text describes.
    fn parse(path: &Path, text: &str) -> Result<Self, ConfigurationError> {
        let file: File = toml::from_str(text).map_err(|source| ConfigurationError::Parse {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        let base = file.base.as_deref().unwrap_or("sim");
        let shape = Shape::named(base).ok_or_else(|| ConfigurationError::Base {
            path: path.to_owned(),
            base: base.to_owned(),
        })?;
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned());
        let name = file.name.clone().or(stem).unwrap_or_default();
        let multiplier = file.multiplier.unwrap_or(Self::multiplier_of(base));
        Self::new(&name, file.over(shape), multiplier)
    }

    /// The form of a named configuration: `sim` is there to be simulated, `v80` has DSP58s, and the others have more
    /// DSP tiles than they need, so that the form with the fewest LUTs and clocks suits them.
    fn multiplier_of(name: &str) -> Multiplier {
        match name {
            "sim" => Multiplier::Plain,
            "v80" => Multiplier::ThreeWay,
            _ => Multiplier::Tiles,
        }
    }

    /// A configuration of this name, shape and form of multiplier.
    ///
    /// # Errors
    /// A name that no module can have, a shape that cannot be built.
    pub fn new(
        name: &str,
        shape: Shape,
        multiplier: Multiplier,
    ) -> Result<Self, ConfigurationError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) {
            return Err(ConfigurationError::Name {
                name: name.to_owned(),
            });
        }
        shape
            .check()
            .and_then(|()| check_hardware(&shape))
            .map_err(|source| ConfigurationError::Shape {
                name: name.to_owned(),
                source,
            })?;
        Ok(Self {
            name: name.to_owned(),
            shape,
            multiplier,
        })
    }

    /// The configuration as a file: every number, no base needed.
    pub fn to_toml(&self) -> String {
        let s = &self.shape;
        let numbers = [
            ("lanes", s.lanes),
            ("polynomial_size", s.polynomial_size),
            ("glwe_dimension", s.glwe_dimension),
            ("max_pbs_levels", s.max_pbs_levels),
            ("max_pbs_base_log", s.max_pbs_base_log),
            ("slots", s.slots),
            ("max_lwe_dimension", s.max_lwe_dimension),
            ("key_switch_products", s.key_switch_products),
            ("key_slots", s.key_slots),
            ("lut_slots", s.lut_slots),
            ("queue_pairs", s.queue_pairs),
            ("host_bus_bits", s.host_bus_bits),
            ("memory_ports", s.memory_ports),
            ("memory_port_bits", s.memory_port_bits),
        ];
        let lines = numbers.map(|(name, value)| format!("{name} = {value}\n"));
        let (name, form) = (&self.name, self.multiplier.name());
        format!(
            "name = \"{name}\"\n{}multiplier = \"{form}\"\n",
            lines.concat()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Configuration, String> {
        Configuration::parse(Path::new("mine.toml"), text).map_err(|e| e.to_string())
    }

    #[test]
    fn names_and_files() {
        for name in CONFIGURATION_NAMES {
            let found = Configuration::find(name).unwrap();
            assert_eq!(parse(&found.to_toml()), Ok(found));
        }
        let mine = parse("lanes = 16\nkey_switch_products = 64").unwrap();
        let shape = Shape {
            lanes: 16,
            key_switch_products: 64,
            ..Shape::SIM
        };
        assert_eq!((mine.name.as_str(), mine.shape), ("mine", shape));
        for form in Multiplier::ALL {
            let text = format!("multiplier = \"{}\"", form.name());
            assert_eq!(parse(&text).map(|c| c.multiplier), Ok(form));
        }
        let small = parse("name = \"small\"\nbase = \"toy\"\nslots = 1").unwrap();
        assert_eq!((small.name.as_str(), small.shape.slots), ("small", 1));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let says = |text: &str, what: &str| {
            let error = parse(text).unwrap_err();
            assert!(error.contains(what), "{error}");
        };
        says("lanes = 6", "lanes = 6");
        says("lane = 8", "unknown field `lane`");
        says("base = \"huge\"", "unknown base \"huge\"");
        says("name = \"A b\"", "configuration name \"A b\"");
        says(
            "memory_ports = 1\nmemory_port_bits = 64",
            "a beat of the host bus",
        );
        let error = Configuration::find("nonesuch").unwrap_err().to_string();
        assert!(error.contains("toy, sim, artix, u280, v80"), "{error}");
        let error = Configuration::find("nonesuch.toml")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("read configuration nonesuch.toml"),
            "{error}"
        );
    }
}
