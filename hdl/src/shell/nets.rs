//! Wiring by name: an output drives the net of its name, an input reads it, in any order.

use crate::netlist::{Builder, Instance, Module, Sig};
use std::collections::HashMap;
use std::sync::Arc;

/// Word of a wider net.
const WORD: u32 = 64;

/// The nets of a module under construction.
pub struct Nets<'b> {
    b: &'b Builder,
    nets: HashMap<String, Net<'b>>,
}

struct Net<'b> {
    words: Vec<Sig<'b>>,
    driven: bool,
}

fn widths(width: u32) -> Vec<u32> {
    let word = [WORD, WORD / 2]
        .into_iter()
        .find(|word| width.is_multiple_of(*word));
    match word {
        Some(word) if width > WORD => vec![word; (width / word) as usize],
        _ => vec![width],
    }
}

impl<'b> Nets<'b> {
    /// No nets yet.
    pub fn new(b: &'b Builder) -> Self {
        Self {
            b,
            nets: HashMap::new(),
        }
    }

    /// The module under construction.
    pub fn builder(&self) -> &'b Builder {
        self.b
    }

    /// Reads the net.
    pub fn get(&mut self, name: &str, width: u32) -> Vec<Sig<'b>> {
        let b = self.b;
        let net = self.nets.entry(name.to_owned()).or_insert_with(|| {
            let widths = widths(width);
            let several = widths.len() > 1;
            let word = |(i, w): (usize, &u32)| match several {
                true => b.wire(&format!("{name}_{i}"), *w),
                false => b.wire(name, *w),
            };
            Net {
                words: widths.iter().enumerate().map(word).collect(),
                driven: false,
            }
        });
        let given: u32 = net.words.iter().map(|w| w.width()).sum();
        assert_eq!(given, width, "net {name}: widths differ");
        net.words.clone()
    }

    /// Reads a net of at most 64 bits.
    pub fn one(&mut self, name: &str, width: u32) -> Sig<'b> {
        self.get(name, width)[0]
    }

    /// Reads a net of at most 64 bits that stands already.
    pub fn any(&self, name: &str) -> Sig<'b> {
        self.nets[name].words[0]
    }

    /// Drives the net.
    pub fn put(&mut self, name: &str, words: &[Sig<'b>]) {
        let width: u32 = words.iter().map(|w| w.width()).sum();
        let wires = self.get(name, width);
        let mut words = words.iter();
        for wire in &wires {
            let mut parts = Vec::new();
            let mut have = 0;
            while have < wire.width() {
                let part = words.next().expect("widths were compared");
                have += part.width();
                parts.push(*part);
            }
            self.b.drive(*wire, self.b.cat(&parts));
        }
        let net = self.nets.get_mut(name).expect("just read");
        assert!(!net.driven, "net {name} is driven twice");
        net.driven = true;
    }

    /// Instantiates `child`; port p is joined with the net `name(p)`.
    pub fn instance(
        &mut self,
        child: &Arc<Module>,
        instance: &str,
        name: impl Fn(&str) -> String,
    ) -> Instance<'b> {
        let ports = child.ports();
        let inputs: Vec<(&str, Vec<Sig<'b>>)> = ports
            .iter()
            .filter(|p| !p.output)
            .map(|p| (p.name.as_str(), self.get(&name(&p.name), p.width)))
            .collect();
        let made = self.b.instance_words(child, instance, &inputs);
        for port in ports.iter().filter(|p| p.output) {
            self.put(&name(&port.name), &made.words(&port.name));
        }
        made
    }

    /// An input port of the module that drives the net of its name.
    pub fn input(&mut self, name: &str, width: u32) {
        let widths = widths(width);
        let words = self.b.input_words(name, widths.len(), widths[0]);
        self.put(name, &words);
    }

    /// An output port of the module that shows the net of its name.
    pub fn output(&mut self, name: &str, width: u32) {
        let words = self.get(name, width);
        self.b.output_words(name, &words);
    }

    /// Drives the net with a constant.
    pub fn constant(&mut self, name: &str, value: u128, width: u32) {
        let value = self.b.lit(value, width);
        self.put(name, &[value]);
    }
}
