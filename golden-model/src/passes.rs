//! The passes of the quick transform and of its inverse.
//!
//! `N = 32 C` with `C = 8 R`. Coefficients are indexed by `t + C m`, values by `j + 32 k`, and
//!
//! ```text
//! pass 1    b[t][j]     = sum over m of a[t + C m] * 8^((2j + 1) m)    negacyclic, 32 points
//! barrier   c[t][j]     = b[t][j] * psi^((2j + 1) t)
//! pass 2    out[j+32 k] = sum over t of c[t][j] * eta^(k t)            cyclic, C points, eta = 2^(192 / C)
//! ```
//!
//! With `m = 4 m' + r` and `j = i + 8 s` pass 1 is: coefficient `m` times `2^(12 m')`, eight points
//! over `m'`, times `2^(3 (2i + 1) r)`, four points over `r`. With `t = R t' + t0` and `k = k' + 8 k0`
//! pass 2 is: eight points over `t'`, times `eta^(k' t0)`, `R` points over `t0`. The inverse does the
//! same backwards. All multiplications but those of the barrier are shifts by a length that the compiler
//! knows: the loops over `i`, `t0` and `k'` are unrolled by constant parameters.
//!
//! The innermost loop is always over the [`LANES`] columns of a block, which all do the same: this is the
//! loop that becomes vector instructions. In pass 1 they are four neighbours `t`, in pass 2 the four
//! `s` of one `i`; squares of four by four are transposed on the way from one to the other. Value `j + 32 k`
//! stands at `4 (C i + k) + s`: pass 2 and the products with the key go through memory in order.
//!
//! Builds without optimisation leave the steps as functions: their frames would be too much for the stack
//! of a thread if all were one.
//!
//! How large limbs get (`unsigned` adds `2^54` or `2^59`):
//!
//! | | limbs |
//! |---|---|
//! | into a pass | below `2^50` in magnitude |
//! | after its first step (8, 4 or `R` points) | `2^53`, made positive: below `2^54 + 2^53` |
//! | after a shift | `2^48 + 2^51.6`; what needs no shift stays below `2^54.6` |
//! | after its second step (up to 8 points) | `2^57.6`, made positive: from `2^58` to `2^59 + 2^58` |
//! | after the barrier | below `2^50` in magnitude |

use crate::aligned::AlignedWords;
use crate::cyclic::cyclic;
use crate::limbs::{Limbs, Multiplier, NARROW, WIDE};
use crate::simd::{LANES, Row, Vector};
use crate::spectrum::{Input, Output};
use crate::torus::switch_from_prime_lanes;

/// Points of pass 1.
pub const POINTS: usize = 32;
/// Rows of the largest block.
const BLOCK_ROWS: usize = 64;

/// Both limbs of one number of each column.
pub type Pair = [Row; 2];
/// The barrier's multipliers of one row, by piece.
pub type MultiplierRow = [Row; 4];

/// Buffers of a transform.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    first: AlignedWords,
    second: AlignedWords,
    /// Between the passes: `[i][t]`, lanes along `s`.
    middle: AlignedWords,
}

/// The buffers of [`Scratch`] as pairs of rows.
struct Buffers<'a> {
    first: &'a mut [Pair],
    second: &'a mut [Pair],
    middle: &'a mut [Pair],
}

impl Scratch {
    /// The buffers for polynomials of `size` coefficients.
    #[inline(always)]
    fn buffers(&mut self, size: usize) -> Buffers<'_> {
        self.first.fit(2 * LANES * BLOCK_ROWS);
        self.second.fit(2 * LANES * BLOCK_ROWS);
        self.middle.fit(2 * LANES * 8 * middle_stride(size / 256));
        Buffers {
            first: self.first.as_chunks_mut().0.as_chunks_mut().0,
            second: self.second.as_chunks_mut().0.as_chunks_mut().0,
            middle: self.middle.as_chunks_mut().0.as_chunks_mut().0,
        }
    }
}

/// Rows from one `i` to the next between the passes. One more than there are: a power of two would
/// put all `i` into the same place of a cache.
const fn middle_stride(r: usize) -> usize {
    8 * r + 1
}

/// Vector `index` of the limbs of a row.
#[inline(always)]
pub fn load<V: Vector>(pair: &Pair, index: usize) -> Limbs<V> {
    Limbs {
        low: V::load(&pair[0], index),
        high: V::load(&pair[1], index),
    }
}

/// Overwrites vector `index` of the limbs of a row.
#[inline(always)]
pub fn store<V: Vector>(pair: &mut Pair, index: usize, limbs: Limbs<V>) {
    limbs.low.store(&mut pair[0], index);
    limbs.high.store(&mut pair[1], index);
}

/// Vector `index` of the multipliers of a row.
#[inline(always)]
fn multiplier<V: Vector>(row: &MultiplierRow, index: usize) -> Multiplier<V> {
    [
        V::load(&row[0], index),
        V::load(&row[1], index),
        V::load(&row[2], index),
        V::load(&row[3], index),
    ]
}

