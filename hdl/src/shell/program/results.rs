//! What a batch has made goes out: results, records, the completions of the jobs that are through.

use super::Writer;
use super::variables::{JOB_WORDS_LOG2, LUT_WORDS_LOG2, PLACE_WORDS_LOG2};
use crate::shell::board_read::END_OF_BATCH;
use crate::shell::host_write::Source;
use crate::shell::ports;
use goldilane_abi::registers::Counter;
use goldilane_abi::{CheckpointKind, Code, flags};

/// Polynomial of CRC-32C, reflected.
const CRC_POLYNOMIAL: u32 = 0x82f6_3b78;

impl Writer {
    /// Writes out what the core has finished; `t0` is its status.
    pub(super) fn drain(&mut self) {
        let (v, r) = (self.v, self.r);
        let shape = self.shape;
        let job = v.job;
        let a = &mut self.a;
        let [good, next, failed, written] = [(); 4].map(|()| a.label());
        a.begin(r.drain, "drain");
        a.set(v.progress, 1);

        // What went wrong as a whole: parity, board memory, a key. A damaged table fails the entries that use it.
        a.set(v.batch_code, Code::Success as u32);
        a.set(v.any_damaged, 0);
        a.bits(v.errors, v.t0, 2, 2);
        a.if_eq(v.errors, 0, good);
        a.bits(v.any_damaged, v.t0, 8, 1);
        a.call(r.damaged_tables);
        a.set(v.batch_code, Code::ParityError as u32);
        a.if_ge(v.errors, 2, good);
        for (bit, code) in [(9, Code::BoardMemoryFault), (7, Code::KeyCorrupted)] {
            a.set(v.batch_code, code as u32);
            a.bits(v.t1, v.t0, bit, 1);
            a.if_eq(v.t1, 1, good);
        }
        a.if_eq(v.any_damaged, 0, good);
        a.set(v.batch_code, Code::Success as u32);
        a.bind(good);
        a.set_z(v.done_bank);
        a.mul(v.place_at, v.done_bank, shape.slots);
        a.add(v.place_end, v.place_at, v.bank_fill.z());
        a.shl(v.place_at, v.place_at, PLACE_WORDS_LOG2);
        a.shl(v.place_end, v.place_end, PLACE_WORDS_LOG2);
        a.bits(v.kind, v.bank_checkpoint.z(), 16, 2);
        a.set(v.fill_slot, 0);
        // Before a completion tells of them.
        let counted = a.label();
        a.if_ne(v.kind, CheckpointKind::None as u32, counted);
        a.set(v.t0, v.bank_fill.z());
        self.count(Counter::Bootstraps, v.t0);
        let a = &mut self.a;
        a.bind(counted);

        // Slot after slot.
        let again = a.here();
        a.set_z(v.place_at);
        a.set_y(v.place.job);
        a.set(v.job_at, v.place.job);
        a.set(v.entry_index, v.place.entry);
        a.shl(v.t0, job.pair, 4);
        a.set_x(v.t0);
        a.set(v.record_length, 0);
        a.set(v.record_crc, 0);
        a.set(v.record_status, v.batch_code);
        a.if_ne(v.batch_code, Code::Success as u32, failed);
        let intact = a.label();
        a.set_z(v.place.lut);
        a.if_eq(v.lut_z.damaged, 0, intact);
        a.set(v.record_status, Code::LutCorrupted as u32);
        a.jump(failed);
        a.bind(intact);
        a.set_z(v.place_at);
        a.set(v.degree, 0);
        a.set(v.output, v.place.output);
        let next_degree = a.here();
        // Which words, how many bytes of them.
        a.set_z(v.place_at);
        a.mul(v.t0, v.degree, v.place.stride);
        a.and(v.t0, v.t0, 2 * shape.polynomial_size - 1);
        a.shl(v.t0, v.t0, 8);
        a.or(v.t0, v.t0, v.kind);
        a.shl(v.t0, v.t0, 8);
        a.or(v.result_command, v.t0, v.fill_slot);
        self.output_bytes();
        let (first, started) = (self.a.label(), self.a.label());
        self.a.if_eq(v.degree, 0, first);
        self.start_write(v.output, v.length, Source::Results, false);
        self.a.jump(started);
        self.a.bind(first);
        self.start_write(v.output, v.length, Source::Results, true);
        let a = &mut self.a;
        a.bind(started);
        a.output(ports::RESULT_READ, v.result_command);
        a.call(r.wait_write);
        a.if_eq(v.write_error, 0, written);
        a.set(v.record_status, Code::WriteFault as u32);
        a.jump(failed);
        a.bind(written);
        a.add(v.record_length, v.record_length, v.length);
        a.add(v.output, v.output, shape.ciphertext_stride() as u32);
        a.add(v.degree, v.degree, 1);
        let whole = a.label();
        a.if_ne(v.kind, CheckpointKind::None as u32, whole);
        a.set_z(v.place_at);
        a.if_lt(v.degree, v.place.degrees, next_degree);
        a.bind(whole);
        a.and(v.t0, job.flags, u32::from(flags::CRC));
        a.if_eq(v.t0, 0, failed);
        self.result_crc();
        let a = &mut self.a;
        a.bind(failed);
        a.call(r.record);
        a.set_z(v.place_at);
        a.set_z(v.place.lut);
        a.sub(v.lut_z.uses, v.lut_z.uses, 1);
        a.sub(job.open, job.open, 1);
        a.if_ne(job.open, 0, next);
        a.if_lt(job.next, job.count, next);
        a.call(r.finish_job);
        a.bind(next);
        a.add(v.fill_slot, v.fill_slot, 1);
        a.add(v.place_at, v.place_at, 1 << PLACE_WORDS_LOG2);
        a.if_lt(v.place_at, v.place_end, again);

        // The tables may have been healed by the next time.
        let sound = a.label();
        a.if_eq(v.any_damaged, 0, sound);
        self.forget_damage();
        let a = &mut self.a;
        a.bind(sound);
        a.set_z(v.done_bank);
        a.set(v.bank_busy.z(), 0);
        a.output(ports::RESULTS_DONE, 0);
        a.set(v.t0, 1);
        a.sub(v.done_bank, v.t0, v.done_bank);
        a.ret(r.drain);
    }

