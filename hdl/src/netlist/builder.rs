//! Builds a [`Module`] node by node; equal combinational nodes and plain registers are shared.

use super::depth;
use super::expr::{Sig, mask};
use super::keywords::is_reserved;
use super::module::{
    InPort, InstanceDef, Module, NetlistError, Node, NodeId, Op, OutPort, RamDef, RamStyle, RomDef,
};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

type NodeKey = (Op, Vec<NodeId>, u32);

#[derive(Default)]
struct Inner {
    nodes: Vec<Node>,
    shared: HashMap<NodeKey, NodeId>,
    inputs: Vec<InPort>,
    outputs: Vec<OutPort>,
    rams: Vec<RamDef>,
    roms: Vec<RomDef>,
    instances: Vec<InstanceDef>,
    errors: Vec<NetlistError>,
    keep: bool,
    lane: bool,
}

/// A module under construction.
///
/// Width errors panic: they are errors of the generator's text, not of anybody's input.
pub struct Builder {
    name: String,
    doc: String,
    inner: RefCell<Inner>,
}

/// A memory with one write port and one read port.
pub struct Ram {
    index: u32,
    address_width: u32,
    width: u32,
}

/// Handle on an instantiated module: its outputs.
pub struct Instance<'b> {
    builder: &'b Builder,
    index: u32,
    child: Arc<Module>,
}

impl<'b> Instance<'b> {
    /// The output `port` (at most 128 bits wide).
    pub fn get(&self, port: &str) -> Sig<'b> {
        let (index, width) = self.find(port);
        self.word(index, 0, width)
    }

    /// The wide output `port`, cut into words as wide as it was made of, lowest first.
    pub fn words(&self, port: &str) -> Vec<Sig<'b>> {
        let (index, _) = self.find(port);
        let out = &self.child.outputs[index as usize];
        let mut lo = 0;
        out.words
            .iter()
            .map(|&w| {
                let width = self.child.nodes[w as usize].width;
                lo += width;
                self.word(index, lo - width, width)
            })
            .collect()
    }

    fn find(&self, port: &str) -> (u32, u32) {
        let found = self.child.outputs.iter().position(|p| p.name == port);
        let index =
            found.unwrap_or_else(|| panic!("module {} has no output {port}", self.child.name));
        (index as u32, self.child.outputs[index].width)
    }

    fn word(&self, port: u32, lo: u32, width: u32) -> Sig<'b> {
        let op = Op::InstanceOut {
            instance: self.index,
            port,
            lo,
        };
        self.builder.node(op, &[], width)
    }
}

/// Bits needed to count `0 .. n` (at least 1).
pub fn address_bits(n: usize) -> u32 {
    n.next_power_of_two().trailing_zeros().max(1)
}

impl Builder {
    /// Starts a module; `doc` goes into the header of its Verilog file.
    pub fn new(name: &str, doc: &str) -> Self {
        Self {
            name: name.to_owned(),
            doc: doc.to_owned(),
            inner: RefCell::default(),
        }
    }

    /// Name of the module.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Asks Verilator to keep the module as a class of its own (many equal instances).
    pub fn keep_hierarchy(&self) {
        self.inner.borrow_mut().keep = true;
    }

    /// Says that the module is the block of one lane, instantiated once a lane: equal ones are emitted side by side, as one
    /// module of up to eight lanes.
    pub fn one_lane(&self) {
        self.inner.borrow_mut().lane = true;
    }

