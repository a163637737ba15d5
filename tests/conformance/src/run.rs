//! Running one body, for programs that are no test harness.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use goldilane_abi::Shape;
use thiserror::Error;

use crate::{Body, Rig, Transport};

/// The most bytes of a reason.
const MAX_TEXT: usize = 500;

/// Why a body cannot be run on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Missing {
    /// A physical board has no side channel.
    #[error("it looks behind the registers: only with a simulator's side channel")]
    Bench,
    /// What goes wrong in it is not possible here.
    #[error("only a board process behind a socket can fail so")]
    Socket,
    /// Its keys and expected numbers are of the toy shape.
    #[error("its keys are for boards of the shape of `toy`")]
    Toy,
}

impl Body {
    /// What the body needs and a board has not.
    pub fn missing(&self, shape: &Shape, bench: bool, transport: Transport) -> Option<Missing> {
        if self.toy && *shape != Shape::TOY {
            return Some(Missing::Toy);
        }
        if self.socket && transport != Transport::Socket {
            return Some(Missing::Socket);
        }
        (self.bench && !bench).then_some(Missing::Bench)
    }
}

/// Runs a body on a board that is made for it: what the driver reported of the faults in it. A panic hook of the caller's
/// is told where the body failed.
///
/// # Errors
/// Why there is no board; what it did, in the words of the assertion that failed.
pub fn run<E: fmt::Debug>(
    body: &Body,
    rig: impl FnOnce() -> Result<Rig, E>,
) -> Result<Vec<String>, String> {
    let run = AssertUnwindSafe(|| -> Result<Vec<String>, String> {
        let rig = rig().map_err(|error| format!("{error:?}"))?;
        let told = rig.told();
        (body.body)(rig);
        Ok(told.take())
    });
    catch_unwind(run).unwrap_or_else(|payload| Err(text(&*payload)))
}

fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
    let text = text.unwrap_or("a failure without words");
    // Assertions tell both sides whole, and these may be ciphertexts.
    match text.floor_char_boundary(MAX_TEXT) {
        end if end < text.len() => format!("{} ...", &text[..end]),
        _ => text.to_owned(),
    }
}
