//! Our modules as rust-hdl blocks.
//!
//! A [`Framed`] module has its ports as rust-hdl atoms of the width that the configuration gave them, simulates through
//! the native [`Sim`] when rust-hdl updates it, and gives rust-hdl the Verilog of its instance, so that it can stand in a
//! rust-hdl hierarchy beside kernels of rust-hdl's own. The text of the module itself comes from
//! [`crate::netlist::emit`] and goes into the same file list: rust-hdl would print one copy an instance.

use crate::netlist::{Module, Sim};
use rust_hdl_core::prelude::{
    Atom, AtomKind, Block, Logic, PinConstraint, Probe, TypeDescriptor, TypeKind, VCDValue,
    Verilog, VerilogLiteral, Wrapper,
};
use rust_hdl_core::signal::get_signal_id;
use std::fmt::Write as _;
use std::sync::Arc;

/// A port: a word or several words, lowest first.
#[derive(Clone, Debug)]
pub struct Port {
    name: String,
    width: u32,
    output: bool,
    id: usize,
    words: Vec<u128>,
    next: Vec<u128>,
    changed: bool,
    connected: bool,
}

impl Port {
    fn new(name: &str, width: u32, output: bool, words: usize) -> Self {
        Self {
            name: name.to_owned(),
            width,
            output,
            id: get_signal_id(),
            words: vec![0; words],
            next: vec![0; words],
            changed: false,
            connected: output,
        }
    }

    /// Name in the Verilog text.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Atom for Port {
    fn bits(&self) -> usize {
        self.width as usize
    }

    fn connected(&self) -> bool {
        self.connected
    }

    fn changed(&self) -> bool {
        self.changed
    }

    fn kind(&self) -> AtomKind {
        if self.output {
            AtomKind::OutputParameter
        } else {
            AtomKind::InputParameter
        }
    }

    fn descriptor(&self) -> TypeDescriptor {
        TypeDescriptor {
            name: format!("bits::{}", self.width),
            kind: TypeKind::Bits(self.width as usize),
        }
    }

    fn vcd(&self) -> VCDValue {
        let digits = self.words.iter().rev().fold(String::new(), |mut s, w| {
            let _ = write!(s, "{w:x}");
            s
        });
        VCDValue::String(digits)
    }

    fn id(&self) -> usize {
        self.id
    }

    fn verilog(&self) -> VerilogLiteral {
        VerilogLiteral::from(0u64)
    }

    fn constraints(&self) -> Vec<PinConstraint> {
        Vec::new()
    }
}

impl Logic for Port {
    fn update(&mut self) {}

    fn connect(&mut self) {
        self.connected = true;
    }
}

impl Block for Port {
    fn connect_all(&mut self) {}

    fn update_all(&mut self) {
        self.changed = self.words != self.next;
        self.words.clone_from(&self.next);
    }

    fn has_changed(&self) -> bool {
        self.changed
    }

    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        probe.visit_atom(name, self);
    }
}

/// A finished module as a rust-hdl block.
pub struct Framed {
    module: Arc<Module>,
    sim: Sim,
    ports: Vec<Port>,
    clock_was: u128,
}

impl Framed {
    /// Frames `module`. Its ports are `clk`, `rst` if it has one, and its own.
    pub fn new(module: &Arc<Module>) -> Self {
        let mut ports = vec![Port::new("clk", 1, false, 1)];
        if module.has_reset() {
            ports.push(Port::new("rst", 1, false, 1));
        }
        for port in module.ports() {
            let words = module.port_words(&port.name).len();
            ports.push(Port::new(&port.name, port.width, port.output, words));
        }
        Self {
            module: module.clone(),
            sim: Sim::new(module),
            ports,
            clock_was: 0,
        }
    }

    fn index(&self, port: &str) -> usize {
        let found = self.ports.iter().position(|p| p.name == port);
        found.unwrap_or_else(|| panic!("module {} has no port {port}", self.module.name()))
    }

    /// Sets an input port (words, lowest first) for the next update.
    pub fn set(&mut self, port: &str, words: &[u128]) {
        let index = self.index(port);
        self.ports[index].next = words.to_vec();
    }

    /// The words of a port, lowest first.
    pub fn get(&self, port: &str) -> &[u128] {
        &self.ports[self.index(port)].words
    }
}

impl Logic for Framed {
    fn update(&mut self) {
        let clock = self.ports[0].words[0];
        let rising = clock == 1 && self.clock_was == 0;
        self.clock_was = clock;
        for port in self.ports.iter().skip(1).filter(|p| !p.output) {
            if port.name == "rst" {
                self.sim.set("rst", port.words[0]);
            } else {
                self.sim.set_words(&port.name, &port.words);
            }
        }
        if rising {
            self.sim.clock();
        }
        for port in self.ports.iter_mut().filter(|p| p.output) {
            port.next = self.sim.get_words(&port.name);
        }
    }

    fn connect(&mut self) {
        self.ports
            .iter_mut()
            .filter(|p| p.output)
            .for_each(Logic::connect);
    }

    fn hdl(&self) -> Verilog {
        let pins: Vec<String> = self
            .ports
            .iter()
            .map(|p| format!(".{0}({0})", p.name))
            .collect();
        Verilog::Wrapper(Wrapper {
            code: format!(
                "{} u_core (\n  {}\n);",
                self.module.name(),
                pins.join(",\n  ")
            ),
            // Empty: two instances would print the text twice (see the file list instead).
            cores: String::new(),
        })
    }
}

impl Block for Framed {
    fn connect_all(&mut self) {
        self.connect();
    }

    fn update_all(&mut self) {
        self.update();
        self.ports.iter_mut().for_each(Block::update_all);
    }

    fn has_changed(&self) -> bool {
        self.ports.iter().any(Block::has_changed)
    }

    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        probe.visit_start_scope(name, self);
        for port in &self.ports {
            port.accept(&port.name, probe);
        }
        probe.visit_end_scope(name, self);
    }
}
