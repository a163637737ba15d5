//! An open board: what the functions of the header do, in safe Rust.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use goldilane_abi::{Handle, MAX_DEGREES};
use goldilane_driver::{KeyHandle, Lut, LutHandle, NaturalKey, Options, Request, Session};
use goldilane_driver_vfio::DeviceName;
use goldilane_golden_model::key::prepare_bsk_natural;

use crate::status::{Failure, Result, Status};
use crate::structures::{self, KeyParameters};

/// `goldilane_device`: an open board. Calls on several threads wait for one another.
pub struct Device(Mutex<Inner>);

struct Inner {
    session: Session,
    /// The loaded keys by their numbers in C.
    keys: HashMap<u32, KeyHandle>,
}

const fn assert_shared<T: Send + Sync>() {}
const _: () = assert_shared::<Device>();

/// One bootstrap as C asks for it, its pointers checked.
pub struct Bootstrap<'a> {
    /// The ciphertext.
    pub input: &'a [u64],
    /// Words that the output has room for.
    pub output_words: usize,
    /// The table's number.
    pub lut: u32,
    /// How many coefficients are extracted.
    pub degrees: u16,
    /// Their distance.
    pub stride: u16,
}

/// A handle as the number that C has: the board finds out itself when it is stale.
fn number_of(handle: Handle) -> u32 {
    u32::from(handle.generation) << 16 | u32::from(handle.slot)
}

fn handle_of(number: u32) -> Handle {
    Handle {
        slot: number as u16,
        generation: (number >> 16) as u16,
    }
}

impl Device {
    /// Opens a board by its name; `time_limit` 0 is the driver's own.
    pub fn open(name: &str, time_limit: u32) -> Result<Self> {
        let device = name.parse::<DeviceName>()?.open()?;
        let mut options = Options::default();
        if time_limit != 0 {
            options.time_limit = Duration::from_secs(time_limit.into());
        }
        Ok(Self(Mutex::new(Inner {
            session: Session::open(device, options)?,
            keys: HashMap::new(),
        })))
    }

    fn lock(&self) -> Result<MutexGuard<'_, Inner>> {
        self.0.lock().map_err(|_poisoned| {
            let text = "an earlier call broke off inside the library: close the device";
            Failure::new(Status::Internal, text)
        })
    }

    /// What the board says of itself.
    pub fn board(&self) -> Result<structures::Board> {
        Ok(self.lock()?.session.capabilities().into())
    }

    /// Loads a prepared key.
    pub fn load_key(&self, key: &KeyParameters, bsk: &[u64], ksk: &[u32]) -> Result<u32> {
        let inner = &mut *self.lock()?;
        let board = *inner.session.shape();
        if (key.polynomial_size, key.glwe_dimension)
            != (board.polynomial_size, board.glwe_dimension)
        {
            let text = format!(
                "load key: N = {}, k = {} where the board has N = {}, k = {}",
                key.polynomial_size,
                key.glwe_dimension,
                board.polynomial_size,
                board.glwe_dimension
            );
            return Err(Failure::new(Status::KeyRefused, text));
        }
        let shape = key.key_shape();
        shape
            .check(&board)
            .map_err(|limit| Failure::from(goldilane_driver::Error::from(limit)))?;
        check_key_sizes(key, bsk, ksk)?;
        let mut source = NaturalKey { shape, bsk, ksk };
        let loaded = inner.session.load_key(&mut source, &mut |_| {})?;
        let number = number_of(loaded.handle);
        inner.keys.insert(number, loaded);
        Ok(number)
    }

    /// Takes a key off the board.
    pub fn free_key(&self, number: u32) -> Result<()> {
        let inner = &mut *self.lock()?;
        let key = inner.key(number)?;
        inner.session.free_key(&key)?;
        inner.keys.remove(&number);
        Ok(())
    }

    /// Loads a lookup table: N words are a body, (k + 1)N a GLWE.
    pub fn load_lut(&self, words: &[u64]) -> Result<u32> {
        let session = &mut self.lock()?.session;
        let body = session.shape().polynomial_size as usize;
        let lut = if words.len() == body {
            Lut::Plain(words)
        } else {
            Lut::Encrypted(words)
        };
        Ok(number_of(session.load_lut(lut)?.0))
    }

    /// Takes a lookup table off the board.
    pub fn free_lut(&self, number: u32) -> Result<()> {
        let lut = LutHandle(handle_of(number));
        Ok(self.lock()?.session.free_lut(lut)?)
    }

    /// Bootstraps ciphertexts: for each the words of its outputs, one after another, or why it failed.
    pub fn bootstrap(&self, key: u32, jobs: &[Bootstrap<'_>]) -> Result<Vec<Result<Vec<u64>>>> {
        let inner = &mut *self.lock()?;
        let key = inner.key(key)?;
        let words = inner.session.shape().ciphertext_words();
        for (index, job) in jobs.iter().enumerate() {
            check_job(index, job, words)?;
        }
        let requests: Vec<Request<'_>> = jobs
            .iter()
            .map(|job| Request {
                input: job.input,
                lut: LutHandle(handle_of(job.lut)),
                degrees: job.degrees,
                stride: job.stride,
            })
            .collect();
        let results = inner.session.bootstrap(&key, &requests)?;
        Ok(results
            .into_iter()
            .map(|result| Ok(result?.concat()))
            .collect())
    }
}

