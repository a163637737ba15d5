//! Keys and lookup tables on their way from board memory to where they are used.
//!
//! ```text
//!   line_requests -> (the shell reads lines) -> line_distributor -> rows of lookup tables
//!        pieces -------------------------------^      |-> column buffer -> rows of Q/2 words
//!                                                     |-> GGSW buffer   -> rows of (k+1)P words
//! ```
//! One fetch serves all slots of a batch. Both buffers are double, so that a piece comes in while the one
//! before is in use; GGSW rows are counted as they are read, and the bank is free after the last row of
//! the last slot.
//!
//! Ports: those of [`super::key_stream_requests`] and [`super::key_stream_lines`] towards the shell and
//! the accumulator; `column_loaded` `key_read` `key_row` `key_last` `key_words` towards the key switch;
//! `ggsw_loaded` (pulse), `ggsw_read` `ggsw_row` (digit polynomial * R + tau) -> `ggsw_words` (output c
//! slowest) [`GGSW_READ_LATENCY`] clocks later towards the external product; `key_soon` and `ggsw_soon` are 1 a clock before each `key_read`, `ggsw_read`; `parity_error` (sticky in
//! a batch), `parity_fault`; `clear` -> `clear_busy`.

use super::key_stream_buffer::{READ_LATENCY, RowBuffer, row_buffer};
use super::key_stream_lines::line_distributor;
use super::key_stream_requests::line_requests;
use crate::cells::counters::{flag, length, run, valid_delay};
use crate::key_switch::{self, COLUMN_BITS, KEY_ROW_LATENCY};
use crate::netlist::{Builder, Module, NetlistError, address_bits};
use goldilane_abi::{Shape, layout};
use std::sync::Arc;

/// Clocks from the number of a GGSW row to its words.
pub const GGSW_READ_LATENCY: usize = READ_LATENCY;

const _: () = assert!(KEY_ROW_LATENCY == READ_LATENCY);

/// What a run of lines holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A lookup table.
    Lut = 0,
    /// A column of the key-switching key.
    Column = 1,
    /// A GGSW of the bootstrapping key.
    Ggsw = 2,
}

impl Piece {
    /// All, by number.
    pub const ALL: [Piece; 3] = [Piece::Lut, Piece::Column, Piece::Ggsw];

    /// Name in signals.
    pub fn name(self) -> &'static str {
        ["lut", "column", "ggsw"][self as usize]
    }
}

/// Sizes of lines, rows and pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// What is built.
    pub shape: Shape,
}

fn common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

impl Sizes {
    /// Words of 64 bits in a line.
    pub fn line_words(&self) -> usize {
        self.shape.line_bytes() / 8
    }

    /// Words of 64 bits in a row.
    pub fn row_words(&self, piece: Piece) -> usize {
        match piece {
            Piece::Lut => self.shape.lanes as usize,
            Piece::Column => self.shape.key_switch_products as usize / 2,
            Piece::Ggsw => ((self.shape.glwe_dimension + 1) * self.shape.lanes) as usize,
        }
    }

    /// Words handed on in a clock.
    pub fn chunk_words(&self, piece: Piece) -> usize {
        common_divisor(self.line_words(), self.row_words(piece))
    }

    fn bytes(&self, piece: Piece, levels: usize) -> usize {
        let levels = levels as u32;
        match piece {
            Piece::Lut => layout::lut_bytes(&self.shape, false),
            Piece::Column => layout::ksk_column_bytes(&self.shape, levels),
            Piece::Ggsw => layout::ggsw_bytes(&self.shape, levels),
        }
    }

    /// Lines of a piece.
    pub fn lines(&self, piece: Piece, levels: usize) -> usize {
        self.bytes(piece, levels).div_ceil(self.shape.line_bytes())
    }

    /// Chunks of a piece, padding left out.
    pub fn chunks(&self, piece: Piece, levels: usize) -> usize {
        self.bytes(piece, levels) / (8 * self.chunk_words(piece))
    }

    /// Rows of a GGSW with `levels` levels.
    pub fn ggsw_rows(&self, levels: usize) -> usize {
        levels * (self.shape.glwe_dimension as usize + 1) * self.shape.rows() as usize
    }

    /// The buffer of the columns.
    pub fn column_buffer(&self) -> RowBuffer {
        let g = key_switch::Geometry::new(&self.shape);
        RowBuffer {
            chunk_words: self.chunk_words(Piece::Column),
            chunks: self.row_words(Piece::Column) / self.chunk_words(Piece::Column),
            rows: g.groups * usize::from(goldilane_abi::MAX_KS_LEVELS),
        }
    }

    /// The buffer of the GGSWs.
    pub fn ggsw_buffer(&self) -> RowBuffer {
        RowBuffer {
            chunk_words: self.chunk_words(Piece::Ggsw),
            chunks: self.row_words(Piece::Ggsw) / self.chunk_words(Piece::Ggsw),
            rows: self.ggsw_rows(self.shape.max_pbs_levels as usize),
        }
    }
}