/// `[expression for 0, .., expression for 3 or 7]`, the number being a constant of the name given.
macro_rules! array_of {
    (@ $i:ident $expression:expr; $($value:literal)*) => {
        [$({
            const $i: usize = $value;
            $expression
        }),*]
    };
    (4, $i:ident => $expression:expr) => { array_of!(@ $i $expression; 0 1 2 3) };
    (8, $i:ident => $expression:expr) => { array_of!(@ $i $expression; 0 1 2 3 4 5 6 7) };
}

/// The transform of coefficients, in place. `small`: they are signed numbers of at most 24 bits.
///
/// Meanwhile the rows that are wanted next, those of the key, come nearer: the key as a whole does not
/// fit into any cache, and without that the products would wait for it.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn forward<V: Vector, const R: usize>(
    values: &mut [Row],
    small: bool,
    wanted_next: &[Row],
    multipliers: &[MultiplierRow],
    scratch: &mut Scratch,
) {
    let Buffers { first, middle, .. } = scratch.buffers(256 * R);
    let share = wanted_next.len() / (2 * R);
    for (block, multipliers) in multipliers.chunks_exact(POINTS).enumerate() {
        for row in wanted_next[share * block..share * (block + 1)]
            .iter()
            .step_by(2)
        {
            V::prefetch(row);
        }
        for r in 0..4 {
            let (input, output) = (&values[2 * R * r + block..], &mut first[8 * r..]);
            if small {
                forward_eight::<V, R, true>(input, output);
            } else {
                forward_eight::<V, R, false>(input, output);
            }
        }
        let output = &mut middle[LANES * block..];
        array_of!(8, I => forward_four::<V, R, I>(first, multipliers, output));
    }
    for (i, input) in middle.chunks_exact(middle_stride(R)).enumerate() {
        array_of!(8, T => forward_first::<V, R, T>(input, first));
        for k in 0..8 {
            forward_last::<V, R>(&first[k..], &mut values[8 * R * i + k..]);
        }
    }
}

/// Pass 1, one `r`: eight points over `m'`.
#[cfg_attr(not(debug_assertions), inline(always))]
fn forward_eight<V: Vector, const R: usize, const SMALL: bool>(
    values: &[Row],
    output: &mut [Pair],
) {
    let values = &values[..56 * R + 1];
    let output = &mut output[..8];
    for index in 0..V::PER_ROW {
        let x = array_of!(8, M => {
            let value = V::load(&values[8 * R * M], index);
            if SMALL {
                Limbs::shifted_digit(value, 12 * M as u32)
            } else {
                Limbs::from_word(value).shift(12 * M as u32)
            }
        });
        let y = cyclic::<V, 8, false>(x, NARROW);
        array_of!(8, I => store(&mut output[I], index, y[I]));
    }
}

/// Pass 1, one `i`: the shift, four points over `r`, the barrier.
#[cfg_attr(not(debug_assertions), inline(always))]
fn forward_four<V: Vector, const R: usize, const I: usize>(
    input: &[Pair],
    multipliers: &[MultiplierRow],
    output: &mut [Pair],
) {
    let input = &input[I..I + 25];
    let multipliers = &multipliers[4 * I..4 * I + 4];
    let Some(output) = output[middle_stride(R) * I..].first_chunk_mut() else {
        return;
    };
    for index in 0..V::PER_ROW {
        let x = array_of!(4, R => {
            load::<V>(&input[8 * R], index).shift((3 * (2 * I + 1) * R) as u32)
        });
        let y = cyclic::<V, 4, false>(x, WIDE);
        let z = array_of!(4, S => y[S].mul(multiplier(&multipliers[S], index)));
        V::store_columns(array_of!(4, S => z[S].low), output, 0, index);
        V::store_columns(array_of!(4, S => z[S].high), output, 1, index);
    }
}

/// Pass 2, one `t0`: eight points over `t'`, the shift.
#[cfg_attr(not(debug_assertions), inline(always))]
fn forward_first<V: Vector, const R: usize, const T: usize>(input: &[Pair], output: &mut [Pair]) {
    if T >= R {
        return;
    }
    let input = &input[T..T + 7 * R + 1];
    let output = &mut output[8 * T..8 * T + 8];
    for index in 0..V::PER_ROW {
        let x = array_of!(8, U => load::<V>(&input[R * U], index));
        let y = cyclic::<V, 8, false>(x, NARROW);
        array_of!(8, K => {
            store(&mut output[K], index, y[K].shift((24 / R * K * T) as u32))
        });
    }
}

/// Pass 2, one `k'`: `R` points over `t0`.
#[cfg_attr(not(debug_assertions), inline(always))]
fn forward_last<V: Vector, const R: usize>(input: &[Pair], values: &mut [Row]) {
    let input = &input[..8 * (R - 1) + 1];
    let values = &mut values[..8 * (R - 1) + 1];
    for index in 0..V::PER_ROW {
        let mut x = [load::<V>(&input[0], index); R];
        for t in 1..R {
            x[t] = load(&input[8 * t], index);
        }
        let y = cyclic::<V, R, false>(x, WIDE);
        for k in 0..R {
            y[k].canonical_word().store(&mut values[8 * k], index);
        }
    }
}

