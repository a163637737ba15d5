//! The conformance bodies over the model board, in process and over a socket; and what the list says of them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use goldilane_abi::Shape;
use goldilane_conformance::{BODIES, Missing, Transport, boards, run};
use goldilane_sim::ModelBoard;

fn board() -> ModelBoard {
    ModelBoard::new(Shape::TOY, 0x2026)
}

goldilane_conformance::conformance!(in_process, local, |body| boards::in_process(board(), body));
goldilane_conformance::conformance!(socket, socket, |body| boards::over_socket(board(), body));

/// On a board without a side channel exactly those bodies pass that are not marked; the others cannot be run.
#[test]
fn bodies_that_need_the_side_channel_are_marked() {
    for body in BODIES.iter().filter(|body| !body.socket) {
        let outcome = run(body, || Ok::<_, ()>(boards::local(board()).without_bench()));
        let name = format!("{}::{}", body.part, body.name);
        match outcome {
            Ok(_) => assert!(!body.bench, "{name}"),
            Err(reason) => assert!(body.bench && reason == "a side channel", "{name}: {reason}"),
        }
    }
    let body = BODIES
        .iter()
        .find(|body| body.bench && body.toy && !body.socket)
        .expect("one");
    let missing = |shape, bench| body.missing(&shape, bench, Transport::InProcess);
    assert_eq!(missing(Shape::TOY, true), None);
    assert_eq!(missing(Shape::TOY, false), Some(Missing::Bench));
    assert_eq!(missing(Shape::SIM, true), Some(Missing::Toy));
    let body = BODIES.iter().find(|body| body.socket).expect("one");
    for (transport, missing) in [
        (Transport::InProcess, Some(Missing::Socket)),
        (Transport::Kernel, Some(Missing::Socket)),
        (Transport::Socket, None),
    ] {
        assert_eq!(body.missing(&Shape::TOY, true, transport), missing);
    }
}

/// One served board for all bodies, one after another: what one leaves behind does not disturb the next.
#[test]
fn bodies_follow_each_other_on_one_board() {
    let served = boards::Served::new(board());
    for body in BODIES {
        let outcome = catch_unwind(AssertUnwindSafe(|| (body.body)(served.rig())));
        assert!(outcome.is_ok(), "{}::{}", body.part, body.name);
    }
}
