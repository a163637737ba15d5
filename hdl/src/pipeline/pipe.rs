//! A module under construction, seen as a pipeline.

use super::block::Port;
use super::row::Row;
use super::value::{Format, Value};
use super::word::{Clock, Word, width_of};
use crate::netlist::{Builder, Ram, RamStyle, Sig};
use std::cell::{Cell, RefCell};

/// One operand of a sum: a row, or one row an option of a multiplexer (a power of two of them).
#[derive(Clone, Debug)]
pub struct Choice<'b> {
    /// The rows; their number is a power of two.
    pub options: Vec<Row<'b>>,
}

/// The result of a sum before its register: it goes into a register or a memory, nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Unregistered<'b> {
    sig: Sig<'b>,
    max: u128,
    clock: Clock,
}

impl<'b> Unregistered<'b> {
    /// The signal, for the write port of a memory.
    pub fn sig(self) -> Sig<'b> {
        self.sig
    }

    /// The largest value.
    pub fn max(self) -> u128 {
        self.max
    }

    /// The clock in which row 0 stands at the register's input.
    pub fn clock(self) -> Clock {
        self.clock
    }
}

/// Adds time labels, ranges and balancing to a [`Builder`], and records the ports.
pub struct Pipe<'b> {
    builder: &'b Builder,
    pub(super) inputs: RefCell<Vec<Port>>,
    pub(super) outputs: RefCell<Vec<Port>>,
    serial: Cell<u32>,
}

impl<'b> Pipe<'b> {
    /// A pipeline in `builder`.
    pub fn new(builder: &'b Builder) -> Self {
        Self {
            builder,
            inputs: RefCell::default(),
            outputs: RefCell::default(),
            serial: Cell::new(0),
        }
    }

