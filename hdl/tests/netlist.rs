//! The netlist builder: native semantics, depth rule, emission.

use goldilane_hdl::netlist::{
    Builder, Module, NetlistError, RamStyle, Sim, emit, emit_apart, module_map,
};
use std::sync::Arc;

#[test]
fn operators_follow_their_definition() {
    let b = Builder::new("ops", "All operators.");
    let (x, y) = (b.input("x", 8), b.input("y", 8));
    b.output("add", x + y);
    b.output("sub", x - y);
    b.output("sum", b.sum(&[x, y, x], 10));
    b.output("mul", b.mul(x, y));
    b.output("mul_signed", b.mul_signed(x, y.slice(0, 5), 12));
    b.output("eq", x.eq(y));
    b.output("lt", x.lt(y));
    b.output("cat", b.cat(&[x.slice(2, 3), !y, x.sext(12)]));
    b.output("mux", b.mux(x.bit(0), x, y));
    b.output("sel", b.select(x.slice(0, 2), &[x, y, x ^ y]));
    b.output("red", b.cat(&[x.any(), x.all(), x.parity()]));
    let m = b.finish().unwrap();
    let mut sim = Sim::new(&m);
    for (x, y) in [(0u128, 0u128), (255, 255), (128, 127), (3, 200), (77, 77)] {
        sim.set("x", x);
        sim.set("y", y);
        assert_eq!(sim.get("add"), (x + y) & 255);
        assert_eq!(sim.get("sub"), x.wrapping_sub(y) & 255);
        assert_eq!(sim.get("sum"), 2 * x + y);
        assert_eq!(sim.get("mul"), x * y);
        let signed = i64::from(x as u8 as i8) * ((y as i64 & 31 ^ 16) - 16);
        assert_eq!(sim.get("mul_signed"), signed as u128 & 0xfff);
        assert_eq!(sim.get("eq"), u128::from(x == y));
        assert_eq!(sim.get("lt"), u128::from(x < y));
        let extended = if x >= 128 { x | 0xf00 } else { x };
        assert_eq!(
            sim.get("cat"),
            (x >> 2 & 7) | (!y & 255) << 3 | extended << 11
        );
        assert_eq!(sim.get("mux"), if x & 1 == 1 { x } else { y });
        assert_eq!(sim.get("sel"), [x, y, x ^ y, x ^ y][(x & 3) as usize]);
        let parity = u128::from(x.count_ones() & 1);
        assert_eq!(
            sim.get("red"),
            u128::from(x != 0) | u128::from(x == 255) << 1 | parity << 2
        );
    }
}

#[test]
fn state_memory_and_hierarchy_work_together() {
    let child = {
        let b = Builder::new("counter", "Counts while enabled.");
        let en = b.input("en", 1);
        let count = b.state("count", 4, 5);
        b.drive_en(count, count.add_lit(1), en);
        b.output("value", count);
        b.finish().unwrap()
    };
    let b = Builder::new("top", "Counter into a memory.");
    let en = b.input("en", 1);
    let counter = b.instance(&child, "u_counter", &[("en", en)]);
    let value = counter.get("value");
    let ram = b.ram("store", 16, 4, RamStyle::Auto);
    b.ram_write(&ram, en, value, !value);
    b.output("read", b.ram_read(&ram, b.input("address", 4)));
    b.output("value", value);
    let top = b.finish().unwrap();
    let mut sim = Sim::new(&top);
    sim.set("rst", 1);
    sim.set("en", 1);
    sim.set("address", 6);
    sim.clock();
    assert_eq!(sim.get("value"), 5, "reset value");
    sim.set("rst", 0);
    sim.clock();
    sim.clock();
    assert_eq!(sim.get("value"), 7);
    assert_eq!(sim.get("read"), 0, "the old word on a collision");
    sim.set("en", 0);
    sim.clock();
    assert_eq!(sim.get("value"), 7);
    assert_eq!(sim.get("read"), !6 & 15);
    let files = emit(&top);
    assert_eq!(files.len(), 2);
    assert!(files[0].name == "counter.v" && files[1].name == "top.v");
    assert_eq!(files, emit(&top), "the same design gives the same bytes");
}

