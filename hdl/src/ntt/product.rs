//! `ntt_product_lane`: the product of one lane with the key, summed over the digit polynomials.
//!
//! Ports, in clocks counted from row 0 of a digit polynomial: `x_{limb}` and `key_{c}` (64 bits,
//! any value) in clock 0; `row`, `valid`, `fresh` (the polynomial is the first of its external
//! product), `last` (it is the last) in clocks that the block states; `out_row` and `out_poly` one
//! clock before and with the row that goes out; `y_{limb}` in clock [`latency`].
//! For each output polynomial `c` there is a full multiplier, a fold and a memory of `R` sums. The
//! finished sums of `c = 0` go out as they are made; those of `c > 0` wait in a second memory and
//! follow `c R` clocks later. Cost: `k + 1` multipliers, `2k + 1` memories of `R` words.

use super::config::TransformConfig;
use crate::arith::tile_mul::{self, mul_lane};
use crate::netlist::RamStyle;
use crate::pipeline::block::{BuildError, build};
use crate::pipeline::fold;
use crate::pipeline::plan::{SumPlan, Terms};
use crate::pipeline::split::Wrap;
use crate::pipeline::value::{Format, THREE_LIMBS, TWO_LIMBS, Value};
use crate::pipeline::word::{Word, ones, width_of};
use crate::pipeline::{Block, Clock, Connections, Pipe};

/// Clock of a product in front of the sum: multiplier and fold.
pub fn product_clock(config: &TransformConfig) -> Clock {
    tile_mul::latency(config.multiplier, config.tile_registers) + 1
}

/// Clocks from the last digit polynomial's row 0 to row 0 of output 0.
pub fn latency(config: &TransformConfig) -> Clock {
    product_clock(config) + 2
}

/// Bits of the number of an output polynomial.
pub fn output_bits(config: &TransformConfig) -> u32 {
    width_of(u128::from(config.glwe_dimension))
}

/// Control of the lane: rows of the digit polynomial in front of the sum.
struct Control<'b> {
    /// For the read address of the sums, one clock ahead of the product.
    row: Word<'b>,
    valid: Word<'b>,
    fresh: Word<'b>,
    last: Word<'b>,
    out_row: Word<'b>,
}

/// Builds the block for words of the format `x`.
///
/// # Errors
/// Those of the steps.
pub fn product_lane(config: &TransformConfig, x: &Format) -> Result<(Block, Format), BuildError> {
    let outputs = config.glwe_dimension as usize + 1;
    let (mul, product) = mul_lane(config.multiplier, config.tile_registers)?;
    let doc = "Product of one lane with the key, summed over the digit polynomials.";
    build("ntt_product_lane", doc, |pipe| {
        pipe.builder().one_lane();
        let x = pipe.input_value("x", x, 0);
        let at = product_clock(config);
        let log_rows = config.log_rows();
        // Control is registered here, so it comes one clock before it is used.
        let local = |port: &str, width: u32, clock: Clock| {
            pipe.delay(pipe.input(port, ones(width), clock - 1), clock)
        };
        let control = Control {
            row: local("row", log_rows, at - 1),
            valid: local("valid", 1, at + 1),
            fresh: local("fresh", 1, at),
            last: local("last", 1, at + 1),
            out_row: local("out_row", log_rows, at),
        };
        let out_poly = local("out_poly", output_bits(config), at + 1);
        let mut sums = Vec::new();
        for c in 0..outputs {
            let key = pipe.input(&format!("key_{c}"), ones(64), 0);
            let given = Connections::new().value("x", &x).word("factor", key);
            let made = pipe.instance(&mul, &format!("u_mul_{c}"), given);
            let plan = fold::plan(&[made.value("y", &product)])?;
            let folded = plan.emit(pipe, &[], &plan.format()?);
            sums.push(accumulate(pipe, config, c, &folded, &control)?);
        }
        let y = choose(pipe, &sums, out_poly)?;
        pipe.output_value("y", &y);
        Ok(y.format())
    })
}

/// Adds a product to its row's sum; for `c > 0` the finished sums, read `c` polynomials later.
fn accumulate<'b>(
    pipe: &Pipe<'b>,
    config: &TransformConfig,
    c: usize,
    product: &Value<'b>,
    control: &Control<'b>,
) -> Result<Value<'b>, BuildError> {
    let b = pipe.builder();
    let terms = u128::from(config.max_polynomials());
    let maxes: Vec<u128> = product.limbs.iter().map(|l| l.0.max() * terms).collect();
    let widths: Vec<u32> = maxes.iter().map(|m| width_of(*m)).collect();
    let total: u32 = widths.iter().sum();
    let rows = config.rows();
    let limbs_of = |word: crate::netlist::Sig<'b>, clock: Clock, maxes: &[u128]| {
        let mut lo = 0;
        let mut words = Vec::new();
        for (max, width) in maxes.iter().zip(&widths) {
            words.push(Word::new(word.slice(lo, *width), *max, clock));
            lo += width;
        }
        Value::new(&words, &THREE_LIMBS)
    };
    // At most all products but one stand in the sum that another one is added to.
    let before: Vec<u128> = product
        .limbs
        .iter()
        .map(|l| l.0.max() * (terms - 1))
        .collect();
    let ram = b.ram(&format!("sums_{c}"), rows, total, RamStyle::Auto);
    let old = limbs_of(
        b.ram_read(&ram, control.row.sig()),
        control.row.clock() + 1,
        &before,
    );
    let options: [Terms<'b>; 2] = [old.shifted(0, false), (Vec::new(), 0)];
    let fixed = product.shifted(0, false);
    let plan = SumPlan::new("sum", &fixed, &options, &THREE_LIMBS, Wrap::At96)?;
    let format = Format {
        limbs: THREE_LIMBS
            .iter()
            .copied()
            .zip(maxes.iter().copied())
            .collect(),
        offset: 0,
    };
    let sum = plan.emit(pipe, &[control.fresh], &format);
    let joined: Vec<_> = sum.limbs.iter().map(|l| l.0.sig()).collect();
    let joined = b.cat(&joined);
    let clock = sum.clock();
    let row = pipe.delay(control.row, clock);
    let valid = pipe.delay(control.valid, clock);
    b.ram_write(&ram, valid.sig(), row.sig(), joined);
    if c == 0 {
        return Ok(sum);
    }
    let done = b.ram(&format!("done_{c}"), rows, total, RamStyle::Auto);
    let last = pipe.delay(control.last, clock);
    b.ram_write(&done, valid.sig() & last.sig(), row.sig(), joined);
    let word = b.ram_read(&done, control.out_row.sig());
    Ok(limbs_of(word, control.out_row.clock() + 1, &maxes))
}

/// The sum that goes out, in two limbs.
fn choose<'b>(
    pipe: &Pipe<'b>,
    sums: &[Value<'b>],
    select: Word<'b>,
) -> Result<Value<'b>, BuildError> {
    let options: Vec<Terms<'b>> = (0..1usize << select.width())
        .map(|c| sums[c.min(sums.len() - 1)].shifted(0, false))
        .collect();
    let select: Vec<Word<'b>> = (0..select.width()).map(|i| select.bit(i)).collect();
    let none = (Vec::new(), 0);
    let plan = SumPlan::new("output", &none, &options, &TWO_LIMBS, Wrap::At96)?;
    Ok(plan.emit(pipe, &select, &plan.format()?))
}
