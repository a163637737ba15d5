//! A device over a board in a thread of its own, as a physical board works on its own: the board polls its doorbells, both
//! sides use the same memory at the same time, and a posted write costs what it takes to send a message.

use crate::device::READ_CLOCKS;
use goldilane_driver::{Device, DmaBuffer, Error, Result};
use goldilane_driver_vfio::InProcessMemory;
use goldilane_sim::{Board, BusFault, HostBus, Progress, ResetKind};
use std::collections::BTreeSet;
use std::io;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Clocks between two looks at the posted writes.
const SLICE_CLOCKS: u64 = 64;
/// How long an idle board looks for work before it sleeps.
const AWAKE: Duration = Duration::from_millis(20);
/// Looks for work between two looks at the time.
const LOOKS: u32 = 1024;

enum Request {
    Write(u32, u32),
    Read(u32, Sender<u32>),
    Reset,
}

#[derive(Default)]
struct Interrupts {
    raised: Mutex<BTreeSet<u16>>,
    changed: Condvar,
}

/// A board in a thread of its own.
pub struct ThreadedDevice {
    name: String,
    memory: InProcessMemory,
    /// `None` once it is to end.
    requests: Option<Sender<Request>>,
    interrupts: Arc<Interrupts>,
    thread: Option<JoinHandle<()>>,
}

struct Bus {
    memory: InProcessMemory,
    interrupts: Arc<Interrupts>,
}

impl HostBus for Bus {
    fn read(&mut self, iova: u64, buffer: &mut [u8]) -> std::result::Result<(), BusFault> {
        let bytes = buffer.len();
        match self.memory.read(iova, buffer) {
            true => Ok(()),
            false => Err(BusFault { iova, bytes }),
        }
    }

    fn write(&mut self, iova: u64, data: &[u8]) -> std::result::Result<(), BusFault> {
        let bytes = data.len();
        match self.memory.write(iova, data) {
            true => Ok(()),
            false => Err(BusFault { iova, bytes }),
        }
    }

    fn interrupt(&mut self, vector: u16) {
        let raised = self.interrupts.raised.lock();
        raised
            .unwrap_or_else(PoisonError::into_inner)
            .insert(vector);
        self.interrupts.changed.notify_all();
    }
}

impl ThreadedDevice {
    /// Starts a board; `prepare` runs first in its thread.
    ///
    /// # Errors
    /// No thread to be had.
    pub fn start<B: Board + 'static>(
        name: impl Into<String>,
        board: B,
        prepare: impl FnOnce() + Send + 'static,
    ) -> io::Result<Self> {
        let (requests, incoming) = mpsc::channel();
        let (memory, interrupts) = (InProcessMemory::default(), Arc::new(Interrupts::default()));
        let mut bus = Bus {
            memory: memory.clone(),
            interrupts: interrupts.clone(),
        };
        let thread = std::thread::Builder::new()
            .name("board".into())
            .spawn(move || {
                prepare();
                serve(board, &mut bus, &incoming);
            })?;
        Ok(Self {
            name: name.into(),
            memory,
            requests: Some(requests),
            interrupts,
            thread: Some(thread),
        })
    }

    fn gone(&self, operation: &'static str) -> Error {
        Error::Device {
            operation,
            object: self.name.clone(),
            reason: "the board's thread has ended".into(),
        }
    }

    fn send(&self, operation: &'static str, request: Request) -> Result<()> {
        let sent = self.requests.as_ref().map(|way| way.send(request));
        match sent {
            Some(Ok(())) => Ok(()),
            _ => Err(self.gone(operation)),
        }
    }
}

/// The board's thread: register accesses in their order, clocks between them.
fn serve<B: Board>(mut board: B, bus: &mut Bus, incoming: &Receiver<Request>) {
    let (mut idle_since, mut looks) = (None, 0_u32);
    loop {
        match incoming.try_recv() {
            Ok(request) => {
                carry_out(&mut board, bus, request);
                (idle_since, looks) = (None, 0);
                continue;
            }
            Err(TryRecvError::Disconnected) => return,
            Err(TryRecvError::Empty) => {}
        }
        if board.run(bus, SLICE_CLOCKS) == Progress::Busy {
            (idle_since, looks) = (None, 0);
            continue;
        }
        std::hint::spin_loop();
        looks = looks.wrapping_add(1);
        if !looks.is_multiple_of(LOOKS) {
            continue;
        }
        let since: &mut Instant = idle_since.get_or_insert_with(Instant::now);
        if since.elapsed() > AWAKE {
            let Ok(request) = incoming.recv() else { return };
            carry_out(&mut board, bus, request);
            idle_since = None;
        }
    }
}

fn carry_out<B: Board>(board: &mut B, bus: &mut Bus, request: Request) {
    match request {
        Request::Write(offset, value) => board.write_bar(0, offset.into(), value),
        Request::Read(offset, answer) => {
            // First, so that posted register writes arrive while host memory is within the board's reach.
            board.run(bus, READ_CLOCKS);
            // Whoever asked may have stopped waiting.
            let _unheard = answer.send(board.read_bar(0, offset.into()));
        }
        Request::Reset => board.reset(ResetKind::FunctionLevel),
    }
}

