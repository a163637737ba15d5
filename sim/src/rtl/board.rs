//! The board in Verilator.
//!
//! One clock: the bus models drive, the combinational outputs settle if anything changed, handshakes are sampled, the
//! clock ticks, then memories take effect. Register writes are posted: [`Board::write_bar`] queues them and the next
//! [`Board::run`] carries them out before it returns; a read first lets the queue out without host memory. Interrupts
//! reach the host at once, in posted mode behind the writes before them.
//!
//! Besides the ports of the buses the top has `clk`, `rst`, `irq_valid`, `irq_vector` (8), `build_stamp` (32) and
//! `test_faults` (3), which boards tie to 0: bit 0 spoils an on-chip memory, bit 2 the arithmetic, so that the self-test's
//! answers can be tested.
//!
//! A failure of the Verilog (`$fatal`) or a broken protocol rule never stops the process: it is kept in
//! [`RtlBoard::failure`] and [`RtlBoard::violations`]; after a failure registers read all ones, as of a dead PCI device.

use std::collections::VecDeque;

use goldilane_abi::{MemoryMap, Shape, registers};

use super::options::{RtlOptions, Wave};
use super::pins::{AxiBus, AxiPorts, BusShape, LiteBus, LitePorts};
use super::side::BoardMemory;
use super::{RtlError, design};
use crate::axi::{
    Activity, LiteMaster, LiteResult, Memory, MemoryFault, MemorySlave, SlaveSettings, Violation,
};
use crate::board::{Board, HostBus, Progress, ResetKind, SideChannel};
use crate::verilator::{Built, Design, Error, Input, Model, Options, Output, build};

/// Clocks without any transfer after which the board is asked whether it is idle.
const QUIET_CLOCKS: u64 = 64;
/// Clocks between two such questions.
const ASK_CLOCKS: u64 = 1024;
/// Clocks that `rst` is held.
const RESET_CLOCKS: u64 = 16;

/// Why a board went out of service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the model failed at clock {clock}: {reason}")]
pub struct Failure {
    /// The clock.
    pub clock: u64,
    /// What Verilator said.
    pub reason: String,
}

/// One AXI4 master of the top with the memory model at its end.
struct Port {
    pins: AxiPorts,
    slave: MemorySlave,
}

/// The Verilated board.
pub struct RtlBoard {
    shape: Shape,
    model: Model,
    rst: Input,
    irq_valid: Output,
    irq_vector: Output,
    /// Plants faults inside the chip.
    test_faults: Input,
    host: Port,
    ports: Vec<Port>,
    pub(super) memory: BoardMemory,
    lite_pins: LitePorts,
    lite: LiteMaster,
    register_writes: VecDeque<(u32, u32)>,
    /// Interrupts on their way, each with its place in the order of host writes.
    interrupts: VecDeque<(u64, u16)>,
    /// Interrupts that have reached the host.
    delivered: u64,
    posted: bool,
    wave: Option<Wave>,
    /// The clock at which the trace is opened or closed next.
    wave_event: u64,
    clock: u64,
    quiet_since: u64,
    asked_at: u64,
    failure: Option<Failure>,
}

impl RtlBoard {
    /// Verilates `design` (unless its library is there already), powers the board up. The design is a whole board for
    /// `shape`: the file list that `hdl` emits, or an edited copy.
    pub fn new(design: &Design, shape: Shape, options: RtlOptions) -> Result<Self, RtlError> {
        let trace = options.wave.is_some();
        let built = build(design, &Options { trace })?;
        Self::open(&built, shape, options)
    }

    /// As [`RtlBoard::new`], from files in memory.
    pub fn from_files(
        top: &str,
        files: &[goldilane_hdl::netlist::EmittedFile],
        shape: Shape,
        options: RtlOptions,
    ) -> Result<Self, RtlError> {
        Self::new(&design(top, Some("clk"), files), shape, options)
    }

