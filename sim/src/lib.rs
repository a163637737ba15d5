//! The simulated board: Verilated RTL or golden model behind the register map.

pub mod axi;

pub use goldilane_verilator as verilator;

pub mod board;
pub mod model;
pub mod rtl;

pub use board::{Board, BusFault, Fault, HostBus, Progress, ResetKind, SideChannel};
pub use model::ModelBoard;
