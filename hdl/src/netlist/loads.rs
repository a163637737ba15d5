//! Loads of every net, through the hierarchy: how many pins a register's output has to reach.
//!
//! Counted for each bit: 1 for every LUT, adder, flip-flop or DSP input; the select of a multiplexer and the enable of a
//! register once for each bit of the word; an address once for each primitive of the memory. Wires, slices, inversions
//! and logic with constants are no load: the loads behind them count. A module that stands in several places is
//! counted with the heaviest of its surroundings. The reset is left out: it is one net of the whole board.

use super::module::{Module, NodeId, Op, RamStyle};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Most loads of a register: whatever has more needs a tree of registers.
pub const LOAD_LIMIT: u32 = 256;

/// Deepest memory that is made of LUTs where the tool decides.
const LUT_RAM_DEPTH: usize = 64;
/// Bits of a block of memory, and its widest word.
const BLOCK_BITS: usize = 36 * 1024;
const BLOCK_WIDTH: usize = 72;

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

type Bit = (NodeId, u32);
/// By port: one entry a bit.
type Ports<T> = Vec<Vec<T>>;

/// What a module looks like from outside.
struct Outside {
    inputs: Ports<u32>,
    /// Output bits that are input bits, looked at through wires.
    through: Ports<Option<(usize, u32)>>,
}

struct Count<'a> {
    module: &'a Module,
    below: &'a HashMap<*const Module, Outside>,
    loads: Vec<Vec<u32>>,
}

fn constant(module: &Module, id: NodeId) -> Option<u128> {
    match module.nodes[id as usize].op {
        Op::Const(value) => Some(value),
        _ => None,
    }
}

/// The bit of a word list.
fn bit_of(module: &Module, words: &[NodeId], bit: u32) -> Bit {
    let mut at = bit;
    for &word in words {
        let width = module.nodes[word as usize].width;
        if at < width {
            return (word, at);
        }
        at -= width;
    }
    unreachable!("bit {bit} beyond its port")
}

/// Primitives that a memory is made of, seen from its address.
fn primitives(depth: usize, width: u32, lut: bool) -> u32 {
    if lut {
        return width * depth.div_ceil(LUT_RAM_DEPTH) as u32;
    }
    let word = (BLOCK_BITS / depth).clamp(1, BLOCK_WIDTH);
    (width as usize).div_ceil(word) as u32
}

impl<'a> Count<'a> {
    /// The bit that drives `bit`, through everything that is only wire; `None` for a constant.
    fn source(&self, bit: Bit) -> Option<Bit> {
        let (mut id, mut at) = bit;
        loop {
            let node = &self.module.nodes[id as usize];
            let known = || {
                let of = |i: usize| constant(self.module, node.args[i]);
                match (of(0), of(1)) {
                    (Some(value), _) => Some((node.args[1], value >> at & 1)),
                    (_, Some(value)) => Some((node.args[0], value >> at & 1)),
                    _ => None,
                }
            };
            (id, at) = match &node.op {
                Op::Const(_) => return None,
                Op::Wire | Op::Not => (node.args[0], at),
                Op::Slice(lo) => (node.args[0], at + lo),
                Op::Cat => bit_of(self.module, &node.args, at),
                Op::SignExtend => {
                    let width = self.module.nodes[node.args[0] as usize].width;
                    (node.args[0], at.min(width - 1))
                }
                Op::And | Op::Or | Op::Xor => match (known(), &node.op) {
                    (Some((_, 0)), Op::And) | (Some((_, 1)), Op::Or) => return None,
                    (Some((other, _)), _) => (other, at),
                    (None, _) => return Some((id, at)),
                },
                Op::InstanceOut { instance, port, lo } => {
                    let inst = &self.module.instances[*instance as usize];
                    let child = &self.below[&Arc::as_ptr(&inst.child)];
                    match child.through[*port as usize][(lo + at) as usize] {
                        Some((input, bit)) => bit_of(self.module, &inst.inputs[input], bit),
                        None => return Some((id, at)),
                    }
                }
                _ => return Some((id, at)),
            };
        }
    }

    fn add(&mut self, bit: Bit, loads: u32) {
        if let Some((id, at)) = self.source(bit).filter(|_| loads > 0) {
            self.loads[id as usize][at as usize] += loads;
        }
    }

    /// Every bit of `id` with so many loads.
    fn add_word(&mut self, id: NodeId, loads: u32) {
        for at in 0..self.module.nodes[id as usize].width {
            self.add((id, at), loads);
        }
    }

    fn select(&mut self, args: &[NodeId], width: u32) {
        let (select, options) = (args[0], &args[1..]);
        let table = options.iter().all(|&o| constant(self.module, o).is_some());
        for at in 0..self.module.nodes[select as usize].width {
            // A tree of 4:1 multiplexers.
            let muxes = match table {
                true => 1,
                false => (options.len() >> (2 * (at / 2 + 1))).max(1) as u32,
            };
            self.add((select, at), muxes * width);
        }
        for &option in options {
            self.add_word(option, 1);
        }
    }

