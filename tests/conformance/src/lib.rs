//! What every board must do, as test bodies over any device.
//!
//! A body takes a fresh [`Rig`] of the `toy` shape and panics when the board does something else than the contract says.
//! `conformance!(name, || rig)` makes a test of each body; the model board and the Verilated board, in process and over a
//! socket, get the same ones. Everything goes through the driver and the rings in host memory; bodies that need a look
//! behind the registers use the rig's [`Bench`].

pub mod arithmetic;
pub mod bad_descriptors;
pub mod bad_entries;
pub mod bad_keys;
pub mod bench;
pub mod faults;
pub mod fixture;
pub mod objects;
pub mod queues;
pub mod resets;
pub mod short_keys;
pub mod transport;

pub use bench::Bench;
pub use fixture::{Rig, ToyFixture};

/// Makes a test of every body: a module of this name, rigs from the closure (a fresh board each time).
#[macro_export]
macro_rules! conformance {
    ($module:ident, $rig:expr) => {
        $crate::conformance!(@list $module, $rig,
            transport: identifies_itself, no_op_and_loopback, loopback_of_many_sizes, counters_and_log_read;
            queues: one_doorbell_a_batch, a_full_queue_hands_jobs_back, rings_wrap_around, many_jobs_in_flight,
                two_pairs_serve_two_users, pairs_are_served_in_turn, a_halted_pair_does_not_hold_the_other,
                an_unseen_completion_fires_at_once, interrupts_coalesce, bad_doorbells_are_refused, bad_setups_are_refused, writes_that_do_not_fit_are_logged,
                a_late_job_stays_owned;
            bad_descriptors: unknown_opcodes_and_reserved_bits, counts_out_of_range, misaligned_addresses,
                unmapped_memory, wrong_crcs, wrong_lengths, unknown_handles, checkpoints_out_of_range;
            bad_entries: each_bad_entry_fails_alone, nothing_is_written_past_the_capacity;
            bad_keys: keys_out_of_range_name_the_limit, pieces_that_do_not_fit, torn_keys_leave_nothing_behind,
                ciphertexts_and_tables_of_the_wrong_size;
            objects: handles_have_generations, slots_run_out, used_objects_stay, freed_memory_is_cleared;
            arithmetic: bootstraps_equal_the_golden_model, several_degrees_and_encrypted_tables,
                checkpoints_equal_the_golden_model, keys_of_other_shapes, batches_of_two_keys;
            short_keys: short_odd_keys_stage_by_stage;
            faults: corrupted_keys_write_nothing, corrupted_tables_write_nothing, lost_writes_are_found,
                self_test_finds_faults;
            resets: a_reset_forgets_everything, a_reset_ends_running_jobs;
        );
    };
    (@list $module:ident, $rig:expr, $($part:ident: $($body:ident),* $(,)?;)*) => {
        #[cfg(test)]
        mod $module {
            $(
                mod $part {
                    use super::super::*;
                    $(
                        #[test]
                        fn $body() {
                            $crate::$part::$body(($rig)());
                        }
                    )*
                }
            )*
        }
    };
}
