//! Bootstrap descriptors: their checks, the entries that gather into batches, the results.
//!
//! A descriptor becomes a job. The pair's turn gathers its entries, one a turn: check, fetch of the input into a slot
//! of the open bank. A bank is handed to the core when it is full, when a job of another key or checkpoint comes, or
//! when a round brought nothing; the other bank gathers meanwhile. When the core is through, results, records and
//! the completions of the jobs that are complete go out.

use super::Writer;
use super::variables::{JOB_WORDS_LOG2, KEY_WORDS_LOG2, LUT_WORDS_LOG2, PLACE_WORDS_LOG2, state};
use crate::shell::board_read::END_OF_BATCH;
use crate::shell::host_write::Source;
use crate::shell::ports;
use goldilane_abi::descriptor::fields;
use goldilane_abi::entry::entry_fields;
use goldilane_abi::registers::Counter;
use goldilane_abi::{CheckpointKind, Code, Entry, MAX_DEGREES, MAX_ENTRIES, flags};

/// Polynomial of CRC-32C, reflected.
const CRC_POLYNOMIAL: u32 = 0x82f6_3b78;

impl Writer {
    /// Routines `gather`, `start_batch`, `drain`, `record`, `finish_job`.
    pub(super) fn bootstraps(&mut self) {
        self.gather();
        self.start_batch();
        self.drain();
        self.damaged_tables();
        self.record();
        self.finish_job();
    }

    /// Checks a descriptor and makes it the pair's job.
    pub(super) fn bootstrap(&mut self, out: super::Label) {
        let v = self.v;
        let d = v.descriptor;
        self.expect_aligned(v.source);
        self.expect_aligned(v.destination);
        self.field(v.count, d, fields::COUNT);
        let some = self.a.label();
        self.a.if_ne(v.count, 0, some);
        self.fail(Code::CountZero, 0);
        self.a.bind(some);
        let limit = u32::from(MAX_ENTRIES);
        self.expect_lt(v.count, limit + 1, Code::CountTooLarge, limit);

        self.field(v.key_slot, d, fields::KEY_SLOT);
        self.expect_lt(v.key_slot, self.shape.key_slots, Code::UnknownKey, 0);
        self.a.shl(v.key_slot, v.key_slot, KEY_WORDS_LOG2);
        self.a.set_y(v.key_slot);
        self.expect_eq(v.key.state, state::READY, Code::UnknownKey, 0);
        self.field(v.t0, d, fields::KEY_GENERATION);
        self.expect_eq(v.key.generation, v.t0, Code::UnknownKey, 0);
        self.a.bits(v.n, v.key.shape, 0, 16);

        // The checkpoint in one word: steps, then the kind above.
        self.field(v.kind, d, fields::CHECKPOINT);
        let accumulator = CheckpointKind::Accumulator as u32;
        self.expect_lt(v.kind, accumulator + 1, Code::BadDescriptor, 0);
        self.field(v.t0, d, fields::STEP);
        let a = &mut self.a;
        let (partial, none, steps) = (a.label(), a.label(), a.label());
        a.if_eq(v.kind, accumulator, partial);
        a.set(v.t0, 0);
        a.if_ne(v.kind, CheckpointKind::None as u32, none);
        a.set(v.t0, v.n);
        a.bind(none);
        a.jump(steps);
        a.bind(partial);
        a.if_ge(v.n, v.t0, steps);
        a.set(v.code, Code::CheckpointOutOfRange as u32);
        a.set(v.info, v.n);
        a.jump(self.p.finish);
        a.bind(steps);
        // While the core clears itself it takes no batch.
        let clean = a.label();
        a.if_eq(v.core_clearing, 0, clean);
        self.fail(Code::Clearing, 0);
        let a = &mut self.a;
        a.bind(clean);
        a.shl(v.t1, v.kind, 16);
        a.or(v.batch_code, v.t1, v.t0);
        a.add(v.key.uses, v.key.uses, 1);

        a.sub(v.free_count, v.free_count, 1);
        a.set_z(v.free_count);
        a.set(v.q.job, v.free.z());
        // The pair holds number + 1, so that 0 is none.
        a.sub(v.t0, v.q.job, 1);
        a.shl(v.t0, v.t0, JOB_WORDS_LOG2);
        a.set_y(v.t0);
        let job = v.job;
        a.set(job.pair, v.pair);
        a.set(job.ticket, v.ticket);
        a.set(job.flags, v.flags);
        a.set(job.entries, v.source);
        a.set(job.records, v.destination);
        a.set(job.count, v.count);
        a.set(job.next, 0);
        a.set(job.open, 0);
        a.set(job.failed, 0);
        a.set(job.first_failed, 0);
        a.set(job.code, Code::Success as u32);
        a.set(job.key, v.key_slot);
        a.set(job.checkpoint, v.batch_code);
        a.set(v.stay, 1);
        a.jump(out);
    }

