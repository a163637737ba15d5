//! Running one body, for programs that are no test harness.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use goldilane_abi::Shape;
use thiserror::Error;

use crate::{Body, Rig};

/// Why a body cannot be run on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Missing {
    /// A physical board has no side channel.
    #[error("it looks behind the registers: only with a simulator's side channel")]
    Bench,
    /// Its keys and expected numbers are of the toy shape.
    #[error("its keys are for boards of the shape of `toy`")]
    Toy,
}

impl Body {
    /// What the body needs and a board has not.
    pub fn missing(&self, shape: &Shape, bench: bool) -> Option<Missing> {
        if self.toy && *shape != Shape::TOY {
            return Some(Missing::Toy);
        }
        (self.bench && !bench).then_some(Missing::Bench)
    }
}

/// Runs a body; what it found wrong, if anything. A panic hook of the caller's is told where.
///
/// # Errors
/// What the board did, in the words of the assertion that failed.
pub fn run(body: &Body, rig: Rig) -> Result<(), String> {
    let run = AssertUnwindSafe(|| (body.body)(rig));
    catch_unwind(run).map_err(|payload| text(&*payload))
}

fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("a failure without words")
        .to_owned()
}