impl Inner {
    fn key(&self, number: u32) -> Result<KeyHandle> {
        self.keys.get(&number).copied().ok_or_else(|| {
            let text = format!("key {number:#x} is not loaded on this device");
            Failure::new(Status::BadArgument, text)
        })
    }
}

fn check_job(index: usize, job: &Bootstrap<'_>, words: usize) -> Result<()> {
    if job.input.len() != words {
        let object = format!("request {index}: input");
        return Err(Failure::size(&object, job.input.len(), words));
    }
    if !(1..=MAX_DEGREES).contains(&job.degrees) {
        let text = format!(
            "request {index}: {} degrees where 1 to {MAX_DEGREES} are possible",
            job.degrees
        );
        return Err(Failure::new(Status::BadArgument, text));
    }
    let needed = usize::from(job.degrees) * words;
    if job.output_words != needed {
        let object = format!("request {index}: output");
        return Err(Failure::size(&object, job.output_words, needed));
    }
    Ok(())
}

/// Checks the sizes of a key whose numbers a board would take.
fn check_key_sizes(key: &KeyParameters, bsk: &[u64], ksk: &[u32]) -> Result<()> {
    let parameters = golden(key)?;
    let checks = [
        ("bootstrapping key", bsk.len(), parameters.bsk_size()),
        ("key-switching key", ksk.len(), parameters.ksk_size()),
    ];
    match checks.iter().find(|(_, found, needed)| found != needed) {
        Some((object, found, needed)) => Err(Failure::size(object, *found, *needed)),
        None => Ok(()),
    }
}

fn golden(key: &KeyParameters) -> Result<goldilane_golden_model::Parameters> {
    key.golden()
        .map_err(|error| Failure::new(Status::BadArgument, format!("parameters: {error}")))
}

/// A bootstrapping key of the standard domain, prepared for loading.
pub fn prepare_bsk(key: &KeyParameters, bsk: &[u64], room: usize) -> Result<Vec<u64>> {
    let parameters = golden(key)?;
    let needed = parameters.bsk_size();
    for (object, found) in [("bootstrapping key", bsk.len()), ("prepared key", room)] {
        if found != needed {
            return Err(Failure::size(object, found, needed));
        }
    }
    prepare_bsk_natural(&parameters, bsk)
        .map_err(|error| Failure::new(Status::BadArgument, format!("prepare key: {error}")))
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use goldilane_abi::Shape;
    use goldilane_sim::ModelBoard;
    use goldilane_sim::vfio_user::{Listener, Server};

    use super::*;

    /// After a panic in the midst of a call the session is not used again, and closing works.
    #[test]
    fn a_device_after_a_panic() {
        let file = format!("goldilane-c-{}-panic.sock", std::process::id());
        let path = std::env::temp_dir().join(file);
        let listener = Listener::bind(&path).expect("a socket");
        let board = ModelBoard::new(Shape::TOY, 7);
        let server = Server::start(board, listener, |_| {}).expect("a server");
        let name = format!("socket:{}", path.display());
        let device = Device::open(&name, 0).expect("a device");
        assert_eq!(device.board().expect("a board").lanes, 4);
        let broken = catch_unwind(AssertUnwindSafe(|| {
            let _inner = device.lock();
            panic!("in the midst of a call");
        }));
        assert!(broken.is_err());
        let told = device.board().expect_err("broken");
        assert_eq!(told.status, Status::Internal);
        drop(device);
        Device::open(&name, 0).expect("the next one");
        server.stop().expect("stop");
    }
}
