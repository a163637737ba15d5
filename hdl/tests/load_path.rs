//! Pieces of keys one behind another: the clocks that they take, and that what is fetched ahead meanwhile changes nothing
//! of what the host sees. Natively; the core matters to none of it.

mod shell_bench;

use goldilane_abi::layout::{lut_bytes, piece_bytes, piece_count};
use goldilane_abi::registers as reg;
use goldilane_abi::{
    Code, Descriptor, Entry, Handle, KeyShape, MemoryMap, ModulusSwitch, Opcode, PieceKind, Shape,
    crc32c, flags,
};
use goldilane_hdl::netlist::Module;
use goldilane_hdl::top::{Options, board};
use shell_bench::{Bench, HOST_BASE, Manners, RING};
use std::sync::{Arc, OnceLock};

/// Host memory as `Timing::PCIE` of the simulator has it.
const PCIE: Manners = Manners {
    reorder: false,
    stalls: false,
    least: 250,
    latency: 1,
};
/// Board memory as `Timing::HBM2` has it.
const HBM2: Manners = Manners {
    least: 60,
    latency: 10,
    ..PCIE
};
const CALM: Manners = Manners {
    least: 3,
    latency: 40,
    ..PCIE
};
const WILD: Manners = Manners {
    reorder: true,
    stalls: true,
    ..CALM
};

const KEY: KeyShape = KeyShape {
    lwe_dimension: 10,
    pbs_base_log: 23,
    pbs_levels: 1,
    ks_base_log: 4,
    ks_levels: 4,
    modulus_switch: ModulusSwitch::Centered,
};

/// Most descriptors that a ring takes at once.
const BURST: u32 = RING as u32 - 1;

/// The bytes of a piece.
fn data(shape: &Shape, kind: PieceKind, index: u32) -> Vec<u8> {
    let seed = 5 * index as usize + 3 * kind as usize;
    (0..piece_bytes(shape, &KEY, kind))
        .map(|i| (i * 7 + i / 251 + seed) as u8)
        .collect()
}

fn bench(shape: &Shape, manners: Manners, seed: u64) -> Bench {
    static TOY: OnceLock<Arc<Module>> = OnceLock::new();
    let built = || board("bench", shape, &Options::default()).expect("builds");
    let module = match *shape == Shape::TOY {
        true => TOY.get_or_init(built).clone(),
        false => built(),
    };
    let mut b = Bench::new(&module, shape, manners, seed);
    // Data may come before its address there; this bench does not know that.
    b.board.iter_mut().for_each(|port| port.manners = CALM);
    b.enable(0);
    b.enable(1);
    b
}

/// Puts a piece into host memory; its descriptor.
fn piece(b: &mut Bench, shape: &Shape, kind: PieceKind, index: u32) -> Descriptor {
    let bytes = data(shape, kind, index);
    let source = b.alloc(bytes.len());
    b.put(source, &bytes);
    Descriptor {
        ticket: 100 * kind as u16 + index as u16,
        source,
        length: bytes.len() as u32,
        crc: crc32c(&bytes),
        piece_kind: kind as u8,
        piece_index: index,
        ..Descriptor::new(Opcode::LoadKeyPiece).with_key_shape(&KEY)
    }
}

/// The bytes of a piece as they stand in board memory.
fn stored(b: &Bench, shape: &Shape, kind: PieceKind, index: u32) -> Vec<u8> {
    let port = shape.memory_port_bits as usize / 8;
    let first = MemoryMap::new(shape).piece_line(0, kind, index) as usize;
    let lines = piece_bytes(shape, &KEY, kind) / shape.line_bytes();
    (first..first + lines)
        .flat_map(|line| b.board.iter().map(move |p| (line, p)))
        .flat_map(|(line, p)| p.bytes[line * port..(line + 1) * port].to_vec())
        .collect()
}

