//! Verilog text of one module: names, declarations, expressions, instances.

use super::emit::GATE;
use super::emit_order::alike;
use super::emit_select::{Form, needed};
use super::keywords;
use super::module::{InstanceDef, Module, Node, Op};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// The text of one module in the making.
pub(super) struct Text<'m> {
    pub(super) module: &'m Module,
    names: Vec<String>,
    live: Vec<bool>,
}

pub(super) fn range(width: u32) -> String {
    if width == 1 {
        String::new()
    } else {
        format!("[{}:0] ", width - 1)
    }
}

/// The attribute that keeps a tool from merging copies.
pub(super) fn keep(node: &Node) -> &'static str {
    match (node.replicated, node.op.is_register()) {
        (false, _) => "",
        (true, false) => "(* keep = \"true\" *) ",
        (true, true) => "(* keep = \"true\", dont_merge *) ",
    }
}

impl<'m> Text<'m> {
    pub(super) fn new(module: &'m Module) -> Self {
        let mut text = Text {
            module,
            names: Vec::new(),
            live: vec![false; module.nodes.len()],
        };
        text.mark_live();
        text.choose_names();
        text
    }

    fn mark_live(&mut self) {
        let m = self.module;
        let mut stack: Vec<u32> = m.outputs.iter().flat_map(|o| o.words.clone()).collect();
        stack.extend(
            m.instances
                .iter()
                .flat_map(|i| i.inputs.iter().flatten().chain(&i.gate).copied()),
        );
        let mut rams = vec![false; m.rams.len()];
        while let Some(id) = stack.pop() {
            if std::mem::replace(&mut self.live[id as usize], true) {
                continue;
            }
            let node = &m.nodes[id as usize];
            stack.extend(needed(m, node));
            if let Op::RamRead(r) = node.op
                && !std::mem::replace(&mut rams[r as usize], true)
            {
                stack.extend(m.rams[r as usize].write.iter().flatten());
            }
        }
    }

    fn choose_names(&mut self) {
        let m = self.module;
        let mut used: HashSet<String> = keywords::reserved().map(str::to_owned).collect();
        used.extend(m.inputs.iter().map(|p| p.name.clone()));
        used.extend(m.outputs.iter().map(|p| p.name.clone()));
        used.extend(m.rams.iter().map(|r| r.name.clone()));
        // As `body` names them: those behind the first with their number.
        used.extend(m.roms.iter().map(|r| r.name.clone()));
        used.extend((m.roms.iter().enumerate()).map(|(i, r)| format!("{}_{i}", r.name)));
        used.extend(m.instances.iter().map(|i| i.name.clone()));
        for inst in m.instances.iter().filter(|i| i.gate.is_some()) {
            used.extend(["clk", "gate"].map(|end| format!("{}_{end}", inst.name)));
        }
        let mut fresh = |wish: String| {
            let mut name = wish.clone();
            let mut n = 2;
            while !used.insert(name.clone()) {
                name = format!("{wish}_{n}");
                n += 1;
            }
            name
        };
        let mut names = Vec::with_capacity(m.nodes.len());
        for (i, node) in m.nodes.iter().enumerate() {
            let whole = |width: u32| width == node.width;
            names.push(match &node.op {
                Op::Input { port, .. } => {
                    let p = &m.inputs[*port as usize];
                    if whole(p.width) {
                        p.name.clone()
                    } else {
                        fresh(format!("w{i}"))
                    }
                }
                op if self.live[i] => match &node.name {
                    Some(name) => fresh(name.clone()),
                    None if op.is_register() => fresh(format!("r{i}")),
                    None => fresh(format!("w{i}")),
                },
                _ => String::new(),
            });
        }
        self.names = names;
    }

    pub(super) fn literal(value: u128, width: u32) -> String {
        format!("{width}'h{value:x}")
    }

    pub(super) fn reference(&self, id: u32) -> String {
        let node = &self.module.nodes[id as usize];
        match node.op {
            Op::Const(v) => Self::literal(v, node.width),
            _ => self.names[id as usize].clone(),
        }
    }

    /// The value zero-extended to `width`, so that no operator extends silently.
    fn extended(&self, id: u32, width: u32) -> String {
        let own = self.module.nodes[id as usize].width;
        match self.module.nodes[id as usize].op {
            Op::Const(v) => Self::literal(v, width),
            _ if own == width => self.reference(id),
            _ => format!("{{{}'h0, {}}}", width - own, self.reference(id)),
        }
    }

    /// The value sign-extended to `width`, which is more than its own.
    fn sign_extended(&self, id: u32, width: u32) -> String {
        let own = self.module.nodes[id as usize].width;
        let top = Self::bits(&self.reference(id), own, own - 1, 1);
        format!("{{{{{}{{{top}}}}}, {}}}", width - own, self.reference(id))
    }

    pub(super) fn bits(name: &str, whole: u32, lo: u32, width: u32) -> String {
        if width == whole {
            name.to_owned()
        } else if width == 1 {
            format!("{name}[{lo}]")
        } else {
            format!("{name}[{}:{lo}]", lo + width - 1)
        }
    }

