//! From a design to a shared library, once.
//!
//! The library lies in `<models folder>/<hash>/`, where the hash covers the Verilog, the memory images, the options, the
//! versions of Verilator and compiler, the processor (the code is made for it) and the folder itself (the images' absolute
//! names are in the code). It is built in another folder and renamed when it is whole; a second process waits.
//!
//! Verilator writes C++, the compiler is run on it directly, with as many jobs as there are processors: Verilator's own
//! makefiles would need make, and the wheel's are not configured.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use goldilane_cache::{Error as ToolError, place_in, process, root};
use sha2::{Digest, Sha256};

use super::design::write;
use super::ports::{parse_ports, shim_table};
use super::{Design, Error};
use crate::tools::{
    Compiler, TraceLibraries, Verilator, compiler, model_compiler, trace_libraries, verilator,
};

const SHIM: &str = include_str!("../shim/shim.cpp");

/// The library's file name in the model's folder.
const LIBRARY: &str = "model.so";

const VERILATOR_OPTIONS: &[&str] = &[
    "--cc",
    "--prefix",
    "Vmodel",
    "--no-timing",
    "-O3",
    "--x-assign",
    "unique",
    "--x-initial",
    "unique",
    // Warnings are the linter's affair; errors still stop the build.
    "-Wno-fatal",
    "-Wno-lint",
    "-Wno-style",
];

const COMPILER_OPTIONS: &[&str] = &[
    "-std=c++17",
    "-faligned-new",
    "-march=native",
    // What some compilers do unasked.
    "-fno-sanitize=undefined",
    "-g0",
    "-fPIC",
    // Two models in one process must not share Verilator's statics.
    "-fvisibility=hidden",
    "-DVM_COVERAGE=0",
    "-DVM_SC=0",
    "-DVM_TRACE_VCD=0",
    "-DVM_TRACE_SAIF=0",
    "-DVL_TIME_CONTEXT",
    "-DVL_USER_FINISH",
    "-DVL_USER_STOP",
    "-DVL_USER_FATAL",
    "-DVL_USER_WARN",
];

/// In a model's folder: how long it took to build.
const SECONDS: &str = "seconds.txt";

/// The translation unit of what runs once.
const SLOW_UNIT: &str = "unit_slow.cpp";

/// C++ files are gathered until a translation unit has about this many bytes.
const UNIT_BYTES: u64 = 150_000;

/// How to build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// With code that can write FST files: two to three times slower even while it writes none.
    pub trace: bool,
}

/// A library that is ready to be opened.
#[derive(Debug, Clone)]
pub struct Built {
    /// The design's top module, for messages.
    pub top: String,
    /// The shared library.
    pub library: PathBuf,
    /// Whether this call built it (else it stood there).
    pub fresh: bool,
    /// How long it took to build it, whenever that was; 0 if that is not known.
    pub seconds: f64,
}

/// Where models lie: `target/verilated` of the project when it stands where it was compiled, else the cache folder.
pub fn models_folder() -> Result<PathBuf, Error> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    match project.filter(|folder| folder.join("Cargo.lock").is_file()) {
        Some(folder) => Ok(folder.join("target/verilated")),
        None => Ok(root()?.join("verilated")),
    }
}

/// Finds or fetches the tools and compiles what all models without traces share.
pub fn prepare() -> Result<(), Error> {
    let tools = Tools::find(&Options::default())?;
    tools.runtime(&TraceLibraries::default(), &Options::default())?;
    Ok(())
}

/// The library of `design`, built if it is not there yet.
pub fn build(design: &Design, options: &Options) -> Result<Built, Error> {
    design.check()?;
    let base = models_folder()?;
    let tools = Tools::find(options)?;
    let name = identity(design, options, &tools, &base);
    let mut fresh = false;
    let folder = place_in::<Error>(&base, &name, |growing| {
        fresh = true;
        let begin = Instant::now();
        tools.build_in(growing, &base.join(&name), design, options)?;
        let seconds = begin.elapsed().as_secs_f64();
        write(&growing.join(SECONDS), &format!("{seconds:.1}\n"))
    })?;
    let seconds = fs::read_to_string(folder.join(SECONDS)).unwrap_or_default();
    Ok(Built {
        top: design.top.clone(),
        library: folder.join(LIBRARY),
        fresh,
        seconds: seconds.trim().parse().unwrap_or_default(),
    })
}

