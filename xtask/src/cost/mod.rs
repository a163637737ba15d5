//! `cost`: what the blocks, a lane and the cores take of a chip, by yosys.
//!
//! Every module of a configuration is synthesised once, by itself; what stands below it is a black box there and is added
//! by the number of its instances. What was synthesised before is not synthesised again, so the command goes on where it
//! was stopped. One yosys runs at a time. The page is written after every core.

mod page;
mod resources;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, ensure};
use goldilane_hdl::arith::tile_mul::{Multiplier, mul_lane};
use goldilane_hdl::bootstrap::core::bootstrap_core;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::netlist;
use goldilane_sim::rtl;
use goldilane_verilator::{Cells, Design, Family, synthesise, tools};
use indicatif::{ProgressBar, ProgressStyle};
use resources::Resources;

use crate::cargo::root;
use crate::commit::commit;

/// The page that the command writes.
const PAGE: &str = "docs/cost.md";

/// Configurations by family, with the multiplier that suits it: the same eight lanes on every family, and the core of
/// 128 lanes.
const CORES: [(&str, Family, Multiplier); 4] = [
    ("artix", Family::Ecp5, Multiplier::Tiles18),
    ("artix", Family::Series7, Multiplier::Tiles),
    ("artix", Family::UltraScalePlus, Multiplier::Tiles),
    ("u280", Family::UltraScalePlus, Multiplier::Tiles),
];

/// A module: what it takes by itself, and what stands in it.
struct Module {
    name: String,
    own: Resources,
    children: BTreeMap<String, u64>,
}

/// A core on a family.
struct Core {
    configuration: Configuration,
    family: Family,
    top: String,
    /// Children first.
    modules: Vec<Module>,
}

impl Core {
    /// What a module takes with everything below it.
    fn total(&self, name: &str) -> Resources {
        let Some(module) = self.modules.iter().find(|m| m.name == name) else {
            return Resources::default();
        };
        let children = module.children.iter();
        children.fold(module.own.clone(), |sum, (child, count)| {
            sum.plus(&self.total(child), *count)
        })
    }

    /// Instances by module, the top once.
    fn instances(&self) -> BTreeMap<&str, u64> {
        let mut count = BTreeMap::from([(self.top.as_str(), 1)]);
        for module in self.modules.iter().rev() {
            let here = count.get(module.name.as_str()).copied().unwrap_or(0);
            for (child, times) in &module.children {
                *count.entry(child).or_insert(0) += here * times;
            }
        }
        count
    }
}

/// Runs the command; `only` leaves out the cores of other configurations.
///
/// # Errors
/// No tool, a module that yosys refuses, a page that cannot be written.
pub fn run(only: Option<&str>) -> Result<()> {
    let mut multipliers = Vec::new();
    for form in Multiplier::ALL {
        let (block, _) = mul_lane(form, 2)?;
        let design = rtl::design("mul_lane", Some("clk"), &netlist::emit(block.module()));
        for family in Family::ALL {
            let cells = synthesise(&design, family)?;
            multipliers.push((form, family, Resources::of(&cells)));
        }
    }
    let (yosys, commit) = (tools::yosys()?.version()?, commit()?);
    let path = root()?.join(PAGE);
    let mut cores = Vec::new();
    for (name, family, form) in CORES {
        if only.is_none_or(|only| only == name) {
            cores.push(core(name, family, form)?);
            let text = page::page(&multipliers, &cores, &yosys, &commit);
            fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
            println!("{name} on {}: in {}", family.name(), path.display());
        }
    }
    ensure!(
        !cores.is_empty(),
        "no core of this configuration is counted"
    );
    Ok(())
}

fn core(name: &str, family: Family, multiplier: Multiplier) -> Result<Core> {
    let configuration = Configuration {
        multiplier,
        ..Configuration::find(name)?
    };
    let top = bootstrap_core(&configuration.shape, multiplier)?;
    let files = netlist::emit_apart(&top);
    let names: Vec<String> = files
        .iter()
        .filter_map(|file| file.name.strip_suffix(".v").map(str::to_owned))
        .collect();
    let mut design = rtl::design(top.name(), Some("clk"), &files);
    let bar = ProgressBar::new(names.len() as u64);
    bar.set_style(ProgressStyle::with_template(
        "{prefix} [{bar:30}] {pos}/{len} {elapsed} {msg}",
    )?);
    bar.set_prefix(format!("{name} on {}", family.name()));
    let mut modules = Vec::new();
    for module in &names {
        bar.set_message(module.clone());
        let cells = cells(&mut design, module, family)?;
        let is_child = |cell: &str| names.iter().any(|n| n == cell);
        let (children, own): (Cells, Cells) =
            cells.into_iter().partition(|(cell, _)| is_child(cell));
        modules.push(Module {
            name: module.clone(),
            own: Resources::of(&own),
            children,
        });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(Core {
        top: top.name().to_owned(),
        configuration,
        family,
        modules,
    })
}

fn cells(design: &mut Design, module: &str, family: Family) -> Result<Cells> {
    design.top = module.to_owned();
    synthesise(design, family).with_context(|| format!("{module} on {}", family.name()))
}
