//! Builds a [`Module`] node by node; equal combinational nodes and plain registers are shared.

use super::depth;
use super::expr::{Sig, mask};
use super::loads::LOAD_LIMIT;
use super::module::{
    InPort, InstanceDef, Module, NetlistError, Node, NodeId, Op, OutPort, RamDef, RamStyle, RomDef,
};
use super::names;
use super::replicate::replicate;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

type NodeKey = (Op, Vec<NodeId>, u32);

#[derive(Default)]
pub(super) struct Inner {
    pub(super) nodes: Vec<Node>,
    shared: HashMap<NodeKey, NodeId>,
    pub(super) inputs: Vec<InPort>,
    pub(super) outputs: Vec<OutPort>,
    pub(super) rams: Vec<RamDef>,
    pub(super) roms: Vec<RomDef>,
    pub(super) instances: Vec<InstanceDef>,
    pub(super) errors: Vec<NetlistError>,
    keep: bool,
    lane: bool,
}

/// A module under construction.
///
/// Width errors panic: they are errors of the generator's text, not of anybody's input.
pub struct Builder {
    pub(super) name: String,
    doc: String,
    pub(super) inner: RefCell<Inner>,
}

/// A memory with one write port and one read port.
pub struct Ram {
    index: u32,
    address_width: u32,
    width: u32,
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
                replicated: false,
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
            replicated: false,
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
            expected_loads: 1,
        });
    }

    /// Says that each bit of the output `port` has so many loads outside, which decide about the copies of its register:
    /// with [`super::LOAD_LIMIT`], a signal that is given to several words of the port has one for each.
    pub fn expect_loads(&self, port: &str, loads: u32) {
        let mut inner = self.inner.borrow_mut();
        let found = inner.outputs.iter_mut().find(|p| p.name == port);
        let found = found.unwrap_or_else(|| panic!("module {} has no output {port}", self.name));
        found.expected_loads = loads;
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

    /// Checks and freezes the module.
    ///
    /// # Errors
    /// An undriven signal, a port's name used twice, a wrong connection or a combinational loop.
    pub fn finish(self) -> Result<Arc<Module>, NetlistError> {
        self.finish_within(LOAD_LIMIT)
    }

    /// The same, a net having `limit` loads at most where copies help.
    pub(super) fn finish_within(self, limit: u32) -> Result<Arc<Module>, NetlistError> {
        let mut inner = self.inner.into_inner();
        if !inner.errors.is_empty() {
            return Err(inner.errors.swap_remove(0));
        }
        names::check(&self.name, &inner)?;
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
            outside: Default::default(),
        };
        module.depth = depth::analyse(&module)?;
        if replicate(&mut module, limit) {
            module.depth = depth::analyse(&module)?;
        }
        module.outside = module.seen_from_outside();
        Ok(Arc::new(module))
    }
}
