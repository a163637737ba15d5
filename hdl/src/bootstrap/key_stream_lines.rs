//! Deals out the lines: rows of lookup tables to the accumulator, chunks of GGSWs and columns to the key
//! buffers. Pieces come in the order in which they were asked for.
//!
//! A line is handed on in chunks of as many words as line and row have in common (see [`Sizes`]), one a
//! clock, out of the line itself ([`line_chunks`]), which stands still until it is taken with its last chunk. What pads a
//! piece to a whole line is dropped.
//!
//! Ports: held `ks_levels` `pbs_levels`; `piece_valid` `piece_ready` `piece_kind`; `line_valid`
//! `line_ready` `line_data`; `lut_ready`, `column_room`, `ggsw_room` (looked at when a piece begins);
//! `lut_valid` `lut_row`; `chunk_last` `column_valid` `column_chunk` `ggsw_valid` `ggsw_chunk`, with `column_next`
//! `ggsw_next` a clock ahead of each valid; `clear` (level: lines are taken and dropped).

use super::key_stream::{Piece, Sizes};
pub use super::key_stream_chunks::CHUNK_LATENCY;
use super::key_stream_chunks::{copies, line_chunks};
use crate::cells::counters::{Run, length, run, valid_delay};
use crate::netlist::{Builder, Module, NetlistError, Sig, address_bits};
use std::sync::Arc;

/// Clocks from a piece that is taken to the clock in which its first line may leave, if there is room.
pub const OPEN_LATENCY: usize = 6;

/// Clocks from the last chunk of a lookup table's row in its line to the row.
pub fn row_latency(sizes: &Sizes) -> usize {
    let parts = sizes.row_words(Piece::Lut) / sizes.chunk_words(Piece::Lut);
    CHUNK_LATENCY + usize::from(parts > 1)
}