    fn expression(&self, id: u32) -> String {
        let m = self.module;
        let node = &m.nodes[id as usize];
        let a = |k: usize| self.reference(node.args[k]);
        let width_of = |k: usize| m.nodes[node.args[k] as usize].width;
        match &node.op {
            Op::Input { port, lo } => {
                let p = &m.inputs[*port as usize];
                Self::bits(&p.name, p.width, *lo, node.width)
            }
            Op::Wire => a(0),
            Op::Not => format!("~{}", a(0)),
            Op::And => format!("{} & {}", a(0), a(1)),
            Op::Or => format!("{} | {}", a(0), a(1)),
            Op::Xor => format!("{} ^ {}", a(0), a(1)),
            Op::Sum => {
                let rows: Vec<String> = node
                    .args
                    .iter()
                    .map(|&r| self.extended(r, node.width))
                    .collect();
                rows.join(" + ")
            }
            Op::Sub => format!("{} - {}", a(0), a(1)),
            Op::Mul => format!(
                "{} * {}",
                self.extended(node.args[0], node.width),
                self.extended(node.args[1], node.width)
            ),
            // Extended by hand: a linter takes a product of narrower words for an oversight.
            Op::MulSigned => format!(
                "$signed({}) * $signed({})",
                self.sign_extended(node.args[0], node.width),
                self.sign_extended(node.args[1], node.width)
            ),
            Op::Eq => format!("{} == {}", a(0), a(1)),
            Op::Lt => format!("{} < {}", a(0), a(1)),
            Op::Slice(lo) => match m.nodes[node.args[0] as usize].op {
                Op::Const(v) => {
                    Self::literal((v >> lo) & super::expr::mask(node.width), node.width)
                }
                _ => Self::bits(&a(0), width_of(0), *lo, node.width),
            },
            Op::Cat => {
                let parts: Vec<String> =
                    node.args.iter().rev().map(|&p| self.reference(p)).collect();
                format!("{{{}}}", parts.join(", "))
            }
            Op::SignExtend => self.sign_extended(node.args[0], node.width),
            Op::Mux => format!("{} ? {} : {}", a(0), a(1), a(2)),
            Op::Select => self.selection(node),
            Op::AnyBit => format!("|{}", a(0)),
            Op::AllBits => format!("&{}", a(0)),
            Op::Parity => format!("^{}", a(0)),
            Op::InstanceOut { instance, port, lo } => {
                let inst = &m.instances[*instance as usize];
                let p = &inst.child.outputs[*port as usize];
                Self::bits(
                    &format!("{}_{}", inst.name, p.name),
                    p.width,
                    *lo,
                    node.width,
                )
            }
            op => unreachable!("{op:?} is no expression"),
        }
    }

