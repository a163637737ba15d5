//! The conformance bodies over the model board, in process and over a socket.

use goldilane_abi::Shape;
use goldilane_conformance::Rig;
use goldilane_sim::ModelBoard;

fn board() -> ModelBoard {
    ModelBoard::new(Shape::TOY, 0x2026)
}

goldilane_conformance::conformance!(in_process, || Rig::in_process(board()));
goldilane_conformance::conformance!(socket, || Rig::over_socket(board()));