#[test]
fn a_piece_of_a_key_takes_its_clocks() {
    // Lanes and slots matter to the core alone; so the simulation is quick.
    let small = Shape {
        lanes: 8,
        slots: 1,
        max_lwe_dimension: 16,
        lut_slots: 4,
        ..Shape::SIM
    };
    let u280 = Shape {
        memory_ports: Shape::U280.memory_ports,
        memory_port_bits: Shape::U280.memory_port_bits,
        queue_pairs: Shape::U280.queue_pairs,
        ..small
    };
    for (name, shape) in [("sim", small), ("u280", u280)] {
        let mut b = bench(&shape, PCIE, 1);
        b.board.iter_mut().for_each(|port| port.manners = HBM2);
        for (kind, bytes, limit) in [
            (PieceKind::Ggsw, 64 * 1024, 1400),
            (PieceKind::KskColumn, 32 * 1024, 1000),
        ] {
            let jobs: Vec<_> = (0..BURST).map(|i| piece(&mut b, &shape, kind, i)).collect();
            assert_eq!(jobs[0].length, bytes);
            b.submit(0, &jobs);
            let mut times = Vec::new();
            for job in &jobs {
                let done = b.wait(0);
                assert_eq!((done.code, done.ticket), (0, job.ticket));
                times.push(b.clock);
            }
            let steps: Vec<u64> = times.windows(2).map(|w| w[1] - w[0]).collect();
            println!("{name}: {kind:?} of {bytes} bytes: {steps:?}");
            // The first ones are those of the ring that is not known yet to be the only one with work.
            assert!(steps[1..].iter().all(|&s| s <= limit), "{name}: {steps:?}");
            for i in 0..BURST {
                assert!(stored(&b, &shape, kind, i) == data(&shape, kind, i));
            }
        }
    }
}

/// Loads pieces on `toy`; all of them are as they should be.
fn load(b: &mut Bench, kind: PieceKind, from: u32, to: u32) {
    let shape = Shape::TOY;
    let jobs: Vec<_> = (from..to).map(|i| piece(b, &shape, kind, i)).collect();
    for jobs in jobs.chunks(BURST as usize) {
        b.submit(0, jobs);
        for job in jobs {
            let done = b.wait(0);
            assert_eq!((done.code, done.ticket), (0, job.ticket), "{kind:?}");
        }
    }
    for i in from..to {
        assert!(stored(b, &shape, kind, i) == data(&shape, kind, i));
    }
}

#[test]
fn what_is_behind_a_bad_piece_goes_through_all_checks() {
    type Spoil = fn(&mut Descriptor);
    let cases: [(&str, Spoil, Code); 11] = [
        ("crc", |d| d.crc ^= 1, Code::CrcMismatch),
        (
            "source",
            |d| d.source = HOST_BASE + (1 << 20),
            Code::ReadFault,
        ),
        ("aligned", |d| d.source += 8, Code::Misaligned),
        ("length", |d| d.length += 64, Code::WrongLength),
        ("index", |d| d.piece_index += 1, Code::PieceOutOfOrder),
        ("kind", |d| d.piece_kind = 2, Code::BadDescriptor),
        ("slot", |d| d.object.slot = 9, Code::NoSuchSlot),
        ("n", |d| d.lwe_dimension += 1, Code::KeyShapeMismatch),
        ("flags", |d| d.flags |= 0x80, Code::BadDescriptor),
        ("word 7", |d| d.reserved = 1 << 20, Code::BadDescriptor),
        ("word 5", |d| d.reserved = 1 << 12, Code::BadDescriptor),
    ];
    for (case, (name, spoil, code)) in cases.into_iter().enumerate() {
        // The words may come late, the error early, or the other way round.
        let all = [CALM, WILD];
        for manners in if case < 2 {
            &all[..]
        } else {
            &all[case % 2..][..1]
        } {
            let mut b = bench(&Shape::TOY, *manners, case as u64);
            let mut jobs: Vec<_> = (0..BURST)
                .map(|i| piece(&mut b, &Shape::TOY, PieceKind::Ggsw, i))
                .collect();
            spoil(&mut jobs[3]);
            b.submit(0, &jobs);
            for (i, job) in jobs.iter().enumerate() {
                let done = b.wait(0);
                assert_eq!(done.ticket, job.ticket, "{name}");
                let wanted = match i {
                    ..3 => Code::Success,
                    3 => code,
                    _ => Code::PieceOutOfOrder,
                };
                assert_eq!(done.code(), Some(wanted), "{name}: piece {i}");
                if i > 3 {
                    assert_eq!(done.info, 3);
                }
            }
            // Nothing of what followed was written.
            assert!(
                stored(&b, &Shape::TOY, PieceKind::Ggsw, 4)
                    .iter()
                    .all(|byte| *byte == 0)
            );
            // And the key can be gone on with.
            load(&mut b, PieceKind::Ggsw, 3, 10);
            if case > 0 {
                continue;
            }
            load(&mut b, PieceKind::KskColumn, 0, 11);
            let commit = Descriptor::new(Opcode::CommitKey).with_key_shape(&KEY);
            b.submit(0, &[commit]);
            assert_eq!(b.wait(0).code, 0, "{name}");
        }
    }
}

