//! Our modules as rust-hdl blocks: simulated by rust-hdl's updates, printed by rust-hdl's generator.

use goldilane_hdl::frame::Framed;
use goldilane_hdl::netlist::{Builder, Module, Sim};
use rust_hdl_core::prelude::{Block, check_connected, generate_verilog};
use std::sync::Arc;

fn accumulator() -> Arc<Module> {
    let b = Builder::new("wide_sum", "Adds the words of a beat to a running sum.");
    let words = b.input_words("data", 3, 64);
    let sum = b.state("sum", 64, 7);
    let beat = b.reg(b.sum(&words, 64));
    b.drive(sum, sum + beat);
    b.output("total", sum);
    b.output_words("copy", &[words[2], words[0]]);
    b.finish().unwrap()
}

#[test]
fn rust_hdl_updates_equal_the_native_simulation() {
    let module = accumulator();
    let (mut framed, mut sim) = (Framed::new(&module), Sim::new(&module));
    framed.connect_all();
    for clock in 0..20u128 {
        let reset = u128::from(clock < 2);
        let data = [clock * 3 + 1, clock << 40, !clock & 0xffff];
        sim.set("rst", reset);
        sim.set_words("data", &data);
        framed.set("rst", &[reset]);
        framed.set("data", &data);
        for level in [0, 1] {
            framed.set("clk", &[level]);
            framed.update_all();
            while framed.has_changed() {
                framed.update_all();
            }
        }
        sim.clock();
        assert_eq!(framed.get("total"), [sim.get("total")], "clock {clock}");
        assert_eq!(framed.get("copy"), [data[2], data[0]]);
    }
    assert_ne!(framed.get("total"), [7], "something was added");
}

#[test]
fn rust_hdl_prints_the_instance_with_all_ports() {
    let module = accumulator();
    let mut framed = Framed::new(&module);
    framed.connect_all();
    assert!(check_connected(&framed).is_ok());
    let text = generate_verilog(&framed);
    assert!(
        text.contains("module top(clk,rst,data,total,copy);"),
        "{text}"
    );
    assert!(text.contains("[191:0] data;") && text.contains("[127:0] copy;"));
    assert!(text.contains("wide_sum u_core ("));
    assert!(!text.contains('$'));
}