    /// Ends the entry at hand: its record says `code` and a length.
    fn refuse(&mut self, code: Code, label: super::Label) {
        self.a.set(self.v.record_status, code as u32);
        self.a.jump(label);
    }

    /// One entry of the job of the pair at X.
    fn gather(&mut self) {
        let (v, r) = (self.v, self.r);
        let shape = self.shape;
        let job = v.job;
        let a = &mut self.a;
        a.begin(r.gather, "gather");
        let [out, same, refused, next, stays] = [(); 5].map(|()| a.label());
        a.sub(v.t0, v.q.job, 1);
        a.shl(v.job_at, v.t0, JOB_WORDS_LOG2);
        a.set_y(v.job_at);
        a.if_ne(v.exclusive, 0, out);
        a.set_z(v.bank);
        a.if_ne(v.bank_busy.z(), 0, out);
        a.if_eq(v.closed, 1, out);
        let other = a.label();
        let opened = a.label();
        a.if_eq(v.fill, 0, opened);
        a.if_ne(v.batch_key, job.key, other);
        a.if_eq(v.batch_checkpoint, job.checkpoint, same);
        a.bind(other);
        a.set(v.closed, 1);
        a.jump(out);
        a.bind(opened);
        a.set(v.batch_key, job.key);
        a.set(v.batch_checkpoint, job.checkpoint);
        a.bind(same);
        a.set(v.progress, 1);
        a.set(v.stay, 1);

        // The entry.
        a.output(ports::GATHERING, 1);
        a.set(v.entry_index, job.next);
        a.shl(v.input, v.entry_index, Entry::BYTES.trailing_zeros());
        a.add(v.input, v.input, job.entries);
        let apart = a.label();
        a.if_eq(v.words_asked, 0, apart);
        a.call(r.land);
        a.bind(apart);
        self.start_read_entry(v.input);
        let a = &mut self.a;
        a.call(r.wait_words);
        let fetched = a.label();
        a.if_eq(v.words_error, 0, fetched);
        // Without its entry a job ends; what is in flight of it is written out.
        a.set(job.code, Code::ReadFault as u32);
        a.set(job.next, job.count);
        a.jump(next);
        a.bind(fetched);
        self.count(Counter::HostReadBytes, Entry::BYTES as u32);
        let a = &mut self.a;
        a.set(v.t0, 0);
        if shape.host_bus_bits >= 512 {
            // The narrow beat stands where its address puts it.
            a.bits(v.t0, v.input, 5, 1);
            a.shl(v.t0, v.t0, 2);
        }
        a.set_z(v.t0);
        for i in 0..Entry::WORDS {
            a.input(v.entry.at(i), ports::CONTROL_WORDS.at(i).z());
        }
        a.add(job.next, job.next, 1);

        // Its checks, in their order.
        a.set(v.record_length, 0);
        a.set(v.record_crc, 0);
        let e = v.entry;
        self.field(v.input, e, entry_fields::INPUT);
        self.field(v.output, e, entry_fields::OUTPUT);
        let a = &mut self.a;
        let (misaligned, degrees, unknown, small) = (a.label(), a.label(), a.label(), a.label());
        a.or(v.t0, v.input, v.output);
        a.and(v.t0, v.t0, 63);
        a.if_ne(v.t0, 0, misaligned);
        self.field(v.degree, e, entry_fields::DEGREES);
        self.field(v.t1, e, entry_fields::STRIDE);
        let a = &mut self.a;
        a.if_eq(v.degree, 0, degrees);
        a.if_ge(v.degree, u32::from(MAX_DEGREES) + 1, degrees);
        a.if_ge(v.t1, shape.polynomial_size, degrees);
        self.field(v.lut_slot, e, entry_fields::LUT_SLOT);
        self.field(v.t0, e, entry_fields::LUT_GENERATION);
        let a = &mut self.a;
        a.if_ge(v.lut_slot, shape.lut_slots, unknown);
        a.shl(v.t2, v.lut_slot, LUT_WORDS_LOG2);
        a.set_z(v.t2);
        a.if_ne(v.lut_z.state, state::READY, unknown);
        a.if_ne(v.lut_z.generation, v.t0, unknown);
        self.needed();
        self.field(v.t0, e, entry_fields::CAPACITY);
        self.a.if_lt(v.t0, v.needed, small);
        self.start_read_lwe(v.input);
        let a = &mut self.a;
        a.call(r.wait_read);
        let (fault, unchecked, mismatch) = (a.label(), a.label(), a.label());
        a.if_eq(v.read_error, 1, fault);
        a.and(v.t0, job.flags, u32::from(flags::CRC));
        a.if_eq(v.t0, 0, unchecked);
        self.field(v.t0, e, entry_fields::CRC);
        let a = &mut self.a;
        a.if_ne(v.t0, v.crc, mismatch);
        a.bind(unchecked);

        // It takes the slot.
        a.shl(v.t0, v.lut_slot, LUT_WORDS_LOG2);
        a.set_z(v.t0);
        a.add(v.lut_z.uses, v.lut_z.uses, 1);
        a.shl(v.t1, v.lut_slot, self.map.lut_stride.trailing_zeros());
        a.add(v.t1, v.t1, self.map.lut_base as u32);
        a.set_z(v.fill);
        a.output(ports::LUT_LINE.z(), v.t1);
        a.mul(v.t1, v.bank, shape.slots);
        a.add(v.t1, v.t1, v.fill);
        a.shl(v.t1, v.t1, PLACE_WORDS_LOG2);
        a.set_z(v.t1);
        a.set(v.place.job, v.job_at);
        a.set(v.place.entry, v.entry_index);
        a.set(v.place.output, v.output);
        a.set(v.place.degrees, v.degree);
        a.set(v.place.lut, v.t0);
        self.field(v.t0, e, entry_fields::STRIDE);
        let a = &mut self.a;
        a.set(v.place.stride, v.t0);
        a.add(job.open, job.open, 1);
        a.add(v.fill, v.fill, 1);
        a.if_lt(v.fill, shape.slots, next);
        a.set(v.closed, 1);
        a.jump(next);

        for (label, code) in [
            (misaligned, Code::Misaligned),
            (degrees, Code::DegreesOutOfRange),
            (unknown, Code::UnknownLut),
            (fault, Code::ReadFault),
            (mismatch, Code::CrcMismatch),
        ] {
            self.a.bind(label);
            self.refuse(code, refused);
        }
        let a = &mut self.a;
        a.bind(small);
        a.set(v.record_length, v.needed);
        a.set(v.record_status, Code::CapacityTooSmall as u32);
        a.bind(refused);
        a.call(r.record);

        a.bind(next);
        a.if_lt(job.next, job.count, stays);
        a.set(v.q.job, 0);
        a.set(v.stay, 0);
        a.if_ne(job.open, 0, stays);
        a.call(r.finish_job);
        a.bind(stays);
        a.if_eq(v.closed, 0, out);
        a.set(v.stay, 0);
        a.bind(out);
        a.output(ports::GATHERING, 0);
        a.ret(r.gather);
    }

