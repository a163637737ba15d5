//! The Verilated board of the configuration `toy`: agrees, and whatever is wrong with it is named.

use std::fs;

use crate::support::{change, code, emit, flip, json, name, text, vectors, verify};

/// Three levels; checkpoints 0, 1, 2, 4, 8, 9, so that steps between them have to be searched.
const SET: &str = "TOY_INSECURE_N256_n9_PBS6x3_KS4x8";

#[test]
fn the_board_agrees_and_a_wrong_vector_is_named() {
    let folder = vectors("rtl_agrees", SET);
    let output = verify(&folder, &["--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let report = json(&output);
    assert_eq!(
        (&report["device"], &report["configuration"]),
        (&"rtl".into(), &"toy".into())
    );
    assert_eq!(report["stages"].as_array().expect("stages").len(), 9);

    flip(&folder.join("ciphertext_2_accumulator_4.bin"), 8 * 100 + 5);
    let output = verify(&folder, &["--json"]);
    assert_eq!(
        (code(&output), &json(&output)["difference"]["kind"]),
        (1, &"hash".into())
    );
    let output = verify(&folder, &["--no-hash"]);
    assert_eq!(code(&output), 1, "{}", text(&output));
    for part in [
        "stage accumulator_4, ciphertext 2, word 100",
        "the vectors are wrong here",
    ] {
        assert!(text(&output).contains(part), "{}", text(&output));
    }
}

#[test]
fn a_board_that_takes_too_long_is_a_difference() {
    let folder = vectors("rtl_slow", "TOY_INSECURE_N256_n40_PBS6x3_KS4x8");
    let stage = |limit: &str| {
        let output = verify(&folder, &["--clock-limit", limit, "--json"]);
        assert_eq!(code(&output), 1, "{}", text(&output));
        let difference = &json(&output)["difference"];
        assert_eq!(difference["kind"], "no_completion");
        let reason = difference["reason"].as_str().expect("a reason");
        assert!(
            reason.contains(&format!("no completion in {limit} clocks")),
            "{reason}"
        );
        difference["stage"].as_str().expect("a stage").to_owned()
    };
    assert_eq!(stage("100"), "load");
    // Enough for a piece of the key, and for no forty steps of three ciphertexts at 6 x 64 clocks each.
    assert_ne!(stage("40000"), "load");
}

/// The rotation of ciphertext 1 (the second slot) is wrong by one in the sixth step, and only there.
const WRONG_STEP: [&str; 2] = [
    "assign start_rotation = ",
    "assign start_rotation = {8'h0, start_slot == 2'h1 && rotation_step == 11'h5} ^ ",
];

#[test]
fn a_changed_operator_is_found_by_bisection() {
    let folder = vectors("rtl_operator", SET);
    let verilog = emit("rtl_operator_verilog", "toy");
    change(&verilog.join("sequencer.v"), WRONG_STEP[0], WRONG_STEP[1]);
    let output = verify(&folder, &["--verilog", name(&verilog), "--json"]);
    assert_eq!(code(&output), 1, "{}", text(&output));
    let difference = &json(&output)["difference"];
    assert_eq!(difference["kind"], "word", "{difference}");
    assert_eq!(difference["stage"], "accumulator_6", "{difference}");
    assert_eq!(difference["ciphertext"], 1, "{difference}");
    let note = difference["note"].as_str().expect("a note");
    assert!(note.starts_with("step 6 "), "{note}");
}

#[test]
fn verilog_that_is_none_is_named() {
    let folder = vectors("rtl_broken", SET);
    let verilog = emit("rtl_broken_verilog", "toy");
    let check = |part: &str| {
        let output = verify(&folder, &["--verilog", name(&verilog), "--json"]);
        assert_eq!((code(&output), &json(&output)["exit_code"]), (3, &3.into()));
        assert!(text(&output).contains(part), "{}", text(&output));
    };
    let path = verilog.join("mul_lane_x4.v");
    let text = fs::read_to_string(&path).expect("read");
    fs::write(&path, text + "assign x = ;\n").expect("write");
    check("mul_lane_x4.v:");
    fs::remove_file(&path).expect("remove");
    check("mul_lane_x4.v: No such file");
    fs::write(verilog.join("files.f"), "").expect("write");
    check("no Verilog file");
    fs::remove_file(verilog.join("configuration.toml")).expect("remove");
    check("configuration.toml");
}