    /// Marks the tables that board memory gave with a wrong CRC in the batch, if `any_damaged`.
    pub(super) fn damaged_tables(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let out = a.label();
        a.begin(r.damaged_tables, "damaged_tables");
        a.if_eq(v.any_damaged, 0, out);
        let again = a.here();
        a.input(v.t1, ports::LUT_FAULT);
        a.bits(v.t2, v.t1, 16, 1);
        a.if_eq(v.t2, 0, again);
        a.output(ports::LUT_FAULT_NEXT, 0);
        a.bits(v.t1, v.t1, 0, 16);
        a.if_eq(v.t1, u32::from(END_OF_BATCH), out);
        a.shl(v.t1, v.t1, LUT_WORDS_LOG2);
        a.set_z(v.t1);
        a.set(v.lut_z.damaged, 1);
        a.jump(again);
        a.bind(out);
        a.ret(r.damaged_tables);
    }

    /// `length` = bytes of one part of the result, by `kind`.
    fn output_bytes(&mut self) {
        let v = self.v;
        let a = &mut self.a;
        let done = a.label();
        a.set(v.length, self.shape.ciphertext_bytes() as u32);
        a.if_eq(v.kind, CheckpointKind::None as u32, done);
        a.set(v.length, self.shape.glwe_words() as u32 * 8);
        a.if_eq(v.kind, CheckpointKind::Accumulator as u32, done);
        a.set_z(v.job.key);
        a.bits(v.length, v.key_z.shape, 0, 16);
        a.add(v.length, v.length, 1);
        a.shl(v.length, v.length, 1);
        a.if_ne(v.kind, CheckpointKind::KeySwitch as u32, done);
        a.shl(v.length, v.length, 1);
        a.bind(done);
    }

