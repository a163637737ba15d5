//! C programs compiled and run, and a board to run them on.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use goldilane_abi::Shape;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::netlist::emit;
use goldilane_hdl::top::goldilane;
use goldilane_sim::rtl::{RtlBoard, RtlOptions};
use goldilane_sim::vfio_user::{Listener, Server};
use goldilane_sim::{Board, ModelBoard};

const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Werror", "-pedantic"];

fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where cargo has put the shared library: beside the tests.
fn library_folder() -> PathBuf {
    let test = std::env::current_exe().expect("a program");
    let folder = test.parent().expect("a folder").to_path_buf();
    assert!(folder.join("libgoldilane.so").is_file(), "{folder:?}");
    folder
}

/// The model of a toy board.
pub fn model() -> ModelBoard {
    ModelBoard::new(Shape::TOY, 7)
}

/// The Verilated toy board.
pub fn rtl() -> RtlBoard {
    let configuration = Configuration::find("toy").expect("toy");
    let top = goldilane(&configuration).expect("a board");
    let files = emit(&top);
    RtlBoard::from_files(top.name(), &files, Shape::TOY, RtlOptions::default()).expect("a model")
}

/// A board behind a socket, and its name. It ends when it is dropped.
pub fn serve<B: Board + 'static>(board: B) -> (Server<B>, String) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let file = format!("goldilane-c-{}-{count}.sock", std::process::id());
    let path = std::env::temp_dir().join(file);
    let listener = Listener::bind(&path).expect("a socket");
    let server = Server::start(board, listener, |_| {}).expect("a server");
    (server, format!("socket:{}", path.display()))
}

/// A folder for programs and their files, gone in the end.
pub struct Programs(PathBuf);

impl Programs {
    pub fn new(name: &str) -> Self {
        let file = format!("goldilane-c-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(file);
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Compiles and links a program as a user would, warnings being errors.
    pub fn compile(&self, source: &str) -> PathBuf {
        let program = self.0.join("program");
        let mut compiler = Command::new("cc");
        compiler
            .args(["-std=c11", "-O1"])
            .args(WARNINGS)
            .arg("-I")
            .arg(crate_folder().join("include"))
            .arg(crate_folder().join(source))
            .arg("-L")
            .arg(library_folder())
            .arg("-lgoldilane")
            .arg("-o")
            .arg(&program);
        let run = Run::finish(&mut compiler);
        assert_eq!(run.code, Some(0), "{source}: {run:?}");
        program
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        let _gone_already = fs::remove_dir_all(&self.0);
    }
}

/// The header alone, by a compiler with these options.
pub fn check_syntax(compiler: &str, options: &[&str]) {
    let header = crate_folder().join("include/goldilane.h");
    // A header that is the main file of a compilation is warned of, so it is included.
    let mut command = Command::new(compiler);
    command
        .args(options)
        .args(WARNINGS)
        .args(["-fsyntax-only", "-include"])
        .arg(header)
        .arg("/dev/null");
    let run = Run::finish(&mut command);
    assert_eq!(run.code, Some(0), "{compiler}: {run:?}");
}

/// What a program did.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub output: String,
    pub errors: String,
}

impl Run {
    /// Runs a program that needs the library.
    pub fn of(program: &Path, arguments: &[impl AsRef<OsStr>]) -> Self {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("LD_LIBRARY_PATH", library_folder());
        Self::finish(&mut command)
    }

    fn finish(command: &mut Command) -> Self {
        let done = command.output().expect("a program that starts");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self {
            code: done.status.code(),
            output: text(done.stdout),
            errors: text(done.stderr),
        }
    }
}
