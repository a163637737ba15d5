//! The conformance tests as a command, with the board in a process of its own.

use std::fs;
use std::path::PathBuf;

use goldilane_abi::{MemoryMap, PieceKind, Shape};
use goldilane_side_channel::Client;

use crate::serve::{Served, device, socket};
use crate::support::{code, goldilane, json, name, text, vectors};

/// How many bodies there are, how many of them need the side channel, how many also a board process behind a socket; and
/// how many are of faults.
const BODIES: u64 = 67;
const WITH_BENCH: u64 = 32;
const WITH_SOCKET: u64 = 6;
const FAULTS: u64 = 23;

fn counts(report: &serde_json::Value) -> [u64; 3] {
    ["passed", "failed", "not_applicable"].map(|field| report[field].as_u64().expect(field))
}

/// A model board, its socket, and that of its side channel.
fn board_with_side_channel() -> (Served, PathBuf, PathBuf) {
    let (path, side) = (socket(), socket());
    let toy = ["--board", "model", "--config", "toy"];
    let served = Served::start(
        &[&toy[..], &["--side-channel", name(&side)]].concat(),
        &[&path],
    );
    (served, path, side)
}

#[test]
fn a_model_board_elsewhere_conforms() {
    let (served, path, side) = board_with_side_channel();
    let device = device(&path);
    let folder = vectors("conform", "TOY_INSECURE_N256_K1_L3");
    let with_side = [
        "conform",
        "--json",
        "--device",
        &device,
        "--side-channel",
        name(&side),
        "--vectors",
        name(&folder),
    ];
    let output = goldilane(&with_side);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let report = json(&output);
    assert_eq!(counts(&report), [BODIES + 1, 0, 0]);
    assert_eq!(
        (&report["configuration"], &report["side_channel"]),
        (&"toy".into(), &true.into())
    );
    let last = report["tests"]
        .as_array()
        .expect("tests")
        .last()
        .expect("one");
    assert_eq!(last["test"], "vectors::TOY_INSECURE_N256_K1_L3");
    assert_eq!(last["ciphertexts"], 4);

    // As on a physical board.
    let output = goldilane(&["conform", "--json", "--device", &device]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    assert_eq!(counts(&json(&output)), [BODIES - WITH_BENCH, 0, WITH_BENCH]);

    // Damaged vectors are no vectors.
    fs::write(folder.join("bsk.bin"), "other words").expect("write");
    let output = goldilane(&with_side);
    assert_eq!(code(&output), 3, "{}", text(&output));
    assert!(text(&output).contains("bsk.bin"), "{}", text(&output));
    let (code, _, errors) = served.end("-TERM");
    assert_eq!(code, Some(0), "{errors}");
    assert!(!side.exists());
}

#[test]
fn a_verilated_board_elsewhere_conforms_where_the_side_channel_matters() {
    let (path, side) = (socket(), socket());
    let served = Served::start(
        &[
            "--board",
            "rtl",
            "--config",
            "toy",
            "--side-channel",
            name(&side),
        ],
        &[&path],
    );
    let output = goldilane(&[
        "conform",
        "--json",
        "--device",
        &device(&path),
        "--side-channel",
        name(&side),
        "--only",
        "faults::",
        "--only",
        "resets::",
        "--only",
        "queues::a_late",
    ]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    // Three of resets, one of queues.
    assert_eq!(counts(&json(&output)), [FAULTS + 4, 0, 0]);
    let (code, _, errors) = served.end("-TERM");
    assert_eq!(code, Some(0), "{errors}");
}

/// A board that does not do what it should: what is done to it through the side channel is done to another.
#[test]
fn what_a_board_does_wrong_is_told() {
    let paths = [socket(), socket()];
    let sides = [socket(), socket()];
    let served = Served::start(
        &[
            "--board",
            "model",
            "--config",
            "toy",
            "--side-channel",
            name(&sides[0]),
            "--side-channel",
            name(&sides[1]),
        ],
        &[&paths[0], &paths[1]],
    );
    let arguments = [
        "conform",
        "--device",
        &device(&paths[0]),
        "--side-channel",
        name(&sides[1]),
        "--only",
        "faults::",
        "--only",
        "transport::",
    ];
    let output = goldilane(&[&arguments[..], &["--json"]].concat());
    assert_eq!(code(&output), 1, "{}", text(&output));
    let report = json(&output);
    assert_eq!(counts(&report), [4, FAULTS, 0]);
    let failed = report["tests"].as_array().expect("tests").iter();
    for test in failed.filter(|test| test["outcome"] == "failed") {
        let detail = test["detail"].as_str().expect("words");
        assert!(detail.contains(".rs:"), "{detail}");
    }
    let fewer = arguments.map(|word| match word {
        "faults::" => "faults::corrupted",
        other => other,
    });
    let output = goldilane(&fewer);
    assert_eq!(code(&output), 1);
    assert!(text(&output).contains("4 passed, 3 failed, 0 not applicable"));
    served.end("-TERM");
}

#[test]
fn boards_in_this_process_conform_and_other_shapes_have_fewer_tests() {
    let output = goldilane(&["conform", "--device", "model", "--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let expected = [BODIES - WITH_SOCKET, 0, WITH_SOCKET];
    assert_eq!(counts(&json(&output)), expected);
    let output = goldilane(&["conform", "--device", "model", "--config", "sim", "--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let [passed, failed, not_applicable] = counts(&json(&output));
    assert_eq!((failed, passed + not_applicable), (0, BODIES));
    assert!(passed >= 17, "{passed}");
    let output = goldilane(&[
        "conform",
        "--device",
        "rtl",
        "--only",
        "transport::",
        "--json",
    ]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    assert_eq!(counts(&json(&output)), [4, 0, 0]);
}

#[test]
fn arguments_that_cannot_be_used() {
    let path = socket();
    let remote = device(&path);
    let side = socket();
    let bad: &[&[&str]] = &[
        &[
            "conform",
            "--device",
            "model",
            "--side-channel",
            name(&side),
        ],
        &["conform", "--device", "model", "--vectors", "."],
        &["conform", "--device", "model", "--clock-limit", "9"],
        &["conform", "--device", &remote, "--config", "toy"],
        &[
            "serve",
            "--board",
            "model",
            "--config",
            "toy",
            "--socket",
            name(&path),
            "--socket",
            name(&side),
            "--side-channel",
            "/tmp/one.sock",
        ],
    ];
    for arguments in bad {
        let output = goldilane(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", text(&output));
    }
    let served = Served::start(&["--board", "model", "--config", "toy"], &[&path]);
    for arguments in [
        &[
            "conform",
            "--device",
            &remote,
            "--side-channel",
            name(&side),
        ][..],
        &[
            "conform",
            "--device",
            &remote,
            "--vectors",
            "/no/such/folder",
            "--only",
            "nothing",
        ],
    ] {
        let output = goldilane(arguments);
        assert_eq!(code(&output), 3, "{arguments:?}: {}", text(&output));
    }
    // The side channel's socket is one that somebody serves.
    let output = goldilane(&[
        "serve",
        "--board",
        "model",
        "--config",
        "toy",
        "--socket",
        name(&side),
        "--side-channel",
        name(&path),
    ]);
    assert_eq!(code(&output), 3, "{}", text(&output));
    assert!(
        text(&output).contains("another process"),
        "{}",
        text(&output)
    );
    served.end("-TERM");
}

#[test]
fn a_board_is_soaked_and_a_damaged_answer_is_found() {
    let (served, path, side) = board_with_side_channel();
    let soak = [
        "soak",
        "--json",
        "--duration",
        "2s",
        "--seed",
        "3",
        "--device",
        &device(&path),
    ];
    let output = goldilane(&soak);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let report = json(&output);
    assert_eq!(
        (&report["errors"], &report["ended_early"]),
        (&0.into(), &serde_json::Value::Null)
    );
    for kind in ["bootstrap", "batches_in_flight", "loopback", "no_ops"] {
        assert!(report["jobs"][kind].as_u64() > Some(0), "{kind}: {report}");
    }
    assert!(report["bootstraps"].as_u64() > Some(10), "{report}");

    // Bits of the key flip in board memory; a reset and a new key heal it each time.
    let channel = Client::open(&side).expect("a side channel");
    let line = MemoryMap::new(&Shape::TOY).piece_line(0, PieceKind::Ggsw, 0);
    let spoil = std::thread::spawn(move || {
        for byte in 0..4 {
            std::thread::sleep(std::time::Duration::from_millis(300));
            channel.flip_bits(line, byte, 1).expect("flipped");
        }
    });
    let output = goldilane(&soak);
    spoil.join().expect("the other client");
    assert_eq!(code(&output), 1, "{}", text(&output));
    let report = json(&output);
    assert!(report["errors"].as_u64() > Some(0), "{report}");
    let told = report["first_errors"].as_array().expect("errors");
    assert!((1..=10).contains(&told.len()), "{report}");
    served.end("-TERM");
}