fn identity(design: &Design, options: &Options, tools: &Tools, base: &Path) -> String {
    let mut hash = Sha256::new();
    design.hash_into(&mut hash);
    hash.update(tools.facts(base, options));
    short(hash)
}

/// The first half of a hash, as text.
pub(super) fn short(hash: Sha256) -> String {
    let digest = hash.finalize();
    digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What the compiler's `-march=native` depends on.
fn processor() -> String {
    let all = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let wanted = ["model name", "flags", "Features", "CPU part"];
    all.lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| wanted.iter().any(|name| line.starts_with(name)))
        .collect()
}

struct Tools {
    verilator: Verilator,
    compiler: Compiler,
}

impl Tools {
    /// Traces need libraries of the machine, so its own compiler makes those models.
    fn find(options: &Options) -> Result<Self, Error> {
        Ok(Self {
            verilator: verilator()?,
            compiler: if options.trace {
                compiler()?
            } else {
                model_compiler()?
            },
        })
    }

    /// Builds in the folder `growing`, which will be renamed to `settled`.
    fn build_in(
        &self,
        growing: &Path,
        settled: &Path,
        design: &Design,
        options: &Options,
    ) -> Result<(), Error> {
        let work = growing.join("work");
        let cpp = work.join("cpp");
        design.write_data(&growing.join("data"))?;
        design.write_sources(&work, Some(&settled.join("data")))?;
        self.verilate(&work, design, options)?;
        let header_path = cpp.join("Vmodel.h");
        let header =
            fs::read_to_string(&header_path).map_err(ToolError::io("read", &header_path))?;
        let ports = parse_ports(&design.top, &header)?;
        write(&cpp.join("model_ports.inc"), &shim_table(&ports))?;
        // Verilator's files all begin with the prefix, so this name is free.
        write(
            &cpp.join("shim.cpp"),
            &format!("{}{SHIM}", clock_define(design)),
        )?;
        self.compile(&cpp, &growing.join(LIBRARY), design, options)?;
        fs::remove_dir_all(&work).map_err(ToolError::io("remove folder", &work))?;
        Ok(())
    }

    fn verilate(&self, work: &Path, design: &Design, options: &Options) -> Result<(), Error> {
        let mut command = self.verilator.command();
        command
            .current_dir(work)
            .args(VERILATOR_OPTIONS)
            .args(["--Mdir", "cpp", "--top-module", &design.top])
            .args(options.trace.then_some("--trace-fst"))
            .args(design.sources.iter().map(|file| &file.name));
        process::run(
            &format!("Verilate {}", design.top),
            &mut command,
            "install Verilator",
        )?;
        Ok(())
    }

    /// Compiles the C++ files of the folder and links them with Verilator's run-time library.
    fn compile(
        &self,
        cpp: &Path,
        library: &Path,
        design: &Design,
        options: &Options,
    ) -> Result<(), Error> {
        let trace = if options.trace {
            trace_libraries(&self.verilator, &self.compiler)?
        } else {
            TraceLibraries::default()
        };
        let runtime = self.runtime(&trace, options)?;
        let units = translation_units(cpp)?;
        let operation = format!("compile the model of {}", design.top);
        let mut objects = in_parallel(&units, |unit| {
            // Construction and trace declarations run once; what they hold is bulky.
            let level = if unit.ends_with(SLOW_UNIT) {
                "-O0"
            } else {
                "-O2"
            };
            self.compile_one(
                &operation,
                unit,
                &unit.with_extension("o"),
                level,
                &trace,
                options,
            )
        })?;
        objects.extend(files_ending(&runtime, "o")?);
        let mut link = self.compiler.command();
        link.arg("-shared")
            .arg("-o")
            .arg(library)
            .args(&objects)
            .args(&trace.link)
            .args(self.compiler.link);
        process::run(&format!("link the model of {}", design.top), &mut link, "")?;
        Ok(())
    }

    /// The folder with the objects of Verilator's run-time library: compiled once for all models.
    fn runtime(&self, trace: &TraceLibraries, options: &Options) -> Result<PathBuf, Error> {
        let base = models_folder()?;
        let mut hash = Sha256::new();
        hash.update(self.facts(&base, options));
        place_in::<Error>(&base, &format!("runtime-{}", short(hash)), |folder| {
            let mut names = vec!["verilated", "verilated_threads"];
            names.extend(options.trace.then_some("verilated_fst_c"));
            let sources: Vec<_> = names
                .iter()
                .map(|name| self.verilator.include().join(name).with_extension("cpp"))
                .collect();
            in_parallel(&sources, |source| {
                let object = folder
                    .join(source.file_stem().unwrap_or_default())
                    .with_extension("o");
                self.compile_one(
                    "compile Verilator's run-time library",
                    source,
                    &object,
                    "-O2",
                    trace,
                    options,
                )
            })?;
            Ok(())
        })
    }

