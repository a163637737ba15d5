//! No register drives more than 256 loads without a tree: how loads are counted, the copies, and all of the boards.

use goldilane_abi::shape::CONFIGURATION_NAMES;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::netlist::{
    Builder, Driver, EmittedFile, LOAD_LIMIT, Loads, Module, RamStyle, Sim, emit, loads,
};
use goldilane_hdl::top::goldilane;
use std::sync::Arc;

/// The loads of the register `signal`.
fn of(found: &[Loads], signal: &str) -> u32 {
    let net = found.iter().find(|l| l.signal == signal);
    net.map_or(0, |l| l.loads)
}

#[test]
fn loads_are_counted_through_wires_and_modules() {
    let child = {
        let b = Builder::new("child", "An enabled word, and a wire through.");
        let (x, en) = (b.input("x", 40), b.input("en", 1));
        let held = b.reg_en(x, en).named("held");
        b.output("held", held);
        b.output("same", en);
        b.finish().unwrap()
    };
    let b = Builder::new("parent", "Every kind of load.");
    let word = b.input("word", 40);
    let name = |name: &str| b.reg(b.input(&format!("{name}_in"), 1)).named(name);
    let (en, mux, bit) = (name("en"), name("mux"), name("bit"));
    let unit = b.instance(&child, "u_child", &[("x", word), ("en", en)]);
    // 40 flip-flops in the child, and three gates behind its wire.
    let same = unit.get("same");
    let gates = [same ^ mux, same & bit, same | bit].map(|gate| b.reg(gate));
    // A select for every bit; its inversion and a slice are wires, an AND with a constant is none.
    let held = unit.get("held");
    let chosen = b.mux(!mux.slice(0, 1), word, held & b.lit(0xff, 40));
    b.output("chosen", b.reg(chosen));
    // 40 LUTs of memory a port.
    let ram = b.ram("store", 64, 40, RamStyle::Lut);
    let at = b.reg(b.input("at_in", 6)).named("at");
    b.ram_write(&ram, bit, at, word);
    b.output("read", b.ram_read(&ram, at));
    b.output("gates", b.cat(&gates));
    let module = b.finish().unwrap();
    let found = loads(&module, 0);
    assert_eq!(of(&found, "en"), 40 + 3);
    assert_eq!(of(&found, "mux"), 40 + 1);
    assert_eq!(of(&found, "bit"), 40 + 2);
    assert_eq!(of(&found, "at"), 40 + 40);
    // Eight bits of it reach a multiplexer.
    assert_eq!(of(&found, "held"), 1);
    let input = found.iter().find(|l| l.signal == "word").unwrap();
    assert_eq!((input.driver, input.loads), (Driver::Input, 3));
}

/// Six words of 43 bits under one enable, two more than a register may drive.
fn six_words() -> Arc<Module> {
    let b = Builder::new("wide", "Enables for six words of 43 bits.");
    let enable = b.state("enable", 1, 0);
    b.drive(enable, b.input("go", 1));
    for i in 0..6 {
        let word = b.input(&format!("x_{i}"), 43);
        // Reached through wires, each of which has to come again.
        let here = b.cat(&[enable, b.lit(1, 1)]).bit(0);
        b.output(
            &format!("y_{i}"),
            b.reg_en(word, if i < 3 { here } else { !here }),
        );
    }
    b.finish().unwrap()
}

#[test]
fn a_register_with_too_many_loads_becomes_two() {
    let module = six_words();
    let found = loads(&module, 0);
    assert_eq!(
        (of(&found, "enable"), of(&found, "enable_copy_1")),
        (5 * 43, 43)
    );
    // What feeds it has a load more.
    assert_eq!(of(&found, "go"), 2);
    let mut sim = Sim::new(&module);
    let mut held = [0; 6];
    for clock in 0..40 {
        let go = |clock: u128| (clock * 7 % 5) & 1;
        sim.set("go", go(clock));
        (0..6).for_each(|i| sim.set(&format!("x_{i}"), clock + 100 * i));
        let enabled = clock.checked_sub(1).map_or(0, go);
        sim.clock();
        for (i, held) in held.iter_mut().enumerate() {
            if (enabled == 1) == (i < 3) {
                *held = clock + 100 * i as u128;
            }
        }
        sim.eval();
        let shown: Vec<u128> = (0..6).map(|i| sim.get(&format!("y_{i}"))).collect();
        assert_eq!(shown, held, "clock {clock}");
    }
}