/// Builds the distributor.
///
/// # Errors
/// None but those of the netlist.
pub fn line_distributor(sizes: &Sizes) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "line_distributor",
        "Deals out lines of board memory to accumulator and key buffers.",
    );
    let clear = b.input("clear", 1);
    let line_words = sizes.line_words();
    let line = b.input_words("line_data", line_words, 64);
    let line_valid = b.input("line_valid", 1);

    // A piece: taken, its lengths made ready, opened when there is room, closed with its last line.
    let open = b.state("open", 1, 0);
    let busy = b.state("busy", 1, 0);
    let take = b.input("piece_valid", 1) & !busy & !clear;
    b.output("piece_ready", !busy);
    let kind = b.state("kind", 2, 0);
    b.drive_en(kind, b.input("piece_kind", 2), take);
    let ready = valid_delay(&b, "piece_prepared", take, 4);
    let prepared = b.state("prepared", 1, 0);
    let room = b.reg(b.select(
        kind,
        &[
            b.input("lut_ready", 1),
            b.input("column_room", 1),
            b.input("ggsw_room", 1),
        ],
    ));
    let begin = prepared & room & !open;
    b.drive(prepared, (ready | (prepared & !begin)) & !clear);

    // Lines of the piece, chunks of the line, chunks of the piece.
    let levels = [b.input("ks_levels", 4), b.input("pbs_levels", 4)];
    let figure = |levels, most, width, f: &dyn Fn(usize) -> usize| {
        let options: Vec<_> = (0..16)
            .map(|l: usize| b.lit(f(l.clamp(1, most)) as u128, width))
            .collect();
        b.reg(b.select(levels, &options))
    };
    let by_kind = |f: &dyn Fn(Piece, usize) -> usize| {
        let most = [
            f(Piece::Lut, 1),
            f(Piece::Column, 8),
            f(Piece::Ggsw, sizes.shape.max_pbs_levels as usize),
        ];
        let width = address_bits(most[0].max(most[1]).max(most[2]) + 1);
        let lut = b.lit(f(Piece::Lut, 1) as u128, width);
        let column = figure(levels[0], 8, width, &|l| f(Piece::Column, l));
        let ggsw = figure(
            levels[1],
            sizes.shape.max_pbs_levels as usize,
            width,
            &|l| f(Piece::Ggsw, l),
        );
        length(&b, b.select(kind, &[lut, column, ggsw]))
    };
    let lines = by_kind(&|piece, l| sizes.lines(piece, l));
    let chunks = by_kind(&|piece, l| sizes.chunks(piece, l));
    let go = line_valid & open;
    // The number of the chunk in its line, in as many copies as keep each from driving too much.
    let in_line: Vec<Vec<Run<'_>>> = Piece::ALL
        .iter()
        .map(|&piece| {
            let n = line_words / sizes.chunk_words(piece);
            let count = length(&b, b.lit(n as u128, address_bits(n + 1)));
            let mine = go & kind.eq_lit(piece as u128);
            let copy = |i: usize| {
                let name = format!("{}_chunk_number_{i}", piece.name());
                run(&b, &name, count, mine, begin)
            };
            (0..copies(sizes, piece)).map(copy).collect()
        })
        .collect();
    let last: Vec<_> = in_line
        .iter()
        .map(|copies| copies.first().map_or(b.lit(1, 1), |run| run.last))
        .collect();
    let last = b.select(kind, &last);
    // Lines that come during a clear are dropped.
    let drop_lines = b.state("drop_lines", 1, 0);
    b.drive(drop_lines, clear);
    let line_ready = (open & last) | drop_lines;
    let line_done = line_valid & line_ready;
    b.output("line_ready", line_ready);
    let line_number = run(&b, "line_number", lines, line_done, begin);
    let close = line_done & line_number.last;
    b.drive(open, (begin | (open & !close)) & !clear);
    b.drive(busy, (take | (busy & !close)) & !clear);
    let piece_over = b.state("piece_over", 1, 0);
    let chunk = go & !piece_over;
    let chunk_number = run(&b, "chunk_number", chunks, chunk, begin);
    b.drive(
        piece_over,
        ((chunk & chunk_number.last) | piece_over) & !begin,
    );

    // One register stage towards the buffers; its clock ticks while a piece is open.
    let mut inputs = vec![("line_data", line)];
    let names = Piece::ALL.map(|piece| format!("{}_number", piece.name()));
    for (piece, copies) in Piece::ALL.into_iter().zip(&in_line) {
        let name = names[piece as usize].as_str();
        let width = address_bits(line_words / sizes.chunk_words(piece));
        let numbers: Vec<_> = copies.iter().map(|c| c.value.resize(width)).collect();
        if !numbers.is_empty() {
            inputs.push((name, numbers));
        }
    }
    let chunks = b.instance_words(&line_chunks(sizes)?, "u_chunks", &inputs);
    b.gate(&chunks, open);
    b.output("chunk_last", b.reg(chunk_number.last));
    let valid = |piece: Piece| {
        let next = chunk & kind.eq_lit(piece as u128);
        let valid = b.state(&format!("{}_valid_reg", piece.name()), 1, 0);
        b.drive(valid, next);
        (next, valid)
    };
    for piece in [Piece::Column, Piece::Ggsw] {
        let name = piece.name();
        let (next, valid) = valid(piece);
        b.output(&format!("{name}_next"), next);
        b.output(&format!("{name}_valid"), valid);
        let port = format!("{name}_chunk");
        b.output_words(&port, &chunks.words(&port));
    }
    let (_, lut_valid) = valid(Piece::Lut);
    lut_rows(&b, sizes, lut_valid, &chunks.words("lut_chunk"), clear);
    b.finish()
}

/// Collects the chunks of a lookup table's row.
fn lut_rows<'b>(b: &'b Builder, sizes: &Sizes, valid: Sig<'b>, chunk: &[Sig<'b>], clear: Sig<'b>) {
    let parts = sizes.shape.lanes as usize / chunk.len();
    if parts == 1 {
        b.output("lut_valid", valid);
        b.output_words("lut_row", chunk);
        return;
    }
    let count = length(b, b.lit(parts as u128, address_bits(parts + 1)));
    let part = run(b, "lut_part", count, valid, clear);
    let words: Vec<_> = (0..parts)
        .flat_map(|p| {
            let mine = valid & part.value.eq_lit(p as u128);
            chunk.iter().map(move |word| b.reg_en(*word, mine))
        })
        .collect();
    b.output(
        "lut_valid",
        valid_delay(b, "lut_valid", valid & part.last, 1),
    );
    b.output_words("lut_row", &words);
}
