//! Copies of registers with too many loads: each drives its share, and the clocks stay what they are.
//!
//! A register that drives more than `limit` pins becomes as many registers with one input as it takes, and so does
//! logic, whose copies are fed by the same registers. Copies of registers are one more load each of what feeds them, so
//! this goes on until nothing is too heavy: the tree grows from its leaves. What stands behind a port of its own (an
//! input of the module, an output of an instance) has to be shared out where it is made.

use super::module::{Module, Node, NodeId, Op};
use super::pins::{Pin, Ports, muxes};
use std::collections::HashMap;

/// Far more rounds than a tree has stages.
const ROUNDS: usize = 16;

/// A pin of a heavy net, and its loads by bit of the net's word.
type Share = (Pin, Vec<u32>);

/// Gives every net of `module` with more than `limit` loads its copies. True if there were any.
pub(super) fn replicate(module: &mut Module, limit: u32) -> bool {
    let old = module.nodes.len();
    halve_selections(module, limit);
    let mut copies: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
    let outputs: Ports<u32> = (module.outputs.iter())
        .map(|port| vec![port.expected_loads; port.width as usize])
        .collect();
    for _ in 0..ROUNDS {
        let before = module.nodes.len();
        for (id, pins) in heavy(module, &outputs, limit) {
            let made = share_out(module, id, pins, limit);
            copies.entry(id).or_default().extend(made);
        }
        if module.nodes.len() == before {
            break;
        }
    }
    let changed = module.nodes.len() != old;
    if changed {
        renumber(module, old, &copies);
    }
    keep_alike(module);
    changed
}

/// Registers that were built alike are copies too.
fn keep_alike(module: &mut Module) {
    let mut alike: HashMap<(Op, Vec<NodeId>, u32), Vec<NodeId>> = HashMap::new();
    for (id, node) in module.nodes.iter().enumerate() {
        if matches!(node.op, Op::Reg { .. }) {
            let key = (node.op.clone(), node.args.clone(), node.width);
            alike.entry(key).or_default().push(id as NodeId);
        }
    }
    for copies in alike.into_values().filter(|copies| copies.len() > 1) {
        for id in copies {
            module.nodes[id as usize].replicated = true;
        }
    }
}

/// A selection whose select word would have too many loads becomes two of half its width.
fn halve_selections(module: &mut Module, limit: u32) {
    let mut id = 0;
    while id < module.nodes.len() {
        let node = &module.nodes[id];
        let heavy = || muxes(node.args.len() - 1, 0) * node.width > limit;
        if node.op == Op::Select && node.width > 1 && heavy() && !module.is_table(id as NodeId) {
            let node = node.clone();
            let low = node.width / 2;
            let mut half = |lo: u32, width: u32| {
                let mut args = vec![node.args[0]];
                for &option in &node.args[1..] {
                    // The lower half of a window stays one, so that it is a shift in the Verilog.
                    let (word, at) = match module.nodes[option as usize].op {
                        Op::Slice(at) => (module.nodes[option as usize].args[0], at),
                        _ => (option, 0),
                    };
                    args.push(module.push(Op::Slice(at + lo), vec![word], width, None));
                }
                module.push(Op::Select, args, width, None)
            };
            let halves = vec![half(0, low), half(low, node.width - low)];
            let cat = &mut module.nodes[id];
            (cat.op, cat.args) = (Op::Cat, halves);
        }
        id += 1;
    }
}

/// The nets with too many loads that can be copied, and their pins in the order of the module.
fn heavy(module: &Module, outputs: &Ports<u32>, limit: u32) -> Vec<(NodeId, Vec<Share>)> {
    let counted = module.count_loads(Some(outputs));
    let mut nets: Vec<(NodeId, Vec<Share>)> = Vec::new();
    let mut of_node = HashMap::new();
    for (id, loads) in counted.iter().enumerate() {
        let node = &module.nodes[id];
        let can_be = match node.op {
            Op::Input { .. } | Op::InstanceOut { .. } | Op::RamRead(_) | Op::RomRead(_) => false,
            Op::Mul | Op::MulSigned => false,
            _ => loads.iter().any(|&l| l > limit),
        };
        if can_be {
            of_node.insert(id as NodeId, nets.len());
            nets.push((id as NodeId, Vec::new()));
        }
    }
    let mut place = HashMap::new();
    module.pins(Some(outputs), &mut |pin, bit, loads| {
        let Some(source) = module.source((module.at_pin(pin), bit)) else {
            return;
        };
        let (id, at) = source.bit;
        let Some(&net) = of_node.get(&id).filter(|_| loads > 0) else {
            return;
        };
        // What goes through an instance moves with its port.
        let pin = source.via.unwrap_or(pin);
        let shares = &mut nets[net].1;
        let place = *place.entry((id, pin)).or_insert_with(|| {
            shares.push((pin, vec![0; module.nodes[id as usize].width as usize]));
            shares.len() - 1
        });
        shares[place].1[at as usize] += loads;
    });
    nets
}

