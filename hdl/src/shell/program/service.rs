//! Register writes of the host, doorbells, the error log, the status register.
//!
//! `tend` is called wherever the program waits: it answers a register write, closes a completion entry whose response is
//! there, and raises interrupts whose time has come. It uses Z, `s0` to `s3` and the `mail` variables only.

use super::variables::PAIR_WORDS;
use super::{Writer, global, of_queue};
use crate::shell::csr::Kind;
use crate::shell::ports;
use goldilane_abi::registers::{self as reg, Counter, queue_status, status};
use goldilane_abi::{Code, ERROR_LOG_DEPTH, MAX_RING_LOG2, MIN_RING_LOG2};

/// Word offset of the first queue register.
const QUEUE_WORD: u32 = reg::QUEUE_BASE / 4;
/// Word offset of the first doorbell.
const DOORBELL_WORD: u32 = reg::DOORBELL_BASE / 4;

impl Writer {
    /// What goes on wherever the program waits.
    pub(super) fn tend(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let [no_mail, no_entry, out] = [(); 3].map(|()| a.label());
        a.begin(r.tend, "tend");
        a.input(v.mail, ports::MAIL);
        a.if_lt(v.mail, v.mail_waits, no_mail);
        a.call(r.service);
        a.bind(no_mail);
        a.if_eq(v.open_entry, 0, no_entry);
        a.input(v.entry_status, ports::WRITE_STATUS);
        a.bits(v.s0, v.entry_status, 0, 1);
        a.if_eq(v.s0, 1, no_entry);
        a.call(r.close_entry);
        a.bind(no_entry);
        a.if_eq(v.timing, 0, out);
        // One pair at a time; when all have been looked at, on as long as one of them waits.
        a.set_z(v.timed_pair);
        a.call(r.interrupts);
        a.add(v.timed_pair, v.timed_pair, PAIR_WORDS as u32);
        a.if_lt(
            v.timed_pair,
            self.shape.queue_pairs * PAIR_WORDS as u32,
            out,
        );
        a.set(v.timed_pair, 0);
        a.set(v.timing, v.timing_next);
        a.set(v.timing_next, 0);
        a.bind(out);
        a.ret(r.tend);
    }

    /// Takes the register write in `mail`.
    pub(super) fn service(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let [ignored, doorbell, queue, done] = [(); 4].map(|()| a.label());
        let mut globals = Vec::new();
        a.begin(r.service, "service");
        a.bits(v.value, v.mail, 0, 32);
        a.bits(v.word, v.mail, 32, 14);
        a.set(v.mail_pair, 255);
        a.bits(v.s0, v.mail, 48, 4);
        a.if_ne(v.s0, 15, ignored);
        a.if_ge(v.word, DOORBELL_WORD, doorbell);
        a.if_ge(v.word, super::super::csr::REGISTER_WORDS as u32, ignored);
        a.input(v.rule, ports::MAIL_RULE);
        a.bits(v.s0, v.rule, 32, 3);
        a.if_eq(v.s0, Kind::None as u32, ignored);
        a.if_ge(v.word, QUEUE_WORD, queue);
        a.if_eq(v.s0, Kind::ReadOnly as u32, ignored);
        for register in [
            reg::CONTROL,
            reg::ERROR_COUNT,
            reg::ERROR_ENTRY,
            reg::COUNTER_CONTROL,
        ] {
            let label = a.label();
            a.if_eq(v.word, register.offset / 4, label);
            globals.push(label);
        }
        a.jump(ignored);

        // CONTROL: a reset leaves everything as it is and never comes back here.
        a.bind(globals[0]);
        a.bits(v.s0, v.value, 0, 1);
        a.if_eq(v.s0, 1, self.p.reset);
        a.jump(done);
        // ERROR_COUNT: the log is emptied.
        a.bind(globals[1]);
        a.set(v.log_length, 0);
        a.set(v.log_count, 0);
        a.output(global(&reg::ERROR_COUNT), 0);
        a.output(global(&reg::ERROR_ENTRY), 0);
        a.jump(done);
        // ERROR_ENTRY: the oldest is taken out.
        a.bind(globals[2]);
        let none = a.label();
        a.if_eq(v.log_length, 0, done);
        a.sub(v.log_length, v.log_length, 1);
        a.add(v.log_head, v.log_head, 1);
        a.and(v.log_head, v.log_head, ERROR_LOG_DEPTH as u32 - 1);
        a.set(v.s0, 0);
        a.if_eq(v.log_length, 0, none);
        a.set_z(v.log_head);
        a.set(v.s0, v.log.z());
        a.bind(none);
        a.output(global(&reg::ERROR_ENTRY), v.s0);
        a.jump(done);
        // COUNTER_CONTROL.
        a.bind(globals[3]);
        self.counter_control();
        let a = &mut self.a;
        a.jump(done);

        // A queue register: Z is the pair.
        a.bind(queue);
        a.sub(v.s1, v.word, QUEUE_WORD);
        a.bits(v.mail_pair, v.s1, 4, 8);
        a.and(v.word, v.s1, 15);
        a.sub(v.s1, v.s1, v.word);
        a.set_z(v.s1);
        a.if_eq(v.s0, Kind::ReadOnly as u32, ignored);
        self.queue_register(ignored, done);
        let a = &mut self.a;

        // A doorbell.
        a.bind(doorbell);
        a.sub(v.s1, v.word, DOORBELL_WORD);
        a.if_ge(v.s1, self.shape.queue_pairs, ignored);
        a.set(v.mail_pair, v.s1);
        a.shl(v.s1, v.s1, 4);
        a.set_z(v.s1);
        self.doorbell(ignored, done);
        let a = &mut self.a;

        a.bind(ignored);
        a.set(v.log_code, Code::RegisterIgnored as u32);
        a.set(v.log_pair, v.mail_pair);
        a.bits(v.log_index, v.mail, 32, 14);
        a.shl(v.log_index, v.log_index, 2);
        a.call(r.log);
        a.bind(done);
        a.output(ports::MAIL_DONE, 0);
        a.ret(r.service);
    }

