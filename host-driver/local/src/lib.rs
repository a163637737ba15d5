//! In-process devices over any simulated board: registers by call, host memory as an arena with IOVAs of its own; or a board
//! in a thread of its own, with memory that both sides use at once.

mod arena;
mod device;
mod threaded;

pub use arena::Arena;
pub use device::LocalDevice;
pub use threaded::ThreadedDevice;
