//! Loopback, keys, lookup tables: loading, committing, freeing, and the clearing that goes on in the background.

use super::Writer;
use super::transfers::fill;
use super::variables::{KEY_WORDS_LOG2, LUT_WORDS_LOG2, state};
use crate::shell::host_read::Destination;
use crate::shell::host_write::Source;
use crate::shell::instruction::Var;
use crate::shell::ports;
use goldilane_abi::descriptor::fields;
use goldilane_abi::{
    Code, MAX_KS_BASE_LOG, MAX_KS_LEVELS, ModulusSwitch, PieceKind, flags, layout,
};

impl Writer {
    /// Routines `wait_fill`'s users and the background: `clear_step`, `set_empty`.
    pub(super) fn objects(&mut self) {
        self.clear_step();
        self.set_empty();
    }

    /// Checks the CRC of what was read, if the descriptor asks for it; `info` is what it is.
    fn expect_crc(&mut self) {
        let v = self.v;
        let unchecked = self.a.label();
        self.a.and(v.t0, v.flags, u32::from(flags::CRC));
        self.a.if_eq(v.t0, 0, unchecked);
        self.field(v.t0, v.descriptor, fields::CRC);
        let good = self.a.label();
        self.a.if_eq(v.t0, v.crc, good);
        self.fail(Code::CrcMismatch, 0);
        self.a.bind(good);
        self.a.bind(unchecked);
    }

    /// Host memory to host memory.
    pub(super) fn loopback(&mut self) {
        let (v, r) = (self.v, self.r);
        self.expect_aligned(v.source);
        self.expect_aligned(v.destination);
        self.a.and(v.t0, v.length, 7);
        self.expect_eq(v.t0, 0, Code::Misaligned, 0);
        let some = self.a.label();
        self.a.if_ne(v.length, 0, some);
        self.fail(Code::WrongLength, 8);
        self.a.bind(some);
        self.start_write(v.destination, v.length, Source::Loopback, false);
        self.start_read(v.source, v.length, Destination::Loopback);
        self.a.call(r.wait_read);
        self.a.call(r.wait_write);
        self.expect_eq(v.read_error, 0, Code::ReadFault, 0);
        self.expect_eq(v.write_error, 0, Code::WriteFault, 0);
        let plain = self.a.label();
        self.a.and(v.t0, v.flags, u32::from(flags::CRC));
        self.a.if_eq(v.t0, 0, plain);
        self.a.set(v.info, v.crc);
        self.field(v.t0, v.descriptor, fields::CRC);
        self.a.if_eq(v.t0, v.crc, plain);
        self.a.set(v.code, Code::CrcMismatch as u32);
        self.a.bind(plain);
    }

    /// Checks the slot that the descriptor names, Y is its record afterwards.
    fn open_slot(&mut self, slots: u32, words_log2: u32, slot_state: Var) {
        let v = self.v;
        self.expect_lt(v.slot, slots, Code::NoSuchSlot, slots);
        self.a.shl(v.t0, v.slot, words_log2);
        self.a.set_y(v.t0);
        let usable = self.a.label();
        self.a.if_ne(slot_state, state::CLEARING, usable);
        self.fail(Code::Clearing, 0);
        self.a.bind(usable);
    }

    fn open_key_slot(&mut self) {
        let state = self.v.key.state;
        self.open_slot(self.shape.key_slots, KEY_WORDS_LOG2, state);
    }

    fn open_lut_slot(&mut self) {
        let state = self.v.lut.state;
        self.open_slot(self.shape.lut_slots, LUT_WORDS_LOG2, state);
    }

    /// The descriptor's key shape in one word: bits 47:0 of its word 5; the modulus switch is always the centered one.
    fn key_shape(&mut self) {
        let v = self.v;
        self.a
            .bits(v.shape, v.descriptor.at(fields::LWE_DIMENSION.word), 0, 48);
        self.field(v.n, v.descriptor, fields::LWE_DIMENSION);
    }

    /// Ends the descriptor unless `1 <= value <= limit`.
    fn expect_range(&mut self, value: Var, limit: u32, code: Code) {
        let good = self.a.label();
        let bad = self.a.label();
        self.a.if_eq(value, 0, bad);
        self.a.if_lt(value, limit + 1, good);
        self.a.bind(bad);
        self.fail(code, limit);
        self.a.bind(good);
    }

