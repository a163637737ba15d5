//! The conformance bodies over the board in Verilator, its buses at random paces.

mod rtl_board;

use goldilane_sim::rtl::RtlOptions;

goldilane_conformance::conformance!(rtl, || rtl_board::with(RtlOptions::hostile(1)));
