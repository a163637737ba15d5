//! Depth of the logic between two registers, path by path.
//!
//! The rule: at most one carry chain (72 bits) behind at most one 3:2 compressor and one level of
//! 6-input LUTs (a 4:1 multiplexer fits one); or, without a chain, at most three levels of LUTs;
//! or one DSP tile between registers, with nothing before and nothing behind it. Counts are taken
//! on words: bitwise logic is packed into LUTs as long as a bit depends on at most six registered
//! bits. Inversions are free (they are absorbed by the LUT or adder behind them), register enables
//! and resets use the pins of the flip-flop.

use super::expr::mask;
use super::module::{Module, NetlistError, Node, NodeId, Op};

/// Longest carry chain that needs no argument.
pub const CHAIN_LIMIT: u32 = 72;

/// What stands on a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Depth {
    /// Length of the longest carry chain in bits.
    pub chain_bits: u32,
    /// Carry chains one after another.
    pub chains: u32,
    /// LUT levels in front of the chain, or of a path without one.
    pub lut_levels: u32,
    /// 3:2 compressors in front of the chain.
    pub compressors: u32,
    /// LUT levels behind a chain.
    pub behind: u32,
    /// DSP products.
    pub products: u32,
    /// Registered bits that the last LUT level depends on.
    support: u32,
}

impl Depth {
    /// True if the path keeps the rule.
    pub fn allowed(&self) -> bool {
        if self.products > 0 {
            return self.products == 1
                && self.lut_levels == 0
                && self.chains == 0
                && self.behind == 0;
        }
        if self.chains > 0 {
            return self.chains == 1
                && self.chain_bits <= CHAIN_LIMIT
                && self.lut_levels <= 1
                && self.compressors <= 1
                && self.behind == 0;
        }
        self.lut_levels <= 3
    }

    /// A path through `self` and then `next`.
    fn then(self, next: Depth) -> Depth {
        let after_chain = self.chains > 0 || self.products > 0;
        Depth {
            chain_bits: self.chain_bits.max(next.chain_bits),
            chains: self.chains + next.chains,
            lut_levels: self.lut_levels + if after_chain { 0 } else { next.lut_levels },
            compressors: self.compressors + next.compressors,
            behind: self.behind + next.behind + if after_chain { next.lut_levels } else { 0 },
            products: self.products + next.products,
            support: next.support.max(1),
        }
    }

    /// Which of the kinds of paths this is: 0 of LUTs alone, 1 with a chain, 2 with a product.
    fn kind(self) -> usize {
        match (self.products, self.chains) {
            (0, 0) => 0,
            (0, _) => 1,
            _ => 2,
        }
    }

    fn max(self, o: Depth) -> Depth {
        Depth {
            chain_bits: self.chain_bits.max(o.chain_bits),
            chains: self.chains.max(o.chains),
            lut_levels: self.lut_levels.max(o.lut_levels),
            compressors: self.compressors.max(o.compressors),
            behind: self.behind.max(o.behind),
            products: self.products.max(o.products),
            support: self.support.max(o.support),
        }
    }
}

/// A path that breaks the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepthViolation {
    /// The register, memory pin or port where the path ends.
    pub end: String,
    /// What stands on it.
    pub depth: Depth,
}

/// Depths of one module.
#[derive(Clone, Debug, Default)]
pub struct DepthReport {
    /// By end point, deepest first, at most [`DepthReport::KEPT`].
    pub worst: Vec<(String, Depth)>,
    /// All paths that break the rule.
    pub violations: Vec<DepthViolation>,
    /// Maximum of each figure over all paths of LUTs alone, with a chain, with a product.
    pub maximum: [Depth; 3],
    /// By input port: depth to the registers inside, of paths of LUTs alone, with a chain, with a product.
    pub(super) input_depth: Vec<[Option<Depth>; 3]>,
    /// By output port: depth from the registers inside.
    pub(super) output_depth: Vec<Depth>,
    /// By output port: depth from the inputs, if there is such a path.
    pub(super) through: Vec<Option<Depth>>,
}

impl DepthReport {
    /// Number of end points kept in [`DepthReport::worst`].
    pub const KEPT: usize = 10;

    /// Counts a path that ends at `name`.
    fn end(&mut self, name: &str, depth: Depth) {
        let maximum = &mut self.maximum[depth.kind()];
        *maximum = Depth::max(*maximum, depth);
        if !depth.allowed() {
            self.violations.push(DepthViolation {
                end: name.to_owned(),
                depth,
            });
        }
    }
}