    fn compile_one(
        &self,
        operation: &str,
        source: &Path,
        object: &Path,
        level: &str,
        trace: &TraceLibraries,
        options: &Options,
    ) -> Result<PathBuf, Error> {
        let include = self.verilator.include();
        let traced = u8::from(options.trace);
        let own_folder = source.parent().unwrap_or(Path::new("."));
        let mut command = self.compiler.command();
        command
            .args(COMPILER_OPTIONS)
            .arg(level)
            .arg(format!("-DVM_TRACE={traced}"))
            .arg(format!("-DVM_TRACE_FST={traced}"));
        for folder in [own_folder, &include, &include.join("vltstd")] {
            command.arg("-I").arg(folder);
        }
        if let Some(folder) = &trace.include {
            command.arg("-isystem").arg(folder);
        }
        command.arg("-c").arg(source).arg("-o").arg(object);
        process::run(operation, &mut command, "")?;
        Ok(object.to_owned())
    }

    /// What besides the design decides about the result.
    fn facts(&self, base: &Path, options: &Options) -> String {
        [
            SHIM,
            &VERILATOR_OPTIONS.join(" "),
            &COMPILER_OPTIONS.join(" "),
            &self.verilator.version,
            &self.compiler.version,
            &processor(),
            &base.to_string_lossy(),
            if options.trace { "trace" } else { "no trace" },
        ]
        .join("\n")
    }
}

/// Gathers the C++ files into translation units by `#include`: each file alone would read Verilator's headers, which costs
/// more than compiling a small one. What runs once lies in a unit of its own, the rest in units of about equal size.
fn translation_units(cpp: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut slow = String::new();
    let mut fast: Vec<(u64, String)> = Vec::new();
    for file in files_ending(cpp, "cpp")? {
        let length = fs::metadata(&file).map_or(0, |facts| facts.len());
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let line = format!("#include \"{name}\"\n");
        if name.ends_with("Slow.cpp") {
            slow.push_str(&line);
            continue;
        }
        match fast.last_mut() {
            Some((sum, text)) if *sum + length <= UNIT_BYTES => {
                *sum += length;
                text.push_str(&line);
            }
            _ => fast.push((length, line)),
        }
    }
    // The largest first, so that no job is left with a long one at the end.
    fast.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    let mut units = Vec::new();
    for (number, (_, text)) in fast.iter().enumerate() {
        let unit = cpp.join(format!("unit_{number}.cpp"));
        write(&unit, text)?;
        units.push(unit);
    }
    let unit = cpp.join(SLOW_UNIT);
    write(&unit, &slow)?;
    units.push(unit);
    Ok(units)
}

fn clock_define(design: &Design) -> String {
    // A clock's field is named like the port, but for underscores in a row.
    design.clock.as_ref().map_or(String::new(), |clock| {
        format!("#define GL_CLOCK {}\n", clock.replace("__", "___05F"))
    })
}

/// The files of a folder with this extension, in order.
fn files_ending(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(ToolError::io("list folder", folder))? {
        let path = entry.map_err(ToolError::io("list folder", folder))?.path();
        if path.extension().is_some_and(|end| end == extension) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Runs `work` over all files with a thread for each processor; the first error ends it.
fn in_parallel(
    files: &[PathBuf],
    work: impl Fn(&Path) -> Result<PathBuf, Error> + Sync,
) -> Result<Vec<PathBuf>, Error> {
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let queue = Mutex::new(files.iter());
    let done = Mutex::new(Ok(Vec::with_capacity(files.len())));
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(files.len()) {
            scope.spawn(|| {
                loop {
                    if lock(&done).is_err() {
                        return;
                    }
                    let Some(file) = lock(&queue).next() else {
                        return;
                    };
                    let result = work(file);
                    let mut done = lock(&done);
                    match (result, done.as_mut()) {
                        (Ok(object), Ok(objects)) => objects.push(object),
                        (Err(error), Ok(_)) => *done = Err(error),
                        (_, Err(_)) => {}
                    }
                }
            });
        }
    });
    done.into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
