//! The scratch memory: variables, the pairs' states, the slots' states, jobs, batches.

use crate::shell::instruction::{Assembler, Var};
use goldilane_abi::registers::Counter;
use goldilane_abi::{ERROR_LOG_DEPTH, Shape};

/// Words of a pair's first record; equal to the words of its registers, so that X serves both.
pub const PAIR_WORDS: usize = 16;
/// Words of a key slot's record, as a power of two.
pub const KEY_WORDS_LOG2: u32 = 3;
/// Words of a LUT slot's record, as a power of two.
pub const LUT_WORDS_LOG2: u32 = 2;
/// Words of a job's record, as a power of two.
pub const JOB_WORDS_LOG2: u32 = 4;
/// Words of a batch slot's record, as a power of two.
pub const PLACE_WORDS_LOG2: u32 = 3;

/// States of a key or LUT slot.
pub mod state {
    /// Nothing there.
    pub const EMPTY: u32 = 0;
    /// Some pieces of a key.
    pub const LOADING: u32 = 1;
    /// Usable.
    pub const READY: u32 = 2;
    /// Being zeroised.
    pub const CLEARING: u32 = 3;
}

/// Declares a record: named words one after another.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: Var,)*
        }

        impl $name {
            #[allow(unused_assignments)]
            fn at(base: Var, index: impl Fn(Var) -> Var) -> Self {
                let mut offset = 0;
                $(let $field = index(base.at(offset)); offset += 1;)*
                Self { $($field),* }
            }
        }
    };
}

record! {
    /// A pair.
    Pair {
        sq_base, cq_base, sq_mask, cq_mask, enable, status, head, tail, cq_tail, phase, in_flight, armed, flagged,
        since, coalesce, job,
    }
}

record! {
    /// More of a pair; `queue_word` is its number where a completion entry has it, `mark` its offset and 1.
    PairMore { halted, sizes, number, ticket, flags, queue_word, mark }
}

record! {
    /// A key slot.
    KeySlot { state, generation, shape, ggsws, columns, uses, cleared }
}

record! {
    /// A LUT slot; `uses` counts the steps while it is being cleared.
    LutSlot { state, generation, uses, damaged }
}

record! {
    /// A bootstrap descriptor under way.
    Job {
        pair, ticket, flags, entries, records, count, next, open, failed, first_failed, code, key, checkpoint,
    }
}

record! {
    /// A filled slot of a batch.
    Place { job, entry, output, degrees, stride, lut }
}

/// All of them.
#[derive(Clone, Copy)]
pub struct Variables {
    /// Pairs, by X.
    pub q: Pair,
    /// Pairs, by Z.
    pub qz: Pair,
    /// More of the pairs, by X.
    pub m: PairMore,
    /// More of the pairs, by Z.
    pub mz: PairMore,
    /// Key slots, by Y.
    pub key: KeySlot,
    /// Key slots, by Z.
    pub key_z: KeySlot,
    /// LUT slots, by Y.
    pub lut: LutSlot,
    /// LUT slots, by Z.
    pub lut_z: LutSlot,
    /// Jobs, by Y.
    pub job: Job,
    /// Slots of the two batches, by Z.
    pub place: Place,
    /// Free jobs: a stack.
    pub free: Var,
    /// Jobs on the stack.
    pub free_count: Var,
    /// Error log.
    pub log: Var,
    /// Performance counters kept by the program.
    pub counters: Var,
    /// Descriptor at hand.
    pub descriptor: Var,
    /// The descriptor that comes next, fetched ahead.
    pub next: Var,
    /// Entry at hand.
    pub entry: Var,
    /// By bank: batch handed to the core, its fill, its checkpoint.
    pub bank_busy: Var,
    /// See [`Variables::bank_busy`].
    pub bank_fill: Var,
    /// See [`Variables::bank_busy`].
    pub bank_checkpoint: Var,
    s: Scalars,
}

record! {
    /// Single variables.
    Scalars {
        t0, t1, t2, t3, s0, s1, s2, s3, mail, value, rule, word, mail_pair, log_code, log_pair, log_index, log_head,
        log_length, log_count, pair, stay, progress, round_busy, idle, resetting, drain_timeout, clearing,
        core_clearing, halting, read_command, read_status, read_error, write_command,
        write_status, write_error, fill_status, code, info, failed, ticket, flags, opcode, slot, generation,
        source, destination, length, lines, line, crc_line, shape, n, bits, levels, fill, closed, bank, done_bank,
        batch_key, batch_checkpoint, clear_slot, record_status, record_length, record_crc, place_at,
        place_end, degree, kind, output, batch_code, crc, count, needed, input, since, key_slot, lut_slot, job_at,
        entry_index, length_read, length_written, waiting, ggsw_end, column_end, fill_slot, result_command, exclusive, test_failed,
        test_steps, test_fill, test_slot, any_damaged, errors, at_pair, mail_waits, idle_now,
        open_entry, open_flags, open_ticket, entry_status, timing, timing_next, timed_pair,
        alone, working, worker, loading, load_pair, load_slot, ahead, ahead_pair, next_valid, next_error, words_asked,
        words_status, words_error, cancelled, ticket_cut, position, piece_word, piece_shape, piece_length, piece_slot,
        piece_place, piece_limit, piece_checked, next_piece, piece_lines, piece_step, piece_fill, piece_read, piece_crc, piece_flags, piece_ticket,
    }
}

impl std::ops::Deref for Variables {
    type Target = Scalars;
    fn deref(&self) -> &Scalars {
        &self.s
    }
}

/// Jobs that may be under way: two batches of other jobs' entries and one job a pair that gathers.
pub fn job_count(shape: &Shape) -> usize {
    (2 * shape.slots + shape.queue_pairs) as usize
}

impl Variables {
    /// Lays everything out.
    pub fn new(a: &mut Assembler, shape: &Shape) -> Self {
        const SCALARS: usize = 160;
        assert!(std::mem::size_of::<Scalars>() <= SCALARS * std::mem::size_of::<Var>());
        let scalars = a.array(SCALARS);
        let pairs = shape.queue_pairs as usize;
        let pair = a.array(pairs * PAIR_WORDS);
        let more = a.array(pairs * PAIR_WORDS);
        let keys = a.array((shape.key_slots as usize) << KEY_WORDS_LOG2);
        let luts = a.array((shape.lut_slots as usize) << LUT_WORDS_LOG2);
        let jobs = a.array(job_count(shape) << JOB_WORDS_LOG2);
        let places = a.array((2 * shape.slots as usize) << PLACE_WORDS_LOG2);
        Self {
            q: Pair::at(pair, Var::x),
            qz: Pair::at(pair, Var::z),
            m: PairMore::at(more, Var::x),
            mz: PairMore::at(more, Var::z),
            key: KeySlot::at(keys, Var::y),
            key_z: KeySlot::at(keys, Var::z),
            lut: LutSlot::at(luts, Var::y),
            lut_z: LutSlot::at(luts, Var::z),
            job: Job::at(jobs, Var::y),
            place: Place::at(places, Var::z),
            free: a.array(job_count(shape)),
            free_count: a.variable(),
            log: a.array(ERROR_LOG_DEPTH),
            counters: a.array(Counter::ALL.len()),
            descriptor: a.array(8),
            next: a.array(8),
            entry: a.array(4),
            bank_busy: a.array(2),
            bank_fill: a.array(2),
            bank_checkpoint: a.array(2),
            s: Scalars::at(scalars, |v| v),
        }
    }
}
