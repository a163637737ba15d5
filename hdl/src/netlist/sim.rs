//! Native simulation of a module, flattened with all its children.

use super::expr::mask;
use super::module::{Module, Op};
use std::collections::HashMap;
use std::sync::Arc;

/// Position of a value in the flat state.
type Slot = u32;

enum Step {
    Copy {
        from: Slot,
        lo: u32,
    },
    Unary(Op, Slot, u32),
    Binary(Op, Slot, Slot),
    /// Slot and width of each factor.
    MulSigned([(Slot, u32); 2]),
    Sum(Vec<Slot>),
    Cat(Vec<(Slot, u32)>),
    Mux([Slot; 3]),
    Select(Slot, Vec<Slot>),
}

struct Compute {
    to: Slot,
    width: u32,
    step: Step,
}

/// When the clock of a gated instance ticks: while the slot is 1, and under reset if it has one.
type Gate = Option<(Slot, bool)>;

struct Register {
    gate: Gate,
    to: Slot,
    data: Slot,
    enable: Option<Slot>,
    reset: Option<u128>,
}

struct Memory {
    gate: Gate,
    words: Vec<u128>,
    write: Option<[Slot; 3]>,
}

struct Read {
    gate: Gate,
    to: Slot,
    memory: usize,
    address: Slot,
}

struct Port {
    words: Vec<(Slot, u32)>,
}

/// A module under native simulation: two-valued, all registers 0 at the start.
pub struct Sim {
    values: Vec<u128>,
    compute: Vec<Compute>,
    registers: Vec<Register>,
    memories: Vec<Memory>,
    reads: Vec<Read>,
    inputs: HashMap<String, Port>,
    outputs: HashMap<String, Port>,
    reset: Slot,
    scratch: Vec<(Slot, u128)>,
    settled: bool,
}

impl Sim {
    /// Flattens `module`.
    pub fn new(module: &Arc<Module>) -> Self {
        let mut sim = Sim {
            values: vec![0],
            compute: Vec::new(),
            registers: Vec::new(),
            memories: Vec::new(),
            reads: Vec::new(),
            inputs: HashMap::new(),
            outputs: HashMap::new(),
            reset: 0,
            scratch: Vec::new(),
            settled: false,
        };
        let base = sim.flatten(module, None, None);
        for (p, port) in module.inputs.iter().enumerate() {
            let mut words: Vec<(u32, Slot, u32)> = Vec::new();
            for (i, n) in module.nodes.iter().enumerate() {
                match n.op {
                    Op::Input { port, lo } if port as usize == p => {
                        words.push((lo, base + i as Slot, n.width));
                    }
                    _ => {}
                }
            }
            words.sort_unstable();
            let words = words.into_iter().map(|(_, s, w)| (s, w)).collect();
            sim.inputs.insert(port.name.clone(), Port { words });
        }
        for out in &module.outputs {
            let word = |&w: &u32| (base + w, module.nodes[w as usize].width);
            let words = out.words.iter().map(word).collect();
            sim.outputs.insert(out.name.clone(), Port { words });
        }
        sim.order();
        sim
    }

