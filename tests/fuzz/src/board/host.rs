//! The hostile host: a vfio-user client that keeps to no rule.

use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use goldilane_abi::registers::{self as r, status};
use goldilane_abi::{Completion, Descriptor, Entry, Handle, RESET_CLOCKS};
use goldilane_sim::vfio_user::Conversation;
use goldilane_sim::{Board, ResetKind};
use goldilane_vfio_user::header::{Command, Header};
use goldilane_vfio_user::payload::{DmaMap, DmaUnmap, RegionAccess, SetIrqs, dma, irq, region};
use goldilane_vfio_user::{Stream, Version};
use rustix::event::{EventfdFlags, eventfd};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use rustix::io::pwrite;

use super::Shared;
use super::known::{KEY, input};
use crate::Script;

/// Steps of a script, and clocks that it may ask for, so that every script ends soon.
const STEPS: usize = 128;
const CLOCKS: u64 = 60_000;
/// Clocks beyond the contract's until a board that does not report idle is wedged: the reset's register write has its way too.
const RESET_LIMIT: u64 = RESET_CLOCKS + 4096;

/// The client's memory: rings of both pairs, entries, records, inputs, outputs.
const BASE: u64 = 0x12_3400_0000;
const BYTES: u64 = 1 << 18;
const SUBMISSIONS: u64 = 0;
const COMPLETIONS: u64 = 0x1000;
const ENTRIES: u64 = 0x4000;
const RECORDS: u64 = 0x7000;
const INPUTS: u64 = 0x8000;
const OUTPUTS: u64 = 0x1_0000;
/// Distance of the rings of two pairs.
const PAIR: u64 = 0x2000;

const GLOBALS: [u32; 10] = [
    r::MAGIC.offset,
    r::STATUS.offset,
    r::CONTROL.offset,
    r::ERROR_COUNT.offset,
    r::ERROR_ENTRY.offset,
    r::COUNTER_CONTROL.offset,
    0x100,
    0x7fc,
    0x1ffc,
    0x3fc,
];

struct Host<B> {
    board: Conversation<Shared<B>>,
    stream: Option<(Stream, UnixStream)>,
    memory: OwnedFd,
    clocks: u64,
    tails: [u32; 2],
    id: u16,
}

/// A script, and the reset at its end.
pub fn run<B: Board>(board: Shared<B>, script: &mut Script<'_>) {
    let memory = memfd_create("host", MemfdFlags::ALLOW_SEALING).expect("a memory file");
    ftruncate(&memory, BYTES).expect("its size");
    fcntl_add_seals(&memory, SealFlags::SHRINK).expect("its seal");
    let mut host = Host {
        board: Conversation::new(board),
        stream: None,
        memory,
        clocks: CLOCKS,
        tails: [0; 2],
        id: 0,
    };
    let end = script.byte();
    host.connect(!script.rarely(16));
    let words: Vec<u8> = input().iter().flat_map(|word| word.to_le_bytes()).collect();
    host.put(INPUTS, &words);
    for _ in 0..STEPS {
        if script.is_over() {
            break;
        }
        host.step(script);
    }
    host.reset(end);
    let broken = host.board.site().take_violations();
    assert!(broken.is_empty(), "{broken:?}");
}

impl<B: Board> Host<B> {
    fn put(&self, offset: u64, data: &[u8]) {
        // Memory outside of the file is nobody's.
        if offset + data.len() as u64 <= BYTES {
            let _written = pwrite(&self.memory, data, offset);
        }
    }

    /// A new connection; an orderly one has memory, interrupts and an enabled device.
    fn connect(&mut self, orderly: bool) {
        let socket = self.board.connect().expect("a socket");
        let raw = socket.try_clone().expect("a copy");
        self.stream = Some((Stream::new(socket).expect("a stream"), raw));
        self.tails = [0; 2];
        if !orderly {
            return;
        }
        self.send(Command::Version as u16, &Version::OURS.to_bytes(), 0);
        self.map(BASE, BYTES, 0);
        let irqs = SetIrqs {
            argsz: SetIrqs::BYTES as u32,
            flags: irq::DATA_EVENTFD | irq::ACTION_TRIGGER,
            index: irq::MSIX,
            start: 0,
            count: 2,
        };
        self.send(Command::SetIrqs as u16, &irqs.to_bytes(), 2);
        self.write(region::CONFIG, 4, &6_u16.to_le_bytes());
        for pair in 0..2 {
            self.set_up(pair, 3 | 3 << 8);
        }
    }

    /// Sends a message, carries it out, takes what is answered.
    fn send(&mut self, command: u16, payload: &[u8], fds: usize) {
        self.id = self.id.wrapping_add(1);
        let header = Header {
            command,
            ..Header::command(self.id, Command::Version, payload.len())
        };
        let events: Vec<OwnedFd> = (0..fds)
            .filter_map(|_| match command == Command::DmaMap as u16 {
                true => self.memory.try_clone().ok(),
                false => eventfd(0, EventfdFlags::CLOEXEC).ok(),
            })
            .collect();
        let fds: Vec<_> = events.iter().map(AsFd::as_fd).collect();
        if let Some((stream, _)) = &self.stream {
            let _gone = stream.send(header, payload, &fds, Duration::from_secs(1));
        }
        self.serve();
    }

