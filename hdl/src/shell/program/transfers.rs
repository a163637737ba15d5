//! Transfers: start one, wait for it. Whoever waits lets `tend` run.

use super::Writer;
use crate::shell::host_read::Destination;
use crate::shell::host_write::Source;
use crate::shell::instruction::{Operand, Port, Routine, Var};
use crate::shell::ports;
use goldilane_abi::Descriptor;
use goldilane_abi::registers::Counter;

/// Bit of a reader's command: one narrow beat of 32 bytes.
const NARROW: u32 = 34;
/// Bit of a writer's command: the CRC of the results begins anew.
const FRESH_CRC: u32 = 34;
/// Bits of a filler's command.
pub mod fill {
    /// Lines come from the host, not zeros.
    pub const FROM_HOST: u32 = 1 << crate::shell::board_write::FROM_HOST_BIT;
    /// The CRCs begin anew.
    pub const FIRST: u32 = 1 << 25;
    /// The CRC line is written at the end.
    pub const LAST: u32 = 1 << 26;
    /// A pattern in the place of zeros.
    pub const PATTERN: u32 = 1 << 27;
}

impl Writer {
    /// Starts the reader on the descriptor at `from`.
    pub(super) fn start_read_descriptor(&mut self, from: Var) {
        const { assert!(Destination::Control as u32 == 0) };
        self.a.output(ports::READ_ADDRESS, from);
        self.a.output(ports::READ_START, Descriptor::BYTES as u32);
    }

    /// Starts the reader on `length` bytes at `from`.
    pub(super) fn start_read(&mut self, from: Var, length: impl Into<Operand>, to: Destination) {
        let v = self.v;
        let a = &mut self.a;
        a.output(ports::READ_ADDRESS, from);
        a.set(v.read_command, to as u32);
        a.shl(v.read_command, v.read_command, 32);
        a.set(v.length_read, length);
        a.or(v.read_command, v.read_command, v.length_read);
        a.output(ports::READ_START, v.read_command);
    }

    /// Starts the reader on one bootstrap entry.
    pub(super) fn start_read_entry(&mut self, from: Var) {
        let v = self.v;
        let a = &mut self.a;
        a.output(ports::READ_ADDRESS, from);
        a.set(v.read_command, 32);
        if self.shape.host_bus_bits >= 512 {
            a.set(v.read_command, 1 << (NARROW - 32));
            a.shl(v.read_command, v.read_command, 32);
            a.or(v.read_command, v.read_command, 32);
        }
        a.output(ports::READ_START, v.read_command);
    }

    /// Starts the reader on a ciphertext for the core: bank `bank`, slot `fill`.
    pub(super) fn start_read_lwe(&mut self, from: Var) {
        let v = self.v;
        let a = &mut self.a;
        a.output(ports::READ_ADDRESS, from);
        a.set(v.length_read, self.shape.ciphertext_bytes() as u32);
        a.shl(v.read_command, v.fill, 16);
        a.shl(v.t0, v.bank, 8);
        a.or(v.read_command, v.read_command, v.t0);
        a.or(v.read_command, v.read_command, Destination::Lwe as u32);
        a.shl(v.read_command, v.read_command, 32);
        a.or(v.read_command, v.read_command, v.length_read);
        a.output(ports::READ_START, v.read_command);
    }

    /// Starts the writer on `length` bytes to `to`, once no completion entry is on its way.
    pub(super) fn start_write(
        &mut self,
        to: Var,
        length: impl Into<Operand>,
        from: Source,
        fresh: bool,
    ) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let free = a.label();
        a.if_eq(v.open_entry, 0, free);
        a.call(r.settle);
        a.bind(free);
        a.output(ports::WRITE_ADDRESS, to);
        let fresh = u32::from(fresh) << (FRESH_CRC - 32);
        a.set(v.write_command, from as u32 | fresh);
        a.shl(v.write_command, v.write_command, 32);
        a.set(v.length_written, length);
        a.or(v.write_command, v.write_command, v.length_written);
        a.output(ports::WRITE_START, v.write_command);
    }

    fn wait(&mut self, routine: Routine, name: &str, status: Var, (port, bit): (Port, u32)) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let over = a.label();
        a.begin(routine, name);
        let again = a.here();
        a.input(status, port);
        a.bits(v.waiting, status, bit, 1);
        a.if_eq(v.waiting, 0, over);
        a.call(r.tend);
        a.jump(again);
        a.bind(over);
    }

    /// The waits, each with what it leaves behind.
    pub(super) fn transfers(&mut self) {
        let (v, r) = (self.v, self.r);
        // A short transfer: others may be under way.
        let status = (ports::READ_STATUS, 2);
        self.wait(r.wait_words, "wait_words", v.words_status, status);
        self.a.bits(v.words_error, v.words_status, 3, 1);
        self.a.ret(r.wait_words);

        // Everything that the reader has been told.
        let status = (ports::READ_STATUS, 0);
        self.wait(r.wait_read, "wait_read", v.read_status, status);
        let bad = self.a.label();
        self.read_outcome();
        self.a.if_eq(v.read_error, 1, bad);
        self.count(Counter::HostReadBytes, v.length_read);
        self.a.bind(bad);
        self.a.ret(r.wait_read);

        let status = (ports::WRITE_STATUS, 0);
        self.wait(r.wait_write, "wait_write", v.write_status, status);
        let bad = self.a.label();
        self.a.bits(v.write_error, v.write_status, 1, 1);
        self.a.if_eq(v.write_error, 1, bad);
        self.count(Counter::HostWriteBytes, v.length_written);
        self.a.bind(bad);
        self.a.ret(r.wait_write);

        let status = (ports::FILL_STATUS, 0);
        self.wait(r.wait_fill, "wait_fill", v.fill_status, status);
        self.a.bits(v.fill_status, v.fill_status, 1, 1);
        self.a.ret(r.wait_fill);
    }

    /// `read_error`, `crc` = what `read_status` says of the last transfer that was not short.
    pub(super) fn read_outcome(&mut self) {
        let v = self.v;
        self.a.bits(v.read_error, v.read_status, 1, 1);
        self.a.bits(v.crc, v.read_status, 32, 32);
    }
}
