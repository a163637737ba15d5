//! In-process devices over any simulated board: registers by call, host memory as an arena with IOVAs of its own.

mod arena;
mod device;

pub use arena::Arena;
pub use device::LocalDevice;
