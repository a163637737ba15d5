//! Cuts the line at hand into chunks: of each kind of piece the words of one chunk, behind a register.
//!
//! The clock of this block stands while no piece is open.
//!
//! Ports: `line_data`; `<kind>_number` (the chunk's place in its line, in a copy for every [`SPREAD`] words; none where a
//! line is one chunk) -> `<kind>_chunk` [`CHUNK_LATENCY`] clock later.

use super::key_stream::{Piece, Sizes};
use crate::netlist::{Builder, Module, NetlistError, Sig, address_bits};
use std::sync::Arc;

/// Words that one copy of a chunk's number selects for.
pub const SPREAD: usize = 4;
/// Clocks from a chunk in its line to the chunk at a key buffer.
pub const CHUNK_LATENCY: usize = 1;

/// Copies of the number of a chunk.
pub fn copies(sizes: &Sizes, piece: Piece) -> usize {
    let words = sizes.chunk_words(piece);
    match sizes.line_words() / words {
        1 => 0,
        _ => words.div_ceil(SPREAD),
    }
}

/// Builds the block.
///
/// # Errors
/// None but those of the netlist.
pub fn line_chunks(sizes: &Sizes) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "line_chunks",
        "The chunk at hand of a line of board memory, for each kind of piece.",
    );
    let line = b.input_words("line_data", sizes.line_words(), 64);
    for piece in Piece::ALL {
        let words = sizes.chunk_words(piece);
        let (copies, places) = (copies(sizes, piece), line.len() / words);
        let numbers = match copies {
            0 => Vec::new(),
            _ => b.input_words(
                &format!("{}_number", piece.name()),
                copies,
                address_bits(places),
            ),
        };
        let word = |i: usize| -> Sig<'_> {
            let Some(&number) = numbers.get(i / SPREAD) else {
                return b.reg(line[i]);
            };
            let options: Vec<_> = (0..places).map(|c| line[c * words + i]).collect();
            b.reg(b.select(number, &options))
        };
        let chunk: Vec<_> = (0..words).map(word).collect();
        b.output_words(&format!("{}_chunk", piece.name()), &chunk);
    }
    b.finish()
}
