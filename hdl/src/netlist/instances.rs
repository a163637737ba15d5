//! Modules inside a module: connection, outputs, clock gates.

use super::builder::Builder;
use super::expr::Sig;
use super::module::{InstanceDef, Module, NetlistError, Op};
use std::sync::Arc;

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

impl Builder {
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
}
