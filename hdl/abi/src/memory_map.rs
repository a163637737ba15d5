//! Where keys and lookup tables lie in board memory. All numbers are lines: one word of every port.
//!
//! ```text
//! key slot 0:  GGSWs           n_max     times ggsw_stride
//!              KSK columns     n_max + 1 times ksk_stride
//!              GGSW CRC lines  n_max
//!              KSK CRC lines   n_max + 1
//! key slot 1 .. (each slot starts at a multiple of slot_lines)
//! LUT slots:   GLWEs           lut_slots times lut_stride
//!              LUT CRC lines   lut_slots
//! ```
//! Strides of pieces are powers of two, for the largest number of levels that the board takes. In a CRC line the low
//! 32 bits of port p's word are the CRC-32C of port p's stripe of the piece: its words of the piece's lines one after
//! another. A region ends where the piece's padded transfer ends; what lies behind, up to the stride, is not read.

use crate::{MAX_KS_LEVELS, PieceKind, Shape, layout};

/// Lines of each region; see the module's picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryMap {
    /// Lines from one GGSW to the next.
    pub ggsw_stride: u64,
    /// Lines from one column to the next.
    pub ksk_stride: u64,
    /// Lines from one lookup table to the next.
    pub lut_stride: u64,
    /// First line of the columns within a key slot.
    pub ksk_offset: u64,
    /// First line of the GGSWs' CRC lines within a key slot.
    pub ggsw_crc_offset: u64,
    /// First line of the columns' CRC lines within a key slot.
    pub ksk_crc_offset: u64,
    /// Lines of a key slot.
    pub slot_lines: u64,
    /// First line of the lookup tables.
    pub lut_base: u64,
    /// First CRC line of the lookup tables.
    pub lut_crc_base: u64,
    /// Lines in all.
    pub total_lines: u64,
}

impl MemoryMap {
    /// The map of a board of this shape.
    pub fn new(shape: &Shape) -> Self {
        let line = shape.line_bytes();
        let stride = |bytes: usize| bytes.div_ceil(line).next_power_of_two() as u64;
        let n = u64::from(shape.max_lwe_dimension);
        let ggsw_stride = stride(layout::ggsw_bytes(shape, shape.max_pbs_levels));
        let ksk_stride = stride(layout::ksk_column_bytes(shape, MAX_KS_LEVELS.into()));
        let lut_stride = stride(layout::lut_bytes(shape, false));
        let ksk_offset = n * ggsw_stride;
        let ggsw_crc_offset = ksk_offset + (n + 1) * ksk_stride;
        let ksk_crc_offset = ggsw_crc_offset + n;
        // A slot starts where a burst of 4 KiB does at any port width of 64 bits or more.
        let slot_lines = (ksk_crc_offset + n + 1).next_multiple_of(512);
        let lut_base = u64::from(shape.key_slots) * slot_lines;
        let lut_crc_base = lut_base + u64::from(shape.lut_slots) * lut_stride;
        let total_lines = lut_crc_base + u64::from(shape.lut_slots);
        Self {
            ggsw_stride,
            ksk_stride,
            lut_stride,
            ksk_offset,
            ggsw_crc_offset,
            ksk_crc_offset,
            slot_lines,
            lut_base,
            lut_crc_base,
            total_lines,
        }
    }

    /// First line of a key piece.
    pub fn piece_line(&self, slot: u32, kind: PieceKind, index: u32) -> u64 {
        let base = u64::from(slot) * self.slot_lines;
        match kind {
            PieceKind::Ggsw => base + u64::from(index) * self.ggsw_stride,
            PieceKind::KskColumn => base + self.ksk_offset + u64::from(index) * self.ksk_stride,
        }
    }

    /// CRC line of a key piece.
    pub fn piece_crc_line(&self, slot: u32, kind: PieceKind, index: u32) -> u64 {
        let offset = match kind {
            PieceKind::Ggsw => self.ggsw_crc_offset,
            PieceKind::KskColumn => self.ksk_crc_offset,
        };
        u64::from(slot) * self.slot_lines + offset + u64::from(index)
    }

    /// First line of a lookup table.
    pub fn lut_line(&self, slot: u32) -> u64 {
        self.lut_base + u64::from(slot) * self.lut_stride
    }

    /// CRC line of a lookup table.
    pub fn lut_crc_line(&self, slot: u32) -> u64 {
        self.lut_crc_base + u64::from(slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_follow_one_another() {
        for name in crate::shape::CONFIGURATION_NAMES {
            let shape = Shape::named(name).unwrap();
            let (map, n) = (MemoryMap::new(&shape), shape.max_lwe_dimension);
            let last_slot = shape.key_slots - 1;
            assert!(
                map.piece_line(0, PieceKind::Ggsw, n - 1) + map.ggsw_stride
                    <= map.piece_line(0, PieceKind::KskColumn, 0)
            );
            assert!(
                map.piece_line(0, PieceKind::KskColumn, n) + map.ksk_stride
                    <= map.piece_crc_line(0, PieceKind::Ggsw, 0)
            );
            assert!(
                map.piece_crc_line(0, PieceKind::Ggsw, n - 1)
                    < map.piece_crc_line(0, PieceKind::KskColumn, 0)
            );
            assert!(
                map.piece_crc_line(0, PieceKind::KskColumn, n)
                    < map.piece_line(1, PieceKind::Ggsw, 0)
            );
            assert!(map.piece_crc_line(last_slot, PieceKind::KskColumn, n) < map.lut_line(0));
            assert!(map.lut_line(shape.lut_slots - 1) + map.lut_stride <= map.lut_crc_line(0));
            assert_eq!(map.lut_crc_line(shape.lut_slots - 1) + 1, map.total_lines);
        }
    }

    #[test]
    fn sim_by_numbers() {
        let map = MemoryMap::new(&Shape::SIM);
        // 64 KiB a GGSW, 64 KiB a column of 8 levels, 32 KiB a lookup table, in lines of 128 bytes.
        assert_eq!(
            (map.ggsw_stride, map.ksk_stride, map.lut_stride),
            (512, 512, 256)
        );
        assert_eq!(map.ksk_offset, 1024 * 512);
        assert_eq!(map.ggsw_crc_offset, 2049 * 512);
    }
}
