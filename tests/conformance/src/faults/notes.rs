//! What the page of faults says beside the outcome of each test.

/// A fault as people know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// The test, `PART::NAME`.
    pub test: &'static str,
    /// What goes wrong.
    pub fault: &'static str,
    /// What the driver does beside its report, and how the board comes to be used again.
    pub recovery: &'static str,
}

/// The note of a test, if it is one of faults.
pub fn note(test: &str) -> Option<&'static Note> {
    NOTES.iter().find(|note| note.test == test)
}

const NOTES: &[Note] = &[
    Note {
        test: "faults::corrupted_keys_write_nothing",
        fault: "Bits of a key flip in board memory",
        recovery: "The CRC at stream-in fails the batch, and nothing is written. Free the key and load it again.",
    },
    Note {
        test: "faults::corrupted_tables_write_nothing",
        fault: "Bits of a lookup table flip in board memory",
        recovery: "The entries that use the table fail, others of their batch do not. Free the table and load it again.",
    },
    Note {
        test: "faults::corrupted_key_buffers_write_nothing",
        fault: "Bits of a key flip in the chip's buffers",
        recovery: "Parity fails the batch, and nothing is written. Send it again; if it stays, run the self-test.",
    },
    Note {
        test: "faults::self_test_finds_faults",
        fault: "A memory or the arithmetic of the board is broken",
        recovery: "The bits of `info` name the part. What is loaded stays.",
    },
    Note {
        test: "faults::a_link_that_is_down_is_told",
        fault: "The link is down: registers read all ones",
        recovery: "Every operation says so, and none waits for its time limit. When the link is back, a reset brings the jobs in flight back, each once.",
    },
    Note {
        test: "faults::bus_mastering_that_is_off_is_told",
        fault: "Bus mastering is switched off",
        recovery: "The pair halts, the board's log names it. Switch it on and reset: the jobs in flight come back.",
    },
    Note {
        test: "faults::lost_writes_are_found",
        fault: "Posted writes of a result, a record, a copy vanish",
        recovery: "The entry fails alone. Send it again.",
    },
    Note {
        test: "faults::damaged_transfers_are_found",
        fault: "A bit flips on the bus, to the board or from it",
        recovery: "The CRC over the transfer tells: the entry fails alone, a load is refused. Send it again.",
    },
    Note {
        test: "faults::stalled_dma_loses_no_job",
        fault: "DMA is held up, at any point",
        recovery: "The job stays with its pair, buffers and all, and can be waited for again: it is done once when the bus goes on. Or a reset brings it back.",
    },
    Note {
        test: "faults::a_reset_gives_stalled_dma_up",
        fault: "DMA is held up for good, and the board is reset",
        recovery: "The reset waits for what is open until the board's own time limit, then the job comes back. When the bus goes on, the board is used as ever.",
    },
    Note {
        test: "faults::overruns_reach_nobody",
        fault: "The board writes beyond its buffer",
        recovery: "Nothing is reported where the page behind a buffer is not mapped: the writes go nowhere. Buffers of a VFIO device share chunks of 2 MiB: a result of another job that is written over does not fit its CRC.",
    },
    Note {
        test: "faults::dma_to_unmapped_memory_goes_nowhere",
        fault: "DMA where nothing is mapped, or no longer",
        recovery: "Reads fail. Writes fail, or vanish where they are posted, and reach nobody. Nothing needs a reset.",
    },
    Note {
        test: "faults::damaged_completions_stop_the_pair",
        fault: "A completion entry is damaged",
        recovery: "Nothing behind it is believed, no job is handed out in its name. A reset brings the jobs in flight back, each once.",
    },
    Note {
        test: "faults::lost_completions_are_found",
        fault: "A completion entry vanishes",
        recovery: "Told when the time limit is over, by the board's own position. A reset brings the jobs in flight back.",
    },
    Note {
        test: "faults::lost_interrupts_lose_no_job",
        fault: "Interrupts get lost",
        recovery: "Nothing is reported: the driver looks at the ring after half a second at the latest, and the job is done.",
    },
    Note {
        test: "faults::doubled_interrupts_double_no_job",
        fault: "Interrupts come twice",
        recovery: "Nothing is reported: the ring alone says what is done.",
    },
    Note {
        test: "faults::spurious_interrupts_complete_nothing",
        fault: "Interrupts come for no reason",
        recovery: "Nothing is reported: the ring alone says what is done.",
    },
    Note {
        test: "faults::a_hung_read_ends_with_its_limit",
        fault: "A register read is not answered",
        recovery: "The read ends with its time limit; a late answer is thrown away, and no job is lost. On PCI Express such a read gives all ones: see the link that is down.",
    },
    Note {
        test: "faults::a_dead_process_is_told",
        fault: "The board's process dies",
        recovery: "Every operation says so at once. Open the device of the process that takes its place: keys and jobs are gone with the old one.",
    },
    Note {
        test: "faults::memory_that_stays_mapped_is_not_used_again",
        fault: "An unmap does nothing",
        recovery: "A warning in the log: neither the memory nor its addresses are used again, so that what the board still writes there reaches nobody.",
    },
    Note {
        test: "faults::a_fatal_error_is_told",
        fault: "The bus reports a fatal error (AER)",
        recovery: "A function level reset brings the jobs in flight back; the register reset goes nowhere.",
    },
    Note {
        test: "faults::a_removal_is_told",
        fault: "The host asks for the device, to remove it",
        recovery: "What is done is still handed out, nothing new is waited for. Close the device; it can be opened when it has come again.",
    },
    Note {
        test: "faults::a_killed_driver_leaves_nothing_behind",
        fault: "The driver is killed, jobs in flight and maps alive",
        recovery: "Nothing is left to report. The board is reset, its memory cleared, and serves the next one.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BODIES;

    #[test]
    fn every_fault_has_its_note_and_every_note_its_fault() {
        let faults = BODIES.iter().filter(|body| body.part == "faults");
        let names: Vec<String> = faults
            .map(|body| format!("faults::{}", body.name))
            .collect();
        let noted: Vec<&str> = NOTES.iter().map(|note| note.test).collect();
        assert_eq!(names, noted, "in one order");
    }
}
