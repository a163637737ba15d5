//! What `goldilane emit` writes.

use std::collections::BTreeSet;
use std::fs;

use crate::support::{code, emit, fresh, goldilane, json, name, text, unread};

#[test]
fn the_same_configuration_gives_the_same_bytes() {
    let (first, second) = (emit("emit_a", "toy"), emit("emit_b", "toy"));
    let names = |folder: &std::path::Path| -> BTreeSet<_> {
        fs::read_dir(folder)
            .expect("list the folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect()
    };
    assert_eq!(names(&first), names(&second));
    for name in names(&first) {
        let read = |folder: &std::path::Path| fs::read(folder.join(&name)).expect("read a file");
        assert!(read(&first) == read(&second), "{name:?}");
    }
}

#[test]
fn a_folder_is_complete_in_itself() {
    let folder = emit("emit_complete", "toy");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect(name);
    let list = read("files.f");
    let listed: BTreeSet<&str> = list.lines().collect();
    let entries = fs::read_dir(&folder).expect("list the folder");
    let names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    let sources = names.iter().filter(|name| name.ends_with(".v"));
    assert_eq!(listed, sources.map(String::as_str).collect());
    let mut modules = BTreeSet::new();
    for source in &listed {
        let text = read(source);
        let module = source.strip_suffix(".v").expect("a .v file");
        assert!(text.contains(&format!("\nmodule {module} (")), "{source}");
        assert_eq!(text.matches("\nmodule ").count(), 1, "{source}");
        for image in text.split("$readmemh(\"").skip(1) {
            let image = image.split('"').next().expect("a name");
            assert!(names.iter().any(|name| name == image), "{source}: {image}");
        }
        modules.insert(module);
    }
    let map = read("modules.txt");
    let used: BTreeSet<&str> = map
        .lines()
        .map(|line| line.split_once(' ').expect("instance and module").1)
        .collect();
    assert_eq!(used, modules);
    assert_eq!(read("depth.txt").lines().count(), 10);
}

#[test]
fn nets_that_no_copy_helps_are_named() {
    let folder = fresh("emit_heavy");
    fs::create_dir_all(&folder).expect("make the folder");
    let file = folder.join("wide.toml");
    let wide = "base = \"sim\"\nkey_switch_products = 1024\nhost_bus_bits = 128\n";
    fs::write(&file, wide).expect("write");
    let out = folder.join("verilog");
    let output = goldilane(&["emit", name(&file), "--out", name(&out), "--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let nets = &json(&output)["heavy_nets"];
    // An address that reaches 512 columns.
    let first = nets[0].as_str().expect("a net");
    assert!(
        first.starts_with("key_switch: ") && first.ends_with(", 512 loads"),
        "{first}"
    );
}

#[test]
fn a_file_is_a_configuration_too() {
    let folder = fresh("emit_file");
    fs::create_dir_all(&folder).expect("make the folder");
    let file = folder.join("mine.toml");
    fs::write(&file, "base = \"toy\"\nslots = 2\n").expect("write");
    let out = folder.join("verilog");
    let output = goldilane(&["emit", name(&file), "--out", name(&out), "--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let report = json(&output);
    assert_eq!(report["top"], "goldilane_mine");
    assert_eq!(report["deepest_paths"].as_array().expect("paths").len(), 10);
    assert_eq!(report["heavy_nets"], serde_json::json!([]));
    assert!(out.join("goldilane_mine.v").is_file());
    let numbers = fs::read_to_string(out.join("configuration.toml")).expect("read");
    assert!(numbers.contains("slots = 2\n"), "{numbers}");
}

#[test]
fn folders_that_cannot_take_it_are_named() {
    let full = emit("emit_full", "toy");
    let inside = full.join("files.f");
    let below = inside.join("out");
    for (out, reason) in [
        (&full, "not empty"),
        (&inside, "files.f"),
        (&below, "files.f/out"),
    ] {
        let output = goldilane(&["emit", "toy", "--out", name(out)]);
        assert_eq!(code(&output), 3, "{}", text(&output));
        assert!(text(&output).contains(reason), "{}", text(&output));
    }
    for configuration in ["nonesuch", "nonesuch.toml"] {
        let out = fresh("emit_never");
        let output = goldilane(&["emit", configuration, "--out", name(&out)]);
        assert_eq!(code(&output), 2, "{}", text(&output));
        assert!(text(&output).contains(configuration), "{}", text(&output));
        assert!(!out.exists());
    }
}

/// `goldilane emit ... | head`, and a full disk.
#[test]
fn a_reader_that_leaves_ends_nothing() {
    for more in [&[][..], &["--json"]] {
        let folder = fresh("emit_unread");
        let output = unread(&[&["emit", "toy", "--out", name(&folder)], more].concat());
        assert_eq!((code(&output), &*text(&output)), (0, ""), "{more:?}");
        assert!(folder.join("goldilane_toy.v").is_file());
    }
    // Its exit code is its own.
    let output = unread(&[
        "emit",
        "toy",
        "--out",
        name(&fresh("emit_unread").join("a/b")),
    ]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let output = unread(&["emit", "nonesuch", "--out", "nowhere", "--json"]);
    assert_eq!(code(&output), 2, "{}", text(&output));

    let full = fs::File::options().write(true).open("/dev/full");
    let folder = fresh("emit_full_disk");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_goldilane"))
        .args(["emit", "toy", "--out", name(&folder)])
        .stdout(full.expect("a device that is full"))
        .output()
        .expect("start goldilane");
    assert_eq!(code(&output), 3, "{}", text(&output));
    assert!(
        text(&output).starts_with("error: write to standard output: "),
        "{}",
        text(&output)
    );
}
