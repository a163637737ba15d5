//! Power-up and reset.
//!
//! A reset stops what is being issued, waits until everything on the buses has come back (or the time is over),
//! forgets queues, jobs, keys and lookup tables, and goes on; memories are cleared in the background. The error log
//! and the performance counters stay.

use super::variables::{KEY_WORDS_LOG2, LUT_WORDS_LOG2, PAIR_WORDS, job_count, state};
use super::{Writer, global};
use crate::shell::ports;
use goldilane_abi::completion::fields::QUEUE;
use goldilane_abi::descriptor::fields::{PIECE_INDEX, TICKET};
use goldilane_abi::registers::{self as reg, Reset};
use goldilane_abi::{Code, RESET_CLOCKS};

/// Levels of `ports::HALT`: data movers stop, the core clears itself.
const HALT_ALL: u32 = 3;
/// The core alone.
const HALT_CORE: u32 = 2;

impl Writer {
    /// The program's first instructions: the register file, then what a reset does too.
    pub(super) fn boot(&mut self) {
        let v = self.v;
        let shape = self.shape;
        let a = &mut self.a;
        for register in reg::GLOBAL {
            let port = global(register);
            match register.reset {
                Reset::BuildStamp => {
                    a.input(v.t0, ports::STAMP);
                    a.output(port, v.t0);
                }
                _ => a.output(port, register.initial(&shape, 0)),
            }
        }
        for (counter, ..) in reg::Counter::ALL {
            let port = super::port((counter.offset() / 4) as u16);
            a.output(port, 0);
            a.output(port.at(1), 0);
        }
        a.set(v.t0, 1);
        a.shl(v.mail_waits, v.t0, 63);
        a.set(v.t0, u32::from(u16::MAX));
        a.shl(v.t0, v.t0, TICKET.low);
        a.set(v.t1, 0);
        a.sub(v.t1, v.t1, 1);
        a.sub(v.ticket_cut, v.t1, v.t0);
        a.set(v.t0, 1);
        a.shl(v.next_piece, v.t0, PIECE_INDEX.low);
        self.forget();
        let a = &mut self.a;
        // The core clears its memories once; registers are answered from here on.
        a.output(ports::HALT, HALT_CORE);
        a.set(v.core_clearing, 1);
        a.set(v.idle, 1);
        self.a.call(self.r.publish);
    }

    /// Queues, jobs and batches as after power-up; `t0`, X and Z change.
    fn forget(&mut self) {
        let v = self.v;
        let pairs = self.shape.queue_pairs;
        let jobs = job_count(&self.shape) as u32;
        let a = &mut self.a;
        a.set(v.pair, 0);
        let again = a.here();
        a.shl(v.t0, v.pair, PAIR_WORDS.trailing_zeros());
        a.set_x(v.t0);
        let q = v.q;
        for word in [
            q.sq_base,
            q.cq_base,
            q.sq_mask,
            q.cq_mask,
            q.enable,
            q.status,
            q.head,
            q.tail,
            q.cq_tail,
            q.phase,
            q.in_flight,
            q.armed,
            q.flagged,
            q.since,
            q.coalesce,
            q.job,
            v.m.halted,
            v.m.sizes,
        ] {
            a.set(word, 0);
        }
        a.set(v.m.number, v.pair);
        a.shl(v.m.queue_word, v.pair, QUEUE.low);
        a.shl(v.m.mark, v.pair, PAIR_WORDS.trailing_zeros());
        a.add(v.m.mark, v.m.mark, 1);
        for register in reg::QUEUE {
            a.output(super::of_queue(register).x(), 0);
        }
        a.add(v.pair, v.pair, 1);
        a.if_lt(v.pair, pairs, again);
        for word in [
            v.pair,
            v.stay,
            v.progress,
            v.round_busy,
            v.fill,
            v.closed,
            v.bank,
            v.done_bank,
            v.exclusive,
            v.open_entry,
            v.timing,
            v.timing_next,
            v.timed_pair,
            v.alone,
            v.working,
            v.loading,
            v.ahead,
            v.next_valid,
            v.words_asked,
            v.cancelled,
        ] {
            a.set(word, 0);
        }
        for bank in 0..2 {
            a.set(v.bank_busy.at(bank), 0);
        }
        a.output(ports::GATHERING, 0);
        a.output(ports::TEST_MODE, 0);
        a.set(v.free_count, 0);
        let again = a.here();
        a.set_z(v.free_count);
        a.add(v.free_count, v.free_count, 1);
        a.set(v.free.z(), v.free_count);
        a.if_lt(v.free_count, jobs, again);
    }

