//! Bootstrap descriptors: their checks, the entries that gather into batches, the results.
//!
//! A descriptor becomes a job. The pair's turn gathers its entries, one a turn: check, fetch of the input into a slot
//! of the open bank. A bank is handed to the core when it is full, when a job of another key or checkpoint comes, or
//! when a round brought nothing; the other bank gathers meanwhile. When the core is through, results, records and
//! the completions of the jobs that are complete go out.

use super::Writer;
use super::variables::{JOB_WORDS_LOG2, KEY_WORDS_LOG2, state};
use crate::shell::ports;
use goldilane_abi::descriptor::fields;
use goldilane_abi::registers::Counter;
use goldilane_abi::{CheckpointKind, Code, MAX_ENTRIES};

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
}
