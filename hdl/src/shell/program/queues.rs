//! Fetch of descriptors, completion entries, interrupts.

use super::self_test::SELF_TEST_JOB;
use super::{Writer, of_queue};
use crate::shell::host_write::Source;
use crate::shell::ports;
use goldilane_abi::completion::fields as completion;
use goldilane_abi::descriptor::fields;
use goldilane_abi::registers::{self as reg, Counter, queue_status};
use goldilane_abi::{Code, Completion, Descriptor, Opcode, flags};

impl Writer {
    /// Routines `serve`, `fetch`, `queue_status`, `complete`, `settle`, `close_entry`, `entry_fault`, `interrupts`.
    pub(super) fn queues(&mut self) {
        self.serve();
        self.fetch();
        self.queue_status();
        self.complete();
        self.settle();
        self.close_entry();
        self.entry_fault();
        self.interrupts();
    }

    /// The turn of the pair at X: goes on with its bootstrap, or takes its next descriptor.
    fn serve(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let (gather, out) = (a.label(), a.label());
        a.begin(r.serve, "serve");
        a.set(v.stay, 0);
        a.or(v.round_busy, v.round_busy, v.q.in_flight);
        a.if_ne(v.halting, 0, out);
        a.if_ne(v.q.job, 0, gather);
        a.if_eq(v.q.enable, 0, out);
        a.if_eq(v.m.halted, 1, out);
        a.if_eq(v.q.head, v.q.tail, out);
        a.set(v.round_busy, 1);
        a.add(v.working, v.working, 1);
        a.set(v.worker, v.pair);
        // No more in flight than the completion ring holds.
        a.if_lt(v.q.cq_mask, v.q.in_flight, out);
        a.call(r.fetch);
        a.bind(out);
        a.ret(r.serve);
        a.bind(gather);
        a.add(v.working, v.working, 1);
        a.set(v.worker, v.pair);
        let bootstraps = a.label();
        a.if_ne(v.q.job, SELF_TEST_JOB, bootstraps);
        a.call(r.run_self_test);
        a.ret(r.serve);
        a.bind(bootstraps);
        a.call(r.gather);
        a.ret(r.serve);
    }

    /// Fetches a descriptor of the pair at X, and does it or lets it gather.
    fn fetch(&mut self) {
        let (v, r) = (self.v, self.r);
        let out = self.a.label();
        self.a.begin(r.fetch, "fetch");
        // It may have been fetched ahead: as the next one, or as the words that were read last.
        let [plain, other, words, copied, good, shown] = [(); 6].map(|()| self.a.label());
        let a = &mut self.a;
        a.set(v.progress, 1);
        a.or(v.t0, v.next_valid, v.words_asked);
        a.if_eq(v.t0, 0, plain);
        a.if_ne(v.ahead_pair, v.at_pair, other);
        a.if_eq(v.next_valid, 0, words);
        for i in 0..Descriptor::WORDS {
            a.set(v.descriptor.at(i), v.next.at(i));
        }
        a.set(v.words_error, v.next_error);
        a.set(v.next_valid, 0);
        a.jump(copied);
        a.bind(other);
        a.call(r.land);
        a.bind(plain);
        a.shl(v.t0, v.q.head, 6);
        a.add(v.t0, v.t0, v.q.sq_base);
        self.start_read_descriptor(v.t0);
        let a = &mut self.a;
        a.bind(words);
        a.set(v.words_asked, 0);
        a.call(r.wait_words);
        for i in 0..Descriptor::WORDS {
            a.input(v.descriptor.at(i), ports::CONTROL_WORDS.at(i));
        }
        a.bind(copied);
        a.if_eq(v.words_error, 0, good);
        a.set(v.m.halted, 1);
        a.or(v.q.status, v.q.status, queue_status::FETCH_FAULT);
        a.set_z(v.at_pair);
        a.call(r.queue_status);
        a.set(v.log_code, Code::FetchFault as u32);
        a.set(v.log_pair, v.pair);
        a.set(v.log_index, v.q.head);
        a.call(r.log);
        a.output(ports::INTERRUPT, v.pair);
        a.jump(out);
        a.bind(good);
        self.count(Counter::HostReadBytes, Descriptor::BYTES as u32);
        self.take_descriptor();
        let a = &mut self.a;
        a.if_ne(v.q.in_flight, 1, shown);
        a.set_z(v.at_pair);
        a.call(r.queue_status);
        a.bind(shown);
        // The checks are long.
        a.call(r.tend);

        let d = v.descriptor;
        self.field(v.ticket, d, fields::TICKET);
        self.field(v.flags, d, fields::FLAGS);
        self.field(v.opcode, d, fields::OPCODE);
        self.field(v.slot, d, fields::OBJECT_SLOT);
        self.field(v.generation, d, fields::OBJECT_GENERATION);
        self.field(v.source, d, fields::SOURCE);
        self.field(v.destination, d, fields::DESTINATION);
        self.field(v.length, d, fields::LENGTH);
        self.a.set(v.code, Code::Success as u32);
        self.a.set(v.info, 0);
        self.a.set(v.failed, 0);
        for reserved in [fields::RESERVED_0, fields::RESERVED_5, fields::RESERVED_7] {
            self.field(v.t0, d, reserved);
            self.expect_eq(v.t0, 0, Code::BadDescriptor, 0);
        }
        self.expect_lt(v.flags, u32::from(flags::KNOWN) + 1, Code::BadDescriptor, 0);
        let mut table = Vec::new();
        for (opcode, ..) in Opcode::ALL {
            let label = self.a.label();
            self.a.if_eq(v.opcode, *opcode as u32, label);
            table.push((*opcode, label));
        }
        self.fail(Code::UnknownOpcode, 0);
        for (opcode, label) in table {
            self.a.bind(label);
            match opcode {
                Opcode::NoOp => {}
                Opcode::Loopback => self.loopback(),
                Opcode::LoadKeyPiece => self.load_key_piece(out),
                Opcode::CommitKey => self.commit_key(),
                Opcode::LoadLut => self.load_lut(),
                Opcode::Bootstrap => self.bootstrap(out),
                Opcode::FreeKey => self.free_key(),
                Opcode::FreeLut => self.free_lut(),
                Opcode::SelfTest => self.self_test(out),
            }
            self.a.jump(self.p.finish);
        }
        // Every operation but a bootstrap that goes on ends here.
        let a = &mut self.a;
        a.bind(self.p.finish);
        a.call(r.complete);
        a.bind(out);
        a.ret(r.fetch);
    }

