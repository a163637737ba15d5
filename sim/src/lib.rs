//! The simulated board: Verilated RTL or golden model behind the register map.

pub mod axi;

pub use goldilane_verilator as verilator;

pub mod board;
pub mod host;
pub mod model;
pub mod null;
pub mod rtl;
pub mod side_channel;
pub mod vfio_user;

pub use board::{Board, BusFault, Fault, HostBus, Incident, Progress, ResetKind, SideChannel};
pub use host::{Disturbance, HostLink};
pub use model::ModelBoard;
pub use null::NullBoard;
