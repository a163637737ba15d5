//! The socket device against served boards, and against processes that are none.

#[path = "socket/impostors.rs"]
mod impostors;
#[path = "socket/served.rs"]
mod served;
#[path = "socket/support.rs"]
mod support;