    /// Adds the nodes of `module`; returns the slot of its node 0. Inputs are joined by the caller.
    fn flatten(
        &mut self,
        module: &Arc<Module>,
        inputs: Option<&[Vec<(Slot, u32)>]>,
        gate: Gate,
    ) -> Slot {
        let base = self.values.len() as Slot;
        self.values
            .resize(self.values.len() + module.nodes.len(), 0);
        let first_memory = self.memories.len();
        for ram in &module.rams {
            self.memories.push(Memory {
                gate,
                words: vec![0; ram.depth],
                write: ram.write.map(|pins| pins.map(|p| base + p)),
            });
        }
        let first_rom = self.memories.len();
        for rom in &module.roms {
            self.memories.push(Memory {
                gate,
                words: rom.values.to_vec(),
                write: None,
            });
        }
        let children: Vec<Slot> = module
            .instances
            .iter()
            .map(|inst| {
                let joined: Vec<Vec<(Slot, u32)>> = inst
                    .inputs
                    .iter()
                    .map(|words| {
                        let slot = |&w: &u32| (base + w, module.nodes[w as usize].width);
                        words.iter().map(slot).collect()
                    })
                    .collect();
                let own = inst
                    .gate
                    .map(|enable| (base + enable, inst.child.has_reset));
                self.flatten(&inst.child, Some(&joined), gate.or(own))
            })
            .collect();
        for (i, node) in module.nodes.iter().enumerate() {
            let to = base + i as Slot;
            let arg = |k: usize| base + node.args[k];
            let width_of = |k: usize| module.nodes[node.args[k] as usize].width;
            let all = || node.args.iter().map(|&a| base + a).collect::<Vec<_>>();
            let step = match &node.op {
                Op::Const(v) => {
                    self.values[to as usize] = *v;
                    continue;
                }
                Op::Input { port, lo } => match inputs {
                    None => continue,
                    Some(joined) => cut(&joined[*port as usize], *lo, node.width),
                },
                Op::InstanceOut { instance, port, lo } => {
                    let child = &module.instances[*instance as usize].child;
                    let first = children[*instance as usize];
                    let words: Vec<(Slot, u32)> = child.outputs[*port as usize]
                        .words
                        .iter()
                        .map(|&w| (first + w, child.nodes[w as usize].width))
                        .collect();
                    cut(&words, *lo, node.width)
                }
                Op::Wire => Step::Copy {
                    from: arg(0),
                    lo: 0,
                },
                Op::Slice(lo) => Step::Copy {
                    from: arg(0),
                    lo: *lo,
                },
                Op::Cat => Step::Cat(
                    (0..node.args.len())
                        .map(|k| (arg(k), width_of(k)))
                        .collect(),
                ),
                Op::MulSigned => Step::MulSigned([(arg(0), width_of(0)), (arg(1), width_of(1))]),
                Op::Sum => Step::Sum(all()),
                Op::Mux => Step::Mux([arg(0), arg(1), arg(2)]),
                Op::Select => Step::Select(arg(0), all()[1..].to_vec()),
                Op::Reg { en, reset } => {
                    self.registers.push(Register {
                        gate,
                        to,
                        data: arg(0),
                        enable: en.then(|| arg(1)),
                        reset: *reset,
                    });
                    self.values[to as usize] = reset.unwrap_or(0);
                    continue;
                }
                Op::RamRead(m) => {
                    let memory = first_memory + *m as usize;
                    self.reads.push(Read {
                        gate,
                        to,
                        memory,
                        address: arg(0),
                    });
                    continue;
                }
                Op::RomRead(m) => {
                    let memory = first_rom + *m as usize;
                    self.reads.push(Read {
                        gate,
                        to,
                        memory,
                        address: arg(0),
                    });
                    continue;
                }
                op @ (Op::And | Op::Or | Op::Xor | Op::Sub | Op::Mul | Op::Eq | Op::Lt) => {
                    Step::Binary(op.clone(), arg(0), arg(1))
                }
                op => Step::Unary(op.clone(), arg(0), width_of(0)),
            };
            let width = node.width;
            self.compute.push(Compute { to, width, step });
        }
        base
    }

    /// Sorts the computations so that one pass settles everything.
    fn order(&mut self) {
        let mut producer = vec![usize::MAX; self.values.len()];
        for (i, c) in self.compute.iter().enumerate() {
            producer[c.to as usize] = i;
        }
        let mut state = vec![0u8; self.compute.len()];
        let mut sequence = Vec::with_capacity(self.compute.len());
        let mut stack = Vec::new();
        for root in 0..self.compute.len() {
            if state[root] != 0 {
                continue;
            }
            state[root] = 1;
            stack.push((root, 0));
            while let Some((id, at)) = stack.pop() {
                let sources = sources(&self.compute[id].step);
                if at == sources.len() {
                    sequence.push(id);
                    continue;
                }
                stack.push((id, at + 1));
                let p = producer[sources[at] as usize];
                if p != usize::MAX && state[p] == 0 {
                    state[p] = 1;
                    stack.push((p, 0));
                }
            }
        }
        let mut taken: Vec<Option<Compute>> = self.compute.drain(..).map(Some).collect();
        self.compute = sequence.iter().filter_map(|&i| taken[i].take()).collect();
    }

    /// Sets an input of at most 128 bits (`rst` too).
    pub fn set(&mut self, port: &str, value: u128) {
        self.settled = false;
        if port == "rst" {
            self.values[self.reset as usize] = value & 1;
            return;
        }
        let mut value = value;
        let words = &self.port_words(port, true);
        for &(slot, width) in words {
            self.values[slot as usize] = value & mask(width);
            value = value.checked_shr(width).unwrap_or(0);
        }
    }

    /// Sets a wide input word by word, lowest first.
    pub fn set_words(&mut self, port: &str, words: &[u128]) {
        self.settled = false;
        for ((slot, width), value) in self.port_words(port, true).into_iter().zip(words) {
            self.values[slot as usize] = value & mask(width);
        }
    }

    /// Value of an output of at most 128 bits.
    pub fn get(&mut self, port: &str) -> u128 {
        self.eval();
        let mut at = 0;
        let mut value = 0;
        for (slot, width) in self.port_words(port, false) {
            value |= self.values[slot as usize] << at;
            at += width;
        }
        value
    }

    /// Words of a wide output, lowest first.
    pub fn get_words(&mut self, port: &str) -> Vec<u128> {
        self.eval();
        let words = self.port_words(port, false);
        words
            .iter()
            .map(|&(slot, _)| self.values[slot as usize])
            .collect()
    }

    fn port_words(&self, port: &str, input: bool) -> Vec<(Slot, u32)> {
        let map = if input { &self.inputs } else { &self.outputs };
        let found = map.get(port).unwrap_or_else(|| panic!("no port {port}"));
        found.words.clone()
    }

