//! A board as a PCI device behind a UNIX socket, in the vfio-user protocol: for the driver's `socket:` devices, and for
//! virtual machines.
//!
//! | file | what |
//! |---|---|
//! | `listener` | the socket with its name |
//! | `server` | the thread: one client at a time, messages between slices of the board's clocks |
//! | `client` | what each message does |
//! | `conversation` | board and client without a thread, for tests |
//! | `site` | the board between its registers and the client's memory |
//! | `config_space` | PCI configuration, MSI-X table |
//! | `host_memory`, `memory` | the client's memory, through its file descriptors |
//! | `interrupts` | event descriptors |
//!
//! A client can disturb nobody but itself: messages are bounded, wrong ones are answered with an errno, and when a client
//! goes, however it goes, the board is reset and forgets it.

mod client;
mod config_space;
mod conversation;
mod host_memory;
mod interrupts;
mod listener;
mod memory;
mod server;
mod site;

pub use conversation::Conversation;
pub use listener::{ListenError, Listener};
pub use server::{Event, Gone, Handle, Server};
pub use site::Site;

/// A message that is answered with an error.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    errno: u32,
    reason: String,
}

impl Refusal {
    fn new(errno: u32, reason: impl Into<String>) -> Self {
        Self {
            errno,
            reason: reason.into(),
        }
    }
}
