//! `goldilane bench` on the smallest board, and what it writes.

use std::fs;
use std::path::Path;

use crate::support::{code, fresh, goldilane, json, name, text};

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

#[test]
fn the_page_comes_with_its_picture() {
    let folder = fresh("bench_page");
    fs::create_dir_all(&folder).expect("make the folder");
    let (page, svg) = (folder.join("p.md"), folder.join("p_timeline.svg"));
    let stamp = "2026-01-02, commit of the design: abcdef0.";
    let more = ["--page", name(&page), "--stamp", stamp];
    let output = bench("TOY_INSECURE_N256_n8_PBS23x1_KS4x1", &more);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let report = json(&output);
    assert_eq!(report["rows"][0]["bit_exact"], true);
    assert_eq!(report["written"], serde_json::json!([page, svg]));
    let read = |path: &Path| fs::read_to_string(path).expect("read");
    let (page, picture) = (read(&page), read(&svg));
    for part in [stamp, "Method: `bench ", "](p_timeline.svg)", "| toy | 4 |"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for part in [
        stamp,
        "Method: bench ",
        "toy: a full batch of 3",
        "key switch",
    ] {
        assert!(picture.contains(part), "{part}: {picture}");
    }
    // Nothing but the two: the trace is taken away.
    assert_eq!(fs::read_dir(&folder).expect("list").count(), 2);
}

#[test]
fn a_part_of_the_table_is_no_page() {
    let page = fresh("bench_part").with_extension("md");
    for more in [&["--rows", "n512"][..], &["--driver"]] {
        let output = goldilane(&[&["bench", "--page", name(&page)], more].concat());
        assert_eq!(code(&output), 2, "{}", text(&output));
        assert!(text(&output).contains("--page"), "{}", text(&output));
        assert!(!page.exists());
    }
}