/// A counter with a reset and a delay without one; a gated memory besides.
fn gated(enable_is_register: bool) -> Result<Arc<Module>, NetlistError> {
    let child = {
        let b = Builder::new("worker", "Registers of both kinds and a memory.");
        let count = b.state("count", 4, 5);
        b.drive(count, count.add_lit(1));
        let ram = b.ram("store", 16, 4, RamStyle::Auto);
        b.ram_write(&ram, b.lit(1, 1), count, b.input("x", 4));
        b.output("count", count);
        b.output("read", b.ram_read(&ram, count));
        b.output("late", b.reg(b.input("y", 4)));
        b.finish()?
    };
    let b = Builder::new("gated", "A worker whose clock can stand.");
    let x = b.input("x", 4);
    let worker = b.instance(&child, "u_worker", &[("x", x), ("y", !x)]);
    let enable = b.input("enable", 1);
    let register = b.state("run", 1, 0);
    b.drive(register, enable);
    b.gate(&worker, if enable_is_register { register } else { enable });
    for port in ["count", "read", "late"] {
        b.output(port, worker.get(port));
    }
    b.finish()
}

#[test]
fn a_gated_instance_stands_still() {
    let top = gated(true).unwrap();
    let mut sim = Sim::new(&top);
    let mut clock = |rst: u128, enable: u128| {
        for (port, value) in [("rst", rst), ("enable", enable), ("x", 3)] {
            sim.set(port, value);
        }
        sim.clock();
        (sim.get("count"), sim.get("late"))
    };
    assert_eq!(clock(1, 0), (5, 12), "a reset reaches everything");
    assert_eq!(clock(0, 1), (5, 12), "the enable itself takes a clock");
    assert_eq!(clock(0, 1), (6, 12));
    assert_eq!(clock(0, 0), (7, 12), "still the enable of the clock before");
    assert_eq!(clock(0, 0), (7, 12));
    let files = emit(&top);
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["worker.v", "clock_gate.v", "gated.v"]);
    assert!(files[2].text.contains(".enable(run | rst)"));
    assert!(files[2].text.contains(".clk(u_worker_clk)"));
}

#[test]
fn instances_under_one_enable_share_a_gate() {
    let child = {
        let b = Builder::new("delay", "One register.");
        b.output("y", b.reg(b.input("x", 4)));
        b.finish().unwrap()
    };
    let b = Builder::new("pair", "Two under one enable, one under another.");
    let (x, enables) = (b.input("x", 4), b.input("enables", 2));
    let [first, second] = [0, 1].map(|i| b.reg(enables.bit(i)));
    for (name, enable) in [("u_0", first), ("u_1", first), ("u_2", second)] {
        let delay = b.instance(&child, name, &[("x", x)]);
        b.gate(&delay, enable);
        b.output(&format!("y_{name}"), delay.get("y"));
    }
    let top = b.finish().unwrap();
    let text = &emit(&top)[2].text;
    assert_eq!(text.matches("clock_gate ").count(), 2, "{text}");
    assert_eq!(text.matches(".clk(u_0_clk)").count(), 2, "{text}");
    let gates = module_map(&top)
        .into_iter()
        .filter(|(_, module)| module == "clock_gate")
        .map(|(path, _)| path);
    assert_eq!(
        gates.collect::<Vec<_>>(),
        ["pair.u_0_gate", "pair.u_2_gate"]
    );
}

#[test]
fn a_gate_wants_a_register_and_no_gate_inside() {
    let error = gated(false).unwrap_err().to_string();
    assert_eq!(
        error,
        "module gated: gate of u_worker: the enable is no register"
    );
    let b = Builder::new("outer", "A gate around a gate.");
    let (x, enable) = (b.input("x", 4), b.input("enable", 1));
    let inputs = [("x", x), ("enable", enable)];
    let inner = b.instance(&gated(true).unwrap(), "u_inner", &inputs);
    b.gate(&inner, b.reg(enable));
    b.output("count", inner.get("count"));
    let error = b.finish().unwrap_err().to_string();
    assert!(error.ends_with("an instance inside has one of its own"));
}