    /// Powers up a board from a library that is built.
    pub fn open(built: &Built, shape: Shape, options: RtlOptions) -> Result<Self, RtlError> {
        if let Some(Wave { from, to, .. }) = options.wave
            && from >= to
        {
            return Err(RtlError::Window { from, to });
        }
        let mut model = Model::open(built, options.start)?;
        let stamp = model.input("build_stamp", 32)?;
        model.set(stamp, options.build_stamp.into());
        let slave = |bus: String, shape: BusShape, timing, posted, seed| -> Result<Port, Error> {
            Ok(Port {
                pins: AxiPorts::new(&model, &bus, shape)?,
                slave: MemorySlave::new(SlaveSettings {
                    bus,
                    bus_bytes: (shape.data_bits / 8) as usize,
                    ids: 1 << shape.id_bits,
                    timing,
                    posted,
                    seed,
                }),
            })
        };
        let host_shape = BusShape {
            data_bits: shape.host_bus_bits,
            address_bits: 64,
            id_bits: 4,
        };
        let memory_shape = BusShape {
            data_bits: shape.memory_port_bits,
            address_bits: 40,
            id_bits: 1,
        };
        let seed = options.seed.wrapping_mul(1000);
        let host = slave(
            "m_axi_host".to_owned(),
            host_shape,
            options.host,
            options.posted,
            seed,
        )?;
        let ports = (0..shape.memory_ports)
            .map(|port| {
                let name = format!("m_axi_mem{port}");
                let seed = seed + 1 + u64::from(port);
                slave(name, memory_shape, options.memory, false, seed)
            })
            .collect::<Result<_, _>>()?;
        let mut board = Self {
            rst: model.input("rst", 1)?,
            irq_valid: model.output("irq_valid", 1)?,
            irq_vector: model.output("irq_vector", 8)?,
            test_faults: model.input("test_faults", 3)?,
            lite_pins: LitePorts::new(&model, "s_axil")?,
            lite: LiteMaster::new(
                "s_axil",
                options.register_time_limit,
                options.register_gap,
                seed + 999,
            ),
            host,
            ports,
            memory: BoardMemory::new(&shape, &MemoryMap::new(&shape)),
            register_writes: VecDeque::new(),
            interrupts: VecDeque::new(),
            delivered: 0,
            posted: options.posted,
            wave_event: options.wave.as_ref().map_or(u64::MAX, |wave| wave.from),
            wave: options.wave,
            clock: 0,
            quiet_since: 0,
            asked_at: 0,
            failure: None,
            shape,
            model,
        };
        board.power_up();
        match board.failure.take() {
            Some(failure) => Err(RtlError::Verilator(Error::Run {
                top: built.top.clone(),
                message: failure.reason,
            })),
            None => Ok(board),
        }
    }

    /// Why the board is out of service, if it is.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// The protocol rules that the hardware broke since the last call, the first ones of each bus.
    pub fn take_violations(&mut self) -> Vec<Violation> {
        let mut all = self.lite.violations().take();
        all.extend(self.host.slave.violations().take());
        for port in &mut self.ports {
            all.extend(port.slave.violations().take());
        }
        all
    }

    /// What went over the bus towards the host.
    pub fn host_activity(&self) -> Activity {
        self.host.slave.activity()
    }

    /// What went over a port towards board memory.
    pub fn memory_activity(&self, port: usize) -> Option<Activity> {
        self.ports.get(port).map(|port| port.slave.activity())
    }

    fn power_up(&mut self) {
        self.register_writes.clear();
        self.interrupts.clear();
        let model = &mut self.model;
        for port in std::iter::once(&mut self.host).chain(&mut self.ports) {
            port.slave.reset(&mut AxiBus {
                model,
                ports: &port.pins,
            });
        }
        self.lite.reset(&mut LiteBus {
            model,
            ports: &self.lite_pins,
        });
        model.set(self.rst, 1);
        for _ in 0..RESET_CLOCKS {
            self.tick();
        }
        self.model.set(self.rst, 0);
    }

    /// The edge, with the trace window.
    #[inline]
    fn tick(&mut self) {
        if self.clock == self.wave_event {
            self.trace();
        }
        let ran = self.model.clock();
        self.clock += 1;
        if let Err(error) = ran {
            self.fail(&error);
        }
    }

    #[cold]
    fn trace(&mut self) {
        let Some(wave) = &self.wave else { return };
        let done = if self.clock == wave.from {
            self.wave_event = wave.to;
            self.model
                .open_trace(&wave.path, wave.scope.as_deref(), wave.levels)
        } else {
            self.wave_event = u64::MAX;
            self.model.close_trace()
        };
        if let Err(error) = done {
            self.fail(&error);
        }
    }

    #[cold]
    fn fail(&mut self, error: &Error) {
        let clock = self.clock;
        self.failure.get_or_insert_with(|| Failure {
            clock,
            reason: error.to_string(),
        });
    }

