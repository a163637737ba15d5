//! The bootstrap core: a batch of ciphertexts in, their bootstraps out.
//!
//! ```text
//!   line_* -> key_stream -> tables -> bootstrap_front -> digits -> external_product -> results -> bootstrap_front
//!                 |                        |   ^                        ^
//!                 |                        |   +-- rotations            |
//!                 +-- columns -> key_switch ---+                        |
//!                 +-- GGSW rows ----------------------------------------+
//!                                          +-> rows of the last step -> output_store -> result_*
//! ```
//!
//! Ports, all handshakes valid/ready:
//! - batch: `batch_valid`, `batch_ready`, `batch_bank`, `batch_fill`, `batch_steps`, `batch_n`, `batch_ks_base_log`,
//!   `batch_ks_levels`, `batch_pbs_base_log`, `batch_pbs_levels`, `batch_bsk_line`, `batch_ksk_line`, `batch_bsk_crc_line`,
//!   `batch_ksk_crc_line`, `batch_lut_line` (S words of 32); `batch_done` (pulse) with `batch_error` (bit 0 a
//!   checksum, bit 1 parity); `out_release` (pulse) when the results have been read. The next batch may run meanwhile.
//! - input words: `lwe_valid`, `lwe_bank`, `lwe_slot`, `lwe_index`, `lwe_data`.
//! - results: `read_*` asks for a slot's words, which come on `result_*`.
//! - board memory: `line_req_*` asks for runs of lines, which come in order on `line_*`; `line_check_*` ends a run.
//! - `clear` (level): abort, forget, zero all memories; `clear_busy` until done. `core_idle`: no batch.
//! - `count_product_busy`, `count_key_wait`, `count_switch_busy` (a clock each), `count_bootstraps` (with `batch_done`).
//! - `parity_fault`: key rows are stored with wrong parity while 1 (self-test).
//! - `product_fault`: a bit of each external product is wrong while 1 (self-test).

use super::core_front::{core_front, turnaround};
use super::core_wiring::Wiring;
use super::geometry::{BITS_PER_TAKE, Geometry};
use super::key_stream::{GGSW_READ_LATENCY, key_stream};
use super::output_store::{OFFSET_BITS, output_store};
use crate::arith::tile_mul::Multiplier;
use crate::cells::counters::{flag, linger};
use crate::key_switch::{self, key_switch};
use crate::netlist::{Builder, Module, Sig};
use crate::ntt::{ExternalProduct, TransformConfig, external_product};
use crate::pipeline::BuildError;
use goldilane_abi::Shape;
use std::sync::Arc;

/// Registers behind the product of a multiplier tile: DSP blocks have two.
const TILE_REGISTERS: u32 = 2;

/// Clocks that the output store needs to come to rest when its results have been read.
const STORE_RUN_OUT: usize = 15;

/// Clocks in which every block has answered to `clear`.
const CLEAR_ANSWER: usize = 4;

/// The external product's configuration for a shape.
pub fn transform_config(shape: &Shape, multiplier: Multiplier) -> TransformConfig {
    TransformConfig {
        multiplier,
        glwe_dimension: shape.glwe_dimension,
        max_levels: shape.max_pbs_levels,
        digit_bits: shape.max_pbs_base_log + 1,
        tile_registers: TILE_REGISTERS,
        key_lead: GGSW_READ_LATENCY as u32,
        ..TransformConfig::new(shape.polynomial_size.ilog2(), shape.lanes.ilog2())
    }
}

/// Clocks of one step of a lone ciphertext: from its first digits to those of its next step, when no key is waited for.
///
/// `product_latency`: from the last digit polynomial's row 0 to row 0 of the result. Every slot has its turn meanwhile, so
/// ceil(step / ((k+1) l R)) slots keep the external product busy.
pub const fn step_latency(geometry: &Geometry, levels: u32, product_latency: usize) -> usize {
    let rows = geometry.shape.rows() as usize;
    let fed_before = (geometry.polynomials() * levels - 1) as usize * rows;
    fed_before + product_latency + (rows - 1) + turnaround(geometry)
}

/// Clocks after which nothing of an external product can be in the pipeline any more, counted from its start.
fn drain(geometry: &Geometry, product: &ExternalProduct) -> u32 {
    let polynomials = geometry.polynomials();
    let rows = geometry.shape.rows();
    let fed = polynomials * geometry.shape.max_pbs_levels * rows;
    product.latency as u32 + fed + polynomials * rows + 64
}

