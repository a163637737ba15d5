//! Ports as the modules have them against the tables of the pages.

use crate::expression;
use crate::pages::{Page, Section, is};
use goldilane_abi::Shape;
use goldilane_hdl::arith::tile_mul::Multiplier;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::netlist::Module;
use goldilane_hdl::top::goldilane;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The boards of the comparison: named ones, and two whose numbers occur in none of them.
fn configurations() -> Vec<Configuration> {
    let two_masks = Shape {
        lanes: 16,
        polynomial_size: 1024,
        glwe_dimension: 2,
        max_pbs_levels: 2,
        slots: 5,
        key_switch_products: 64,
        memory_ports: 4,
        ..Shape::TOY
    };
    let large = Shape {
        lanes: 32,
        polynomial_size: 4096,
        max_pbs_levels: 2,
        key_switch_products: 128,
        slots: 1,
        host_bus_bits: 256,
        ..Shape::SIM
    };
    let own = [
        Configuration::new("two_masks", two_masks, Multiplier::Karatsuba),
        Configuration::new("large", large, Multiplier::Tiles18),
    ];
    let named = ["toy", "sim", "u280", "v80"].map(Configuration::find);
    let all = named.into_iter().chain(own);
    all.map(|c| c.expect("a configuration")).collect()
}

fn walk(module: &Arc<Module>, found: &mut HashMap<String, Arc<Module>>) {
    if found
        .insert(module.name().to_owned(), module.clone())
        .is_none()
    {
        for (_, child) in module.children() {
            walk(child, found);
        }
    }
}

/// Compares a module; notes the rows that it uses.
fn compare(
    module: &Module,
    section: &Section,
    shape: &Shape,
    used: &mut HashSet<String>,
    wrong: &mut Vec<String>,
) {
    for port in module.ports() {
        let mine = |pattern: &&String| is(pattern, &port.name);
        let found = section
            .rows
            .iter()
            .find_map(|row| row.names.iter().find(mine).map(|name| (row, name)));
        let place = format!("{}.{}", module.name(), port.name);
        let Some((row, name)) = found else {
            wrong.push(format!("{place}: {} bits, not on its page", port.width));
            continue;
        };
        used.insert(format!("{}.{name}", section.modules[0]));
        if row.output != port.output {
            wrong.push(format!("{place}: the direction"));
        }
        if let Some(width) = &row.width {
            let said = expression::value(width, shape);
            if said != u64::from(port.width) {
                wrong.push(format!(
                    "{place}: {} bits, not {width} = {said}",
                    port.width
                ));
            }
        }
    }
}

/// Every port of every module of all boards, and no port that there is not.
pub fn check(pages: &[Page]) {
    let sections: Vec<Section> = pages.iter().flat_map(Page::sections).collect();
    let mut used = HashSet::new();
    let mut wrong = Vec::new();
    for configuration in configurations() {
        let board = goldilane(&configuration).expect("builds");
        let mut modules = HashMap::new();
        walk(&board, &mut modules);
        for (name, module) in &modules {
            // The board itself is the one module that is named after its configuration.
            let name = match name == board.name() {
                true => "goldilane",
                false => name,
            };
            let of = |s: &&Section| s.modules.iter().any(|m| is(m, name));
            match sections.iter().find(of) {
                Some(section) => {
                    used.insert(section.modules[0].clone());
                    compare(module, section, &configuration.shape, &mut used, &mut wrong);
                }
                None => wrong.push(format!("module {name} has no section")),
            }
        }
    }
    for section in &sections {
        let first = &section.modules[0];
        // A section without a module is one of text; one of a module that is gone is not.
        if !used.contains(first) {
            wrong.push(format!("there is no module {first}"));
            continue;
        }
        for name in section.rows.iter().flat_map(|row| &row.names) {
            if !used.contains(&format!("{first}.{name}")) {
                wrong.push(format!("there is no port {first}.{name}"));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