/// `N` times the coefficients.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn inverse<V: Vector, const R: usize>(
    input: Input<'_>,
    mut output: Output<'_>,
    multipliers: &[MultiplierRow],
    scratch: &mut Scratch,
) {
    let Buffers {
        first,
        second,
        middle,
    } = scratch.buffers(256 * R);
    let blocks = middle.chunks_exact_mut(middle_stride(R));
    for (i, (output, multipliers)) in blocks.zip(multipliers.chunks_exact(8 * R)).enumerate() {
        input.fill::<V>(8 * R * i, &mut first[..8 * R]);
        array_of!(8, K => inverse_first::<V, R, K>(first, second));
        for t in 0..R {
            inverse_last::<V, R>(&second[8 * t..], &multipliers[8 * t..], &mut output[t..]);
        }
    }
    for block in 0..2 * R {
        let input = &middle[LANES * block..];
        array_of!(8, I => inverse_four::<V, R, I>(input, first));
        for r in 0..4 {
            let (input, start) = (&first[8 * r..], 2 * R * r + block);
            match &mut output {
                Output::Words(rows) => inverse_eight::<V, R, false>(input, &mut rows[start..]),
                Output::Accumulator(rows) => inverse_eight::<V, R, true>(input, &mut rows[start..]),
            }
        }
    }
}

/// Pass 2, one `k'`: `R` points over `k0`, the shift.
#[cfg_attr(not(debug_assertions), inline(always))]
fn inverse_first<V: Vector, const R: usize, const K: usize>(input: &[Pair], output: &mut [Pair]) {
    let input = &input[K..K + 8 * (R - 1) + 1];
    let output = &mut output[K..K + 8 * (R - 1) + 1];
    for index in 0..V::PER_ROW {
        let mut x = [load::<V>(&input[0], index); R];
        for k in 1..R {
            x[k] = load(&input[8 * k], index);
        }
        let y = cyclic::<V, R, true>(x, NARROW);
        array_of!(8, T => {
            if T < R {
                let back = (192 - 24 / R * K * T) as u32;
                store(&mut output[8 * T], index, y[T].shift(back));
            }
        });
    }
}

/// Pass 2, one `t0`: eight points over `k'`, the barrier.
#[cfg_attr(not(debug_assertions), inline(always))]
fn inverse_last<V: Vector, const R: usize>(
    input: &[Pair],
    multipliers: &[MultiplierRow],
    output: &mut [Pair],
) {
    let input = &input[..8];
    let multipliers = &multipliers[..8];
    let output = &mut output[..7 * R + 1];
    for index in 0..V::PER_ROW {
        let x = array_of!(8, K => load::<V>(&input[K], index));
        let y = cyclic::<V, 8, true>(x, WIDE);
        array_of!(8, T => {
            store(&mut output[R * T], index, y[T].mul(multiplier(&multipliers[T], index)))
        });
    }
}

/// Pass 1, one `i`: four points over `s`, the shift.
#[cfg_attr(not(debug_assertions), inline(always))]
fn inverse_four<V: Vector, const R: usize, const I: usize>(input: &[Pair], output: &mut [Pair]) {
    let Some(input) = input[middle_stride(R) * I..].first_chunk() else {
        return;
    };
    let output = &mut output[I..I + 25];
    for index in 0..V::PER_ROW {
        let low = V::load_columns(input, 0, index);
        let high = V::load_columns(input, 1, index);
        let x = array_of!(4, S => Limbs { low: low[S], high: high[S] });
        let y = cyclic::<V, 4, true>(x, NARROW);
        array_of!(4, T => {
            let back = (192 - 3 * (2 * I + 1) * T % 192) as u32;
            store(&mut output[8 * T], index, y[T].shift(back))
        });
    }
}

/// Pass 1, one `r`: eight points over `i`, as words or `ADDED` to an accumulator.
#[cfg_attr(not(debug_assertions), inline(always))]
fn inverse_eight<V: Vector, const R: usize, const ADDED: bool>(input: &[Pair], rows: &mut [Row]) {
    let input = &input[..8];
    let rows = &mut rows[..56 * R + 1];
    for index in 0..V::PER_ROW {
        let x = array_of!(8, I => load::<V>(&input[I], index));
        let y = cyclic::<V, 8, true>(x, WIDE);
        array_of!(8, M => {
            let back = if M == 0 {
                y[M]
            } else {
                y[M].shift(192 - 12 * M as u32).unsigned(WIDE + 1)
            };
            let (word, row) = (back.canonical_word(), &mut rows[8 * R * M]);
            let word = if ADDED {
                V::load(row, index).add(switch_from_prime_lanes(word))
            } else {
                word
            };
            word.store(row, index)
        });
    }
}
