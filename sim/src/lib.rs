//! The simulated board: Verilated RTL or golden model behind the register map.

pub use goldilane_verilator as verilator;