impl Drop for ThreadedDevice {
    fn drop(&mut self) {
        self.requests = None;
        let ended = self.thread.take().map(JoinHandle::join);
        drop(ended);
    }
}

impl Device for ThreadedDevice {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn read32(&self, offset: u32) -> Result<u32> {
        let (answer, answered) = mpsc::channel();
        self.send("read a register of", Request::Read(offset, answer))?;
        answered.recv().map_err(|_| self.gone("read a register of"))
    }

    fn write32(&self, offset: u32, value: u32) -> Result<()> {
        self.send("write a register of", Request::Write(offset, value))
    }

    fn alloc_dma(&self, bytes: usize) -> Result<DmaBuffer> {
        self.memory.alloc(bytes).map_err(|reason| Error::Device {
            operation: "allocate DMA memory for",
            object: self.name.clone(),
            reason,
        })
    }

    fn wait_interrupt(&self, vector: u16, timeout: Duration) -> Result<bool> {
        let raised = self.interrupts.raised.lock();
        let raised = raised.unwrap_or_else(PoisonError::into_inner);
        let absent = |raised: &mut BTreeSet<u16>| !raised.contains(&vector);
        let waited = self
            .interrupts
            .changed
            .wait_timeout_while(raised, timeout, absent);
        let (mut raised, _) = waited.unwrap_or_else(PoisonError::into_inner);
        Ok(raised.remove(&vector))
    }

    fn reset(&self) -> Result<()> {
        self.send("reset", Request::Reset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goldilane_driver::abi::{Handle, KeyShape, ModulusSwitch, Shape};
    use goldilane_driver::{KeyHandle, LutHandle, Options, Request, Session};
    use goldilane_sim::{ModelBoard, NullBoard};

    const HANDLE: Handle = Handle {
        slot: 0,
        generation: 0,
    };

    /// The null board takes any key.
    const KEY: KeyHandle = KeyHandle {
        handle: HANDLE,
        shape: KeyShape {
            lwe_dimension: 1,
            pbs_base_log: 23,
            pbs_levels: 1,
            ks_base_log: 4,
            ks_levels: 4,
            modulus_switch: ModulusSwitch::Centered,
        },
    };

    #[test]
    fn a_board_in_a_thread_does_what_it_is_told() {
        let board = ModelBoard::new(Shape::TOY, 7);
        let device = ThreadedDevice::start("board", board, || {}).expect("a thread");
        let mut session = Session::open(Arc::new(device), Options::default()).expect("a session");
        let bytes: Vec<u8> = (0..40_000_u32).map(|i| (i * 7 + i / 99) as u8).collect();
        assert_eq!(session.loopback(&bytes).expect("loopback"), bytes);
        session.reset_function().expect("reset");
        assert_eq!(session.loopback(&bytes).expect("loopback"), bytes);
    }

    #[test]
    fn the_null_board_answers_every_entry_with_zeros() {
        let shape = Shape::TOY;
        for (crc, polling) in [(true, Duration::ZERO), (false, Duration::from_secs(10))] {
            let board = NullBoard::new(shape);
            let device = ThreadedDevice::start("board", board, || {}).expect("a thread");
            let options = Options {
                crc,
                polling,
                entries_per_job: 7,
                batches_in_flight: 3,
                ..Options::default()
            };
            let mut session = Session::open(Arc::new(device), options).expect("a session");
            let input = vec![5; shape.ciphertext_words()];
            let requests: Vec<_> = (0..100)
                .map(|index| Request {
                    degrees: 1 + index % 3,
                    ..Request::new(&input, LutHandle(HANDLE))
                })
                .collect();
            let degrees: u16 = requests.iter().map(|request| request.degrees).sum();
            let mut outputs = vec![9; usize::from(degrees) * shape.ciphertext_words()];
            let failed = session
                .bootstrap_into(&KEY, &requests, &mut outputs)
                .expect("bootstraps");
            assert!(failed.is_empty(), "{failed:?}");
            assert!(outputs.iter().all(|word| *word == 0));
            let short = session.bootstrap_into(&KEY, &requests, &mut outputs[1..]);
            assert!(matches!(short, Err(Error::WrongSize { .. })));
        }
    }

    #[test]
    fn batches_stay_in_place() {
        let board = NullBoard::new(Shape::TOY);
        let device = ThreadedDevice::start("board", board, || {}).expect("a thread");
        let mut session = Session::open(Arc::new(device), Options::default()).expect("a session");
        let mut batch = session.batch(4, 1).expect("memory");
        let words = vec![3; Shape::TOY.ciphertext_words()];
        for round in 0..3 {
            batch.clear();
            for index in 0..4 {
                batch.write_input(index, &words).expect("copy in");
                let pushed = batch.push_in_place(LutHandle(HANDLE), 1, 0);
                pushed.expect("room");
            }
            assert!(batch.push_in_place(LutHandle(HANDLE), 1, 0).is_err());
            assert!(batch.check(0).is_err(), "round {round}: no record yet");
            let running = session.start_batch(&KEY, batch).expect("start");
            batch = session.finish_batch(running).expect("finish");
            for index in 0..4 {
                batch.check(index).expect("an answer");
            }
            let mut output = vec![1; words.len()];
            batch.read_outputs(2, &mut output).expect("copy out");
            assert!(output.iter().all(|word| *word == 0));
        }
    }
}