    /// Snapshot (bit 0), then clear (bit 1).
    fn counter_control(&mut self) {
        let v = self.v;
        let a = &mut self.a;
        let (no_snapshot, no_clear) = (a.label(), a.label());
        let in_hardware = [
            (Counter::Clocks, ports::COUNTERS),
            (Counter::MultiplierBusy, ports::COUNTERS.at(1)),
            (Counter::KeyWait, ports::COUNTERS.at(2)),
            (Counter::InputStall, ports::COUNTERS.at(3)),
            (Counter::OutputStall, ports::COUNTERS.at(4)),
            (Counter::KeySwitchBusy, ports::KEY_SWITCH_BUSY),
        ];
        a.bits(v.s0, v.value, 0, 1);
        a.if_eq(v.s0, 0, no_snapshot);
        for (counter, ..) in Counter::ALL {
            let place = super::port((counter.offset() / 4) as u16);
            match in_hardware.iter().find(|(kept, _)| kept == counter) {
                Some((_, port)) => a.input(v.s1, *port),
                None => a.set(v.s1, v.counters.at(*counter as usize)),
            }
            a.output(place, v.s1);
            a.bits(v.s1, v.s1, 32, 32);
            a.output(place.at(1), v.s1);
        }
        a.bind(no_snapshot);
        a.bits(v.s0, v.value, 1, 1);
        a.if_eq(v.s0, 0, no_clear);
        for i in 0..Counter::ALL.len() {
            a.set(v.counters.at(i), 0);
        }
        a.output(ports::COUNTER_CLEAR, 0);
        a.bind(no_clear);
    }