#[test]
fn every_descriptor_is_fetched_once() {
    for manners in [CALM, WILD] {
        let mut b = bench(&Shape::TOY, manners, 4);
        let kinds = [(PieceKind::Ggsw, 5), (PieceKind::KskColumn, 2)];
        let jobs: Vec<_> = kinds
            .into_iter()
            .flat_map(|(kind, count)| (0..count).map(move |i| (kind, i)))
            .map(|(kind, i)| piece(&mut b, &Shape::TOY, kind, i))
            .collect();
        b.host.asked.clear();
        b.submit(0, &jobs);
        for job in &jobs {
            let done = b.wait(0);
            assert_eq!((done.code, done.ticket), (0, job.ticket));
        }
        b.run(3000);
        let (ring, completions) = Bench::rings(0);
        let fetched: Vec<u64> = b
            .host
            .asked
            .iter()
            .copied()
            .filter(|at| (ring..completions).contains(at))
            .collect();
        let wanted: Vec<u64> = (0..BURST.into()).map(|i| ring + 64 * i).collect();
        assert_eq!(fetched, wanted);
    }
}

#[test]
fn another_pair_gets_its_turn_between_two_pieces() {
    for clocks in (0..6000).step_by(777) {
        let mut b = bench(&Shape::TOY, CALM, 5);
        let jobs: Vec<_> = (0..BURST)
            .map(|i| piece(&mut b, &Shape::TOY, PieceKind::Ggsw, i))
            .collect();
        b.submit(0, &jobs);
        b.run(1000 + clocks);
        let mut seen = 0;
        while b.poll(0).is_some() {
            seen += 1;
        }
        let no_op = Descriptor {
            ticket: 77,
            ..Descriptor::new(Opcode::NoOp)
        };
        b.submit(1, &[no_op]);
        let before = seen;
        let done = loop {
            if b.poll(0).is_some() {
                seen += 1;
            }
            if let Some(done) = b.poll(1) {
                break done;
            }
            b.step();
        };
        assert_eq!((done.code, done.ticket), (0, 77));
        // The one whose completion is on its way, the one that is itself, and the one that has been asked for.
        assert!(seen - before <= 3, "{} pieces came before", seen - before);
        while seen < BURST {
            let done = b.wait(0);
            assert_eq!((done.code, done.ticket), (0, seen as u16));
            seen += 1;
        }
    }
}

