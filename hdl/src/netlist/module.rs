//! The finished netlist of a block: nodes, ports, memories, instances.

use super::depth::{DepthReport, DepthViolation};
use super::pins::Outside;
use std::sync::Arc;
use thiserror::Error;

/// Index of a node inside its module.
pub(super) type NodeId = u32;

/// Error while a netlist is finished.
#[derive(Debug, Error)]
pub enum NetlistError {
    /// A declared wire or state register has no driver.
    #[error("module {module}: signal {signal} is declared and never driven")]
    Undriven {
        /// Module name.
        module: String,
        /// Signal name.
        signal: String,
    },
    /// Combinational logic feeds itself.
    #[error("module {module}: combinational loop through {signal}")]
    Loop {
        /// Module name.
        module: String,
        /// A signal on the loop.
        signal: String,
    },
    /// A port, memory or instance has a name that Verilog keeps for itself.
    #[error("module {module}: {name} is a reserved word of Verilog")]
    Reserved {
        /// Module name.
        module: String,
        /// The name.
        name: String,
    },
    /// Two ports, memories or instances, or one of them and a table, have one name.
    #[error("module {module}: two ports, memories, tables or instances are called {name}")]
    NameTwice {
        /// Module name.
        module: String,
        /// The name.
        name: String,
    },
    /// The enable of a gated instance is no register, or a gated instance stands in a gated instance.
    #[error("module {module}: gate of {instance}: {what}")]
    Gate {
        /// Module name.
        module: String,
        /// Instance name.
        instance: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// An instance leaves an input open or names a port that does not exist.
    #[error("module {module}: instance {instance} of {child}: port {port}: {what}")]
    Port {
        /// Module name.
        module: String,
        /// Instance name.
        instance: String,
        /// Name of the instantiated module.
        child: String,
        /// Port name.
        port: String,
        /// What is wrong with it.
        what: String,
    },
}

/// What a synthesis tool shall make of a memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RamStyle {
    /// The tool decides.
    Auto,
    /// Block RAM.
    Block,
    /// LUT RAM.
    Lut,
    /// UltraRAM.
    Ultra,
}

/// Deepest memory that is made of LUTs where the tool decides, and words of one LUT.
const LUT_RAM_DEPTH: usize = 64;

impl RamStyle {
    /// LUTs that an address of the memory reaches; 0 where it is made of blocks.
    pub fn luts(self, depth: usize, width: u32) -> u32 {
        match self {
            Self::Auto if depth > LUT_RAM_DEPTH => 0,
            Self::Auto | Self::Lut => width * depth.div_ceil(LUT_RAM_DEPTH) as u32,
            Self::Block | Self::Ultra => 0,
        }
    }

    pub(super) fn attribute(self) -> &'static str {
        match self {
            Self::Auto => "",
            Self::Block => "(* ram_style = \"block\" *) ",
            Self::Lut => "(* ram_style = \"distributed\" *) ",
            Self::Ultra => "(* ram_style = \"ultra\" *) ",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    /// Bits `lo ..` of an input port.
    Input {
        port: u32,
        lo: u32,
    },
    Const(u128),
    /// Declared first, driven later.
    Wire,
    Not,
    And,
    Or,
    Xor,
    /// One to three zero-extended rows.
    Sum,
    Sub,
    Mul,
    /// Both factors and the product in two's complement.
    MulSigned,
    Eq,
    Lt,
    Slice(u32),
    /// Least significant part first.
    Cat,
    SignExtend,
    /// Arguments: select, value if 1, value if 0.
    Mux,
    /// Arguments: select word, options.
    Select,
    AnyBit,
    AllBits,
    Parity,
    /// Arguments: data, then enable if `en`.
    Reg {
        en: bool,
        reset: Option<u128>,
    },
    /// Registered read; argument: address.
    RamRead(u32),
    /// Registered read of constant memory; argument: address.
    RomRead(u32),
    /// Bits `lo ..` of an output port of an instance.
    InstanceOut {
        instance: u32,
        port: u32,
        lo: u32,
    },
}

impl Op {
    /// True where the value comes out of a register, so no path runs through the node.
    pub(super) fn is_register(&self) -> bool {
        matches!(self, Op::Reg { .. } | Op::RamRead(_) | Op::RomRead(_))
    }
}

#[derive(Clone, Debug, Hash)]
pub(super) struct Node {
    pub op: Op,
    pub args: Vec<NodeId>,
    pub width: u32,
    pub name: Option<String>,
    /// One of several alike, each with its share of the loads: no tool may merge them.
    pub replicated: bool,
}

#[derive(Clone, Debug, Hash)]
pub(super) struct InPort {
    pub name: String,
    pub width: u32,
}

#[derive(Clone, Debug, Hash)]
pub(super) struct OutPort {
    pub name: String,
    /// Least significant word first.
    pub words: Vec<NodeId>,
    pub width: u32,
    /// Loads of each bit outside, as far as its maker knows.
    pub expected_loads: u32,
}

#[derive(Clone, Debug, Hash)]
pub(super) struct RamDef {
    pub name: String,
    pub depth: usize,
    pub width: u32,
    pub style: RamStyle,
    /// Enable, address, data.
    pub write: Option<[NodeId; 3]>,
}

#[derive(Clone, Debug, Hash)]
pub(super) struct RomDef {
    pub name: String,
    pub width: u32,
    pub values: Arc<Vec<u128>>,
}

#[derive(Clone, Debug)]
pub(super) struct InstanceDef {
    pub name: String,
    pub child: Arc<Module>,
    /// By input port of the child: words, least significant first.
    pub inputs: Vec<Vec<NodeId>>,
    /// Its clock ticks while this is 1 (and under reset); none: always.
    pub gate: Option<NodeId>,
}

/// A finished block. Cheap to share; instantiate it with [`super::Builder::instance`].
#[derive(Clone, Debug)]
pub struct Module {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) nodes: Vec<Node>,
    pub(super) inputs: Vec<InPort>,
    pub(super) outputs: Vec<OutPort>,
    pub(super) rams: Vec<RamDef>,
    pub(super) roms: Vec<RomDef>,
    pub(super) instances: Vec<InstanceDef>,
    pub(super) has_reset: bool,
    /// An instance below has a gated clock.
    pub(super) has_gate: bool,
    pub(super) keep: bool,
    /// One of many lanes: emitted side by side with the others.
    pub(super) lane: bool,
    pub(super) depth: DepthReport,
    pub(super) outside: Outside,
}

