//! The instruction set of the shell's [controller](super::controller) and its assembler.
//!
//! One instruction is one word of [`WIDTH`] bits:
//!
//! | bits | field |
//! |---|---|
//! | 4:0 | operation |
//! | 5 | operand B is the immediate |
//! | 21:6, 23:22 | D: address, index register (0 none, 1 X, 2 Y, 3 Z) |
//! | 39:24, 41:40 | A: address, index register |
//! | 73:42 | B: 32-bit immediate, or address [15:0] and index register [17:16] |
//!
//! Variables are 64-bit words of the scratch memory, all 0 after power-up. D is the place that takes the result, the
//! target of a branch, or the port of an `Out`. A port number travels like an address, so it can be indexed.

use std::collections::HashMap;

/// Bits of an instruction.
pub const WIDTH: u32 = 74;

/// What an instruction does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Op {
    /// D = A + B.
    Add = 0,
    /// D = A - B.
    Sub = 1,
    /// D = A & B.
    And = 2,
    /// D = A | B.
    Or = 3,
    /// D = A << B[5:0].
    Shl = 4,
    /// D = A >> B[5:0]; with an immediate cut to B[14:8] bits.
    Shr = 5,
    /// D = A[15:0] * B[23:0].
    Mul = 6,
    /// D = port B.
    In = 7,
    /// D = B.
    Move = 8,
    /// Port D = B.
    Out = 9,
    /// X = B, Y = B, Z = B.
    SetX = 10,
    /// See [`Op::SetX`].
    SetY = 11,
    /// See [`Op::SetX`].
    SetZ = 12,
    /// D = next instruction; go to B.
    Call = 13,
    /// Go to the instruction whose number A holds.
    Return = 14,
    /// Go to D.
    Jump = 16,
    /// Go to D if A = B.
    IfEq = 17,
    /// Go to D if A != B.
    IfNe = 18,
    /// Go to D if A < B.
    IfLt = 19,
    /// Go to D if A >= B.
    IfGe = 20,
}

/// Index register that is added to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Index {
    /// None.
    None = 0,
    /// X: the queue pair at hand.
    X = 1,
    /// Y: the job or slot at hand.
    Y = 2,
    /// Z: anything, for a few instructions.
    Z = 3,
}

/// A word of the scratch memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Var {
    address: u16,
    index: Index,
}

impl Var {
    /// The word `offset` further on.
    pub fn at(self, offset: usize) -> Self {
        Self {
            address: self.address + offset as u16,
            ..self
        }
    }

    /// The word at X from here.
    pub fn x(self) -> Self {
        Self {
            index: Index::X,
            ..self
        }
    }

    /// The word at Y from here.
    pub fn y(self) -> Self {
        Self {
            index: Index::Y,
            ..self
        }
    }

    /// The word at Z from here.
    pub fn z(self) -> Self {
        Self {
            index: Index::Z,
            ..self
        }
    }

    /// Address in the scratch memory.
    pub fn address(self) -> u16 {
        self.address
    }

    fn bits(self) -> u128 {
        u128::from(self.address) | u128::from(self.index as u8) << 16
    }
}

/// A port, perhaps at an index register from its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port(Var);

/// Port number `number`.
pub const fn port(number: u16) -> Port {
    Port(Var {
        address: number,
        index: Index::None,
    })
}

impl Port {
    /// The port at X from here.
    pub fn x(self) -> Self {
        Self(self.0.x())
    }

    /// The port at Z from here.
    pub fn z(self) -> Self {
        Self(self.0.z())
    }

    /// The port `offset` further on.
    pub fn at(self, offset: usize) -> Self {
        Self(self.0.at(offset))
    }

    /// Its number.
    pub fn number(self) -> u16 {
        self.0.address
    }
}

/// Operand B: a variable or a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A word of the scratch memory.
    Var(Var),
    /// A constant.
    Value(u32),
}

impl From<Var> for Operand {
    fn from(v: Var) -> Self {
        Self::Var(v)
    }
}

impl From<u32> for Operand {
    fn from(v: u32) -> Self {
        Self::Value(v)
    }
}

/// A place in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(usize);

