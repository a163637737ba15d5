//! A block twice: natively and in Verilator, with the same random stimuli; every output must agree in every clock.
//!
//! Several blocks go into one library (a wrapper instantiates them side by side), so that a list of blocks costs one run
//! of the compiler. Stimuli: every input bit random in every clock, one-bit inputs with a duty that changes, words that
//! are often all zeros or all ones, `rst` in the first clocks (inputs 0, nothing compared) and now and then later.
//!
//! A memory whose depth is no power of two reads as 0 beyond its end natively and as anything in Verilog: drive such a
//! block from one that keeps its addresses within.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use goldilane_hdl::netlist::{EmittedFile, Module, Sim, emit};

use super::{RtlError, design};
use crate::axi::Random;
use crate::verilator::{Design, Error, Input, Model, Options, Output, Start, build};

/// The first output that differs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "module {module}, clock {clock}, output {port}, word {word}: native {native:#x}, Verilog {verilog:#x}"
)]
pub struct Difference {
    /// The block.
    pub module: String,
    /// The clock.
    pub clock: u64,
    /// The output port.
    pub port: String,
    /// Which of its words, lowest first.
    pub word: usize,
    /// What the native simulation says.
    pub native: u128,
    /// What the Verilog says.
    pub verilog: u128,
}

/// Runs every module of `modules` for `clocks` clocks in both simulations. Modules of equal names and unequal text
/// cannot lie in one library and come into one of their own.
pub fn compare_modules(modules: &[Arc<Module>], clocks: u64, seed: u64) -> Result<(), RtlError> {
    let mut groups: Vec<Group> = Vec::new();
    for module in modules {
        let files = emit(module);
        let index = match groups.iter().position(|group| group.takes(&files)) {
            Some(index) => index,
            None => {
                groups.push(Group::default());
                groups.len() - 1
            }
        };
        groups[index].modules.push(module.clone());
        let named = files.into_iter().map(|file| (file.name, file.text));
        groups[index].files.extend(named);
    }
    for group in &groups {
        compare_group(&group.modules, clocks, seed)?;
    }
    Ok(())
}

/// Modules whose files can lie in one library.
#[derive(Default)]
struct Group {
    modules: Vec<Arc<Module>>,
    files: HashMap<String, String>,
}

impl Group {
    fn takes(&self, files: &[EmittedFile]) -> bool {
        let equal = |file: &EmittedFile| {
            let known = self.files.get(&file.name);
            known.is_none_or(|text| *text == file.text)
        };
        files.iter().all(equal)
    }
}

/// Clocks of reset, inputs 0, before the comparison: natively registers begin with their reset values, in Verilog with
/// zeros, and pipelines without reset carry the difference on.
const SETTLE_CLOCKS: u64 = 512;

const WRAPPER: &str = "side_by_side";

fn compare_group(modules: &[Arc<Module>], clocks: u64, seed: u64) -> Result<(), RtlError> {
    let built = build(&side_by_side(modules), &Options::default())?;
    let mut model = Model::open(&built, Start::Zeros)?;
    let mut blocks = modules
        .iter()
        .enumerate()
        .map(|(index, module)| Block::new(&model, index, module, seed))
        .collect::<Result<Vec<_>, Error>>()?;
    let settle = if modules.iter().any(|module| module.has_reset()) {
        SETTLE_CLOCKS
    } else {
        0
    };
    for clock in 0..settle + clocks {
        for block in &mut blocks {
            block.stimulate(&mut model, clock < settle)?;
        }
        model.eval()?;
        for block in &mut blocks {
            if clock >= settle {
                block.compare(&model, clock)?;
            }
            block.native.clock();
        }
        model.clock()?;
    }
    Ok(())
}

