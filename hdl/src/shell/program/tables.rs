//! Lookup tables: loading and freeing.

use super::Writer;
use super::transfers::fill;
use super::variables::{LUT_WORDS_LOG2, state};
use crate::shell::ports;
use goldilane_abi::{Code, flags, layout};

impl Writer {
    fn open_lut_slot(&mut self) {
        let state = self.v.lut.state;
        self.open_slot(self.shape.lut_slots, LUT_WORDS_LOG2, state);
    }

    /// A lookup table, plain or encrypted.
    pub(super) fn load_lut(&mut self) {
        let (v, r) = (self.v, self.r);
        let (shape, map) = (self.shape, self.map);
        self.expect_aligned(v.source);
        self.open_lut_slot();
        let free = self.a.label();
        self.a.if_ne(v.lut.state, state::READY, free);
        self.fail(Code::SlotOccupied, 0);
        self.a.bind(free);
        let (whole, plain) = (
            layout::lut_bytes(&shape, false) as u32,
            layout::lut_bytes(&shape, true) as u32,
        );
        let line_log2 = (shape.line_bytes() as u32).trailing_zeros();
        let a = &mut self.a;
        let (encrypted, checked) = (a.label(), a.label());
        a.and(v.t1, v.flags, u32::from(flags::PLAIN_LUT));
        a.set(v.needed, whole);
        a.if_eq(v.t1, 0, encrypted);
        a.set(v.needed, plain);
        a.bind(encrypted);
        self.expect_length(v.needed);
        let a = &mut self.a;
        a.call(r.wait_fill);
        a.set(v.lut.state, state::LOADING);
        a.shl(v.line, v.slot, map.lut_stride.trailing_zeros());
        a.add(v.line, v.line, map.lut_base as u32);
        a.add(v.crc_line, v.slot, map.lut_crc_base as u32);
        a.and(v.t1, v.flags, u32::from(flags::PLAIN_LUT));
        let one_part = a.label();
        a.if_eq(v.t1, 0, one_part);
        // The mask is zero: lines without a source, whose CRC goes on into the body's.
        let zeros = (whole - plain) >> line_log2;
        a.output(ports::FILL_LINES, v.line);
        a.output(ports::FILL_START, zeros | fill::FIRST);
        a.call(r.wait_fill);
        a.add(v.line, v.line, zeros);
        a.set(v.lines, plain >> line_log2);
        self.load_lines(fill::LAST);
        let a = &mut self.a;
        a.jump(checked);
        a.bind(one_part);
        a.set(v.lines, whole >> line_log2);
        self.load_lines(fill::FIRST | fill::LAST);
        self.a.bind(checked);
        self.expect_crc();
        self.a.set(v.lut.state, state::READY);
        self.a.set(v.info, v.lut.generation);
    }

    /// Forgets a lookup table.
    pub(super) fn free_lut(&mut self) {
        let v = self.v;
        self.open_lut_slot();
        self.expect_eq(v.lut.state, state::READY, Code::UnknownLut, 0);
        self.expect_eq(v.lut.generation, v.generation, Code::UnknownLut, 0);
        self.expect_eq(v.lut.uses, 0, Code::InUse, 0);
        // Entries that were not fetched yet may name it: while a descriptor gathers, nothing is let go.
        for pair in 0..self.shape.queue_pairs {
            self.a.set_z(16 * pair);
            self.expect_eq(v.qz.job, 0, Code::InUse, 0);
        }
        let a = &mut self.a;
        a.set(v.lut.state, state::CLEARING);
        a.add(v.lut.generation, v.lut.generation, 1);
        a.and(v.lut.generation, v.lut.generation, 0xffff);
        a.add(v.clearing, v.clearing, 1);
        a.call(self.r.publish);
    }
}
