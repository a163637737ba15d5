//! The Verilated board around a hand-written top that copies (`rtl_copier/copier.v`): every bus, interrupts, posted
//! mode, faults, planted errors, failures, wave windows.

use std::collections::HashMap;

use goldilane_abi::Shape;
use goldilane_sim::axi::Timing;
use goldilane_sim::rtl::{RtlBoard, RtlError, RtlOptions, Wave};
use goldilane_sim::verilator::Design;
use goldilane_sim::{Board, BusFault, Fault, HostBus, Progress, ResetKind};

const SOURCE: u64 = 0x5_0000_1000;
const DESTINATION: u64 = 0x5_0000_3000;

/// Host memory by 16-byte units; what is not mapped faults.
#[derive(Default)]
struct Host {
    units: HashMap<u64, [u8; 16]>,
    interrupts: Vec<(u16, bool)>,
}

impl Host {
    fn new(first: u8) -> Self {
        let mut host = Self::default();
        for unit in 0..4u8 {
            host.units
                .insert(SOURCE + 16 * u64::from(unit), [first + unit; 16]);
            host.units
                .insert(DESTINATION + 16 * u64::from(unit), [0; 16]);
        }
        host
    }

    fn result(&self) -> Vec<u8> {
        (0..4)
            .map(|unit| self.units[&(DESTINATION + 16 * unit)][5])
            .collect()
    }
}

impl HostBus for Host {
    fn read(&mut self, iova: u64, buffer: &mut [u8]) -> Result<(), BusFault> {
        let bytes = buffer.len();
        for (at, chunk) in (iova..).step_by(16).zip(buffer.chunks_mut(16)) {
            let unit = self.units.get(&at).ok_or(BusFault { iova: at, bytes })?;
            chunk.copy_from_slice(unit);
        }
        Ok(())
    }

    fn write(&mut self, iova: u64, data: &[u8]) -> Result<(), BusFault> {
        let bytes = data.len();
        for (at, chunk) in (iova..).step_by(16).zip(data.chunks(16)) {
            let unit = self
                .units
                .get_mut(&at)
                .ok_or(BusFault { iova: at, bytes })?;
            unit.copy_from_slice(chunk);
        }
        Ok(())
    }

    fn interrupt(&mut self, vector: u16) {
        let written = self
            .units
            .get(&DESTINATION)
            .is_some_and(|unit| unit[0] != 0);
        self.interrupts.push((vector, written));
    }
}

fn board(options: RtlOptions) -> RtlBoard {
    let design = Design::single("copier", "clk", include_str!("rtl_copier/copier.v"));
    RtlBoard::new(&design, Shape::TOY, options).expect("board")
}

fn start(board: &mut RtlBoard, plant: u32) {
    let registers = [
        (0x20, SOURCE as u32),
        (0x24, (SOURCE >> 32) as u32),
        (0x28, DESTINATION as u32),
        (0x2c, plant),
        (0x1000, 1),
    ];
    for (offset, value) in registers {
        board.write_bar(0, offset, value);
    }
}

fn run(board: &mut RtlBoard, host: &mut Host) {
    for _ in 0..1000 {
        if board.run(host, 3000) == Progress::Idle {
            return;
        }
    }
    panic!("never idle: {:?}", board.failure());
}

fn rules(board: &mut RtlBoard) -> Vec<String> {
    let all = board.take_violations();
    all.iter().map(ToString::to_string).collect()
}

#[test]
fn data_goes_over_every_bus_and_the_interrupt_comes_last() {
    for posted in [false, true] {
        for seed in 0..8 {
            let options = match seed {
                0 => RtlOptions::default(),
                _ => RtlOptions::hostile(seed),
            };
            let mut board = board(RtlOptions {
                posted,
                build_stamp: 0x1234_5678,
                ..options
            });
            let mut host = Host::new(10);
            assert_eq!(board.read_bar(0, 0), 0x1234_5678);
            start(&mut board, 0);
            run(&mut board, &mut host);
            assert_eq!(host.result(), [10, 11, 12, 13]);
            assert_eq!(host.interrupts, [(5, true)]);
            assert_eq!(board.read_bar(0, 0x88), 0, "no fault");
            let line = board.side_channel().read_line(2);
            assert_eq!((line[0], line[31], line.len()), (10, 11, 32));
            assert!(board.side_channel().holds_secrets());
            assert_eq!(rules(&mut board), [""; 0]);
        }
    }
}

/// Whoever sleeps on the interrupt is woken in its clock, not when the budget is used up.
#[test]
fn an_interrupt_that_a_register_write_raises_ends_the_run() {
    for posted in [false, true] {
        let mut board = board(RtlOptions {
            posted,
            ..RtlOptions::default()
        });
        let mut host = Host::new(10);
        let begun = board.clocks();
        board.write_bar(0, 0x30, 1);
        assert_eq!(board.run(&mut host, 20_000), Progress::Busy);
        assert_eq!(host.interrupts.len(), 1);
        let clocks = board.clocks() - begun;
        assert!(clocks < 100, "{clocks} clocks");
    }
}