    pub(super) fn node(&self, op: Op, args: &[Sig<'_>], width: u32) -> Sig<'_> {
        assert!(
            (1..=128).contains(&width),
            "{}: {op:?} of {width} bits",
            self.name
        );
        let ids: Vec<NodeId> = args
            .iter()
            .map(|a| {
                assert!(
                    std::ptr::eq(a.builder, self),
                    "{}: a signal of another module",
                    self.name
                );
                a.id
            })
            .collect();
        let mut inner = self.inner.borrow_mut();
        let shareable = !matches!(op, Op::Wire | Op::Reg { reset: Some(_), .. });
        if shareable {
            let key = (op, ids, width);
            if let Some(&id) = inner.shared.get(&key) {
                return Sig {
                    builder: self,
                    id,
                    width,
                };
            }
            let id = inner.nodes.len() as NodeId;
            inner.nodes.push(Node {
                op: key.0.clone(),
                args: key.1.clone(),
                width,
                name: None,
            });
            inner.shared.insert(key, id);
            return Sig {
                builder: self,
                id,
                width,
            };
        }
        let id = inner.nodes.len() as NodeId;
        inner.nodes.push(Node {
            op,
            args: ids,
            width,
            name: None,
        });
        Sig {
            builder: self,
            id,
            width,
        }
    }

    pub(super) fn set_name(&self, id: NodeId, name: &str) {
        self.inner.borrow_mut().nodes[id as usize].name = Some(name.to_owned());
    }

    pub(super) fn constant_of(&self, id: NodeId) -> Option<u128> {
        match self.inner.borrow().nodes[id as usize].op {
            Op::Const(v) => Some(v),
            _ => None,
        }
    }

    /// An input port of at most 128 bits.
    pub fn input(&self, name: &str, width: u32) -> Sig<'_> {
        self.input_words(name, 1, width)[0]
    }

    /// One wide input port of `count` words of `width` bits, lowest word first.
    pub fn input_words(&self, name: &str, count: usize, width: u32) -> Vec<Sig<'_>> {
        let port = {
            let mut inner = self.inner.borrow_mut();
            inner.inputs.push(InPort {
                name: name.to_owned(),
                width: width * count as u32,
            });
            inner.inputs.len() as u32 - 1
        };
        let word = |i: u32| {
            self.node(
                Op::Input {
                    port,
                    lo: i * width,
                },
                &[],
                width,
            )
        };
        (0..count as u32).map(word).collect()
    }

    /// An output port.
    pub fn output(&self, name: &str, value: Sig<'_>) {
        self.output_words(name, &[value]);
    }

    /// One wide output port, lowest word first.
    pub fn output_words(&self, name: &str, words: &[Sig<'_>]) {
        let width = words.iter().map(|w| w.width).sum();
        let words = words.iter().map(|w| w.id).collect();
        self.inner.borrow_mut().outputs.push(OutPort {
            name: name.to_owned(),
            words,
            width,
        });
    }

    /// A constant.
    pub fn lit(&self, value: u128, width: u32) -> Sig<'_> {
        assert!(value <= mask(width), "constant {value} in {width} bits");
        self.node(Op::Const(value), &[], width)
    }

    /// Concatenation, least significant part first.
    pub fn cat<'b>(&'b self, parts: &[Sig<'b>]) -> Sig<'b> {
        if let [one] = parts {
            return *one;
        }
        self.node(Op::Cat, parts, parts.iter().map(|p| p.width).sum())
    }

    /// Sum of one to three unsigned rows, modulo 2^width.
    pub fn sum<'b>(&'b self, rows: &[Sig<'b>], width: u32) -> Sig<'b> {
        assert!(
            (1..=3).contains(&rows.len()),
            "a sum of {} rows",
            rows.len()
        );
        assert!(
            rows.iter().all(|r| r.width <= width),
            "a row wider than its sum"
        );
        if let [one] = rows {
            return one.zext(width);
        }
        self.node(Op::Sum, rows, width)
    }

    /// Full product; its width is the sum of the widths.
    pub fn mul<'b>(&'b self, x: Sig<'b>, y: Sig<'b>) -> Sig<'b> {
        self.node(Op::Mul, &[x, y], x.width + y.width)
    }