    /// The netlist below.
    pub fn builder(&self) -> &'b Builder {
        self.builder
    }

    /// A number that no other call returns: makes instance names unique.
    pub fn serial(&self) -> u32 {
        self.serial.replace(self.serial.get() + 1)
    }

    /// An input port of values up to `max`, whose row 0 comes in `clock`.
    pub fn input(&self, name: &str, max: u128, clock: Clock) -> Word<'b> {
        self.inputs.borrow_mut().push(Port {
            name: name.to_owned(),
            max,
            clock,
        });
        let sig = self.builder.input(name, width_of(max));
        Word::new(sig, max, clock)
    }

    /// Input ports `name_0 ..` for the limbs of a value.
    pub fn input_value(&self, name: &str, format: &Format, clock: Clock) -> Value<'b> {
        let limb = |(i, (column, max)): (usize, &(u32, u128))| {
            (self.input(&format!("{name}_{i}"), *max, clock), *column)
        };
        Value {
            limbs: format.limbs.iter().enumerate().map(limb).collect(),
            offset: format.offset,
        }
    }

    /// An output port.
    pub fn output(&self, name: &str, word: Word<'b>) {
        self.outputs.borrow_mut().push(Port {
            name: name.to_owned(),
            max: word.max(),
            clock: word.clock(),
        });
        self.builder
            .output(name, word.sig().resize(width_of(word.max())));
    }

    /// Output ports `name_0 ..` for the limbs of a value.
    pub fn output_value(&self, name: &str, value: &Value<'b>) {
        for (i, (word, _)) in value.limbs.iter().enumerate() {
            self.output(&format!("{name}_{i}"), *word);
        }
    }

    /// `word` delayed until its row 0 stands in `clock`.
    ///
    /// # Panics
    /// If the word comes later than that: an error of the generator.
    pub fn delay(&self, word: Word<'b>, clock: Clock) -> Word<'b> {
        let by = clock - word.clock();
        assert!(by >= 0, "{}: {word:?} for {clock}", self.builder.name());
        let sig = self.builder.delay(word.sig(), by as usize);
        Word::new(sig, word.max(), clock)
    }

    /// `value` delayed until all its limbs stand in `clock`.
    pub fn delay_value(&self, value: &Value<'b>, clock: Clock) -> Value<'b> {
        Value {
            limbs: value
                .limbs
                .iter()
                .map(|&(w, c)| (self.delay(w, clock), c))
                .collect(),
            offset: value.offset,
        }
    }

    /// All values delayed to the clock of the latest.
    pub fn align(&self, values: &mut [Value<'b>]) -> Clock {
        let clock = values.iter().map(Value::clock).max().unwrap_or(0);
        for v in values.iter_mut() {
            *v = self.delay_value(v, clock);
        }
        clock
    }

    /// A sum in front of its register. `max` bounds the true result; it decides the width.
    pub fn sum_unregistered(
        &self,
        rows: &[Choice<'b>],
        select: &[Word<'b>],
        max: u128,
    ) -> Unregistered<'b> {
        let words = rows
            .iter()
            .flat_map(|c| c.options.iter().flat_map(|r| r.words()));
        let clock = words
            .chain(select.iter().copied())
            .map(Word::clock)
            .max()
            .unwrap_or(0);
        let width = width_of(max);
        let row = |r: &Row<'b>| r.signal(self.builder, width, clock, |w, c| self.delay(w, c));
        let select: Vec<Sig<'b>> = select.iter().map(|s| self.delay(*s, clock).sig()).collect();
        let operand = |choice: &Choice<'b>| {
            let options: Vec<Sig<'b>> = choice.options.iter().map(row).collect();
            match options.as_slice() {
                [one] => *one,
                [if0, if1] => self.builder.mux(select[0], *if1, *if0),
                many => self.builder.select(self.builder.cat(&select), many),
            }
        };
        let operands: Vec<Sig<'b>> = rows.iter().map(operand).collect();
        let sig = match operands.as_slice() {
            [] => self.builder.lit(0, width),
            some => self.builder.sum(some, width),
        };
        Unregistered { sig, max, clock }
    }

    /// The register behind a sum.
    pub fn register(&self, sum: Unregistered<'b>) -> Word<'b> {
        Word::new(self.builder.reg(sum.sig), sum.max, sum.clock + 1)
    }

    /// A sum with its register.
    pub fn sum(&self, rows: &[Choice<'b>], select: &[Word<'b>], max: u128) -> Word<'b> {
        self.register(self.sum_unregistered(rows, select, max))
    }

    /// A registered sum of plain rows; the range follows from theirs.
    pub fn sum_rows(&self, rows: &[Row<'b>]) -> Word<'b> {
        let max = rows.iter().map(Row::max).sum();
        let choices: Vec<Choice<'b>> = rows
            .iter()
            .map(|r| Choice {
                options: vec![r.clone()],
            })
            .collect();
        self.sum(&choices, &[], max)
    }

    /// A registered multiplexer of equal-ranged words.
    pub fn select(&self, options: &[Word<'b>], select: &[Word<'b>]) -> Word<'b> {
        let max = options.iter().map(|w| w.max()).max().unwrap_or(0);
        let options = options.iter().map(|w| Row::whole(*w)).collect();
        self.sum(&[Choice { options }], select, max)
    }

    /// A registered control bit computed from registered bits of the same clock.
    pub fn control(&self, inputs: &[Word<'b>], logic: impl Fn(&[Sig<'b>]) -> Sig<'b>) -> Word<'b> {
        let clock = inputs.iter().map(|w| w.clock()).max().unwrap_or(0);
        let sigs: Vec<Sig<'b>> = inputs.iter().map(|w| self.delay(*w, clock).sig()).collect();
        let sig = self.builder.reg(logic(&sigs));
        Word::new(sig, super::word::ones(sig.width()), clock + 1)
    }

    /// A memory of `depth` words: row 0 of `data` is written at the end of its clock and read
    /// with the address in `read`; the limbs of one value share the memory.
    pub fn memory(
        &self,
        name: &str,
        depth: usize,
        data: &[Unregistered<'b>],
        write: (Word<'b>, Word<'b>),
        read: Word<'b>,
    ) -> Vec<Word<'b>> {
        let clock = data.iter().map(|d| d.clock()).max().unwrap_or(0);
        debug_assert!(
            data.iter().all(|d| d.clock() == clock),
            "limbs of one clock"
        );
        let widths: Vec<u32> = data.iter().map(|d| d.sig().width()).collect();
        let ram: Ram = self
            .builder
            .ram(name, depth, widths.iter().sum(), RamStyle::Auto);
        let (enable, address) = write;
        let joined: Vec<Sig<'b>> = data.iter().map(|d| d.sig()).collect();
        self.builder.ram_write(
            &ram,
            self.delay(enable, clock).sig(),
            self.delay(address, clock).sig(),
            self.builder.cat(&joined),
        );
        let word = self.builder.ram_read(&ram, read.sig());
        let mut at = 0;
        data.iter()
            .zip(widths)
            .map(|(d, width)| {
                at += width;
                Word::new(word.slice(at - width, width), d.max(), read.clock() + 1)
            })
            .collect()
    }
}
