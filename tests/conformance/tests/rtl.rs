//! The conformance bodies over the board in Verilator, its buses at random paces, in process and over a socket.

mod rtl_board;

use goldilane_conformance::boards;
use goldilane_sim::rtl::RtlOptions;

goldilane_conformance::conformance!(in_process, local, |body| {
    boards::in_process(rtl_board::with(RtlOptions::hostile(1)), body)
});
goldilane_conformance::conformance!(socket, socket, |body| {
    boards::over_socket(rtl_board::with(RtlOptions::hostile(1)), body)
});