/// Nodes in an order in which all values that a node needs stand before it.
pub(super) fn evaluation_order(
    module: &Module,
    through: impl Fn(u32, u32) -> bool,
) -> Result<Vec<NodeId>, NetlistError> {
    let mut state = vec![0u8; module.nodes.len()];
    let mut order = Vec::with_capacity(module.nodes.len());
    let mut stack: Vec<(NodeId, Vec<NodeId>)> = Vec::new();
    for root in 0..module.nodes.len() as NodeId {
        if state[root as usize] != 0 {
            continue;
        }
        state[root as usize] = 1;
        stack.push((root, needs(module, root, &through)));
        while let Some((id, open)) = stack.last_mut() {
            match open.pop() {
                None => {
                    state[*id as usize] = 2;
                    order.push(*id);
                    stack.pop();
                }
                Some(next) => match state[next as usize] {
                    0 => {
                        state[next as usize] = 1;
                        stack.push((next, needs(module, next, &through)));
                    }
                    1 => {
                        let node = &module.nodes[next as usize];
                        return Err(NetlistError::Loop {
                            module: module.name.clone(),
                            signal: node.name.clone().unwrap_or(format!("{:?}", node.op)),
                        });
                    }
                    _ => {}
                },
            }
        }
    }
    Ok(order)
}

fn needs(module: &Module, id: NodeId, through: &impl Fn(u32, u32) -> bool) -> Vec<NodeId> {
    let node = &module.nodes[id as usize];
    match node.op {
        Op::InstanceOut { instance, port, .. } if through(instance, port) => {
            let inputs = &module.instances[instance as usize].inputs;
            inputs.iter().flatten().copied().collect()
        }
        _ if node.op.is_register() => Vec::new(),
        _ => node.args.clone(),
    }
}

/// Bits that may be nonzero.
fn columns(module: &Module, order: &[NodeId]) -> Vec<u128> {
    let mut cols = vec![0u128; module.nodes.len()];
    for &id in order {
        let node = &module.nodes[id as usize];
        let all = mask(node.width);
        cols[id as usize] = match &node.op {
            Op::Const(v) => *v,
            Op::Cat => {
                let mut at = 0;
                let mut sum = 0;
                for &a in &node.args {
                    sum |= cols[a as usize] << at;
                    at += module.nodes[a as usize].width;
                }
                sum
            }
            Op::Slice(lo) => (cols[node.args[0] as usize] >> lo) & all,
            Op::And => cols[node.args[0] as usize] & cols[node.args[1] as usize],
            Op::Or | Op::Xor => cols[node.args[0] as usize] | cols[node.args[1] as usize],
            Op::Mux | Op::Select => node.args[1..].iter().fold(0, |m, &a| m | cols[a as usize]),
            _ => all,
        };
    }
    cols
}

/// Levels of 6-input LUTs for a function of `inputs` bits.
fn levels(inputs: u32) -> u32 {
    let mut n = 0;
    let mut covered = 1u64;
    while covered < u64::from(inputs) {
        covered *= 6;
        n += 1;
    }
    n
}

fn lut(args: &[Depth]) -> Depth {
    let mut d = args.iter().fold(Depth::default(), |m, a| m.max(*a));
    if d.chains > 0 || d.products > 0 {
        d.behind += 1;
        return d;
    }
    let level = d.lut_levels;
    let own = |a: &Depth| a.lut_levels == level && level > 0;
    let support: u32 = args
        .iter()
        .map(|a| if own(a) { a.support } else { 1 })
        .sum();
    if level > 0 && support <= 6 {
        d.support = support;
    } else {
        d.lut_levels += 1;
        d.support = args.len() as u32;
    }
    d
}

fn wide(args: &[Depth], inputs: u32) -> Depth {
    let mut d = args.iter().fold(Depth::default(), |m, a| m.max(*a));
    let more = levels(inputs);
    if d.chains > 0 || d.products > 0 {
        d.behind += more;
    } else {
        d.lut_levels += more;
    }
    d.support = 6;
    d
}

fn chain(node: &Node, args: &[Depth], cols: &[u128]) -> Depth {
    let mut d = args.iter().fold(Depth::default(), |m, a| m.max(*a));
    let of = |i: usize| node.args.get(i).map_or(0, |&a| cols[a as usize]);
    let (x, y, z) = (of(0), of(1), of(2));
    let (two, three, rows) = match node.op {
        Op::Sum => (x & y | x & z | y & z, x & y & z, node.args.len()),
        _ => (mask(node.width), 0, 2),
    };
    if two == 0 {
        return d;
    }
    let top = node.width.min(128 - (x | y | z).leading_zeros() + 2);
    let start = two.trailing_zeros();
    d.chains += 1;
    d.chain_bits = d.chain_bits.max(top.saturating_sub(start));
    d.compressors += u32::from(rows == 3 && (three != 0 || two != 0));
    d
}