/// Shares the pins of `id` out among it and new copies of it; returns those.
fn share_out(module: &mut Module, id: NodeId, mut pins: Vec<Share>, limit: u32) -> Vec<NodeId> {
    // The clocks of many instances may come from one gate: they stay together.
    pins.sort_by_key(|(pin, _)| !matches!(pin, Pin::Gate(_)));
    let only_registers = (pins.iter()).all(|(pin, _)| match *pin {
        Pin::Argument(node, _) => module.nodes[node as usize].op.is_register(),
        Pin::Write(..) | Pin::Gate(_) => true,
        Pin::Instance(..) | Pin::Output(..) => false,
    });
    let mut drivers = vec![(id, vec![0; module.nodes[id as usize].width as usize])];
    let mut memo = HashMap::new();
    for (pin, loads) in pins {
        let fits = |(_, has): &(NodeId, Vec<u32>)| {
            let mut both = has.iter().zip(&loads);
            both.all(|(has, more)| *more == 0 || has + more <= limit)
                || has
                    .iter()
                    .zip(&loads)
                    .all(|(has, more)| *has == 0 || *more == 0)
        };
        let driver = drivers.iter().position(fits).unwrap_or_else(|| {
            drivers.push((copy(module, id, drivers.len()), vec![0; loads.len()]));
            drivers.len() - 1
        });
        let (to, has) = &mut drivers[driver];
        has.iter_mut()
            .zip(&loads)
            .for_each(|(has, more)| *has += more);
        if *to != id {
            let word = behind(module, module.at_pin(pin), (id, *to), &mut memo);
            module.connect(pin, word);
        }
    }
    let drivers: Vec<NodeId> = drivers.into_iter().map(|(driver, _)| driver).collect();
    // Kept logic is a LUT of its own: only where it is the last one before a register.
    if drivers.len() > 1 && (module.nodes[id as usize].op.is_register() || only_registers) {
        for &driver in &drivers {
            module.nodes[driver as usize].replicated = true;
        }
    }
    drivers[1..].to_vec()
}

fn copy(module: &mut Module, id: NodeId, number: usize) -> NodeId {
    let mut node = module.nodes[id as usize].clone();
    node.name = node.name.map(|name| format!("{name}_copy_{number}"));
    module.nodes.push(node);
    module.nodes.len() as NodeId - 1
}

/// The word `id` with `change.1` in the place of `change.0`, as far as wires reach.
fn behind(
    module: &mut Module,
    id: NodeId,
    change: (NodeId, NodeId),
    memo: &mut HashMap<(NodeId, NodeId), NodeId>,
) -> NodeId {
    if id == change.0 {
        return change.1;
    }
    if !module.is_wire(id) {
        return id;
    }
    if let Some(&known) = memo.get(&(id, change.1)) {
        return known;
    }
    let old = module.nodes[id as usize].clone();
    let of = |&arg: &NodeId| behind(module, arg, change, memo);
    let args: Vec<NodeId> = old.args.iter().map(of).collect();
    let new = match old.op {
        _ if args == old.args => id,
        Op::Wire => args[0],
        op => module.push(op, args, old.width, None),
    };
    memo.insert((id, change.1), new);
    new
}

impl Module {
    fn push(&mut self, op: Op, args: Vec<NodeId>, width: u32, name: Option<String>) -> NodeId {
        self.nodes.push(Node {
            op,
            args,
            width,
            name,
            replicated: false,
        });
        self.nodes.len() as NodeId - 1
    }
}

/// Puts the nodes from `old` on where a reader expects them: copies behind their originals, wires in front of their users.
fn renumber(module: &mut Module, old: usize, copies: &HashMap<NodeId, Vec<NodeId>>) {
    let mut order = Vec::with_capacity(module.nodes.len());
    let mut placed = vec![false; module.nodes.len()];
    let mut place = |first: NodeId| {
        let mut open = vec![(first, false)];
        while let Some((id, ready)) = open.pop() {
            if ready {
                order.push(id);
                continue;
            }
            if std::mem::replace(&mut placed[id as usize], true) {
                continue;
            }
            open.push((id, true));
            let node = &module.nodes[id as usize];
            // Registers and wires are declared in front of all that uses them.
            if !node.op.is_register() && node.op != Op::Wire {
                open.extend(node.args.iter().rev().map(|&arg| (arg, false)));
            }
        }
    };
    for id in 0..old as NodeId {
        place(id);
        copies
            .get(&id)
            .into_iter()
            .flatten()
            .for_each(|&c| place(c));
    }
    (old..module.nodes.len()).for_each(|id| place(id as NodeId));
    let mut number = vec![0; order.len()];
    for (new, &id) in order.iter().enumerate() {
        number[id as usize] = new as NodeId;
    }
    let to = |id: &mut NodeId| *id = number[*id as usize];
    module.nodes = (order.iter())
        .map(|&id| module.nodes[id as usize].clone())
        .collect();
    module
        .nodes
        .iter_mut()
        .flat_map(|n| &mut n.args)
        .for_each(to);
    let writes = module.rams.iter_mut().flat_map(|r| &mut r.write);
    writes.flatten().for_each(to);
    for inst in &mut module.instances {
        inst.inputs.iter_mut().flatten().for_each(to);
        inst.gate.iter_mut().for_each(to);
    }
    (module.outputs.iter_mut().flat_map(|o| &mut o.words)).for_each(to);
}