    /// Capacity that the entry at hand needs, by the job's checkpoint.
    fn needed(&mut self) {
        let v = self.v;
        let (ciphertext, stride) = (
            self.shape.ciphertext_bytes() as u32,
            self.shape.ciphertext_stride() as u32,
        );
        let a = &mut self.a;
        let (none, done, words) = (a.label(), a.label(), a.label());
        a.bits(v.kind, v.job.checkpoint, 16, 2);
        a.if_eq(v.kind, CheckpointKind::None as u32, none);
        a.set(v.needed, self.shape.glwe_words() as u32 * 8);
        a.if_eq(v.kind, CheckpointKind::Accumulator as u32, done);
        // n + 1 words of 4 or 2 bytes; n from the key.
        a.set_z(v.job.key);
        a.bits(v.needed, v.key_z.shape, 0, 16);
        a.add(v.needed, v.needed, 1);
        a.shl(v.needed, v.needed, 1);
        a.if_ne(v.kind, CheckpointKind::KeySwitch as u32, words);
        a.shl(v.needed, v.needed, 1);
        a.bind(words);
        a.jump(done);
        a.bind(none);
        a.sub(v.t0, v.degree, 1);
        a.mul(v.needed, v.t0, stride);
        a.add(v.needed, v.needed, ciphertext);
        a.bind(done);
    }

