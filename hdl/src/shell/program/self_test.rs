//! The self-test: memories on the chip, one known external product, unused board memory.
//!
//! It waits until the core has nothing to do and no batch gathers, so that nothing is disturbed. The core gets constant
//! lines in the place of keys and tables (see `board_read`); its results are not written anywhere, only their CRC is looked
//! at. `info` gets bit 0 for memories (patterns through the accumulators, parity of the key buffers), bit 1 for board
//! memory (a pattern over every free LUT slot, checked and zeroised), bit 2 for the arithmetic.

use super::Writer;
use super::transfers::fill;
use super::variables::{LUT_WORDS_LOG2, state};
use crate::shell::board_read::COLUMN_BIT;
use crate::shell::host_write::Source;
use crate::shell::known_answer::{INPUT, KS_BASE_LOG, KS_LEVELS, PATTERNS, TABLE, known_answer};
use crate::shell::ports;
use goldilane_abi::{CheckpointKind, Code};

/// Marks a pair whose job is the self-test.
pub const SELF_TEST_JOB: u32 = 0xffff;
const ON_CHIP: u32 = 1 << 0;
const BOARD_MEMORY: u32 = 1 << 1;
const ARITHMETIC: u32 = 1 << 2;

impl Writer {
    /// The descriptor: the pair's job from now on; no entry is taken any more until it is done.
    pub(super) fn self_test(&mut self, out: super::Label) {
        let v = self.v;
        let a = &mut self.a;
        a.set(v.q.job, SELF_TEST_JOB);
        a.set(v.m.ticket, v.ticket);
        a.set(v.m.flags, v.flags);
        a.add(v.exclusive, v.exclusive, 1);
        a.jump(out);
    }

    /// Routines `run_self_test`, `test_batch`, `test_results`.
    pub(super) fn self_tests(&mut self) {
        self.run_self_test();
        self.test_batch();
        self.test_result();
    }

    /// A constant of 64 bits in `d`; `t2` changes.
    fn wide(&mut self, d: super::Var, value: u64) {
        let t = self.v.t2;
        self.a.set(d, (value >> 32) as u32);
        self.a.shl(d, d, 32);
        self.a.set(t, value as u32);
        self.a.or(d, d, t);
    }

    /// The turn of a pair at X whose job is the self-test.
    fn run_self_test(&mut self) {
        let (v, r) = (self.v, self.r);
        let known = known_answer(&self.shape);
        let slots = self.shape.slots;
        let out = self.a.label();
        self.a.begin(r.run_self_test, "run_self_test");
        // What gathered is handed over; then the core must be through and clean.
        let empty = self.a.label();
        self.a.if_eq(v.fill, 0, empty);
        self.a.set(v.closed, 1);
        self.a.bind(empty);
        for busy in [v.fill, v.bank_busy, v.bank_busy.at(1), v.core_clearing] {
            self.a.if_ne(busy, 0, out);
        }
        self.a.set(v.progress, 1);
        self.a.set(v.test_failed, 0);
        self.a.output(ports::TEST_MODE, 1);
        for (i, word) in [known.ggsw, known.column].into_iter().enumerate() {
            self.wide(v.t0, word);
            self.a.output(ports::TEST_WORD.at(i), v.t0);
        }

        // Patterns through the accumulators of all slots.
        for (pattern, crc) in PATTERNS.into_iter().zip(known.pattern_crcs) {
            self.wide(v.t0, pattern);
            self.a.output(ports::TEST_WORD.at(2), v.t0);
            self.a.set(v.test_steps, 0);
            self.a.set(v.test_fill, slots);
            self.a.call(r.test_batch);
            self.a.set(v.fill_slot, 0);
            let again = self.a.here();
            self.expect_result(crc, ON_CHIP);
            self.a.add(v.fill_slot, v.fill_slot, 1);
            self.a.if_lt(v.fill_slot, slots, again);
            self.a.output(ports::RESULTS_DONE, 0);
        }

        // One external product: a ciphertext in slot 0, one step.
        let words_of_beat = crate::shell::Widths::of(&self.shape).words;
        let beats = self.shape.ciphertext_words().div_ceil(words_of_beat) as u32;
        self.wide(v.t0, INPUT);
        self.a.output(ports::OWN_LWE_WORD, v.t0);
        self.a.shl(v.t0, v.bank, 16);
        self.a.add(v.t1, v.t0, beats);
        let again = self.a.here();
        self.a.output(ports::OWN_LWE, v.t0);
        self.a.add(v.t0, v.t0, 1);
        self.a.if_lt(v.t0, v.t1, again);
        self.wide(v.t0, TABLE);
        self.a.output(ports::TEST_WORD.at(2), v.t0);
        self.a.set(v.test_steps, 1);
        self.a.set(v.test_fill, 1);
        self.a.call(r.test_batch);
        self.a.set(v.fill_slot, 0);
        self.expect_result(known.product_crc, ARITHMETIC);
        self.a.output(ports::RESULTS_DONE, 0);
        self.test_board_memory();

        let a = &mut self.a;
        a.output(ports::TEST_MODE, 0);
        a.output(ports::FAULT_CLEAR, 0);
        a.set(v.q.job, 0);
        a.sub(v.exclusive, v.exclusive, 1);
        a.set(v.ticket, v.m.ticket);
        a.set(v.flags, v.m.flags);
        a.set(v.failed, 0);
        a.set(v.info, v.test_failed);
        a.set(v.code, Code::Success as u32);
        let passed = a.label();
        a.if_eq(v.test_failed, 0, passed);
        a.set(v.code, Code::SelfTestFailed as u32);
        a.bind(passed);
        a.call(r.complete);
        a.bind(out);
        a.ret(r.run_self_test);
    }