    /// `record_crc` = CRC of the bytes written. The writer's CRC covers whole words; the zeros behind a last word that
    /// is not whole are taken out bit by bit: the step of a zero bit can be undone.
    fn result_crc(&mut self) {
        let v = self.v;
        let a = &mut self.a;
        let (even, whole) = (a.label(), a.label());
        a.bits(v.record_crc, v.write_status, 32, 32);
        a.and(v.t0, v.length, 7);
        a.if_eq(v.t0, 0, whole);
        a.set(v.t1, 8);
        a.sub(v.t1, v.t1, v.t0);
        a.shl(v.t1, v.t1, 3);
        a.set(v.t2, u32::MAX);
        a.sub(v.record_crc, v.t2, v.record_crc);
        let again = a.here();
        a.bits(v.t2, v.record_crc, 31, 1);
        a.shl(v.record_crc, v.record_crc, 1);
        a.if_eq(v.t2, 0, even);
        // s ^ polynomial before the shift; its top bit is set, so it leaves together with the carry.
        self.xor(v.record_crc, u32::wrapping_shl(CRC_POLYNOMIAL, 1) | 1);
        let a = &mut self.a;
        a.bind(even);
        a.bits(v.record_crc, v.record_crc, 0, 32);
        a.sub(v.t1, v.t1, 1);
        a.if_ne(v.t1, 0, again);
        a.set(v.t2, u32::MAX);
        a.sub(v.record_crc, v.t2, v.record_crc);
        a.bind(whole);
    }

    /// `d ^= constant`, as (d | c) - (d & c); `t3` changes.
    fn xor(&mut self, d: crate::shell::instruction::Var, constant: u32) {
        let t = self.v.t3;
        self.a.and(t, d, constant);
        self.a.or(d, d, constant);
        self.a.sub(d, d, t);
    }

    /// Writes the record of entry `entry_index` of the job at Y and counts a failure.
    pub(super) fn record(&mut self) {
        let (v, r) = (self.v, self.r);
        let job = v.job;
        let a = &mut self.a;
        let (good, counted, written) = (a.label(), a.label(), a.label());
        a.begin(r.record, "record");
        a.if_eq(v.record_status, Code::Success as u32, good);
        let first = a.label();
        a.if_eq(job.failed, 0, first);
        a.if_ge(v.entry_index, job.first_failed, counted);
        a.bind(first);
        a.set(job.first_failed, v.entry_index);
        a.bind(counted);
        a.add(job.failed, job.failed, 1);
        a.bind(good);
        let free = a.label();
        a.if_eq(v.open_entry, 0, free);
        a.call(r.settle);
        a.bind(free);
        a.shl(v.t0, v.record_length, 32);
        a.or(v.t0, v.t0, v.record_status);
        a.output(ports::WRITE_WORD, v.t0);
        a.output(ports::WRITE_WORD.at(1), v.record_crc);
        a.shl(v.t0, v.entry_index, 4);
        a.add(v.t0, v.t0, job.records);
        self.start_write(v.t0, 16, Source::Control, false);
        let a = &mut self.a;
        a.call(r.wait_write);
        a.if_eq(v.write_error, 0, written);
        a.shl(v.t0, job.pair, 4);
        a.set_z(v.t0);
        a.set(v.log_index, job.ticket);
        a.call(r.entry_fault);
        a.bind(written);
        a.ret(r.record);
    }

    /// Completes the job at Y, whose entries are all through.
    pub(super) fn finish_job(&mut self) {
        let (v, r) = (self.v, self.r);
        let job = v.job;
        let a = &mut self.a;
        let done = a.label();
        a.begin(r.finish_job, "finish_job");
        a.set(v.ticket, job.ticket);
        a.set(v.flags, job.flags);
        a.set(v.code, job.code);
        a.set(v.failed, job.failed);
        a.set(v.info, job.first_failed);
        a.if_ne(job.code, Code::Success as u32, done);
        a.if_eq(job.failed, 0, done);
        a.set(v.code, Code::EntriesFailed as u32);
        a.bind(done);
        a.set_z(job.key);
        a.sub(v.key_z.uses, v.key_z.uses, 1);
        // The job's number goes back to the stack.
        a.set_z(v.free_count);
        a.bits(v.t0, v.job_at, JOB_WORDS_LOG2, 16);
        a.add(v.t0, v.t0, 1);
        a.set(v.free.z(), v.t0);
        a.add(v.free_count, v.free_count, 1);
        a.call(r.complete);
        a.ret(r.finish_job);
    }
}
