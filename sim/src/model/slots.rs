//! Key and LUT slots: what lies where, under which generation, and what is still being cleared.

use goldilane_abi::layout::{self, bsk_layout, glwe_layout, ksk_layout};
use goldilane_abi::{Code, Handle, KeyShape, MemoryMap, PieceKind, Shape};
use goldilane_golden_model::field::mul;
use goldilane_golden_model::{
    Decomposition, Key, KeySwitchKey, KeySwitchWidth, ModulusSwitchKind, Parameters,
};
use std::collections::VecDeque;
use std::sync::Arc;

use super::memory::BoardMemory;

/// Lines that the background clearing does at a time.
const CLEAR_LINES: u64 = 1 << 16;

/// What a key slot holds.
#[derive(Default)]
pub enum KeyState {
    /// Nothing.
    #[default]
    Empty,
    /// Some pieces: GGSWs, then columns.
    Loading(KeyShape, [u32; 2]),
    /// A whole key; decoded at its first use after memory changed.
    Ready(KeyShape, Option<Arc<Key>>),
}

/// One slot: what it holds and how often it was freed.
#[derive(Default)]
pub struct Slot<T> {
    /// What it holds.
    pub state: T,
    /// How often it was freed.
    pub generation: u16,
    /// Lines still to be cleared.
    clearing: u64,
}

/// All slots and the memory that they lie in.
pub struct Slots {
    shape: Shape,
    /// Where things lie.
    pub map: MemoryMap,
    /// Board memory.
    pub memory: BoardMemory,
    /// Key slots.
    pub keys: Vec<Slot<KeyState>>,
    /// LUT slots; whether a table lies there.
    pub luts: Vec<Slot<bool>>,
    clears: VecDeque<Clear>,
}

struct Clear {
    first: u64,
    count: u64,
    owner: Owner,
}

#[derive(Clone, Copy)]
enum Owner {
    Key(usize),
    Lut(usize),
}

/// Code and info of a refusal.
pub type Refusal = (Code, u32);

impl Slots {
    /// Empty slots.
    pub fn new(shape: &Shape) -> Self {
        let map = MemoryMap::new(shape);
        Self {
            shape: *shape,
            map,
            memory: BoardMemory::new(shape, map.total_lines),
            keys: (0..shape.key_slots).map(|_| Slot::default()).collect(),
            luts: (0..shape.lut_slots).map(|_| Slot::default()).collect(),
            clears: VecDeque::new(),
        }
    }

    /// A key slot that exists and is not being cleared.
    pub fn key_slot(&mut self, slot: u16) -> Result<&mut Slot<KeyState>, Refusal> {
        usable(&mut self.keys, slot)
    }

    /// A LUT slot that exists and is not being cleared.
    pub fn lut_slot(&mut self, slot: u16) -> Result<&mut Slot<bool>, Refusal> {
        usable(&mut self.luts, slot)
    }

    /// Shape of the committed key with this handle.
    pub fn key_shape(&self, handle: Handle) -> Option<KeyShape> {
        let slot = self.keys.get(usize::from(handle.slot))?;
        match &slot.state {
            KeyState::Ready(shape, _) if slot.generation == handle.generation => Some(*shape),
            _ => None,
        }
    }

    /// Whether a lookup table lies under this handle.
    pub fn has_lut(&self, handle: Handle) -> bool {
        let slot = self.luts.get(usize::from(handle.slot));
        slot.is_some_and(|slot| slot.state && slot.generation == handle.generation)
    }

    /// Stores a key piece and counts it.
    pub fn store_piece(
        &mut self,
        slot: u16,
        key: KeyShape,
        kind: PieceKind,
        index: u32,
        bytes: &[u8],
    ) {
        let number = u32::from(slot);
        let line = self.map.piece_line(number, kind, index);
        self.memory
            .store_piece(line, self.map.piece_crc_line(number, kind, index), bytes);
        let state = &mut self.keys[usize::from(slot)].state;
        if matches!(state, KeyState::Empty) {
            *state = KeyState::Loading(key, [0, 0]);
        }
        if let KeyState::Loading(_, counts) = state {
            counts[kind as usize] = index + 1;
        }
    }

