//! Devices that are not in this process, and all `unsafe` memory accesses of the driver.
//!
//! | module | what |
//! |---|---|
//! | [`SocketDevice`] | a board process behind a vfio-user socket |
//! | `memory` | memory that a device shares; the only file with `unsafe` |
//! | `pages` | which pages of it are free |

mod memory;
mod pages;
mod socket;

pub use socket::{ClientError, OpenError, OpenReason, SocketDevice, SocketOptions};
