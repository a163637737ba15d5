//! A board against a host that does anything: a script says which descriptors and entries lie in memory, which registers are
//! written, and which vfio-user messages come, whole, torn or of any bytes.
//!
//! Rules: nothing panics; the board makes no access that no bus allows; and after a reset of any kind it is idle in time and
//! does a known job right: whatever came before, no state machine is wedged.

mod host;
mod known;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use goldilane_abi::Shape;
use goldilane_hdl::config::Configuration;
use goldilane_hdl::netlist::{EmittedFile, emit};
use goldilane_hdl::top::goldilane;
use goldilane_sim::rtl::{RtlBoard, RtlOptions, design};
use goldilane_sim::verilator::{Built, Options, build};
use goldilane_sim::{Board, Fault, HostBus, ModelBoard, Progress, ResetKind, SideChannel};

use crate::Script;

/// One script on the model board.
pub fn on_model(data: &[u8]) {
    run(ModelBoard::new(Shape::TOY, 0), data, |_| Vec::new());
}

/// One script on the Verilated board.
pub fn on_rtl(data: &[u8]) {
    static BUILT: OnceLock<Built> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let toy = Configuration::find("toy").expect("the configuration");
        let top = goldilane(&toy).expect("the board");
        let mut files = emit(&top);
        if cfg!(feature = "planted-bug") {
            plant(&mut files);
        }
        let design = design(top.name(), Some("clk"), &files);
        build(&design, &Options::default()).expect("the model")
    });
    let board = RtlBoard::open(built, Shape::TOY, RtlOptions::default()).expect("a board");
    run(board, data, |board| {
        let failure = board.failure().map(ToString::to_string);
        let broken = board.take_violations();
        let broken = broken.into_iter().map(|violation| violation.to_string());
        failure.into_iter().chain(broken).collect()
    });
}

/// A write that host memory refused leaves the writer busy for ever, through every reset.
fn plant(files: &mut [EmittedFile]) {
    let writer = files
        .iter_mut()
        .find(|file| file.name == "shell_host_write.v");
    let writer = writer.expect("the writer");
    let (sound, wedged) = (", error, busy}", ", error, busy | error}");
    assert_eq!(writer.text.matches(sound).count(), 1);
    writer.text = writer.text.replace(sound, wedged);
}

fn run<B: Board + 'static>(board: B, data: &[u8], complaints: fn(&mut B) -> Vec<String>) {
    let board = Shared(Arc::new(Mutex::new(board)));
    let mut script = Script::new(data);
    if script.flip() {
        known::prepare(board.clone());
    }
    host::run(board.clone(), &mut script);
    let found = complaints(&mut board.lock());
    assert!(found.is_empty(), "after the script: {found:?}");
    known::run(board.clone());
    let found = complaints(&mut board.lock());
    assert!(found.is_empty(), "after the known job: {found:?}");
}

/// One board, behind a socket first and then in the driver's process.
pub(crate) struct Shared<B>(Arc<Mutex<B>>);

impl<B> Clone for Shared<B> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<B> Shared<B> {
    fn lock(&self) -> MutexGuard<'_, B> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<B: Board> Board for Shared<B> {
    fn shape(&self) -> Shape {
        self.lock().shape()
    }

    fn read_bar(&mut self, bar: u8, offset: u64) -> u32 {
        self.lock().read_bar(bar, offset)
    }

    fn write_bar(&mut self, bar: u8, offset: u64, value: u32) {
        self.lock().write_bar(bar, offset, value);
    }

    fn run(&mut self, bus: &mut dyn HostBus, budget: u64) -> Progress {
        self.lock().run(bus, budget)
    }

    fn reset(&mut self, kind: ResetKind) {
        self.lock().reset(kind);
    }

    fn clocks(&self) -> u64 {
        self.lock().clocks()
    }

    fn side_channel(&mut self) -> &mut dyn SideChannel {
        self
    }
}

impl<B: Board> SideChannel for Shared<B> {
    fn read_line(&mut self, line: u64) -> Vec<u8> {
        self.lock().side_channel().read_line(line)
    }

    fn flip_bits(&mut self, line: u64, byte: usize, mask: u8) {
        self.lock().side_channel().flip_bits(line, byte, mask);
    }

    fn inject(&mut self, fault: Fault, present: bool) {
        self.lock().side_channel().inject(fault, present);
    }

    fn holds_secrets(&mut self) -> bool {
        self.lock().side_channel().holds_secrets()
    }
}