#[test]
fn runs_repeat_for_a_seed() {
    let clocks = |seed| {
        let mut board = board(RtlOptions::hostile(seed));
        let mut host = Host::new(10);
        start(&mut board, 0);
        while host.interrupts.is_empty() {
            board.run(&mut host, 3000);
        }
        board.clocks()
    };
    assert_eq!(clocks(3), clocks(3));
    assert_ne!(clocks(3), clocks(4));
}

#[test]
fn faults_of_host_memory_reach_the_board_unless_posted() {
    for posted in [false, true] {
        for lost in [SOURCE, SOURCE + 32, DESTINATION, DESTINATION + 48] {
            let mut board = board(RtlOptions {
                posted,
                ..RtlOptions::default()
            });
            let mut host = Host::new(10);
            host.units.remove(&lost);
            start(&mut board, 0);
            run(&mut board, &mut host);
            let seen = lost < DESTINATION || !posted;
            assert_eq!(board.read_bar(0, 0x88), u32::from(seen), "{lost:#x}");
            assert_eq!(rules(&mut board), [""; 0]);
        }
    }
}

#[test]
fn planted_errors_show() {
    let mut first = board(RtlOptions::default());
    start(&mut first, 1);
    run(&mut first, &mut Host::new(10));
    let found = rules(&mut first);
    assert!(
        found.len() == 1
            && found[0].starts_with("m_axi_host AR at clock ")
            && found[0].ends_with("address 0x500001008 is no multiple of the beat's 16 bytes"),
        "{found:?}"
    );

    // A read that does not wait for the write before it sees the old data, for some of the seeds.
    let sees_old_data = |seed| {
        let mut second = board(RtlOptions::hostile(seed));
        let mut host = Host::new(10);
        start(&mut second, 2);
        run(&mut second, &mut host);
        host.result() != [10, 11, 12, 13]
    };
    assert!((0..16).any(sees_old_data));

    // An interrupt that does not wait comes before the data.
    let mut third = board(RtlOptions::default());
    let mut host = Host::new(10);
    start(&mut third, 3);
    run(&mut third, &mut host);
    assert_eq!(host.interrupts[0], (5, false));
}

#[test]
fn the_side_channel_spoils_board_memory() {
    let mut board = board(RtlOptions::default());
    let mut host = Host::new(10);
    board.side_channel().inject(Fault::BoardMemory, true);
    start(&mut board, 0);
    run(&mut board, &mut host);
    // The lowest bit of a burst's first byte sticks at 1; byte 5 of each unit is whole.
    assert_eq!(host.units[&DESTINATION][0], 11);
    assert_eq!(host.result(), [10, 11, 12, 13]);
    board.side_channel().inject(Fault::BoardMemory, false);
    board.side_channel().flip_bits(2, 5, 0x80);
    assert_eq!(board.side_channel().read_line(2)[5], 10 ^ 0x80);
    board.reset(ResetKind::PowerUp);
    assert!(!board.side_channel().holds_secrets());
    start(&mut board, 0);
    run(&mut board, &mut host);
    assert_eq!(host.result(), [10, 11, 12, 13]);
    assert_eq!(host.interrupts.len(), 2);
}

#[test]
fn registers_outside_bar0_and_a_failed_model_read_ones() {
    let mut board = board(RtlOptions::default());
    assert_eq!(board.read_bar(4, 0), u32::MAX);
    assert_eq!(board.read_bar(0, 1 << 20), u32::MAX);
    board.write_bar(0, 0x20, 77);
    assert_eq!(board.read_bar(0, 0x20), 77);
    // The top calls $stop.
    board.write_bar(0, 0x1004, 7);
    assert_eq!(board.read_bar(0, 0x20), u32::MAX);
    let failure = board.failure().expect("failed").to_string();
    assert!(failure.contains("$stop"), "{failure}");
    assert_eq!(board.run(&mut Host::new(1), 100), Progress::Idle);
}

#[test]
fn a_window_of_clocks_is_traced() {
    let path = std::env::temp_dir().join(format!("goldilane-window-{}.fst", std::process::id()));
    let wave = Wave {
        from: 100,
        to: 400,
        path: path.clone(),
        scope: None,
        levels: 0,
    };
    let options = |wave| RtlOptions {
        wave: Some(wave),
        host: Timing::IDEAL,
        ..RtlOptions::default()
    };
    let mut traced = board(options(wave.clone()));
    start(&mut traced, 0);
    let mut host = Host::new(10);
    run(&mut traced, &mut host);
    assert_eq!(host.result(), [10, 11, 12, 13]);
    let written = std::fs::metadata(&path).expect("file").len();
    assert!(written > 1000, "{written}");
    std::fs::remove_file(&path).expect("remove");

    let design = Design::single("copier", "clk", include_str!("rtl_copier/copier.v"));
    let refused = RtlBoard::new(&design, Shape::TOY, options(Wave { to: 100, ..wave }));
    assert!(matches!(refused, Err(RtlError::Window { .. })));
}

#[test]
fn a_top_without_the_ports_is_refused() {
    let design = Design::single(
        "nothing",
        "clk",
        "module nothing(input wire clk, input wire [31:0] build_stamp, output reg [31:0] q);\nalways @(posedge clk) q <= build_stamp;\nendmodule\n",
    );
    let refused = RtlBoard::new(&design, Shape::TOY, RtlOptions::default());
    assert!(
        matches!(refused, Err(RtlError::Verilator(_))),
        "{:?}",
        refused.err()
    );
}
