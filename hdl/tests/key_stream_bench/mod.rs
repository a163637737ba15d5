//! A bench for the key stream: board memory, readers of both buffers, requests, checks.

use goldilane_abi::{MemoryMap, PieceKind, Shape};
use goldilane_hdl::bootstrap::key_stream::{GGSW_READ_LATENCY, Piece, Sizes, key_stream};
use goldilane_hdl::netlist::Sim;
use std::collections::VecDeque;

fn mix(x: u64) -> u64 {
    let z = x.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) ^ z >> 31
}

/// What lies in board memory.
fn content(line: u64, word: usize) -> u128 {
    mix(line * 1024 + word as u64).into()
}

#[derive(Clone, Copy)]
pub struct Batch {
    pub fill: usize,
    pub steps: usize,
    pub n: usize,
    pub ks_levels: usize,
    pub pbs_levels: usize,
    pub key_slot: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Request {
    line: u64,
    count: u64,
    crc: u64,
}

/// How memory and readers behave: so many clocks of 4 they pause.
#[derive(Clone, Copy)]
pub struct Pace {
    pub idle: u64,
    pub slow: u64,
}

pub struct Bench {
    pub sim: Sim,
    pub sizes: Sizes,
    map: MemoryMap,
    random: u64,
    /// The check that fails.
    pub wrong_check: Option<usize>,
}

/// A reader of a double buffer: reads each piece `times` times, row by row.
struct Reader {
    rows: usize,
    times: usize,
    piece: usize,
    row: usize,
    time: usize,
    loaded: usize,
    expected: VecDeque<Option<Vec<u128>>>,
}

impl Reader {
    fn new(rows: usize, times: usize) -> Self {
        let expected = VecDeque::from(vec![None; GGSW_READ_LATENCY]);
        Self {
            rows,
            times,
            piece: 0,
            row: 0,
            time: 0,
            loaded: 0,
            expected,
        }
    }

    /// The row to read now and whether it is the piece's last.
    fn wants(&self) -> Option<(usize, bool)> {
        let last = self.row + 1 == self.rows && self.time + 1 == self.times;
        (self.piece < self.loaded).then_some((self.row, last))
    }

    fn step(&mut self, words: Option<Vec<u128>>) {
        let read = words.is_some();
        self.expected.push_back(words);
        if read {
            self.row += 1;
            if self.row == self.rows {
                self.row = 0;
                self.time += 1;
            }
            if self.time == self.times {
                self.time = 0;
                self.piece += 1;
            }
        }
    }
}

impl Bench {
    pub fn new(shape: &Shape) -> Self {
        let module = key_stream(shape).unwrap();
        assert_eq!(module.depth_violations(), []);
        let mut sim = Sim::new(&module);
        sim.set("rst", 1);
        sim.clock();
        sim.set("rst", 0);
        sim.set("lut_ready", 1);
        let sizes = Sizes { shape: *shape };
        Self {
            sim,
            sizes,
            map: MemoryMap::new(shape),
            random: 3,
            wrong_check: None,
        }
    }

    fn below(&mut self, n: u64) -> u64 {
        self.random += 1;
        mix(self.random) % n
    }

    fn lut_slot(&self, slot: usize) -> u32 {
        (slot as u32 * 3 + 1) % self.sizes.shape.lut_slots
    }

    pub fn requests(&self, batch: &Batch) -> Vec<Request> {
        let mut all: Vec<Request> = (0..batch.fill)
            .map(|s| Request {
                line: self.map.lut_line(self.lut_slot(s)),
                count: self.sizes.lines(Piece::Lut, 1) as u64,
                crc: self.map.lut_crc_line(self.lut_slot(s)),
            })
            .collect();
        let piece = |kind, index: usize, lines: usize| Request {
            line: self.map.piece_line(batch.key_slot, kind, index as u32),
            count: lines as u64,
            crc: self.map.piece_crc_line(batch.key_slot, kind, index as u32),
        };
        for i in 0..=batch.n {
            let lines = self.sizes.lines(Piece::Column, batch.ks_levels);
            all.push(piece(PieceKind::KskColumn, i, lines));
            if i < batch.steps {
                let lines = self.sizes.lines(Piece::Ggsw, batch.pbs_levels);
                all.push(piece(PieceKind::Ggsw, i, lines));
            }
        }
        all
    }

    /// Row `row` of the piece that begins at `line`.
    fn row(&self, piece: Piece, line: u64, row: usize) -> Vec<u128> {
        let words = self.sizes.row_words(piece);
        let per_line = self.sizes.line_words();
        (row * words..(row + 1) * words)
            .map(|w| content(line + (w / per_line) as u64, w % per_line))
            .collect()
    }

    pub fn begin(&mut self, batch: &Batch) {
        let line = |kind, index| u128::from(self.map.piece_line(batch.key_slot, kind, index));
        let crc = |kind| u128::from(self.map.piece_crc_line(batch.key_slot, kind, 0));
        for (name, value) in [
            ("fill", batch.fill as u128),
            ("steps", batch.steps as u128),
            ("lwe_dimension", batch.n as u128),
            ("ks_levels", batch.ks_levels as u128),
            ("pbs_levels", batch.pbs_levels as u128),
            ("bsk_line", line(PieceKind::Ggsw, 0)),
            ("ksk_line", line(PieceKind::KskColumn, 0)),
            ("bsk_crc_line", crc(PieceKind::Ggsw)),
            ("ksk_crc_line", crc(PieceKind::KskColumn)),
        ] {
            self.sim.set(name, value);
        }
        let luts: Vec<u128> = (0..self.sizes.shape.slots as usize)
            .map(|s| self.map.lut_line(self.lut_slot(s)).into())
            .collect();
        self.sim.set_words("lut_line", &luts);
        self.sim.clock();
        self.sim.set("batch_start", 1);
        self.sim.clock();
        self.sim.set("batch_start", 0);
        self.sim.clock();
        assert_eq!(self.sim.get("stream_done"), 0);
    }

