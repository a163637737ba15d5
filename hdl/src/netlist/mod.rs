//! Word-level netlists: the language in which every block of the accelerator is written.
//!
//! A block is built once with a [`Builder`] and becomes an immutable [`Module`]. From the same
//! module come the native simulation ([`Sim`]), the Verilog text ([`emit`]) and the depth of
//! every path ([`DepthReport`]), so that none of them can drift from another.
//!
//! Words are unsigned and at most 128 bits wide; a wide bus is one port made of several words.
//! There is one clock (`clk`, rising edge) and one synchronous active-high reset (`rst`, present
//! where a register needs it).

mod builder;
mod depth;
mod emit;
mod emit_order;
mod emit_select;
mod emit_text;
mod expr;
mod instances;
mod keywords;
mod lanes;
mod loads;
mod module;
mod names;
mod pins;
mod replicate;
mod siblings;
mod sim;

pub use builder::{Builder, Ram, address_bits};
pub use depth::{Depth, DepthReport, DepthViolation};
pub use emit::{EmittedFile, emit, emit_apart, module_map};
pub use expr::Sig;
pub use instances::Instance;
pub use loads::{Driver, LOAD_LIMIT, Loads, loads};
pub use module::{Module, NetlistError, RamStyle};
pub use sim::Sim;
