//! Verilated boards of the toy shape that check their own buses. Each test binary uses a part of it.
#![allow(dead_code, reason = "shared by several test binaries")]

use std::sync::{Arc, OnceLock};

use goldilane_abi::Shape;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::netlist::{Module, emit};
use goldilane_hdl::top::{self, board, goldilane};
use goldilane_sim::rtl::{RtlBoard, RtlOptions, design};
use goldilane_sim::verilator::{Built, Options, build};
use goldilane_sim::{Board, HostBus, Progress, ResetKind, SideChannel};

/// A board that ends the test when the hardware broke a rule of a bus or the model failed.
pub struct Checked(RtlBoard);

impl Board for Checked {
    fn shape(&self) -> Shape {
        self.0.shape()
    }

    fn read_bar(&mut self, bar: u8, offset: u64) -> u32 {
        self.0.read_bar(bar, offset)
    }

    fn write_bar(&mut self, bar: u8, offset: u64, value: u32) {
        self.0.write_bar(bar, offset, value);
    }

    fn run(&mut self, bus: &mut dyn HostBus, budget: u64) -> Progress {
        self.0.run(bus, budget)
    }

    fn reset(&mut self, kind: ResetKind) {
        self.0.reset(kind);
    }

    fn clocks(&self) -> u64 {
        self.0.clocks()
    }

    fn side_channel(&mut self) -> &mut dyn SideChannel {
        self.0.side_channel()
    }
}

impl Drop for Checked {
    fn drop(&mut self) {
        let broken = self.0.take_violations();
        if std::thread::panicking() {
            for violation in broken {
                eprintln!("{violation}");
            }
            return;
        }
        assert_eq!(self.0.failure(), None);
        assert_eq!(broken, []);
    }
}

/// The library of a board without a core.
pub fn shell_alone(options: &top::Options) -> Built {
    library(&board("toy", &Shape::TOY, options).expect("toy shell"))
}

fn library(top: &Arc<Module>) -> Built {
    let design = design(top.name(), Some("clk"), &emit(top));
    build(&design, &Options::default()).expect("toy model")
}

/// A board of this library with these surroundings.
pub fn open(built: &Built, options: RtlOptions) -> Checked {
    Checked(RtlBoard::open(built, Shape::TOY, options).expect("toy board"))
}

/// The whole board, with these surroundings.
pub fn with(options: RtlOptions) -> Checked {
    static BUILT: OnceLock<Built> = OnceLock::new();
    let whole =
        || library(&goldilane(&Configuration::find("toy").expect("toy")).expect("toy board"));
    open(BUILT.get_or_init(whole), options)
}
