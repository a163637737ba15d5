//! Vectors, and what compares with them without the RTL.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{code, flip, goldilane, json, text, vectors, verify};

/// Shapes for the configuration `toy`: other n, bases and levels, more than one level.
const TOY: [&str; 4] = [
    "TOY_INSECURE_N256_K1_L1",
    "TOY_INSECURE_N256_K1_L3",
    "TOY_INSECURE_N256_n1_PBS23x1_KS2x7",
    "TOY_INSECURE_N256_n9_PBS6x3_KS4x8",
];
/// One for `sim`.
const SHORT: &str = "TOY_INSECURE_N2048_n4_PBS23x1_KS4x4";

#[test]
fn vectors_agree_with_golden_model_and_model_board() {
    for set in TOY.into_iter().chain([SHORT]) {
        let folder = vectors("agree", set);
        for device in ["golden", "model"] {
            let output = verify(&folder, &["--device", device, "--json"]);
            assert_eq!(code(&output), 0, "{set} {device}: {}", text(&output));
            let report = json(&output);
            assert_eq!(report["agrees"], true);
            assert_eq!(report["ciphertexts"], 4);
            let stages = report["stages"].as_array().expect("stages");
            assert_eq!(stages.first().expect("a stage"), "key_switch");
            assert_eq!(stages.last().expect("a stage"), "extract");
        }
    }
}

