//! Verilog text of a module and its children: one file a module, equal modules once.

use super::module::{Module, Op};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

/// A file of an emitted design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmittedFile {
    /// File name without a folder: `<module>.v` or `<image>.hex`.
    pub name: String,
    /// Contents.
    pub text: String,
}

/// Words that Verilog keeps for itself and that a generator might use as a name.
const KEYWORDS: &[&str] = &[
    "always",
    "assign",
    "begin",
    "bit",
    "buf",
    "byte",
    "case",
    "cell",
    "config",
    "default",
    "design",
    "disable",
    "do",
    "else",
    "end",
    "event",
    "final",
    "for",
    "force",
    "function",
    "if",
    "in",
    "initial",
    "inout",
    "input",
    "int",
    "instance",
    "int",
    "join",
    "large",
    "liblist",
    "library",
    "local",
    "logic",
    "medium",
    "module",
    "new",
    "not",
    "or",
    "output",
    "packed",
    "parameter",
    "priority",
    "process",
    "ref",
    "reg",
    "release",
    "repeat",
    "return",
    "sequence",
    "signed",
    "small",
    "specify",
    "static",
    "step",
    "strong",
    "super",
    "supply0",
    "table",
    "task",
    "this",
    "time",
    "tri",
    "type",
    "union",
    "unique",
    "use",
    "var",
    "vector",
    "void",
    "wait",
    "wand",
    "weak",
    "while",
    "wire",
    "with",
    "wor",
    "xnor",
    "xor",
    "and",
    "nand",
    "nor",
    "clk",
    "rst",
];

/// All files of `top`: modules children first, then memory images.
pub fn emit(top: &Arc<Module>) -> Vec<EmittedFile> {
    let mut design = Design::default();
    design.visit(top);
    let modules = design.modules.into_iter();
    let images = design.images.into_iter();
    modules
        .chain(images)
        .map(|(name, text)| EmittedFile { name, text })
        .collect()
}

/// Instance path and module name of every instance below and with `top`.
pub fn module_map(top: &Arc<Module>) -> Vec<(String, String)> {
    let mut design = Design::default();
    design.visit(top);
    let mut map = Vec::new();
    fn walk(d: &Design, m: &Arc<Module>, path: String, map: &mut Vec<(String, String)>) {
        map.push((path.clone(), d.names[&Arc::as_ptr(m)].clone()));
        for i in &m.instances {
            walk(d, &i.child, format!("{path}.{}", i.name), map);
        }
    }
    let path = top.name.clone();
    walk(&design, top, path, &mut map);
    map
}

#[derive(Default)]
struct Design {
    /// Verilog name by module.
    names: HashMap<*const Module, String>,
    /// Name by text, so that equal modules are emitted once.
    by_text: HashMap<String, String>,
    used: HashSet<String>,
    /// In order of emission.
    modules: Vec<(String, String)>,
    images: BTreeMap<String, String>,
}

impl Design {
    fn visit(&mut self, module: &Arc<Module>) -> String {
        if let Some(name) = self.names.get(&Arc::as_ptr(module)) {
            return name.clone();
        }
        let children: Vec<String> = module
            .instances
            .iter()
            .map(|i| self.visit(&i.child))
            .collect();
        let mut text = Text::new(module);
        let images: Vec<String> = module
            .roms
            .iter()
            .map(|rom| {
                let digits = rom.width.div_ceil(4) as usize;
                let lines: String = rom.values.iter().fold(String::new(), |mut s, v| {
                    let _ = writeln!(s, "{v:0digits$x}");
                    s
                });
                self.image(&rom.name, lines)
            })
            .collect();
        let body = text.body(&children, &images);
        if let Some(name) = self.by_text.get(&body) {
            self.names.insert(Arc::as_ptr(module), name.clone());
            return name.clone();
        }
        let mut name = module.name.clone();
        let mut n = 2;
        while !self.used.insert(name.clone()) {
            name = format!("{}_{n}", module.name);
            n += 1;
        }
        let full = format!("{}module {name} (\n{body}", header(module, &name));
        self.by_text.insert(body, name.clone());
        self.names.insert(Arc::as_ptr(module), name.clone());
        self.modules.push((format!("{name}.v"), full));
        name
    }

    fn image(&mut self, name: &str, lines: String) -> String {
        let mut n = 0;
        loop {
            let file = format!("{name}_{n}.hex");
            match self.images.get(&file) {
                None => {
                    self.images.insert(file.clone(), lines);
                    return file;
                }
                Some(old) if *old == lines => return file,
                Some(_) => n += 1,
            }
        }
    }
}

