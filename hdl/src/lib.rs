//! The accelerator in Rust: netlists, arithmetic, transform, bootstrap, shell, emission to Verilog.

pub mod arith;
pub mod bootstrap;
pub mod cells;
pub mod config;
pub mod emit;
pub mod frame;
pub mod key_switch;
pub mod netlist;
pub mod ntt;
pub mod pipeline;
pub mod shell;
pub mod testbench;
pub mod top;
