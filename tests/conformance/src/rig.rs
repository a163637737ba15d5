//! A board behind a device, and the way around the driver where there is one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use goldilane_abi::{Capabilities, Shape, registers};
use goldilane_driver::{Device, Error, Options, Result, Session};
use goldilane_side_channel::{Client, Fault, Progress};

use crate::bench::Bench;
use crate::fixture::options;

/// What lies between the driver and the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Nothing: calls.
    InProcess,
    /// A vfio-user socket.
    Socket,
    /// A kernel's VFIO.
    Kernel,
}

/// A device that was opened.
pub struct Opened {
    /// The device.
    pub device: Arc<dyn Device>,
    /// Ends the connection as when the driver's process is killed: only of a socket.
    pub cut: Option<Box<dyn Fn()>>,
}

/// Opens a device whose accesses take at most so long, where that can be chosen.
pub type Open = Box<dyn Fn(Duration) -> std::result::Result<Opened, String>>;

/// Longest time for an access to a board elsewhere: a slow simulator answers when its clocks have got that far.
const ACCESS_LIMIT: Duration = Duration::from_secs(60);

/// Errors of the driver, as texts in which the device has no name of its own.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A board that nobody else uses, as after power-up.
pub struct Rig {
    /// None only while it is opened anew.
    device: Option<Opened>,
    open: Option<Open>,
    transport: Transport,
    bench: Option<Arc<dyn Bench>>,
    shape: Shape,
    told: Told,
}

/// What a board says that it was generated for.
pub fn shape_of(device: &dyn Device) -> Result<Shape> {
    let capabilities = Capabilities::read(|offset| device.read32(offset))?;
    let unsupported = |reason| Error::Unsupported {
        device: device.name(),
        reason,
    };
    Ok(capabilities.map_err(unsupported)?.shape)
}

impl Rig {
    /// A board elsewhere, with its side channel if it has one. Nothing of earlier users is left: no key, no table, no
    /// count, no log, nothing armed.
    ///
    /// # Errors
    /// A device that is no board of ours, or that cannot be opened or reset.
    pub fn remote(
        open: Open,
        transport: Transport,
        bench: Option<Client>,
    ) -> std::result::Result<Self, String> {
        if let Some(bench) = &bench {
            Bench::hold(bench, false);
            Bench::disturb(bench, &[]);
            for fault in Fault::ALL {
                Bench::inject(bench, fault, false);
            }
        }
        let device = open(ACCESS_LIMIT)?;
        let shape = Self::clean(&device.device).map_err(|error| error.to_string())?;
        if let Some(bench) = &bench {
            Bench::take_violations(bench);
        }
        Ok(Self {
            device: Some(device),
            open: Some(open),
            transport,
            bench: bench.map(|bench| Arc::new(bench) as Arc<dyn Bench>),
            shape,
            told: Told::default(),
        })
    }

    fn clean(device: &Arc<dyn Device>) -> Result<Shape> {
        let shape = shape_of(&**device)?;
        let mut session = Session::open(device.clone(), options())?;
        session.reset_function()?;
        session.wait_cleared()?;
        session.clear_counters()?;
        session.take_error_log()?;
        drop(session);
        device.write32(registers::ERROR_COUNT.offset, 0)?;
        Ok(shape)
    }

    /// A board in this process.
    #[cfg(feature = "boards")]
    pub(crate) fn local(device: Arc<dyn Device>, bench: Arc<dyn Bench>, shape: Shape) -> Self {
        Self {
            device: Some(Opened { device, cut: None }),
            open: None,
            transport: Transport::InProcess,
            bench: Some(bench),
            shape,
            told: Told::default(),
        }
    }

    /// The board without its side channel, as a physical one is.
    pub fn without_bench(self) -> Self {
        Self {
            bench: None,
            ..self
        }
    }

    /// What the board was generated for.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The device as the driver takes it.
    pub fn device(&self) -> Arc<dyn Device> {
        let opened = self.device.as_ref().expect("an open device");
        opened.device.clone()
    }

    /// What lies between the driver and the board.
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// Closes the device and opens it anew, with this limit for its accesses where it can be chosen. A board in process
    /// stays. Nobody else may use the device.
    ///
    /// # Panics
    /// A device that cannot be opened.
    pub fn reopen(&mut self, limit: Duration) {
        let Some(open) = &self.open else { return };
        // Closed first.
        self.device = None;
        match open(limit) {
            Ok(device) => self.device = Some(device),
            Err(error) => panic!("open anew: {error}"),
        }
    }

    /// The driver's process is killed, as far as the board can see: the connection ends, and nobody has tidied up.
    ///
    /// # Panics
    /// A board in process, or behind a kernel.
    pub fn kill_driver(&self) {
        let cut = self.device.as_ref().and_then(|opened| opened.cut.as_ref());
        cut.expect("a socket")();
    }

    /// Keeps an error that the driver reported for a fault.
    pub fn tell(&self, error: &Error) {
        let text = error.to_string().replace(&self.device().name(), "DEVICE");
        let mut told = self.told.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !told.contains(&text) {
            told.push(text);
        }
    }

    pub(crate) fn told(&self) -> Told {
        self.told.clone()
    }

    /// The way around the driver.
    ///
    /// # Panics
    /// If there is none: the list of bodies says which ones need it.
    pub fn bench(&self) -> &dyn Bench {
        self.bench.as_deref().expect("a side channel")
    }

    /// As [`Rig::bench`], to be kept.
    pub(crate) fn shared_bench(&self) -> Arc<dyn Bench> {
        self.bench.clone().expect("a side channel")
    }

    /// Register writes that are under way arrive before a register can be read.
    fn flush(&self) {
        if self.transport != Transport::InProcess {
            let magic = self.device().read32(registers::MAGIC.offset);
            magic.expect("read a register");
        }
    }

    /// Holds the board, so that it works only in [`Rig::run`]; or lets it go on.
    pub fn hold(&self, held: bool) {
        self.flush();
        self.bench().hold(held);
    }

    /// Lets the board work for about so many clocks, behind everything that was written to its registers.
    pub fn run(&self, clocks: u64) -> Progress {
        self.flush();
        self.bench().run(clocks)
    }

    /// A session on pair 0.
    pub fn session(&self) -> Session {
        self.session_with(options())
    }

    /// A session with other options.
    pub fn session_with(&self, options: Options) -> Session {
        Session::open(self.device(), options).expect("open the board")
    }

    /// The board did nothing that a bus forbids, and the next job is fine.
    pub fn still_fine(&self, session: &mut Session) {
        let bytes: Vec<u8> = (0..256).map(|index| index as u8).collect();
        assert_eq!(session.loopback(&bytes).expect("the next job"), bytes);
        if let Some(bench) = &self.bench {
            assert_eq!(bench.take_violations(), Vec::<String>::new());
        }
    }
}
