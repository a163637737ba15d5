//! Where words are connected inside a module: every pin with its loads, and what drives it through the wires.
//!
//! Counted for each bit: 1 for every LUT, adder, flip-flop or DSP input; the select of a multiplexer and the enable of a
//! register once for each bit of the word; an address once for each primitive of the memory; a port of an instance as
//! often as the loads behind it. Wires, slices, inversions and logic with constants are no load: the loads behind them
//! count. The reset is left out: it is one net of the whole board.

use super::module::{Module, NodeId, Op, RamStyle};

/// Bits of a block of memory, and its widest word.
const BLOCK_BITS: usize = 36 * 1024;
const BLOCK_WIDTH: usize = 72;

/// A bit of a node's word.
pub(super) type Bit = (NodeId, u32);
/// By port: one entry a bit.
pub(super) type Ports<T> = Vec<Vec<T>>;

/// A place where a word is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Pin {
    /// An argument of a node.
    Argument(NodeId, u32),
    /// Enable, address or data of a memory's write port.
    Write(u32, u32),
    /// The enable of an instance's clock.
    Gate(u32),
    /// A word of an input port of an instance: instance, port, word.
    Instance(u32, u32, u32),
    /// A word of an output port: port, word.
    Output(u32, u32),
}

/// What a module looks like from outside.
#[derive(Clone, Debug, Default)]
pub(super) struct Outside {
    /// Loads behind each bit of the inputs.
    pub inputs: Ports<u32>,
    /// Output bits that are input bits, looked at through wires.
    pub through: Ports<Option<(usize, u32)>>,
}

/// What drives a bit: the first node on the way back that is no wire, and the last port of an instance on the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    pub bit: Bit,
    pub via: Option<Pin>,
}

fn constant(module: &Module, id: NodeId) -> Option<u128> {
    match module.nodes[id as usize].op {
        Op::Const(value) => Some(value),
        _ => None,
    }
}

/// The bit of a list of words: which of them, and its place there.
fn word_of(module: &Module, words: &[NodeId], bit: u32) -> (usize, u32) {
    let mut at = bit;
    for (i, &word) in words.iter().enumerate() {
        let width = module.nodes[word as usize].width;
        if at < width {
            return (i, at);
        }
        at -= width;
    }
    unreachable!("bit {bit} beyond its port")
}

/// Primitives that a memory is made of, seen from its address.
fn primitives(style: RamStyle, depth: usize, width: u32) -> u32 {
    let luts = style.luts(depth, width);
    if luts > 0 {
        return luts;
    }
    let word = (BLOCK_BITS / depth).clamp(1, BLOCK_WIDTH);
    (width as usize).div_ceil(word) as u32
}

/// 4:1 multiplexers of a selection among so many words, for each bit of them, that bit `bit` of the select word drives.
pub(super) fn muxes(options: usize, bit: u32) -> u32 {
    (options >> (2 * (bit / 2 + 1))).max(1) as u32
}

impl Module {
    /// True for logic that is only wire for one of its arguments: the other is constant.
    fn is_masked(&self, args: &[NodeId]) -> bool {
        args.iter().any(|&a| constant(self, a).is_some())
    }

    /// True for a selection among constants.
    pub(super) fn is_table(&self, id: NodeId) -> bool {
        let options = &self.nodes[id as usize].args[1..];
        options.iter().all(|&o| constant(self, o).is_some())
    }

    /// True where the loads of a node are the loads behind it.
    pub(super) fn is_wire(&self, id: NodeId) -> bool {
        let node = &self.nodes[id as usize];
        match node.op {
            Op::Wire | Op::Not | Op::Slice(_) | Op::Cat | Op::SignExtend => true,
            Op::And | Op::Or | Op::Xor => self.is_masked(&node.args),
            _ => false,
        }
    }

