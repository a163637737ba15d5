//! `external_product`: digits in, words modulo `2^64` to be added to the accumulator out.
//!
//! | port | width | clock | what |
//! |---|---|---|---|
//! | `start` | 1 | 0 | row 0 of a digit polynomial stands at `digit_{L}` |
//! | `first`, `last` | 1 | 0 | with `start`: the first, the last polynomial of an external product |
//! | `digit_{L}` | `digit_bits` | 0 | two's complement, row `feed_row(tau)` in clock `tau` |
//! | `key_valid`, `key_index` | | | a key row is wanted: `j R + tau`, `j` the polynomial's number |
//! | `key_{c}_{L}` | 64 | `key_lead` clocks later | word of output `c`, any value below `2^64` |
//! | `out_valid` | 1 | latency | a row of words stands at `word_{L}` |
//! | `out_poly`, `out_row` | | latency | output polynomial `c`; `tau` of the row |
//! | `word_{L}` | 64 | latency | coefficient `feed_row(tau) + R L` of output `c` |
//!
//! Rows of a polynomial follow each other without gap. Polynomials start at least `R` clocks
//! apart, with any gap; an external product has at least `k + 1` of them. Its `k + 1` outputs follow each
//! other without gap, `c = 0` first. Throughput: one external product every `(k + 1) l R` clocks.
//! Cost: `k + 3` full multipliers a lane.

use super::config::TransformConfig;
use super::forward::forward;
use super::inverse::{TOKEN_LEAD, inverse};
use super::product::{self, output_bits, product_lane};
use crate::netlist::Sig;
use crate::pipeline::block::{BuildError, build};
use crate::pipeline::value::Value;
use crate::pipeline::word::{Word, ones, width_of};
use crate::pipeline::{Block, Clock, Connections, Pipe, RowClock, Token};

/// Clocks between the forward transform's token and its words: the row clock, the registers in
/// the lanes and the request of the key lie in between.
fn token_lead(config: &TransformConfig) -> Clock {
    config.key_lead as Clock + 1
}

/// The external product.
pub struct ExternalProduct {
    /// The block.
    pub block: Block,
    /// Clocks from row 0 of the first digit polynomial to the request of the first key row.
    pub key_clock: Clock,
    /// Clocks from row 0 of the last digit polynomial to row 0 of output 0. From row 0 of the
    /// first one it is `((k + 1) l - 1) R` more.
    pub latency: Clock,
}

/// Rows of the outputs: a counter over `(k + 1) R` clocks.
struct OutputRows<'b> {
    row: Word<'b>,
    poly: Word<'b>,
    valid: Word<'b>,
}

/// A flag that is held from one clock after its token until the next one.
fn held<'b>(pipe: &Pipe<'b>, token: &Token<'b>, flag: usize) -> Word<'b> {
    let sig = pipe
        .builder()
        .reg_en(token.flags[flag].sig(), token.start.sig());
    Word::new(sig, 1, token.start.clock() + 1)
}

/// Requests key rows: counts the rows of all polynomials from the first one on.
fn key_request<'b>(pipe: &Pipe<'b>, config: &TransformConfig, token: &Token<'b>) {
    let b = pipe.builder();
    let rows: RowClock<'b> = pipe.row_clock(token, config.log_rows());
    let bits = config.log_rows() + width_of(u128::from(config.max_polynomials()) - 1);
    let index = b.state("key_index", bits, 0);
    let restart = token.start.sig() & token.flags[0].sig();
    let kept = b.mux(restart, b.lit(0, bits), index);
    b.drive(index, b.sum(&[kept, rows.valid.sig() & !restart], bits));
    pipe.output("key_valid", rows.valid);
    pipe.output("key_index", Word::new(index, ones(bits), rows.row.clock()));
}

/// Counts the rows of the outputs from `start` on.
fn output_rows<'b>(pipe: &Pipe<'b>, config: &TransformConfig, start: Word<'b>) -> OutputRows<'b> {
    let b = pipe.builder();
    let (log_rows, poly_bits) = (config.log_rows(), output_bits(config));
    let bits = log_rows + poly_bits;
    let go: Sig<'b> = start.sig();
    let count = b.state("output_rows", bits, 0);
    let kept = b.mux(go, b.lit(0, bits), count);
    b.drive(count, b.sum(&[kept, !go], bits));
    let valid = b.state("output_valid", 1, 0);
    let end = ((u128::from(config.glwe_dimension) + 1) << log_rows) - 1;
    b.drive(valid, go | (valid & !count.eq_lit(end)));
    let clock = start.clock() + 1;
    let count = Word::new(count, ones(bits), clock);
    OutputRows {
        row: count.bits(0, log_rows),
        poly: count.bits(log_rows, poly_bits),
        valid: Word::new(valid, 1, clock),
    }
}