    /// Reads slot `fill_slot` and notes `part` unless its CRC is `crc`.
    fn expect_result(&mut self, crc: u32, part: u32) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let good = a.label();
        a.call(r.test_result);
        a.if_eq(v.crc, crc, good);
        a.or(v.test_failed, v.test_failed, part);
        a.bind(good);
    }

    /// Runs `test_fill` slots for `test_steps` steps of a key with n = 1 in constant lines.
    fn test_batch(&mut self) {
        let (v, r) = (self.v, self.r);
        let map = self.map;
        let b = self.shape.max_pbs_base_log;
        let a = &mut self.a;
        a.begin(r.test_batch, "test_batch");
        let ready = a.here();
        a.call(r.tend);
        a.input(v.t0, ports::CORE_STATUS);
        a.bits(v.t0, v.t0, 0, 1);
        a.if_eq(v.t0, 0, ready);
        // Numbers as in `start_batch`: levels 1, base, key-switch levels and base, n = 1.
        a.set(v.t0, ((1 << 6 | b) << 4 | KS_LEVELS) << 3 | KS_BASE_LOG);
        a.shl(v.t0, v.t0, 11);
        a.or(v.t0, v.t0, 1);
        for (value, shift) in [(v.test_steps, 11), (v.test_fill, 7), (v.bank, 1)] {
            a.shl(v.t0, v.t0, shift);
            a.or(v.t0, v.t0, value);
        }
        a.output(ports::BATCH_NUMBERS, v.t0);
        // Lines that tell GGSWs, columns and tables apart; none of them is read.
        a.set(v.t0, 1 << COLUMN_BIT);
        a.shl(v.t0, v.t0, 32);
        a.output(ports::BATCH_LINES, v.t0);
        a.output(ports::BATCH_CRC_LINES, 0);
        a.set(v.t0, 0);
        let again = a.here();
        a.set_z(v.t0);
        a.output(ports::LUT_LINE.z(), map.lut_base as u32);
        a.add(v.t0, v.t0, 1);
        a.if_lt(v.t0, v.test_fill, again);
        a.output(ports::BATCH_START, 0);
        let (wait, sound) = (a.here(), a.label());
        a.call(r.tend);
        a.input(v.t0, ports::CORE_STATUS);
        a.bits(v.t1, v.t0, 1, 1);
        a.if_eq(v.t1, 0, wait);
        a.bits(v.t1, v.t0, 2, 2);
        a.if_eq(v.t1, 0, sound);
        a.or(v.test_failed, v.test_failed, ON_CHIP);
        a.bind(sound);
        a.ret(r.test_batch);
    }

    /// `crc` = CRC of the accumulator of slot `fill_slot`.
    fn test_result(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        a.begin(r.test_result, "test_result");
        a.set(v.t0, 0);
        self.start_write(v.t0, 0, Source::Checked, true);
        let a = &mut self.a;
        a.or(v.t0, v.fill_slot, (CheckpointKind::Accumulator as u32) << 8);
        a.output(ports::RESULT_READ, v.t0);
        a.call(r.wait_write);
        // The CRC ends a few clocks after the last word; an instruction is longer.
        a.input(v.write_status, ports::WRITE_STATUS);
        a.bits(v.crc, v.write_status, 32, 32);
        a.ret(r.test_result);
    }

    /// A pattern over every free LUT slot: written, checked by its CRCs, zeroised.
    fn test_board_memory(&mut self) {
        let (v, r) = (self.v, self.r);
        let map = self.map;
        let lines = map.lut_stride as u32;
        let a = &mut self.a;
        a.call(r.wait_fill);
        a.output(ports::TEST_MODE, 2);
        a.set(v.test_slot, 0);
        let again = a.here();
        let (next, good) = (a.label(), a.label());
        a.shl(v.t0, v.test_slot, LUT_WORDS_LOG2);
        a.set_z(v.t0);
        a.if_ne(v.lut_z.state, state::EMPTY, next);
        a.shl(v.line, v.test_slot, map.lut_stride.trailing_zeros());
        a.add(v.line, v.line, map.lut_base as u32);
        a.add(v.crc_line, v.test_slot, map.lut_crc_base as u32);
        a.shl(v.t0, v.crc_line, 32);
        a.or(v.t0, v.t0, v.line);
        a.output(ports::FILL_LINES, v.t0);
        a.output(ports::TEST_LINES, v.t0);
        a.output(
            ports::FILL_START,
            lines | fill::PATTERN | fill::FIRST | fill::LAST,
        );
        a.call(r.wait_fill);
        a.output(ports::TEST_REQUEST, lines);
        let wait = a.here();
        a.call(r.tend);
        a.input(v.t0, ports::TEST_CHECK);
        a.bits(v.t1, v.t0, 0, 1);
        a.if_eq(v.t1, 0, wait);
        a.bits(v.t1, v.t0, 1, 1);
        a.if_eq(v.t1, 0, good);
        a.or(v.test_failed, v.test_failed, BOARD_MEMORY);
        a.output(ports::LUT_FAULT_NEXT, 0);
        a.bind(good);
        a.output(ports::FILL_LINES, v.line);
        a.output(ports::FILL_START, lines);
        a.call(r.wait_fill);
        a.output(ports::FILL_LINES, v.crc_line);
        a.output(ports::FILL_START, 1);
        a.call(r.wait_fill);
        a.bind(next);
        a.add(v.test_slot, v.test_slot, 1);
        a.if_lt(v.test_slot, self.shape.lut_slots, again);
    }
}
