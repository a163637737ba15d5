//! `tb_external_product`: digits, key rows and expected words of one external product.

use super::image::image;
use super::material::Material;
use super::template::{connections, fill};
use super::{Part, TestbenchError};
use crate::bootstrap::core::transform_config;
use crate::config::Configuration;
use crate::ntt::{external_product, feed_row};
use goldilane_abi::layout::digit_shift;
use goldilane_golden_model::decompose::{next_digit, round_and_fold};
use goldilane_golden_model::external_product::{Workspace, add_external_product};

/// Clocks beyond latency and rows after which the run is a failure.
const SLACK: usize = 64;

/// Builds the module and its images.
pub fn testbench(
    configuration: &Configuration,
    material: &Material,
) -> Result<Part, TestbenchError> {
    let shape = &configuration.shape;
    let config = transform_config(shape, configuration.multiplier);
    let made = external_product(&config)?;
    let module = made.block.module();
    let (rows, lanes) = (config.rows(), config.lanes());
    let size = rows * lanes;
    let pbs = material.parameters().pbs;
    let outputs = shape.glwe_dimension as usize + 1;
    let polynomials = outputs * pbs.levels();
    let shift = digit_shift(shape, pbs.base_log() as u32);

    // Row tau of a polynomial: coefficients feed_row(tau) + R L.
    let order: Vec<usize> = (0..rows as u32)
        .flat_map(|tau| {
            let row = feed_row(&config, tau) as usize;
            (0..lanes).map(move |lane| row + rows * lane)
        })
        .collect();
    let mut digits = Vec::with_capacity(polynomials * size);
    for polynomial in material.difference.chunks_exact(size) {
        let mut states: Vec<i64> = order
            .iter()
            .map(|i| round_and_fold(polynomial[*i], pbs))
            .collect();
        for _ in 0..pbs.levels() {
            let level = states.iter_mut().map(|s| next_digit(s, pbs.base_log()));
            digits.extend(level.map(|digit| (digit << shift) as u64));
        }
    }
    let mut product = vec![0; outputs * size];
    add_external_product(
        &mut product,
        &material.difference,
        material.key.ggsw(0)?,
        pbs,
        material.key.transform(),
        &mut Workspace::default(),
    )?;
    let expected = product
        .chunks_exact(size)
        .flat_map(|polynomial| order.iter().map(|i| polynomial[*i]));

    let width = |port: &str| module.port_words(port).iter().sum::<u32>();
    let lane_ports = |port: &str| {
        let (kind, numbers) = port.split_once('_').unwrap_or((port, ""));
        match (kind, numbers.split_once('_')) {
            ("digit" | "word", None) => format!("{kind}[{numbers}]"),
            ("key", Some((c, lane))) => format!("key[{c} * LANES + {lane}]"),
            _ => port.to_owned(),
        }
    };
    let limit = 64 + polynomials * rows + made.latency as usize + outputs * rows + SLACK;
    let text = fill(
        include_str!("tb_external_product.sv"),
        &[
            ("LANES", lanes.to_string()),
            ("ROWS", rows.to_string()),
            ("OUTPUTS", outputs.to_string()),
            ("POLYNOMIALS", polynomials.to_string()),
            ("DIGIT_BITS", config.digit_bits.to_string()),
            ("INDEX_BITS", width("key_index").to_string()),
            ("POLY_BITS", width("out_poly").to_string()),
            ("ROW_BITS", width("out_row").to_string()),
            ("KEY_LEAD", config.key_lead.to_string()),
            ("LIMIT", limit.to_string()),
            ("CONNECTIONS", connections(module, lane_ports)),
        ],
    );
    Ok(Part {
        text,
        images: vec![
            image("tb_product_digits.hex", config.digit_bits, digits),
            image("tb_product_key.hex", 64, material.ggsw(0)?),
            image("tb_product_expected.hex", 64, expected),
        ],
    })
}