    fn serve(&mut self) {
        let there = self.board.serve();
        if let Some((stream, _)) = &mut self.stream {
            while let Ok(Some(message)) = stream.receive() {
                assert!(message.header.reply, "a board asks for nothing");
            }
        }
        if !there {
            self.stream = None;
        }
    }

    fn map(&mut self, address: u64, size: u64, offset: u64) {
        let map = DmaMap {
            argsz: DmaMap::BYTES as u32,
            flags: dma::READ | dma::WRITE,
            offset,
            address,
            size,
        };
        self.send(Command::DmaMap as u16, &map.to_bytes(), 1);
    }

    fn write(&mut self, index: u32, offset: u64, data: &[u8]) {
        let access = RegionAccess {
            offset,
            region: index,
            count: data.len() as u32,
        };
        let payload = [&access.to_bytes()[..], data].concat();
        self.send(Command::RegionWrite as u16, &payload, 0);
    }

    fn register(&mut self, offset: u32, value: u32) {
        self.write(region::BAR0, offset.into(), &value.to_le_bytes());
    }

    fn set_up(&mut self, pair: u32, sizes: u32) {
        let at = |base: u64| BASE + base + u64::from(pair) * PAIR;
        for (register, value) in [
            (&r::QUEUE_CONTROL, 0),
            (&r::SQ_BASE_LO, at(SUBMISSIONS) as u32),
            (&r::SQ_BASE_HI, (at(SUBMISSIONS) >> 32) as u32),
            (&r::CQ_BASE_LO, at(COMPLETIONS) as u32),
            (&r::CQ_BASE_HI, (at(COMPLETIONS) >> 32) as u32),
            (&r::RING_SIZES, sizes),
            (&r::QUEUE_CONTROL, 1),
        ] {
            self.register(register.of(pair), value);
        }
        self.tails[pair as usize] = 0;
    }

    fn run(&mut self, clocks: u64) {
        let clocks = clocks.min(self.clocks);
        self.clocks -= clocks;
        self.board.site().run(clocks);
    }

    /// The offset of some register.
    fn some_register(script: &mut Script<'_>) -> u32 {
        match script.byte() % 4 {
            0 => script.pick(&GLOBALS),
            1 => r::doorbell(script.below(3) as u32),
            2 => r::QUEUE_BASE + 4 * script.below(32) as u32,
            _ => script.half().into(),
        }
    }

    /// An address: of the client's memory, near its ends, or any.
    fn address(script: &mut Script<'_>, usual: u64) -> u64 {
        match script.byte() % 8 {
            0..=3 => BASE + usual,
            4 => BASE + u64::from(script.half()) * 64,
            5 => BASE + BYTES - 64 * script.below(8) as u64,
            6 => BASE + usual + script.below(64) as u64,
            _ => script.number(),
        }
    }

    fn handle(script: &mut Script<'_>) -> Handle {
        Handle {
            slot: script.pick(&[0, 0, 0, 1, 2, 4, u16::MAX]),
            generation: script.pick(&[0, 0, 0, 1, u16::MAX]),
        }
    }

    fn descriptor(script: &mut Script<'_>) -> Descriptor {
        let opcode = script.byte() % 12;
        let usual = match opcode {
            5 => (ENTRIES, RECORDS),
            _ => (INPUTS, OUTPUTS),
        };
        let mut descriptor = Descriptor {
            opcode,
            flags: script.byte() % 16,
            ticket: script.byte().into(),
            count: script.pick(&[1, 1, 2, 3, 4, 7, 64, 0, 4096, 4097]),
            checkpoint: script.pick(&[0, 0, 0, 1, 2, 3, 4, 15]),
            source: Self::address(script, usual.0),
            destination: Self::address(script, usual.1),
            length: match script.byte() % 4 {
                0 => script.number() as u32,
                1 => script.pick(&[2048, 4096, 8192, 1024]),
                _ => 8 * u32::from(script.byte()),
            },
            crc: 0,
            key: Self::handle(script),
            object: Self::handle(script),
            ..Descriptor::default()
        }
        .with_key_shape(&KEY);
        if script.rarely(4) {
            descriptor.lwe_dimension = script.number() as u16;
            descriptor.pbs_base_log = script.byte();
            descriptor.pbs_levels = script.byte() % 5;
            descriptor.ks_base_log = script.byte() % 6;
            descriptor.ks_levels = script.byte() % 10;
            descriptor.modulus_switch = script.byte() % 4;
        }
        if script.rarely(4) {
            descriptor.step = script.number() as u32;
            descriptor.piece_kind = script.byte() % 4;
            descriptor.piece_index = script.number() as u32;
        }
        if script.rarely(16) {
            descriptor.opcode = script.byte();
            descriptor.reserved = script.number() as u32 & 0x1f_ffff;
        }
        descriptor
    }

