//! Traces: what a waveform viewer would find in the files.

use std::path::PathBuf;

use goldilane_verilator::{Design, Error, Model, Options, Start, build};

const TEXT: &str = "
module inner(input wire clock, output reg [7:0] squares);
    reg [7:0] number;
    initial begin number = 0; squares = 0; end
    always @(posedge clock) begin
        number <= number + 1;
        squares <= number * number;
    end
endmodule
module outer(input wire clock, output wire [7:0] squares, output reg busy);
    initial busy = 0;
    always @(posedge clock) busy <= !busy;
    inner u_inner(.clock(clock), .squares(squares));
endmodule
";

fn open(trace: bool) -> Model {
    let design = Design::single("outer", "clock", TEXT);
    let built = build(&design, &Options { trace }).expect("build");
    Model::open(&built, Start::Zeros).expect("open")
}

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("goldilane-{name}-{}.fst", std::process::id()))
}

/// The values that a signal takes in a file, and how many signals the file has.
fn changes(path: &PathBuf, scopes: &[&str], name: &str) -> (Vec<u64>, usize) {
    let mut wave = wellen::simple::read(path).expect("read the wave");
    let hierarchy = wave.hierarchy();
    let variables = hierarchy.iter_vars().count();
    let variable = hierarchy.lookup_var(scopes, name).expect("the signal");
    let signal = hierarchy[variable].signal_ref();
    wave.load_signals(&[signal]);
    let values = wave
        .get_signal(signal)
        .expect("loaded")
        .iter_changes()
        .map(|(_, value)| {
            let bits = value.to_bit_string().expect("bits");
            u64::from_str_radix(&bits, 2).expect("no unknown bits")
        })
        .collect();
    std::fs::remove_file(path).expect("remove");
    (values, variables)
}

#[test]
fn a_plain_build_refuses_to_trace_and_goes_on() {
    let mut model = open(false);
    let refused = model.open_trace(&file("plain"), None, 0);
    assert!(matches!(refused, Err(Error::NoTrace { .. })));
    model.clock().expect("a refused trace changes nothing");
}

#[test]
fn two_windows_of_one_run_hold_their_own_clocks() {
    let mut model = open(true);
    for (name, before, from) in [("first", 3, 2_u64), ("second", 4, 11)] {
        model.run(before).expect("run");
        let path = file(name);
        model.open_trace(&path, None, 0).expect("trace");
        model.run(5).expect("run");
        model.close_trace().expect("close");
        let (values, _) = changes(&path, &["outer", "u_inner"], "squares");
        let expected: Vec<u64> = (from..=from + 5)
            .map(|number| number * number % 256)
            .collect();
        assert_eq!(values, expected, "{name}");
    }
}

#[test]
fn a_scope_leaves_the_rest_out() {
    let mut model = open(true);
    let path = file("scope");
    model
        .open_trace(&path, Some("outer.u_inner"), 0)
        .expect("trace");
    model.run(3).expect("run");
    model.close_trace().expect("close");
    let (values, variables) = changes(&path, &["outer", "u_inner"], "number");
    assert_eq!((values, variables), (vec![0, 1, 2, 3], 3));
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let mut model = open(true);
    let path = PathBuf::from("/proc/no-such-folder/wave.fst");
    assert!(matches!(
        model.open_trace(&path, None, 0),
        Err(Error::Tool(_))
    ));
}