/// Builds the core.
///
/// # Errors
/// A shape outside the limits of the transform; else none but errors of the generator itself.
pub fn bootstrap_core(shape: &Shape, multiplier: Multiplier) -> Result<Arc<Module>, BuildError> {
    let geometry = Geometry::new(*shape);
    let switch = key_switch::Geometry::new(shape);
    let lanes = geometry.lanes();
    let product = external_product(&transform_config(shape, multiplier))?;
    let b = Builder::new(
        "bootstrap_core",
        "Bootstraps of a batch of ciphertexts: key switch, modulus switch, blind rotation, extraction.",
    );
    let mut nets = Wiring::new(&b);
    for (port, width) in [
        ("clear", 1),
        ("batch_valid", 1),
        ("out_release", 1),
        ("lwe_valid", 1),
        ("lwe_bank", 1),
        ("lwe_slot", geometry.slot_bits()),
        ("lwe_index", switch.index_bits()),
        ("read_valid", 1),
        ("read_slot", geometry.slot_bits()),
        ("read_kind", 2),
        ("read_offset", OFFSET_BITS),
        ("result_ready", 1),
        ("line_req_ready", 1),
        ("line_valid", 1),
        ("line_check_valid", 1),
        ("line_check_error", 1),
        ("parity_fault", 1),
        ("product_fault", 1),
    ] {
        nets.input(port, 1, width);
    }
    nets.input("lwe_data", (shape.host_bus_bits / 64) as usize, 64);
    nets.input("line_data", shape.line_bytes() / 8, 64);
    let takes = nets.read("batch_take", &vec![1; geometry.takes()]);
    let mut bits = 0;
    for (name, port, count, width) in geometry.batch_numbers() {
        let words = b.input_words(port, count, width);
        let held: Vec<Sig> = (words.iter())
            .map(|word| {
                let take = takes[(bits / BITS_PER_TAKE) as usize];
                bits += width;
                b.reg_en(*word, take)
            })
            .collect();
        nets.drive(name, &held);
    }

    // Ports of the same name that are not the same net.
    let busy = |block: &'static str| {
        move |port: &str| match port {
            "clear_busy" => format!("{block}_clear_busy"),
            _ => port.to_owned(),
        }
    };
    nets.instance(&key_stream(shape)?, "u_key_stream", busy("stream"));
    nets.instance(&key_switch(&switch)?, "u_key_switch", busy("switch"));
    let product_instance =
        nets.instance(
            product.block.module(),
            "u_external_product",
            |port| match port {
                "start" | "first" | "last" => format!("digit_{port}"),
                "out_valid" => "product_valid".to_owned(),
                "key_valid" => "ggsw_read".to_owned(),
                "key_index" => "ggsw_row".to_owned(),
                _ => port.to_owned(),
            },
        );
    let front = core_front(&geometry, drain(&geometry, &product))?;
    nets.instance(&front, "u_front", |port| match port {
        "batch_error" | "batch_ready" | "batch_done" => port.to_owned(),
        "result" | "result_valid" => format!("product_{port}"),
        _ => busy("front")(port),
    });
    let store = nets.instance(
        &output_store(&geometry)?,
        "u_output_store",
        |port| match port {
            "read_ready" => "store_ready".to_owned(),
            _ => busy("store")(port),
        },
    );

    // Lane by lane: digits in, GGSW words in, words out; the sum wants them a clock behind their announcement.
    let digits = nets.read("digit", &vec![geometry.digit_bits(); lanes]);
    let outputs = geometry.polynomials() as usize;
    let ggsw = nets.read("ggsw_words", &vec![64; outputs * lanes]);
    let fault = b.reg(nets.read("product_fault", &[1])[0]);
    let mut words = Vec::new();
    for lane in 0..lanes {
        nets.drive(&format!("digit_{lane}"), &[digits[lane]]);
        for c in 0..outputs {
            nets.drive(&format!("key_{c}_{lane}"), &[ggsw[c * lanes + lane]]);
        }
        let word = nets.read(&format!("word_{lane}"), &[64])[0];
        words.push(b.reg(match lane {
            0 => b.cat(&[word.slice(0, 63), word.bit(63) ^ fault]),
            _ => word,
        }));
    }
    nets.drive("product_result", &words);
    let announced = nets.read("product_valid", &[1]);
    nets.drive("product_result_valid", &announced);

    let busy: Vec<Sig> = ["stream", "switch", "front", "store"]
        .map(|block| b.reg(nets.read(&format!("{block}_clear_busy"), &[1])[0]))
        .to_vec();
    // 1 from the clock of `clear` on, before the blocks have answered.
    let clear = nets.read("clear", &[1])[0];
    let answered = b.delay(clear, CLEAR_ANSWER);
    let busy = b.reg(b.cat(&busy).any());
    b.output("clear_busy", clear & !answered | busy);
    let idle = nets.read("idle", &[1])[0];
    b.output("core_idle", idle);
    // The product's clock stands while there is no batch, the output store's while there are no results.
    let run = b.state("product_run", 1, 1);
    b.drive(run, !idle | clear | busy);
    b.gate(&product_instance, run);
    nets.drive("ggsw_soon", &[!idle]);
    let clearing = clear | busy;
    let [dumped, asked, released] =
        ["dump_next", "read_valid", "out_release"].map(|net| nets.read(net, &[1])[0]);
    let wanted = dumped | asked;
    let results = flag(&b, "results_stand", wanted, released | clearing);
    let run = linger(&b, "store_run", wanted | results | clearing, STORE_RUN_OUT);
    b.gate(&store, run);
    let ready = nets.read("store_ready", &[1])[0] & run;
    nets.drive("read_ready", &[ready]);
    for (port, width) in [
        ("batch_ready", 1),
        ("batch_done", 1),
        ("batch_error", 2),
        ("read_ready", 1),
        ("result_valid", 1),
        ("result_data", 64),
        ("result_last", 1),
        ("line_req_valid", 1),
        ("line_req_line", 32),
        ("line_req_count", 16),
        ("line_req_crc_line", 32),
        ("line_ready", 1),
        ("count_product_busy", 1),
        ("count_key_wait", 1),
        ("count_switch_busy", 1),
        ("count_bootstraps", geometry.fill_bits()),
    ] {
        nets.output(port, &[width]);
    }
    b.finish().map_err(BuildError::from)
}
