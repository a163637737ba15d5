//! A small hand-written design through the whole way: build, open, ports of every width, clocks, failures, traces, lint.

use goldilane_verilator::{
    Design, Error, Model, Options, Start, TextFile, build, check_synthesis, lint,
};

const TOY: &str = include_str!("toy.v");

fn toy() -> Design {
    let mut design = Design::single("toy", "clock", TOY);
    let text = (0..16).fold(String::new(), |text, line| {
        text + &format!("{:04x}\n", 0xa000 + line * 3)
    });
    design.data.push(TextFile {
        name: "images/toy.hex".to_owned(),
        text,
    });
    design
}

fn open(start: Start) -> Model {
    let built = build(&toy(), &Options::default()).expect("build");
    Model::open(&built, start).expect("open")
}

#[test]
fn clocks_and_narrow_ports() {
    let mut model = open(Start::Zeros);
    let reset = model.input("reset", 1).expect("reset");
    let step = model.input("step", 8).expect("step");
    let count = model.output("count", 32).expect("count");
    let product = model.output("product", 64).expect("product");
    let odd = model.output("two__underscores", 1).expect("odd");
    model.set(reset, 1);
    model.clock().expect("clock");
    model.set(reset, 0);
    model.set(step, 0x103);
    assert_eq!(
        model.get(step),
        3,
        "bits beyond the port's width are dropped"
    );
    model.run(1001).expect("run");
    assert_eq!((model.get(count), model.clocks()), (3003, 1002));
    assert!(!model.is_high(odd), "one clock behind: 3000 is even");
    assert_eq!(model.get(product), 3 * 3003);
    model.set(step, 200);
    assert_eq!(model.get(product), 3 * 3003, "not before it is evaluated");
    model.eval().expect("eval");
    assert_eq!((model.get(product), model.get(count)), (200 * 3003, 3003));
}

#[test]
fn wide_ports_of_whole_and_odd_words() {
    let mut model = open(Start::Zeros);
    let wide_in = model.input("wide_in", 100).expect("wide_in");
    let wide_out = model.output("wide_out", 100).expect("wide_out");
    let key_in = model.input("key_in", 128).expect("key_in");
    let key_out = model.output("key_out", 128).expect("key_out");
    let value = [0x0123_4567_89ab_cdef, u64::MAX];
    model.set_words(wide_in, &value).expect("set");
    model.set_words(key_in, &value).expect("set");
    model.clock().expect("clock");
    let mut out = [0; 2];
    model.get_words(wide_out, &mut out).expect("get");
    assert_eq!(out, [value[0], (1 << 36) - 1]);
    model.get_words(key_out, &mut out).expect("get");
    assert_eq!(out, [!value[0], 0]);
    assert_eq!(model.get(wide_out), value[0]);
    model.set(wide_in, 7);
    model.clock().expect("clock");
    model.get_words(wide_out, &mut out).expect("get");
    assert_eq!(out, [7, 0], "set clears the upper words");
    let step = model.input("step", 8).expect("step");
    model.set_words(step, &[9]).expect("set");
    let mut one = [0];
    model.get_words(step, &mut one).expect("get");
    assert_eq!(one, [9]);
    assert!(matches!(
        model.set_words(wide_in, &[1]),
        Err(Error::Words {
            width: 100,
            words: 1,
            ..
        })
    ));
}

#[test]
fn memory_images_are_found_from_any_folder() {
    let mut model = open(Start::Zeros);
    let address = model.input("address", 4).expect("address");
    let word = model.output("word", 16).expect("word");
    for line in 0..16 {
        model.set(address, line);
        model.clock().expect("clock");
        assert_eq!(model.get(word), 0xa000 + line * 3);
    }
}

#[test]
fn two_models_of_one_library_are_independent_and_move_between_threads() {
    let mut first = open(Start::Zeros);
    let step = first.input("step", 8).expect("step");
    let count = first.output("count", 32).expect("count");
    let second = open(Start::Zeros);
    first.set(step, 1);
    let first = std::thread::spawn(move || {
        first.run(10).expect("run");
        first
    })
    .join()
    .expect("join");
    assert_eq!((first.get(count), second.get(count)), (10, 0));
}