    /// Runs a batch to `stream_done` and until all rows are read; returns (stream error, parity error).
    pub fn run(&mut self, batch: &Batch, pace: Pace) -> (u128, u128) {
        self.begin(batch);
        let expected = self.requests(batch);
        let shape = self.sizes.shape;
        let lut_rows = (shape.glwe_dimension + 1) as usize * shape.rows() as usize;
        let groups = self.sizes.column_buffer().rows / 8;
        let mut columns = Reader::new(groups * batch.ks_levels, batch.fill);
        let mut ggsws = Reader::new(self.sizes.ggsw_rows(batch.pbs_levels), batch.fill);
        let (mut asked, mut delivered, mut line, mut lut_row) = (0, 0, 0, 0);
        let mut offered = false;
        let mut checks = VecDeque::new();
        let mut checked = 0;
        let mut clock = 0;
        let mut announced = false;
        loop {
            // Requests.
            let ready = self.below(4) >= pace.idle;
            self.sim.set("line_req_ready", ready.into());
            if ready && self.sim.get("line_req_valid") == 1 {
                let request = Request {
                    line: self.sim.get("line_req_line") as u64,
                    count: self.sim.get("line_req_count") as u64,
                    crc: self.sim.get("line_req_crc_line") as u64,
                };
                assert_eq!(request, expected[asked], "request {asked}");
                asked += 1;
            }
            // Lines, once offered they stay.
            offered = offered || (delivered < asked && self.below(4) >= pace.idle);
            self.sim.set("line_valid", offered.into());
            let words: Vec<u128> = match offered {
                true => (0..self.sizes.line_words())
                    .map(|w| content(expected[delivered].line + line, w))
                    .collect(),
                false => vec![0x77; self.sizes.line_words()],
            };
            self.sim.set_words("line_data", &words);
            let taken = offered && self.sim.get("line_ready") == 1;
            // Checks, a while behind.
            let check = checks.front().is_some_and(|at| *at <= clock);
            self.sim.set("line_check_valid", check.into());
            let wrong = check && self.wrong_check == Some(checked);
            self.sim.set("line_check_error", wrong.into());
            if check {
                checks.pop_front();
                checked += 1;
            }
            // Lookup tables.
            if self.sim.get("lut_valid") == 1 {
                let slot = lut_row / lut_rows;
                assert!(slot < batch.fill, "too many rows");
                let at = self.map.lut_line(self.lut_slot(slot));
                let row = self.row(Piece::Lut, at, lut_row % lut_rows);
                assert_eq!(self.sim.get_words("lut_row"), row, "row {lut_row}");
                lut_row += 1;
            }
            // Readers.
            columns.loaded += self.sim.get("column_loaded") as usize;
            ggsws.loaded += self.sim.get("ggsw_loaded") as usize;
            let want = columns.wants().filter(|_| announced);
            let announce = self.below(4) >= pace.slow;
            self.sim.set("key_soon", announce.into());
            self.sim.set("ggsw_soon", announce.into());
            self.sim.set("key_read", want.is_some().into());
            self.sim.set("key_row", want.map_or(0, |w| w.0) as u128);
            self.sim.set("key_last", want.is_some_and(|w| w.1).into());
            let at =
                self.map
                    .piece_line(batch.key_slot, PieceKind::KskColumn, columns.piece as u32);
            columns.step(want.map(|(row, _)| self.row(Piece::Column, at, row)));
            let want = ggsws.wants().filter(|_| announced);
            announced = announce;
            self.sim.set("ggsw_read", want.is_some().into());
            self.sim.set("ggsw_row", want.map_or(0, |w| w.0) as u128);
            let at = self
                .map
                .piece_line(batch.key_slot, PieceKind::Ggsw, ggsws.piece as u32);
            ggsws.step(want.map(|(row, _)| self.row(Piece::Ggsw, at, row)));
            if let Some(words) = columns.expected.pop_front().flatten() {
                assert_eq!(self.sim.get_words("key_words"), words, "column row");
            }
            if let Some(words) = ggsws.expected.pop_front().flatten() {
                assert_eq!(self.sim.get_words("ggsw_words"), words, "GGSW row");
            }
            self.sim.clock();
            clock += 1;
            if taken {
                offered = false;
                line += 1;
                if line == expected[delivered].count {
                    line = 0;
                    delivered += 1;
                    checks.push_back(clock + 5);
                }
            }
            let idle = columns
                .expected
                .iter()
                .chain(&ggsws.expected)
                .all(|e| e.is_none());
            let done = self.sim.get("stream_done") == 1;
            assert!(
                !done || checked == expected.len(),
                "done before the last check"
            );
            if done && columns.piece == batch.n + 1 && ggsws.piece == batch.steps && idle {
                break;
            }
            assert!(
                clock < 300_000,
                "the stream hangs: {asked} {delivered} {checked}"
            );
        }
        assert_eq!(asked, expected.len());
        assert_eq!(lut_row, lut_rows * batch.fill);
        self.sim.set("key_read", 0);
        self.sim.set("ggsw_read", 0);
        for _ in 0..12 {
            self.sim.clock();
        }
        assert_eq!(self.sim.get("stream_done"), 1);
        (self.sim.get("stream_error"), self.sim.get("parity_error"))
    }
}