#[test]
fn the_depth_rule_is_enforced() {
    let chain = |bits: u32| {
        let b = Builder::new("chain", "One adder.");
        let (x, y) = (b.reg(b.input("x", bits)), b.reg(b.input("y", bits)));
        b.output("z", b.reg(x + y));
        b.finish().unwrap()
    };
    assert!(chain(72).depth_report().violations.is_empty());
    assert_eq!(chain(72).depth_report().maximum[1].chain_bits, 72);
    assert_eq!(chain(73).depth_report().violations.len(), 1);
    let b = Builder::new("two_chains", "An adder behind an adder.");
    let (x, y) = (b.reg(b.input("x", 8)), b.reg(b.input("y", 8)));
    b.output("z", b.reg((x + y) + x));
    assert_eq!(b.finish().unwrap().depth_report().violations.len(), 1);
}

/// A chain and a product behind one port are two paths; one behind the other is one too deep.
#[test]
fn a_port_may_lead_to_a_chain_and_to_a_product() {
    let child = |product_of_sum: bool| {
        let b = Builder::new("leaf", "A sum and a product of one word.");
        let x = b.input("x", 8);
        let sum = x.add_lit(3);
        let factor = if product_of_sum { sum } else { x };
        b.output("sum", b.reg(sum));
        b.output("product", b.reg(b.mul(factor, x)));
        b.finish().unwrap()
    };
    let violations = |product_of_sum: bool| {
        let b = Builder::new("around", "The leaf behind a register.");
        let x = b.reg(b.input("x", 8));
        let leaf = b.instance(&child(product_of_sum), "u_leaf", &[("x", x)]);
        b.output("y", b.cat(&[leaf.get("sum"), leaf.get("product")]));
        b.finish().unwrap().depth_violations().len()
    };
    assert_eq!(violations(false), 0);
    assert!(violations(true) > 0);
}

#[test]
fn undriven_and_looping_signals_are_errors() {
    let b = Builder::new("open", "A wire without driver.");
    b.output("y", b.wire("w", 3));
    assert!(b.finish().unwrap_err().to_string().contains("never driven"));
    let b = Builder::new("loop", "A wire that drives itself.");
    let w = b.wire("w", 1);
    b.drive(w, !w);
    b.output("y", w);
    assert!(b.finish().unwrap_err().to_string().contains("loop"));
}

#[test]
fn reserved_words_name_nothing() {
    let b = Builder::new("shelf", "A port with a name of Verilog's own.");
    b.output("table", b.reg(b.input("x", 3)));
    let error = b.finish().unwrap_err().to_string();
    assert_eq!(error, "module shelf: table is a reserved word of Verilog");
    // A signal's name is only a wish.
    let b = Builder::new("shelf", "A signal with a name of Verilog's own.");
    b.output("y", b.reg(b.input("x", 3)).named("before"));
    let files = emit(&b.finish().unwrap());
    assert!(files[0].text.contains("reg [2:0] before_2;"));
}

#[test]
fn two_ports_or_memories_of_one_name_are_refused() {
    let b = Builder::new("twins", "Two inputs of one name.");
    let (x, y) = (b.input("x", 3), b.input("x", 3));
    b.output("sum", x + y);
    let error = b.finish().unwrap_err();
    assert!(matches!(&error, NetlistError::NameTwice { name, .. } if name == "x"));
    assert_eq!(
        error.to_string(),
        "module twins: two ports, memories, tables or instances are called x"
    );
    let b = Builder::new("mirror", "An output of an input's name.");
    b.output("x", b.reg(b.input("x", 1)));
    let error = b.finish().unwrap_err().to_string();
    assert_eq!(
        error,
        "module mirror: two ports, memories, tables or instances are called x"
    );
    let b = Builder::new("store", "A memory of a port's name.");
    let ram = b.ram("x", 8, 4, RamStyle::Auto);
    b.ram_write(&ram, b.input("write", 1), b.input("at", 3), b.input("x", 4));
    b.output("y", b.ram_read(&ram, b.input("from", 3)));
    let error = b.finish().unwrap_err().to_string();
    assert_eq!(
        error,
        "module store: two ports, memories, tables or instances are called x"
    );
    let b = Builder::new("book", "A table of a port's name.");
    b.output("x", b.reg(b.rom("x", 4, &[1, 2, 4, 8], b.input("at", 2))));
    let error = b.finish().unwrap_err().to_string();
    assert_eq!(
        error,
        "module book: two ports, memories, tables or instances are called x"
    );
}