    fn node(&mut self, id: NodeId) {
        let module = self.module;
        let node = &module.nodes[id as usize];
        match &node.op {
            Op::Input { .. } | Op::Const(_) | Op::InstanceOut { .. } => {}
            Op::Wire | Op::Not | Op::Slice(_) | Op::Cat | Op::SignExtend => {}
            Op::And | Op::Or | Op::Xor => {
                let known = node.args.iter().any(|&a| constant(module, a).is_some());
                if !known {
                    node.args.iter().for_each(|&a| self.add_word(a, 1));
                }
            }
            Op::Sum | Op::Sub | Op::Mul | Op::MulSigned | Op::Eq | Op::Lt => {
                node.args.iter().for_each(|&a| self.add_word(a, 1));
            }
            Op::AnyBit | Op::AllBits | Op::Parity => self.add_word(node.args[0], 1),
            Op::Mux => {
                self.add_word(node.args[0], node.width);
                self.add_word(node.args[1], 1);
                self.add_word(node.args[2], 1);
            }
            Op::Select => self.select(&node.args, node.width),
            Op::Reg { en, .. } => {
                self.add_word(node.args[0], 1);
                if *en {
                    self.add_word(node.args[1], node.width);
                }
            }
            Op::RamRead(ram) => {
                let ram = &module.rams[*ram as usize];
                let lut = is_lut(ram.style, ram.depth);
                self.add_word(node.args[0], primitives(ram.depth, ram.width, lut));
            }
            Op::RomRead(rom) => {
                let depth = module.roms[*rom as usize].values.len();
                let lut = is_lut(RamStyle::Auto, depth);
                self.add_word(node.args[0], primitives(depth, node.width, lut));
            }
        }
    }

    /// Counts everything; `outputs`: loads of the output ports outside.
    fn run(&mut self, outputs: Option<&Ports<u32>>) {
        let module = self.module;
        for id in 0..module.nodes.len() as NodeId {
            self.node(id);
        }
        for ram in &module.rams {
            let Some([enable, address, data]) = ram.write else {
                continue;
            };
            let lut = is_lut(ram.style, ram.depth);
            let primitives = primitives(ram.depth, ram.width, lut);
            self.add_word(enable, primitives);
            self.add_word(address, primitives);
            let banks = if lut {
                ram.depth.div_ceil(LUT_RAM_DEPTH)
            } else {
                1
            };
            self.add_word(data, banks as u32);
        }
        for inst in &module.instances {
            let child = &self.below[&Arc::as_ptr(&inst.child)];
            if let Some(enable) = inst.gate {
                self.add_word(enable, 1);
            }
            for (words, loads) in inst.inputs.iter().zip(&child.inputs) {
                for (bit, &loads) in loads.iter().enumerate() {
                    self.add(bit_of(module, words, bit as u32), loads);
                }
            }
        }
        for (port, loads) in module.outputs.iter().zip(outputs.into_iter().flatten()) {
            for (bit, &loads) in loads.iter().enumerate() {
                self.add(bit_of(module, &port.words, bit as u32), loads);
            }
        }
    }

    fn new(module: &'a Module, below: &'a HashMap<*const Module, Outside>) -> Self {
        let bits = |width: u32| vec![0; width as usize];
        Self {
            module,
            below,
            loads: module.nodes.iter().map(|n| bits(n.width)).collect(),
        }
    }

    fn outside(&self) -> Outside {
        let module = self.module;
        let mut inputs: Ports<u32> = module
            .inputs
            .iter()
            .map(|p| vec![0; p.width as usize])
            .collect();
        for (node, loads) in module.nodes.iter().zip(&self.loads) {
            if let Op::Input { port, lo } = node.op {
                let to = &mut inputs[port as usize][lo as usize..];
                to[..loads.len()].copy_from_slice(loads);
            }
        }
        let through = module.outputs.iter().map(|port| {
            let of = |bit| {
                let (id, at) = self.source(bit_of(module, &port.words, bit))?;
                match module.nodes[id as usize].op {
                    Op::Input { port, lo } => Some((port as usize, lo + at)),
                    _ => None,
                }
            };
            (0..port.width).map(of).collect()
        });
        Outside {
            inputs,
            through: through.collect(),
        }
    }
}

fn is_lut(style: RamStyle, depth: usize) -> bool {
    match style {
        RamStyle::Lut => true,
        RamStyle::Auto => depth <= LUT_RAM_DEPTH,
        RamStyle::Block | RamStyle::Ultra => false,
    }
}

/// All modules of a hierarchy, each once, children first.
fn hierarchy<'a>(module: &'a Arc<Module>, into: &mut Vec<&'a Arc<Module>>) {
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
    let mut below = HashMap::new();
    for module in &modules {
        let mut count = Count::new(module, &below);
        count.run(None);
        let outside = count.outside();
        below.insert(Arc::as_ptr(module), outside);
    }
    let mut surroundings: HashMap<*const Module, Ports<u32>> = HashMap::new();
    let mut found = Vec::new();
    for module in modules.iter().rev() {
        let mut count = Count::new(module, &below);
        count.run(surroundings.get(&Arc::as_ptr(module)));
        for (id, (node, loads)) in module.nodes.iter().zip(&count.loads).enumerate() {
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