/// Direction, name and width of a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortInfo {
    /// Name in the Verilog text.
    pub name: String,
    /// Width in bits.
    pub width: u32,
    /// True for an output.
    pub output: bool,
}

impl Module {
    /// The first of the instances that have their clock from the same gate as `instance`; none if it has the module's.
    pub(super) fn gate_of(&self, instance: &InstanceDef) -> Option<&InstanceDef> {
        instance.gate?;
        let key = |i: &InstanceDef| (i.gate, i.child.has_reset);
        self.instances.iter().find(|i| key(i) == key(instance))
    }

    /// Whether the gate of `instance` is made with it: once for all instances under one enable.
    pub(super) fn has_own_gate(&self, instance: &InstanceDef) -> bool {
        self.gate_of(instance)
            .is_some_and(|first| std::ptr::eq(first, instance))
    }

    /// Name of the Verilog module.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The one or two lines that say what the block does.
    pub fn doc(&self) -> &str {
        &self.doc
    }

    /// True if the module has the port `rst`.
    pub fn has_reset(&self) -> bool {
        self.has_reset
    }

    /// All ports but `clk` and `rst`, inputs first.
    pub fn ports(&self) -> Vec<PortInfo> {
        let ins = self.inputs.iter().map(|p| PortInfo {
            name: p.name.clone(),
            width: p.width,
            output: false,
        });
        let outs = self.outputs.iter().map(|p| PortInfo {
            name: p.name.clone(),
            width: p.width,
            output: true,
        });
        ins.chain(outs).collect()
    }

    /// Widths of the words that a port is made of, lowest first; empty when there is no such port.
    pub fn port_words(&self, port: &str) -> Vec<u32> {
        if let Some(index) = self.inputs.iter().position(|p| p.name == port) {
            let word = |node: &Node| match node.op {
                Op::Input { port, lo } if port as usize == index => Some((lo, node.width)),
                _ => None,
            };
            let mut words: Vec<_> = self.nodes.iter().filter_map(word).collect();
            words.sort_unstable();
            return words.into_iter().map(|(_, width)| width).collect();
        }
        let found = self.outputs.iter().find(|p| p.name == port);
        let words = found.map_or(&[][..], |p| &p.words);
        words
            .iter()
            .map(|&w| self.nodes[w as usize].width)
            .collect()
    }

    /// Depth of the paths of this module (children have their own report).
    pub fn depth_report(&self) -> &DepthReport {
        &self.depth
    }

    /// The paths that break the depth rule, here and in all that is below: module and path.
    pub fn depth_violations(&self) -> Vec<(&str, &DepthViolation)> {
        let own = self.depth.violations.iter().map(|v| (self.name(), v));
        let below = self
            .instances
            .iter()
            .flat_map(|i| i.child.depth_violations());
        own.chain(below).collect()
    }

    /// The modules instantiated here, one entry an instance: instance name and module.
    pub fn children(&self) -> impl Iterator<Item = (&str, &Arc<Module>)> {
        self.instances.iter().map(|i| (i.name.as_str(), &i.child))
    }

    /// Every product in this module (children not counted): the widths of the two's complement multiplier that it needs,
    /// the wider factor first. A factor without sign counts a bit more than it has.
    pub fn products(&self) -> Vec<(u32, u32)> {
        let of = |n: &Node, more: u32| {
            let w = |i: usize| self.nodes[n.args[i] as usize].width + more;
            (w(0).max(w(1)), w(0).min(w(1)))
        };
        let product = |n: &Node| match n.op {
            Op::Mul => Some(of(n, 1)),
            Op::MulSigned => Some(of(n, 0)),
            _ => None,
        };
        self.nodes.iter().filter_map(product).collect()
    }

    /// Bits held in registers of this module (children not counted).
    pub fn register_bits(&self) -> u64 {
        let regs = self.nodes.iter().filter(|n| n.op.is_register());
        regs.map(|n| u64::from(n.width)).sum()
    }
}
