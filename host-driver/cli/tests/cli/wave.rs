//! `goldilane sim`: what a waveform viewer finds in the file.

use std::path::Path;

use crate::support::{code, fresh, goldilane, json, name, text};

/// The values of a register in a file, and the scopes that have signals.
fn read(path: &Path, scopes: &[&str], register: &str) -> (Vec<u64>, Vec<String>) {
    let mut wave = wellen::simple::read(path).expect("read the wave");
    let hierarchy = wave.hierarchy();
    let found: Vec<String> = hierarchy
        .iter_scopes()
        .filter(|scope| scope.vars(hierarchy).next().is_some())
        .map(|scope| scope.full_name(hierarchy))
        .collect();
    let variable = hierarchy
        .lookup_var(scopes, register)
        .expect("the register");
    let signal = hierarchy[variable].signal_ref();
    wave.load_signals(&[signal]);
    let changes = wave.get_signal(signal).expect("loaded").iter_changes();
    let values = changes.map(|(_, value)| {
        let bits = value.to_bit_string().expect("bits");
        u64::from_str_radix(&bits, 2).expect("no unknown bits")
    });
    (values.collect(), found)
}

fn trace(out: &Path, more: &[&str]) -> serde_json::Value {
    let arguments = ["sim", "--config", "toy", "--out", name(out), "--json"];
    let output = goldilane(&[&arguments, more].concat());
    assert_eq!(code(&output), 0, "{}", text(&output));
    assert!(
        output.stderr.is_empty(),
        "quiet in a pipe: {}",
        text(&output)
    );
    json(&output)
}

#[test]
fn a_window_holds_its_clocks_and_no_others() {
    let folder = fresh("wave");
    std::fs::create_dir_all(&folder).expect("make the folder");
    let (all, block) = (folder.join("all.fst"), folder.join("block.fst"));
    let report = trace(&all, &["--wave", "5000:5200"]);
    assert_eq!(report["agrees"], true);
    assert!(report["wave_bytes"].as_u64().expect("bytes") > 1000);
    // The board's own count of clocks: one value a clock.
    let scopes = ["goldilane_toy", "u_io"];
    let (values, found) = read(&all, &scopes, "clocks");
    assert_eq!(values.len(), 201, "{values:?}");
    assert!(
        values.windows(2).all(|pair| pair[1] == pair[0] + 1),
        "{values:?}"
    );
    assert!((4900..=5000).contains(&values[0]), "{values:?}");
    assert!(found.len() > 50, "{found:?}");

    trace(
        &block,
        &["--wave", "5000:5200", "--block", "goldilane_toy.u_io"],
    );
    let (same, found) = read(&block, &scopes, "clocks");
    assert_eq!(same, values);
    assert!(
        found.iter().all(|scope| scope.contains("u_io")),
        "{found:?}"
    );

    // The board and its blocks, not what is in them.
    let levels = folder.join("levels.fst");
    trace(&levels, &["--wave", "5000:5200", "--levels", "2"]);
    let (same, found) = read(&levels, &scopes, "clocks");
    assert_eq!(same, values);
    assert!(
        found.iter().all(|scope| scope.matches('.').count() < 2),
        "{found:?}"
    );
}

#[test]
fn what_cannot_be_traced_is_said_at_once() {
    let out = fresh("no_such_folder").join("wave.fst");
    for (more, expected, part) in [
        (
            &["--wave", "10:20", "--out", name(&out)][..],
            3,
            "no_such_folder",
        ),
        (
            &["--wave", "10:20", "--block", "goldilane_toy.u_nonesuch"],
            2,
            "u_nonesuch",
        ),
        (&["--block", "goldilane_toy.u_io"], 2, "--wave"),
        (&["--wave", "20:10"], 2, "1000:2000"),
        (&["--config", "nonesuch"], 2, "nonesuch"),
        (&["--verilog", "nonesuch"], 3, "nonesuch/configuration.toml"),
    ] {
        let config: &[&str] = match more[0] {
            "--config" | "--verilog" => &[],
            _ => &["--config", "toy"],
        };
        let output = goldilane(&[&["sim"], config, more].concat());
        assert_eq!(code(&output), expected, "{more:?}: {}", text(&output));
        assert!(text(&output).contains(part), "{more:?}: {}", text(&output));
    }
}

#[test]
fn a_timeline_shows_every_stage_at_work() {
    let folder = fresh("timeline");
    std::fs::create_dir_all(&folder).expect("make the folder");
    let svg = folder.join("stages.svg");
    let arguments = ["sim", "--config", "toy", "--timeline", name(&svg), "--json"];
    let output = goldilane(&arguments);
    assert_eq!(code(&output), 0, "{}", text(&output));
    assert_eq!(json(&output)["timeline"], name(&svg));
    let picture = std::fs::read_to_string(&svg).expect("read the picture");
    let shares: Vec<f64> = picture
        .split(" %<")
        .filter_map(|before| before.rsplit('>').next()?.parse().ok())
        .collect();
    assert_eq!(shares.len(), 12, "a share a stage: {picture}");
    assert!(shares.iter().all(|share| *share > 0.0), "{shares:?}");
    // Every row of digits is read, transformed and multiplied once; every row of a product goes back and is written.
    let [rotate, forward, product, inverse, write] = shares[5..10] else {
        panic!("{shares:?}")
    };
    assert!(rotate > 10.0, "{shares:?}");
    assert!((rotate - forward).abs() < 0.3, "{shares:?}");
    assert!((rotate - product).abs() < 0.3, "{shares:?}");
    assert!(inverse > 1.0 && write >= inverse, "{shares:?}");
    assert!(
        !folder.join("stages.fst").exists(),
        "the trace is taken away"
    );

    // A window behind the work, to whose end the board runs on alone.
    let traced = folder.join("idle.fst");
    let idle = ["--wave", "200000:200100", "--out", name(&traced)];
    let output = goldilane(&[&arguments[..], &idle].concat());
    assert_eq!(code(&output), 0, "{}", text(&output));
    let picture = std::fs::read_to_string(&svg).expect("read the picture");
    assert!(
        picture.contains("the whole window, 100 clocks"),
        "{picture}"
    );
    assert_eq!(picture.matches(">0.0 %<").count(), 12, "{picture}");
}