    /// A write to register `word` of the pair at Z, which is not read-only.
    fn queue_register(&mut self, ignored: super::Label, done: super::Label) {
        let v = self.v;
        let a = &mut self.a;
        let (qz, mz) = (v.qz, v.mz);
        let unlocked = a.label();
        a.if_ne(v.s0, Kind::Locked as u32, unlocked);
        a.if_eq(qz.enable, 1, ignored);
        a.bind(unlocked);
        a.and(v.value, v.value, v.rule);
        let names = [
            reg::SQ_BASE_LO,
            reg::SQ_BASE_HI,
            reg::CQ_BASE_LO,
            reg::CQ_BASE_HI,
            reg::RING_SIZES,
            reg::QUEUE_CONTROL,
            reg::QUEUE_STATUS,
            reg::INTERRUPT_ARM,
            reg::INTERRUPT_COALESCE,
        ];
        let labels = names.map(|register| {
            let label = a.label();
            a.if_eq(v.word, register.offset / 4, label);
            label
        });
        a.jump(ignored);
        for (i, base) in [qz.sq_base, qz.cq_base].into_iter().enumerate() {
            a.bind(labels[2 * i]);
            a.bits(v.s1, base, 32, 32);
            a.shl(v.s1, v.s1, 32);
            a.or(base, v.s1, v.value);
            a.output(of_queue(&names[2 * i]).z(), v.value);
            a.jump(done);
            a.bind(labels[2 * i + 1]);
            a.bits(v.s1, base, 0, 32);
            a.shl(v.s2, v.value, 32);
            a.or(base, v.s1, v.s2);
            a.output(of_queue(&names[2 * i + 1]).z(), v.value);
            a.jump(done);
        }
        a.bind(labels[4]);
        a.set(mz.sizes, v.value);
        a.output(of_queue(&reg::RING_SIZES).z(), v.value);
        a.jump(done);

        // QUEUE_CONTROL.
        a.bind(labels[5]);
        let (disable, bad) = (a.label(), a.label());
        a.if_eq(v.value, 0, disable);
        a.if_eq(qz.enable, 1, done);
        a.bits(v.s1, mz.sizes, 0, 5);
        a.bits(v.s2, mz.sizes, 8, 5);
        a.if_lt(v.s1, u32::from(MIN_RING_LOG2), bad);
        a.if_ge(v.s2, u32::from(MAX_RING_LOG2) + 1, bad);
        a.if_lt(v.s2, v.s1, bad);
        for (size, mask) in [(v.s1, qz.sq_mask), (v.s2, qz.cq_mask)] {
            a.set(v.s3, 1);
            a.shl(v.s3, v.s3, size);
            a.sub(mask, v.s3, 1);
        }
        for word in [
            qz.head, qz.tail, qz.cq_tail, qz.armed, qz.flagged, mz.halted,
        ] {
            a.set(word, 0);
        }
        for register in [reg::SQ_HEAD, reg::SQ_TAIL, reg::CQ_TAIL, reg::INTERRUPT_ARM] {
            a.output(of_queue(&register).z(), 0);
        }
        a.set(qz.phase, 1 << goldilane_abi::completion::fields::PHASE.low);
        a.set(qz.enable, 1);
        a.output(of_queue(&reg::QUEUE_CONTROL).z(), 1);
        a.jump(done);
        a.bind(bad);
        a.set(v.log_code, Code::BadQueueSetup as u32);
        a.set(v.s1, queue_status::BAD_SETUP);
        let trouble = a.label();
        a.jump(trouble);
        a.bind(disable);
        a.set(qz.enable, 0);
        // What was fetched ahead for the pair is not its any more.
        let others = a.label();
        a.sub(v.s1, mz.mark, 1);
        a.if_ne(v.s1, v.ahead_pair, others);
        a.set(v.cancelled, 1);
        a.bind(others);
        a.output(of_queue(&reg::QUEUE_CONTROL).z(), 0);
        a.jump(done);

        // QUEUE_STATUS: ones clear.
        a.bind(labels[6]);
        a.and(v.s1, qz.status, v.value);
        a.sub(qz.status, qz.status, v.s1);
        a.call(self.r.queue_status);
        a.jump(done);

        // INTERRUPT_ARM.
        a.bind(labels[7]);
        a.set(qz.armed, 0);
        a.set(qz.flagged, 0);
        a.bits(v.s1, v.value, 31, 1);
        let (disarmed, armed) = (a.label(), a.label());
        a.if_eq(v.s1, 0, disarmed);
        a.bits(v.s1, v.value, 0, 16);
        a.if_eq(v.s1, qz.cq_tail, armed);
        a.output(ports::INTERRUPT, v.mail_pair);
        a.bind(disarmed);
        a.output(of_queue(&reg::INTERRUPT_ARM).z(), 0);
        a.jump(done);
        a.bind(armed);
        a.set(qz.armed, 1);
        a.output(of_queue(&reg::INTERRUPT_ARM).z(), 1 << 31);
        a.jump(done);

        // INTERRUPT_COALESCE.
        a.bind(labels[8]);
        a.set(qz.coalesce, v.value);
        a.output(of_queue(&reg::INTERRUPT_COALESCE).z(), v.value);
        // What waits may be due by the new numbers.
        a.call(self.r.interrupts);
        a.jump(done);

        // What goes wrong with a pair here: status bit `s1`, log, vector.
        a.bind(trouble);
        self.trouble();
        self.a.jump(done);
    }