/// A subroutine: where it begins and where it keeps its way back. Not re-entrant.
#[derive(Clone, Copy, Debug)]
pub struct Routine {
    entry: Label,
    link: Var,
}

#[derive(Clone, Copy, Debug)]
enum Target {
    Bits(u128),
    Label(Label),
}

#[derive(Clone, Debug)]
struct Instruction {
    op: Op,
    d: Target,
    a: Var,
    b: Target,
    immediate: bool,
}

/// A program under construction, with its variables.
#[derive(Default)]
pub struct Assembler {
    code: Vec<Instruction>,
    places: Vec<Option<usize>>,
    names: HashMap<usize, String>,
    variables: usize,
}

const NOWHERE: Var = Var {
    address: 0,
    index: Index::None,
};

impl Assembler {
    /// An empty program.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reserves `words` words of scratch memory.
    pub fn array(&mut self, words: usize) -> Var {
        let address = u16::try_from(self.variables).expect("scratch memory within 64 Ki words");
        self.variables += words;
        Var {
            address,
            index: Index::None,
        }
    }

    /// Reserves one word of scratch memory.
    pub fn variable(&mut self) -> Var {
        self.array(1)
    }

    /// Words of scratch memory reserved so far.
    pub fn scratch_words(&self) -> usize {
        self.variables
    }

    /// A place to be bound later.
    pub fn label(&mut self) -> Label {
        self.places.push(None);
        Label(self.places.len() - 1)
    }

    /// Binds `label` here.
    pub fn bind(&mut self, label: Label) {
        assert!(self.places[label.0].is_none(), "a label has one place");
        self.places[label.0] = Some(self.code.len());
    }

    /// A label bound here.
    pub fn here(&mut self) -> Label {
        let label = self.label();
        self.bind(label);
        label
    }

    /// Declares a subroutine.
    pub fn routine(&mut self) -> Routine {
        Routine {
            entry: self.label(),
            link: self.variable(),
        }
    }

    /// Begins the text of `routine`; `name` stands in the listing.
    pub fn begin(&mut self, routine: Routine, name: &str) {
        self.bind(routine.entry);
        self.names.insert(self.code.len(), name.to_owned());
    }

    fn push(&mut self, op: Op, d: Target, a: Var, b: Operand) {
        let (b, immediate) = match b {
            Operand::Var(v) => (Target::Bits(v.bits()), false),
            Operand::Value(v) => (Target::Bits(v.into()), true),
        };
        self.code.push(Instruction {
            op,
            d,
            a,
            b,
            immediate,
        });
    }

    fn compute(&mut self, op: Op, d: Var, a: Var, b: impl Into<Operand>) {
        self.push(op, Target::Bits(d.bits()), a, b.into());
    }

    /// `d = a + b`.
    pub fn add(&mut self, d: Var, a: Var, b: impl Into<Operand>) {
        self.compute(Op::Add, d, a, b);
    }

    /// `d = a - b`.
    pub fn sub(&mut self, d: Var, a: Var, b: impl Into<Operand>) {
        self.compute(Op::Sub, d, a, b);
    }

    /// `d = a & b`.
    pub fn and(&mut self, d: Var, a: Var, b: impl Into<Operand>) {
        self.compute(Op::And, d, a, b);
    }

    /// `d = a | b`.
    pub fn or(&mut self, d: Var, a: Var, b: impl Into<Operand>) {
        self.compute(Op::Or, d, a, b);
    }

    /// `d = a << b`.
    pub fn shl(&mut self, d: Var, a: Var, b: impl Into<Operand>) {
        self.compute(Op::Shl, d, a, b);
    }

    /// `d = a >> b`, `b` a variable.
    pub fn shr(&mut self, d: Var, a: Var, b: Var) {
        self.compute(Op::Shr, d, a, b);
    }

    /// `d` = bits `low .. low + width` of `a`.
    pub fn bits(&mut self, d: Var, a: Var, low: u32, width: u32) {
        assert!(low < 64 && (1..=64).contains(&width), "a bit field");
        self.compute(Op::Shr, d, a, low | width << 8);
    }

    /// `d = a[15:0] * b[23:0]`.
    pub fn mul(&mut self, d: Var, a: Var, b: impl Into<Operand>) {
        self.compute(Op::Mul, d, a, b);
    }