#[test]
fn a_pair_that_is_disabled_forgets_what_was_fetched_ahead() {
    for clocks in (0..7000).step_by(811) {
        let mut b = bench(&Shape::TOY, WILD, 6);
        let jobs: Vec<_> = (0..BURST)
            .map(|i| piece(&mut b, &Shape::TOY, PieceKind::Ggsw, i))
            .collect();
        b.submit(0, &jobs);
        b.run(clocks);
        b.write_queue(0, &reg::QUEUE_CONTROL, 0);
        b.run(4000);
        let mut done = 0;
        while let Some(c) = b.poll(0) {
            assert_eq!((c.code, u32::from(c.ticket)), (0, done));
            done += 1;
        }
        assert!(b.host.is_quiet());
        let head = b.read_queue(0, &reg::SQ_HEAD);
        assert_eq!(head, done, "a descriptor that was taken is completed");
        // The ring begins anew, with the pieces behind those that are done.
        b.enable(0);
        load(&mut b, PieceKind::Ggsw, done, 10);
    }
}

#[test]
fn a_reset_under_pieces_leaves_nothing_behind() {
    for clocks in (0..7000).step_by(877) {
        let mut b = bench(&Shape::TOY, WILD, 7);
        let jobs: Vec<_> = (0..BURST)
            .map(|i| piece(&mut b, &Shape::TOY, PieceKind::Ggsw, i))
            .collect();
        b.submit(0, &jobs);
        b.run(clocks);
        b.write(reg::CONTROL.offset, 1);
        let wanted = reg::status::IDLE;
        let busy = reg::status::RESETTING | reg::status::CLEARING;
        let mut polls = 0;
        while b.read(reg::STATUS.offset) & (wanted | busy) != wanted {
            polls += 1;
            assert!(polls < 100_000, "the reset hangs");
        }
        assert!(b.host.is_quiet());
        b.enable(0);
        load(&mut b, PieceKind::Ggsw, 0, 10);
    }
}

#[test]
fn a_key_may_be_freed_between_its_pieces() {
    let mut b = bench(&Shape::TOY, CALM, 8);
    let mut jobs: Vec<_> = (0..4)
        .map(|i| piece(&mut b, &Shape::TOY, PieceKind::Ggsw, i))
        .collect();
    let free = Descriptor {
        ticket: 50,
        object: Handle {
            slot: 0,
            generation: 0,
        },
        ..Descriptor::new(Opcode::FreeKey)
    };
    jobs.insert(3, free);
    b.submit(0, &jobs);
    let codes: Vec<_> = jobs.iter().map(|_| b.wait(0).code()).collect();
    let good = Some(Code::Success);
    assert_eq!(codes, [good, good, good, good, Some(Code::Clearing)]);
}

/// A piece of another slot goes on while this one is cleared: the filler is lent in between.
#[test]
fn clearing_goes_on_between_pieces() {
    let mut b = bench(&Shape::TOY, CALM, 9);
    load(&mut b, PieceKind::Ggsw, 0, 6);
    let free = Descriptor::new(Opcode::FreeKey);
    b.submit(0, &[free]);
    assert_eq!(b.wait(0).code, 0);
    let mut jobs: Vec<_> = (0..BURST)
        .map(|i| piece(&mut b, &Shape::TOY, PieceKind::Ggsw, i))
        .collect();
    jobs.iter_mut().for_each(|job| job.object.slot = 1);
    b.submit(0, &jobs);
    for _ in &jobs {
        assert_eq!(b.wait(0).code, 0);
    }
    let old = stored(&b, &Shape::TOY, PieceKind::Ggsw, 0);
    assert!(old.iter().all(|byte| *byte == 0), "nothing was cleared");
    assert!(piece_count(&KEY, PieceKind::Ggsw) > BURST);
}

/// Clocks from the moment in which an interrupt is due to its pulse.
const PROMPT: u64 = 600;

