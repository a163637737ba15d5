//! What the operations on objects share: slots, lengths, CRCs, the way from host memory to board memory; and loopback.

use super::Writer;
use super::transfers::fill;
use super::variables::state;
use crate::shell::host_read::Destination;
use crate::shell::host_write::Source;
use crate::shell::instruction::Var;
use crate::shell::ports;
use goldilane_abi::descriptor::fields;
use goldilane_abi::{Code, flags};

impl Writer {
    /// Checks the CRC of what was read, if the descriptor asks for it; `info` is what it is.
    pub(super) fn expect_crc(&mut self) {
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
    pub(super) fn open_slot(&mut self, slots: u32, words_log2: u32, slot_state: Var) {
        let v = self.v;
        self.expect_lt(v.slot, slots, Code::NoSuchSlot, slots);
        self.a.shl(v.t0, v.slot, words_log2);
        self.a.set_y(v.t0);
        let usable = self.a.label();
        self.a.if_ne(slot_state, state::CLEARING, usable);
        self.fail(Code::Clearing, 0);
        self.a.bind(usable);
    }

    /// Reads `length` bytes into board memory behind what `command` says; `lines` of them.
    pub(super) fn load_lines(&mut self, command: u32) {
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
    pub(super) fn expect_length(&mut self, expected: Var) {
        let v = self.v;
        let a = &mut self.a;
        let good = a.label();
        a.if_eq(v.length, expected, good);
        a.set(v.code, Code::WrongLength as u32);
        a.set(v.info, expected);
        a.jump(self.p.finish);
        a.bind(good);
    }
}
