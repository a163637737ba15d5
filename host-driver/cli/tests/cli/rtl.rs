//! The Verilated board of the configuration `toy`: agrees, and whatever is wrong with it is named.

use std::fs;

use crate::support::{change, code, emit, flip, goldilane, json, name, text, vectors, verify};

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

fn bench(set: &str, more: &[&str]) -> std::process::Output {
    let mut arguments = vec![
        "bench", "--config", "toy", "--json", "--memory", "ideal", "--set", set,
    ];
    arguments.extend(more);
    goldilane(&arguments)
}

/// So few key words that board memory is no limit; the short key makes what lies between two batches weigh.
#[test]
fn full_batches_follow_each_other() {
    let output = bench("TOY_INSECURE_N256_n60_PBS23x1_KS4x1", &["--fills"]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let report = json(&output);
    let row = &report["rows"][0];
    assert_eq!(row["bit_exact"], true);
    // A controller that hands over a batch only when the results of the one before are out reaches 88 %.
    let number = |name: &str| row[name].as_f64().expect(name);
    let occupancy = number("occupancy");
    assert!((0.94..=1.0).contains(&occupancy), "{occupancy}");
    // One level: 16 clocks a word of the small ciphertext, where an external product takes 128.
    let share = number("key_switch_share");
    assert!((0.12..0.13).contains(&share), "{share}");
    assert_eq!(
        row["deepest_path"]["chain_bits"].as_u64().expect("bits"),
        65
    );

    // The fewer ciphertexts, the less they hide each other's latency.
    let fills = report["part_filled"].as_array().expect("fills");
    let clocks: Vec<f64> = fills
        .iter()
        .map(|fill| {
            fill["clocks_per_external_product"]
                .as_f64()
                .expect("clocks")
        })
        .collect();
    assert!(clocks.is_sorted_by(|a, b| a > b), "{clocks:?}");
    assert!(fills.iter().all(|fill| fill["bit_exact"] == true));
    assert_eq!(report["memory"][0]["slots_needed"], 1);
}

#[test]
fn a_step_alone_takes_the_clocks_of_the_formula() {
    let output = bench("TOY_INSECURE_N256_n600_PBS23x1_KS4x1", &[]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let report = json(&output);
    let number = |name: &str| report["rows"][0][name].as_f64().expect(name);
    let (alone, formula) = (
        number("clocks_per_step_alone"),
        number("clocks_per_step_formula"),
    );
    assert!(
        (alone / formula - 1.0).abs() < 0.005,
        "{alone} clocks a step alone, {formula} by the formula"
    );
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let says = |output: std::process::Output, what: &str| {
        assert_eq!(code(&output), 2, "{}", text(&output));
        assert!(text(&output).contains(what), "{}", text(&output));
    };
    let output = bench("TOY_INSECURE_N256_n1_PBS23x1_KS4x1", &[]);
    says(output, "n = 1, from 2 on it is possible");
    let output = goldilane(&["bench", "--rows", "p8,p7"]);
    says(output, "--rows \"p7\": none of p256,");
}