/// A lane with a block in it and a wide port; `sim/tests/block_lists` has one with memories and states.
fn lane() -> Arc<Module> {
    let leaf = {
        let b = Builder::new("square", "The square of a word.");
        b.one_lane();
        let x = b.input("x", 8);
        b.output("y", b.reg(b.mul(x, x)));
        b.finish().unwrap()
    };
    let b = Builder::new("lane", "A lane of this test.");
    b.one_lane();
    let (address, x) = (b.input("address", 4), b.input_words("x", 2, 8));
    b.output("read", b.reg(address));
    let square = b.instance(&leaf, "u_square", &[("x", x[0])]).get("y");
    b.output_words("y", &[square, b.reg(x[1])]);
    b.finish().unwrap()
}

/// `lanes` of them with one address, each with a word of its own.
fn lanes(lanes: usize) -> Arc<Module> {
    let lane = lane();
    let b = Builder::new("lanes", "Lanes of this test.");
    let address = b.input("address", 4);
    let words = b.input_words("x", 2 * lanes, 8);
    for (i, x) in words.chunks(2).enumerate() {
        let inputs = [("address", vec![address]), ("x", x.to_vec())];
        let made = b.instance_words(&lane, &format!("u_lane_{i}"), &inputs);
        b.output(&format!("read_{i}"), made.get("read"));
        b.output_words(&format!("y_{i}"), &made.words("y"));
    }
    b.finish().unwrap()
}

#[test]
fn equal_lanes_are_emitted_side_by_side() {
    let names = |top: &Arc<Module>| -> Vec<String> {
        let files = emit(top).into_iter();
        files.map(|file| file.name).collect()
    };
    let whole = [
        "square_x8.v",
        "lane_x8.v",
        "square_x4.v",
        "lane_x4.v",
        "lanes.v",
    ];
    assert_eq!(names(&lanes(12)), whole);
    // Two more would not fill half a vector.
    assert_eq!(
        names(&lanes(10)),
        ["square_x8.v", "lane_x8.v", "square.v", "lane.v", "lanes.v"]
    );
    let paths: Vec<_> = module_map(&lanes(9))
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert!(
        paths.contains(&"lanes.u_lane_0_x8.u_square_x8".to_owned()),
        "{paths:?}"
    );
    assert!(
        paths.contains(&"lanes.u_lane_8.u_square".to_owned()),
        "{paths:?}"
    );
    let files = emit(&lanes(8));
    let text = &files
        .iter()
        .find(|file| file.name == "lane_x8.v")
        .unwrap()
        .text;
    assert_eq!(
        text.matches("input wire [3:0] address").count(),
        1,
        "shared: {text}"
    );
    assert_eq!(
        text.matches("input wire [15:0] x_lane_").count(),
        8,
        "{text}"
    );
    let apart: Vec<_> = emit_apart(&lanes(8))
        .into_iter()
        .map(|file| file.name)
        .collect();
    assert_eq!(apart, ["square.v", "lane.v", "lanes.v"]);
}

#[test]
fn alike_registers_are_declared_beside_each_other() {
    let b = Builder::new(
        "alike",
        "Two lanes of a sum and a copy, built lane by lane.",
    );
    for lane in 0..2 {
        let (x, y) = (
            b.input(&format!("x_{lane}"), 9),
            b.input(&format!("y_{lane}"), 9),
        );
        let sum = b.reg(x + y).named(&format!("sum_{lane}"));
        b.output(
            &format!("z_{lane}"),
            b.reg(sum).named(&format!("copy_{lane}")),
        );
    }
    let text = &emit(&b.finish().unwrap())[0].text;
    let at = |name: &str| text.find(&format!("reg [8:0] {name};")).expect(name);
    assert!(at("sum_0") < at("sum_1") && at("sum_1") < at("copy_0") && at("copy_0") < at("copy_1"));
}
