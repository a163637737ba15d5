//! Joins blocks by the names of their ports: an output drives the net of its name, inputs read it, in any order.

use crate::netlist::{Builder, Instance, Module, Sig};
use std::collections::HashMap;
use std::sync::Arc;

/// The nets of a module under construction; a net is made of the words of the port that is met first.
pub struct Wiring<'b> {
    b: &'b Builder,
    nets: HashMap<String, Vec<Sig<'b>>>,
}

impl<'b> Wiring<'b> {
    /// No nets yet.
    pub fn new(b: &'b Builder) -> Self {
        Self {
            b,
            nets: HashMap::new(),
        }
    }

    /// The words of a net, to be driven elsewhere if nobody has yet.
    pub fn read(&mut self, net: &str, widths: &[u32]) -> Vec<Sig<'b>> {
        let b = self.b;
        let name = |i: usize| match widths.len() {
            1 => net.to_owned(),
            _ => format!("{net}_{i}"),
        };
        let wires = || {
            let words = widths.iter().enumerate();
            words.map(|(i, w)| b.wire(&name(i), *w)).collect()
        };
        self.nets
            .entry(net.to_owned())
            .or_insert_with(wires)
            .clone()
    }

    /// Drives a net.
    pub fn drive(&mut self, net: &str, words: &[Sig<'b>]) {
        let Some(wires) = self.nets.get(net) else {
            self.nets.insert(net.to_owned(), words.to_vec());
            return;
        };
        assert_eq!(wires.len(), words.len(), "net {net}: words");
        for (wire, word) in wires.iter().zip(words) {
            self.b.drive(*wire, *word);
        }
    }

    /// An input port that drives the net of its name.
    pub fn input(&mut self, port: &str, count: usize, width: u32) {
        let words = self.b.input_words(port, count, width);
        self.drive(port, &words);
    }

    /// An output port that shows the net of its name.
    pub fn output(&mut self, port: &str, widths: &[u32]) {
        let words = self.read(port, widths);
        self.b.output_words(port, &words);
    }

    /// Instantiates `child`; its port p is joined with the net `net(p)`.
    pub fn instance(
        &mut self,
        child: &Arc<Module>,
        name: &str,
        net: impl Fn(&str) -> String,
    ) -> Instance<'b> {
        let ports = child.ports();
        let inputs: Vec<(&str, Vec<Sig>)> = ports
            .iter()
            .filter(|port| !port.output)
            .map(|port| {
                let widths = child.port_words(&port.name);
                (port.name.as_str(), self.read(&net(&port.name), &widths))
            })
            .collect();
        let made = self.b.instance_words(child, name, &inputs);
        for port in ports.iter().filter(|port| port.output) {
            self.drive(&net(&port.name), &made.words(&port.name));
        }
        made
    }
}