    /// One clock; host memory takes effect only where there is a bus.
    fn step(&mut self, bus: Option<&mut (dyn HostBus + '_)>) {
        let model = &mut self.model;
        let mut changed = self.lite.drive(&mut LiteBus {
            model,
            ports: &self.lite_pins,
        });
        changed |= self.host.slave.drive(&mut AxiBus {
            model,
            ports: &self.host.pins,
        });
        for port in &mut self.ports {
            changed |= port.slave.drive(&mut AxiBus {
                model,
                ports: &port.pins,
            });
        }
        if changed && let Err(error) = model.eval() {
            self.fail(&error);
            return;
        }
        let model = &mut self.model;
        let lite = LiteBus {
            model,
            ports: &self.lite_pins,
        };
        self.lite.sample(&lite, self.clock);
        let host = AxiBus {
            model,
            ports: &self.host.pins,
        };
        let mut moved = self.host.slave.sample(&host, self.clock);
        for port in &mut self.ports {
            let pins = AxiBus {
                model,
                ports: &port.pins,
            };
            moved |= port.slave.sample(&pins, self.clock);
        }
        if model.is_high(self.irq_valid) {
            let vector = model.get(self.irq_vector) as u16;
            self.interrupts.push_back((self.host.slave.mark(), vector));
            moved = true;
        }
        if moved {
            self.quiet_since = self.clock;
        }
        self.tick();
        for (port, memory) in self.ports.iter_mut().zip(self.memory.ports()) {
            port.slave.work(memory, self.clock);
        }
        if let Some(bus) = bus {
            if !bus.stalled() {
                self.host.slave.work(&mut HostMemory(bus), self.clock);
            }
            if !self.interrupts.is_empty() {
                self.deliver_interrupts(bus);
            }
        }
    }

    fn deliver_interrupts(&mut self, bus: &mut dyn HostBus) {
        while let Some(&(mark, vector)) = self.interrupts.front()
            && (!self.posted || self.host.slave.has_passed(mark))
        {
            bus.interrupt(vector);
            self.interrupts.pop_front();
            self.delivered += 1;
        }
    }

    /// Runs a register access to its end.
    fn access(&mut self, mut bus: Option<&mut (dyn HostBus + '_)>) -> LiteResult {
        loop {
            match &mut bus {
                Some(bus) => self.step(Some(&mut **bus)),
                None => self.step(None),
            }
            if let Some(result) = self.lite.take_result() {
                return result;
            }
            if self.failure.is_some() {
                return LiteResult::NoResponse;
            }
        }
    }

    fn write_registers(&mut self, mut bus: Option<&mut (dyn HostBus + '_)>) {
        while let Some((offset, value)) = self.register_writes.pop_front() {
            self.lite.write(offset, value);
            match &mut bus {
                Some(bus) => self.access(Some(&mut **bus)),
                None => self.access(None),
            };
        }
    }

    fn read_register(&mut self, offset: u32, bus: Option<&mut (dyn HostBus + '_)>) -> u32 {
        self.lite.read(offset);
        match self.access(bus) {
            LiteResult::Read(value, 0) if self.failure.is_none() => value,
            _ => u32::MAX,
        }
    }

    /// Whether nothing moves and the board itself says that it is idle.
    fn is_idle(&mut self, bus: &mut dyn HostBus) -> bool {
        let quiet = self.clock - self.quiet_since >= QUIET_CLOCKS
            && self.clock - self.asked_at >= ASK_CLOCKS
            && self.interrupts.is_empty()
            && self.host.slave.is_idle();
        if !quiet {
            return false;
        }
        self.asked_at = self.clock;
        let status = self.read_register(registers::STATUS.offset, Some(bus));
        let busy = registers::status::RESETTING | registers::status::CLEARING;
        status & registers::status::IDLE != 0 && status & busy == 0
    }
}

impl Board for RtlBoard {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn read_bar(&mut self, bar: u8, offset: u64) -> u32 {
        let Some(offset) = in_bar0(bar, offset) else {
            return u32::MAX;
        };
        self.write_registers(None);
        self.read_register(offset, None)
    }

    fn write_bar(&mut self, bar: u8, offset: u64, value: u32) {
        if let Some(offset) = in_bar0(bar, offset) {
            self.register_writes.push_back((offset, value));
        }
    }

    fn run(&mut self, bus: &mut dyn HostBus, budget: u64) -> Progress {
        if self.failure.is_some() {
            return Progress::Idle;
        }
        self.model.set(self.test_faults, self.memory.planted());
        let end = self.clock.saturating_add(budget);
        let news = |board: &Self| (board.delivered, board.host.slave.activity().writes);
        let before = news(self);
        // What these raise counts, too: an interrupt that is armed late fires at once.
        self.write_registers(Some(bus));
        while self.clock < end && self.failure.is_none() {
            if news(self) != before {
                return Progress::Busy;
            }
            self.step(Some(bus));
            if self.clock.is_multiple_of(QUIET_CLOCKS) && self.is_idle(bus) {
                return Progress::Idle;
            }
        }
        Progress::Busy
    }

    fn reset(&mut self, kind: ResetKind) {
        self.register_writes.clear();
        match kind {
            ResetKind::Register | ResetKind::FunctionLevel => {
                let control = registers::CONTROL.offset;
                self.register_writes.push_back((control, 1));
            }
            ResetKind::PowerUp => {
                self.memory.clear();
                self.power_up();
            }
        }
    }

    fn clocks(&self) -> u64 {
        self.clock
    }

    fn side_channel(&mut self) -> &mut dyn SideChannel {
        &mut self.memory
    }
}

/// The offset, if it lies in BAR0.
fn in_bar0(bar: u8, offset: u64) -> Option<u32> {
    let offset = u32::try_from(offset).ok()?;
    (bar == 0 && offset < goldilane_abi::BAR0_BYTES).then_some(offset)
}

/// Host memory as the memory behind a slave.
struct HostMemory<'b>(&'b mut dyn HostBus);

impl Memory for HostMemory<'_> {
    fn read(&mut self, address: u64, data: &mut [u8]) -> Result<(), MemoryFault> {
        let refused = |_| MemoryFault { address };
        self.0.read(address, data).map_err(refused)
    }

    fn write(&mut self, address: u64, data: &[u8]) -> Result<(), MemoryFault> {
        let refused = |_| MemoryFault { address };
        self.0.write(address, data).map_err(refused)
    }
}