    /// Settles the combinational logic.
    pub fn eval(&mut self) {
        if self.settled {
            return;
        }
        let v = &mut self.values;
        for c in &self.compute {
            let at = |s: &Slot| v[*s as usize];
            let value = match &c.step {
                Step::Copy { from, lo } => at(from) >> lo,
                Step::Unary(op, a, width) => unary(op, at(a), *width),
                Step::Binary(op, a, b) => binary(op, at(a), at(b)),
                Step::MulSigned(factors) => {
                    let of = |(s, width): &(Slot, u32)| unary(&Op::SignExtend, at(s), *width);
                    of(&factors[0]).wrapping_mul(of(&factors[1]))
                }
                Step::Sum(rows) => rows.iter().fold(0u128, |s, r| s.wrapping_add(at(r))),
                Step::Cat(parts) => {
                    let mut shift = 0;
                    let mut value = 0;
                    for (p, w) in parts {
                        value |= at(p) << shift;
                        shift += w;
                    }
                    value
                }
                Step::Mux([s, t, f]) => at(if at(s) == 1 { t } else { f }),
                Step::Select(s, options) => at(&options[at(s) as usize]),
            };
            v[c.to as usize] = value & mask(c.width);
        }
        self.settled = true;
    }

    /// One rising edge of the clock.
    pub fn clock(&mut self) {
        self.eval();
        let reset = self.values[self.reset as usize] == 1;
        let ticks = |gate: &Gate| {
            gate.is_none_or(|(enable, resets)| {
                self.values[enable as usize] == 1 || (resets && reset)
            })
        };
        let mut next = std::mem::take(&mut self.scratch);
        next.clear();
        for r in self.registers.iter().filter(|r| ticks(&r.gate)) {
            let enabled = r.enable.is_none_or(|e| self.values[e as usize] == 1);
            match r.reset {
                Some(value) if reset => next.push((r.to, value)),
                _ if enabled => next.push((r.to, self.values[r.data as usize])),
                _ => {}
            }
        }
        for r in self.reads.iter().filter(|r| ticks(&r.gate)) {
            let address = self.values[r.address as usize] as usize;
            let word = self.memories[r.memory].words.get(address);
            next.push((r.to, word.copied().unwrap_or(0)));
        }
        for memory in &mut self.memories {
            if let Some([enable, address, data]) = memory.write
                && ticks(&memory.gate)
                && self.values[enable as usize] == 1
                && let Some(word) = memory.words.get_mut(self.values[address as usize] as usize)
            {
                *word = self.values[data as usize];
            }
        }
        for &(to, value) in &next {
            self.values[to as usize] = value;
        }
        self.scratch = next;
        self.settled = false;
    }
}

fn cut(words: &[(Slot, u32)], lo: u32, width: u32) -> Step {
    let mut at = 0;
    for &(from, w) in words {
        if lo >= at && lo + width <= at + w {
            return Step::Copy { from, lo: lo - at };
        }
        at += w;
    }
    // The wanted bits span several words: whole words only.
    let mut at = 0;
    let mut parts = Vec::new();
    for &(from, w) in words {
        if at >= lo && at + w <= lo + width {
            parts.push((from, w));
        }
        at += w;
    }
    let given: u32 = parts.iter().map(|p| p.1).sum();
    assert_eq!(given, width, "a port is cut across its words");
    Step::Cat(parts)
}

fn sources(step: &Step) -> Vec<Slot> {
    match step {
        Step::Copy { from, .. } => vec![*from],
        Step::Unary(_, a, _) => vec![*a],
        Step::Binary(_, a, b) => vec![*a, *b],
        Step::MulSigned(factors) => factors.iter().map(|f| f.0).collect(),
        Step::Sum(rows) => rows.clone(),
        Step::Cat(parts) => parts.iter().map(|p| p.0).collect(),
        Step::Mux(args) => args.to_vec(),
        Step::Select(s, options) => {
            let mut all = options.clone();
            all.push(*s);
            all
        }
    }
}

fn unary(op: &Op, a: u128, width: u32) -> u128 {
    match op {
        Op::Not => !a,
        Op::AnyBit => u128::from(a != 0),
        Op::AllBits => u128::from(a == mask(width)),
        Op::Parity => u128::from(a.count_ones() & 1),
        Op::SignExtend if a >> (width - 1) == 1 => a | !mask(width),
        Op::SignExtend => a,
        op => unreachable!("{op:?} has its own step"),
    }
}

fn binary(op: &Op, a: u128, b: u128) -> u128 {
    match op {
        Op::And => a & b,
        Op::Or => a | b,
        Op::Xor => a ^ b,
        Op::Sub => a.wrapping_sub(b),
        Op::Mul => a.wrapping_mul(b),
        Op::Eq => u128::from(a == b),
        Op::Lt => u128::from(a < b),
        op => unreachable!("{op:?} has its own step"),
    }
}