/// Builds the external product.
///
/// # Errors
/// A configuration outside the limits, or those of the blocks.
pub fn external_product(config: &TransformConfig) -> Result<ExternalProduct, BuildError> {
    config.check()?;
    let transform = forward(config, 2, token_lead(config))?;
    let (lane_block, summed) = product_lane(config, &transform.format)?;
    let back = inverse(config, &summed, output_bits(config) as usize)?;
    let doc = "External product: forward transform, product with the key, inverse transform.";
    let (block, (input_clock, output_clock)) = build("external_product", doc, |pipe| {
        let mut given = Connections::new()
            .word("start", pipe.input("start", 1, 0))
            .word("flag_0", pipe.input("first", 1, 0))
            .word("flag_1", pipe.input("last", 1, 0));
        for lane in 0..config.lanes() {
            let digit = pipe.input(&format!("digit_{lane}"), ones(config.digit_bits), 0);
            given = given.word(&format!("x{lane}"), digit);
        }
        let made = pipe.instance(&transform.block, "u_ntt_forward", given);
        let token = Token {
            start: made.word("start_out"),
            flags: vec![made.word("flag_out_0"), made.word("flag_out_1")],
        };
        key_request(pipe, config, &token);
        let words: Vec<Value<'_>> = (0..config.lanes())
            .map(|lane| made.value(&format!("y{lane}"), &transform.format))
            .collect();
        let input_clock = words[0].clock();
        // The sums are read one clock before the product, and every lane registers its control.
        let before = input_clock + product::product_clock(config) - 3;
        let token = pipe.delay_token(&token, before, config.rows() as Clock);
        let rows = pipe.row_clock(&token, config.log_rows());
        let (fresh, last) = (held(pipe, &token, 0), held(pipe, &token, 1));
        let finish = pipe.delay_reset(token.start, before + 1);
        let finish = Word::new(finish.sig() & last.sig(), 1, before + 1);
        let out = output_rows(pipe, config, finish);
        let mut sums = Vec::new();
        for (lane, word) in words.iter().enumerate() {
            let mut given = Connections::new()
                .value("x", word)
                .word("row", rows.row)
                .word("valid", rows.valid)
                .word("fresh", fresh)
                .word("last", last)
                .word("out_row", out.row)
                .word("out_poly", out.poly);
            for c in 0..=config.glwe_dimension {
                let port = format!("key_{c}_{lane}");
                given = given.word(
                    &format!("key_{c}"),
                    pipe.input(&port, ones(64), input_clock),
                );
            }
            let made = pipe.instance(&lane_block, &format!("u_ntt_product_lane_{lane}"), given);
            sums.push(made.value("y", &summed));
        }
        let output_clock = finish_outputs(pipe, config, &back.block, &out, &sums);
        Ok((input_clock, output_clock))
    })?;
    Ok(ExternalProduct {
        block,
        key_clock: input_clock - config.key_lead as Clock,
        latency: output_clock,
    })
}

/// The inverse transform and the output ports; returns the clock of output row 0.
fn finish_outputs<'b>(
    pipe: &Pipe<'b>,
    config: &TransformConfig,
    block: &Block,
    out: &OutputRows<'b>,
    sums: &[Value<'b>],
) -> Clock {
    let begins = pipe.builder().state("output_start", 1, 0);
    let zero = out.row.sig().is_zero();
    pipe.builder().drive(begins, out.valid.sig() & zero);
    let begins = Word::new(begins, 1, out.valid.clock() + 1);
    let token_clock = sums[0].clock() - TOKEN_LEAD;
    let mut given = Connections::new().word("start", pipe.delay_reset(begins, token_clock));
    for i in 0..output_bits(config) {
        let flag = pipe.delay(out.poly.bit(i), token_clock);
        given = given.word(&format!("flag_{i}"), flag);
    }
    for (lane, sum) in sums.iter().enumerate() {
        given = given.value(&format!("x{lane}"), sum);
    }
    let made = pipe.instance(block, "u_ntt_inverse", given);
    for lane in 0..config.lanes() {
        pipe.output(&format!("word_{lane}"), made.word(&format!("y{lane}")));
    }
    pipe.output("out_valid", made.word("out_valid"));
    pipe.output("out_row", made.word("out_row"));
    let bits: Vec<Sig<'b>> = (0..output_bits(config))
        .map(|i| made.word(&format!("out_flag_{i}")).sig())
        .collect();
    let clock = made.word("out_valid").clock();
    let poly = Word::new(pipe.builder().cat(&bits), ones(output_bits(config)), clock);
    pipe.output("out_poly", poly);
    clock
}