    /// The descriptor at the head of the pair at X counts as fetched.
    pub(super) fn take_descriptor(&mut self) {
        let v = self.v;
        let a = &mut self.a;
        a.add(v.q.head, v.q.head, 1);
        a.and(v.q.head, v.q.head, v.q.sq_mask);
        a.output(of_queue(&reg::SQ_HEAD).x(), v.q.head);
        a.add(v.q.in_flight, v.q.in_flight, 1);
    }

    /// Shows the status of the pair at Z; `s3` changes.
    fn queue_status(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let quiet = a.label();
        a.begin(r.queue_status, "queue_status");
        a.set(v.s3, v.qz.status);
        a.if_eq(v.qz.in_flight, 0, quiet);
        a.or(v.s3, v.s3, queue_status::BUSY);
        a.bind(quiet);
        a.output(of_queue(&reg::QUEUE_STATUS).z(), v.s3);
        a.ret(r.queue_status);
    }

    /// Starts to write the completion entry of `ticket`, `flags`, `code`, `info`, `failed` for the pair at X. Nobody waits
    /// for the response here: `close_entry` does what follows it.
    fn complete(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let (fine, free) = (a.label(), a.label());
        a.begin(r.complete, "complete");
        a.if_eq(v.open_entry, 0, free);
        a.call(r.settle);
        a.bind(free);
        a.shl(v.t0, v.failed, 16);
        a.or(v.t0, v.t0, v.q.head);
        a.shl(v.t0, v.t0, completion::SUBMISSION_HEAD.low);
        a.or(v.t0, v.t0, v.ticket);
        a.or(v.t0, v.t0, v.q.phase);
        a.if_eq(v.code, Code::Success as u32, fine);
        a.shl(v.t1, v.code, completion::CODE.low);
        a.or(v.t0, v.t0, v.t1);
        a.set(v.log_code, v.code);
        a.set(v.log_pair, v.m.number);
        a.set(v.log_index, v.ticket);
        a.call(r.log);
        a.bind(fine);
        a.output(ports::WRITE_WORD, v.t0);
        a.or(v.t0, v.m.queue_word, v.info);
        a.output(ports::WRITE_WORD.at(1), v.t0);
        a.shl(v.t0, v.q.cq_tail, 4);
        a.add(v.t0, v.t0, v.q.cq_base);
        a.output(ports::WRITE_ADDRESS, v.t0);
        const { assert!(Source::Control as u32 == 0) };
        a.output(ports::WRITE_START, Completion::BYTES as u32);
        a.set(v.open_entry, v.m.mark);
        a.set(v.open_flags, v.flags);
        a.set(v.open_ticket, v.ticket);
        a.ret(r.complete);
    }

