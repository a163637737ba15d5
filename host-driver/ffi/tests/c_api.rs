//! The shared library as a program in C sees it: compiled by the machine's C compiler, run against served boards.

#[path = "c_api/support.rs"]
mod support;
#[path = "c_api/vectors.rs"]
mod vectors;

use std::fs;

use goldilane_sim::Board;
use goldilane_sim::vfio_user::Server;
use support::{Programs, Run, check_syntax, model, rtl, serve};

const EXAMPLE: &str = "examples/bootstrap.c";
const MISUSE: &str = "tests/c_api/misuse.c";

#[test]
fn the_example_runs_the_vectors_on_the_model_board() {
    runs_the_vectors("model", serve(model()));
}

#[test]
fn the_example_runs_the_vectors_on_the_verilated_board() {
    runs_the_vectors("rtl", serve(rtl()));
}

/// The toy sets on a board behind a socket: all words agree, and one that is changed is named.
fn runs_the_vectors<B: Board>(board: &str, (_server, device): (Server<B>, String)) {
    let programs = Programs::new(board);
    let program = programs.compile(EXAMPLE);
    for (index, (name, parameters)) in vectors::sets().into_iter().enumerate() {
        let folder = programs.folder().join(name);
        vectors::write(&folder, parameters, index as u64);
        let arguments = [folder.to_str().expect("a name"), &device];
        let run = Run::of(&program, &arguments);
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
        assert!(
            run.output
                .contains("4 bootstraps, 1542 words, 0 of them differ"),
            "{run:?}"
        );

        // One bit of one expected word is another: named, and nothing else is.
        let file = folder.join("ciphertext_2_extract.bin");
        let mut bytes = fs::read(&file).expect("a file");
        bytes[300 * 8] ^= 1;
        fs::write(&file, bytes).expect("a file");
        let run = Run::of(&program, &arguments);
        assert_eq!(run.code, Some(1), "{name}: {run:?}");
        assert!(
            run.output.contains("difference: ciphertext 2, word 300: "),
            "{run:?}"
        );
        assert!(run.output.contains(" 1 of them differ"), "{run:?}");
    }
}

#[test]
fn the_example_says_what_is_missing() {
    let programs = Programs::new("missing");
    let program = programs.compile(EXAMPLE);
    let (name, parameters) = vectors::sets().remove(0);
    let folder = programs.folder().join(name);
    vectors::write(&folder, parameters, 1);
    let folder_name = folder.to_str().expect("a name");
    let refused = |arguments: &[&str], text: &str| {
        let run = Run::of(&program, arguments);
        assert_eq!(run.code, Some(1), "{arguments:?}: {run:?}");
        assert!(run.errors.contains(text), "{arguments:?}: {run:?}");
    };
    refused(&[], "usage");
    refused(
        &[folder_name, "socket:/nobody/here.sock"],
        "open the board: open socket:/nobody/here.sock",
    );
    refused(&["/nobody", "socket:x"], "open /nobody/description.json");
    let (_server, device) = serve(model());
    let key = fs::read(folder.join("bsk.bin")).expect("a file");
    fs::write(folder.join("bsk.bin"), &key[8..]).expect("a file");
    refused(
        &[folder_name, &device],
        "prepare the bootstrapping key: bootstrapping key: ",
    );
}

#[test]
fn bad_arguments_are_answered() {
    let programs = Programs::new("misuse");
    let program = programs.compile(MISUSE);
    let (_server, device) = serve(model());
    let run = Run::of(&program, &[&device]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn the_header_is_cpp_too() {
    check_syntax("c++", &["-std=c++17", "-x", "c++"]);
    check_syntax("cc", &["-std=c99", "-x", "c"]);
}
