//! Cells of yosys as the resources that data sheets count.

use std::collections::BTreeMap;

use goldilane_verilator::Cells;

/// What a block takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resources {
    /// LUTs: of logic, of memory, of shift registers. Xilinx: of 6 inputs; ECP5: of 4, without those of its carry cells.
    pub luts: u64,
    /// Flip-flops in the fabric.
    pub flip_flops: u64,
    /// Carry cells: CARRY4 of four bits, CCU2C of two.
    pub carries: u64,
    /// DSP48E1, DSP48E2, MULT18X18D.
    pub dsps: u64,
    /// Halves of block memories: 18 Kbit each (RAMB18, DP16KD; a RAMB36 is two).
    pub half_blocks: u64,
    /// URAM288.
    pub ultra: u64,
    /// What has no column.
    pub others: BTreeMap<String, u64>,
}

/// LUTs of a memory cell or shift register; none if it is neither.
fn lut_memory(cell: &str) -> Option<u64> {
    Some(match cell {
        "SRL16E" | "SRLC32E" | "RAM32X1S" | "RAM64X1S" => 1,
        "RAM32X1D" | "RAM64X1D" | "RAM128X1S" => 2,
        "RAM32M" | "RAM64M" | "RAM128X1D" | "RAM256X1S" => 4,
        "RAM32M16" | "RAM64M8" | "RAM256X1D" | "RAM512X1S" => 8,
        // Two slices: four LUTs, of which two hold the bits and two write them.
        "TRELLIS_DPR16X4" => 4,
        _ => return None,
    })
}

/// Multiplexers in front of which LUTs stand that are counted already, and constants.
const FREE: [&str; 8] = [
    "MUXF7",
    "MUXF8",
    "MUXF9",
    "PFUMX",
    "L6MUX21",
    "VCC",
    "GND",
    "$scopeinfo",
];

impl Resources {
    /// Counts cells.
    pub fn of(cells: &Cells) -> Self {
        let mut sum = Self::default();
        for (cell, &count) in cells {
            if let Some(luts) = lut_memory(cell) {
                sum.luts += luts * count;
                continue;
            }
            match cell.as_str() {
                "LUT1" | "LUT2" | "LUT3" | "LUT4" | "LUT5" | "LUT6" => sum.luts += count,
                // A tool that places turns the bit in the LUT behind it.
                "INV" => {}
                "FDRE" | "FDSE" | "FDCE" | "FDPE" | "FDRE_1" | "TRELLIS_FF" => {
                    sum.flip_flops += count
                }
                "CARRY4" | "CCU2C" => sum.carries += count,
                "CARRY8" => sum.carries += 2 * count,
                "DSP48E1" | "DSP48E2" | "MULT18X18D" => sum.dsps += count,
                "RAMB18E1" | "RAMB18E2" | "DP16KD" => sum.half_blocks += count,
                "RAMB36E1" | "RAMB36E2" => sum.half_blocks += 2 * count,
                "URAM288" => sum.ultra += count,
                other if FREE.contains(&other) => {}
                other => *sum.others.entry(other.to_owned()).or_insert(0) += count,
            }
        }
        sum
    }

    /// The share of one of so many lanes, rounded; what has no column is left out.
    pub fn by(&self, lanes: u64) -> Self {
        let share = |whole: u64| (whole + lanes / 2) / lanes;
        Self {
            luts: share(self.luts),
            flip_flops: share(self.flip_flops),
            carries: share(self.carries),
            dsps: share(self.dsps),
            half_blocks: share(self.half_blocks),
            ultra: share(self.ultra),
            ..Self::default()
        }
    }

    /// The sum with so many times `other`.
    #[must_use]
    pub fn plus(mut self, other: &Self, times: u64) -> Self {
        self.luts += times * other.luts;
        self.flip_flops += times * other.flip_flops;
        self.carries += times * other.carries;
        self.dsps += times * other.dsps;
        self.half_blocks += times * other.half_blocks;
        self.ultra += times * other.ultra;
        for (cell, count) in &other.others {
            *self.others.entry(cell.clone()).or_insert(0) += times * count;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_resources_and_add_up() {
        let cells = [
            ("LUT3", 5),
            ("RAM64M", 2),
            ("FDRE", 7),
            ("CARRY4", 3),
            ("DSP48E2", 1),
            ("RAMB36E2", 2),
            ("RAMB18E2", 1),
            ("MUXF7", 9),
            ("BUFGCE", 1),
        ];
        let cells: Cells = cells.map(|(name, n)| (name.to_owned(), n)).into();
        let one = Resources::of(&cells);
        let wanted = (13, 7, 3, 1, 5);
        let numbers = |r: &Resources| (r.luts, r.flip_flops, r.carries, r.dsps, r.half_blocks);
        assert_eq!(numbers(&one), wanted);
        assert_eq!(one.others, BTreeMap::from([("BUFGCE".to_owned(), 1)]));
        let three = one.clone().plus(&one, 2);
        assert_eq!(numbers(&three), (39, 21, 9, 3, 15));
        assert_eq!(three.others["BUFGCE"], 3);
    }
}