    /// The module's text behind its name.
    pub(super) fn body(&mut self, children: &[String], images: &[String]) -> String {
        let mut s = String::new();
        self.ports(&mut s);
        // Registers without and with reset; then those of which there are several alike.
        let mut registers = [const { (String::new(), String::new()) }; 2];
        let m = self.module;
        for (i, ram) in m.rams.iter().enumerate() {
            let read = m
                .nodes
                .iter()
                .zip(&self.live)
                .any(|(n, l)| *l && n.op == Op::RamRead(i as u32));
            if !read {
                continue;
            }
            let _ = writeln!(
                s,
                "  {}reg {}{} [0:{}];",
                ram.style.attribute(),
                range(ram.width),
                ram.name,
                ram.depth - 1
            );
            if let Some([en, addr, data]) = ram.write {
                let _ = writeln!(
                    registers[0].0,
                    "    if ({}) {}[{}] <= {};",
                    self.reference(en),
                    ram.name,
                    self.reference(addr),
                    self.reference(data)
                );
            }
        }
        let mut roms = HashMap::new();
        for (i, (rom, image)) in m.roms.iter().zip(images).enumerate() {
            let used = m
                .nodes
                .iter()
                .zip(&self.live)
                .any(|(n, l)| *l && n.op == Op::RomRead(i as u32));
            if !used {
                continue;
            }
            let name = if roms.is_empty() {
                rom.name.clone()
            } else {
                format!("{}_{i}", rom.name)
            };
            let _ = writeln!(
                s,
                "  reg {}{name} [0:{}];",
                range(rom.width),
                rom.values.len() - 1
            );
            let _ = writeln!(s, "  initial $readmemh(\"{image}\", {name});");
            roms.insert(i as u32, name);
        }
        for id in alike(m) {
            if self.live[id as usize] {
                let (node, name) = (&m.nodes[id as usize], &self.names[id as usize]);
                let _ = writeln!(s, "  {}reg {}{name};", keep(node), range(node.width));
            }
        }
        for (inst, child) in m.instances.iter().zip(children) {
            if m.has_own_gate(inst) {
                self.gate(&mut s, inst);
            }
            self.instance(&mut s, inst, child);
        }
        for (i, node) in m.nodes.iter().enumerate() {
            if !self.live[i] || matches!(node.op, Op::Const(_)) {
                continue;
            }
            if matches!(node.op, Op::Input { port, .. } if m.inputs[port as usize].width == node.width)
            {
                continue;
            }
            let name = &self.names[i];
            let (plain, resettable) = &mut registers[usize::from(node.replicated)];
            match &node.op {
                Op::Reg { en, reset } => {
                    let data = self.reference(node.args[0]);
                    let enable = if *en {
                        format!("if ({}) ", self.reference(node.args[1]))
                    } else {
                        String::new()
                    };
                    match reset {
                        Some(v) => {
                            let v = Self::literal(*v, node.width);
                            let _ = writeln!(
                                resettable,
                                "    if (rst) {name} <= {v}; else {enable}{name} <= {data};"
                            );
                        }
                        None => {
                            let _ = writeln!(plain, "    {enable}{name} <= {data};");
                        }
                    }
                }
                Op::RamRead(r) => {
                    let ram = &m.rams[*r as usize].name;
                    let _ = writeln!(
                        plain,
                        "    {name} <= {ram}[{}];",
                        self.reference(node.args[0])
                    );
                }
                Op::RomRead(r) => {
                    let _ = writeln!(
                        plain,
                        "    {name} <= {}[{}];",
                        roms[r],
                        self.reference(node.args[0])
                    );
                }
                // Declared before all assignments: a wire may be used above its driver.
                Op::Wire => {
                    let _ = writeln!(s, "  wire {}{name};", range(node.width));
                }
                Op::Select if matches!(Form::of(m, node), Form::Table) => {
                    self.table(&mut s, name, node);
                }
                _ => {
                    let _ = writeln!(
                        s,
                        "  {}wire {}{name} = {};",
                        keep(node),
                        range(node.width),
                        self.expression(i as u32)
                    );
                }
            }
        }
        for (i, node) in m.nodes.iter().enumerate() {
            if self.live[i] && node.op == Op::Wire {
                let _ = writeln!(
                    s,
                    "  assign {} = {};",
                    self.names[i],
                    self.expression(i as u32)
                );
            }
        }
        for out in &m.outputs {
            let words: Vec<String> = out.words.iter().rev().map(|&w| self.reference(w)).collect();
            let value = if words.len() == 1 {
                words[0].clone()
            } else {
                format!("{{{}}}", words.join(", "))
            };
            let _ = writeln!(s, "  assign {} = {value};", out.name);
        }
        for (kept, (plain, resettable)) in registers.iter().enumerate() {
            // Some tools look for the attribute at the register, others at what assigns it.
            let attribute = ["", "  (* keep = \"true\" *)\n"][kept];
            if !plain.is_empty() || !resettable.is_empty() {
                let begin = "  always @(posedge clk) begin";
                let _ = writeln!(s, "{attribute}{begin}\n{plain}{resettable}  end");
            }
        }
        s.push_str("endmodule\n\n`default_nettype wire\n");
        s
    }

    fn ports(&self, s: &mut String) {
        let m = self.module;
        let mut ports = vec!["  input wire clk".to_owned()];
        if m.has_reset {
            ports.push("  input wire rst".to_owned());
        }
        ports.extend(
            m.inputs
                .iter()
                .map(|p| format!("  input wire {}{}", range(p.width), p.name)),
        );
        ports.extend(
            m.outputs
                .iter()
                .map(|p| format!("  output wire {}{}", range(p.width), p.name)),
        );
        let keep = if m.keep {
            " /* verilator no_inline_module */"
        } else {
            ""
        };
        let _ = writeln!(s, "{}\n);{keep}", ports.join(",\n"));
    }

    /// The clock of `inst` and of all instances behind it under the same enable.
    fn gate(&self, s: &mut String, inst: &InstanceDef) {
        let name = &inst.name;
        let enable = inst.gate.map(|enable| self.reference(enable));
        let enable = enable.unwrap_or_default();
        let reset = if inst.child.has_reset { " | rst" } else { "" };
        let _ = writeln!(
            s,
            "  wire {name}_clk;\n  {GATE} {name}_gate (\n    .clk(clk),\n    .enable({enable}{reset}),\n    .gated({name}_clk)\n  );"
        );
    }

    fn instance(&self, s: &mut String, inst: &InstanceDef, child: &str) {
        let mut pins = vec![match self.module.gate_of(inst) {
            None => ".clk(clk)".to_owned(),
            Some(first) => format!(".clk({}_clk)", first.name),
        }];
        if inst.child.has_reset {
            pins.push(".rst(rst)".to_owned());
        }
        for (port, words) in inst.child.inputs.iter().zip(&inst.inputs) {
            let words: Vec<String> = words.iter().rev().map(|&w| self.reference(w)).collect();
            let value = if words.len() == 1 {
                words[0].clone()
            } else {
                format!("{{{}}}", words.join(", "))
            };
            pins.push(format!(".{}({value})", port.name));
        }
        for port in &inst.child.outputs {
            let wire = format!("{}_{}", inst.name, port.name);
            let _ = writeln!(s, "  wire {}{wire};", range(port.width));
            pins.push(format!(".{}({wire})", port.name));
        }
        let _ = writeln!(
            s,
            "  {child} {} (\n    {}\n  );",
            inst.name,
            pins.join(",\n    ")
        );
    }
}