    /// Waits until no completion entry is on its way.
    fn settle(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let out = a.label();
        a.begin(r.settle, "settle");
        let again = a.here();
        a.if_eq(v.open_entry, 0, out);
        a.call(r.tend);
        a.jump(again);
        a.bind(out);
        a.ret(r.settle);
    }

    /// The response to the completion entry `open_entry` is there, `entry_status` the writer's: position, status and
    /// interrupt of its pair. Z, `s0`, `s1`, `s3` change.
    fn close_entry(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let [bad, written, same_pass, busy, silent, later] = [(); 6].map(|()| a.label());
        a.begin(r.close_entry, "close_entry");
        a.sub(v.s0, v.open_entry, 1);
        a.set_z(v.s0);
        a.set(v.open_entry, 0);
        a.bits(v.s1, v.entry_status, 1, 1);
        a.if_eq(v.s1, 1, bad);
        self.count(Counter::HostWriteBytes, Completion::BYTES as u32);
        let a = &mut self.a;
        a.bind(written);
        a.add(v.qz.cq_tail, v.qz.cq_tail, 1);
        a.and(v.qz.cq_tail, v.qz.cq_tail, v.qz.cq_mask);
        a.output(of_queue(&reg::CQ_TAIL).z(), v.qz.cq_tail);
        a.and(v.s1, v.open_flags, u32::from(flags::INTERRUPT));
        a.if_eq(v.s1, 0, silent);
        a.if_ne(v.qz.flagged, 0, later);
        a.input(v.qz.since, ports::NOW);
        a.bind(later);
        a.add(v.qz.flagged, v.qz.flagged, 1);
        a.call(r.interrupts);
        a.bind(silent);
        a.if_ne(v.qz.cq_tail, 0, same_pass);
        a.set(v.s1, 1 << completion::PHASE.low);
        a.sub(v.qz.phase, v.s1, v.qz.phase);
        a.bind(same_pass);
        self.count(Counter::Descriptors, 1);
        let a = &mut self.a;
        a.sub(v.qz.in_flight, v.qz.in_flight, 1);
        a.if_ne(v.qz.in_flight, 0, busy);
        a.call(r.queue_status);
        a.bind(busy);
        a.ret(r.close_entry);
        a.bind(bad);
        a.set(v.log_index, v.open_ticket);
        a.call(r.entry_fault);
        a.set_z(v.s0);
        a.jump(written);
    }

    /// A completion entry or record of the pair at Z was refused, ticket `log_index`: status, log, vector. Z and `s3`
    /// change.
    fn entry_fault(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        a.begin(r.entry_fault, "entry_fault");
        a.or(v.qz.status, v.qz.status, queue_status::COMPLETION_FAULT);
        a.call(r.queue_status);
        a.set(v.log_code, Code::CompletionFault as u32);
        a.set(v.log_pair, v.mz.number);
        a.output(ports::INTERRUPT, v.mz.number);
        a.call(r.log);
        a.ret(r.entry_fault);
    }

    /// Fires the interrupt of the pair at Z if it is due; notes in `timing` if it waits for the time. `s1`, `s3` change.
    fn interrupts(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let (out, fire) = (a.label(), a.label());
        a.begin(r.interrupts, "interrupts");
        a.if_eq(v.qz.armed, 0, out);
        a.if_eq(v.qz.flagged, 0, out);
        a.bits(v.s1, v.qz.coalesce, 0, 16);
        a.if_ge(v.qz.flagged, v.s1, fire);
        a.bits(v.s1, v.qz.coalesce, 16, 16);
        a.if_eq(v.s1, 0, out);
        a.set(v.timing, 1);
        a.set(v.timing_next, 1);
        a.shl(v.s1, v.s1, goldilane_abi::COALESCE_CLOCKS.trailing_zeros());
        a.add(v.s1, v.s1, v.qz.since);
        a.input(v.s3, ports::NOW);
        a.if_lt(v.s3, v.s1, out);
        a.bind(fire);
        a.set(v.qz.armed, 0);
        a.set(v.qz.flagged, 0);
        a.output(of_queue(&reg::INTERRUPT_ARM).z(), 0);
        a.output(ports::INTERRUPT, v.mz.number);
        a.bind(out);
        a.ret(r.interrupts);
    }
}
