//! `tb_bootstrap_core`: one bootstrap with a short key, compared at four checkpoints.

use super::image::image;
use super::material::{DIMENSION, KEY_SWITCH, Material};
use super::template::{connections, declarations, fill};
use super::{Part, TestbenchError};
use crate::netlist::Module;
use goldilane_abi::{MemoryMap, PieceKind, Shape};
use goldilane_golden_model::{Job, Stage, StageWords, bootstrap_checkpoints};

/// Slot of the lookup table.
const TABLE_SLOT: u32 = 0;

/// Words of 64 bits, the last one filled with zeros.
fn packed(words: &StageWords) -> Vec<u64> {
    let bytes = words.to_le_bytes();
    let word = |bytes: &[u8]| {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_le_bytes(word)
    };
    bytes.chunks(8).map(word).collect()
}

/// Builds the module and its images.
pub fn testbench(
    shape: &Shape,
    material: &Material,
    core: &Module,
) -> Result<Part, TestbenchError> {
    let degree = shape.polynomial_size as usize / 2 + 1;
    let job = Job {
        lwe: &material.lwe,
        lut: &material.lut,
        degrees: &[degree],
    };
    let stages = [
        Stage::KeySwitch,
        Stage::ModSwitch,
        Stage::Accumulator(DIMENSION),
        Stage::Extract,
    ];
    let expected: Vec<Vec<u64>> = bootstrap_checkpoints(&material.key, job, &stages)?
        .iter()
        .map(|(_, words)| packed(words))
        .collect();

    // Board memory: the lines of every piece one after another.
    let line_words = shape.line_bytes() / 8;
    let mut memory: Vec<u64> = Vec::new();
    let mut append = |mut words: Vec<u64>| {
        words.resize(words.len().next_multiple_of(line_words), 0);
        let lines = words.len() / line_words;
        memory.extend(words);
        lines
    };
    let mut ggsw_lines = 0;
    for index in 0..DIMENSION {
        ggsw_lines = append(material.ggsw(index)?);
    }
    let mut column_lines = 0;
    for index in 0..=DIMENSION {
        column_lines = append(material.column(index));
    }
    let table_lines = append(material.table());

    let beat = shape.host_bus_bits as usize / 64;
    let mut lwe = material.lwe.clone();
    lwe.resize(lwe.len().next_multiple_of(beat), 0);

    let map = MemoryMap::new(shape);
    let pbs = material.parameters().pbs;
    let per_step = shape.glwe_words() * pbs.levels() / shape.lanes as usize;
    // Three pieces a step and every word twice: generous, and still soon over.
    let limit = 20_000
        + 4 * memory.len() / line_words
        + 8 * (DIMENSION + 2) * (per_step + 1024)
        + 4 * expected.iter().map(Vec::len).sum::<usize>();
    let numbers = [
        ("DIMENSION", DIMENSION as u64),
        ("KS_BASE_LOG", KEY_SWITCH.0 as u64),
        ("KS_LEVELS", KEY_SWITCH.1 as u64),
        ("PBS_BASE_LOG", pbs.base_log() as u64),
        ("PBS_LEVELS", pbs.levels() as u64),
        ("DEGREE", degree as u64),
        ("LINE_WORDS", line_words as u64),
        ("BEAT_WORDS", beat as u64),
        ("LWE_WORDS", lwe.len() as u64),
        ("GGSW_LINE", map.piece_line(0, PieceKind::Ggsw, 0)),
        ("GGSW_STRIDE", map.ggsw_stride),
        ("GGSW_LINES", ggsw_lines as u64),
        ("GGSW_CRC_LINE", map.piece_crc_line(0, PieceKind::Ggsw, 0)),
        ("COLUMN_LINE", map.piece_line(0, PieceKind::KskColumn, 0)),
        ("COLUMN_STRIDE", map.ksk_stride),
        ("COLUMN_LINES", column_lines as u64),
        (
            "COLUMN_CRC_LINE",
            map.piece_crc_line(0, PieceKind::KskColumn, 0),
        ),
        ("TABLE_LINE", map.lut_line(TABLE_SLOT)),
        ("TABLE_LINES", table_lines as u64),
        ("TABLE_CRC_LINE", map.lut_crc_line(TABLE_SLOT)),
        ("KEY_SWITCH_WORDS", expected[0].len() as u64),
        ("MOD_SWITCH_WORDS", expected[1].len() as u64),
        ("ACCUMULATOR_WORDS", expected[2].len() as u64),
        ("EXTRACT_WORDS", expected[3].len() as u64),
        ("LIMIT", limit as u64),
    ];
    let parameters: Vec<String> = numbers
        .iter()
        .map(|(name, value)| format!("  localparam int {name} = {value};"))
        .collect();
    let text = fill(
        include_str!("tb_bootstrap_core.sv"),
        &[
            ("PARAMETERS", parameters.join("\n")),
            ("DECLARATIONS", declarations(core, |_| true)),
            ("CONNECTIONS", connections(core, str::to_owned)),
        ],
    );
    Ok(Part {
        text,
        images: vec![
            image("tb_core_lwe.hex", 64, lwe),
            image("tb_core_memory.hex", 64, memory),
            image("tb_core_expected.hex", 64, expected.concat()),
        ],
    })
}