    /// What drives `bit`; `None` for a constant.
    pub(super) fn source(&self, bit: Bit) -> Option<Source> {
        let (mut id, mut at) = bit;
        let mut via = None;
        loop {
            let node = &self.nodes[id as usize];
            let done = Some(Source { bit: (id, at), via });
            let known = || {
                let of = |i: usize| constant(self, node.args[i]);
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
                Op::Cat => {
                    let (word, at) = word_of(self, &node.args, at);
                    (node.args[word], at)
                }
                Op::SignExtend => {
                    let width = self.nodes[node.args[0] as usize].width;
                    (node.args[0], at.min(width - 1))
                }
                Op::And | Op::Or | Op::Xor => match (known(), &node.op) {
                    (Some((_, 0)), Op::And) | (Some((_, 1)), Op::Or) => return None,
                    (Some((other, _)), _) => (other, at),
                    (None, _) => return done,
                },
                Op::InstanceOut { instance, port, lo } => {
                    let inst = &self.instances[*instance as usize];
                    match inst.child.outside.through[*port as usize][(lo + at) as usize] {
                        Some((input, bit)) => {
                            let (word, at) = word_of(self, &inst.inputs[input], bit);
                            via = Some(Pin::Instance(*instance, input as u32, word as u32));
                            (inst.inputs[input][word], at)
                        }
                        None => return done,
                    }
                }
                _ => return done,
            };
        }
    }

    /// The word at `pin`.
    pub(super) fn at_pin(&self, pin: Pin) -> NodeId {
        match pin {
            Pin::Argument(node, arg) => self.nodes[node as usize].args[arg as usize],
            Pin::Write(ram, pin) => {
                let write = self.rams[ram as usize].write;
                write.expect("a write port")[pin as usize]
            }
            Pin::Gate(instance) => self.instances[instance as usize].gate.expect("a gate"),
            Pin::Instance(instance, port, word) => {
                self.instances[instance as usize].inputs[port as usize][word as usize]
            }
            Pin::Output(port, word) => self.outputs[port as usize].words[word as usize],
        }
    }

    /// Connects `pin` to `id`, a word of the same width.
    pub(super) fn connect(&mut self, pin: Pin, id: NodeId) {
        let place = match pin {
            Pin::Argument(node, arg) => &mut self.nodes[node as usize].args[arg as usize],
            Pin::Write(ram, pin) => {
                let write = self.rams[ram as usize].write.as_mut();
                &mut write.expect("a write port")[pin as usize]
            }
            Pin::Gate(instance) => {
                let gate = self.instances[instance as usize].gate.as_mut();
                gate.expect("a gate")
            }
            Pin::Instance(instance, port, word) => {
                &mut self.instances[instance as usize].inputs[port as usize][word as usize]
            }
            Pin::Output(port, word) => &mut self.outputs[port as usize].words[word as usize],
        };
        *place = id;
    }

    /// Calls `f` for every pin of the module with the loads of each bit there; `outside`: the loads of the outputs.
    pub(super) fn pins(&self, outside: Option<&Ports<u32>>, f: &mut impl FnMut(Pin, u32, u32)) {
        for id in 0..self.nodes.len() as NodeId {
            self.arguments(id, f);
        }
        let width = |id: NodeId| self.nodes[id as usize].width;
        for (i, ram) in self.rams.iter().enumerate() {
            let Some(words) = ram.write else { continue };
            let each = primitives(ram.style, ram.depth, ram.width);
            let banks = ram.style.luts(ram.depth, 1).max(1);
            for (pin, (&word, loads)) in words.iter().zip([each, each, banks]).enumerate() {
                (0..width(word)).for_each(|bit| f(Pin::Write(i as u32, pin as u32), bit, loads));
            }
        }
        let mut port = |words: &[NodeId], loads: &[u32], pin: &dyn Fn(u32) -> Pin| {
            let mut loads = loads.iter();
            for (word, &id) in words.iter().enumerate() {
                for (bit, &loads) in (0..width(id)).zip(&mut loads) {
                    f(pin(word as u32), bit, loads);
                }
            }
        };
        for (i, inst) in self.instances.iter().enumerate() {
            let i = i as u32;
            if let Some(enable) = inst.gate {
                port(&[enable], &[1], &|_| Pin::Gate(i));
            }
            let child = &inst.child.outside.inputs;
            for (p, (words, loads)) in inst.inputs.iter().zip(child).enumerate() {
                port(words, loads, &|word| Pin::Instance(i, p as u32, word));
            }
        }
        for (p, (out, loads)) in
            (self.outputs.iter().zip(outside.into_iter().flatten())).enumerate()
        {
            port(&out.words, loads, &|word| Pin::Output(p as u32, word));
        }
    }