/// Builds the key stream.
///
/// # Errors
/// None but those of the netlist.
pub fn key_stream(shape: &Shape) -> Result<Arc<Module>, NetlistError> {
    let sizes = Sizes { shape: *shape };
    let b = Builder::new(
        "key_stream",
        "Keys and lookup tables from board memory: requests, distribution, double buffers.",
    );
    let batch_start = b.input("batch_start", 1);
    let clear = b.input("clear", 1);
    let fill = b.input("fill", address_bits(shape.slots as usize + 1));
    let pbs_levels = b.input("pbs_levels", 4);
    let ks_levels = b.input("ks_levels", 4);

    let take = b.wire("piece_ready", 1);
    let mut inputs = vec![
        ("batch_start", vec![batch_start]),
        ("clear", vec![clear]),
        ("fill", vec![fill]),
        ("pbs_levels", vec![pbs_levels]),
        ("ks_levels", vec![ks_levels]),
        ("piece_ready", vec![take]),
        (
            "lut_line",
            b.input_words("lut_line", shape.slots as usize, 32),
        ),
    ];
    for (name, width) in [
        ("steps", COLUMN_BITS),
        ("lwe_dimension", COLUMN_BITS),
        ("bsk_line", 32),
        ("ksk_line", 32),
        ("bsk_crc_line", 32),
        ("ksk_crc_line", 32),
        ("line_req_ready", 1),
        ("line_check_valid", 1),
        ("line_check_error", 1),
    ] {
        inputs.push((name, vec![b.input(name, width)]));
    }
    let requests = b.instance_words(&line_requests(&sizes)?, "u_requests", &inputs);
    for name in [
        "line_req_valid",
        "line_req_line",
        "line_req_count",
        "line_req_crc_line",
        "stream_done",
        "stream_error",
    ] {
        b.output(name, requests.get(name));
    }

    let column_room = b.wire("column_room", 1);
    let ggsw_room = b.wire("ggsw_room", 1);
    let lines = b.instance_words(
        &line_distributor(&sizes)?,
        "u_lines",
        &[
            ("clear", vec![clear]),
            ("pbs_levels", vec![pbs_levels]),
            ("ks_levels", vec![ks_levels]),
            ("piece_valid", vec![requests.get("piece_valid")]),
            ("piece_kind", vec![requests.get("piece_kind")]),
            ("line_valid", vec![b.input("line_valid", 1)]),
            (
                "line_data",
                b.input_words("line_data", sizes.line_words(), 64),
            ),
            ("lut_ready", vec![b.input("lut_ready", 1)]),
            ("column_room", vec![column_room]),
            ("ggsw_room", vec![ggsw_room]),
        ],
    );
    b.drive(take, lines.get("piece_ready"));
    b.output("line_ready", lines.get("line_ready"));
    b.output("lut_valid", lines.get("lut_valid"));
    b.output_words("lut_row", &lines.words("lut_row"));

    let fault = b.input("parity_fault", 1);
    let buffer = |piece: Piece, shape: RowBuffer, soon, read, row, last| {
        let name = piece.name();
        let module = row_buffer(name, &shape)?;
        Ok::<_, NetlistError>(b.instance_words(
            &module,
            &format!("u_{name}_buffer"),
            &[
                ("clear", vec![clear]),
                ("write_next", vec![lines.get(&format!("{name}_next"))]),
                ("write_valid", vec![lines.get(&format!("{name}_valid"))]),
                ("write_words", lines.words(&format!("{name}_chunk"))),
                ("write_last", vec![lines.get("chunk_last")]),
                ("read_soon", vec![soon]),
                ("read_valid", vec![read]),
                ("read_row", vec![row]),
                ("read_last", vec![last]),
                ("parity_fault", vec![fault]),
            ],
        ))
    };
    let columns = sizes.column_buffer();
    let columns = buffer(
        Piece::Column,
        columns,
        b.input("key_soon", 1),
        b.input("key_read", 1),
        b.input("key_row", columns.row_bits()),
        b.input("key_last", 1),
    )?;
    b.drive(column_room, columns.get("write_room"));
    b.output("column_loaded", columns.get("loaded"));
    b.output_words("key_words", &columns.words("words"));

    // GGSW rows are counted: rows of a slot, slots of the batch.
    let start = valid_delay(&b, "start", batch_start, 3);
    let read = b.input("ggsw_read", 1);
    let ggsws = sizes.ggsw_buffer();
    let count_bits = address_bits(ggsws.rows + 1);
    let options: Vec<_> = (0..16_usize)
        .map(|l| {
            let levels = l.clamp(1, shape.max_pbs_levels as usize);
            b.lit(sizes.ggsw_rows(levels) as u128, count_bits)
        })
        .collect();
    let rows = length(&b, b.select(pbs_levels, &options));
    let row = run(&b, "slot_row", rows, read, start);
    let slot = run(&b, "slot", length(&b, fill), read & row.last, start);
    let ggsws = buffer(
        Piece::Ggsw,
        ggsws,
        b.input("ggsw_soon", 1),
        read,
        b.input("ggsw_row", ggsws.row_bits()),
        row.last & slot.last,
    )?;
    b.drive(ggsw_room, ggsws.get("write_room"));
    b.output("ggsw_loaded", ggsws.get("loaded"));
    b.output_words("ggsw_words", &ggsws.words("words"));

    let wrong = columns.get("parity_error") | ggsws.get("parity_error");
    b.output(
        "parity_error",
        flag(&b, "parity_error_flag", wrong, batch_start),
    );
    b.output(
        "clear_busy",
        columns.get("clear_busy") | ggsws.get("clear_busy"),
    );
    b.finish()
}
