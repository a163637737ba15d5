//! The order in which a module's registers are declared: alike ones beside each other.
//!
//! Verilator keeps the order, so registers that take the same kind of value lie beside each other in memory, and the C++
//! compiler makes one vector instruction of their assignments. Nothing else depends on it.

use super::module::{Module, NodeId, Op};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The registers by what feeds them: the logic up to the next registers, constants and the places of bits left out. Groups come in the order of
/// their first register.
pub(super) fn alike(m: &Module) -> Vec<NodeId> {
    let mut shapes = vec![None; m.nodes.len()];
    let mut places = HashMap::new();
    let mut registers: Vec<(usize, NodeId)> = Vec::new();
    for (id, node) in m.nodes.iter().enumerate() {
        if !node.op.is_register() {
            continue;
        }
        let mut hash = DefaultHasher::new();
        own(m, id as NodeId).hash(&mut hash);
        for &arg in &node.args {
            shape(m, arg, &mut shapes).hash(&mut hash);
        }
        let next = places.len();
        let place = *places.entry(hash.finish()).or_insert(next);
        registers.push((place, id as NodeId));
    }
    registers.sort_by_key(|&(place, _)| place);
    registers.into_iter().map(|(_, id)| id).collect()
}

/// Kind of a node, and of the integer in which a simulation keeps its value.
fn own(m: &Module, id: NodeId) -> (std::mem::Discriminant<Op>, u32) {
    let node = &m.nodes[id as usize];
    let bits = node.width.next_power_of_two().max(8);
    (std::mem::discriminant(&node.op), bits)
}

/// Hash of the logic that gives the value of `id`.
fn shape(m: &Module, id: NodeId, known: &mut [Option<u64>]) -> u64 {
    if let Some(shape) = known[id as usize] {
        return shape;
    }
    let mut hash = DefaultHasher::new();
    own(m, id).hash(&mut hash);
    let node = &m.nodes[id as usize];
    // A wire may stand above what drives it, so its driver is not looked at.
    if !node.op.is_register() && node.op != Op::Wire {
        for &arg in &node.args {
            shape(m, arg, known).hash(&mut hash);
        }
    }
    let shape = hash.finish();
    known[id as usize] = Some(shape);
    shape
}
