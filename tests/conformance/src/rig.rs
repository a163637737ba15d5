//! A board behind a device, and the way around the driver where there is one.

use std::sync::Arc;

use goldilane_abi::{Capabilities, Shape, registers};
use goldilane_driver::{Device, Error, Options, Result, Session};
use goldilane_side_channel::{Client, Fault, HostBehaviour, Progress};

use crate::bench::Bench;
use crate::fixture::options;

/// A board that nobody else uses, as after power-up.
pub struct Rig {
    device: Arc<dyn Device>,
    bench: Option<Box<dyn Bench>>,
    shape: Shape,
    /// Register writes travel beside the side channel and may come later.
    posted: bool,
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
    /// A device that is no board of ours, or that cannot be reset.
    pub fn remote(device: Arc<dyn Device>, bench: Option<Client>) -> Result<Self> {
        if let Some(bench) = &bench {
            Bench::hold(bench, false);
            Bench::set_behaviour(bench, HostBehaviour::default());
            for fault in Fault::ALL {
                Bench::inject(bench, fault, false);
            }
        }
        let shape = shape_of(&*device)?;
        let mut session = Session::open(device.clone(), options())?;
        session.reset_function()?;
        session.wait_cleared()?;
        session.clear_counters()?;
        session.take_error_log()?;
        drop(session);
        device.write32(registers::ERROR_COUNT.offset, 0)?;
        if let Some(bench) = &bench {
            Bench::take_violations(bench);
        }
        Ok(Self {
            device,
            bench: bench.map(|bench| Box::new(bench) as Box<dyn Bench>),
            shape,
            posted: true,
        })
    }

    /// A board in this process.
    #[cfg(feature = "boards")]
    pub(crate) fn local(device: Arc<dyn Device>, bench: Box<dyn Bench>, shape: Shape) -> Self {
        Self {
            device,
            bench: Some(bench),
            shape,
            posted: false,
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
        self.device.clone()
    }

    /// The way around the driver.
    ///
    /// # Panics
    /// If there is none: the list of bodies says which ones need it.
    pub fn bench(&self) -> &dyn Bench {
        self.bench.as_deref().expect("a side channel")
    }

    /// Register writes that are under way arrive before a register can be read.
    fn flush(&self) {
        if self.posted {
            let magic = self.device.read32(registers::MAGIC.offset);
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
