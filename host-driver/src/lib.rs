//! The host driver: what talks to a board, simulated or physical, through the same rings, doorbells and descriptors.
//!
//! | layer | what |
//! |---|---|
//! | [`Device`], [`DmaBuffer`], [`Iova`] | what a backend provides: registers, shared memory, interrupts, reset |
//! | [`QueuePair`] | jobs in flight, completions, time limits |
//! | [`Session`] | keys, lookup tables, bootstraps and checkpoints, loopback, self-test |
//! | [`Batch`] | bootstraps whose ciphertexts stay in DMA memory |
//!
//! Errors name the operation and the object. Nothing here knows TFHE libraries: words go in, words come out.
//!
//! ```text
//! let mut session = Session::open(device, Options::default())?;
//! let key = session.load_key(&mut pieces, &mut |progress| println!("{progress}"))?;
//! let lut = session.load_lut(Lut::Plain(&body))?;
//! let outputs = session.bootstrap(&key, &[Request::new(&ciphertext, lut)])?;
//! ```

mod batch;
mod bootstraps;
mod crc;
mod device;
mod dma;
mod error;
mod jobs;
mod keys;
mod link;
mod luts;
mod pack;
mod queue_pair;
mod session;

pub use batch::{Batch, Running};
pub use bootstraps::{CheckpointWords, Pending, Request};
pub use device::Device;
pub use dma::{DmaBuffer, DmaMemory, Iova};
pub use error::{Error, Result};
pub use goldilane_abi as abi;
pub use goldilane_abi::Checkpoint;
pub use keys::{KeyHandle, KeyPieces, LoadProgress, NaturalKey};
pub use luts::{Lut, LutHandle};
pub use pack::{KeyPacker, pack_body, pack_glwe};
pub use queue_pair::{Done, Job, QueuePair, SubmitError, Ticket, wait_idle};
pub use session::{Counters, LogEntry, Options, Session};
