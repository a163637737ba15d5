//! The whole board's Verilog is clean under `verilator --lint-only -Wall`, but for the project's waivers.

use goldilane_abi::Shape;
use goldilane_hdl::netlist::emit;
use goldilane_hdl::top::{Options, board};
use goldilane_verilator::{Design, TextFile, lint};

#[test]
fn the_shell_lints() {
    for name in ["toy", "sim", "v80"] {
        let shape = Shape::named(name).unwrap();
        let module = board(name, &shape, &Options::default()).unwrap();
        let (sources, data) = emit(&module)
            .into_iter()
            .map(|file| TextFile {
                name: file.name,
                text: file.text,
            })
            .partition(|file| file.name.ends_with(".v"));
        let design = Design {
            top: module.name().to_owned(),
            clock: Some("clk".into()),
            sources,
            data,
        };
        lint(&design, goldilane_hdl::emit::WAIVERS).unwrap_or_else(|e| panic!("{e}"));
    }
}