/// The wrapper and everything below it.
fn side_by_side(modules: &[Arc<Module>]) -> Design {
    let mut files: Vec<EmittedFile> = Vec::new();
    let (mut ports, mut instances) = (vec!["  input wire clk".to_owned()], String::new());
    for (index, module) in modules.iter().enumerate() {
        let own = emit(module);
        let top = own
            .iter()
            .rev()
            .find_map(|file| file.name.strip_suffix(".v"))
            .unwrap_or(module.name())
            .to_owned();
        for file in own {
            if !files.contains(&file) {
                files.push(file);
            }
        }
        let mut pins = vec![".clk(clk)".to_owned()];
        let mut port = |name: &str, width: u32, output: bool| {
            let direction = if output { "output" } else { "input" };
            let range = match width {
                1 => String::new(),
                wide => format!("[{}:0] ", wide - 1),
            };
            ports.push(format!("  {direction} wire {range}b{index}_{name}"));
            pins.push(format!(".{name}(b{index}_{name})"));
        };
        if module.has_reset() {
            port("rst", 1, false);
        }
        for info in module.ports() {
            port(&info.name, info.width, info.output);
        }
        let _ = writeln!(
            instances,
            "  {top} u_b{index} (\n    {}\n  );",
            pins.join(",\n    ")
        );
    }
    let text = format!(
        "module {WRAPPER} (\n{}\n);\n{instances}endmodule\n",
        ports.join(",\n")
    );
    files.push(EmittedFile {
        name: format!("{WRAPPER}.v"),
        text,
    });
    design(WRAPPER, Some("clk"), &files)
}

struct BlockPort<P> {
    name: String,
    handle: P,
    words: Vec<u32>,
    bits: usize,
}

struct Block {
    name: String,
    native: Sim,
    inputs: Vec<BlockPort<Input>>,
    outputs: Vec<BlockPort<Output>>,
    rst: Option<Input>,
    random: Random,
    /// Chance in 256 that a one-bit input is 1, for each input.
    duty: Vec<u8>,
}

impl Block {
    fn new(model: &Model, index: usize, module: &Arc<Module>, seed: u64) -> Result<Self, Error> {
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        for info in module.ports() {
            let name = format!("b{index}_{}", info.name);
            let words = module.port_words(&info.name);
            let bits = info.width as usize;
            if info.output {
                outputs.push(BlockPort {
                    handle: model.output(&name, info.width)?,
                    name: info.name,
                    words,
                    bits,
                });
            } else {
                inputs.push(BlockPort {
                    handle: model.input(&name, info.width)?,
                    name: info.name,
                    words,
                    bits,
                });
            }
        }
        Ok(Self {
            name: module.name().to_owned(),
            native: Sim::new(module),
            duty: vec![128; inputs.len()],
            inputs,
            outputs,
            rst: match module.has_reset() {
                true => Some(model.input(&format!("b{index}_rst"), 1)?),
                false => None,
            },
            random: Random::new(seed.wrapping_add(index as u64)),
        })
    }

    fn stimulate(&mut self, model: &mut Model, settling: bool) -> Result<(), Error> {
        if let Some(rst) = self.rst {
            let value = settling || self.random.below(200) == 0;
            model.set(rst, value.into());
            self.native.set("rst", value.into());
        }
        if settling {
            return Ok(());
        }
        for (port, duty) in self.inputs.iter().zip(&mut self.duty) {
            if self.random.below(50) == 0 {
                *duty = [8, 64, 128, 192, 248][self.random.below(5) as usize];
            }
            let mut words = Vec::with_capacity(port.words.len());
            for width in &port.words {
                words.push(stimulus(&mut self.random, *width, *duty));
            }
            self.native.set_words(&port.name, &words);
            model.set_words(port.handle, &pack(port, &words))?;
        }
        Ok(())
    }

    fn compare(&mut self, model: &Model, clock: u64) -> Result<(), RtlError> {
        for port in &self.outputs {
            let native = self.native.get_words(&port.name);
            let mut bits = vec![0; port.bits.div_ceil(64)];
            model.get_words(port.handle, &mut bits)?;
            if bits == pack(port, &native) {
                continue;
            }
            let mut at = 0;
            for (word, (width, native)) in port.words.iter().zip(&native).enumerate() {
                let verilog = slice(&bits, at, *width);
                if verilog != *native {
                    return Err(RtlError::Difference(Box::new(Difference {
                        module: self.name.clone(),
                        clock,
                        port: port.name.clone(),
                        word,
                        native: *native,
                        verilog,
                    })));
                }
                at += *width as usize;
            }
        }
        Ok(())
    }
}

fn stimulus(random: &mut Random, width: u32, duty: u8) -> u128 {
    if width == 1 {
        return random.happens(duty).into();
    }
    let mask = if width >= 128 {
        u128::MAX
    } else {
        (1 << width) - 1
    };
    let word = u128::from(random.word()) << 64 | u128::from(random.word());
    // Carries run where words are nearly all zeros or all ones.
    let value = match random.below(8) {
        0 => 0,
        1 => u128::MAX,
        2 => word & 3,
        3 => !(word & 3),
        _ => word,
    };
    value & mask
}