#[test]
fn the_folder_is_what_the_page_says() {
    let folder = vectors("format", TOY[0]);
    let description: serde_json::Value = serde_json::from_slice(
        &fs::read(folder.join("description.json")).expect("read the description"),
    )
    .expect("a description");
    assert_eq!(description["format"], "goldilane-vectors 1");
    assert_eq!(description["parameters"]["lwe_dimension"], 12);
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("list the folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    names.retain(|name| name != "description.json");
    assert!(names.iter().all(|name| name.ends_with(".bin")));
    // keys, two tables, and of four ciphertexts input, key switch, modulus switch, six accumulators, extract
    assert_eq!(names.len(), 2 + 2 + 4 * 10);
    let input = fs::read(folder.join("ciphertext_0_lwe_in.bin")).expect("read the input");
    assert_eq!(input.len(), 8 * 257);
    let switched = fs::read(folder.join("ciphertext_0_mod_switch.bin")).expect("read a stage");
    assert_eq!(switched.len(), 2 * 13);
    let outputs = fs::read(folder.join("ciphertext_2_extract.bin")).expect("read a stage");
    assert_eq!(outputs.len(), 3 * 8 * 257);
}

#[test]
fn the_reader_in_the_documentation_reads_vectors() {
    let folder = vectors("python", TOY[0]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/read_vectors.py");
    let lines = fs::read_to_string(&script).expect("read the reader");
    assert!(lines.lines().count() <= 32, "about thirty lines");
    let run = || {
        Command::new("python3")
            .arg(&script)
            .arg(&folder)
            .output()
            .expect("start python3")
    };
    let output = run();
    assert_eq!(code(&output), 0, "{}", text(&output));
    let word = fs::read(folder.join("ciphertext_3_extract.bin")).expect("read a stage");
    let word = u64::from_le_bytes(*word.first_chunk().expect("a word"));
    let line = text(&output)
        .lines()
        .find(|line| line.starts_with("ciphertext 3 extract"))
        .expect("the stage's line")
        .to_owned();
    assert!(
        line.ends_with(&format!("257 words, first {word:#x}")),
        "{line}"
    );
    flip(&folder.join("ciphertext_3_extract.bin"), 4);
    let output = run();
    assert_eq!(code(&output), 1);
    assert!(text(&output).contains("ciphertext_3_extract.bin"));
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (first, second) = (vectors("same_a", TOY[1]), vectors("same_b", TOY[1]));
    for entry in fs::read_dir(&first).expect("list the folder") {
        let name = entry.expect("an entry").file_name();
        let read = |folder: &Path| fs::read(folder.join(&name)).expect("read a file");
        assert_eq!(read(&first), read(&second), "{name:?}");
    }
}

#[test]
fn a_flipped_byte_is_found_and_named() {
    let folder = vectors("flipped", TOY[0]);
    let damage = [
        ("ciphertext_1_key_switch.bin", 4 * 5 + 1, "key_switch", 5),
        ("ciphertext_2_mod_switch.bin", 2 * 3, "mod_switch", 3),
        (
            "ciphertext_0_accumulator_6.bin",
            8 * 300 + 7,
            "accumulator_6",
            300,
        ),
        ("ciphertext_3_extract.bin", 8 * 17, "extract", 17),
    ];
    for (file, byte, stage, word) in damage {
        let path = folder.join(file);
        flip(&path, byte);
        for device in ["golden", "model"] {
            let output = verify(&folder, &["--device", device, "--json"]);
            assert_eq!(code(&output), 1);
            assert_eq!(json(&output)["difference"]["kind"], "hash");
            assert_eq!(json(&output)["difference"]["files"][0], file);

            let output = verify(&folder, &["--device", device, "--no-hash", "--json"]);
            assert_eq!(code(&output), 1, "{}", text(&output));
            let difference = &json(&output)["difference"];
            assert_eq!(difference["kind"], "word", "{difference}");
            assert_eq!(difference["stage"], stage);
            assert_eq!(difference["word"], word);
            let ciphertext = difference["ciphertext"].to_string();
            assert_eq!(file.split('_').nth(1), Some(ciphertext.as_str()));
            assert_ne!(difference["expected"], difference["found"]);
        }
        let output = verify(&folder, &["--device", "golden", "--no-hash"]);
        assert!(
            text(&output).contains(&format!("stage {stage}")),
            "{}",
            text(&output)
        );
        flip(&path, byte);
    }
    assert_eq!(code(&verify(&folder, &["--device", "golden"])), 0);
}

#[test]
fn a_damaged_key_shows_in_the_words() {
    let folder = vectors("key", TOY[0]);
    // GGSW 7 of 12 is wrong in one bit of one word; steps up to 7 agree
    let ggsw = 8 * 4 * 256;
    flip(&folder.join("bsk.bin"), 7 * ggsw + 8 * 100 + 7);
    let output = verify(&folder, &["--device", "model", "--no-hash"]);
    assert_eq!(code(&output), 1);
    assert!(
        text(&output).contains("stage accumulator_11"),
        "{}",
        text(&output)
    );
    assert_eq!(code(&verify(&folder, &["--device", "model"])), 1);
}

#[test]
fn torn_and_missing_files_are_errors() {
    let folder = vectors("torn", TOY[0]);
    let path = folder.join("ksk.bin");
    let bytes = fs::read(&path).expect("read the key");
    fs::write(&path, &bytes[..bytes.len() - 3]).expect("tear the key");
    let output = verify(&folder, &["--device", "golden"]);
    assert_eq!(code(&output), 1);
    let output = verify(&folder, &["--device", "golden", "--no-hash"]);
    assert_eq!(code(&output), 3);
    assert!(text(&output).contains("ksk.bin"), "{}", text(&output));
    fs::remove_file(&path).expect("remove the key");
    let output = verify(&folder, &["--device", "golden", "--json"]);
    assert_eq!(code(&output), 3);
    assert_eq!(json(&output)["exit_code"], 3);
    fs::remove_file(folder.join("description.json")).expect("remove the description");
    let output = verify(&folder, &["--device", "golden"]);
    assert_eq!(code(&output), 3);
    assert!(
        text(&output).contains("description.json"),
        "{}",
        text(&output)
    );
}

#[test]
fn a_description_cannot_lead_out_of_its_folder() {
    let folder = vectors("escape", TOY[0]);
    let path = folder.join("description.json");
    let description = fs::read_to_string(&path).expect("read the description");
    fs::write(&path, description.replace("\"bsk.bin\"", "\"../bsk.bin\""))
        .expect("write the description");
    let output = verify(&folder, &["--device", "golden"]);
    assert_eq!(code(&output), 3);
    assert!(text(&output).contains("../bsk.bin"), "{}", text(&output));
}

#[test]
fn a_ciphertext_without_stages_is_an_error() {
    let folder = vectors("stages", TOY[0]);
    let path = folder.join("description.json");
    let bytes = fs::read(&path).expect("read the description");
    let mut description: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let write = |description: &serde_json::Value| {
        fs::write(&path, description.to_string()).expect("write the description");
    };
    let stages = &mut description["ciphertexts"][1]["stages"];
    let all = stages.as_array_mut().expect("stages");
    // One that only the others have is still compared for them.
    all.pop();
    write(&description);
    flip(&folder.join("ciphertext_3_extract.bin"), 0);
    let output = verify(&folder, &["--device", "golden", "--no-hash"]);
    assert_eq!(code(&output), 1);
    assert!(text(&output).contains("stage extract, ciphertext 3, word 0"));
    let stages = &mut description["ciphertexts"][1]["stages"];
    stages.as_array_mut().expect("stages").truncate(1);
    write(&description);
    let output = verify(&folder, &["--device", "golden", "--no-hash"]);
    assert_eq!(code(&output), 3);
    assert!(text(&output).contains("ciphertext 1: no stage to compare"));
}

#[test]
fn boards_that_do_not_fit_refuse_by_name() {
    let folder = vectors("refuse", TOY[1]);
    let output = verify(&folder, &["--device", "model", "--config", "sim"]);
    assert_eq!(code(&output), 3);
    assert!(text(&output).contains("N = 2048"), "{}", text(&output));
    let folder = vectors("refuse", "TOY_INSECURE_N128_K3_L5");
    let output = verify(&folder, &["--device", "model"]);
    assert_eq!(code(&output), 3);
    assert!(
        text(&output).contains("no named configuration"),
        "{}",
        text(&output)
    );
    assert_eq!(code(&verify(&folder, &["--device", "golden"])), 0);
}

#[test]
fn unusable_arguments_end_with_2() {
    for arguments in [
        &["nonesuch"][..],
        &[],
        &["info", "--device", "nonesuch"],
        &["info", "--device", "model", "--config", "nonesuch"],
        &["vectors", "--set", "nonesuch", "--seed", "1", "--out", "x"],
        &["vectors", "--set", TOY[0], "--seed", "one", "--out", "x"],
        &["verify", "x", "--device", "nonesuch"],
        &["verify", "x", "--device", "model", "--verilog", "x"],
    ] {
        let output = goldilane(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", text(&output));
    }
}

#[test]
fn vectors_do_not_overwrite() {
    let folder = vectors("twice", TOY[0]);
    let out = folder.to_str().expect("a name in UTF-8");
    let output = goldilane(&["vectors", "--set", TOY[0], "--seed", "8", "--out", out]);
    assert_eq!(code(&output), 3);
    assert!(text(&output).contains("not empty"), "{}", text(&output));
    assert_eq!(code(&verify(&folder, &["--device", "golden"])), 0);
}

#[test]
fn a_model_board_reports_itself_and_passes_its_test() {
    let info = json(&goldilane(&[
        "info", "--device", "model", "--config", "toy", "--json",
    ]));
    assert_eq!(info["lanes"], 4);
    assert_eq!(info["polynomial_size"], 256);
    assert_eq!(info["full_multipliers"], 16);
    assert!(info["counters"]["clocks"].is_u64());
    for config in ["toy", "sim"] {
        let output = goldilane(&[
            "selftest", "--device", "model", "--config", config, "--json",
        ]);
        assert_eq!(code(&output), 0, "{}", text(&output));
        let report = json(&output);
        assert_eq!(report["passed"], true);
        let parts = report["parts"].as_array().expect("parts");
        assert!(parts.iter().any(|part| part["part"] == "accumulator_3"));
        assert_eq!(parts.last().expect("a part")["part"], "extract");
    }
}

#[test]
fn lane_counts_that_no_board_has_are_refused() {
    let output = goldilane(&["scale", "--lanes", "8,12", "--json"]);
    assert_eq!(code(&output), 2);
    let error = json(&output)["error"].to_string();
    assert!(error.contains("--lanes 12"), "{error}");
}

/// Whatever is in this machine's slots, at this address there is nothing.
#[test]
fn probe_finds_no_board_where_there_is_none() {
    let output = goldilane(&["probe", "--json", "--at", "ffff:ff:1f.7"]);
    if Path::new("/sys/bus/pci/devices").exists() {
        assert_eq!(code(&output), 1, "{}", text(&output));
        assert_eq!(json(&output)["boards"], serde_json::json!([]));
        assert_eq!(json(&output)["pci_id"], "60d1:1a4e");
    } else {
        assert_eq!(code(&output), 3, "{}", text(&output));
    }
    let output = goldilane(&["probe", "--at", "03:00.0"]);
    assert_eq!(code(&output), 2, "{}", text(&output));
    assert!(
        text(&output).contains("is no PCI address"),
        "{}",
        text(&output)
    );
}
