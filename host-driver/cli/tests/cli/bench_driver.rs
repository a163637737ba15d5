//! `bench --driver` on a working set that is too small to measure anything, but whose numbers are all there.

use crate::support::{code, goldilane, json, text};

#[test]
fn the_driver_touches_one_register_a_batch_and_copies_once() {
    let arguments = ["bench", "--driver", "--json", "--working-set", "4"];
    let output = goldilane(&[&arguments[..], &["--entries", "8"]].concat());
    assert_eq!(code(&output), 0, "{}", text(&output));
    let report = json(&output);
    let number = |path: &str| {
        let value = report.pointer(path).and_then(serde_json::Value::as_f64);
        value.unwrap_or_else(|| panic!("{path} of {report}"))
    };
    for way in ["copying", "copying_crc"] {
        assert!(number(&format!("/{way}/ciphertexts_per_second_per_core")) > 0.0);
        assert!(number(&format!("/{way}/time_over_memcpy")) > 0.0);
        assert!(number(&format!("/{way}/working_set_bytes")) >= f64::from(4 << 20));
    }
    for way in ["in_place", "in_place_crc"] {
        assert!(number(&format!("/{way}/ciphertexts_per_second_per_core")) > 0.0);
        assert!(number(&format!("/{way}/ns_per_job")) > 0.0);
    }
    assert_eq!(number("/register_writes_per_batch"), 1.0);
    assert_eq!(number("/register_reads_per_job"), 0.0);
    // In and out once; an entry, an empty record and the board's; an eighth of a descriptor and of its completion.
    let expected = 2.0 * 16392.0 + 32.0 + 2.0 * 16.0 + (64.0 + 16.0) / 8.0;
    assert_eq!(number("/bytes_copied_per_ciphertext"), expected);
}

#[test]
fn options_of_the_driver_bench_need_it() {
    for arguments in [
        &["bench", "--entries", "8"][..],
        &["bench", "--driver", "--config", "toy"],
        &["bench", "--driver", "--entries", "0"],
    ] {
        let output = goldilane(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", text(&output));
    }
}
