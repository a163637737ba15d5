//! The driver against a device that lies: a script says what the device answers and what its user asks for.
//!
//! Rules: nothing panics; nothing takes long; a job comes back once, only after a completion with its ticket was written, and
//! as it was submitted; memory of a job that has not come back stays mapped.

mod device;
mod user;

use std::sync::Arc;

use crate::Script;
use device::Hostile;

/// One script.
pub fn run(data: &[u8]) {
    let mut script = Script::new(data);
    // Half of the bytes for the device, half for its user, in turn.
    let (device, user): (Vec<_>, Vec<_>) = script
        .bytes(data.len())
        .chunks(2)
        .map(|pair| (pair[0], pair.get(1).copied().unwrap_or(0)))
        .unzip();
    let device = Arc::new(Hostile::new(device));
    user::run(&device, &mut Script::new(&user));
}
