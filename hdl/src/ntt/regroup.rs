//! The barrier and the regrouping between the passes.
//!
//! Every point is multiplied once by a constant (the barrier), and `s` lane bits change places
//! with `s` time bits (the regrouping). The word of lane `L` and row `tau` goes to the memory bank
//! `L ^ tau[from]` and is written at the address `tau`; the word of lane `L` and row `tau'` of the
//! new order is read from the bank `L ^ tau'[to]`. So every bank is written and read once a clock.
//! The multiplexers of the skew stand, two bits at a time, in front of adders that are there
//! anyway: the first fold, the fold behind the barrier, the first level of the next pass.
//!
//! Blocks, one a lane: `ntt_skew_fold` (multiplexer and fold), `mul_lane`, `ntt_regroup_lane`
//! (multiplexer, fold, double-buffered memory of `2R` words).
//! Clocks: fold 1, multiplier, a fold or multiplexer into the memory, the wait of at most `R`
//! clocks until every row that is needed stands, the memory's read.

use super::config::TransformConfig;
use super::layout::{Layout, Regrouping, Swap, regrouping};
use crate::arith::tile_mul::mul_lane;
use crate::pipeline::block::{BuildError, build};
use crate::pipeline::fold;
use crate::pipeline::pipe::Unregistered;
use crate::pipeline::plan::SumPlan;
use crate::pipeline::split::Wrap;
use crate::pipeline::value::{Format, THREE_LIMBS, Value};
use crate::pipeline::word::{Word, ones};
use crate::pipeline::{Block, Clock, Connections, Pipe, RowClock, Token};

/// Swaps that one multiplexer takes.
pub(super) const SWAPS_AT_ONCE: usize = 2;

/// What comes out of a regrouping.
pub struct Regrouped<'b> {
    /// Lazily reduced words, still skewed.
    pub values: Vec<Value<'b>>,
    /// Their format.
    pub format: Format,
    /// The skew that the next pass undoes.
    pub swaps: Vec<Swap>,
    /// Rows in the new order, from two clocks before the values on.
    pub rows: RowClock<'b>,
    /// Row 0 in the new order, one clock before `rows`.
    pub token: Token<'b>,
}

/// A multiplexer of values in front of a fold, or alone if the words are folded already.
fn skew_plan<'b>(options: &[Value<'b>]) -> Result<SumPlan<'b>, BuildError> {
    if options[0].columns() != THREE_LIMBS {
        return fold::plan(options);
    }
    let terms: Vec<_> = options.iter().map(|v| v.shifted(0, false)).collect();
    SumPlan::new("skew", &(Vec::new(), 0), &terms, &THREE_LIMBS, Wrap::At96)
}

/// Inputs `x{option}_{limb}` and, registered here, `select`.
fn skew_inputs<'b>(pipe: &Pipe<'b>, x: &Format, bits: u32) -> (Vec<Value<'b>>, Vec<Word<'b>>) {
    let option = |o: usize| pipe.input_value(&format!("x{o}"), x, 0);
    let values = (0..1 << bits).map(option).collect();
    if bits == 0 {
        return (values, Vec::new());
    }
    let select = pipe.delay(pipe.input("select", ones(bits), -1), 0);
    (values, (0..bits).map(|i| select.bit(i)).collect())
}

fn skew_fold(x: &Format, bits: u32) -> Result<(Block, Format), BuildError> {
    let doc = "Skew of one lane and fold to a lazily reduced word.";
    build("ntt_skew_fold", doc, |pipe| {
        pipe.builder().one_lane();
        let (values, select) = skew_inputs(pipe, x, bits);
        let plan = skew_plan(&values)?;
        let y = plan.emit(pipe, &select, &plan.format()?);
        pipe.output_value("y", &y);
        Ok(y.format())
    })
}

