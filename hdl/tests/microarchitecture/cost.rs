//! What `docs/cost.md` says of the modules of a page, at `artix` on 7-series; for the shell, which it leaves out, the
//! registers that the netlist has. Rows are chosen by kind: sizes in a name may change, a kind may not be missing.

use crate::figure::aligned;
use crate::pages::is;
use goldilane_hdl::bootstrap::core::bootstrap_core;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::netlist::{Module, emit_apart};
use goldilane_hdl::top::goldilane;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Tables of the core's modules: figure, page, kinds in the order of the table; a part in angle brackets stands for a
/// number.
const TABLES: [(&str, &str, &[&str]); 4] = [
    (
        "cost_core",
        "core.md",
        &[
            "bootstrap_core",
            "bootstrap_front_p<P>",
            "sequencer",
            "sequencer_feed",
            "accumulator_p<P>",
            "accumulator_lane",
            "accumulator_write",
            "rotate_lanes_p<P>",
            "decompose_p<P>",
            "decompose_lane",
            "output_store",
            "output_lanes_<lanes>x<depth>",
            "result_queue",
            "clock_gate",
        ],
    ),
    (
        "cost_transform",
        "transform.md",
        &[
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
        ],
    ),
    (
        "cost_key_switch",
        "key_switch.md",
        &[
            "key_switch",
            "lwe_buffer",
            "lwe_column_<depth>x<words>",
            "key_switch_digits_<coefficients>",
            "key_switch_digit",
            "mod_switch",
            "switch_store",
        ],
    ),
    (
        "cost_key_stream",
        "key_stream.md",
        &[
            "key_stream",
            "line_requests",
            "piece_queue",
            "line_distributor",
            "line_chunks",
            "column_buffer",
            "key_write_column",
            "key_write_words_<words>x<depth>",
            "key_words_<words>x<depth>",
        ],
    ),
];

/// Tables of the pages, as figures.
pub fn all() -> Vec<(&'static str, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cost.md");
    let text = std::fs::read_to_string(path).expect("docs/cost.md");
    let table = |(figure, page, kinds): (&'static str, &str, &[&str])| {
        let drawn = of(&text, page, kinds).unwrap_or_else(|wrong| panic!("{wrong}"));
        (figure, drawn)
    };
    let mut tables: Vec<(&str, String)> = TABLES.map(table).into();
    tables.push(("cost_shell", shell()));
    tables
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

/// The lines of the table of single modules in `text` whose modules are of the `kinds` of a page, in the order of these;
/// the kinds that it has no line of, as an error.
fn of(text: &str, page: &str, kinds: &[&str]) -> Result<String, String> {
    let board = text
        .split("\n## ")
        .find(|part| part.starts_with("`artix` on 7-series"))
        .ok_or("docs/cost.md has no `artix` on 7-series")?;
    let table = board
        .split("| one module")
        .nth(1)
        .ok_or("docs/cost.md has no table of single modules")?;
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
    let mut missing = Vec::new();
    for kind in kinds {
        let before = shown.len();
        let found = lines.iter().filter(|l| is(kind, &l[0]));
        shown.extend(found.map(|l| l[..7].to_vec()));
        if shown.len() == before {
            missing.push(*kind);
        }
    }
    if missing.is_empty() {
        return Ok(aligned(&shown));
    }
    Err(format!(
        "docs/cost.md, `artix` on 7-series, has no {}, which docs/microarchitecture/{page} lists: run `make cost`, then \
         `GOLDILANE_REGENERATE=1 cargo test --release -p goldilane-hdl --test microarchitecture`",
        missing.join(", ")
    ))
}

/// Every module that `make cost` counts at `artix` is of one kind, and there is one of each kind.
#[test]
fn every_module_of_the_core_stands_in_one_table_of_costs() {
    let artix = Configuration::find("artix").expect("a configuration");
    let core = bootstrap_core(&artix.shape, artix.multiplier).expect("builds");
    let files = emit_apart(&core);
    let modules = || files.iter().filter_map(|f| f.name.strip_suffix(".v"));
    let kinds: Vec<&str> = TABLES.iter().flat_map(|table| table.2).copied().collect();
    for module in modules() {
        let tables = kinds.iter().filter(|kind| is(kind, module)).count();
        assert_eq!(tables, 1, "tables of costs with {module}");
    }
    for kind in kinds {
        assert!(modules().any(|module| is(kind, module)), "no module {kind}");
    }
}

#[test]
fn a_kind_that_the_page_of_costs_lacks_is_named_with_its_page() {
    let text = "# Cost\n\n## `artix` on 7-series\n\n| one module | instances |\n|---|---|\n\
                | `line_chunks` | 1 | 2 | 3 | 4 | 5 | 6 | 0 |\n| `key_words_3x64` | 2 | 2 | 3 | 4 | 5 | 6.5 | 0 |\n";
    let kinds = ["key_words_<words>x<depth>", "line_chunks"];
    let table = of(text, "key_stream.md", &kinds).expect("both kinds");
    let names = |t: &str| {
        t.lines()
            .filter_map(|l| l.split(' ').next().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&table), ["", "key_words_3x64", "line_chunks"]);
    let wrong =
        of(text, "key_stream.md", &["line_chunks", "piece_queue"]).expect_err("one is missing");
    assert!(
        wrong.contains("no piece_queue, which docs/microarchitecture/key_stream.md"),
        "{wrong}"
    );
}
