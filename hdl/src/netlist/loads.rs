//! Loads of every net, through the hierarchy: how many pins a register's output has to reach.
//!
//! What counts as a load is said in [`super::pins`]. A module that stands in several places is counted with the heaviest
//! of its surroundings.

use super::module::{Module, Op};
use super::pins::Ports;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

/// Most loads of a register: whatever has more needs a tree of registers.
pub const LOAD_LIMIT: u32 = 256;

/// What drives a net.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Driver {
    /// A register, or the output register of a memory.
    Register,
    /// An input of the top.
    Input,
    /// Logic.
    Logic,
}

/// A net and what it drives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loads {
    /// The module.
    pub module: String,
    /// The signal that drives the net.
    pub signal: String,
    /// Its bit with the most loads.
    pub bit: u32,
    /// How many.
    pub loads: u32,
    /// What drives it.
    pub driver: Driver,
}

impl fmt::Display for Loads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            module,
            signal,
            bit,
            loads,
            driver,
        } = self;
        write!(f, "{module}: {signal}[{bit}], {driver:?}, {loads} loads")
    }
}

/// All modules of a hierarchy, each once, children first.
pub(super) fn hierarchy<'a>(module: &'a Arc<Module>, into: &mut Vec<&'a Arc<Module>>) {
    if into.iter().any(|m| Arc::ptr_eq(m, module)) {
        return;
    }
    for inst in &module.instances {
        hierarchy(&inst.child, into);
    }
    into.push(module);
}

/// The nets of `top` and everything below it that have more than `limit` loads, heaviest first. A net is named by what
/// drives it: a register, logic, or an input of `top` itself.
pub fn loads(top: &Arc<Module>, limit: u32) -> Vec<Loads> {
    let mut modules = Vec::new();
    hierarchy(top, &mut modules);
    let mut surroundings: HashMap<*const Module, Ports<u32>> = HashMap::new();
    let mut found = Vec::new();
    for module in modules.iter().rev() {
        let counted = module.count_loads(surroundings.get(&Arc::as_ptr(module)));
        for (id, (node, loads)) in module.nodes.iter().zip(&counted).enumerate() {
            if let Op::InstanceOut { instance, port, lo } = node.op {
                let child = &module.instances[instance as usize].child;
                let ports = surroundings.entry(Arc::as_ptr(child)).or_insert_with(|| {
                    let ports = child.outputs.iter();
                    ports.map(|p| vec![0; p.width as usize]).collect()
                });
                let to = &mut ports[port as usize][lo as usize..];
                to.iter_mut()
                    .zip(loads)
                    .for_each(|(t, l)| *t = (*t).max(*l));
                continue;
            }
            let of_top = Arc::ptr_eq(module, top);
            if matches!(node.op, Op::Input { .. }) && !of_top {
                continue;
            }
            let (bit, &most) = (loads.iter().enumerate())
                .max_by_key(|(_, l)| **l)
                .expect("a node has bits");
            if most > limit {
                let driver = match node.op {
                    Op::Input { .. } => Driver::Input,
                    _ if node.op.is_register() => Driver::Register,
                    _ => Driver::Logic,
                };
                let name = match node.op {
                    Op::Input { port, .. } => Some(module.inputs[port as usize].name.clone()),
                    _ => node.name.clone(),
                };
                found.push(Loads {
                    module: module.name.clone(),
                    signal: name.unwrap_or(format!("n{id}")),
                    bit: bit as u32,
                    loads: most,
                    driver,
                });
            }
        }
    }
    // The same module built twice is one: of equal nets the heaviest stays.
    found.sort_by(|a, b| {
        let key = |l: &Loads| {
            (
                std::cmp::Reverse(l.loads),
                l.module.clone(),
                l.signal.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    let mut seen = HashSet::new();
    found.retain(|l| seen.insert((l.module.clone(), l.signal.clone())));
    found
}
