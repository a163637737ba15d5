//! Lanes side by side: equal instances of a lane's block become one module of up to eight lanes.
//!
//! The module `mul_lane_x8` has every node of `mul_lane` eight times, the eight beside each other in the text. It is the
//! same hardware under another grouping; what it changes is the simulation: Verilator keeps the registers in the order of
//! their declarations, so the eight copies of a register lie beside each other in memory, and the C++ compiler works on
//! four or eight lanes with one vector instruction. It also compiles one module in the place of eight.
//!
//! The native simulation, depths and loads are those of the block as it was built.

use super::module::{InPort, InstanceDef, Module, Node, NodeId, Op, OutPort, RamDef};
use super::pins::Outside;
use std::collections::HashMap;
use std::sync::Arc;

/// Most lanes of one module: eight words of 64 bits are two vectors of 256.
const MOST: usize = 8;

/// Fewer lanes than a vector has words stay by themselves.
const FEWEST: usize = 4;

/// `top` with all its lanes side by side.
pub(super) fn arrange(top: &Arc<Module>) -> Arc<Module> {
    Arranger::default().module(top)
}

/// The parts of a module's instance in the new one: which instance it is in, and as which lane of how many.
#[derive(Clone, Copy, Default)]
struct Seat {
    instance: u32,
    lane: u32,
    lanes: u32,
}

#[derive(Default)]
struct Arranger {
    /// By the original; it is kept, so that no other one comes to lie at its address.
    done: HashMap<*const Module, (Arc<Module>, Arc<Module>)>,
    /// By the lane's arranged module (which `done` or this keeps), the number of lanes, and the inputs that all lanes share.
    wide: HashMap<(*const Module, usize, Vec<bool>), Arc<Module>>,
}

impl Arranger {
    fn module(&mut self, module: &Arc<Module>) -> Arc<Module> {
        if let Some((_, done)) = self.done.get(&Arc::as_ptr(module)) {
            return done.clone();
        }
        let arranged = self.rebuild(module);
        let entry = (module.clone(), arranged.clone());
        self.done.insert(Arc::as_ptr(module), entry);
        arranged
    }

    fn rebuild(&mut self, module: &Arc<Module>) -> Arc<Module> {
        let groups = groups(module);
        let mut instances = Vec::new();
        let mut seats = vec![Seat::default(); module.instances.len()];
        for group in &groups {
            for (lane, &index) in group.iter().enumerate() {
                seats[index] = Seat {
                    instance: instances.len() as u32,
                    lane: lane as u32,
                    lanes: group.len() as u32,
                };
            }
            let members: Vec<_> = group.iter().map(|&i| &module.instances[i]).collect();
            instances.push(self.join(&members));
        }
        let mut new = Module {
            instances,
            ..Module::clone(module)
        };
        for node in &mut new.nodes {
            if let Op::InstanceOut { instance, port, .. } = &mut node.op {
                let seat = seats[*instance as usize];
                (*instance, *port) = (seat.instance, *port * seat.lanes + seat.lane);
            }
        }
        Arc::new(new)
    }

    /// One instance in the place of `members`; alone, it stays what it is.
    fn join(&mut self, members: &[&InstanceDef]) -> InstanceDef {
        let first = members[0];
        let child = self.module(&first.child);
        if members.len() == 1 {
            return InstanceDef {
                child,
                ..first.clone()
            };
        }
        let shared: Vec<bool> = (0..child.inputs.len())
            .map(|port| members.iter().all(|m| m.inputs[port] == first.inputs[port]))
            .collect();
        let inputs = shared.iter().enumerate().flat_map(|(port, &shared)| {
            let lanes = if shared { &members[..1] } else { members };
            lanes.iter().map(move |m| m.inputs[port].clone())
        });
        InstanceDef {
            name: format!("{}_x{}", first.name, members.len()),
            inputs: inputs.collect(),
            child: self.widen(&child, members.len(), shared),
            gate: first.gate,
        }
    }

    /// `lanes` copies of an arranged module as one; its input `i` comes once where `shared[i]`.
    fn widen(&mut self, module: &Arc<Module>, lanes: usize, shared: Vec<bool>) -> Arc<Module> {
        let key = (Arc::as_ptr(module), lanes, shared);
        if let Some(known) = self.wide.get(&key) {
            return known.clone();
        }
        let wide = Arc::new(self.copies(module, lanes, &key.2));
        self.wide.insert(key, wide.clone());
        wide
    }