fn header(module: &Module, name: &str) -> String {
    let mut s = format!("// {name}\n");
    for line in module.doc.lines() {
        let _ = writeln!(s, "// {line}");
    }
    s.push_str("// Generated by goldilane; SPDX-License-Identifier: MIT OR Apache-2.0\n");
    s.push_str("`default_nettype none\n\n");
    s
}

struct Text<'m> {
    module: &'m Module,
    names: Vec<String>,
    live: Vec<bool>,
}

fn range(width: u32) -> String {
    if width == 1 {
        String::new()
    } else {
        format!("[{}:0] ", width - 1)
    }
}

impl<'m> Text<'m> {
    fn new(module: &'m Module) -> Self {
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
                .flat_map(|i| i.inputs.iter().flatten().copied()),
        );
        let mut rams = vec![false; m.rams.len()];
        while let Some(id) = stack.pop() {
            if std::mem::replace(&mut self.live[id as usize], true) {
                continue;
            }
            let node = &m.nodes[id as usize];
            stack.extend(&node.args);
            if let Op::RamRead(r) = node.op
                && !std::mem::replace(&mut rams[r as usize], true)
            {
                stack.extend(m.rams[r as usize].write.iter().flatten());
            }
        }
    }

    fn choose_names(&mut self) {
        let m = self.module;
        let mut used: HashSet<String> = KEYWORDS.iter().map(|s| (*s).to_owned()).collect();
        used.extend(m.inputs.iter().map(|p| p.name.clone()));
        used.extend(m.outputs.iter().map(|p| p.name.clone()));
        used.extend(m.rams.iter().map(|r| r.name.clone()));
        used.extend(m.roms.iter().map(|r| r.name.clone()));
        used.extend(m.instances.iter().map(|i| i.name.clone()));
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

    fn literal(value: u128, width: u32) -> String {
        format!("{width}'h{value:x}")
    }

    fn reference(&self, id: u32) -> String {
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

    fn bits(name: &str, whole: u32, lo: u32, width: u32) -> String {
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
            Op::SignExtend => {
                let more = node.width - width_of(0);
                let top = Self::bits(&a(0), width_of(0), width_of(0) - 1, 1);
                format!("{{{{{more}{{{top}}}}}, {}}}", a(0))
            }
            Op::Mux => format!("{} ? {} : {}", a(0), a(1), a(2)),
            Op::Select => self.selection(node.args[0], &node.args[1..], width_of(0)),
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

    fn selection(&self, select: u32, options: &[u32], bits: u32) -> String {
        if options.iter().all(|o| *o == options[0]) {
            return self.reference(options[0]);
        }
        let half = options.len() / 2;
        let whole = self.module.nodes[select as usize].width;
        let bit = Self::bits(&self.reference(select), whole, bits - 1, 1);
        let low = self.selection(select, &options[..half], bits - 1);
        let high = self.selection(select, &options[half..], bits - 1);
        if low == high {
            return low;
        }
        format!("({bit} ? {high} : {low})")
    }

    fn body(&mut self, children: &[String], images: &[String]) -> String {
        let mut s = String::new();
        self.ports(&mut s);
        let (mut plain, mut gated) = (String::new(), String::new());
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
                    plain,
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
        for (inst, child) in m.instances.iter().zip(children) {
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
            match &node.op {
                Op::Reg { en, reset } => {
                    let _ = writeln!(s, "  reg {}{name};", range(node.width));
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
                                gated,
                                "    if (rst) {name} <= {v}; else {enable}{name} <= {data};"
                            );
                        }
                        None => {
                            let _ = writeln!(plain, "    {enable}{name} <= {data};");
                        }
                    }
                }
                Op::RamRead(r) => {
                    let _ = writeln!(s, "  reg {}{name};", range(node.width));
                    let ram = &m.rams[*r as usize].name;
                    let _ = writeln!(
                        plain,
                        "    {name} <= {ram}[{}];",
                        self.reference(node.args[0])
                    );
                }
                Op::RomRead(r) => {
                    let _ = writeln!(s, "  reg {}{name};", range(node.width));
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
                _ => {
                    let _ = writeln!(
                        s,
                        "  wire {}{name} = {};",
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
        if !plain.is_empty() || !gated.is_empty() {
            let _ = writeln!(s, "  always @(posedge clk) begin\n{plain}{gated}  end");
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

    fn instance(&self, s: &mut String, inst: &super::module::InstanceDef, child: &str) {
        let mut pins = vec![".clk(clk)".to_owned()];
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
