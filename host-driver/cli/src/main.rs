//! The binary `goldilane`: one command a module.
//!
//! | exit code | meaning |
//! |---|---|
//! | 0 | done, and everything that was compared agrees |
//! | 1 | a difference: words, hashes, an answer, a failed self-test, a board that does not complete; a row of a table that failed |
//! | 2 | arguments that cannot be used: unknown option, set, configuration |
//! | 3 | the command could not be carried out: files, tools, device, refused key |
//!
//! With `--json` a command prints one JSON object on standard output and nothing else there. A reader that leaves
//! (`goldilane ... | head`) changes no exit code.

#[cfg(feature = "boards")]
mod bench;
mod board;
mod configuration;
mod conform;
#[cfg(feature = "tfhe")]
mod demo;
mod device_kind;
#[cfg(feature = "boards")]
mod emit;
#[cfg(feature = "boards")]
mod grid;
mod info;
#[cfg(feature = "boards")]
mod kept;
#[cfg(feature = "boards")]
mod local_board;
mod output;
mod probe;
mod progress;
mod remote;
#[cfg(feature = "boards")]
mod scale;
mod selftest;
#[cfg(feature = "boards")]
mod serve;
#[cfg(feature = "boards")]
mod side_by_side;
#[cfg(feature = "boards")]
mod sim;
#[cfg(feature = "boards")]
mod simulator;
mod soak;
#[cfg(feature = "boards")]
mod timeline;
mod vectors;
mod verify;
#[cfg(feature = "boards")]
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use output::{Output, Verdict};

/// Goldilane: an accelerator for TFHE bootstrapping, simulated or physical.
#[derive(Parser)]
#[command(version, after_help = output::EXIT_CODES)]
struct Arguments {
    /// Print one JSON object.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// What the core does in a clock, measured on Verilated boards.
    #[cfg(feature = "boards")]
    Bench(bench::BenchArguments),
    /// Does a board do what the contract says? The conformance tests, on any device.
    Conform(conform::ConformArguments),
    /// How did a procedure do in a demographic? Asked over encrypted patients.
    #[cfg(feature = "tfhe")]
    Demo(demo::DemoArguments),
    /// Write the Verilog of a configuration into a folder.
    #[cfg(feature = "boards")]
    Emit(emit::EmitArguments),
    /// What a board reports of itself.
    Info(info::InfoArguments),
    /// Which boards are there, what is wrong with them, and how to mend it.
    Probe(probe::ProbeArguments),
    /// Does every size compute right? Verilated boards of all lane counts, N, k and l against the golden model.
    #[cfg(feature = "boards")]
    Scale(scale::ScaleArguments),
    /// Does a board compute right? Known-answer jobs, stage by stage.
    Selftest(selftest::SelftestArguments),
    /// Serve simulated boards as PCI devices behind vfio-user sockets, until it is told to end.
    #[cfg(feature = "boards")]
    Serve(serve::ServeArguments),
    /// Bootstraps on the Verilated board; --wave writes a window of clocks.
    #[cfg(feature = "boards")]
    Sim(sim::SimArguments),
    /// Mixed jobs for as long as one likes, every answer compared.
    Soak(soak::SoakArguments),
    /// Write inputs, keys and the words at every stage into a folder.
    Vectors(vectors::VectorsArguments),
    /// Compare a device with a folder of vectors; name the first word that differs.
    Verify(verify::VerifyArguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json);
    let verdict: anyhow::Result<Verdict> = match arguments.command {
        #[cfg(feature = "boards")]
        Command::Bench(bench) => bench::run(&bench, &output),
        Command::Conform(conform) => conform::run(&conform, &output),
        #[cfg(feature = "tfhe")]
        Command::Demo(demo) => demo::run(&demo, &output),
        #[cfg(feature = "boards")]
        Command::Emit(emit) => emit::run(&emit, &output),
        Command::Info(info) => info::run(&info, &output),
        Command::Probe(probe) => probe::run(&probe, &output),
        #[cfg(feature = "boards")]
        Command::Scale(scale) => scale::run(&scale, &output),
        Command::Selftest(selftest) => selftest::run(&selftest, &output),
        #[cfg(feature = "boards")]
        Command::Serve(serve) => serve::run(&serve, &output),
        #[cfg(feature = "boards")]
        Command::Sim(sim) => sim::run(&sim, &output),
        Command::Soak(soak) => soak::run(&soak, &output),
        Command::Vectors(vectors) => vectors::run(&vectors, &output),
        Command::Verify(verify) => verify::run(&verify, &output),
    };
    output.end(verdict)
}
