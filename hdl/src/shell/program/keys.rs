//! Keys: the checks of a piece, committing, freeing. How the pieces are moved stands in `loading`.

use super::Writer;
use super::variables::{KEY_WORDS_LOG2, state};
use crate::shell::instruction::{Label, Var};
use goldilane_abi::descriptor::fields;
use goldilane_abi::{Code, MAX_KS_BASE_LOG, MAX_KS_LEVELS, ModulusSwitch, PieceKind, layout};

impl Writer {
    fn open_key_slot(&mut self) {
        let state = self.v.key.state;
        self.open_slot(self.shape.key_slots, KEY_WORDS_LOG2, state);
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

    /// First line of the key slot `slot` in `d`.
    fn key_base(&mut self, d: Var, slot: Var) {
        self.a.mul(d, slot, self.map.slot_lines as u32);
    }

    /// One piece of a key.
    pub(super) fn load_key_piece(&mut self, out: Label) {
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
        self.a.call(r.tend);
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
            // To the next piece: its lines, and one CRC line.
            a.set(v.piece_step, 1);
            a.shl(v.piece_step, v.piece_step, 32);
            a.add(v.piece_step, v.piece_step, stride as u32);
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
        self.start_piece(out);
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
}
