//! Vectors of words: the one place where the golden model leaves what every machine of the target can do.
//!
//! The quick paths are written once, for any [`Vector`] of words: a single one, of which every machine is capable
//! (and out of which the compiler makes such vectors as all machines of the target have), or four of them
//! in an AVX2 register. [`Simd::run`] does a piece of [`Work`] with the vector of choice. The operations are
//! those of integers modulo `2^64` in each lane, nothing is compared and nothing branches, so that the
//! words cannot depend on the vector; the tests compare them all the same.
//!
//! All code of a piece of work must be `inline(always)`, closures excepted only when they touch no
//! vector: what is not inlined into the function compiled for AVX2 is not compiled for AVX2.

#![allow(
    unsafe_code,
    reason = "instructions that only a run-time check makes legal"
)]

/// Words in the lanes of a row.
pub const LANES: usize = 4;
/// One word of each of four columns.
pub type Row = [u64; LANES];

/// A number of words on which the same is done. All operations are modulo `2^64`, lane by lane.
pub trait Vector: Copy {
    /// Vectors in a row.
    const PER_ROW: usize;

    /// The same word in all lanes.
    fn splat(word: u64) -> Self;
    /// Vector number `index` of a row.
    fn load(row: &Row, index: usize) -> Self;
    /// Overwrites vector number `index` of a row.
    fn store(self, row: &mut Row, index: usize);
    /// `self + other`.
    fn add(self, other: Self) -> Self;
    /// `self - other`.
    fn sub(self, other: Self) -> Self;
    /// Bitwise and.
    fn and(self, other: Self) -> Self;
    /// `self << count`, `count < 64`.
    fn shl(self, count: u32) -> Self;
    /// `self >> count`, zeros shifted in, `count < 64`.
    fn shr(self, count: u32) -> Self;
    /// The product of the low 32 bits of both.
    fn mul(self, other: Self) -> Self;
    /// Asks for the cache line in which a row begins, in vain where that cannot be asked for.
    #[inline(always)]
    fn prefetch(_row: &Row) {}
    /// Vector `index` of each column of a square of four rows, limb `plane` of the pairs.
    fn load_columns(rows: &[[Row; 2]; LANES], plane: usize, index: usize) -> [Self; LANES];
    /// Overwrites vector `index` of each column.
    fn store_columns(
        columns: [Self; LANES],
        rows: &mut [[Row; 2]; LANES],
        plane: usize,
        index: usize,
    );
}

impl Vector for u64 {
    const PER_ROW: usize = LANES;

    #[inline(always)]
    fn splat(word: u64) -> Self {
        word
    }

    #[inline(always)]
    fn load(row: &Row, index: usize) -> Self {
        row[index]
    }

    #[inline(always)]
    fn store(self, row: &mut Row, index: usize) {
        row[index] = self;
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }

    #[inline(always)]
    fn shl(self, count: u32) -> Self {
        self.wrapping_shl(count)
    }

    #[inline(always)]
    fn shr(self, count: u32) -> Self {
        self.wrapping_shr(count)
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        (self & 0xffff_ffff).wrapping_mul(other & 0xffff_ffff)
    }

    #[inline(always)]
    fn load_columns(rows: &[[Row; 2]; LANES], plane: usize, index: usize) -> [Self; LANES] {
        rows[index][plane]
    }

    #[inline(always)]
    fn store_columns(
        columns: [Self; LANES],
        rows: &mut [[Row; 2]; LANES],
        plane: usize,
        index: usize,
    ) {
        rows[index][plane] = columns;
    }
}

/// A piece of work to be done with some vector.
pub trait Work {
    /// Does it. Must be `inline(always)`.
    fn run<V: Vector>(self);
}

/// An instruction set that the machine is known to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simd {
    /// Set by [`Simd::detect`] alone.
    avx2: bool,
}

impl Simd {
    /// What every machine of the target has.
    pub const BASELINE: Self = Self { avx2: false };

    /// The best that this machine has.
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        let avx2 = std::arch::is_x86_feature_detected!("avx2");
        #[cfg(not(target_arch = "x86_64"))]
        let avx2 = false;
        Self { avx2 }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        if self.avx2 { "AVX2" } else { "baseline" }
    }

    /// Does the work with this instruction set.
    #[inline]
    pub fn run(self, work: impl Work) {
        #[cfg(target_arch = "x86_64")]
        if self.avx2 {
            // SAFETY: `detect`, which alone makes such a value, has asked the processor for AVX2.
            unsafe { avx2::run(work) };
            return;
        }
        work.run::<u64>();
    }
}

