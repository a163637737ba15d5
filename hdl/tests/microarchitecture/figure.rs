//! Cycle figures: ports over the clocks of a simulation, as text.

use goldilane_hdl::netlist::{Module, Sim};
use std::collections::HashMap;
use std::sync::Arc;

/// A simulation that remembers what is at its inputs.
pub struct Bench {
    sim: Sim,
    inputs: HashMap<String, Vec<u128>>,
}

impl Bench {
    /// Behind the reset, all inputs 0.
    pub fn new(module: &Arc<Module>) -> Self {
        let mut sim = Sim::new(module);
        if module.has_reset() {
            sim.set("rst", 1);
            sim.clock();
            sim.set("rst", 0);
        }
        let ports = module.ports().into_iter().filter(|p| !p.output);
        let zeros = |name: &str| vec![0; module.port_words(name).len()];
        let inputs = ports.map(|p| (p.name.clone(), zeros(&p.name)));
        Self {
            sim,
            inputs: inputs.collect(),
        }
    }

    /// Sets an input of one word, or all words of it to the same value.
    pub fn set(&mut self, port: &str, value: u128) {
        let words = self
            .inputs
            .get_mut(port)
            .unwrap_or_else(|| panic!("no input {port}"));
        words.fill(value);
        self.sim.set_words(port, words);
    }

    /// Sets an input of several words.
    pub fn set_words(&mut self, port: &str, words: &[u128]) {
        self.inputs.insert(port.to_owned(), words.to_vec());
        self.sim.set_words(port, words);
    }

    /// Several inputs.
    pub fn set_all(&mut self, inputs: &[(&str, u128)]) {
        for &(port, value) in inputs {
            self.set(port, value);
        }
    }

    /// Clocks in which nothing changes.
    pub fn run(&mut self, clocks: usize) {
        (0..clocks).for_each(|_| self.sim.clock());
    }

    /// 1 at the input for a clock.
    pub fn pulse(&mut self, port: &str) {
        self.set(port, 1);
        self.run(1);
        self.set(port, 0);
    }

    /// Value of an output of one word.
    pub fn get(&mut self, port: &str) -> u128 {
        self.sim.get(port)
    }

    /// Clocks until the output is 1.
    pub fn run_until(&mut self, port: &str) {
        for _ in 0..5000 {
            if self.get(port) == 1 {
                return;
            }
            self.run(1);
        }
        panic!("{port} stays 0");
    }

    /// The value that a figure shows: of a port, of word i of it (`port.i`), of bit i of it (`port@i`).
    pub fn shown(&mut self, name: &str) -> u128 {
        let (port, part) = match name.split_once(['.', '@']) {
            Some((port, part)) => (port, part.parse().expect("a number")),
            None => (name, 0),
        };
        let words = match self.inputs.get(port) {
            Some(words) => words.clone(),
            None => self.sim.get_words(port),
        };
        match name.contains('@') {
            true => words[0] >> part & 1,
            false => words[part],
        }
    }

    /// A line for each of the ports `shown`, a column for each clock; a dot stands for 0. `drive` sets the inputs of a
    /// clock.
    pub fn figure(
        &mut self,
        clocks: usize,
        shown: &[&str],
        drive: impl FnMut(&mut Bench, usize),
    ) -> String {
        self.figure_with(clocks, shown, ("", &|_| 0), drive)
    }

    /// The same with a last line that is computed, unless it has no name.
    pub fn figure_with(
        &mut self,
        clocks: usize,
        shown: &[&str],
        (computed, compute): (&str, &dyn Fn(&mut Bench) -> u128),
        mut drive: impl FnMut(&mut Bench, usize),
    ) -> String {
        let mut head = vec!["clock".to_owned()];
        head.extend((0..clocks).map(|c| c.to_string()));
        let names = shown.iter().copied().chain([computed]);
        let names = names.filter(|name| !name.is_empty());
        let mut lines: Vec<Vec<String>> = names.map(|name| vec![name.to_owned()]).collect();
        for clock in 0..clocks {
            drive(self, clock);
            for (i, line) in lines.iter_mut().enumerate() {
                let value = match shown.get(i) {
                    Some(name) => self.shown(name),
                    None => compute(self),
                };
                line.push(cell(value));
            }
            self.run(1);
        }
        lines.insert(0, head);
        aligned(&lines)
    }
}

/// A number in a figure: large ones as a power of two or in hexadecimal.
fn cell(value: u128) -> String {
    match value {
        0 => ".".to_owned(),
        _ if value >= 1 << 14 && value.is_power_of_two() => format!("2^{}", value.ilog2()),
        _ if value >= 1_000_000 => format!("{value:#x}"),
        _ => value.to_string(),
    }
}

/// Lines of cells in columns, the first one to the left, the others to the right.
pub fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| lines.iter().filter_map(|l| l.get(c)).map(String::len).max();
    let widths: Vec<usize> = (0..columns).map(|c| width(c).unwrap_or(0)).collect();
    let mut text = String::new();
    for line in lines {
        let mut row = format!("{:<w$}", line[0], w = widths[0]);
        for (cell, w) in line[1..].iter().zip(&widths[1..]) {
            row += &format!(" {cell:>w$}");
        }
        text += row.trim_end();
        text.push('\n');
    }
    text
}

/// The value while the clock is in the range, else 0.
pub fn at(clock: usize, range: std::ops::Range<usize>, value: u128) -> u128 {
    if range.contains(&clock) { value } else { 0 }
}
