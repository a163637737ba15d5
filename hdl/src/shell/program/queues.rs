//! Fetch of descriptors, completion entries, interrupts.

use super::self_test::SELF_TEST_JOB;
use super::{Writer, of_queue};
use crate::shell::host_read::Destination;
use crate::shell::host_write::Source;
use crate::shell::ports;
use goldilane_abi::completion::fields as completion;
use goldilane_abi::descriptor::fields;
use goldilane_abi::registers::{self as reg, Counter, queue_status};
use goldilane_abi::{Code, Descriptor, Opcode, flags};

impl Writer {
    /// Routines `serve`, `fetch`, `queue_status`, `complete`, `interrupts`.
    pub(super) fn queues(&mut self) {
        self.serve();
        self.fetch();
        self.queue_status();
        self.complete();
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
        // No more in flight than the completion ring holds.
        a.if_lt(v.q.cq_mask, v.q.in_flight, out);
        a.call(r.fetch);
        a.bind(out);
        a.ret(r.serve);
        a.bind(gather);
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
        self.a.shl(v.t0, v.q.head, 6);
        self.a.add(v.t0, v.t0, v.q.sq_base);
        self.start_read(v.t0, Descriptor::BYTES as u32, Destination::Control);
        let a = &mut self.a;
        a.call(r.wait_read);
        a.set(v.progress, 1);
        let good = a.label();
        a.if_eq(v.read_error, 0, good);
        a.set(v.m.halted, 1);
        a.or(v.q.status, v.q.status, queue_status::FETCH_FAULT);
        a.call(r.queue_status);
        a.set(v.log_code, Code::FetchFault as u32);
        a.set(v.log_pair, v.pair);
        a.set(v.log_index, v.q.head);
        a.call(r.log);
        a.output(ports::INTERRUPT, v.pair);
        a.jump(out);
        a.bind(good);
        for i in 0..Descriptor::WORDS {
            a.input(v.descriptor.at(i), ports::CONTROL_WORDS.at(i));
        }
        a.add(v.q.head, v.q.head, 1);
        a.and(v.q.head, v.q.head, v.q.sq_mask);
        a.output(of_queue(&reg::SQ_HEAD).x(), v.q.head);
        a.add(v.q.in_flight, v.q.in_flight, 1);
        a.call(r.queue_status);

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
                Opcode::LoadKeyPiece => self.load_key_piece(),
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

    /// Shows the status of the pair at X.
    fn queue_status(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let quiet = a.label();
        a.begin(r.queue_status, "queue_status");
        a.set(v.t0, v.q.status);
        a.if_eq(v.q.in_flight, 0, quiet);
        a.or(v.t0, v.t0, queue_status::BUSY);
        a.bind(quiet);
        a.output(of_queue(&reg::QUEUE_STATUS).x(), v.t0);
        a.ret(r.queue_status);
    }

    /// Writes the completion entry of `ticket`, `flags`, `code`, `info`, `failed` for the pair at X.
    fn complete(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        a.begin(r.complete, "complete");
        let fine = a.label();
        a.if_eq(v.code, Code::Success as u32, fine);
        a.set(v.log_code, v.code);
        a.set(v.log_pair, v.m.number);
        a.set(v.log_index, v.ticket);
        a.call(r.log);
        a.bind(fine);
        // The first word, from the top field down.
        a.set(v.t0, v.failed);
        for (field, value) in [
            (completion::SUBMISSION_HEAD, v.q.head),
            (completion::PHASE, v.q.phase),
            (completion::CODE, v.code),
            (completion::TICKET, v.ticket),
        ] {
            let above = match field.low {
                32 => 16,
                24 => 8,
                16 => 8,
                _ => 16,
            };
            a.shl(v.t0, v.t0, above);
            a.or(v.t0, v.t0, value);
        }
        a.output(ports::WRITE_WORD, v.t0);
        a.shl(v.t0, v.m.number, completion::QUEUE.low);
        a.or(v.t0, v.t0, v.info);
        a.output(ports::WRITE_WORD.at(1), v.t0);
        a.shl(v.t0, v.q.cq_tail, 4);
        a.add(v.t0, v.t0, v.q.cq_base);
        self.start_write(v.t0, 16, Source::Control, false);
        let a = &mut self.a;
        a.add(v.q.cq_tail, v.q.cq_tail, 1);
        a.and(v.q.cq_tail, v.q.cq_tail, v.q.cq_mask);
        let same_pass = a.label();
        a.if_ne(v.q.cq_tail, 0, same_pass);
        a.set(v.t0, 1);
        a.sub(v.q.phase, v.t0, v.q.phase);
        a.bind(same_pass);
        a.call(r.wait_write);
        let written = a.label();
        a.if_eq(v.write_error, 0, written);
        self.completion_fault();
        let a = &mut self.a;
        a.bind(written);
        a.output(of_queue(&reg::CQ_TAIL).x(), v.q.cq_tail);
        a.sub(v.q.in_flight, v.q.in_flight, 1);
        a.call(r.queue_status);
        self.count(Counter::Descriptors, 1);
        let a = &mut self.a;
        let (silent, later) = (a.label(), a.label());
        a.and(v.t0, v.flags, u32::from(flags::INTERRUPT));
        a.if_eq(v.t0, 0, silent);
        a.if_ne(v.q.flagged, 0, later);
        a.input(v.q.since, ports::NOW);
        a.bind(later);
        a.add(v.q.flagged, v.q.flagged, 1);
        a.call(r.interrupts);
        a.bind(silent);
        a.ret(r.complete);
    }

    /// A completion entry or record of the pair at X was refused: status, log, vector.
    pub(super) fn completion_fault(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        a.or(v.q.status, v.q.status, queue_status::COMPLETION_FAULT);
        a.call(r.queue_status);
        a.set(v.log_code, Code::CompletionFault as u32);
        a.set(v.log_pair, v.m.number);
        a.set(v.log_index, v.ticket);
        a.call(r.log);
        a.output(ports::INTERRUPT, v.m.number);
    }

    /// Fires the interrupt of the pair at X if it is due.
    fn interrupts(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let (out, fire, some) = (a.label(), a.label(), a.label());
        a.begin(r.interrupts, "interrupts");
        a.if_eq(v.q.armed, 0, out);
        a.if_eq(v.q.flagged, 0, out);
        a.bits(v.t0, v.q.coalesce, 0, 16);
        a.if_ne(v.t0, 0, some);
        a.set(v.t0, 1);
        a.bind(some);
        a.if_ge(v.q.flagged, v.t0, fire);
        a.bits(v.t0, v.q.coalesce, 16, 16);
        a.if_eq(v.t0, 0, out);
        a.shl(v.t0, v.t0, goldilane_abi::COALESCE_CLOCKS.trailing_zeros());
        a.add(v.t0, v.t0, v.q.since);
        a.input(v.t1, ports::NOW);
        a.if_lt(v.t1, v.t0, out);
        a.bind(fire);
        a.set(v.q.armed, 0);
        a.set(v.q.flagged, 0);
        a.output(of_queue(&reg::INTERRUPT_ARM).x(), 0);
        a.output(ports::INTERRUPT, v.m.number);
        a.bind(out);
        a.ret(r.interrupts);
    }
}