fn node_depth(
    module: &Module,
    id: NodeId,
    cols: &[u128],
    depths: &[Option<Depth>],
) -> Option<Depth> {
    let node = &module.nodes[id as usize];
    let args: Vec<Depth> = node
        .args
        .iter()
        .filter_map(|&a| depths[a as usize])
        .collect();
    if args.is_empty() {
        return None;
    }
    let width = |i: usize| module.nodes[node.args[i] as usize].width;
    let constant = |i: usize| matches!(module.nodes[node.args[i] as usize].op, Op::Const(_));
    let joined = || args.iter().fold(Depth::default(), |m, a| m.max(*a));
    Some(match node.op {
        Op::Wire | Op::Not | Op::Slice(_) | Op::Cat | Op::SignExtend => joined(),
        Op::And | Op::Or | Op::Xor | Op::Mux => lut(&args),
        // A table: every bit is a function of the bits that select.
        Op::Select if (1..node.args.len()).all(constant) && width(0) <= 6 => {
            lut(&vec![joined(); width(0) as usize])
        }
        Op::Select if node.args.len() <= 5 => {
            let mut d = joined();
            if d.chains > 0 || d.products > 0 {
                d.behind += 1;
            } else {
                d.lut_levels += 1;
            }
            d.support = 6;
            d
        }
        Op::Select => wide(&args, node.args.len() as u32 - 1 + width(0)),
        Op::Sum | Op::Sub => chain(node, &args, cols),
        Op::Lt => chain(node, &args, cols),
        Op::Eq => wide(
            &args,
            if constant(0) || constant(1) {
                width(0)
            } else {
                2 * width(0)
            },
        ),
        Op::AnyBit | Op::AllBits | Op::Parity => wide(&args, width(0)),
        Op::Mul | Op::MulSigned => {
            let mut d = joined();
            d.products += 1;
            d
        }
        _ => joined(),
    })
}

/// Where paths begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Registers,
    Inputs,
    Input(u32),
}

/// Depths by node, of the paths that begin at `source`.
fn pass(module: &Module, order: &[NodeId], cols: &[u128], source: Source) -> Vec<Option<Depth>> {
    let registers = source == Source::Registers;
    let mut depths = vec![None; module.nodes.len()];
    for &id in order {
        let node = &module.nodes[id as usize];
        depths[id as usize] = match node.op {
            Op::Input { port, .. } => {
                let begins = source == Source::Inputs || source == Source::Input(port);
                begins.then(Depth::default)
            }
            Op::Const(_) => None,
            Op::InstanceOut { instance, port, .. } => {
                let inst = &module.instances[instance as usize];
                let child = &inst.child.depth;
                let inside = registers.then_some(child.output_depth[port as usize]);
                let crossing = child.through[port as usize].and_then(|next| {
                    let inputs = inst.inputs.iter().flatten();
                    let worst = inputs
                        .filter_map(|&a| depths[a as usize])
                        .reduce(Depth::max)?;
                    Some(worst.then(next))
                });
                match (inside, crossing) {
                    (Some(a), Some(b)) => Some(a.max(b)),
                    (a, b) => a.or(b),
                }
            }
            _ if node.op.is_register() => registers.then(Depth::default),
            _ => node_depth(module, id, cols, &depths),
        };
    }
    depths
}

/// End points: name and the node whose value arrives there, with what follows inside a child.
fn end_points(module: &Module) -> Vec<(String, NodeId, Depth)> {
    let mut ends = Vec::new();
    for (i, node) in module.nodes.iter().enumerate() {
        let name = || node.name.clone().unwrap_or(format!("n{i}"));
        match node.op {
            Op::Reg { .. } | Op::RamRead(_) | Op::RomRead(_) => {
                ends.extend(node.args.iter().map(|&a| (name(), a, Depth::default())));
            }
            _ => {}
        }
    }
    for ram in &module.rams {
        for pin in ram.write.iter().flatten() {
            ends.push((ram.name.clone(), *pin, Depth::default()));
        }
    }
    for inst in &module.instances {
        for (words, kinds) in inst.inputs.iter().zip(&inst.child.depth.input_depth) {
            for next in kinds.iter().flatten() {
                let end = |&a| (format!("{} (instance)", inst.name), a, *next);
                ends.extend(words.iter().map(end));
            }
        }
    }
    ends
}

pub(super) fn analyse(module: &Module) -> Result<DepthReport, NetlistError> {
    let comb = |i: u32, p: u32| {
        let child = &module.instances[i as usize].child;
        child.depth.through[p as usize].is_some()
    };
    let order = evaluation_order(module, comb)?;
    let cols = columns(module, &order);
    let from_registers = pass(module, &order, &cols, Source::Registers);
    let from_inputs = pass(module, &order, &cols, Source::Inputs);
    let ends = end_points(module);
    let mut report = DepthReport::default();
    for (name, node, next) in &ends {
        if let Some(d) = from_registers[*node as usize] {
            let d = d.then(*next);
            report.end(name, d);
            report.worst.push((name.clone(), d));
        }
    }
    for port in 0..module.inputs.len() as u32 {
        let from_port = pass(module, &order, &cols, Source::Input(port));
        let mut kinds = [None; 3];
        for (name, node, next) in &ends {
            if let Some(d) = from_port[*node as usize] {
                let d = d.then(*next);
                report.end(name, d);
                let kind = &mut kinds[d.kind()];
                *kind = Some(kind.map_or(d, |k: Depth| k.max(d)));
            }
        }
        report.input_depth.push(kinds);
    }
    report
        .worst
        .sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    report.worst.truncate(DepthReport::KEPT);
    for out in &module.outputs {
        let join = |from: &[Option<Depth>]| {
            let found = out.words.iter().filter_map(|&w| from[w as usize]);
            found.reduce(Depth::max)
        };
        report
            .output_depth
            .push(join(&from_registers).unwrap_or_default());
        report.through.push(join(&from_inputs));
    }
    Ok(report)
}