    /// Stores a lookup table, mask included.
    pub fn store_lut(&mut self, slot: u16, bytes: &[u8]) {
        let number = u32::from(slot);
        let mut lines = bytes.to_vec();
        lines.resize(bytes.len().next_multiple_of(self.shape.line_bytes()), 0);
        self.memory.store_piece(
            self.map.lut_line(number),
            self.map.lut_crc_line(number),
            &lines,
        );
        self.luts[usize::from(slot)].state = true;
    }

    /// Frees a key slot: the generation rises, clearing begins.
    pub fn free_key(&mut self, slot: u16) {
        let number = usize::from(slot);
        self.keys[number].state = KeyState::Empty;
        self.keys[number].generation = self.keys[number].generation.wrapping_add(1);
        self.keys[number].clearing = self.map.slot_lines;
        let first = number as u64 * self.map.slot_lines;
        self.clears.push_back(Clear {
            first,
            count: self.map.slot_lines,
            owner: Owner::Key(number),
        });
    }

    /// Frees a LUT slot: the generation rises, clearing begins.
    pub fn free_lut(&mut self, slot: u16) {
        let number = usize::from(slot);
        self.luts[number].state = false;
        self.luts[number].generation = self.luts[number].generation.wrapping_add(1);
        self.luts[number].clearing = self.map.lut_stride + 1;
        let owner = Owner::Lut(number);
        let first = self.map.lut_line(slot.into());
        self.clears.push_back(Clear {
            first,
            count: self.map.lut_stride,
            owner,
        });
        self.clears.push_back(Clear {
            first: self.map.lut_crc_line(slot.into()),
            count: 1,
            owner,
        });
    }

    /// Frees whatever is held, as a reset does.
    pub fn free_all(&mut self) {
        for slot in 0..self.keys.len() {
            if !matches!(self.keys[slot].state, KeyState::Empty) {
                self.free_key(slot as u16);
            }
        }
        for slot in 0..self.luts.len() {
            if self.luts[slot].state {
                self.free_lut(slot as u16);
            }
        }
    }

    /// Whether memory is being cleared.
    pub fn clearing(&self) -> bool {
        !self.clears.is_empty()
    }

    /// Clears the next stretch; returns the lines done.
    pub fn clear_some(&mut self) -> u64 {
        let Some(clear) = self.clears.front_mut() else {
            return 0;
        };
        let count = clear.count.min(CLEAR_LINES);
        self.memory.clear(clear.first, count);
        let left = match clear.owner {
            Owner::Key(slot) => &mut self.keys[slot].clearing,
            Owner::Lut(slot) => &mut self.luts[slot].clearing,
        };
        *left = left.saturating_sub(count);
        clear.first += count;
        clear.count -= count;
        if clear.count == 0 {
            self.clears.pop_front();
        }
        count
    }

    /// Memory changed behind the board's back: decoded keys are stale.
    pub fn forget_decoded(&mut self) {
        for slot in &mut self.keys {
            if let KeyState::Ready(_, decoded) = &mut slot.state {
                *decoded = None;
            }
        }
    }

    /// Whether a decoded key is kept.
    pub fn holds_decoded(&self) -> bool {
        self.keys
            .iter()
            .any(|slot| !matches!(slot.state, KeyState::Empty))
    }

    /// The key of a slot, read from board memory through the layouts.
    pub fn decoded_key(&mut self, slot: u16) -> Result<Arc<Key>, Code> {
        let KeyState::Ready(key_shape, decoded) = &self.keys[usize::from(slot)].state else {
            return Err(Code::UnknownKey);
        };
        if let Some(key) = decoded {
            return Ok(key.clone());
        }
        let key_shape = *key_shape;
        let key = Arc::new(self.decode_key(slot, &key_shape)?);
        self.keys[usize::from(slot)].state = KeyState::Ready(key_shape, Some(key.clone()));
        Ok(key)
    }