    fn copies(&mut self, module: &Module, lanes: usize, shared: &[bool]) -> Module {
        let name = |name: &str, lane: usize| format!("{name}_lane_{lane}");
        let at = move |id: NodeId, lane: usize| id * lanes as NodeId + lane as NodeId;
        let mut inputs = Vec::new();
        // By port and lane.
        let mut input: Vec<Vec<u32>> = Vec::new();
        for (port, &shared) in module.inputs.iter().zip(shared) {
            let first = inputs.len() as u32;
            let (names, places) = if shared {
                (vec![port.name.clone()], vec![first; lanes])
            } else {
                let names = (0..lanes).map(|lane| name(&port.name, lane)).collect();
                (names, (first..first + lanes as u32).collect())
            };
            let width = port.width;
            inputs.extend(names.into_iter().map(|name| InPort { name, width }));
            input.push(places);
        }
        let every = |lane: usize, op: &Op| match *op {
            Op::Input { port, lo } => Op::Input {
                port: input[port as usize][lane],
                lo,
            },
            Op::RamRead(ram) => Op::RamRead(at(ram, lane)),
            Op::RomRead(rom) => Op::RomRead(at(rom, lane)),
            Op::InstanceOut { instance, port, lo } => Op::InstanceOut {
                instance,
                port: at(port, lane),
                lo,
            },
            ref op => op.clone(),
        };
        let node = |node: &Node, lane: usize| Node {
            op: every(lane, &node.op),
            args: node.args.iter().map(|&arg| at(arg, lane)).collect(),
            width: node.width,
            name: node.name.as_ref().map(|n| name(n, lane)),
            replicated: node.replicated,
        };
        let output = |port: &OutPort, lane: usize| OutPort {
            name: name(&port.name, lane),
            words: port.words.iter().map(|&word| at(word, lane)).collect(),
            width: port.width,
            expected_loads: 1,
        };
        let ram = |ram: &RamDef, lane: usize| RamDef {
            name: name(&ram.name, lane),
            write: ram.write.map(|ids| ids.map(|id| at(id, lane))),
            ..ram.clone()
        };
        let instances = (module.instances.iter())
            .map(|instance| {
                let of = |lane: usize| InstanceDef {
                    inputs: (instance.inputs.iter())
                        .map(|words| words.iter().map(|&id| at(id, lane)).collect())
                        .collect(),
                    ..instance.clone()
                };
                let members: Vec<InstanceDef> = (0..lanes).map(of).collect();
                self.join(&members.iter().collect::<Vec<_>>())
            })
            .collect();
        let each = |count: usize| (0..count).flat_map(move |i| (0..lanes).map(move |l| (i, l)));
        Module {
            name: format!("{}_x{lanes}", module.name),
            doc: format!("{lanes} lanes of {}. {}", module.name, module.doc),
            nodes: each(module.nodes.len())
                .map(|(i, lane)| node(&module.nodes[i], lane))
                .collect(),
            outputs: each(module.outputs.len())
                .map(|(i, lane)| output(&module.outputs[i], lane))
                .collect(),
            rams: each(module.rams.len())
                .map(|(i, lane)| ram(&module.rams[i], lane))
                .collect(),
            roms: each(module.roms.len())
                .map(|(i, _)| module.roms[i].clone())
                .collect(),
            inputs,
            instances,
            keep: true,
            lane: false,
            outside: Outside::default(),
            ..module.clone()
        }
    }
}

/// The instances that become one, by their places: lanes of one module under one gate, the others alone.
fn groups(module: &Module) -> Vec<Vec<usize>> {
    let key = |i: &InstanceDef| (Arc::as_ptr(&i.child), i.gate);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut open = HashMap::new();
    for (index, instance) in module.instances.iter().enumerate() {
        if !instance.child.lane {
            groups.push(vec![index]);
            continue;
        }
        let group = *open.entry(key(instance)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(index);
        if groups[group].len() == MOST {
            open.remove(&key(instance));
        }
    }
    let split = |group: Vec<usize>| {
        let size = if group.len() < FEWEST { 1 } else { group.len() };
        group.chunks(size).map(<[_]>::to_vec).collect::<Vec<_>>()
    };
    groups.into_iter().flat_map(split).collect()
}
