//! The conformance bodies over the model board.

use goldilane_abi::Shape;
use goldilane_sim::ModelBoard;

goldilane_conformance::conformance!(model, || ModelBoard::new(Shape::TOY, 0x2026));
