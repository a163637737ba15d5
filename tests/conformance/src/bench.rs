//! What a simulated board lets tests do beside the driver, whatever transport the driver uses.

use goldilane_side_channel::{Client, Disturbance, Fault, Incident, Progress};

/// The way around the driver. A method that fails ends the test.
pub trait Bench: Send + Sync {
    /// Holds the board, so that it works only in [`Bench::run`]; or lets it go on. A board in process works only while
    /// somebody waits for it, and needs no holding.
    fn hold(&self, held: bool);
    /// Lets the board work for about so many clocks.
    fn run(&self, clocks: u64) -> Progress;
    /// The bytes of a line of board memory.
    fn read_line(&self, line: u64) -> Vec<u8>;
    /// Flips bits of a byte of a line.
    fn flip_bits(&self, line: u64, byte: usize, mask: u8);
    /// Makes the self-test's part fail from now on, or heals it.
    fn inject(&self, fault: Fault, present: bool);
    /// Whether ciphertexts, keys or lookup tables of earlier jobs are still anywhere in the board.
    fn holds_secrets(&self) -> bool;
    /// Makes this wrong between board and host from now on, and nothing else.
    fn disturb(&self, wrong: &[Disturbance]);
    /// How often what was armed last has had an effect.
    fn struck(&self) -> u64;
    /// Lets something happen. To a board in process only interrupts can happen.
    fn happen(&self, incident: Incident);
    /// Number of DMA mappings.
    fn mappings(&self) -> usize;
    /// Accesses of the board that no bus would allow, since the last call.
    fn take_violations(&self) -> Vec<String>;
}

fn sound<T>(answer: Result<T, goldilane_side_channel::ClientError>) -> T {
    answer.unwrap_or_else(|error| panic!("{error}"))
}

impl Bench for Client {
    fn hold(&self, held: bool) {
        sound(self.hold(held));
    }

    fn run(&self, clocks: u64) -> Progress {
        sound(self.run(clocks))
    }

    fn read_line(&self, line: u64) -> Vec<u8> {
        sound(self.read_line(line))
    }

    fn flip_bits(&self, line: u64, byte: usize, mask: u8) {
        let byte = u32::try_from(byte).expect("a byte of a line");
        sound(self.flip_bits(line, byte, mask));
    }

    fn inject(&self, fault: Fault, present: bool) {
        sound(self.inject(fault, present));
    }

    fn holds_secrets(&self) -> bool {
        sound(self.holds_secrets())
    }

    fn disturb(&self, wrong: &[Disturbance]) {
        sound(self.disturb(wrong));
    }

    fn struck(&self) -> u64 {
        sound(self.struck())
    }

    fn happen(&self, incident: Incident) {
        sound(self.happen(incident));
    }

    fn mappings(&self) -> usize {
        usize::try_from(sound(self.mappings())).expect("a number of mappings")
    }

    fn take_violations(&self) -> Vec<String> {
        sound(self.take_violations())
    }
}
