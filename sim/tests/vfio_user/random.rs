//! Messages at random: of every command, with fields near their limits, with descriptors that do not belong, torn, many at
//! once. The board answers every one that wants an answer and is as good as new for the next client.

use std::io::Write;
use std::os::fd::AsFd;

use goldilane_vfio_user::header::{Command, Header};
use goldilane_vfio_user::payload::region;
use rustix::event::{EventfdFlags, eventfd};

use crate::support::{Client, board, memory_file};

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(among.len() as u64) as usize]
    }

    /// A number near something that matters.
    fn number(&mut self) -> u64 {
        let near = self.pick(&[
            0,
            0,
            1,
            2,
            4,
            7,
            0x1000,
            0x2000,
            0x4000,
            1 << 16,
            1 << 32,
            u64::MAX,
        ]);
        match self.below(4) {
            0 => self.next(),
            1 => near.wrapping_sub(self.below(5)),
            _ => near,
        }
    }

    /// Fields of 32 and 64 bits.
    fn payload(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for _ in 0..self.below(9) {
            let number = self.number();
            if self.below(2) == 0 {
                bytes.extend((number as u32).to_le_bytes());
            } else {
                bytes.extend(number.to_le_bytes());
            }
        }
        bytes.extend(vec![0x5a; self.pick(&[0, 0, 0, 1, 3, 64, 60_000])]);
        bytes
    }
}

#[test]
fn any_messages_are_answered() {
    let board = board();
    let mut random = Random(0x60d1_1a4e_2026);
    for round in 0..60 {
        let mut client = Client::connect(&board);
        if round % 8 != 0 {
            client.negotiate();
        }
        if round % 4 != 0 && round % 8 != 0 {
            client.enable();
        }
        let (file, open) = (memory_file(0x4000, true), memory_file(0x4000, false));
        let event = eventfd(0, EventfdFlags::CLOEXEC).expect("an event");
        for _ in 0..200 {
            let payload = random.payload();
            let kinds = [file.as_fd(), open.as_fd(), event.as_fd()];
            let count = random.pick(&[0, 0, 1, 1, 2, 16]);
            let fds: Vec<_> = (0..count).map(|_| random.pick(&kinds)).collect();
            let command = match random.below(10) {
                0 => random.number() as u16,
                _ => 1 + random.below(13) as u16,
            };
            // An answer to each is part of the check: `ask` waits for it.
            let _any = client.ask(command, &payload, &fds);
        }
        // An end in the middle of a message, every other time.
        if round % 2 == 0 {
            let header = Header::command(1, Command::RegionWrite, 999);
            client.raw.write_all(&header.to_bytes()).expect("write");
        }
        drop(client);
        board.parted();
    }
    let mut client = board.client();
    assert_eq!(client.register(0), Ok(goldilane_abi::MAGIC));
    assert_eq!(client.read(region::CONFIG, 4, 2), Ok(vec![6, 0]));
    assert_eq!(board.server.with(|site| site.mappings()), Ok(0));
}

#[test]
fn any_bytes_end_in_an_error_at_most() {
    let board = board();
    let mut random = Random(0x2026_1a4e_60d1);
    for _ in 0..100 {
        let mut client = Client::connect(&board);
        let bytes: Vec<u8> = (0..random.below(4096))
            .map(|_| random.next() as u8)
            .collect();
        // The board may leave before all of it is written.
        let _left = client.raw.write_all(&bytes);
        drop(client);
        board.parted();
    }
    board.still_fine();
}
