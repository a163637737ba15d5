//! Ports of the controller: what its program writes and reads. Numbers below 512 are the words of the register file.

use super::instruction::{Port, port};

/// Write: acknowledges the host's register write.
pub const MAIL_DONE: Port = port(512);
/// Write: raises the interrupt vector.
pub const INTERRUPT: Port = port(513);
/// Write: levels; bit 0 aborts the data movers, bit 1 clears the core.
pub const HALT: Port = port(514);
/// Write: address in host memory to read from.
pub const READ_ADDRESS: Port = port(515);
/// Write: starts the reader; see `host_read`.
pub const READ_START: Port = port(516);
/// Write: address in host memory to write to.
pub const WRITE_ADDRESS: Port = port(517);
/// Write: starts the writer; see `host_write`.
pub const WRITE_START: Port = port(518);
/// Write: the two words of a short write.
pub const WRITE_WORD: Port = port(519);
/// Write: first line [31:0] and CRC line [63:32] of board memory to fill.
pub const FILL_LINES: Port = port(521);
/// Write: starts the filling of board memory; see `board_write`.
pub const FILL_START: Port = port(522);
/// Write: numbers of the next batch: bank [0], fill [7:1], steps [18:8], n [29:19], key-switch base [32:30] and levels
/// [36:33], bootstrap base [42:37] and levels [46:43].
pub const BATCH_NUMBERS: Port = port(523);
/// Write: first lines of the bootstrap key [31:0] and of the key-switching key [63:32].
pub const BATCH_LINES: Port = port(524);
/// Write: first CRC lines of the same.
pub const BATCH_CRC_LINES: Port = port(525);
/// Write: hands the batch to the core.
pub const BATCH_START: Port = port(526);
/// Write: asks the core for a result: slot [7:0], kind [9:8], offset [28:16].
pub const RESULT_READ: Port = port(527);
/// Write: the results of the batch are out.
pub const RESULTS_DONE: Port = port(528);
/// Write: clears the counters in hardware.
pub const COUNTER_CLEAR: Port = port(529);
/// Write: bit 0: a batch waits for inputs.
pub const GATHERING: Port = port(530);
/// Write: forgets the sticky faults of board memory.
pub const FAULT_CLEAR: Port = port(531);
/// Write: forgets the damaged lookup table that `LUT_FAULT` names and shows the next.
pub const LUT_FAULT_NEXT: Port = port(532);
/// Write: mode of the reading of board memory, see `board_read`.
pub const TEST_MODE: Port = port(533);
/// Write: the constant lines of the self-test: GGSW, column, lookup table.
pub const TEST_WORD: Port = port(534);
/// Write: first line [31:0] and CRC line [63:32] that the self-test has checked.
pub const TEST_LINES: Port = port(537);
/// Write: has so many lines checked.
pub const TEST_REQUEST: Port = port(538);
/// Write: the word of which the self-test's ciphertext is made.
pub const OWN_LWE_WORD: Port = port(539);
/// Write: puts it into slot 0: number of the beat [12:0], bank [16].
pub const OWN_LWE: Port = port(540);
/// Write: the next transfer of the reader to board memory goes nowhere.
pub const READ_DROP: Port = port(541);
/// Write: line of the lookup table of slot 0 of the next batch; the other slots follow.
pub const LUT_LINE: Port = port(544);

/// Read: the host's register write, see `csr`.
pub const MAIL: Port = port(0);
/// Read: the rule of its offset.
pub const MAIL_RULE: Port = port(1);
/// Read: status of the reader.
pub const READ_STATUS: Port = port(2);
/// Read: status of the writer.
pub const WRITE_STATUS: Port = port(3);
/// Read: status of the filling of board memory: busy [0], error [1].
pub const FILL_STATUS: Port = port(4);
/// Read: status of the core: no batch is offered to it [0], batch done [1], its errors [3:2], idle [4], clearing [5]; lines
/// under way [6]; CRC of a key [7] or lookup table [8] did not fit, board memory failed [9] since last cleared.
pub const CORE_STATUS: Port = port(5);
/// Read: the build stamp.
pub const STAMP: Port = port(6);
/// Read: clocks since power-up.
pub const NOW: Port = port(7);
/// Read: counters: clocks, multiplier busy, key wait, input stall, output stall.
pub const COUNTERS: Port = port(8);
/// Read: a lookup table whose CRC did not fit: its slot [15:0], whether there is one [16].
pub const LUT_FAULT: Port = port(13);
/// Read: the self-test's check: seen [0], did not fit [1].
pub const TEST_CHECK: Port = port(14);
/// Read: one more counter: key switch busy.
pub const KEY_SWITCH_BUSY: Port = port(15);
/// Read: the words of the last short transfer.
pub const CONTROL_WORDS: Port = port(16);
/// Ports that are read.
pub const READ_PORTS: usize = 24;