#[test]
fn random_start_shows_a_missing_reset_and_repeats() {
    let value = |start| {
        let mut model = open(start);
        let port = model.output("never_reset", 48).expect("port");
        model.clock().expect("clock");
        model.get(port)
    };
    assert_eq!(value(Start::Zeros), 0);
    assert_ne!(value(Start::Random(1)), value(Start::Random(2)));
    assert_eq!(value(Start::Random(5)), value(Start::Random(5)));
}

#[test]
fn wrong_names_widths_and_directions_are_told() {
    let model = open(Start::Zeros);
    let told = |result: Result<_, Error>| result.expect_err("must be refused").to_string();
    assert_eq!(
        told(model.input("nothing", 1).map(|_| ())),
        "model toy: no input nothing of 1 bits"
    );
    assert_eq!(
        told(model.output("step", 9).map(|_| ())),
        "model toy: no output step of 9 bits (there is an input of 8 bits)"
    );
    assert_eq!(model.ports().count(), 14);
}

#[test]
fn a_failure_of_the_verilog_is_an_error_that_stays() {
    let mut model = open(Start::Zeros);
    let fail = model.input("fail", 1).expect("fail");
    model.set(fail, 1);
    for _ in 0..2 {
        let error = model.clock().expect_err("must fail");
        assert!(error.to_string().contains("$finish"), "{error}");
    }
}

#[test]
fn a_missing_memory_image_is_an_error() {
    let mut design = toy();
    design.data.clear();
    let built = build(&design, &Options::default()).expect("build");
    let error = Model::open(&built, Start::Zeros).expect_err("must fail");
    assert!(error.to_string().contains("images/toy.hex"), "{error}");
}

#[test]
fn verilog_that_does_not_parse_is_refused_with_the_line() {
    let design = Design::single(
        "broken",
        "clock",
        "module broken(input wire clock);\n  assign = 1;\nendmodule\n",
    );
    let error = build(&design, &Options::default()).expect_err("must fail");
    assert!(error.to_string().contains("broken.v:2"), "{error}");
}

#[test]
fn a_second_build_is_not_run() {
    build(&toy(), &Options::default()).expect("build");
    assert!(
        !build(&toy(), &Options::default())
            .expect("build again")
            .fresh
    );
}

#[test]
fn lint_reports_what_no_waiver_covers() {
    let text =
        "module wide(input wire [7:0] a, output wire [3:0] b);\n  assign b = a;\nendmodule\n";
    let mut design = Design::single("wide", "clock", text);
    design.clock = None;
    let error = lint(&design, "").expect_err("must be reported");
    assert!(error.to_string().contains("WIDTHTRUNC"), "{error}");
    let waivers = "`verilator_config\nlint_off -rule WIDTHTRUNC -file \"wide.v\"\nlint_off -rule UNUSEDSIGNAL -file \"wide.v\"\n";
    lint(&design, waivers).expect("waived");
    lint(&design, waivers).expect("waived, from the record");
}

#[test]
fn yosys_takes_the_toy_and_refuses_a_loop_and_an_unknown_module() {
    let mut good = toy();
    // What only a simulator can do is not asked of yosys.
    good.sources[0].text = TOY.replace("if (fail) $finish;", "");
    check_synthesis(&good).expect("accepted");
    let loop_text = "module round(input wire clock, output wire y);\n  wire a = !y;\n  assign y = a & clock;\nendmodule\n";
    let looped = check_synthesis(&Design::single("round", "clock", loop_text));
    assert!(matches!(looped, Err(Error::Lint { .. })), "{looped:?}");
    let unknown_text = "module outer(input wire clock);\n  nothing u(.clock(clock));\nendmodule\n";
    let unknown = check_synthesis(&Design::single("outer", "clock", unknown_text));
    let error = unknown.expect_err("must be refused").to_string();
    assert!(error.contains("nothing"), "{error}");
}