    /// The ranges of a key's numbers, in the order of `KeyShape::check`.
    fn expect_key_ranges(&mut self) {
        let v = self.v;
        let d = v.descriptor;
        self.field(v.t1, d, fields::MODULUS_SWITCH);
        let centered = ModulusSwitch::Centered as u32;
        self.expect_lt(v.t1, centered + 1, Code::ModulusSwitchUnsupported, centered);
        self.expect_range(
            v.n,
            self.shape.max_lwe_dimension,
            Code::LweDimensionOutOfRange,
        );
        self.field(v.bits, d, fields::PBS_BASE_LOG);
        self.expect_range(v.bits, self.shape.max_pbs_base_log, Code::PbsBaseOutOfRange);
        // At most so many levels that base times levels is at most 63.
        self.field(v.levels, d, fields::PBS_LEVELS);
        let a = &mut self.a;
        a.set(v.t1, 0);
        a.set(v.t2, 0);
        let (again, found, good, bad) = (a.here(), a.label(), a.label(), a.label());
        a.add(v.t2, v.t2, v.bits);
        a.if_ge(v.t2, 64, found);
        a.add(v.t1, v.t1, 1);
        a.if_lt(v.t1, self.shape.max_pbs_levels, again);
        a.bind(found);
        a.if_eq(v.levels, 0, bad);
        a.if_ge(v.t1, v.levels, good);
        a.bind(bad);
        a.set(v.code, Code::PbsLevelsOutOfRange as u32);
        a.set(v.info, v.t1);
        a.jump(self.p.finish);
        a.bind(good);
        self.field(v.t1, d, fields::KS_BASE_LOG);
        self.expect_range(v.t1, u32::from(MAX_KS_BASE_LOG), Code::KsBaseOutOfRange);
        // Base 2^4 and 8 levels make 32 bits, so the product is in range whenever both are.
        const { assert!(MAX_KS_BASE_LOG as u32 * MAX_KS_LEVELS as u32 <= 32) };
        self.field(v.t1, d, fields::KS_LEVELS);
        self.expect_range(v.t1, u32::from(MAX_KS_LEVELS), Code::KsLevelsOutOfRange);
        self.field(v.t1, d, fields::MODULUS_SWITCH);
        self.expect_eq(v.t1, centered, Code::ModulusSwitchUnsupported, centered);
    }