    /// The low `width` bits of a product of two's complement words, more than either has.
    pub fn mul_signed<'b>(&'b self, x: Sig<'b>, y: Sig<'b>, width: u32) -> Sig<'b> {
        let full = x.width + y.width;
        assert!(
            (x.width.max(y.width) + 1..=full).contains(&width),
            "a product of {} by {} bits in {width}",
            x.width,
            y.width
        );
        self.node(Op::MulSigned, &[x, y], width)
    }

    /// `if1` where `select` is 1, else `if0`.
    pub fn mux<'b>(&'b self, select: Sig<'b>, if1: Sig<'b>, if0: Sig<'b>) -> Sig<'b> {
        assert_eq!(select.width, 1, "mux: select is one bit");
        assert_eq!(if1.width, if0.width, "mux: widths differ");
        if if1 == if0 {
            return if1;
        }
        self.node(Op::Mux, &[select, if1, if0], if1.width)
    }

    /// Option number `select`; numbers past the end give the last option.
    pub fn select<'b>(&'b self, select: Sig<'b>, options: &[Sig<'b>]) -> Sig<'b> {
        let first = options[0];
        assert!(
            options.iter().all(|o| o.width == first.width),
            "select: widths differ"
        );
        if options.iter().all(|o| *o == first) {
            return first;
        }
        let bits = address_bits(options.len());
        assert_eq!(select.width, bits, "select: {} options", options.len());
        let mut args = vec![select];
        args.extend_from_slice(options);
        let last = options[options.len() - 1];
        args.resize(1 + (1 << bits), last);
        self.node(Op::Select, &args, first.width)
    }

    /// A pipeline register without reset.
    pub fn reg<'b>(&'b self, data: Sig<'b>) -> Sig<'b> {
        if data.constant().is_some() {
            return data;
        }
        let op = Op::Reg {
            en: false,
            reset: None,
        };
        self.node(op, &[data], data.width)
    }

    /// `data` after `clocks` registers.
    pub fn delay<'b>(&'b self, data: Sig<'b>, clocks: usize) -> Sig<'b> {
        (0..clocks).fold(data, |s, _| self.reg(s))
    }

    /// A register without reset that takes `data` while `enable` is 1.
    pub fn reg_en<'b>(&'b self, data: Sig<'b>, enable: Sig<'b>) -> Sig<'b> {
        assert_eq!(enable.width, 1, "reg_en: enable is one bit");
        let op = Op::Reg {
            en: true,
            reset: None,
        };
        self.node(op, &[data, enable], data.width)
    }

    /// A register with feedback, `reset` while `rst` is 1; drive it exactly once.
    pub fn state(&self, name: &str, width: u32, reset: u128) -> Sig<'_> {
        assert!(reset <= mask(width), "reset value of {name}");
        let op = Op::Reg {
            en: false,
            reset: Some(reset),
        };
        self.node(op, &[], width).named(name)
    }

    /// A wire that is driven later (feedback through registers or instances).
    pub fn wire(&self, name: &str, width: u32) -> Sig<'_> {
        self.node(Op::Wire, &[], width).named(name)
    }

    /// Drives a wire or a state register.
    pub fn drive(&self, target: Sig<'_>, value: Sig<'_>) {
        self.drive_args(target, vec![value], false);
    }

    /// Drives a state register that takes `value` while `enable` is 1.
    pub fn drive_en(&self, target: Sig<'_>, value: Sig<'_>, enable: Sig<'_>) {
        assert_eq!(enable.width, 1, "drive_en: enable is one bit");
        self.drive_args(target, vec![value, enable], true);
    }

    fn drive_args(&self, target: Sig<'_>, args: Vec<Sig<'_>>, enabled: bool) {
        assert_eq!(target.width, args[0].width, "drive: widths differ");
        let mut inner = self.inner.borrow_mut();
        let node = &mut inner.nodes[target.id as usize];
        assert!(node.args.is_empty(), "{:?} is driven twice", node.name);
        node.args = args.iter().map(|a| a.id).collect();
        match &mut node.op {
            Op::Reg { en, reset: Some(_) } => *en = enabled,
            Op::Wire if !enabled => {}
            op => panic!("{op:?} cannot be driven"),
        }
    }

    /// A memory of `depth` words.
    pub fn ram(&self, name: &str, depth: usize, width: u32, style: RamStyle) -> Ram {
        let mut inner = self.inner.borrow_mut();
        inner.rams.push(RamDef {
            name: name.to_owned(),
            depth,
            width,
            style,
            write: None,
        });
        Ram {
            index: inner.rams.len() as u32 - 1,
            address_width: address_bits(depth),
            width,
        }
    }

    /// The write port (once a memory). The address has just the bits that the depth needs.
    pub fn ram_write(&self, ram: &Ram, enable: Sig<'_>, address: Sig<'_>, data: Sig<'_>) {
        assert_eq!(enable.width, 1, "ram_write: enable is one bit");
        assert_eq!(address.width, ram.address_width, "ram_write: address width");
        assert_eq!(data.width, ram.width, "ram_write: data width");
        let write = &mut self.inner.borrow_mut().rams[ram.index as usize].write;
        assert!(write.is_none(), "a memory has one write port");
        *write = Some([enable.id, address.id, data.id]);
    }

    /// The read port (once a memory): the word one clock later, the old one on a collision.
    pub fn ram_read<'b>(&'b self, ram: &Ram, address: Sig<'b>) -> Sig<'b> {
        assert_eq!(address.width, ram.address_width, "ram_read: address width");
        self.node(Op::RamRead(ram.index), &[address], ram.width)
    }

    /// A constant memory: the word one clock after its address.
    pub fn rom<'b>(&'b self, name: &str, width: u32, values: &[u128], address: Sig<'b>) -> Sig<'b> {
        assert_eq!(
            address.width,
            address_bits(values.len()),
            "rom: address width"
        );
        assert!(
            values.iter().all(|v| *v <= mask(width)),
            "rom: a value is too wide"
        );
        let index = {
            let mut inner = self.inner.borrow_mut();
            inner.roms.push(RomDef {
                name: name.to_owned(),
                width,
                values: Arc::new(values.to_vec()),
            });
            inner.roms.len() as u32 - 1
        };
        self.node(Op::RomRead(index), &[address], width)
    }

    /// Instantiates `child`; every input must be given.
    pub fn instance<'b>(
        &'b self,
        child: &Arc<Module>,
        name: &str,
        inputs: &[(&str, Sig<'b>)],
    ) -> Instance<'b> {
        let words: Vec<(&str, Vec<Sig<'b>>)> = inputs.iter().map(|(n, s)| (*n, vec![*s])).collect();
        self.instance_words(child, name, &words)
    }

    /// Instantiates `child` with wide ports given as words, lowest first.
    pub fn instance_words<'b>(
        &'b self,
        child: &Arc<Module>,
        name: &str,
        inputs: &[(&str, Vec<Sig<'b>>)],
    ) -> Instance<'b> {
        let error = |port: &str, what: String| NetlistError::Port {
            module: self.name.clone(),
            instance: name.to_owned(),
            child: child.name.clone(),
            port: port.to_owned(),
            what,
        };
        let mut by_port = vec![Vec::new(); child.inputs.len()];
        let mut errors = Vec::new();
        for (port, words) in inputs {
            let Some(index) = child.inputs.iter().position(|p| p.name == *port) else {
                errors.push(error(port, "no such input".into()));
                continue;
            };
            let given: u32 = words.iter().map(|w| w.width).sum();
            let wanted = child.inputs[index].width;
            if given != wanted {
                errors.push(error(port, format!("{given} bits given, {wanted} wanted")));
            }
            by_port[index] = words.iter().map(|w| w.id).collect();
        }
        for (port, words) in child.inputs.iter().zip(&by_port) {
            if words.is_empty() {
                errors.push(error(&port.name, "not connected".into()));
            }
        }
        let mut inner = self.inner.borrow_mut();
        inner.errors.extend(errors);
        inner.instances.push(InstanceDef {
            name: name.to_owned(),
            child: child.clone(),
            inputs: by_port,
            gate: None,
        });
        Instance {
            builder: self,
            index: inner.instances.len() as u32 - 1,
            child: child.clone(),
        }
    }

    /// Lets the clock of `instance` tick only while `enable` is 1, and under reset: what is idle stands still, which saves
    /// power on a chip and time in a simulation. Instances under the same enable share a gate.
    ///
    /// `enable` is a register: the gate looks at it in the middle of the clock.
    pub fn gate<'b>(&'b self, instance: &Instance<'b>, enable: Sig<'b>) {
        let mut inner = self.inner.borrow_mut();
        let mut source = enable.id;
        while inner.nodes[source as usize].op == Op::Wire {
            match inner.nodes[source as usize].args.first() {
                Some(&driver) => source = driver,
                None => break,
            }
        }
        let instance = &mut inner.instances[instance.index as usize];
        instance.gate = Some(enable.id);
        let what = match (instance.child.has_gate, enable.width) {
            (true, _) => Some("an instance inside has one of its own"),
            (_, 1) => None,
            _ => Some("the enable is not one bit"),
        };
        let name = instance.name.clone();
        let is_register = matches!(inner.nodes[source as usize].op, Op::Reg { .. });
        let what = what.or((!is_register).then_some("the enable is no register"));
        if let Some(what) = what {
            inner.errors.push(NetlistError::Gate {
                module: self.name.clone(),
                instance: name,
                what,
            });
        }
    }

    /// Checks and freezes the module.
    ///
    /// # Errors
    /// An undriven signal, a port's name used twice, a wrong connection or a combinational loop.
    pub fn finish(self) -> Result<Arc<Module>, NetlistError> {
        let inner = self.inner.into_inner();
        if let Some(error) = inner.errors.into_iter().next() {
            return Err(error);
        }
        let reserved = (inner.inputs.iter().map(|p| &p.name))
            .chain(inner.outputs.iter().map(|p| &p.name))
            .chain(inner.rams.iter().map(|r| &r.name))
            .chain(inner.roms.iter().map(|r| &r.name))
            .chain(inner.instances.iter().map(|i| &i.name))
            .chain([&self.name])
            .find(|name| is_reserved(name))
            .cloned();
        if let Some(name) = reserved {
            let module = self.name;
            return Err(NetlistError::Reserved { module, name });
        }
        // Tables may share a name: those behind the first get a number.
        let mut seen = HashSet::new();
        let twice = (inner.inputs.iter().map(|p| &p.name))
            .chain(inner.outputs.iter().map(|p| &p.name))
            .chain(inner.rams.iter().map(|r| &r.name))
            .chain(inner.instances.iter().map(|i| &i.name))
            .find(|name| !seen.insert(name.as_str()))
            .cloned();
        if let Some(name) = twice {
            let module = self.name;
            return Err(NetlistError::NameTwice { module, name });
        }
        for node in &inner.nodes {
            let declared = matches!(node.op, Op::Wire | Op::Reg { reset: Some(_), .. });
            if declared && node.args.is_empty() {
                return Err(NetlistError::Undriven {
                    module: self.name,
                    signal: node.name.clone().unwrap_or_default(),
                });
            }
        }
        let has_reset = inner
            .nodes
            .iter()
            .any(|n| matches!(n.op, Op::Reg { reset: Some(_), .. }))
            || inner.instances.iter().any(|i| i.child.has_reset);
        let has_gate = (inner.instances.iter()).any(|i| i.gate.is_some() || i.child.has_gate);
        let mut module = Module {
            name: self.name,
            doc: self.doc,
            nodes: inner.nodes,
            inputs: inner.inputs,
            outputs: inner.outputs,
            rams: inner.rams,
            roms: inner.roms,
            instances: inner.instances,
            has_reset,
            has_gate,
            keep: inner.keep,
            lane: inner.lane,
            depth: Default::default(),
        };
        module.depth = depth::analyse(&module)?;
        Ok(Arc::new(module))
    }
}
