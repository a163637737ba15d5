//! The program of the shell's controller: everything that is decided, in the order in which it is decided.
//!
//! | file | what |
//! |---|---|
//! | `variables` | the scratch memory |
//! | `service` | register writes of the host, doorbells, error log |
//! | `queues` | fetch, completion, interrupts |
//! | `transfers` | host memory and board memory |
//! | `objects` | what operations on objects share; loopback |
//! | `keys` | pieces of keys: checks; commit, free |
//! | `loading` | pieces of keys on their way, and what is fetched ahead meanwhile |
//! | `tables` | lookup tables |
//! | `clearing` | freed slots are zeroised |
//! | `bootstraps` | descriptors of bootstraps, batches |
//! | `gather` | entries of bootstraps |
//! | `results` | results, records |
//! | `self_test` | the self-test |
//! | `reset` | power-up and reset |
//!
//! One loop visits the pairs in turn; while one pair alone has work, only that one. Whoever waits calls `tend`, so that
//! register writes and resets are answered, completions closed and interrupts raised in any state. X is the pair at
//! hand, Y the job or slot at hand; Z is free for a few instructions and does not survive a wait.

mod bootstraps;
mod clearing;
mod gather;
mod keys;
mod loading;
mod objects;
mod queues;
mod reset;
mod results;
mod self_test;
mod service;
mod tables;
mod transfers;
mod variables;

use super::instruction::{Assembler, Label, Port, Routine, Var, port};
use super::ports;
use goldilane_abi::field::Field;
use goldilane_abi::registers::Register;
use goldilane_abi::{Code, MemoryMap, Shape};
use variables::Variables;

/// A finished program.
pub struct Program {
    /// Instruction words.
    pub words: Vec<u128>,
    /// Words of scratch memory that it uses.
    pub scratch: usize,
    /// The text.
    pub listing: String,
}

/// Subroutines.
#[derive(Clone, Copy)]
struct Routines {
    service: Routine,
    tend: Routine,
    log: Routine,
    publish: Routine,
    wait_words: Routine,
    wait_read: Routine,
    wait_write: Routine,
    wait_fill: Routine,
    complete: Routine,
    settle: Routine,
    close_entry: Routine,
    entry_fault: Routine,
    interrupts: Routine,
    serve: Routine,
    fetch: Routine,
    fetch_ahead: Routine,
    land: Routine,
    forget_ahead: Routine,
    load_step: Routine,
    gather: Routine,
    start_batch: Routine,
    drain: Routine,
    record: Routine,
    finish_job: Routine,
    clear_step: Routine,
    set_empty: Routine,
    queue_status: Routine,
    damaged_tables: Routine,
    test_result: Routine,
    test_batch: Routine,
    run_self_test: Routine,
}

/// Places that are jumped to from afar.
#[derive(Clone, Copy)]
struct Places {
    main: Label,
    reset: Label,
    /// Completes the descriptor at hand with `code` and `info`.
    finish: Label,
}

/// The program under construction.
struct Writer {
    a: Assembler,
    v: Variables,
    r: Routines,
    p: Places,
    shape: Shape,
    map: MemoryMap,
}

/// Port of a global register.
fn global(register: &Register) -> Port {
    port((register.offset / 4) as u16)
}

/// Port of a queue register of the pair at an index register.
fn of_queue(register: &Register) -> Port {
    port((register.of(0) / 4) as u16)
}

impl Writer {
    fn new(shape: &Shape) -> Self {
        let mut a = Assembler::new();
        let v = Variables::new(&mut a, shape);
        let r = Routines {
            service: a.routine(),
            tend: a.routine(),
            log: a.routine(),
            publish: a.routine(),
            wait_words: a.routine(),
            wait_read: a.routine(),
            wait_write: a.routine(),
            wait_fill: a.routine(),
            complete: a.routine(),
            settle: a.routine(),
            close_entry: a.routine(),
            entry_fault: a.routine(),
            interrupts: a.routine(),
            serve: a.routine(),
            fetch: a.routine(),
            fetch_ahead: a.routine(),
            land: a.routine(),
            forget_ahead: a.routine(),
            load_step: a.routine(),
            gather: a.routine(),
            start_batch: a.routine(),
            drain: a.routine(),
            record: a.routine(),
            finish_job: a.routine(),
            clear_step: a.routine(),
            set_empty: a.routine(),
            queue_status: a.routine(),
            damaged_tables: a.routine(),
            test_result: a.routine(),
            test_batch: a.routine(),
            run_self_test: a.routine(),
        };
        let p = Places {
            main: a.label(),
            reset: a.label(),
            finish: a.label(),
        };
        Self {
            a,
            v,
            r,
            p,
            shape: *shape,
            map: MemoryMap::new(shape),
        }
    }

    /// `d` = a field of the record at `record`.
    fn field(&mut self, d: Var, record: Var, field: Field) {
        self.a
            .bits(d, record.at(field.word), field.low, field.width);
    }

    /// Ends the descriptor at hand with `code` and a constant.
    fn fail(&mut self, code: Code, info: u32) {
        self.a.set(self.v.code, code as u32);
        self.a.set(self.v.info, info);
        self.a.jump(self.p.finish);
    }