#[cfg(test)]
mod tests {
    use super::super::{Builder, Module, RamStyle, Sig, Sim};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::Index;
    use std::sync::Arc;

    const WIDTH: u32 = 12;

    /// What is made next, and of which signals.
    type Piece = (u8, [Index; 4]);

    /// Shows its input as it is, and held.
    fn child() -> Arc<Module> {
        let b = Builder::new("child", "A wire through, and a word that is held.");
        let (enable, x) = (b.input("enable", 1), b.input("x", WIDTH));
        b.output("through", enable);
        b.output("held", b.reg_en(x, enable));
        b.finish().unwrap()
    }

    /// Few bits that choose between many words, by every way that the language knows; no net has more than `limit` loads
    /// if it can be helped.
    fn random(pieces: &[Piece], limit: u32) -> Arc<Module> {
        let b = Builder::new("random", "Random logic.");
        let mut bits: Vec<Sig> = (0..3).map(|i| b.state(&format!("bit_{i}"), 1, 0)).collect();
        let states = bits.clone();
        let late = b.wire("late", 1);
        let enable = b.reg(b.input("go", 1));
        bits.extend([enable, late]);
        let mut words = vec![b.input("x", WIDTH), b.reg(b.input("y", WIDTH))];
        let child = child();
        for (i, (kind, [p, q, x, y])) in pieces.iter().enumerate() {
            let [p, q] = [p, q].map(|index| bits[index.index(bits.len())]);
            let [x, y] = [x, y].map(|index| words[index.index(words.len())]);
            match kind {
                0 => words.push(b.mux(p, x, y)),
                1 => words.push(b.reg_en(x, !p)),
                2 => words.push(b.reg((x & p.sext(WIDTH)) + y)),
                3 => words.push(b.reg(b.select(b.cat(&[p, q]), &[x, y, x ^ y, !x]))),
                4 => bits.push(p & q),
                5 => bits.push(b.reg(b.cat(&[p, q, x.bit(3)]).all())),
                6 => bits.push(b.cat(&[b.lit(1, 1), p]).slice(1, 1) | q),
                7 => {
                    let ram = b.ram(&format!("ram_{i}"), 4, WIDTH, RamStyle::Lut);
                    b.ram_write(&ram, p, b.cat(&[p, q]), x);
                    words.push(b.ram_read(&ram, b.cat(&[q, p])));
                }
                _ => {
                    let unit = b.instance(&child, &format!("u_{i}"), &[("enable", p), ("x", x)]);
                    if q == enable {
                        b.gate(&unit, q);
                    }
                    bits.push(unit.get("through"));
                    words.push(unit.get("held"));
                }
            }
        }
        b.drive(late, b.reg(bits[bits.len() - 1]));
        for (i, state) in states.into_iter().enumerate() {
            b.drive_en(state, !state ^ words[i % words.len()].bit(0), bits[3]);
        }
        let shown: Vec<Sig> = words.iter().rev().take(20).copied().collect();
        b.output_words("shown", &shown);
        b.finish_within(limit).unwrap()
    }

    proptest! {
        #[test]
        fn copies_change_nothing(
            pieces in vec((0..9_u8, any::<[Index; 4]>()), 60),
            clocks in vec(any::<(bool, u16, u16)>(), 40),
        ) {
            let modules = [u32::MAX, 30].map(|limit| random(&pieces, limit));
            prop_assert!(modules[1].nodes.len() > modules[0].nodes.len());
            let mut sims = modules.map(|module| Sim::new(&module));
            for (clock, (go, x, y)) in clocks.into_iter().enumerate() {
                let shown = sims.each_mut().map(|sim| {
                    sim.set("rst", u128::from(clock == 0));
                    sim.set("go", u128::from(go));
                    sim.set("x", u128::from(x) >> (16 - WIDTH));
                    sim.set("y", u128::from(y) >> (16 - WIDTH));
                    sim.eval();
                    let shown = sim.get_words("shown");
                    sim.clock();
                    shown
                });
                prop_assert_eq!(&shown[0], &shown[1], "clock {}", clock);
            }
        }
    }
}