    fn decode_key(&self, slot: u16, key: &KeyShape) -> Result<Key, Code> {
        let parameters = golden_parameters(&self.shape, key).ok_or(Code::KeyCorrupted)?;
        let n = parameters.lwe_dimension;
        let size = parameters.polynomial_size;
        let polynomials = parameters.glwe_dimension + 1;
        let piece = |kind, index| {
            let (line, crc) = (
                self.map.piece_line(slot.into(), kind, index),
                self.map.piece_crc_line(slot.into(), kind, index),
            );
            let bytes = layout::piece_bytes(&self.shape, key, kind);
            self.memory
                .load_piece(line, crc, bytes)
                .ok_or(Code::KeyCorrupted)
        };

        let places: Vec<usize> = bsk_layout(&self.shape, key.pbs_levels.into())
            .map(|word| {
                let matrix = word.level as usize * polynomials + word.row as usize;
                (matrix * polynomials + word.output as usize) * size + word.point() as usize
            })
            .collect();
        // Undoes the factor that suits the hardware's decomposer.
        let scale = 1 << layout::digit_shift(&self.shape, key.pbs_base_log.into());
        let mut bsk = vec![0; parameters.bsk_size()];
        for (index, ggsw) in bsk.chunks_exact_mut(parameters.ggsw_size()).enumerate() {
            let bytes = piece(PieceKind::Ggsw, index as u32)?;
            for (&place, word) in places.iter().zip(bytes.as_chunks::<8>().0) {
                ggsw[place] = mul(u64::from_le_bytes(*word), scale);
            }
        }

        let levels = parameters.key_switch.levels();
        let rows: Vec<usize> = ksk_layout(&self.shape, key.ks_levels.into())
            .map(|word| word.coefficient as usize * levels + word.level as usize)
            .collect();
        let mut ksk = vec![0; parameters.ksk_size()];
        for column in 0..=n {
            let bytes = piece(PieceKind::KskColumn, column as u32)?;
            for (&row, word) in rows.iter().zip(bytes.as_chunks::<4>().0) {
                ksk[row * (n + 1) + column] = u32::from_le_bytes(*word);
            }
        }
        Key::from_prepared_natural(parameters, &bsk, KeySwitchKey::Bits32(ksk))
            .map_err(|_| Code::KeyCorrupted)
    }

    /// The lookup table of a slot in natural order.
    pub fn decoded_lut(&self, slot: u16) -> Result<Vec<u64>, Code> {
        let bytes = layout::lut_bytes(&self.shape, false).next_multiple_of(self.shape.line_bytes());
        let (line, crc) = (
            self.map.lut_line(slot.into()),
            self.map.lut_crc_line(slot.into()),
        );
        let bytes = self
            .memory
            .load_piece(line, crc, bytes)
            .ok_or(Code::LutCorrupted)?;
        let size = self.shape.polynomial_size as usize;
        let mut glwe = vec![0; self.shape.glwe_words()];
        for (place, word) in glwe_layout(&self.shape).zip(bytes.as_chunks::<8>().0) {
            glwe[place.polynomial as usize * size + place.coefficient as usize] =
                u64::from_le_bytes(*word);
        }
        Ok(glwe)
    }
}

fn usable<T>(slots: &mut [Slot<T>], slot: u16) -> Result<&mut Slot<T>, Refusal> {
    let count = slots.len() as u32;
    let slot = slots
        .get_mut(usize::from(slot))
        .ok_or((Code::NoSuchSlot, count))?;
    if slot.clearing > 0 {
        Err((Code::Clearing, 0))
    } else {
        Ok(slot)
    }
}

/// The golden model's parameters of a key on a board of this shape.
pub fn golden_parameters(shape: &Shape, key: &KeyShape) -> Option<Parameters> {
    Some(Parameters {
        lwe_dimension: key.lwe_dimension.into(),
        glwe_dimension: shape.glwe_dimension as usize,
        polynomial_size: shape.polynomial_size as usize,
        pbs: Decomposition::new(key.pbs_base_log.into(), key.pbs_levels.into()).ok()?,
        key_switch: Decomposition::new(key.ks_base_log.into(), key.ks_levels.into()).ok()?,
        key_switch_width: KeySwitchWidth::Bits32,
        modulus_switch: ModulusSwitchKind::Centered,
    })
}