    /// Reads `length` bytes into board memory behind what `command` says; `lines` of them.
    fn load_lines(&mut self, command: u32) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        a.shl(v.t0, v.crc_line, 32);
        a.or(v.t0, v.t0, v.line);
        a.output(ports::FILL_LINES, v.t0);
        a.or(v.t0, v.lines, command | fill::FROM_HOST);
        a.output(ports::FILL_START, v.t0);
        self.start_read(v.source, v.length, Destination::Memory);
        self.a.call(r.wait_read);
        self.a.call(r.wait_fill);
        self.expect_eq(v.read_error, 0, Code::ReadFault, 0);
        self.expect_eq(v.fill_status, 0, Code::BoardMemoryFault, 0);
    }

    /// Ends the descriptor unless its length is `expected`.
    fn expect_length(&mut self, expected: Var) {
        let v = self.v;
        let a = &mut self.a;
        let good = a.label();
        a.if_eq(v.length, expected, good);
        a.set(v.code, Code::WrongLength as u32);
        a.set(v.info, expected);
        a.jump(self.p.finish);
        a.bind(good);
    }

    fn line_log2(&self) -> u32 {
        (self.shape.line_bytes() as u32).trailing_zeros()
    }

    /// First line of the key slot `slot` in `d`.
    fn key_base(&mut self, d: Var, slot: Var) {
        self.a.mul(d, slot, self.map.slot_lines as u32);
    }

    /// One piece of a key.
    pub(super) fn load_key_piece(&mut self) {
        let (v, r) = (self.v, self.r);
        let shape = self.shape;
        let map = self.map;
        self.expect_aligned(v.source);
        self.open_key_slot();
        let free = self.a.label();
        self.a.if_ne(v.key.state, state::READY, free);
        self.fail(Code::SlotOccupied, 0);
        self.a.bind(free);
        self.key_shape();
        self.expect_key_ranges();
        let first = self.a.label();
        self.a.or(v.t0, v.key.ggsws, v.key.columns);
        self.a.if_eq(v.t0, 0, first);
        self.expect_eq(v.key.shape, v.shape, Code::KeyShapeMismatch, 0);
        self.a.bind(first);
        self.field(v.kind, v.descriptor, fields::PIECE_KIND);
        self.expect_lt(v.kind, 2, Code::BadDescriptor, 0);

        // Expected index, bytes, lines, by kind.
        let line = shape.line_bytes() as u32;
        let (column, known, out_of_order) = (self.a.label(), self.a.label(), self.a.label());
        self.a.call(r.wait_fill);
        self.key_base(v.t3, v.slot);
        self.field(v.t2, v.descriptor, fields::PIECE_INDEX);
        for kind in [PieceKind::Ggsw, PieceKind::KskColumn] {
            let (count, per_level, offset, stride, crc_offset, levels) = match kind {
                PieceKind::Ggsw => (
                    v.key.ggsws,
                    layout::ggsw_bytes(&shape, 1),
                    0,
                    map.ggsw_stride,
                    map.ggsw_crc_offset,
                    fields::PBS_LEVELS,
                ),
                PieceKind::KskColumn => (
                    v.key.columns,
                    layout::ksk_column_bytes(&shape, 1),
                    map.ksk_offset,
                    map.ksk_stride,
                    map.ksk_crc_offset,
                    fields::KS_LEVELS,
                ),
            };
            if kind == PieceKind::Ggsw {
                self.a.if_eq(v.kind, PieceKind::KskColumn as u32, column);
            } else {
                self.a.bind(column);
                self.a.add(v.n, v.n, 1);
            }
            let a = &mut self.a;
            a.set(v.count, count);
            a.if_ne(v.t2, v.count, out_of_order);
            a.if_ge(v.count, v.n, out_of_order);
            a.shl(v.line, v.count, stride.trailing_zeros());
            a.add(v.line, v.line, offset as u32);
            a.add(v.crc_line, v.count, crc_offset as u32);
            self.field(v.levels, v.descriptor, levels);
            let a = &mut self.a;
            a.mul(v.needed, v.levels, per_level as u32);
            if kind == PieceKind::Ggsw {
                a.jump(known);
            }
        }
        let a = &mut self.a;
        a.jump(known);
        a.bind(out_of_order);
        a.set(v.code, Code::PieceOutOfOrder as u32);
        a.set(v.info, v.count);
        a.jump(self.p.finish);
        a.bind(known);
        a.add(v.line, v.line, v.t3);
        a.add(v.crc_line, v.crc_line, v.t3);
        a.add(v.needed, v.needed, line - 1);
        a.bits(v.lines, v.needed, line.trailing_zeros(), 32);
        a.shl(v.needed, v.lines, line.trailing_zeros());
        self.expect_length(v.needed);
        // From here on something of the key may stand in memory; a first piece that fails fixes no shape.
        self.a.set(v.key.state, state::LOADING);
        self.a.set(v.key.shape, v.shape);
        self.load_lines(fill::FIRST | fill::LAST);
        self.expect_crc();
        let a = &mut self.a;
        let (columns, done) = (a.label(), a.label());
        a.if_ne(v.kind, 0, columns);
        a.add(v.key.ggsws, v.key.ggsws, 1);
        a.jump(done);
        a.bind(columns);
        a.add(v.key.columns, v.key.columns, 1);
        a.bind(done);
        a.set(v.info, v.key.generation);
    }

    /// Makes a key usable.
    pub(super) fn commit_key(&mut self) {
        let v = self.v;
        self.open_key_slot();
        let (some, free) = (self.a.label(), self.a.label());
        self.a.if_ne(v.key.state, state::READY, free);
        self.fail(Code::SlotOccupied, 0);
        self.a.bind(free);
        self.a.or(v.t0, v.key.ggsws, v.key.columns);
        self.a.if_ne(v.t0, 0, some);
        self.fail(Code::KeyIncomplete, 0);
        self.a.bind(some);
        self.key_shape();
        self.field(v.t1, v.descriptor, fields::MODULUS_SWITCH);
        self.expect_eq(
            v.t1,
            ModulusSwitch::Centered as u32,
            Code::KeyShapeMismatch,
            0,
        );
        self.expect_eq(v.key.shape, v.shape, Code::KeyShapeMismatch, 0);
        let a = &mut self.a;
        let (missing, whole) = (a.label(), a.label());
        a.if_ne(v.key.ggsws, v.n, missing);
        a.add(v.n, v.n, 1);
        a.if_eq(v.key.columns, v.n, whole);
        a.bind(missing);
        a.set(v.code, Code::KeyIncomplete as u32);
        a.add(v.info, v.key.ggsws, v.key.columns);
        a.jump(self.p.finish);
        a.bind(whole);
        a.set(v.key.state, state::READY);
        a.set(v.info, v.key.generation);
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
        let line_log2 = self.line_log2();
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

    /// Forgets a key.
    pub(super) fn free_key(&mut self) {
        let v = self.v;
        self.open_key_slot();
        let some = self.a.label();
        self.a.or(v.t0, v.key.ggsws, v.key.columns);
        self.a.if_ne(v.t0, 0, some);
        self.fail(Code::UnknownKey, 0);
        self.a.bind(some);
        self.expect_eq(v.key.generation, v.generation, Code::UnknownKey, 0);
        self.expect_eq(v.key.uses, 0, Code::InUse, 0);
        let a = &mut self.a;
        a.set(v.key.state, state::CLEARING);
        a.set(v.key.cleared, 0);
        a.add(v.key.generation, v.key.generation, 1);
        a.and(v.key.generation, v.key.generation, 0xffff);
        a.add(v.clearing, v.clearing, 1);
        a.call(self.r.publish);
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