    /// Offers the open bank, which is closed, to the core if no other is offered. The core takes it when the batch before is
    /// through, without the controller, which is busy with the results then.
    fn start_batch(&mut self) {
        let (v, r) = (self.v, self.r);
        let map = self.map;
        let a = &mut self.a;
        let out = a.label();
        a.begin(r.start_batch, "start_batch");
        a.if_eq(v.fill, 0, out);
        a.input(v.t0, ports::CORE_STATUS);
        a.bits(v.t0, v.t0, 0, 1);
        a.if_eq(v.t0, 0, out);
        a.set_y(v.batch_key);
        a.bits(v.n, v.key.shape, 0, 16);
        a.bits(v.t3, v.batch_checkpoint, 0, 16);
        // Numbers, from the top field down.
        a.bits(v.t0, v.key.shape, 24, 4);
        for (low, width, shift) in [(16, 6, 6), (40, 4, 4), (32, 3, 3)] {
            a.bits(v.t1, v.key.shape, low, width);
            a.shl(v.t0, v.t0, shift);
            a.or(v.t0, v.t0, v.t1);
        }
        for (value, shift) in [(v.n, 11), (v.t3, 11), (v.fill, 7), (v.bank, 1)] {
            a.shl(v.t0, v.t0, shift);
            a.or(v.t0, v.t0, value);
        }
        a.output(ports::BATCH_NUMBERS, v.t0);
        a.bits(v.t1, v.batch_key, KEY_WORDS_LOG2, 16);
        a.mul(v.t1, v.t1, map.slot_lines as u32);
        for (port, low, high) in [
            (ports::BATCH_LINES, 0, map.ksk_offset),
            (
                ports::BATCH_CRC_LINES,
                map.ggsw_crc_offset,
                map.ksk_crc_offset,
            ),
        ] {
            a.add(v.t0, v.t1, high as u32);
            a.shl(v.t0, v.t0, 32);
            a.add(v.t2, v.t1, low as u32);
            a.or(v.t0, v.t0, v.t2);
            a.output(port, v.t0);
        }
        a.output(ports::BATCH_START, 0);
        a.set_z(v.bank);
        a.set(v.bank_busy.z(), 1);
        a.set(v.bank_fill.z(), v.fill);
        a.set(v.bank_checkpoint.z(), v.batch_checkpoint);
        a.mul(v.t3, v.t3, v.fill);
        self.count(Counter::Batches, 1);
        self.count(Counter::BatchFill, v.fill);
        self.count(Counter::ExternalProducts, v.t3);
        let a = &mut self.a;
        a.set(v.fill, 0);
        a.set(v.closed, 0);
        a.set(v.t0, 1);
        a.sub(v.bank, v.t0, v.bank);
        a.bind(out);
        a.ret(r.start_batch);
    }

    /// Writes out what the core has finished; `t0` is its status.
    fn drain(&mut self) {
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
        let counted = a.label();
        a.if_ne(v.kind, CheckpointKind::None as u32, counted);
        a.set(v.t0, v.bank_fill.z());
        self.count(Counter::Bootstraps, v.t0);
        let a = &mut self.a;
        a.bind(counted);
        a.set(v.t0, 1);
        a.sub(v.done_bank, v.t0, v.done_bank);
        a.ret(r.drain);
    }

    /// Marks the tables that board memory gave with a wrong CRC in the batch, if `any_damaged`.
    fn damaged_tables(&mut self) {
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
    fn record(&mut self) {
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
    fn finish_job(&mut self) {
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
