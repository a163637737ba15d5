//! The entries of a bootstrap gather: one a turn is fetched, checked, and put into a slot of the open bank.

use super::Writer;
use super::variables::{JOB_WORDS_LOG2, LUT_WORDS_LOG2, PLACE_WORDS_LOG2, state};
use crate::shell::ports;
use goldilane_abi::entry::entry_fields;
use goldilane_abi::registers::Counter;
use goldilane_abi::{CheckpointKind, Code, Entry, MAX_DEGREES, flags};

impl Writer {
    /// One entry of the job of the pair at X.
    pub(super) fn gather(&mut self) {
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

    /// Ends the entry at hand: its record says `code` and a length.
    fn refuse(&mut self, code: Code, label: super::Label) {
        self.a.set(self.v.record_status, code as u32);
        self.a.jump(label);
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
}