fn regroup_lane(
    x: &Format,
    bits: u32,
    log_rows: u32,
    wait: Clock,
) -> Result<(Block, Format), BuildError> {
    let doc = "Regrouping memory of one lane: skew, fold, two halves of one polynomial each.";
    build("ntt_regroup_lane", doc, |pipe| {
        // Not `one_lane`: its memory is most of it, and eight of them side by side simulate slower.
        pipe.builder().keep_hierarchy();
        let (values, select) = skew_inputs(pipe, x, bits);
        let local = |port: &str, width: u32, clock: Clock| {
            pipe.delay(pipe.input(port, ones(width), clock - 1), clock)
        };
        let enable = local("write_valid", 1, 0);
        let write = local("write_address", log_rows + 1, 0);
        let read = local("read_address", log_rows + 1, wait);
        let plan = skew_plan(&values)?;
        let format = plan.format()?;
        let data: Vec<Unregistered<'_>> = plan.emit_unregistered(pipe, &select, &format);
        let depth = 2usize << log_rows;
        let words = pipe.memory("rows", depth, &data, (enable, write), read);
        let y = Value::new(&words, &THREE_LIMBS);
        pipe.output_value("y", &y);
        Ok(y.format())
    })
}

/// The lanes that `lane` may stand for, by the value of the swaps' select bits.
fn sources(lane: usize, swaps: &[Swap]) -> Vec<usize> {
    let source = |o: usize| {
        let mask = |(i, s): (usize, &Swap)| (o >> i & 1) << s.lane;
        lane ^ swaps.iter().enumerate().map(mask).sum::<usize>()
    };
    (0..1 << swaps.len()).map(source).collect()
}

