//! What every board must do, as test bodies over any device.
//!
//! A body takes a fresh [`Rig`] and panics when the board does something else than the contract says. [`BODIES`] lists
//! them; `conformance!(name, socket, |body| ...)` makes a test of each, and `goldilane conform` runs them on a device. The model
//! board and the Verilated board, in process, over a socket and in a virtual machine, get the same ones. Everything goes
//! through the driver and the rings in host memory; bodies that need a look behind the registers use the rig's [`Bench`].

pub mod arithmetic;
pub mod bad_descriptors;
pub mod bad_entries;
pub mod bad_keys;
pub mod bench;
#[cfg(feature = "boards")]
pub mod boards;
pub mod faults;
pub mod fixture;
pub mod objects;
pub mod queues;
pub mod resets;
mod rig;
mod run;
pub mod short_keys;
pub mod transport;
mod watched;

pub use bench::Bench;
pub use fixture::ToyFixture;
pub use rig::{Open, Opened, Rig, Transport, shape_of};
pub use run::{Missing, run};

/// A test body and what it needs.
#[derive(Clone, Copy)]
pub struct Body {
    /// The module.
    pub part: &'static str,
    /// Its name there.
    pub name: &'static str,
    /// Whether the board must be of the toy shape.
    pub toy: bool,
    /// Whether it needs the way around the driver.
    pub bench: bool,
    /// Whether only a board process behind a socket can fail so.
    pub socket: bool,
    /// The body.
    pub body: fn(Rig),
}

/// Every body: `any` is for boards of every shape, `toy` for the toy shape; `@bench` needs the side channel, `@socket`
/// that and a board process behind a socket. Calls the macro `$use` with them.
#[macro_export]
macro_rules! every_body {
    ($use:ident $($extra:tt)*) => {
        $crate::$use! { $($extra)*
            any transport: identifies_itself, no_op_and_loopback, loopback_of_many_sizes, counters_and_log_read;
            any queues: one_doorbell_a_batch, a_full_queue_hands_jobs_back, rings_wrap_around, many_jobs_in_flight,
                two_pairs_serve_two_users, pairs_are_served_in_turn @bench, a_halted_pair_does_not_hold_the_other,
                an_unseen_completion_fires_at_once @bench, interrupts_coalesce, bad_doorbells_are_refused @bench,
                bad_setups_are_refused, writes_that_do_not_fit_are_logged, a_late_job_stays_owned @bench;
            toy bad_descriptors: unknown_opcodes_and_reserved_bits, counts_out_of_range, misaligned_addresses,
                unmapped_memory, wrong_crcs, wrong_lengths, unknown_handles, checkpoints_out_of_range;
            toy bad_entries: each_bad_entry_fails_alone, nothing_is_written_past_the_capacity;
            toy bad_keys: keys_out_of_range_name_the_limit, pieces_that_do_not_fit, torn_keys_leave_nothing_behind,
                ciphertexts_and_tables_of_the_wrong_size;
            toy objects: handles_have_generations, slots_run_out, used_objects_stay @bench,
                freed_memory_is_cleared @bench;
            toy arithmetic: bootstraps_equal_the_golden_model, several_degrees_and_encrypted_tables,
                checkpoints_equal_the_golden_model, keys_of_other_shapes, batches_of_two_keys;
            toy short_keys: short_odd_keys_stage_by_stage;
            toy faults: corrupted_keys_write_nothing @bench, corrupted_tables_write_nothing @bench,
                corrupted_key_buffers_write_nothing @bench, self_test_finds_faults @bench,
                a_link_that_is_down_is_told @bench, bus_mastering_that_is_off_is_told @bench,
                lost_writes_are_found @bench, damaged_transfers_are_found @bench, stalled_dma_loses_no_job @bench,
                a_reset_gives_stalled_dma_up @bench, overruns_reach_nobody @bench,
                dma_to_unmapped_memory_goes_nowhere @bench, damaged_completions_stop_the_pair @bench,
                lost_completions_are_found @bench, lost_interrupts_lose_no_job @bench,
                doubled_interrupts_double_no_job @bench, spurious_interrupts_complete_nothing @bench,
                a_hung_read_ends_with_its_limit @socket, a_dead_process_is_told @socket,
                memory_that_stays_mapped_is_not_used_again @socket, a_fatal_error_is_told @socket,
                a_removal_is_told @socket, a_killed_driver_leaves_nothing_behind @socket;
            toy resets: a_reset_forgets_everything @bench, a_reset_ends_running_jobs @bench,
                a_reset_ends_a_self_test @bench;
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! body_list {
    (@bench) => { false };
    (@bench $need:ident) => { true };
    (@socket) => { false };
    (@socket bench) => { false };
    (@socket socket) => { true };
    (@toy any) => { false };
    (@toy toy) => { true };
    ($($shape:ident $part:ident: $($body:ident $(@ $need:ident)?),* ;)*) => {
        /// Every body, in the order in which they are best run.
        pub const BODIES: &[Body] = &[$($(
            Body {
                part: stringify!($part),
                name: stringify!($body),
                toy: $crate::body_list!(@toy $shape),
                bench: $crate::body_list!(@bench $($need)?),
                socket: $crate::body_list!(@socket $($need)?),
                body: $part::$body,
            },
        )*)*];
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! body_tests {
    (@one local socket $part:ident $body:ident $on:expr) => {};
    (@one $place:ident $need:ident $part:ident $body:ident $on:expr) => {
        #[test]
        fn $body() {
            ($on)($crate::$part::$body);
        }
    };
    ($module:ident, $place:ident, $on:expr; $($shape:ident $part:ident: $($body:ident $(@ $need:ident)?),* ;)*) => {
        $crate::body_tests! { @each $module, $place, $on; $($part: $($body [$($need)? any]),* ;)* }
    };
    (@each $module:ident, $place:ident, $on:expr; $($part:ident: $($body:ident [$need:ident $($rest:ident)?]),* ;)*) => {
        #[cfg(test)]
        mod $module {
            $(
                mod $part {
                    use super::super::*;
                    $($crate::body_tests! { @one $place $need $part $body $on })*
                }
            )*
        }
    };
}

/// Makes a test of every body: a module of this name; whether boards are `local` or behind a `socket`; the closure runs a
/// body on a fresh board.
#[macro_export]
macro_rules! conformance {
    ($module:ident, $place:ident, $on:expr) => {
        $crate::every_body! { body_tests $module, $place, $on; }
    };
}

every_body! { body_list }