    fn entry(script: &mut Script<'_>, index: u64) -> Entry {
        Entry {
            input: Self::address(script, INPUTS),
            output: Self::address(script, OUTPUTS + index * 0x1000),
            capacity: match script.byte() % 4 {
                0 => script.number() as u32,
                _ => 0x1_0000,
            },
            lut: Self::handle(script),
            degrees: script.pick(&[1, 1, 1, 2, 3, 16, 17, 0]),
            stride: script.pick(&[0, 1, 64, 255, 256, u16::MAX]),
            crc: script.byte().into(),
        }
    }

    fn step(&mut self, script: &mut Script<'_>) {
        match script.byte() % 16 {
            0 => {
                let (offset, value) = (Self::some_register(script), script.number() as u32);
                self.register(offset, value);
            }
            1 => {
                let offset = u64::from(Self::some_register(script));
                let access = RegionAccess {
                    offset,
                    region: region::BAR0,
                    count: 4 * (1 + script.below(3) as u32),
                };
                self.send(Command::RegionRead as u16, &access.to_bytes(), 0);
            }
            2 | 3 => {
                let pair = script.below(2) as u64;
                let slot = u64::from(self.tails[pair as usize] % 8);
                let at = SUBMISSIONS + pair * PAIR + slot * Descriptor::BYTES as u64;
                self.put(at, &Self::descriptor(script).to_bytes());
                self.ring(pair as u32, 1);
            }
            4 => {
                let (pair, advance) = (script.below(2) as u32, script.below(9) as u32);
                self.ring(pair, advance);
            }
            5 | 6 => {
                let index = script.below(8) as u64;
                let entry = Self::entry(script, index);
                self.put(ENTRIES + index * Entry::BYTES as u64, &entry.to_bytes());
            }
            7 => {
                let offset = u64::from(script.half()) * 16 % BYTES;
                let data = script.bytes(32);
                self.put(offset, data);
            }
            8 | 9 => self.run(1 << (script.byte() % 14)),
            10 => {
                let sizes = match script.byte() % 4 {
                    0 => script.half().into(),
                    1 => 1 | 1 << 8,
                    2 => 3 | 5 << 8,
                    _ => 3 | 3 << 8,
                };
                self.set_up(script.below(2) as u32, sizes);
            }
            11 => self.message(script),
            12 => {
                if let Some((_, raw)) = &mut self.stream {
                    let _gone = raw.write_all(script.bytes(64));
                }
                self.serve();
            }
            13 => self.remap(script),
            14 => {
                let (offset, data) = (script.number(), script.bytes(4));
                self.write(script.pick(&[region::CONFIG, region::BAR4]), offset, data);
            }
            _ => {
                if script.rarely(4) {
                    self.connect(!script.rarely(4));
                } else {
                    self.board.site().reset_function();
                }
            }
        }
    }

    fn ring(&mut self, pair: u32, advance: u32) {
        let tail = &mut self.tails[pair as usize];
        *tail = (*tail + advance) % 8;
        let value = *tail;
        self.register(r::doorbell(pair), value);
    }

    /// A message with any numbers in it.
    fn message(&mut self, script: &mut Script<'_>) {
        let command = match script.rarely(8) {
            true => script.half(),
            false => 1 + u16::from(script.byte() % 13),
        };
        let mut payload = Vec::new();
        for _ in 0..script.below(8) {
            let number = script.number();
            match script.flip() {
                true => payload.extend((number as u32).to_le_bytes()),
                false => payload.extend(number.to_le_bytes()),
            }
        }
        let fds = script.pick(&[0, 0, 1, 2]);
        self.send(command, &payload, fds);
    }

    /// Takes memory away, or adds some.
    fn remap(&mut self, script: &mut Script<'_>) {
        let (address, size) = match script.flip() {
            true => (BASE, BYTES),
            false => (script.number(), script.number()),
        };
        if script.flip() {
            self.map(address, size, script.pick(&[0, 4096]));
            return;
        }
        let unmap = DmaUnmap {
            argsz: DmaUnmap::BYTES as u32,
            flags: script.pick(&[0, 0, dma::UNMAP_ALL]),
            address,
            size,
        };
        self.send(Command::DmaUnmap as u16, &unmap.to_bytes(), 0);
    }

    /// A reset of a kind that the script chose; it ends in time.
    fn reset(&mut self, kind: u8) {
        let site = self.board.site();
        match kind % 4 {
            0 => site.board().write_bar(0, r::CONTROL.offset.into(), 1),
            1 => site.board().reset(ResetKind::FunctionLevel),
            2 => {
                self.stream = None;
                self.serve();
            }
            // As the next client does: whoever is there is left.
            _ => self.board.part(),
        }
        let site = self.board.site();
        let start = site.board().clocks();
        loop {
            site.run(256);
            let found = site.board().read_bar(0, r::STATUS.offset.into());
            if found & status::IDLE != 0 && found & status::RESETTING == 0 {
                break;
            }
            let waited = site.board().clocks() - start;
            assert!(
                waited < RESET_LIMIT,
                "status {found:#x} after {waited} clocks"
            );
        }
    }
}

const _: () = assert!(Completion::BYTES * 32 <= 0x1000);