    /// Status bit `s1` of the pair at Z (number `mail_pair`), log entry `log_code` with the offset, vector.
    fn trouble(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        a.or(v.qz.status, v.qz.status, v.s1);
        a.call(r.queue_status);
        a.output(ports::INTERRUPT, v.mail_pair);
        a.set(v.log_pair, v.mail_pair);
        a.bits(v.log_index, v.mail, 32, 14);
        a.shl(v.log_index, v.log_index, 2);
        a.call(r.log);
    }

    /// The doorbell of the pair at Z.
    fn doorbell(&mut self, ignored: super::Label, done: super::Label) {
        let v = self.v;
        let a = &mut self.a;
        let qz = v.qz;
        let (out_of_ring, overrun, trouble) = (a.label(), a.label(), a.label());
        a.if_eq(qz.enable, 0, ignored);
        a.add(v.s0, qz.sq_mask, 1);
        a.if_ge(v.value, v.s0, out_of_ring);
        // Entries free: size - 1 - those submitted and not fetched.
        a.sub(v.s1, qz.tail, qz.head);
        a.and(v.s1, v.s1, qz.sq_mask);
        a.sub(v.s1, qz.sq_mask, v.s1);
        a.sub(v.s2, v.value, qz.tail);
        a.and(v.s2, v.s2, qz.sq_mask);
        a.if_lt(v.s1, v.s2, overrun);
        a.set(qz.tail, v.value);
        a.output(of_queue(&reg::SQ_TAIL).z(), v.value);
        a.if_eq(v.s2, 0, done);
        let same = a.label();
        a.if_eq(v.alone, v.mz.mark, same);
        a.set(v.alone, 0);
        a.bind(same);
        a.set(v.round_busy, 1);
        a.if_eq(v.idle, 0, done);
        a.set(v.idle, 0);
        a.call(self.r.publish);
        a.jump(done);
        a.bind(out_of_ring);
        a.set(v.log_code, Code::DoorbellOutOfRing as u32);
        a.set(v.s1, queue_status::DOORBELL_OUT_OF_RING);
        a.jump(trouble);
        a.bind(overrun);
        a.set(v.log_code, Code::DoorbellOverrun as u32);
        a.set(v.s1, queue_status::DOORBELL_OVERRUN);
        a.bind(trouble);
        self.trouble();
        self.a.jump(done);
    }

    /// Adds `log_code`, `log_pair`, `log_index` to the error log; Z and `s3` change.
    pub(super) fn log(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let depth = ERROR_LOG_DEPTH as u32;
        let (room, placed, counted) = (a.label(), a.label(), a.label());
        a.begin(r.log, "log");
        a.shl(v.log_pair, v.log_pair, 8);
        a.shl(v.log_index, v.log_index, 16);
        a.or(v.log_code, v.log_code, v.log_pair);
        a.or(v.log_code, v.log_code, v.log_index);
        a.if_lt(v.log_length, depth, room);
        a.add(v.log_head, v.log_head, 1);
        a.and(v.log_head, v.log_head, depth - 1);
        a.jump(placed);
        a.bind(room);
        a.add(v.log_length, v.log_length, 1);
        a.bind(placed);
        a.add(v.s3, v.log_head, v.log_length);
        a.sub(v.s3, v.s3, 1);
        a.and(v.s3, v.s3, depth - 1);
        a.set_z(v.s3);
        a.set(v.log.z(), v.log_code);
        a.set_z(v.log_head);
        a.output(global(&reg::ERROR_ENTRY), v.log.z());
        a.if_eq(v.log_count, u32::MAX, counted);
        a.add(v.log_count, v.log_count, 1);
        a.bind(counted);
        a.output(global(&reg::ERROR_COUNT), v.log_count);
        a.ret(r.log);
    }

    /// Writes the status register.
    pub(super) fn publish(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        a.begin(r.publish, "publish");
        a.set(v.s3, v.idle);
        let flags = [
            (v.resetting, status::RESETTING),
            (v.clearing, status::CLEARING),
            (v.core_clearing, status::CLEARING),
            (v.drain_timeout, status::DRAIN_TIMEOUT),
        ];
        for (variable, bit) in flags {
            let clear = a.label();
            a.if_eq(variable, 0, clear);
            a.or(v.s3, v.s3, bit);
            a.bind(clear);
        }
        a.output(global(&reg::STATUS), v.s3);
        a.ret(r.publish);
    }
}