#[test]
fn no_tool_may_merge_the_copies() {
    let text = &emit(&six_words())[0].text;
    for line in [
        "  (* keep = \"true\", dont_merge *) reg enable;",
        "  (* keep = \"true\", dont_merge *) reg enable_copy_1;",
        "  (* keep = \"true\" *)\n  always @(posedge clk) begin\n    if (rst) enable <=",
    ] {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
}

#[test]
fn nor_what_was_built_alike() {
    let b = Builder::new("pair", "Two registers of one input, and one that is alone.");
    let (x, y) = (b.input("x", 1), b.input("y", 1));
    for (name, input) in [("left", x), ("right", x), ("alone", y)] {
        let register = b.state(name, 1, 0);
        b.drive(register, input);
        b.output(&format!("{name}_out"), register);
    }
    let text = &emit(&b.finish().unwrap())[0].text;
    let kept = |name: &str| text.contains(&format!("dont_merge *) reg {name};"));
    assert_eq!(["left", "right", "alone"].map(kept), [true, true, false]);
}

/// `count` lanes under one enable, whose register stands in each of them.
fn lanes(count: usize) -> Vec<EmittedFile> {
    let lane = {
        let b = Builder::new("lane", "A word of 64 bits and its enable's register.");
        let enable = b.reg(b.input("enable_in", 1)).named("enable");
        let own = b.reg(b.input("own_in", 1)).named("own");
        let word = b.reg_en(b.input("x", 64), enable);
        b.output("y", b.reg_en(word, own));
        b.one_lane();
        b.finish().unwrap()
    };
    let group = {
        let b = Builder::new("group", "Two lanes.");
        let (go, owns) = (b.input("go", 1), b.input("owns", 2));
        for (i, x) in b.input_words("x", 2, 64).into_iter().enumerate() {
            let inputs = [("enable_in", go), ("own_in", owns.bit(i as u32)), ("x", x)];
            let unit = b.instance(&lane, &format!("u_lane_{i}"), &inputs);
            b.output(&format!("y_{i}"), unit.get("y"));
        }
        b.finish().unwrap()
    };
    let b = Builder::new("all", "Groups of two lanes.");
    let go = b.input("go", 1);
    for i in 0..count / 2 {
        let inputs = [
            ("go", vec![go]),
            ("owns", vec![b.input(&format!("owns_{i}"), 2)]),
            ("x", b.input_words(&format!("x_{i}"), 2, 64)),
        ];
        let unit = b.instance_words(&group, &format!("u_group_{i}"), &inputs);
        b.output_words(&format!("y_{i}"), &[unit.get("y_0"), unit.get("y_1")]);
    }
    emit(&b.finish().unwrap())
}

#[test]
fn nor_registers_that_are_alike_in_all_lanes() {
    let kept = |count: usize| {
        let files = lanes(count);
        let lane = files.iter().find(|f| f.name == "lane.v").unwrap();
        ["enable", "own"].map(|name| lane.text.contains(&format!("dont_merge *) reg {name};")))
    };
    // As one register, those of four lanes would have 256 loads. What each lane is told alone is no copy.
    assert_eq!([4, 6].map(kept), [[false, false], [true, false]]);
}

#[test]
fn what_no_copy_helps_is_found() {
    // All of it behind one port of a child.
    let child = {
        let b = Builder::new("child", "Six words under one enable.");
        let enable = b.input("enable", 1);
        (0..6).for_each(|i| {
            let word = b.input(&format!("x_{i}"), 43);
            b.output(&format!("y_{i}"), b.reg_en(word, enable));
        });
        b.finish().unwrap()
    };
    let b = Builder::new("parent", "The enable's register.");
    let enable = b.reg(b.input("go", 1)).named("enable");
    let names: Vec<String> = (0..6).map(|i| format!("x_{i}")).collect();
    let mut inputs = vec![("enable", enable)];
    inputs.extend(names.iter().map(|name| (name.as_str(), b.input(name, 43))));
    let unit = b.instance(&child, "u_child", &inputs);
    (0..6).for_each(|i| b.output(&format!("y_{i}"), unit.get(&format!("y_{i}"))));
    let found = loads(&b.finish().unwrap(), LOAD_LIMIT);
    assert_eq!((found.len(), of(&found, "enable")), (1, 6 * 43));
    assert_eq!(found[0].driver, Driver::Register);
}

#[test]
fn a_port_of_several_words_has_a_copy_for_each() {
    let b = Builder::new("giver", "One signal for two neighbours.");
    let signal = b.reg(b.input("x", 1)).named("signal");
    b.output_words("twice", &[signal, signal]);
    b.output("once", signal);
    b.expect_loads("twice", LOAD_LIMIT);
    let module = b.finish().unwrap();
    assert_eq!(module.register_bits(), 3);
}

#[test]
fn a_selection_with_too_many_loads_is_halved() {
    let b = Builder::new("chooser", "One of 32 words of 40 bits.");
    let select = b.reg(b.input("at", 5)).named("select");
    let options: Vec<_> = (0..32).map(|i| b.input(&format!("x_{i}"), 40)).collect();
    b.output("y", b.reg(b.select(select, &options)));
    let module = b.finish().unwrap();
    assert_eq!(loads(&module, LOAD_LIMIT), []);
    let mut sim = Sim::new(&module);
    (0..32).for_each(|i| sim.set(&format!("x_{i}"), 0x81_0203_0405 + i));
    for at in 0..32 {
        sim.set("at", at);
        (0..2).for_each(|_| sim.clock());
        sim.eval();
        assert_eq!(sim.get("y"), 0x81_0203_0405 + at);
    }
}

/// Registers and logic alike: more than the depth rule asks for.
#[test]
fn nothing_on_a_board_drives_too_many() {
    for name in CONFIGURATION_NAMES {
        let configuration = Configuration::find(name).unwrap();
        let found = loads(&goldilane(&configuration).unwrap(), LOAD_LIMIT);
        assert_eq!(found, [], "{name}");
    }
}