/// The words of a port as the 64-bit words of its whole width.
fn pack<P>(port: &BlockPort<P>, words: &[u128]) -> Vec<u64> {
    let mut bits = vec![0u64; port.bits.div_ceil(64)];
    let mut at = 0;
    for (width, value) in port.words.iter().zip(words) {
        for (half, part) in [(0, *value as u64), (64, (*value >> 64) as u64)] {
            if half >= *width as usize {
                break;
            }
            let (index, shift) = ((at + half) / 64, (at + half) % 64);
            bits[index] |= part << shift;
            if shift != 0 && part >> (64 - shift) != 0 {
                bits[index + 1] |= part >> (64 - shift);
            }
        }
        at += *width as usize;
    }
    bits
}

/// Bits `at ..` of a wide value.
fn slice(bits: &[u64], at: usize, width: u32) -> u128 {
    (0..width as usize).rev().fold(0, |value, bit| {
        let at = at + bit;
        value << 1 | u128::from(bits[at / 64] >> (at % 64) & 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use goldilane_hdl::netlist::{Builder, RamStyle};

    /// Every kind of node, words of odd widths, a child, a memory, constants.
    fn everything(name: &str) -> Arc<Module> {
        let child = {
            let b = Builder::new("compare_child", "A counter that can be held.");
            let en = b.input("en", 1);
            let count = b.state("count", 5, 3);
            b.drive_en(count, count.add_lit(1), en);
            b.output("value", count);
            b.finish().expect("child")
        };
        let b = Builder::new(name, "Every kind of node.");
        let x = b.input_words("x", 3, 66);
        let (y, en) = (b.input("y", 24), b.input("en", 1));
        let count = b.instance(&child, "u_count", &[("en", en)]).get("value");
        let ram = b.ram("store", 32, 66, RamStyle::Auto);
        b.ram_write(&ram, en, count, x[0]);
        let table: Vec<u128> = (0..32).map(|i| i * 977 % 512).collect();
        b.output_words(
            "words",
            &[
                b.sum(&[x[0], x[1], x[2]], 68),
                x[0] - x[1],
                b.ram_read(&ram, y.slice(0, 5)),
                b.select(y.slice(3, 2), &[x[0], x[1], x[2], !x[0]]),
                b.mul(y, y.slice(4, 9)),
                b.mul_signed(y, y.slice(4, 9), 32),
                b.cat(&[x[2].any(), x[2].all(), x[2].parity(), y.sext(40)]),
            ],
        );
        b.output("narrow", b.reg_en(b.mux(x[0].lt(x[1]), y, !y), en));
        b.output("looked_up", b.rom("entries", 9, &table, count));
        b.finish().expect("module")
    }

    #[test]
    fn both_simulations_agree() {
        let modules = [
            everything("compare_everything"),
            everything("compare_again"),
        ];
        compare_modules(&modules, 3000, 1).expect("agree");
    }

    /// The harness is not blind: Verilog with one operator changed is found.
    #[test]
    fn a_changed_operator_is_found() {
        let difference = |swapped: bool| {
            let b = Builder::new("compare_difference", "A difference of words.");
            let x = b.input_words("x", 2, 66);
            let difference = if swapped { x[1] - x[0] } else { x[0] - x[1] };
            b.output_words("y", &[x[0], b.reg(difference)]);
            b.finish().expect("module")
        };
        let built = build(&side_by_side(&[difference(true)]), &Options::default());
        let mut model = Model::open(&built.expect("build"), Start::Zeros).expect("open");
        let mut block = Block::new(&model, 0, &difference(false), 1).expect("block");
        let mut found = Ok(());
        for clock in 0..10 {
            block.stimulate(&mut model, false).expect("set");
            model.eval().expect("eval");
            found = block.compare(&model, clock);
            if found.is_err() {
                break;
            }
            block.native.clock();
            model.clock().expect("clock");
        }
        assert!(
            matches!(&found, Err(RtlError::Difference(d)) if d.port == "y" && d.word == 1),
            "{found:?}"
        );
    }
}