/// Four words in a register.
#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{LANES, Row, Vector, Work};
    use std::arch::x86_64::{
        __m256i, _MM_HINT_T1, _mm_cvtsi32_si128, _mm_prefetch, _mm256_add_epi64, _mm256_and_si256,
        _mm256_loadu_si256, _mm256_mul_epu32, _mm256_permute2x128_si256, _mm256_set1_epi64x,
        _mm256_sll_epi64, _mm256_srl_epi64, _mm256_storeu_si256, _mm256_sub_epi64,
        _mm256_unpackhi_epi64, _mm256_unpacklo_epi64,
    };

    /// Private: only work that [`run`] has begun can get hold of one, hence only where there is AVX2.
    /// This is what makes every intrinsic below legal.
    #[derive(Clone, Copy)]
    struct Four(__m256i);

    /// Does the work with vectors of four words.
    #[target_feature(enable = "avx2")]
    pub fn run(work: impl Work) {
        work.run::<Four>();
    }

    /// Rows and columns exchanged.
    #[inline(always)]
    fn transpose([Four(a), Four(b), Four(c), Four(d)]: [Four; LANES]) -> [Four; LANES] {
        // SAFETY: a `Four` exists, so there is AVX2.
        unsafe {
            let (ab0, ab1) = (_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
            let (cd0, cd1) = (_mm256_unpacklo_epi64(c, d), _mm256_unpackhi_epi64(c, d));
            [
                Four(_mm256_permute2x128_si256::<0x20>(ab0, cd0)),
                Four(_mm256_permute2x128_si256::<0x20>(ab1, cd1)),
                Four(_mm256_permute2x128_si256::<0x31>(ab0, cd0)),
                Four(_mm256_permute2x128_si256::<0x31>(ab1, cd1)),
            ]
        }
    }

    impl Vector for Four {
        const PER_ROW: usize = 1;

        #[inline(always)]
        fn splat(word: u64) -> Self {
            // SAFETY: called by work that `run` has begun, so there is AVX2.
            Self(unsafe { _mm256_set1_epi64x(word as i64) })
        }

        #[inline(always)]
        fn load(row: &Row, _index: usize) -> Self {
            // SAFETY: as above; a row is 32 readable bytes, and the load asks for no alignment.
            Self(unsafe { _mm256_loadu_si256(row.as_ptr().cast()) })
        }

        #[inline(always)]
        fn store(self, row: &mut Row, _index: usize) {
            // SAFETY: a `Four` exists, so there is AVX2; a row is 32 writable bytes.
            unsafe { _mm256_storeu_si256(row.as_mut_ptr().cast(), self.0) };
        }

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            // SAFETY: a `Four` exists, so there is AVX2. So in all that follow.
            Self(unsafe { _mm256_add_epi64(self.0, other.0) })
        }

        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            // SAFETY: as in `add`.
            Self(unsafe { _mm256_sub_epi64(self.0, other.0) })
        }

        #[inline(always)]
        fn and(self, other: Self) -> Self {
            // SAFETY: as in `add`.
            Self(unsafe { _mm256_and_si256(self.0, other.0) })
        }

        #[inline(always)]
        fn shl(self, count: u32) -> Self {
            // SAFETY: as in `add`; SSE2 is part of the target. A constant count becomes an immediate.
            Self(unsafe { _mm256_sll_epi64(self.0, _mm_cvtsi32_si128(count as i32)) })
        }

        #[inline(always)]
        fn shr(self, count: u32) -> Self {
            // SAFETY: as in `shl`.
            Self(unsafe { _mm256_srl_epi64(self.0, _mm_cvtsi32_si128(count as i32)) })
        }

        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            // SAFETY: as in `add`.
            Self(unsafe { _mm256_mul_epu32(self.0, other.0) })
        }

        #[inline(always)]
        fn prefetch(row: &Row) {
            // SAFETY: a prefetch reads nothing; SSE is part of the target.
            unsafe { _mm_prefetch::<_MM_HINT_T1>(row.as_ptr().cast()) };
        }

        #[inline(always)]
        fn load_columns(rows: &[[Row; 2]; LANES], plane: usize, index: usize) -> [Self; LANES] {
            transpose([
                Self::load(&rows[0][plane], index),
                Self::load(&rows[1][plane], index),
                Self::load(&rows[2][plane], index),
                Self::load(&rows[3][plane], index),
            ])
        }

        #[inline(always)]
        fn store_columns(
            columns: [Self; LANES],
            rows: &mut [[Row; 2]; LANES],
            plane: usize,
            index: usize,
        ) {
            let [a, b, c, d] = transpose(columns);
            a.store(&mut rows[0][plane], index);
            b.store(&mut rows[1][plane], index);
            c.store(&mut rows[2][plane], index);
            d.store(&mut rows[3][plane], index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every operation on two rows, one result after another.
    struct Everything<'a> {
        a: Row,
        b: Row,
        results: &'a mut Vec<Row>,
    }

    impl Work for Everything<'_> {
        #[inline(always)]
        fn run<V: Vector>(self) {
            let mut out = [[0; LANES]; 10];
            let mut squares = [[[0; LANES]; 2]; LANES];
            for index in 0..V::PER_ROW {
                let (a, b) = (V::load(&self.a, index), V::load(&self.b, index));
                a.add(b).store(&mut out[0], index);
                a.sub(b).store(&mut out[1], index);
                a.and(b).store(&mut out[2], index);
                a.mul(b).store(&mut out[3], index);
                a.shl(0).store(&mut out[4], index);
                a.shl(13).store(&mut out[5], index);
                a.shl(63).store(&mut out[6], index);
                a.shr(0).store(&mut out[7], index);
                a.shr(48).store(&mut out[8], index);
                V::splat(self.a[3]).store(&mut out[9], index);
                V::store_columns([a, b, b, a], &mut squares, 0, index);
                V::store_columns([b, a, a, a.add(b)], &mut squares, 1, index);
            }
            V::prefetch(&self.a);
            let mut columns = [[[0; LANES]; 2]; LANES];
            for index in 0..V::PER_ROW {
                for plane in 0..2 {
                    let read = V::load_columns(&squares, plane, index);
                    for (column, row) in read.into_iter().zip(&mut columns) {
                        column.store(&mut row[plane], index);
                    }
                }
            }
            self.results.extend(out);
            self.results.extend(squares.into_iter().flatten());
            self.results.extend(columns.into_iter().flatten());
        }
    }

    fn everything(simd: Simd, a: Row, b: Row) -> Vec<Row> {
        let mut results = Vec::new();
        simd.run(Everything {
            a,
            b,
            results: &mut results,
        });
        results
    }

    const EDGES: [u64; 8] = [
        0,
        1,
        0xffff_ffff,
        1 << 32,
        1 << 63,
        !0,
        0x5555 << 20,
        3 << 47,
    ];

    #[test]
    fn one_word_at_a_time_is_plain_arithmetic() {
        let (a, b) = ([1, 2, u64::MAX, 1 << 63], [3, 5, 7, 1 << 63]);
        let out = everything(Simd::BASELINE, a, b);
        assert_eq!(out[0], [4, 7, 6, 0]);
        assert_eq!(out[1], [!1, !2, u64::MAX - 7, 0]);
        assert_eq!(out[2], [1, 0, 7, 1 << 63]);
        assert_eq!(out[3], [3, 10, 7 * 0xffff_ffff, 0]);
        assert_eq!(out[5], [1 << 13, 2 << 13, u64::MAX << 13, 0]);
        assert_eq!(out[8], [0, 0, 0xffff, 0x8000]);
        assert_eq!(out[9], [1 << 63; LANES]);
        // the squares' rows, by plane, of columns a, b, b, a and b, a, a, a + b
        assert_eq!(out[10..12], [[1, 3, 3, 1], [3, 1, 1, 4]]);
        assert_eq!(
            out[16..18],
            [[1 << 63; LANES], [1 << 63, 1 << 63, 1 << 63, 0]]
        );
        // and the columns read back
        assert_eq!(out[18..20], [a, b]);
        assert_eq!(out[24..26], [a, out[0]]);
    }

    #[test]
    fn all_vectors_do_the_same() {
        let simd = Simd::detect();
        if simd == Simd::BASELINE {
            println!("no AVX2 here: there are no other vectors to compare");
            return;
        }
        let row = |from: usize| std::array::from_fn(|lane| EDGES[(from + 3 * lane) % EDGES.len()]);
        for a in 0..EDGES.len() {
            for b in 0..EDGES.len() {
                let scalar = everything(Simd::BASELINE, row(a), row(b));
                assert_eq!(everything(simd, row(a), row(b)), scalar);
            }
        }
    }
}
