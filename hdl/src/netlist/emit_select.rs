//! Selections in Verilog: tables, windows that slide over a word, trees of multiplexers.
//!
//! Each is written in the form that tools and readers know it by. It also decides about the speed of simulation: a
//! table becomes one load and a window one shift, where a tree of multiplexers costs instructions by the option.

use super::emit_text::{Text, keep, range};
use super::module::{Module, Node, NodeId, Op};
use std::fmt::Write;

/// How a selection is written.
pub(super) enum Form {
    /// All options are constants.
    Table,
    /// Option i is the bits `i << stride ..` of one word.
    Window { word: NodeId, stride: u32 },
    /// Anything else.
    Tree,
}

impl Form {
    pub(super) fn of(m: &Module, node: &Node) -> Self {
        let options = &node.args[1..];
        let op = |id: &NodeId| &m.nodes[*id as usize];
        if options.iter().all(|o| matches!(op(o).op, Op::Const(_))) {
            return Self::Table;
        }
        let word = op(&options[0]).args.first().copied();
        let places: Option<Vec<u32>> = options
            .iter()
            .map(|o| match op(o).op {
                Op::Slice(lo) if op(o).args.first().copied() == word => Some(lo),
                _ => None,
            })
            .collect();
        match (word, places.as_deref()) {
            (Some(word), Some([0, second, ..])) if second.is_power_of_two() => {
                let even = |places: &[u32]| places.windows(2).all(|w| w[0] + second == w[1]);
                if places.as_deref().is_some_and(even) && !matches!(op(&word).op, Op::Const(_)) {
                    let stride = second.trailing_zeros();
                    return Self::Window { word, stride };
                }
                Self::Tree
            }
            _ => Self::Tree,
        }
    }
}

/// The nodes that the text of a node names.
pub(super) fn needed(m: &Module, node: &Node) -> Vec<NodeId> {
    match node.op {
        Op::Select => match Form::of(m, node) {
            Form::Window { word, .. } => vec![node.args[0], word],
            Form::Table | Form::Tree => node.args.clone(),
        },
        _ => node.args.clone(),
    }
}

impl Text<'_> {
    /// Declares `name`, a table: its entries side by side in one constant, each in a power of two of bits.
    pub(super) fn table(&self, s: &mut String, name: &str, node: &Node) {
        let keep = keep(node);
        let entry_bits = node.width.next_power_of_two();
        let select = self.reference(node.args[0]);
        let entries = &node.args[1..];
        let mut bits = Vec::with_capacity(entries.len() * entry_bits as usize);
        for &entry in entries {
            let Op::Const(value) = self.module.nodes[entry as usize].op else {
                unreachable!("a table of constants");
            };
            bits.extend((0..entry_bits).map(|i| value >> i & 1 == 1));
        }
        let digits: String = bits
            .chunks(4)
            .rev()
            .map(|four| {
                four.iter()
                    .rev()
                    .fold(0, |digit, &bit| digit << 1 | u8::from(bit))
            })
            .map(|digit| format!("{digit:x}"))
            .collect();
        let (whole, range) = (bits.len(), range(node.width));
        let place = match entry_bits.trailing_zeros() {
            0 => format!("[{select}]"),
            zeros => format!("[{{{select}, {zeros}'h0}} +: {}]", node.width),
        };
        let _ = writeln!(
            s,
            "  localparam [{}:0] {name}_table = {whole}'h{digits};\n  {keep}wire {range}{name} = {name}_table{place};",
            whole - 1,
        );
    }

    /// The expression of a selection that is no table.
    pub(super) fn selection(&self, node: &Node) -> String {
        let select = node.args[0];
        let bits = self.module.nodes[select as usize].width;
        let Form::Window { word, stride } = Form::of(self.module, node) else {
            return self.tree(select, &node.args[1..], bits);
        };
        let whole = self.module.nodes[word as usize].width;
        let above = (32 - (whole - 1).leading_zeros()).saturating_sub(bits + stride);
        let mut index = vec![self.reference(select)];
        if above > 0 {
            index.insert(0, format!("{above}'h0"));
        }
        if stride > 0 {
            index.push(format!("{stride}'h0"));
        }
        format!(
            "{}[{{{}}} +: {}]",
            self.reference(word),
            index.join(", "),
            node.width
        )
    }

    fn tree(&self, select: NodeId, options: &[NodeId], bits: u32) -> String {
        if options.iter().all(|o| *o == options[0]) {
            return self.reference(options[0]);
        }
        let half = options.len() / 2;
        let whole = self.module.nodes[select as usize].width;
        let bit = Self::bits(&self.reference(select), whole, bits - 1, 1);
        let low = self.tree(select, &options[..half], bits - 1);
        let high = self.tree(select, &options[half..], bits - 1);
        if low == high {
            return low;
        }
        format!("({bit} ? {high} : {low})")
    }
}
