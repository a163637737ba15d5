//! What `docs/cost.md` says of the modules of a page, at `artix` on 7-series; for the shell, which it leaves out, the
//! registers that the netlist has.

use crate::figure::aligned;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::netlist::Module;
use goldilane_hdl::top::goldilane;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Tables of the pages, as figures.
pub fn all() -> Vec<(&'static str, String)> {
    vec![
        (
            "cost_core",
            of(&[
                "bootstrap_core",
                "bootstrap_front_p8",
                "sequencer",
                "sequencer_feed",
                "accumulator_p8",
                "accumulator_lane",
                "accumulator_write",
                "rotate_lanes_p8",
                "decompose_p8",
                "decompose_lane",
                "output_store",
                "output_lanes_8x4096",
                "output_lanes_4x4096",
                "result_queue",
            ]),
        ),
        (
            "cost_transform",
            of(&[
                "external_product",
                "ntt_forward",
                "ntt_forward_pass1",
                "ntt_forward_pass2",
                "ntt_product_lane",
                "ntt_inverse",
                "ntt_inverse_pass1",
                "ntt_inverse_pass2",
                "ntt_skew_fold",
                "ntt_skew_fold_2",
                "ntt_regroup_lane",
                "mul_lane",
                "normalise_lane",
                "fan_out_1",
            ]),
        ),
        (
            "cost_key_switch",
            of(&[
                "key_switch",
                "lwe_buffer",
                "lwe_column_1024x2",
                "key_switch_digits_8",
                "key_switch_digit",
                "mod_switch",
                "switch_store",
            ]),
        ),
        ("cost_shell", shell()),
        (
            "cost_key_stream",
            of(&[
                "key_stream",
                "line_requests",
                "piece_queue",
                "line_distributor",
                "column_buffer",
                "key_words_4x1024",
            ]),
        ),
    ]
}

/// Register bits of the modules of the shell at `artix`.
fn shell() -> String {
    let configuration = Configuration::find("artix").expect("a configuration");
    let board = goldilane(&configuration).expect("builds");
    let mut found: BTreeMap<String, (usize, u64)> = BTreeMap::new();
    count(&board, &mut found);
    let head = ["", "instances", "register bits"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    lines.extend(found.iter().map(|(name, (instances, bits))| {
        [name.clone(), instances.to_string(), bits.to_string()].to_vec()
    }));
    aligned(&lines)
}

/// Instances and register bits of the modules below `module`, the core left out.
fn count(module: &Arc<Module>, found: &mut BTreeMap<String, (usize, u64)>) {
    for (_, child) in module.children().filter(|(name, _)| *name != "u_core") {
        let entry = found.entry(child.name().to_owned());
        entry.or_insert((0, child.register_bits())).0 += 1;
        count(child, found);
    }
}

/// The lines of the table of single modules, in the order of `modules`; a module that the table does not have is left out.
fn of(modules: &[&str]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cost.md");
    let text = std::fs::read_to_string(path).expect("docs/cost.md");
    let board = text
        .split("\n## ")
        .find(|part| part.starts_with("`artix` on 7-series"));
    let table = board
        .expect("a board")
        .split("| one module")
        .nth(1)
        .expect("a table");
    let cells = |line: &str| -> Vec<String> {
        let cells = line.trim_matches('|').split('|');
        cells
            .map(|c| c.trim().trim_matches('`').to_owned())
            .collect()
    };
    let lines: Vec<Vec<String>> = table
        .lines()
        .filter(|l| l.starts_with("| `"))
        .map(cells)
        .collect();
    let head = ["", "instances", "LUT", "FF", "carry", "DSP", "block RAM"];
    let mut shown = vec![head.map(str::to_owned).to_vec()];
    for module in modules {
        let found = lines.iter().find(|l| l[0] == *module);
        shown.extend(found.map(|l| l[..7].to_vec()));
    }
    aligned(&shown)
}
