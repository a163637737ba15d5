//! The clearing of freed slots, which goes on in the background.

use super::Writer;
use super::variables::{KEY_WORDS_LOG2, LUT_WORDS_LOG2, state};
use crate::shell::ports;

impl Writer {
    /// Routines `clear_step`, `set_empty`.
    pub(super) fn clearing(&mut self) {
        self.clear_step();
        self.set_empty();
    }

    /// The next stretch of the background's work: looks at one slot, zeroises one piece of it.
    fn clear_step(&mut self) {
        let (v, r) = (self.v, self.r);
        let (shape, map) = (self.shape, self.map);
        let a = &mut self.a;
        let (out, luts, next, wrapped) = (a.label(), a.label(), a.label(), a.label());
        a.begin(r.clear_step, "clear_step");
        // The core clears itself; the level falls when it is through.
        let core_done = a.label();
        a.if_eq(v.core_clearing, 0, core_done);
        a.input(v.t0, ports::CORE_STATUS);
        a.bits(v.t0, v.t0, 5, 1);
        a.if_eq(v.t0, 1, core_done);
        a.if_ne(v.halting, 0, core_done);
        a.output(ports::HALT, 0);
        a.set(v.core_clearing, 0);
        a.call(r.publish);
        a.bind(core_done);
        a.if_ne(v.halting, 0, out);
        a.if_eq(v.clearing, 0, out);
        a.input(v.t0, ports::FILL_STATUS);
        a.bits(v.t0, v.t0, 0, 1);
        a.if_eq(v.t0, 1, out);
        a.if_ge(v.clear_slot, shape.key_slots, luts);

        // A key: GGSWs, columns, the CRC lines of both; only those that were written.
        a.shl(v.t0, v.clear_slot, KEY_WORDS_LOG2);
        a.set_z(v.t0);
        a.if_ne(v.key_z.state, state::CLEARING, next);
        a.mul(v.line, v.clear_slot, map.slot_lines as u32);
        let (columns, ggsw_crcs, column_crcs, start) = (a.label(), a.label(), a.label(), a.label());
        // A piece whose loading failed lies behind the counted ones.
        a.add(v.ggsw_end, v.key_z.ggsws, 1);
        a.add(v.column_end, v.key_z.columns, 1);
        a.add(v.column_end, v.column_end, v.ggsw_end);
        a.set(v.t1, v.key_z.cleared);
        a.add(v.key_z.cleared, v.key_z.cleared, 1);
        a.if_ge(v.t1, v.ggsw_end, columns);
        a.shl(v.t2, v.t1, map.ggsw_stride.trailing_zeros());
        a.add(v.line, v.line, v.t2);
        a.set(v.lines, map.ggsw_stride as u32);
        a.if_lt(v.t1, shape.max_lwe_dimension, start);
        a.jump(out);
        a.bind(columns);
        a.if_ge(v.t1, v.column_end, ggsw_crcs);
        a.sub(v.t1, v.t1, v.ggsw_end);
        a.shl(v.t2, v.t1, map.ksk_stride.trailing_zeros());
        a.add(v.line, v.line, v.t2);
        a.add(v.line, v.line, map.ksk_offset as u32);
        a.set(v.lines, map.ksk_stride as u32);
        a.if_lt(v.t1, shape.max_lwe_dimension + 1, start);
        a.jump(out);
        a.bind(ggsw_crcs);
        a.if_ne(v.t1, v.column_end, column_crcs);
        a.add(v.line, v.line, map.ggsw_crc_offset as u32);
        a.set(v.lines, shape.max_lwe_dimension);
        a.jump(start);
        a.bind(column_crcs);
        a.add(v.column_end, v.column_end, 2);
        let empty = a.label();
        a.if_eq(v.t1, v.column_end, empty);
        a.add(v.line, v.line, map.ksk_crc_offset as u32);
        a.set(v.lines, shape.max_lwe_dimension + 1);
        a.sub(v.column_end, v.column_end, 1);
        a.bind(start);
        a.output(ports::FILL_LINES, v.line);
        a.output(ports::FILL_START, v.lines);
        a.jump(out);
        a.bind(empty);
        for word in [
            v.key_z.state,
            v.key_z.ggsws,
            v.key_z.columns,
            v.key_z.cleared,
        ] {
            a.set(word, 0);
        }
        a.call(r.set_empty);
        a.jump(next);

        // A lookup table: its lines, then its CRC line; `uses` counts, nothing uses it.
        a.bind(luts);
        a.sub(v.t1, v.clear_slot, shape.key_slots);
        a.shl(v.t0, v.t1, LUT_WORDS_LOG2);
        a.set_z(v.t0);
        a.if_ne(v.lut_z.state, state::CLEARING, next);
        let (lut_crc, lut_empty) = (a.label(), a.label());
        a.add(v.lut_z.uses, v.lut_z.uses, 1);
        a.if_eq(v.lut_z.uses, 2, lut_crc);
        a.if_eq(v.lut_z.uses, 3, lut_empty);
        a.shl(v.line, v.t1, map.lut_stride.trailing_zeros());
        a.add(v.line, v.line, map.lut_base as u32);
        a.set(v.lines, map.lut_stride as u32);
        a.jump(start);
        a.bind(lut_crc);
        a.add(v.line, v.t1, map.lut_crc_base as u32);
        a.set(v.lines, 1);
        a.jump(start);
        a.bind(lut_empty);
        a.set(v.lut_z.state, state::EMPTY);
        a.set(v.lut_z.uses, 0);
        a.call(r.set_empty);
        a.bind(next);
        a.add(v.clear_slot, v.clear_slot, 1);
        a.if_ge(v.clear_slot, shape.key_slots + shape.lut_slots, wrapped);
        a.bind(out);
        a.ret(r.clear_step);
        a.bind(wrapped);
        a.set(v.clear_slot, 0);
        a.ret(r.clear_step);
    }

    /// One slot less is being cleared.
    fn set_empty(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        a.begin(r.set_empty, "set_empty");
        a.sub(v.clearing, v.clearing, 1);
        a.call(r.publish);
        a.ret(r.set_empty);
    }
}