    /// No lookup table counts as damaged any more.
    pub(super) fn forget_damage(&mut self) {
        let (v, slots) = (self.v, self.shape.lut_slots);
        let a = &mut self.a;
        a.set(v.t0, 0);
        let again = a.here();
        a.set_z(v.t0);
        a.set(v.lut_z.damaged, 0);
        a.add(v.t0, v.t0, 1 << LUT_WORDS_LOG2);
        a.if_lt(v.t0, slots << LUT_WORDS_LOG2, again);
    }

    /// Slots that hold anything are cleared in the background.
    fn forget_slots(&mut self) {
        let v = self.v;
        let shape = self.shape;
        let key = (v.key_z.state, v.key_z.generation, v.key_z.uses);
        let lut = (v.lut_z.state, v.lut_z.generation, v.lut_z.uses);
        // A table that was found damaged in a batch that the reset ended says nothing of the next table there.
        self.forget_damage();
        for (count, words, (slot_state, generation, uses)) in [
            (shape.key_slots, KEY_WORDS_LOG2, key),
            (shape.lut_slots, LUT_WORDS_LOG2, lut),
        ] {
            let a = &mut self.a;
            let next = a.label();
            a.set(v.t0, 0);
            let again = a.here();
            a.set_z(v.t0);
            a.if_eq(slot_state, state::EMPTY, next);
            a.if_eq(slot_state, state::CLEARING, next);
            a.set(slot_state, state::CLEARING);
            a.set(uses, 0);
            a.add(generation, generation, 1);
            a.and(generation, generation, 0xffff);
            a.add(v.clearing, v.clearing, 1);
            a.bind(next);
            a.add(v.t0, v.t0, 1 << words);
            a.if_lt(v.t0, count << words, again);
        }
    }

    /// Register reset, from any state.
    pub(super) fn reset(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let (quiet, late, over) = (a.label(), a.label(), a.label());
        a.bind(self.p.reset);
        a.output(ports::HALT, HALT_ALL);
        a.set(v.idle, 0);
        a.set(v.resetting, 1);
        a.set(v.drain_timeout, 0);
        a.set(v.core_clearing, 1);
        a.call(r.publish);
        self.forget();
        self.forget_slots();
        let a = &mut self.a;
        a.output(ports::MAIL_DONE, 0);
        a.input(v.since, ports::NOW);
        a.add(v.since, v.since, (RESET_CLOCKS / 2) as u32);
        let again = a.here();
        self.busy(v.t0);
        let a = &mut self.a;
        a.if_eq(v.t0, 0, quiet);
        a.input(v.t1, ports::NOW);
        a.if_ge(v.t1, v.since, late);
        a.jump(again);
        a.bind(late);
        // What is still open is waited for on the way: nothing new begins before.
        a.set(v.drain_timeout, 1);
        a.set(v.halting, 1);
        a.set(v.log_code, Code::DrainTimeout as u32);
        a.set(v.log_pair, 255);
        a.set(v.log_index, 0);
        a.call(r.log);
        a.jump(over);
        a.bind(quiet);
        a.output(ports::HALT, HALT_CORE);
        a.set(v.halting, 0);
        a.bind(over);
        a.set(v.resetting, 0);
        a.set(v.idle, 1);
        a.call(r.publish);
        a.jump(self.p.main);
    }

    /// `d` is not 0 while a data mover has something open.
    fn busy(&mut self, d: crate::shell::instruction::Var) {
        let v = self.v;
        let a = &mut self.a;
        a.input(d, ports::READ_STATUS);
        a.bits(d, d, 0, 1);
        for (port, bit) in [
            (ports::WRITE_STATUS, 0),
            (ports::FILL_STATUS, 0),
            (ports::CORE_STATUS, 6),
        ] {
            a.input(v.t2, port);
            a.bits(v.t2, v.t2, bit, 1);
            a.or(d, d, v.t2);
        }
    }

    /// After a drain that took too long: lets the movers go as soon as they are quiet.
    pub(super) fn leave_halt(&mut self) {
        let v = self.v;
        let done = self.a.label();
        self.a.if_eq(v.halting, 0, done);
        self.busy(v.t0);
        let a = &mut self.a;
        a.if_ne(v.t0, 0, done);
        a.output(ports::HALT, HALT_CORE);
        a.set(v.halting, 0);
        a.bind(done);
    }
}