    /// `d` = what the port reads.
    pub fn input(&mut self, d: Var, port: Port) {
        self.push(
            Op::In,
            Target::Bits(d.bits()),
            NOWHERE,
            Operand::Var(port.0),
        );
    }

    /// `d = b`.
    pub fn set(&mut self, d: Var, b: impl Into<Operand>) {
        self.compute(Op::Move, d, NOWHERE, b);
    }

    /// Writes `b` to the port.
    pub fn output(&mut self, port: Port, b: impl Into<Operand>) {
        self.push(Op::Out, Target::Bits(port.0.bits()), NOWHERE, b.into());
    }

    /// `X = b`.
    pub fn set_x(&mut self, b: impl Into<Operand>) {
        self.push(Op::SetX, Target::Bits(0), NOWHERE, b.into());
    }

    /// `Y = b`.
    pub fn set_y(&mut self, b: impl Into<Operand>) {
        self.push(Op::SetY, Target::Bits(0), NOWHERE, b.into());
    }

    /// `Z = b`.
    pub fn set_z(&mut self, b: impl Into<Operand>) {
        self.push(Op::SetZ, Target::Bits(0), NOWHERE, b.into());
    }

    /// Calls a subroutine.
    pub fn call(&mut self, routine: Routine) {
        self.code.push(Instruction {
            op: Op::Call,
            d: Target::Bits(routine.link.bits()),
            a: NOWHERE,
            b: Target::Label(routine.entry),
            immediate: true,
        });
    }

    /// Goes back to the caller of `routine`.
    pub fn ret(&mut self, routine: Routine) {
        self.push(Op::Return, Target::Bits(0), routine.link, Operand::Value(0));
    }

    /// Goes to `label`.
    pub fn jump(&mut self, label: Label) {
        self.push(Op::Jump, Target::Label(label), NOWHERE, Operand::Value(0));
    }

    /// Goes to `label` if `a = b`.
    pub fn if_eq(&mut self, a: Var, b: impl Into<Operand>, label: Label) {
        self.push(Op::IfEq, Target::Label(label), a, b.into());
    }

    /// Goes to `label` if `a != b`.
    pub fn if_ne(&mut self, a: Var, b: impl Into<Operand>, label: Label) {
        self.push(Op::IfNe, Target::Label(label), a, b.into());
    }

    /// Goes to `label` if `a < b`.
    pub fn if_lt(&mut self, a: Var, b: impl Into<Operand>, label: Label) {
        self.push(Op::IfLt, Target::Label(label), a, b.into());
    }

    /// Goes to `label` if `a >= b`.
    pub fn if_ge(&mut self, a: Var, b: impl Into<Operand>, label: Label) {
        self.push(Op::IfGe, Target::Label(label), a, b.into());
    }

    /// The words of the program; every label must be bound.
    pub fn words(&self) -> Vec<u128> {
        let place = |label: Label| {
            self.places[label.0].expect("every label of the program has a place") as u128
        };
        let bits = |t: Target| match t {
            Target::Bits(v) => v,
            Target::Label(l) => place(l),
        };
        let word = |i: &Instruction| {
            i.op as u128
                | u128::from(i.immediate) << 5
                | bits(i.d) << 6
                | i.a.bits() << 24
                | bits(i.b) << 42
        };
        self.code.iter().map(word).collect()
    }

    /// The program as text, one instruction a line.
    pub fn listing(&self) -> String {
        let mut text = String::new();
        for (at, i) in self.code.iter().enumerate() {
            if let Some(name) = self.names.get(&at) {
                text += &format!("{name}:\n");
            }
            let bits = |t: Target| match t {
                Target::Bits(v) => format!("{v:x}"),
                Target::Label(l) => format!("@{:x}", self.places[l.0].unwrap_or(0)),
            };
            let mark = if i.immediate { "#" } else { "" };
            text += &format!(
                "{at:4x}  {:<7}{:>6} {:>6} {mark}{}\n",
                format!("{:?}", i.op),
                bits(i.d),
                format!("{:x}", i.a.bits()),
                bits(i.b)
            );
        }
        text
    }
}
