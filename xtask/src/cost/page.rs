//! The page of costs.

use std::fmt::Write as _;

use goldilane_hdl::arith::tile_mul::{Multiplier, latency};
use goldilane_verilator::Family;

use super::Core;
use super::resources::Resources;

/// Blocks whose sums with everything below them are told.
const BLOCKS: [&str; 8] = [
    "external_product",
    "ntt_forward",
    "ntt_inverse",
    "key_switch",
    "bootstrap_front",
    "key_stream",
    "output_store",
    "accumulator",
];

const HEAD: &str = "| LUT | FF | carry | DSP | block RAM | URAM |";
const RULE: &str = "|---|---|---|---|---|---|";

/// Writes the page.
pub fn page(
    multipliers: &[(Multiplier, Family, Resources)],
    cores: &[Core],
    yosys: &str,
    commit: &str,
) -> String {
    let mut page = format!(
        "# Cost\n\n\
         Written by `make cost`. Tool: {yosys}. Commit of the design: {commit}. What is counted was synthesised, not placed.\n\n\
         Every module is synthesised once, by itself, and sums follow from the numbers of instances; nothing is shared or\n\
         moved across modules, as a tool that flattens may do. LUT: Xilinx of up to 6 inputs, those used as memory and shift\n\
         registers included, pairs not packed; ECP5 of 4 inputs, those inside of carry cells (two each) not included. Carry:\n\
         CARRY4 of 4 bits, CCU2C of 2 bits. DSP: DSP48E1, DSP48E2, MULT18X18D. Block RAM in units of 36 Kbit (two DP16KD on\n\
         ECP5). yosys takes registers into a DSP48E1, but not into a DSP48E2 or MULT18X18D, where they count as FF. It does\n\
         not know the Versal family, so the core of `v80` is not here; nor is that of `u280`, whose passes are modules sixteen times\n\
         as wide as these: the share of a lane stands below each core.\n\n\
         ## The full multiplier\n\n\
         `mul_lane` with two registers behind each product. A DSP58 is unknown to yosys: `three_way` is made for it, with 6\n\
         products of at most 25 x 23 bits, signed, which fit one each (27 x 24); the other families need more of theirs.\n\n"
    );
    let _ = writeln!(page, "| form | products | clocks | family {HEAD}");
    let _ = writeln!(page, "|---|---|---|---{RULE}");
    for (form, family, resources) in multipliers {
        let (name, products, clocks) = (form.name(), form.products(), latency(*form, 2));
        let family = family.name();
        let cells = cells(resources);
        let _ = writeln!(
            page,
            "| `{name}` | {products} | {clocks} | {family} {cells}"
        );
    }
    for core in cores {
        of_core(&mut page, core);
    }
    page
}

/// The columns of a row, from the bar in front of the first one on.
fn cells(r: &Resources) -> String {
    let blocks = r.half_blocks as f64 / 2.0;
    format!(
        "| {} | {} | {} | {} | {blocks} | {} |",
        r.luts, r.flip_flops, r.carries, r.dsps, r.ultra
    )
}

/// The name without the numbers that make it unique in its configuration.
fn kind(name: &str) -> &str {
    let number = |c: char| c.is_ascii_digit() || c == 'x';
    let end = name.trim_end_matches(number);
    ["_p", "_l"]
        .iter()
        .find_map(|suffix| end.strip_suffix(suffix))
        .unwrap_or(name)
}

fn of_core(page: &mut String, core: &Core) {
    let lanes = u64::from(core.configuration.shape.lanes);
    let (name, family) = (&core.configuration.name, core.family.name());
    let form = core.configuration.multiplier.name();
    let _ = write!(
        page,
        "\n## `{name}` on {family}\n\n{lanes} lanes, N = {}, multiplier `{form}`.\n\n\
         | with all below it {HEAD}\n|---{RULE}\n",
        core.configuration.shape.polynomial_size
    );
    let mut row = |what: &str, resources: &Resources| {
        let _ = writeln!(page, "| {what} {}", cells(resources));
    };
    row(&format!("`{}`", core.top), &core.total(&core.top));
    for block in BLOCKS {
        if let Some(module) = core.modules.iter().find(|m| kind(&m.name) == block) {
            row(&format!("`{}`", module.name), &core.total(&module.name));
        }
    }
    for whole in ["external_product", &core.top] {
        let what = format!("a lane: `{whole}` by its lanes");
        row(&what, &core.total(whole).by(lanes));
    }
    let others: Vec<String> = core
        .total(&core.top)
        .others
        .iter()
        .map(|(cell, count)| format!("{count} {cell}"))
        .collect();
    if !others.is_empty() {
        let _ = writeln!(page, "\nOther cells: {}.", others.join(", "));
    }
    let _ = write!(
        page,
        "\n| one module, without what stands below it | instances {HEAD}\n|---|---{RULE}\n"
    );
    let instances = core.instances();
    let mut modules: Vec<_> = core.modules.iter().collect();
    modules.sort_by_key(|m| m.name.as_str());
    for module in modules {
        let (name, count) = (&module.name, instances.get(module.name.as_str()));
        let cells = cells(&module.own);
        let _ = writeln!(page, "| `{name}` | {} {cells}", count.copied().unwrap_or(0));
    }
}
