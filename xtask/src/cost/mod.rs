//! `cost`: what the blocks, a lane and the cores take of a chip, by yosys.
//!
//! Every module of a configuration is synthesised once, by itself; what stands below it is a black box there and is added
//! by the number of its instances. What was synthesised before is not synthesised again, so the command goes on where it
//! was stopped. As many yosys run at a time as there are processors. The page is written after every core.

mod page;
mod resources;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use goldilane_hdl::arith::tile_mul::{Multiplier, mul_lane};
use goldilane_hdl::bootstrap::core::bootstrap_core;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::netlist;
use goldilane_sim::rtl;
use goldilane_verilator::{Cells, Design, Family, synthesise, tools};
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use resources::Resources;

use crate::cargo::root;
use crate::commit::commit;

/// The page that the command writes.
const PAGE: &str = "docs/cost.md";

/// Configurations by family, with the multiplier that suits it: the same eight lanes on every family. Cores of 128
/// and more lanes are left out: a pass of their transform is one module, at least sixteen times as wide.
const CORES: [(&str, Family, Multiplier); 3] = [
    ("artix", Family::Ecp5, Multiplier::Tiles18),
    ("artix", Family::Series7, Multiplier::Tiles),
    ("artix", Family::UltraScalePlus, Multiplier::Tiles),
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

/// Runs the command.
///
/// # Errors
/// No tool, a module that yosys refuses, a page that cannot be written.
pub fn run() -> Result<()> {
    let mut forms = Vec::new();
    for form in Multiplier::ALL {
        let (block, _) = mul_lane(form, 2)?;
        let design = rtl::design("mul_lane", Some("clk"), &netlist::emit(block.module()));
        forms.extend(Family::ALL.map(|family| (form, family, design.clone())));
    }
    let multiplier = |(form, family, design): &(Multiplier, Family, Design)| {
        let cells = synthesise(design, *family)?;
        Ok((*form, *family, Resources::of(&cells)))
    };
    let multipliers = forms
        .par_iter()
        .map(multiplier)
        .collect::<Result<Vec<_>>>()?;
    let (yosys, commit) = (tools::yosys()?.version()?, commit()?);
    let path = root()?.join(PAGE);
    let mut cores = Vec::new();
    for (name, family, form) in CORES {
        cores.push(core(name, family, form)?);
        let text = page::page(&multipliers, &cores, &yosys, &commit);
        fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
        println!("{name} on {}: in {}", family.name(), path.display());
    }
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
    let design = rtl::design(top.name(), Some("clk"), &files);
    let bar = ProgressBar::new(names.len() as u64);
    bar.set_style(ProgressStyle::with_template(
        "{prefix} [{bar:30}] {pos}/{len} {elapsed} {msg}",
    )?);
    bar.set_prefix(format!("{name} on {}", family.name()));
    let module = |name: &String| {
        bar.set_message(name.clone());
        let alone = Design {
            top: name.clone(),
            ..design.clone()
        };
        let cells =
            synthesise(&alone, family).with_context(|| format!("{name} on {}", family.name()))?;
        let is_child = |cell: &str| names.iter().any(|n| n == cell);
        let (children, own): (Cells, Cells) =
            cells.into_iter().partition(|(cell, _)| is_child(cell));
        bar.inc(1);
        Ok(Module {
            name: name.clone(),
            own: Resources::of(&own),
            children,
        })
    };
    let modules = names.par_iter().map(module).collect::<Result<Vec<_>>>()?;
    bar.finish_and_clear();
    Ok(Core {
        top: top.name().to_owned(),
        configuration,
        family,
        modules,
    })
}
