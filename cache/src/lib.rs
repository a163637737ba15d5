//! The cache folder: what is fetched or built once and used from then on.
//!
//! The folder is `$XDG_CACHE_HOME/goldilane`, by default `~/.cache/goldilane`. Everything in it can be deleted at any
//! time: it comes back on the next use.
//!
//! - [`place`]: fill a folder once. Two processes never fill the same folder, and nobody sees it half filled, because it
//!   is filled under another name, under a file lock, and renamed when it is whole.
//! - [`wheel`]: unpack packages of the Python registry, each pinned by its SHA-256. pip is used as the download client,
//!   so its own configuration (mirrors, certificates) holds. Nothing is installed into a Python environment.
//! - [`debian`]: unpack Debian packages without root, from the apt sources of the machine.
//! - [`apt`]: packages of another Debian release, from the same mirror, with an apt root of their own.
//! - [`process`]: run a command, with an error that names the operation and the remedy.

pub mod apt;
pub mod debian;
pub mod error;
pub mod place;
pub mod process;
pub mod wheel;

pub use error::Error;
pub use place::{place, place_in, root};
