//! Registers that are alike in many instances of a module: the copies that a tool would merge once it takes the hierarchy
//! apart.
//!
//! Every lane has a register of its own for what all lanes are told, and so has every group of words: together they are a
//! tree. A register here is alike in `m` places if everything that it follows from comes from inputs to which `m`
//! instances of the module are given the same. If one register in the place of the `m` had too many loads, each of them is
//! marked as a copy. Others may be merged: an input register of a multiplier that two neighbours share belongs into the
//! DSP, where an attribute would keep it from.

use super::loads::{LOAD_LIMIT, hierarchy};
use super::module::{Module, NodeId, Op};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Instances in which a word is the same, by node.
type Places = Vec<u32>;

/// Modules of one text have one number: they are emitted once.
type Kind = u64;

/// `top`, the copies in its instances marked.
pub(super) fn mark(top: &Arc<Module>) -> Arc<Module> {
    let mut modules = Vec::new();
    hierarchy(top, &mut modules);
    let mut kinds = HashMap::new();
    for module in &modules {
        kinds.insert(Arc::as_ptr(module), kind(module, &kinds));
    }
    let kind = |module: &Arc<Module>| kinds[&Arc::as_ptr(module)];
    // By input port. One kind may stand at several heights: until nothing changes.
    let mut inputs: HashMap<Kind, Vec<u32>> = (modules.iter())
        .map(|module| (kind(module), vec![1; module.inputs.len()]))
        .collect();
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for module in modules.iter().rev() {
            for (child, port, count) in given(module, &places(module, &inputs[&kind(module)])) {
                let of_child = inputs
                    .get_mut(&kind(child))
                    .expect("a kind of the hierarchy");
                changed |= count > of_child[port];
                of_child[port] = of_child[port].max(count);
            }
        }
    }
    let mut done: HashMap<*const Module, Arc<Module>> = HashMap::new();
    for module in modules {
        let mut new = Module::clone(module);
        for id in copies(module, &places(module, &inputs[&kind(module)])) {
            new.nodes[id as usize].replicated = true;
        }
        for instance in &mut new.instances {
            instance.child = done[&Arc::as_ptr(&instance.child)].clone();
        }
        done.insert(Arc::as_ptr(module), Arc::new(new));
    }
    done[&Arc::as_ptr(top)].clone()
}

/// All that makes the text of a module, given the kinds of those below; its own name is not part of it.
fn kind(module: &Module, below: &HashMap<*const Module, Kind>) -> Kind {
    let mut hash = DefaultHasher::new();
    let instances: Vec<_> = (module.instances.iter())
        .map(|i| (&i.name, below[&Arc::as_ptr(&i.child)], &i.inputs, i.gate))
        .collect();
    instances.hash(&mut hash);
    let Module {
        nodes,
        inputs,
        outputs,
        rams,
        roms,
        keep,
        ..
    } = module;
    (nodes, inputs, outputs, rams, roms, keep).hash(&mut hash);
    hash.finish()
}

/// In how many places each word is the same, given that of the inputs.
fn places(module: &Module, inputs: &[u32]) -> Places {
    let mut places: Places = vec![u32::MAX; module.nodes.len()];
    // Registers feed themselves: what is not contradicted holds.
    loop {
        let mut changed = false;
        for (id, node) in module.nodes.iter().enumerate() {
            let of_args = || node.args.iter().map(|&arg| places[arg as usize]).min();
            let now = match node.op {
                Op::Input { port, .. } => inputs[port as usize],
                Op::RamRead(_) | Op::RomRead(_) | Op::InstanceOut { .. } => 1,
                _ => of_args().unwrap_or(u32::MAX),
            };
            changed |= now < places[id];
            places[id] = places[id].min(now);
        }
        if !changed {
            return places;
        }
    }
}

/// The registers that must not become one.
fn copies(module: &Module, places: &Places) -> Vec<NodeId> {
    let loads = module.count_loads(None);
    let of = |id: usize| loads[id].iter().max().copied().unwrap_or_default();
    (module.nodes.iter().enumerate())
        .filter(|(_, node)| matches!(node.op, Op::Reg { .. }))
        .filter(|&(id, _)| (2..u32::MAX).contains(&places[id]))
        .filter(|&(id, _)| places[id].saturating_mul(of(id)) > LOAD_LIMIT)
        .map(|(id, _)| id as NodeId)
        .collect()
}

/// Child, port and number of places for every port of every instance.
fn given<'m>(module: &'m Module, places: &Places) -> Vec<(&'m Arc<Module>, usize, u32)> {
    let mut alike: HashMap<(*const Module, usize, &[NodeId]), u32> = HashMap::new();
    let ports = || {
        module.instances.iter().flat_map(|instance| {
            let words = instance.inputs.iter().map(Vec::as_slice).enumerate();
            words.map(move |(port, words)| (&instance.child, port, words))
        })
    };
    for (child, port, words) in ports() {
        *alike.entry((Arc::as_ptr(child), port, words)).or_default() += 1;
    }
    ports()
        .map(|(child, port, words)| {
            let here = alike[&(Arc::as_ptr(child), port, words)];
            let outside = words.iter().map(|&word| places[word as usize]).min();
            let outside = outside.filter(|&o| o < u32::MAX).unwrap_or(1);
            (child, port, here.saturating_mul(outside))
        })
        .collect()
}