/// Bits of a row number side by side, lowest first; `true` complements.
fn gather<'b>(pipe: &Pipe<'b>, bits: &[(Word<'b>, bool)]) -> Word<'b> {
    let signals: Vec<_> = bits
        .iter()
        .map(|(w, invert)| if *invert { !w.sig() } else { w.sig() })
        .collect();
    let clock = bits[0].0.clock();
    Word::new(pipe.builder().cat(&signals), ones(bits.len() as u32), clock)
}

struct Skewing<'p, 'b> {
    pipe: &'p Pipe<'b>,
    prefix: &'p str,
    rows: RowClock<'b>,
}

impl<'b> Skewing<'_, 'b> {
    /// Connections of one lane's multiplexer: its options and the select bits.
    fn inputs(&self, lane: usize, swaps: &[Swap], values: &[Value<'b>]) -> Connections<'b> {
        let mut given = Connections::new();
        for (o, source) in sources(lane, swaps).into_iter().enumerate() {
            given = given.value(&format!("x{o}"), &values[source]);
        }
        if swaps.is_empty() {
            return given;
        }
        let bits: Vec<_> = swaps
            .iter()
            .map(|s| (self.rows.row.bit(s.from), false))
            .collect();
        given.word("select", gather(self.pipe, &bits))
    }

    fn fold_lanes(
        &self,
        name: &str,
        swaps: &[Swap],
        values: &[Value<'b>],
        format: &Format,
    ) -> Result<(Vec<Value<'b>>, Format), BuildError> {
        let (block, folded) = skew_fold(format, swaps.len() as u32)?;
        let lane = |lane: usize| {
            let given = self.inputs(lane, swaps, values);
            let out = self
                .pipe
                .instance(&block, &format!("u_{name}_{lane}"), given);
            out.value("y", &folded)
        };
        Ok(((0..values.len()).map(lane).collect(), folded))
    }
}

/// Multiplies the word of `lane` and `tau` in the layout `before` by `factor(lane, tau)` and brings
/// all words into the layout `after`. `token` marks row 0 in the clock of the values or earlier.
///
/// # Errors
/// Those of the blocks.
#[allow(clippy::too_many_arguments)]
pub fn regroup<'b>(
    pipe: &Pipe<'b>,
    prefix: &str,
    config: &TransformConfig,
    (before, after): (&Layout, &Layout),
    values: &[Value<'b>],
    format: &Format,
    token: &Token<'b>,
    factor: &dyn Fn(u32, u32) -> u64,
) -> Result<Regrouped<'b>, BuildError> {
    let log_rows = config.log_rows();
    let plan = regrouping(before, after);
    let skewing = Skewing {
        pipe,
        prefix,
        rows: pipe.row_clock(token, log_rows),
    };
    let (first, rest) = plan.swaps.split_at(plan.swaps.len().min(SWAPS_AT_ONCE));
    let (values, _) = skewing.fold_lanes("fold", first, values, format)?;
    let (values, product) = barrier(&skewing, config, first, &values, factor)?;
    let (second, third) = rest.split_at(rest.len().min(SWAPS_AT_ONCE));
    let (values, format, last) = if third.is_empty() {
        (values, product, second)
    } else {
        let (values, folded) = skewing.fold_lanes("fold_2", second, &values, &product)?;
        (values, folded, third)
    };
    memories(&skewing, config, &plan, last, &values, &format, token)
}

/// One multiplier a lane, its constants in a memory of `R` words a lane.
fn barrier<'b>(
    skewing: &Skewing<'_, 'b>,
    config: &TransformConfig,
    skewed: &[Swap],
    values: &[Value<'b>],
    factor: &dyn Fn(u32, u32) -> u64,
) -> Result<(Vec<Value<'b>>, Format), BuildError> {
    let pipe = skewing.pipe;
    let (block, product) = mul_lane(config.barrier_multiplier(), config.tile_registers)?;
    let row = skewing.rows.row;
    let clock = (values[0].clock() - 1).max(row.clock() + 1);
    let mut out = Vec::new();
    for (lane, value) in values.iter().enumerate() {
        let table: Vec<u128> = (0..config.rows() as u32)
            .map(|tau| {
                let bits = skewed.iter().map(|s| (tau >> s.from & 1) << s.lane);
                u128::from(factor(lane as u32 ^ bits.sum::<u32>(), tau))
            })
            .collect();
        let address = pipe.delay(row, clock);
        let rom = format!("{}_barrier_{lane}", skewing.prefix);
        let word = pipe.builder().rom(&rom, 64, &table, address.sig());
        let given = Connections::new()
            .value("x", value)
            .word("factor", Word::new(word, ones(64), clock + 1));
        let made = pipe.instance(&block, &format!("u_mul_lane_{lane}"), given);
        out.push(made.value("y", &product));
    }
    Ok((out, product))
}

fn memories<'b>(
    skewing: &Skewing<'_, 'b>,
    config: &TransformConfig,
    plan: &Regrouping,
    swaps: &[Swap],
    values: &[Value<'b>],
    format: &Format,
    token: &Token<'b>,
) -> Result<Regrouped<'b>, BuildError> {
    let pipe = skewing.pipe;
    let log_rows = config.log_rows();
    let wait = plan.wait as Clock;
    let (block, format) = regroup_lane(format, swaps.len() as u32, log_rows, wait)?;
    // Row 0 is written in the clock of the values; the first read address stands one clock before
    // it is used, because every lane registers it.
    let written = values[0].clock().max(skewing.rows.row.clock() + 1);
    let token = pipe.delay_token(token, written + wait - 2, config.rows() as Clock);
    let read_rows = pipe.row_clock(&token, log_rows);
    let write_rows = pipe.delay_row_clock(&skewing.rows, written - 1);
    let mut write: Vec<_> = (0..log_rows)
        .map(|b| (write_rows.row.bit(b), false))
        .collect();
    write.push((write_rows.half, false));
    let write = gather(pipe, &write);
    let mut out = Vec::new();
    for lane in 0..values.len() {
        let mut read = vec![(read_rows.half, false); log_rows as usize + 1];
        for &(from, to) in &plan.moves {
            read[from as usize] = (read_rows.row.bit(to), false);
        }
        for s in &plan.swaps {
            read[s.from as usize] = (read_rows.row.bit(s.to), lane >> s.lane & 1 == 1);
        }
        let given = skewing
            .inputs(lane, swaps, values)
            .word("write_valid", write_rows.valid)
            .word("write_address", write)
            .word("read_address", gather(pipe, &read));
        let made = pipe.instance(&block, &format!("u_regroup_lane_{lane}"), given);
        out.push(made.value("y", &format));
    }
    Ok(Regrouped {
        values: out,
        format,
        swaps: plan.swaps.clone(),
        rows: read_rows,
        token,
    })
}
