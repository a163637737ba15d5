//! `ntt_inverse`: the unscaled inverse transform, to words modulo `2^64` in row order.
//!
//! Ports: `start`, `flag_{i}` in clock -1 and `x{lane}_{limb}` (two limbs, layout `forward`) in
//! clock 0; `y{lane}` (64 bits, lane `L` and row `tau` carry coefficient `feed_row(tau) + R L`) in
//! clock [`Inverse::latency`], with them `out_valid`, `out_row` (`tau`) and `out_flag_{i}`.
//! Structure: instances of the inverse pass 2, a lane each of fold, barrier and regrouping,
//! instances of the inverse pass 1, a lane each of normalisation and switch.

use super::config::{LOG_SECOND, TransformConfig};
use super::forward::{at_values, run_pass, token_inputs};
use super::layout::{Layout, Layouts, Place, number};
use super::pass::{inverse_pass1, inverse_pass2};
use super::regroup::regroup;
use crate::arith::field;
use crate::arith::normalise::normalise_lane;
use crate::pipeline::block::{BuildError, build};
use crate::pipeline::value::{Format, Value};
use crate::pipeline::word::Word;
use crate::pipeline::{Block, Clock, Connections};

/// Clocks that the token comes before the words.
pub const TOKEN_LEAD: Clock = 1;

/// The inverse transform.
pub struct Inverse {
    /// The block.
    pub block: Block,
    /// Clocks from the first row in to the first row out.
    pub latency: Clock,
}

/// The lane of the pipeline in which the word for output lane `lane` stands.
fn source_lane(config: &TransformConfig, out: &Layout, lane: usize) -> usize {
    let rows = config.log_rows();
    let place = |index: u32| {
        if index < LOG_SECOND {
            out.second[index as usize]
        } else {
            out.first[(index - LOG_SECOND) as usize]
        }
    };
    let bit = |i: u32| match place(rows + i) {
        Place::Lane(a) => (lane >> i & 1) << a,
        Place::Time(_) => 0,
    };
    (0..config.log_lanes).map(bit).sum()
}

/// Builds the transform for values of the format `x`.
///
/// # Errors
/// Those of the blocks.
pub fn inverse(config: &TransformConfig, x: &Format, flags: usize) -> Result<Inverse, BuildError> {
    config.check()?;
    let layouts = Layouts::new(config);
    let psi = field::evaluation_root(config.log_n);
    let order = 2u64 << config.log_n;
    let before = &layouts.second_inverse;
    let factor = |lane: u32, tau: u32| {
        let j = number(&before.first, lane, tau);
        let t = number(&before.second, lane, tau);
        field::pow(psi, order - u64::from((2 * j + 1) * t) % order)
    };
    let doc = "Unscaled inverse transform: pass 2, barrier, regrouping, pass 1, words modulo 2^64.";
    let (block, ()) = build("ntt_inverse", doc, |pipe| {
        let token = token_inputs(pipe, flags, -TOKEN_LEAD);
        let input = |lane: usize| pipe.input_value(&format!("x{lane}"), x, 0);
        let values: Vec<Value<'_>> = (0..config.lanes()).map(input).collect();
        let pass2 = inverse_pass2(&layouts.forward.second, x)?;
        let rows = (pass2.row_bits > 0).then(|| pipe.row_clock(&token, config.log_rows()));
        let values = run_pass(pipe, &pass2, &values, rows.as_ref(), &[]);
        let regrouped = regroup(
            pipe,
            "ntt_inverse",
            config,
            (before, &layouts.inverse_regrouped),
            &values,
            &pass2.format,
            &at_values(pipe, &token, &values),
            &factor,
        )?;
        let swaps = &regrouped.swaps;
        let bits = &layouts.inverse_regrouped.first;
        let pass1 = inverse_pass1(config, bits, &regrouped.format, swaps)?;
        let values = run_pass(
            pipe,
            &pass1,
            &regrouped.values,
            Some(&regrouped.rows),
            swaps,
        );
        let lane_block = normalise_lane(&pass1.format)?;
        let mut words = Vec::new();
        for (lane, value) in values.iter().enumerate() {
            let given = Connections::new().value("x", value);
            let made = pipe.instance(&lane_block, &format!("u_normalise_lane_{lane}"), given);
            words.push(made.word("y"));
        }
        for lane in 0..config.lanes() {
            let source = source_lane(config, &layouts.out, lane);
            pipe.output(&format!("y{lane}"), words[source]);
        }
        let clock = words[0].clock();
        let token = pipe.delay_token(&regrouped.token, clock - 1, config.rows() as Clock);
        let rows = pipe.row_clock(&token, config.log_rows());
        pipe.output("out_valid", rows.valid);
        pipe.output("out_row", rows.row);
        for (i, flag) in token.flags.iter().enumerate() {
            let held = pipe.builder().reg_en(flag.sig(), token.start.sig());
            pipe.output(&format!("out_flag_{i}"), Word::new(held, 1, clock));
        }
        Ok(())
    })?;
    let latency = block.clock_of("y0").unwrap_or(0);
    Ok(Inverse { block, latency })
}
