//! `ntt_forward`: the forward transform of digit polynomials.
//!
//! Ports: `start`, `flag_{i}`, `x{lane}` (digits, row 0) in clock 0; `y{lane}_{limb}` (lazily
//! reduced words, layout `forward`) in clock [`Forward::latency`]; `start_out`, `flag_out_{i}` as
//! many clocks earlier as asked for. Rows of a polynomial follow each other, polynomials start at
//! least `R` clocks apart.
//! Structure: `P / 2^i` instances of pass 1, a lane each of fold, barrier and regrouping, instances
//! of pass 2.

use super::config::TransformConfig;
use super::layout::{Layouts, Swap, number};
use super::pass::{PassBlock, forward_pass1, forward_pass2};
use super::regroup::regroup;
use crate::arith::field;
use crate::pipeline::block::{BuildError, build};
use crate::pipeline::value::{Format, Value};
use crate::pipeline::word::{Word, ones};
use crate::pipeline::{Block, Clock, Connections, Pipe, RowClock, Token};

/// The forward transform.
pub struct Forward {
    /// The block.
    pub block: Block,
    /// Format of the words.
    pub format: Format,
    /// Clocks from the first row in to the first row out.
    pub latency: Clock,
}

/// Instances of a pass over all lanes. `rows` stands in the clock of the values or earlier.
pub(super) fn run_pass<'b>(
    pipe: &Pipe<'b>,
    pass: &PassBlock,
    values: &[Value<'b>],
    rows: Option<&RowClock<'b>>,
    swaps: &[Swap],
) -> Vec<Value<'b>> {
    let mut out: Vec<Option<Value<'b>>> = vec![None; values.len()];
    let name = pass.block.module().name().to_owned();
    for (g, first) in pass.groups(values.len()).into_iter().enumerate() {
        let group = pass.group(first);
        let mut given = Connections::new();
        for (local, lane) in group.iter().enumerate() {
            given = if values[*lane].limbs.len() == 1 {
                given.word(&format!("x{local}"), values[*lane].limbs[0].0)
            } else {
                given.value(&format!("x{local}"), &values[*lane])
            };
        }
        if let Some(rows) = rows {
            if pass.row_bits > 0 {
                given = given.word("row", rows.row.bits(0, pass.row_bits));
            }
            for (i, swap) in swaps.iter().enumerate() {
                given = given.word(&format!("select_{i}"), rows.row.bit(swap.to));
            }
        }
        let made = pipe.instance(&pass.block, &format!("u_{name}_{g}"), given);
        for (local, lane) in group.iter().enumerate() {
            out[*lane] = Some(made.value(&format!("y{local}"), &pass.format));
        }
    }
    out.into_iter().flatten().collect()
}

/// Input ports of a token with `flags` flags in `clock`.
pub(super) fn token_inputs<'b>(pipe: &Pipe<'b>, flags: usize, clock: Clock) -> Token<'b> {
    Token {
        start: pipe.input("start", 1, clock),
        flags: (0..flags)
            .map(|i| pipe.input(&format!("flag_{i}"), 1, clock))
            .collect(),
    }
}

/// Builds the transform. The token comes out `lead` clocks before the words.
///
/// # Errors
/// Those of the blocks.
pub fn forward(config: &TransformConfig, flags: usize, lead: Clock) -> Result<Forward, BuildError> {
    config.check()?;
    let layouts = Layouts::new(config);
    let psi = field::evaluation_root(config.log_n);
    let factor = |lane: u32, tau: u32| {
        let j = number(&layouts.first.first, lane, tau);
        let t = number(&layouts.first.second, lane, tau);
        field::pow(psi, u64::from((2 * j + 1) * t))
    };
    let doc = "Forward transform of digit polynomials: pass 1, barrier, regrouping, pass 2.";
    let (block, format) = build("ntt_forward", doc, |pipe| {
        let token = token_inputs(pipe, flags, 0);
        let digit = |lane: usize| {
            let word = pipe.input(&format!("x{lane}"), ones(config.digit_bits), 0);
            Value::new(&[word], &[0])
        };
        let digits: Vec<Value<'_>> = (0..config.lanes()).map(digit).collect();
        let pass1 = forward_pass1(config, &layouts.feed.first)?;
        let rows = (pass1.row_bits > 0).then(|| pipe.row_clock(&token, config.log_rows()));
        let values = run_pass(pipe, &pass1, &digits, rows.as_ref(), &[]);
        let regrouped = regroup(
            pipe,
            "ntt_forward",
            config,
            (&layouts.first, &layouts.regrouped),
            &values,
            &pass1.format,
            &at_values(pipe, &token, &values),
            &factor,
        )?;
        let swaps = &regrouped.swaps;
        let pass2 = forward_pass2(&layouts.regrouped.second, &regrouped.format, swaps)?;
        let rows = Some(&regrouped.rows);
        let values = run_pass(pipe, &pass2, &regrouped.values, rows, swaps);
        let clock = values[0].clock();
        for (lane, value) in values.iter().enumerate() {
            pipe.output_value(&format!("y{lane}"), value);
        }
        // A long lead begins before the regrouped rows do.
        let early = clock - lead < regrouped.token.start.clock();
        let source = if early { &token } else { &regrouped.token };
        token_outputs(pipe, source, clock - lead, config);
        Ok(pass2.format)
    })?;
    let latency = block.clock_of("y0_0").unwrap_or(0);
    Ok(Forward {
        block,
        format,
        latency,
    })
}

/// The token delayed so that its row clock comes as late as the values' skew needs it.
pub(super) fn at_values<'b>(pipe: &Pipe<'b>, token: &Token<'b>, values: &[Value<'b>]) -> Token<'b> {
    let clock = (values[0].clock() - 2).max(token.start.clock());
    Token {
        start: pipe.delay_reset(token.start, clock),
        flags: token.flags.iter().map(|f| pipe.delay(*f, clock)).collect(),
    }
}

/// Output ports of the token in `clock`.
pub(super) fn token_outputs<'b>(
    pipe: &Pipe<'b>,
    token: &Token<'b>,
    clock: Clock,
    config: &TransformConfig,
) {
    let token = pipe.delay_token(token, clock, config.rows() as Clock);
    pipe.output("start_out", token.start);
    for (i, flag) in token.flags.iter().enumerate() {
        pipe.output(&format!("flag_out_{i}"), Word::new(flag.sig(), 1, clock));
    }
}
