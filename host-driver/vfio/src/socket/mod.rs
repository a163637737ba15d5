//! A board process behind a vfio-user socket.
//!
//! | file | what |
//! |---|---|
//! | `client` | requests and replies, within limits of time |
//! | `arena` | DMA memory: one memory file, a mapping at an IOVA of its own for each buffer |
//! | `device` | the device |

mod arena;
mod client;
mod device;

pub use client::ClientError;
pub use device::{OpenError, OpenReason, SocketDevice, SocketOptions};