    /// Ends the descriptor at hand with `code`, unless `a = b`.
    fn expect_eq(
        &mut self,
        a: Var,
        b: impl Into<super::instruction::Operand>,
        code: Code,
        info: u32,
    ) {
        let good = self.a.label();
        self.a.if_eq(a, b, good);
        self.fail(code, info);
        self.a.bind(good);
    }

    /// Ends the descriptor at hand with `code`, unless `a < b`.
    fn expect_lt(&mut self, a: Var, b: u32, code: Code, info: u32) {
        let good = self.a.label();
        self.a.if_lt(a, b, good);
        self.fail(code, info);
        self.a.bind(good);
    }

    /// Ends the descriptor at hand as `misaligned`, unless the address is a multiple of 64.
    fn expect_aligned(&mut self, address: Var) {
        let t = self.v.t0;
        self.a.and(t, address, 63);
        self.expect_eq(t, 0, Code::Misaligned, 0);
    }

    /// Adds to a performance counter that the program keeps.
    fn count(
        &mut self,
        counter: goldilane_abi::registers::Counter,
        amount: impl Into<super::instruction::Operand>,
    ) {
        let c = self.v.counters.at(counter as usize);
        self.a.add(c, c, amount);
    }

    /// The loop: register writes, results, batches, clearing, then a piece of a key that is on its way or the next pair.
    fn main_loop(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        a.bind(self.p.main);
        a.call(r.tend);
        self.leave_halt();
        let a = &mut self.a;
        let [clean, again, drained, gathers] = [(); 4].map(|()| a.label());
        let [pairs, ours, kept, one, round] = [(); 5].map(|()| a.label());
        a.or(v.t0, v.clearing, v.core_clearing);
        a.if_eq(v.t0, 0, clean);
        a.call(r.clear_step);
        a.bind(clean);
        a.bind(again);
        a.input(v.t0, ports::CORE_STATUS);
        a.bits(v.t1, v.t0, 1, 1);
        a.if_eq(v.t1, 0, drained);
        a.call(r.drain);
        a.bind(drained);
        a.if_eq(v.closed, 0, gathers);
        a.call(r.start_batch);
        a.bind(gathers);
        a.if_eq(v.loading, 0, pairs);
        a.call(r.load_step);
        a.if_eq(v.loading, 1, again);
        a.jump(kept);
        a.bind(pairs);
        a.if_eq(v.cancelled, 0, ours);
        a.call(r.forget_ahead);
        a.bind(ours);
        a.shl(v.at_pair, v.pair, 4);
        a.set_x(v.at_pair);
        a.call(r.serve);
        a.if_eq(v.loading, 1, self.p.main);
        a.if_eq(v.open_entry, 0, kept);
        a.call(r.tend);
        a.bind(kept);
        // A descriptor that gathers keeps its turn until it is through or the batch is full.
        a.if_eq(v.stay, 1, self.p.main);
        a.if_ne(v.alone, 0, one);
        a.add(v.pair, v.pair, 1);
        a.if_lt(v.pair, self.shape.queue_pairs, self.p.main);
        self.end_of_round(round);
        let a = &mut self.a;
        a.bind(one);
        a.if_ne(v.working, 0, round);
        a.set(v.alone, 0);
        a.set(v.pair, 0);
        a.set(v.round_busy, 0);
        a.bind(round);
        self.close_batch();
        self.a.jump(self.p.main);
    }

    /// After a round through all pairs: whether the board is idle, whether one pair alone has work. Ends as `round`.
    fn end_of_round(&mut self, round: Label) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let (busy, same, several) = (a.label(), a.label(), a.label());
        a.set(v.pair, 0);
        a.set(v.idle_now, 0);
        a.if_ne(v.round_busy, 0, busy);
        a.set(v.idle_now, 1);
        a.bind(busy);
        a.set(v.round_busy, 0);
        a.if_eq(v.idle_now, v.idle, same);
        a.set(v.idle, v.idle_now);
        a.call(r.publish);
        a.bind(same);
        a.if_ne(v.working, 1, several);
        a.set(v.pair, v.worker);
        a.shl(v.alone, v.worker, 4);
        a.add(v.alone, v.alone, 1);
        a.bind(several);
        a.jump(round);
    }

    /// After a round in which nothing came the batch is closed as it is.
    fn close_batch(&mut self) {
        let v = self.v;
        let a = &mut self.a;
        let open = a.label();
        a.set(v.working, 0);
        a.if_eq(v.progress, 1, open);
        a.if_eq(v.fill, 0, open);
        a.set(v.closed, 1);
        a.bind(open);
        a.set(v.progress, 0);
    }
}

/// Writes the program for a board of this shape.
pub fn program(shape: &Shape) -> Program {
    let mut w = Writer::new(shape);
    w.boot();
    w.main_loop();
    w.reset();
    w.service();
    w.tend();
    w.log();
    w.publish();
    w.transfers();
    w.queues();
    w.loading();
    w.clearing();
    w.bootstraps();
    w.self_tests();
    Program {
        words: w.a.words(),
        scratch: w.a.scratch_words(),
        listing: w.a.listing(),
    }
}