    fn arguments(&self, id: NodeId, f: &mut impl FnMut(Pin, u32, u32)) {
        let node = &self.nodes[id as usize];
        let mut word = |arg: usize, loads: u32| {
            let width = self.nodes[node.args[arg] as usize].width;
            (0..width).for_each(|bit| f(Pin::Argument(id, arg as u32), bit, loads));
        };
        let count = node.args.len();
        match &node.op {
            Op::Input { .. } | Op::Const(_) | Op::InstanceOut { .. } => {}
            Op::Wire | Op::Not | Op::Slice(_) | Op::Cat | Op::SignExtend => {}
            Op::And | Op::Or | Op::Xor if self.is_masked(&node.args) => {}
            Op::And | Op::Or | Op::Xor => (0..count).for_each(|arg| word(arg, 1)),
            Op::Sum | Op::Sub | Op::Mul | Op::MulSigned | Op::Eq | Op::Lt => {
                (0..count).for_each(|arg| word(arg, 1));
            }
            Op::AnyBit | Op::AllBits | Op::Parity => word(0, 1),
            Op::Mux => {
                word(0, node.width);
                word(1, 1);
                word(2, 1);
            }
            Op::Select => {
                (1..count).for_each(|arg| word(arg, 1));
                let table = self.is_table(id);
                for bit in 0..self.nodes[node.args[0] as usize].width {
                    let muxes = match table {
                        true => 1,
                        false => muxes(count - 1, bit),
                    };
                    f(Pin::Argument(id, 0), bit, muxes * node.width);
                }
            }
            Op::Reg { en, .. } => {
                word(0, 1);
                if *en {
                    word(1, node.width);
                }
            }
            Op::RamRead(ram) => {
                let ram = &self.rams[*ram as usize];
                word(0, primitives(ram.style, ram.depth, ram.width));
            }
            Op::RomRead(rom) => {
                let depth = self.roms[*rom as usize].values.len();
                word(0, primitives(RamStyle::Auto, depth, node.width));
            }
        }
    }

    /// Loads of every bit of every node.
    pub(super) fn count_loads(&self, outside: Option<&Ports<u32>>) -> Vec<Vec<u32>> {
        let none = |n: &super::module::Node| vec![0; n.width as usize];
        let mut counted: Vec<Vec<u32>> = self.nodes.iter().map(none).collect();
        self.pins(outside, &mut |pin, bit, loads| {
            if loads > 0
                && let Some(source) = self.source((self.at_pin(pin), bit))
            {
                let (id, at) = source.bit;
                counted[id as usize][at as usize] += loads;
            }
        });
        counted
    }

    /// The module as its surroundings see it.
    pub(super) fn seen_from_outside(&self) -> Outside {
        let bits = |p: &super::module::InPort| vec![0; p.width as usize];
        let mut inputs: Ports<u32> = self.inputs.iter().map(bits).collect();
        for (node, loads) in self.nodes.iter().zip(self.count_loads(None)) {
            if let Op::Input { port, lo } = node.op {
                let to = &mut inputs[port as usize][lo as usize..];
                to[..loads.len()].copy_from_slice(&loads);
            }
        }
        let through = self.outputs.iter().map(|port| {
            let of = |bit| {
                let (word, at) = word_of(self, &port.words, bit);
                let (id, at) = self.source((port.words[word], at))?.bit;
                match self.nodes[id as usize].op {
                    Op::Input { port, lo } => Some((port as usize, lo + at)),
                    _ => None,
                }
            };
            (0..port.width).map(of).collect()
        });
        let through = through.collect();
        Outside { inputs, through }
    }
}