/// Pair 1 gets a completion that it is to hear of after 1024 clocks, or, `late`, is armed when it is there already, while
/// pair 0 is at work; the clocks that it takes beyond.
fn interrupt_delay(b: &mut Bench, late: bool) -> u64 {
    b.interrupts.clear();
    let tail = b.read_queue(1, &reg::CQ_TAIL);
    let arm = 1 << 31 | tail;
    b.write_queue(
        1,
        &reg::INTERRUPT_COALESCE,
        if late { 0 } else { 2 | 1 << 16 },
    );
    if !late {
        b.write_queue(1, &reg::INTERRUPT_ARM, arm);
    }
    b.submit(1, &[Descriptor::new(Opcode::NoOp)]);
    b.wait(1);
    let due = if late {
        // The completion counts from the response on.
        b.run(200);
        b.write_queue(1, &reg::INTERRUPT_ARM, arm);
        b.clock
    } else {
        b.clock + goldilane_abi::COALESCE_CLOCKS
    };
    while b.interrupts.is_empty() {
        b.step();
        assert!(b.clock < due + 100_000, "no interrupt");
    }
    assert_eq!(b.interrupts, [1]);
    b.clock.saturating_sub(due)
}

#[test]
fn interrupts_are_raised_wherever_the_program_waits() {
    let far = Manners {
        least: 1500,
        ..PCIE
    };
    for late in [false, true] {
        for offset in [0, 900, 2300] {
            // While a piece is on its way.
            let mut b = bench(&Shape::TOY, PCIE, 10);
            let jobs: Vec<_> = (0..BURST)
                .map(|i| piece(&mut b, &Shape::TOY, PieceKind::Ggsw, i))
                .collect();
            b.host.manners = far;
            b.submit(0, &jobs);
            b.run(1500 + offset);
            let delay = interrupt_delay(&mut b, late);
            assert!(delay <= PROMPT, "pieces, late {late}: {delay} clocks");
        }
    }
}

/// A bootstrap of more entries than two batches take, ready to be submitted to pair 0.
fn long_bootstrap(b: &mut Bench, shape: &Shape) -> Descriptor {
    load(b, PieceKind::Ggsw, 0, 10);
    load(b, PieceKind::KskColumn, 0, 11);
    let bytes = lut_bytes(shape, true);
    let (table, input) = (b.alloc(bytes), b.alloc(shape.ciphertext_bytes()));
    let commit = Descriptor::new(Opcode::CommitKey).with_key_shape(&KEY);
    let lut = Descriptor {
        source: table,
        length: bytes as u32,
        flags: flags::PLAIN_LUT,
        ..Descriptor::new(Opcode::LoadLut)
    };
    b.submit(0, &[commit, lut]);
    for _ in 0..2 {
        assert_eq!(b.wait(0).code, 0);
    }
    let count = 3 * shape.slots as u16;
    let source = b.alloc(Entry::BYTES * usize::from(count));
    for i in 0..usize::from(count) {
        let entry = Entry {
            input,
            output: b.alloc(shape.ciphertext_bytes()),
            capacity: shape.ciphertext_bytes() as u32,
            lut: Handle::default(),
            degrees: 1,
            stride: 0,
            crc: 0,
        };
        b.put(source + (Entry::BYTES * i) as u64, &entry.to_bytes());
    }
    Descriptor {
        source,
        destination: b.alloc(16 * usize::from(count)),
        count,
        flags: flags::INTERRUPT,
        ..Descriptor::new(Opcode::Bootstrap)
    }
}

#[test]
fn interrupts_are_raised_while_a_batch_gathers() {
    for late in [false, true] {
        for offset in [0, 1300, 2900] {
            let mut b = bench(&Shape::TOY, CALM, 11);
            let job = long_bootstrap(&mut b, &Shape::TOY);
            b.host.manners = Manners {
                least: 1500,
                ..PCIE
            };
            b.submit(0, &[job]);
            // Pair 1 has its turn when a batch is full; then the next one gathers.
            b.run(3000 + offset);
            let delay = interrupt_delay(&mut b, late);
            assert!(delay <= PROMPT, "entries, late {late}: {delay} clocks");
        }
    }
}
